//! Exceptions: through Wasm frames, through host functions, to the host and from it.

use crate::support::{check_error, config, engines, instantiate, module};
use core::num::NonZeroU32;
use wasmetal::compile::{Packing, pack};
use wasmetal::image::{Part, View};
use wasmetal::{
    AsContextMut, Caller, Engine, Error, ExnRef, ExnRefPre, ExnType, Extern, ExternRef, Func,
    FuncType, Global, GlobalType, Instance, Module, Mutability, Ref, RefType, Result, Rooted,
    Store, Table, TableType, Tag, TagType, ThrownException, Trap, TypedFunc, Val, ValType,
    WasmBacktrace,
};

/// Calls an export of a module without imports.
fn run(engine: &Engine, wat: &str, name: &str, argument: i32) -> Result<i32> {
    let (mut store, instance) = instantiate(engine, wat, &[])?;
    let f = instance.get_typed_func::<i32, i32>(&mut store, name)?;
    f.call(&mut store, argument)
}

#[track_caller]
fn check_thrown<T>(result: Result<T>) -> Error {
    let error = result.err().expect("an exception");
    assert!(error.is::<ThrownException>(), "{error:?}");
    error
}

/// A host function that calls its parameter, and hands on whatever becomes of it.
fn call_back<T: 'static>(store: &mut Store<T>) -> Func {
    Func::wrap(
        store,
        |mut caller: Caller<'_, T>, f: Option<Func>, n: i32| {
            let f = f.unwrap().typed::<i32, i32>(&caller)?;
            f.call(&mut caller, n)
        },
    )
}

fn tag_type(engine: &Engine, params: &[ValType]) -> TagType {
    TagType::new(FuncType::new(engine, params.iter().cloned(), []))
}

fn exception(mut store: impl AsContextMut, tag: &Tag, fields: &[Val]) -> Result<Rooted<ExnRef>> {
    let ty = ExnType::from_tag_type(&tag.ty(&store))?;
    let pre = ExnRefPre::new(&mut store, ty);
    ExnRef::new(&mut store, &pre, tag, fields)
}

/// Every kind of payload, and values of the catching function that live on.
#[test]
fn payloads() {
    let wat = r#"
        (tag $t (param i32 i64 f32 f64 funcref externref i64))
        (func $throw (export "throw") (param $n i32)
            (throw $t (local.get $n) (i64.const -2) (f32.const 3.5) (f64.const 4.5)
                (ref.func $throw) (ref.null extern) (i64.const 7)))
        (func (export "f") (param $n i32) (result i32)
            (local $a i64) (local $b f64)
            (local $0 i32) (local $1 i64) (local $2 f32) (local $3 f64)
            (local $4 funcref) (local $5 externref) (local $6 i64)
            (local.set $a (i64.mul (i64.extend_i32_s (local.get $n)) (i64.const 100)))
            (local.set $b (f64.mul (f64.convert_i32_s (local.get $n)) (f64.const 1000)))
            (block $h (result i32 i64 f32 f64 funcref externref i64)
                (try_table (catch $t $h) (call $throw (local.get $n)))
                unreachable)
            (local.set $6) (local.set $5) (local.set $4) (local.set $3) (local.set $2)
            (local.set $1) (local.set $0)
            (if (ref.is_null (local.get $4)) (then unreachable))
            (if (i32.eqz (ref.is_null (local.get $5))) (then unreachable))
            (i64.add (local.get $a) (i64.add (local.get $1) (local.get $6)))
            (f64.add (local.get $3) (f64.promote_f32 (local.get $2)))
            (i64.trunc_f64_s (f64.add (local.get $b)))
            i64.add
            i32.wrap_i64
            (i32.add (local.get $0)))
    "#;
    for engine in engines() {
        let thrown = 5 - 2 + 8 + 7;
        assert_eq!(run(&engine, wat, "f", 5).unwrap(), 5500 + thrown);
    }
}

#[test]
fn the_innermost_clause_that_matches_catches() {
    let wat = r#"
        (tag $a) (tag $b (param i32)) (tag $c)
        (func $throw (param i32)
            (block (block (block (br_table 0 1 2 (local.get 0)))
                (throw $a)) (throw $b (i32.const 40))) (throw $c))
        (func (export "f") (param i32) (result i32)
            (block $all
                (block $b (result i32)
                    (block $a
                        (try_table (catch $b $b) (catch_all $all)
                            (try_table (catch $a $a)
                                (try_table (catch $a $a) (call $throw (local.get 0)))))
                        unreachable)
                    (return (i32.const 1)))
                (return (i32.add (i32.const 2))))
            (i32.const 3))
    "#;
    for engine in engines() {
        for (n, expected) in [(0, 1), (1, 42), (2, 3)] {
            assert_eq!(run(&engine, wat, "f", n).unwrap(), expected);
        }
    }
}

