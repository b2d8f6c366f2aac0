//! Host functions that belong to a store.

use super::StoreOpaque;
use super::host::HostFunc;
use crate::abi::TypeId;
use crate::activation::HostFunction;
use crate::activation::context::{VMFuncRef, VMHostContext};
use crate::code::Module;
use crate::error::Result;
use crate::interrupt::pieces::Steps;
use crate::map::Map;
use crate::oom::Watch;
use crate::types::registry::TypeRegistry;
use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::ptr::{self, NonNull};

/// The host functions of a store.
///
/// Wasm calls a host function through a trampoline for its type, which comes with any module that can
/// call such a type. A function made before there is one has a *hole*: its `code` is null until a module with one comes.
///
/// Invariant (*holes*): no trampoline of the first `indexed` modules fits a hole.
#[derive(Default)]
pub(crate) struct HostFunctions {
    /// Leaked boxes, freed on drop.
    bound: Vec<NonNull<BoundFunction>>,
    holes: Vec<NonNull<VMFuncRef>>,
    /// The host trampolines of the first `indexed` modules of the store.
    trampolines: Map<TypeId, *const u8>,
    indexed: usize,
}

#[repr(C)]
struct BoundFunction {
    /// The first field: `HostFunc::of` goes back from it.
    context: VMHostContext,
    func_ref: VMFuncRef,
    /// Keeps the closure that `context` points to, and the type id.
    host: Arc<HostFunc>,
}

impl HostFunctions {
    /// The trampoline for a function of this type: for its own or one above it, whose machine
    /// signature is the same. `modules` are the store's.
    ///
    /// # Errors
    /// Memory is exhausted, or the store is to stop.
    fn trampoline(
        &mut self,
        types: &TypeRegistry,
        modules: &[Module],
        ty: TypeId,
        watch: Watch,
        steps: &mut Steps,
    ) -> Result<*const u8> {
        self.index(types, modules, watch, steps)?;
        Ok(self.known_trampoline(types, ty))
    }

    /// The same, among those of the modules that are indexed.
    fn known_trampoline(&self, types: &TypeRegistry, ty: TypeId) -> *const u8 {
        if let Some(code) = self.trampolines.get(&ty) {
            return *code;
        }
        let code = types.find_up(ty, |ty| self.trampolines.get(ty).copied());
        code.unwrap_or(ptr::null())
    }

    /// Takes over the trampolines of all of `modules`, the store's, and fills the holes that they fit (*holes*).
    fn index(
        &mut self,
        types: &TypeRegistry,
        modules: &[Module],
        watch: Watch,
        steps: &mut Steps,
    ) -> Result<()> {
        let new = &modules[self.indexed..];
        for module in new {
            let all = module.code().host_trampolines();
            self.trampolines.room_in(steps.pieces(), all.len(), watch)?;
            for (ty, code) in all {
                steps.take(1)?;
                self.trampolines.insert(module.types().id(ty), code);
            }
        }
        if !new.is_empty() {
            self.indexed = modules.len();
            let mut holes = core::mem::take(&mut self.holes);
            holes.retain_mut(|hole| {
                // SAFETY: a hole is the `func_ref` of one of `bound`, and nothing else refers to it now.
                let func_ref = unsafe { hole.as_mut() };
                func_ref.code = self.known_trampoline(types, func_ref.type_id);
                func_ref.code.is_null()
            });
            self.holes = holes;
        }
        Ok(())
    }

    /// Fills the holes that trampolines of `modules`, the store's, fit.
    ///
    /// # Errors
    /// Memory is exhausted, or the store is to stop. The next call does what is left.
    pub(crate) fn fill_holes(
        &mut self,
        types: &TypeRegistry,
        modules: &[Module],
        watch: Watch,
        steps: &mut Steps,
    ) -> Result<()> {
        match self.holes.is_empty() {
            true => Ok(()),
            false => self.index(types, modules, watch, steps),
        }
    }

    /// Has all functions called through this one from now on.
    pub(super) fn call_through(&mut self, around: HostFunction) {
        for bound in &self.bound {
            // SAFETY: one of a store's, so it is there; no reference to it is made.
            unsafe { (*bound.as_ptr()).context.call = around };
        }
    }

