//! Memory as a whole: which RAM is whose, the map of the firmware itself, and the state behind
//! [`BarePlatform`](super::BarePlatform).

use core::ops::Range;
use core::ptr::addr_of;

use super::arch::mmu::{self, InnerShareable};
use super::lock::Lock;
use super::{board, exit, payload};
use crate::frame::{FRAME_SIZE, Frames};
use crate::table::{AddressSpace, Attributes};
use crate::window::Window;

/// The window for reservations: the upper half of the address space but its last TiB.
pub(crate) const WINDOW: Range<usize> = 0xffff_0000_0000_0000..0xffff_ff00_0000_0000;

/// Frames, the tables of the window, and what of the window is free.
pub(crate) struct Memory {
    pub(crate) frames: Frames,
    /// `None` until [`open_window`].
    pub(crate) space: Option<AddressSpace<InnerShareable>>,
    pub(crate) window: Window,
}

pub(crate) static MEMORY: Lock<Memory> = Lock::new(Memory {
    frames: Frames::new(),
    space: None,
    window: Window::new(),
});

/// The address of a symbol of `link.ld`.
macro_rules! symbol {
    ($name:ident) => {{
        unsafe extern "C" {
            safe static $name: u8;
        }
        addr_of!($name) as usize
    }};
}

/// The firmware's own sections and stacks, with what may be done with them. What lies between the
/// stacks is not mapped: their guards.
fn image() -> [(Range<usize>, Attributes); 6] {
    let [thread, exception, emergency] = stacks().map(|stack| (stack, Attributes::READ_WRITE));
    [
        (
            symbol!(__text_start)..symbol!(__text_end),
            Attributes::READ_EXECUTE,
        ),
        (
            symbol!(__rodata_start)..symbol!(__rodata_end),
            Attributes::READ,
        ),
        (
            symbol!(__data_start)..symbol!(__data_end),
            Attributes::READ_WRITE,
        ),
        thread,
        exception,
        emergency,
    ]
}

/// The first core's stacks: for threads, for exceptions, and for faults in exception handlers. Each lies
/// above a page that is not mapped.
pub(crate) fn stacks() -> [Range<usize>; 3] {
    [
        symbol!(__thread_stack_start)..symbol!(__thread_stack_end),
        symbol!(__exception_stack_start)..symbol!(__exception_stack_end),
        symbol!(__emergency_stack_start)..symbol!(__emergency_stack_end),
    ]
}

/// Finds out what RAM there is, maps it and the firmware with their final attributes, and returns
/// the heap's range: `heap` bytes, or for 0 half of what is free, if that is in one piece.
pub(crate) fn start(heap: usize) -> Range<usize> {
    let Some(size) = board::ram_size() else {
        exit::fail("no memory node in a device tree at the start of RAM");
    };
    let ram = board::RAM..board::RAM + size;
    let image_end = symbol!(__image_end);
    let payload = payload::find(ram.clone()).unwrap_or(ram.end..ram.end);
    if payload.start < image_end {
        exit::fail("too little RAM for the firmware");
    }
    let free = [image_end..payload.start, payload.end..ram.end];

    let mut memory = MEMORY.lock();
    let frames = &mut memory.frames;
    for range in free.clone() {
        // SAFETY: RAM past the image and beside the payload is nobody's. The boot table maps its
        // first GiB, the first range begins there, and tables are made of its first frames; the
        // final map below has all of it.
        unsafe { frames.add(range) };
    }

    let map = || {
        let mut space = AddressSpace::new(frames, InnerShareable)?;
        let mut map = |range: Range<usize>, attributes| {
            range.is_empty() || space.map_identity(frames, range, attributes).is_ok()
        };
        let mapped = board::DEVICES
            .into_iter()
            .all(|range| map(range, Attributes::DEVICE))
            && image()
                .into_iter()
                .all(|(range, attributes)| map(range, attributes))
            && map(payload, Attributes::READ)
            && free
                .into_iter()
                .all(|range| map(range, Attributes::READ_WRITE));
        mapped.then_some(space.root())
    };
    let Some(root) = map() else {
        exit::fail("too little RAM for page tables")
    };
    // SAFETY: what is in use is mapped to itself: code, constants, data, stacks, devices, RAM; code
    // is not writable. The tables are never changed again.
    unsafe { mmu::enable_identity(root) };

    let heap = match heap {
        0 => (frames.free() / 2).min(frames.contiguous()),
        bytes => bytes.div_ceil(FRAME_SIZE),
    };
    match frames.alloc_contiguous(heap) {
        Some(start) => start..start + heap * FRAME_SIZE,
        None => exit::fail("too little RAM for the heap"),
    }
}

/// Sets up the window for reservations. Needs the heap.
pub(crate) fn open_window() {
    let mut memory = MEMORY.lock();
    let Memory {
        frames,
        space,
        window,
    } = &mut *memory;
    match (
        AddressSpace::new(frames, InnerShareable),
        Window::open(WINDOW),
    ) {
        (Some(new), Some(open)) => {
            // SAFETY: the root table stays for good, and `AddressSpace` tells the TLB of changes.
            unsafe { mmu::enable_window(new.root()) };
            (*space, *window) = (Some(new), open);
        }
        _ => exit::fail("too little RAM for the window of reservations"),
    }
}