/// What throws and what catches are in one function: no frame has to be searched.
#[test]
fn in_one_function() {
    let wat = r#"
        (tag $a (export "a")) (tag $b (param i32 i64)) (tag $c)
        (func $id (param i32) (result i32) (local.get 0))
        (func (export "f") (param $n i32) (result i32)
            (local $i i32) (local $sum i32)
            (loop $again
                (block $next
                    (block $ref (result exnref)
                        (block $both (result i32 i64)
                            (try_table (catch_all_ref $ref)
                                (try_table (catch $b $both) (catch $a $next)
                                    (local.set $sum (i32.add (local.get $sum) (i32.const 1)))
                                    (if (i32.eq (local.get $i) (i32.const 3)) (then (throw $c)))
                                    (if (i32.and (local.get $i) (i32.const 1)) (then (throw $a)))
                                    (throw $b (local.get $i) (i64.const 100))))
                            unreachable)
                        i32.wrap_i64 i32.add (local.get $sum) i32.add (local.set $sum)
                        (br $next))
                    (local.set $sum (i32.add (local.get $sum) (i32.const 1000)))
                    drop)
                (local.set $i (i32.add (local.get $i) (i32.const 1)))
                (br_if $again (i32.lt_s (local.get $i) (local.get $n))))
            (local.get $sum))
        ;; A clause may branch back to the head of a loop.
        (tag $left (param i32))
        (func (export "loop") (param $n i32) (result i32) (local $steps i32)
            (local.get $n)
            (loop $next (param i32)
                (local.set $n)
                (local.set $steps (i32.add (local.get $steps) (i32.const 1)))
                (try_table (catch $left $next)
                    (if (local.get $n)
                        (then (throw $left (i32.sub (call $id (local.get $n)) (i32.const 1)))))))
            (local.get $steps))
    "#;
    for engine in engines() {
        // Three times b with 100 and 0, 2, 4; once c; the others a.
        assert_eq!(run(&engine, wat, "f", 6).unwrap(), 6 + 300 + 6 + 1000);
        assert_eq!(run(&engine, wat, "loop", 7).unwrap(), 8);
    }
}

#[test]
fn rethrown_by_reference() {
    let wat = r#"
        (tag $t (param i32)) (global $kept (mut exnref) (ref.null exn)) (table $kept 3 exnref)
        (func $throw (param i32) (throw $t (local.get 0)))
        (func $keep (param i32)
            (block $h (result i32 exnref)
                (try_table (catch_ref $t $h) (call $throw (local.get 0)))
                unreachable)
            (global.set $kept)
            drop
            (table.set $kept (i32.const 1) (global.get $kept))
            (table.grow $kept (global.get $kept) (i32.const 2))
            (table.fill $kept (i32.const 0) (global.get $kept) (i32.const 1))
            drop)
        (func $again (param i32) (throw_ref (table.get $kept (local.get 0))))
        (func (export "f") (param i32) (result i32)
            (call $keep (i32.const 42))
            (block $h (result i32)
                (try_table (catch $t $h) (call $again (local.get 0)))
                (i32.const -1)))
    "#;
    for engine in engines() {
        for i in [0, 1, 3, 4] {
            assert_eq!(run(&engine, wat, "f", i).unwrap(), 42);
        }
        let error = run(&engine, wat, "f", 2).unwrap_err();
        assert_eq!(error.downcast_ref(), Some(&Trap::NullReference));
    }
}

#[test]
fn traps_are_not_caught() {
    let wat = r#"
        (memory 1) (table 1 funcref)
        (func $deep (result i32) (i32.add (call $deep) (i32.const 1)))
        (func $trap (param i32) (result i32)
            (block (block (block (block (block (br_table 0 1 2 3 4 (local.get 0)))
                unreachable)
                (return (i32.div_s (local.get 0) (i32.const 0))))
                (return (i32.load (i32.const -4))))
                (return (call_indirect (result i32) (i32.const 0))))
            (call $deep))
        (func (export "f") (param i32) (result i32)
            (block $h
                (try_table (catch_all $h) (return (call $trap (local.get 0)))))
            (i32.const 1))
    "#;
    let traps = [
        Trap::UnreachableCodeReached,
        Trap::IntegerDivisionByZero,
        Trap::MemoryOutOfBounds,
        Trap::IndirectCallToNull,
        Trap::StackOverflow,
    ];
    for engine in engines() {
        for (i, trap) in traps.iter().enumerate() {
            let error = run(&engine, wat, "f", i as i32).unwrap_err();
            assert_eq!(error.downcast_ref(), Some(trap));
        }
    }
}

/// The stack overflows in one of many nested `try_table`s; what comes after works.
#[test]
fn overflow_in_try_tables() {
    let wat = r#"
        (tag $t)
        (func $deep (param i32)
            (block $h
                (try_table (catch $t $h) (catch_all $h)
                    (call $deep (i32.add (local.get 0) (i32.const 1)))))
            (if (local.get 0) (then (throw $t))))
        (func (export "overflow") (call $deep (i32.const 0)))
        (func $throw (throw $t))
        (func (export "catch") (result i32)
            (block $h (try_table (catch_all $h) (call $throw)) (return (i32.const 0)))
            (i32.const 1))
    "#;
    for engine in engines() {
        let (mut store, instance) = instantiate(&engine, wat, &[]).unwrap();
        let overflow = instance
            .get_typed_func::<(), ()>(&mut store, "overflow")
            .unwrap();
        let catch = instance
            .get_typed_func::<(), i32>(&mut store, "catch")
            .unwrap();
        for _ in 0..3 {
            let error = overflow.call(&mut store, ()).unwrap_err();
            assert_eq!(error.downcast_ref(), Some(&Trap::StackOverflow));
            assert_eq!(catch.call(&mut store, ()).unwrap(), 1);
        }
    }
}

