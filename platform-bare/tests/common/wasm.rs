//! What the kernels that run Wasm share.
#![allow(dead_code)] // No kernel needs all of it.

use alloc::vec::Vec;
use wasmetal::{Config, Engine, Error, Extern, Instance, Module, Result, Store, Trap, TypedFunc};
use wasmetal::{WasmParams, WasmResults};
use wasmetal_platform_bare::platform;
use wasmetal_wat::wat;

pub(crate) fn config() -> Config {
    Config::new(platform())
}

pub(crate) fn engine() -> Engine {
    Engine::new(&config()).expect("the defaults fit")
}

/// An instance in a new store.
pub(crate) fn instantiate(
    engine: &Engine,
    wasm: &[u8],
    imports: &[Extern],
) -> (Store<()>, Instance) {
    let module = Module::new(engine, wasm).expect("a valid module");
    let mut store = Store::new(engine, ());
    let instance = Instance::new(&mut store, &module, imports).expect("an instance");
    (store, instance)
}

/// A module that any engine compiles.
pub(crate) const SMALL: &[u8] = wat!(r#"(module (func (export "f") (result i32) (i32.const 42)))"#);

/// It compiles and runs.
pub(crate) fn check_works(engine: &Engine) {
    let (mut store, instance) = instantiate(engine, SMALL, &[]);
    let f = func::<(), i32>(&mut store, instance, "f");
    assert_eq!(f.call(&mut store, ()).expect("no trap"), 42);
}

pub(crate) fn func<P: WasmParams, R: WasmResults>(
    store: &mut Store<()>,
    instance: Instance,
    name: &str,
) -> TypedFunc<P, R> {
    instance.get_typed_func(store, name).expect(name)
}

/// The error that there must be.
#[track_caller]
pub(crate) fn failed<R>(result: Result<R>) -> Error {
    match result {
        Ok(_) => panic!("no error"),
        Err(error) => error,
    }
}

/// Checks that a call ended with a trap, and nothing else.
#[track_caller]
pub(crate) fn check_trap<R>(result: Result<R>, expected: Trap) {
    let error = failed(result);
    assert_eq!(error.downcast_ref::<Trap>(), Some(&expected), "{error:?}");
}

/// An unsigned number below 2^28, in LEB128 of four bytes.
fn leb128(value: usize) -> [u8; 4] {
    let bits = |group: u32| (value >> (7 * group)) as u8 & 0x7f;
    [bits(0) | 0x80, bits(1) | 0x80, bits(2) | 0x80, bits(3)]
}

/// A module of one function, exported as "f": its type, its declarations of locals and its operators
/// but for the `end`, as they are encoded.
pub(crate) fn one_function(ty: &[u8], locals: &[u8], operators: &[u8]) -> Vec<u8> {
    let mut module = b"\0asm\x01\0\0\0".to_vec();
    module.extend([1, 1 + ty.len() as u8, 1]);
    module.extend(ty);
    module.extend([3, 2, 1, 0, 7, 5, 1, 1, b'f', 0, 0, 10]);
    let body = locals.len() + operators.len() + 1;
    module.extend(leb128(1 + 4 + body));
    module.push(1);
    module.extend(leb128(body));
    module.extend(locals);
    module.extend(operators);
    module.push(0x0b);
    module
}

/// Locals of type `i64`, that many.
pub(crate) fn i64_locals(count: usize) -> Vec<u8> {
    [&[1][..], &leb128(count), &[0x7e]].concat()
}

/// `operator` with an index.
pub(crate) fn indexed(operator: u8, index: usize) -> [u8; 5] {
    let [a, b, c, d] = leb128(index);
    [operator, a, b, c, d]
}
