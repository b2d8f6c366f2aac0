//! New instances have what their segments say, and zeros and nulls, whatever others have left where they are: data
//! segments in any order and place, memories of every kind, tables.

use crate::support::{Random, config, engines, module};
use std::fmt::Write as _;
use wasmetal::{Config, Engine, ExternRef, Instance, Module, Ref, Store};

const PAGE: usize = 65_536;

/// A memory with data segments, and what it is to hold.
struct Made {
    wat: String,
    bytes: Vec<u8>,
    /// Its bytes after growth by a page.
    grown: usize,
}

fn make(random: &mut Random) -> Made {
    let index = ["i32", "i64"][random.below(2)];
    // Some have pages of a byte, and begin or end where the machine's pages do not.
    let (size, page, text) = match random.below(3) {
        0 => (1 + random.below(9_000), 1, "(pagesize 1)"),
        _ => ((1 + random.below(3)) * PAGE, PAGE, ""),
    };
    let mut bytes = vec![0; size];
    let mut wat = String::from("(module ");
    write!(
        wat,
        r#"(memory (export "memory") {index} {} {} {text})"#,
        size / page,
        size / page + 1
    )
    .unwrap();
    for _ in 0..random.below(10) {
        let longest = [40, 5_000][random.below(2)];
        let length = random.below(longest).min(size);
        let last = size - length;
        let around = |at: usize| at.saturating_sub(length / 2);
        let places = [0, last, around(4_096), around(PAGE), random.below(last + 1)];
        let at = places[random.below(places.len())].min(last);
        let byte = 1 + random.below(255) as u8;
        bytes[at..at + length].fill(byte);
        let data = format!("\\{byte:02x}").repeat(length);
        write!(wat, r#"(data ({index}.const {at}) "{data}")"#).unwrap();
    }
    wat.push(')');
    Made {
        wat,
        bytes,
        grown: size + page,
    }
}

fn check(config: &Config, rounds: u64) {
    let engine = Engine::new(config).unwrap();
    for seed in 1..=rounds {
        let made = make(&mut Random(seed << 32 | seed));
        let compiled = module(&engine, &made.wat);
        let image = compiled.serialize().unwrap();
        // SAFETY: it is this engine's.
        let loaded = unsafe { Module::deserialize_unsigned(&engine, image) }.unwrap();
        for (life, module) in [&compiled, &loaded, &compiled].into_iter().enumerate() {
            let mut store = Store::new(&engine, ());
            // One after the other, beside those before.
            let memories: Vec<_> = (0..2)
                .map(|_| {
                    let instance = Instance::new(&mut store, module, &[]).unwrap();
                    let memory = instance.get_memory(&mut store, "memory").unwrap();
                    let found = memory.data_mut(&mut store);
                    assert!(found == made.bytes, "seed {seed}, life {life}");
                    found.fill(0xee);
                    memory
                })
                .collect();
            for memory in memories {
                memory.grow(&mut store, 1).unwrap();
                let (old, new) = memory.data_mut(&mut store).split_at(made.bytes.len());
                assert!(old.iter().all(|byte| *byte == 0xee), "seed {seed}");
                assert!(new.iter().all(|byte| *byte == 0), "seed {seed}");
                assert_eq!(old.len() + new.len(), made.grown);
                memory.data_mut(&mut store).fill(0xdd);
            }
        }
    }
}

#[test]
fn memories() {
    for explicit in [false, true] {
        for images in [false, true] {
            let mut config = config();
            config.explicit_checks(explicit).memory_init_cow(images);
            check(&config, 40);
        }
    }
}

/// Segments that overlap, cross the places where tables may be divided, and end with them.
#[test]
fn tables() {
    const SIZE: u64 = 5_000;
    let segments: &[(u64, &[Option<i32>])] = &[
        (0, &[Some(1), Some(2)]),
        (1, &[Some(1)]),
        (SIZE - 1, &[Some(2)]),
        (511, &[Some(1), Some(2)]),
        (3_000, &[None, Some(2)]),
        (3_001, &[None]),
        (SIZE, &[]),
    ];
    let mut expected = vec![None; SIZE as usize];
    let mut wat = format!(
        r#"(table $functions (export "functions") {SIZE} funcref)
        (table $hosts (export "hosts") {SIZE} externref)
        (func $f1 (result i32) (i32.const 1)) (func $f2 (result i32) (i32.const 2))"#
    );
    for (at, items) in segments {
        let text = |item: &Option<i32>| match item {
            Some(number) => format!("(ref.func $f{number})"),
            None => "(ref.null func)".into(),
        };
        let text: String = items.iter().map(text).collect();
        write!(
            wat,
            "(elem (table $functions) (i32.const {at}) funcref {text})"
        )
        .unwrap();
        expected[*at as usize..][..items.len()].copy_from_slice(items);
    }
    for engine in engines() {
        let module = module(&engine, &wat);
        for _ in 0..2 {
            let mut store = Store::new(&engine, ());
            for _ in 0..2 {
                let instance = Instance::new(&mut store, &module, &[]).unwrap();
                let table = |store: &mut Store<()>, name| instance.get_table(store, name).unwrap();
                let functions = table(&mut store, "functions");
                let hosts = table(&mut store, "hosts");
                for (at, expected) in (0..SIZE).zip(&expected) {
                    let host = hosts.get(&mut store, at).unwrap();
                    assert!(host.is_null(), "{at}");
                    let element = functions.get(&mut store, at).unwrap();
                    let found = element.unwrap_func().map(|f| {
                        let f = f.typed::<(), i32>(&store).unwrap();
                        f.call(&mut store, ()).unwrap()
                    });
                    assert_eq!(found, *expected, "{at}");
                }
                let function = functions.get(&mut store, 0).unwrap();
                functions.fill(&mut store, 0, function, SIZE).unwrap();
                let host = ExternRef::new(&mut store, 5).unwrap();
                let host = Ref::Extern(Some(host));
                hosts.fill(&mut store, 0, host, SIZE).unwrap();
            }
        }
    }
}
