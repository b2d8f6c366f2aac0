//! Traps: each with its code, and a backtrace that says where.

use crate::support::{check_error, config, engines, instantiate, module};
use core::num::NonZeroUsize;
use wasmetal::{
    Caller, Config, Engine, ExternRef, Func, Instance, Module, Result, Rooted, Store, Trap,
    WasmBacktrace, bail,
};

#[track_caller]
fn check(body: &str, expected: Trap) {
    for engine in engines() {
        let wat = format!(
            r#"(memory 1) (table $t 2 funcref) (elem (i32.const 0) $other)
               (table $x 2 externref) (data $d "abc") (elem $e func $other)
               (func $other (param i64))
               (func (export "f") {body})"#
        );
        let (mut store, instance) = instantiate(&engine, &wat, &[]).unwrap();
        let f = instance.get_typed_func::<(), ()>(&mut store, "f").unwrap();
        for _ in 0..3 {
            let error = f.call(&mut store, ()).unwrap_err();
            assert_eq!(
                error.downcast_ref::<Trap>(),
                Some(&expected),
                "{body}: {error:?}"
            );
            let trace = error.downcast_ref::<WasmBacktrace>().expect("a backtrace");
            assert_eq!(trace.frames()[0].func_index(), 1, "{body}");
        }
    }
}

#[test]
fn codes() {
    check("unreachable", Trap::UnreachableCodeReached);
    check(
        "(drop (i32.div_s (i32.const 1) (i32.const 0)))",
        Trap::IntegerDivisionByZero,
    );
    check(
        "(drop (i64.rem_u (i64.const 1) (i64.const 0)))",
        Trap::IntegerDivisionByZero,
    );
    check(
        "(drop (i32.div_s (i32.const 0x80000000) (i32.const -1)))",
        Trap::IntegerOverflow,
    );
    check(
        "(drop (i32.trunc_f32_s (f32.const 1e20)))",
        Trap::IntegerOverflow,
    );
    check(
        "(drop (i64.trunc_f64_u (f64.const nan)))",
        Trap::BadConversionToInteger,
    );
    check(
        "(drop (i32.load (i32.const 65536)))",
        Trap::MemoryOutOfBounds,
    );
    check(
        "(i64.store offset=4 (i32.const 65525) (i64.const 0))",
        Trap::MemoryOutOfBounds,
    );
    check(
        "(memory.fill (i32.const 1) (i32.const 0) (i32.const 65536))",
        Trap::MemoryOutOfBounds,
    );
    check(
        "(memory.init $d (i32.const 0) (i32.const 1) (i32.const 3))",
        Trap::MemoryOutOfBounds,
    );
    check(
        "(drop (table.get $x (i32.const 2)))",
        Trap::TableOutOfBounds,
    );
    check(
        "(table.init $t $e (i32.const 2) (i32.const 0) (i32.const 1))",
        Trap::TableOutOfBounds,
    );
    check("(call_indirect $t (i32.const 2))", Trap::TableOutOfBounds);
    check("(call_indirect $t (i32.const 1))", Trap::IndirectCallToNull);
    check("(call_indirect $t (i32.const 0))", Trap::BadSignature);
}

const FRAMES: &str = r#"
    (module $frames
        (func $trap (param i32)
            (if (local.get 0) (then (call $recurse (local.get 0))))
            (drop (i32.div_u (i32.const 1) (local.get 0))))
        (func $recurse (param i32)
            (call $trap (i32.sub (local.get 0) (i32.const 1))))
        (func (export "run") (call $recurse (i32.const 2))))
"#;

