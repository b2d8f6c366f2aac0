//! Checks that what was interrupted goes on later, with all its registers.
//!
//! [`hold`](arch::hold) has a pattern in every register, on a stack of its own, and spins. It is interrupted there, and left,
//! with its registers kept. Other code runs, on the same core or on another, and goes on with them. An interrupt of `begin`
//! then lets it out of its loop, and it writes down what it finds in the registers.

use core::cell::UnsafeCell;
use core::mem::MaybeUninit;
use core::ptr;
use core::sync::atomic::{AtomicBool, AtomicPtr, AtomicUsize, Ordering};
use core::time::Duration;

use super::interrupts::{self, Flags};
use super::probe::{self, Slot};
use super::{Miss, Pair, arch, ensure, faults};
use crate::{Fault, FaultKind, Platform, Resume, SavedRegisters};

/// How often, each time with another pattern.
const ROUNDS: u64 = 16;

/// How often the interrupt may come before the code is on its stack.
const EARLY: usize = 50;

/// Bytes of the code's stack: room for what handlers put there.
const STACK: usize = 16 << 10;

/// What code has in registers. The assembly knows the order.
#[derive(Clone, Copy, PartialEq)]
#[repr(C, align(16))]
pub(super) struct Registers {
    vectors: [u128; arch::VECTORS],
    pub(super) flags: u64,
    pub(super) float_control: u64,
    float_status: u64,
    _unused: u64,
    pub(super) general: [u64; arch::GENERAL],
}

impl Registers {
    const NONE: Self = Self {
        vectors: [0; _],
        flags: 0,
        float_control: 0,
        float_status: 0,
        _unused: 0,
        general: [0; _],
    };

    /// Different in all rounds, and in all registers.
    fn pattern(round: u64) -> Self {
        let mut next = round;
        let mut word = || {
            next = next
                .wrapping_add(1)
                .wrapping_mul(6_364_136_223_846_793_005)
                .rotate_left(23);
            next
        };
        let mut registers = Self::NONE;
        for vector in &mut registers.vectors {
            *vector = u128::from(word()) << 64 | u128::from(word());
        }
        for register in &mut registers.general {
            *register = word();
        }
        let float = usize::from(word() & 1 == 1);
        registers.float_control = arch::FLOAT_CONTROLS[float];
        registers.float_status = arch::FLOAT_STATUSES[float];
        registers.flags = word() & arch::FLAGS;
        registers
    }
}

/// Code that is held. The assembly knows the order of the first fields.
#[repr(C, align(16))]
pub(super) struct Held {
    flags: Flags,
    pattern: UnsafeCell<Registers>,
    /// What the code has found when it went on.
    found: UnsafeCell<Registers>,
    stack: UnsafeCell<[u8; STACK]>,
    /// The attempt that is left for the one around it when the code stops.
    slot: AtomicPtr<Slot>,
    /// Somebody checks: in one process another platform may be checked at the same time.
    taken: AtomicBool,
    /// It is to be kept when it is interrupted.
    keep: AtomicBool,
    kept: UnsafeCell<MaybeUninit<SavedRegisters>>,
    /// How often `begin` was called.
    begun: AtomicUsize,
    /// The hook was asked about the code after that.
    asked: AtomicBool,
    /// The address of a reference to the platform that goes on with it.
    platform: AtomicUsize,
}

// SAFETY: who runs the check uses the cells, the code that it holds, and the hook that has interrupted that: in turns.
unsafe impl Sync for Held {}

impl Held {
    /// Where the fields are that the assembly uses.
    pub(super) const PATTERN: usize = core::mem::offset_of!(Self, pattern);
    pub(super) const FOUND: usize = core::mem::offset_of!(Self, found);
    pub(super) const STACK_END: usize = core::mem::offset_of!(Self, stack) + STACK;

    /// The registers that were kept.
    ///
    /// # Safety
    /// The code has been left.
    unsafe fn kept(&self) -> &SavedRegisters {
        // SAFETY: the caller's promise; they were initialised.
        unsafe { (*self.kept.get()).assume_init_ref() }
    }

    fn stack(&self) -> core::ops::RangeInclusive<usize> {
        let start = self.stack.get().addr();
        start..=start + STACK
    }
}

static HELD: Held = Held {
    flags: Flags::new(),
    pattern: UnsafeCell::new(Registers::NONE),
    found: UnsafeCell::new(Registers::NONE),
    stack: UnsafeCell::new([0; _]),
    slot: AtomicPtr::new(ptr::null_mut()),
    taken: AtomicBool::new(false),
    keep: AtomicBool::new(false),
    // They are numbers, of which 0 is one.
    kept: UnsafeCell::new(MaybeUninit::zeroed()),
    begun: AtomicUsize::new(0),
    asked: AtomicBool::new(false),
    platform: AtomicUsize::new(0),
};

/// What the hook answers about the code that is held; `None` if it is not that.
pub(super) fn hook(fault: &Fault) -> Option<Option<Resume>> {
    if !HELD.stack().contains(&fault.sp) {
        return None;
    }
    let interrupted = fault.kind == FaultKind::Interrupt;
    if interrupted && !HELD.keep.swap(false, Ordering::SeqCst) {
        // It may be asked as often as it likes.
        HELD.asked.store(true, Ordering::SeqCst);
        HELD.flags.enough.store(true, Ordering::SeqCst);
        return Some(None);
    }
    // SAFETY: the code runs inside of this attempt, which is not over.
    let resume = unsafe { probe::catch(&*HELD.slot.load(Ordering::SeqCst), fault) };
    let keep = interrupted.then(|| HELD.kept.get().cast());
    Some(Some(Resume {
        keep: keep.and_then(ptr::NonNull::new),
        ..resume
    }))
}

