//! Ending the machine, with an exit code for the host (semihosting).

use core::sync::atomic::{AtomicUsize, Ordering};

use super::arch::{event, mask_interrupts};
use super::cores::{sync, this};

/// A panic.
pub const PANIC: i32 = 101;
/// A fault outside WebAssembly code.
pub const FAULT: i32 = 102;
/// A fault while a fault was being reported.
pub const DOUBLE_FAULT: i32 = 103;
/// The board lacks something that the firmware needs to start.
pub const BOOT: i32 = 104;

/// An overflow of one of the firmware's stacks.
pub const STACK_OVERFLOW: i32 = 105;

/// Which core ends the machine, as its index and one; 0 while none does.
static ENDING: AtomicUsize = AtomicUsize::new(0);

/// Makes this core the one that ends the machine. If another one does already, this one stops here.
pub(crate) fn claim() {
    let me = this().index + 1;
    let claimed = ENDING.compare_exchange(0, me, Ordering::AcqRel, Ordering::Acquire);
    if claimed.is_err_and(|other| other != me) {
        give_way();
    }
}

/// Stops this core if another one ends the machine: what that one prints is not to be mixed up.
pub(crate) fn give_way() {
    if ![0, this().index + 1].contains(&ENDING.load(Ordering::Acquire)) {
        mask_interrupts();
        sync::leave();
        loop {
            event::wait();
        }
    }
}

/// Ends the machine, from any core. QEMU needs `-semihosting-config enable=on,target=native` and then
/// exits with the low eight bits of `code`.
pub fn exit(code: i32) -> ! {
    claim();
    semihosting::process::exit(code)
}

/// Ends the machine because it can't start.
pub(crate) fn fail(reason: &str) -> ! {
    super::console::write(format_args!("cannot start: {reason}\n"));
    exit(BOOT)
}
