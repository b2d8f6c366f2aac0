//! Wasm on two cores shares a memory: atomic operators, waits and notifications, a contended mutex,
//! growth under way.
#![no_std]
#![no_main]

extern crate alloc;

#[path = "common/wasm.rs"]
mod wasm;

use core::sync::atomic::{AtomicBool, Ordering};
use core::time::Duration;
use wasm::{check_trap, engine, func};
use wasmetal::{
    Engine, Instance, MemoryType, Module, SharedMemory, Store, Trap, TypedFunc, WaitResult,
    WasmParams, WasmResults,
};
use wasmetal_platform_bare::{cores, entry, platform, println, timer};
use wasmetal_wat::wat;

entry!(main);

/// How long each part goes on, in seconds: on a host that is busy, waiting for the other core takes long.
const BUDGET: u64 = 3;

const MODULE: &[u8] = wat!(
    r#"(module
    (import "" "memory" (memory 1 1000 shared))

    ;; A mutex of three states: free, taken, taken and wanted.
    (func $lock (param $a i32) (local $state i32)
        (local.set $state (i32.atomic.rmw.cmpxchg (local.get $a) (i32.const 0) (i32.const 1)))
        (if (local.get $state) (then
            (loop $again
                (if (i32.or
                        (i32.eq (local.get $state) (i32.const 2))
                        (i32.ne (i32.const 0)
                            (i32.atomic.rmw.cmpxchg (local.get $a) (i32.const 1) (i32.const 2))))
                    (then (drop (memory.atomic.wait32 (local.get $a) (i32.const 2) (i64.const -1)))))
                (local.set $state (i32.atomic.rmw.cmpxchg (local.get $a) (i32.const 0) (i32.const 2)))
                (br_if $again (local.get $state))))))
    (func $unlock (param $a i32)
        (if (i32.ne (i32.atomic.rmw.sub (local.get $a) (i32.const 1)) (i32.const 1)) (then
            (i32.atomic.store (local.get $a) (i32.const 0))
            (drop (memory.atomic.notify (local.get $a) (i32.const 1))))))

    ;; Counts in 32 words that belong together, with plain loads and stores, under the mutex at 0.
    ;; Returns how often they did not agree.
    (func (export "count") (param $n i32) (result i32) (local $at i32) (local $wrong i32) (local $value i32)
        (loop $again
            (call $lock (i32.const 0))
            (local.set $value (i32.load (i32.const 1024)))
            (local.set $at (i32.const 1024))
            (loop $words
                (local.set $wrong (i32.add (local.get $wrong)
                    (i32.ne (i32.load (local.get $at)) (local.get $value))))
                (i32.store (local.get $at) (i32.add (i32.load (local.get $at)) (i32.const 1)))
                (br_if $words (i32.lt_u
                    (local.tee $at (i32.add (local.get $at) (i32.const 4))) (i32.const 1152))))
            (call $unlock (i32.const 0))
            (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
        (local.get $wrong))

    ;; Operators of all widths, on numbers that both cores change.
    (func (export "add") (param $n i32)
        (loop $again
            (drop (i32.atomic.rmw8.add_u (i32.const 2001) (i32.const 1)))
            (drop (i32.atomic.rmw16.sub_u (i32.const 2002) (i32.const 1)))
            (drop (i32.atomic.rmw.add (i32.const 2004) (i32.const 3)))
            (drop (i64.atomic.rmw.add (i32.const 2008) (i64.const 0x100000001)))
            (drop (i64.atomic.rmw.xor (i32.const 2016) (i64.extend_i32_u (local.get $n))))
            (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1))))))

    ;; Waits until the word at $a is not $old any more, then counts the one at $b and wakes who waits there.
    (func (export "turn") (param $a i32) (param $old i32) (param $b i32)
        (loop $again
            (if (i32.eq (i32.atomic.load (local.get $a)) (local.get $old)) (then
                (drop (memory.atomic.wait32 (local.get $a) (local.get $old) (i64.const -1)))
                (br $again))))
        (drop (i32.atomic.rmw.add (local.get $b) (i32.const 1)))
        (drop (memory.atomic.notify (local.get $b) (i32.const -1))))

    (func (export "wait") (param i32 i32 i64) (result i32)
        (memory.atomic.wait32 (local.get 0) (local.get 1) (local.get 2)))
    (func (export "notify") (param i32) (result i32)
        (memory.atomic.notify (local.get 0) (i32.const -1)))
    (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
    ;; The last word of the memory: what it was, and a number in its place.
    (func (export "last") (param i32) (result i32 i32) (local $at i32)
        (local.set $at (i32.sub (i32.mul (memory.size) (i32.const 65536)) (i32.const 4)))
        (i32.load (local.get $at))
        (i32.store (local.get $at) (local.get 0))
        (local.get $at))
    (func (export "load") (param i32) (result i32) (i32.atomic.load (local.get 0))))"#
);

