//! `Func`: a handle of a function in a store.

use super::caller::{Caller, IntoFunc};
use crate::abi::TypeId;
use crate::activation::ValRaw;
use crate::activation::context::VMFuncRef;
use crate::call::entry;
use crate::error::Context as _;
use crate::error::bounded::ensure;
use crate::interrupt::Pieces;
use crate::interrupt::pieces::Steps;
use crate::oom::{self, Watch};
use crate::store::HostFunc;
use crate::store::OfStore as _;
use crate::store::{StoreId, StoreOpaque};
use crate::types::FuncType;
use crate::{AsContext, AsContextMut, Engine, Result, Val};
use alloc::{format, sync::Arc};
use core::ffi::c_void;
use core::mem::MaybeUninit;
use core::ptr::{self, NonNull};

/// How many slots a call has without asking for memory.
pub(super) const FEW: usize = 8;

/// A function in a store: of an instance, or of the host.
///
/// A handle, cheap to copy; its store is given with each use. In Wasm it is a `funcref`.
///
/// ```
/// # use wasmetal::{Config, Engine};
/// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
/// use wasmetal::{Func, Store, Val};
///
/// let mut store = Store::new(&engine, ());
/// let add = Func::wrap(&mut store, |a: i32, b: i32| a + b);
/// // The values' types are checked at each call...
/// let mut results = [Val::I32(0)];
/// add.call(&mut store, &[Val::I32(1), Val::I32(2)], &mut results)?;
/// assert_eq!(results[0].unwrap_i32(), 3);
/// // ... or once.
/// let add = add.typed::<(i32, i32), i32>(&store)?;
/// assert_eq!(add.call(&mut store, (3, 4))?, 7);
/// # wasmetal::error::Ok(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Func {
    pub(crate) store: StoreId,
    pub(crate) func_ref: NonNull<VMFuncRef>,
}

// SAFETY: a plain name; what it points to is reached only with the store it belongs to at hand.
unsafe impl Send for Func {}
// SAFETY: a plain name; what it points to is reached only with the store it belongs to at hand.
unsafe impl Sync for Func {}

impl Func {
    /// Makes a host function whose type is known at run time only.
    ///
    /// `func` is given the arguments, and room for the results, each of which it must set. What it
    /// fails with ends the Wasm code that called it, and comes out of the call into Wasm as it is.
    ///
    /// ```
    /// # use wasmetal::{Config, Engine, Store};
    /// use wasmetal::{Func, FuncType, Val, ValType};
    ///
    /// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
    /// # let mut store = Store::new(&engine, ());
    /// let ty = FuncType::new(&engine, [ValType::I32], [ValType::I32]);
    /// let double = Func::new(&mut store, ty, |_caller, params, results| {
    ///     results[0] = Val::I32(params[0].unwrap_i32() * 2);
    ///     Ok(())
    /// });
    /// let mut results = [Val::I32(0)];
    /// double.call(&mut store, &[Val::I32(21)], &mut results)?;
    /// assert_eq!(results[0].unwrap_i32(), 42);
    /// # wasmetal::error::Ok(())
    /// ```
    ///
    /// # Panics
    /// If `ty` is of another engine than the store.
    pub fn new<T: 'static>(
        store: impl AsContextMut<Data = T>,
        ty: FuncType,
        func: impl Fn(Caller<'_, T>, &[Val], &mut [Val]) -> Result<()> + Send + Sync + 'static,
    ) -> Self {
        let made = |engine: &Engine, _| HostFunc::dynamic(engine, ty, func);
        oom::infallible(Self::make(store, made, Watch::OFF))
    }

    /// As [`new`](Self::new), where memory may be exhausted.
    ///
    /// # Errors
    /// Memory is exhausted.
    ///
    /// # Panics
    /// As for [`new`](Self::new).
    pub fn try_new<T: 'static>(
        store: impl AsContextMut<Data = T>,
        ty: FuncType,
        func: impl Fn(Caller<'_, T>, &[Val], &mut [Val]) -> Result<()> + Send + Sync + 'static,
    ) -> Result<Self> {
        let made = |engine: &Engine, _| HostFunc::dynamic(engine, ty, func);
        Self::make(store, made, Watch::start()?)
    }

