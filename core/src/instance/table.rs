//! Tables: arrays of references.
//!
//! A table of references that are no functions has marks (`abi::vmctx::table_marks`) below its elements, in one block
//! with them: so a collection looks only where such a reference was written. All elements that are no function's are
//! written by generated code or by [`TableData::write`] and [`TableData::copy`], which mark them.

use crate::RefType;
use crate::abi::gc::I31_BIT;
use crate::abi::vmctx::table_marks::ELEMENTS_LOG2;
use crate::activation::context::{VMExtent, VMFuncRef};
use crate::error::bounded::{bail, format_err};
use crate::error::{Error, OutOfMemory, Result};
use crate::interrupt::pieces::{BYTES, ELEMENTS, Order, Pieces, copy_order};
use crate::module::{IndexType, ReferenceType, TableType};
use crate::store::ResourcesUsed;
use crate::trap::Trap;
use alloc::alloc::{Layout, alloc, alloc_zeroed, dealloc};
use alloc::boxed::Box;
use alloc::format;
use core::ops::Range;
use core::ptr::{self, NonNull};
use wasmetal_platform::confine::is_drawn;

/// An element as it lies in a table, widened: a pointer to a [`VMFuncRef`], or a handle. 0 is null.
pub(crate) type Element = u64;

/// A table.
///
/// Invariant (*table*): `[base, base + length)` elements of the extent are initialised and of the table's
/// element type: function references of 8 bytes that belong to the store or to the code that
/// instances of the store keep, or handles of 4.
///
/// Invariant (*marks*): below the elements of a table of handles there is a mark for each `1 << ELEMENTS_LOG2` of its
/// capacity, and it is not 0 where one of them is a reference to an object or a host value.
#[derive(Debug)]
pub(crate) struct TableData {
    /// The type that the table was made with, canonical. Its maker, a module or a `TableType`, holds the type ids.
    ty: TableType,
    /// What generated code reads; in the vmctx, or in a [`HostTable`].
    extent: NonNull<VMExtent>,
    /// Elements that fit before the table must move.
    capacity: usize,
    /// What lies behind the length and from here on is zero. Between the length and here may be what was written for
    /// elements that never came to be.
    clean: usize,
    /// The elements are a heap allocation of this table's own. Otherwise they lie in the instance's.
    owned: bool,
}

impl TableData {
    /// A table of its type's minimum, all null. Writes `extent`.
    ///
    /// `inline` are the elements of a [block](Block) for the minimum, zeroed; null: a heap allocation is made.
    ///
    /// # Errors
    /// Memory is exhausted; the store was interrupted.
    ///
    /// # Safety
    /// `extent` and `inline` can be written, now and as long as the table lives.
    pub(crate) unsafe fn new(
        ty: TableType,
        extent: NonNull<VMExtent>,
        inline: *mut u8,
        pieces: Pieces,
    ) -> Result<Self> {
        let minimum = minimum(&ty)?;
        // What fails does so before there is a table: one that is dropped finds its elements by its extent.
        let base = match inline.is_null() {
            false => inline,
            true => allocate(&ty, minimum, pieces).map_err(|error| no_table(minimum, error))?,
        };
        // SAFETY: the caller's promise.
        unsafe {
            extent.write(VMExtent {
                base,
                length: minimum as u64,
            })
        };
        Ok(Self {
            ty,
            extent,
            capacity: minimum,
            clean: minimum,
            owned: inline.is_null() && minimum > 0,
        })
    }

    pub(crate) fn ty(&self) -> &TableType {
        &self.ty
    }

    pub(crate) fn extent(&self) -> NonNull<VMExtent> {
        self.extent
    }

    /// Whether the elements are function references.
    pub(crate) fn is_func(&self) -> bool {
        self.ty.element.heap.is_func()
    }

    fn element_size(&self) -> usize {
        element_size(self.ty.element)
    }

