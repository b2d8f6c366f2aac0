//! Element and data segments: what `table.init`, `memory.init` and instantiation do.

use super::const_expr::evaluate;
use super::data::InstanceData;
use super::memory::LinearMemory;
use super::racy;
use super::table::{Element, TableData};
use crate::activation::ValRaw;
use crate::interrupt::pieces::{BYTES, ELEMENTS, Order, Pieces};
use crate::module::{
    DataIndex, DataMode, ElementIndex, ElementItems, ElementMode, MemoryIndex, TableIndex,
};
use crate::trap::Trap;
use core::ops::Range;
use core::ptr::NonNull;

/// `[start, start + len)`, if that is within `limit`.
pub(crate) fn checked_range(start: u64, len: u64, limit: usize) -> Option<Range<usize>> {
    let end = start.checked_add(len).filter(|&end| end <= limit as u64)?;
    Some(start as usize..end as usize)
}

/// Copies a part of a data segment to a memory (spec: `memory.init`).
///
/// # Errors
/// Out of bounds of the segment or the memory; nothing is written. The store was interrupted.
///
/// # Safety
/// No code runs in the instance's store, and no references to its memories' bytes are live, but of
/// shared memories.
pub(crate) unsafe fn init_memory(
    instance: &InstanceData,
    memory: MemoryIndex,
    data: DataIndex,
    dst: u64,
    src: u64,
    len: u64,
    pieces: Pieces,
) -> Result<(), Trap> {
    let bytes = data_bytes(instance, data, src, len)?;
    // SAFETY: the caller's promise.
    unsafe { write_bytes(instance.memory(memory), dst, bytes, pieces) }
}

/// A part of a data segment that is passive.
///
/// # Errors
/// Out of bounds.
pub(crate) fn data_bytes(
    instance: &InstanceData,
    data: DataIndex,
    src: u64,
    len: u64,
) -> Result<&[u8], Trap> {
    // Active segments have been dropped when the instance was made.
    let dropped = instance.is_data_dropped(data)
        || matches!(instance.info().data[data].mode, DataMode::Active { .. });
    let bytes = if dropped {
        &[]
    } else {
        segment_bytes(instance, data)
    };
    let from = checked_range(src, len, bytes.len()).ok_or(Trap::MemoryOutOfBounds)?;
    Ok(&bytes[from])
}

/// The bytes of a data segment.
pub(crate) fn segment_bytes(instance: &InstanceData, data: DataIndex) -> &[u8] {
    let range = &instance.info().data[data].bytes;
    &instance.module.code().data()[range.start as usize..range.end as usize]
}

/// Copies bytes to a memory.
///
/// # Errors
/// Out of bounds of the memory; nothing is written. The store was interrupted.
///
/// # Safety
/// As for [`init_memory`].
pub(crate) unsafe fn write_bytes(
    memory: NonNull<LinearMemory>,
    dst: u64,
    bytes: &[u8],
    pieces: Pieces,
) -> Result<(), Trap> {
    // SAFETY: memories live as long as their store.
    let memory = unsafe { memory.as_ref() };
    let (base, length) = memory.bytes();
    let to = checked_range(dst, bytes.len() as u64, length).ok_or(Trap::MemoryOutOfBounds)?;
    // SAFETY: in bounds of the memory (*memory*), whose mapping is apart from the image's.
    unsafe {
        let to = base.add(to.start);
        match memory.as_shared() {
            None => pieces.copy(bytes.as_ptr(), to, bytes.len()),
            Some(_) => pieces.run(bytes.len(), BYTES, Order::Up, |piece| {
                let bytes = &bytes[piece.clone()];
                racy::copy(bytes.as_ptr(), to.add(piece.start), bytes.len());
            }),
        }
    }
}

/// `data.drop`
pub(crate) fn drop_data(instance: &InstanceData, data: DataIndex) {
    instance.set_data_dropped(data);
}

/// Copies a part of an element segment to a table (spec: `table.init`).
///
/// # Errors
/// Out of bounds of the segment or the table; nothing is written. The store was interrupted.
///
/// # Safety
/// No code runs in the instance's store, and no references to its tables are live.
pub(crate) unsafe fn init_table(
    instance: &InstanceData,
    table: TableIndex,
    element: ElementIndex,
    dst: u64,
    src: u64,
    len: u64,
    pieces: Pieces,
) -> Result<(), Trap> {
    let from = element_range(instance, element, src, len)?;
    // SAFETY: the caller's promise; validation says that the types agree.
    unsafe { write_elements(instance, instance.table(table), element, dst, from, pieces) }
}

/// A part of an element segment that is passive.
///
/// # Errors
/// Out of bounds.
pub(crate) fn element_range(
    instance: &InstanceData,
    element: ElementIndex,
    src: u64,
    len: u64,
) -> Result<Range<usize>, Trap> {
    let segment = &instance.info().elements[element];
    // Other segments have been dropped when the instance was made.
    let dropped =
        instance.is_element_dropped(element) || !matches!(segment.mode, ElementMode::Passive);
    let available = if dropped { 0 } else { segment.items.len() };
    checked_range(src, len, available).ok_or(Trap::TableOutOfBounds)
}

/// Copies a part of an element segment to a table.
///
/// # Errors
/// Out of bounds of the table; nothing is written. The store was interrupted.
///
/// # Safety
/// As for [`init_table`]; `from` is within the segment, and its element type fits the table.
pub(crate) unsafe fn write_elements(
    instance: &InstanceData,
    mut table: NonNull<TableData>,
    element: ElementIndex,
    dst: u64,
    from: Range<usize>,
    pieces: Pieces,
) -> Result<(), Trap> {
    // SAFETY: tables live as long as their store; evaluating elements does not touch tables.
    let table = unsafe { table.as_mut() };
    let to = table.range(dst, from.len() as u64)?;
    pieces.run(to.len(), ELEMENTS, Order::Up, |piece| {
        let from = from.start + piece.start..from.start + piece.end;
        let to = to.start + piece.start..to.start + piece.end;
        // SAFETY: in bounds; references to what belongs to the instance's store. Validation says that they
        // are of the segment's type.
        unsafe { table.write(to, elements(instance, element, from)) };
    })
}

/// A part of what an element segment holds, as it lies in a table.
pub(crate) fn elements(
    instance: &InstanceData,
    element: ElementIndex,
    from: Range<usize>,
) -> impl Iterator<Item = Element> + '_ {
    let segment = &instance.info().elements[element];
    let is_func = segment.ty.heap.is_func();
    from.map(move |i| match &segment.items {
        ElementItems::Functions(functions) => {
            let func_ref = instance.func_ref(functions[i]);
            func_ref.map_or(0, |func_ref| func_ref.as_ptr().expose_provenance() as u64)
        }
        ElementItems::Expressions(expressions) => match instance.object(element, i) {
            Some(object) => object.into(),
            None => {
                // It fails for long ones only, which were evaluated when the instance was made.
                let value = evaluate(&expressions[i], instance).unwrap_or(ValRaw::ZERO);
                match is_func {
                    true => value.get_funcref().expose_provenance() as u64,
                    false => (value.get_i32() as u32).into(),
                }
            }
        },
    })
}

/// `elem.drop`
pub(crate) fn drop_elements(instance: &InstanceData, element: ElementIndex) {
    instance.set_element_dropped(element);
    instance.drop_objects(element);
}
