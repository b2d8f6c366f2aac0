//! What may cross threads.

use crate::support::{check_error, engines, instantiate, module};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::thread;
use wasmetal::{
    Config, Engine, Error, Extern, ExternRef, Func, FuncType, Instance, InstancePre, Linker,
    Memory, Module, Rooted, Store, Trap, TypedFunc, Val,
};

const fn assert_send_sync<T: Send + Sync>() {}

const _: () = {
    assert_send_sync::<Config>();
    assert_send_sync::<Engine>();
    assert_send_sync::<Module>();
    assert_send_sync::<FuncType>();
    assert_send_sync::<Linker<()>>();
    assert_send_sync::<Linker<*const u8>>();
    assert_send_sync::<InstancePre<*const u8>>();
    assert_send_sync::<Store<()>>();
    assert_send_sync::<Error>();
    assert_send_sync::<(
        Instance,
        Func,
        Memory,
        Extern,
        Val,
        TypedFunc<(), ()>,
        Rooted<ExternRef>,
    )>();
};

const WAT: &str = r#"
    (memory 1)
    (func (export "sum") (param $n i32) (result i32) (local $sum i32)
        (loop $again
            (local.set $sum (i32.add (local.get $sum) (local.get $n)))
            (local.set $n (i32.sub (local.get $n) (i32.const 1)))
            (br_if $again (local.get $n)))
        (local.get $sum))
    (func (export "trap") (drop (i32.load (i32.const -1))))
    (func $deep (export "deep") (call $deep))
"#;

#[test]
fn a_module_in_many_threads() {
    for engine in engines() {
        let module = module(&engine, WAT);
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..20 {
                        let mut store = Store::new(&engine, ());
                        let instance = Instance::new(&mut store, &module, &[]).unwrap();
                        let sum = instance
                            .get_typed_func::<i32, i32>(&mut store, "sum")
                            .unwrap();
                        assert_eq!(sum.call(&mut store, 1000).unwrap(), 500_500);
                        for (name, trap) in [
                            ("trap", Trap::MemoryOutOfBounds),
                            ("deep", Trap::StackOverflow),
                        ] {
                            let f = instance.get_typed_func::<(), ()>(&mut store, name).unwrap();
                            let error = f.call(&mut store, ()).unwrap_err();
                            assert_eq!(error.downcast_ref::<Trap>(), Some(&trap));
                        }
                    }
                });
            }
        });
    }
}

#[test]
fn compiling_in_many_threads() {
    for engine in engines() {
        thread::scope(|scope| {
            for i in 0..8 {
                let engine = &engine;
                scope.spawn(move || {
                    for j in 0..20 {
                        let wat = format!(
                            r#"(func (export "f") (param {}) (result i32) (i32.const {j}))"#,
                            "i64 ".repeat((i * j) % 7)
                        );
                        let (mut store, instance) = instantiate(engine, &wat, &[]).unwrap();
                        let f = instance.get_func(&mut store, "f").unwrap();
                        let params = vec![Val::I64(0); (i * j) % 7];
                        let mut results = [Val::I32(-1)];
                        f.call(&mut store, &params, &mut results).unwrap();
                        assert_eq!(results[0].unwrap_i32(), j as i32);
                    }
                });
            }
        });
    }
}

#[test]
fn a_store_moves() {
    for engine in engines() {
        let (mut store, instance) = instantiate(&engine, WAT, &[]).unwrap();
        let sum = instance
            .get_typed_func::<i32, i32>(&mut store, "sum")
            .unwrap();
        let trap = instance
            .get_typed_func::<(), ()>(&mut store, "trap")
            .unwrap();
        for _ in 0..4 {
            assert_eq!(sum.call(&mut store, 10).unwrap(), 55);
            store = thread::spawn(move || {
                assert_eq!(sum.call(&mut store, 20).unwrap(), 210);
                check_error(trap.call(&mut store, ()), &["out of bounds memory access"]);
                store
            })
            .join()
            .unwrap();
        }
    }
}

#[test]
fn a_linker_in_many_threads() {
    for engine in engines() {
        static CALLS: AtomicUsize = AtomicUsize::new(0);
        CALLS.store(0, Relaxed);
        let mut linker = Linker::<usize>::new(&engine);
        linker
            .func_wrap("", "f", |caller: wasmetal::Caller<'_, usize>| {
                CALLS.fetch_add(*caller.data(), Relaxed);
            })
            .unwrap();
        let module = module(
            &engine,
            r#"(import "" "f" (func $f)) (func (export "g") (call $f))"#,
        );
        let pre = linker.instantiate_pre(&module).unwrap();
        thread::scope(|scope| {
            for i in 0..8 {
                let (pre, engine) = (&pre, &engine);
                scope.spawn(move || {
                    let mut store = Store::new(engine, i);
                    for _ in 0..10 {
                        let instance = pre.instantiate(&mut store).unwrap();
                        let g = instance.get_typed_func::<(), ()>(&mut store, "g").unwrap();
                        g.call(&mut store, ()).unwrap();
                    }
                });
            }
        });
        assert_eq!(CALLS.load(Relaxed), 280);
    }
}
