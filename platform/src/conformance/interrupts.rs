//! Checks of interrupts and timers.
//!
//! A probe spins until it is interrupted. If no interrupt comes, another core lets it go when [`LONG`] has passed by the
//! platform's own clock; where there is no other core, it hangs.

use core::cell::Cell;
use core::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use core::time::Duration;

use super::park::NO_PAIR;
use super::probe::{Caught, Probe};
use super::{Miss, Pair, arch, ensure, faults};
use crate::{FaultKind, Platform, Thread};

/// Longer than any interrupt takes, on a machine that is busy and emulated.
const LONG: Duration = Duration::from_secs(5);

/// Later than the probe begins to spin.
pub(super) const LATE: Duration = Duration::from_millis(20);

/// What [`Probe::spin`] works on.
#[repr(C)]
pub(super) struct Flags {
    pub(super) spinning: AtomicBool,
    pub(super) enough: AtomicBool,
}

impl Flags {
    pub(super) const fn new() -> Self {
        Self {
            spinning: AtomicBool::new(false),
            enough: AtomicBool::new(false),
        }
    }

    pub(super) fn clear(&self) {
        self.spinning.store(false, Ordering::SeqCst);
        self.enough.store(false, Ordering::SeqCst);
    }

    /// Spins until there is an interrupt: false if it was let go.
    fn spin(&self) -> Result<bool, Miss> {
        let probe = Probe::spin();
        self.spinning.store(false, Ordering::SeqCst);
        // SAFETY: the probe reads and writes the flags, which are atomic.
        let Err(Caught { fault, .. }) =
            (unsafe { probe.attempt(core::ptr::from_ref(self).addr()) })
        else {
            return Ok(false);
        };
        ensure!(
            fault.kind == FaultKind::Interrupt,
            "the interrupt looks like a fault"
        );
        let inside = (probe.entry()..probe.entry() + arch::SPIN_SIZE).contains(&fault.pc);
        // Between the frame of the attempt and the probe: the call, and the way back.
        ensure!(
            inside || !self.spinning.load(Ordering::SeqCst),
            "the interrupt's pc is wrong"
        );
        ensure!(
            !inside || fault.sp == fault.fp - arch::DEPTH,
            "the interrupt's sp is wrong"
        );
        Ok(true)
    }
}

/// Runs `job` on one of two cores, this one, while the other one, if there is one, sees to it that it does not spin for
/// ever on these flags.
pub(super) fn watched(
    platform: &dyn Platform,
    pair: Option<Pair>,
    flags: &Flags,
    this: usize,
    job: impl Fn() -> Result<(), Miss> + Sync,
) -> Result<(), Miss> {
    let Some(pair) = pair else {
        return job();
    };
    let (outcome, done) = (Outcome(Cell::new(Ok(()))), AtomicBool::new(false));
    pair(&|me| {
        if me == this {
            outcome.set(job());
            done.store(true, Ordering::SeqCst);
        } else {
            let begin = platform.now();
            while !done.load(Ordering::SeqCst) {
                let late = platform.now() - begin > LONG;
                flags.enough.store(late, Ordering::SeqCst);
                core::hint::spin_loop();
            }
        }
    });
    outcome.0.into_inner()
}

/// How a job on one of two cores ended.
struct Outcome(Cell<Result<(), Miss>>);

// SAFETY: the one core that does the job uses it, before the other one, which waits for that.
unsafe impl Sync for Outcome {}

impl Outcome {
    fn set(&self, outcome: Result<(), Miss>) {
        self.0.set(outcome);
    }
}

pub(super) fn clock(platform: &dyn Platform, pair: Option<Pair>) -> Result<(), Miss> {
    let latest = AtomicU64::new(0);
    let back = AtomicBool::new(false);
    let look = |_| {
        for _ in 0..10_000 {
            let before = latest.load(Ordering::SeqCst);
            let now = platform.now().as_nanos() as u64;
            back.fetch_or(now < before, Ordering::SeqCst);
            latest.fetch_max(now, Ordering::SeqCst);
        }
    };
    match pair {
        Some(pair) => pair(&look),
        None => look(0),
    }
    ensure!(!back.into_inner(), "the clock goes back");
    let begin = platform.now();
    for _ in 0..100_000_000_u64 {
        if platform.now() > begin {
            return Ok(());
        }
    }
    Err(Miss::Fail("the clock stands still"))
}

pub(super) fn timer(platform: &dyn Platform, pair: Option<Pair>) -> Result<(), Miss> {
    faults::install(platform)?;
    let flags = Flags::new();
    watched(platform, pair, &flags, 0, || timers(platform, &flags))
}

fn timers(platform: &dyn Platform, flags: &Flags) -> Result<(), Miss> {
    for microseconds in [0, 1, 50, 1_000, 20_000] {
        let after = Duration::from_micros(microseconds);
        for _ in 0..5 {
            let set = platform.set_timer(Some(after));
            ensure!(set.is_ok(), "set_timer failed");
            // It may come before the probe spins; then nobody takes it.
            if after < LATE {
                let set = platform.set_timer(Some(LATE));
                ensure!(set.is_ok(), "set_timer failed");
            }
            ensure!(flags.spin()?, "the timer did not come");
        }
    }
    let set = platform.set_timer(None);
    ensure!(set.is_ok(), "set_timer failed");
    Ok(())
}