    pub(super) fn parts(&self) -> (*mut u8, usize) {
        // SAFETY: the extent lives as long as this (see `new`), and no code that could write to it runs
        // while it is read.
        let extent = unsafe { self.extent.read() };
        (extent.base, extent.length as usize)
    }

    /// The current number of elements.
    pub(crate) fn len(&self) -> usize {
        self.parts().1
    }

    fn address(&self, index: usize) -> *mut u8 {
        let (base, length) = self.parts();
        debug_assert!(index <= length);
        base.wrapping_add(index * self.element_size())
    }

    /// The element at `index`, if there is one.
    pub(crate) fn get(&self, index: u64) -> Option<Element> {
        let index = usize::try_from(index)
            .ok()
            .filter(|&index| index < self.len())?;
        let address = self.address(index);
        // SAFETY: the element is in bounds (*table*).
        Some(unsafe {
            match self.is_func() {
                true => address.cast::<*mut VMFuncRef>().read().expose_provenance() as u64,
                false => address.cast::<u32>().read().into(),
            }
        })
    }

    /// The range `[start, start + len)` as indices.
    ///
    /// # Errors
    /// The range is not within the table.
    pub(crate) fn range(&self, start: u64, len: u64) -> Result<Range<usize>, Trap> {
        let length = self.len() as u64;
        match start.checked_add(len) {
            Some(end) if end <= length => Ok(start as usize..end as usize),
            _ => Err(Trap::TableOutOfBounds),
        }
    }

    /// Writes elements, one for each index of the range.
    ///
    /// # Safety
    /// The elements are of the table's element type and belong to its store; the range is in bounds.
    pub(crate) unsafe fn write(
        &mut self,
        range: Range<usize>,
        elements: impl Iterator<Item = Element>,
    ) {
        // SAFETY: the range is in bounds (*table*), the elements have the right type.
        unsafe { self.write_at(self.address(0), range, elements) }
    }

    /// Writes elements, one for each index of the range, of a table that begins at `base`.
    ///
    /// # Safety
    /// There is room for elements of this table's type in the range.
    unsafe fn write_at(
        &self,
        base: *mut u8,
        range: Range<usize>,
        elements: impl Iterator<Item = Element>,
    ) {
        let address = base.wrapping_add(range.start * self.element_size());
        if self.is_func() {
            let slots = address.cast::<*mut u8>();
            for (i, element) in (0..range.len()).zip(elements) {
                // SAFETY: the caller's promise.
                unsafe {
                    slots
                        .add(i)
                        .write(ptr::with_exposed_provenance_mut(element as usize))
                };
            }
        } else {
            let slots = address.cast::<u32>();
            for (i, element) in (0..range.len()).zip(elements) {
                // SAFETY: the caller's promise.
                unsafe { slots.add(i).write(element as u32) };
            }
            self.mark(base, range);
        }
    }

    /// Marks where there are references among elements that were just written, of a table that begins at `base`.
    fn mark(&self, base: *mut u8, range: Range<usize>) {
        if self.is_func() || range.is_empty() {
            return;
        }
        for number in range.start >> ELEMENTS_LOG2..=(range.end - 1) >> ELEMENTS_LOG2 {
            let elements = group(number, range.end);
            let mut elements = elements.start.max(range.start)..elements.end;
            // SAFETY: the elements have just been written, and have a mark (*marks*).
            unsafe {
                let mark = mark_of(base, number);
                let traced = |i| is_traced(base.cast::<u32>().add(i).read());
                if mark.read() == 0 && elements.any(traced) {
                    mark.write(1);
                }
            }
        }
    }

