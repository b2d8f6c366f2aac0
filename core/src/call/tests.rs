//! Entry, host call, re-entry, throw and leave, as Miri sees them: who borrows the store when.
//!
//! All is real but the assembly (`arch/model`) and the Wasm code, which is Rust.

#[cfg(feature = "async")]
mod waiting;

use super::libcalls::builtins;
use crate::abi::builtins::Builtin;
use crate::activation::arch::{self, Code};
use crate::activation::context::{StoreContext, VMContext, VMFuncRef, VMHostContext};
use crate::activation::{HostResult, ValRaw};
use crate::{
    AsContextMut, Caller, Config, Engine, Error, ExternRef, Func, FuncType, ResourceLimiter,
    Result, Rooted, Store, StoreContextMut, StoreLimits, StoreLimitsBuilder, Trap, TypedFunc, Val,
    ValType,
};
use core::mem::transmute;
use core::ptr::NonNull;
use std::boxed::Box;
use std::sync::LazyLock;
use wasmetal_platform::fake::Fake;

/// What host functions of these tests find in their store.
#[derive(Default)]
struct Data {
    calls: u32,
    limits: StoreLimits,
    asked: u32,
}

impl ResourceLimiter for Data {
    fn memory_growing(&mut self, now: usize, new: usize, most: Option<usize>) -> Result<bool> {
        self.asked += 1;
        self.limits.memory_growing(now, new, most)
    }

    fn table_growing(&mut self, now: usize, new: usize, most: Option<usize>) -> Result<bool> {
        self.limits.table_growing(now, new, most)
    }
}

/// One for all tests: in Miri a function has several addresses, and a platform keeps to one trap hook.
static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    let mut config = Config::new(Box::leak(Box::new(Fake::new())));
    config.max_wasm_stack(4096).gc_heap_initial_size(16 << 10);
    Engine::new(&config).expect("an engine")
});

fn store(limits: StoreLimits) -> Store<Data> {
    let data = Data {
        limits,
        ..Data::default()
    };
    let mut store = Store::new(&ENGINE, data);
    store.limiter(|data| data);
    store
}

/// Wasm code: what it does with its values, until it is left.
type Body = dyn Fn(&Wasm, *mut ValRaw) -> Result<(), usize>;

/// A function of Wasm code, with the vmctx that it runs with.
#[repr(C)]
struct Wasm {
    vmctx: VMContext,
    func_ref: VMFuncRef,
    body: Box<Body>,
    /// Keeps the id of its type.
    _ty: FuncType,
}

unsafe extern "C" fn code(vmctx: *mut u8, values: *mut ValRaw) -> usize {
    // SAFETY: the vmctx is the start of a `Wasm`.
    let wasm = unsafe { &*vmctx.cast::<Wasm>() };
    (wasm.body)(wasm, values).err().unwrap_or(0)
}

/// A Wasm function of `store`, which is to be kept as long as that.
fn wasm(
    store: &Store<Data>,
    ty: FuncType,
    body: impl Fn(&Wasm, *mut ValRaw) -> Result<(), usize> + 'static,
) -> (NonNull<Wasm>, Func) {
    let store = &store.inner().opaque;
    let code: Code = code;
    let wasm = Box::new(Wasm {
        vmctx: VMContext {
            store: store.context.as_ptr(),
            builtins: builtins(),
            owner: core::ptr::null_mut(),
            clock: core::ptr::null(),
        },
        func_ref: VMFuncRef {
            code: code as *const u8,
            vmctx: core::ptr::null_mut(),
            type_id: ty.id(),
            id: 0,
            entry: code as *const u8,
        },
        body: Box::new(body),
        _ty: ty,
    });
    let wasm = NonNull::from(Box::leak(wasm));
    // SAFETY: just made, and freed by nobody.
    let func_ref = unsafe {
        (*wasm.as_ptr()).func_ref.vmctx = wasm.as_ptr().cast();
        NonNull::new_unchecked(&raw mut (*wasm.as_ptr()).func_ref)
    };
    let func = Func {
        store: store.id,
        func_ref,
    };
    (wasm, func)
}

impl Wasm {
    fn context(&self) -> *mut StoreContext {
        self.vmctx.store
    }

    /// Calls a host function with these values.
    fn call(&self, func: Func, values: *mut ValRaw) -> Result<(), usize> {
        // SAFETY: as generated code does it. No instance is the caller: there is none.
        let status = unsafe {
            let context = self.context();
            (*context).caller = core::ptr::null_mut();
            let host = (*func.func_ref.as_ptr()).vmctx.cast::<VMHostContext>();
            arch::host_call(host, values, context)
        };
        match status {
            0 => Ok(()),
            status => Err(status),
        }
    }