/// A store of one core, with the memory that both share.
struct Agent {
    store: Store<()>,
    instance: Instance,
}

impl Agent {
    fn func<P: WasmParams, R: WasmResults>(&mut self, name: &str) -> TypedFunc<P, R> {
        func(&mut self.store, self.instance, name)
    }

    #[track_caller]
    fn call<P: WasmParams, R: WasmResults>(&mut self, name: &str, params: P) -> R {
        let f = self.func(name);
        f.call(&mut self.store, params).expect("no trap")
    }
}

/// One engine, module and memory.
struct Shared {
    engine: Engine,
    module: Module,
    memory: SharedMemory,
}

impl Shared {
    fn new() -> Self {
        let engine = engine();
        let module = Module::new(&engine, MODULE).expect("a valid module");
        let memory = SharedMemory::new(&engine, MemoryType::shared(1, 1000)).expect("a memory");
        Self {
            engine,
            module,
            memory,
        }
    }

    fn agent(&self) -> Agent {
        let mut store = Store::new(&self.engine, ());
        let memory = self.memory.clone().into();
        let instance = Instance::new(&mut store, &self.module, &[memory]).expect("an instance");
        Agent { store, instance }
    }

    /// The number of `N` bytes at `at`; nobody changes it now.
    fn number<const N: usize>(&self, at: usize) -> u64 {
        let bytes = self.memory.data()[at..at + N].iter();
        bytes.rev().fold(0, |number, byte| {
            // SAFETY: the other core is done.
            let byte = unsafe { *byte.get() };
            number << 8 | u64::from(byte)
        })
    }
}

type Test = fn(&Shared);

fn main() -> i32 {
    // The stacks of the second core stay.
    cores::start(1, || {}).expect("it starts").join();
    let frames = platform().free_frames();
    let tests: [(&str, Test); 5] = [
        ("atomic operators", operators),
        ("a contended mutex", mutex),
        ("waiting in turns", turns),
        ("timeouts", timeouts),
        ("growth under way", growth),
    ];
    for (name, test) in tests {
        println!("{name}");
        test(&Shared::new());
        assert_eq!(
            platform().free_frames(),
            frames,
            "frames are given back: {name}"
        );
    }
    0
}

/// Runs `work(agent)` on both cores until the time is up, and returns how often each has done it.
fn both(shared: &Shared, work: impl Fn(&mut Agent) + Sync) -> [u64; 2] {
    let end = timer::now() + BUDGET * timer::frequency();
    let work = || {
        let mut agent = shared.agent();
        let mut count = 0;
        while count < 3 || timer::now() < end {
            work(&mut agent);
            count += 1;
        }
        count
    };
    let (there, here) = cores::join(1, work, work).expect("the core is off");
    [here, there]
}

fn operators(shared: &Shared) {
    let counts = both(shared, |agent| agent.call("add", 1000));
    let count = (counts[0] + counts[1]) * 1000;
    assert_eq!(shared.number::<1>(2001), count & 0xff);
    assert_eq!(shared.number::<2>(2002), count.wrapping_neg() & 0xffff);
    assert_eq!(shared.number::<4>(2004), (count * 3) & 0xffff_ffff);
    assert_eq!(shared.number::<8>(2008), count.wrapping_mul(0x1_0000_0001));
    let once = (1..=1000).fold(0, |all, n| all ^ n);
    let odd = (counts[0] + counts[1]) % 2;
    assert_eq!(shared.number::<8>(2016), once * odd);
    println!("  {counts:?} thousand");
}

fn mutex(shared: &Shared) {
    let counts = both(shared, |agent| {
        assert_eq!(
            agent.call::<i32, i32>("count", 100),
            0,
            "both hold the mutex"
        );
    });
    let count = (counts[0] + counts[1]) * 100;
    assert!(
        (1024..1152)
            .step_by(4)
            .all(|at| shared.number::<4>(at) == count)
    );
    assert_eq!(shared.number::<4>(0), 0, "the mutex is free");
    println!("  {counts:?} hundred");
}

