//! Host functions: closures made callable from Wasm.

// Twins: panics can be caught where there is an operating system.
#[cfg_attr(not(feature = "std"), path = "host/no_panics.rs")]
pub(super) mod panics;

use super::typed::{WasmParams, WasmResults, WasmRet, WasmTy, for_each_type_list, func_type};
use super::{HostFunction, HostResult, ValRaw};
use crate::instance::InstanceData;
use crate::instance::vmctx::{VMContext, VMHostContext};
use crate::oom::{self, OutOfMemory, Watch};
use crate::owner::OfEngine as _;
use crate::store::{Pending, RawStore, StoreOpaque};
use crate::types::FuncType;
use crate::{
    AsContext, AsContextMut, Engine, Error, Extern, Module, ModuleExport, Result, StoreContext,
    StoreContextMut, Val,
};
use alloc::{boxed::Box, format};
use anyhow::Context as _;
use core::any::Any;
use core::fmt;

/// A host function that belongs to no store yet: what a linker holds.
///
/// Invariant (*closure type*): `call` is made for the closure's type, and for stores with the data type
/// that the maker knew; whoever binds it to a store sees to the latter.
#[doc(hidden)]
pub struct HostFunc {
    pub(crate) ty: FuncType,
    pub(crate) call: HostFunction,
    closure: Box<dyn Any + Send + Sync>,
}

impl HostFunc {
    /// What `VMHostContext::owner` points to as long as this lives: the closure.
    pub(crate) fn owner(&self) -> *const u8 {
        (&raw const *self.closure).cast()
    }