/// Frames of a recursion, some of which look at the exception and let it pass.
#[test]
fn through_ten_thousand_frames() {
    let wat = r#"
        (tag $t (param i32)) (tag $other)
        (func $down (param $n i32) (result i32)
            (if (i32.eqz (local.get $n)) (then (throw $t (i32.const 7))))
            (block $h
                (if (i32.and (local.get $n) (i32.const 1))
                    (then (return (i32.add (call $down (i32.sub (local.get $n) (i32.const 1))) (i32.const 1)))))
                (try_table (catch $other $h)
                    (return (i32.add (call $down (i32.sub (local.get $n) (i32.const 1))) (i32.const 1)))))
            (i32.const -1))
        (func (export "f") (param i32) (result i32)
            (block $h (result i32)
                (try_table (result i32) (catch $t $h) (call $down (local.get 0)))))
    "#;
    for explicit_checks in [false, true] {
        let mut config = config();
        config
            .explicit_checks(explicit_checks)
            .max_wasm_stack(4 << 20);
        let engine = Engine::new(&config).unwrap();
        for depth in [0, 1, 2, 10_000] {
            assert_eq!(run(&engine, wat, "f", depth).unwrap(), 7);
        }
    }
}

/// A tag that two instances of one module define is two tags, though the code is the same.
#[test]
fn two_instances_of_one_module() {
    let wat = r#"
        (import "" "call" (func $call (param funcref i32) (result i32)))
        (tag $t (export "t") (param i32))
        (func (export "throw") (param i32) (result i32) (throw $t (local.get 0)))
        (func (export "through") (param $f funcref) (param $n i32) (result i32)
            (block $mine (result i32)
                (try_table (result i32) (catch $t $mine)
                    (call $call (local.get $f) (local.get $n)))
                (return))
            (i32.add (i32.const 1)))
    "#;
    let direct = r#"
        (import "a" "through" (func $a (param funcref i32) (result i32)))
        (import "b" "through" (func $b (param funcref i32) (result i32)))
        (import "" "f" (func $f (param i32) (result i32)))
        (elem declare func $f $via)
        (func $via (param i32) (result i32) (call $b (ref.func $f) (local.get 0)))
        (func (export "run") (param i32) (result i32) (call $a (ref.func $via) (local.get 0)))
    "#;
    for engine in engines() {
        let module = module(&engine, wat);
        // Called through the host, and by Wasm code itself.
        let inner = Module::new(
            &engine,
            r#"(table 1 funcref)
               (func (export "call") (param funcref i32) (result i32)
                   (table.set (i32.const 0) (local.get 0))
                   (call_indirect (param i32) (result i32) (local.get 1) (i32.const 0)))"#,
        )
        .unwrap();
        for through_host in [true, false] {
            let mut store = Store::new(&engine, ());
            let call = match through_host {
                true => call_back(&mut store),
                false => {
                    let inner = Instance::new(&mut store, &inner, &[]).unwrap();
                    inner.get_func(&mut store, "call").unwrap()
                }
            };
            let mut instances = Vec::new();
            for _ in 0..3 {
                instances.push(Instance::new(&mut store, &module, &[call.into()]).unwrap());
            }
            let mut export =
                |i: usize, name: &str| instances[i].get_export(&mut store, name).unwrap();
            let (a, b) = (export(0, "through"), export(1, "through"));
            let throw: Vec<Extern> = (0..3).map(|i| export(i, "throw")).collect();
            let direct = self::module(&engine, direct);
            for (i, expected) in [(0, Some(6)), (1, Some(6)), (2, None)] {
                let imports = [a.clone(), b.clone(), throw[i].clone()];
                let run = Instance::new(&mut store, &direct, &imports).unwrap();
                let run = run.get_typed_func::<i32, i32>(&mut store, "run").unwrap();
                match expected {
                    Some(expected) => assert_eq!(run.call(&mut store, 5).unwrap(), expected),
                    None => {
                        check_thrown(run.call(&mut store, 5));
                        let exception = store.take_pending_exception().unwrap();
                        let tag = instances[2].get_tag(&mut store, "t").unwrap();
                        let thrown = exception.tag(&mut store).unwrap();
                        assert!(Tag::eq(&thrown, &tag, &store));
                    }
                }
            }
        }
    }
}

