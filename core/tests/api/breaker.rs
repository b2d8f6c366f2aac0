//! Attacks.

use crate::asynchronous::{block_on, poll_once, run, wait};
use crate::support::{engine, engines, module};
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, Instant};
use wasmetal::{
    AsContextMut, Caller, ExternRef, Func, Instance, Result, Rooted, Store, Trap, TypedFunc,
    WasmBacktrace,
};

const SLICE: Duration = Duration::from_micros(100);

fn busy(time: Duration) {
    let end = Instant::now() + time;
    while Instant::now() < end {}
}

fn typed<P: wasmetal::WasmParams, R: wasmetal::WasmResults>(
    store: &mut Store<u32>,
    text: &str,
    imports: &[wasmetal::Extern],
) -> TypedFunc<P, R> {
    let module = module(&store.engine().clone(), text);
    let instance = Instance::new(&mut *store, &module, imports).unwrap();
    instance.get_typed_func(store, "f").unwrap()
}

/// The result of a host function's future is stored before the future is dropped, whose drop collects.
struct CollectsWhenDropped<'a> {
    caller: Caller<'a, u32>,
    root: Option<Rooted<ExternRef>>,
    polls: u32,
}

impl Future for CollectsWhenDropped<'_> {
    type Output = Result<Option<Rooted<ExternRef>>>;
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Self::Output> {
        if self.polls > 0 {
            self.polls -= 1;
            return Poll::Pending;
        }
        for i in 0..100_u32 {
            ExternRef::new(&mut self.caller, 1000 + i).unwrap();
        }
        let root = ExternRef::new(&mut self.caller, 42_u32).unwrap();
        self.root = Some(root);
        Poll::Ready(Ok(Some(root)))
    }
}

impl Drop for CollectsWhenDropped<'_> {
    fn drop(&mut self) {
        let mut scope = wasmetal::RootScope::new(&mut self.caller);
        for i in 0..50_u32 {
            ExternRef::new(&mut scope, 5000 + i).unwrap();
        }
        drop(scope);
        self.caller.as_context_mut().gc(None).unwrap();
        for i in 0..300_u32 {
            ExternRef::new(&mut self.caller, 7000 + i).unwrap();
        }
        self.caller.as_context_mut().gc(None).unwrap();
    }
}

#[test]
fn b01_results_and_the_drop_of_the_future() {
    for polls in [0, 1] {
        let mut store = Store::new(&engine(), 0);
        let host = Func::wrap_async(&mut store, move |mut caller: Caller<'_, u32>, ()| {
            // Garbage below, so that a collection moves what is alive.
            let mut scope = wasmetal::RootScope::new(&mut caller);
            for i in 0..100_u32 {
                ExternRef::new(&mut scope, i).unwrap();
            }
            drop(scope);
            Box::new(CollectsWhenDropped {
                caller,
                root: None,
                polls,
            })
        });
        let f: TypedFunc<(), Option<Rooted<ExternRef>>> = typed(
            &mut store,
            r#"(module (import "" "" (func $h (result externref))) (func (export "f") (result externref) (call $h)))"#,
            &[host.into()],
        );
        let mut call = Box::pin(f.call_async(&mut store, ()));
        let root = loop {
            if let Poll::Ready(result) = call.as_mut().poll(&mut Context::from_waker(Waker::noop()))
            {
                break result.unwrap().unwrap();
            }
        };
        drop(call);
        let data = root.data(&store);
        eprintln!("{data:?}");
        let data = data.unwrap().unwrap().downcast_ref::<u32>().copied();
        eprintln!("{data:?}");
        assert_eq!(data, Some(42));
    }
}