#[test]
fn backtraces() {
    for engine in engines() {
        let (mut store, instance) = instantiate(&engine, FRAMES, &[]).unwrap();
        let run = instance
            .get_typed_func::<(), ()>(&mut store, "run")
            .unwrap();
        let error = run.call(&mut store, ()).unwrap_err();
        let trace = error.downcast_ref::<WasmBacktrace>().unwrap();
        let frames = trace.frames();
        let found: Vec<_> = frames
            .iter()
            .map(|f| (f.func_index(), f.func_name()))
            .collect();
        assert_eq!(
            found,
            [
                (0, Some("trap")),
                (1, Some("recurse")),
                (0, Some("trap")),
                (1, Some("recurse")),
                (2, None)
            ]
        );
        let wasm = wat::parse_str(FRAMES).unwrap();
        // `i32.div_u`, and `call` in the others.
        let operators: Vec<u8> = frames
            .iter()
            .map(|f| wasm[f.module_offset().unwrap()])
            .collect();
        assert_eq!(operators, [0x6e, 0x10, 0x10, 0x10, 0x10]);
        for frame in frames {
            assert!(frame.func_offset().unwrap() < frame.module_offset().unwrap());
            assert!(Module::same(frame.module(), instance.module(&store)));
        }
        let text = format!("{error:?}");
        for part in ["integer divide by zero", "frames!trap", "0: ", "4: "] {
            assert!(text.contains(part), "{part:?} is not in\n{text}");
        }
    }
}

/// The offset is that of the very operator.
#[test]
fn operators_that_trap() {
    #[track_caller]
    fn check(body: &str, opcode: u8) {
        for engine in engines() {
            let wat =
                format!(r#"(memory 1) (table 1 funcref) (func (export "f") (param i32) {body})"#);
            let (mut store, instance) = instantiate(&engine, &wat, &[]).unwrap();
            let f = instance.get_typed_func::<i32, ()>(&mut store, "f").unwrap();
            let error = f.call(&mut store, 0).unwrap_err();
            let trace = error.downcast_ref::<WasmBacktrace>().unwrap();
            let offset = trace.frames()[0].module_offset().unwrap();
            assert_eq!(
                wat::parse_str(&wat).unwrap()[offset],
                opcode,
                "{body} {offset:#x}"
            );
        }
    }
    check("nop unreachable", 0x00);
    check("(drop (i32.div_s (i32.const 7) (local.get 0)))", 0x6d);
    check(
        "(drop (i64.rem_s (i64.const 7) (i64.extend_i32_u (local.get 0))))",
        0x81,
    );
    check("(drop (i32.load8_u offset=65536 (local.get 0)))", 0x2d);
    check("(i64.store offset=65530 (local.get 0) (i64.const 0))", 0x37);
    check("(call_indirect (local.get 0))", 0x11);
    check("(drop (i32.trunc_f32_s (f32.const inf)))", 0xa8);
    check(
        "(drop (memory.grow (local.get 0))) (drop (i32.load (i32.const -1)))",
        0x28,
    );
}

/// An explicit check of the stack comes before any operator, wherever the code of its trap lies.
#[test]
fn overflows_are_at_the_start() {
    let [_, engine] = engines();
    let wat = r#"(func $f (export "f") (param i32) (local i32 i64)
        (drop (i32.div_u (i32.const 1) (local.get 0))) (call $f (local.get 0)))"#;
    let (mut store, instance) = instantiate(&engine, wat, &[]).unwrap();
    let f = instance.get_typed_func::<i32, ()>(&mut store, "f").unwrap();
    let error = f.call(&mut store, 1).unwrap_err();
    assert_eq!(error.downcast_ref::<Trap>(), Some(&Trap::StackOverflow));
    let trace = error.downcast_ref::<WasmBacktrace>().unwrap();
    assert_eq!(trace.frames()[0].func_offset(), Some(0));
    assert_eq!(trace.frames()[1].func_name(), Some("f"));
    // The traps around it are where they were.
    let error = f.call(&mut store, 0).unwrap_err();
    let trace = error.downcast_ref::<WasmBacktrace>().unwrap();
    let offset = trace.frames()[0].module_offset().unwrap();
    assert_eq!(wat::parse_str(wat).unwrap()[offset], 0x6e);
}

