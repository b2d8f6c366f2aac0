//! Twin of `report.rs` for firmware that prints nothing of its own end, and so has no texts of panics in it.

use core::fmt::Display;
use core::panic::PanicInfo;

use crate::device::arch::context::Registers;

/// Nothing.
pub(super) fn fault(_: &Registers, _: &str) {}

/// Nothing.
pub(super) fn panic(_: &PanicInfo<'_>) {}

/// Nothing of what is known.
pub(super) fn message(_: &PanicInfo<'_>) -> &'static dyn Display {
    &"a panic, in firmware without reports"
}
