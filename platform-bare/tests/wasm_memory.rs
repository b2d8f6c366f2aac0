//! Accesses outside a linear memory trap, wherever they fall, and a memory costs its pages alone.
#![no_std]
#![no_main]

extern crate alloc;

#[path = "common/wasm.rs"]
mod wasm;

use alloc::{format, vec::Vec};
use wasm::{check_trap, engine, func, instantiate};
use wasmetal::{Engine, Instance, Module, Store, Trap};
use wasmetal_platform_bare::{entry, platform, println};
use wasmetal_wat::wat;

entry!(main);

/// Every access, with its width in bytes. It stores -1.
const ACCESSES: [(&str, usize); 23] = [
    ("i32.load", 4),
    ("i64.load", 8),
    ("f32.load", 4),
    ("f64.load", 8),
    ("i32.load8_s", 1),
    ("i32.load8_u", 1),
    ("i32.load16_s", 2),
    ("i32.load16_u", 2),
    ("i64.load8_s", 1),
    ("i64.load8_u", 1),
    ("i64.load16_s", 2),
    ("i64.load16_u", 2),
    ("i64.load32_s", 4),
    ("i64.load32_u", 4),
    ("i32.store", 4),
    ("i64.store", 8),
    ("f32.store", 4),
    ("f64.store", 8),
    ("i32.store8", 1),
    ("i32.store16", 2),
    ("i64.store8", 1),
    ("i64.store16", 2),
    ("i64.store32", 4),
];

const WIDTHS: &[u8] = wat!(
    r#"(module
    (memory (export "memory") 1 3)
    (func (export "i32.load") (param i32) (drop (i32.load (local.get 0))))
    (func (export "i64.load") (param i32) (drop (i64.load (local.get 0))))
    (func (export "f32.load") (param i32) (drop (f32.load (local.get 0))))
    (func (export "f64.load") (param i32) (drop (f64.load (local.get 0))))
    (func (export "i32.load8_s") (param i32) (drop (i32.load8_s (local.get 0))))
    (func (export "i32.load8_u") (param i32) (drop (i32.load8_u (local.get 0))))
    (func (export "i32.load16_s") (param i32) (drop (i32.load16_s (local.get 0))))
    (func (export "i32.load16_u") (param i32) (drop (i32.load16_u (local.get 0))))
    (func (export "i64.load8_s") (param i32) (drop (i64.load8_s (local.get 0))))
    (func (export "i64.load8_u") (param i32) (drop (i64.load8_u (local.get 0))))
    (func (export "i64.load16_s") (param i32) (drop (i64.load16_s (local.get 0))))
    (func (export "i64.load16_u") (param i32) (drop (i64.load16_u (local.get 0))))
    (func (export "i64.load32_s") (param i32) (drop (i64.load32_s (local.get 0))))
    (func (export "i64.load32_u") (param i32) (drop (i64.load32_u (local.get 0))))
    (func (export "i32.store") (param i32) (i32.store (local.get 0) (i32.const -1)))
    (func (export "i64.store") (param i32) (i64.store (local.get 0) (i64.const -1)))
    (func (export "f32.store") (param i32) (f32.store (local.get 0) (f32.const -1)))
    (func (export "f64.store") (param i32) (f64.store (local.get 0) (f64.const -1)))
    (func (export "i32.store8") (param i32) (i32.store8 (local.get 0) (i32.const -1)))
    (func (export "i32.store16") (param i32) (i32.store16 (local.get 0) (i32.const -1)))
    (func (export "i64.store8") (param i32) (i64.store8 (local.get 0) (i64.const -1)))
    (func (export "i64.store16") (param i32) (i64.store16 (local.get 0) (i64.const -1)))
    (func (export "i64.store32") (param i32) (i64.store32 (local.get 0) (i64.const -1)))
    (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))"#
);

