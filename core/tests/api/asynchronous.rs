//! Asynchronous calls: host functions that wait, and what becomes of the Wasm code that has called them.

use crate::support::{engine, engines, module};
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;
use std::time::Duration;
use wasmetal::{
    AsContextMut, Caller, Engine, ExternRef, Func, FuncType, Instance, Linker, Module, Result,
    Rooted, Store, Trap, TypedFunc, UpdateDeadline, Val, ValType, WasmBacktrace, bail,
};

/// Counts how often it has woken.
#[derive(Default)]
struct Woken(AtomicUsize);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, SeqCst);
    }
}

/// The output of a future, and how often it was polled. Whoever waits must have woken the task.
pub(crate) fn block_on<F: Future>(future: F) -> (F::Output, usize) {
    let mut future = pin!(future);
    let woken = Arc::new(Woken::default());
    let waker = Waker::from(woken.clone());
    for polls in 1.. {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return (output, polls);
        }
        assert_eq!(woken.0.load(SeqCst), polls);
    }
    unreachable!()
}

pub(crate) fn run<F: Future>(future: F) -> F::Output {
    block_on(future).0
}

/// Polls a future once: it waits.
pub(crate) fn poll_once<F: Future + ?Sized>(future: Pin<&mut F>) {
    let polled = future.poll(&mut Context::from_waker(Waker::noop()));
    assert!(polled.is_pending());
}

