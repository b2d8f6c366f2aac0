//! Stopping a store from outside, wherever it is.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::no_guards::NO_GUARDS;
use crate::support::{check_error, config, engine, engines, instantiate, module};
use wasmetal::{
    AsContextMut, Caller, Config, Engine, Func, Instance, InterruptHandle, Linker, Module, Ref,
    Result, Store, Trap, WasmBacktrace,
};

/// Longer than any of this takes.
const LONG: Duration = Duration::from_secs(60);

#[track_caller]
fn check_interrupted<T>(result: Result<T>) {
    match result {
        Ok(_) => panic!("it went on"),
        Err(error) => assert_eq!(
            error.downcast_ref(),
            Some(&Trap::Interrupt),
            "another error: {error:?}"
        ),
    }
}

/// Interrupts by the handle after a while.
fn soon(handle: InterruptHandle, after: Duration) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        thread::sleep(after);
        handle.interrupt();
    })
}

/// Never ends, in many ways.
const FOREVER: &str = r#"
    (module
        (import "" "host" (func $host))
        (memory (export "memory") 1000)
        (table $table 100000 funcref)
        (elem declare func $count)
        (global $count (export "count") (mut i64) (i64.const 0))
        (func $count (global.set $count (i64.add (global.get $count) (i64.const 1))))
        (func (export "quick") (result i32) (i32.const 7))
        (func (export "loop") (loop br 0))
        (func (export "count_up") (loop (call $count) (br 0)))
        (func $deep (param i32)
            (if (local.get 0) (then (call $deep (i32.sub (local.get 0) (i32.const 1))))))
        (func (export "recursion") (loop (call $deep (i32.const 1000)) (br 0)))
        (func $tail (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i64) (return_call $tailed (local.get 0)))
        (func $tailed (param i32)
            (return_call $tail (local.get 0) (i32.const 1) (i32.const 2) (i32.const 3) (i32.const 4)
                (i32.const 5) (i32.const 6) (i32.const 7) (i32.const 8) (i64.const -1)))
        (func (export "tail_calls") (call $tailed (i32.const 0)))
        (func (export "host_calls") (loop (call $host) (br 0)))
        (func (export "memory_fill")
            (loop (memory.fill (i32.const 0) (i32.const 1) (i32.const 65536000)) (br 0)))
        (func (export "memory_copy")
            (loop (memory.copy (i32.const 1) (i32.const 0) (i32.const 65535999)) (br 0)))
        (func (export "table_fill")
            (loop (table.fill $table (i32.const 0) (ref.func $count) (i32.const 100000)) (br 0)))
        (func (export "table_copy")
            (loop (table.copy $table $table (i32.const 1) (i32.const 0) (i32.const 99999)) (br 0)))
        (func (export "grow") (loop (drop (memory.grow (i32.const 0))) (br 0)))
        (func (export "memory_stores") (local i32)
            (loop
                (i32.store offset=100 (local.get 0) (local.get 0))
                (local.set 0 (i32.and (i32.add (local.get 0) (i32.const 4)) (i32.const 0xffff)))
                (br 0)))
    )
"#;

const ENDLESS: &[&str] = &[
    "loop",
    "count_up",
    "recursion",
    "tail_calls",
    "host_calls",
    "memory_fill",
    "memory_copy",
    "table_fill",
    "table_copy",
    "grow",
    "memory_stores",
];

#[test]
fn endless() {
    for engine in engines() {
        let module = module(&engine, FOREVER);
        let mut store = Store::new(&engine, ());
        let handle = store.interrupt_handle().unwrap();
        let host = Func::wrap(&mut store, || {});
        let instance = Instance::new(&mut store, &module, &[host.into()]).unwrap();
        let quick = instance
            .get_typed_func::<(), i32>(&mut store, "quick")
            .unwrap();
        for name in ENDLESS {
            let f = instance.get_typed_func::<(), ()>(&mut store, name).unwrap();
            for round in 0..20 {
                match round % 2 {
                    0 => {
                        let after = Duration::from_micros(round * 100);
                        let other = soon(handle.clone(), after);
                        check_interrupted(f.call(&mut store, ()));
                        other.join().unwrap();
                    }
                    _ => {
                        let after = Duration::from_micros(round * 50);
                        store.set_deadline(Some(after)).unwrap();
                        check_interrupted(f.call(&mut store, ()));
                        store.set_deadline(None).unwrap();
                    }
                }
                assert_eq!(quick.call(&mut store, ()).unwrap(), 7, "{name}");
            }
        }
        let memory = instance.get_memory(&mut store, "memory").unwrap();
        assert_eq!(memory.size(&store), 1000);
        memory.write(&mut store, 5, &[1]).unwrap();
    }
}