/// Where an access was, in which memory, and how large that was then.
#[test]
fn memory_faults() {
    let wat = r#"
        (memory $small 1)
        (memory $large 3)
        (func (export "small") (param i32) (drop (i32.load $small offset=4 (local.get 0))))
        (func (export "large") (param i32) (i64.store8 $large (local.get 0) (i64.const 1)))
        (data $data "abc")
        (func (export "init") (param i32)
            (memory.init $small $data (local.get 0) (i32.const 0) (i32.const 3)))
        (func (export "grow") (param i32) (drop (memory.grow $small (local.get 0))))
    "#;
    for (engine, guarded) in engines().into_iter().zip([true, false]) {
        let (mut store, instance) = instantiate(&engine, wat, &[]).unwrap();
        let mut check = |name: &str, address: u32, expected: Option<(u64, usize)>| {
            let f = instance
                .get_typed_func::<u32, ()>(&mut store, name)
                .unwrap();
            let error = f.call(&mut store, address).unwrap_err();
            assert_eq!(error.downcast_ref(), Some(&Trap::MemoryOutOfBounds));
            let trace = error.downcast_ref::<WasmBacktrace>().unwrap();
            let fault = trace.memory_fault();
            let found = fault.map(|fault| (fault.wasm_address, fault.memory_size));
            assert_eq!(found, expected.filter(|_| guarded), "{name} {address:#x}");
            match fault {
                Some(fault) => check_error::<()>(Err(error), &[&fault.to_string()]),
                None => assert!(!format!("{error:?}").contains("memory fault")),
            }
        };
        check("small", 0x10000, Some((0x10004, 0x10000)));
        check("small", 0xffff_ffff, Some((0x1_0000_0003, 0x10000)));
        // Half of it is inside.
        check("small", 0xfffa, Some((0x10000, 0x10000)));
        check("large", 0x30000, Some((0x30000, 0x30000)));
        // Checked by the runtime, which says nothing of the access before.
        check("init", 0xffff, None);
    }
    let (mut store, instance) = instantiate(&engines()[0], wat, &[]).unwrap();
    let call = |store: &mut Store<()>, name, value: u32| {
        let f = instance.get_typed_func::<u32, ()>(&mut *store, name);
        f.unwrap().call(store, value)
    };
    call(&mut store, "grow", 1).unwrap();
    let text = "memory fault at wasm address 0x20000 in linear memory of size 0x20000";
    check_error(call(&mut store, "small", 0x1fffc), &[text]);
}

/// Trampolines take no Wasm function's place in a backtrace.
#[test]
fn backtraces_of_many_calls() {
    for engine in engines() {
        let mut store = Store::new(&engine, ());
        let host = Func::wrap(&mut store, |mut caller: Caller<'_, ()>, depth: i32| {
            let f = caller.get_export("f").unwrap().into_func().unwrap();
            let f = f.typed::<i32, ()>(&caller)?;
            f.call(&mut caller, depth - 1)
        });
        let wat = r#"(import "" "h" (func $h (param i32)))
            (func $f (export "f") (param i32)
                (if (i32.eqz (local.get 0)) (then unreachable))
                (call $h (local.get 0)))"#;
        let instance = Instance::new(&mut store, &module(&engine, wat), &[host.into()]).unwrap();
        let f = instance.get_typed_func::<i32, ()>(&mut store, "f").unwrap();
        for depth in [0, 1, 5, 22, 23, 24, 30] {
            let error = f.call(&mut store, depth).unwrap_err();
            let trace = error.downcast_ref::<WasmBacktrace>().unwrap();
            let expected = (depth as usize + 1).min(24);
            assert_eq!(trace.frames().len(), expected, "{depth}");
            assert!(trace.frames().iter().all(|f| f.func_name() == Some("f")));
        }
    }
}