#[test]
fn uncaught() {
    let wat = r#"
        (tag $t (export "t") (param i32 f64))
        (func $throw (param i32) (throw $t (local.get 0) (f64.const 1.5)))
        (func (export "f") (param i32) (result i32) (call $throw (local.get 0)) (i32.const 1))
        (func (export "trap") (param i32) (result i32) unreachable)
        (func (export "return") (param i32) (result i32) (local.get 0))
    "#;
    for engine in engines() {
        let (mut store, instance) = instantiate(&engine, wat, &[]).unwrap();
        let mut export = |name| {
            instance
                .get_typed_func::<i32, i32>(&mut store, name)
                .unwrap()
        };
        let (f, trap, returns) = (export("f"), export("trap"), export("return"));
        assert!(!store.has_pending_exception());
        let error = check_thrown(f.call(&mut store, 42));
        let trace = error.downcast_ref::<WasmBacktrace>().unwrap();
        let names: Vec<_> = trace.frames().iter().map(|f| f.func_index()).collect();
        assert_eq!(names, [0, 1]);
        // It stays until it is taken.
        assert_eq!(returns.call(&mut store, 3).unwrap(), 3);
        let error = trap.call(&mut store, 3).unwrap_err();
        assert_eq!(error.downcast_ref(), Some(&Trap::UnreachableCodeReached));
        assert!(store.has_pending_exception());
        let exception = store.take_pending_exception().unwrap();
        assert!(!store.has_pending_exception() && store.take_pending_exception().is_none());
        let tag = instance.get_tag(&mut store, "t").unwrap();
        assert!(Tag::eq(&exception.tag(&mut store).unwrap(), &tag, &store));
        let fields: Vec<Val> = exception.fields(&mut store).unwrap().collect();
        assert_eq!(fields.len(), 2);
        assert_eq!(fields[0].unwrap_i32(), 42);
        assert_eq!(fields[1].unwrap_f64(), 1.5);
        assert_eq!(exception.field(&mut store, 0).unwrap().unwrap_i32(), 42);
        check_error(exception.field(&mut store, 2), &["2"]);
        let ty = exception.ty(&store).unwrap();
        assert_eq!(ty.tag_type(), tag.ty(&store));
    }
}

/// The start function throws.
#[test]
fn from_an_instantiation() {
    for engine in engines() {
        let mut store = Store::new(&engine, ());
        let wat = "(tag $t) (func $start (throw $t)) (start $start)";
        let module = module(&engine, wat);
        check_thrown(Instance::new(&mut store, &module, &[]));
        assert!(store.take_pending_exception().is_some());
    }
}

#[test]
fn thrown_by_a_host_function() {
    let wat = r#"
        (import "" "t" (tag $t (param i32)))
        (import "" "throw" (func $throw (param i32) (result i32)))
        (tag $other)
        (func (export "direct") (param i32) (result i32)
            (block $h (result i32)
                (try_table (result i32) (catch $t $h) (call $throw (local.get 0)))
                (i32.add (i32.const 100))))
        (func $through (param i32) (result i32)
            (block $h (try_table (catch $other $h) (return (call $throw (local.get 0)))))
            unreachable)
        (func (export "through") (param i32) (result i32)
            (block $h (result i32 exnref)
                (try_table (result i32) (catch_ref $t $h) (call $through (local.get 0)))
                (return (i32.add (i32.const 100))))
            drop)
        (func (export "uncaught") (param i32) (result i32) (call $through (local.get 0)))
        (table $t funcref (elem $throw))
        (func (export "indirect") (param i32) (result i32)
            (block $h (result i32)
                (try_table (result i32) (catch $t $h)
                    (call_indirect $t (param i32) (result i32) (local.get 0) (i32.const 0)))
                (i32.add (i32.const 100))))
    "#;
    for engine in engines() {
        let mut store = Store::new(&engine, None);
        let ty = tag_type(&engine, &[ValType::I32]);
        let tag = Tag::new(&mut store, &ty).unwrap();
        *store.data_mut() = Some(tag);
        // An odd number is thrown.
        let throw = Func::wrap(
            &mut store,
            |mut caller: Caller<'_, Option<Tag>>, n: i32| -> Result<i32> {
                if n % 2 == 0 {
                    return Ok(n);
                }
                let tag = caller.data().unwrap();
                let exception = exception(&mut caller, &tag, &[Val::I32(n * 2)])?;
                caller.as_context_mut().throw(exception)
            },
        );
        let dynamic_ty = FuncType::new(&engine, [ValType::I32], [ValType::I32]);
        let dynamic = Func::new(
            &mut store,
            dynamic_ty,
            |mut caller: Caller<'_, Option<Tag>>, params, results| {
                results[0] = params[0];
                if params[0].unwrap_i32() % 2 == 0 {
                    return Ok(());
                }
                let tag = caller.data().unwrap();
                let field = Val::I32(params[0].unwrap_i32() * 2);
                let exception = exception(&mut caller, &tag, &[field])?;
                caller.as_context_mut().throw(exception)
            },
        );
        for throw in [throw, dynamic] {
            let imports = [Extern::Tag(tag), throw.into()];
            let instance = Instance::new(&mut store, &module(&engine, wat), &imports).unwrap();
            for name in ["direct", "through", "indirect"] {
                let f = instance
                    .get_typed_func::<i32, i32>(&mut store, name)
                    .unwrap();
                for _ in 0..3 {
                    assert_eq!(f.call(&mut store, 21).unwrap(), 42);
                    assert_eq!(f.call(&mut store, 20).unwrap(), 120);
                    assert!(!store.has_pending_exception());
                }
            }
            let f = instance
                .get_typed_func::<i32, i32>(&mut store, "uncaught")
                .unwrap();
            assert_eq!(f.call(&mut store, 20).unwrap(), 20);
            check_thrown(f.call(&mut store, 21));
            let exception = store.take_pending_exception().unwrap();
            assert_eq!(exception.field(&mut store, 0).unwrap().unwrap_i32(), 42);
            // The host calls the host.
            let throw = throw.typed::<i32, i32>(&store).unwrap();
            check_thrown(throw.call(&mut store, 1));
            assert!(store.take_pending_exception().is_some());
        }
    }
}

