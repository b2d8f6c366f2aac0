//! Host functions as a store and a linker have them: whatever their closures are.

use crate::activation::HostFunction;
use crate::error::{OutOfMemory, Result};
use crate::oom;
use crate::types::FuncType;
use alloc::boxed::Box;
use core::any::Any;
use core::fmt;

/// A host function that belongs to no store yet: what a linker holds.
///
/// Invariant (*closure type*): `call` is made for the closure's type, and for stores with the data type
/// that the maker knew; the code that binds it to a store sees to the latter.
#[doc(hidden)]
pub struct HostFunc {
    pub(crate) ty: FuncType,
    pub(crate) call: HostFunction,
    closure: Box<dyn Any + Send + Sync>,
}

impl HostFunc {
    /// A host function of this type.
    ///
    /// # Errors
    /// Memory is exhausted.
    pub(crate) fn new<F>(ty: FuncType, call: HostFunction, closure: F) -> Result<Self>
    where
        F: Send + Sync + 'static,
    {
        Ok(Self {
            ty,
            call,
            closure: boxed(closure)?,
        })
    }

    /// What `VMHostContext::owner` points to as long as this lives: the closure.
    pub(crate) fn owner(&self) -> *const u8 {
        (&raw const *self.closure).cast()
    }
}

/// A closure, which may be of any size, in a place of its own.
fn boxed<F: Send + Sync + 'static>(closure: F) -> Result<Box<dyn Any + Send + Sync>> {
    match oom::place(closure) {
        Ok(closure) => Ok(closure),
        Err(_) => Err(OutOfMemory::new(size_of::<F>()).into()),
    }
}

impl fmt::Debug for HostFunc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HostFunc")
            .field("ty", &self.ty)
            .finish_non_exhaustive()
    }
}
