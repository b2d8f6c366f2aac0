//! Host functions: what they are given, and what becomes of their errors and panics.

use crate::support::{check_error, check_panic, engines, module};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use wasmetal::{
    Caller, Engine, Error, ExternRef, Func, FuncType, Instance, IntoFunc, Result, Rooted, Store,
    Trap, Val, ValType, WasmBacktrace, WasmParams, WasmResults,
};
#[cfg(feature = "simd")]
use wasmetal::{Linker, ValRaw};

/// Calls a host function from Wasm with the constant arguments `args`, and from the host.
#[track_caller]
fn check<T, R>(ty: &str, args: &str, func: impl IntoFunc<(), T, R> + Clone, expected: &str) {
    for engine in engines() {
        let mut store = Store::new(&engine, ());
        let func = Func::wrap(&mut store, func.clone());
        let wat = format!(
            r#"(import "" "f" (func $f {ty}))
               (func (export "g") {} (call $f {args}))"#,
            &ty[ty.find("(result").unwrap_or(ty.len())..]
        );
        let instance = Instance::new(&mut store, &module(&engine, &wat), &[func.into()]).unwrap();
        let g = instance.get_func(&mut store, "g").unwrap();
        let mut results = vec![Val::I32(0); g.ty(&store).results().len()];
        for _ in 0..2 {
            g.call(&mut store, &[], &mut results).unwrap();
            assert_eq!(format!("{results:?}"), expected, "{ty}");
        }
    }
}

#[test]
fn parameters_and_results() {
    check("", "", || {}, "[]");
    check("", "", || -> Result<()> { Ok(()) }, "[]");
    check("(result i32)", "", || 1_i32, "[I32(1)]");
    check(
        "(result i32)",
        "",
        || -> Result<u32> { Ok(u32::MAX) },
        "[I32(-1)]",
    );
    check(
        "(result i32 i64)",
        "",
        || (1_u32, 2_u64),
        "[I32(1), I64(2)]",
    );
    check(
        "(result i64)",
        "",
        || -> Result<(i64,)> { Ok((3,)) },
        "[I64(3)]",
    );
    check(
        "(param i32) (result i32)",
        "(i32.const 20)",
        |x: i32| x + 1,
        "[I32(21)]",
    );
    check(
        "(param i32) (result i32)",
        "(i32.const 20)",
        |_: Caller<'_, ()>, x: u32| x + 1,
        "[I32(21)]",
    );
    check(
        "(param i32 i64 f32 f64) (result f64 f32 i64 i32)",
        "(i32.const 1) (i64.const 2) (f32.const 3) (f64.const 4)",
        |a: i32, b: i64, c: f32, d: f64| (d * 2.0, c * 2.0, b * 2, a * 2),
        &format!(
            "[F64({}), F32({}), I64(4), I32(2)]",
            8_f64.to_bits(),
            6_f32.to_bits()
        ),
    );
    check(
        &format!("(param {}) (result i64)", "i64 ".repeat(16)),
        &(1..=16)
            .map(|i| format!("(i64.const {i})"))
            .collect::<String>(),
        |a: i64,
         b: i64,
         c: i64,
         d: i64,
         e: i64,
         f: i64,
         g: i64,
         h: i64,
         i: i64,
         j: i64,
         k: i64,
         l: i64,
         m: i64,
         n: i64,
         o: i64,
         p: i64| { a + b + c + d + e + f + g + h + i + j + k + l + m + n + o + p },
        "[I64(136)]",
    );
    check(
        "(param funcref externref) (result externref funcref)",
        "(ref.null func) (ref.null extern)",
        |f: Option<Func>, e: Option<Rooted<ExternRef>>| (e, f),
        "[ExternRef(None), FuncRef(None)]",
    );
}