    /// Calls a builtin with one parameter.
    fn builtin(&self, builtin: Builtin, parameter: u64) -> Result<u64, usize> {
        let vmctx = (&raw const self.vmctx).cast_mut();
        // SAFETY: as generated code does it; the builtin has this parameter.
        unsafe {
            let body = *self.vmctx.builtins.add(builtin as usize);
            arch::exit(self.context(), || match builtin.params() {
                [crate::abi::builtins::BuiltinType::I32] => {
                    transmute::<*const u8, unsafe extern "C" fn(*mut VMContext, u32) -> HostResult>(
                        body,
                    )(vmctx, parameter as u32)
                }
                _ => {
                    transmute::<*const u8, unsafe extern "C" fn(*mut VMContext, u64) -> HostResult>(
                        body,
                    )(vmctx, parameter)
                }
            })
        }
    }

    fn trap(&self, trap: Trap) -> usize {
        // SAFETY: this code runs.
        unsafe { arch::trap(self.context(), trap) }
    }
}

fn i32_to_i32(store: &Store<Data>) -> FuncType {
    FuncType::new(store.engine(), [ValType::I32], [ValType::I32])
}

/// A context by value, in a frame around a call: a parameter is protected as long as the function runs.
fn call_by_value(mut store: StoreContextMut<'_, Data>, func: Func, value: i32) -> Result<i32> {
    let before = store.data().calls;
    let typed: TypedFunc<i32, i32> = func.typed(&store)?;
    let result = typed.call(&mut store, value)?;
    assert!(store.data().calls >= before);
    store.data_mut().calls += 1;
    Ok(result)
}

#[test]
fn entered_again_from_host_functions() {
    let mut store = store(StoreLimits::default());
    let ty = i32_to_i32(&store);
    // 3: a trap or a result.
    let (_keep, inner) = wasm(&store, ty.clone(), |wasm, values| {
        // SAFETY: a parameter and a result.
        let value = unsafe { (*values).get_i32() };
        if value < 0 {
            return Err(wasm.trap(Trap::IntegerOverflow));
        }
        // SAFETY: the one result takes the place of the one parameter.
        unsafe { *values = ValRaw::i32(value * 2) };
        Ok(())
    });
    // 2: host functions of both kinds, which call 3.
    let typed = Func::wrap(
        &mut store,
        move |mut caller: Caller<'_, Data>, value: i32| {
            caller.data_mut().calls += 1;
            let object = ExternRef::new(&mut caller, value)?;
            let by_value = call_by_value(caller.as_context_mut(), inner, value);
            caller.data_mut().calls += 10;
            assert_eq!(
                object.data(&caller)?.and_then(|any| any.downcast_ref()),
                Some(&value)
            );
            by_value
        },
    );
    let dynamic = Func::new(&mut store, ty.clone(), move |caller, params, results| {
        // By value as well.
        let mut store = StoreContextMut::from(caller);
        store.data_mut().calls += 100;
        let error = inner.call(&mut store, &[Val::I32(-1)], &mut [Val::I32(0)]);
        assert_eq!(
            error.expect_err("a trap").downcast_ref(),
            Some(&Trap::IntegerOverflow)
        );
        store.data_mut().calls += 1000;
        inner.call(&mut store, params, results)
    });
    // 1: calls both, and the second also where the first fails.
    let (_keep, outer) = wasm(&store, ty, move |wasm, values| {
        wasm.call(typed, values)?;
        wasm.call(dynamic, values)
    });
    let outer: TypedFunc<i32, i32> = outer.typed(&store).expect("its type");
    assert_eq!(outer.call(&mut store, 5).expect("a result"), 20);
    assert_eq!(store.data().calls, 1112);
    let error = outer.call(&mut store, -5).expect_err("a trap");
    assert_eq!(error.downcast_ref(), Some(&Trap::IntegerOverflow));
    // And from the host, in between and without Wasm code.
    let mut results = [Val::I32(0)];
    typed
        .call(&mut store, &[Val::I32(4)], &mut results)
        .expect("a result");
    assert_eq!(results[0].unwrap_i32(), 8);
    assert_eq!(outer.call(&mut store, 1).expect("a result"), 4);
}

