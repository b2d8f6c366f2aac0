//! Further cores start, run on stacks, timers and registers of their own, and stop; heap, frames and
//! console serve all of them at once.
#![no_std]
#![no_main]

extern crate alloc;

use alloc::{boxed::Box, format, vec, vec::Vec};
use core::arch::asm;
use core::hint::black_box;
use core::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use wasmetal_platform::Platform;
use wasmetal_platform_bare::cores::{self, Running, StartError};
use wasmetal_platform_bare::{Interrupted, entry, platform, println, timer};

entry!(main);

fn main() -> i32 {
    assert_eq!(cores::current(), 0);
    refusals();
    let count = cores::count();
    println!("{count} cores");
    shared_jobs();
    for index in 1..count {
        let running = cores::start(index, move || {
            println!("core {} is on", cores::current());
            cores::current()
        });
        assert_eq!(running.expect("it starts").join(), index);
    }
    if count > 1 {
        let frames = platform().free_frames();
        rounds();
        one_at_a_time();
        own_state();
        own_timer();
        assert_eq!(platform().free_frames(), frames, "frames are given back");
        shared_memory();
        assert_eq!(platform().free_frames(), frames, "frames are given back");
    }
    0
}

/// Starts `work` on all cores but the first, runs it there as well, and returns all results.
fn everywhere<R: Send + 'static>(work: fn() -> R) -> Vec<R> {
    let running: Vec<Running<R>> = (1..cores::count())
        .map(|index| cores::start(index, work).expect("the core is off"))
        .collect();
    let first = work();
    core::iter::once(first)
        .chain(running.into_iter().map(Running::join))
        .collect()
}

fn shared_jobs() {
    for count in [0, 1, 2, 3, 100] {
        let done: Vec<AtomicU32> = (0..count).map(|_| AtomicU32::new(0)).collect();
        cores::for_each(count, &|index| {
            done[index].fetch_add(1, Ordering::Relaxed);
        });
        assert!(
            done.into_iter().all(|times| times.into_inner() == 1),
            "{count} jobs"
        );
    }
}

fn refusals() {
    assert_eq!(cores::start(0, || {}).err(), Some(StartError::Busy));
    for index in [cores::count(), cores::MAX, usize::MAX] {
        let refused = cores::start(index, || {}).err();
        assert_eq!(refused, Some(StartError::NoSuchCore), "{index}");
    }
}

fn rounds() {
    for round in 0..200_u64 {
        let text = format!("round {round}");
        let running = cores::start(1, move || (text.len(), Box::new(round * 3)));
        let (length, value) = running.expect("the core is off again").join();
        assert_eq!(
            (length, *value),
            (format!("round {round}").len(), round * 3)
        );
    }
}

fn one_at_a_time() {
    static GO_ON: AtomicBool = AtomicBool::new(false);
    let running = cores::start(1, || {
        while !GO_ON.load(Ordering::Acquire) {
            core::hint::spin_loop();
        }
    });
    let running = running.expect("the core is off");
    for _ in 0..100 {
        assert_eq!(cores::start(1, || {}).err(), Some(StartError::Busy));
    }
    assert!(!running.is_finished());
    GO_ON.store(true, Ordering::Release);
    running.join();
    // A result that nobody waits for is dropped.
    drop(cores::start(1, || vec![1, 2, 3]).expect("the core is off"));
    let next = loop {
        match cores::start(1, || 5) {
            Err(StartError::Busy) => core::hint::spin_loop(),
            other => break other,
        }
    };
    assert_eq!(next.expect("the core goes off by itself").join(), 5);
}

/// The stack pointer, the exception level and the stack pointer in use, `SCTLR_EL1`, translation,
/// floating-point control.
fn registers() -> [u64; 7] {
    let mut values = [0; 7];
    // SAFETY: reads registers.
    unsafe {
        asm!(
            "mov {0}, sp", "mrs {1}, CurrentEL", "mrs {2}, spsel", "mrs {3}, sctlr_el1",
            "mrs {4}, ttbr0_el1", "mrs {5}, ttbr1_el1", "mrs {6}, fpcr",
            out(reg) values[0], out(reg) values[1], out(reg) values[2], out(reg) values[3],
            out(reg) values[4], out(reg) values[5], out(reg) values[6],
        );
    }
    values
}

