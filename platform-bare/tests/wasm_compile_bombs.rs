//! Modules that want more memory of the compiler than there is: an error, nothing lost, and the next module
//! runs. Whatever the module, the firmware stays.
#![no_std]
#![no_main]

extern crate alloc;

#[path = "common/wasm.rs"]
mod wasm;

use alloc::{format, vec, vec::Vec};
use wasm::{SMALL, check_works, engine, i64_locals, indexed, one_function};
use wasmetal::{CompilationStopped, Engine, Module};
use wasmetal_platform::confine::is_drawn;
use wasmetal_platform_bare::{entry, heap, platform, println};

entry!(main, heap = 192 << 20);

/// `(func)`
const EMPTY: [u8; 3] = [0x60, 0, 0];

fn main() -> i32 {
    let engine = engine();
    check_works(&engine);
    let bombs = bombs();
    // Each stage of a compilation and of loading is the one that runs out, for one of these.
    for (room, least) in [(3, 14), (12, 10), (40, 3), (150, 0)] {
        println!("{room} MiB of heap");
        let hog = hog(room << 20);
        let stopped = bombs
            .iter()
            .filter(|(name, wasm)| check(&engine, name, wasm));
        let stopped = stopped.count();
        println!("{stopped} were stopped");
        assert!(stopped >= least);
        drop(hog);
    }
    next_to_nothing(&engine);
    0
}

/// Checks that a module compiles or fails, that nothing is lost, and that the next one works. Returns whether
/// the compiler was stopped.
fn check(engine: &Engine, name: &str, wasm: &[u8]) -> bool {
    let before = (heap::used(), platform().free_frames());
    heap::reset_peak();
    let outcome = Module::new(engine, wasm).map(drop);
    let peak = heap::peak() - before.0;
    let mut stopped = false;
    print_outcome(name, wasm.len(), peak, &outcome);
    if let Err(error) = outcome {
        stopped = error.downcast_ref::<CompilationStopped>().is_some();
        let text = format!("{error:#}");
        assert!(
            stopped || text.contains("memory") || text.contains("offset") || text.contains("too"),
            "{text}"
        );
    }
    assert_eq!((heap::used(), platform().free_frames()), before, "lost");
    check_works(engine);
    stopped
}

fn print_outcome(name: &str, size: usize, peak: usize, outcome: &wasmetal::Result<()>) {
    let peak = peak >> 10;
    match outcome {
        Ok(()) => println!("  {name}, {size} bytes: compiled, {peak} KiB"),
        Err(error) => println!("  {name}, {size} bytes: {peak} KiB: {error:#}"),
    }
}