#[test]
fn builtins_limiters_and_collections() {
    let mut store = store(StoreLimitsBuilder::new().memory_size(64 << 10).build());
    let ty = i32_to_i32(&store);
    let collect = Func::wrap(
        &mut store,
        |mut caller: Caller<'_, Data>, value: Option<Rooted<ExternRef>>| {
            caller.gc(None)?;
            let value = value.expect("not null");
            let seen = value
                .data(&caller)?
                .and_then(|any| any.downcast_ref())
                .copied();
            assert_eq!(seen, Some(7));
            caller.data_mut().calls += 1;
            Result::Ok(())
        },
    );
    let make = Func::wrap(&mut store, |mut caller: Caller<'_, Data>| {
        ExternRef::new(&mut caller, 7)
    });
    let (_keep, run) = wasm(&store, ty, move |wasm, values| {
        // SAFETY: a parameter and a result.
        let rounds = unsafe { (*values).get_i32() };
        for _ in 0..rounds {
            wasm.builtin(Builtin::gc_alloc, 4096)?;
            wasm.call(make, values)?;
            wasm.call(collect, values)?;
        }
        // SAFETY: the one result takes the place of the one parameter.
        unsafe { *values = ValRaw::i32(rounds) };
        Ok(())
    });
    let run: TypedFunc<i32, i32> = run.typed(&store).expect("its type");
    // Objects that are not written are no objects: only as many as fit without a collection.
    assert_eq!(run.call(&mut store, 1).expect("a result"), 1);
    assert!(store.data().asked > 0);
    assert_eq!(store.data().calls, 1);
}

#[cfg(feature = "exceptions")]
#[test]
fn thrown_and_taken() {
    use crate::{ExnRef, ExnRefPre, ExnType, Tag, TagType, ThrownException};
    let mut store = store(StoreLimits::default());
    let ty = FuncType::new(store.engine(), [ValType::I32], []);
    let tag = Tag::new(&mut store, &TagType::new(ty)).expect("a tag");
    let throw = Func::wrap(
        &mut store,
        move |mut caller: Caller<'_, Data>, value: i32| {
            caller.data_mut().calls += 1;
            let ty = ExnType::from_tag_type(&tag.ty(&caller))?;
            let pre = ExnRefPre::new(&mut caller, ty);
            let exception = ExnRef::new(&mut caller, &pre, &tag, &[Val::I32(value)])?;
            caller.as_context_mut().throw::<i32>(exception)
        },
    );
    let ty = i32_to_i32(&store);
    let (_keep, inner) = wasm(&store, ty.clone(), move |wasm, values| {
        wasm.call(throw, values)
    });
    let rethrow = Func::wrap(
        &mut store,
        move |mut caller: Caller<'_, Data>, value: i32| {
            let error = call_by_value(caller.as_context_mut(), inner, value).expect_err("thrown");
            assert!(error.is::<ThrownException>());
            caller.data_mut().calls += 1;
            Result::<i32>::Err(error)
        },
    );
    let (_keep, outer) = wasm(&store, ty, move |wasm, values| wasm.call(rethrow, values));
    let outer: TypedFunc<i32, i32> = outer.typed(&store).expect("its type");
    let error = outer.call(&mut store, 3).expect_err("thrown");
    assert!(error.is::<ThrownException>(), "{error:?}");
    let exception = store.take_pending_exception().expect("it is pending");
    assert_eq!(
        exception
            .field(&mut store, 0)
            .expect("a field")
            .unwrap_i32(),
        3
    );
    assert_eq!(store.data().calls, 2);
    // A null that is thrown is a trap.
    let ty = i32_to_i32(&store);
    let (_keep, null) = wasm(&store, ty, |wasm, _| {
        wasm.builtin(Builtin::throw_ref, 0).map(drop)
    });
    let error = null.call(&mut store, &[Val::I32(0)], &mut [Val::I32(0)]);
    assert_eq!(
        error.expect_err("a trap").downcast_ref(),
        Some(&Trap::NullReference)
    );
}

#[cfg(feature = "std")]
#[test]
fn panics_pass_through() {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    let mut store = store(StoreLimits::default());
    let panics = Func::wrap(
        &mut store,
        |mut caller: Caller<'_, Data>, value: i32| -> i32 {
            caller.data_mut().calls += 1;
            panic!("{value}")
        },
    );
    let ty = i32_to_i32(&store);
    let (_keep, outer) = wasm(&store, ty, move |wasm, values| wasm.call(panics, values));
    let outer: TypedFunc<i32, i32> = outer.typed(&store).expect("its type");
    for value in 0..2 {
        let panic = catch_unwind(AssertUnwindSafe(|| outer.call(&mut store, value)));
        let panic = panic.expect_err("it panics");
        assert_eq!(
            panic.downcast_ref::<std::string::String>(),
            Some(&std::format!("{value}"))
        );
    }
    assert_eq!(store.data().calls, 2);
}

#[test]
fn host_errors_come_back() {
    let mut store = store(StoreLimits::default());
    let fails = Func::wrap(&mut store, |_: i32| Result::<i32>::Err(Error::msg("no")));
    let ty = i32_to_i32(&store);
    let (_keep, outer) = wasm(&store, ty, move |wasm, values| wasm.call(fails, values));
    let outer: TypedFunc<i32, i32> = outer.typed(&store).expect("its type");
    let error = outer.call(&mut store, 1).expect_err("it fails");
    assert_eq!(std::format!("{}", error.root_cause()), "no");
}