/// What was set before does not keep the next from coming.
pub(super) fn timer_again(platform: &dyn Platform, pair: Option<Pair>) -> Result<(), Miss> {
    faults::install(platform)?;
    let flags = Flags::new();
    watched(platform, pair, &flags, 0, || timers_again(platform, &flags))
}

fn timers_again(platform: &dyn Platform, flags: &Flags) -> Result<(), Miss> {
    let soon = Some(LATE);
    for before in [
        &[][..],
        &[None],
        &[Some(LONG)],
        &[Some(Duration::MAX)],
        &[Some(Duration::from_secs(u64::MAX / 1_000_000_000))],
        &[soon, None],
        &[None, None, Some(LONG), Some(LONG)],
    ] {
        for after in before.iter().copied().chain([soon]) {
            let set = platform.set_timer(after);
            ensure!(set.is_ok(), "set_timer failed");
        }
        ensure!(flags.spin()?, "the timer did not come");
    }
    Ok(())
}

/// One core spins, and is interrupted once it does.
pub(super) fn interrupt(platform: &dyn Platform, pair: Option<Pair>) -> Result<(), Miss> {
    const ROUNDS: usize = 1_000;
    let pair = pair.ok_or(NO_PAIR)?;
    faults::install(platform)?;
    let (thread, round, lost) = (
        AtomicU64::new(0),
        AtomicUsize::new(0),
        AtomicBool::new(false),
    );
    let wrong = AtomicBool::new(false);
    let flags = Flags::new();
    pair(&|me| {
        if me == 0 {
            let ready = platform.set_timer(None).is_ok();
            thread.store(platform.current_thread().get(), Ordering::SeqCst);
            wrong.fetch_or(!ready, Ordering::SeqCst);
            for _ in 0..ROUNDS {
                match flags.spin() {
                    Ok(interrupted) => lost.fetch_or(!interrupted, Ordering::SeqCst),
                    Err(_) => wrong.fetch_or(true, Ordering::SeqCst),
                };
                flags.spinning.store(false, Ordering::SeqCst);
                round.fetch_add(1, Ordering::SeqCst);
                if lost.load(Ordering::SeqCst) {
                    break;
                }
            }
        } else {
            for this in 0..ROUNDS {
                while !flags.spinning.load(Ordering::SeqCst) {
                    if lost.load(Ordering::SeqCst) {
                        return;
                    }
                    core::hint::spin_loop();
                }
                if let Some(thread) = Thread::new(thread.load(Ordering::SeqCst)) {
                    platform.interrupt(thread);
                }
                let begin = platform.now();
                while round.load(Ordering::SeqCst) == this {
                    let late = platform.now() - begin > LONG;
                    flags.enough.fetch_or(late, Ordering::SeqCst);
                    core::hint::spin_loop();
                }
            }
        }
    });
    ensure!(!wrong.into_inner(), "the interrupt's registers are wrong");
    ensure!(!lost.into_inner(), "an interrupt was lost");
    Ok(())
}

/// What nobody takes changes nothing: one core computes, the other interrupts it all the time.
pub(super) fn undisturbed(platform: &dyn Platform, pair: Option<Pair>) -> Result<(), Miss> {
    let pair = pair.ok_or(NO_PAIR)?;
    faults::install(platform)?;
    let (thread, done) = (AtomicU64::new(0), AtomicBool::new(false));
    let disturbed = AtomicBool::new(false);
    pair(&|me| {
        if me == 0 {
            let expected = compute();
            let _ = platform.set_timer(None);
            thread.store(platform.current_thread().get(), Ordering::SeqCst);
            for _ in 0..2_000 {
                disturbed.fetch_or(compute() != expected, Ordering::SeqCst);
            }
            done.store(true, Ordering::SeqCst);
        } else {
            while !done.load(Ordering::SeqCst) {
                match Thread::new(thread.load(Ordering::SeqCst)) {
                    None => core::hint::spin_loop(),
                    Some(thread) => platform.interrupt(thread),
                }
            }
            // It may be gone by now.
            if let Some(thread) = Thread::new(thread.load(Ordering::SeqCst)) {
                platform.interrupt(thread);
            }
        }
    });
    ensure!(
        !disturbed.into_inner(),
        "an interrupt that nobody took changed something"
    );
    Ok(())
}

/// Keeps integer and vector registers busy, and flags.
pub(super) fn compute() -> (u64, u64) {
    let (mut integers, mut floats) = (core::hint::black_box([1_u64; 8]), [1.0_f64; 8]);
    for round in 0..200_u64 {
        for (i, (integer, float)) in integers.iter_mut().zip(&mut floats).enumerate() {
            *integer = integer
                .wrapping_mul(6_364_136_223_846_793_005)
                .rotate_left(7)
                ^ round;
            if *integer % 3 == i as u64 % 3 {
                *float = *float * 0.75 + (*integer >> 40) as f64;
            }
        }
    }
    (
        integers.iter().fold(0, |sum, it| sum ^ it),
        floats.iter().fold(0, |sum, it| sum ^ it.to_bits()),
    )
}
