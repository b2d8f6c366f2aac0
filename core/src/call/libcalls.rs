//! The builtins: runtime functions that generated code calls. `abi/builtins` lists them.
//!
//! Each runs on the host's stack, reached through a stub (`activation::arch`) that leaves Wasm code if it
//! fails. Indices come from generated code, so that they are the module's own.

mod arrays;
// Twins: without the feature `threads` nothing calls them.
#[cfg_attr(not(feature = "threads"), path = "libcalls/no_atomic.rs")]
mod atomic;
mod queries;
// Twins: without the feature `exceptions` nothing throws.
#[cfg_attr(not(feature = "exceptions"), path = "libcalls/no_exceptions.rs")]
mod exceptions;

use super::host::panics;
use crate::abi::TypeId;
use crate::abi::builtins::{Builtin, for_each_builtin};
use crate::activation::HostResult;
use crate::activation::arch::builtin_stub;
use crate::activation::context::VMContext;
use crate::error::Result;
use crate::instance::{
    InstanceData, LinearMemory, TableData, checked_range, drop_data, drop_elements, init_memory,
    init_table, racy_copy, racy_fill,
};
use crate::interrupt::pieces::{BYTES, ELEMENTS, Order, copy_order};
use crate::interrupt::{Interrupts, Pieces};
use crate::module::{DataIndex, ElementIndex, MemoryIndex, TableIndex};
use crate::store::{Growth, Pending, RawStore, StoreOpaque};
use crate::trap::Trap;
use arrays::{array_copy, array_init_data, array_init_elem, array_new_data, array_new_elem};
use atomic::{memory_atomic_notify, memory_atomic_wait32, memory_atomic_wait64};
use core::ptr::{self, NonNull};

use exceptions::throw_ref;
pub(crate) use queries::asked;

macro_rules! stubs {
    ($($name:ident($($param:ident: $ty:ident),*) $(-> $result:ident)?;)*) => {
        mod stubs {
            $(super::builtin_stub!($name, super::$name);)*
        }

        /// The array that every vmctx points to.
        static STUBS: Stubs = Stubs([$(stubs::$name as *const u8,)*]);
    };
}

struct Stubs([*const u8; Builtin::ALL.len()]);

// SAFETY: addresses of code, which is the same for all threads.
unsafe impl Sync for Stubs {}

for_each_builtin!(stubs);

/// The array of builtins, for a vmctx.
pub(crate) fn builtins() -> *const *const u8 {
    STUBS.0.as_ptr()
}

/// The instance that calls.
///
/// # Safety
/// `vmctx` is an instance's, whose code is calling.
unsafe fn instance<'a>(vmctx: *mut VMContext) -> &'a InstanceData {
    // SAFETY: a vmctx points to its instance, which lives as long as the store (*instance*).
    unsafe { &*(*vmctx).owner.cast() }
}

/// The store of the code that calls.
///
/// # Safety
/// As for [`instance`]; of what this returns, and what it returned before, only the last is used.
unsafe fn store<'a>(vmctx: *mut VMContext) -> RawStore<'a> {
    // SAFETY: a vmctx points to its store's context; the code calls.
    unsafe { RawStore::lent_by((*vmctx).store) }
}

/// What may interrupt the store of the code that calls.
///
/// # Safety
/// As for [`instance`].
#[cfg_attr(not(feature = "threads"), expect(dead_code, reason = "nobody waits"))]
unsafe fn interrupts<'a>(vmctx: *mut VMContext) -> Option<&'a Interrupts> {
    // SAFETY: a vmctx points to its store's context, and that to the interrupts, as long as the store lives.
    unsafe { (*(*vmctx).store).interrupts.as_ref() }
}

/// The pieces that a builtin is to do its work in.
///
/// # Safety
/// As for [`instance`].
unsafe fn pieces(vmctx: *mut VMContext) -> Pieces {
    // SAFETY: a vmctx points to its store's context, which outlives the call.
    unsafe { Pieces::of(NonNull::new_unchecked((*vmctx).store)) }
}

/// Ends a builtin.
///
/// # Safety
/// As for [`store`].
unsafe fn finish(vmctx: *mut VMContext, result: Result<u64, Pending>) -> HostResult {
    match result {
        Ok(value) => HostResult::ok(value),
        Err(pending) => {
            // SAFETY: the caller's promise.
            unsafe { store(vmctx) }.pending = Some(pending);
            HostResult::FAILED
        }
    }
}

