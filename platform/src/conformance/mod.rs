//! What every platform must pass: the promises of [`Platform`], checked from outside.
//!
//! [`run`] goes through [`CHECKS`] and reports each, [`run_those`] through some. The same code runs in a process and
//! in a kernel: it does not allocate. A check that needs what a platform does not claim is skipped, and reported with
//! the reason.
//!
//! The checks install a trap hook of their own for good, so they have a process (or a kernel) to
//! themselves.

mod alarm;
mod arch;
mod continued;
mod execution;
mod faults;
mod images;
mod interrupts;
mod mapping;
mod pages;
mod park;
pub mod probe;
mod protection;

use core::time::Duration;

use crate::Platform;

/// One promise, checked.
#[derive(Clone, Copy)]
pub struct Check {
    /// What is promised.
    pub name: &'static str,
    /// What the platform must offer for it to make sense.
    pub needs: Needs,
    run: fn(&dyn Platform, Scope) -> Result<(), Miss>,
}

/// What a check needs of the platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Nothing but memory.
    Memory,
    /// Address space that costs nothing: see [`Scope`].
    AddressSpace,
    /// Published pages can be executed.
    Execution,
    /// Execution, and [`guard_pages`](crate::Capabilities::guard_pages).
    GuardPages,
    /// Execution, and [`branch_protection`](crate::Capabilities::branch_protection).
    BranchProtection,
    /// [`park`](crate::Capabilities::park).
    Park,
    /// Execution, and [`interrupts`](crate::Capabilities::interrupts).
    Interrupts,
    /// Interrupts, and [`continues`](crate::Capabilities::continues).
    Continues,
    /// [`alarm`](crate::Capabilities::alarm).
    Alarm,
}

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The promise is kept.
    Passed,
    /// The platform does not make the promise, for this reason.
    Skipped(&'static str),
    /// The promise is broken, in this way.
    Failed(&'static str),
}

/// Why a check did not pass.
enum Miss {
    Skip(&'static str),
    Fail(&'static str),
}

impl From<&'static str> for Miss {
    fn from(reason: &'static str) -> Self {
        Self::Fail(reason)
    }
}

/// Fails the check unless the condition holds.
macro_rules! ensure {
    ($condition:expr, $otherwise:literal) => {
        if !$condition {
            return Err(Miss::Fail($otherwise));
        }
    };
}
use ensure;

/// The table of checks: what each needs, its function with what it takes of the scope, its name.
macro_rules! checks {
    ($($needs:ident $module:ident::$run:ident $(($($part:ident),*))? $name:literal,)*) => {
        /// All checks, in the order in which [`run`] goes through them.
        pub const CHECKS: &[Check] = &[$(Check {
            name: $name,
            needs: Needs::$needs,
            run: |platform, _scope| $module::$run(platform $($(, _scope.$part)*)?),
        },)*];
    };
}

checks! {
    Memory mapping::capabilities "capabilities are sane and constant",
    Memory mapping::unknown_features "unknown CPU features are absent",
    Memory mapping::alignment "reservations are aligned as asked",
    Memory mapping::zeroed "committed pages are zero and writable",
    Memory mapping::recommit "decommit loses contents, recommit is zero",
    Memory mapping::decommit_twice "decommit of reserved pages changes nothing",
    Memory mapping::frees_memory "decommit and release give memory back",
    Memory mapping::sparse "a huge reservation is cheap, committed in places",
    Memory mapping::populated "populated pages are as they were",
    Memory mapping::many "many reservations do not overlap",
    AddressSpace mapping::reuse "released address space is used again",
    Memory mapping::absurd "absurd reservations are refused without harm",
    GuardPages mapping::absurd_commit "an absurd commit is refused without harm, or given",
    Memory protection::keeps_contents "protection changes keep contents",
    Memory protection::neighbours "protection changes leave neighbours alone",
    Memory images::views "image views are private and end in zeroes",
    Memory images::replaces "an image view replaces what was there",
    Memory images::outlive "image views outlive their image",
    Memory images::pieces "an image is made in pieces, as far as it is to go on",
    Execution faults::hook "one trap hook, and only one",
    Execution execution::publish "published code runs",
    Execution execution::unaligned "code at any offset of a page runs",
    Execution execution::in_place "what can be written is not executed in place",
    Execution execution::stale "stale code never runs after it is overwritten",
    Execution execution::stale_address "stale code never runs at a reused address",
    Execution faults::illegal "an illegal instruction reaches the hook",
    Execution faults::arithmetic "a division by zero reaches the hook",
    Execution faults::resume "resumption sets pc, sp, fp and arguments",
    Execution faults::pinned "a fault tells the pinned register",
    Execution faults::rounding "resumption keeps floating-point control",
    Execution faults::repeated "faults can follow each other for ever",
    GuardPages faults::load_reserved "a load from a reserved page faults",
    GuardPages faults::store_reserved "a store to a reserved page faults",
    GuardPages faults::far "accesses all over a huge reservation fault",
    GuardPages faults::straddle "an access that straddles into a guard faults",
    GuardPages faults::none "any access to a page without rights faults",
    GuardPages faults::read_only "a store to a read-only page faults",
    GuardPages faults::store_code "a store to an executable page faults",
    GuardPages faults::execute_data "execution of a writable page faults",
    GuardPages faults::execute_read_only "execution of a read-only page faults",
    GuardPages faults::execute_reserved "execution of a reserved page faults",
    GuardPages faults::decommitted "a decommitted page faults again",
    GuardPages faults::image_view "image views are not executable, and obey protection",
    GuardPages faults::stack_overflow "a stack overflow faults, twice in a row",
    BranchProtection faults::branch_target "a call to what is no branch target faults",
    Park park::differs "a word that differs does not park",
    Park park::times_out "parking ends with its timeout",
    Park park::long "a timeout longer than any clock is one",
    Park park::early(now) "parking does not end before its timeout",
    Park park::woken(pair) "no wake-up is lost",
    Park park::races(pair) "wake-ups and timeouts may meet",
    Park park::undisturbed(pair, now) "wake-ups for nothing are slept over",
    Interrupts interrupts::clock(pair) "the clock goes on, and never back",
    Interrupts interrupts::timer(pair) "a timer ends in the hook",
    Interrupts interrupts::timer_again(pair) "a timer can be set again, and stopped",
    Interrupts interrupts::interrupt(pair) "an interrupt reaches the hook on its core",
    Interrupts interrupts::undisturbed(pair) "an interrupt that nobody takes changes nothing",
    Continues continued::registers(pair) "what was interrupted goes on with all registers",
    Alarm alarm::rings "the alarm rings when its time has come",
    Alarm alarm::shared(pair) "no alarm of two threads is lost",
}

/// What of the promises the place allows to check, beyond what capabilities tell.
#[derive(Clone, Copy, Debug)]
pub struct Scope {
    /// The platform runs code at all. The fake one, on the heap, does not.
    pub executes: bool,
    /// Reservations may be made by the ten thousands. Under an emulator of a process (qemu-user) each
    /// costs time and memory in proportion to its size.
    pub address_space: bool,
    /// Time since some moment; it never goes back. Without a clock nobody can tell whether a thread
    /// was parked long enough.
    pub now: Option<fn() -> Duration>,
    /// Runs two jobs at the same time, and returns when both are done. `None` with one core.
    pub pair: Option<Pair>,
}

/// Runs `job(0)` and `job(1)` on two threads or cores at the same time, and returns when both are done.
pub type Pair = fn(job: &(dyn Fn(usize) + Sync));

impl Scope {
    /// All of them that one core can check without a clock.
    pub const ALL: Self = Self {
        executes: true,
        address_space: true,
        now: None,
        pair: None,
    };
}

/// Runs all checks on the calling thread, and reports each. True if none failed.
pub fn run(
    platform: &dyn Platform,
    scope: Scope,
    report: &mut dyn FnMut(&'static str, Outcome),
) -> bool {
    run_those(platform, scope, &|_| true, report)
}

/// Runs the checks that are `wanted`, in the suite's order, as [`run`] does; for a platform under an emulator, where all
/// of them take long. A check of faults or of interrupts needs the one of the trap hook before it, which sets it.
pub fn run_those(
    platform: &dyn Platform,
    scope: Scope,
    wanted: &dyn Fn(&Check) -> bool,
    report: &mut dyn FnMut(&'static str, Outcome),
) -> bool {
    let prepared = platform.thread_init().is_none_or(|init| init().is_ok());
    let mut passed = true;
    for check in CHECKS.iter().filter(|check| wanted(check)) {
        let outcome = match unmet(platform, scope, check.needs) {
            _ if !prepared => Outcome::Failed("thread_init failed"),
            Some(reason) => Outcome::Skipped(reason),
            None => match (check.run)(platform, scope) {
                Ok(()) => Outcome::Passed,
                Err(Miss::Skip(reason)) => Outcome::Skipped(reason),
                Err(Miss::Fail(reason)) => Outcome::Failed(reason),
            },
        };
        passed &= !matches!(outcome, Outcome::Failed(_));
        report(check.name, outcome);
    }
    passed
}

/// What the platform lacks of what a check needs.
fn unmet(platform: &dyn Platform, scope: Scope, needs: Needs) -> Option<&'static str> {
    let capabilities = platform.capabilities();
    match needs {
        Needs::Memory => None,
        Needs::AddressSpace if !scope.address_space => Some("address space is not free here"),
        Needs::AddressSpace => None,
        Needs::Park if !capabilities.park => Some("nobody can park"),
        Needs::Park => None,
        Needs::Alarm if !capabilities.alarm => Some("there is no alarm"),
        Needs::Alarm => None,
        _ if !scope.executes => Some("the platform does not execute code"),
        Needs::Execution => None,
        Needs::GuardPages if !capabilities.guard_pages => Some("no guard pages"),
        Needs::Interrupts if !capabilities.interrupts => Some("nothing is interrupted"),
        Needs::Continues if !capabilities.continues => Some("nothing goes on"),
        Needs::BranchProtection if !capabilities.branch_protection => Some("no branch protection"),
        Needs::GuardPages | Needs::BranchProtection | Needs::Interrupts | Needs::Continues => None,
    }
}