/// Waits that many polls.
pub(crate) async fn wait(mut polls: u32) {
    poll_fn(|task| {
        if polls == 0 {
            return Poll::Ready(());
        }
        polls -= 1;
        task.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// Never ready.
fn forever() -> impl Future<Output = ()> + Send {
    poll_fn(|_| Poll::Pending)
}

/// `wait(polls, value)` is `value`.
fn waits(store: &mut Store<u32>) -> Func {
    Func::wrap_async(
        store,
        |mut caller: Caller<'_, u32>, (polls, value): (u32, i32)| {
            Box::new(async move {
                *caller.data_mut() += 1;
                wait(polls).await;
                *caller.data_mut() += 1;
                value
            })
        },
    )
}

const MODULE: &str = r#"
    (module
        (import "" "wait" (func $wait (param i32 i32) (result i32)))
        ;; What is alive over the calls is in registers and on the stack.
        (func $sum (export "sum") (param $n i32) (param $polls i32) (param $f f64) (param $v i64) (result i32 f64 i64)
            (local $total i32) (local $g f64) (local $w i64)
            (local.set $g (f64.mul (local.get $f) (f64.const 3)))
            (local.set $w (i64.xor (local.get $v) (i64.const -1)))
            (loop
                (local.set $total (i32.add (local.get $total) (call $wait (local.get $polls) (local.get $n))))
                (local.set $g (f64.add (local.get $g) (local.get $f)))
                (local.set $w (i64.add (local.get $w) (i64.extend_i32_s (local.get $n))))
                (br_if 0 (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
            (local.get $total) (local.get $g) (local.get $w))
        (func $deep (export "deep") (param $depth i32) (param $polls i32) (result i32)
            (if (result i32) (local.get $depth)
                (then (i32.add (i32.const 1) (call $deep (i32.sub (local.get $depth) (i32.const 1)) (local.get $polls))))
                (else (call $wait (local.get $polls) (i32.const 1000)))))
        (func (export "divide") (param $polls i32) (result i32)
            (i32.div_s (i32.const 1) (call $wait (local.get $polls) (i32.const 0)))))
"#;

fn instance(engine: &Engine) -> (Store<u32>, Instance) {
    let mut store = Store::new(engine, 0);
    let wait = waits(&mut store);
    let module = module(engine, MODULE);
    let instance = Instance::new(&mut store, &module, &[wait.into()]).unwrap();
    (store, instance)
}

fn typed<P: wasmetal::WasmParams, R: wasmetal::WasmResults>(
    store: &mut Store<u32>,
    instance: Instance,
    name: &str,
) -> TypedFunc<P, R> {
    instance.get_typed_func(store, name).unwrap()
}

#[test]
fn a_call_waits_as_often_as_the_host_does() {
    for engine in engines() {
        let (mut store, instance) = instance(&engine);
        let sum = typed::<(i32, u32, f64, i64), (i32, f64, i64)>(&mut store, instance, "sum");
        for polls in [0, 1, 2, 5] {
            for n in [1, 3, 10] {
                let call = sum.call_async(&mut store, (n, polls, 0.5, 7));
                let (result, polled) = block_on(call);
                let total = n * (n + 1) / 2;
                let expected = (total, 1.5 + 0.5 * f64::from(n), !7 + i64::from(total));
                assert_eq!(result.unwrap(), expected, "{n} {polls}");
                assert_eq!(polled, 1 + n as usize * polls as usize);
            }
        }
        let deep: TypedFunc<(i32, u32), i32> = typed(&mut store, instance, "deep");
        for depth in [0, 1, 1000] {
            let call = deep.call_async(&mut store, (depth, 3));
            assert_eq!(run(call).unwrap(), 1000 + depth);
        }
    }
}

#[test]
fn values_whose_types_are_known_at_run_time() {
    let engine = engine();
    let mut store = Store::new(&engine, 0_u32);
    let ty = FuncType::new(
        &engine,
        [ValType::I32, ValType::I64],
        [ValType::I64, ValType::I32],
    );
    let swap = Func::new_async(&mut store, ty.clone(), |_, params, results| {
        Box::new(async move {
            wait(2).await;
            results[0] = params[1];
            wait(1).await;
            results[1] = params[0];
            Ok(())
        })
    });
    let wrong = Func::new_async(&mut store, ty, |_, _, _| {
        Box::new(async {
            wait(1).await;
            Ok(())
        })
    });
    let text = r#"(module (import "" "" (func $f (param i32 i64) (result i64 i32)))
        (func (export "f") (param i32 i64) (result i64 i32) (call $f (local.get 0) (local.get 1))))"#;
    let module = module(&engine, text);
    let mut check = |host: Func, expected: Option<[i64; 2]>| {
        let instance = Instance::new(&mut store, &module, &[host.into()]).unwrap();
        let through_wasm = instance.get_func(&mut store, "f").unwrap();
        for func in [host, through_wasm] {
            let mut results = [Val::I32(0), Val::I32(0)];
            let params = [Val::I32(-1), Val::I64(1 << 40)];
            let call = func.call_async(&mut store, &params, &mut results);
            let result = run(call);
            let values = || [results[0].unwrap_i64(), results[1].unwrap_i32().into()];
            assert_eq!(result.ok().map(|()| values()), expected);
            // The number is checked before anything is called.
            assert!(run(func.call_async(&mut store, &params[1..], &mut results)).is_err());
        }
    };
    check(swap, Some([1 << 40, -1]));
    check(wrong, None);
}

#[test]
fn a_call_that_cannot_wait() {
    for engine in engines() {
        let (mut store, instance) = instance(&engine);
        let deep: TypedFunc<(i32, u32), i32> = typed(&mut store, instance, "deep");
        for _ in 0..2 {
            // It need not.
            assert_eq!(deep.call(&mut store, (2, 0)).unwrap(), 1002);
            let error = deep.call(&mut store, (2, 1)).unwrap_err();
            assert!(format!("{error:?}").contains("call_async"), "{error:?}");
            assert_eq!(
                error
                    .downcast_ref::<WasmBacktrace>()
                    .unwrap()
                    .frames()
                    .len(),
                3
            );
        }
        let host = waits(&mut store).typed::<(u32, i32), i32>(&store).unwrap();
        assert_eq!(host.call(&mut store, (0, 7)).unwrap(), 7);
        assert!(host.call(&mut store, (1, 7)).is_err());
        assert_eq!(run(host.call_async(&mut store, (1, 7))).unwrap(), 7);
    }
}

/// What drops counts.
struct Dropped(Arc<AtomicUsize>);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.fetch_add(1, SeqCst);
    }
}

#[test]
fn a_dropped_call_leaves_the_store_usable() {
    for engine in engines() {
        let (mut store, instance) = instance(&engine);
        let dropped = Arc::new(AtomicUsize::new(0));
        let stays = Func::wrap_async(&mut store, {
            let dropped = dropped.clone();
            move |mut caller: Caller<'_, u32>, ()| {
                let guard = Dropped(dropped.clone());
                Box::new(async move {
                    let _guard = guard;
                    let root = ExternRef::new(&mut caller, 7_u32).unwrap();
                    wait(1).await;
                    assert_eq!(
                        root.data(&caller).unwrap().unwrap().downcast_ref(),
                        Some(&7_u32)
                    );
                    forever().await;
                })
            }
        });
        let text = r#"(module (import "" "" (func $f)) (func (export "f") (call $f) unreachable))"#;
        let stuck = Instance::new(&mut store, &module(&engine, text), &[stays.into()]).unwrap();
        let stuck: TypedFunc<(), ()> = typed(&mut store, stuck, "f");
        let deep: TypedFunc<(i32, u32), i32> = typed(&mut store, instance, "deep");
        for polls in 0..4 {
            let before = dropped.load(SeqCst);
            {
                let mut call = pin!(stuck.call_async(&mut store, ()));
                for _ in 0..polls {
                    poll_once(call.as_mut());
                }
                assert_eq!(dropped.load(SeqCst), before);
            }
            assert_eq!(dropped.load(SeqCst), before + usize::from(polls > 0));
            assert_eq!(run(deep.call_async(&mut store, (50, 2))).unwrap(), 1050);
            assert_eq!(deep.call(&mut store, (5, 0)).unwrap(), 1005);
        }
        // What is forgotten is never polled again.
        let mut call = Box::pin(stuck.call_async(&mut store, ()));
        poll_once(call.as_mut());
        std::mem::forget(call);
        assert_eq!(run(deep.call_async(&mut store, (50, 2))).unwrap(), 1050);
        store.gc(None).unwrap();
    }
}

/// A host function that calls back into the module, `depth` levels deep, and waits before and after that.
fn nested(store: &mut Store<u32>) -> Func {
    Func::wrap_async(store, |mut caller: Caller<'_, u32>, (depth,): (i32,)| {
        Box::new(async move {
            wait(1).await;
            if depth == 0 {
                return Ok(1);
            }
            let again = caller.get_export("run").unwrap().into_func().unwrap();
            let again = again.typed::<i32, i32>(&caller)?;
            let mut total = 0;
            for _ in 0..2 {
                total += again.call_async(&mut caller, depth - 1).await?;
                wait(1).await;
            }
            // A call that was begun and is not gone on with.
            let mut dropped = Box::pin(again.call_async(&mut caller, depth - 1));
            poll_once(dropped.as_mut());
            drop(dropped);
            wait(1).await;
            Result::Ok(total + again.call_async(&mut caller, 0).await?)
        })
    })
}