    /// Copies elements from `src` to this table, which may be the same.
    ///
    /// # Errors
    /// A range is not within its table; nothing has changed. The store was interrupted.
    ///
    /// # Safety
    /// Both are live tables of one store; the elements of `src` are of the type that `dst` has.
    pub(crate) unsafe fn copy(
        dst: NonNull<Self>,
        dst_start: u64,
        src: NonNull<Self>,
        src_start: u64,
        len: u64,
        pieces: Pieces,
    ) -> Result<(), Trap> {
        // SAFETY: live tables, and no exclusive reference to either.
        let (dst, src) = unsafe { (dst.as_ref(), src.as_ref()) };
        let from = src.range(src_start, len)?;
        let to = dst.range(dst_start, len)?;
        debug_assert_eq!(dst.element_size(), src.element_size());
        let size = src.element_size();
        let start = to.start;
        let (from, to) = (src.address(from.start), dst.address(start));
        let len = len as usize;
        pieces.run(len, ELEMENTS, copy_order(from, to, len * size), |piece| {
            let (at, size) = (piece.start * size, piece.len() * size);
            // SAFETY: both ranges are in bounds (*table*) and their elements have one type.
            unsafe { ptr::copy(from.add(at), to.add(at), size) };
            dst.mark(dst.parts().0, start + piece.start..start + piece.end);
        })
    }

    /// Grows to `new` elements; those that are new are `init`, of the table's element type.
    ///
    /// # Errors
    /// The maximum, or memory, is exhausted; the store was interrupted. The table is as it was.
    pub(crate) fn grow_to(
        &mut self,
        new: usize,
        init: Element,
        maximum: Option<usize>,
        pieces: Pieces,
    ) -> Result<()> {
        if maximum.is_some_and(|maximum| new > maximum) {
            bail!("table maximum size exceeded");
        }
        let (base, length) = self.parts();
        let moved = if new > self.capacity {
            let roomy = new
                .max(self.capacity.saturating_mul(2))
                .min(maximum.unwrap_or(usize::MAX));
            let (moved, capacity) = match allocate(&self.ty, roomy, pieces) {
                Err(error) if error.is::<OutOfMemory>() => {
                    let moved = allocate(&self.ty, new, pieces);
                    (moved.map_err(|error| no_table(new, error))?, new)
                }
                moved => (moved?, roomy),
            };
            // The marks come first.
            let block = Block::of(&self.ty, self.capacity).unwrap_or_default();
            let start = base.wrapping_sub(block.marks);
            let total = block.marks + length * self.element_size();
            let to = moved.wrapping_sub(block.marks);
            // SAFETY: `total` bytes are initialised in the old place (*table*, *marks*), and fit in the new one.
            let done = unsafe { pieces.copy(start, to, total) };
            if let Err(interrupt) = done {
                free(&self.ty, moved, capacity);
                return Err(interrupt.into());
            }
            Some((moved, capacity))
        } else {
            None
        };
        let (target, clean) = moved.map_or((base, self.clean), |(moved, _)| (moved, length));
        // Elements from `clean` on are null already.
        let end = if init == 0 { new.min(clean) } else { new };
        let mut written = length;
        let done = pieces.run(end.saturating_sub(length), ELEMENTS, Order::Up, |piece| {
            written = length + piece.end;
            let piece = length + piece.start..written;
            // SAFETY: within the capacity; nothing refers to what lies behind the length.
            unsafe { self.write_at(target, piece, core::iter::repeat(init)) };
        });
        let clean = clean.max(written);
        match (done, moved) {
            (Err(interrupt), Some((moved, capacity))) => {
                free(&self.ty, moved, capacity);
                return Err(interrupt.into());
            }
            (Err(interrupt), None) => {
                self.clean = clean;
                return Err(interrupt.into());
            }
            (Ok(()), Some((_, capacity))) => {
                self.free(base);
                (self.capacity, self.owned) = (capacity, true);
            }
            (Ok(()), None) => {}
        }
        self.clean = clean;
        // SAFETY: as in `parts`.
        unsafe {
            self.extent.write(VMExtent {
                base: target,
                length: new as u64,
            })
        };
        Ok(())
    }

