//! Where globals are, and those that the host made.

use super::InstanceData;
use crate::GlobalType;
use crate::activation::context::VMGlobal;
use crate::module::{self, GlobalIndex};
use alloc::boxed::Box;
use core::ptr::NonNull;

/// Where a global is.
#[derive(Clone, Copy)]
pub(crate) struct GlobalPlace {
    pub(crate) value: NonNull<VMGlobal>,
    /// The instance that defines it; `None`: the host made it, and `value` is a [`HostGlobal`]'s.
    pub(crate) owner: Option<NonNull<InstanceData>>,
    /// Its index in the owner's module.
    pub(crate) index: GlobalIndex,
}

impl GlobalPlace {
    /// The type, canonical.
    ///
    /// # Safety
    /// The store that has the global lives.
    pub(crate) unsafe fn canonical_type(&self) -> module::GlobalType {
        match self.owner {
            Some(owner) => {
                // SAFETY: the caller's promise.
                let inner = unsafe { owner.as_ref() }.module.inner();
                let ty = &inner.info.globals[self.index];
                module::GlobalType {
                    content: inner.types.value(ty.content),
                    ..*ty
                }
            }
            // SAFETY: the store that has the global lives, by the caller's promise. Without an owner the value is the
            // first field of a `HostGlobal`, from whose address the pointer was made.
            None => unsafe { self.value.cast::<HostGlobal>().as_ref() }
                .ty
                .to_canonical(),
        }
    }
}

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