/// Accesses with constant offsets, named by them.
const OFFSETS: &[u8] = wat!(
    r#"(module
    (memory (export "memory") 1)
    (func (export "i32.load8_u 0xffff") (param i32) (drop (i32.load8_u offset=0xffff (local.get 0))))
    (func (export "i32.load16_u 0xffff") (param i32) (drop (i32.load16_u offset=0xffff (local.get 0))))
    (func (export "i64.load 0xffff") (param i32) (drop (i64.load offset=0xffff (local.get 0))))
    (func (export "i32.store8 0xffff") (param i32) (i32.store8 offset=0xffff (local.get 0) (i32.const -1)))
    (func (export "i32.store16 0xffff") (param i32) (i32.store16 offset=0xffff (local.get 0) (i32.const -1)))
    (func (export "i64.store 0xffff") (param i32) (i64.store offset=0xffff (local.get 0) (i64.const -1)))
    (func (export "i32.load8_u 0x10000") (param i32) (drop (i32.load8_u offset=0x10000 (local.get 0))))
    (func (export "i32.load16_u 0x10000") (param i32) (drop (i32.load16_u offset=0x10000 (local.get 0))))
    (func (export "i64.load 0x10000") (param i32) (drop (i64.load offset=0x10000 (local.get 0))))
    (func (export "i32.store8 0x10000") (param i32) (i32.store8 offset=0x10000 (local.get 0) (i32.const -1)))
    (func (export "i32.store16 0x10000") (param i32) (i32.store16 offset=0x10000 (local.get 0) (i32.const -1)))
    (func (export "i64.store 0x10000") (param i32) (i64.store offset=0x10000 (local.get 0) (i64.const -1)))
    (func (export "i32.load8_u 0x7fffffff") (param i32) (drop (i32.load8_u offset=0x7fffffff (local.get 0))))
    (func (export "i32.load16_u 0x7fffffff") (param i32) (drop (i32.load16_u offset=0x7fffffff (local.get 0))))
    (func (export "i64.load 0x7fffffff") (param i32) (drop (i64.load offset=0x7fffffff (local.get 0))))
    (func (export "i32.store8 0x7fffffff") (param i32) (i32.store8 offset=0x7fffffff (local.get 0) (i32.const -1)))
    (func (export "i32.store16 0x7fffffff") (param i32) (i32.store16 offset=0x7fffffff (local.get 0) (i32.const -1)))
    (func (export "i64.store 0x7fffffff") (param i32) (i64.store offset=0x7fffffff (local.get 0) (i64.const -1)))
    (func (export "i32.load8_u 0x80000000") (param i32) (drop (i32.load8_u offset=0x80000000 (local.get 0))))
    (func (export "i32.load16_u 0x80000000") (param i32) (drop (i32.load16_u offset=0x80000000 (local.get 0))))
    (func (export "i64.load 0x80000000") (param i32) (drop (i64.load offset=0x80000000 (local.get 0))))
    (func (export "i32.store8 0x80000000") (param i32) (i32.store8 offset=0x80000000 (local.get 0) (i32.const -1)))
    (func (export "i32.store16 0x80000000") (param i32) (i32.store16 offset=0x80000000 (local.get 0) (i32.const -1)))
    (func (export "i64.store 0x80000000") (param i32) (i64.store offset=0x80000000 (local.get 0) (i64.const -1)))
    (func (export "i32.load8_u 0xfffffff0") (param i32) (drop (i32.load8_u offset=0xfffffff0 (local.get 0))))
    (func (export "i32.load16_u 0xfffffff0") (param i32) (drop (i32.load16_u offset=0xfffffff0 (local.get 0))))
    (func (export "i64.load 0xfffffff0") (param i32) (drop (i64.load offset=0xfffffff0 (local.get 0))))
    (func (export "i32.store8 0xfffffff0") (param i32) (i32.store8 offset=0xfffffff0 (local.get 0) (i32.const -1)))
    (func (export "i32.store16 0xfffffff0") (param i32) (i32.store16 offset=0xfffffff0 (local.get 0) (i32.const -1)))
    (func (export "i64.store 0xfffffff0") (param i32) (i64.store offset=0xfffffff0 (local.get 0) (i64.const -1)))
    (func (export "i32.load8_u 0xffffffff") (param i32) (drop (i32.load8_u offset=0xffffffff (local.get 0))))
    (func (export "i32.load16_u 0xffffffff") (param i32) (drop (i32.load16_u offset=0xffffffff (local.get 0))))
    (func (export "i64.load 0xffffffff") (param i32) (drop (i64.load offset=0xffffffff (local.get 0))))
    (func (export "i32.store8 0xffffffff") (param i32) (i32.store8 offset=0xffffffff (local.get 0) (i32.const -1)))
    (func (export "i32.store16 0xffffffff") (param i32) (i32.store16 offset=0xffffffff (local.get 0) (i32.const -1)))
    (func (export "i64.store 0xffffffff") (param i32) (i64.store offset=0xffffffff (local.get 0) (i64.const -1)))
    (func (export "i32.load8_u 0x1ffffff") (param i32) (drop (i32.load8_u offset=0x1ffffff (local.get 0))))
    (func (export "i32.load16_u 0x1ffffff") (param i32) (drop (i32.load16_u offset=0x1ffffff (local.get 0))))
    (func (export "i64.load 0x1ffffff") (param i32) (drop (i64.load offset=0x1ffffff (local.get 0))))
    (func (export "i32.store8 0x1ffffff") (param i32) (i32.store8 offset=0x1ffffff (local.get 0) (i32.const -1)))
    (func (export "i32.store16 0x1ffffff") (param i32) (i32.store16 offset=0x1ffffff (local.get 0) (i32.const -1)))
    (func (export "i64.store 0x1ffffff") (param i32) (i64.store offset=0x1ffffff (local.get 0) (i64.const -1)))
    (func (export "i32.load8_u 0x2000000") (param i32) (drop (i32.load8_u offset=0x2000000 (local.get 0))))
    (func (export "i32.load16_u 0x2000000") (param i32) (drop (i32.load16_u offset=0x2000000 (local.get 0))))
    (func (export "i64.load 0x2000000") (param i32) (drop (i64.load offset=0x2000000 (local.get 0))))
    (func (export "i32.store8 0x2000000") (param i32) (i32.store8 offset=0x2000000 (local.get 0) (i32.const -1)))
    (func (export "i32.store16 0x2000000") (param i32) (i32.store16 offset=0x2000000 (local.get 0) (i32.const -1)))
    (func (export "i64.store 0x2000000") (param i32) (i64.store offset=0x2000000 (local.get 0) (i64.const -1))))"#
);
const OFFSET_ACCESSES: [(&str, u64); 6] = [
    ("i32.load8_u", 1),
    ("i32.load16_u", 2),
    ("i64.load", 8),
    ("i32.store8", 1),
    ("i32.store16", 2),
    ("i64.store", 8),
];
/// The last two: the last offset that the guard covers, and the one behind it.
const OFFSET_NAMES: [(&str, u64); 8] = [
    ("0xffff", 0xffff),
    ("0x10000", 0x1_0000),
    ("0x7fffffff", 0x7fff_ffff),
    ("0x80000000", 0x8000_0000),
    ("0xfffffff0", 0xffff_fff0),
    ("0xffffffff", 0xffff_ffff),
    ("0x1ffffff", 0x1ff_ffff),
    ("0x2000000", 0x200_0000),
];

