//! Asynchronous calls: host functions that wait, time slices, epochs that end a turn, and calls that are dropped.

use super::{Exhausted, failed};
use alloc::boxed::Box;
use core::future::{Future, poll_fn};
use core::pin::pin;
use core::task::{Context, Poll, Waker};
use core::time::Duration;
use wasmetal::*;
use wasmetal_wat::wat;

pub(crate) const GUEST: &[u8] = wat!(
    r#"(module
        (import "host" "wait" (func $wait (param i32) (result i32)))
        (import "host" "dynamic" (func $dynamic (param i32 f64) (result f64 i32)))
        (import "host" "thing" (func $thing (result externref)))
        (import "host" "nested" (func $nested (param i32) (result i32)))
        (import "host" "fail" (func $fail (param i32)))
        (import "host" "error" (tag $error (param i32)))
        (memory (export "memory") 1 3)
        (global $thing (export "thing") (mut externref) (ref.null extern))
        (start $begin)
        (func $begin (drop (call $wait (i32.const 2))))
        (func (export "run") (param $n i32) (result i32) (local $float f64)
            (global.set $thing (call $thing))
            (local.set $n (call $wait (local.get $n)))
            (call $dynamic (local.get $n) (f64.const 0.5))
            (local.set $n)
            (local.set $float)
            (local.set $n (call $nested (local.get $n)))
            (i32.add (local.get $n) (i32.trunc_f64_s (local.get $float))))
        (func (export "inner") (param i32) (result i32)
            (i32.add (call $wait (local.get 0)) (i32.const 10)))
        (func (export "catch") (param i32) (result i32)
            (block $caught (result i32)
                (try_table (catch $error $caught) (call $fail (local.get 0)))
                (i32.const -1)))
        (func (export "fail") (param i32) (result i32) (call $fail (local.get 0)) (i32.const 0))
        (func (export "grow") (param i32) (result i32)
            (drop (call $wait (local.get 0)))
            (memory.grow (i32.const 1)))
        (func (export "count") (param $n i32) (result i32) (local $sum i32)
            (loop
                (local.set $sum (i32.add (local.get $sum) (local.get $n)))
                (br_if 0 (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
            (local.get $sum))
        (func (export "spin") (param i32) (result i32) (loop (br 0)) (unreachable)))"#
);

/// Not ready so many times.
pub(crate) async fn pend(times: i32) {
    let mut left = times;
    poll_fn(|task| {
        if left == 0 {
            return Poll::Ready(());
        }
        left -= 1;
        task.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// Polls it so many times at most, and drops it: what it came to.
pub(crate) fn poll<F: Future>(future: F, times: usize) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut task = Context::from_waker(Waker::noop());
    (0..times).find_map(|_| match future.as_mut().poll(&mut task) {
        Poll::Ready(output) => Some(output),
        Poll::Pending => None,
    })
}

pub(crate) fn end<F: Future>(future: F) -> F::Output {
    poll(future, usize::MAX).expect("it ends")
}

fn define(linker: &mut Linker<u32>, store: &mut Store<u32>) -> Result<()> {
    type Host<'a> = Caller<'a, u32>;
    linker.func_wrap_async("host", "wait", |mut caller: Host<'_>, (n,): (i32,)| {
        Box::new(async move {
            pend(n % 3).await;
            *caller.data_mut() += 1;
            n + 1
        })
    })?;
    let engine = store.engine();
    let params = [ValType::I32, ValType::F64];
    let ty = FuncType::try_new(engine, params, [ValType::F64, ValType::I32])?;
    linker.func_new_async("host", "dynamic", ty, |_, params, results| {
        Box::new(async move {
            pend(1).await;
            results[0] = Val::F64(2.5_f64.to_bits());
            results[1] = params[0];
            Ok(())
        })
    })?;
    linker.func_wrap_async("host", "thing", |mut caller: Host<'_>, (): ()| {
        Box::new(async move {
            let thing = ExternRef::new(&mut caller, 5_u64)?;
            pend(1).await;
            caller.gc(None)?;
            Result::Ok(Some(thing))
        })
    })?;
    linker.func_wrap_async("host", "nested", |mut caller: Host<'_>, (n,): (i32,)| {
        Box::new(async move {
            let inner = caller.get_export("inner").and_then(Extern::into_func);
            let inner = inner.expect("exported").typed::<i32, i32>(&caller)?;
            inner.call_async(&mut caller, n).await
        })
    })?;
    let ty = ExnType::new(store.engine(), [ValType::I32])?;
    let tag = Tag::new(&mut *store, &ty.tag_type())?;
    linker.define(&mut *store, "host", "error", tag)?;
    linker.func_wrap_async("host", "fail", move |mut caller: Host<'_>, (n,): (i32,)| {
        Box::new(async move {
            pend(1).await;
            let ty = ExnType::from_tag_type(&tag.ty(&caller))?;
            let pre = ExnRefPre::new(&mut caller, ty);
            let exception = ExnRef::new(&mut caller, &pre, &tag, &[Val::I32(n)])?;
            caller.as_context_mut().throw::<()>(exception)
        })
    })?;
    Ok(())
}