/// Host and Wasm call each other, `depth` times; then the innermost throws, and the outermost catches. The
/// store is as before: its calls go on, and their callers are known.
#[test]
fn through_host_frames() {
    let wat = r#"
        (import "" "host" (func $host (param i32) (result i32)))
        (tag $t (export "t") (param i32)) (tag $other)
        (memory (export "memory") 1)
        (func $in (export "in") (param $n i32) (result i32)
            (if (i32.eqz (local.get $n)) (then (throw $t (i32.const 1000))))
            (block $h
                (try_table (catch $other $h) (return (call $host (local.get $n)))))
            unreachable)
        (func (export "out") (param $n i32) (result i32)
            (block $h (result i32)
                (try_table (result i32) (catch $t $h) (call $in (local.get $n))))
            ;; The host function is called with the store as it is now.
            (i32.add (call $host (i32.const -1))))
    "#;
    struct State {
        inner: Option<TypedFunc<i32, i32>>,
        passed: i32,
    }
    for engine in engines() {
        let mut store = Store::new(
            &engine,
            State {
                inner: None,
                passed: 0,
            },
        );
        let host = Func::wrap(&mut store, |mut caller: Caller<'_, State>, n: i32| {
            if n < 0 {
                assert!(caller.get_export("memory").is_some());
                return Ok(WasmBacktrace::capture(&caller).frames().len() as i32);
            }
            let inner = caller.data().inner.unwrap();
            let result = inner.call(&mut caller, n - 1);
            assert!(result.is_err() && caller.as_context_mut().has_pending_exception());
            caller.data_mut().passed += 1;
            result
        });
        let instance = Instance::new(&mut store, &module(&engine, wat), &[host.into()]).unwrap();
        let inner = instance.get_typed_func(&mut store, "in").unwrap();
        let out = instance
            .get_typed_func::<i32, i32>(&mut store, "out")
            .unwrap();
        store.data_mut().inner = Some(inner);
        for depth in [0, 1, 2, 10, 100] {
            store.data_mut().passed = 0;
            assert_eq!(out.call(&mut store, depth).unwrap(), 1001);
            assert_eq!(store.data().passed, depth);
            check_thrown(inner.call(&mut store, depth));
            assert!(store.take_pending_exception().is_some());
        }
    }
}

/// A host function may catch an exception, replace it, or make a trap of it.
#[test]
fn caught_by_a_host_function() {
    let wat = r#"
        (import "" "host" (func $host (param i32) (result i32)))
        (import "" "t" (tag $t (param i32)))
        (func (export "throw") (param i32) (throw $t (local.get 0)))
        (func (export "f") (param i32) (result i32)
            (block $h (result i32)
                (try_table (result i32) (catch $t $h) (call $host (local.get 0)))
                (i32.add (i32.const 100))))
    "#;
    struct State {
        throw: Option<TypedFunc<i32, ()>>,
        tag: Tag,
    }
    for engine in engines() {
        let mut first = Store::new(&engine, ());
        let ty = tag_type(&engine, &[ValType::I32]);
        let placeholder = Tag::new(&mut first, &ty).unwrap();
        let mut store = Store::new(
            &engine,
            State {
                throw: None,
                tag: placeholder,
            },
        );
        let tag = Tag::new(&mut store, &ty).unwrap();
        store.data_mut().tag = tag;
        let host = Func::wrap(&mut store, |mut caller: Caller<'_, State>, n: i32| {
            let throw = caller.data().throw.unwrap();
            let error = check_thrown(throw.call(&mut caller, n));
            match n {
                // Hands it on.
                0 => Err(error),
                // Forgets about it.
                1 => {
                    let exception = caller.as_context_mut().take_pending_exception().unwrap();
                    Ok(exception.field(&mut caller, 0)?.unwrap_i32())
                }
                // Throws another one.
                2 => {
                    let tag = caller.data().tag;
                    let exception = exception(&mut caller, &tag, &[Val::I32(77)])?;
                    caller.as_context_mut().throw(exception)
                }
                // Takes it, but fails as if it were pending.
                3 => {
                    caller.as_context_mut().take_pending_exception().unwrap();
                    Err(error)
                }
                // Fails with something else; the exception stays pending.
                _ => Err(Trap::OutOfFuel.into()),
            }
        });
        let imports = [host.into(), Extern::Tag(tag)];
        let instance = Instance::new(&mut store, &module(&engine, wat), &imports).unwrap();
        store.data_mut().throw = Some(instance.get_typed_func(&mut store, "throw").unwrap());
        let f = instance
            .get_typed_func::<i32, i32>(&mut store, "f")
            .unwrap();
        for (n, expected) in [(0, 0), (1, 101), (2, 77)] {
            assert_eq!(f.call(&mut store, n).unwrap(), expected);
            assert!(!store.has_pending_exception());
        }
        check_thrown(f.call(&mut store, 3));
        assert!(!store.has_pending_exception());
        let error = f.call(&mut store, 4).unwrap_err();
        assert_eq!(error.downcast_ref(), Some(&Trap::OutOfFuel));
        assert!(store.has_pending_exception());
    }
}