/// The backtrace says where it was.
#[test]
fn backtraces() {
    let engine = engine();
    let (mut store, instance) = instantiate(
        &engine,
        r#"(func $spin (loop br 0))
           (func $inner (call $spin))
           (func (export "outer") (call $inner))"#,
        &[],
    )
    .unwrap();
    let outer = instance
        .get_typed_func::<(), ()>(&mut store, "outer")
        .unwrap();
    store.set_deadline(Some(Duration::from_millis(5))).unwrap();
    let error = outer.call(&mut store, ()).unwrap_err();
    let trace = error.downcast_ref::<WasmBacktrace>().unwrap();
    let functions: Vec<_> = trace.frames().iter().map(|it| it.func_index()).collect();
    assert_eq!(functions, [0, 1, 2]);
    assert!(trace.frames()[0].module_offset().is_some());
    check_interrupted::<()>(Err(error));
}

#[test]
fn idle() {
    let engine = engine();
    let (mut store, instance) = instantiate(
        &engine,
        r#"(func (export "quick") (result i32) (i32.const 7))"#,
        &[],
    )
    .unwrap();
    let quick = instance
        .get_typed_func::<(), i32>(&mut store, "quick")
        .unwrap();
    let handle = store.interrupt_handle().unwrap();
    // It waits for the next call, however often; then it is used up.
    for times in [1, 2, 100] {
        for _ in 0..times {
            handle.interrupt();
        }
        check_interrupted(quick.call(&mut store, ()));
        assert_eq!(quick.call(&mut store, ()).unwrap(), 7);
    }
    handle.interrupt();
    assert!(store.take_interrupt());
    assert!(!store.take_interrupt());
    assert_eq!(quick.call(&mut store, ()).unwrap(), 7);
    // A deadline that has passed stays so until there is another.
    store.set_deadline(Some(Duration::ZERO)).unwrap();
    check_interrupted(quick.call(&mut store, ()));
    check_interrupted(quick.call(&mut store, ()));
    store.set_deadline(Some(LONG)).unwrap();
    assert_eq!(quick.call(&mut store, ()).unwrap(), 7);
    store.set_deadline(Some(Duration::MAX)).unwrap();
    assert_eq!(quick.call(&mut store, ()).unwrap(), 7);
    store.set_deadline(None).unwrap();
    assert_eq!(quick.call(&mut store, ()).unwrap(), 7);
    // The handle outlives the store.
    drop(store);
    handle.interrupt();
    handle.clone().interrupt();
}

#[test]
fn start_function() {
    let engine = engine();
    let endless = module(&engine, "(func $start (loop br 0)) (start $start)");
    let quick = module(&engine, "(func $start) (start $start)");
    let mut store = Store::new(&engine, ());
    let handle = store.interrupt_handle().unwrap();
    handle.interrupt();
    check_interrupted(Instance::new(&mut store, &quick, &[]));
    Instance::new(&mut store, &quick, &[]).unwrap();
    let other = soon(handle, Duration::from_millis(5));
    check_interrupted(Instance::new(&mut store, &endless, &[]));
    other.join().unwrap();
    Instance::new(&mut store, &quick, &[]).unwrap();
}

const AROUND: &str = r#"
    (import "" "host" (func $host (param i32) (result i32)))
    (global (export "after") (mut i32) (i32.const 0))
    (func (export "run") (param i32) (result i32)
        (call $host (local.get 0))
        (global.set 0 (i32.const 1)))
    (func (export "spin") (loop br 0))
    (func (export "quick"))
"#;