/// A throw over a host function that was diverted for a slice: is the slice's end lost?
#[test]
fn b02_a_throw_over_the_end_of_a_slice() {
    let mut store = Store::new(&engine(), 0);
    let tag = {
        let ty = wasmetal::FuncType::new(store.engine(), [], []);
        wasmetal::Tag::new(&mut store, &wasmetal::TagType::new(ty)).unwrap()
    };
    let throws = Func::wrap(&mut store, move |mut caller: Caller<'_, u32>| -> Result<()> {
        busy(5 * SLICE);
        let ty = wasmetal::ExnType::from_tag_type(&tag.ty(&caller))?;
        let pre = wasmetal::ExnRefPre::new(&mut caller, ty);
        let exception = wasmetal::ExnRef::new(&mut caller, &pre, &tag, &[])?;
        caller.as_context_mut().throw(exception)?;
        Ok(())
    });
    let f: TypedFunc<(), ()> = typed(
        &mut store,
        r#"(module (import "" "" (func $h)) (import "" "t" (tag $t))
            (func (export "f") (block $caught (try_table (catch $t $caught) (call $h)))
                (loop br 0)))"#,
        &[throws.into(), tag.into()],
    );
    store.set_time_slice(Some(SLICE)).unwrap();
    store.set_deadline(Some(Duration::from_secs(3))).unwrap();
    let start = Instant::now();
    {
        let mut call = pin!(f.call_async(&mut store, ()));
        let polled = call.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        eprintln!("{polled:?}");
    }
    let took = start.elapsed();
    assert!(took < Duration::from_secs(1), "one poll took {took:?}");
}

/// A host future that polls an inner call to the end of its slice, drops it, and is ready: both the slice and the deadline
/// of the outer are to hold.
fn dropped_inner(deadline: bool) {
    let mut store = Store::new(&engine(), 0);
    let host = Func::wrap_async(&mut store, move |mut caller: Caller<'_, u32>, ()| {
        Box::new(async move {
            let spin = caller.get_export("spin").unwrap().into_func().unwrap();
            let spin = spin.typed::<(), ()>(&caller).unwrap();
            let mut inner = Box::pin(spin.call_async(&mut caller, ()));
            poll_once(inner.as_mut());
            drop(inner);
        })
    });
    let f: TypedFunc<(), ()> = typed(
        &mut store,
        r#"(module (import "" "" (func $h)) (func (export "spin") (loop br 0))
            (func (export "f") (call $h) (loop br 0)))"#,
        &[host.into()],
    );
    store.set_time_slice(Some(SLICE)).unwrap();
    let handle = store.interrupt_handle().unwrap();
    store
        .set_deadline(Some(match deadline {
            true => Duration::from_millis(200),
            false => Duration::from_secs(3600),
        }))
        .unwrap();
    std::thread::spawn(move || {
        std::thread::sleep(Duration::from_secs(4));
        handle.interrupt();
    });
    let start = Instant::now();
    match deadline {
        true => {
            // Every poll may last; the call must end by the deadline.
            let (error, polls) = block_on(f.call_async(&mut store, ()));
            eprintln!("{polls} polls: {error:?}");
        }
        false => {
            let mut call = pin!(f.call_async(&mut store, ()));
            let polled = call.as_mut().poll(&mut Context::from_waker(Waker::noop()));
            eprintln!("{polled:?}");
        }
    }
    let took = start.elapsed();
    assert!(took < Duration::from_secs(2), "took {took:?}");
}

#[test]
fn b03_a_slice_lost_by_an_inner_call_that_was_dropped() {
    dropped_inner(false);
}

#[test]
fn b04_a_deadline_lost_by_an_inner_call_that_was_dropped() {
    dropped_inner(true);
}

