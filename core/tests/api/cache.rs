//! `Config::cache`: what was compiled before is not compiled again.

use crate::support::{CODE_SETTINGS, config};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use wasmetal::{Cache, CacheKey, Config, Engine, Instance, Module, Store};

/// A cache whose entries a test may damage.
#[derive(Default)]
struct Memory(Mutex<HashMap<CacheKey, Vec<u8>>>);

impl Cache for Memory {
    fn get(&self, key: &CacheKey, found: &mut dyn FnMut(&[u8])) {
        if let Some(entry) = self.0.lock().unwrap().get(key) {
            found(entry);
        }
    }

    fn put(&self, key: &CacheKey, value: &[u8]) {
        self.0.lock().unwrap().insert(*key, value.to_vec());
    }
}

fn engine(cache: &Arc<Memory>, change: &dyn Fn(&mut Config)) -> Engine {
    let mut config = config();
    change(&mut config);
    // SAFETY: nobody else writes to it; damage is what is tested.
    unsafe { config.cache(cache.clone()) };
    Engine::new(&config).unwrap()
}

fn module(number: i32) -> String {
    format!(r#"(module (func (export "f") (result i32) (i32.const {number})))"#)
}

/// Compiles and calls; checks how often the engine's cache has helped, in all.
#[track_caller]
fn check(engine: &Engine, number: i32, hits: u64, misses: u64) {
    let module = Module::new(engine, module(number)).unwrap();
    let mut store = Store::new(engine, ());
    let _ = store.set_fuel(100);
    store.set_epoch_deadline(1);
    let instance = Instance::new(&mut store, &module, &[]).unwrap();
    let f = instance.get_typed_func::<(), i32>(&mut store, "f").unwrap();
    assert_eq!(f.call(&mut store, ()).unwrap(), number);
    let counts = engine.cache_counts().unwrap();
    assert_eq!((counts.hits, counts.misses), (hits, misses));
}

#[test]
fn the_same_input_hits() {
    let cache = Arc::new(Memory::default());
    let first = engine(&cache, &|_| {});
    check(&first, 1, 0, 1);
    check(&first, 1, 1, 1);
    check(&first, 2, 1, 2);
    let second = engine(&cache, &|_| {});
    check(&second, 1, 1, 0);
    check(&second, 2, 2, 0);
    // What changes no code.
    let other = engine(&cache, &|config| {
        config.max_wasm_stack(1 << 20).memory_init_cow(false);
        config.compile_time_limit(Duration::from_secs(3600));
    });
    check(&other, 1, 1, 0);
    assert_eq!(Engine::new(&config()).unwrap().cache_counts(), None);
}

#[test]
fn any_setting_misses() {
    let cache = Arc::new(Memory::default());
    check(&engine(&cache, &|_| {}), 1, 0, 1);
    for change in CODE_SETTINGS {
        check(&engine(&cache, change), 1, 0, 1);
        check(&engine(&cache, change), 1, 1, 0);
    }
    check(
        &engine(&cache, &|config| {
            config.generate_address_map(false);
        }),
        1,
        0,
        1,
    );
    assert_eq!(cache.0.lock().unwrap().len(), 2 + CODE_SETTINGS.len());
}

/// A damaged entry is a miss, whatever the damage, and is replaced.
#[test]
fn damage_misses() {
    let cache = Arc::new(Memory::default());
    check(&engine(&cache, &|_| {}), 1, 0, 1);
    let (key, good) = {
        let entries = cache.0.lock().unwrap();
        let (key, good) = entries.iter().next().unwrap();
        (*key, good.clone())
    };
    let engine = engine(&cache, &|_| {});
    let mut misses = 0;
    let damaged = (0..good.len()).step_by(13).flat_map(|at| {
        let mut flipped = good.clone();
        flipped[at] ^= 1 << (at % 8);
        [flipped, good[..at].to_vec()]
    });
    for entry in damaged {
        cache.0.lock().unwrap().insert(key, entry);
        misses += 1;
        check(&engine, 1, 0, misses);
        assert!(cache.0.lock().unwrap()[&key] == good);
    }
    check(&engine, 1, 1, misses);
}

#[test]
fn what_fails_is_not_kept() {
    let cache = Arc::new(Memory::default());
    let engine = engine(&cache, &|_| {});
    for _ in 0..2 {
        assert!(Module::new(&engine, b"\0asm\x01\0\0\0\x01").is_err());
    }
    assert_eq!(engine.cache_counts().unwrap().misses, 2);
    assert!(cache.0.lock().unwrap().is_empty());
}