/// Ends a builtin that can trap.
///
/// # Safety
/// As for [`store`].
unsafe fn trapping(vmctx: *mut VMContext, result: Result<(), Trap>) -> HostResult {
    let result = result
        .map(|()| 0)
        .map_err(|trap| Pending::Error(trap.into()));
    // SAFETY: the caller's promise.
    unsafe { finish(vmctx, result) }
}

/// Does what may run the embedder's limiter, and catches what that panics with. If the limiter answers later, the code that
/// calls waits, and `body` runs again.
///
/// # Safety
/// As for [`store`]; what `body` has belongs to that store.
unsafe fn limited(
    vmctx: *mut VMContext,
    mut body: impl FnMut(&mut StoreOpaque) -> Result<u64> + 'static,
) -> HostResult {
    // SAFETY: the caller's promise, in all of the block.
    unsafe {
        let mut store = store(vmctx);
        #[cfg(feature = "async")]
        if store.limiter_may_wait() {
            return crate::call::asynchronous::limited(store, body);
        }
        finish(vmctx, panics::catch(|| body(&mut store)))
    }
}

/// One of an instance's memories.
fn memory(instance: &InstanceData, memory: u32) -> &LinearMemory {
    // SAFETY: the store keeps its memories (*instance*), and nothing changes one now.
    unsafe { instance.memory(MemoryIndex::from_u32(memory)).as_ref() }
}

/// A part of a memory, in bounds.
struct Bytes {
    start: *mut u8,
    len: usize,
    /// Other threads may use them.
    shared: bool,
}

/// `[start, start + len)` of a memory.
fn memory_range(instance: &InstanceData, index: u32, start: u64, len: u64) -> Result<Bytes, Trap> {
    let memory = memory(instance, index);
    let (base, length) = memory.bytes();
    let range = checked_range(start, len, length).ok_or(Trap::MemoryOutOfBounds)?;
    Ok(Bytes {
        start: base.wrapping_add(range.start),
        len: range.len(),
        shared: memory.as_shared().is_some(),
    })
}

/// The start of `[start, start + len)`, if it is in bounds, no longer than a piece of work, and no other thread's: the
/// common case, for which there is a shorter way.
#[inline(always)]
fn short_range(instance: &InstanceData, index: u32, start: u64, len: u64) -> Option<*mut u8> {
    let memory = memory(instance, index);
    let (base, length) = memory.bytes();
    let room = (length as u64).checked_sub(start)?;
    let is_short = len <= room.min(BYTES as u64) && memory.as_shared().is_none();
    is_short.then(|| base.wrapping_add(start as usize))
}

fn table(instance: &InstanceData, table: u32) -> NonNull<TableData> {
    instance.table(TableIndex::from_u32(table))
}

// SAFETY (all functions below): only generated code calls them, through their stubs, with its own vmctx
// and with indices and references that validation found fit. No host code has references to memories or tables of
// the store while Wasm code runs; what other threads do to shared memories, `racy` and atomics allow for.

unsafe extern "C" fn memory_grow(vmctx: *mut VMContext, memory: u32, delta: u64) -> HostResult {
    // SAFETY: see above.
    unsafe {
        let memory = instance(vmctx).memory(MemoryIndex::from_u32(memory));
        limited(vmctx, move |store| {
            let growth = store.grow_memory(memory, delta, pieces(vmctx));
            growth.map(Growth::old_size)
        })
    }
}

unsafe extern "C" fn memory_copy(
    vmctx: *mut VMContext,
    dst_memory: u32,
    dst: u64,
    src_memory: u32,
    src: u64,
    len: u64,
) -> HostResult {
    // SAFETY: see above; both ranges are in bounds.
    unsafe {
        let instance = instance(vmctx);
        if let Some(from) = short_range(instance, src_memory, src, len)
            && let Some(to) = short_range(instance, dst_memory, dst, len)
        {
            ptr::copy(from, to, len as usize);
            return HostResult::ok(0);
        }
        let ranges = memory_range(instance, src_memory, src, len)
            .and_then(|from| Ok((from, memory_range(instance, dst_memory, dst, len)?)));
        let result = ranges.and_then(|(src, dst)| {
            if !(src.shared || dst.shared) {
                return pieces(vmctx).copy(src.start, dst.start, dst.len);
            }
            let order = copy_order(src.start, dst.start, dst.len);
            pieces(vmctx).run(dst.len, BYTES, order, |piece| {
                let (from, to) = (src.start.add(piece.start), dst.start.add(piece.start));
                racy_copy(from, to, piece.len());
            })
        });
        trapping(vmctx, result)
    }
}