#[test]
fn calls_in_calls() {
    for engine in engines() {
        let mut store = Store::new(&engine, 0_u32);
        let text = r#"(module (import "" "" (func $f (param i32) (result i32)))
            (func (export "run") (param i32) (result i32) (call $f (local.get 0))))"#;
        let host = nested(&mut store);
        let instance = Instance::new(&mut store, &module(&engine, text), &[host.into()]).unwrap();
        let f: TypedFunc<i32, i32> = typed(&mut store, instance, "run");
        let mut expected = 1;
        for depth in 0..6 {
            assert_eq!(run(f.call_async(&mut store, depth)).unwrap(), expected);
            expected = 2 * expected + 1;
        }
    }
}

#[test]
fn traps_errors_and_panics_after_waiting() {
    for engine in engines() {
        let (mut store, instance) = instance(&engine);
        let divide: TypedFunc<u32, i32> = typed(&mut store, instance, "divide");
        for polls in 0..3 {
            let error = run(divide.call_async(&mut store, polls)).unwrap_err();
            assert_eq!(error.downcast_ref(), Some(&Trap::IntegerDivisionByZero));
            assert_eq!(
                error
                    .downcast_ref::<WasmBacktrace>()
                    .unwrap()
                    .frames()
                    .len(),
                1
            );
        }
        let fails = Func::wrap_async(
            &mut store,
            |caller: Caller<'_, u32>, (polls, panics): (u32, u32)| {
                Box::new(async move {
                    wait(polls).await;
                    assert_eq!(panics, 0, "a panic of the host");
                    let frames = WasmBacktrace::capture(&caller).frames().len();
                    if frames > 0 {
                        bail!("after {frames} frames");
                    }
                    Result::Ok(())
                })
            },
        );
        let text = r#"(module (import "" "" (func $f (param i32 i32)))
            (func $g (param i32 i32) (call $f (local.get 0) (local.get 1)))
            (func (export "f") (param i32 i32) (call $g (local.get 0) (local.get 1))))"#;
        let through = Instance::new(&mut store, &module(&engine, text), &[fails.into()]).unwrap();
        let through: TypedFunc<(u32, u32), ()> = typed(&mut store, through, "f");
        let direct = fails.typed::<(u32, u32), ()>(&store).unwrap();
        for polls in 0..3 {
            let error = run(through.call_async(&mut store, (polls, 0))).unwrap_err();
            assert_eq!(error.root_cause().to_string(), "after 2 frames");
            assert_eq!(
                error
                    .downcast_ref::<WasmBacktrace>()
                    .unwrap()
                    .frames()
                    .len(),
                2
            );
            run(direct.call_async(&mut store, (polls, 0))).unwrap();
            for func in [&through, &direct] {
                let call = || run(func.call_async(&mut store, (polls, 1)));
                assert!(catch_unwind(AssertUnwindSafe(call)).is_err());
            }
        }
    }
}