/// In an engine with epochs; `guest` is an image of [`GUEST`].
pub(crate) fn waiting(engine: &Engine, guest: &[u8]) -> Result<()> {
    // SAFETY: what the compiler made.
    let module = unsafe { Module::deserialize_unsigned(engine, guest) }?;
    let mut store = Store::try_new(engine, 0_u32)?;
    store.set_epoch_deadline(1 << 60);
    let mut linker = Linker::new(engine);
    define(&mut linker, &mut store)?;
    let instance = end(linker.instantiate_async(&mut store, &module))?;
    assert_eq!(*store.data(), 1);
    let func = |store: &mut Store<u32>, name| instance.get_typed_func::<i32, i32>(store, name);
    let run = func(&mut store, "run")?;
    let count = func(&mut store, "count")?;
    let catch = func(&mut store, "catch")?;

    let waits = |store: &mut Store<u32>| -> Result<()> {
        assert_eq!(end(run.call_async(&mut *store, 5))?, 5 + 1 + 1 + 10 + 2);
        let mut results = [Val::I32(0)];
        let run = instance.get_func(&mut *store, "run").expect("exported");
        end(run.call_async(&mut *store, &[Val::I32(1)], &mut results))?;
        assert_eq!(results[0].unwrap_i32(), 1 + 1 + 1 + 10 + 2);
        assert_eq!(end(catch.call_async(&mut *store, 23))?, 23);
        let thrown = failed::<ThrownException, _>(end(
            func(&mut *store, "fail")?.call_async(&mut *store, 3)
        ))?;
        drop(thrown);
        store.take_pending_exception().expect("it is pending");
        // One that can't wait says so.
        match run_now(store, instance) {
            Err(error) if error.is::<wasmetal::error::OutOfMemory>() => Err(error),
            Err(_) => Ok(()),
            Ok(_) => panic!("it waits"),
        }
    };
    waits(&mut store)?;
    // Dropped at each poll.
    for polls in 1..9 {
        let result = poll(run.call_async(&mut store, 5), polls);
        result.transpose()?;
        assert_eq!(count.call(&mut store, 10)?, 55);
    }
    let second = poll(linker.instantiate_async(&mut store, &module), 1);
    assert!(second.transpose()?.is_none(), "its start function waits");

    // At any instruction.
    let has_slices = store.set_time_slice(Some(Duration::ZERO));
    match has_slices {
        Ok(()) => {
            assert_eq!(end(count.call_async(&mut store, 100))?, 5050);
            let spin = func(&mut store, "spin")?;
            let spun = poll(spin.call_async(&mut store, 0), 5);
            assert!(spun.transpose()?.is_none());
            waits(&mut store)?;
            store.set_time_slice(None)?;
        }
        Err(error) if super::is_exhaustion(&error) => return Err(error),
        Err(_) => {}
    }

    // Where code looks at the epochs.
    store.set_epoch_deadline(1);
    store.epoch_deadline_async_yield_and_update(1 << 60);
    engine.increment_epoch();
    let turn = poll(count.call_async(&mut store, 10), 1);
    assert!(turn.transpose()?.is_none(), "its epochs are over");
    store.set_epoch_deadline(1);
    engine.increment_epoch();
    assert_eq!(end(count.call_async(&mut store, 10))?, 55);
    store.set_epoch_deadline(1);
    store.epoch_deadline_callback(|_| Ok(UpdateDeadline::YieldCustom(1 << 60, Box::pin(pend(2)))));
    engine.increment_epoch();
    assert_eq!(end(count.call_async(&mut store, 10))?, 55);

    let grow = func(&mut store, "grow")?;
    match end(grow.call_async(&mut store, 4))? {
        -1 => Err(Exhausted.into()),
        old => {
            assert_eq!(old, 1);
            waits(&mut store)
        }
    }
}

fn run_now(store: &mut Store<u32>, instance: Instance) -> Result<i32> {
    let run = instance.get_typed_func::<i32, i32>(&mut *store, "run")?;
    run.call(store, 5)
}