/// A host function is not disturbed, and its caller does not go on.
#[test]
fn in_host_function() {
    let engine = engine();
    for fails in [false, true] {
        let mut store = Store::new(&engine, ());
        let handle = store.interrupt_handle().unwrap();
        let host = Func::wrap(&mut store, move |x: i32| {
            handle.interrupt();
            // Long enough for several questions of the hook.
            let begin = Instant::now();
            while begin.elapsed() < Duration::from_millis(20) {
                std::hint::spin_loop();
            }
            match fails {
                false => Ok(x),
                true => Err(wasmetal::format_err!("the host's own error")),
            }
        });
        let module = module(&engine, AROUND);
        let instance = Instance::new(&mut store, &module, &[host.into()]).unwrap();
        let run = instance
            .get_typed_func::<i32, i32>(&mut store, "run")
            .unwrap();
        let quick = instance
            .get_typed_func::<(), ()>(&mut store, "quick")
            .unwrap();
        match fails {
            false => check_interrupted(run.call(&mut store, 1)),
            // Nothing was interrupted, so the interrupt is for the next call.
            true => {
                check_error(run.call(&mut store, 1), &["the host's own error"]);
                check_interrupted(quick.call(&mut store, ()));
            }
        }
        quick.call(&mut store, ()).unwrap();
        let after = instance.get_global(&mut store, "after").unwrap();
        assert_eq!(after.get(&mut store).unwrap_i32(), 0);
    }
}

/// What a host function makes of the error of a call of its own changes nothing: its caller ends too.
#[test]
fn nested() {
    let engine = engine();
    let module = module(&engine, AROUND);
    for deadline in [false, true] {
        let mut store = Store::new(&engine, None::<Instance>);
        let handle = store.interrupt_handle().unwrap();
        let host = Func::wrap(
            &mut store,
            |mut caller: Caller<'_, Option<Instance>>, depth: i32| {
                let instance = caller.data().unwrap();
                let result = match depth {
                    0 => instance
                        .get_typed_func::<(), ()>(&mut caller, "spin")
                        .unwrap()
                        .call(&mut caller, ()),
                    _ => instance
                        .get_typed_func::<i32, i32>(&mut caller, "run")
                        .unwrap()
                        .call(&mut caller, depth - 1)
                        .map(drop),
                };
                check_interrupted(result);
                // No other call begins.
                let quick = instance
                    .get_typed_func::<(), ()>(&mut caller, "quick")
                    .unwrap();
                check_interrupted(quick.call(&mut caller, ()));
                1
            },
        );
        let instance = Instance::new(&mut store, &module, &[host.into()]).unwrap();
        *store.data_mut() = Some(instance);
        let run = instance
            .get_typed_func::<i32, i32>(&mut store, "run")
            .unwrap();
        let quick = instance
            .get_typed_func::<(), ()>(&mut store, "quick")
            .unwrap();
        for depth in 0..5 {
            match deadline {
                true => {
                    store.set_deadline(Some(Duration::from_millis(3))).unwrap();
                    check_interrupted(run.call(&mut store, depth));
                    store.set_deadline(None).unwrap();
                }
                false => {
                    let other = soon(handle.clone(), Duration::from_millis(3));
                    check_interrupted(run.call(&mut store, depth));
                    other.join().unwrap();
                }
            }
            quick.call(&mut store, ()).unwrap();
            let after = instance.get_global(&mut store, "after").unwrap();
            assert_eq!(after.get(&mut store).unwrap_i32(), 0);
        }
    }
}

/// Long enough for a call to begin.
const BEFORE: Duration = Duration::from_millis(200);

/// A host function gives its caller more time, and takes it away.
#[test]
fn deadlines_in_host_functions() {
    let engine = engine();
    let module = module(&engine, AROUND);
    for (after, ends) in [
        (None, false),
        (Some(LONG), false),
        (Some(Duration::ZERO), true),
    ] {
        let mut store = Store::new(&engine, ());
        let host = Func::wrap(&mut store, move |mut caller: Caller<'_, ()>, x: i32| {
            thread::sleep(2 * BEFORE);
            caller.as_context_mut().set_deadline(after).unwrap();
            x
        });
        let instance = Instance::new(&mut store, &module, &[host.into()]).unwrap();
        let run = instance
            .get_typed_func::<i32, i32>(&mut store, "run")
            .unwrap();
        // With a deadline before the call, and without: then the host function makes the first.
        for before in [Some(BEFORE), None] {
            store.set_deadline(before).unwrap();
            match ends {
                true => check_interrupted(run.call(&mut store, 3)),
                false => assert_eq!(run.call(&mut store, 3).unwrap(), 3),
            }
        }
    }
}

