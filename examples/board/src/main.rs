//! A board of guests: several good ones and one hostile one of every kind share a core, each in a task and a store of
//! its own, under quotas of time, memory, stack and instances.
//!
//! The timer pre-empts them. The good ones must finish with the right results and keep their share of the core; the hostile
//! ones must be stopped, each for the reason that it gives, and are started again. After an hour all must be
//! as it was before the first: heap, page frames and address space, to the byte.
//!
//! The firmware prints a table, and ends with 0 if all was as it must be.

#![no_std]
#![no_main]

extern crate alloc;

#[forbid(unsafe_code)]
mod guests;
#[forbid(unsafe_code)]
mod report;
#[forbid(unsafe_code)]
mod sandbox;

use alloc::vec::Vec;
use core::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use core::time::Duration;

use guests::Guest;
use report::Tally;
use sandbox::Sandbox;
use wasmetal::error::{Context as _, Result, ensure};
use wasmetal::{Config, Engine};
use wasmetal_platform_bare::{entry, heap, payload, platform, println, tasks, timer};
use wasmetal_run::{Causes, Guests, Job};

entry!(main);

/// How long the board runs.
const HOUR: Duration = Duration::from_secs(3600);
/// From the start of one round to that of the next.
const PERIOD: Duration = Duration::from_secs(180);
/// A task that does not give up the core before has it for so long.
const SLICE: Duration = Duration::from_millis(1);
/// The stack of a task, for host functions and the runtime; Wasm code has its own.
const TASK_STACK: usize = 128 << 10;

fn main() -> i32 {
    let before = resources();
    let outcome = an_hour();
    let after = resources();
    match outcome {
        Err(error) => {
            println!("{}", Causes(&error));
            1
        }
        Ok(()) if after != before => {
            println!(
                "lost: heap, free frames and free address space were {before:?}, are {after:?}"
            );
            1
        }
        Ok(()) => {
            let [heap, frames, space] = after;
            println!("nothing lost: as before, {heap} bytes of heap are in use,");
            println!("{frames} page frames and {space} bytes of address space are free");
            0
        }
    }
}

/// Bytes of heap in use, free page frames, bytes of address space free.
fn resources() -> [usize; 3] {
    [
        heap::used(),
        platform().free_frames(),
        platform().free_address_space(),
    ]
}

fn an_hour() -> Result<()> {
    let job = payload().context("start this firmware by `cargo xtask run --board`")?;
    let Job::Guests(job) = Job::from_bytes(job).context("a damaged job")? else {
        wasmetal::bail!("this firmware runs guests, and no other job");
    };
    let engine = Engine::new(&config())?;
    let sandbox = Sandbox::new(&engine, job.seed)?;
    let guests = make_guests(&sandbox, &job)?;
    let mut tallies: Vec<_> = guests.iter().map(Tally::new).collect();

    let begin = timer::now();
    let since = || timer::duration(timer::now() - begin);
    tasks::scope(SLICE, |scope| -> Result<()> {
        // What each good guest needs when it has the core for itself.
        for (guest, tally) in guests.iter().zip(&mut tallies) {
            if guest.is_good() {
                let run = scope.spawn(TASK_STACK, || sandbox.run(guest))?.join();
                run.ending
                    .as_ref()
                    .map_err(|error| wasmetal::format_err!("{}: {error:#}", guest.name))?;
                tally.alone = run.used;
            }
        }
        let mut round = 0;
        while since() < HOUR {
            tasks::sleep((PERIOD * round).saturating_sub(since()));
            side_by_side(scope, &sandbox, &guests, &mut tallies)?;
            round += 1;
        }
        println!(
            "{round} rounds in {:.0} s, of which the core slept {:.0} s",
            since().as_secs_f64(),
            tasks::idle().as_secs_f64()
        );
        Ok(())
    })?;
    report::print(&tallies)?;
    ensure!(
        tallies.iter().all(Tally::is_as_expected),
        "not all guests did what they should"
    );
    Ok(())
}

fn config() -> Config {
    let mut config = Config::firmware(platform());
    config
        .max_wasm_stack(64 << 10)
        .max_host_stack(TASK_STACK / 2)
        .compile_memory_limit(12 << 20);
    config
}

fn make_guests(sandbox: &Sandbox, job: &Guests<'_>) -> Result<Vec<Guest>> {
    let mut guests = Vec::new();
    for guest in &job.guests {
        guests.push(Guest::good(sandbox, guest)?);
    }
    ensure!(!guests.is_empty(), "no good guest was handed over");
    guests.extend(guests::hostile());
    Ok(guests)
}

/// One round: all guests at once. A hostile one is started again and again, as long as a good one works.
fn side_by_side<'scope>(
    scope: &'scope tasks::Scope<'scope, '_>,
    sandbox: &'scope Sandbox,
    guests: &'scope [Guest],
    tallies: &mut [Tally<'_>],
) -> Result<()> {
    let working = alloc::sync::Arc::new(AtomicUsize::new(
        guests.iter().filter(|guest| guest.is_good()).count(),
    ));
    let mut running = Vec::new();
    for guest in guests {
        let working = working.clone();
        let task = move || {
            let mut runs = Vec::new();
            loop {
                runs.push(sandbox.run(guest));
                if guest.is_good() {
                    working.fetch_sub(1, Relaxed);
                }
                if working.load(Relaxed) == 0 || guest.is_good() {
                    return runs;
                }
            }
        };
        running.push(scope.spawn(TASK_STACK, task)?);
    }
    let count = running.len();
    for (task, tally) in running.into_iter().zip(tallies) {
        for run in task.join() {
            tally.add(run, count);
        }
    }
    Ok(())
}
