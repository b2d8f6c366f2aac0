//! What a proposal or the specification leaves open is done as Wasmtime does it: asked of both.

/// The trap of a call with this much fuel, by its name in both crates.
macro_rules! trap {
    ($krate:ident, $config:expr, $text:expr, $fuel:expr) => {{
        let mut config: $krate::Config = $config;
        config.consume_fuel(true).wasm_memory64(true);
        let engine = $krate::Engine::new(&config).unwrap();
        let module = $krate::Module::new(&engine, wat::parse_str($text).unwrap()).unwrap();
        let mut store = $krate::Store::new(&engine, ());
        store.set_fuel($fuel).unwrap();
        let instance = $krate::Instance::new(&mut store, &module, &[]).unwrap();
        let run = instance
            .get_typed_func::<u64, ()>(&mut store, "run")
            .unwrap();
        let error = run.call(&mut store, u64::MAX).unwrap_err();
        format!("{:?}", error.downcast_ref::<$krate::Trap>().unwrap())
    }};
}

/// A function that takes `u64::MAX`, in a module with a memory of one page and 64-bit addresses.
fn check(code: &str, fuel: u64, expected: &str) {
    let text = format!("(module (memory i64 1) (func (export \"run\") (param i64) {code}))");
    let ours = wasmetal::Config::new(wasmetal_platform_linux::platform());
    assert_eq!(trap!(wasmetal, ours, &text, fuel), expected, "here: {code}");
    let theirs = wasmtime::Config::new();
    assert_eq!(
        trap!(wasmtime, theirs, &text, fuel),
        expected,
        "Wasmtime: {code}"
    );
}

/// Fuel is paid before bounds are looked at: what costs more than there is runs out of it, however far out of bounds it is.
#[test]
fn fuel_is_paid_before_bounds_are_checked() {
    let fill = "(memory.fill (i64.const 0) (i32.const 9) (local.get 0))";
    check(fill, 1_000_000, "OutOfFuel");
    check(fill, u64::MAX >> 2, "OutOfFuel");
    let fill = "(memory.fill (local.get 0) (i32.const 9) (i64.const 2))";
    check(fill, 1_000_000, "MemoryOutOfBounds");
    let copy = "(memory.copy (i64.const 0) (i64.const 0) (local.get 0))";
    check(copy, 1_000_000, "OutOfFuel");
}
