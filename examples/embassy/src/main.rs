//! Guests as tasks of Embassy's, on the device: some sleep, by its timers, and one asks for a name on the console, whose
//! interrupt wakes it.
//!
//! The core sleeps when all of them wait. The firmware prints for which part of the time it did, and fails if that was less
//! than nine tenths, or a guest did not return what it must. `cargo xtask run --embassy` starts it, and answers.

#![no_std]
#![no_main]
#![forbid(unsafe_code)]

extern crate alloc;

mod guests;

use alloc::string::ToString as _;
use alloc::sync::Arc;
use core::sync::atomic::{AtomicU32, AtomicU64, Ordering::Relaxed};
use core::time::Duration;

use embassy_executor::Spawner;
use wasmetal::error::{Context as _, Result, ensure};
use wasmetal::{Config, Engine};
use wasmetal_platform_bare::{cores, platform, println, timer};

use guests::Linked;

wasmetal_platform_bare::entry!(main);

/// How many guests sleep, and how often each.
const SLEEPERS: u32 = 15;
const TIMES: u32 = 20;
/// With the one that asks for a name.
const GUESTS: usize = SLEEPERS as usize + 1;

fn main() -> i32 {
    match run() {
        Ok(()) => 0,
        Err(error) => {
            println!("error: {error:#}");
            1
        }
    }
}

/// What guests have done.
#[derive(Default)]
struct Done {
    ended: AtomicU32,
    failed: AtomicU32,
    /// How late a sleeper was at most, in microseconds.
    late: AtomicU64,
}

fn run() -> Result<()> {
    let mut config = Config::new(platform());
    config.max_wasm_stack(64 << 10);
    let linked = Arc::new(Linked::new(&Engine::new(&config)?)?);
    let done = Arc::new(Done::default());
    let since = (timer::now(), cores::asleep());
    let mut spawned = Ok(());
    wasmetal_embassy::run(
        |spawner| spawned = spawn(spawner, &linked, &done),
        || done.ended.load(Relaxed) == GUESTS as u32,
    );
    spawned?;
    let all = timer::duration(timer::now() - since.0);
    let asleep = cores::asleep() - since.1;
    let part = asleep.as_secs_f64() / all.as_secs_f64();
    println!(
        "{GUESTS} guests, in {:.3} s; the core was awake for {:.3} ms of them, and slept for {:.2} %",
        all.as_secs_f64(),
        (all - asleep).as_secs_f64() * 1e3,
        part * 100.0
    );
    println!(
        "a guest that slept went on {:?} after its time at most",
        Duration::from_micros(done.late.load(Relaxed))
    );
    ensure!(
        done.failed.load(Relaxed) == 0,
        "not all guests did what they must"
    );
    ensure!(part > 0.9, "the core did not sleep while all waited");
    Ok(())
}

fn spawn(spawner: Spawner, linked: &Arc<Linked>, done: &Arc<Done>) -> Result<()> {
    for index in 0..SLEEPERS {
        let time = 1 + index;
        let call = ("sleep", TIMES, time);
        let token = guest(linked.clone(), done.clone(), call, TIMES * time);
        spawner.spawn(token.ok().context("no place for a task")?);
    }
    // What is typed has three letters.
    let token = guest(linked.clone(), done.clone(), ("greet", 0, 0), 3);
    spawner.spawn(token.ok().context("no place for a task")?);
    Ok(())
}

/// A guest, and what it is to return.
#[embassy_executor::task(pool_size = GUESTS)]
async fn guest(
    linked: Arc<Linked>,
    done: Arc<Done>,
    call: (&'static str, u32, u32),
    expected: u32,
) {
    let problem = match linked.run(call).await {
        Ok((result, late)) => {
            done.late.fetch_max(late.as_micros(), Relaxed);
            (result != expected).then(|| "it has returned something else".to_string())
        }
        Err(error) => Some(error.to_string()),
    };
    if let Some(problem) = problem {
        println!("{call:?}: {problem}");
        done.failed.fetch_add(1, Relaxed);
    }
    done.ended.fetch_add(1, Relaxed);
}
