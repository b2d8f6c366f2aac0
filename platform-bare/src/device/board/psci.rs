//! The board's firmware, by PSCI (Arm DEN 0022): which cores there are, and switching them on and off.

use core::sync::atomic::{AtomicU8, Ordering};

use smccc::psci::{self, AffinityState, LowestAffinityLevel};
use smccc::{Hvc, Smc};

use super::{CORES, tree};
use crate::device::arch::{self, event};
use crate::tree::Node;

/// How PSCI is called: one of the constants below.
static CONDUIT: AtomicU8 = AtomicU8::new(NONE);
const NONE: u8 = 0;
const HVC: u8 = 1;
const SMC: u8 = 2;

/// Calls a function of PSCI in the way that the device tree names.
macro_rules! call {
    ($function:ident($($argument:expr),*)) => {
        match CONDUIT.load(Ordering::Relaxed) {
            HVC => psci::$function::<Hvc>($($argument),*),
            SMC => psci::$function::<Smc>($($argument),*),
            _ => Err(psci::error::Error::NotSupported),
        }
    };
}

/// Finds the cores that can be used: calls `found` with the index and the affinity of each, and
/// returns how many there are. The calling core, whose affinity is `first`, has index 0; the others
/// follow in the order of the device tree.
pub(crate) fn find_cores(first: u64, found: &mut dyn FnMut(usize, u64)) -> usize {
    found(0, first);
    let Some(root) = tree() else { return 1 };
    let conduit = conduit(&root);
    CONDUIT.store(conduit, Ordering::Relaxed);
    let Some(cpus) = root.child("cpus").filter(|_| conduit != NONE) else {
        return 1;
    };
    let mut count = 1;
    for cpu in cpus.children().filter(|node| node.is("cpu")) {
        let Some((affinity, _)) = cpus.reg_of(&cpu) else {
            continue;
        };
        // Interrupts between cores are sent to the 16 lowest values of affinity 0.
        if cpu.lists("enable-method", "psci")
            && affinity != first
            && affinity & 0xff < 16
            && count < CORES
        {
            found(count, affinity);
            count += 1;
        }
    }
    count
}

/// What the tree's PSCI node says (Devicetree bindings, `arm/psci.yaml`). Before version 0.2 the board
/// chose its own function numbers; such a board has one core here.
fn conduit(root: &Node<'_>) -> u8 {
    let Some(node) = root.child("psci") else {
        return NONE;
    };
    let known = ["arm,psci-0.2", "arm,psci-1.0"];
    if !known.iter().any(|name| node.lists("compatible", name)) {
        return NONE;
    }
    match node.property("method") {
        Some(b"hvc\0") => HVC,
        Some(b"smc\0") => SMC,
        _ => NONE,
    }
}

/// Switches on a core, which starts at `entry` (a physical address), MMU and caches off, with `context`
/// in x0. The error is PSCI's code.
pub(crate) fn switch_on(affinity: u64, entry: usize, context: usize) -> Result<(), i64> {
    call!(cpu_on(affinity, entry as u64, context as u64)).map_err(i64::from)
}

/// Whether a core is off.
pub(crate) fn is_off(affinity: u64) -> bool {
    call!(affinity_info(affinity, LowestAffinityLevel::All)) == Ok(AffinityState::Off)
}

/// Switches off the core that runs this. It comes back only by [`switch_on`].
pub(crate) fn switch_off() -> ! {
    arch::mask_interrupts();
    // Only an error comes back: then the core waits for ever.
    let _ = call!(cpu_off());
    loop {
        event::wait();
    }
}
