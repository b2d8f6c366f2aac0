//! The conformance suite finds out a platform that breaks its promises. Each lie has a process to
//! itself, as the suite wants it, and runs the check that is to find it out.

#[path = "common/child.rs"]
mod child;
mod common;

use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use wasmetal_platform::conformance::{Check, Outcome, Scope, probe, run_those};
use wasmetal_platform::{
    Capabilities, Fault, Image, Platform, Protection, Result, Resume, SavedRegisters, Thread,
    TrapHook,
};
use wasmetal_platform_linux::platform;

use child::End::Exit;

/// What is wrong with a [`Liar`].
#[derive(Clone, Copy, Debug, PartialEq)]
enum Lie {
    KnowsEveryFeature,
    IgnoresAlignment,
    OverlapsReservations,
    GivesAbsurdReservations,
    CommitsDirtyPages,
    KeepsDecommittedPages,
    ClearsANeighbour,
    IgnoresProtection,
    LeavesCodeWritable,
    LeavesDataExecutable,
    MapsNoImage,
    AcceptsTwoHooks,
    TellsWrongPc,
    TellsWrongSp,
    TellsWrongKind,
    LosesArguments,
    TellsAnotherRegister,
    ParksTooShort,
    LosesWakeUps,
    WakesForNothing,
    LosesInterrupts,
    LosesTimers,
    StopsTheClock,
    HasNoTimer,
    PopulatesWithDirt,
    ChangesAVector,
    ChangesTheFlags,
    ForgetsToBegin,
    RingsTooSoon,
    LosesAlarms,
}
use Lie::*;

/// The check that sets the hook that others need.
const HOOK: &str = "one trap hook, and only one";

/// Every lie, with a check that must fail for it.
const LIES: &[(Lie, &str)] = &[
    (KnowsEveryFeature, "unknown CPU features are absent"),
    (IgnoresAlignment, "reservations are aligned as asked"),
    (OverlapsReservations, "many reservations do not overlap"),
    (
        GivesAbsurdReservations,
        "absurd reservations are refused without harm",
    ),
    (CommitsDirtyPages, "committed pages are zero and writable"),
    (
        KeepsDecommittedPages,
        "decommit loses contents, recommit is zero",
    ),
    (
        ClearsANeighbour,
        "decommit loses contents, recommit is zero",
    ),
    (IgnoresProtection, "a store to a read-only page faults"),
    (LeavesCodeWritable, "a store to an executable page faults"),
    (LeavesDataExecutable, "execution of a writable page faults"),
    (MapsNoImage, "image views are private and end in zeroes"),
    (AcceptsTwoHooks, HOOK),
    (TellsWrongPc, "an illegal instruction reaches the hook"),
    (TellsWrongSp, "resumption sets pc, sp, fp and arguments"),
    (TellsWrongKind, "a load from a reserved page faults"),
    (LosesArguments, "resumption sets pc, sp, fp and arguments"),
    (TellsAnotherRegister, "a fault tells the pinned register"),
    (ParksTooShort, "parking does not end before its timeout"),
    (LosesWakeUps, "no wake-up is lost"),
    (WakesForNothing, "wake-ups for nothing are slept over"),
    (LosesInterrupts, "an interrupt reaches the hook on its core"),
    (LosesTimers, "a timer ends in the hook"),
    (StopsTheClock, "the clock goes on, and never back"),
    (HasNoTimer, "a timer ends in the hook"),
    (PopulatesWithDirt, "populated pages are as they were"),
    (
        ChangesAVector,
        "what was interrupted goes on with all registers",
    ),
    (
        ChangesTheFlags,
        "what was interrupted goes on with all registers",
    ),
    (
        ForgetsToBegin,
        "what was interrupted goes on with all registers",
    ),
    (RingsTooSoon, "the alarm rings when its time has come"),
    (LosesAlarms, "the alarm rings when its time has come"),
];

fn main() {
    child::check_ends(
        "lies",
        LIES.iter().map(|&(lie, check)| {
            let name = format!("{lie:?} is found out by: {check}");
            (name, move || find_out(lie, check), Exit(0))
        }),
    );
}

/// Runs a check on a liar, and ends the process with 0 where it finds out the lie.
fn find_out(lie: Lie, check: &str) {
    let scope = Scope {
        address_space: false,
        ..common::SCOPE
    };
    // SAFETY: the process has nothing to see to at its end.
    let exit = |code| unsafe { libc::_exit(code) };
    let wanted = |one: &Check| one.name == check || one.name == HOOK;
    run_those(&Liar(lie), scope, &wanted, &mut |name, outcome| {
        if name == check && matches!(outcome, Outcome::Failed(_)) {
            exit(0);
        }
    });
    exit(1);
}