/// Each core waits for the other's word, and counts up its own.
fn turns(shared: &Shared) {
    const WORDS: [i32; 2] = [64, 128];
    let rounds = |range: core::ops::Range<i32>| {
        // The first core begins: it waits while the other's count is less than the round, and the other
        // while its is no more.
        let play = |me: usize| {
            let mut agent = shared.agent();
            let turn: TypedFunc<(i32, i32, i32), ()> = agent.func("turn");
            for round in range.clone() {
                let old = round - 1 + me as i32;
                let turned = turn.call(&mut agent.store, (WORDS[1 - me], old, WORDS[me]));
                turned.expect("no trap");
            }
        };
        cores::join(1, || play(1), || play(0)).expect("the core is off");
    };
    let begin = timer::now();
    rounds(0..50);
    let each = (timer::now() - begin) / 50;
    let count = (BUDGET * timer::frequency() / each.max(1)).clamp(50, 10_000) as i32;
    rounds(50..50 + count);
    for word in WORDS {
        assert_eq!(shared.number::<4>(word as usize), count as u64 + 50);
    }
    println!("  {count} turns each");
}

fn timeouts(shared: &Shared) {
    // 5 ms, on both cores, by the counter.
    let counts = both(shared, |agent| {
        let begin = timer::now();
        let outcome: i32 = agent.call("wait", (256, 0, 5_000_000_i64));
        assert_eq!(outcome, WaitResult::TimedOut as i32);
        let passed = timer::duration(timer::now() - begin);
        assert!(passed >= Duration::from_millis(5), "{passed:?}");
        assert_eq!(
            agent.call::<_, i32>("wait", (256, 1, -1_i64)),
            WaitResult::Mismatch as i32
        );
    });
    println!("  {counts:?}");
    // Woken long before the time is up.
    let begin = timer::now();
    let wait = || -> i32 { shared.agent().call("wait", (512, 0, 600_000_000_000_i64)) };
    let wake = || {
        let mut agent = shared.agent();
        while agent.call::<i32, i32>("notify", 512) == 0 {
            core::hint::spin_loop();
        }
    };
    let (outcome, ()) = cores::join(1, wait, wake).expect("the core is off");
    assert_eq!(outcome, WaitResult::Ok as i32);
    assert!(timer::duration(timer::now() - begin) < Duration::from_secs(300));
    // Waits end in a trap where there can be none.
    let mut agent = shared.agent();
    let wait: TypedFunc<(i32, i32, i64), i32> = agent.func("wait");
    check_trap(wait.call(&mut agent.store, (1, 0, 0)), Trap::HeapMisaligned);
    check_trap(
        wait.call(&mut agent.store, (65536, 0, 0)),
        Trap::MemoryOutOfBounds,
    );
}

/// One core grows the memory; the other uses what has come, and traps behind it.
fn growth(shared: &Shared) {
    let end = timer::now() + BUDGET * timer::frequency();
    let grown = AtomicBool::new(false);
    let grow = || {
        let mut agent = shared.agent();
        let mut size = 1;
        while size < 1000 && (size < 50 || timer::now() < end) {
            assert_eq!(agent.call::<i32, i32>("grow", 1), size);
            size += 1;
        }
        grown.store(true, Ordering::Release);
        size
    };
    let access = || {
        let mut agent = shared.agent();
        let load: TypedFunc<i32, i32> = agent.func("load");
        let mut seen = (0, 0);
        loop {
            let done = grown.load(Ordering::Acquire);
            let (was, at): (i32, i32) = agent.call("last", seen.0 + 1);
            match at == seen.1 {
                true => assert_eq!(was, seen.0),
                false => assert_eq!(was, 0, "new memory is zero"),
            }
            seen = (seen.0 + 1, at);
            check_trap(
                load.call(&mut agent.store, 1000 << 16),
                Trap::MemoryOutOfBounds,
            );
            if done {
                check_trap(load.call(&mut agent.store, at + 4), Trap::MemoryOutOfBounds);
                break at;
            }
        }
    };
    let (at, size) = cores::join(1, access, grow).expect("the core is off");
    assert_eq!(at, (size << 16) - 4);
    println!("  {size} pages");
}
