//! The compiler, stopped by time and from other threads, wherever it is.

use crate::{HERE, ONE_AT_A_TIME, call, engine, nested};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant, SystemTime};
use wasmetal::{
    AsContextMut, Caller, CompilationStopped, Config, Engine, Linker, Module, Store, Trap,
};
use wasmetal_bombs::named;

fn limited(limit: Duration) -> Engine {
    let mut config = Config::new(wasmetal_platform_linux::platform());
    config.compile_time_limit(limit);
    Engine::new(&config).expect("an engine")
}

/// Modules that compile for much longer than any limit here.
fn bombs() -> Vec<(&'static str, Vec<u8>)> {
    [
        ("nested loops", 60_000),
        ("empty functions", 1_000_000),
        ("sums that double", 4_000_000),
        ("locals, one changed in each loop", 80_000),
        ("types that differ", 5_000_000),
    ]
    .map(|(name, size)| (name, named(name).of_size(size)))
    .into()
}

/// Small numbers that look random (xorshift).
struct Random(u64);

impl Random {
    fn new() -> Self {
        let seed = match std::env::var("SEED") {
            Ok(seed) => seed.parse().expect("a number"),
            Err(_) => {
                let now = SystemTime::UNIX_EPOCH.elapsed().expect("it is later");
                now.as_nanos() as u64 | 1
            }
        };
        println!("SEED={seed}");
        Self(seed)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }
}

#[test]
fn a_time_limit_is_kept_and_nothing_is_lost() {
    let _one = ONE_AT_A_TIME.lock();
    let bombs = bombs();
    for milliseconds in [5, 20, 50] {
        let limit = Duration::from_millis(milliseconds);
        let engine = limited(limit);
        let good = limited(Duration::from_secs(600));
        let mut before = None;
        for round in 0..3 {
            for (name, wasm) in &bombs {
                let begin = Instant::now();
                let outcome = Module::new(&engine, wasm).map(drop);
                let took = begin.elapsed();
                let error = outcome.expect_err(name);
                assert!(took >= limit, "{took:?}");
                assert!(took < limit + Duration::from_secs(2), "{took:?}");
                let stopped = error.downcast_ref::<CompilationStopped>();
                let Some(CompilationStopped::Time {
                    limit: named,
                    compiled,
                    functions,
                }) = stopped
                else {
                    panic!("{error:?}");
                };
                assert_eq!(*named, limit);
                assert!(compiled <= functions);
                assert!(error.to_string().contains(&format!("{limit:?}")), "{error}");
                if round == 0 {
                    println!("{name}: {took:?}: {error}");
                }
            }
            let module = Module::new(&good, nested(10)).expect("there is time");
            assert_eq!(call(&good, &module), 42);
            drop(module);
            assert_eq!(*before.get_or_insert(HERE.get()), HERE.get());
        }
    }
}

#[test]
fn limits_at_the_ends() {
    let _one = ONE_AT_A_TIME.lock();
    let wasm = nested(10);
    for limit in [Duration::ZERO, Duration::from_nanos(1)] {
        let engine = limited(limit);
        for _ in 0..3 {
            let error = Module::new(&engine, &wasm).expect_err("no time");
            let expected = CompilationStopped::Time {
                limit,
                compiled: 0,
                functions: 0,
            };
            assert_eq!(error.downcast_ref(), Some(&expected));
            let error = Module::validate(&engine, &wasm).expect_err("no time");
            assert_eq!(error.downcast_ref(), Some(&expected));
        }
    }
    for limit in [Duration::from_secs(1 << 40), Duration::MAX] {
        let engine = limited(limit);
        let module = Module::new(&engine, &wasm).expect("time enough");
        assert_eq!(call(&engine, &module), 42);
    }
}