    fn free(&mut self, base: *mut u8) {
        if self.owned {
            free(&self.ty, base, self.capacity);
        }
    }
}

impl Drop for TableData {
    fn drop(&mut self) {
        let (base, _) = self.parts();
        self.free(base);
    }
}

pub(crate) fn element_size(ty: ReferenceType) -> usize {
    match ty.heap.is_func() {
        true => 8,
        false => 4,
    }
}

/// Whether the collector must know of this reference: it is to an object or a host value.
pub(super) fn is_traced(reference: u32) -> bool {
    reference != 0 && reference & I31_BIT == 0
}

/// The elements below `end` that have the mark of this number.
pub(super) fn group(number: usize, end: usize) -> Range<usize> {
    number << ELEMENTS_LOG2..end.min((number + 1) << ELEMENTS_LOG2)
}

/// Where the mark of this number lies.
pub(super) fn mark_of(elements: *mut u8, number: usize) -> *mut u8 {
    elements.wrapping_sub(1 + number)
}

/// The memory of a table: marks, if it has any, and elements.
#[derive(Clone, Copy)]
pub(super) struct Block {
    /// The bytes of the marks: a multiple of 8.
    pub(super) marks: usize,
    pub(super) layout: Layout,
}

impl Default for Block {
    /// One for nothing.
    fn default() -> Self {
        Self {
            marks: 0,
            layout: Layout::new::<()>(),
        }
    }
}

impl Block {
    /// The block for `elements` elements, if there can be one.
    pub(super) fn of(ty: &TableType, elements: usize) -> Option<Self> {
        let marks = match ty.element.heap.is_func() {
            true => 0,
            false => elements.div_ceil(1 << ELEMENTS_LOG2).next_multiple_of(8),
        };
        let size = elements.checked_mul(element_size(ty.element))?;
        let layout = Layout::from_size_align(size.checked_add(marks)?, 8).ok()?;
        Some(Self { marks, layout })
    }
}

fn minimum(ty: &TableType) -> Result<usize> {
    let minimum = ty.limits.minimum;
    usize::try_from(minimum)
        .map_err(|_| format_err!("table minimum size of {minimum} elements exceeds table limits"))
}

pub(crate) fn maximum(ty: &TableType) -> Option<usize> {
    let index = match ty.index {
        IndexType::I32 => u32::MAX.into(),
        IndexType::I64 => u64::MAX,
    };
    usize::try_from(ty.limits.maximum.unwrap_or(index).min(index)).ok()
}

fn no_table(elements: usize, error: Error) -> Error {
    match error.is::<OutOfMemory>() {
        true => error.context(format!("out of memory for a table of {elements} elements")),
        false => error,
    }
}

/// Frees what `allocate` made for `elements` elements, and nothing refers to.
fn free(ty: &TableType, base: *mut u8, elements: usize) {
    if let Some(block) = Block::of(ty, elements).filter(|block| block.layout.size() > 0) {
        // SAFETY: made by `allocate` with this layout, and nothing refers to it any more.
        unsafe { dealloc(base.sub(block.marks), block.layout) };
    }
}

/// So many bytes the allocator clears in one go, also where others interrupt.
const CLEARED: usize = 32 * BYTES;

