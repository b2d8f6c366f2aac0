//! More attacks.

use crate::asynchronous::{MANY_VALUES, block_on, poll_once, run, wait};
use crate::support::{config, engine, engines, module};
use std::future::Future;
use std::num::NonZeroU32;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::{Duration, Instant};
use wasmetal::{
    AnyRef, AsContextMut, Caller, Engine, Func, Instance, Result, Rooted, Store, Trap, TypedFunc,
    WasmBacktrace,
};

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

fn make(caller: &mut Caller<'_, u32>, n: i32) -> Option<Rooted<AnyRef>> {
    let make = caller.get_export("make").unwrap().into_func().unwrap();
    let make = make.typed::<i32, Option<Rooted<AnyRef>>>(&*caller).unwrap();
    make.call(caller, n).unwrap()
}

struct CollectsWhenDropped<'a> {
    caller: Caller<'a, u32>,
    polls: u32,
}

impl Future for CollectsWhenDropped<'_> {
    type Output = Result<Option<Rooted<AnyRef>>>;
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Self::Output> {
        if self.polls > 0 {
            self.polls -= 1;
            return Poll::Pending;
        }
        Poll::Ready(Ok(make(&mut self.caller, 42)))
    }
}

impl Drop for CollectsWhenDropped<'_> {
    fn drop(&mut self) {
        self.caller.as_context_mut().gc(None).unwrap();
        for i in 0..300 {
            make(&mut self.caller, 7000 + i);
        }
        self.caller.as_context_mut().gc(None).unwrap();
        self.caller.as_context_mut().gc(None).unwrap();
        for i in 0..300 {
            make(&mut self.caller, 9000 + i);
        }
    }
}

#[test]
fn c14_results_and_the_drop_of_the_future() {
    for polls in [0, 1] {
        let mut store = Store::new(&engine(), 0);
        let host = Func::wrap_async(&mut store, move |caller: Caller<'_, u32>, ()| {
            Box::new(CollectsWhenDropped { caller, polls })
        });
        let f: TypedFunc<(), i32> = typed(
            &mut store,
            r#"(module (type $box (struct (field i32)))
            (import "" "" (func $h (result anyref)))
            (func (export "make") (param i32) (result anyref)
                (drop (struct.new $box (i32.const 1)))
                (drop (struct.new $box (i32.const 2)))
                (drop (struct.new $box (i32.const 3)))
                (struct.new $box (local.get 0)))
            (func (export "f") (result i32)
                (struct.get $box 0 (ref.cast (ref $box) (call $h)))))"#,
            &[host.into()],
        );
        let mut call = Box::pin(f.call_async(&mut store, ()));
        let result = loop {
            if let Poll::Ready(result) = call.as_mut().poll(&mut Context::from_waker(Waker::noop()))
            {
                break result;
            }
        };
        assert_eq!(result.unwrap(), 42);
    }
}

/// The program blocks the signal after the code was left.
#[test]
fn c15_the_signal_is_blocked() {
    let (sender, receiver) = std::sync::mpsc::channel();
    thread::spawn(move || {
        let mut store = Store::new(&engine(), 0);
        let f: TypedFunc<i64, (i64, f64)> = typed(&mut store, MANY_VALUES, &[]);
        store.set_time_slice(Some(SLICE)).unwrap();
        let mut call = Box::pin(f.call_async(&mut store, 300_000));
        poll_once(call.as_mut());
        unsafe {
            let mut set: libc::sigset_t = std::mem::zeroed();
            libc::sigfillset(&mut set);
            libc::pthread_sigmask(libc::SIG_BLOCK, &set, std::ptr::null_mut());
        }
        sender.send(run(call).is_ok()).unwrap();
    });
    assert!(receiver.recv_timeout(Duration::from_secs(5)).unwrap());
}

