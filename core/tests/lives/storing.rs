//! Modules from where they are kept: a cache, images that run in place, signed ones, ones that are compiled again.

use super::{SMALL, small};
use alloc::{boxed::Box, sync::Arc, vec::Vec};
use core::slice;
use wasmetal::compile::{Packing, Signer, pack, public_key};
use wasmetal::*;
use wasmetal_platform::{Platform, Protection, RegionCache};
use wasmetal_wat::wat;

const OTHER: &[u8] = wat!(
    r#"(module (func (export "run") (param i32) (result i32)
        (i32.add (local.get 0) (i32.const 104))))"#
);

const KEY: [u8; 32] = [7; 32];

/// Images, made before memory runs out.
pub(crate) struct Kept {
    plain: Vec<u8>,
    /// In memory that can't be written.
    rom: &'static [u8],
    /// Of an engine with other settings, with its Wasm bytes.
    misfit: Vec<u8>,
}

impl Kept {
    /// Images for engines with this configuration, which is told whose signatures to trust.
    pub(crate) fn new(config: &mut Config, machine: &'static dyn Platform) -> Result<Self> {
        config.trusted_key(&public_key(&KEY)?)?;
        let plain = Engine::new(config)?.precompile_module(SMALL)?;
        let page = machine.capabilities().page_size;
        let rom = packed(&plain, None, page)?;
        let mut other = config.clone();
        other.consume_fuel(true);
        let misfit = Engine::new(&other)?.precompile_module(SMALL)?;
        Ok(Self {
            misfit: packed(&misfit, Some(SMALL), 0)?,
            rom: read_only(machine, &rom)?,
            plain,
        })
    }
}

fn packed(image: &[u8], wasm: Option<&[u8]>, text_align: usize) -> Result<Vec<u8>> {
    let packing = Packing {
        wasm,
        text_align,
        signer: Some(Signer::Secret(&KEY)),
        security_version: 1,
    };
    pack(image, &packing)
}

/// Memory that holds `bytes` and can only be read, for good.
fn read_only(machine: &dyn Platform, bytes: &[u8]) -> Result<&'static [u8]> {
    let page = machine.capabilities().page_size;
    let size = bytes.len().next_multiple_of(page);
    let base = machine.reserve(size, page)?;
    // SAFETY: the reservation is fresh, large enough, and stays for good.
    unsafe {
        machine.commit(base, size)?;
        base.copy_from_nonoverlapping(bytes.as_ptr(), bytes.len());
        machine.protect(base, size, Protection::Read)?;
        Ok(slice::from_raw_parts(base, bytes.len()))
    }
}

fn run(engine: &Engine, module: &Module) -> Result<()> {
    let mut store = Store::try_new(engine, ())?;
    let instance = Instance::new(&mut store, module, &[])?;
    let run = instance.get_typed_func::<i32, i32>(&mut store, "run")?;
    assert_eq!(run.call(&mut store, 1)?, 1 + i32::from(b'h'));
    Ok(())
}

/// From images.
pub(crate) fn storing(engine: &Engine, kept: &Kept) -> Result<()> {
    let module = Module::deserialize_in_place(engine, kept.rom)?;
    let again = Module::deserialize_in_place(engine, kept.rom)?;
    run(engine, &module)?;
    drop(module);
    run(engine, &again)?;
    let signed = packed(&kept.plain, Some(SMALL), 64)?;
    run(engine, &Module::deserialize(engine, &signed)?)?;
    let loaded = Module::load(engine, &signed)?;
    assert_eq!(loaded.recompiled, None);
    let loaded = Module::load(engine, &kept.misfit)?;
    let why = loaded.recompiled.expect("it does not fit");
    assert!(why.contains("fuel"), "{why}");
    run(engine, &loaded.module)
}

/// The size of a cache that has room for one of the modules, in bytes.
pub(crate) fn cache_size(config: &Config) -> Result<usize> {
    let engine = Engine::new(config)?;
    let one = engine.precompile_module(SMALL)?.len();
    let two = engine.precompile_module(OTHER)?.len();
    Ok(one.max(two) + 100)
}

/// A cache in RAM.
pub(crate) fn cached(config: &mut Config) -> Result<()> {
    let region = Box::leak(alloc::vec![0; cache_size(config)?].into_boxed_slice());
    // SAFETY: nobody else has the region.
    unsafe { config.cache(Arc::new(RegionCache::new(region))) };
    Ok(())
}

/// By such a cache.
pub(crate) fn caching(engine: &Engine) -> Result<()> {
    for wasm in [SMALL, SMALL, OTHER, OTHER] {
        run(engine, &Module::new(engine, wasm)?)?;
    }
    small(engine)
}