/// After a panic of a host function whose exit frame was diverted, a later deadline is to hold.
fn panic_while_diverted(asynchronous: bool) {
    let mut store = Store::new(&engine(), 0);
    let host = Func::wrap(&mut store, || -> () {
        busy(Duration::from_millis(20));
        panic!("a panic of the host");
    });
    let f: TypedFunc<(), ()> = typed(
        &mut store,
        r#"(module (import "" "" (func $h)) (func (export "f") (call $h)))"#,
        &[host.into()],
    );
    let spin: TypedFunc<(), ()> = typed(&mut store, r#"(func (export "f") (loop br 0))"#, &[]);
    let handle = store.interrupt_handle().unwrap();
    store.set_deadline(Some(Duration::from_millis(5))).unwrap();
    let call = || match asynchronous {
        true => run(f.call_async(&mut store, ())),
        false => f.call(&mut store, ()),
    };
    assert!(catch_unwind(AssertUnwindSafe(call)).is_err());
    store.set_deadline(Some(Duration::from_millis(50))).unwrap();
    std::thread::spawn(move || {
        std::thread::sleep(Duration::from_secs(4));
        handle.interrupt();
    });
    let start = Instant::now();
    let result = spin.call(&mut store, ());
    eprintln!("{result:?}");
    let took = start.elapsed();
    assert!(took < Duration::from_secs(2), "took {took:?}");
}

#[test]
fn b05_a_panic_while_diverted() {
    panic_while_diverted(false);
}

#[test]
fn b06_a_panic_while_diverted_asynchronous() {
    panic_while_diverted(true);
}

/// A first call ever of an asynchronous host function by the host, which can't wait; and its backtrace after others.
#[test]
fn b07_would_wait_of_a_host_function_alone() {
    let mut store = Store::new(&engine(), 0);
    let waits = Func::wrap_async(&mut store, |_: Caller<'_, u32>, ()| {
        Box::new(async move { wait(1).await })
    });
    let host = waits.typed::<(), ()>(&store).unwrap();
    let error = host.call(&mut store, ()).unwrap_err();
    let frames = |error: &wasmetal::Error| {
        error
            .downcast_ref::<WasmBacktrace>()
            .map(|trace| trace.frames().len())
    };
    eprintln!("{:?}", frames(&error));
    let f: TypedFunc<(), ()> = typed(
        &mut store,
        r#"(func $g unreachable) (func (export "f") call $g)"#,
        &[],
    );
    f.call(&mut store, ()).unwrap_err();
    let error = host.call(&mut store, ()).unwrap_err();
    assert_eq!(frames(&error), Some(0), "{error:?}");
}

struct Panics;
impl Wake for Panics {
    fn wake(self: Arc<Self>) {
        panic!("a waker's panic");
    }
}

#[test]
fn b08_a_waker_that_panics() {
    for engine in engines() {
        let mut store = Store::new(&engine, 0);
        let spin: TypedFunc<(), ()> = typed(&mut store, r#"(func (export "f") (loop br 0))"#, &[]);
        let trap: TypedFunc<(), ()> =
            typed(&mut store, r#"(func $g unreachable) (func (export "f") call $g)"#, &[]);
        let fails = Func::wrap(&mut store, || -> Result<()> { wasmetal::bail!("fails") });
        let fails: TypedFunc<(), ()> = typed(
            &mut store,
            r#"(module (import "" "" (func $h)) (func (export "f") (call $h)))"#,
            &[fails.into()],
        );
        store.set_time_slice(Some(SLICE)).unwrap();
        let waker = Waker::from(Arc::new(Panics));
        for _ in 0..3 {
            {
                let mut call = Box::pin(spin.call_async(&mut store, ()));
                let poll = || call.as_mut().poll(&mut Context::from_waker(&waker)).is_ready();
                assert!(catch_unwind(AssertUnwindSafe(poll)).is_err());
                let poll = || call.as_mut().poll(&mut Context::from_waker(&waker)).is_ready();
                assert!(catch_unwind(AssertUnwindSafe(poll)).is_err());
            }
            let frames = |error: wasmetal::Error| {
                let trace = error.downcast_ref::<WasmBacktrace>().unwrap();
                trace.frames().len()
            };
            let error = run(fails.call_async(&mut store, ())).unwrap_err();
            assert_eq!(frames(error), 1);
            let error = run(trap.call_async(&mut store, ())).unwrap_err();
            assert_eq!(frames(error), 2);
            poll_once(pin!(spin.call_async(&mut store, ())));
        }
    }
}

/// Interrupted, a nested call refused, the interrupt taken: the deadline is to hold.
#[test]
fn b09_an_interrupt_taken_after_a_refused_call() {
    let mut store = Store::new(&engine(), 0);
    let handle = store.interrupt_handle().unwrap();
    let own = handle.clone();
    let host = Func::wrap(&mut store, move |mut caller: Caller<'_, u32>| {
        let spin = caller.get_export("spin").unwrap().into_func().unwrap();
        let spin = spin.typed::<(), ()>(&caller).unwrap();
        own.interrupt();
        busy(Duration::from_millis(2));
        assert!(spin.call(&mut caller, ()).is_err());
        assert!(caller.as_context_mut().take_interrupt());
    });
    let f: TypedFunc<(), ()> = typed(
        &mut store,
        r#"(module (import "" "" (func $h)) (func (export "spin") (loop br 0))
            (func (export "f") (call $h) (loop br 0)))"#,
        &[host.into()],
    );
    store.set_deadline(Some(Duration::from_millis(100))).unwrap();
    std::thread::spawn(move || {
        std::thread::sleep(Duration::from_secs(4));
        handle.interrupt();
    });
    let start = Instant::now();
    let result = f.call(&mut store, ());
    eprintln!("{result:?}");
    let took = start.elapsed();
    assert!(took < Duration::from_secs(2), "took {took:?}");
}

