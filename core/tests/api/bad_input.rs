//! Bytes that are no module: an error that says what and where, and the engine goes on.

use crate::support::{check_error, engine, engines, instantiate};
use wasmetal::{
    Engine, Error, Instance, InvalidModule, InvalidText, Linker, Memory, MemoryType, Module, Store,
    WasmBacktrace,
};

const GOOD: &[u8] = b"\0asm\x01\0\0\0";

#[track_caller]
fn check(engine: &Engine, bytes: &[u8], expected: &[&str]) {
    check_error(Module::from_binary(engine, bytes), expected);
    check_error(Module::validate(engine, bytes), expected);
}

fn with(section: &[u8]) -> Vec<u8> {
    [GOOD, section].concat()
}

/// A module with every section.
const ALL: &str = r#"
    (module $all
        (type $t (func (param i32) (result i32)))
        (import "a" "b" (func $imported (type $t)))
        (import "a" "g" (global i32))
        (func $f (type $t) (local i64 f32)
            (block (result i32) (call_indirect (type $t) (local.get 0) (i32.const 0))))
        (table 1 2 funcref)
        (memory 1 2)
        (global (mut f64) (f64.const 1))
        (export "f" (func $f))
        (start $s)
        (func $s (memory.init $d (i32.const 0) (i32.const 0) (i32.const 3)))
        (elem (i32.const 0) $f)
        (data (i32.const 8) "active")
        (data $d "passive"))
"#;

/// What the error says by its type.
#[test]
fn what_is_invalid_and_where() {
    type Function<'a> = Option<(u32, Option<&'a str>)>;
    let check = |bytes: &[u8], offset: usize, function: Function<'_>, message: &str| {
        for engine in &engines() {
            for error in [
                Module::from_binary(engine, bytes).map(drop).unwrap_err(),
                Module::validate(engine, bytes).unwrap_err(),
            ] {
                let invalid: &InvalidModule = error.downcast_ref().unwrap();
                assert_eq!(invalid.offset(), offset, "{error}");
                let of = invalid.function().map(|it| (it, invalid.function_name()));
                assert_eq!(of, function, "{error}");
                assert!(invalid.message().contains(message), "{error}");
                assert!(invalid.missing_proposals().is_empty(), "{error}");
                assert!(error.to_string().contains(invalid.message()));
                let at = format!("offset {offset:#x})");
                assert!(error.to_string().contains(&at), "{error}");
            }
        }
    };
    check(b"", 0, None, "unexpected end");
    check(b"not wasm", 0, None, "magic header not detected");
    check(b"\0asm\x0d\0\x01\0", 0, None, "this is a component");
    check(&with(&[1, 1, 9]), 10, None, "unexpected end");
    let function = |wat: &str| wat::parse_str(wat).unwrap();
    let wasm = function("(func) (func $bad drop)");
    check(&wasm, 27, Some((1, Some("bad"))), "nothing on stack");
    let wasm = function(r#"(import "" "" (func)) (func (result i32))"#);
    check(&wasm, 34, Some((1, None)), "type mismatch");
    let long = "n".repeat(1000);
    let wasm = function(&format!("(func ${long} drop)"));
    check(&wasm, 23, Some((0, Some(&long))), "nothing on stack");
}

#[test]
fn truncated_at_every_byte() {
    let engine = engine();
    let wasm = wat::parse_str(ALL).unwrap();
    Module::from_binary(&engine, &wasm).unwrap();
    let mut valid = Vec::new();
    for len in 0..wasm.len() {
        match Module::from_binary(&engine, &wasm[..len]) {
            Ok(_) => valid.push(len),
            Err(error) => {
                let text = format!("{error:?}");
                assert!(
                    text.contains("offset") || text.contains("at "),
                    "{len}: {text}"
                );
            }
        }
        // What follows is not affected.
        if len % 32 == 0 {
            Module::from_binary(&engine, &wasm).unwrap();
        }
    }
    // Only the empty module, sections that promise nothing later, and all but the name section.
    assert!(valid.len() <= 6 && valid.contains(&8), "{valid:?}");
}

#[test]
fn every_byte_changed() {
    let engine = engine();
    let wasm = wat::parse_str(ALL).unwrap();
    for i in 0..wasm.len() {
        for value in [0x00, 0x7f, 0x80, 0xff, wasm[i] ^ 1, wasm[i].wrapping_add(1)] {
            let mut wasm = wasm.clone();
            wasm[i] = value;
            if let Err(error) = Module::from_binary(&engine, &wasm) {
                assert!(!format!("{error:?}").is_empty());
            }
        }
    }
    Module::from_binary(&engine, &wasm).unwrap();
}

