//! The GICv3, set up for the interrupts of each core: those of its two timers, and those that cores send each
//! other and themselves.

use core::ptr::NonNull;
use core::sync::atomic::Ordering;

use arm_gic::gicv3::registers::{Gicd, GicrSgi};
use arm_gic::gicv3::{GicCpuInterface, GicV3, SgiTarget, SgiTargetGroup};
use arm_gic::{IntId, InterruptGroup, UniqueMmioPointer, irq_enable};
use spin::Mutex;

use super::{GICD, GICR};
use crate::device::arch::features;
use crate::device::arch::vectors::Interrupted;
use crate::device::cores::{self, Core, sync};
use crate::device::timer::{self, Alarm};
use crate::device::{exit, tasks};

/// The virtual timer's interrupt: PPI 11 (Arm BSA, "PPI assignments").
const VIRTUAL_TIMER: IntId = IntId::ppi(11);
/// The physical timer's interrupt: PPI 14 (as above).
const PHYSICAL_TIMER: IntId = IntId::ppi(14);
/// Asks for a context synchronization (see [`sync`]).
const SYNCHRONIZE: IntId = IntId::sgi(0);
/// Asks the scheduler to look who can run (see [`tasks`]).
const RESCHEDULE: IntId = IntId::sgi(1);
/// Asks the trap hook, as every interrupt does.
const ASK: IntId = IntId::sgi(2);

const PRIORITY: u8 = 0x80;

/// The distributor and the redistributors: for starting and stopping cores, never in handlers.
static GIC: Mutex<Option<GicV3<'static>>> = Mutex::new(None);

/// Sets up what this core has of the controller, the first core also the distributor, and lets
/// interrupts in. The timer is still off.
pub(crate) fn start(core: &Core) {
    if !features::gic_registers() {
        exit::fail("the board has no GICv3 (QEMU: -M virt,gic-version=3)");
    }
    let mut gic = GIC.lock();
    let gic = gic.get_or_insert_with(open);
    let frame = frame(gic, core);
    gic.init_cpu(frame);
    if core.index == 0 {
        // The redistributors of all cores as well.
        gic.setup(frame);
    }
    for interrupt in [VIRTUAL_TIMER, PHYSICAL_TIMER, SYNCHRONIZE, RESCHEDULE, ASK] {
        gic.set_interrupt_priority(interrupt, Some(frame), PRIORITY)
            .and_then(|()| gic.enable_interrupt(interrupt, Some(frame), true))
            .expect("the core has a redistributor");
    }
    GicCpuInterface::set_priority_mask(0xff);
    GicCpuInterface::enable_group1(true);
    irq_enable();
}

/// Takes this core off the controller, before it is switched off (GICv3, IHI 0069, "Power management").
/// Interrupts are masked.
pub(crate) fn stop(core: &Core) {
    GicCpuInterface::enable_group1(false);
    if let Some(gic) = &mut *GIC.lock() {
        let frame = frame(gic, core);
        // It can't be asleep: it runs this.
        let _ = gic.redistributor_mark_core_asleep(frame);
    }
}

/// The driver, for as many redistributors as there are cores.
fn open() -> GicV3<'static> {
    let distributor = NonNull::new(GICD as *mut Gicd).expect("the address is not 0");
    let redistributors = NonNull::new(GICR as *mut GicrSgi).expect("the address is not 0");
    // SAFETY: the board has a GICv3 there, mapped as device memory, with a redistributor for each core;
    // this is its only driver.
    let gic = unsafe {
        GicV3::new(
            UniqueMmioPointer::new(distributor),
            redistributors,
            cores::count(),
        )
    };
    gic.expect("the redistributor answers")
}

/// Which redistributor is that of `core`.
fn frame(gic: &mut GicV3<'_>, core: &Core) -> usize {
    let affinity = core.affinity.load(Ordering::Relaxed);
    let is_its = |frame: &usize| {
        gic.gicr_typer(*frame)
            .is_ok_and(|typer| typer.core_mpidr() == affinity)
    };
    match (0..cores::count()).find(is_its) {
        Some(frame) => frame,
        None => exit::fail("a core has no redistributor among the first"),
    }
}

/// Asks another core for a context synchronization. What was stored before is visible to it only if a
/// barrier came between.
pub(crate) fn synchronize(core: &Core) {
    send(SYNCHRONIZE, core);
}

/// Asks a core's scheduler, which may be this core's, to look who can run.
pub(crate) fn reschedule(core: &Core) {
    send(RESCHEDULE, core);
}

/// Has a core, which may be this core, ask the trap hook. What was stored before is visible to it only if a barrier came
/// between.
pub(crate) fn ask(core: &Core) {
    send(ASK, core);
}

/// Sends an interrupt to a core. Fit for handlers.
fn send(interrupt: IntId, core: &Core) {
    let [affinity0, affinity1, affinity2, _, affinity3, ..] =
        core.affinity.load(Ordering::Relaxed).to_le_bytes();
    let target = SgiTarget::List {
        affinity3,
        affinity2,
        affinity1,
        target_list: 1 << affinity0,
    };
    GicCpuInterface::send_sgi(interrupt, target, SgiTargetGroup::CurrentGroup1)
        .expect("the interrupt is an SGI");
}

/// Called by the vectors: serves the interrupts that are pending.
pub(crate) fn interrupt(interrupted: &mut Interrupted) {
    while let Some(id) = GicCpuInterface::get_and_acknowledge_interrupt(InterruptGroup::Group1) {
        match id {
            VIRTUAL_TIMER => timer::interrupt(interrupted),
            PHYSICAL_TIMER => timer::set_alarm(Alarm::NONE),
            SYNCHRONIZE => sync::interrupt(),
            RESCHEDULE => tasks::interrupt(interrupted),
            _ => {}
        }
        GicCpuInterface::end_interrupt(id, InterruptGroup::Group1);
    }
}