/// The frames of two modules with the host between them, each with its own.
#[test]
fn backtraces_over_modules_and_the_host() {
    for engine in engines() {
        let mut store = Store::new(&engine, ());
        let inner = module(
            &engine,
            r#"(module $inner (func $bottom (export "f") unreachable))"#,
        );
        let inner = Instance::new(&mut store, &inner, &[]).unwrap();
        let bottom = inner.get_typed_func::<(), ()>(&mut store, "f").unwrap();
        let host = Func::wrap(&mut store, move |mut caller: Caller<'_, ()>| {
            bottom.call(&mut caller, ())
        });
        let outer = r#"(module $outer (import "" "h" (func $h))
            (func $top (export "g") (call $h)))"#;
        let outer = Instance::new(&mut store, &module(&engine, outer), &[host.into()]).unwrap();
        let top = outer.get_typed_func::<(), ()>(&mut store, "g").unwrap();
        let error = top.call(&mut store, ()).unwrap_err();
        assert_eq!(
            error.downcast_ref::<Trap>(),
            Some(&Trap::UnreachableCodeReached)
        );
        let trace = error.downcast_ref::<WasmBacktrace>().unwrap();
        let found: Vec<_> = trace
            .frames()
            .iter()
            .map(|f| (f.module().name(), f.func_name()))
            .collect();
        assert_eq!(
            found,
            [
                (Some("inner"), Some("bottom")),
                (Some("outer"), Some("top"))
            ]
        );
    }
}

#[test]
fn captured_backtraces() {
    for engine in engines() {
        let mut store = Store::new(&engine, Vec::<String>::new());
        assert!(WasmBacktrace::capture(&store).frames().is_empty());
        let host = Func::wrap(&mut store, |mut caller: Caller<'_, Vec<String>>| {
            let trace = WasmBacktrace::capture(&caller);
            let names = trace
                .frames()
                .iter()
                .map(|f| f.func_name().unwrap_or("-").to_string());
            caller.data_mut().extend(names);
        });
        let wat = r#"(import "" "h" (func $h)) (func $a (call $h))
            (func $b (export "f") (call $a))"#;
        let instance = Instance::new(&mut store, &module(&engine, wat), &[host.into()]).unwrap();
        let f = instance.get_typed_func::<(), ()>(&mut store, "f").unwrap();
        f.call(&mut store, ()).unwrap();
        assert_eq!(*store.data(), ["a", "b"]);
    }
}

#[test]
fn traps_at_start() {
    for engine in engines() {
        let wat = "(func $start unreachable) (start $start)";
        let error = instantiate(&engine, wat, &[]).unwrap_err();
        assert_eq!(
            error.downcast_ref::<Trap>(),
            Some(&Trap::UnreachableCodeReached)
        );
        let wat = r#"(memory 1) (data (i32.const 65536) "x")"#;
        check_error(
            instantiate(&engine, wat, &[]),
            &["out of bounds memory access"],
        );
        let wat = "(table 1 funcref) (elem (i32.const 1) $f) (func $f)";
        check_error(
            instantiate(&engine, wat, &[]),
            &["out of bounds table access"],
        );
    }
}

/// Changes one setting.
type Change = fn(&mut Config) -> &mut Config;

