//! The GICv3, set up for one interrupt: the virtual timer's.

use core::ptr::NonNull;

use arm_gic::gicv3::registers::{Gicd, GicrSgi};
use arm_gic::gicv3::{GicCpuInterface, GicV3};
use arm_gic::{IntId, InterruptGroup, UniqueMmioPointer, irq_enable};

use super::{GICD, GICR};
use crate::device::arch::features;
use crate::device::arch::vectors::Interrupted;
use crate::device::{exit, timer};

/// The virtual timer's interrupt: PPI 11 (Arm BSA, "PPI assignments").
const VIRTUAL_TIMER: IntId = IntId::ppi(11);

/// Sets up the controller and lets interrupts in. The timer is still off.
pub(crate) fn start() {
    if !features::gic_registers() {
        exit::fail("the board has no GICv3 (QEMU: -M virt,gic-version=3)");
    }
    let distributor = NonNull::new(GICD as *mut Gicd).expect("the address is not 0");
    let redistributor = NonNull::new(GICR as *mut GicrSgi).expect("the address is not 0");
    // SAFETY: the board has a GICv3 there, mapped as device memory; this is its only driver.
    let gic = unsafe { GicV3::new(UniqueMmioPointer::new(distributor), redistributor, 1) };
    let mut gic = gic.expect("the redistributor answers");
    gic.setup(0);
    gic.set_interrupt_priority(VIRTUAL_TIMER, Some(0), 0x80)
        .expect("core 0 has a redistributor");
    gic.enable_interrupt(VIRTUAL_TIMER, Some(0), true)
        .expect("core 0 has a redistributor");
    GicCpuInterface::set_priority_mask(0xff);
    irq_enable();
}

/// Called by the vectors: serves the interrupts that are pending.
pub(crate) fn interrupt(interrupted: &mut Interrupted) {
    while let Some(id) = GicCpuInterface::get_and_acknowledge_interrupt(InterruptGroup::Group1) {
        if id == VIRTUAL_TIMER {
            timer::interrupt(interrupted);
        }
        GicCpuInterface::end_interrupt(id, InterruptGroup::Group1);
    }
}
