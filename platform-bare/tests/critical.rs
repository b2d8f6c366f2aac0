//! Critical sections: one core at a time, without interrupts, also where they are nested.
#![no_std]
#![no_main]

use core::cell::Cell;
use core::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use critical_section::{Mutex, with};
use wasmetal_platform_bare::{Interrupted, cores, entry, println, timer};

entry!(main);

/// What is counted by a load and a store, which nothing may come between.
static COUNT: Mutex<Cell<u64>> = Mutex::new(Cell::new(0));
/// How often it was.
static TIMES: AtomicU64 = AtomicU64::new(0);

fn count() {
    with(|section| {
        let count = COUNT.borrow(section);
        let before = count.get();
        // In a section still, when an inner one has ended.
        with(|_| core::hint::black_box(()));
        count.set(core::hint::black_box(before) + 1);
    });
    TIMES.fetch_add(1, Ordering::Relaxed);
}

fn tick(_: &mut Interrupted) {
    count();
}

fn work() {
    timer::periodic(timer::frequency() / 5_000, tick);
    for _ in 0..200_000 {
        count();
    }
    timer::stop();
}

fn main() -> i32 {
    // Interrupts come after the last of nested sections, and not before.
    static CAME: AtomicBool = AtomicBool::new(false);
    with(|_| {
        timer::once(0, |_| CAME.store(true, Ordering::SeqCst));
        with(|_| ());
        let begin = timer::now();
        while timer::now() - begin < timer::frequency() / 1_000 {}
        assert!(!CAME.load(Ordering::SeqCst));
    });
    while !CAME.load(Ordering::SeqCst) {
        core::hint::spin_loop();
    }
    match cores::count() {
        1 => work(),
        _ => drop(cores::join(1, work, work).expect("a second core")),
    }
    let counted = with(|section| COUNT.borrow(section).get());
    let times = TIMES.load(Ordering::Relaxed);
    println!(
        "{counted} of {times}, {} by handlers",
        times - 200_000 * cores::count() as u64
    );
    assert_eq!(counted, times);
    0
}
