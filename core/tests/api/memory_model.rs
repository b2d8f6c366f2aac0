//! Two threads with a shared memory: what sequential consistency forbids is not seen.

use crate::support::{engine, module};
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};
use wasmetal::{Func, Instance, MemoryType, SharedMemory, Store};

/// What each of two threads does in a round, again and again. It stores the round's number, `$round`, to `$x` or `$y`,
/// and leaves in `$seen` what it has found. Nothing else is stored there, and the numbers count up: so the threads need
/// not be in the same round for what they see to be judged.
struct Litmus {
    name: &'static str,
    halves: [&'static str; 2],
    /// Whether what the threads saw in a round is forbidden.
    forbidden: fn(u32, [u32; 2]) -> bool,
}

/// Both have missed what the other one stored before it looked.
const BOTH_TOO_EARLY: fn(u32, [u32; 2]) -> bool = |round, seen| seen[0] < round && seen[1] < round;

const TESTS: &[Litmus] = &[
    // For aarch64 these tests mostly run under QEMU, which lets a load-acquire overtake a store-release
    // before it (7.2, on x86-64): Rust's own atomics show it there.
    #[cfg(not(target_arch = "aarch64"))]
    Litmus {
        name: "store buffering",
        halves: [
            "(i32.atomic.store $x (local.get $round))
             (local.set $seen (i32.atomic.load $y))",
            "(i32.atomic.store $y (local.get $round))
             (local.set $seen (i32.atomic.load $x))",
        ],
        forbidden: BOTH_TOO_EARLY,
    },
    Litmus {
        name: "store buffering, fences",
        halves: [
            "(i32.store $x (local.get $round))
             (atomic.fence)
             (local.set $seen (i32.load $y))",
            "(i32.store $y (local.get $round))
             (atomic.fence)
             (local.set $seen (i32.load $x))",
        ],
        forbidden: BOTH_TOO_EARLY,
    },
    Litmus {
        name: "store buffering, read-modify-write",
        halves: [
            "(drop (i32.atomic.rmw.xchg $x (local.get $round)))
             (local.set $seen (i32.atomic.rmw.add $y (i32.const 0)))",
            "(drop (i32.atomic.rmw.xchg $y (local.get $round)))
             (local.set $seen (i32.atomic.rmw.or $x (i32.const 0)))",
        ],
        forbidden: BOTH_TOO_EARLY,
    },
    Litmus {
        name: "message passing",
        halves: [
            "(i32.store $x (local.get $round))
             (i32.atomic.store $y (local.get $round))",
            // The flag first, then what it stands for.
            "(local.set $seen (i32.gt_u (i32.atomic.load $y) (i32.load $x)))",
        ],
        forbidden: |_, seen| seen[1] == 1,
    },
    Litmus {
        name: "load buffering",
        halves: [
            "(local.set $seen (i32.atomic.load $y))
             (i32.atomic.store $x (local.get $round))",
            "(local.set $seen (i32.atomic.load $x))
             (i32.atomic.store $y (local.get $round))",
        ],
        // Each has seen what the other one stored after it had looked.
        forbidden: |round, seen| seen[0] >= round && seen[1] >= round,
    },
];

const ROUNDS: u32 = 50_000;

/// Where things are: in different lines of the cache.
const X: u32 = 0;
const Y: u32 = 256;
const PROGRESS: [u32; 2] = [512, 768];
/// What was seen in each round.
const SEEN: [u32; 2] = [1 << 16, 5 << 16];
const PAGES: u32 = 9;
const _: () = assert!((ROUNDS + 1) * 4 <= SEEN[1] - SEEN[0]);
const _: () = assert!(SEEN[1] + (ROUNDS + 1) * 4 <= PAGES << 16);

/// How long the threads try to meet, on a machine that has much else to do.
const PATIENCE: Duration = Duration::from_secs(1);

/// A module that runs the rounds of one half, and returns how many it did. Before each it waits until the other one has
/// come as far; a thread that is behind does not wait, and catches up. The other one may have lost its core to another
/// program, so patience ends.
fn half(litmus: &Litmus, me: usize) -> String {
    let address = |at: u32| format!("(i32.const {at})");
    let body = litmus.halves[me]
        .replace("$x", &address(X))
        .replace("$y", &address(Y));
    format!(
        r#"(import "" "memory" (memory {PAGES} {PAGES} shared))
        (import "" "is patient" (func $is_patient (result i32)))
        (func (export "run") (result i32)
            (local $round i32) (local $seen i32) (local $turns i32)
            (loop $next
                (local.set $round (i32.add (local.get $round) (i32.const 1)))
                (i32.atomic.store (i32.const {mine}) (local.get $round))
                (loop $wait_long
                    (local.set $turns (i32.const 50000))
                    (loop $wait
                        (if (i32.lt_u (i32.atomic.load (i32.const {theirs})) (local.get $round))
                            (then
                                (br_if $wait (local.tee $turns
                                    (i32.sub (local.get $turns) (i32.const 1))))
                                (br_if $wait_long (call $is_patient))
                                ;; The other one need not wait any more.
                                (i32.atomic.store (i32.const {mine}) (i32.const -1))
                                (return (i32.sub (local.get $round) (i32.const 1)))))))
                {body}
                (i32.store offset={seen} (i32.shl (local.get $round) (i32.const 2)) (local.get $seen))
                (br_if $next (i32.lt_u (local.get $round) (i32.const {ROUNDS}))))
            (local.get $round))"#,
        mine = PROGRESS[me],
        theirs = PROGRESS[1 - me],
        seen = SEEN[me],
    )
}

/// Two of the cores on which this program may run, if there are two. Threads that are left to the scheduler may
/// be on one core for long.
fn two_cores() -> Option<[CpuSet; 2]> {
    let all = sched_getaffinity(None).unwrap();
    let mut cores = (0..CpuSet::MAX_CPU)
        .filter(|core| all.is_set(*core))
        .map(|core| {
            let mut one = CpuSet::new();
            one.set(core);
            one
        });
    Some([cores.next()?, cores.next()?])
}

fn check(litmus: &Litmus) {
    let engine = engine();
    let memory = SharedMemory::new(&engine, MemoryType::shared(PAGES, PAGES)).unwrap();
    let cores = two_cores();
    let threads = [0, 1].map(|me| {
        let mut store = Store::new(&engine, ());
        let begin = Instant::now();
        let is_patient = Func::wrap(&mut store, move || {
            if cores.is_none() {
                thread::yield_now();
            }
            u32::from(begin.elapsed() < PATIENCE)
        });
        let module = module(&engine, &half(litmus, me));
        let imports = [memory.clone().into(), is_patient.into()];
        let instance = Instance::new(&mut store, &module, &imports).unwrap();
        let run = instance.get_typed_func::<(), u32>(&mut store, "run");
        let core = cores.map(|cores| cores[me]);
        thread::spawn(move || {
            if let Some(core) = core {
                sched_setaffinity(None, &core).unwrap();
            }
            run.unwrap().call(&mut store, ())
        })
    });
    let rounds = threads.map(|thread| thread.join().unwrap().unwrap());
    for round in 1..=rounds[0].min(rounds[1]) {
        let seen = SEEN.map(|at| {
            let at = (at + 4 * round) as usize;
            let word = memory.data()[at..at + 4][0].get().cast();
            // SAFETY: in the memory, which is aligned to a page; the threads have ended.
            unsafe { AtomicU32::from_ptr(word) }.load(Ordering::Relaxed)
        });
        assert!(
            !(litmus.forbidden)(round, seen),
            "{}: {seen:?} in round {round}",
            litmus.name
        );
    }
}

#[test]
fn atomics_are_sequentially_consistent() {
    for litmus in TESTS {
        check(litmus);
    }
}