/// As many frames as the configuration says, or no backtrace at all.
#[test]
fn backtraces_by_configuration() {
    let wat = r#"
        (import "" "" (func $host))
        (func $trap unreachable)
        (func $host_fails call $host)
        (func $deep (param i32)
            (if (local.get 0)
                (then (call $deep (i32.sub (local.get 0) (i32.const 1))))
                (else (call $trap))))
        (func (export "trap") (call $deep (i32.const 100)))
        (func (export "host") call $host_fails)
    "#;
    let check = |change: Change, trap: Option<usize>, host: Option<usize>| {
        let mut config = config();
        change(&mut config);
        let engine = Engine::new(&config).unwrap();
        let mut store = Store::new(&engine, ());
        let captured = trap.is_some();
        let host_func = Func::wrap(&mut store, move |caller: Caller<'_, ()>| -> Result<()> {
            let frames = WasmBacktrace::capture(&caller).frames().len();
            assert_eq!(frames > 0, captured);
            assert_eq!(WasmBacktrace::force_capture(&caller).frames().len(), 2);
            bail!("the host says no")
        });
        let module = module(&engine, wat);
        let instance = Instance::new(&mut store, &module, &[host_func.into()]).unwrap();
        for (name, expected) in [("trap", trap), ("host", host)] {
            let f = instance.get_typed_func::<(), ()>(&mut store, name).unwrap();
            let error = f.call(&mut store, ()).unwrap_err();
            let trace = error.downcast_ref::<WasmBacktrace>();
            let frames = trace.map(|trace| trace.frames().len());
            assert_eq!(frames, expected, "{name}: {error:?}");
            assert_eq!(error.downcast_ref::<Trap>().is_some(), name == "trap");
        }
    };
    check(|c| c, Some(24), Some(2));
    check(
        |c| c.wasm_backtrace_max_frames(NonZeroUsize::new(3)),
        Some(3),
        Some(2),
    );
    check(
        |c| c.wasm_backtrace_max_frames(NonZeroUsize::new(1000)),
        Some(24),
        Some(2),
    );
    check(|c| c.wasm_backtrace_max_frames(None), None, None);
    check(|c| c.wasm_backtrace(false), None, None);
    check(
        |c| c.wasm_backtrace(false).wasm_backtrace(true),
        Some(24),
        Some(2),
    );
}

/// Frames of more modules than a store looks through one by one: backtraces and collections find each.
#[test]
fn frames_of_many_modules() {
    const MODULES: usize = 20;
    let engine = Engine::new(&config()).unwrap();
    let mut store = Store::new(&engine, 0);
    let make = Func::wrap(&mut store, |mut caller: Caller<'_, usize>| {
        ExternRef::new(&mut caller, 42).map(Some)
    });
    let check = Func::wrap(
        &mut store,
        |mut caller: Caller<'_, usize>, value: Option<Rooted<ExternRef>>| {
            let value = value.expect("what was made").data(&caller)?;
            assert_eq!(value.expect("a host value").downcast_ref(), Some(&42));
            *caller.data_mut() += 1;
            wasmetal::error::Ok(())
        },
    );
    let collect = Func::wrap(&mut store, |mut caller: Caller<'_, usize>| caller.gc(None));
    let trap = Func::wrap(&mut store, || -> Result<()> { bail!("as deep as it gets") });
    let mut inner = [trap.into(), collect.into()];
    for i in 0..MODULES {
        // Each keeps a value in its frame, which nobody else has.
        let module = module(
            &engine,
            &format!(
                r#"(import "" "" (func $trap)) (import "" "" (func $collect))
                   (import "" "" (func $make (result externref)))
                   (import "" "" (func $check (param externref)))
                   (func $f{i} (export "trap") (call $trap))
                   (func (export "collect") (local externref)
                       (local.set 0 (call $make))
                       (call $collect)
                       (call $check (local.get 0)))"#
            ),
        );
        let [trap, collect] = inner;
        let imports = [trap, collect, make.into(), check.into()];
        let instance = Instance::new(&mut store, &module, &imports).unwrap();
        inner = ["trap", "collect"].map(|name| instance.get_export(&mut store, name).unwrap());
    }
    let [trap, collect] = inner.map(|outermost| outermost.into_func().unwrap());
    for round in 1..3 {
        let error = trap.call(&mut store, &[], &mut []).unwrap_err();
        let trace = error.downcast_ref::<WasmBacktrace>().expect("a backtrace");
        let names = trace
            .frames()
            .iter()
            .map(|frame| frame.func_name().unwrap());
        assert!(names.eq((0..MODULES).map(|i| format!("f{i}"))), "{trace}");
        collect.call(&mut store, &[], &mut []).unwrap();
        assert_eq!(*store.data(), round * MODULES);
    }
}