#[test]
fn captures_live_as_long_as_the_store() {
    for engine in engines() {
        let held = Arc::new(AtomicUsize::new(0));
        let mut store = Store::new(&engine, ());
        let captured = held.clone();
        let func = Func::wrap(&mut store, move || {
            captured.fetch_add(1, Relaxed);
        });
        func.call(&mut store, &[], &mut []).unwrap();
        func.call(&mut store, &[], &mut []).unwrap();
        assert_eq!((held.load(Relaxed), Arc::strong_count(&held)), (2, 2));
        drop(store);
        assert_eq!(Arc::strong_count(&held), 1);
    }
}

#[test]
fn dynamic() {
    for engine in engines() {
        let mut store = Store::new(&engine, 10_i32);
        let ty = FuncType::new(
            &engine,
            [ValType::I32, ValType::F32],
            [ValType::F32, ValType::I32],
        );
        let swap = Func::new(&mut store, ty, |mut caller, params, results| {
            *caller.data_mut() += params[0].unwrap_i32();
            results[0] = params[1];
            results[1] = params[0];
            Ok(())
        });
        let wat = r#"(import "" "f" (func (param i32 f32) (result f32 i32)))
            (func (export "g") (result f32 i32) (call 0 (i32.const 1) (f32.const 2)))"#;
        let instance = Instance::new(&mut store, &module(&engine, wat), &[swap.into()]).unwrap();
        let g = instance
            .get_typed_func::<(), (f32, i32)>(&mut store, "g")
            .unwrap();
        assert_eq!(g.call(&mut store, ()).unwrap(), (2.0, 1));
        let swap = swap.typed::<(i32, f32), (f32, i32)>(&store).unwrap();
        assert_eq!(swap.call(&mut store, (3, 4.0)).unwrap(), (4.0, 3));
        assert_eq!(*store.data(), 14);
    }
}

/// Slots without types: more parameters than results, more results than parameters, none, and references.
#[cfg(feature = "simd")]
#[test]
fn unchecked() {
    let wat = r#"(module
        (import "host" "sum" (func $sum (param i32 i64 f64) (result i64)))
        (import "host" "spread" (func $spread (param i32) (result i32 i64 f32 v128)))
        (import "host" "nothing" (func $nothing))
        (import "host" "same" (func $same (param externref) (result externref)))
        (export "spread" (func $spread))
        (func (export "run") (param externref) (result i64 externref)
            (call $nothing)
            (call $sum (i32.const 1) (i64.const 0x100000000) (f64.const 3))
            (call $same (local.get 0))))"#;
    for engine in engines() {
        let module = module(&engine, wat);
        let mut store = Store::new(&engine, 0);
        let mut linker = Linker::new(&engine);
        for import in module.imports() {
            let (name, ty) = (import.name().to_string(), import.ty().unwrap_func().clone());
            let call = name.clone();
            // SAFETY: each function reads and leaves what its type says.
            let defined = unsafe {
                linker.func_new_unchecked(
                    "host",
                    &name,
                    ty,
                    move |mut caller: Caller<'_, i32>, slots| {
                        *caller.data_mut() += 1;
                        let get = |i: usize| slots[i].assume_init_ref();
                        match &*call {
                            "sum" => {
                                assert_eq!(slots.len(), 3);
                                let sum = i64::from(get(0).get_i32()) + get(1).get_i64();
                                let sum = sum + f64::from_bits(get(2).get_f64()) as i64;
                                slots[0].write(ValRaw::i64(sum));
                            }
                            "spread" => {
                                assert_eq!(slots.len(), 4);
                                let x = get(0).get_i32();
                                slots[0].write(ValRaw::i32(x + 1));
                                slots[1].write(ValRaw::i64(i64::from(x) << 32));
                                slots[2].write(ValRaw::f32((x as f32).to_bits()));
                                slots[3].write(ValRaw::v128(u128::MAX));
                            }
                            "nothing" => assert_eq!(slots.len(), 0),
                            _ => assert_eq!(slots.len(), 1),
                        }
                        Ok(())
                    },
                )
            };
            defined.unwrap();
        }
        let instance = linker.instantiate(&mut store, &module).unwrap();
        let run = instance.get_func(&mut store, "run").unwrap();
        let value = ExternRef::new(&mut store, 5_u8).unwrap();
        let mut results = [Val::I64(0), Val::ExternRef(None)];
        run.call(&mut store, &[value.into()], &mut results).unwrap();
        assert_eq!(results[0].unwrap_i64(), 0x1_0000_0004);
        let same = results[1].unwrap_externref().unwrap();
        let data = same.data(&store).unwrap().unwrap();
        assert_eq!(data.downcast_ref::<u8>(), Some(&5));
        assert_eq!(*store.data(), 3);

        let spread = instance.get_func(&mut store, "spread").unwrap();
        let mut slots = [ValRaw::ZERO; 4];
        slots[0] = ValRaw::i32(2);
        // SAFETY: it takes an `i32`, and there are four slots for the results.
        unsafe { spread.call_unchecked(&mut store, &mut slots) }.unwrap();
        assert_eq!(slots[0].get_i32(), 3);
        assert_eq!(slots[1].get_i64(), 2 << 32);
        assert_eq!(slots[2].get_f32(), 2_f32.to_bits());
        assert_eq!(slots[3].get_v128(), u128::MAX);
        let mut other = Store::new(&engine, 0);
        // SAFETY: the slots are what the function takes and gives; that of another store is refused before it is called.
        let strange = unsafe { spread.call_unchecked(&mut other, &mut slots) };
        check_error(strange, &["wrong store"]);
    }
}