    /// A host function of Rust types.
    ///
    /// # Errors
    /// Memory is exhausted.
    fn typed<T, F, P, R>(engine: &Engine, func: F, watch: Watch) -> Result<Self>
    where
        T: 'static,
        F: Fn(Caller<'_, T>, P) -> R + Send + Sync + 'static,
        P: WasmResults,
        R: WasmRet,
    {
        Ok(Self {
            ty: func_type::<P, R::Values>(engine, watch)?,
            call: call_typed::<T, F, P, R>,
            closure: boxed(func)?,
        })
    }

    /// A host function of values whose types are known at run time only.
    ///
    /// # Errors
    /// Memory is exhausted.
    ///
    /// # Panics
    /// If `ty` is of another engine.
    pub(crate) fn dynamic<T, F>(engine: &Engine, ty: FuncType, func: F) -> Result<Self>
    where
        T: 'static,
        F: Fn(Caller<'_, T>, &[Val], &mut [Val]) -> Result<()> + Send + Sync + 'static,
    {
        ty.assert_engine(engine);
        Ok(Self {
            ty: ty.clone(),
            call: call_dynamic::<T, F>,
            closure: boxed(Dynamic { ty, func })?,
        })
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

/// Closures that can be made a host function: see [`Func::wrap`](crate::Func::wrap).
///
/// `Params` is the tuple of parameter types, with [`Caller`] first where the closure takes it.
///
/// Not to be implemented elsewhere: its method changes without notice.
///
/// # Safety
/// `into_func` makes a function of the given engine, for stores with data of type `T`.
pub unsafe trait IntoFunc<T, Params, Results>: Send + Sync + 'static {
    #[doc(hidden)]
    fn into_func(self, engine: &Engine, watch: Watch) -> Result<HostFunc>;
}

macro_rules! into_func {
    ($count:literal $($ty:ident)*) => {
        // SAFETY: a function of `engine`, made for a `T`.
        #[allow(non_snake_case, reason = "a variable is named as its type is")]
        unsafe impl<T, F, $($ty,)* R> IntoFunc<T, ($($ty,)*), R> for F
        where
            T: 'static,
            F: Fn($($ty),*) -> R + Send + Sync + 'static,
            $($ty: WasmTy,)*
            R: WasmRet,
        {
            fn into_func(self, engine: &Engine, watch: Watch) -> Result<HostFunc> {
                let func = move |_: Caller<'_, T>, ($($ty,)*): ($($ty,)*)| self($($ty),*);
                HostFunc::typed(engine, func, watch)
            }
        }

        // SAFETY: a function of `engine`, made for a `T`.
        #[allow(non_snake_case, reason = "a variable is named as its type is")]
        unsafe impl<T, F, $($ty,)* R> IntoFunc<T, (Caller<'_, T>, $($ty,)*), R> for F
        where
            T: 'static,
            F: Fn(Caller<'_, T>, $($ty),*) -> R + Send + Sync + 'static,
            $($ty: WasmTy,)*
            R: WasmRet,
        {
            fn into_func(self, engine: &Engine, watch: Watch) -> Result<HostFunc> {
                let func = move |caller: Caller<'_, T>, ($($ty,)*): ($($ty,)*)| {
                    self(caller, $($ty),*)
                };
                HostFunc::typed(engine, func, watch)
            }
        }
    };
}

for_each_type_list!(into_func);

/// The store that a host function is called in, and the instance that called it.
///
/// ```
/// # use wasmetal::{Config, Engine, Linker, Module, Store};
/// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
/// use wasmetal::{Caller, Result, format_err};
///
/// let mut linker = Linker::new(&engine);
/// // Reads text from the memory of whoever calls, into the data of the store.
/// linker.func_wrap("host", "print", |mut caller: Caller<'_, String>, start: u32, len: u32| {
///     let memory = caller.get_export("memory").and_then(|export| export.into_memory());
///     let memory = memory.ok_or_else(|| format_err!("the caller has no memory"))?;
///     let mut bytes = vec![0; len as usize];
///     memory.read(&caller, start as usize, &mut bytes)?;
///     caller.data_mut().push_str(std::str::from_utf8(&bytes)?);
///     Result::Ok(())
/// })?;
/// let module = Module::new(&engine, r#"
///     (import "host" "print" (func $print (param i32 i32)))
///     (memory (export "memory") 1)
///     (data (i32.const 8) "Hello")
///     (func (export "run") (call $print (i32.const 8) (i32.const 5)))
/// "#)?;
/// let mut store = Store::new(&engine, String::new());
/// let instance = linker.instantiate(&mut store, &module)?;
/// instance.get_typed_func::<(), ()>(&mut store, "run")?.call(&mut store, ())?;
/// assert_eq!(store.data(), "Hello");
/// # wasmetal::error::Ok(())
/// ```
pub struct Caller<'a, T: 'static> {
    store: StoreContextMut<'a, T>,
    /// The vmctx of the calling instance; null if the host itself calls.
    vmctx: *mut VMContext,
}

impl<'a, T: 'static> Caller<'a, T> {
    /// The caller of a host function.
    ///
    /// # Safety
    /// The store has data of type `T`, and `vmctx` is that of the instance that calls, or null.
    #[inline]
    unsafe fn new(store: RawStore<'a>, vmctx: *mut VMContext) -> Self {
        Self {
            // SAFETY: the caller's contract.
            store: unsafe { StoreContextMut::from_raw(store) },
            vmctx,
        }
    }

    fn instance(&self) -> Option<&InstanceData> {
        // SAFETY: generated code sets the caller to its own vmctx, whose instance lives as long as the
        // store; so does what calls a start function; the host sets it to null.
        unsafe { self.vmctx.as_ref()?.owner.as_ref() }
    }

    /// The export of the calling instance with this name.
    ///
    /// `None` if there is none, or if the host calls the function itself. A start function is called by its instance.
    pub fn get_export(&mut self, name: &str) -> Option<Extern> {
        let instance = self.instance()?;
        Some(instance.export(instance.module.export_index(name)?))
    }

    /// As [`get_export`](Self::get_export), without a search.
    ///
    /// `None` also if the export is one of another module than the calling instance's.
    pub fn get_module_export(&mut self, export: &ModuleExport) -> Option<Extern> {
        let instance = self.instance()?;
        Module::same(&instance.module, &export.module).then(|| instance.export(export.item))
    }

    /// The embedder's data in the store.
    #[must_use]
    pub fn data(&self) -> &T {
        self.store.data()
    }

    /// The embedder's data in the store.
    pub fn data_mut(&mut self) -> &mut T {
        self.store.data_mut()
    }

    /// The engine of the store.
    #[must_use]
    pub fn engine(&self) -> &Engine {
        self.store.engine()
    }
}

impl<T: 'static> AsContext for Caller<'_, T> {
    type Data = T;

    #[inline]
    fn as_context(&self) -> StoreContext<'_, T> {
        self.store.as_context()
    }
}

impl<T: 'static> AsContextMut for Caller<'_, T> {
    #[inline]
    fn as_context_mut(&mut self) -> StoreContextMut<'_, T> {
        self.store.as_context_mut()
    }
}

impl<'a, T: 'static> From<Caller<'a, T>> for StoreContextMut<'a, T> {
    fn from(caller: Caller<'a, T>) -> Self {
        caller.store
    }
}

impl<T: 'static> fmt::Debug for Caller<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Caller").finish_non_exhaustive()
    }
}