#[test]
fn a_call_that_was_ready_is_not_polled_again() {
    let (mut store, instance) = instance(&engine());
    let deep: TypedFunc<(i32, u32), i32> = typed(&mut store, instance, "deep");
    let mut call = Box::pin(deep.call_async(&mut store, (1, 0)));
    let mut task = Context::from_waker(Waker::noop());
    assert!(call.as_mut().poll(&mut task).is_ready());
    let again = || call.as_mut().poll(&mut task).is_ready();
    assert!(catch_unwind(AssertUnwindSafe(again)).is_err());
}

#[test]
fn polled_by_a_thread_after_another() {
    for engine in engines() {
        let (mut store, instance) = instance(&engine);
        let deep: TypedFunc<(i32, u32), i32> = typed(&mut store, instance, "deep");
        for with_handle in [false, true] {
            if with_handle {
                store.interrupt_handle().unwrap();
            }
            let mut call = Box::pin(deep.call_async(&mut store, (20, 5)));
            for _ in 0..5 {
                let one = |call: Pin<&mut _>| poll_once::<dyn Future<Output = _> + Send>(call);
                thread::scope(|scope| scope.spawn(|| one(call.as_mut())).join().unwrap());
            }
            assert_eq!(run(call).unwrap(), 1020);
        }
    }
}

#[test]
fn a_store_that_is_to_stop_ends_a_call_that_waits() {
    for engine in engines() {
        let (mut store, instance) = instance(&engine);
        let deep: TypedFunc<(i32, u32), i32> = typed(&mut store, instance, "deep");
        // Whether the call has waited before it was to stop.
        let check = |store: &mut Store<u32>, stop: &dyn Fn()| {
            let mut call = Box::pin(deep.call_async(&mut *store, (3, 5)));
            let mut task = Context::from_waker(Waker::noop());
            for _ in 0..2 {
                if call.as_mut().poll(&mut task).is_ready() {
                    return false;
                }
            }
            stop();
            let error = run(call).unwrap_err();
            assert_eq!(error.downcast_ref(), Some(&Trap::Interrupt));
            let trace = error.downcast_ref::<WasmBacktrace>().unwrap();
            assert_eq!(trace.frames().len(), 4);
            true
        };
        let handle = store.interrupt_handle().unwrap();
        assert!(check(&mut store, &|| handle.interrupt()));
        // That one was used up.
        assert_eq!(run(deep.call_async(&mut store, (3, 5))).unwrap(), 1003);
        let mut soon = Duration::from_millis(5);
        loop {
            store.set_deadline(Some(soon)).unwrap();
            if check(&mut store, &|| thread::sleep(2 * soon)) {
                break;
            }
            // This machine is busy.
            soon *= 2;
        }
        let error = run(deep.call_async(&mut store, (3, 5))).unwrap_err();
        assert_eq!(error.downcast_ref(), Some(&Trap::Interrupt));
        store.set_deadline(None).unwrap();
        assert_eq!(run(deep.call_async(&mut store, (3, 5))).unwrap(), 1003);
    }
}

