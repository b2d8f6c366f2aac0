//! A board of guests: several good ones and one hostile one of every kind share a core, or all that there are, each as a task
//! of an executor and in a store of its own, under quotas of time, memory, stack and instances.
//!
//! Time slices pre-empt them. The good ones must finish with the right results and keep their share of the cores; the hostile
//! ones must be stopped, each for the reason that it gives, and are started again. When all is over, and begins and ends
//! once more, all must be as it was: heap, page frames and address space, to the byte.
//!
//! The firmware prints a table, and ends with 0 if all was as it must be.

#![no_std]
#![no_main]

extern crate alloc;

#[forbid(unsafe_code)]
mod executor;
#[forbid(unsafe_code)]
mod guests;
#[forbid(unsafe_code)]
mod limit;
#[forbid(unsafe_code)]
mod report;
#[forbid(unsafe_code)]
mod sandbox;

use alloc::{sync::Arc, vec::Vec};
use core::mem;
use core::ops::Range;
use core::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use core::time::Duration;

use executor::Executor;
use guests::Guest;
use report::Tally;
use sandbox::{Run, Sandbox};
use spin::Mutex;
use wasmetal::error::{Context as _, Result, ensure};
use wasmetal::{Config, Engine};
use wasmetal_platform_bare::{cores, entry, heap, payload, platform, println, timer};
use wasmetal_run::{Causes, Guests, Job};

entry!(main);

/// How often all begins anew.
const LIVES: u32 = 2;
/// How often all guests run side by side in each life.
const ROUNDS: u32 = 1;
/// From the start of one round to that of the next, the first of which comes when each has run alone.
const PERIOD: Duration = Duration::from_secs(180);
/// How long a good guest works in each.
const WORK: Duration = Duration::from_millis(2500);
/// A guest that does not give up its core before has it for so long.
const SLICE: Duration = Duration::from_millis(1);
/// What host functions and the runtime may use of a core's stack; Wasm code has its own.
const HOST_STACK: usize = 64 << 10;

fn main() -> i32 {
    match all_lives() {
        Ok(()) => 0,
        Err(error) => {
            println!("{}", Causes(&error));
            1
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

/// What a life of the board takes that is over, another takes too: nothing is lost.
fn all_lives() -> Result<()> {
    let mut before = None;
    for _ in 0..LIVES {
        life()?;
        let after = resources();
        let before = *before.get_or_insert(after);
        ensure!(
            after == before,
            "lost: heap, free frames and free address space were {before:?}, are {after:?}"
        );
        let [heap, frames, space] = after;
        println!("{heap} bytes of heap are in use, {frames} page frames are free, and");
        println!("{space} bytes of address space, after each life of the board");
    }
    Ok(())
}

/// From an engine to its end: all guests are compiled, run alone, and then side by side.
fn life() -> Result<()> {
    let job = payload().context("start this firmware by `cargo xtask run --board`")?;
    let Job::Guests(job) = Job::from_bytes(job).context("a damaged job")? else {
        wasmetal::bail!("this firmware runs guests, and no other job");
    };
    let engine = Engine::new(&config())?;
    let sandbox = Sandbox::new(&engine, job.seed)?;
    let guests = make_guests(&sandbox, &job)?;
    let board = Arc::new(Board { sandbox, guests });
    let mut tallies: Vec<_> = board.guests.iter().map(Tally::new).collect();

    let begin = timer::now();
    let since = || timer::duration(timer::now() - begin);
    // What each good guest needs when it has the board for itself.
    for (index, tally) in tallies.iter_mut().enumerate() {
        if board.guests[index].is_good() {
            let runs = side_by_side(&board, index..index + 1, Duration::ZERO)?;
            for run in runs.into_iter().flatten() {
                let name = &board.guests[index].name;
                run.ending.with_context(|| name.clone())?;
                tally.alone = run.used;
            }
        }
    }
    let asleep = cores::asleep();
    for round in 1..=ROUNDS {
        let next = begin + timer::ticks(PERIOD * round);
        while timer::now() < next {
            cores::sleep_until(Some(next));
        }
        let runs = side_by_side(&board, 0..board.guests.len(), WORK)?;
        let fair = (cores::count() as f64 / runs.len() as f64).min(1.0);
        for (runs, tally) in runs.into_iter().zip(&mut tallies) {
            tally.add(runs, fair);
        }
    }
    println!(
        "{ROUNDS} rounds on {} cores in {:.0} s, of which the first core slept {:.0} s",
        cores::count(),
        since().as_secs_f64(),
        (cores::asleep() - asleep).as_secs_f64()
    );
    report::print(&tallies)?;
    ensure!(
        tallies.iter().all(Tally::is_as_expected),
        "not all guests did what they should"
    );
    Ok(())
}

/// The guests, and what they run in.
struct Board {
    sandbox: Sandbox,
    guests: Vec<Guest>,
}

fn config() -> Config {
    let mut config = Config::firmware(platform());
    config
        .max_wasm_stack(64 << 10)
        .max_host_stack(HOST_STACK)
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

/// All these guests at once, on all cores, and what came of them. A good one works again and again until it has had a core for
/// the time `work`; a hostile one is started again and again as long as a good one works.
fn side_by_side(board: &Arc<Board>, guests: Range<usize>, work: Duration) -> Result<Vec<Vec<Run>>> {
    let good = board.guests[guests.clone()].iter();
    let good = good.filter(|guest| guest.is_good());
    let working = Arc::new(AtomicUsize::new(good.count()));
    let executor = Executor::new();
    let mut all = Vec::new();
    for index in guests {
        let (board, working) = (board.clone(), working.clone());
        let runs = Arc::new(Mutex::new(Vec::new()));
        all.push(runs.clone());
        executor.spawn(async move |account| {
            let guest = &board.guests[index];
            loop {
                let run = board.sandbox.run(guest, &account).await;
                runs.lock().push(run);
                if guest.is_good() && account.used() >= work {
                    working.fetch_sub(1, Relaxed);
                    return;
                }
                if working.load(Relaxed) == 0 {
                    return;
                }
            }
        });
    }
    let mut others = Vec::new();
    for core in 1..cores::count() {
        let executor = executor.clone();
        others.push(cores::start(core, move || executor.run())?);
    }
    executor.run();
    others.into_iter().for_each(cores::Running::join);
    Ok(all
        .iter()
        .map(|runs| mem::take(&mut *runs.lock()))
        .collect())
}
