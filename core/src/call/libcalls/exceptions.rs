//! Throwing.

use super::{store, trapping};
use crate::activation::HostResult;
use crate::activation::context::VMContext;
use crate::trap::Trap;

pub(super) unsafe extern "C" fn throw_ref(vmctx: *mut VMContext, exception: u32) -> HostResult {
    // SAFETY: as for all builtins.
    unsafe {
        if exception == 0 {
            return trapping(vmctx, Err(Trap::NullReference));
        }
        store(vmctx).gc.pending_exception = exception;
    }
    HostResult::THROWN
}