#[test]
fn a_deadline_ends_code_that_was_gone_on_with() {
    for engine in engines() {
        let mut store = Store::new(&engine, 0_u32);
        let host = waits(&mut store);
        let text = r#"(module (import "" "" (func $wait (param i32 i32) (result i32)))
            (func (export "f") (drop (call $wait (i32.const 3) (i32.const 0))) (loop br 0)))"#;
        let instance = Instance::new(&mut store, &module(&engine, text), &[host.into()]).unwrap();
        let f: TypedFunc<(), ()> = typed(&mut store, instance, "f");
        store.set_deadline(Some(Duration::from_millis(20))).unwrap();
        let error = run(f.call_async(&mut store, ())).unwrap_err();
        assert_eq!(error.downcast_ref(), Some(&Trap::Interrupt));
    }
}

#[test]
fn start_functions_and_modules_of_a_linker() {
    for engine in engines() {
        let mut linker = Linker::<u32>::new(&engine);
        linker
            .func_wrap_async("", "wait", |mut caller: Caller<'_, u32>, ()| {
                Box::new(async move {
                    wait(2).await;
                    *caller.data_mut() += 1;
                })
            })
            .unwrap();
        let ty = FuncType::new(&engine, [], []);
        linker
            .func_new_async("", "wait_too", ty, |mut caller, _, _| {
                Box::new(async move {
                    wait(1).await;
                    *caller.data_mut() += 10;
                    Ok(())
                })
            })
            .unwrap();
        let imports = r#"(import "" "wait" (func $wait)) (import "" "wait_too" (func $too))"#;
        let of = |rest: &str| module(&engine, &format!("(module {imports} {rest})"));
        let check = |store: &mut Store<u32>, module: &Module, expected: u32| {
            *store.data_mut() = 0;
            run(linker.instantiate_async(&mut *store, module)).unwrap();
            assert_eq!(*store.data(), expected);
            assert!(linker.instantiate(&mut *store, module).is_err());
        };
        let mut store = Store::new(&engine, 0);
        check(&mut store, &of("(start $wait)"), 1);
        check(
            &mut store,
            &of("(func $s (call $wait) (call $too)) (start $s)"),
            11,
        );

        let reactor =
            of(r#"(func (export "_initialize") (call $wait)) (func (export "f") (call $too))"#);
        let command = of(r#"(func (export "_start") (call $too) (call $wait))"#);
        let mut modules = linker.clone();
        *store.data_mut() = 0;
        run(modules.module_async(&mut store, "reactor", &reactor)).unwrap();
        run(modules.module_async(&mut store, "command", &command)).unwrap();
        assert_eq!(*store.data(), 1);
        for (name, expected) in [("reactor", 10), ("command", 11)] {
            *store.data_mut() = 0;
            let export = if name == "reactor" { "f" } else { "_start" };
            let func = modules
                .get(&mut store, name, export)
                .unwrap()
                .into_func()
                .unwrap();
            run(func.call_async(&mut store, &[], &mut [])).unwrap();
            assert_eq!(*store.data(), expected);
        }
    }
}

#[cfg(feature = "gc")]
#[test]
fn references_survive_collections_while_code_waits() {
    for engine in engines() {
        let mut store = Store::new(&engine, 0_u32);
        let host = Func::wrap_async(
            &mut store,
            |mut caller: Caller<'_, u32>, (given,): (Option<Rooted<wasmetal::AnyRef>>,)| {
                Box::new(async move {
                    let other = ExternRef::new(&mut caller, 9_u32)?;
                    for _ in 0..3 {
                        wait(1).await;
                        caller.gc(None)?;
                    }
                    assert_eq!(other.data(&caller)?.unwrap().downcast_ref(), Some(&9_u32));
                    Result::Ok(given)
                })
            },
        );
        let text = r#"(module
            (type $box (struct (field i32)))
            (import "" "" (func $f (param anyref) (result anyref)))
            (func (export "f") (param i32) (result i32)
                (local $mine (ref $box))
                (local.set $mine (struct.new $box (i32.mul (local.get 0) (i32.const 3))))
                (i32.add
                    (struct.get $box 0 (ref.cast (ref $box)
                        (call $f (struct.new $box (local.get 0)))))
                    (struct.get $box 0 (local.get $mine)))))"#;
        let instance = Instance::new(&mut store, &module(&engine, text), &[host.into()]).unwrap();
        let f: TypedFunc<i32, i32> = typed(&mut store, instance, "f");
        for n in 0..20 {
            assert_eq!(run(f.call_async(&mut store, n)).unwrap(), 4 * n);
        }
    }
}

