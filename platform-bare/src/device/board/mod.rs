//! QEMU's `virt` board: where things are, and its devices. It knows the processor, and nothing else of the firmware: what
//! its interrupts are for is said in `device/interrupts.rs`.

// Where only documentation is made, for another machine, the drivers' crates are not there.
#[cfg(target_os = "none")]
mod gic;
#[cfg(target_os = "none")]
mod psci;
#[cfg(target_os = "none")]
mod uart;

use core::ops::Range;
use core::slice;

use crate::tree::{self, Node, Tree};

#[cfg(target_os = "none")]
pub(crate) use gic::{
    send as send_interrupt, start as interrupts_start, stop as interrupts_stop,
    take as take_interrupts,
};
#[cfg(target_os = "none")]
pub(crate) use psci::{find_cores, is_off, switch_off, switch_on};
#[cfg(target_os = "none")]
pub(crate) use uart::{
    interrupt_when_readable as console_interrupt, read as console_read, start as console_start,
    write as console_write,
};

/// The most cores that are used of it.
pub(crate) const CORES: usize = 8;

/// An interrupt that a core takes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Interrupt {
    /// That of the core's virtual timer.
    VirtualTimer,
    /// That of the core's physical timer.
    PhysicalTimer,
    /// The console has something to read, as long as it is [asked for](console_interrupt). The first core takes it.
    Console,
    /// One that [software sends](send_interrupt), of this number: below 16.
    Software(u32),
}

/// The PL011.
pub(crate) const UART: usize = 0x0900_0000;
/// The GICv3's distributor and its redistributors.
pub(crate) const GICD: usize = 0x0800_0000;
pub(crate) const GICR: usize = 0x080a_0000;

/// Device registers that are mapped. A redistributor takes up 128 KiB, in GICv4 256 KiB.
pub(crate) const DEVICES: [Range<usize>; 3] = [
    UART..UART + 0x1000,
    GICD..GICD + 0x1_0000,
    GICR..GICR + CORES * 0x4_0000,
];

/// The start of RAM, where QEMU puts the device tree when it loads an ELF file.
pub(crate) const RAM: usize = 0x4000_0000;

/// Where `-device loader` puts a payload (see [`crate::payload`]).
pub(crate) const PAYLOAD: usize = 0x5000_0000;

/// The device tree has the RAM below the firmware, or less.
const TREE: usize = 0x20_0000;

/// The root of the device tree, if there is one to read.
fn tree() -> Option<Node<'static>> {
    let start = RAM as *const u8;
    // SAFETY: RAM starts there, and the boot table maps its first GiB, of which the firmware leaves this part alone.
    let header = unsafe { &*start.cast() };
    let size = tree::size(header).filter(|size| (tree::HEADER..=TREE).contains(size))?;
    // SAFETY: the tree lies at the start of RAM, which is mapped and never written, and `size` is at most what the
    // firmware leaves to it.
    Tree::root(unsafe { slice::from_raw_parts(start, size) })
}

/// The size of RAM, from the device tree; `None` if there is none to read.
pub(crate) fn ram_size() -> Option<usize> {
    let root = tree()?;
    let (start, size) = root.reg_of(&root.child("memory")?)?;
    (start == RAM as u64).then_some(())?;
    usize::try_from(size).ok()
}
