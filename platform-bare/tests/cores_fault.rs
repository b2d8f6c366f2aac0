//! Faults, overflows, panics and exits on the second core end the machine as those of the first do. The
//! payload says which.
#![no_std]
#![no_main]

use core::hint::black_box;
use core::sync::atomic::{AtomicU32, Ordering};
use wasmetal_platform_bare::{Interrupted, cores, entry, exit, payload, println, timer};

entry!(main);

fn main() -> ! {
    let what = core::str::from_utf8(payload().expect("a payload")).expect("a word");
    match what {
        "fault" => on_second(fault),
        "both" => on_second(|| {
            meet();
            fault()
        }),
        "handler" => on_second(|| timer::once(1, |_| fault())),
        "stack" => on_second(|| assert_ne!(recurse(0), 0)),
        "exception stack" => on_second(|| timer::once(1, overflow)),
        "panic" => on_second(|| panic!("on purpose")),
        "exit" => on_second(|| exit::exit(7)),
        _ => panic!("what is {what}?"),
    }
    if what == "both" {
        meet();
        fault();
    }
    // Whatever the first core prints is not to get into the report.
    loop {
        println!("the first core is still there");
    }
}

fn on_second(work: fn()) {
    let started = cores::start(1, move || {
        work();
        loop {
            core::hint::spin_loop();
        }
    });
    drop(started.expect("it starts"));
}

/// Waits until both cores are here.
fn meet() {
    static HERE: AtomicU32 = AtomicU32::new(0);
    HERE.fetch_add(1, Ordering::AcqRel);
    while HERE.load(Ordering::Acquire) < 2 {
        core::hint::spin_loop();
    }
}

fn fault() {
    // SAFETY: nothing is mapped there: this faults.
    unsafe { (0x1_2345_6788 as *mut u8).write_volatile(0) };
}

#[inline(never)]
fn recurse(depth: u64) -> u64 {
    let local = [depth; 16];
    black_box(&local);
    match black_box(depth) {
        u64::MAX => 0,
        _ => 1 + recurse(depth + 1) + black_box(local[3]),
    }
}

fn overflow(_: &mut Interrupted) {
    black_box(recurse(0));
}
