//! Images on the device: executed where they lie, in memory that the firmware can't write; loaded from a cache in a
//! range of RAM; refused when anything is wrong, and then everything is given back.
#![no_std]
#![no_main]

extern crate alloc;

#[path = "common/wasm.rs"]
mod wasm;

use alloc::{boxed::Box, format, sync::Arc, vec, vec::Vec};
use core::slice;
use wasm::{config, engine, failed, func};
use wasmetal::compile::{Packing, Signer, pack, public_key};
use wasmetal::{Cache, CacheKey, Engine, Instance, Module, Platform, Store};
use wasmetal_platform::{Protection, RegionCache};
use wasmetal_platform_bare::{entry, heap, platform, println};
use wasmetal_wat::wat;

entry!(main);

const PAGE: usize = 4096;

/// Some code, a trap, and data.
const WASM: &[u8] = wat!(
    r#"(module
    (memory (export "m") 1)
    (data (i32.const 8) "\2a\00\00\00")
    (func (export "f") (param i32) (result i32) (i32.load (local.get 0)))
    (func (export "deep") (param i32) (result i32)
        (if (result i32) (local.get 0)
            (then (call 1 (i32.sub (local.get 0) (i32.const 1))))
            (else (call 0 (i32.const 8))))))"#
);

fn main() -> i32 {
    in_place();
    cache();
    damaged();
    0
}

/// Memory that holds `bytes` and can only be read: what a loader has left.
fn read_only(bytes: &[u8]) -> &'static [u8] {
    let size = bytes.len().next_multiple_of(PAGE);
    let base = platform().reserve(size, PAGE).expect("address space");
    // SAFETY: the reservation is fresh, large enough, and stays for good.
    unsafe {
        platform().commit(base, size).expect("memory");
        base.copy_from_nonoverlapping(bytes.as_ptr(), bytes.len());
        platform()
            .protect(base, size, Protection::Read)
            .expect("no split is needed");
        slice::from_raw_parts(base, bytes.len())
    }
}

fn call(engine: &Engine, module: &Module) {
    let mut store = Store::new(engine, ());
    let instance = Instance::new(&mut store, module, &[]).expect("an instance");
    let f = func::<i32, i32>(&mut store, instance, "f");
    assert_eq!(f.call(&mut store, 8).expect("no trap"), 42);
    let error = failed(f.call(&mut store, -1));
    let text = format!("{error:?}");
    assert!(
        text.contains("out of bounds") && text.contains("0x"),
        "{text}"
    );
    let deep = func::<i32, i32>(&mut store, instance, "deep");
    assert_eq!(deep.call(&mut store, 1000).expect("no trap"), 42);
}

fn in_place() {
    println!("in place");
    let secret = [3; 32];
    let mut trusting = config();
    let key = public_key(&secret).expect("signatures are built");
    trusting.trusted_key(&key).expect("a key");
    let engine = Engine::new(&trusting).expect("an engine");
    let image = engine.precompile_module(WASM).expect("valid");
    let packing = Packing {
        text_align: PAGE,
        signer: Some(Signer::Secret(&secret)),
        ..Packing::default()
    };
    let image = pack(&image, &packing).expect("an image");
    let rom = read_only(&image);
    let mut before = None;
    for _ in 0..50 {
        let module = Module::deserialize_in_place(&engine, rom).expect("it fits");
        // The frames of the code are those of the image: only tables are new.
        call(&engine, &module);
        let other = Module::deserialize_in_place(&engine, rom).expect("twice");
        call(&engine, &other);
        drop(module);
        call(&engine, &other);
        drop(other);
        let now = (heap::used(), platform().free_frames());
        assert_eq!(*before.get_or_insert(now), now, "given back");
    }
    assert_eq!(rom, image, "nothing is written");

    // What the firmware can write is not executed in place.
    let ram: &'static mut [u8] = Box::leak(vec![0; image.len() + PAGE].into_boxed_slice());
    let start = ram.as_ptr().align_offset(PAGE);
    ram[start..start + image.len()].copy_from_slice(&image);
    let ram: &'static [u8] = ram;
    let refused = Module::deserialize_in_place(&engine, &ram[start..start + image.len()]);
    let text = format!("{:?}", failed(refused));
    assert!(text.contains("where it lies"), "{text}");
    // Nor is what is not aligned.
    let unaligned = pack(
        &image,
        &Packing {
            signer: Some(Signer::Secret(&secret)),
            ..Packing::default()
        },
    );
    let rom = read_only(&unaligned.expect("an image"));
    let text = format!("{:?}", failed(Module::deserialize_in_place(&engine, rom)));
    assert!(text.contains("page size"), "{text}");
}

/// Counts, and may damage.
struct Counting {
    region: RegionCache<&'static mut [u8]>,
}

impl Cache for Counting {
    fn get(&self, key: &CacheKey, found: &mut dyn FnMut(&[u8])) {
        self.region.get(key, found);
    }

    fn put(&self, key: &CacheKey, value: &[u8]) {
        self.region.put(key, value);
    }
}

fn cache() {
    println!("a cache in RAM");
    let region = Box::leak(vec![0xff; 64 << 10].into_boxed_slice());
    let cache = Arc::new(Counting {
        region: RegionCache::new(region),
    });
    for round in 0..3 {
        let mut config = config();
        // SAFETY: nobody else writes to the region.
        unsafe { config.cache(cache.clone()) };
        let engine = Engine::new(&config).expect("an engine");
        for _ in 0..3 {
            call(&engine, &Module::new(&engine, WASM).expect("valid"));
        }
        let counts = engine.cache_counts().expect("there is a cache");
        let expected = if round == 0 { (2, 1) } else { (3, 0) };
        assert_eq!((counts.hits, counts.misses), expected);
    }
}

/// Loads that fail half-way give everything back.
fn damaged() {
    println!("damaged images");
    let engine = engine();
    let image = engine.precompile_module(WASM).expect("valid");
    // SAFETY: what is damaged is found to be, and the last one is what the compiler made.
    let load = |image: &[u8]| unsafe { Module::deserialize_unsigned(&engine, image) };
    let mut bytes: Vec<u8> = image.clone();
    let before = (heap::used(), platform().free_frames());
    for bit in (0..8 * bytes.len()).step_by(11) {
        bytes[bit / 8] ^= 1 << (bit % 8);
        drop(failed(load(&bytes)));
        bytes[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(
            (heap::used(), platform().free_frames()),
            before,
            "bit {bit}"
        );
    }
    for len in (0..image.len()).step_by(5) {
        drop(failed(load(&image[..len])));
        assert_eq!(
            (heap::used(), platform().free_frames()),
            before,
            "{len} bytes"
        );
    }
    call(&engine, &load(&image).expect("as it was"));
}