fn leb128(mut value: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

/// A module of these sections: for each its id, how many items it has, and the item.
fn sections(parts: &[(u8, usize, &[u8])]) -> Vec<u8> {
    let mut module = b"\0asm\x01\0\0\0".to_vec();
    for (id, count, item) in parts {
        let count_bytes = leb128(*count);
        module.push(*id);
        module.extend(leb128(count_bytes.len() + count * item.len()));
        module.extend(count_bytes);
        module.extend(item.repeat(*count));
    }
    module
}

fn bombs() -> Vec<(&'static str, Vec<u8>)> {
    const MANY: usize = 100_000;
    let nest = |levels: usize| {
        let operators = [[0x41, 1, 0x04, 0x40].repeat(levels), vec![0x0b; levels]].concat();
        one_function(&EMPTY, &[0], &operators)
    };
    // Set all locals from each other, twice, so that all are live at once.
    let live = |locals: usize| {
        let mut operators = Vec::new();
        for index in 0..2 * locals {
            operators.extend(indexed(0x20, (index * 7 + 1) % locals));
            operators.extend([0x42, 3, 0x7e]);
            operators.extend(indexed(0x21, index % locals));
        }
        one_function(&EMPTY, &i64_locals(locals), &operators)
    };
    let br_table = |targets: usize| {
        let mut operators = vec![0x41, 0, 0x0e];
        operators.extend(leb128(targets));
        operators.extend(vec![0; targets + 1]);
        one_function(&EMPTY, &[0], &operators)
    };
    let functions = |count: usize, body: &[u8]| {
        sections(&[(1, 1, &EMPTY), (3, count, &[0]), (10, count, body)])
    };
    let exports = {
        let mut module = functions(1, &[2, 0, 0x0b]);
        // In front of the code section, which is the last 6 bytes.
        let code = module.split_off(module.len() - 6);
        let names = (0..MANY).map(|i| format!("{i:06}"));
        let items: Vec<u8> = names
            .flat_map(|name| [&[6], name.as_bytes(), &[0, 0]].concat())
            .collect();
        let count = leb128(MANY);
        module.push(7);
        module.extend(leb128(count.len() + items.len()));
        module.extend(count);
        module.extend(items);
        module.extend(code);
        module
    };
    vec![
        ("5,000 nested ifs", nest(5_000)),
        ("20,000 nested ifs", nest(20_000)),
        ("3,000 live locals", live(3_000)),
        ("20,000 live locals", live(20_000)),
        (
            "50,000 locals",
            one_function(&EMPTY, &i64_locals(50_000), &[]),
        ),
        ("a br_table of 60,000", br_table(60_000)),
        ("a br_table of 1,000,000", br_table(1_000_000)),
        ("100,000 empty functions", functions(MANY, &[2, 0, 0x0b])),
        ("5,000 empty functions", functions(5_000, &[2, 0, 0x0b])),
        ("100,000 types", sections(&[(1, MANY, &EMPTY)])),
        (
            "100,000 imports",
            sections(&[(1, 1, &EMPTY), (2, MANY, &[1, b'a', 1, b'b', 0, 0])]),
        ),
        ("100,000 exports", exports),
        (
            "100,000 globals",
            sections(&[(6, MANY, &[0x7f, 0, 0x41, 0, 0x0b])]),
        ),
        (
            "100,000 data segments",
            sections(&[(5, 1, &[0, 1]), (11, MANY, &[0, 0x41, 0, 0x0b, 1, 7])]),
        ),
        (
            "100,000 element segments",
            sections(&[
                (4, 1, &[0x70, 0, 1]),
                (9, MANY, &[5, 0x70, 1, 0xd0, 0x70, 0x0b]),
            ]),
        ),
        (
            "one function of 200,000 bytes",
            one_function(&EMPTY, &[0], &[0x41, 1, 0x45, 0x1a].repeat(50_000)),
        ),
    ]
}

/// Blocks that fill the heap but for about that many bytes in one piece. The reserve is left alone.
fn hog(room: usize) -> Vec<Vec<u8>> {
    let mut kept = Vec::<u8>::new();
    kept.try_reserve_exact(room).expect("the heap is larger");
    let mut blocks = Vec::with_capacity(1000);
    let mut size = heap::size();
    while size >= 4096 {
        let mut block = Vec::<u8>::new();
        match block.try_reserve_exact(size) {
            Ok(()) if !is_drawn(block.as_ptr()) => blocks.push(block),
            _ => size /= 2,
        }
    }
    drop(kept);
    blocks
}

/// With a heap that is nearly full, even the smallest module is too large, and nothing is lost.
fn next_to_nothing(engine: &Engine) {
    let mut failed = 0;
    for room in (4..100).step_by(8) {
        let hog = hog(room << 10);
        let before = (heap::used(), platform().free_frames());
        if let Err(error) = Module::new(engine, SMALL).map(drop) {
            assert!(format!("{error:#}").contains("memory"), "{error:?}");
            failed += 1;
        }
        assert_eq!((heap::used(), platform().free_frames()), before, "lost");
        drop(hog);
        check_works(engine);
    }
    assert!(failed > 0);
}