/// The elements of a zeroed block, outside the reserve; a dangling pointer for nothing.
///
/// # Errors
/// [`OutOfMemory`]; the store was interrupted.
fn allocate(ty: &TableType, elements: usize, pieces: Pieces) -> Result<*mut u8> {
    let block = Block::of(ty, elements).ok_or(OutOfMemory::new(usize::MAX))?;
    let size = block.layout.size();
    if size == 0 {
        return Ok(ptr::without_provenance_mut(block.layout.align()));
    }
    // Clearing much memory takes long: then it is done in pieces here, and not by the allocator.
    let zeroed = !pieces.may_stop() || size <= CLEARED;
    // SAFETY: the size is not zero.
    let base = unsafe {
        match zeroed {
            true => alloc_zeroed(block.layout),
            false => alloc(block.layout),
        }
    };
    if base.is_null() {
        return Err(OutOfMemory::new(size).into());
    }
    let cleared = match is_drawn(base) {
        true => Err(OutOfMemory::new(size).into()),
        false if zeroed => Ok(()),
        // SAFETY: just allocated, with this size.
        false => unsafe { pieces.fill(base, 0, size) }.map_err(Error::from),
    };
    match cleared {
        // SAFETY: the marks are a part of the block.
        Ok(()) => Ok(unsafe { base.add(block.marks) }),
        Err(error) => {
            // SAFETY: just allocated.
            unsafe { dealloc(base, block.layout) };
            Err(error)
        }
    }
}

/// What a new table of this type takes of its store's.
pub(crate) fn used_by_table(ty: &TableType) -> ResourcesUsed {
    ResourcesUsed {
        tables: 1,
        table_elements: usize::try_from(ty.limits.minimum).unwrap_or(usize::MAX),
        ..Default::default()
    }
}

/// A table that the host made, with its extent.
#[derive(Debug)]
pub(crate) struct HostTable {
    extent: VMExtent,
    /// Set right after the extent has its address.
    table: Option<TableData>,
    /// Holds the type ids in the table's type.
    _element: RefType,
}

impl HostTable {
    pub(crate) fn new(ty: &crate::TableType) -> Result<Box<Self>> {
        let extent = VMExtent {
            base: ptr::null_mut(),
            length: 0,
        };
        let mut this = Box::new(Self {
            extent,
            table: None,
            _element: ty.element().clone(),
        });
        let extent = NonNull::from(&mut this.extent);
        // SAFETY: the extent lies in the same allocation as the table.
        this.table = Some(unsafe {
            TableData::new(ty.to_canonical(), extent, ptr::null_mut(), Pieces::ONE)
        }?);
        Ok(this)
    }

