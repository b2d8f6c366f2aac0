//! What modules, stores and instances take is given back: page frames, page tables and heap.
#![no_std]
#![no_main]

extern crate alloc;

#[path = "common/wasm.rs"]
mod wasm;

use alloc::vec::Vec;
use wasm::{check_trap, config, failed};
use wasmetal::{
    Caller, Engine, ExternRef, Instance, Linker, Module, Result, Rooted, Store, Trap, Val,
};
use wasmetal_platform_bare::{entry, heap, platform, println};
use wasmetal_wat::wat;

entry!(main);

/// Memories small and large, tables, data, elements, a start function that grows both.
const STARTS: &[u8] = wat!(
    r#"(module
    (import "host" "count" (func $count (param i32)))
    (import "host" "keep" (func $keep (param externref) (result externref)))
    (memory (export "memory") 1)
    (table $t (export "table") 100 funcref)
    (table $x 3 externref)
    (global $g (mut i32) (i32.const 7))
    (data (i32.const 65000) "some bytes")
    (elem (table $t) (i32.const 5) func $start $count)
    (func $start
        (call $count (memory.grow (i32.const 40)))
        (drop (table.grow $x (ref.null extern) (i32.const 1000)))
        (i32.store (i32.const 2000000) (global.get $g)))
    (start $start)
    (func (export "keep") (param externref) (result externref) (call $keep (local.get 0)))
    (func (export "trap") (drop (i32.load (i32.const -1))))
    (func $overflow (export "overflow") (call $overflow)))"#
);

/// Its instance fails half-way: the memory is there, and the segment does not fit.
const FAILS: &[u8] = wat!(
    r#"(module
    (memory 20) (table 10 funcref)
    (func $f)
    (elem (i32.const 0) $f)
    (data (i32.const 0x13ffff) "ab"))"#
);

/// Its start function traps.
const TRAPS: &[u8] = wat!(
    r#"(module
    (memory 2)
    (func $start (drop (memory.grow (i32.const 3))) (unreachable))
    (start $start))"#
);

const ROUNDS: usize = 1000;

/// What is in use: frames, and bytes of the heap.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Books {
    free_frames: usize,
    heap: usize,
}

impl Books {
    fn now() -> Self {
        Self {
            free_frames: platform().free_frames(),
            heap: heap::used(),
        }
    }
}

fn main() -> i32 {
    let boot = Books::now();
    // Two lists keep the room that they had to grow to, for the firmware's life: the registry of code,
    // and the platform's list of free address space. The rest has to go.
    with_engine(false, 30);
    compile_rounds();
    let warm = Books::now();
    assert_eq!(warm.free_frames, boot.free_frames);
    assert!(warm.heap <= boot.heap + 1024, "{warm:?}, {boot:?}");

    for explicit in [false, true] {
        with_engine(explicit, ROUNDS);
        assert_eq!(Books::now(), warm, "with the engine, all goes");
    }
    compile_rounds();
    assert_eq!(Books::now(), warm, "with the modules, all goes");
    println!("after boot {boot:?}, at the end {warm:?}");
    0
}

fn with_engine(explicit: bool, rounds: usize) {
    let engine = Engine::new(config().explicit_checks(explicit)).expect("it fits");
    let mut linker = Linker::<Vec<i32>>::new(&engine);
    let count = |mut caller: Caller<'_, Vec<i32>>, n: i32| caller.data_mut().push(n);
    linker.func_wrap("host", "count", count).expect("new");
    let keep = |value: Option<Rooted<ExternRef>>| value;
    linker.func_wrap("host", "keep", keep).expect("new");
    let modules = [STARTS, FAILS, TRAPS].map(|wasm| Module::new(&engine, wasm).expect("valid"));

    let start = Books::now();
    let mut pooled = None;
    let mut most = 0;
    for index in 0..rounds {
        most = most.max(round(&engine, &linker, &modules, index).expect("no other trap"));
        if index < 10 {
            // The engine's pools fill: an idle Wasm stack, and small memories.
            pooled = Some(Books::now());
        } else {
            assert_eq!(Some(Books::now()), pooled, "round {index}");
        }
    }
    let pooled = pooled.expect("a round");
    println!(
        "explicit checks {explicit}, {rounds} rounds: at most {most} frames at once; pools keep {} \
         frames and {} bytes of heap",
        start.free_frames - pooled.free_frames,
        pooled.heap - start.heap,
    );
}

/// Returns how many frames were in use at the end.
fn round(
    engine: &Engine,
    linker: &Linker<Vec<i32>>,
    [starts, fails, traps]: &[Module; 3],
    index: usize,
) -> Result<usize> {
    let before = platform().free_frames();
    let mut store = Store::new(engine, Vec::new());
    // Several instances in a store, more in some rounds.
    for _ in 0..1 + index % 3 {
        let instance = linker.instantiate(&mut store, starts)?;
        let value = ExternRef::new(&mut store, [index; 100])?;
        let keep = instance.get_func(&mut store, "keep").expect("keep");
        let mut kept = [Val::I32(0)];
        keep.call(&mut store, &[value.into()], &mut kept)?;
        for (name, trap) in [
            ("trap", Trap::MemoryOutOfBounds),
            ("overflow", Trap::StackOverflow),
        ] {
            let f = instance.get_typed_func::<(), ()>(&mut store, name)?;
            if index.is_multiple_of(2) {
                check_trap(f.call(&mut store, ()), trap);
            }
        }
        let memory = instance.get_memory(&mut store, "memory").expect("memory");
        assert_eq!(memory.data(&store)[2_000_000], 7);
        assert_eq!(&memory.data(&store)[65000..65010], b"some bytes");
    }
    if index % 5 == 1 {
        let error = failed(Instance::new(&mut store, fails, &[]));
        assert_eq!(error.downcast_ref::<Trap>(), Some(&Trap::MemoryOutOfBounds));
        check_trap(
            Instance::new(&mut store, traps, &[]),
            Trap::UnreachableCodeReached,
        );
    }
    Ok(before.saturating_sub(platform().free_frames()))
}

/// Code is given back too, and what replaces it at its addresses is what runs.
fn compile_rounds() {
    const CONSTANT: &[u8] = wat!(
        r#"(module
        (func (export "f") (result i32) (i32.const 0x1fff)))"#
    );
    // The module ends with `i32.const`, its two bytes of LEB128, and `end`.
    let at = CONSTANT.len() - 3;
    assert_eq!(CONSTANT[at - 1..], [0x41, 0xff, 0x3f, 0x0b]);
    let engine = wasm::engine();
    let mut warm = None;
    for number in 0..200_u8 {
        let mut bytes = CONSTANT.to_vec();
        bytes[at] = 0x80 | number & 0x7f;
        bytes[at + 1] = number >> 7;
        let module = Module::new(&engine, &bytes).expect("valid");
        let mut store = Store::new(&engine, ());
        let instance = Instance::new(&mut store, &module, &[]).expect("an instance");
        let f = wasm::func::<(), i32>(&mut store, instance, "f");
        assert_eq!(f.call(&mut store, ()).expect("no trap"), i32::from(number));
        drop((store, module));
        match warm {
            None => warm = Some(Books::now()),
            Some(warm) => assert_eq!(Books::now(), warm, "module {number}"),
        }
    }
}
