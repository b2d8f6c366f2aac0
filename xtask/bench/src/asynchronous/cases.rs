//! The cases of asynchronous calls, for one engine.

use super::{Instance, Turns, instance};
use crate::cases::Cases;
use crate::clock;
use anyhow::{Result, ensure};
use std::time::Duration;
use wasmetal::Platform as _;
use wasmetal_platform_linux::platform;

/// The family that they are in.
pub(crate) const FAMILY: &str = "asynchronous";
/// A host function that can't wait, in an asynchronous call.
pub(crate) const SYNCHRONOUS: &str = "host, can't wait";
/// One that could, and is ready at once.
pub(crate) const READY: &str = "host, ready at once";
/// One that waits: the code is left, and gone on with at the next poll.
pub(crate) const WAITS: &str = "host, waits once";
/// The family of what ends a turn at any instruction. Wasmtime has nothing of the kind: what it does at the end of its
/// epochs stands beside it.
pub(crate) const TURNS: &str = "turns";
/// What a call takes longer for each time slice that ends.
pub(crate) const SLICE: &str = "time slice that ends";
/// What code takes longer that a timer interrupts, set for it: what a time slice takes is that and more.
const TIMER: &str = "timer and its signal";

/// Longer than it takes some machines to set a timer, and short enough for what is measured to take much of the time.
const TIME: Duration = Duration::from_micros(50);

/// Adds them.
pub(crate) fn add(engine: &str, wasm: &[u8], cases: &mut Cases<'_>) -> Result<()> {
    const CALL: &str = "call, ready at once";
    if cases.wants(FAMILY, CALL) {
        match instance(engine, wasm, Turns::None)? {
            None => cases.push(FAMILY, CALL, u32::MAX, || Ok(f64::NAN)),
            Some(mut instance) => {
                let work = move |times| instance.call_nop(times);
                cases.add(FAMILY, CALL, 20_000, work);
            }
        }
    }
    for (name, export, suspensions) in [
        (SYNCHRONOUS, "sync", 0),
        (READY, "ready", 0),
        (WAITS, "waits", 1),
    ] {
        if !cases.wants(FAMILY, name) {
            continue;
        }
        let Some(mut instance) = instance(engine, wasm, Turns::None)? else {
            cases.push(FAMILY, name, u32::MAX, || Ok(f64::NAN));
            continue;
        };
        let work = move |times| {
            let (sum, polls) = instance.run(export, times)?;
            ensure!(sum == u64::from(3 * times), "the sum is {sum}");
            ensure!(polls == suspensions * times + 1, "{polls} polls");
            Ok(())
        };
        cases.add(FAMILY, name, 20_000, work);
    }
    for (name, turns, rounds) in [
        ("end of epochs", Turns::Epochs, 20_000),
        (SLICE, Turns::Slices(TIME), 30_000_000),
    ] {
        if !cases.wants(TURNS, name) {
            continue;
        }
        // Epochs end a turn in each round, slices in one of many.
        let rounds = match engine.starts_with("wasmtime") {
            true => 20_000,
            false => rounds,
        };
        let plain = instance(engine, wasm, Turns::None)?;
        let in_turns = instance(engine, wasm, turns)?;
        let Some((mut plain, mut in_turns)) = plain.zip(in_turns) else {
            cases.push(TURNS, name, u32::MAX, || Ok(f64::NAN));
            continue;
        };
        cases.push(TURNS, name, 1, move || {
            let (alone, polls) = spin(&mut *plain, rounds)?;
            ensure!(polls == 1, "{polls} polls without turns");
            let (time, polls) = spin(&mut *in_turns, rounds)?;
            ensure!(polls > 50, "{polls} polls in turns");
            Ok((time - alone) / f64::from(polls - 1))
        });
    }
    if cases.wants(TURNS, TIMER) {
        let Some(mut instance) = instance(engine, wasm, Turns::None)? else {
            cases.push(TURNS, TIMER, u32::MAX, || Ok(f64::NAN));
            return Ok(());
        };
        cases.push(TURNS, TIMER, 1, move || {
            const TIMES: u32 = 100;
            let mut times = |timer| -> Result<f64> {
                let start = clock::now();
                for _ in 0..TIMES {
                    platform().set_timer(timer)?;
                    spin(&mut *instance, 300_000)?;
                }
                Ok(clock::now() - start)
            };
            Ok((times(Some(TIME))? - times(None)?) / f64::from(TIMES))
        });
    }
    Ok(())
}

/// The time of a loop, in nanoseconds, and how often it was polled.
fn spin(instance: &mut dyn Instance, rounds: u32) -> Result<(f64, u32)> {
    let start = clock::now();
    let (sum, polls) = instance.run("spin", rounds)?;
    let time = clock::now() - start;
    let rounds = u64::from(rounds);
    ensure!(sum == rounds * (rounds + 1) / 2, "the sum is {sum}");
    Ok((time, polls))
}
