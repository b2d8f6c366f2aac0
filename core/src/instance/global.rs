//! Globals that the host made.

use super::vmctx::VMGlobal;
use crate::GlobalType;
use alloc::boxed::Box;

/// A global that the host made. The value comes first: vmctxs and handles point to it.
#[derive(Debug)]
#[repr(C)]
pub(crate) struct HostGlobal {
    pub(crate) value: VMGlobal,
    pub(crate) ty: GlobalType,
}

impl HostGlobal {
    /// A global of all zeroes.
    pub(crate) fn new(ty: GlobalType) -> Box<Self> {
        Box::new(Self {
            value: VMGlobal { bytes: [0; 16] },
            ty,
        })
    }
}
