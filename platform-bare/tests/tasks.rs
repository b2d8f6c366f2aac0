//! Tasks that share a core: each does what it does alone, has its share, waits without using the core, and leaves
//! nothing behind.
//!
//! The payload "exact" says that QEMU counts instructions (`-icount`): only then does time pass for nobody but the
//! tasks. The payload "overflow" has a task overflow its stack, which ends the machine.
#![no_std]
#![no_main]

extern crate alloc;

use alloc::vec::Vec;
use core::hint::black_box;
use core::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering::Relaxed};
use core::time::Duration;

use wasmetal_platform::Platform;
use wasmetal_platform_bare::tasks::{self, SpawnError};
use wasmetal_platform_bare::{entry, heap, payload, platform, println, timer};

entry!(main);

const SLICE: Duration = Duration::from_micros(100);
const STACK: usize = 64 << 10;

const TESTS: [fn(); 7] = [
    undisturbed,
    shares,
    taking_turns,
    sleeping,
    limits,
    heap_and_memory,
    errors,
];

fn main() -> i32 {
    if payload() == Some(b"overflow") {
        tasks::scope(SLICE, |scope| {
            scope.spawn(STACK, || recurse(0)).expect("room").join()
        });
        return 1;
    }
    for round in 0..3 {
        let before = resources();
        for test in TESTS {
            test();
            assert_eq!(resources(), before, "round {round}");
        }
    }
    println!("tasks: {:?} free of all", resources());
    0
}

fn resources() -> (usize, usize) {
    (heap::used(), platform().free_frames())
}

#[expect(unconditional_recursion)]
fn recurse(depth: u64) -> u64 {
    let frame = black_box([depth; 64]);
    recurse(depth + 1) + frame[7]
}

/// Work for integer and floating-point registers alike.
fn work(seed: u64) -> (u64, u64) {
    let (mut word, mut floats) = (seed | 1, [0.1, 0.3, 0.7, 1.3, 2.9, 3.1, 4.7, 5.9]);
    for _ in 0..200_000 {
        word = word.rotate_left(13).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ seed;
        for (index, float) in floats.iter_mut().enumerate() {
            *float = *float * 0.99 + (word >> (index + 40)) as f64 / 1e6;
        }
    }
    let sum: f64 = floats.iter().sum();
    (word, sum.to_bits())
}

/// A result does not depend on who else has the core.
fn undisturbed() {
    let alone: Vec<_> = (0..6).map(work).collect();
    let together: Vec<_> = tasks::scope(SLICE, |scope| {
        let tasks: Vec<_> = (0..6)
            .map(|seed| scope.spawn(STACK, move || work(seed)).expect("room"))
            .collect();
        tasks.into_iter().map(tasks::Task::join).collect()
    });
    assert_eq!(together, alone);
}

/// Who always wants the core gets it as long as others who do.
fn shares() {
    let stop = AtomicBool::new(false);
    tasks::scope(SLICE, |scope| {
        let spin = || {
            while !stop.load(Relaxed) {
                black_box(());
            }
            tasks::used()
        };
        let tasks: Vec<_> = (0..4)
            .map(|_| scope.spawn(STACK, spin).expect("room"))
            .collect();
        tasks::sleep(Duration::from_millis(40));
        let used: Vec<_> = tasks.iter().map(tasks::Task::used).collect();
        assert!(!tasks[0].is_finished());
        stop.store(true, Relaxed);
        let (least, most) = (used.iter().min().unwrap(), used.iter().max().unwrap());
        if payload() == Some(b"exact") {
            assert!(*most - *least <= 2 * SLICE, "{used:?}");
            assert!(*least > Duration::from_millis(9), "{used:?}");
        }
        for task in tasks {
            assert!(task.join() >= *least);
        }
        assert!(
            tasks::idle() < Duration::from_millis(2),
            "{:?}",
            tasks::idle()
        );
    });
}

/// Two tasks pass a word to and fro: no wake-up is lost, and neither waits for its slice to end.
fn taking_turns() {
    const TURNS: u32 = 2_000;
    let word = AtomicU32::new(0);
    let pass = |mine: u32| {
        while word.load(Relaxed) < TURNS {
            let now = word.load(Relaxed);
            if now % 2 == mine {
                word.store(now + 1, Relaxed);
                platform().unpark(&word);
            } else {
                platform().park(&word, now, None);
            }
        }
    };
    let begin = timer::now();
    tasks::scope(Duration::from_secs(1), |scope| {
        let _ = scope.spawn(STACK, || pass(0)).expect("room");
        let _ = scope.spawn(STACK, || pass(1)).expect("room");
    });
    assert_eq!(word.load(Relaxed), TURNS);
    let took = timer::duration(timer::now() - begin);
    assert!(took < Duration::from_secs(10), "{took:?}");
}

