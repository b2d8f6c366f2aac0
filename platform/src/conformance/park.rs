//! Checks of parking and unparking.
//!
//! One core shows that parking ends. That it does not end too soon takes a clock, and that it ends
//! when another core says so takes another core. A platform that loses a wake-up fails the check
//! when twice [`LONG`] has passed; it does not hang.

use core::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use core::time::Duration;

use super::{Miss, Pair, ensure};
use crate::Platform;

/// Longer than any wake-up takes, on a machine that is busy and emulated.
const LONG: Duration = Duration::from_secs(5);

/// What every check that needs a clock or a second core says without one.
const NO_CLOCK: Miss = Miss::Skip("no clock");
pub(super) const NO_PAIR: Miss = Miss::Skip("one core");

pub(super) fn differs(platform: &dyn Platform) -> Result<(), Miss> {
    for (value, expected) in [(0, 1), (1, 0), (u32::MAX, 0), (1 << 31, 0), (1 << 16, 0)] {
        let word = AtomicU32::new(value);
        platform.unpark(&word);
        for timeout in [None, Some(Duration::ZERO), Some(LONG), Some(Duration::MAX)] {
            platform.park(&word, expected, timeout);
        }
        let kept = word.load(Ordering::Relaxed) == value;
        ensure!(kept, "parking changed the word");
    }
    Ok(())
}

pub(super) fn times_out(platform: &dyn Platform) -> Result<(), Miss> {
    let word = AtomicU32::new(7);
    for nanoseconds in [0, 1, 999, 50_000, 1_000_000, 20_000_000] {
        platform.park(&word, 7, Some(Duration::from_nanos(nanoseconds)));
        // Wakes nobody, and must not be remembered for those who park later.
        platform.unpark(&word);
    }
    Ok(())
}

/// One core has nobody who would end it, so the word differs.
pub(super) fn long(platform: &dyn Platform) -> Result<(), Miss> {
    let word = AtomicU32::new(0);
    for seconds in [u64::MAX, i64::MAX as u64, u64::MAX / 1_000_000_000] {
        platform.park(&word, 1, Some(Duration::from_secs(seconds)));
    }
    Ok(())
}

pub(super) fn early(platform: &dyn Platform, now: Option<fn() -> Duration>) -> Result<(), Miss> {
    let now = now.ok_or(NO_CLOCK)?;
    let word = AtomicU32::new(0);
    for microseconds in [0, 1, 10, 100, 1_000, 10_000, 100_000] {
        let timeout = Duration::from_micros(microseconds);
        let begin = now();
        platform.park(&word, 0, Some(timeout));
        let passed = now().saturating_sub(begin);
        ensure!(passed >= timeout, "it ended before its time");
        ensure!(passed < timeout + LONG, "it ended long after its time");
        platform.unpark(&word);
    }
    Ok(())
}

/// Changes the word and wakes those who wait for that.
fn post(platform: &dyn Platform, word: &AtomicU32, value: u32) {
    word.store(value, Ordering::Release);
    platform.unpark(word);
}

/// Two cores wait for each other in turns.
///
/// The thread that wakes the other gives up sooner than that one does: so a wake-up that is lost shows as a
/// word that nobody has seen. The second half of the rounds is parked for ever.
pub(super) fn woken(platform: &dyn Platform, pair: Option<Pair>) -> Result<(), Miss> {
    const ROUNDS: u32 = 10_000;
    let pair = pair.ok_or(NO_PAIR)?;
    let (word, seen) = (AtomicU32::new(0), AtomicU32::new(0));
    let lost = AtomicBool::new(false);
    pair(&|me| {
        for round in 0..ROUNDS {
            if round as usize % 2 == me {
                let timeout = (round < ROUNDS / 2).then_some(2 * LONG);
                while word.load(Ordering::Acquire) == round {
                    platform.park(&word, round, timeout);
                }
                post(platform, &seen, round + 1);
            } else {
                pause(round);
                post(platform, &word, round + 1);
                platform.park(&seen, round, Some(LONG));
                let missing = seen.load(Ordering::Acquire) == round;
                lost.fetch_or(missing, Ordering::Release);
            }
            if lost.load(Ordering::Acquire) {
                return;
            }
        }
    });
    ensure!(!lost.into_inner(), "a wake-up was lost");
    Ok(())
}

/// Lets some time pass, from none to about as much as it takes to fall asleep.
fn pause(round: u32) {
    for _ in 0..round % 97 * 16 {
        core::hint::spin_loop();
    }
}

/// Timeouts about as long as a wake-up takes.
pub(super) fn races(platform: &dyn Platform, pair: Option<Pair>) -> Result<(), Miss> {
    const ROUNDS: u32 = 2_000;
    let pair = pair.ok_or(NO_PAIR)?;
    let (word, seen) = (AtomicU32::new(0), AtomicU32::new(0));
    pair(&|me| {
        for round in 0..ROUNDS {
            if me == 0 {
                let timeout = Duration::from_micros(u64::from(round % 64));
                while word.load(Ordering::Acquire) == round {
                    platform.park(&word, round, Some(timeout));
                }
                post(platform, &seen, round + 1);
            } else {
                pause(round);
                post(platform, &word, round + 1);
                while seen.load(Ordering::Acquire) == round {
                    platform.park(&seen, round, Some(LONG));
                }
            }
        }
    });
    Ok(())
}

/// One core is parked; the other wakes it all the time, with the word as it was.
pub(super) fn undisturbed(
    platform: &dyn Platform,
    pair: Option<Pair>,
    now: Option<fn() -> Duration>,
) -> Result<(), Miss> {
    const TIMEOUT: Duration = Duration::from_millis(20);
    let (pair, now) = (pair.ok_or(NO_PAIR)?, now.ok_or(NO_CLOCK)?);
    let (word, done) = (AtomicU32::new(0), AtomicBool::new(false));
    let early = AtomicBool::new(false);
    pair(&|me| {
        if me == 0 {
            for _ in 0..5 {
                let begin = now();
                platform.park(&word, 0, Some(TIMEOUT));
                early.fetch_or(now().saturating_sub(begin) < TIMEOUT, Ordering::Relaxed);
            }
            done.store(true, Ordering::Release);
        } else {
            while !done.load(Ordering::Acquire) {
                platform.unpark(&word);
            }
        }
    });
    ensure!(!early.into_inner(), "a wake-up for nothing ended it");
    Ok(())
}
