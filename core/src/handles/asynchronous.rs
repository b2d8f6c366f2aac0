//! Asynchronous host functions and calls: [`Func::wrap_async`], [`Func::call_async`] and their like.

use super::caller::Caller;
use super::func::{FEW, load_results, store_params};
use super::typed::{Slots, WasmParams, WasmResults, WasmRet, check_concrete, func_type};
use crate::activation::context::{StoreContext, VMHostContext};
use crate::activation::suspension::Waiting;
use crate::activation::{HostResult, ValRaw};
use crate::call::asynchronous::{Call, run};
use crate::error::Context as _;
use crate::instantiate::{self, check_imports};
use crate::oom::{self, Watch};
use crate::owner::OfEngine as _;
use crate::store::{HostFunc, RawStore, StoreOpaque, asking_until_stopped, in_steps};
use crate::types::FuncType;
use crate::{AsContextMut, Engine, Extern, Func, Instance, Module, Result, TypedFunc, Val};
use alloc::boxed::Box;
use alloc::format;
use alloc::vec::Vec;
use core::future::Future;
use core::mem::MaybeUninit;
use core::pin::Pin;
use core::ptr;
use core::slice;
use core::task::{Context, Poll, ready};

/// What an asynchronous host function returns.
type BoxFuture<'a, R> = Box<dyn Future<Output = R> + Send + 'a>;

impl Func {
    /// Makes an asynchronous host function whose type is known at run time only: as [`Func::new`], but `func` returns a
    /// future, which the call waits for.
    ///
    /// See [`wrap_async`](Self::wrap_async).
    ///
    /// # Panics
    /// If `ty` is of another engine than the store.
    pub fn new_async<T, F>(store: impl AsContextMut<Data = T>, ty: FuncType, func: F) -> Self
    where
        T: 'static,
        F: for<'a> Fn(
                Caller<'a, T>,
                &'a [Val],
                &'a mut [Val],
            ) -> Box<dyn Future<Output = Result<()>> + Send + 'a>
            + Send
            + Sync
            + 'static,
    {
        let made = |engine: &Engine, _| HostFunc::dynamic_async(engine, ty, func);
        oom::infallible(Self::make(store, made, Watch::OFF))
    }

    /// As [`new_async`](Self::new_async), where memory may be exhausted.
    ///
    /// # Errors
    /// Memory is exhausted.
    ///
    /// # Panics
    /// As for [`new_async`](Self::new_async).
    pub fn try_new_async<T, F>(
        store: impl AsContextMut<Data = T>,
        ty: FuncType,
        func: F,
    ) -> Result<Self>
    where
        T: 'static,
        F: for<'a> Fn(
                Caller<'a, T>,
                &'a [Val],
                &'a mut [Val],
            ) -> Box<dyn Future<Output = Result<()>> + Send + 'a>
            + Send
            + Sync
            + 'static,
    {
        let made = |engine: &Engine, _| HostFunc::dynamic_async(engine, ty, func);
        Self::make(store, made, Watch::start()?)
    }

    /// Makes an asynchronous host function of a closure whose type the Rust compiler knows: as [`Func::wrap`], but the
    /// closure takes a [`Caller`] and a tuple of the parameters, and returns a future, which the call waits for.
    ///
    /// Wasm code that calls it is called by [`call_async`](Self::call_async) and the like. While the future is not ready,
    /// the Wasm code is suspended, which takes no stack but its own and no thread: that of the call is free, and any other
    /// may poll it next. The future has the store, by its `Caller`, and may call into it. It is dropped before the call
    /// that waits for it, if that is.
    ///
    /// A call that can't wait ([`Func::call`]) polls the future once, with a waker that does nothing. If it is not ready
    /// then, it is dropped, and the call ends with an error that says so.
    ///
    /// ```
    /// # use wasmetal::{Config, Engine, Module, Store};
    /// use wasmetal::{Caller, Func, Instance};
    ///
    /// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
    /// let module = Module::new(&engine, r#"
    ///     (import "host" "read" (func $read (param i32) (result i32)))
    ///     (func (export "run") (result i32) (call $read (i32.const 20)))
    /// "#)?;
    /// let mut store = Store::new(&engine, 22);
    /// let read = Func::wrap_async(&mut store, |caller: Caller<'_, i32>, (x,): (i32,)| {
    ///     Box::new(async move {
    ///         # use std::task::Poll;
    ///         # let mut waited = false;
    ///         # let data_to_come = std::future::poll_fn(move |task| match std::mem::replace(&mut waited, true) {
    ///         #     true => Poll::Ready(()),
    ///         #     false => { task.waker().wake_by_ref(); Poll::Pending }
    ///         # });
    ///         data_to_come.await;
    ///         *caller.data() + x
    ///     })
    /// });
    /// # fn block_on<F: Future>(future: F) -> F::Output {
    /// #     let mut future = std::pin::pin!(future);
    /// #     let mut task = std::task::Context::from_waker(std::task::Waker::noop());
    /// #     loop { if let std::task::Poll::Ready(output) = future.as_mut().poll(&mut task) { break output } }
    /// # }
    /// // In an executor of your choice:
    /// let result = block_on(async {
    ///     let instance = Instance::new_async(&mut store, &module, &[read.into()]).await?;
    ///     let run = instance.get_typed_func::<(), i32>(&mut store, "run")?;
    ///     run.call_async(&mut store, ()).await
    /// });
    /// assert_eq!(result?, 42);
    /// # wasmetal::error::Ok(())
    /// ```
    pub fn wrap_async<T, F, P, R>(store: impl AsContextMut<Data = T>, func: F) -> Self
    where
        T: 'static,
        F: for<'a> Fn(Caller<'a, T>, P) -> Box<dyn Future<Output = R> + Send + 'a>
            + Send
            + Sync
            + 'static,
        P: WasmResults,
        R: WasmRet + 'static,
    {
        let made = |engine: &Engine, watch| HostFunc::typed_async(engine, func, watch);
        oom::infallible(Self::make(store, made, Watch::OFF))
    }

    /// As [`call`](Self::call), of Wasm code that may call asynchronous host functions.
    ///
    /// Polling the future runs the code, on the thread that polls, until it waits or has ended. Different threads may poll
    /// it. Dropping the future ends the call where it waits; the store can be used as after a trap. So does a deadline or
    /// an interrupt of the store: it wakes the task, and the next poll finds that the call has ended. On a platform without
    /// alarms (`Capabilities::alarm`) a deadline alone wakes nobody, and is found by the next poll.
    ///
    /// While a host function is polled, the waker is that of who polls this future, also inside calls that can't wait
    /// ([`call`](Self::call)) which that host function makes: an asynchronous host function in there is polled once, with
    /// that waker, and dropped if it is not ready. So a task may be woken once more than it need be, and never too few times.
    ///
    /// # Errors
    /// As for [`call`](Self::call).
    ///
    /// # Panics
    /// With the panic of a host function that was called (feature `std`).
    pub async fn call_async(
        &self,
        mut store: impl AsContextMut<Data: Send>,
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
        // SAFETY: the function is this store's; the slots hold parameters of its types, of this store, and are enough for
        // the results. They are part of this future, which stays where it is, or on the heap.
        unsafe {
            Call::new(
                store.reborrow(),
                self.func_ref,
                slots.as_mut_ptr(),
                ptr::null_mut(),
            )
        }
        .await?;
        // SAFETY: the call succeeded.
        unsafe { load_results(&mut store, &ty, slots, results) };
        Ok(())
    }
}