#[test]
fn garbage() {
    let engine = engine();
    check(&engine, b"", &["offset 0x0"]);
    check(&engine, b"garbage!", &["magic", "0x0"]);
    check(&engine, b"\0asm", &["end", "0x4"]);
    check(&engine, b"\0asm\x02\0\0\0", &["version", "0x4"]);
    check(&engine, b"\x7fELF\x02\x01\x01\0", &["magic"]);
    // Neither binary nor text.
    check_error(Module::new(&engine, b""), &["offset 0x0"]);
    check_error(Module::new(&engine, b"\xff\xfe garbage"), &["magic", "0x0"]);
    check_error(Module::new(&engine, "garbage"), &["text format", "1:1"]);
    for (text, at) in [
        ("garbage", Some((1, 1))),
        ("(module\n  (func i32.nothing))", Some((2, 9))),
        ("(module (func (call $a)))", Some((1, 21))),
        ("(module", Some((1, 8))),
    ] {
        let error = Module::new(&engine, text).unwrap_err();
        let invalid = error.downcast_ref::<InvalidText>().expect(text);
        assert_eq!(invalid.line().zip(invalid.column()), at, "{error:#}");
        assert!(format!("{error:#}").contains(invalid.message()), "{text}");
    }
    check_error(
        Module::new(&engine, "(module (func (fnord)))"),
        &["fnord", "1:"],
    );
}

#[test]
fn sections() {
    let engine = engine();
    check(&engine, &with(&[14, 0]), &["section id: 14", "offset 0xa"]);
    check(&engine, &with(&[255, 0]), &["offset 0x"]);
    check(&engine, &with(&[1, 100]), &["end", "0x"]);
    // The type section twice; code without functions.
    check(&engine, &with(&[1, 1, 0, 1, 1, 0]), &["order", "0x"]);
    check(
        &engine,
        &with(&[10, 4, 1, 2, 0, 0x0b]),
        &["function", "code"],
    );
    // A custom section may hold anything.
    Module::from_binary(&engine, &with(&[0, 5, 4, b'n', b'a', b'm', b'e'])).unwrap();
    Module::from_binary(&engine, &with(&[0, 7, 4, b'n', b'a', b'm', b'e', 1, 0xff])).unwrap();
}

#[test]
fn absurd_counts() {
    let engine = engine();
    let most = [0xff, 0xff, 0xff, 0xff, 0x0f];
    for section in [1, 2, 3, 4, 5, 6, 7, 9, 10, 11] {
        let bytes = with(&[&[section, 5][..], &most].concat());
        check(&engine, &bytes, &["0x"]);
    }
    // A function with 2^32 - 1 locals.
    let body = [&[1][..], &most, &[0x7f, 0x0b]].concat();
    let code = [&[10, 2 + body.len() as u8, 1, body.len() as u8][..], &body].concat();
    let bytes = with(&[&[1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0][..], &code].concat());
    check(&engine, &bytes, &["too many locals", "function 0"]);
}

#[test]
fn sizes() {
    let engine = engine();
    check_error(Module::new(&engine, "(memory 65537)"), &["memory size"]);
    check_error(Module::new(&engine, "(memory 2 1)"), &["minimum"]);
    check_error(Module::new(&engine, "(table 2 1 funcref)"), &["minimum"]);
    // Too much for any table, if not for the binary format.
    check_error(
        instantiate(&engine, "(table 0xffffffff funcref)", &[]),
        &["table"],
    );
    instantiate(&engine, "(memory 65536)", &[]).unwrap();
}

#[test]
fn type_errors() {
    let engine = engine();
    for (wat, expected) in [
        (
            "(func $f (result i32))",
            &["function 0", "f", "type mismatch"][..],
        ),
        (
            "(func (drop (i32.add (i32.const 0) (i64.const 0))))",
            &["type mismatch", "i32", "i64"],
        ),
        ("(func (local.set 1 (i32.const 0)))", &["unknown local"]),
        ("(func (br 1))", &["unknown label"]),
        ("(func (call 7))", &["unknown function 7"]),
        (
            "(func (i32.load (i32.const 0)) drop)",
            &["unknown memory 0"],
        ),
        (
            r#"(func (export "a")) (func (export "a"))"#,
            &["duplicate export name", "a"],
        ),
        ("(start 0) (func (param i32))", &["start function"]),
        ("(global i32 (i64.const 0))", &["type mismatch"]),
    ] {
        check_error(Module::new(&engine, wat), expected);
    }
}