/// Inner calls are polled on other threads, while outer ones wait for that.
#[test]
fn c16_inner_calls_on_other_threads() {
    for engine in engines() {
        let mut store = Store::new(&engine, 0);
        let inner = module(&engine, MANY_VALUES);
        let host = Func::wrap_async(
            &mut store,
            move |mut caller: Caller<'_, u32>, (n,): (i64,)| {
                let inner = inner.clone();
                Box::new(async move {
                    let instance = Instance::new(&mut caller, &inner, &[])?;
                    let f = instance.get_typed_func::<i64, (i64, f64)>(&mut caller, "f")?;
                    let mut call = Box::pin(f.call_async(&mut caller, n));
                    let mut i = 0;
                    let result = std::future::poll_fn(|task| {
                        i += 1;
                        let waker = task.waker();
                        match i % 2 {
                            0 => call.as_mut().poll(task),
                            _ => thread::scope(|scope| {
                                scope
                                    .spawn(|| call.as_mut().poll(&mut Context::from_waker(waker)))
                                    .join()
                                    .unwrap()
                            }),
                        }
                    })
                    .await?
                    .0;
                    drop(call);
                    *caller.data_mut() += 1;
                    Result::Ok(result)
                })
            },
        );
        let text = r#"(module (import "" "" (func $h (param i64) (result i64)))
            (func (export "f") (param i64) (result i64)
                (i64.xor (call $h (local.get 0)) (i64.add (call $h (i64.const 100000)) (local.get 0)))))"#;
        let f: TypedFunc<i64, i64> = typed(&mut store, text, &[host.into()]);
        let n = 300_000;
        let expected = run(f.call_async(&mut store, n)).unwrap();
        for _ in 0..5 {
            store.set_time_slice(Some(SLICE)).unwrap();
            let (result, polls) = block_on(f.call_async(&mut store, n));
            assert_eq!(result.unwrap(), expected);
            eprintln!("{polls}");
        }
        // A deadline while the inner runs elsewhere.
        store.set_deadline(Some(Duration::from_millis(20))).unwrap();
        let error = run(f.call_async(&mut store, 1 << 40)).unwrap_err();
        assert_eq!(error.downcast_ref(), Some(&Trap::Interrupt));
        store.set_deadline(None).unwrap();
        assert_eq!(run(f.call_async(&mut store, n)).unwrap(), expected);
    }
}

/// All at once: epochs, fuel, collections, exceptions over host functions, recursion, tail calls.
const ALL: &str = r#"
(module
    (type $node (struct (field i64) (field (mut (ref null $node)))))
    (type $arr (array (mut i64)))
    (import "" "works" (func $works (param i64) (result i64)))
    (import "" "waits" (func $waits (param i64 anyref) (result i64)))
    (import "" "throws" (func $throws (param i64) (result i64)))
    (import "" "t" (tag $t (param i64)))
    (memory 1 100)
    (table $tab 10 funcref)
    (tag $own (param i64 f64))
    (func $even (param $n i64) (param $a i64) (param $b i64) (param $c i64) (param $d i64) (param $e i64) (param $f i64) (param $g i64) (result i64)
        (if (i64.eqz (local.get $n)) (then (return (i64.xor (local.get $a) (i64.xor (local.get $g) (local.get $f))))))
        (return_call $odd (i64.sub (local.get $n) (i64.const 1)) (i64.add (local.get $a) (local.get $n))
            (local.get $c) (local.get $b) (local.get $e) (local.get $d) (local.get $g) (local.get $f) (local.get $a) (local.get $n) (local.get $b)))
    (func $odd (param $n i64) (param $a i64) (param $b i64) (param $c i64) (param $d i64) (param $e i64) (param $f i64) (param $g i64) (param $h i64) (param $i i64) (param $j i64) (result i64)
        (if (i64.eqz (local.get $n)) (then (return (i64.xor (local.get $h) (local.get $j)))))
        (return_call $even (i64.sub (local.get $n) (i64.const 1)) (i64.mul (local.get $j) (i64.const 31))
            (local.get $i) (local.get $h) (local.get $g) (local.get $a) (local.get $c) (local.get $e)))
    (func $list (param $n i64) (result (ref null $node)) (local $l (ref null $node))
        (loop
            (local.set $l (struct.new $node (local.get $n) (local.get $l)))
            (br_if 0 (i64.ne (local.tee $n (i64.sub (local.get $n) (i64.const 1))) (i64.const 0))))
        (local.get $l))
    (func $sum (param $l (ref null $node)) (result i64) (local $s i64)
        (block $end (loop
            (br_on_null $end (local.get $l)) (drop)
            (local.set $s (i64.add (i64.mul (local.get $s) (i64.const 31)) (struct.get $node 0 (local.get $l))))
            (local.set $l (struct.get $node 1 (local.get $l)))
            (br 0)))
        (local.get $s))
    (func $throwing (param $n i64) (result i64) (local $x i64) (local $y f64)
        (block $c (result i64 f64)
            (try_table (result i64 f64) (catch $own $c)
                (throw $own (i64.add (local.get $n) (i64.const 5)) (f64.convert_i64_s (local.get $n)))))
        (local.set $y) (local.set $x)
        (i64.add (local.get $x) (i64.trunc_f64_s (local.get $y))))
    (func $deep (param $d i64) (param $n i64) (result i64)
        (if (result i64) (i64.eqz (local.get $d))
            (then (call $works (local.get $n)))
            (else (i64.add (local.get $d) (call $deep (i64.sub (local.get $d) (i64.const 1)) (local.get $n))))))
    (func (export "f") (param $n i64) (result i64 f64)
        (local $s i64) (local $kept (ref null $node)) (local $v f64) (local $arr (ref null $arr))
        (local.set $kept (call $list (i64.const 30)))
        (local.set $arr (array.new $arr (i64.const 3) (i32.const 50)))
        (loop $again
            (local.set $v (f64.sqrt (f64.add (local.get $v) (f64.convert_i64_s (local.get $n)))))
            (local.set $s (i64.add (i64.mul (local.get $s) (i64.const 33))
                (call $even (i64.const 200) (local.get $s) (local.get $n) (i64.const 3) (i64.const 4) (i64.const 5) (i64.const 6) (i64.const 7))))
            (local.set $s (i64.add (local.get $s) (call $sum (call $list (i64.const 40)))))
            (local.set $s (i64.add (local.get $s) (call $sum (local.get $kept))))
            (local.set $s (i64.add (local.get $s) (call $throwing (local.get $n))))
            (local.set $s (i64.add (local.get $s) (call $deep (i64.and (local.get $n) (i64.const 31)) (local.get $n))))
            (array.set $arr (local.get $arr) (i32.wrap_i64 (i64.and (local.get $n) (i64.const 31))) (local.get $s))
            (local.set $s (i64.add (local.get $s) (array.get $arr (local.get $arr) (i32.wrap_i64 (i64.and (local.get $s) (i64.const 31))))))
            (memory.fill (i32.const 100) (i32.wrap_i64 (local.get $s)) (i32.const 20000))
            (local.set $s (i64.add (local.get $s) (i64.load (i32.const 5000))))
            (if (i64.eqz (i64.and (local.get $n) (i64.const 3))) (then
                (local.set $s (i64.add (local.get $s) (call $waits (local.get $s) (local.get $kept))))))
            (local.set $s (i64.add (local.get $s)
                (block $c (result i64)
                    (try_table (result i64) (catch $t $c) (call $throws (local.get $n))))))
            (br_if $again (i64.ne (local.tee $n (i64.sub (local.get $n) (i64.const 1))) (i64.const 0))))
        (local.get $s) (local.get $v))
)
"#;

