//! Confined computations: code that runs on a stack of its own and allocates from memory of its own,
//! so that it can be cut off at any allocation and all that it took goes back as a whole.
//!
//! Three parties meet here. The code that runs such a computation (the core, for the compiler) makes a
//! [`Confinement`] and [`enter`]s it. The program's global allocator is an [`Allocator`], which asks by
//! the stack pointer whether the code that allocates is confined. A firmware's panic handler asks
//! [`current`] as well: a panic in a confined computation need not end the firmware.
//!
//! Nothing is kept per thread or per core: a computation is known by the stack it runs on.
//!
//! Code outside any confinement has the [`reserve`](RESERVE) instead: where the heap refuses a small block, it
//! gets one from there, and finds out by [`draws`] that it must stop.

// Twins: without the feature `log` nobody confined knows of a logger.
mod granules;
#[cfg_attr(not(feature = "log"), path = "confine/no_logger.rs")]
mod logger;
mod reserve;
mod state;

#[cfg(feature = "log")]
pub use logger::Logger;
pub use reserve::{LARGEST_DRAW, RESERVE, drawn, draws, is_drawn};

use core::alloc::{GlobalAlloc, Layout};
use core::arch::asm;
use core::fmt;
use core::ptr;
use core::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};
use state::State;

/// The size and the alignment of a confined computation's stack, its guard included, in bytes.
pub const STACK_REGION: usize = 1 << 20;

/// How many computations can be confined at the same time.
pub const MAX_CONFINED: usize = 64;

/// What a confined computation allocates from.
///
/// # Safety
/// `alloc` returns blocks as [`GlobalAlloc::alloc`] does, or null, or never returns. `dealloc` gives
/// back what `alloc` gave, and to the heap what is not its own. All methods are called on the confined stack only.
pub unsafe trait Confinement {
    /// A block that fits the layout, in memory from `heap`. May abandon the computation instead of
    /// returning.
    fn alloc(&self, layout: Layout, heap: &dyn GlobalAlloc) -> *mut u8;

    /// Takes back a block: one of this confinement's, or one of `heap`'s, which gets it. May abandon the
    /// computation instead of returning.
    ///
    /// # Safety
    /// The block was allocated with this layout and is not used any more.
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout, heap: &dyn GlobalAlloc);

    /// The computation panicked: abandons it. Returns only where that can't be done.
    fn panicked(&self, message: &dyn fmt::Display);
}

/// A confined stack, and what belongs to it.
struct Slot {
    /// The lowest address of the region; 0 where the slot is free.
    region: AtomicUsize,
    /// The confinement: a pointer to the fat pointer in an [`Entered`]'s owner.
    confinement: AtomicPtr<&'static dyn Confinement>,
}

static SLOTS: [Slot; MAX_CONFINED] = [const {
    Slot {
        region: AtomicUsize::new(0),
        confinement: AtomicPtr::new(ptr::null_mut()),
    }
}; MAX_CONFINED];

/// The program's.
static STATE: State = State::new();

/// A confinement that is entered; dropping it leaves it.
#[derive(Debug)]
pub struct Entered(usize);

/// Why [`enter`] refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The program's global allocator is no [`Allocator`].
    NoAllocator,
    /// The program has a logger that would hear of the computation, and is no [`Logger`](crate::confine).
    Logger,
    /// [`MAX_CONFINED`] computations are confined already.
    TooMany,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoAllocator => {
                "the program's global allocator is no `wasmetal_platform::confine::Allocator`"
            }
            Self::Logger => {
                "the program's logger would run confined, at its level of `Debug` or `Trace`: it must be a \
                 `wasmetal_platform::confine::Logger`"
            }
            Self::TooMany => "too many computations are confined at once",
        })
    }
}

impl core::error::Error for Refused {}