    /// Makes a host function that gets its arguments as slots without types, and leaves its results there.
    ///
    /// [`wrap`](Self::wrap) is faster and safe; this is for those who know types at run time only, and want nothing
    /// checked. The slots are as many as there are parameters or results, whichever is more. Of a slot only the bytes
    /// of its parameter are set.
    ///
    /// ```
    /// # use wasmetal::{Config, Engine, Store};
    /// use wasmetal::{Func, FuncType, ValRaw, ValType};
    ///
    /// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
    /// # let mut store = Store::new(&engine, ());
    /// let ty = FuncType::new(&engine, [ValType::I32], [ValType::I32]);
    /// // SAFETY: the function takes an `i32` and leaves one.
    /// let double = unsafe {
    ///     Func::new_unchecked(&mut store, ty, |_caller, slots| {
    ///         let x = slots[0].assume_init_ref().get_i32();
    ///         slots[0].write(ValRaw::i32(x * 2));
    ///         Ok(())
    ///     })
    /// };
    /// let mut slots = [ValRaw::i32(21)];
    /// // SAFETY: the function takes an `i32`, and leaves one.
    /// unsafe { double.call_unchecked(&mut store, &mut slots)? };
    /// assert_eq!(slots[0].get_i32(), 42);
    /// # wasmetal::error::Ok(())
    /// ```
    ///
    /// # Panics
    /// If `ty` is of another engine than the store.
    ///
    /// # Safety
    /// `func` reads the slots as what the parameters of `ty` are, and, unless it fails, leaves what the results of `ty`
    /// are in the first of them: whole slots ([`ValRaw`]), with references of the same store
    /// ([`Val::to_raw`]).
    pub unsafe fn new_unchecked<T: 'static>(
        store: impl AsContextMut<Data = T>,
        ty: FuncType,
        func: impl Fn(Caller<'_, T>, &mut [MaybeUninit<ValRaw>]) -> Result<()> + Send + Sync + 'static,
    ) -> Self {
        // SAFETY: the caller's promise.
        let made = |engine: &Engine, _| unsafe { HostFunc::unchecked(engine, ty, func) };
        oom::infallible(Self::make(store, made, Watch::OFF))
    }