fn all(store: &mut Store<u32>) -> TypedFunc<i64, (i64, f64)> {
    let engine = store.engine().clone();
    let ty = wasmetal::FuncType::new(&engine, [wasmetal::ValType::I64], []);
    let tag = wasmetal::Tag::new(&mut *store, &wasmetal::TagType::new(ty)).unwrap();
    let works = Func::wrap(&mut *store, |n: i64| {
        let end = Instant::now() + Duration::from_micros(n as u64 % 13);
        while Instant::now() < end {}
        n ^ 5
    });
    let waits = Func::wrap_async(
        &mut *store,
        |mut caller: Caller<'_, u32>, (n, r): (i64, Option<Rooted<AnyRef>>)| {
            Box::new(async move {
                wait(n as u32 % 3).await;
                if n % 5 == 0 {
                    caller.as_context_mut().gc(None).unwrap();
                }
                wait(n as u32 % 2).await;
                assert!(r.unwrap().is_struct(&caller).unwrap());
                n.rotate_left(3)
            })
        },
    );
    let throws = Func::wrap_async(
        &mut *store,
        move |mut caller: Caller<'_, u32>, (n,): (i64,)| {
            Box::new(async move {
                if n % 4 == 0 {
                    wait(1).await;
                }
                if n % 3 == 0 {
                    return Ok(n);
                }
                let end = Instant::now() + Duration::from_micros(n as u64 % 11);
                while Instant::now() < end {}
                let ty = wasmetal::ExnType::from_tag_type(&tag.ty(&caller))?;
                let pre = wasmetal::ExnRefPre::new(&mut caller, ty);
                let exception =
                    wasmetal::ExnRef::new(&mut caller, &pre, &tag, &[wasmetal::Val::I64(n * 7)])?;
                caller.as_context_mut().throw(exception)?;
                Result::<i64>::Ok(n)
            })
        },
    );
    let module = module(&engine, ALL);
    let imports = [works.into(), waits.into(), throws.into(), tag.into()];
    let instance = Instance::new(&mut *store, &module, &imports).unwrap();
    instance.get_typed_func(store, "f").unwrap()
}