fn own_state() {
    let all = everywhere(registers);
    for (index, registers) in all.iter().enumerate() {
        assert_eq!(registers[1..], all[0][1..], "core {index} is set up alike");
        let others = all[..index].iter();
        assert!(
            others
                .into_iter()
                .all(|other| other[0].abs_diff(registers[0]) > 1 << 20),
            "core {index} has a stack of its own"
        );
    }
    // Floating point works, and its control registers are the core's own.
    let sums = everywhere(|| {
        let tenths = (0..1000).map(|n| black_box(f64::from(n) * 0.1));
        tenths.sum::<f64>().to_bits()
    });
    assert!(sums.iter().all(|sum| *sum == sums[0]));
}

fn own_timer() {
    static TICKS: [AtomicU32; cores::MAX] = [const { AtomicU32::new(0) }; cores::MAX];
    fn tick(_: &mut Interrupted) {
        TICKS[cores::current()].fetch_add(1, Ordering::Relaxed);
    }
    fn wait_for(ticks: u32) -> u32 {
        let mine = &TICKS[cores::current()];
        while mine.load(Ordering::Relaxed) < ticks {
            core::hint::spin_loop();
        }
        timer::stop();
        mine.load(Ordering::Relaxed)
    }
    let running = cores::start(1, || {
        timer::periodic(timer::frequency() / 1000, tick);
        wait_for(20)
    });
    let ticks = running.expect("the core is off").join();
    assert!(ticks >= 20);
    assert_eq!(
        TICKS[0].load(Ordering::Relaxed),
        0,
        "the first core has no timer"
    );
    let all = everywhere(|| {
        timer::periodic(timer::frequency() / 1000, tick);
        wait_for(TICKS[cores::current()].load(Ordering::Relaxed) + 20)
    });
    for (index, ticks) in all.into_iter().enumerate() {
        assert_eq!(TICKS[index].load(Ordering::Relaxed), ticks, "stopped");
    }
}

/// Heap, address space, frames and page tables, used by all cores at once.
fn shared_memory() {
    const PAGE: usize = 4096;
    everywhere(|| {
        let mut seed = cores::current() as u64 + 1;
        let mut random = move || {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            seed as usize
        };
        let mark = cores::current() as u8 + 1;
        let mut blocks: Vec<Vec<u8>> = vec![];
        let mut pages: Vec<(*mut u8, usize)> = vec![];
        for _ in 0..3000 {
            match random() % 4 {
                0 => blocks.push(vec![mark; random() % 5000]),
                1 if !blocks.is_empty() => {
                    let block = blocks.swap_remove(random() % blocks.len());
                    assert!(block.iter().all(|byte| *byte == mark), "a block is shared");
                }
                2 => {
                    let size = (1 + random() % 8) * PAGE;
                    let base = platform().reserve(16 * PAGE, PAGE).expect("address space");
                    // SAFETY: the start of the new reservation; the bytes are zeroes.
                    let bytes = unsafe {
                        platform().commit(base, size).expect("memory");
                        core::slice::from_raw_parts_mut(base, size)
                    };
                    assert!(bytes.iter().all(|byte| *byte == 0), "a frame is shared");
                    bytes.fill(mark);
                    pages.push((base, size));
                }
                3 if !pages.is_empty() => {
                    let (base, size) = pages.swap_remove(random() % pages.len());
                    release(base, size, mark);
                }
                _ => {}
            }
        }
        for (base, size) in pages {
            release(base, size, mark);
        }
    });

    fn release(base: *mut u8, size: usize, mark: u8) {
        // SAFETY: committed pages of a reservation that is nobody else's, given back after that.
        unsafe {
            let bytes = core::slice::from_raw_parts(base, size);
            assert!(bytes.iter().all(|byte| *byte == mark), "a frame is shared");
            platform().release(base, 16 * PAGE);
        }
    }
}