unsafe extern "C" fn memory_fill(
    vmctx: *mut VMContext,
    memory: u32,
    dst: u64,
    value: u32,
    len: u64,
) -> HostResult {
    // SAFETY: see above; the range is in bounds.
    unsafe {
        if let Some(to) = short_range(instance(vmctx), memory, dst, len) {
            ptr::write_bytes(to, value as u8, len as usize);
            return HostResult::ok(0);
        }
        let range = memory_range(instance(vmctx), memory, dst, len);
        let result = range.and_then(|dst| {
            if !dst.shared {
                return pieces(vmctx).fill(dst.start, value as u8, dst.len);
            }
            pieces(vmctx).run(dst.len, BYTES, Order::Up, |piece| {
                racy_fill(dst.start.add(piece.start), value as u8, piece.len());
            })
        });
        trapping(vmctx, result)
    }
}

unsafe extern "C" fn memory_init(
    vmctx: *mut VMContext,
    memory: u32,
    data: u32,
    dst: u64,
    src: u64,
    len: u64,
) -> HostResult {
    let (memory, data) = (MemoryIndex::from_u32(memory), DataIndex::from_u32(data));
    // SAFETY: see above.
    unsafe {
        let pieces = pieces(vmctx);
        trapping(
            vmctx,
            init_memory(instance(vmctx), memory, data, dst, src, len, pieces),
        )
    }
}

unsafe extern "C" fn data_drop(vmctx: *mut VMContext, data: u32) -> HostResult {
    // SAFETY: see above.
    drop_data(unsafe { instance(vmctx) }, DataIndex::from_u32(data));
    HostResult::ok(0)
}

unsafe extern "C" fn table_grow(
    vmctx: *mut VMContext,
    index: u32,
    delta: u64,
    init: u64,
) -> HostResult {
    // SAFETY: see above.
    unsafe {
        let table = table(instance(vmctx), index);
        limited(vmctx, move |store| {
            let growth = store.grow_table(table, delta, init, pieces(vmctx));
            growth.map(Growth::old_size)
        })
    }
}

unsafe extern "C" fn table_fill(
    vmctx: *mut VMContext,
    index: u32,
    dst: u64,
    value: u64,
    len: u64,
) -> HostResult {
    // SAFETY: see above.
    unsafe {
        let mut table = table(instance(vmctx), index);
        let table = table.as_mut();
        let result = table.range(dst, len).and_then(|range| {
            pieces(vmctx).run(range.len(), ELEMENTS, Order::Up, |piece| {
                let piece = range.start + piece.start..range.start + piece.end;
                table.write(piece, core::iter::repeat(value));
            })
        });
        trapping(vmctx, result)
    }
}

unsafe extern "C" fn table_copy(
    vmctx: *mut VMContext,
    dst_table: u32,
    dst: u64,
    src_table: u32,
    src: u64,
    len: u64,
) -> HostResult {
    // SAFETY: see above.
    unsafe {
        let instance = instance(vmctx);
        let (to, from) = (table(instance, dst_table), table(instance, src_table));
        let pieces = pieces(vmctx);
        trapping(vmctx, TableData::copy(to, dst, from, src, len, pieces))
    }
}

unsafe extern "C" fn table_init(
    vmctx: *mut VMContext,
    table: u32,
    element: u32,
    dst: u64,
    src: u64,
    len: u64,
) -> HostResult {
    let (table, element) = (TableIndex::from_u32(table), ElementIndex::from_u32(element));
    // SAFETY: see above.
    unsafe {
        let pieces = pieces(vmctx);
        trapping(
            vmctx,
            init_table(instance(vmctx), table, element, dst, src, len, pieces),
        )
    }
}

unsafe extern "C" fn gc_alloc(vmctx: *mut VMContext, size: u64) -> HostResult {
    // SAFETY: see above.
    unsafe { limited(vmctx, move |store| Ok(store.gc_room(size, &mut [])?.into())) }
}

unsafe extern "C" fn is_subtype(vmctx: *mut VMContext, sub: u32, sup: u32) -> HostResult {
    // SAFETY: see above.
    let store = unsafe { store(vmctx) };
    let types = store.engine.types();
    let is_subtype = types.is_subtype(TypeId::from_u32(sub), TypeId::from_u32(sup));
    HostResult::ok(is_subtype.into())
}

unsafe extern "C" fn elem_drop(vmctx: *mut VMContext, element: u32) -> HostResult {
    // SAFETY: see above.
    drop_elements(unsafe { instance(vmctx) }, ElementIndex::from_u32(element));
    HostResult::ok(0)
}