struct Liar(Lie);

impl Liar {
    fn page(&self) -> usize {
        platform().capabilities().page_size
    }
}

fn wrong_pc(fault: &Fault) -> Option<Resume> {
    let pc = fault.pc + 1;
    probe::hook(&Fault { pc, ..*fault })
}

fn wrong_sp(fault: &Fault) -> Option<Resume> {
    let sp = fault.sp + 16;
    probe::hook(&Fault { sp, ..*fault })
}

fn wrong_kind(fault: &Fault) -> Option<Resume> {
    let kind = wasmetal_platform::FaultKind::Arithmetic;
    probe::hook(&Fault { kind, ..*fault })
}

fn other_register(fault: &Fault) -> Option<Resume> {
    let pinned = fault.fp;
    probe::hook(&Fault { pinned, ..*fault })
}

fn no_arguments(fault: &Fault) -> Option<Resume> {
    let resume = probe::hook(fault)?;
    Some(Resume {
        args: [0; 2],
        ..resume
    })
}

// SAFETY: it breaks the promises, but only to checks that are made for that.
unsafe impl Platform for Liar {
    fn capabilities(&self) -> Capabilities {
        platform().capabilities()
    }

    fn cpu_feature(&self, name: &str) -> bool {
        self.0 == KnowsEveryFeature || platform().cpu_feature(name)
    }

    fn reserve(&self, size: usize, align: usize) -> Result<*mut u8> {
        static LAST: AtomicUsize = AtomicUsize::new(0);
        match self.0 {
            IgnoresAlignment => platform().reserve(size, self.page()),
            OverlapsReservations if LAST.load(Relaxed) != 0 && size <= 7 * self.page() => {
                Ok(std::ptr::with_exposed_provenance_mut(LAST.load(Relaxed)))
            }
            OverlapsReservations => {
                let base = platform().reserve(size, align)?;
                if size == 7 * self.page() {
                    LAST.store(base.expose_provenance(), Relaxed);
                }
                Ok(base)
            }
            GivesAbsurdReservations if size > 1 << 50 => platform().reserve(self.page(), align),
            _ => platform().reserve(size, align),
        }
    }

    unsafe fn release(&self, base: *mut u8, size: usize) {
        if self.0 != OverlapsReservations {
            // SAFETY: the caller's contract.
            unsafe { platform().release(base, size) }
        }
    }

    unsafe fn commit(&self, base: *mut u8, size: usize) -> Result<()> {
        // SAFETY: the caller's contract; the page committed is writable.
        unsafe {
            platform().commit(base, size)?;
            if self.0 == CommitsDirtyPages {
                base.add(size - 1).write(1);
            }
        }
        Ok(())
    }

    unsafe fn populate(&self, base: *mut u8, size: usize) {
        // SAFETY: the caller's contract; the pages are writable.
        unsafe {
            platform().populate(base, size);
            if self.0 == PopulatesWithDirt {
                base.add(size - 1).write(1);
            }
        }
    }

    unsafe fn decommit(&self, base: *mut u8, size: usize) {
        if self.0 == KeepsDecommittedPages {
            return;
        }
        // SAFETY: the caller's contract; what is taken besides is a lie.
        unsafe {
            platform().decommit(base, size);
            if self.0 == ClearsANeighbour {
                base.add(size).write_bytes(0, self.page());
            }
        }
    }

    unsafe fn protect(&self, base: *mut u8, size: usize, protection: Protection) -> Result<()> {
        let raw = |size, rights| {
            // SAFETY: the caller's contract; rights given besides are a lie.
            assert_eq!(unsafe { libc::mprotect(base.cast(), size, rights) }, 0);
            Ok(())
        };
        let all = libc::PROT_READ | libc::PROT_WRITE | libc::PROT_EXEC;
        match (self.0, protection) {
            (IgnoresProtection, _) => raw(size, all),
            (LeavesCodeWritable, Protection::ReadExecute) => raw(size, all),
            (LeavesDataExecutable, Protection::ReadWrite) => raw(size, all),
            // SAFETY: the caller's contract.
            _ => unsafe { platform().protect(base, size, protection) },
        }
    }