/// Sleepers wake up when they asked for it, and the core is nobody's meanwhile.
fn sleeping() {
    let order = &AtomicU64::new(0);
    tasks::scope(SLICE, |scope| {
        let times = [7, 1, 5, 3].map(Duration::from_millis);
        let tasks = times.map(|time| {
            let sleep = move || {
                let begin = timer::now();
                tasks::sleep(time);
                (
                    timer::duration(timer::now() - begin),
                    order.fetch_add(1, Relaxed),
                )
            };
            scope.spawn(STACK, sleep).expect("room")
        });
        let slept = tasks.map(tasks::Task::join);
        for ((slept, place), (time, expected)) in
            slept.into_iter().zip(times.into_iter().zip([3, 0, 2, 1]))
        {
            assert!(slept >= time, "{slept:?} instead of {time:?}");
            if payload() == Some(b"exact") {
                assert_eq!(place, expected);
            }
        }
        assert!(
            tasks::idle() >= Duration::from_millis(5),
            "{:?}",
            tasks::idle()
        );
    });
}

/// A limit is one on the time that a task itself has the core for.
fn limits() {
    const LIMIT: Duration = Duration::from_millis(5);
    let spin = || {
        let over = AtomicBool::new(false);
        let before = tasks::used();
        tasks::limited(LIMIT, &|| over.store(true, Relaxed), || {
            while !over.load(Relaxed) {
                black_box(());
            }
        });
        tasks::used() - before
    };
    tasks::scope(SLICE, |scope| {
        let one = scope.spawn(STACK, spin).expect("room");
        let two = scope.spawn(STACK, spin).expect("room");
        for used in [one.join(), two.join()] {
            assert!(used >= LIMIT, "{used:?}");
        }
        // Not one that is never reached, nor one that is over, nor an outer one while the inner one holds.
        let over = AtomicU32::new(0);
        let call = || {
            over.fetch_add(1, Relaxed);
        };
        tasks::limited(Duration::from_secs(100), &call, || {
            black_box(work(black_box(1)))
        });
        assert_eq!(over.load(Relaxed), 0);
        tasks::limited(Duration::from_micros(1), &call, || {
            tasks::limited(Duration::from_secs(100), &call, || ());
            black_box(work(black_box(1)))
        });
        assert_eq!(over.load(Relaxed), 1);
        black_box(work(black_box(1)));
        assert_eq!(over.load(Relaxed), 1);
    });
}

/// Many tasks in the heap and in the page tables at once.
fn heap_and_memory() {
    tasks::scope(Duration::from_micros(5), |scope| {
        for seed in 0..8_usize {
            let task = move || {
                for round in 0..60 {
                    let size = 1 + (seed * 7919 + round * 104_729) % 5000;
                    let block: Vec<u8> = (0..size).map(|index| (index ^ seed) as u8).collect();
                    let base = platform().reserve(1 << 20, 1 << 20).expect("address space");
                    // SAFETY: the reservation is this task's own.
                    unsafe {
                        platform().commit(base, 8192).expect("memory");
                        base.write_bytes(seed as u8, 8192);
                        assert_eq!(*base.add(8191), seed as u8);
                        platform().release(base, 1 << 20);
                    }
                    let right = |(index, byte): (usize, &u8)| *byte == (index ^ seed) as u8;
                    assert!(block.iter().enumerate().all(right));
                }
            };
            let _ = scope.spawn(STACK, task).expect("room");
        }
    });
}

fn errors() {
    let release = AtomicU32::new(0);
    tasks::scope(SLICE, |scope| {
        let huge = scope.spawn(1 << 40, || ());
        assert_eq!(huge.err(), Some(SpawnError::OutOfMemory));
        let waits = || platform().park(&release, 0, None);
        for _ in 1..tasks::MAX {
            let _ = scope.spawn(4096, waits).expect("room");
        }
        let more = scope.spawn(STACK, || ());
        assert_eq!(more.err(), Some(SpawnError::TooMany));
        release.store(1, Relaxed);
        platform().unpark(&release);
    });
}