/// A store that becomes one which can be interrupted while it runs.
#[test]
fn handle_of_a_running_store() {
    let engine = engine();
    let mut store = Store::new(&engine, ());
    let host = Func::wrap(&mut store, |mut caller: Caller<'_, ()>| {
        soon(
            caller.as_context_mut().interrupt_handle().unwrap(),
            Duration::from_millis(5),
        );
    });
    let wat = r#"(import "" "" (func $host)) (func (export "run") (call $host) (loop br 0)) (func (export "quick"))"#;
    let instance = Instance::new(&mut store, &module(&engine, wat), &[host.into()]).unwrap();
    let run = instance
        .get_typed_func::<(), ()>(&mut store, "run")
        .unwrap();
    let quick = instance
        .get_typed_func::<(), ()>(&mut store, "quick")
        .unwrap();
    for _ in 0..3 {
        check_interrupted(run.call(&mut store, ()));
        quick.call(&mut store, ()).unwrap();
    }
}

/// One store's deadline passes while its host function runs another store.
#[test]
fn stores_within_stores() {
    let engine = engine();
    let module = module(&engine, AROUND);
    for (outer_after, inner_after) in [
        (5, None),
        (5, Some(1_000_000)),
        (5, Some(20)),
        (60_000, Some(5)),
    ] {
        let mut store = Store::new(&engine, ());
        let (inner_engine, inner_module) = (engine.clone(), module.clone());
        let host = Func::wrap(&mut store, move |x: i32| {
            let mut store = Store::new(&inner_engine, ());
            let host = Func::wrap(&mut store, |x: i32| x);
            let instance = Instance::new(&mut store, &inner_module, &[host.into()]).unwrap();
            let after = inner_after.map(Duration::from_millis);
            store.set_deadline(after).unwrap();
            let spin = instance
                .get_typed_func::<(), ()>(&mut store, "spin")
                .unwrap();
            let quick = instance
                .get_typed_func::<i32, i32>(&mut store, "run")
                .unwrap();
            match inner_after {
                Some(after) if after < 1000 => check_interrupted(spin.call(&mut store, ())),
                _ => {
                    let begin = Instant::now();
                    while begin.elapsed() < Duration::from_millis(20) {
                        quick.call(&mut store, 1).unwrap();
                    }
                }
            }
            x
        });
        let instance = Instance::new(&mut store, &module, &[host.into()]).unwrap();
        let run = instance
            .get_typed_func::<i32, i32>(&mut store, "run")
            .unwrap();
        store
            .set_deadline(Some(Duration::from_millis(outer_after)))
            .unwrap();
        match outer_after {
            5 => check_interrupted(run.call(&mut store, 1)),
            _ => {
                assert_eq!(run.call(&mut store, 1).unwrap(), 1);
                // The timer serves this store again.
                let spin = instance
                    .get_typed_func::<(), ()>(&mut store, "spin")
                    .unwrap();
                store.set_deadline(Some(Duration::from_millis(5))).unwrap();
                check_interrupted(spin.call(&mut store, ()));
            }
        }
    }
}

