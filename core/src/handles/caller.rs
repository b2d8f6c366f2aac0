//! Host functions: closures made callable from Wasm, and the [`Caller`] that they get.

use super::typed::{WasmParams, WasmResults, WasmRet, WasmTy, for_each_type_list, func_type};
use super::{Extern, Val};
use crate::activation::context::{VMContext, VMHostContext};
use crate::activation::{HostResult, ValRaw};
use crate::call::host::run;
use crate::error::Context as _;
use crate::instance::InstanceData;
use crate::oom::{self, Watch};
use crate::owner::OfEngine as _;
use crate::store::{GcHeapOutOfMemory, HostFunc, RawStore};
use crate::types::FuncType;
use crate::{
    AsContext, AsContextMut, Engine, Module, ModuleExport, Result, StoreContext, StoreContextMut,
};
use alloc::format;
use core::fmt;
use core::mem::MaybeUninit;
use core::slice;

impl HostFunc {
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
        let ty = func_type::<P, R::Values>(engine, watch)?;
        Self::new(ty, call_typed::<T, F, P, R>, func)
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
        Self::new(ty.clone(), call_dynamic::<T, F>, Dynamic { ty, func })
    }

    /// A host function of slots whose types are in nobody's hands but its own.
    ///
    /// # Errors
    /// Memory is exhausted.
    ///
    /// # Panics
    /// If `ty` is of another engine.
    ///
    /// # Safety
    /// `func` reads parameters of that type from the slots, and leaves results of it there, of its store.
    pub(crate) unsafe fn unchecked<T, F>(engine: &Engine, ty: FuncType, func: F) -> Result<Self>
    where
        T: 'static,
        F: Fn(Caller<'_, T>, &mut [MaybeUninit<ValRaw>]) -> Result<()> + Send + Sync + 'static,
    {
        ty.assert_engine(engine);
        let slots = ty.params().len().max(ty.results().len());
        Self::new(ty, call_unchecked::<T, F>, Unchecked { slots, func })
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
/// // Reads text from the caller's memory, into the data of the store.
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

// SAFETY: a borrow of the store, which is `Send` with such data; the vmctx is one of its instances'.
unsafe impl<T: Send> Send for Caller<'_, T> {}
// SAFETY: as for `Send`: through a shared one nothing is changed.
unsafe impl<T: Sync> Sync for Caller<'_, T> {}

impl<'a, T: 'static> Caller<'a, T> {
    /// The caller of a host function.
    ///
    /// # Safety
    /// The store has data of type `T`, and `vmctx` is that of the instance that calls, or null.
    #[inline]
    pub(super) unsafe fn new(store: RawStore<'a>, vmctx: *mut VMContext) -> Self {
        Self {
            // SAFETY: the caller's contract.
            store: unsafe { StoreContextMut::from_raw(store) },
            vmctx,
        }
    }

    fn instance(&self) -> Option<&InstanceData> {
        // SAFETY: generated code sets the caller to its own vmctx, whose instance lives as long as the
        // store; so does what calls a start function; the host sets it to null.
        unsafe { self.vmctx.as_ref()?.owner.cast::<InstanceData>().as_ref() }
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

impl<T: 'static> Caller<'_, T> {
    /// As [`Store::gc`](crate::Store::gc).
    ///
    /// # Errors
    /// As for [`Store::gc`](crate::Store::gc).
    pub fn gc(&mut self, why: Option<&GcHeapOutOfMemory<()>>) -> Result<()> {
        self.as_context_mut().gc(why)
    }
}

impl<T: 'static> Caller<'_, T> {
    /// As [`crate::Store::fuel_async_yield_interval`].
    ///
    /// # Errors
    /// As for [`crate::Store::fuel_async_yield_interval`].
    #[cfg(feature = "async")]
    pub fn fuel_async_yield_interval(&mut self, interval: Option<u64>) -> Result<()> {
        self.as_context_mut().fuel_async_yield_interval(interval)
    }

    /// As [`crate::Store::get_fuel`].
    ///
    /// # Errors
    /// As for [`crate::Store::get_fuel`].
    pub fn get_fuel(&self) -> Result<u64> {
        self.as_context().get_fuel()
    }

    /// As [`crate::Store::set_fuel`].
    ///
    /// # Errors
    /// As for [`crate::Store::set_fuel`].
    pub fn set_fuel(&mut self, fuel: u64) -> Result<()> {
        self.as_context_mut().set_fuel(fuel)
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

/// A closure of slots, and how many there are.
struct Unchecked<F> {
    slots: usize,
    func: F,
}

/// Calls a closure of slots.
///
/// # Safety
/// As [`call_typed`], with a closure of type `Unchecked<F>`.
unsafe extern "C" fn call_unchecked<T, F>(
    host: *mut VMHostContext,
    values: *mut ValRaw,
) -> HostResult
where
    T: 'static,
    F: Fn(Caller<'_, T>, &mut [MaybeUninit<ValRaw>]) -> Result<()> + 'static,
{
    // SAFETY: the contract above, in all of the block.
    unsafe {
        run(host, |store, vmctx| {
            let Unchecked { slots, func } = &*(*host).owner.cast::<Unchecked<F>>();
            let values = match slots {
                0 => &mut [],
                _ => slice::from_raw_parts_mut(values.cast(), *slots),
            };
            func(Caller::<T>::new(store.reborrow(), vmctx), values)
        })
    }
}