impl<Params: WasmParams, Results: WasmResults> TypedFunc<Params, Results> {
    /// As [`call`](Self::call), of Wasm code that may call asynchronous host functions: see [`Func::call_async`].
    ///
    /// # Errors
    /// As for [`call`](Self::call).
    ///
    /// # Panics
    /// With the panic of a host function that was called (feature `std`).
    pub async fn call_async(
        &self,
        mut store: impl AsContextMut<Data: Send>,
        params: Params,
    ) -> Result<Results>
    where
        Params: Sync,
        Results: Sync,
    {
        let mut store = store.as_context_mut().raw;
        let func = self.func().in_store(&store)?;
        let mut slots = Slots::<Params::Slots, Results::Slots> {
            params: MaybeUninit::uninit(),
        };
        // SAFETY: `MaybeUninit` is a valid reading of any bytes.
        params.store(&mut store, unsafe { &mut slots.params })?;
        if Params::HAS_REFERENCES && self.concrete {
            // SAFETY: the slots were just filled, with values of this store.
            unsafe { check_concrete(&mut store, *self.func(), (&raw const slots).cast()) }?;
        }
        // SAFETY: the function is this store's. The type was checked when `self` was made, so the slots
        // hold parameters of its types, of this store, and have room for the results. They are part of this future, which
        // stays where it is.
        unsafe {
            Call::new(
                store.reborrow(),
                func,
                (&raw mut slots).cast::<ValRaw>(),
                ptr::null_mut(),
            )
        }
        .await?;
        // SAFETY: the call succeeded, so the slots hold results of the function's types.
        Ok(unsafe { Results::load(&mut store, &slots.results) })
    }
}