/// Interrupts the thread: the hook, which is asked about the code, lets that out of its loop.
///
/// # Safety
/// None.
unsafe fn begin(held: *mut ()) {
    let expected = ptr::from_ref(&HELD).cast_mut().cast();
    HELD.begun
        .fetch_add(usize::from(held == expected), Ordering::SeqCst);
    HELD.asked.store(false, Ordering::SeqCst);
    // SAFETY: it is the address of the one that `go_on` has, which is a reference to a platform that outlives this.
    let platform = unsafe {
        *ptr::with_exposed_provenance::<&dyn Platform>(HELD.platform.load(Ordering::SeqCst))
    };
    platform.interrupt(platform.current_thread());
}

/// Goes on with the code, on behalf of a platform: `platform` is the address of a reference to it.
///
/// # Safety
/// Its registers were kept by that platform.
unsafe extern "C" fn go_on(platform: usize, _: usize) -> usize {
    // SAFETY: the caller's promise. Nobody but the code uses its stack; where it ends, an attempt ends that is around this.
    unsafe {
        HELD.platform.store(platform, Ordering::SeqCst);
        let platform = *ptr::with_exposed_provenance::<&dyn Platform>(platform);
        let data = ptr::from_ref(&HELD).cast_mut().cast();
        platform.continue_interrupted(HELD.kept(), begin, data)
    }
}

/// Attempts a function with the held code's slot: how it ended.
///
/// # Safety
/// As for [`probe::attempt`].
unsafe fn attempt(code: usize, argument: usize) -> Option<Fault> {
    let told = |slot: &'static Slot| {
        HELD.slot
            .store(ptr::from_ref(slot).cast_mut(), Ordering::SeqCst);
    };
    // SAFETY: the caller's promise.
    let ended = unsafe { probe::attempt_in(code, [argument, 0], told) };
    ended.err().map(|caught| caught.fault)
}

/// Has the code be interrupted, and its registers be kept.
fn interrupt(platform: &dyn Platform) -> Result<(), Miss> {
    for _ in 0..EARLY {
        HELD.keep.store(true, Ordering::SeqCst);
        let set = platform.set_timer(Some(interrupts::LATE));
        ensure!(set.is_ok(), "set_timer failed");
        let held = ptr::from_ref(&HELD).addr();
        // SAFETY: the code uses its stack, and the fields that are its own.
        let fault = unsafe { attempt(arch::hold as *const () as usize, held) };
        let early = HELD.keep.swap(false, Ordering::SeqCst);
        let Some(fault) = fault else {
            return Err(Miss::Fail("the code returned"));
        };
        ensure!(fault.kind == FaultKind::Interrupt, "the timer did not come");
        if !early {
            // SAFETY: the code has been left.
            let kept = unsafe { HELD.kept() };
            ensure!(kept.pc == fault.pc as u64, "another pc was kept");
            return Ok(());
        }
    }
    Err(Miss::Fail("all interrupts came too early"))
}

/// Goes on with it.
fn resume(platform: &dyn Platform) -> Result<(), Miss> {
    let prepared = platform.thread_init().is_none_or(|init| init().is_ok());
    // Other code has used all registers meanwhile.
    core::hint::black_box(interrupts::compute());
    let platform = ptr::from_ref(&platform).expose_provenance();
    // SAFETY: the platform has kept the registers, and outlives the attempt.
    let fault = unsafe { attempt(go_on as *const () as usize, platform) };
    let Some(fault) = fault else {
        return Err(Miss::Fail("going on has returned"));
    };
    ensure!(prepared, "thread_init failed");
    ensure!(
        fault.kind == FaultKind::IllegalInstruction,
        "the code did not go on to its end"
    );
    Ok(())
}

/// It is interrupted on one core and goes on there, or on another if there is one.
pub(super) fn registers(platform: &dyn Platform, pair: Option<Pair>) -> Result<(), Miss> {
    faults::install(platform)?;
    while HELD.taken.swap(true, Ordering::Acquire) {
        core::hint::spin_loop();
    }
    let outcome = rounds(platform, pair);
    HELD.taken.store(false, Ordering::Release);
    outcome
}

fn rounds(platform: &dyn Platform, pair: Option<Pair>) -> Result<(), Miss> {
    for round in 0..ROUNDS {
        let pattern = Registers::pattern(round);
        // SAFETY: no code is held.
        unsafe {
            *HELD.pattern.get() = pattern;
            *HELD.found.get() = Registers::NONE;
        }
        HELD.begun.store(0, Ordering::SeqCst);
        HELD.flags.clear();
        interrupts::watched(platform, pair, &HELD.flags, 0, || interrupt(platform))?;
        HELD.flags.clear();
        // Every other time on the core that it was on.
        let where_to = (round % 2) as usize;
        interrupts::watched(platform, pair, &HELD.flags, where_to, || resume(platform))?;
        // SAFETY: the code has ended.
        let found = unsafe { *HELD.found.get() };
        let begun = HELD.begun.load(Ordering::SeqCst);
        ensure!(begun == 1, "begin is called once, with its data");
        let asked = HELD.asked.load(Ordering::SeqCst);
        ensure!(asked, "an interrupt was lost right before the code went on");
        ensure!(found.vectors == pattern.vectors, "a vector was changed");
        ensure!(
            found.general == pattern.general,
            "a general register was changed"
        );
        ensure!(
            found.flags & arch::FLAGS == pattern.flags,
            "the flags were changed"
        );
        ensure!(
            found.float_control == pattern.float_control,
            "floating-point control was changed"
        );
        ensure!(
            found.float_status == pattern.float_status,
            "floating-point status was changed"
        );
    }
    let set = platform.set_timer(Some(Duration::MAX));
    ensure!(set.is_ok(), "set_timer failed");
    Ok(())
}
