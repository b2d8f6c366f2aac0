//! Runs a computation that can be cut off anywhere: on a stack of its own, with an arena of its
//! own, both given back as a whole.
//!
//! Cranelift allocates infallibly. So the compiler runs here: when the arena can't grow, when the stack
//! overflows, or (in firmware) when the computation panics, control goes straight back to the host's
//! frame, and stack and arena are released with all that was in them. No destructor runs, so a
//! computation must own nothing that lives elsewhere; see [`run`].
//!
//! For the same reason it can be left at any instruction when its time is up ([`Stop`]): the platform's timer,
//! or an interrupt, has the trap hook asked, which finds it by the stack pointer. Only while it is
//! outside, in the heap's code or the platform's, does it go on until it comes back ([`Scope::outside`]).
//!
//! The platform crate's [`confine`](wasmetal_platform::confine) tells the program's allocator who is
//! confined. The stack lies in a region of its own; the arena takes its chunks from the heap:
//!
//! ```text
//!   | guard | for panics | stack | host's sp | scope |
//!           ^ committed from here on
//!   ^ a multiple of STACK_REGION                     ^ STACK_REGION further on
//! ```

mod arch;
mod arena;
mod stop;
// Twins: without std panics do not unwind.
#[cfg_attr(not(feature = "std"), path = "no_panics.rs")]
mod panics;
#[cfg(test)]
mod tests;

use crate::activation::Deadline;
use crate::error::bounded::format_err;
use crate::error::{Context as _, Error};
use crate::interrupt;
use alloc::string::{String, ToString};
use arena::Arena;
use core::alloc::{GlobalAlloc, Layout};
use core::cell::UnsafeCell;
use core::fmt::{self, Write};
use core::mem::{ManuallyDrop, MaybeUninit};
use core::sync::atomic::{AtomicBool, Ordering, compiler_fence};
use wasmetal_platform::confine::{self, Confinement, STACK_REGION};
use wasmetal_platform::{Fault, FaultKind, Platform, Resume};

pub(crate) use stop::{Interrupted, Stop, interrupted};

/// The part of a stack region that a computation may use, in bytes. Below it is room for panics, and then the guard.
const STACK: usize = 512 << 10;
const GUARD: usize = STACK_REGION - STACK - panics::ROOM;
/// The bytes at the top of a stack region that hold the host's stack pointer and the address of the [`Scope`].
const HEADER: usize = 16;
/// The stack that the heap's code may need, in bytes.
const HEAP_STACK: usize = 32 << 10;
/// The longest message of a panic that is kept, in bytes.
const MESSAGE: usize = 240;

/// Why a confined computation has no result.
#[derive(Debug)]
pub(crate) enum Ended {
    /// It has not begun: confinement is not to be had, memory for the stack is not, the platform has no timer for this
    /// thread, or the thread is panicking.
    NotBegun(Error),
    /// An allocation did not fit.
    Memory {
        /// The allocation's size, in bytes.
        wanted: usize,
        /// What the arena had taken from the heap, in bytes.
        used: usize,
    },
    /// The stack overflowed.
    Stack,
    /// It panicked, with this message.
    Panic(String),
    /// Its [`Stop`] said so.
    Stopped,
}

impl From<Error> for Ended {
    fn from(error: Error) -> Self {
        Self::NotBegun(error)
    }
}

/// What the host's frame is told: the computation has ended by itself.
const ENDED: usize = 0;
/// What it is told by `arch::leave`.
const LEFT_MEMORY: usize = 1;
const LEFT_STACK: usize = 2;
const LEFT_PANIC: usize = 3;
const LEFT_STOPPED: usize = 4;

/// A computation's side of things. Lives in the frame of [`run`], on the host's stack.
///
/// Invariant (*one side*): either the host's frame looks at it or the confined computation does, never
/// both: they take turns on one thread.
struct Scope {
    region: usize,
    arena: UnsafeCell<Arena>,
    /// The allocation that did not fit.
    wanted: UnsafeCell<usize>,
    message: UnsafeCell<Message>,
    stop: Option<&'static Stop<'static>>,
    /// Code of others runs on the confined stack, which may hold a lock: it is not to be left.
    outside: AtomicBool,
    /// It was to be left meanwhile.
    late: AtomicBool,
}

struct Message {
    bytes: [u8; MESSAGE],
    len: usize,
}

impl Write for Message {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        // There is no memory for more: what does not fit is cut off, on the border of a character.
        let room = MESSAGE - self.len;
        let end = (0..=text.len().min(room)).rev();
        let end = end.into_iter().find(|end| text.is_char_boundary(*end));
        let part = &text.as_bytes()[..end.unwrap_or(0)];
        self.bytes[self.len..self.len + part.len()].copy_from_slice(part);
        self.len += part.len();
        Ok(())
    }
}

impl Scope {
    /// Goes back to the host's frame.
    fn abandon(&self, status: usize) -> ! {
        // SAFETY: this runs on the confined stack, so `enter` has written the host's stack pointer to its top and
        // waits there; what is abandoned owns nothing elsewhere (contract of `run`).
        unsafe { arch::leave(host_stack_pointer(self.region), status) }
    }