#[test]
fn dynamic_results_that_do_not_fit() {
    #[track_caller]
    fn check(result: impl Fn() -> Option<Val> + Send + Sync + Clone + 'static, expected: &[&str]) {
        for engine in engines() {
            let mut store = Store::new(&engine, ());
            let ty = FuncType::new(&engine, [], [ValType::I32]);
            let result = result.clone();
            let f = Func::new(&mut store, ty, move |_, _, results| {
                if let Some(result) = result() {
                    results[0] = result;
                }
                Ok(())
            });
            let wat = r#"(import "" "f" (func (result i32))) (export "f" (func 0))"#;
            let instance = Instance::new(&mut store, &module(&engine, wat), &[f.into()]).unwrap();
            let f = instance.get_typed_func::<(), i32>(&mut store, "f").unwrap();
            check_error(f.call(&mut store, ()), expected);
        }
    }
    check(
        || Some(Val::I64(0)),
        &["incompatible value", "result 0", "i32", "i64"],
    );
    // A result that is not set is no value of the type.
    check(|| None, &["incompatible value", "result 0"]);
}

#[test]
fn references_of_another_store() {
    for engine in engines() {
        let mut other = Store::new(&engine, ());
        let foreign = Func::wrap(&mut other, || {});
        let mut store = Store::new(&engine, ());
        let f = Func::wrap(&mut store, move || Some(foreign));
        let wat = r#"(import "" "f" (func $f (result funcref)))
            (func (export "g") (drop (call $f)))"#;
        let instance = Instance::new(&mut store, &module(&engine, wat), &[f.into()]).unwrap();
        let g = instance.get_typed_func::<(), ()>(&mut store, "g").unwrap();
        check_error(g.call(&mut store, ()), &["wrong store"]);
    }
}

/// An error of the embedder's own, with something that no copy has.
#[derive(Debug)]
struct OwnError(Arc<()>);

impl fmt::Display for OwnError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the embedder's own error")
    }
}

impl std::error::Error for OwnError {}

const CALLS_HOST: &str = r#"
    (module $guest
        (import "" "f" (func $f))
        (func $inner (call $f))
        (func (export "g") (call $inner)))
"#;