    /// How many functions are bound.
    pub(crate) fn len(&self) -> usize {
        self.bound.len()
    }

    /// References to them.
    #[cfg_attr(
        not(any(feature = "gc", feature = "exceptions")),
        expect(dead_code, reason = "there are no objects")
    )]
    pub(crate) fn func_refs(&self) -> impl Iterator<Item = NonNull<VMFuncRef>> {
        self.bound
            .iter()
            .map(|bound| BoundFunction::func_ref(*bound))
    }
}

impl BoundFunction {
    fn func_ref(this: NonNull<Self>) -> NonNull<VMFuncRef> {
        // SAFETY: one of a store's, so it is there; no reference to it is made.
        unsafe { NonNull::new_unchecked(&raw mut (*this.as_ptr()).func_ref) }
    }
}

impl HostFunc {
    /// The host function that has this context.
    ///
    /// # Safety
    /// It is the context of a function of a store that lives as long as `'a`.
    pub(crate) unsafe fn of<'a>(context: *mut VMHostContext) -> &'a Self {
        // SAFETY: contexts are made in `bind_host_func` only, as the first field of a `BoundFunction`, to the whole of
        // which the pointer leads.
        unsafe { &(*context.cast::<BoundFunction>()).host }
    }
}

impl StoreOpaque {
    /// Makes `host` a function of this store.
    ///
    /// `code` is a host trampoline of its type, of a module that the store keeps; null where the
    /// caller knows of none.
    ///
    /// # Errors
    /// Memory is exhausted, and `host` is in the watch; or the store is to stop.
    pub(crate) fn bind_host_func(
        &mut self,
        host: Arc<HostFunc>,
        code: *const u8,
        watch: Watch,
        steps: &mut Steps,
    ) -> Result<NonNull<VMFuncRef>> {
        let type_id = host.ty.id();
        let code = match code.is_null() {
            true => {
                let types = self.engine.types();
                self.functions
                    .trampoline(types, &self.modules, type_id, watch, steps)?
            }
            false => code,
        };
        let pieces = steps.pieces();
        pieces.room(&mut self.functions.bound, 1, watch)?;
        pieces.room(&mut self.functions.holes, 1, watch)?;
        self.room_for_function_ids(1, watch, pieces)?;
        let bound = Box::new(BoundFunction {
            context: VMHostContext {
                store: self.context.as_ptr(),
                call: self.hooks.around().unwrap_or(host.call),
                owner: host.owner(),
            },
            func_ref: VMFuncRef {
                code,
                vmctx: ptr::null_mut(),
                type_id,
                id: 0,
                entry: ptr::null(),
            },
            host,
        });
        watch.check()?;
        let bound = NonNull::from(Box::leak(bound));
        // SAFETY: just made; nothing else refers to it.
        unsafe { (*bound.as_ptr()).func_ref.vmctx = (&raw mut (*bound.as_ptr()).context).cast() };
        let func_ref = BoundFunction::func_ref(bound);
        self.functions.bound.push(bound);
        self.give_function_id(func_ref);
        if code.is_null() {
            self.functions.holes.push(func_ref);
        }
        Ok(func_ref)
    }

    /// Frees the host functions that were bound last, until `len` are left.
    ///
    /// # Safety
    /// Nobody has them.
    pub(crate) unsafe fn unbind_host_funcs(&mut self, len: usize) {
        while self.functions.bound.len() > len
            && let Some(bound) = self.functions.bound.pop()
        {
            let func_ref = BoundFunction::func_ref(bound);
            self.forget_function(func_ref);
            // Holes are in the order of `bound`.
            if self.functions.holes.last() == Some(&func_ref) {
                self.functions.holes.pop();
            }
            // SAFETY: leaked from a box in `bind_host_func`; the rest is the caller's promise.
            drop(unsafe { Box::from_raw(bound.as_ptr()) });
        }
    }
}

impl Drop for HostFunctions {
    fn drop(&mut self) {
        for bound in self.bound.drain(..) {
            // SAFETY: leaked from a box in `bind_host_func`; the store is being dropped, so nothing
            // refers to it any more.
            drop(unsafe { Box::from_raw(bound.as_ptr()) });
        }
    }
}
