//! A fault that nobody takes, or a panic: a report, and the end.

// Twins: without the feature `reports` the exit code says it all.
#[cfg_attr(not(feature = "reports"), path = "fault/silence.rs")]
mod report;

use core::panic::PanicInfo;
use core::sync::atomic::{AtomicU8, Ordering};

use super::arch::context::Registers;
use super::{cores, exit};

/// How many faults there have been, on the core that reports one.
static FAULTS: AtomicU8 = AtomicU8::new(0);

/// Reports an exception and ends the machine: with [`exit::STACK_OVERFLOW`] if the address accessed
/// is in a stack's guard, else with [`exit::FAULT`].
pub(crate) fn fatal(registers: &Registers, vector: &str) -> ! {
    exit::claim();
    match FAULTS.fetch_add(1, Ordering::Relaxed) {
        0 => {}
        1 => exit::exit(exit::DOUBLE_FAULT),
        // No semihosting either: `exit` faulted.
        _ => loop {
            core::hint::spin_loop();
        },
    }
    report::fault(registers, vector);
    exit::exit(match overflowed_stack(registers) {
        Some(_) => exit::STACK_OVERFLOW,
        None => exit::FAULT,
    })
}

/// The stack whose guard a data abort is about.
fn overflowed_stack(registers: &Registers) -> Option<(usize, &'static str)> {
    let data_abort = class(registers) == 0x25;
    data_abort
        .then(|| cores::stacks::guard(registers.far as usize))
        .flatten()
}

/// `ESR_EL1.EC`.
const fn class(registers: &Registers) -> u64 {
    registers.esr >> 26 & 0x3f
}

// Not where only documentation is made, for a host whose `std` has a handler.
#[cfg_attr(target_os = "none", panic_handler)]
fn panic(info: &PanicInfo<'_>) -> ! {
    if let Some(confinement) = wasmetal_platform::confine::current() {
        confinement.panicked(report::message(info));
    }
    exit::claim();
    report::panic(info);
    exit::exit(exit::PANIC)
}