#[track_caller]
fn fails(engine: &Engine, f: impl Fn() -> Error + Send + Sync + 'static) -> Error {
    let mut store = Store::new(engine, ());
    let f = Func::wrap(&mut store, move || -> Result<()> { Err(f()) });
    let instance = Instance::new(&mut store, &module(engine, CALLS_HOST), &[f.into()]).unwrap();
    let g = instance.get_typed_func::<(), ()>(&mut store, "g").unwrap();
    let error = g.call(&mut store, ()).unwrap_err();
    // The store goes on.
    g.call(&mut store, ()).unwrap_err();
    error
}

#[test]
fn own_errors_come_out_intact() {
    for engine in engines() {
        let token = Arc::new(());
        let held = token.clone();
        let error = fails(&engine, move || OwnError(held.clone()).into());
        let own = error
            .downcast_ref::<OwnError>()
            .expect("the error is what it was");
        assert!(Arc::ptr_eq(&own.0, &token));
        let trace = error
            .downcast_ref::<WasmBacktrace>()
            .expect("with a backtrace");
        let names: Vec<_> = trace.frames().iter().map(|f| f.func_name()).collect();
        assert_eq!(names, [Some("inner"), None]);
        let own: OwnError = error.downcast().expect("also by value");
        assert!(Arc::ptr_eq(&own.0, &token));
    }
}

#[test]
fn traps_of_the_host() {
    for engine in engines() {
        let error = fails(&engine, || Trap::IntegerOverflow.into());
        assert_eq!(error.downcast_ref::<Trap>(), Some(&Trap::IntegerOverflow));
        let error = fails(&engine, || wasmetal::format_err!("out of {}", "luck"));
        assert!(format!("{error:?}").contains("out of luck"), "{error:?}");
    }
}

#[test]
fn errors_without_wasm_in_between() {
    for engine in engines() {
        let mut store = Store::new(&engine, ());
        let f = Func::wrap(&mut store, || -> Result<i32> {
            Err(OwnError(Arc::new(())).into())
        });
        let error = f.call(&mut store, &[], &mut [Val::I32(0)]).unwrap_err();
        assert!(error.is::<OwnError>());
    }
}

#[test]
fn panics_pass_through() {
    for engine in engines() {
        let mut store = Store::new(&engine, 0_u32);
        let f = Func::wrap(&mut store, |mut caller: Caller<'_, u32>| {
            *caller.data_mut() += 1;
            assert!(*caller.data() > 2, "too early");
        });
        let instance =
            Instance::new(&mut store, &module(&engine, CALLS_HOST), &[f.into()]).unwrap();
        let g = instance.get_typed_func::<(), ()>(&mut store, "g").unwrap();
        check_panic("too early", || g.call(&mut store, ()));
        check_panic("too early", || f.call(&mut store, &[], &mut []));
        g.call(&mut store, ()).unwrap();
        assert_eq!(*store.data(), 3);
    }
}

#[test]
fn panics_pass_through_nested_calls() {
    for engine in engines() {
        let mut store = Store::new(&engine, Vec::<TypedUnit>::new());
        let f = Func::wrap(
            &mut store,
            |mut caller: Caller<'_, Vec<TypedUnit>>| -> Result<()> {
                match caller.data_mut().pop() {
                    Some(next) => next.call(&mut caller, ()),
                    None => panic!("at the bottom"),
                }
            },
        );
        let instance =
            Instance::new(&mut store, &module(&engine, CALLS_HOST), &[f.into()]).unwrap();
        let g = instance.get_typed_func::<(), ()>(&mut store, "g").unwrap();
        store.data_mut().extend([g, g, g]);
        check_panic("at the bottom", || g.call(&mut store, ()));
        assert!(store.data().is_empty());
        check_panic("at the bottom", || g.call(&mut store, ()));
    }
}

type TypedUnit = wasmetal::TypedFunc<(), ()>;