    /// Makes a host function of a closure whose type the Rust compiler knows.
    ///
    /// The closure takes up to 16 parameters, and before these, where it wants it, a [`Caller`]. It
    /// returns nothing, a value or a tuple of values, or a [`Result`] of one of these; see
    /// [`Func::typed`] for the types. An error ends the Wasm code that called it, and comes out of the
    /// call into Wasm as it is.
    ///
    /// ```
    /// # use wasmetal::{Config, Engine, Store};
    /// use wasmetal::{Caller, Func};
    ///
    /// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
    /// let mut store = Store::new(&engine, 0);
    /// let add = Func::wrap(&mut store, |a: i32, b: i32| a + b);
    /// let tick = Func::wrap(&mut store, |mut caller: Caller<'_, u32>| *caller.data_mut() += 1);
    /// tick.call(&mut store, &[], &mut [])?;
    /// assert_eq!(*store.data(), 1);
    /// assert_eq!(add.typed::<(i32, i32), i32>(&store)?.call(&mut store, (1, 2))?, 3);
    /// # wasmetal::error::Ok(())
    /// ```
    pub fn wrap<T: 'static, Params, Results>(
        store: impl AsContextMut<Data = T>,
        func: impl IntoFunc<T, Params, Results>,
    ) -> Self {
        let made = |engine: &Engine, watch| func.into_func(engine, watch);
        oom::infallible(Self::make(store, made, Watch::OFF))
    }

    /// As [`wrap`](Self::wrap), where memory may be exhausted.
    ///
    /// # Errors
    /// Memory is exhausted.
    pub fn try_wrap<T: 'static, Params, Results>(
        store: impl AsContextMut<Data = T>,
        func: impl IntoFunc<T, Params, Results>,
    ) -> Result<Self> {
        let made = |engine: &Engine, watch| func.into_func(engine, watch);
        Self::make(store, made, Watch::start()?)
    }

    /// A function of the store from what `host` makes, for stores with its data type.
    pub(super) fn make<T: 'static>(
        mut store: impl AsContextMut<Data = T>,
        host: impl FnOnce(&Engine, Watch) -> Result<HostFunc>,
        watch: Watch,
    ) -> Result<Self> {
        let store = store.as_context_mut();
        let host = host(store.engine(), watch)?;
        let steps = &mut Pieces::ONE.steps();
        // SAFETY: made for this store's data type.
        unsafe { Self::bind(store.opaque(), Arc::new(host), ptr::null(), watch, steps) }
    }

    /// Makes a host function one of `store`'s. `code` is a host trampoline of its type, of a module
    /// that the store keeps, or null.
    ///
    /// # Errors
    /// Memory is exhausted, or was when `host` was made, which is in the watch. The store is to stop.
    ///
    /// # Safety
    /// The host function was made for the store's data type, and the store's engine.
    pub(crate) unsafe fn bind(
        store: &mut StoreOpaque,
        host: Arc<HostFunc>,
        code: *const u8,
        watch: Watch,
        steps: &mut Steps,
    ) -> Result<Self> {
        let func_ref = store.bind_host_func(host, code, watch, steps)?;
        // SAFETY: just made by this store.
        Ok(unsafe { Self::from_func_ref(store, func_ref) })
    }

    /// The function's type.
    ///
    /// # Panics
    /// If the function is of another store.
    #[must_use]
    pub fn ty(&self, store: impl AsContext) -> FuncType {
        self.type_in(&store.as_context().0.opaque)
    }

    /// Whether the function can be used as one of type `ty`.
    ///
    /// # Panics
    /// If the function is of another store, or the type of another engine.
    #[must_use]
    pub fn matches_ty(&self, store: impl AsContext, ty: &FuncType) -> bool {
        self.ty(store).matches(ty)
    }

    /// Calls the function with values whose types are checked now.
    ///
    /// # Errors
    /// - The number or the types of `params`, or the number of `results`, are not the function's.
    /// - A reference among `params`, or the function, is of another store.
    /// - All that [`TypedFunc::call`](crate::TypedFunc::call) fails with.
    ///
    /// After an error, `results` are as they were.
    ///
    /// # Panics
    /// With the panic of a host function that was called (feature `std`).
    pub fn call(
        &self,
        mut store: impl AsContextMut,
        params: &[Val],
        results: &mut [Val],
    ) -> Result<()> {
        let mut store = store.as_context_mut().raw;
        let ty = self.type_of_call(&store, params, results)?;
        let count = params.len().max(results.len());
        let mut few = [ValRaw::ZERO; FEW];
        let mut many;
        let slots = match few.get_mut(..count) {
            Some(slots) => slots,
            None => {
                many = oom::repeated(ValRaw::ZERO, count)?;
                &mut many[..]
            }
        };
        store_params(&store, &ty, params, slots)?;
        // SAFETY: the function is this store's; the slots hold parameters of its types, of this store,
        // and are enough for the results.
        unsafe { entry::invoke(store.reborrow(), self.func_ref, slots.as_mut_ptr()) }?;
        // SAFETY: the call succeeded.
        unsafe { load_results(&mut store, &ty, slots, results) };
        Ok(())
    }

    /// The function's type, of which there are as many parameters and results as for a call of it.
    ///
    /// # Errors
    /// There are not; or the function is of another store.
    pub(super) fn type_of_call(
        &self,
        store: &StoreOpaque,
        params: &[Val],
        results: &[Val],
    ) -> Result<FuncType> {
        self.ensure_store(store)?;
        let ty = self.type_in(store);
        let (takes, gives) = (ty.params().len(), ty.results().len());
        ensure!(
            params.len() == takes,
            "expected {takes} arguments, got {}",
            params.len()
        );
        ensure!(
            results.len() == gives,
            "expected {gives} results, got {}",
            results.len()
        );
        Ok(ty)
    }

    /// Calls the function with arguments in slots without types, which take the results.
    ///
    /// [`new_unchecked`](Self::new_unchecked) has an example.
    ///
    /// # Errors
    /// The function is of another store; or all that [`TypedFunc::call`](crate::TypedFunc::call) fails with. The slots
    /// are of no meaning then.
    ///
    /// # Panics
    /// With the panic of a host function that was called (feature `std`).
    ///
    /// # Safety
    /// `params_and_returns` can be read and written, and has as many slots as the function has parameters or results,
    /// whichever is more. The first hold arguments of its parameters' types, with references of `store`
    /// ([`Val::to_raw`]).
    pub unsafe fn call_unchecked(
        &self,
        mut store: impl AsContextMut,
        params_and_returns: *mut [ValRaw],
    ) -> Result<()> {
        let store = store.as_context_mut().raw;
        let func = self.in_store(&store)?;
        // SAFETY: the function is this store's; the rest is the caller's promise.
        unsafe { entry::invoke(store, func, params_and_returns.cast()) }
    }

    /// The function's type.
    ///
    /// # Panics
    /// If the function is of another store.
    pub(crate) fn type_in(&self, store: &StoreOpaque) -> FuncType {
        // A module or a host function that the store keeps holds the id.
        FuncType::from_id(&store.engine, self.type_id(store))
    }

    /// The id of the function's type.
    ///
    /// # Panics
    /// If the function is of another store.
    pub(crate) fn type_id(&self, store: &StoreOpaque) -> TypeId {
        self.assert_store(store);
        // SAFETY: the function is this store's, where func refs live as long as the store.
        unsafe { self.func_ref.as_ref() }.type_id
    }

    /// The function of this func ref.
    ///
    /// # Safety
    /// It is a func ref of the store.
    pub(crate) unsafe fn from_func_ref(store: &StoreOpaque, func_ref: NonNull<VMFuncRef>) -> Self {
        Self {
            store: store.id,
            func_ref,
        }
    }

    /// The pointer that stands for the function in a [`ValRaw`](crate::ValRaw), as long as its store lives:
    /// [`ValRaw::funcref`](crate::ValRaw::funcref). In objects functions are no pointers, and nothing there is one that
    /// [`from_raw`](Self::from_raw) may be given.
    ///
    /// ```
    /// # use wasmetal::{Config, Engine, Store};
    /// use wasmetal::{Func, ValRaw};
    ///
    /// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
    /// # let mut store = Store::new(&engine, ());
    /// let seven = Func::wrap(&mut store, || 7);
    /// let slot = ValRaw::funcref(seven.to_raw(&mut store));
    /// // SAFETY: the pointer is of a function of this store.
    /// let same = unsafe { Func::from_raw(&mut store, slot.get_funcref()) };
    /// assert_eq!(same.unwrap().typed::<(), i32>(&store)?.call(&mut store, ())?, 7);
    /// # wasmetal::error::Ok(())
    /// ```
    ///
    /// # Panics
    /// If `store` is not this function's.
    pub fn to_raw(&self, mut store: impl AsContextMut) -> *mut c_void {
        self.assert_store(store.as_context_mut().opaque());
        self.func_ref.as_ptr().cast()
    }

    /// The function behind a pointer from [`to_raw`](Self::to_raw), or from [`ValRaw::get_funcref`](crate::ValRaw::get_funcref)
    /// of a slot that holds a reference to a function; `None` for null.
    ///
    /// # Safety
    /// The pointer is null, or of a function of `store`.
    pub unsafe fn from_raw(mut store: impl AsContextMut, raw: *mut c_void) -> Option<Self> {
        // SAFETY: the caller's promise.
        unsafe { Self::from_pointer(store.as_context_mut().opaque(), raw.cast()) }
    }

    /// The function of a `funcref` as generated code has it.
    ///
    /// # Safety
    /// It is null or a func ref of the store.
    #[inline]
    pub(crate) unsafe fn from_pointer(
        store: &StoreOpaque,
        func_ref: *mut VMFuncRef,
    ) -> Option<Self> {
        let func_ref = NonNull::new(func_ref)?;
        // SAFETY: the caller's contract is the same.
        Some(unsafe { Self::from_func_ref(store, func_ref) })
    }

    /// The function's func ref, for use in `store`.
    ///
    /// # Errors
    /// The function is of another store.
    #[inline]
    pub(crate) fn in_store(&self, store: &StoreOpaque) -> Result<NonNull<VMFuncRef>> {
        self.ensure_store(store)?;
        Ok(self.func_ref)
    }
}

/// Puts the parameters of a call into slots.
///
/// # Errors
/// One has another type than the function takes, or is of another store.
pub(super) fn store_params(
    store: &StoreOpaque,
    ty: &FuncType,
    params: &[Val],
    slots: &mut [ValRaw],
) -> Result<()> {
    for (i, ((slot, param), ty)) in slots.iter_mut().zip(params).zip(ty.params()).enumerate() {
        param
            .ensure_matches(store, &ty)
            .with_context(|| format!("argument type mismatch: argument {i}"))?;
        *slot = param.to_slot(store)?;
    }
    Ok(())
}

/// Takes the results of a call from slots.
///
/// # Safety
/// A function of this type, of the store, has left them there.
pub(super) unsafe fn load_results(
    store: &mut StoreOpaque,
    ty: &FuncType,
    slots: &[ValRaw],
    results: &mut [Val],
) {
    for ((slot, result), ty) in slots.iter().zip(results).zip(&ty.canonical().results) {
        // SAFETY: the caller's promise.
        *result = unsafe { Val::from_slot(store, slot, *ty) };
    }
}