/// Tail calls leave the `try_table`s of their function behind.
#[test]
fn tail_calls() {
    let wat = r#"
        (tag $t (param i32))
        (type $f (func (param i32) (result i32)))
        (table funcref (elem $throw))
        (func $throw (param i32) (result i32) (throw $t (local.get 0)))
        (func $direct (param i32) (result i32)
            (block $h (result i32)
                (try_table (result i32) (catch $t $h)
                    (return_call $throw (local.get 0))))
            drop (i32.const -1))
        (func $indirect (param i32) (result i32)
            (block $h (result i32)
                (try_table (result i32) (catch $t $h)
                    (return_call_indirect (type $f) (local.get 0) (i32.const 0))))
            drop (i32.const -1))
        ;; More parameters than its caller has, and than fit in registers.
        (func $wide (param i32 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64) (result i32)
            (return_call $direct (i32.add (local.get 0) (i32.wrap_i64 (local.get 11)))))
        (func $to_wide (param i32) (result i32)
            (return_call $wide (local.get 0) (i64.const 1) (i64.const 2) (i64.const 3)
                (i64.const 4) (i64.const 5) (i64.const 6) (i64.const 7) (i64.const 8) (i64.const 9)
                (i64.const 10) (i64.const 11)))
        (func (export "f") (param $n i32) (result i32)
            (local $a i64) (local $b i64)
            (local.set $a (i64.extend_i32_s (local.get $n)))
            (local.set $b (i64.mul (local.get $a) (i64.const 100)))
            (block $h (result i32)
                (try_table (result i32) (catch $t $h)
                    (block (block (block (br_table 0 1 2 (local.get $n)))
                        (return (call $direct (i32.const 10))))
                        (return (call $indirect (i32.const 20))))
                    (call $to_wide (i32.const 30))))
            (i32.add (i32.wrap_i64 (i64.add (local.get $a) (local.get $b)))))
    "#;
    for engine in engines() {
        for (n, expected) in [(0, 10), (1, 20 + 101), (2, 41 + 202)] {
            assert_eq!(run(&engine, wat, "f", n).unwrap(), expected);
        }
    }
}

/// Functions with arguments and results on the stack, called where exceptions are caught.
#[test]
fn arguments_on_the_stack() {
    let many = "i64 ".repeat(20);
    let get: String = (0..20).map(|i| format!("(local.get {i})")).collect();
    let consts: String = (0..20).map(|i| format!("(i64.const {i})")).collect();
    let sum = "i64.add ".repeat(19);
    let wat = format!(
        r#"
        (tag $t (param {many}))
        (func $f (param {many} i32) (result {many})
            (if (local.get 20) (then (throw $t {get})))
            {get})
        (func (export "f") (param $n i32) (result i32) (local $m i32)
            (local.set $m (i32.add (local.get $n) (i32.const 1)))
            (block $h (result {many})
                (try_table (result {many}) (catch $t $h)
                    (call $f {consts} (local.get $n)))
                {sum} i32.wrap_i64
                (return (i32.add (local.get $m))))
            {sum} i32.wrap_i64
            (i32.add (i32.const 1000))
            (i32.add (local.get $m)))
        "#,
    );
    for engine in engines() {
        assert_eq!(run(&engine, &wat, "f", 0).unwrap(), 190 + 1);
        assert_eq!(run(&engine, &wat, "f", 1).unwrap(), 190 + 1000 + 2);
    }
}

#[test]
fn tags_of_the_host() {
    for engine in engines() {
        let mut store = Store::new(&engine, ());
        let ty = tag_type(&engine, &[ValType::I64]);
        let tag = Tag::new(&mut store, &ty).unwrap();
        let wat = r#"(import "" "t" (tag $t (param i64))) (export "again" (tag $t)) (tag (export "own"))"#;
        let module = module(&engine, wat);
        let instance = Instance::new(&mut store, &module, &[tag.into()]).unwrap();
        let again = instance.get_tag(&mut store, "again").unwrap();
        let own = instance.get_tag(&mut store, "own").unwrap();
        assert!(Tag::eq(&tag, &again, &store) && !Tag::eq(&tag, &own, &store));
        assert_eq!(again.ty(&store), ty);
        assert_eq!(own.ty(&store), tag_type(&engine, &[]));
        check_error(
            Instance::new(&mut store, &module, &[own.into()]),
            &["incompatible import type"],
        );
        let pre = ExnRefPre::new(&mut store, ExnType::from_tag_type(&ty).unwrap());
        let new = |store: &mut Store<()>, tag: &Tag, fields: &[Val]| {
            ExnRef::new(store, &pre, tag, fields)
        };
        assert!(new(&mut store, &tag, &[Val::I64(1)]).is_ok());
        check_error(new(&mut store, &own, &[Val::I64(1)]), &["tag"]);
        check_error(new(&mut store, &tag, &[Val::I32(1)]), &["type mismatch"]);
        check_error(new(&mut store, &tag, &[]), &["expected 1 fields, got 0"]);
        let results = FuncType::new(&engine, [], [ValType::I32]);
        assert!(ExnType::from_tag_type(&TagType::new(results)).is_err());
        let types = [ValType::I32, ValType::I64].map(|ty| ExnType::new(&engine, [ty]).unwrap());
        assert!(types[0].matches(&types[0].clone()) && !types[0].matches(&types[1]));
    }
}

/// Hostile functions that would need the square of their size are refused.
#[test]
fn too_many_clauses() {
    let tags = "(tag) ".repeat(2000);
    let catches: String = (0..2000).map(|i| format!("(catch {i} 0)")).collect();
    let calls = "(call 0) ".repeat(2000);
    let wat = format!("{tags} (func (block (try_table {catches} {calls})))");
    let engine = &engines()[0];
    check_error(
        Module::new(engine, &wat),
        &["catch clauses", "not supported"],
    );
    // Each call may have many.
    let wat = format!("{tags} (func (block (try_table {catches} (call 0))))");
    module(engine, &wat);
    // What a clause shadows does not count.
    let wat =
        format!("{tags} (func (block (try_table {catches} (try_table (catch_all 1) {calls}))))");
    module(engine, &wat);
}