impl Instance {
    /// As [`new`](Self::new), of a module whose start function may call asynchronous host functions.
    ///
    /// # Errors
    /// As for [`new`](Self::new).
    pub async fn new_async(
        mut store: impl AsContextMut<Data: Send>,
        module: &Module,
        imports: &[Extern],
    ) -> Result<Self> {
        let mut store = store.as_context_mut().raw;
        in_steps(&mut store, |store, steps| {
            check_imports(store, module, imports, steps)
        })?;
        // SAFETY: just checked.
        unsafe { instantiate_async(store, module, imports) }.await
    }
}

/// As [`instantiate`](instantiate::instantiate), of a module whose start function may call asynchronous host functions.
///
/// # Errors
/// As for [`instantiate`](instantiate::instantiate).
///
/// # Safety
/// `imports` have passed `check_imports`, but for the store they are of, with a store of the same engine.
pub(crate) async unsafe fn instantiate_async(
    mut store: RawStore<'_>,
    module: &Module,
    imports: &[Extern],
) -> Result<Instance> {
    // If the limiter answers later, all that was made is gone, and nobody was told of it: what asks comes before that.
    // SAFETY: the caller's promise.
    let make = |store: &mut StoreOpaque| unsafe { instantiate::make(store, module, imports) };
    let instance = match store.limiter_may_wait() {
        true => asking_until_stopped(store.reborrow(), make).await?,
        false => make(&mut store)?,
    };
    if let Some(start) = module.info().start {
        let call = {
            let data = instance.get(&store);
            let vmctx = data.vmctx.as_ptr();
            let start = instantiate::start_function(data, start)?;
            // SAFETY: a function of this store; validation says that it has neither parameters nor results.
            unsafe {
                Call::new(
                    store.reborrow(),
                    start.func_ref(),
                    ptr::dangling_mut(),
                    vmctx,
                )
            }
        };
        call.await?;
    }
    Ok(instance)
}

impl HostFunc {
    /// An asynchronous host function of Rust types.
    ///
    /// # Errors
    /// Memory is exhausted.
    pub(crate) fn typed_async<T, F, P, R>(engine: &Engine, func: F, watch: Watch) -> Result<Self>
    where
        T: 'static,
        F: for<'a> Fn(Caller<'a, T>, P) -> BoxFuture<'a, R> + Send + Sync + 'static,
        P: WasmResults,
        R: WasmRet + 'static,
    {
        let ty = func_type::<P, R::Values>(engine, watch)?;
        Self::new(ty, call_typed::<T, F, P, R>, func)
    }

    /// An asynchronous host function of values whose types are known at run time only.
    ///
    /// # Errors
    /// Memory is exhausted.
    ///
    /// # Panics
    /// If `ty` is of another engine.
    pub(crate) fn dynamic_async<T, F>(engine: &Engine, ty: FuncType, func: F) -> Result<Self>
    where
        T: 'static,
        F: for<'a> Fn(Caller<'a, T>, &'a [Val], &'a mut [Val]) -> BoxFuture<'a, Result<()>>
            + Send
            + Sync
            + 'static,
    {
        ty.assert_engine(engine);
        Self::new(ty.clone(), call_dynamic::<T, F>, Dynamic { ty, func })
    }
}

/// The future of a closure of Rust types, and the slots for its results.
struct TypedFuture<R> {
    /// `None` when it was ready: it has the store until it is dropped, and its drop may collect garbage, or call code.
    future: Option<Pin<BoxFuture<'static, R>>>,
    values: *mut ValRaw,
}

// SAFETY: the future is, and the slots belong to the call.
unsafe impl<R> Send for TypedFuture<R> {}

/// Polls the future of a host function. When it is ready it is gone: before its output, which may refer to objects, is in
/// slots that no collection knows of.
fn poll_and_drop<R>(
    future: &mut Option<Pin<BoxFuture<'static, R>>>,
    task: &mut Context<'_>,
) -> Poll<R> {
    let polled = future.as_mut().expect("it was not ready");
    let output = ready!(polled.as_mut().poll(task));
    *future = None;
    Poll::Ready(output)
}