#[cfg(feature = "exceptions")]
#[test]
fn throws() {
    let engine = engine();
    let mut store = Store::new(&engine, ());
    let handle = store.interrupt_handle().unwrap();
    let module = module(
        &engine,
        r#"(import "" "host" (func $host))
           (tag $tag)
           (global (export "after") (mut i32) (i32.const 0))
           (func (export "throw")
                (loop (block (try_table (catch $tag 0) (throw $tag))) (br 0)))
           (func (export "host")
                (block (try_table (catch_all 0) (call $host)))
                (global.set 0 (i32.const 1)))
           (func (export "quick"))"#,
    );
    // The host interrupts its caller, and throws.
    let in_host = handle.clone();
    let host = Func::wrap(
        &mut store,
        move |mut caller: Caller<'_, ()>| -> Result<()> {
            let ty = wasmetal::FuncType::new(caller.engine(), [], []);
            let tag = wasmetal::Tag::new(&mut caller, &wasmetal::TagType::new(ty))?;
            let ty = wasmetal::ExnType::from_tag_type(&tag.ty(&caller))?;
            let pre = wasmetal::ExnRefPre::new(&mut caller, ty);
            let exception = wasmetal::ExnRef::new(&mut caller, &pre, &tag, &[])?;
            in_host.interrupt();
            thread::sleep(Duration::from_millis(5));
            caller.as_context_mut().throw(exception)
        },
    );
    let instance = Instance::new(&mut store, &module, &[host.into()]).unwrap();
    let f = |store: &mut Store<()>, name| instance.get_typed_func::<(), ()>(store, name).unwrap();
    let quick = f(&mut store, "quick");
    let throwing = f(&mut store, "throw");
    for round in 0..100 {
        let other = soon(handle.clone(), Duration::from_micros(round * 10));
        check_interrupted(throwing.call(&mut store, ()));
        other.join().unwrap();
        quick.call(&mut store, ()).unwrap();
    }
    check_interrupted(f(&mut store, "host").call(&mut store, ()));
    let after = instance.get_global(&mut store, "after").unwrap();
    assert_eq!(after.get(&mut store).unwrap_i32(), 0);
    quick.call(&mut store, ()).unwrap();
}

#[cfg(feature = "threads")]
#[test]
fn waiting() {
    let engine = engine();
    let (mut store, instance) = instantiate(
        &engine,
        r#"(memory 1 1 shared)
           (func (export "wait") (param i64) (result i32)
                (memory.atomic.wait32 (i32.const 0) (i32.const 0) (local.get 0)))"#,
        &[],
    )
    .unwrap();
    let wait = instance
        .get_typed_func::<i64, i32>(&mut store, "wait")
        .unwrap();
    let handle = store.interrupt_handle().unwrap();
    let begin = Instant::now();
    for timeout in [-1, i64::MAX, 60_000_000_000] {
        for milliseconds in [0, 5] {
            let other = soon(handle.clone(), Duration::from_millis(milliseconds));
            check_interrupted(wait.call(&mut store, timeout));
            other.join().unwrap();
            let after = Duration::from_millis(milliseconds);
            store.set_deadline(Some(after)).unwrap();
            check_interrupted(wait.call(&mut store, timeout));
            store.set_deadline(None).unwrap();
        }
    }
    assert!(begin.elapsed() < LONG);
    // A deadline that is later than the timeout changes nothing.
    store.set_deadline(Some(LONG)).unwrap();
    assert_eq!(wait.call(&mut store, 1_000_000).unwrap(), 2);
}

/// From many threads at once, to many stores on many threads; each call ends exactly once.
#[test]
#[cfg_attr(
    all(target_arch = "aarch64", target_env = "musl"),
    ignore = "qemu-user 7.2 gives threads that make their timers at the same moment the same one"
)]
fn many_threads() {
    let engine = engine();
    let module = module(&engine, FOREVER);
    let done = Arc::new(AtomicBool::new(false));
    let ended = Arc::new(AtomicU32::new(0));
    let handles: Vec<_> = (0..4)
        .map(|number| {
            let mut store = Store::new(&engine, ());
            let handle = store.interrupt_handle().unwrap();
            let (module, done, ended) = (module.clone(), done.clone(), ended.clone());
            let runner = thread::spawn(move || {
                let host = Func::wrap(&mut store, || {});
                let mut linker = Linker::new(module.engine());
                linker.define(&store, "", "host", host).unwrap();
                let instance = loop {
                    match linker.instantiate(&mut store, &module) {
                        Ok(instance) => break instance,
                        Err(error) => check_interrupted::<()>(Err(error)),
                    }
                };
                let mut names = ENDLESS.iter().cycle().skip(number);
                while !done.load(Ordering::Relaxed) {
                    let name = names.next().unwrap();
                    let f = instance.get_typed_func::<(), ()>(&mut store, name).unwrap();
                    check_interrupted(f.call(&mut store, ()));
                    ended.fetch_add(1, Ordering::Relaxed);
                }
            });
            (handle, runner)
        })
        .collect();
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                for round in 0..300 {
                    for (handle, _) in &handles {
                        handle.interrupt();
                    }
                    thread::sleep(Duration::from_micros(round % 50 * 10));
                }
            });
        }
    });
    done.store(true, Ordering::Relaxed);
    for (handle, runner) in handles {
        while !runner.is_finished() {
            handle.interrupt();
            thread::sleep(Duration::from_millis(1));
        }
        runner.join().unwrap();
    }
    assert!(ended.load(Ordering::Relaxed) >= 4);
}

