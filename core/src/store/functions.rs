//! Host functions that belong to a store.

use super::StoreOpaque;
use crate::call::host::HostFunc;
use crate::code::Module;
use crate::engine::TypeId;
use crate::instance::vmctx::{VMFuncRef, VMHostContext};
use crate::types::registry::TypeRegistry;
use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::ptr::{self, NonNull};
use hashbrown::HashMap;

/// The host functions of a store.
///
/// Wasm calls a host function through a trampoline for its type, which comes with any module that can
/// call such a type. A function made before there is one has a *hole*: its `code` is null until the
/// next module comes.
#[derive(Default)]
pub(crate) struct HostFunctions {
    /// Leaked boxes, freed on drop.
    bound: Vec<NonNull<BoundFunction>>,
    holes: Vec<NonNull<VMFuncRef>>,
    /// The host trampolines of the first `indexed` modules of the store.
    trampolines: HashMap<TypeId, *const u8>,
    indexed: usize,
}

struct BoundFunction {
    context: VMHostContext,
    func_ref: VMFuncRef,
    /// Keeps the closure that `context` points to, and the type id.
    _host: Arc<HostFunc>,
}

impl HostFunctions {
    /// The trampoline for a function of this type: for its own or one above it, whose machine
    /// signature is the same.
    fn trampoline(&mut self, types: &TypeRegistry, modules: &[Module], ty: TypeId) -> *const u8 {
        for module in &modules[self.indexed..] {
            for (index, id) in module.type_ids() {
                if let Some(code) = module.code().host_trampoline(index) {
                    self.trampolines.entry(id).or_insert(code);
                }
            }
        }
        self.indexed = modules.len();
        if let Some(code) = self.trampolines.get(&ty) {
            return *code;
        }
        let chain = types.chain(ty);
        let mut above = chain.iter().rev();
        let code = above.find_map(|ty| self.trampolines.get(ty));
        code.copied().unwrap_or(ptr::null())
    }

    /// Fills the holes that trampolines of `modules`, the store's, fit.
    pub(crate) fn fill_holes(&mut self, types: &TypeRegistry, modules: &[Module]) {
        let mut holes = core::mem::take(&mut self.holes);
        holes.retain_mut(|hole| {
            // SAFETY: a hole is the `func_ref` of one of `bound`, and nothing else refers to it now.
            let func_ref = unsafe { hole.as_mut() };
            func_ref.code = self.trampoline(types, modules, func_ref.type_id);
            func_ref.code.is_null()
        });
        self.holes = holes;
    }
}

impl StoreOpaque {
    /// Makes `host` a function of this store.
    ///
    /// `code` is a host trampoline of its type, of a module that the store keeps; null where the
    /// caller knows of none.
    pub(crate) fn bind_host_func(
        &mut self,
        host: Arc<HostFunc>,
        code: *const u8,
    ) -> NonNull<VMFuncRef> {
        let type_id = host.ty.id();
        let code = match code.is_null() {
            true => {
                let types = self.engine.types();
                self.functions.trampoline(types, &self.modules, type_id)
            }
            false => code,
        };
        let bound = NonNull::from(Box::leak(Box::new(BoundFunction {
            context: VMHostContext {
                store: self.context.as_ptr(),
                call: host.call,
                owner: host.owner(),
            },
            func_ref: VMFuncRef {
                code,
                vmctx: ptr::null_mut(),
                type_id,
                entry: ptr::null(),
            },
            _host: host,
        })));
        // SAFETY: just made; nothing else refers to it.
        let func_ref = unsafe {
            (*bound.as_ptr()).func_ref.vmctx = (&raw mut (*bound.as_ptr()).context).cast();
            NonNull::new_unchecked(&raw mut (*bound.as_ptr()).func_ref)
        };
        self.functions.bound.push(bound);
        if code.is_null() {
            self.functions.holes.push(func_ref);
        }
        func_ref
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
