//! [`SharedMemory`]: a linear memory that threads share.
//!
//! It belongs to no store, and lives as long as any handle of it or any store that it was imported into.
//! Its mapping is reserved up to its maximum at once, so it never moves; it grows under a lock, and
//! only its length changes, atomically, after the pages are there.

use super::mapping::Mapping;
use super::memory::{Sizes, has_small_pages, not_made, too_large};
use super::waiters::{WaitResult, Waiters};
use crate::activation::context::VMExtent;
use crate::engine::Engine;
use crate::error::Result;
use crate::error::bounded::{bail, ensure, format_err};
use crate::interrupt::{Interrupts, Pieces};
use crate::trap::Trap;
use crate::{MemoryType, module};
use alloc::sync::Arc;
use core::cell::UnsafeCell;
use core::fmt;
use core::mem::{offset_of, size_of};
use core::ptr::NonNull;
use core::slice;
use core::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use core::time::Duration;
use spin::Mutex;
#[cfg(feature = "async")]
use {
    crate::activation::{Deadline, alarm::Alarm},
    core::task::{Context, Poll},
};

/// A linear memory that threads share.
///
/// A clone is cheap and is the same memory. It is imported, as [`Extern::SharedMemory`], into any number
/// of instances in stores of one engine, which may run on different threads at a time; a module that
/// defines a shared memory makes one for each instance and may export it.
///
/// ```
/// # use wasmetal::{Config, Engine};
/// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
/// use std::thread;
/// use wasmetal::{Instance, MemoryType, Module, SharedMemory, Store};
///
/// let module = Module::new(&engine, r#"
///     (module
///         (import "env" "memory" (memory 1 1 shared))
///         (func (export "add") (param i32)
///             (drop (i32.atomic.rmw.add (i32.const 0) (local.get 0)))))
/// "#)?;
/// let memory = SharedMemory::new(&engine, MemoryType::shared(1, 1))?;
/// thread::scope(|scope| {
///     for i in 1..=4 {
///         let (engine, module, memory) = (&engine, &module, memory.clone());
///         scope.spawn(move || {
///             let mut store = Store::new(engine, ());
///             let instance = Instance::new(&mut store, module, &[memory.into()]).unwrap();
///             let add = instance.get_typed_func::<i32, ()>(&mut store, "add").unwrap();
///             (0..1000).for_each(|_| add.call(&mut store, i).unwrap());
///         });
///     }
/// });
/// // All other threads are done, so the bytes may be read like any.
/// let sum = memory.data()[..4].iter().rev().fold(0, |sum, byte| sum << 8 | unsafe { *byte.get() } as i32);
/// assert_eq!(sum, 10_000);
/// # wasmetal::error::Ok(())
/// ```
///
/// [`Extern::SharedMemory`]: crate::Extern::SharedMemory
#[derive(Clone)]
pub struct SharedMemory(Arc<Inner>);

struct Inner {
    engine: Engine,
    ty: module::MemoryType,
    extent: SharedExtent,
    /// The largest size, in bytes.
    maximum: usize,
    /// Locked by who grows the memory.
    mapping: Mutex<Mapping>,
    /// The size of the mapping, in bytes.
    reserved: usize,
    waiters: Waiters,
}

/// What generated code reads: a [`VMExtent`] whose length changes under the eyes of other threads.
///
/// Invariant (*shared memory*): `base` never changes; the `length` bytes there are committed, readable and
/// writable, and `length` never shrinks. All threads access the bytes at any time: generated code as
/// it likes, the runtime by `racy` and by atomics.
#[repr(C)]
struct SharedExtent {
    base: *mut u8,
    length: AtomicU64,
}

const _: () = {
    assert!(offset_of!(SharedExtent, base) == offset_of!(VMExtent, base));
    assert!(offset_of!(SharedExtent, length) == offset_of!(VMExtent, length));
    assert!(size_of::<SharedExtent>() == size_of::<VMExtent>());
};

// SAFETY: the base never changes, and is the address of memory that any thread may use
// (*shared memory*); the rest is `Send`.
unsafe impl Send for Inner {}
// SAFETY: as for `Send`; the length is atomic, the mapping behind a lock.
unsafe impl Sync for Inner {}

impl SharedMemory {
    /// Makes a memory of zeroes.
    ///
    /// # Errors
    /// The type is of a memory that is not shared, or the machine has no memory for its minimum or no
    /// address space for its maximum.
    pub fn new(engine: &Engine, ty: MemoryType) -> Result<Self> {
        Self::of_type(engine, &ty.to_canonical(), Pieces::ONE)
    }