    /// Runs code of others, from the first to the last instruction.
    fn outside<R>(&self, run: impl FnOnce() -> R) -> R {
        self.outside.store(true, Ordering::Relaxed);
        compiler_fence(Ordering::SeqCst);
        let result = run();
        compiler_fence(Ordering::SeqCst);
        self.outside.store(false, Ordering::SeqCst);
        // The hook, which interrupts this thread, has come before the store and left its mark, or leaves by itself.
        if self.late.load(Ordering::SeqCst) {
            self.abandon(LEFT_STOPPED);
        }
        result
    }

    /// How much stack is left above the guard, in bytes.
    fn stack_left(&self) -> usize {
        let local = 0u8;
        (&raw const local)
            .addr()
            .saturating_sub(self.region + GUARD)
    }

    /// The first thing that the computation does.
    fn begin(&self) {
        if let Some(stop) = self.stop {
            self.outside(|| stop.set_timer());
            // An interrupt that came before the stack pointer was on this stack could not find the computation, and has
            // left its mark only.
            if stop.must_stop() {
                self.abandon(LEFT_STOPPED);
            }
        }
    }
}

// SAFETY: the arena hands out disjoint blocks of its own and knows them by address; *one side*.
unsafe impl Confinement for Scope {
    fn alloc(&self, layout: Layout, heap: &dyn GlobalAlloc) -> *mut u8 {
        if panics::is_panicking() {
            // SAFETY: passed on.
            return self.outside(|| unsafe { heap.alloc(layout) });
        }
        // The room is for panics alone. What calls itself allocates now and then, so that it is found here.
        if self.stack_left().checked_sub(panics::ROOM).is_none() {
            self.abandon(LEFT_STACK);
        }
        // SAFETY: *one side*.
        let arena = unsafe { &mut *self.arena.get() };
        if let Some(block) = arena.alloc(layout) {
            return block;
        }
        // The heap has a lock: its code must not be cut off by an overflow.
        if self.stack_left() < HEAP_STACK {
            self.abandon(LEFT_STACK);
        }
        let grown = self.outside(|| arena.grow(layout, heap));
        match grown.and_then(|()| arena.alloc(layout)) {
            Some(block) => block,
            None => {
                // SAFETY: *one side*.
                unsafe { *self.wanted.get() = layout.size() };
                self.abandon(LEFT_MEMORY)
            }
        }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout, heap: &dyn GlobalAlloc) {
        // SAFETY: *one side*; the block is as the caller promises.
        let ours = unsafe { (*self.arena.get()).dealloc(block, layout) };
        if !ours {
            // SAFETY: then it is the heap's.
            self.outside(|| unsafe { heap.dealloc(block, layout) });
        }
    }

    fn panicked(&self, message: &dyn fmt::Display) {
        // SAFETY: *one side*. A message that panics comes back here and leaves at once with what was written.
        let text = unsafe { &mut *self.message.get() };
        if text.len == 0 {
            let _ = write!(text, "{message}");
        }
        self.abandon(LEFT_PANIC)
    }
}

