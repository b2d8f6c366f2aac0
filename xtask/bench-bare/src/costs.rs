//! What calls, traps, instances and the compiler cost.

use crate::Input;
use crate::counter::{Counts, count};
use core::slice;
use wasmetal::compile::{Packing, Signer, pack, public_key};
use wasmetal::error::{Result, ensure};
use wasmetal::image::{TrustedKey, View, seal};
use wasmetal::{Engine, Linker, Module, Platform, Store};
use wasmetal_platform::Protection;
use wasmetal_platform_bare::{platform, println};

pub(crate) fn print(engine: &Engine, input: &Input<'_>) -> Result<()> {
    if input.wants("compile") {
        compile(engine, input)?;
    }
    println!("\ncosts: instructions");
    println!(
        "{:<44}{:>10}{:>10}{:>10}{:>10}",
        "", "least", "typical", "most", "aim"
    );
    if input.wants("calls") {
        calls(engine, input.get("calls")?)?;
    }
    if input.wants("instances") {
        instances(engine, "empty module", input.get("empty")?, 5000)?;
        instances(engine, "memory and function", input.get("small")?, 0)?;
    }
    if input.wants("load") {
        images(engine, "empty module", input.get("empty")?)?;
        images(engine, "memory and function", input.get("small")?)?;
    }
    Ok(())
}

fn row(what: &str, counts: &Counts, aim: u64) {
    let (least, typical, most) = (counts.least(), counts.typical(), counts.most());
    if aim == 0 {
        println!("{what:<44}{least:>10}{typical:>10}{most:>10}{:>10}", "-");
    } else {
        println!("{what:<44}{least:>10}{typical:>10}{most:>10}{aim:>10}");
    }
}

fn compile(engine: &Engine, input: &Input<'_>) -> Result<()> {
    println!("compile: instructions");
    println!(
        "{:<12}{:>12}{:>12}{:>14}{:>14}",
        "", "wasm bytes", "code bytes", "compile", "per byte"
    );
    for (name, wasm) in &input.modules {
        if wasm.len() < 1000 {
            continue;
        }
        let (count, module) = count(|| Module::new(engine, wasm));
        println!(
            "{name:<12}{:>12}{:>12}{count:>14}{:>14.0}",
            wasm.len(),
            module?.text().len(),
            count as f64 / wasm.len() as f64
        );
    }
    Ok(())
}

fn calls(engine: &Engine, wasm: &[u8]) -> Result<()> {
    let module = Module::new(engine, wasm)?;
    let mut linker = Linker::new(engine);
    linker.func_wrap("host", "nop", || ())?;
    linker.func_wrap("host", "add", |a: i32, b: i32| a + b)?;
    let mut store = Store::new(engine, ());
    let instance = linker.instantiate(&mut store, &module)?;

    let nop = instance.get_typed_func::<(), ()>(&mut store, "nop")?;
    let counts = Counts::of(|| {
        let (count, result) = count(|| nop.call(&mut store, ()));
        result.map(|()| count)
    })?;
    row("call in: () -> ()", &counts, 60);

    let add = instance.get_typed_func::<(i32, i32), i32>(&mut store, "add")?;
    let counts = Counts::of(|| {
        let (count, result) = count(|| add.call(&mut store, (20, 22)));
        ensure!(result? == 42, "20 + 22 is something else");
        Ok(count)
    })?;
    row("call in: (i32, i32) -> i32", &counts, 60);

    // One call more against one call less, so that the call in does not count.
    for (export, what, sum) in [
        ("call_nop", "call out: () -> (), with its loop", 0),
        ("call_add", "call out: (i32, i32) -> i32, with its loop", 3),
    ] {
        let run = instance.get_typed_func::<u32, u64>(&mut store, export)?;
        let counts = Counts::of(|| {
            let (one, result) = count(|| run.call(&mut store, 1));
            ensure!(result? == sum, "one call's sum is wrong");
            let (more, result) = count(|| run.call(&mut store, 101));
            ensure!(result? == 101 * sum, "the sum is wrong");
            Ok((more - one) / 100)
        })?;
        row(what, &counts, 30);
    }

    for (export, argument, aim) in [
        ("unreachable", 0, 500),
        ("out of bounds", -4, 500),
        ("division by zero", 0, 500),
        ("unreachable, 20 calls deep", 20, 0),
    ] {
        let trap = instance.get_typed_func::<i32, i32>(&mut store, export)?;
        let counts = Counts::of(|| {
            let (count, result) = count(|| trap.call(&mut store, argument));
            ensure!(result.is_err(), "{export} did not trap");
            Ok(count)
        })?;
        row(&alloc::format!("trap: {export}"), &counts, aim);
        let counts = Counts::of(|| {
            let result = trap.call(&mut store, argument);
            wasmetal::error::Ok(count(|| drop(result)).0)
        })?;
        row("      drop of the error", &counts, 0);
    }
    Ok(())
}

