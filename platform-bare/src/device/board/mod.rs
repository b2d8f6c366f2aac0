//! QEMU's `virt` board: where things are, and its devices.

mod gic;
mod psci;
mod uart;

use core::ops::Range;

use dtoolkit::fdt::Fdt;

use super::cores::MAX;

pub(crate) use gic::{
    ask, interrupt, reschedule, start as interrupts_start, stop as interrupts_stop, synchronize,
};
pub(crate) use psci::{find_cores, is_off, switch_off, switch_on};
pub(crate) use uart::{start as console_start, write as console_write};

/// The PL011.
pub(crate) const UART: usize = 0x0900_0000;
/// The GICv3's distributor and its redistributors.
pub(crate) const GICD: usize = 0x0800_0000;
pub(crate) const GICR: usize = 0x080a_0000;

/// Device registers that are mapped. A redistributor takes up 128 KiB, in GICv4 256 KiB.
pub(crate) const DEVICES: [Range<usize>; 3] = [
    UART..UART + 0x1000,
    GICD..GICD + 0x1_0000,
    GICR..GICR + MAX * 0x4_0000,
];

/// The start of RAM, where QEMU puts the device tree when it loads an ELF file.
pub(crate) const RAM: usize = 0x4000_0000;

/// Where `-device loader` puts a payload (see [`crate::payload`]).
pub(crate) const PAYLOAD: usize = 0x5000_0000;

/// The size of RAM, from the device tree; `None` if there is none to read.
pub(crate) fn ram_size() -> Option<usize> {
    // SAFETY: RAM starts there, and the boot table maps its first GiB; the header is checked.
    let tree = unsafe { Fdt::from_raw(RAM as *const u8) }.ok()?;
    let memory = tree.memory().ok()?;
    let first = memory.reg().ok()??.next()?;
    (first.address::<u64>().ok()? == RAM as u64).then_some(())?;
    usize::try_from(first.size::<u64>().ok()?).ok()
}