fn main() -> i32 {
    println!("guard pages");
    every_width(&engine());
    every_offset(&engine());
    println!("explicit checks");
    let explicit = Engine::new(wasm::config().explicit_checks(true)).expect("it fits");
    every_width(&explicit);
    every_offset(&explicit);
    println!("what a memory costs");
    cost();
    0
}

/// Calls an access at each address behind the end: it traps, nothing is stored, and the last one in
/// bounds works.
fn check_end(store: &mut Store<()>, instance: Instance, name: &str, width: usize) {
    let access = func::<u32, ()>(store, instance, name);
    let memory = instance.get_memory(&mut *store, "memory").expect("memory");
    let length = memory.data_size(&*store) as u32;
    let straddling = length - width as u32 + 1..length;
    let behind = [
        length,
        length + 1,
        length + 4095,
        length + 4096,
        0x7fff_ffff,
        0x8000_0000,
        0xffff_0000,
        0xffff_fff8,
        0xffff_ffff,
    ];
    memory.data_mut(&mut *store).fill(0x55);
    for address in straddling.chain(behind) {
        check_trap(access.call(&mut *store, address), Trap::MemoryOutOfBounds);
    }
    let untouched = memory.data(&*store).iter().all(|byte| *byte == 0x55);
    assert!(untouched, "{name}: a store that traps stores nothing");
    let last = length - width as u32;
    access.call(&mut *store, last).expect("the last in bounds");
    let expected = match (name.contains("store"), name.starts_with('f')) {
        (false, _) => 0x55,
        (true, false) => 0xff,
        // The sign and exponent of -1.0.
        (true, true) => 0xbf,
    };
    assert_eq!(memory.data(&*store)[length as usize - 1], expected);
    assert_eq!(memory.data(&*store)[last as usize - 1], 0x55);
}

fn every_width(engine: &Engine) {
    let (mut store, instance) = instantiate(engine, WIDTHS, &[]);
    let grow = func::<u32, i32>(&mut store, instance, "grow");
    // One store for all of it.
    for pages in 1..=3 {
        for (name, width) in ACCESSES {
            check_end(&mut store, instance, name, width);
        }
        let grown = if pages < 3 { pages } else { -1 };
        assert_eq!(grow.call(&mut store, 1).expect("no trap"), grown);
    }
}

fn every_offset(engine: &Engine) {
    let (mut store, instance) = instantiate(engine, OFFSETS, &[]);
    let addresses = [
        0,
        1,
        0xfffe,
        0xffff,
        0x1_0000,
        0x7fff_ffff,
        0x8000_0000,
        0xffff_0000,
        0xffff_fff0,
        0xffff_ffff,
    ];
    for (name, width) in OFFSET_ACCESSES {
        for (text, offset) in OFFSET_NAMES {
            let access = func::<u32, ()>(&mut store, instance, &format!("{name} {text}"));
            for address in addresses {
                // Never modulo 4 GiB.
                let fits = u64::from(address) + offset + width <= 0x1_0000;
                let outcome = access.call(&mut store, address);
                if fits {
                    outcome.expect("in bounds");
                } else {
                    check_trap(outcome, Trap::MemoryOutOfBounds);
                }
            }
        }
    }
}

fn cost() {
    let check = |wasm: &[u8], pages: usize| {
        let engine = engine();
        let module = Module::new(&engine, wasm).expect("a valid module");
        let mut stores = Vec::with_capacity(100);
        let start = platform().free_frames();
        for _ in 0..100 {
            let mut store = Store::new(&engine, ());
            Instance::new(&mut store, &module, &[]).expect("an instance");
            stores.push(store);
        }
        let taken = start - platform().free_frames();
        println!("  100 memories of {pages} pages: {taken} frames");
        // A 4 GiB reservation has a table of each of levels 2 and 3, at worst two where it straddles.
        assert!(taken <= 100 * (pages * 16 + 4), "page tables");
        drop(stores);
    };
    check(wat!(r#"(module (memory 0))"#), 0);
    check(wat!(r#"(module (memory 1))"#), 1);
    check(wat!(r#"(module (memory 3 65536))"#), 3);
}