fn instances(engine: &Engine, what: &str, wasm: &[u8], aim: u64) -> Result<()> {
    let module = Module::new(engine, wasm)?;
    let prepared = Linker::<()>::new(engine).instantiate_pre(&module)?;
    let counts = Counts::of(|| {
        let mut store = Store::new(engine, ());
        let (count, instance) = count(|| prepared.instantiate(&mut store));
        instance.map(|_| count)
    })?;
    row(&alloc::format!("instantiate: {what}"), &counts, aim);
    let counts = Counts::of(|| wasmetal::error::Ok(count(|| Store::new(engine, ())).0))?;
    row("             store alone", &counts, 0);
    let counts = Counts::of(|| {
        let (count, result) = count(|| {
            let mut store = Store::new(engine, ());
            prepared.instantiate(&mut store).map(drop)
        });
        result.map(|()| count)
    })?;
    row("             store, instance, drop of both", &counts, 0);
    Ok(())
}

/// Loading, with the digest and the signature by themselves.
fn images(engine: &Engine, what: &str, wasm: &[u8]) -> Result<()> {
    let image = engine.precompile_module(wasm)?;
    let secret = [1; 32];
    let packing = Packing {
        text_align: PAGE,
        signer: Some(Signer::Secret(&secret)),
        ..Packing::default()
    };
    let signed = read_only(&pack(&image, &packing)?)?;
    let view = View::parse(signed)?;
    let key = TrustedKey::new(&public_key(&secret)?)?;
    let digest = Counts::of(|| {
        let (count, result) = count(|| seal::check_digest(&view));
        result.map(|()| count)
    })?;
    let signature = Counts::of(|| {
        let (count, result) = count(|| seal::check_signature(&view, &[key], 0));
        result.map(|()| count)
    })?;
    // SAFETY: the image is what the compiler has just made.
    let copied = Counts::of(|| unsafe {
        let (count, module) = count(|| Module::deserialize_unsigned(engine, signed));
        module.map(|_| count)
    })?;
    // SAFETY: the image is what the compiler has just made.
    let in_place = Counts::of(|| unsafe {
        let (count, module) = count(|| Module::deserialize_in_place_unsigned(engine, signed));
        module.map(|_| count)
    })?;
    let without = |counts: &Counts| counts.typical().saturating_sub(digest.typical());
    println!(
        "load: {what}, {} bytes: {} copied, {} in place, and {} for the digest (a signature: {})",
        signed.len(),
        without(&copied),
        without(&in_place),
        digest.typical(),
        without(&signature)
    );
    Ok(())
}

const PAGE: usize = 4096;

/// Memory that holds `bytes` and can only be read, for good.
fn read_only(bytes: &[u8]) -> Result<&'static [u8]> {
    let size = bytes.len().next_multiple_of(PAGE);
    let base = platform().reserve(size, PAGE)?;
    // SAFETY: the reservation is fresh, large enough, and stays.
    unsafe {
        platform().commit(base, size)?;
        base.copy_from_nonoverlapping(bytes.as_ptr(), bytes.len());
        platform().protect(base, size, Protection::Read)?;
        Ok(slice::from_raw_parts(base, bytes.len()))
    }
}