/// Compiles for a store whose deadline is anywhere, thousands of times.
#[test]
fn stopped_at_random_instants() {
    let _one = ONE_AT_A_TIME.lock();
    let mut random = Random::new();
    let engine = engine(None);
    let small = nested(10);
    let mut store = Store::new(&engine, ());
    store.set_deadline(None).expect("nothing to do");
    let (mut stops, mut before) = (0, None);
    let modules = [
        nested(150),
        named("nested loops").of_size(1_500),
        named("types of functions, each with its trampolines").of_size(2_000),
        named("references, loops and calls").of_size(1_000),
        named("values that live across calls").of_size(2_000),
        named("exports").of_size(5_000),
    ];
    let times = modules.each_ref().map(|wasm| {
        let begin = Instant::now();
        Module::new(&engine, wasm).expect("valid");
        begin.elapsed()
    });
    println!("they compile in {times:?}");
    let count = if cfg!(target_arch = "aarch64") {
        200
    } else {
        4_000
    };
    let mut late = Vec::with_capacity(count);
    for round in 0..count {
        let which = random.below(modules.len() as u64) as usize;
        let deadline = Duration::from_nanos(random.below(times[which].as_nanos() as u64));
        let begin = Instant::now();
        store.set_deadline(Some(deadline)).expect("a timer");
        match store.compile(&modules[which]) {
            Ok(_) => {}
            Err(error) => {
                late.push(begin.elapsed().saturating_sub(deadline));
                let stopped = error.downcast_ref::<CompilationStopped>();
                assert!(
                    matches!(stopped, Some(CompilationStopped::Interrupted { .. })),
                    "{error:?}"
                );
                stops += 1;
            }
        }
        // What comes next works, and nothing is lost.
        if round % 100 == 0 {
            store.set_deadline(None).expect("nothing to do");
            let module = store.compile(&small).expect("there is time");
            assert_eq!(call(&engine, &module), 42);
        }
        assert_eq!(
            *before.get_or_insert(HERE.get()),
            HERE.get(),
            "round {round}, module {which}"
        );
    }
    late.sort();
    println!(
        "{stops} of {count} stopped; from the deadline to the error: median {:?}, 99 of 100 {:?}, worst {:?}",
        late[stops / 2],
        late[stops * 99 / 100],
        late[stops - 1]
    );
    assert!(stops > count / 2, "{stops}");
}

/// A handle ends the compiler, and the interrupt is used up by that.
#[test]
fn interrupted_by_another_thread() {
    let _one = ONE_AT_A_TIME.lock();
    let mut random = Random::new();
    let engine = engine(None);
    let (large, small) = (named("nested loops").of_size(60_000), nested(10));
    let mut store = Store::new(&engine, ());
    let handle = store.interrupt_handle().expect("signals");
    for _ in 0..50 {
        let (handle, after) = (handle.clone(), Duration::from_micros(random.below(3_000)));
        let other = thread::spawn(move || {
            thread::sleep(after);
            handle.interrupt();
        });
        let before = HERE.get();
        let error = store.compile(&large).expect_err("interrupted");
        let stopped = error.downcast_ref::<CompilationStopped>();
        assert!(
            matches!(stopped, Some(CompilationStopped::Interrupted { .. })),
            "{error:?}"
        );
        drop(error);
        assert_eq!(HERE.get(), before);
        other.join().expect("it does not panic");
        assert!(!store.take_interrupt());
        let module = store.compile(&small).expect("nobody interrupts it");
        assert_eq!(call(&engine, &module), 42);
        drop(module);
    }
    // One that comes before, and one for a store that only others compile beside.
    handle.interrupt();
    assert!(store.compile(&small).is_err());
    store.compile(&small).expect("it was used up");
    handle.interrupt();
    Module::new(&engine, &small).expect("not for the store");
    assert!(store.take_interrupt());
}

