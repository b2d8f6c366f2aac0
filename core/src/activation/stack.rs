//! The stacks that Wasm code runs on: one for each store that has run any, pooled by the engine.
//!
//! Wasm code has a stack of its own, so that its overflow hits a guard and never the host's frames,
//! and so that leaving it needs no cooperation of the host's stack. A stack lies at the top of a
//! *region* whose size is a power of two and whose address is a multiple of that size:
//!
//! ```text
//!   region                                                        region + region_size
//!   | guard: reserved, inaccessible | stack: committed, grows down | *StoreContext | 0 |
//! ```
//!
//! Invariant (*stack region*): while code of an engine runs, its stack pointer lies in the region of the
//! store it runs in, because generated code moves it by whole frames only, and frames larger than
//! the guard are probed. So the store is found from the stack pointer alone, without thread-local
//! state: [`context_at`].

mod regions;

use crate::Result;
use crate::activation::context::StoreContext;
use crate::oom::{Room as _, Watch};
use alloc::{sync::Arc, vec::Vec};
use core::ptr::NonNull;
use regions::{Place, Regions};
use spin::Mutex;
use wasmetal_platform::Platform;

/// Bytes at the top of a region that hold the pointer to the store's context.
const HEADER: usize = 16;

/// How far above the lowest address code with explicit checks must stay: what functions that need no
/// check of their own (leaves, trampolines, builtin stubs) may use.
const UNCHECKED_FRAMES: usize = 4096;

/// How many idle stacks a pool keeps.
const KEPT: usize = 32;

/// The stacks of one engine.
#[derive(Debug)]
pub(crate) struct StackPool {
    platform: &'static dyn Platform,
    /// Usable bytes of a stack, in whole pages.
    size: usize,
    region_size: usize,
    idle: Mutex<Vec<Region>>,
    /// All of them, idle or not.
    regions: Regions,
}

/// A region that is reserved, with its stack committed.
#[derive(Debug)]
struct Region {
    base: *mut u8,
    /// Its place in [`StackPool::regions`].
    place: NonNull<Place>,
}

// SAFETY: a region is owned memory; its address means the same on every thread, and so does its place's.
unsafe impl Send for Region {}

impl StackPool {
    /// A pool of stacks of at least `size` bytes, each with a guard of at least `guard` bytes.
    ///
    /// `None` if such a stack would not fit in the address space.
    pub(crate) fn new(platform: &'static dyn Platform, size: usize, guard: usize) -> Option<Self> {
        let page = platform.capabilities().page_size;
        let size = size.checked_add(HEADER)?.checked_next_multiple_of(page)?;
        let guard = guard.max(1).checked_next_multiple_of(page)?;
        let region_size = size.checked_add(guard)?.checked_next_power_of_two()?;
        Some(Self {
            platform,
            size,
            region_size,
            idle: Mutex::new(Vec::new()),
            regions: Regions::new(),
        })
    }

    /// The size and alignment of each region, in bytes.
    pub(crate) fn region_size(&self) -> usize {
        self.region_size
    }

    /// A stack for the store of `context`.
    ///
    /// # Errors
    /// The platform is out of memory or address space.
    pub(crate) fn lease(self: &Arc<Self>, context: *mut StoreContext) -> Result<WasmStack> {
        let idle = self.idle.lock().pop();
        let region = match idle {
            Some(region) => region,
            None => self.allocate()?,
        };
        let stack = WasmStack {
            pool: self.clone(),
            region,
        };
        // SAFETY: the last `HEADER` bytes of a region are committed and no frame's.
        unsafe { stack.top().cast::<*mut StoreContext>().write(context) };
        Ok(stack)
    }

