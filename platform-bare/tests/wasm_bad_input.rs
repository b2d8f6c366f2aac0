//! Bytes that are no module, and modules that ask for more than there is: an error that says what, and
//! then the next module runs.
#![no_std]
#![no_main]

extern crate alloc;

#[path = "common/wasm.rs"]
mod wasm;

use alloc::{format, vec, vec::Vec};
use wasm::{engine, failed, func, one_function};
use wasmetal::{Engine, Func, Instance, Memory, MemoryType, Module, Store, Trap};
use wasmetal_platform_bare::{entry, heap, platform, println};
use wasmetal_wat::wat;

entry!(main);

/// Every section.
const ALL: &[u8] = wat!(
    r#"(module $all
    (type $t (func (param i32) (result i32)))
    (import "a" "b" (func $imported (type $t)))
    (func $f (export "f") (type $t) (local i64 f32)
        (block (result i32) (call_indirect (type $t) (local.get 0) (i32.const 0))))
    (table 1 2 funcref)
    (memory 1 2)
    (global (mut f64) (f64.const 1))
    (start $s)
    (func $s (memory.init $d (i32.const 0) (i32.const 0) (i32.const 3)))
    (elem (i32.const 0) $imported)
    (data (i32.const 8) "active")
    (data $d "passive"))"#
);

const HEADER: &[u8] = b"\0asm\x01\0\0\0";

/// `(func (result i32))`
const NUMBER: [u8; 4] = [0x60, 0, 1, 0x7f];

fn main() -> i32 {
    let engine = engine();
    check_works(&engine);
    truncated(&engine);
    changed(&engine);
    sections(&engine);
    nested(&engine);
    imports(&engine);
    let free = platform().free_frames();
    too_large(&engine);
    // The pools had to give back what they kept.
    assert!(platform().free_frames() >= free);
    check_works(&engine);
    0
}

/// A good module compiles and runs.
fn check_works(engine: &Engine) {
    let module = Module::new(engine, ALL).expect("a valid module");
    let mut store = Store::new(engine, ());
    let imported = Func::wrap(&mut store, |n: i32| n * 3);
    let instance = Instance::new(&mut store, &module, &[imported.into()]).expect("an instance");
    let f = func::<i32, i32>(&mut store, instance, "f");
    assert_eq!(f.call(&mut store, 14).expect("no trap"), 42);
}

/// Checks that bytes are refused with a message that has all of these parts.
#[track_caller]
fn check(engine: &Engine, bytes: &[u8], expected: &[&str]) {
    let text = format!("{:?}", failed(Module::new(engine, bytes)));
    for part in expected {
        assert!(text.contains(part), "{part:?} is not in {text}");
    }
}

fn truncated(engine: &Engine) {
    println!("truncated at every byte");
    let used = heap::used();
    let mut valid = 0;
    for length in 0..ALL.len() {
        match Module::new(engine, &ALL[..length]) {
            // A whole section may be missing at the end, if nothing promised it.
            Ok(_) => valid += 1,
            Err(error) => {
                let text = format!("{error:?}");
                assert!(text.contains("offset") || text.contains("at "), "{text}");
            }
        }
    }
    assert!((1..=6).contains(&valid), "{valid}");
    assert!(
        heap::used() <= used + 1024,
        "{} bytes are lost",
        heap::used() - used
    );
    check_works(engine);
}

fn changed(engine: &Engine) {
    println!("every byte changed");
    let mut valid = 0;
    for index in 0..ALL.len() {
        for value in [0x00, 0x7f, 0xff, ALL[index] ^ 1] {
            let mut bytes = ALL.to_vec();
            bytes[index] = value;
            valid += usize::from(Module::new(engine, &bytes).is_ok());
        }
    }
    println!("  {valid} of {} are modules all the same", 4 * ALL.len());
    check_works(engine);
}

fn sections(engine: &Engine) {
    println!("garbage, and sections that are none");
    let with = |section: &[u8]| [HEADER, section].concat();
    check(engine, b"", &["offset 0x0"]);
    check(engine, b"garbage!", &["magic"]);
    check(engine, b"\0asm\x02\0\0\0", &["version", "0x4"]);
    check(engine, b"\x7fELF\x02\x01\x01\0", &["magic"]);
    check(engine, &vec![0xa5; 100_000], &["magic"]);
    check(engine, &with(&[14, 0]), &["section id: 14", "offset 0xa"]);
    check(engine, &with(&[1, 100]), &["end", "0x"]);
    check(engine, &with(&[1, 1, 0, 1, 1, 0]), &["order", "0x"]);
    let most = [0xff, 0xff, 0xff, 0xff, 0x0f];
    for section in [1, 2, 3, 4, 5, 6, 7, 9, 10, 11] {
        check(engine, &with(&[&[section, 5][..], &most].concat()), &["0x"]);
    }
    check_works(engine);
}