    /// As [`new`](Self::new), in pieces.
    ///
    /// # Errors
    /// As for [`new`](Self::new); the store was interrupted.
    pub(crate) fn of_type(
        engine: &Engine,
        ty: &module::MemoryType,
        pieces: Pieces,
    ) -> Result<Self> {
        ensure!(ty.shared, "the type is not of a shared memory");
        ensure!(
            ty.limits.maximum.is_some(),
            "a shared memory has a maximum size"
        );
        let tunables = engine.tunables();
        let sizes = Sizes::of(ty);
        let minimum = sizes.minimum.ok_or_else(|| too_large(ty))?;
        let out_of_space = || not_made(ty, format_err!("its maximum exceeds the address space"));
        let maximum = sizes.maximum.ok_or_else(out_of_space)?;
        let fit = |size: u64| usize::try_from(size).map_err(|_| out_of_space());
        // As for other memories: with pages of one byte nothing is reserved but what may be used.
        let (reservation, guard) = match tunables.memory_faults && !has_small_pages(ty) {
            true => (
                fit(tunables.memory_reservation)?,
                fit(tunables.memory_guard_size)?,
            ),
            false => (0, 0),
        };
        let size = reservation.max(maximum);
        let mapping = Mapping::committed(engine.platform(), size, guard, minimum, pieces)
            .map_err(|error| not_made(ty, error))?;
        Ok(Self(Arc::new(Inner {
            engine: engine.clone(),
            ty: ty.clone(),
            extent: SharedExtent {
                base: mapping.base,
                length: AtomicU64::new(minimum as u64),
            },
            maximum,
            reserved: mapping.size,
            mapping: Mutex::new(mapping),
            waiters: Waiters::default(),
        })))
    }

    /// The type that the memory was made with. Its minimum is not the current size.
    #[must_use]
    pub fn ty(&self) -> MemoryType {
        MemoryType::from_canonical(&self.0.ty)
    }

    /// The current size in pages. Other threads may have grown the memory since.
    #[must_use]
    pub fn size(&self) -> u64 {
        (self.data_size() >> self.0.ty.page_size_log2) as u64
    }

    /// The size of a page in bytes.
    #[must_use]
    pub fn page_size(&self) -> u64 {
        1 << self.0.ty.page_size_log2
    }

    /// The current size in bytes. Other threads may have grown the memory since.
    #[must_use]
    pub fn data_size(&self) -> usize {
        self.0.extent.length.load(Ordering::SeqCst) as usize
    }

    /// All bytes that there are now. They stay where they are as long as the memory lives.
    ///
    /// Other threads may read and write them at any time. So they are accessed through atomics
    /// (`AtomicU8::from_ptr(cell.get())`, say), unless the caller knows that nobody else does.
    #[must_use]
    pub fn data(&self) -> &[UnsafeCell<u8>] {
        let length = self.data_size();
        // SAFETY: the bytes are readable and writable as long as `self` lives (*shared memory*);
        // `UnsafeCell` says that others change them.
        unsafe { slice::from_raw_parts(self.0.extent.base.cast(), length) }
    }

    /// Grows the memory by `delta` pages of zeroes, and returns its old size in pages.
    ///
    /// No store's limiter is asked, as it is not when Wasm code grows the memory.
    ///
    /// # Errors
    /// The memory can't grow so far. It is as it was.
    pub fn grow(&self, delta: u64) -> Result<u64> {
        self.grow_by(delta, Pieces::ONE)
            .map_err(|error| error.context(alloc::format!("failed to grow memory by `{delta}`")))
    }

    pub(crate) fn grow_by(&self, delta: u64, pieces: Pieces) -> Result<u64> {
        let inner = &*self.0;
        let mut mapping = inner.mapping.lock();
        // Only who holds the lock writes the length.
        let old = inner.extent.length.load(Ordering::Relaxed) as usize;
        let pages = (old >> inner.ty.page_size_log2) as u64;
        if delta == 0 {
            return Ok(pages);
        }
        let new = usize::try_from(delta)
            .ok()
            .and_then(|delta| delta.checked_mul(1 << inner.ty.page_size_log2))
            .and_then(|more| old.checked_add(more))
            .filter(|&new| new <= inner.maximum);
        let Some(new) = new else {
            bail!("memory maximum size exceeded");
        };
        mapping.commit(new, pieces)?;
        // After the pages are there: who sees the length may use them (*shared memory*). `memory.grow` is
        // an atomic read-modify-write of it (threads proposal: "memory.grow").
        inner.extent.length.store(new as u64, Ordering::SeqCst);
        Ok(pages)
    }

