//! Deadlines and time slices that hold, whatever comes in between: throws, dropped calls, panics, interrupts taken back.

use crate::asynchronous::{poll_once, run, wait};
use crate::support::{engine, engines, module};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::task::{Context, Wake, Waker};
use std::thread;
use std::time::{Duration, Instant};
use wasmetal::{
    AsContextMut, Caller, Func, Instance, InterruptHandle, Result, Store, Trap, TypedFunc,
    WasmBacktrace, bail,
};

const SLICE: Duration = Duration::from_micros(100);
const SOON: Duration = Duration::from_millis(20);

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

/// Ends what would run for ever, long after it should have ended by itself; whether it had to.
fn watched(handle: InterruptHandle) -> Arc<AtomicBool> {
    let late = Arc::new(AtomicBool::new(false));
    thread::spawn({
        let late = late.clone();
        move || {
            thread::sleep(Duration::from_secs(60));
            late.store(true, SeqCst);
            handle.interrupt();
        }
    });
    late
}

/// The deadline ends the call.
fn check_deadline(store: &mut Store<u32>, f: TypedFunc<(), ()>, asynchronous: bool) {
    let late = watched(store.interrupt_handle().unwrap());
    store.set_deadline(Some(SOON)).unwrap();
    let error = match asynchronous {
        true => run(f.call_async(&mut *store, ())).unwrap_err(),
        false => f.call(&mut *store, ()).unwrap_err(),
    };
    assert_eq!(error.downcast_ref(), Some(&Trap::Interrupt));
    assert!(!late.load(SeqCst));
    store.set_deadline(None).unwrap();
}

/// The end of its slice ends the first poll of the call.
fn check_slice(store: &mut Store<u32>, f: TypedFunc<(), ()>) {
    let late = watched(store.interrupt_handle().unwrap());
    store.set_time_slice(Some(SLICE)).unwrap();
    poll_once(pin!(f.call_async(&mut *store, ())));
    assert!(!late.load(SeqCst));
}

#[cfg(feature = "exceptions")]
#[test]
fn a_throw_over_the_end_of_a_slice() {
    let mut store = Store::new(&engine(), 0);
    let ty = wasmetal::FuncType::new(store.engine(), [], []);
    let tag = wasmetal::Tag::new(&mut store, &wasmetal::TagType::new(ty)).unwrap();
    let throws = Func::wrap(
        &mut store,
        move |mut caller: Caller<'_, u32>| -> Result<()> {
            busy(5 * SLICE);
            let ty = wasmetal::ExnType::from_tag_type(&tag.ty(&caller))?;
            let pre = wasmetal::ExnRefPre::new(&mut caller, ty);
            let exception = wasmetal::ExnRef::new(&mut caller, &pre, &tag, &[])?;
            caller.as_context_mut().throw(exception)?;
            Ok(())
        },
    );
    let text = r#"(module (import "" "" (func $h)) (import "" "t" (tag $t))
        (func (export "f") (block $caught (try_table (catch $t $caught) (call $h))) (loop br 0)))"#;
    let f = typed(&mut store, text, &[throws.into(), tag.into()]);
    check_slice(&mut store, f);
}

const SPINS: &str = r#"(module (import "" "" (func $h)) (func (export "spin") (loop br 0))
    (func (export "f") (call $h) (loop br 0)))"#;

#[test]
fn an_inner_call_that_was_dropped_at_the_end_of_its_slice() {
    for deadline in [true, false] {
        let mut store = Store::new(&engine(), 0);
        let host = Func::wrap_async(&mut store, |mut caller: Caller<'_, u32>, ()| {
            Box::new(async move {
                let spin = caller.get_export("spin").unwrap().into_func().unwrap();
                let spin = spin.typed::<(), ()>(&caller).unwrap();
                poll_once(pin!(spin.call_async(&mut caller, ())));
            })
        });
        let f = typed(&mut store, SPINS, &[host.into()]);
        store.set_time_slice(Some(SLICE)).unwrap();
        match deadline {
            true => check_deadline(&mut store, f, true),
            false => check_slice(&mut store, f),
        }
    }
}

#[test]
fn a_panic_when_the_deadline_has_passed() {
    for asynchronous in [true, false] {
        let mut store = Store::new(&engine(), 0);
        let host = Func::wrap(&mut store, || -> () {
            busy(2 * SOON);
            panic!("a panic of the host");
        });
        let text = r#"(module (import "" "" (func $h)) (func (export "f") (call $h)))"#;
        let panics: TypedFunc<(), ()> = typed(&mut store, text, &[host.into()]);
        let spin = typed(&mut store, r#"(func (export "f") (loop br 0))"#, &[]);
        store.set_deadline(Some(SOON)).unwrap();
        let call = || match asynchronous {
            true => run(panics.call_async(&mut store, ())),
            false => panics.call(&mut store, ()),
        };
        let _ = catch_unwind(AssertUnwindSafe(call));
        check_deadline(&mut store, spin, false);
    }
}

#[test]
fn an_interrupt_that_was_taken_back() {
    for (refused, slice) in [(true, false), (false, false), (false, true)] {
        let mut store = Store::new(&engine(), 0);
        let own = store.interrupt_handle().unwrap();
        let host = Func::wrap(&mut store, move |mut caller: Caller<'_, u32>| {
            busy(5 * SLICE);
            own.interrupt();
            busy(20 * SLICE);
            if refused {
                let spin = caller.get_export("spin").unwrap().into_func().unwrap();
                let spin = spin.typed::<(), ()>(&caller).unwrap();
                assert!(spin.call(&mut caller, ()).is_err());
            }
            assert!(caller.as_context_mut().take_interrupt());
        });
        let f = typed(&mut store, SPINS, &[host.into()]);
        match slice {
            true => check_slice(&mut store, f),
            false => check_deadline(&mut store, f, false),
        }
    }
}

