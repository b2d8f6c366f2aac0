//! Twin of `exceptions.rs`: no code calls this.

use crate::call::HostResult;
use crate::instance::vmctx::VMContext;

pub(super) unsafe extern "C" fn throw_ref(_: *mut VMContext, _: u32) -> HostResult {
    HostResult::FAILED
}