#[cfg(feature = "exceptions")]
#[test]
fn exceptions_are_thrown_by_functions_that_have_waited() {
    for engine in engines() {
        let mut store = Store::new(&engine, 0_u32);
        let text = r#"(module
            (import "" "" (func $f (param i32)))
            (tag $e (export "e") (param i32))
            (func (export "throw") (param i32) (throw $e (local.get 0)))
            (func $catches (export "f") (param i32) (result i32)
                (block $caught (result i32)
                    (try_table (catch $e $caught) (call $f (local.get 0)))
                    (i32.const -1)))
            (func (export "uncaught") (param i32) (result i32) (call $f (local.get 0)) (i32.const -2)))"#;
        // It throws what the module throws when it is called.
        let host = Func::wrap_async(
            &mut store,
            |mut caller: Caller<'_, u32>, (value,): (i32,)| {
                Box::new(async move {
                    wait(2).await;
                    let throw = caller.get_export("throw").unwrap().into_func().unwrap();
                    let throw = throw.typed::<i32, ()>(&caller)?;
                    throw.call_async(&mut caller, value).await
                })
            },
        );
        let instance = Instance::new(&mut store, &module(&engine, text), &[host.into()]).unwrap();
        let f: TypedFunc<i32, i32> = typed(&mut store, instance, "f");
        let uncaught: TypedFunc<i32, i32> = typed(&mut store, instance, "uncaught");
        for n in 0..3 {
            assert_eq!(run(f.call_async(&mut store, n)).unwrap(), n);
            let error = run(uncaught.call_async(&mut store, n)).unwrap_err();
            assert!(error.is::<wasmetal::ThrownException>(), "{error:?}");
            assert!(store.as_context_mut().take_pending_exception().is_some());
        }
    }
}

#[test]
fn futures_are_send() {
    fn is_send<T: Send>(value: T) -> T {
        value
    }
    let engine = engine();
    let (mut store, instance) = instance(&engine);
    let func = instance.get_func(&mut store, "divide").unwrap();
    let module = module(&engine, "(module)");
    drop(is_send(func.call_async(&mut store, &[], &mut [])));
    drop(is_send(Instance::new_async(&mut store, &module, &[])));
    let linker = Linker::new(&engine);
    drop(is_send(linker.instantiate_async(&mut store, &module)));
    let divide: TypedFunc<u32, i32> = typed(&mut store, instance, "divide");
    drop(is_send(divide.call_async(&mut store, 1)));
}