fn stress(change: impl FnOnce(&mut wasmetal::Config), epochs: bool, fuel: bool) {
    let mut config = config();
    change(&mut config);
    let engine = Engine::new(&config).unwrap();
    let mut store = Store::new(&engine, 0);
    if fuel {
        store.set_fuel(u64::MAX / 4).unwrap();
    }
    let begin = |store: &mut Store<u32>, delta: u64| {
        store.set_epoch_deadline(1 << 40);
        if epochs && delta < 1 << 40 {
            store.set_epoch_deadline(delta);
            store.epoch_deadline_async_yield_and_update(delta);
        }
        if fuel {
            store.set_fuel(1 << 40).unwrap();
        }
    };
    let f = all(&mut store);
    let n = 60;
    begin(&mut store, 1 << 40);
    let expected = run(f.call_async(&mut store, n)).unwrap();
    let used = fuel.then(|| store.get_fuel().unwrap());
    let over = Arc::new(AtomicBool::new(false));
    let ticker = thread::spawn({
        let (over, engine) = (over.clone(), engine.clone());
        move || {
            while !over.load(SeqCst) {
                if epochs {
                    engine.increment_epoch();
                }
                thread::sleep(Duration::from_micros(40));
            }
        }
    });
    let end = Instant::now() + Duration::from_secs(8);
    let mut rounds = 0;
    let mut all_polls = 0;
    while Instant::now() < end {
        let slice = Duration::from_micros([0, 1, 3, 7, 10, 20, 35, 50, 100][rounds % 9]);
        store.set_time_slice(Some(slice)).unwrap();
        begin(&mut store, [0, 1, 3, 10][(rounds + 1) % 4]);
        let (result, polls) = block_on(f.call_async(&mut store, n));
        assert_eq!(result.unwrap(), expected, "{rounds}");
        if let Some(used) = used {
            assert_eq!(store.get_fuel().unwrap(), used);
        }
        // And one that is dropped somewhere.
        begin(&mut store, [0, 1, 3, 10][(rounds + 1) % 4]);
        {
            let mut call = pin!(f.call_async(&mut store, n));
            for _ in 0..polls / 2 {
                if call
                    .as_mut()
                    .poll(&mut Context::from_waker(Waker::noop()))
                    .is_ready()
                {
                    break;
                }
            }
        }
        rounds += 1;
        all_polls += polls;
    }
    over.store(true, SeqCst);
    ticker.join().unwrap();
    eprintln!("{rounds} rounds, {all_polls} polls");
}

#[test]
fn c17_stress() {
    stress(|_| (), false, false);
}
#[test]
fn c18_stress_checks_zeal() {
    stress(
        |config| {
            config
                .explicit_checks(std::env::var_os("NOCHECKS").is_none())
                .gc_zeal_alloc_counter(NonZeroU32::new(1));
        },
        false,
        false,
    );
}
#[test]
fn c19_stress_epochs() {
    stress(
        |config| {
            config
                .epoch_interruption(true)
                .gc_zeal_alloc_counter(NonZeroU32::new(3));
        },
        true,
        false,
    );
}
#[test]
fn c20_stress_fuel_epochs() {
    stress(
        |config| {
            config.epoch_interruption(true).consume_fuel(true);
        },
        true,
        true,
    );
}

/// A host future whose drop runs Wasm code, waits, and panics.
struct BusyDrop<'a>(Caller<'a, u32>, bool);

impl Drop for BusyDrop<'_> {
    fn drop(&mut self) {
        let caller = &mut self.0;
        let g = caller.get_export("g").unwrap().into_func().unwrap();
        let g = g.typed::<i32, i32>(&*caller).unwrap();
        assert_eq!(g.call(&mut *caller, 20).unwrap(), 20);
        assert_eq!(run(g.call_async(&mut *caller, 20)).unwrap(), 20);
        let frames = WasmBacktrace::capture(&*caller).frames().len();
        *caller.data_mut() = frames as u32;
        if self.1 {
            panic!("a panic in a drop");
        }
    }
}

