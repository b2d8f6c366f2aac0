//! The compiler, stopped by deadlines at random instants: an error each time, nothing lost, and the next module
//! compiles and runs. Alone on the core, and in several tasks that take turns.
#![no_std]
#![no_main]

extern crate alloc;

#[path = "common/wasm.rs"]
mod wasm;

use alloc::vec::Vec;
use core::time::Duration;
use wasm::{SMALL, check_works, config, engine, failed};
use wasmetal::{CompilationStopped, Engine, Module, Store};
use wasmetal_platform_bare::{entry, heap, platform, println, tasks, timer};

entry!(main, heap = 64 << 20);

const STOPS: usize = 600;
/// Tasks, and how often each compiles.
const TASKS: usize = 4;
const TURNS: usize = 60;

/// Small numbers that look random (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }
}

fn main() -> i32 {
    let engine = engine();
    let seed = timer::now() | 1;
    println!("seed {seed}");
    let modules: Vec<_> = [
        ("nested loops", 300),
        ("types of functions, each with its trampolines", 300),
        ("references, loops and calls", 300),
        ("values that live across calls", 500),
        ("exports", 3_000),
        ("bytes of data", 50_000),
    ]
    .into_iter()
    .map(|(name, size)| {
        let wasm = wasmetal_bombs::named(name).of_size(size);
        let begin = timer::now();
        Module::new(&engine, &wasm).expect("valid");
        let time = timer::duration(timer::now() - begin);
        println!("{name}, {} bytes: {time:?}", wasm.len());
        (wasm, time)
    })
    .collect();
    check_works(&engine);
    alone(&engine, &modules, Random(seed));
    in_turn(&engine, &modules, seed);
    limits();
    0
}

fn books() -> (usize, usize, usize) {
    let frames = platform().free_frames();
    (heap::used(), frames, platform().free_address_space())
}

/// Compiles for a store whose deadline is in the midst of it; how late it ended, if it did not compile.
fn stop(
    engine: &Engine,
    (wasm, time): &(Vec<u8>, Duration),
    random: &mut Random,
) -> Option<Duration> {
    let mut store = Store::new(engine, ());
    let after = Duration::from_nanos(random.below(time.as_nanos() as u64));
    let begin = timer::now();
    store.set_deadline(Some(after)).expect("a timer");
    let outcome = store.compile(wasm).map(drop);
    let took = timer::duration(timer::now() - begin);
    let error = outcome.err()?;
    let stopped = error.downcast_ref::<CompilationStopped>();
    assert!(
        matches!(stopped, Some(CompilationStopped::Interrupted { .. })),
        "{error:?}"
    );
    Some(took.saturating_sub(after))
}

fn alone(engine: &Engine, modules: &[(Vec<u8>, Duration)], mut random: Random) {
    let mut late = Vec::with_capacity(STOPS);
    let (mut rounds, before) = (0, books());
    while late.len() < STOPS {
        let which = random.below(modules.len() as u64) as usize;
        late.extend(stop(engine, &modules[which], &mut random));
        assert_eq!(books(), before, "module {which} in round {rounds}");
        if rounds % 50 == 0 {
            check_works(engine);
            assert_eq!(books(), before, "lost in round {rounds}");
        }
        rounds += 1;
    }
    late.sort();
    println!(
        "{STOPS} of {rounds} stopped; from the deadline to the error: median {:?}, 99 of 100 {:?}, worst {:?}",
        late[STOPS / 2],
        late[STOPS * 99 / 100],
        late[STOPS - 1]
    );
}

fn in_turn(engine: &Engine, modules: &[(Vec<u8>, Duration)], seed: u64) {
    let before = books();
    let stopped = tasks::scope(Duration::from_micros(200), |scope| {
        let work = |task: usize| {
            let mut random = Random(seed + 2 * task as u64);
            let mut stopped = 0;
            for turn in 0..TURNS {
                let module = &modules[(task + turn) % modules.len()];
                stopped += usize::from(stop(engine, module, &mut random).is_some());
            }
            check_works(engine);
            stopped
        };
        let tasks: Vec<_> = (0..TASKS)
            .map(|task| scope.spawn(128 << 10, move || work(task)).expect("room"))
            .collect();
        tasks.into_iter().map(tasks::Task::join).sum::<usize>()
    });
    assert_eq!(books(), before, "lost by tasks");
    println!("{stopped} of {} stopped in tasks", TASKS * TURNS);
    assert!(stopped > TASKS * TURNS / 2);
}

/// An engine's own limit, from nothing on.
fn limits() {
    for (limit, compiles) in [
        (Duration::ZERO, false),
        (Duration::from_nanos(1), false),
        (Duration::from_micros(100), false),
        (Duration::MAX, true),
    ] {
        let engine = Engine::new(config().compile_time_limit(limit)).expect("there is a timer");
        let outcome = Module::new(&engine, SMALL);
        if compiles {
            check_works(&engine);
            continue;
        }
        let error = failed(outcome);
        let stopped = error.downcast_ref::<CompilationStopped>();
        assert!(
            matches!(stopped, Some(CompilationStopped::Time { limit: named, .. }) if *named == limit),
            "{error:?}"
        );
    }
}