/// Exceptions, what they hold, and what the frames hold that they pass, move while they are on their way.
#[test]
fn collections_on_the_way() {
    let wat = r#"
        (import "" "gc" (func $gc))
        (import "" "value" (func $value (param i32) (result externref)))
        (import "" "number" (func $number (param externref) (result i32)))
        (import "" "call" (func $call (param funcref i32) (result i32)))
        (tag $inner (param externref i32)) (tag $outer (param i64 exnref externref exnref)) (tag $other)
        (elem declare func $throw_outer)
        (func $throw_inner (param $n i32)
            (throw $inner (call $value (local.get $n)) (local.get $n)))
        ;; Makes garbage, so that objects move when it is collected.
        (func $garbage
            (block $h (try_table (catch_all $h) (call $throw_inner (i32.const -1))))
            (call $gc))
        (func $throw_outer (param $n i32) (result i32) (local $e exnref) (local $v externref)
            (block $h (result externref i32 exnref)
                (try_table (catch_ref $inner $h) (call $throw_inner (local.get $n)))
                unreachable)
            (local.set $e)
            drop
            (local.set $v)
            (call $garbage)
            (throw $outer (i64.const -5) (local.get $e) (local.get $v) (local.get $e)))
        (func $through (param $n i32) (result i32) (local $v externref)
            (local.set $v (call $value (i32.const 1000)))
            (block $h
                (try_table (catch $other $h)
                    (return (i32.add
                        (call $call (ref.func $throw_outer) (local.get $n))
                        (call $number (local.get $v))))))
            unreachable)
        (func (export "f") (param $n i32) (result i32)
            (local $v externref) (local $e exnref) (local $f exnref) (local $sum i32)
            (local.set $v (call $value (i32.const 10000)))
            (block $outer (result i64 exnref externref exnref)
                (try_table (catch $outer $outer) (drop (call $through (local.get $n))))
                unreachable)
            (local.set $e)
            (call $garbage)
            (local.set $sum (call $number))
            (local.set $f)
            i32.wrap_i64 (local.get $sum) i32.add (local.set $sum)
            (block $inner (result externref i32)
                (try_table (catch $inner $inner)
                    (call $garbage)
                    (throw_ref (local.get $f)))
                unreachable)
            (local.get $sum) i32.add (local.set $sum)
            (call $number) (local.get $sum) i32.add (local.set $sum)
            (block $again (result externref i32 exnref)
                (try_table (catch_ref $inner $again) (throw_ref (local.get $e)))
                unreachable)
            (call $garbage)
            drop
            (local.get $sum) i32.add (local.set $sum)
            (call $number) (local.get $sum) i32.add (local.set $sum)
            (i32.add (local.get $sum) (call $number (local.get $v))))
    "#;
    for (explicit_checks, zeal) in [(false, 0), (false, 1), (true, 0), (true, 1), (false, 3)] {
        let mut config = config();
        config.explicit_checks(explicit_checks);
        config.gc_zeal_alloc_counter(NonZeroU32::new(zeal));
        let engine = Engine::new(&config).unwrap();
        let mut store = Store::new(&engine, ());
        let gc = Func::wrap(&mut store, |mut caller: Caller<'_, ()>| caller.gc(None));
        let value = Func::wrap(&mut store, |mut caller: Caller<'_, ()>, n: i32| {
            ExternRef::new(&mut caller, n).map(Some)
        });
        let number = Func::wrap(
            &mut store,
            |caller: Caller<'_, ()>, value: Option<Rooted<ExternRef>>| -> Result<i32> {
                let value = value.unwrap();
                let data = value.data(&caller)?.unwrap();
                Ok(*data.downcast_ref::<i32>().unwrap())
            },
        );
        let call = call_back(&mut store);
        let imports = [gc.into(), value.into(), number.into(), call.into()];
        let instance = Instance::new(&mut store, &module(&engine, wat), &imports).unwrap();
        let f = instance
            .get_typed_func::<i32, i32>(&mut store, "f")
            .unwrap();
        for n in 0..20 {
            assert_eq!(f.call(&mut store, n).unwrap(), 10_000 - 5 + 5 * n);
        }
    }
}

