//! What stays as it is while a call hook runs: values on their way, and why a call is failing.

use crate::Result;
use crate::activation::ValRaw;
use crate::module::ValueType;
use crate::oom;
use crate::store::{Pending, RootIndex, StoreOpaque};
use alloc::vec::Vec;

/// What was there before the hook was told, until it has answered.
pub(super) struct Kept {
    before: Option<Pending>,
    /// Of what the hook roots, and this.
    scope: usize,
    exception: Exception,
    /// The slots of values that refer to objects, with these.
    objects: Vec<(usize, RootIndex)>,
}

/// A pending exception.
enum Exception {
    Raw(u32),
    Rooted(RootIndex),
}

impl Kept {
    /// Sets aside why a call is failing.
    pub(super) fn begin(store: &mut StoreOpaque) -> Self {
        Self {
            before: store.pending.take(),
            scope: store.roots.enter(),
            exception: Exception::Raw(store.set_exception_aside()),
            objects: Vec::new(),
        }
    }

    /// Roots what refers to objects. Garbage has not been collected since the beginning.
    ///
    /// # Errors
    /// Memory is exhausted.
    ///
    /// # Safety
    /// `values` holds values of these types, of the store.
    pub(super) unsafe fn root(
        &mut self,
        store: &mut StoreOpaque,
        types: &[ValueType],
        values: *const ValRaw,
    ) -> Result<()> {
        let objects = || types.iter().enumerate().filter(|(_, ty)| is_object(ty));
        let count = objects().count();
        self.objects = oom::vec(count)?;
        store.roots.room(count + 1)?;
        let id = store.id;
        if let Exception::Raw(exception) = self.exception {
            self.exception = Exception::Rooted(store.roots.push(id, exception));
        }
        for (i, _) in objects() {
            // SAFETY: the caller's promise; a reference to an object is the lower half of its slot's first word.
            let reference = unsafe { &*values.add(i) }.get_i32() as u32;
            self.objects.push((i, store.roots.push(id, reference)));
        }
        Ok(())
    }

    /// Puts back what was rooted: the hook has not failed.
    ///
    /// # Errors
    /// None that a hook can bring about.
    ///
    /// # Safety
    /// As for [`root`](Self::root), with the values that it was told of.
    pub(super) unsafe fn put_back(
        &self,
        store: &mut StoreOpaque,
        values: *mut ValRaw,
    ) -> Result<()> {
        for &(i, root) in &self.objects {
            let reference = store.reference(root)? as i32;
            // SAFETY: the caller's promise.
            unsafe { values.add(i).write(ValRaw::i32(reference)) };
        }
        let exception = match self.exception {
            Exception::Raw(exception) => exception,
            Exception::Rooted(root) => store.reference(root)?,
        };
        store.put_exception_back(exception);
        Ok(())
    }

    /// Ends the hook's scope; `told`: how it has ended.
    ///
    /// # Errors
    /// Those of `told`, unless a panic was the reason before.
    pub(super) fn end(
        self,
        store: &mut StoreOpaque,
        told: Result<(), Pending>,
    ) -> Result<(), Pending> {
        store.roots.leave(self.scope);
        match &self.before {
            Some(reason) if reason.is_panic() => {
                // If the hook has thrown, nobody hears of that either.
                if told.is_err() {
                    store.set_exception_aside();
                }
            }
            _ => told?,
        }
        store.pending = self.before;
        Ok(())
    }

    /// Ends the hook's scope, of one that was dropped before it has answered.
    #[cfg(feature = "async")]
    pub(super) fn forget(self, store: &mut StoreOpaque) {
        store.roots.leave(self.scope);
    }
}

/// Whether values of the type may refer to objects or values of the host.
fn is_object(ty: &ValueType) -> bool {
    matches!(ty, ValueType::Ref(ty) if !ty.heap.is_func())
}