#[test]
fn c21_drops_that_run_code() {
    for engine in engines() {
        for panics in [false, true] {
            for slices in [false, true] {
                let mut store = Store::new(&engine, 0);
                let host = Func::wrap_async(&mut store, move |caller: Caller<'_, u32>, ()| {
                    Box::new(async move {
                        let _busy = BusyDrop(caller, panics);
                        wait(3).await;
                    })
                });
                let f: TypedFunc<(), ()> = typed(
                    &mut store,
                    r#"(module (import "" "" (func $h))
                    (func $g (export "g") (param i32) (result i32)
                        (if (result i32) (local.get 0)
                            (then (i32.add (i32.const 1) (call $g (i32.sub (local.get 0) (i32.const 1)))))
                            (else (i32.const 0))))
                    (func (export "f") (call $h)))"#,
                    &[host.into()],
                );
                if slices {
                    store.set_time_slice(Some(SLICE)).unwrap();
                }
                for polls in 1..4 {
                    *store.data_mut() = 1000;
                    let mut call = Box::pin(f.call_async(&mut store, ()));
                    for _ in 0..polls {
                        poll_once(call.as_mut());
                    }
                    let dropped = catch_unwind(AssertUnwindSafe(|| drop(call)));
                    assert_eq!(dropped.is_err(), panics);
                    assert_eq!(*store.data(), 0);
                }
                let whole = catch_unwind(AssertUnwindSafe(|| run(f.call_async(&mut store, ()))));
                assert_eq!(whole.is_err(), panics);
                assert_eq!(*store.data(), 1);
                // A deadline while it waits.
                for polls in 0..3 {
                    store.set_deadline(Some(Duration::from_secs(100))).unwrap();
                    let mut call = Box::pin(f.call_async(&mut store, ()));
                    for _ in 0..=polls {
                        poll_once(call.as_mut());
                    }
                    let _ = catch_unwind(AssertUnwindSafe(|| drop(call)));
                }
            }
        }
    }
}

/// The process is forked in a host function, between slices.
#[test]
fn c22_fork() {
    let mut store = Store::new(&engine(), 0);
    let f: TypedFunc<i64, (i64, f64)> = typed(&mut store, MANY_VALUES, &[]);
    let expected = f.call(&mut store, 1_000_000).unwrap();
    store.set_time_slice(Some(SLICE)).unwrap();
    let mut call = Box::pin(f.call_async(&mut store, 1_000_000));
    for _ in 0..5 {
        poll_once(call.as_mut());
    }
    let child = unsafe { libc::fork() };
    if child == 0 {
        let (result, polls) = block_on(async { call.await });
        let good = result.unwrap() == expected && polls > 3;
        unsafe { libc::_exit(if good { 0 } else { 1 }) };
    }
    let start = Instant::now();
    loop {
        let mut status = 0;
        let ended = unsafe { libc::waitpid(child, &mut status, libc::WNOHANG) };
        if ended == child {
            assert_eq!(status, 0);
            break;
        }
        if start.elapsed() > Duration::from_secs(10) {
            unsafe { libc::kill(child, libc::SIGKILL) };
            panic!("the child hangs");
        }
        thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(run(call).unwrap(), expected);
}

/// Deadlines and handles at random moments of calls with slices; the store is fine afterwards; backtraces are right.
#[test]
fn c23_stops_at_random() {
    for engine in engines() {
        let mut store = Store::new(&engine, 0);
        let f = all(&mut store);
        let handle = store.interrupt_handle().unwrap();
        let expected = run(f.call_async(&mut store, 20)).unwrap();
        let end = Instant::now() + Duration::from_secs(5);
        let mut stopped = 0;
        let mut i = 0_u64;
        while Instant::now() < end {
            i += 1;
            store
                .set_time_slice(Some(Duration::from_micros(i * 7 % 40)))
                .unwrap();
            let after = Duration::from_micros(i * 13 % 2000);
            match i % 2 {
                0 => store.set_deadline(Some(after)).unwrap(),
                _ => {
                    let handle = handle.clone();
                    thread::spawn(move || {
                        thread::sleep(after);
                        handle.interrupt();
                    });
                }
            }
            let (result, _) = block_on(f.call_async(&mut store, 200_000));
            let error = result.unwrap_err();
            assert_eq!(error.downcast_ref(), Some(&Trap::Interrupt), "{error:?}");
            let frames = error.downcast_ref::<WasmBacktrace>().unwrap().frames();
            if let Some(last) = frames.last() {
                assert!(frames.len() == 24 || last.func_name().is_none() || true);
                stopped += 1;
                if frames.len() < 24 {
                    assert_eq!(last.func_index(), 9, "{error:?}");
                }
            }
            store.set_deadline(None).unwrap();
            store.take_interrupt();
            if i % 16 == 0 {
                assert_eq!(run(f.call_async(&mut store, 20)).unwrap(), expected);
            }
        }
        eprintln!("{i}, {stopped}");
    }
}