/// Interrupted after the slice has ended in a host function; the interrupt taken: the slice is to end.
#[test]
fn b10_a_slice_lost_by_an_interrupt_taken() {
    let mut store = Store::new(&engine(), 0);
    let handle = store.interrupt_handle().unwrap();
    let own = handle.clone();
    let host = Func::wrap(&mut store, move |mut caller: Caller<'_, u32>| {
        busy(5 * SLICE);
        own.interrupt();
        busy(Duration::from_millis(2));
        assert!(caller.as_context_mut().take_interrupt());
    });
    let f: TypedFunc<(), ()> = typed(
        &mut store,
        r#"(module (import "" "" (func $h)) (func (export "f") (call $h) (loop br 0)))"#,
        &[host.into()],
    );
    store.set_time_slice(Some(SLICE)).unwrap();
    std::thread::spawn(move || {
        std::thread::sleep(Duration::from_secs(4));
        handle.interrupt();
    });
    let start = Instant::now();
    {
        let mut call = pin!(f.call_async(&mut store, ()));
        let polled = call.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        eprintln!("{polled:?}");
    }
    let took = start.elapsed();
    assert!(took < Duration::from_secs(2), "took {took:?}");
}

/// A synchronous host function that blocks on a call, in a call with slices: it is to get on.
#[test]
fn b11_block_on_in_a_slice_that_is_over() {
    let mut store = Store::new(&engine(), 0);
    let host = Func::wrap(&mut store, |mut caller: Caller<'_, u32>, n: i64| {
        let work = caller.get_export("work").unwrap().into_func().unwrap();
        let work = work.typed::<i64, i64>(&caller).unwrap();
        let start = Instant::now();
        let (result, polls) = block_on(work.call_async(&mut caller, n));
        eprintln!("{polls} inner polls, {:?}", start.elapsed());
        result
    });
    let f: TypedFunc<i64, i64> = typed(
        &mut store,
        r#"(module (import "" "" (func $h (param i64) (result i64)))
            (func (export "work") (param $n i64) (result i64) (local $x i64)
                (loop (local.set $x (i64.add (i64.mul (local.get $x) (i64.const 31)) (local.get $n)))
                    (br_if 0 (i64.ne (local.tee $n (i64.sub (local.get $n) (i64.const 1))) (i64.const 0))))
                (local.get $x))
            (func (export "f") (param i64) (result i64) (call $h (local.get 0))))"#,
        &[host.into()],
    );
    let n = 20_000_000;
    let expected = f.call(&mut store, n).unwrap();
    store.set_time_slice(Some(SLICE)).unwrap();
    let start = Instant::now();
    let (result, polls) = block_on(f.call_async(&mut store, n));
    assert_eq!(result.unwrap(), expected);
    eprintln!("{polls} polls, {:?}", start.elapsed());
}

