//! The stacks of further cores: one reservation each, every stack above a page that is never backed.

use core::ops::Range;
use core::sync::atomic::Ordering;

use wasmetal_platform::Platform;

use super::{CORES, Core, StartError, this};
use crate::device::{memory, platform, tasks};
use crate::frame::FRAME_SIZE;

const NAMES: [&str; 3] = ["thread stack", "exception stack", "emergency stack"];

/// The stacks within a reservation at `base`.
fn layout(base: usize) -> [Range<usize>; 3] {
    let mut end = base;
    memory::stacks().map(|like| {
        let start = end + FRAME_SIZE;
        end = start + like.len();
        start..end
    })
}

/// Sees to it that the core has stacks: as large as those of the first core.
pub(super) fn allocate(core: &Core) -> Result<(), StartError> {
    if core.stacks.load(Ordering::Relaxed) != 0 {
        return Ok(());
    }
    let size = layout(0)[2].end;
    let base = platform()
        .reserve(size, FRAME_SIZE)
        .map_err(|_| StartError::OutOfMemory)?;
    let stacks = layout(base as usize);
    for stack in &stacks {
        // SAFETY: part of the reservation just made, which overlaps no other part.
        if unsafe { platform().commit(stack.start as *mut u8, stack.len()) }.is_err() {
            // SAFETY: the reservation just made; nothing refers to it.
            unsafe { platform().release(base, size) };
            return Err(StartError::OutOfMemory);
        }
    }
    core.set_stacks(stacks.map(|stack| stack.end as *mut u8));
    core.stacks.store(base as usize, Ordering::Release);
    Ok(())
}

/// The stack whose guard page holds `address`, and its core.
pub(crate) fn guard(address: usize) -> Option<(usize, &'static str)> {
    if tasks::guard(address) {
        return Some((this().index, "stack of a task"));
    }
    let holds = |stack: &Range<usize>| (stack.start - FRAME_SIZE..stack.start).contains(&address);
    let further = CORES.iter().filter_map(|core| {
        let base = core.stacks.load(Ordering::Acquire);
        (base != 0).then(|| (core.index, layout(base)))
    });
    core::iter::once((0, memory::stacks()))
        .chain(further)
        .find_map(|(index, stacks)| Some((index, NAMES[stacks.iter().position(holds)?])))
}
