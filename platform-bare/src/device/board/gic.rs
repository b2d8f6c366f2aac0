//! The GICv3, set up for the interrupts of each core: those of its two timers, and those that software sends to it. The
//! first core takes that of the console besides.

use core::ptr::NonNull;

use arm_gic::gicv3::registers::{Gicd, GicrSgi};
use arm_gic::gicv3::{GicCpuInterface, GicV3, SgiTarget, SgiTargetGroup};
use arm_gic::{IntId, InterruptGroup, Trigger, UniqueMmioPointer, irq_enable};
use spin::Mutex;

use super::{GICD, GICR, Interrupt};
use crate::device::arch::features;

/// The virtual timer's interrupt: PPI 11 (Arm BSA, "PPI assignments").
const VIRTUAL_TIMER: IntId = IntId::ppi(11);
/// The physical timer's interrupt: PPI 14 (Arm BSA, "PPI assignments").
const PHYSICAL_TIMER: IntId = IntId::ppi(14);
/// The PL011's interrupt: SPI 1, as long as its line is high (QEMU, `hw/arm/virt.c`).
const CONSOLE: IntId = IntId::spi(1);
const PRIORITY: u8 = 0x80;

/// The distributor and the redistributors: for starting and stopping cores, never in handlers.
static GIC: Mutex<Option<GicV3<'static>>> = Mutex::new(None);

/// Sets up what the calling core has of the controller, and lets interrupts in: those of its timers, and the software
/// interrupts below `software`. Its affinity is `affinity`; the board has `cores` cores that are used. Who calls this first
/// sets up the distributor too.
///
/// # Errors
/// The board is not as it must be: what it lacks.
pub(crate) fn start(affinity: u64, cores: usize, software: u32) -> Result<(), &'static str> {
    if !features::gic_registers() {
        return Err("the board has no GICv3 (QEMU: -M virt,gic-version=3)");
    }
    let mut gic = GIC.lock();
    let is_first = gic.is_none();
    let gic = gic.get_or_insert_with(|| open(cores));
    let frame = frame(gic, affinity, cores).ok_or("a core has no redistributor among the first")?;
    gic.init_cpu(frame);
    if is_first {
        // The redistributors of all cores as well.
        gic.setup(frame);
    }
    let software = (0..software).map(IntId::sgi);
    for interrupt in [VIRTUAL_TIMER, PHYSICAL_TIMER].into_iter().chain(software) {
        gic.set_interrupt_priority(interrupt, Some(frame), PRIORITY)
            .and_then(|()| gic.enable_interrupt(interrupt, Some(frame), true))
            .expect("the core has a redistributor");
    }
    if is_first {
        gic.set_trigger(CONSOLE, None, Trigger::Level)
            .and_then(|()| gic.set_interrupt_priority(CONSOLE, None, PRIORITY))
            .and_then(|()| gic.distributor().set_routing(CONSOLE, Some(affinity)))
            .and_then(|()| gic.enable_interrupt(CONSOLE, None, true))
            .expect("the interrupt is an SPI");
    }
    GicCpuInterface::set_priority_mask(0xff);
    GicCpuInterface::enable_group1(true);
    irq_enable();
    Ok(())
}

/// Takes the calling core, of this affinity, off the controller, before it is switched off (GICv3, IHI 0069, "Power
/// management"). Interrupts are masked.
pub(crate) fn stop(affinity: u64, cores: usize) {
    GicCpuInterface::enable_group1(false);
    if let Some(gic) = &mut *GIC.lock()
        && let Some(frame) = frame(gic, affinity, cores)
    {
        // The call fails only for a core that is asleep, and this one runs.
        let _ = gic.redistributor_mark_core_asleep(frame);
    }
}

/// The driver, for as many redistributors as there are cores.
fn open(cores: usize) -> GicV3<'static> {
    let distributor = NonNull::new(GICD as *mut Gicd).expect("the address is not 0");
    let redistributors = NonNull::new(GICR as *mut GicrSgi).expect("the address is not 0");
    // SAFETY: the board has a GICv3 there, mapped as device memory, with a redistributor for each core;
    // this is its only driver.
    let gic = unsafe { GicV3::new(UniqueMmioPointer::new(distributor), redistributors, cores) };
    gic.expect("the redistributor answers")
}

/// Which redistributor is that of the core of this affinity.
fn frame(gic: &mut GicV3<'_>, affinity: u64, cores: usize) -> Option<usize> {
    (0..cores).find(|frame| {
        gic.gicr_typer(*frame)
            .is_ok_and(|typer| typer.core_mpidr() == affinity)
    })
}

/// Sends a software interrupt to the core of this affinity, which may be this core. Fit for handlers.
///
/// What was stored before is visible to the handler there only if a barrier came between.
pub(crate) fn send(number: u32, affinity: u64) {
    let [affinity0, affinity1, affinity2, _, affinity3, ..] = affinity.to_le_bytes();
    let target = SgiTarget::List {
        affinity3,
        affinity2,
        affinity1,
        target_list: 1 << affinity0,
    };
    GicCpuInterface::send_sgi(IntId::sgi(number), target, SgiTargetGroup::CurrentGroup1)
        .expect("the interrupt is an SGI");
}

/// Takes the interrupts that are pending, one after the other, and calls `serve` for each.
#[inline]
pub(crate) fn take(mut serve: impl FnMut(Interrupt)) {
    while let Some(id) = GicCpuInterface::get_and_acknowledge_interrupt(InterruptGroup::Group1) {
        match id {
            VIRTUAL_TIMER => serve(Interrupt::VirtualTimer),
            PHYSICAL_TIMER => serve(Interrupt::PhysicalTimer),
            CONSOLE => serve(Interrupt::Console),
            _ => {
                if let Some(number) = id.sgi_index() {
                    serve(Interrupt::Software(number));
                }
            }
        }
        GicCpuInterface::end_interrupt(id, InterruptGroup::Group1);
    }
}
