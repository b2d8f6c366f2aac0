//! Twin of `exceptions.rs`: nothing throws.

use super::StoreOpaque;
use crate::call::arch::STATUS_FAILED;

impl StoreOpaque {
    /// The status of a host function that failed.
    pub(crate) fn failure_status(&self) -> usize {
        STATUS_FAILED
    }
}
