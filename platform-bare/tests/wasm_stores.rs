//! Stores until there is no room for another: that is an error, all that there are go on, and whichever goes first
//! leaves its room to the next.
#![no_std]
#![no_main]

extern crate alloc;

#[path = "common/wasm.rs"]
mod wasm;

use alloc::vec::Vec;
use wasm::{config, func};
use wasmetal::error::OutOfMemory;
use wasmetal::{Engine, Instance, Module, Result, Store};
use wasmetal_platform_bare::{entry, heap, platform, println};
use wasmetal_wat::wat;

entry!(main);

const COUNTER: &[u8] = wat!(
    r#"(module
    (memory 1)
    (table 10 funcref)
    (global $count (mut i32) (i32.const 0))
    (func (export "next") (result i32)
        (global.set $count (i32.add (global.get $count) (i32.const 1)))
        (i32.store (i32.const 65532) (global.get $count))
        (global.get $count)))"#
);

/// More than there is room for.
const MOST: usize = 20_000;

/// Which store goes next: from the round and how many there are, its number.
const ORDERS: [fn(usize, usize) -> usize; 4] = [
    |_, len| len - 1,
    |_, _| 0,
    |round, len| round % 2 * (len - 1),
    |round, len| round.wrapping_mul(7_919) % len,
];

fn main() -> i32 {
    let mut stores = Vec::with_capacity(MOST);
    // What lists keep.
    in_order(0, ORDERS[0], &mut stores);
    let before = (heap::used(), platform().free_frames());
    // Stacks of half a MiB, and of a page.
    for stack in [512 << 10, 0] {
        for next in ORDERS {
            in_order(stack, next, &mut stores);
            assert_eq!((heap::used(), platform().free_frames()), before, "lost");
        }
    }
    0
}

type Counting = (Store<()>, Instance, i32);

fn in_order(stack: usize, next: fn(usize, usize) -> usize, stores: &mut Vec<Counting>) {
    let engine = Engine::new(config().max_wasm_stack(stack)).expect("it fits");
    let module = Module::new(&engine, COUNTER).expect("valid");
    until_full(&engine, &module, stores);
    let all = stores.len();
    for round in 0..all {
        drop(stores.swap_remove(next(round, stores.len())));
        if round == all / 2 {
            // What has gone has left its room.
            stores.push(store(&engine, &module).expect("room"));
            stores.iter_mut().for_each(check);
        }
    }
    stores.clear();
}

fn store(engine: &Engine, module: &Module) -> Result<Counting> {
    let mut store = Store::try_new(engine, ())?;
    // The hook knows each of them.
    let _handle = store.interrupt_handle()?;
    let instance = Instance::new(&mut store, module, &[])?;
    let next = instance.get_typed_func::<(), i32>(&mut store, "next")?;
    assert_eq!(next.call(&mut store, ())?, 1);
    Ok((store, instance, 1))
}

fn until_full(engine: &Engine, module: &Module, stores: &mut Vec<Counting>) {
    let error = loop {
        match store(engine, module) {
            Ok(store) => stores.push(store),
            Err(error) => break error,
        }
        assert!(stores.len() < MOST, "no end");
    };
    assert!(
        error.is::<wasmetal_platform::Error>() || error.is::<OutOfMemory>(),
        "{error:?}"
    );
    println!("{} stores, then: {error}", stores.len());
    drop(error);
    stores.iter_mut().for_each(check);
}

fn check((store, instance, count): &mut Counting) {
    *count += 1;
    let next = func::<(), i32>(store, *instance, "next");
    assert_eq!(next.call(store, ()).expect("no trap"), *count);
}
