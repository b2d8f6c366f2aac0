//! `Config::compile_time_limit`, with an allocator that does not confine: looked at before each function.

use std::time::{Duration, Instant};

use crate::no_guards::NO_GUARDS;
use crate::support::{check_error, config};
use wasmetal::{CompilationStopped, Config, Engine, Module, Store};

const FUNCTIONS: usize = 100_000;

fn many_functions() -> String {
    let function = "(func (param i32) (result i32) (i32.mul (local.get 0) (i32.const 3)))";
    format!("(module {})", function.repeat(FUNCTIONS))
}

#[track_caller]
fn check_stopped(engine: &Engine, wasm: &[u8], expected: Duration) {
    let begin = Instant::now();
    let error = Module::new(engine, wasm).map(drop).unwrap_err();
    let stopped = error.downcast_ref::<CompilationStopped>();
    let Some(CompilationStopped::Time {
        limit,
        compiled,
        functions,
    }) = stopped
    else {
        panic!("{error:?}");
    };
    assert_eq!(*limit, expected);
    assert!(*compiled < FUNCTIONS && [0, FUNCTIONS].contains(functions));
    assert!(begin.elapsed() >= expected);
}

#[test]
fn stops_between_functions() {
    let wasm = wat::parse_str(many_functions()).unwrap();
    for limit in [
        Duration::ZERO,
        Duration::from_nanos(1),
        Duration::from_millis(20),
    ] {
        let engine = Engine::new(config().compile_time_limit(limit)).unwrap();
        check_stopped(&engine, &wasm, limit);
        let mut parallel = config();
        parallel.parallel_compilation(wasmetal_platform_linux::for_each);
        let engine = Engine::new(parallel.compile_time_limit(limit)).unwrap();
        check_stopped(&engine, &wasm, limit);
    }
    let engine = Engine::new(config().compile_time_limit(Duration::ZERO)).unwrap();
    check_error(Module::validate(&engine, &wasm), &["time limit of 0ns"]);
    check_error(
        engine.precompile_module(&wasm),
        &["time limit of 0ns", "before the module was decoded"],
    );
    // An image takes no compiling.
    let other = Engine::new(&config()).unwrap();
    let image = other.precompile_module(b"\0asm\x01\0\0\0").unwrap();
    // SAFETY: it is the compiler's.
    unsafe { Module::deserialize_unsigned(&engine, &image) }.unwrap();
    let engine = Engine::new(config().compile_time_limit(Duration::MAX)).unwrap();
    Module::new(&engine, "(module (func))").unwrap();
}

#[test]
fn for_a_store() {
    let engine = Engine::new(&config()).unwrap();
    let wasm = wat::parse_str(many_functions()).unwrap();
    let mut store = Store::new(&engine, ());
    store.compile("(module)").unwrap();
    store.set_deadline(Some(Duration::from_millis(5))).unwrap();
    let error = store.compile(&wasm).map(drop).unwrap_err();
    let stopped = error.downcast_ref::<CompilationStopped>();
    assert!(
        matches!(stopped, Some(CompilationStopped::Interrupted { .. })),
        "{error:?}"
    );
    // The deadline stays.
    assert!(store.compile("(module)").is_err());
    store.set_deadline(None).unwrap();
    let handle = store.interrupt_handle().unwrap();
    handle.interrupt();
    assert!(store.compile("(module)").is_err());
    store.compile("(module)").unwrap();
    // Other errors do not use an interrupt up, and are what they are.
    check_error(store.compile(b"\0asm\x01\0\0\0\x01"), &["unexpected end"]);
}

#[test]
fn without_a_timer() {
    let mut config = Config::new(&NO_GUARDS);
    config.compile_time_limit(Duration::from_secs(1));
    check_error(Engine::new(&config), &["compile_time_limit", "no timer"]);
}