#[test]
fn callers() {
    let wat = r#"
        (module
            (import "" "f" (func $f (param i32)))
            (memory (export "memory") 1)
            (global (export "global") i32 (i32.const 7))
            (data (i32.const 100) "from the guest")
            (func (export "g") (call $f (i32.const 100))))
    "#;
    for engine in engines() {
        let mut store = Store::new(&engine, String::new());
        let f = Func::wrap(
            &mut store,
            |mut caller: Caller<'_, String>, address: i32| {
                assert!(caller.get_export("absent").is_none());
                let Some(memory) = caller.get_export("memory").and_then(|e| e.into_memory()) else {
                    caller.data_mut().push_str("no caller");
                    return;
                };
                let global = caller.get_export("global").unwrap().into_global().unwrap();
                assert_eq!(global.get(&mut caller).unwrap_i32(), 7);
                let (bytes, text) = memory.data_and_store_mut(&mut caller);
                let bytes = &mut bytes[address as usize..][..14];
                text.push_str(std::str::from_utf8(bytes).unwrap());
                bytes.fill(b'x');
            },
        );
        let instance = Instance::new(&mut store, &module(&engine, wat), &[f.into()]).unwrap();
        let g = instance.get_typed_func::<(), ()>(&mut store, "g").unwrap();
        g.call(&mut store, ()).unwrap();
        assert_eq!(store.data(), "from the guest");
        store.data_mut().clear();
        g.call(&mut store, ()).unwrap();
        assert_eq!(store.data(), "xxxxxxxxxxxxxx");
        store.data_mut().clear();
        f.call(&mut store, &[Val::I32(0)], &mut []).unwrap();
        assert_eq!(store.data(), "no caller");
    }
}

/// Whose exports a host function sees, however it is called: those of the instance that calls it last.
#[test]
fn callers_however_it_is_called() {
    /// What each call has found.
    type Found = Vec<Option<i32>>;
    const WAT: &str = r#"
        (import "" "host" (func $host)) (export "host" (func $host))
        (import "" "outer" (func $outer))
        (global (export "name") i32 (i32.const 1))
        (table (export "table") funcref (elem $host))
        (func (export "call") (call $host))
        (func (export "return_call") (return_call $host))
        (func (export "call_indirect") (call_indirect (i32.const 0)))
        (func (export "return_call_indirect") (return_call_indirect (i32.const 0)))
        (func (export "outer") (call $outer))
        (func (export "both") (call $host) (call $outer))"#;
    fn name(caller: &mut Caller<'_, Found>) -> Option<i32> {
        let global = caller.get_export("name")?.into_global().unwrap();
        Some(global.get(caller).unwrap_i32())
    }
    for engine in engines() {
        let module = module(&engine, WAT);
        let export = module.get_export_index("name").unwrap();
        let mut store = Store::new(&engine, Found::new());
        let host = Func::wrap(&mut store, move |mut caller: Caller<'_, Found>| {
            let found = name(&mut caller);
            let by_index = caller.get_module_export(&export).is_some();
            assert_eq!(by_index, found == Some(1));
            caller.data_mut().push(found);
        });
        let outer = Func::wrap(&mut store, move |mut caller: Caller<'_, Found>| {
            let before = name(&mut caller);
            host.call(&mut caller, &[], &mut []).unwrap();
            assert_eq!(name(&mut caller), before);
            caller.data_mut().push(before);
        });
        // There is no instance yet.
        host.call(&mut store, &[], &mut []).unwrap();
        host.typed::<(), ()>(&store)
            .unwrap()
            .call(&mut store, ())
            .unwrap();
        assert_eq!(std::mem::take(store.data_mut()), [None, None]);
        let imports = [host.into(), outer.into()];
        let instance = Instance::new(&mut store, &module, &imports).unwrap();
        for (export, expected) in [
            ("host", &[None][..]),
            ("call", &[Some(1)]),
            ("return_call", &[Some(1)]),
            ("call_indirect", &[Some(1)]),
            ("return_call_indirect", &[Some(1)]),
            ("outer", &[None, Some(1)]),
            ("both", &[Some(1), None, Some(1)]),
        ] {
            let f = instance.get_func(&mut store, export).unwrap();
            f.call(&mut store, &[], &mut []).unwrap();
            assert_eq!(std::mem::take(store.data_mut()), expected, "{export}");
        }
        let table = instance.get_table(&mut store, "table").unwrap();
        let element = table.get(&mut store, 0).unwrap();
        let element = element.unwrap_func().unwrap();
        element.call(&mut store, &[], &mut []).unwrap();
        assert_eq!(std::mem::take(store.data_mut()), [None]);
        for (start, expected) in [
            ("(start $host)", Some(2)),
            ("(func $f (call $host)) (start $f)", Some(2)),
            ("(func $f (return_call $host)) (start $f)", Some(2)),
        ] {
            let wat = format!(
                r#"(import "" "host" (func $host)) (global (export "name") i32 (i32.const 2)) {start}"#
            );
            let module = self::module(&engine, &wat);
            Instance::new(&mut store, &module, &[host.into()]).unwrap();
            assert_eq!(std::mem::take(store.data_mut()), [expected], "{start}");
        }
    }
}

