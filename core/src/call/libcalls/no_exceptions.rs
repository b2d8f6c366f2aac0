//! Twin of `exceptions.rs`: no code calls this.

use crate::activation::HostResult;
use crate::activation::context::VMContext;

pub(super) unsafe extern "C" fn throw_ref(_: *mut VMContext, _: u32) -> HostResult {
    HostResult::FAILED
}