/// The code is the same, whether what it runs on can be interrupted or not.
#[test]
fn same_code() {
    let with = Engine::new(config().explicit_checks(true)).unwrap();
    let without = Engine::new(&Config::new(&NO_GUARDS)).unwrap();
    let mut store = Store::new(&with, ());
    let _handle = store.interrupt_handle().unwrap();
    let wasm = wat::parse_str(FOREVER).unwrap();
    let images = [&with, &without].map(|engine| engine.precompile_module(&wasm).unwrap());
    assert!(images[0] == images[1]);
}

#[test]
fn without_interrupts() {
    let engine = Engine::new(&Config::new(&NO_GUARDS)).unwrap();
    let mut store = Store::new(&engine, ());
    check_error(
        store.interrupt_handle().map(drop),
        &["can't interrupt", "no timer"],
    );
    check_error(store.set_deadline(Some(LONG)), &["can't interrupt"]);
    store.set_deadline(None).unwrap();
    assert!(!store.take_interrupt());
    let module = Module::new(&engine, "(module)").unwrap();
    Instance::new(&mut store, &module, &[]).unwrap();
}

/// Long builtins stop halfway, and what they leave is whole.
#[test]
fn long_builtins() {
    const WAT: &str = r#"
        (memory (export "memory") 1024)
        (table $table (export "table") 0 funcref)
        (elem declare func $f)
        (func $f)
        (func (export "fill") (memory.fill (i32.const 0) (i32.const 1) (i32.const 67108864)))
        (func (export "copy")
            (i32.store8 (i32.const 0) (i32.const 1))
            ;; Overlapping: each byte of the second half comes from the first.
            (memory.fill (i32.const 0) (i32.const 1) (i32.const 33554432))
            (memory.copy (i32.const 33554432) (i32.const 0) (i32.const 33554432)))
        (func (export "table_grow")
            (drop (table.grow $table (ref.func $f) (i32.const 3900000))))
    "#;
    let engine = engine();
    let module = module(&engine, WAT);
    for name in ["fill", "copy", "table_grow"] {
        let halfway = (0..60).any(|round| {
            let mut store = Store::new(&engine, ());
            let handle = store.interrupt_handle().unwrap();
            let instance = Instance::new(&mut store, &module, &[]).unwrap();
            let f = instance.get_typed_func::<(), ()>(&mut store, name).unwrap();
            let table = instance.get_table(&mut store, "table").unwrap();
            if name == "table_grow" {
                // Then there is room for as many, and it does not move.
                for delta in [4_000_000, 1] {
                    table.grow(&mut store, delta, Ref::Func(None)).unwrap();
                }
            }
            let (before, used) = (table.size(&store), store.resources_used());
            // From a fraction of a millisecond to a second.
            let other = soon(
                handle,
                Duration::from_micros(250).mul_f64(1.15_f64.powi(round)),
            );
            let stopped = f.call(&mut store, ()).is_err();
            other.join().unwrap();
            let memory = instance.get_memory(&mut store, "memory").unwrap();
            if stopped {
                assert_eq!((table.size(&store), store.resources_used()), (before, used));
                // Nothing is left of what was written.
                table.grow(&mut store, 1_000, Ref::Func(None)).unwrap();
                for index in before..before + 1_000 {
                    assert!(table.get(&mut store, index).unwrap().is_null());
                }
            }
            let bytes = memory.data(&store);
            stopped
                && match name {
                    "table_grow" => true,
                    _ => bytes[0] == 1 && bytes[bytes.len() - 1] == 0,
                }
        });
        assert!(halfway, "{name} never stopped halfway");
    }
}

