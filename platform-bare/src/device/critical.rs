//! Critical sections for crates that ask for them by `critical-section`: interrupts are masked, and one core at a time is
//! in one.

use core::hint::spin_loop;
use core::mem;
use core::sync::atomic::{AtomicUsize, Ordering};

use critical_section::{Impl, RawRestoreState, set_impl};

use super::arch::Masked;
use super::arch::registers::{read, write};
use super::cores;

struct Section;

set_impl!(Section);

/// The core that is in a section, as its index and one; 0 while none is.
static INSIDE: AtomicUsize = AtomicUsize::new(0);

/// Of a section's state: the core was in one already. `DAIF`, which is the rest of it, has no such bit.
const NESTED: u64 = 1;

// SAFETY: a core is in a section with interrupts masked, and alone: what it was entered by changes from 0 to the core, and
// back, in acquiring and releasing order. Where sections are nested, the outer one does both.
unsafe impl Impl for Section {
    unsafe fn acquire() -> RawRestoreState {
        let before = read!("daif");
        mem::forget(Masked::new());
        let me = cores::current() + 1;
        if INSIDE.load(Ordering::Relaxed) == me {
            return before | NESTED;
        }
        while INSIDE
            .compare_exchange_weak(0, me, Ordering::Acquire, Ordering::Relaxed)
            .is_err()
        {
            spin_loop();
        }
        before
    }

    unsafe fn release(state: RawRestoreState) {
        if state & NESTED == 0 {
            INSIDE.store(0, Ordering::Release);
        }
        // SAFETY: as it was in `acquire`.
        unsafe { write!("daif", state & !NESTED) };
    }
}