/// A name section may name any number: what no function has is left out, and the rest is kept.
#[test]
fn names_of_functions_that_can_not_be() {
    let engine = engine();
    let check = |number: &str, expected: Option<&str>| {
        let text = format!(
            r#"(module (func (export "f") unreachable)
                (@custom "name" "\01{number}\01x"))"#
        );
        let module = Module::new(&engine, text).unwrap();
        let names: Vec<_> = module.functions().map(|f| f.name).collect();
        assert_eq!(names, [expected], "{number}");
    };
    check(r"\04\01\00", Some("x"));
    check(r"\04\01\01", None);
    check(r"\08\01\ff\ff\ff\ff\0f", None);
    check(r"\08\01\fe\ff\ff\ff\0f", None);
}

/// For each label the parser looks through the blocks around it: text that makes it look for long is refused.
#[test]
fn labels_nested_too_deep() {
    let engine = engine();
    let text = |levels: usize| {
        let (open, close) = ("block $l ".repeat(levels), "end ".repeat(levels));
        format!("(module (func {open} {close}))")
    };
    assert!(Module::new(&engine, text(1_000)).is_ok());
    check_error(
        Module::new(&engine, text(1_000_000)),
        &["nested too deep", "at byte"],
    );
}

/// What a guest says is shown on one line, without what a terminal obeys, and not in full where it is long.
#[test]
fn what_a_guest_says_is_escaped() {
    #[track_caller]
    fn check(error: &Error, expected: &str) {
        for text in [
            format!("{error}"),
            format!("{error:#}"),
            format!("{error:?}"),
        ] {
            // Without the host's own backtrace, where one is wanted.
            let text = text.split("Stack backtrace").next().unwrap_or_default();
            assert!(text.len() < 12_000, "{} bytes", text.len());
            let bad = |char: char| char.is_control() && char != '\n' || char == '\u{202e}';
            assert!(!text.contains(bad), "{text:?}");
        }
        let text = format!("{error:#}");
        assert!(text.contains(expected), "{text}");
    }
    /// A name, and what is to be seen of it.
    const BAD: &str = r"\1b[2J\07\0a\e2\80\ae!";
    const SHOWN: &str = r"\u{1b}[2J\u{7}\n\u{202e}!";
    let engine = engine();
    for (name, shown) in [
        (BAD.to_owned(), SHOWN.to_owned()),
        ("x".repeat(90_000), "xxxxx".to_owned()),
        (BAD.repeat(1000), SHOWN.to_owned()),
    ] {
        let new = |text: &str| Module::new(&engine, wat::parse_str(text).unwrap());
        // Of an import.
        let module = new(&format!(r#"(module (import "{name}" "{name}" (func)))"#)).unwrap();
        let linker = Linker::<()>::new(&engine);
        let mut store = Store::new(&engine, ());
        check(
            &linker.instantiate(&mut store, &module).unwrap_err(),
            &shown,
        );
        let memory = Memory::new(&mut store, MemoryType::new(1, None)).unwrap();
        check(
            &Instance::new(&mut store, &module, &[memory.into()]).unwrap_err(),
            &shown,
        );
        // Of an export.
        let twice =
            format!(r#"(module (func) (export "{name}" (func 0)) (export "{name}" (func 0)))"#);
        check(&new(&twice).unwrap_err(), &shown);
        // Of a module and a function, in a backtrace and in an error about the function.
        let function = format!(
            r#"(module (@name "{name}") (func (@name "{name}") (export "f") (unreachable)))"#
        );
        let instance = Instance::new(&mut store, &new(&function).unwrap(), &[]).unwrap();
        let f = instance.get_typed_func::<(), ()>(&mut store, "f").unwrap();
        let error = f.call(&mut store, ()).unwrap_err();
        check(&error, &shown);
        let trace = error.downcast_ref::<WasmBacktrace>().unwrap().to_string();
        assert_eq!(trace.lines().count(), 2, "{trace}");
        let invalid = format!(r#"(module (func (@name "{name}") (i32.const 0)))"#);
        check(&new(&invalid).unwrap_err(), &shown);
        // Of a text.
        let text = format!(r#"(module (export "{name}" (func $there_is_none)))"#);
        check(&Module::new(&engine, &text).unwrap_err(), "unknown func");
    }
}
