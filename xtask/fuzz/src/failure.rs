//! What a host function fails with.

use std::{error, fmt};

/// A host function failed, for a reason that is no fault of anyone's.
#[derive(Debug)]
pub struct HostFailure;

impl fmt::Display for HostFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a host function fails")
    }
}

impl error::Error for HostFailure {}