/// Everything at once, stopped at random instants, thousands of times; what is left is consistent.
#[cfg(all(feature = "gc", feature = "exceptions"))]
#[test]
fn storm() {
    const ROUNDS: u64 = 1_000;
    const WAT: &str = r#"
        (import "" "host" (func $host (param i32) (result i32)))
        (type $node (struct (field $value i32) (field $next (mut (ref null $node)))))
        (type $pair (struct (field v128) (field (ref null $node)) (field i64)))
        (type $nodes (array (mut (ref null $node))))
        (tag $tag (param i32))
        (memory (export "memory") 1)
        (global $list (mut (ref null $node)) (ref.null $node))
        (global $array (mut (ref null $nodes)) (ref.null $nodes))
        (global $vector (mut v128) (v128.const i64x2 0 0))
        ;; A list whose nodes count up; now and then it begins anew.
        (func (export "objects") (local $i i32)
            (global.set $list (ref.null $node))
            (loop
                (global.set $list (struct.new $node (local.get $i) (global.get $list)))
                (drop (struct.new $pair (v128.const i64x2 1 2) (global.get $list) (i64.const 3)))
                (global.set $array (array.new $nodes (global.get $list) (i32.const 33)))
                (local.set $i (i32.add (local.get $i) (i32.const 1)))
                (if (i32.gt_u (local.get $i) (i32.const 500))
                    (then (local.set $i (i32.const 0)) (global.set $list (ref.null $node))))
                (br 0)))
        ;; The length of the list; or -1 if its nodes do not count down, or the array has another.
        (func (export "check") (result i32) (local $node (ref null $node)) (local $n i32)
            (local.set $node (global.get $list))
            (if (i32.eqz (ref.is_null (global.get $array)))
                (then (if (i32.ne (array.len (global.get $array)) (i32.const 33))
                    (then (return (i32.const -1))))))
            (if (i64.ne (i64x2.extract_lane 0 (global.get $vector)) (i64x2.extract_lane 1 (global.get $vector)))
                (then (return (i32.const -1))))
            (block $end (loop $more
                (br_if $end (ref.is_null (local.get $node)))
                (local.set $n (i32.add (local.get $n) (i32.const 1)))
                (br_if $end (ref.is_null (struct.get $node $next (local.get $node))))
                (if (i32.ne (struct.get $node $value (local.get $node))
                        (i32.add (struct.get $node $value (struct.get $node $next (local.get $node))) (i32.const 1)))
                    (then (return (i32.const -1))))
                (local.set $node (struct.get $node $next (local.get $node)))
                (br $more)))
            (if (i32.eqz (local.get $n)) (then (return (i32.const 0))))
            ;; The last one begins the count.
            (select (local.get $n) (i32.const -1)
                (i32.eqz (struct.get $node $value (local.get $node)))))
        (func $throw (param i32)
            (if (i32.eqz (local.get 0)) (then (throw $tag (i32.const 5))))
            (call $throw (i32.sub (local.get 0) (i32.const 1))))
        (func (export "throws") (local i32)
            (loop
                (block (result i32) (try_table (catch $tag 0) (call $throw (i32.const 9))) (unreachable))
                (if (i32.ne (i32.const 5)) (then unreachable))
                (br 0)))
        (func (export "vectors") (local i64)
            (loop
                (local.set 0 (i64.add (local.get 0) (i64.const 1)))
                (global.set $vector (i64x2.splat (local.get 0)))
                (br 0)))
        (func (export "calls") (loop (drop (call $host (i32.const 3))) (br 0)))
        (func (export "nested") (param i32) (result i32)
            (if (result i32) (local.get 0)
                (then (call $host (i32.sub (local.get 0) (i32.const 1))))
                (else (i32.const 7))))
        (func (export "mixed") (local $i i32)
            (loop
                (drop (call $host (i32.const 1)))
                (memory.fill (i32.const 0) (local.get $i) (i32.const 65536))
                (local.set $i (i32.add (local.get $i) (i32.const 1)))
                (global.set $array (array.new $nodes (global.get $list) (i32.const 33)))
                (br 0)))
    "#;
    let engine = engine();
    let module = module(&engine, WAT);
    let mut store = Store::new(&engine, None::<Instance>);
    let handle = store.interrupt_handle().unwrap();
    let host = Func::wrap(
        &mut store,
        |mut caller: Caller<'_, Option<Instance>>, depth: i32| -> Result<i32> {
            let instance = caller.data().unwrap();
            let nested = instance.get_typed_func::<i32, i32>(&mut caller, "nested")?;
            // Whatever becomes of it.
            Ok(nested.call(&mut caller, depth).unwrap_or(-1))
        },
    );
    let instance = Instance::new(&mut store, &module, &[host.into()]).unwrap();
    *store.data_mut() = Some(instance);
    let names = ["objects", "throws", "vectors", "calls", "mixed"];
    let endless = names.map(|name| instance.get_typed_func::<(), ()>(&mut store, name).unwrap());
    let check = instance
        .get_typed_func::<(), i32>(&mut store, "check")
        .unwrap();
    let nested = instance
        .get_typed_func::<i32, i32>(&mut store, "nested")
        .unwrap();
    let mut random = 1_u64;
    for this in 0..ROUNDS {
        random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        let after = Duration::from_nanos((random >> 40) % (1 << (random >> 20 & 15)) * 8);
        let f = &endless[this as usize % endless.len()];
        match this % 32 {
            // Another thread does it, when it has its turn.
            0 => {
                let other = soon(handle.clone(), after);
                check_interrupted(f.call(&mut store, ()));
                other.join().unwrap();
                assert!(!store.take_interrupt(), "it ended without being used up");
            }
            _ => {
                store.set_deadline(Some(after)).unwrap();
                check_interrupted(f.call(&mut store, ()));
                store.set_deadline(None).unwrap();
            }
        }
        if this % 3 == 0 {
            store.gc(None).unwrap();
        }
        let length = check.call(&mut store, ()).unwrap();
        assert!((0..=501).contains(&length), "{this}: {length}");
        assert_eq!(nested.call(&mut store, 2).unwrap(), 7);
    }
}