    /// The table inside.
    pub(crate) fn table(this: NonNull<Self>) -> NonNull<TableData> {
        // SAFETY: the caller has it from its store, which owns it; `new` has set the table.
        let table = unsafe { (*this.as_ptr()).table.as_mut() };
        NonNull::from(table.expect("set by `new`"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::module::Limits;

    /// A table in a box that lives until the end of the test program.
    fn table(element: ReferenceType, minimum: u64, maximum: Option<u64>) -> TableData {
        let limits = Limits { minimum, maximum };
        let ty = TableType {
            element,
            limits,
            index: IndexType::I32,
        };
        let extent = Box::new(VMExtent {
            base: ptr::null_mut(),
            length: 0,
        });
        // SAFETY: the extent is leaked.
        unsafe {
            TableData::new(
                ty,
                NonNull::from(Box::leak(extent)),
                ptr::null_mut(),
                Pieces::ONE,
            )
        }
        .unwrap()
    }

    #[test]
    fn growth_keeps_elements_and_adds_nulls() {
        for element in [ReferenceType::FUNC, ReferenceType::EXTERN] {
            let mut table = table(element, 2, None);
            // SAFETY: in bounds; nobody follows the references.
            unsafe { table.write(0..2, [8, 16].into_iter()) };
            for size in [3, 100, 101] {
                table
                    .grow_to(size, 0, maximum(table.ty()), Pieces::ONE)
                    .unwrap();
            }
            let elements: alloc::vec::Vec<_> = (0..102).map(|i| table.get(i)).collect();
            assert_eq!(elements[..3], [Some(8), Some(16), Some(0)]);
            assert_eq!(elements[100..], [Some(0), None]);
        }
    }

    #[test]
    fn growth_ends_at_the_maximum() {
        let mut table = table(ReferenceType::EXTERN, 0, Some(3));
        let maximum = maximum(table.ty());
        table.grow_to(3, 0, maximum, Pieces::ONE).unwrap();
        assert!(table.grow_to(4, 0, maximum, Pieces::ONE).is_err());
        assert!(table.grow_to(usize::MAX, 0, None, Pieces::ONE).is_err());
        assert_eq!(table.len(), 3);
    }

    /// Which groups of elements are marked.
    fn marked(table: &TableData) -> alloc::vec::Vec<usize> {
        let (base, length) = table.parts();
        let groups = 0..length.div_ceil(1 << ELEMENTS_LOG2);
        // SAFETY: each has a mark (*marks*).
        groups
            .filter(|number| unsafe { mark_of(base, *number).read() } != 0)
            .collect()
    }

    #[test]
    fn references_are_marked_and_nothing_else_is() {
        let mut table = table(ReferenceType::EXTERN, 2048, None);
        let check = |table: &mut TableData, range: Range<usize>, element, expected: &[usize]| {
            // SAFETY: in bounds; nobody follows the references.
            unsafe { table.write(range, core::iter::repeat(element)) };
            assert_eq!(marked(table), expected);
        };
        // Null, and a number.
        check(&mut table, 0..2048, 0, &[]);
        check(&mut table, 0..2048, 7, &[]);
        check(&mut table, 511..511, 8, &[]);
        check(&mut table, 511..513, 8, &[0, 1]);
        check(&mut table, 2047..2048, 6, &[0, 1, 3]);
        // They stay where they are, and go with what is copied.
        for size in [2049, 10_000] {
            table.grow_to(size, 0, None, Pieces::ONE).unwrap();
            assert_eq!(marked(&table), [0, 1, 3]);
        }
        let to = NonNull::from(&mut table);
        // SAFETY: a live table, to which nobody else refers.
        unsafe { TableData::copy(to, 4608, to, 0, 2048, Pieces::ONE) }.unwrap();
        assert_eq!(marked(&table), [0, 1, 3, 9, 10, 12]);
    }

    #[cfg(any(feature = "gc", feature = "exceptions"))]
    #[test]
    fn a_collection_looks_where_references_are() {
        let mut table = table(ReferenceType::EXTERN, 100_000_000, None);
        let seen = |table: &mut TableData, new: u32| {
            let mut seen = alloc::vec::Vec::new();
            table
                .trace(&mut |slot| {
                    // SAFETY: of a living element.
                    unsafe {
                        seen.push(slot.read());
                        slot.write(new);
                    }
                    Ok::<_, ()>(())
                })
                .unwrap();
            seen
        };
        assert_eq!(seen(&mut table, 0), []);
        // SAFETY: in bounds; nobody follows the references.
        unsafe {
            table.write(99_999_999..100_000_000, [8].into_iter());
            table.write(5_000..5_003, [16, 7, 24].into_iter());
        }
        assert_eq!(marked(&table), [9, 195_312]);
        assert_eq!(seen(&mut table, 32), [16, 24, 8]);
        // What has no mark is not looked at: here is one that nobody else could write.
        // SAFETY: in bounds; nobody follows the reference.
        unsafe { table.parts().0.cast::<u32>().add(50_000_000).write(40) };
        assert_eq!(seen(&mut table, 0), [32, 32, 32]);
        // Where there is nothing, nobody looks again.
        assert_eq!(seen(&mut table, 0), []);
        assert_eq!(marked(&table), []);
        assert_eq!(table.get(5_001), Some(7));
    }

    #[test]
    fn ranges() {
        let table = table(ReferenceType::FUNC, 4, None);
        let check = |start, len, expected: Option<Range<usize>>| {
            assert_eq!(table.range(start, len).ok(), expected);
        };
        check(0, 4, Some(0..4));
        check(4, 0, Some(4..4));
        check(5, 0, None);
        check(3, 2, None);
        check(u64::MAX, 2, None);
    }
}
