//! What the kernels that run Wasm share.
#![allow(dead_code)] // No kernel needs all of it.

use wasmetal::{Config, Engine, Error, Extern, Instance, Module, Result, Store, Trap, TypedFunc};
use wasmetal::{WasmParams, WasmResults};
use wasmetal_platform_bare::platform;

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
