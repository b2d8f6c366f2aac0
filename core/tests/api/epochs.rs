//! Epochs: deadlines of stores, and what becomes of code that runs longer.

use crate::support::{config, module};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;
use wasmetal::{
    AsContextMut, Caller, Config, Engine, Func, Instance, Linker, Result, Store, Trap,
    UpdateDeadline, bail,
};

fn engine() -> Engine {
    Engine::new(config().epoch_interruption(true)).unwrap()
}

fn is_interrupt(error: &wasmetal::Error) -> bool {
    error.downcast_ref() == Some(&Trap::Interrupt)
}

/// Runs the export `run` of a module whose import counts epochs on; how often the callback was asked, and
/// what came of it.
fn run(
    wat: &str,
    deadline: u64,
    answer: impl Fn(usize) -> UpdateDeadline + Send + Sync + 'static,
) -> (usize, Result<()>) {
    let engine = engine();
    let module = module(&engine, wat);
    let mut linker = Linker::new(&engine);
    let counted = engine.clone();
    linker
        .func_wrap("", "tick", move || counted.increment_epoch())
        .unwrap();
    let mut store = Store::new(&engine, 0);
    store.set_epoch_deadline(deadline);
    store.epoch_deadline_callback(move |mut store| {
        *store.data_mut() += 1;
        Ok(answer(*store.data()))
    });
    let instance = linker.instantiate(&mut store, &module).unwrap();
    let run = instance
        .get_typed_func::<(), ()>(&mut store, "run")
        .unwrap();
    let result = run.call(&mut store, ());
    (*store.data(), result)
}

/// Checks how often code finds its deadline come, with one more epoch each time.
#[track_caller]
fn check(expected: usize, deadline: u64, body: &str) {
    let wat = format!(
        r#"(import "" "tick" (func $tick)) (memory 1)
           (func $nothing)
           (func (export "run") (local i32) {body})"#
    );
    let (asked, result) = run(&wat, deadline, |_| UpdateDeadline::Continue(1));
    result.unwrap();
    assert_eq!(asked, expected, "{body}");
    // As often as it must, until it is ended.
    if expected > 0 {
        let (asked, result) = run(&wat, deadline, move |count| match count == expected {
            true => UpdateDeadline::Interrupt,
            false => UpdateDeadline::Continue(1),
        });
        assert!(is_interrupt(&result.unwrap_err()));
        assert_eq!(asked, expected);
    }
}

#[test]
fn where_code_looks() {
    check(0, 1, "");
    check(1, 0, "");
    // The end of a function is no such place, its beginning is.
    check(0, 1, "(call $tick)");
    check(1, 1, "(call $tick) (call $nothing)");
    check(1, 1, "(call $tick) (call $nothing) (call $nothing)");
    check(
        2,
        1,
        "(call $tick) (call $nothing) (call $tick) (call $nothing)",
    );
    check(0, 2, "(call $tick) (call $nothing)");
    check(1, 1, "(call $tick) (loop)");
    check(
        4,
        1,
        "(loop (call $tick)
             (br_if 0 (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (i32.const 5))))",
    );
    // Operators on ranges, but small ones.
    check(
        1,
        1,
        "(call $tick) (memory.fill (i32.const 0) (i32.const 0) (i32.const 1000))",
    );
    check(
        1,
        1,
        "(call $tick) (memory.fill (i32.const 0) (i32.const 0) (memory.size))",
    );
    check(
        0,
        1,
        "(call $tick) (memory.fill (i32.const 0) (i32.const 0) (i32.const 100))",
    );
}