/// Runs `job` confined, then `keep` outside on what it returned, which is gone afterwards: what `keep`
/// returns must be a copy. The arena takes at most `limit` bytes of memory. If there is a `stop`, it ends the job.
///
/// # Errors
/// See [`Ended`].
///
/// # Safety
/// `job` may vanish at any instruction, and its result and every block it allocated always do, without
/// their destructors: it takes no lock, no reference count and no other resource of the world outside,
/// and stores nothing that it allocated outside itself. Faults on this thread reach the trap hook.
pub(crate) unsafe fn run<R, K>(
    platform: &'static dyn Platform,
    limit: Option<usize>,
    stop: Option<&Stop<'_>>,
    job: impl FnOnce() -> R,
    keep: impl FnOnce(&R) -> K,
) -> Result<K, Ended> {
    if panics::is_panicking() {
        return Err(Ended::NotBegun(format_err!(
            "a thread that is panicking can't confine the compiler: what it allocates belongs to the panic"
        )));
    }
    let region = platform
        .reserve(STACK_REGION, STACK_REGION)
        .context("no address space for the compiler's stack")?;
    let reservation = Reservation { platform, region };
    // SAFETY: the range lies in the fresh reservation.
    unsafe { platform.commit(region.add(GUARD), STACK_REGION - GUARD) }
        .context("no memory for the compiler's stack")?;

    panics::shield_hook();
    stop.map_or(Ok(()), Stop::prepare)?;
    // SAFETY: only the lifetimes change: the scope does not leave this function.
    let stop = unsafe { core::mem::transmute::<Option<&Stop<'_>>, Option<&Stop<'static>>>(stop) };
    let scope = Scope {
        region: region.addr(),
        arena: UnsafeCell::new(Arena::new(limit.unwrap_or(usize::MAX))),
        wanted: UnsafeCell::new(0),
        message: UnsafeCell::new(Message {
            bytes: [0; MESSAGE],
            len: 0,
        }),
        stop,
        outside: AtomicBool::new(false),
        late: AtomicBool::new(false),
    };
    let confinement: &dyn Confinement = &scope;
    // SAFETY: only the lifetime changes. `scope` outlives `entered`, which is dropped in this function.
    let confinement: &'static dyn Confinement = unsafe { core::mem::transmute(confinement) };
    let mut call = Call {
        scope: &scope,
        job: ManuallyDrop::new(job),
        result: MaybeUninit::<R>::uninit(),
    };
    // SAFETY: the region is fresh, aligned as reserved, and used by nothing else; what is passed lives until after
    // `entered` is dropped, on this stack.
    let entered =
        unsafe { confine::enter(region.addr(), &raw const confinement) }.map_err(Error::from)?;
    // SAFETY: the stack is committed and nobody else's, `body` fits `call`, whose job has not been taken.
    let status = unsafe {
        let top = region.add(STACK_REGION - HEADER);
        let header = top.cast::<*const Scope>();
        header.add(1).write(&raw const scope);
        arch::enter((&raw mut call).cast(), body_of(&call), top)
    };
    drop(entered);
    if scope.stop.is_some() {
        interrupt::reset_timer(platform, Deadline::NEVER);
    }
    let ended = match status {
        ENDED => {
            // SAFETY: the computation has ended by itself, so the result is there. It is never dropped.
            let kept = keep(unsafe { call.result.assume_init_ref() });
            Ok(kept)
        }
        LEFT_MEMORY => Err(Ended::Memory {
            // SAFETY: *one side*: the computation is over.
            wanted: unsafe { *scope.wanted.get() },
            // SAFETY: *one side*: the computation is over.
            used: unsafe { (*scope.arena.get()).used() },
        }),
        LEFT_STACK => Err(Ended::Stack),
        LEFT_STOPPED => Err(Ended::Stopped),
        _ => {
            // SAFETY: *one side*.
            let message = unsafe { &*scope.message.get() };
            let message = String::from_utf8_lossy(&message.bytes[..message.len]);
            Err(Ended::Panic(message.to_string()))
        }
    };
    // SAFETY: *one side*; the result is forgotten.
    unsafe { (*scope.arena.get()).release() };
    drop(reservation);
    ended
}

/// A job and the place for its result.
struct Call<'a, F, R> {
    scope: &'a Scope,
    job: ManuallyDrop<F>,
    result: MaybeUninit<R>,
}

/// The function that runs a [`Call`] of this type.
fn body_of<F: FnOnce() -> R, R>(_: &Call<'_, F, R>) -> unsafe extern "C" fn(*mut u8) {
    body::<F, R>
}

/// # Safety
/// `call` is a [`Call`] of this type whose job has not been taken.
unsafe extern "C" fn body<F: FnOnce() -> R, R>(call: *mut u8) {
    // SAFETY: the caller's contract; the host's frame waits (*one side*).
    let call = unsafe { &mut *call.cast::<Call<'_, F, R>>() };
    call.scope.begin();
    // SAFETY: it is taken this once.
    let job = unsafe { ManuallyDrop::take(&mut call.job) };
    // A panic must not unwind into the assembly below, which has no tables for it.
    match panics::catch(job) {
        Ok(result) => {
            call.result.write(result);
        }
        Err(message) => {
            if let Some(scope) = confine::current() {
                scope.panicked(&message);
            }
        }
    }
}

struct Reservation {
    platform: &'static dyn Platform,
    region: *mut u8,
}

impl Drop for Reservation {
    fn drop(&mut self) {
        // SAFETY: it is one whole reservation; the computation in it is over, and its result forgotten.
        unsafe { self.platform.release(self.region, STACK_REGION) };
    }
}

/// Where `enter` waits, on the host's stack.
///
/// # Safety
/// `region` is that of a computation that has been entered.
unsafe fn host_stack_pointer(region: usize) -> usize {
    let header = (region + STACK_REGION - HEADER) as *const usize;
    // SAFETY: `enter` has written it there, and the computation does not.
    unsafe { header.read() }
}

/// The trap hook's part: an overflow of a confined stack ends the computation.
pub(crate) fn overflow(fault: &Fault) -> Option<Resume> {
    let FaultKind::Memory {
        address: Some(address),
    } = fault.kind
    else {
        return None;
    };
    let region = confine::region_of(address)?;
    let overflow = address < region + GUARD && confine::region_of(fault.sp) == Some(region);
    // A panic hook and the unwinder have locks: one that takes more than there is room for ends the program, as
    // on any other stack.
    (overflow && !panics::is_panicking()).then(|| {
        // SAFETY: code runs with its stack pointer in the region, so it has been entered.
        let host = unsafe { host_stack_pointer(region) };
        Resume {
            pc: arch::leave as *const () as usize,
            sp: host,
            fp: fault.fp,
            args: [host, LEFT_STACK],
            keep: None,
        }
    })
}

/// Whether a computation of this thread can be confined.
pub(crate) fn is_available() -> bool {
    confine::is_available() && !panics::is_panicking()
}