    /// `memory.atomic.notify`: wakes up to `count` of those who wait for `address`, in the order in which
    /// they began to, and returns how many there were.
    ///
    /// # Errors
    /// - [`Trap::HeapMisaligned`]: the address is no multiple of 4.
    /// - [`Trap::MemoryOutOfBounds`]: there are no 4 bytes at the address.
    pub fn atomic_notify(&self, address: u64, count: u32) -> Result<u32, Trap> {
        self.atomic_address(address, 4)?;
        Ok(self
            .0
            .waiters
            .notify(self.0.engine.platform(), address, count))
    }

    /// `memory.atomic.wait32`: blocks the calling thread, if the `i32` at `address` is `expected`, until it
    /// is notified of that address, or `timeout` has passed; without one, for ever.
    ///
    /// To compare and to begin to wait are one step: no notification after the comparison is lost.
    /// There are no spurious wake-ups.
    ///
    /// # Errors
    /// - [`Trap::HeapMisaligned`]: the address is no multiple of 4.
    /// - [`Trap::MemoryOutOfBounds`]: there are no 4 bytes at the address.
    /// - [`Trap::CannotBlock`]: the thread would have to wait, and the platform has no way to, or memory is
    ///   exhausted.
    pub fn atomic_wait32(
        &self,
        address: u64,
        expected: u32,
        timeout: Option<Duration>,
    ) -> Result<WaitResult, Trap> {
        as_trap(self.wait32(address, expected, timeout, None))
    }

    pub(crate) fn wait32(
        &self,
        address: u64,
        expected: u32,
        timeout: Option<Duration>,
        interrupts: Option<&Interrupts>,
    ) -> Result<WaitResult> {
        let place = self.atomic_address(address, 4)?;
        // SAFETY: an aligned address in the memory, which lives as long as `self` (*shared memory*);
        // the runtime accesses it by atomics of this size and by assembly only.
        let word = unsafe { AtomicU32::from_ptr(place.cast()) };
        let equal = || u32::from_le(word.load(Ordering::SeqCst)) == expected;
        self.wait(address, equal, timeout, interrupts)
    }

    /// `memory.atomic.wait64`: as [`atomic_wait32`](Self::atomic_wait32), for an `i64`.
    ///
    /// # Errors
    /// As for [`atomic_wait32`](Self::atomic_wait32), with 8 for 4.
    pub fn atomic_wait64(
        &self,
        address: u64,
        expected: u64,
        timeout: Option<Duration>,
    ) -> Result<WaitResult, Trap> {
        as_trap(self.wait64(address, expected, timeout, None))
    }

    pub(crate) fn wait64(
        &self,
        address: u64,
        expected: u64,
        timeout: Option<Duration>,
        interrupts: Option<&Interrupts>,
    ) -> Result<WaitResult> {
        let place = self.atomic_address(address, 8)?;
        // SAFETY: as in `atomic_wait32`.
        let word = unsafe { AtomicU64::from_ptr(place.cast()) };
        let equal = || u64::from_le(word.load(Ordering::SeqCst)) == expected;
        self.wait(address, equal, timeout, interrupts)
    }

    /// As [`wait32`](Self::wait32), of a task: it does not block.
    #[cfg(feature = "async")]
    pub(crate) fn begin_wait32(
        &self,
        address: u64,
        expected: u32,
        timeout: Option<Duration>,
    ) -> Result<core::result::Result<SharedWait, WaitResult>> {
        let place = self.atomic_address(address, 4)?;
        // SAFETY: as in `wait32`.
        let word = unsafe { AtomicU32::from_ptr(place.cast()) };
        let equal = || u32::from_le(word.load(Ordering::SeqCst)) == expected;
        self.begin_wait(address, equal, timeout)
    }

    /// As [`wait64`](Self::wait64), of a task: it does not block.
    #[cfg(feature = "async")]
    pub(crate) fn begin_wait64(
        &self,
        address: u64,
        expected: u64,
        timeout: Option<Duration>,
    ) -> Result<core::result::Result<SharedWait, WaitResult>> {
        let place = self.atomic_address(address, 8)?;
        // SAFETY: as in `wait32`.
        let word = unsafe { AtomicU64::from_ptr(place.cast()) };
        let equal = || u64::from_le(word.load(Ordering::SeqCst)) == expected;
        self.begin_wait(address, equal, timeout)
    }