/// All registers are as they were, however many there are in use.
#[test]
fn nothing_is_lost() {
    let count = 24;
    let locals = |ty: &str| format!("(local{})", format!(" {ty}").repeat(count));
    let each = |f: &dyn Fn(usize) -> String| (0..count).map(f).collect::<Vec<_>>().join("\n");
    let wat = format!(
        r#"(import "" "tick" (func $tick))
        (func (export "run") (param $rounds i32) (result f64)
            {ints} {floats}
            {init}
            (call $tick)
            (loop
                {step}
                (br_if 0 (local.tee $rounds (i32.sub (local.get $rounds) (i32.const 1)))))
            (f64.const 0)
            {sum})"#,
        ints = locals("i64"),
        floats = locals("f64"),
        init = each(&|i| format!(
            "(local.set {} (i64.const {})) (local.set {} (f64.const {}))",
            i + 1,
            i * 7 + 1,
            i + 1 + count,
            i * 3 + 2
        )),
        step = each(&|i| format!(
            "(local.set {a} (i64.add (i64.mul (local.get {a}) (i64.const 3)) (local.get {b})))
             (local.set {c} (f64.add (f64.div (local.get {c}) (f64.const 2)) (local.get {d})))",
            a = i + 1,
            b = (i + 5) % count + 1,
            c = i + 1 + count,
            d = (i + 7) % count + 1 + count
        )),
        sum = each(&|i| format!(
            "(f64.add (f64.convert_i64_s (local.get {}))) (f64.add (local.get {}))",
            i + 1,
            i + 1 + count
        )),
    );
    let mut results = Vec::new();
    for ticks in [false, true] {
        let engine = engine();
        let mut linker = Linker::new(&engine);
        linker.func_wrap("", "tick", || {}).unwrap();
        let mut store = Store::new(&engine, 0);
        store.set_epoch_deadline(u64::MAX);
        store.epoch_deadline_callback(|mut store| {
            *store.data_mut() += 1;
            // Work that uses registers of both kinds.
            let text = format!("{:.3}", f64::from(*store.data()).sqrt());
            assert!(text.len() > 3);
            Ok(UpdateDeadline::Continue(0))
        });
        if ticks {
            store.set_epoch_deadline(0);
        }
        let instance = linker
            .instantiate(&mut store, &module(&engine, &wat))
            .unwrap();
        let run = instance
            .get_typed_func::<i32, f64>(&mut store, "run")
            .unwrap();
        results.push(run.call(&mut store, 100).unwrap().to_bits());
        assert_eq!(*store.data(), if ticks { 101 } else { 0 });
    }
    assert_eq!(results[0], results[1]);
}