/// Makes code that runs with its stack pointer in `[region, region + STACK_REGION)` allocate from
/// `confinement`, until the value returned is dropped.
///
/// # Errors
/// See [`Refused`].
///
/// # Safety
/// `region` is a multiple of [`STACK_REGION`] and no part of it is anybody else's stack; what
/// `confinement` points to lives, at its address, until the value returned is dropped, and that happens
/// on another stack.
pub unsafe fn enter(
    region: usize,
    confinement: *const &'static dyn Confinement,
) -> Result<Entered, Refused> {
    if !has_allocator() {
        return Err(Refused::NoAllocator);
    }
    if logger::would_run_confined() {
        return Err(Refused::Logger);
    }
    for (index, slot) in SLOTS.iter().enumerate() {
        // A free slot is claimed by a region that no stack pointer is in.
        let claimed =
            slot.region
                .compare_exchange(0, CLAIMED, Ordering::Acquire, Ordering::Relaxed);
        if claimed.is_ok() {
            slot.confinement
                .store(confinement.cast_mut(), Ordering::Relaxed);
            slot.region.store(region, Ordering::Release);
            STATE.confine();
            return Ok(Entered(index));
        }
    }
    Err(Refused::TooMany)
}

/// Whether computations can be confined: the program's global allocator is an [`Allocator`] (one that has been used), and
/// no logger of its would run confined.
#[must_use]
pub fn is_available() -> bool {
    has_allocator() && !logger::would_run_confined()
}

fn has_allocator() -> bool {
    STATE.has_allocator()
}

/// No region: not a multiple of [`STACK_REGION`].
const CLAIMED: usize = 1;

impl Drop for Entered {
    fn drop(&mut self) {
        STATE.release();
        SLOTS[self.0].region.store(0, Ordering::Release);
    }
}

/// The confinement of the code that calls this, if it is confined.
#[inline]
pub fn current() -> Option<&'static dyn Confinement> {
    match STATE.is_anyone_confined() {
        true => find(stack_pointer()),
        false => None,
    }
}

#[cold]
fn find(sp: usize) -> Option<&'static dyn Confinement> {
    let region = sp & !(STACK_REGION - 1);
    let slot = SLOTS
        .iter()
        .find(|slot| slot.region.load(Ordering::Relaxed) == region)?;
    // SAFETY: we run on the slot's stack, so the code that entered it on this core or thread waits for us and has not
    // left it (contract of `enter`).
    Some(unsafe { *slot.confinement.load(Ordering::Relaxed) })
}

/// The lowest address of the confined stack region that holds `address`, no matter what runs on it.
#[must_use]
pub fn region_of(address: usize) -> Option<usize> {
    if !STATE.is_anyone_confined() {
        return None;
    }
    let region = address & !(STACK_REGION - 1);
    let mut slots = SLOTS.iter();
    (region != 0 && slots.any(|slot| slot.region.load(Ordering::Relaxed) == region))
        .then_some(region)
}

#[inline(always)]
fn stack_pointer() -> usize {
    let sp;
    #[cfg(target_arch = "aarch64")]
    // SAFETY: reads a register and nothing else.
    unsafe {
        asm!("mov {}, sp", out(reg) sp, options(nomem, nostack, preserves_flags));
    }
    #[cfg(target_arch = "x86_64")]
    // SAFETY: it reads the stack pointer and nothing else.
    unsafe {
        asm!("mov {}, rsp", out(reg) sp, options(nomem, nostack, preserves_flags));
    }
    sp
}

/// A global allocator that lets confined computations have memory of their own; all other code
/// allocates from `A`.
///
/// What `A` refuses to that other code comes from the reserve, if it is small ([`LARGEST_DRAW`]) and the
/// reserve, of [`RESERVE`] bytes, has room: so an exhausted heap is an error of the runtime's operation
/// instead of the program's end.
///
/// ```
/// use std::alloc::System;
/// use wasmetal_platform::confine::Allocator;
///
/// #[global_allocator]
/// static ALLOCATOR: Allocator<System> = Allocator::new(System);
/// # fn main() {}
/// ```
#[derive(Debug, Default)]
pub struct Allocator<A>(A);