/// A loop with more values alive than there are registers: what it computes from `n`.
pub(crate) const MANY_VALUES: &str = r#"
    (func (export "f") (param $n i64) (result i64 f64)
        (local $a i64) (local $b i64) (local $c i64) (local $d i64) (local $e i64) (local $f i64) (local $g i64)
        (local $v f64) (local $w f64) (local $x f64) (local $y f64) (local $z f64)
        (local.set $v (f64.const 1)) (local.set $w (f64.const 2)) (local.set $x (f64.const 3))
        (loop
            (local.set $a (i64.add (local.get $a) (local.get $n)))
            (local.set $b (i64.xor (local.get $b) (local.get $a)))
            (local.set $c (i64.rotl (i64.add (local.get $c) (local.get $b)) (i64.const 7)))
            (local.set $d (i64.sub (local.get $c) (local.get $d)))
            (local.set $e (i64.mul (i64.add (local.get $e) (local.get $d)) (i64.const 0x9e3779b97f4a7c15)))
            (local.set $f (i64.xor (i64.rotl (local.get $f) (i64.const 13)) (local.get $e)))
            (local.set $g (i64.add (local.get $g) (local.get $f)))
            (local.set $v (f64.add (local.get $v) (f64.convert_i64_s (local.get $n))))
            (local.set $w (f64.sqrt (f64.add (local.get $w) (local.get $v))))
            (local.set $x (f64.div (f64.add (local.get $x) (local.get $w)) (f64.const 3)))
            (local.set $y (f64.sub (local.get $x) (local.get $y)))
            (local.set $z (f64.add (f64.mul (local.get $z) (f64.const 0.5)) (local.get $y)))
            (br_if 0 (i64.ne (local.tee $n (i64.sub (local.get $n) (i64.const 1))) (i64.const 0))))
        (i64.xor (local.get $g) (i64.xor (local.get $a) (local.get $d)))
        (f64.add (local.get $z) (f64.add (local.get $v) (local.get $x))))
"#;

#[test]
fn code_yields_at_the_end_of_its_epochs() {
    let mut config = crate::support::config();
    config.epoch_interruption(true);
    let engine = Engine::new(&config).unwrap();
    let mut store = Store::new(&engine, 0_u32);
    let instance = Instance::new(&mut store, &module(&engine, MANY_VALUES), &[]).unwrap();
    let f: TypedFunc<i64, (i64, f64)> = typed(&mut store, instance, "f");
    store.set_epoch_deadline(1);
    let expected = f.call(&mut store, 1000).unwrap();
    // Each round of the loop finds the deadline come.
    store.epoch_deadline_async_yield_and_update(0);
    store.set_epoch_deadline(0);
    let (result, polls) = block_on(f.call_async(&mut store, 1000));
    assert_eq!(result.unwrap(), expected);
    assert!(polls > 1000, "{polls}");

    // A future of the callback's.
    store.epoch_deadline_callback(|mut store| {
        *store.data_mut() += 1;
        Ok(match *store.data() {
            3 => UpdateDeadline::Continue(1),
            count => UpdateDeadline::YieldCustom(0, Box::pin(wait(count))),
        })
    });
    store.set_epoch_deadline(0);
    let (result, polls) = block_on(f.call_async(&mut store, 1000));
    assert_eq!((result.unwrap(), polls), (expected, 1 + 1 + 2));

    *store.data_mut() = 0;
    store.set_epoch_deadline(0);
    let error = f.call(&mut store, 1000).unwrap_err();
    assert!(format!("{error:?}").contains("call_async"), "{error:?}");
    {
        let mut call = pin!(f.call_async(&mut store, 1000));
        poll_once(call.as_mut());
    }
    store.set_epoch_deadline(1);
    assert_eq!(f.call(&mut store, 1000).unwrap(), expected);
}

#[test]
fn a_synchronous_call_that_is_to_yield_fails_each_time() {
    let mut config = crate::support::config();
    config.epoch_interruption(true);
    let engine = Engine::new(&config).unwrap();
    let mut store = Store::new(&engine, 0_u32);
    let text = r#"(func (export "f") (loop (br 0)))"#;
    let instance = Instance::new(&mut store, &module(&engine, text), &[]).unwrap();
    let f: TypedFunc<(), ()> = typed(&mut store, instance, "f");
    let answers: [fn() -> UpdateDeadline; 2] = [
        || UpdateDeadline::Yield(1_000),
        || UpdateDeadline::YieldCustom(1_000, Box::pin(std::future::pending())),
    ];
    for answer in answers {
        store.epoch_deadline_callback(move |_| Ok(answer()));
        for _ in 0..2 {
            let error = f.call(&mut store, ()).unwrap_err();
            assert!(format!("{error:?}").contains("call_async"), "{error:?}");
        }
    }
    store.epoch_deadline_trap();
    let error = f.call(&mut store, ()).unwrap_err();
    assert_eq!(error.downcast_ref(), Some(&Trap::Interrupt));
}