/// The pending exception, and what the host has rooted of it, survive collections.
#[test]
fn collections_while_pending() {
    let wat = r#"
        (import "" "v" (global $v externref))
        (tag $t (param externref i64))
        (func (export "throw") (throw $t (global.get $v) (i64.const 77)))
        (func (export "same") (param exnref) (result i64) (local $n i64)
            (block $h (result externref i64)
                (try_table (catch $t $h) (throw_ref (local.get 0)))
                unreachable)
            (local.set $n)
            drop
            (local.get $n))
    "#;
    for engine in engines() {
        let mut store = Store::new(&engine, ());
        let value = ExternRef::new(&mut store, String::from("kept")).unwrap();
        let ty = GlobalType::new(ValType::EXTERNREF, Mutability::Const);
        let global = Global::new(&mut store, ty, value.into()).unwrap();
        let imports = [global.into()];
        let instance = Instance::new(&mut store, &module(&engine, wat), &imports).unwrap();
        let throw = instance
            .get_typed_func::<(), ()>(&mut store, "throw")
            .unwrap();
        type Exception = Option<Rooted<ExnRef>>;
        let same = instance
            .get_typed_func::<Exception, i64>(&mut store, "same")
            .unwrap();
        for _ in 0..10 {
            check_thrown(throw.call(&mut store, ()));
        }
        store.gc(None).unwrap();
        let exception = store.take_pending_exception().unwrap();
        let owned = exception.to_owned_rooted(&mut store).unwrap();
        store.gc(None).unwrap();
        assert_eq!(same.call(&mut store, Some(exception)).unwrap(), 77);
        let fields: Vec<Val> = owned.fields(&mut store).unwrap().collect();
        let value = fields[0].unwrap_externref().unwrap();
        let text = value.data(&store).unwrap().unwrap();
        assert_eq!(text.downcast_ref::<String>().unwrap(), "kept");
        // Thrown by the host, without Wasm code around it.
        check_thrown::<()>(store.throw(exception));
        store.gc(None).unwrap();
        let again = store.take_pending_exception().unwrap();
        assert!(Rooted::ref_eq(&store, &again, &owned).unwrap());
        let missing = same.call(&mut store, None).unwrap_err();
        assert_eq!(missing.downcast_ref(), Some(&Trap::NullReference));
    }
}

/// The host moves exceptions between globals and tables.
#[test]
fn in_globals_and_tables_of_the_host() {
    let wat = r#"
        (import "" "g" (global $g (mut exnref))) (import "" "t" (table $t 2 exnref))
        (tag $e (export "e") (param i32))
        (func (export "keep") (param i32)
            (block $h (result i32 exnref)
                (try_table (catch_ref $e $h)
                    (if (local.get 0) (then (throw $e (local.get 0))))
                    (throw $e (i32.const 0)))
                unreachable)
            (global.set $g)
            drop)
        (func (export "again") (param i32) (result i32)
            (block $h (result i32)
                (try_table (catch $e $h) (throw_ref (table.get $t (local.get 0))))
                unreachable))
    "#;
    for engine in engines() {
        let mut store = Store::new(&engine, ());
        let ty = GlobalType::new(ValType::EXNREF, Mutability::Var);
        let global = Global::new(&mut store, ty, Val::ExnRef(None)).unwrap();
        let ty = TableType::new(RefType::EXNREF, 2, None);
        let table = Table::new(&mut store, ty, Ref::Exn(None)).unwrap();
        let imports = [global.into(), table.into()];
        let instance = Instance::new(&mut store, &module(&engine, wat), &imports).unwrap();
        let keep = instance
            .get_typed_func::<i32, ()>(&mut store, "keep")
            .unwrap();
        let again = instance
            .get_typed_func::<i32, i32>(&mut store, "again")
            .unwrap();
        for n in [0, 7] {
            keep.call(&mut store, n).unwrap();
            let kept = global.get(&mut store);
            let exception = *kept.unwrap_exnref().unwrap();
            assert_eq!(exception.field(&mut store, 0).unwrap().unwrap_i32(), n);
            table.set(&mut store, 1, Ref::Exn(Some(exception))).unwrap();
            global.set(&mut store, Val::ExnRef(None)).unwrap();
            store.gc(None).unwrap();
            assert_eq!(again.call(&mut store, 1).unwrap(), n);
            let error = again.call(&mut store, 0).unwrap_err();
            assert_eq!(error.downcast_ref(), Some(&Trap::NullReference));
        }
        // What is no exception is refused.
        let value = ExternRef::new(&mut store, 1).unwrap();
        assert!(global.set(&mut store, value.into()).is_err());
    }
}

/// A damaged handler table is found wherever the image is executed: where it was copied to, and where it lies.
#[test]
fn handler_tables_are_checked_in_place() {
    let mut config = config();
    let engine = Engine::new(config.digest_checks(false)).unwrap();
    let wat = r#"(module (tag $t) (func $f throw $t)
        (func (export "f") (block (try_table (catch $t 0) (call $f)))))"#;
    let packing = Packing {
        text_align: 65536,
        ..Packing::default()
    };
    let image = engine.precompile_module(wat.as_bytes()).unwrap();
    let mut image = pack(&image, &packing).unwrap();
    let table = View::parse(&image).unwrap().range(Part::Handlers);
    let file = std::env::temp_dir().join(format!("wasmetal-handlers-{}", std::process::id()));
    let mut refused = 0;
    for bit in 8 * table.start..8 * table.end {
        image[bit / 8] ^= 1 << (bit % 8);
        std::fs::write(&file, &image).unwrap();
        // SAFETY: nothing of the module is run.
        let loaded = unsafe {
            [
                Module::deserialize_unsigned(&engine, &image),
                Module::deserialize_file_unsigned(&engine, &file),
            ]
        };
        image[bit / 8] ^= 1 << (bit % 8);
        let [copied, in_place] = loaded.map(|loaded| loaded.is_err());
        assert_eq!(copied, in_place, "bit {bit}");
        refused += usize::from(in_place);
    }
    std::fs::remove_file(&file).unwrap();
    assert!(refused > 32, "{refused} of {}", 8 * table.len());
}