impl<A> Allocator<A> {
    /// Puts an allocator behind.
    pub const fn new(allocator: A) -> Self {
        Self(allocator)
    }

    /// The allocator behind.
    pub const fn get(&self) -> &A {
        &self.0
    }
}

/// The confinement of the code that calls this, if it is confined. Takes note that there is an [`Allocator`].
#[cold]
fn confined() -> Option<&'static dyn Confinement> {
    if !has_allocator() {
        STATE.see_allocator();
    }
    current()
}

impl<A: GlobalAlloc> Allocator<A> {
    /// # Safety
    /// As for [`GlobalAlloc::alloc`].
    #[cold]
    unsafe fn alloc_unusually(&self, layout: Layout) -> *mut u8 {
        if let Some(confinement) = confined() {
            return confinement.alloc(layout, &self.0);
        }
        // SAFETY: passed on.
        let block = unsafe { self.0.alloc(layout) };
        match block.is_null() {
            true => reserve::draw(layout),
            false => block,
        }
    }

    /// # Safety
    /// As for [`GlobalAlloc::dealloc`].
    #[cold]
    unsafe fn dealloc_unusually(&self, block: *mut u8, layout: Layout) {
        // SAFETY: passed on: no confinement's block and not the reserve's is one of `A`'s.
        unsafe {
            if reserve::give_back(block, layout) {
                return;
            }
            match confined() {
                Some(confinement) => confinement.dealloc(block, layout, &self.0),
                None => self.0.dealloc(block, layout),
            }
        }
    }

    /// A block of another size, with what this one holds, in `new`; null if that is.
    ///
    /// # Safety
    /// As for [`GlobalAlloc::realloc`]; `new` is of that size.
    #[cold]
    unsafe fn move_to(&self, new: *mut u8, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if !new.is_null() {
            // SAFETY: the new block is disjoint from the old one, which has `layout.size()` bytes and is not used again.
            unsafe {
                ptr::copy_nonoverlapping(block, new, layout.size().min(size));
                self.dealloc(block, layout);
            }
        }
        new
    }
}

// SAFETY: every block comes from `A`, from the confinement of the code that asks for it, or from the reserve. A
// confinement and the reserve know their own blocks; the former's do not outlive it, by the contract of who runs the
// computation.
unsafe impl<A: GlobalAlloc> GlobalAlloc for Allocator<A> {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if !STATE.is_usual() {
            // SAFETY: passed on.
            return unsafe { self.alloc_unusually(layout) };
        }
        // SAFETY: passed on.
        let block = unsafe { self.0.alloc(layout) };
        match block.is_null() {
            true => reserve::draw(layout),
            false => block,
        }
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        let block = if STATE.is_usual() {
            // SAFETY: passed on.
            let block = unsafe { self.0.alloc_zeroed(layout) };
            if !block.is_null() {
                return block;
            }
            reserve::draw(layout)
        } else {
            // SAFETY: passed on.
            unsafe { self.alloc_unusually(layout) }
        };
        if !block.is_null() {
            // SAFETY: the block has that many bytes.
            unsafe { block.write_bytes(0, layout.size()) };
        }
        block
    }

    #[inline]
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: passed on: usually no confinement's block and not the reserve's, so one of `A`'s.
        unsafe {
            match STATE.is_usual() {
                true => self.0.dealloc(block, layout),
                false => self.dealloc_unusually(block, layout),
            }
        }
    }

    #[inline]
    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: `size` rounded up to the alignment does not overflow, by `realloc`'s contract.
        let new = unsafe { Layout::from_size_align_unchecked(size, layout.align()) };
        let new = if STATE.is_usual() || !is_drawn(block) && confined().is_none() {
            // SAFETY: passed on.
            let moved = unsafe { self.0.realloc(block, layout, size) };
            if !moved.is_null() {
                return moved;
            }
            reserve::draw(new)
        } else {
            // SAFETY: passed on.
            unsafe { self.alloc_unusually(new) }
        };
        // SAFETY: passed on.
        unsafe { self.move_to(new, block, layout, size) }
    }
}