#[test]
fn no_frames_of_another_call() {
    let mut store = Store::new(&engine(), 0);
    let waits = Func::wrap_async(&mut store, |_: Caller<'_, u32>, ()| {
        Box::new(async move { wait(1).await })
    });
    let waits = waits.typed::<(), ()>(&store).unwrap();
    let text = r#"(func $g unreachable) (func (export "f") call $g)"#;
    let traps: TypedFunc<(), ()> = typed(&mut store, text, &[]);
    traps.call(&mut store, ()).unwrap_err();
    let error = waits.call(&mut store, ()).unwrap_err();
    let trace = error.downcast_ref::<WasmBacktrace>();
    assert!(
        trace.is_none_or(|trace| trace.frames().is_empty()),
        "{error:?}"
    );
}

struct Panics;

impl Wake for Panics {
    fn wake(self: Arc<Self>) {
        panic!("a panic of the waker");
    }
}

#[test]
fn a_waker_that_panics() {
    for engine in engines() {
        let mut store = Store::new(&engine, 0);
        let spin: TypedFunc<(), ()> = typed(&mut store, r#"(func (export "f") (loop br 0))"#, &[]);
        let fails = Func::wrap(&mut store, || -> Result<()> { bail!("fails") });
        let text = r#"(module (import "" "" (func $h)) (func (export "f") (call $h)))"#;
        let fails: TypedFunc<(), ()> = typed(&mut store, text, &[fails.into()]);
        store.set_time_slice(Some(SLICE)).unwrap();
        let waker = Waker::from(Arc::new(Panics));
        {
            let mut call = pin!(spin.call_async(&mut store, ()));
            let poll = || call.as_mut().poll(&mut Context::from_waker(&waker));
            assert!(catch_unwind(AssertUnwindSafe(poll)).is_err());
        }
        let error = run(fails.call_async(&mut store, ())).unwrap_err();
        let trace = error.downcast_ref::<WasmBacktrace>().unwrap();
        assert_eq!(trace.frames().len(), 1);
        check_slice(&mut store, spin);
    }
}

/// The program blocks all signals of its thread between two polls.
#[test]
fn blocked_signals() {
    let mut store = Store::new(&engine(), 0);
    let f: TypedFunc<i64, (i64, f64)> = typed(&mut store, crate::asynchronous::MANY_VALUES, &[]);
    store.set_time_slice(Some(SLICE)).unwrap();
    let mut call = Box::pin(f.call_async(&mut store, 3_000_000));
    poll_once(call.as_mut());
    // SAFETY: a set of signals, of this thread alone, which is a test's.
    unsafe {
        let mut set: libc::sigset_t = std::mem::zeroed();
        libc::sigfillset(&mut set);
        libc::pthread_sigmask(libc::SIG_BLOCK, &set, std::ptr::null_mut());
    }
    run(call).unwrap();
}

#[cfg(feature = "gc")]
mod results {
    use super::*;
    use std::future::Future;
    use std::pin::Pin;
    use std::task::Poll;
    use wasmetal::{AnyRef, Rooted};

    /// Ready with an object; collects when it is dropped.
    struct CollectsWhenDropped<'a> {
        caller: Caller<'a, u32>,
        polls: u32,
    }

    impl Future for CollectsWhenDropped<'_> {
        type Output = Result<Option<Rooted<AnyRef>>>;

        fn poll(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Self::Output> {
            if self.polls > 0 {
                self.polls -= 1;
                task.waker().wake_by_ref();
                return Poll::Pending;
            }
            let make = self.caller.get_export("make").unwrap().into_func().unwrap();
            let make = make.typed::<i32, Option<Rooted<AnyRef>>>(&self.caller)?;
            Poll::Ready(make.call(&mut self.caller, 42))
        }
    }

    impl Drop for CollectsWhenDropped<'_> {
        fn drop(&mut self) {
            self.caller.gc(None).unwrap();
            let make = self.caller.get_export("make").unwrap().into_func().unwrap();
            let make = make
                .typed::<i32, Option<Rooted<AnyRef>>>(&self.caller)
                .unwrap();
            for i in 0..10 {
                make.call(&mut self.caller, i).unwrap();
            }
        }
    }

    #[test]
    fn are_taken_when_the_future_is_gone() {
        for polls in [0, 1] {
            let mut store = Store::new(&engine(), 0);
            let host = Func::wrap_async(&mut store, move |caller: Caller<'_, u32>, ()| {
                Box::new(CollectsWhenDropped { caller, polls })
            });
            let text = r#"(module (type $box (struct (field i32)))
                (import "" "" (func $h (result anyref)))
                (func (export "make") (param i32) (result anyref)
                    (drop (struct.new $box (i32.const 1)))
                    (drop (struct.new $box (i32.const 2)))
                    (struct.new $box (local.get 0)))
                (func (export "f") (result i32) (struct.get $box 0 (ref.cast (ref $box) (call $h)))))"#;
            let f: TypedFunc<(), i32> = typed(&mut store, text, &[host.into()]);
            assert_eq!(run(f.call_async(&mut store, ())).unwrap(), 42);
        }
    }
}