/// Runs the body of a host function, with the store, and the vmctx of the calling instance or null. What it roots is
/// in a scope of its own; what it fails with, a panic included, ends the Wasm code.
///
/// # Safety
/// `host` is the context of a host function that is being called.
#[inline]
unsafe fn run(
    host: *mut VMHostContext,
    body: impl FnOnce(&mut RawStore<'_>, *mut VMContext) -> Result<()>,
) -> HostResult {
    // SAFETY: a host context points to its store's context; Wasm code or the host calls the function.
    let (mut store, vmctx) = unsafe {
        let context = (*host).store;
        (RawStore::lent_by(context), (*context).caller)
    };
    let scope = store.roots.enter();
    let result = panics::catch(|| body(&mut store, vmctx));
    store.roots.leave(scope);
    match result {
        Ok(()) => HostResult::ok(0),
        Err(pending) => fail(&mut store, pending),
    }
}

/// Leaves the reason why Wasm code is to end where the entry looks for it.
#[cold]
fn fail(store: &mut StoreOpaque, pending: Pending) -> HostResult {
    store.pending = Some(pending);
    HostResult {
        value: 0,
        status: store.failure_status(),
    }
}

/// Calls a closure of Rust types.
///
/// # Safety
/// As [`HostFunction`]: `host` was bound from a [`HostFunc`] with a closure of type `F`, in a store with
/// data of type `T`; `values` holds parameters of its type and has room for the results.
unsafe extern "C" fn call_typed<T, F, P, R>(
    host: *mut VMHostContext,
    values: *mut ValRaw,
) -> HostResult
where
    T: 'static,
    F: Fn(Caller<'_, T>, P) -> R + 'static,
    P: WasmResults,
    R: WasmRet,
{
    // SAFETY: the contract above, in all of the block.
    unsafe {
        run(host, |store, vmctx| {
            let func = &*(*host).owner.cast::<F>();
            let params = P::load(store, &*values.cast());
            let caller = Caller::<T>::new(store.reborrow(), vmctx);
            let results = func(caller, params).into_result()?;
            results.store(store, &mut *values.cast())
        })
    }
}

/// A closure of values, with the type that it is given.
struct Dynamic<F> {
    ty: FuncType,
    func: F,
}

/// Calls a closure of values.
///
/// # Safety
/// As [`call_typed`], with a closure of type `Dynamic<F>`.
unsafe extern "C" fn call_dynamic<T, F>(host: *mut VMHostContext, values: *mut ValRaw) -> HostResult
where
    T: 'static,
    F: Fn(Caller<'_, T>, &[Val], &mut [Val]) -> Result<()> + 'static,
{
    // SAFETY: the contract above, in all of the block.
    unsafe {
        run(host, |store, vmctx| {
            let Dynamic { ty, func } = &*(*host).owner.cast::<Dynamic<F>>();
            let count = ty.params().len();
            let mut all = oom::vec(count + ty.results().len())?;
            for (i, ty) in ty.canonical().params.iter().enumerate() {
                all.push(Val::from_slot(store, &*values.add(i), *ty));
            }
            all.resize(count + ty.results().len(), Val::FuncRef(None));
            let (params, results) = all.split_at_mut(count);
            func(Caller::<T>::new(store.reborrow(), vmctx), params, results)?;
            for (i, (result, ty)) in results.iter().zip(ty.results()).enumerate() {
                result.ensure_matches(store, &ty).with_context(|| {
                    format!("function attempted to return an incompatible value: result {i}")
                })?;
                *values.add(i) = result.to_slot(store)?;
            }
            Ok(())
        })
    }
}

/// An error as the reason why Wasm code is to end.
fn failed(error: Error) -> Pending {
    Pending::Error(error)
}