/// What is nested deeply needs heap, not stack: the firmware's is small.
fn nested(engine: &Engine) {
    const DEPTH: usize = 20_000;
    println!("{DEPTH} levels");
    let constant = [0x41, 42];
    let nest = |open: &[u8], close: &[u8]| {
        one_function(
            &NUMBER,
            &[0],
            &[&open.repeat(DEPTH), &constant[..], &close.repeat(DEPTH)].concat(),
        )
    };
    let bodies: [(&str, Vec<u8>, i32); 5] = [
        ("blocks", nest(&[0x02, 0x7f], &[0x0b]), 42),
        ("loops", nest(&[0x03, 0x7f], &[0x0b]), 42),
        // if (1) ... else 0
        (
            "ifs",
            nest(&[0x41, 1, 0x04, 0x7f], &[0x05, 0x41, 0, 0x0b]),
            42,
        ),
        // 1 + (1 + (... + 42))
        ("sums", nest(&[0x41, 1], &[0x6a]), DEPTH as i32 + 42),
        // The same from the left, with clz in between, so that it is not folded away.
        (
            "operators in a row",
            one_function(
                &NUMBER,
                &[0],
                &[&constant[..], &[0x67, 0x45].repeat(DEPTH)].concat(),
            ),
            -1,
        ),
    ];
    for (name, bytes, expected) in bodies {
        heap::reset_peak();
        let before = heap::used();
        let module = match Module::new(engine, &bytes) {
            Ok(module) => module,
            Err(error) => {
                println!("  {name}: {error:?}");
                continue;
            }
        };
        println!("  {name}: {} KiB of heap", (heap::peak() - before) >> 10);
        let mut store = Store::new(engine, ());
        let instance = Instance::new(&mut store, &module, &[]).expect("an instance");
        let f = func::<(), i32>(&mut store, instance, "f");
        let result = f.call(&mut store, ()).expect("no trap");
        assert!(result == expected || expected == -1, "{result}");
    }
    check_works(engine);
}

fn imports(engine: &Engine) {
    println!("imports that are missing or of another kind");
    let module = Module::new(engine, ALL).expect("a valid module");
    let mut store = Store::new(engine, ());
    let missing = format!("{:?}", failed(Instance::new(&mut store, &module, &[])));
    assert!(missing.contains('1') && missing.contains('0'), "{missing}");
    let wide = Func::wrap(&mut store, |n: i64| n);
    let wide = failed(Instance::new(&mut store, &module, &[wide.into()]));
    let wide = format!("{wide:?}");
    assert!(wide.contains("i64") && wide.contains("a::b"), "{wide}");
    let memory = Memory::new(&mut store, MemoryType::new(1, None)).expect("a memory");
    let memory = failed(Instance::new(&mut store, &module, &[memory.into()]));
    let memory = format!("{memory:?}");
    assert!(
        memory.contains("memory") && memory.contains("func"),
        "{memory}"
    );
    check_works(engine);
}

/// More memory than the board has: an error, and everything is given back.
fn too_large(engine: &Engine) {
    println!("memories and tables that do not fit");
    let huge = Module::new(engine, wat!(r#"(module (memory 65536))"#)).expect("valid");
    let table = wat!(r#"(module (table 0xffffffff funcref))"#);
    let table = Module::new(engine, table).expect("valid");
    let fits = wat!(
        r#"(module (memory (export "m") 16)
        (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))"#
    );
    let fits = Module::new(engine, fits).expect("valid");
    let mut frames = None;
    for _ in 0..20 {
        let mut store = Store::new(engine, ());
        let before = platform().free_frames();
        let error = format!("{:?}", failed(Instance::new(&mut store, &huge, &[])));
        assert!(error.contains("65536 pages"), "{error}");
        assert!(platform().free_frames() >= before, "given back");
        let error = format!("{:?}", failed(Instance::new(&mut store, &table, &[])));
        assert!(error.contains("table"), "{error}");
        // The same store goes on.
        let instance = Instance::new(&mut store, &fits, &[]).expect("it fits");
        let grow = func::<i32, i32>(&mut store, instance, "grow");
        // Too much for the board, and then what is left of it.
        assert_eq!(grow.call(&mut store, 65520).expect("no trap"), -1);
        let mut pages = 16;
        for step in [4096, 256, 16, 1] {
            while grow.call(&mut store, step).expect("no trap") == pages {
                pages += step;
            }
        }
        let left = platform().free_frames();
        assert!(
            left <= 16 + 4,
            "{left} frames are left, and a page would fit"
        );
        // Nothing is left even for a stack: that is an error too, not a fault.
        let mut other = Store::new(engine, ());
        let outcome = Instance::new(&mut other, &fits, &[]);
        let error = format!("{:?}", failed(outcome));
        assert!(error.contains("16 pages"), "{error}");
        // Nor for the compiler's.
        let error = format!("{:#}", failed(Module::new(engine, ALL)));
        assert!(
            error.contains("no memory for the compiler's stack"),
            "{error}"
        );
        let memory = instance.get_memory(&mut store, "m").expect("memory");
        assert_eq!(memory.size(&store), pages as u64);
        let last = memory.data_size(&store) - 1;
        memory.data_mut(&mut store)[last] = 1;
        drop((store, other));
        let now = platform().free_frames();
        assert_eq!(*frames.get_or_insert(now), now, "given back");
    }
    // A store whose Wasm stack can't be had.
    let mut config = wasm::config();
    config.max_wasm_stack(1 << 40);
    let greedy = Engine::new(&config).expect("the address space is large enough");
    let module = Module::new(&greedy, wat!(r#"(module (func (export "f") unreachable))"#));
    let mut store = Store::new(&greedy, ());
    let instance = Instance::new(&mut store, &module.expect("valid"), &[]).expect("no call yet");
    let f = func::<(), ()>(&mut store, instance, "f");
    let error = failed(f.call(&mut store, ()));
    assert!(error.downcast_ref::<Trap>().is_none(), "{error:?}");
}