#[test]
fn deadlines() {
    let engine = engine();
    let module = module(&engine, r#"(func (export "f"))"#);
    let mut store = Store::new(&engine, ());
    let instance = Instance::new(&mut store, &module, &[]).unwrap();
    let f = instance.get_typed_func::<(), ()>(&mut store, "f").unwrap();
    let check = |store: &mut Store<()>, expected: bool| {
        let result = f.call(&mut *store, ());
        assert_eq!(result.is_ok(), expected);
        if let Err(error) = result {
            assert!(is_interrupt(&error), "{error:?}");
            let trace = error.downcast_ref::<wasmetal::WasmBacktrace>().unwrap();
            assert_eq!(trace.frames().len(), 1);
        }
    };
    // It has come when the store is new.
    check(&mut store, false);
    store.set_epoch_deadline(0);
    check(&mut store, false);
    store.set_epoch_deadline(2);
    check(&mut store, true);
    engine.increment_epoch();
    check(&mut store, true);
    engine.increment_epoch();
    check(&mut store, false);
    engine.increment_epoch();
    check(&mut store, false);
    // It counts from now.
    store.set_epoch_deadline(1);
    check(&mut store, true);
    // Never.
    store.set_epoch_deadline(u64::MAX);
    engine.increment_epoch();
    check(&mut store, true);
    store.set_epoch_deadline(u64::MAX - 1);
    check(&mut store, true);
    // Only the stores whose deadline it is.
    let mut other = Store::new(&engine, ());
    other.set_epoch_deadline(1);
    store.set_epoch_deadline(2);
    engine.increment_epoch();
    check(&mut store, true);
    drop(other);
    engine.increment_epoch();
    check(&mut store, false);
}

/// A clock that had another store before is as good as new.
#[test]
fn stores_come_and_go() {
    let engine = engine();
    let module = module(&engine, r#"(func (export "f"))"#);
    let mut stores: Vec<Store<u64>> = Vec::new();
    for round in 0..200_u64 {
        let mut store = Store::new(&engine, round + 1 + round % 7);
        store.set_epoch_deadline(1 + round % 7);
        stores.push(store);
        engine.increment_epoch();
        for store in &mut stores {
            let instance = Instance::new(&mut *store, &module, &[]).unwrap();
            let f = instance.get_typed_func::<(), ()>(&mut *store, "f").unwrap();
            let result = f.call(&mut *store, ());
            assert_eq!(result.is_ok(), *store.data() > round + 1, "{round}");
        }
        let late = usize::try_from(round % 3).unwrap();
        while stores.len() > late {
            stores.swap_remove(late / 2);
        }
    }
}

#[test]
fn callbacks_fail() {
    let engine = engine();
    let module = module(&engine, r#"(func (export "f") (loop (br 0)))"#);
    let mut store = Store::new(&engine, ());
    let instance = Instance::new(&mut store, &module, &[]).unwrap();
    let f = instance.get_typed_func::<(), ()>(&mut store, "f").unwrap();
    store.epoch_deadline_callback(|_| bail!("no more of this"));
    for _ in 0..3 {
        let error = f.call(&mut store, ()).unwrap_err();
        assert_eq!(error.root_cause().to_string(), "no more of this");
    }
    // Its panic goes on in the caller, and the store has none any more.
    store.epoch_deadline_callback(|_| panic!("out of ideas"));
    let call = std::panic::AssertUnwindSafe(|| f.call(&mut store, ()));
    let panic = std::panic::catch_unwind(call).unwrap_err();
    assert_eq!(panic.downcast_ref(), Some(&"out of ideas"));
    assert!(is_interrupt(&f.call(&mut store, ()).unwrap_err()));
    store.epoch_deadline_callback(|_| bail!("again"));
    store.epoch_deadline_trap();
    assert!(is_interrupt(&f.call(&mut store, ()).unwrap_err()));
}

/// Once it has returned, a callback is the store's again, whatever it has asked for.
#[test]
fn callbacks_stay() {
    let engine = engine();
    let module = module(&engine, r#"(func (export "f") (loop (br 0)))"#);
    let mut store = Store::new(&engine, 0);
    let instance = Instance::new(&mut store, &module, &[]).unwrap();
    let f = instance.get_typed_func::<(), ()>(&mut store, "f").unwrap();
    store.epoch_deadline_callback(|mut store| {
        store.epoch_deadline_trap();
        *store.data_mut() += 1;
        Ok(match store.data() % 3 {
            0 => UpdateDeadline::Interrupt,
            1 => UpdateDeadline::Continue(0),
            _ => bail!("no more of this"),
        })
    });
    for asked in [2, 3, 5] {
        let interrupted = is_interrupt(&f.call(&mut store, ()).unwrap_err());
        assert_eq!((*store.data(), interrupted), (asked, asked == 3));
    }
}

/// A callback may do to the store whatever a host function may: call, grow, move the deadline.
#[test]
fn callbacks_use_the_store() {
    for explicit in [false, true] {
        let engine =
            Engine::new(config().epoch_interruption(true).explicit_checks(explicit)).unwrap();
        let module = module(
            &engine,
            r#"(memory (export "memory") 1)
               (table (export "table") 1 funcref)
               (func (export "spin") (result i32)
                   (loop
                       (i32.store (i32.const 8) (i32.add (i32.load (i32.const 8)) (i32.const 1)))
                       (br_if 0 (i32.lt_u (memory.size) (i32.const 4))))
                   (i32.store offset=0x30000 (i32.const 0) (i32.const 5))
                   (i32.add (table.size) (i32.load (i32.const 8))))
               (func (export "note") (param i32) (i32.store (i32.const 16) (local.get 0)))"#,
        );
        let mut store = Store::new(&engine, None::<Instance>);
        let instance = Instance::new(&mut store, &module, &[]).unwrap();
        *store.data_mut() = Some(instance);
        store.epoch_deadline_callback(|mut store| {
            let instance = store.data().unwrap();
            // The deadline is still over: code that is called now just ends.
            let note = instance.get_typed_func::<i32, ()>(&mut store, "note")?;
            assert!(is_interrupt(&note.call(&mut store, 1).unwrap_err()));
            store.set_epoch_deadline(1);
            note.call(&mut store, 2)?;
            let memory = instance.get_memory(&mut store, "memory").unwrap();
            memory.grow(&mut store, 1)?;
            let table = instance.get_table(&mut store, "table").unwrap();
            table.grow(&mut store, 1, wasmetal::Ref::Func(None))?;
            Ok(UpdateDeadline::Continue(0))
        });
        let spin = instance
            .get_typed_func::<(), i32>(&mut store, "spin")
            .unwrap();
        // At the entry, and in the first two rounds.
        assert_eq!(spin.call(&mut store, ()).unwrap(), 4 + 2);
        let memory = instance.get_memory(&mut store, "memory").unwrap();
        assert_eq!(memory.data(&store)[16], 2);
        assert_eq!(memory.data(&store)[0x30000], 5);
    }
}

/// Nested calls, the inner of which is interrupted.
#[test]
fn nested_calls() {
    let engine = engine();
    let module = module(
        &engine,
        r#"(import "" "call" (func $call))
           (func (export "outer") (result i32) (call $call) (i32.const 5))
           (func (export "inner") (loop (br 0)))"#,
    );
    let mut store = Store::new(&engine, 0);
    store.set_epoch_deadline(1);
    let inner_engine = engine.clone();
    let call = Func::wrap(&mut store, move |mut caller: Caller<'_, i32>| {
        let inner = caller
            .get_export("inner")
            .and_then(|export| export.into_func());
        let inner = inner.unwrap().typed::<(), ()>(&caller)?;
        inner_engine.increment_epoch();
        let error = inner.call(&mut caller, ()).unwrap_err();
        assert!(is_interrupt(&error));
        *caller.data_mut() += 1;
        caller.as_context_mut().set_epoch_deadline(1);
        Result::Ok(())
    });
    let instance = Instance::new(&mut store, &module, &[call.into()]).unwrap();
    let outer = instance
        .get_typed_func::<(), i32>(&mut store, "outer")
        .unwrap();
    assert_eq!(outer.call(&mut store, ()).unwrap(), 5);
    assert_eq!(*store.data(), 1);
}

/// A callback collects garbage: objects move, and code finds them.
#[cfg(feature = "gc")]
#[test]
fn callbacks_collect() {
    let mut config = config();
    config.epoch_interruption(true);
    let engine = Engine::new(&config).unwrap();
    let module = module(
        &engine,
        r#"(type $node (struct (field i32) (field (ref null $node))))
           (func (export "run") (result i32) (local $list (ref null $node)) (local $i i32) (local $sum i32)
               (loop
                   (local.set $list (struct.new $node (local.get $i) (local.get $list)))
                   (br_if 0 (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 100))))
               (loop
                   (local.set $sum (i32.add (local.get $sum) (struct.get $node 0 (local.get $list))))
                   (br_if 0 (i32.eqz (ref.is_null (local.tee $list (struct.get $node 1 (local.get $list)))))))
               (local.get $sum))"#,
    );
    let mut store = Store::new(&engine, 0);
    store.epoch_deadline_callback(|mut store| {
        store.gc(None)?;
        *store.data_mut() += 1;
        Ok(UpdateDeadline::Continue(0))
    });
    let instance = Instance::new(&mut store, &module, &[]).unwrap();
    let run = instance
        .get_typed_func::<(), i32>(&mut store, "run")
        .unwrap();
    assert_eq!(run.call(&mut store, ()).unwrap(), 4950);
    assert_eq!(*store.data(), 201);
}

/// Another thread counts while code runs, and stores come and go.
#[test]
fn other_threads_count() {
    let engine = engine();
    let spin = module(&engine, r#"(func (export "f") (loop (br 0)))"#);
    let stop = Arc::new(AtomicBool::new(false));
    let counting = thread::spawn({
        let (engine, stop) = (engine.weak(), stop.clone());
        move || {
            while !stop.load(Ordering::Relaxed) {
                engine.upgrade().unwrap().increment_epoch();
                thread::sleep(Duration::from_micros(50));
            }
        }
    });
    let ended = Arc::new(AtomicUsize::new(0));
    let threads: Vec<_> = (0..3)
        .map(|i| {
            let (engine, spin, ended) = (engine.clone(), spin.clone(), ended.clone());
            thread::spawn(move || {
                for round in 0..100 {
                    let mut store = Store::new(&engine, ());
                    store.set_epoch_deadline(1);
                    let instance = Instance::new(&mut store, &spin, &[]);
                    let instance = instance.unwrap();
                    let f = instance.get_typed_func::<(), ()>(&mut store, "f").unwrap();
                    store.set_epoch_deadline((i + round) % 4);
                    assert!(is_interrupt(&f.call(&mut store, ()).unwrap_err()));
                    ended.fetch_add(1, Ordering::Relaxed);
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    stop.store(true, Ordering::Relaxed);
    counting.join().unwrap();
    assert_eq!(ended.load(Ordering::Relaxed), 300);
}

/// Every way to run for ever ends.
#[test]
fn hostile_code() {
    // A tree of calls without a loop, of 2^40 leaves.
    let tree: String = (0..40)
        .map(|i| format!("(func $f{i} (call $f{next}) (call $f{next}))", next = i + 1))
        .collect();
    let memory = "(memory 16)";
    for wat in [
        r#"(func (export "f") (loop (br 0)))"#.to_string(),
        r#"(func (export "f") (loop (br_if 0 (i32.const 1))))"#.to_string(),
        r#"(func (export "f") (loop (br_table 0 (i32.const 0))))"#.to_string(),
        r#"(func (export "f") (loop (drop (br_on_null 0 (ref.null func)))))"#.to_string(),
        r#"(func (export "f") (return_call 0))"#.to_string(),
        r#"(table 1 funcref) (elem (i32.const 0) func 0) (func (export "f") (return_call_indirect (i32.const 0)))"#.to_string(),
        format!(r#"{tree} (func $f40) (export "f" (func $f0))"#),
        format!(r#"{memory} (func (export "f") (loop (memory.fill (i32.const 0) (i32.const 0) (i32.const 0x100000)) (br 0)))"#),
        r#"(func $g (loop (br 0))) (func (export "f") (call $g))"#.to_string(),
    ] {
        for fuel in [false, true] {
            let mut config: Config = config();
            config.epoch_interruption(true).consume_fuel(fuel);
            let engine = Engine::new(&config).unwrap();
            let module = module(&engine, &wat);
            let mut store = Store::new(&engine, ());
            if fuel {
                store.set_fuel(u64::MAX).unwrap();
            }
            store.set_epoch_deadline(1);
            let instance = Instance::new(&mut store, &module, &[]).unwrap();
            let f = instance.get_typed_func::<(), ()>(&mut store, "f").unwrap();
            let (started, running) = mpsc::channel();
            let ticker = thread::spawn({
                let engine = engine.clone();
                move || {
                    running.recv().unwrap();
                    thread::sleep(Duration::from_millis(5));
                    engine.increment_epoch();
                }
            });
            started.send(()).unwrap();
            assert!(is_interrupt(&f.call(&mut store, ()).unwrap_err()), "{wat}");
            ticker.join().unwrap();
        }
    }
}
