//! Text that costs its parser as much as can be: the limits of the compiler hold for it too.

use crate::{HERE, ONE_AT_A_TIME, call, engine};
use std::time::{Duration, Instant};
use wasmetal::{
    CompilationStopped, Config, Engine, Module, ModuleLimitExceeded, ModuleLimits, Store,
};

/// Texts of about `size` bytes.
fn texts(size: usize) -> Vec<(&'static str, String)> {
    let all = |part: &str| part.repeat(size / part.len());
    let numbered = |part: fn(usize) -> String| (0..size / 16).map(part).collect::<String>();
    let in_module = |text: String| format!("(module {text})");
    let in_function = |text: String| format!("(module (func {text}))");
    vec![
        ("functions", in_module(all("(func)"))),
        ("names", in_module(numbered(|i| format!("(func $f{i})")))),
        (
            "types",
            in_module(numbered(|i| format!("(type $t{i} (func))"))),
        ),
        ("operators", in_function(all("nop "))),
        ("numbers", in_function(all("i32.const 1 drop "))),
        ("labels", in_function(all("block $l "))),
        ("labels in parentheses", in_function(all("(block $l "))),
        ("blocks", in_function(all("loop "))),
        ("parentheses", all("(")),
        ("closing parentheses", all(")")),
        ("comments in comments", all("(;")),
        ("comments", all("(;;)")),
        ("lines", all("\n")),
        ("lines of comments", all(";;\n")),
        ("one word", all("a")),
        ("a name", format!("(module ${})", all("a"))),
        (
            "a string",
            format!("(module (memory 1) (data \"{}\"))", all("a")),
        ),
        (
            "escapes",
            format!("(module (memory 1) (data \"{}\"))", all("\\ff")),
        ),
        ("an open string", format!("\"{}", all("\\\""))),
        ("annotations", in_module(all("(@custom \"a\" \"\")"))),
        ("a digit", in_function(format!("i64.const {}", all("1")))),
        ("imports", in_module(all("(import \"\" \"\" (func))"))),
        (
            "items of a segment",
            format!("(module (func) (elem func {}))", all("0 ")),
        ),
    ]
}

fn stopped(error: &wasmetal::Error) -> Option<&CompilationStopped> {
    error.downcast_ref()
}

/// An error that is short, on one line.
fn check_error(error: &wasmetal::Error, name: &str) {
    let text = format!("{error:#}");
    assert!(text.len() < 2000 && !text.contains('\n'), "{name}: {text}");
}

#[test]
fn a_limit_of_memory_is_kept() {
    let _one = ONE_AT_A_TIME.lock();
    let engine = engine(Some(1 << 20));
    let mut before = None;
    let mut exhausted = 0;
    for round in 0..2 {
        for (name, text) in texts(1 << 20) {
            if let Err(error) = Module::new(&engine, &text) {
                check_error(&error, name);
                let limit = Some(1 << 20);
                exhausted += usize::from(matches!(
                    stopped(&error),
                    Some(CompilationStopped::Memory { limit: named, .. }) if *named == limit
                ));
            }
        }
        let module = Module::new(
            &engine,
            r#"(func (export "f") (result i32) (i32.const 42))"#,
        );
        assert_eq!(call(&engine, &module.expect("it fits")), 42);
        if round > 0 {
            assert_eq!(before, Some(HERE.get()));
        }
        before = Some(HERE.get());
    }
    assert!(exhausted >= 16, "{exhausted}");
}

#[test]
fn a_limit_of_time_and_a_deadline_are_kept() {
    let _one = ONE_AT_A_TIME.lock();
    let limit = Duration::from_millis(5);
    let mut config = Config::new(wasmetal_platform_linux::platform());
    config.compile_time_limit(limit);
    let limited = Engine::new(&config).expect("an engine");
    let free = engine(None);
    for (name, text) in texts(4 << 20) {
        let begin = Instant::now();
        let by_limit = Module::new(&limited, &text).map(drop);
        let mut store = Store::new(&free, ());
        store.set_deadline(Some(limit)).expect("a timer");
        let by_deadline = store.compile(&text).map(drop);
        let took = begin.elapsed();
        assert!(took < Duration::from_secs(10), "{name}: {took:?}");
        for (error, is_late) in [
            (by_limit, |e: &_| {
                matches!(e, CompilationStopped::Time { .. })
            }),
            (by_deadline, |e: &_| {
                matches!(e, CompilationStopped::Interrupted { functions: 0, .. })
            }),
        ] as [(_, fn(&CompilationStopped) -> bool); 2]
        {
            let error = error.expect_err(name);
            check_error(&error, name);
            // What takes longer than that on any machine.
            if ["functions", "names", "types", "operators", "numbers"].contains(&name) {
                assert!(stopped(&error).is_some_and(is_late), "{name}: {error:#}");
            }
        }
    }
}

/// Where nothing can stop the parser, its work is bounded all the same: by the size of the text.
#[test]
fn the_size_of_a_text_has_a_limit() {
    let _one = ONE_AT_A_TIME.lock();
    let mut limits = ModuleLimits::default();
    limits.module_size = 1000;
    let mut config = Config::new(wasmetal_platform_linux::platform());
    config.module_limits(limits);
    let engine = Engine::new(&config).expect("an engine");
    let text = |size: usize| format!("(module){}", " ".repeat(size - 8));
    Module::new(&engine, text(1000)).expect("it is not larger");
    for error in [
        Module::new(&engine, text(1001)).map(drop),
        engine.precompile_module(text(1001).as_bytes()).map(drop),
        Store::new(&engine, ()).compile(text(1001)).map(drop),
    ] {
        let error = error.expect_err("it is larger");
        let exceeded: &ModuleLimitExceeded = error.downcast_ref().expect("a limit");
        let found = (exceeded.limit, exceeded.maximum, exceeded.found);
        assert_eq!(found, ("module_size", 1000, 1001));
    }
}
