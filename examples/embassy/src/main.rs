//! Guests as tasks of Embassy's, on the device: some sleep, by its timers; one asks for a name on the console, whose
//! interrupt wakes it; and one waits for what never comes, until its deadline.
//!
//! The core sleeps when all of them wait. The firmware prints for which part of the time it did, and fails if that was less
//! than nine tenths, or a guest did not end as it must. `cargo xtask run --embassy` starts it, and answers.

#![no_std]
#![no_main]
#![forbid(unsafe_code)]

extern crate alloc;

mod guests;

use alloc::sync::Arc;
use core::sync::atomic::{AtomicU32, AtomicU64, Ordering::Relaxed};
use core::time::Duration;

use embassy_executor::Spawner;
use wasmetal::error::{Context as _, Result, ensure};
use wasmetal::{Config, Engine, Trap};
use wasmetal_platform_bare::{cores, platform, println, timer};

use guests::Linked;

wasmetal_platform_bare::entry!(main);

/// How many guests sleep, and how often each.
const SLEEPERS: u32 = 15;
const TIMES: u32 = 20;
/// With the one that asks for a name, and the one that waits for ever.
const GUESTS: usize = SLEEPERS as usize + 2;
/// How long the one that waits for ever may.
const PATIENCE: Duration = Duration::from_millis(100);

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
    ensure!(done.late.load(Relaxed) < 1_000, "a guest was woken late");
    Ok(())
}

fn spawn(spawner: Spawner, linked: &Arc<Linked>, done: &Arc<Done>) -> Result<()> {
    let sleepers = (1..=SLEEPERS).map(|time| (("sleep", TIMES, time), None, Ok(TIMES * time)));
    // What is typed has three letters.
    let greeter = (("greet", 0, 0), None, Ok(3));
    let waiter = (("never", 0, 0), Some(PATIENCE), Err(Trap::Interrupt));
    for (call, deadline, expected) in sleepers.chain([greeter, waiter]) {
        let token = guest(linked.clone(), done.clone(), call, deadline, expected);
        spawner.spawn(token.ok().context("no place for a task")?);
    }
    Ok(())
}

/// A guest, and what its function is to return, or to end with.
#[embassy_executor::task(pool_size = GUESTS)]
async fn guest(
    linked: Arc<Linked>,
    done: Arc<Done>,
    call: (&'static str, u32, u32),
    deadline: Option<Duration>,
    expected: Result<u32, Trap>,
) {
    let began = timer::now();
    let result = linked.run(call, deadline).await;
    let took = timer::duration(timer::now() - began);
    let is_right = match (&result, expected) {
        (Ok((result, late)), Ok(expected)) => {
            done.late.fetch_max(late.as_micros(), Relaxed);
            *result == expected
        }
        (Err(error), Err(expected)) => {
            let due = deadline.unwrap_or_default();
            error.downcast_ref() == Some(&expected) && (due..due * 2).contains(&took)
        }
        _ => false,
    };
    if !is_right {
        println!("{call:?}: {result:?} after {took:?}");
        done.failed.fetch_add(1, Relaxed);
    }
    done.ended.fetch_add(1, Relaxed);
}