/// A store in a host function of another, both with slices; forgotten in between.
#[test]
fn b12_a_store_in_a_store() {
    for engine in engines() {
        let text = r#"(func (export "f") (param $n i64) (result i64) (local $x i64)
                (loop (local.set $x (i64.add (i64.mul (local.get $x) (i64.const 31)) (local.get $n)))
                    (br_if 0 (i64.ne (local.tee $n (i64.sub (local.get $n) (i64.const 1))) (i64.const 0))))
                (local.get $x))"#;
        let mut inner = Store::new(&engine, 0);
        let g: TypedFunc<i64, i64> = typed(&mut inner, text, &[]);
        let n = 3_000_000;
        let expected = g.call(&mut inner, n).unwrap();
        drop(inner);
        let mut store = Store::new(&engine, 0);
        let engine_too = engine.clone();
        let host = Func::wrap_async(&mut store, move |_: Caller<'_, u32>, (n,): (i64,)| {
            let engine = engine_too.clone();
            Box::new(async move {
                let mut inner = Store::new(&engine, 0);
                inner.set_time_slice(Some(SLICE / 2)).unwrap();
                inner.set_deadline(Some(Duration::from_secs(60))).unwrap();
                let g: TypedFunc<i64, i64> = typed(&mut inner, text, &[]);
                for i in 0..5 {
                    let mut call = Box::pin(g.call_async(&mut inner, n));
                    poll_once(call.as_mut());
                    match i % 2 {
                        0 => std::mem::forget(call),
                        _ => drop(call),
                    }
                }
                g.call_async(&mut inner, n).await
            })
        });
        let f: TypedFunc<i64, i64> = typed(
            &mut store,
            &format!(
                r#"(module (import "" "" (func $h (param i64) (result i64))) {}
                (func (export "g") (param i64) (result i64)
                (i64.add (call $h (local.get 0)) (call $f (local.get 0)))))"#,
                text.replace("(func", "(func $f")
            ),
            &[host.into()],
        );
        let _ = f;
        let module = module(
            &engine,
            &format!(
                r#"(module (import "" "" (func $h (param i64) (result i64))) {}
                (func (export "g") (param i64) (result i64)
                (i64.add (call $h (local.get 0)) (call $f (local.get 0)))))"#,
                text.replace("(func", "(func $f")
            ),
        );
        let instance = Instance::new(&mut store, &module, &[host.into()]).unwrap();
        let g = instance
            .get_typed_func::<i64, i64>(&mut store, "g")
            .unwrap();
        store.set_time_slice(Some(SLICE)).unwrap();
        let (result, polls) = block_on(g.call_async(&mut store, n));
        assert_eq!(result.unwrap(), expected.wrapping_mul(2));
        eprintln!("{polls} polls");
    }
}

/// A deadline in a store with slices, after a slice of an inner call that is polled on.
#[test]
fn b13_a_deadline_with_nested_slices() {
    let mut store = Store::new(&engine(), 0);
    let host = Func::wrap_async(&mut store, move |mut caller: Caller<'_, u32>, ()| {
        Box::new(async move {
            let spin = caller.get_export("spin").unwrap().into_func().unwrap();
            let spin = spin.typed::<(), ()>(&caller).unwrap();
            let _ = spin.call_async(&mut caller, ()).await;
        })
    });
    let f: TypedFunc<(), ()> = typed(
        &mut store,
        r#"(module (import "" "" (func $h)) (func (export "spin") (loop br 0))
            (func (export "f") (call $h) (loop br 0)))"#,
        &[host.into()],
    );
    store.set_time_slice(Some(SLICE)).unwrap();
    store.set_deadline(Some(Duration::from_millis(50))).unwrap();
    let error = run(f.call_async(&mut store, ())).unwrap_err();
    assert_eq!(error.downcast_ref(), Some(&Trap::Interrupt));
    store.set_deadline(None).unwrap();
    let ok: TypedFunc<(), ()> = typed(&mut store, r#"(func (export "f"))"#, &[]);
    run(ok.call_async(&mut store, ())).unwrap();
}
