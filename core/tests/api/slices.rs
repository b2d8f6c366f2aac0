//! Time slices: asynchronous calls that are left at any instruction, and gone on with.

use crate::asynchronous::{MANY_VALUES, block_on, poll_once, run, wait};
use crate::machine::{Like, Machine};
use crate::support::{engine, engines, module};
use std::pin::pin;
use std::thread;
use std::time::{Duration, Instant};
use wasmetal::{
    AsContextMut, Caller, Config, Engine, Func, Instance, Result, Store, Trap, TypedFunc,
    WasmBacktrace,
};
use wasmetal_platform::{Capabilities, Platform as _};
use wasmetal_platform_linux::platform;

const SLICE: Duration = Duration::from_micros(30);

fn typed<P: wasmetal::WasmParams, R: wasmetal::WasmResults>(
    store: &mut Store<u32>,
    text: &str,
    imports: &[wasmetal::Extern],
) -> TypedFunc<P, R> {
    let module = module(&store.engine().clone(), text);
    let instance = Instance::new(&mut *store, &module, imports).unwrap();
    instance.get_typed_func(store, "f").unwrap()
}

/// A call ends with this result, and was left at the end of a slice at least that often.
fn check<
    P: wasmetal::WasmParams + Sync + Clone,
    R: wasmetal::WasmResults + Sync + PartialEq + std::fmt::Debug,
>(
    store: &mut Store<u32>,
    f: TypedFunc<P, R>,
    params: P,
    at_least: usize,
) {
    store.set_time_slice(None).unwrap();
    let expected = run(f.call_async(&mut *store, params.clone())).unwrap();
    for slice in [SLICE, Duration::from_micros(1), Duration::ZERO] {
        store.set_time_slice(Some(slice)).unwrap();
        let (result, polls) = block_on(f.call_async(&mut *store, params.clone()));
        assert_eq!(result.unwrap(), expected);
        assert!(polls > at_least, "{slice:?}: {polls}");
    }
    store
        .set_time_slice(Some(Duration::from_secs(3600)))
        .unwrap();
    let result = run(f.call_async(&mut *store, params));
    assert_eq!(result.unwrap(), expected);
}

#[test]
fn registers_are_as_they_were() {
    for engine in engines() {
        let mut store = Store::new(&engine, 0);
        let f: TypedFunc<i64, (i64, f64)> = typed(&mut store, MANY_VALUES, &[]);
        check(&mut store, f, 3_000_000, 1);
    }
}

#[cfg(feature = "simd")]
#[test]
fn vectors_are_as_they_were() {
    let text = r#"(func (export "f") (param $n i64) (result v128)
        (local $a v128) (local $b v128) (local $c v128) (local $d v128)
        (local.set $a (v128.const i32x4 1 2 3 4)) (local.set $b (v128.const i32x4 5 6 7 8))
        (local.set $c (v128.const f32x4 1 2 3 4))
        (loop
            (local.set $a (i32x4.add (local.get $a) (local.get $b)))
            (local.set $b (v128.xor (i32x4.shl (local.get $b) (i32.const 3)) (local.get $a)))
            (local.set $c (f32x4.sqrt (f32x4.add (local.get $c) (f32x4.splat (f32.const 2)))))
            (local.set $d (i8x16.add (i8x16.shuffle 15 14 13 12 11 10 9 8 7 6 5 4 3 2 1 0 (local.get $d) (local.get $b)) (local.get $b)))
            (br_if 0 (i64.ne (local.tee $n (i64.sub (local.get $n) (i64.const 1))) (i64.const 0))))
        (v128.xor (v128.xor (local.get $a) (local.get $b)) (v128.xor (local.get $c) (local.get $d))))"#;
    let mut store = Store::new(&engine(), 0);
    let f: TypedFunc<i64, wasmetal::V128> = typed(&mut store, text, &[]);
    check(&mut store, f, 3_000_000, 1);
}

/// A host function that takes a while, and one that waits; deep recursion, memory, tables, and calls of both.
const CALLS: &str = r#"
    (module
        (import "" "works" (func $works (param i32) (result i32)))
        (import "" "waits" (func $waits (param i32) (result i32)))
        (memory 1 40)
        (func $deep (param $depth i32) (param $n i32) (result i32)
            (if (result i32) (local.get $depth)
                (then (i32.add (i32.const 1) (call $deep (i32.sub (local.get $depth) (i32.const 1)) (local.get $n))))
                (else (call $works (local.get $n)))))
        (func (export "f") (param $n i32) (result i32)
            (local $sum i32)
            (loop
                (local.set $sum (i32.add (i32.mul (local.get $sum) (i32.const 31)) (call $deep (i32.and (local.get $n) (i32.const 63)) (local.get $n))))
                (memory.fill (i32.const 1000) (local.get $sum) (i32.const 60000))
                (local.set $sum (i32.add (local.get $sum) (i32.load (i32.and (local.get $sum) (i32.const 0xfffc)))))
                (if (i32.eqz (i32.and (local.get $n) (i32.const 31)))
                    (then (local.set $sum (i32.add (local.get $sum) (call $waits (local.get $n))))
                        (drop (memory.grow (i32.const 1)))))
                (br_if 0 (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
            (local.get $sum)))
"#;

/// A machine that can't go on with what it has interrupted.
#[derive(Debug)]
struct AtCalls;

static AT_CALLS: Like<AtCalls> = Like(AtCalls);

impl Machine for AtCalls {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            continues: false,
            ..platform().capabilities()
        }
    }
}

#[test]
fn slices_end_in_the_host_too() {
    let at_calls = Engine::new(&Config::new(&AT_CALLS)).unwrap();
    for engine in engines().into_iter().chain([at_calls]) {
        let mut store = Store::new(&engine, 0);
        let works = Func::wrap(&mut store, |n: i32| {
            let end = Instant::now() + Duration::from_micros(20);
            while Instant::now() < end {}
            n ^ 5
        });
        let waits = Func::wrap_async(&mut store, |_: Caller<'_, u32>, (n,): (i32,)| {
            Box::new(async move {
                wait(2).await;
                n + 1
            })
        });
        let module = module(&engine, CALLS);
        let mut results = Vec::new();
        for slice in [None, Some(SLICE), Some(Duration::ZERO)] {
            store.set_time_slice(slice).unwrap();
            let instance =
                Instance::new(&mut store, &module, &[works.into(), waits.into()]).unwrap();
            let f = instance
                .get_typed_func::<i32, i32>(&mut store, "f")
                .unwrap();
            let (result, polls) = block_on(f.call_async(&mut store, 1000));
            results.push(result.unwrap());
            assert!(slice.is_none() || polls > 64, "{polls}");
        }
        assert_eq!(results, [results[0]; 3]);
    }
}

