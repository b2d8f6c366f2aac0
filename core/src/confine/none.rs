//! Without a compiler nothing is confined.

use crate::activation::Deadline;
use wasmetal_platform::{Fault, Resume};

/// Never made.
pub(crate) struct Interrupted {
    pub host_sp: usize,
    pub deadline: Deadline,
    pub resume: Option<Resume>,
}

/// No interrupt hits a confined computation.
#[inline]
pub(crate) fn interrupted(_: &Fault) -> Option<Interrupted> {
    None
}

/// No fault is one of a confined computation.
pub(crate) fn overflow(_: &Fault) -> Option<Resume> {
    None
}
