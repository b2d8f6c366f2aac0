//! Cores sleep until a tick, a handler or another core wakes them; no call is lost, and they do sleep.
#![no_std]
#![no_main]

use core::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use core::time::Duration;

use wasmetal_platform::{Fault, Platform, Resume};
use wasmetal_platform_bare::{Interrupted, cores, entry, platform, println, timer};

entry!(main);

fn main() -> i32 {
    until_a_tick();
    until_a_handler();
    beside_the_platforms_timer();
    if cores::count() > 1 {
        in_turn();
    }
    0
}

fn after(time: Duration) -> u64 {
    timer::now() + timer::ticks(time)
}

fn until_a_tick() {
    cores::sleep_until(Some(0));
    let (begin, slept) = (timer::now(), cores::asleep());
    for microseconds in [0, 1, 10, 3_000] {
        let due = after(Duration::from_micros(microseconds));
        cores::sleep_until(Some(due));
        assert!(timer::now() >= due);
    }
    let all = timer::duration(timer::now() - begin);
    let slept = cores::asleep() - slept;
    println!("{slept:?} of {all:?} asleep");
    assert!(slept <= all && slept >= Duration::from_millis(2));
}

fn until_a_handler() {
    fn handler(_: &mut Interrupted) {
        cores::wake(cores::current());
    }
    for microseconds in [0, 1, 2, 5, 1_000] {
        timer::once(timer::ticks(Duration::from_micros(microseconds)), handler);
        cores::sleep_until(None);
    }
    // Before it sleeps; once, however often. And one that is no core.
    cores::wake(cores::current());
    cores::wake(cores::current());
    cores::wake(cores::MAX);
    cores::sleep_until(None);
    let due = after(Duration::from_millis(1));
    cores::sleep_until(Some(due));
    assert!(timer::now() >= due);
}

/// When the trap hook was asked last.
static ASKED: AtomicU64 = AtomicU64::new(0);

fn hook(_: &Fault) -> Option<Resume> {
    ASKED.store(timer::now(), Ordering::SeqCst);
    None
}

/// What the platform's timer is set to comes, before the sleep ends and after it.
fn beside_the_platforms_timer() {
    // SAFETY: the hook does nothing but write a word.
    unsafe { platform().set_trap_hook(hook) }.expect("no other hook");
    for (timer, sleep) in [(1, 3), (3, 1)] {
        let time = Duration::from_millis(timer);
        let due = after(time);
        platform().set_timer(Some(time)).expect("a timer");
        cores::sleep_until(Some(after(Duration::from_millis(sleep))));
        while ASKED.load(Ordering::SeqCst) < due {
            core::hint::spin_loop();
        }
    }
}

/// Two cores wake each other, one after the other.
fn in_turn() {
    const ROUNDS: u32 = 20_000;
    static TURN: AtomicU32 = AtomicU32::new(0);
    let work = |me: u32| {
        for round in 0..ROUNDS {
            while TURN.load(Ordering::SeqCst) != 2 * round + me {
                cores::sleep_until(None);
            }
            TURN.fetch_add(1, Ordering::SeqCst);
            cores::wake(1 - me as usize);
        }
    };
    cores::join(1, || work(1), || work(0)).expect("a second core");
    assert_eq!(TURN.load(Ordering::SeqCst), 2 * ROUNDS);
}