impl<R: WasmRet> Waiting for TypedFuture<R> {
    unsafe fn poll(
        &mut self,
        context: *mut StoreContext,
        task: &mut Context<'_>,
    ) -> Poll<Result<u64>> {
        let results = ready!(poll_and_drop(&mut self.future, task)).into_result()?;
        // SAFETY: the caller's promise: the host function is being called, so that its slots are there. Its future, which
        // had the store, is gone.
        let stored = unsafe {
            let mut store = RawStore::lent_by(context);
            results.store(&mut store, &mut *self.values.cast())
        };
        Poll::Ready(stored.map(|()| 0))
    }
}

/// Calls a closure of Rust types.
///
/// # Safety
/// As [`HostFunction`](crate::activation::HostFunction): `host` was bound from a [`HostFunc`] with a closure of type `F`,
/// in a store with data of type `T`; `values` holds parameters of its type and has room for the results.
unsafe extern "C" fn call_typed<T, F, P, R>(
    host: *mut VMHostContext,
    values: *mut ValRaw,
) -> HostResult
where
    T: 'static,
    F: for<'a> Fn(Caller<'a, T>, P) -> BoxFuture<'a, R> + 'static,
    P: WasmResults,
    R: WasmRet + 'static,
{
    // SAFETY: the contract above, in all of the block.
    unsafe {
        run(host, |mut store, vmctx| {
            let func = &*(*host).owner.cast::<F>();
            let params = P::load(&mut store, &*values.cast());
            let future = Some(func(Caller::<T>::new(store, vmctx), params).into());
            Ok(TypedFuture { future, values })
        })
    }
}

/// A closure of values, with the type that it is given.
struct Dynamic<F> {
    ty: FuncType,
    func: F,
}

/// The future of a closure of values, and what it refers to.
struct DynamicFuture {
    // Dropped before `all`.
    /// As in [`TypedFuture`].
    future: Option<Pin<BoxFuture<'static, Result<()>>>>,
    /// Parameters, then results.
    all: Vec<Val>,
    ty: FuncType,
    values: *mut ValRaw,
}

// SAFETY: the future is, and the slots belong to the call.
unsafe impl Send for DynamicFuture {}

impl Waiting for DynamicFuture {
    unsafe fn poll(
        &mut self,
        context: *mut StoreContext,
        task: &mut Context<'_>,
    ) -> Poll<Result<u64>> {
        ready!(poll_and_drop(&mut self.future, task))?;
        // SAFETY: the caller's promise: the host function is being called, so that its slots are there. Its future, which
        // had the store, is gone.
        let store = unsafe { RawStore::lent_by(context) };
        let results = &self.all[self.ty.params().len()..];
        for (i, (result, ty)) in results.iter().zip(self.ty.results()).enumerate() {
            result.ensure_matches(&store, &ty).with_context(|| {
                format!("function attempted to return an incompatible value: result {i}")
            })?;
            let slot = result.to_slot(&store)?;
            // SAFETY: the caller's promise: the host function is being called, so that its slots are there, one for each
            // parameter and result at least.
            unsafe { *self.values.add(i) = slot };
        }
        Poll::Ready(Ok(0))
    }
}

/// Calls a closure of values.
///
/// # Safety
/// As [`call_typed`], with a closure of type `Dynamic<F>`.
unsafe extern "C" fn call_dynamic<T, F>(host: *mut VMHostContext, values: *mut ValRaw) -> HostResult
where
    T: 'static,
    F: for<'a> Fn(Caller<'a, T>, &'a [Val], &'a mut [Val]) -> BoxFuture<'a, Result<()>> + 'static,
{
    // SAFETY: the contract above, in all of the block.
    unsafe {
        run(host, |mut store, vmctx| {
            let Dynamic { ty, func } = &*(*host).owner.cast::<Dynamic<F>>();
            let count = ty.params().len();
            let mut all = oom::vec(count + ty.results().len())?;
            for (i, ty) in ty.canonical().params.iter().enumerate() {
                all.push(Val::from_slot(&mut store, &*values.add(i), *ty));
            }
            all.resize(count + ty.results().len(), Val::FuncRef(None));
            // The future is dropped before the vector, which nobody else uses meanwhile, and which does not move what is in
            // it.
            let start = all.as_mut_ptr();
            let params = slice::from_raw_parts(start, count);
            let results = slice::from_raw_parts_mut(start.add(count), all.len() - count);
            let future = Some(func(Caller::<T>::new(store, vmctx), params, results).into());
            Ok(DynamicFuture {
                future,
                all,
                ty: ty.clone(),
                values,
            })
        })
    }
}