/// Where code can't be left at any instruction, all registers are kept at calls too: of epochs, which keep them all.
#[test]
fn slices_that_end_at_calls_keep_registers() {
    let mut config = Config::new(&AT_CALLS);
    config.epoch_interruption(true);
    let engine = Engine::new(&config).unwrap();
    let mut store = Store::new(&engine, 0);
    let f: TypedFunc<i64, (i64, f64)> = typed(&mut store, MANY_VALUES, &[]);
    store.epoch_deadline_callback(|_| {
        let end = Instant::now() + Duration::from_micros(20);
        while Instant::now() < end {}
        Ok(wasmetal::UpdateDeadline::Continue(0))
    });
    store.set_epoch_deadline(0);
    check(&mut store, f, 500, 10);
}

const SPIN: &str = r#"(func $s (export "f") (loop br 0))"#;

#[test]
fn a_call_that_is_dropped_at_the_end_of_a_slice() {
    for engine in engines() {
        let mut store = Store::new(&engine, 0);
        let spin: TypedFunc<(), ()> = typed(&mut store, SPIN, &[]);
        let f: TypedFunc<i64, (i64, f64)> = typed(&mut store, MANY_VALUES, &[]);
        let expected = f.call(&mut store, 1000).unwrap();
        store.set_time_slice(Some(SLICE)).unwrap();
        for polls in 0..10 {
            {
                let mut call = pin!(spin.call_async(&mut store, ()));
                for _ in 0..polls {
                    poll_once(call.as_mut());
                }
            }
            assert_eq!(run(f.call_async(&mut store, 1000)).unwrap(), expected);
            assert_eq!(f.call(&mut store, 1000).unwrap(), expected);
        }
    }
}

#[test]
fn a_deadline_passes_while_others_have_their_turn() {
    for engine in engines() {
        let mut store = Store::new(&engine, 0);
        let spin: TypedFunc<(), ()> = typed(&mut store, SPIN, &[]);
        store.set_time_slice(Some(SLICE)).unwrap();
        store.set_deadline(Some(Duration::from_millis(20))).unwrap();
        let error = run(spin.call_async(&mut store, ())).unwrap_err();
        assert_eq!(error.downcast_ref(), Some(&Trap::Interrupt));
        // None if it came right before the code goes on.
        let frames = error.downcast_ref::<WasmBacktrace>().unwrap().frames();
        assert!(frames.len() <= 1, "{error:?}");
    }
}

#[test]
fn on_one_thread_after_another() {
    let mut store = Store::new(&engine(), 0);
    let f: TypedFunc<i64, (i64, f64)> = typed(&mut store, MANY_VALUES, &[]);
    let expected = f.call(&mut store, 2_000_000).unwrap();
    store.set_time_slice(Some(SLICE)).unwrap();
    let mut call = Box::pin(f.call_async(&mut store, 2_000_000));
    let result = loop {
        let polled = thread::scope(|scope| {
            let poll = || {
                let mut task = std::task::Context::from_waker(std::task::Waker::noop());
                call.as_mut().poll(&mut task)
            };
            scope.spawn(poll).join().unwrap()
        });
        if let std::task::Poll::Ready(result) = polled {
            break result.unwrap();
        }
    };
    assert_eq!(result, expected);
}

#[test]
fn a_call_in_a_call_ends_the_slice_of_both() {
    for engine in engines() {
        let mut store = Store::new(&engine, 0);
        // By a call that can wait, or by one that can't.
        let host = |engine: &Engine, waits: bool, store: &mut Store<u32>| {
            let module = module(engine, MANY_VALUES);
            Func::wrap_async(store, move |mut caller: Caller<'_, u32>, (n,): (i64,)| {
                let module = module.clone();
                Box::new(async move {
                    let instance = Instance::new(&mut caller, &module, &[])?;
                    let f = instance.get_typed_func::<i64, (i64, f64)>(&mut caller, "f")?;
                    let (result, _) = match waits {
                        true => f.call_async(&mut caller, n).await?,
                        false => f.call(&mut caller, n)?,
                    };
                    *caller.as_context_mut().data_mut() += 1;
                    Result::Ok(result)
                })
            })
        };
        let text = r#"(module (import "" "" (func $h (param i64) (result i64)))
            (func (export "f") (param i64) (result i64)
                (i64.xor (call $h (local.get 0)) (i64.add (call $h (i64.const 1000000)) (local.get 0)))))"#;
        for waits in [true, false] {
            let host = host(&engine, waits, &mut store);
            let f: TypedFunc<i64, i64> = typed(&mut store, text, &[host.into()]);
            check(&mut store, f, 2_000_000, usize::from(waits));
        }
    }
}