    #[cfg(feature = "async")]
    fn begin_wait(
        &self,
        address: u64,
        equal: impl FnOnce() -> bool,
        timeout: Option<Duration>,
    ) -> Result<core::result::Result<SharedWait, WaitResult>> {
        let begun = self.0.waiters.begin(address, equal, timeout)?;
        Ok(begun.map(|alarm| {
            let platform = self.0.engine.platform();
            SharedWait {
                memory: self.clone(),
                alarm,
                until: timeout.map_or(Deadline::NEVER, |time| Deadline::after(platform, time)),
            }
        }))
    }

    fn wait(
        &self,
        address: u64,
        equal: impl FnOnce() -> bool,
        timeout: Option<Duration>,
        interrupts: Option<&Interrupts>,
    ) -> Result<WaitResult> {
        let platform = self.0.engine.platform();
        self.0
            .waiters
            .wait(platform, address, equal, timeout, interrupts)
    }

    /// The machine address of an atomic access of `size` bytes.
    fn atomic_address(&self, address: u64, size: u64) -> Result<*mut u8, Trap> {
        let offset = check_atomic(address, size, self.data_size())?;
        Ok(self.0.extent.base.wrapping_add(offset))
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.0.engine
    }

    pub(crate) fn memory_type(&self) -> &module::MemoryType {
        &self.0.ty
    }

    /// What generated code reads. It lives as long as any handle.
    pub(crate) fn extent(&self) -> NonNull<VMExtent> {
        NonNull::from(&self.0.extent).cast()
    }

    /// How many bytes of address space it has, from its first byte.
    pub(super) fn reserved(&self) -> usize {
        self.0.reserved
    }

    /// Whether both are the same memory.
    pub(crate) fn same(a: &Self, b: &Self) -> bool {
        Arc::ptr_eq(&a.0, &b.0)
    }
}

/// What waiting fails with, as a trap.
fn as_trap(result: Result<WaitResult>) -> Result<WaitResult, Trap> {
    result.map_err(|error| *error.downcast_ref().unwrap_or(&Trap::CannotBlock))
}

/// The offset of an atomic access of `size` bytes to a memory of `length` bytes.
///
/// # Errors
/// It is not aligned, or out of bounds.
pub(crate) fn check_atomic(address: u64, size: u64, length: usize) -> Result<usize, Trap> {
    if !address.is_multiple_of(size) {
        return Err(Trap::HeapMisaligned);
    }
    let end = address.checked_add(size);
    match end.is_some_and(|end| end <= length as u64) {
        true => Ok(address as usize),
        false => Err(Trap::MemoryOutOfBounds),
    }
}

impl fmt::Debug for SharedMemory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedMemory")
            .field("ty", &self.0.ty)
            .field("size", &self.size())
            .finish_non_exhaustive()
    }
}

/// A task that waits in a shared memory. Dropping it ends that.
#[cfg(feature = "async")]
pub(crate) struct SharedWait {
    memory: SharedMemory,
    alarm: Arc<Alarm>,
    until: Deadline,
}

#[cfg(feature = "async")]
impl SharedWait {
    /// Goes on with waiting: how it has ended, if it has.
    ///
    /// # Errors
    /// The platform can't wake the task in time.
    pub(crate) fn poll(&mut self, task: &Context<'_>) -> Poll<Result<WaitResult>> {
        let platform = self.memory.0.engine.platform();
        let waiters = &self.memory.0.waiters;
        // The waker first: who notifies takes the waiter out, and wakes then.
        // SAFETY: it is where the `Arc` has it.
        if let Err(error) = unsafe { self.alarm.set(platform, self.until, task.waker()) } {
            return Poll::Ready(Err(error));
        }
        let is_over = self.until.has_come(platform);
        match (waiters.still_waits(&self.alarm, is_over), is_over) {
            (false, _) => Poll::Ready(Ok(WaitResult::Ok)),
            (true, true) => Poll::Ready(Ok(WaitResult::TimedOut)),
            (true, false) => Poll::Pending,
        }
    }
}

#[cfg(feature = "async")]
impl Drop for SharedWait {
    fn drop(&mut self) {
        self.memory.0.waiters.still_waits(&self.alarm, true);
        self.alarm.forget();
    }
}