    fn allocate(&self) -> Result<Region> {
        let base = self.platform.reserve(self.region_size, self.region_size)?;
        let stack = base.wrapping_add(self.region_size - self.size);
        // SAFETY: the range is the top of the reservation just made, all of it reserved.
        if let Err(error) = unsafe { self.platform.commit(stack, self.size) } {
            // SAFETY: nothing refers into the reservation.
            unsafe { self.platform.release(base, self.region_size) };
            return Err(error.into());
        }
        match self.regions.add(base.addr()) {
            Ok(place) => Ok(Region { base, place }),
            Err(error) => {
                // SAFETY: no stack was made of the reservation: nothing refers into it.
                unsafe { self.platform.release(base, self.region_size) };
                Err(error.into())
            }
        }
    }

    fn give_back(&self, region: Region) {
        let mut idle = self.idle.lock();
        if idle.len() < KEPT && idle.room(1, Watch::now()).is_ok() {
            idle.push(region);
        } else {
            drop(idle);
            self.free(region);
        }
    }

    fn free(&self, region: Region) {
        self.regions.remove(region.place);
        // SAFETY: the store that owned the region is done with it, and no frame is on its stack.
        unsafe { self.platform.release(region.base, self.region_size) };
    }
}

impl Drop for StackPool {
    fn drop(&mut self) {
        for region in core::mem::take(&mut *self.idle.lock()) {
            self.free(region);
        }
    }
}

/// A store's Wasm stack. Dropping it gives it back to the pool: no frame may be on it then.
#[derive(Debug)]
pub(crate) struct WasmStack {
    pool: Arc<StackPool>,
    region: Region,
}

impl WasmStack {
    /// Where the first frame begins: the highest address that the stack pointer has.
    pub(crate) fn top(&self) -> *mut u8 {
        self.region
            .base
            .wrapping_add(self.pool.region_size - HEADER)
    }

    /// The addresses of the stack.
    pub(crate) fn addresses(&self) -> core::ops::Range<usize> {
        let end = self.top().addr();
        self.region.base.addr() + (self.pool.region_size - self.pool.size)..end
    }

    /// The lowest address that the stack pointer may have in code with explicit checks.
    pub(crate) fn limit(&self) -> usize {
        self.region.base.addr() + (self.pool.region_size - self.pool.size) + UNCHECKED_FRAMES
    }
}

impl Drop for WasmStack {
    fn drop(&mut self) {
        let Region { base, place } = self.region;
        self.pool.give_back(Region { base, place });
    }
}

/// The context of the store whose Wasm stack `sp` is on, and the addresses of that stack's guard.
///
/// # Safety
/// `sp` is the stack pointer of code of an engine whose pool has this `region_size` (the *stack
/// region* invariant).
pub(crate) unsafe fn context_at(
    sp: usize,
    region_size: usize,
    stack_size: usize,
) -> (*mut StoreContext, core::ops::Range<usize>) {
    let region = sp & !(region_size - 1);
    let slot = (region + region_size - HEADER) as *const *mut StoreContext;
    // SAFETY: `lease` wrote the slot before any code could run on the stack.
    (
        unsafe { slot.read() },
        region..region + (region_size - stack_size),
    )
}

impl StackPool {
    /// The context of the store whose Wasm stack overflows where code with this stack pointer can't access this address:
    /// both are in one region, the one in the stack, the other in its guard. The code may be any; nothing of the host's
    /// has its stack pointer there. Fit for the trap hook: no allocation, no lock.
    pub(crate) fn overflown(&self, sp: usize, address: usize) -> Option<*mut StoreContext> {
        let region = sp & !(self.region_size - 1);
        let guard = region..region + (self.region_size - self.size);
        let overflows = guard.contains(&address) && !guard.contains(&sp);
        (overflows && self.regions.hold(region)).then(|| {
            // SAFETY: the region is one of this pool's, and as long as a stack pointer is in it, its store lives.
            unsafe { context_at(sp, self.region_size, self.size) }.0
        })
    }

    /// The committed size of each stack, in bytes.
    pub(crate) fn stack_size(&self) -> usize {
        self.size
    }
}