/// Wherever it was, in prologues and epilogues too, no frame is missing.
#[test]
fn backtraces_anywhere() {
    let engine = engine();
    let (mut store, instance) = instantiate(
        &engine,
        r#"(global $g (mut i32) (i32.const 0))
           (func $outer (export "outer") (call $middle))
           (func $middle (call $inner (i32.const 3)))
           (func $inner (param i32)
                (loop
                    (local.set 0 (i32.div_u (i32.const 1000) (call $leaf (local.get 0))))
                    (local.set 0 (i32.div_u (i32.const 1000) (local.get 0)))
                    (br 0)))
           (func $leaf (param i32) (result i32)
                (global.set $g (local.get 0)) (i32.or (local.get 0) (i32.const 1)))"#,
        &[],
    )
    .unwrap();
    let outer = instance
        .get_typed_func::<(), ()>(&mut store, "outer")
        .unwrap();
    let mut seen = std::collections::BTreeMap::new();
    for round in 0..2_000 {
        let after = Duration::from_nanos(round * 7_919 % 50_000);
        store.set_deadline(Some(after)).unwrap();
        let error = outer.call(&mut store, ()).unwrap_err();
        let trace = error.downcast_ref::<WasmBacktrace>().unwrap();
        let functions: Vec<_> = trace.frames().iter().map(|it| it.func_index()).collect();
        *seen.entry(functions).or_insert(0) += 1;
    }
    for functions in seen.keys() {
        let whole: &[&[u32]] = &[&[], &[0], &[1, 0], &[2, 1, 0], &[3, 2, 1, 0]];
        assert!(whole.contains(&&functions[..]), "{seen:?}");
    }
    assert!(seen[&vec![3, 2, 1, 0]] > 0 && seen[&vec![2, 1, 0]] > 0);
}