/// A host function calls back into the instance that calls it, and its memory moves meanwhile.
#[test]
fn re_entry() {
    let wat = r#"
        (module
            (import "" "f" (func $f (param i32) (result i32)))
            (memory (export "memory") 1)
            (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
            (func (export "g") (param i32) (result i32)
                (local $before i32)
                (i32.store (i32.const 0) (local.get 0))
                (local.set $before (call $f (local.get 0)))
                (i32.add (local.get $before) (i32.add (memory.size) (i32.load (i32.const 0))))))
    "#;
    for engine in engines() {
        let mut store = Store::new(&engine, ());
        let f = Func::wrap(
            &mut store,
            |mut caller: Caller<'_, ()>, x: i32| -> Result<i32> {
                let grow = caller.get_export("grow").unwrap().into_func().unwrap();
                grow.typed::<i32, i32>(&caller)?.call(&mut caller, 2)?;
                if x == 0 {
                    return Ok(0);
                }
                let g = caller.get_export("g").unwrap().into_func().unwrap();
                g.typed::<i32, i32>(&caller)?.call(&mut caller, x - 1)
            },
        );
        let instance = Instance::new(&mut store, &module(&engine, wat), &[f.into()]).unwrap();
        let g = instance
            .get_typed_func::<i32, i32>(&mut store, "g")
            .unwrap();
        // Three levels, each with 7 pages in the end and the innermost argument 0 in memory.
        assert_eq!(g.call(&mut store, 2).unwrap(), 21);
    }
}

/// A host function made before any module knows its type, and called through a table afterwards.
#[test]
fn trampolines_come_later() {
    for engine in engines() {
        let mut store = Store::new(&engine, ());
        let f = Func::wrap(&mut store, |x: i64| x * 3);
        let wat = r#"
            (module
                (table (export "t") 1 funcref)
                (func (export "g") (param i64) (result i64)
                    (call_indirect (param i64) (result i64) (local.get 0) (i32.const 0))))
        "#;
        let instance = Instance::new(&mut store, &module(&engine, wat), &[]).unwrap();
        let g = instance
            .get_typed_func::<i64, i64>(&mut store, "g")
            .unwrap();
        let table = instance.get_table(&mut store, "t").unwrap();
        check_error(g.call(&mut store, 1), &["uninitialized element"]);
        table.set(&mut store, 0, f.into()).unwrap();
        assert_eq!(g.call(&mut store, 5).unwrap(), 15);
        let f = Func::wrap(&mut store, |x: i32| x);
        table.set(&mut store, 0, f.into()).unwrap();
        check_error(g.call(&mut store, 1), &["indirect call type mismatch"]);
    }
}

#[allow(dead_code, reason = "only has to compile")]
fn bounds_are_those_of_wasmtime<P: WasmParams, R: WasmResults>(f: Func, store: &mut Store<()>) {
    let _ = f.typed::<P, R>(&*store);
    let _ = f.typed::<P, R>(&mut *store);
}