#[test]
fn hooks_hear_of_calls_that_wait() {
    use wasmetal::CallHook::{
        self, CallingHost, CallingWasm, ReturningFromHost, ReturningFromWasm,
    };
    for engine in engines() {
        let (mut store, instance) = instance(&engine);
        let deep: TypedFunc<(i32, u32), i32> = typed(&mut store, instance, "deep");
        let divide: TypedFunc<u32, i32> = typed(&mut store, instance, "divide");
        let heard = Arc::new(std::sync::Mutex::new(Vec::<CallHook>::new()));
        store.call_hook({
            let heard = heard.clone();
            move |_, what| {
                heard.lock().unwrap().push(what);
                Ok(())
            }
        });
        let all = [
            CallingWasm,
            CallingHost,
            ReturningFromHost,
            ReturningFromWasm,
        ];
        for polls in [0, 3] {
            assert_eq!(run(deep.call_async(&mut store, (3, polls))).unwrap(), 1003);
            assert_eq!(std::mem::take(&mut *heard.lock().unwrap()), all);
            run(divide.call_async(&mut store, polls)).unwrap_err();
            assert_eq!(std::mem::take(&mut *heard.lock().unwrap()), all);
        }
        // One that fails in time.
        for fails in all {
            store.call_hook(move |_, what| match what == fails {
                true => bail!("the hook"),
                false => Ok(()),
            });
            let error = run(deep.call_async(&mut store, (3, 2))).unwrap_err();
            assert_eq!(error.root_cause().to_string(), "the hook", "{fails:?}");
        }
    }
}

/// Waits for a future on this thread, which sleeps meanwhile.
fn park_on<F: Future>(future: F) -> F::Output {
    struct Unpark(thread::Thread);

    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }

    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(output) => return output,
            Poll::Pending => thread::park(),
        }
    }
}

#[test]
fn an_interrupt_wakes_a_call_that_waits() {
    for engine in engines() {
        let mut store = Store::new(&engine, 0_u32);
        let stays = Func::wrap_async(&mut store, |_: Caller<'_, u32>, ()| {
            Box::new(async { forever().await })
        });
        let text = r#"(module (import "" "" (func $f)) (func (export "f") (call $f)))"#;
        let instance = Instance::new(&mut store, &module(&engine, text), &[stays.into()]).unwrap();
        let through: TypedFunc<(), ()> = typed(&mut store, instance, "f");
        let direct = stays.typed::<(), ()>(&store).unwrap();
        let handle = store.interrupt_handle().unwrap();
        for func in [through, direct] {
            for pause in [0, 5] {
                let handle = handle.clone();
                let other = thread::spawn(move || {
                    thread::sleep(Duration::from_millis(pause));
                    handle.interrupt();
                });
                let error = park_on(func.call_async(&mut store, ())).unwrap_err();
                assert_eq!(error.downcast_ref(), Some(&Trap::Interrupt));
                other.join().unwrap();
            }
        }
    }
}

/// What a call that waits takes besides its Wasm stack and the future of its host function is its own future.
#[test]
fn a_call_that_waits_is_small() {
    let engine = engine();
    let module = module(
        &engine,
        r#"(func (export "f") (param i32) (result i32) (local.get 0))"#,
    );
    let mut store = Store::new(&engine, 0_u32);
    let instance = Instance::new(&mut store, &module, &[]).unwrap();
    let f: TypedFunc<i32, i32> = instance.get_typed_func(&mut store, "f").unwrap();
    let call = f.call_async(&mut store, 1);
    let size = size_of_val(&call);
    assert!(size <= 512, "{size} bytes");
    assert_eq!(run(call).unwrap(), 1);
}
