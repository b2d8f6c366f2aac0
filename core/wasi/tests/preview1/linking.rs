//! What modules find under which names.

use crate::support::{FUNCTIONS, SNAPSHOT, UNSTABLE, engine, text, unstable_functions};
use wasmetal::{Linker, Module, Store};
use wasmetal_wasi::WasiCtxBuilder;
use wasmetal_wasi::p1::{self, WasiP1Ctx};

#[test]
fn all_functions_are_there_in_both_linkers() {
    let engine = engine();
    for (version, functions) in [
        (SNAPSHOT, &FUNCTIONS[..]),
        (UNSTABLE, &unstable_functions()),
    ] {
        let module = Module::new(&engine, text(version, functions)).unwrap();
        let mut linker = Linker::<WasiP1Ctx>::new(&engine);
        p1::add_to_linker_sync(&mut linker, |ctx| ctx).unwrap();
        linker.instantiate_pre(&module).unwrap();
        let mut linker = Linker::<WasiP1Ctx>::new(&engine);
        p1::add_to_linker_async(&mut linker, |ctx| ctx).unwrap();
        linker.instantiate_pre(&module).unwrap();
        // A name that is taken.
        assert!(p1::add_to_linker_sync(&mut linker, |ctx| ctx).is_err());
    }
}

#[test]
fn a_guest_without_a_memory_is_told() {
    let engine = engine();
    let mut linker = Linker::<WasiP1Ctx>::new(&engine);
    p1::add_to_linker_sync(&mut linker, |ctx| ctx).unwrap();
    for (memory, expected) in [
        ("", "missing required memory export"),
        (
            "(func (export \"memory\"))",
            "missing required memory export",
        ),
        ("(memory (export \"memory\") 1 1 shared)", "shared"),
    ] {
        let text = format!(
            r#"(module
                (import "wasi_snapshot_preview1" "fd_close" (func $close (param i32) (result i32)))
                (func (export "run") (result i32) (call $close (i32.const 0)))
                {memory})"#
        );
        let module = Module::new(&engine, text).unwrap();
        let mut store = Store::new(&engine, WasiCtxBuilder::new().build_p1());
        let instance = linker.instantiate(&mut store, &module).unwrap();
        let run = instance
            .get_typed_func::<(), i32>(&mut store, "run")
            .unwrap();
        let error = run.call(&mut store, ()).unwrap_err();
        assert!(format!("{error:#}").contains(expected), "{error:?}");
    }
}