/// A host function compiles for the store that calls it: the deadline ends the compiler and the caller.
#[test]
fn in_a_host_function() {
    let _one = ONE_AT_A_TIME.lock();
    static WAS_STOPPED: AtomicBool = AtomicBool::new(false);
    let engine = engine(None);
    let mut linker = Linker::new(&engine);
    let large = named("nested loops").of_size(60_000);
    let host = move |mut caller: Caller<'_, ()>| {
        let outcome = caller.as_context_mut().compile(&large);
        WAS_STOPPED.store(outcome.is_err(), Ordering::Relaxed);
    };
    linker.func_wrap("", "compile", host).expect("a new name");
    let wasm = wat::parse_str(
        r#"(module (import "" "compile" (func $compile))
            (func (export "f") (result i32) (call $compile) (loop (br 0)) unreachable))"#,
    );
    let module = Module::new(&engine, wasm.expect("valid")).expect("valid");
    for by_handle in [false, true] {
        let mut store = Store::new(&engine, ());
        let instance = linker.instantiate(&mut store, &module).expect("linked");
        let f = instance.get_typed_func::<(), i32>(&mut store, "f");
        let f = f.expect("exported");
        let handle = store.interrupt_handle().expect("signals");
        let other = by_handle.then(|| {
            thread::spawn(move || {
                thread::sleep(Duration::from_millis(10));
                handle.interrupt();
            })
        });
        if !by_handle {
            let soon = Duration::from_millis(10);
            store.set_deadline(Some(soon)).expect("a timer");
        }
        let error = f.call(&mut store, ()).expect_err("it loops");
        assert_eq!(error.downcast_ref(), Some(&Trap::Interrupt), "{error:?}");
        assert!(WAS_STOPPED.swap(false, Ordering::Relaxed));
        assert!(!store.take_interrupt());
        if let Some(other) = other {
            other.join().expect("it does not panic");
        }
    }
}

/// A store whose deadline comes while its host function compiles for nobody: the compiler goes on, and the
/// caller ends when the function returns.
#[test]
fn beside_a_deadline() {
    let _one = ONE_AT_A_TIME.lock();
    let engine = engine(None);
    let mut linker = Linker::new(&engine);
    let slow = named("nested loops").of_size(5_000);
    let inner = engine.clone();
    let host = move |caller: Caller<'_, bool>| {
        let mut caller = caller;
        let compiled = Module::new(&inner, &slow).is_ok();
        *caller.data_mut() = compiled;
    };
    linker.func_wrap("", "compile", host).expect("a new name");
    let wasm = wat::parse_str(
        r#"(module (import "" "compile" (func $compile))
            (func (export "f") (call $compile) (loop (br 0))))"#,
    );
    let module = Module::new(&engine, wasm.expect("valid")).expect("valid");
    let mut store = Store::new(&engine, false);
    let instance = linker.instantiate(&mut store, &module).expect("linked");
    let f = instance.get_typed_func::<(), ()>(&mut store, "f");
    let f = f.expect("exported");
    let soon = Duration::from_millis(2);
    store.set_deadline(Some(soon)).expect("a timer");
    let error = f.call(&mut store, ()).expect_err("it loops");
    assert_eq!(error.downcast_ref(), Some(&Trap::Interrupt), "{error:?}");
    assert!(*store.data());
}

/// With an executor as well: the limit holds.
#[test]
fn with_an_executor() {
    let _one = ONE_AT_A_TIME.lock();
    let limit = Duration::from_millis(5);
    let mut config = Config::new(wasmetal_platform_linux::platform());
    config.parallel_compilation(wasmetal_platform_linux::for_each);
    let engine = Engine::new(config.compile_time_limit(limit)).expect("an engine");
    for (name, wasm) in bombs() {
        let error = Module::new(&engine, wasm).expect_err(name);
        let stopped = error.downcast_ref::<CompilationStopped>();
        assert!(
            matches!(stopped, Some(CompilationStopped::Time { .. })),
            "{error:?}"
        );
    }
}

/// Threads that are stopped, each by its own timer, at the same time.
#[test]
fn on_many_threads() {
    let _one = ONE_AT_A_TIME.lock();
    let engine = limited(Duration::from_millis(3));
    let bombs = bombs();
    thread::scope(|scope| {
        for thread in 0..6 {
            let (engine, bombs) = (&engine, &bombs);
            scope.spawn(move || {
                for round in 0..10 {
                    let (_, wasm) = &bombs[(thread + round) % bombs.len()];
                    assert!(Module::new(engine, wasm).is_err());
                }
            });
        }
    });
}