    unsafe fn publish(&self, base: *const u8, size: usize) {
        // SAFETY: the caller's contract.
        unsafe { platform().publish(base, size) }
    }

    fn create_image(&self, bytes: &[u8], go_on: &mut dyn FnMut() -> bool) -> Option<Image> {
        platform().create_image(bytes, go_on)
    }

    unsafe fn map_image(&self, image: &Image, base: *mut u8) -> Result<()> {
        let size = image.len.next_multiple_of(self.page());
        // SAFETY: the caller's contract.
        unsafe {
            match self.0 {
                MapsNoImage => platform().commit(base, size),
                _ => platform().map_image(image, base),
            }
        }
    }

    unsafe fn drop_image(&self, image: Image) {
        // SAFETY: the caller's contract.
        unsafe { platform().drop_image(image) }
    }

    unsafe fn set_trap_hook(&self, hook: TrapHook) -> Result<()> {
        let hook = match self.0 {
            AcceptsTwoHooks => probe::hook,
            TellsWrongPc => wrong_pc,
            TellsWrongSp => wrong_sp,
            TellsWrongKind => wrong_kind,
            LosesArguments => no_arguments,
            TellsAnotherRegister => other_register,
            _ => hook,
        };
        // SAFETY: the caller's contract, which holds for these hooks as for the probes'.
        unsafe { platform().set_trap_hook(hook) }
    }

    fn thread_init(&self) -> Option<fn() -> Result<()>> {
        platform().thread_init()
    }

    fn park(&self, word: &AtomicU32, expected: u32, timeout: Option<Duration>) {
        match self.0 {
            ParksTooShort => platform().park(word, expected, timeout.map(|timeout| timeout / 2)),
            WakesForNothing => {
                let timeout = timeout.map(|timeout| libc::timespec {
                    tv_sec: timeout.as_secs().try_into().unwrap_or(i32::MAX.into()),
                    tv_nsec: timeout.subsec_nanos().into(),
                });
                let timeout = timeout
                    .as_ref()
                    .map_or(std::ptr::null(), std::ptr::from_ref);
                let (word, wait) = (word.as_ptr(), libc::FUTEX_WAIT | libc::FUTEX_PRIVATE_FLAG);
                // SAFETY: the kernel reads the word and the timeout.
                unsafe { libc::syscall(libc::SYS_futex, word, wait, expected, timeout) };
            }
            _ => platform().park(word, expected, timeout),
        }
    }

    fn unpark(&self, word: &AtomicU32) {
        if self.0 != LosesWakeUps {
            platform().unpark(word);
        }
    }

    fn now(&self) -> Duration {
        match self.0 {
            StopsTheClock => Duration::from_secs(1),
            _ => platform().now(),
        }
    }

    fn current_thread(&self) -> Thread {
        platform().current_thread()
    }

    fn interrupt(&self, thread: Thread) {
        if self.0 != LosesInterrupts {
            platform().interrupt(thread);
        }
    }

    unsafe fn continue_interrupted(
        &self,
        registers: &SavedRegisters,
        begin: unsafe fn(*mut ()),
        data: *mut (),
    ) -> ! {
        let mut changed = *registers;
        let mut begin = begin;
        match self.0 {
            ChangesAVector => changed.vectors[7] ^= 1 << 100,
            // Zero: bit 30 of `PSTATE`, bit 6 of `rflags`.
            ChangesTheFlags => {
                changed.flags ^= 1 << if cfg!(target_arch = "x86_64") { 6 } else { 30 }
            }
            ForgetsToBegin => begin = |_| (),
            _ => {}
        }
        // SAFETY: the caller's contract; what is changed besides is a lie.
        unsafe { platform().continue_interrupted(&changed, begin, data) }
    }

    fn set_timer(&self, after: Option<Duration>) -> Result<()> {
        match self.0 {
            HasNoTimer => Err(wasmetal_platform::Error::new(
                wasmetal_platform::Operation::SetTimer,
                0,
            )),
            LosesTimers if after.is_some() => Ok(()),
            _ => platform().set_timer(after),
        }
    }

    fn set_alarm(&self, at: Duration, ring: fn()) -> Result<()> {
        match self.0 {
            RingsTooSoon => {
                platform().set_alarm(at.saturating_sub(Duration::from_millis(15)), ring)
            }
            LosesAlarms => Ok(()),
            _ => platform().set_alarm(at, ring),
        }
    }
}
