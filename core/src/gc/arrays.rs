//! What operators on arrays leave to the runtime: copies, and arrays of segments.

use super::{Corrupt, New};
use crate::abi::TypeId;
use crate::abi::gc::{ARRAY_LENGTH, ArrayLayout, Kind, Shape, Slot, array_start, object};
use crate::error::Result;
use crate::instance::{InstanceData, data_bytes, element_range, elements};
use crate::interrupt::pieces::{ELEMENTS, Order, Pieces};
use crate::module::{DataIndex, ElementIndex, TypeIndex};
use crate::store::StoreOpaque;
use crate::trap::Trap;

/// An array in the heap, as its header says.
struct Array {
    /// Where its first element lies in the heap.
    start: u32,
    element_log2: u32,
    /// Its elements are references that the collector follows.
    references: bool,
    length: u32,
}

impl Array {
    /// Where elements lie in the heap: the first one, and how many bytes they take.
    ///
    /// # Errors
    /// The array has fewer elements.
    fn range(&self, index: u32, count: u32) -> Result<(u32, u64), Trap> {
        match index.checked_add(count) {
            Some(end) if end <= self.length => {}
            _ => return Err(Trap::ArrayOutOfBounds),
        }
        // A damaged heap makes this wrap; each use of the result is checked.
        let first = self
            .start
            .wrapping_add(index.wrapping_shl(self.element_log2));
        Ok((first, u64::from(count) << self.element_log2))
    }
}

impl StoreOpaque {
    /// The pieces in which the store copies what may be long.
    fn pieces(&self) -> Pieces {
        // SAFETY: the store's own context (*owned*).
        unsafe { Pieces::of(self.context) }
    }

    /// # Errors
    /// [`Trap::NullReference`]; the heap is damaged.
    fn array(&self, array: u32) -> Result<Array> {
        if array == 0 {
            return Err(Trap::NullReference.into());
        }
        let heap = &self.gc.heap;
        let field = |offset| heap.read::<u32>(array.checked_add(offset).ok_or(Corrupt)?);
        let shape = Shape(field(object::SHAPE)?);
        let element_log2 = shape.element_log2();
        if shape.kind() != Some(Kind::Array) || element_log2 > Slot::Bits128.size_log2() {
            return Err(Corrupt.into());
        }
        Ok(Array {
            start: array.wrapping_add(array_start(element_log2)),
            element_log2,
            references: shape.elements_are_references(),
            length: field(ARRAY_LENGTH)?,
        })
    }

    /// A new array whose elements are yet to be written, all of them, before the next allocation. It may
    /// move all objects; `live` are references that the caller holds, which are roots.
    ///
    /// # Errors
    /// As [`gc_alloc`](Self::gc_alloc).
    pub(crate) fn new_array(
        &mut self,
        type_id: TypeId,
        element: Slot,
        length: u32,
        live: &mut [&mut u32],
    ) -> Result<u32> {
        let layout = ArrayLayout { element };
        let new = New {
            shape: layout.shape(),
            type_id: type_id.as_u32(),
            size: layout.size(length),
        };
        let array = self.gc_alloc(new, live)?;
        self.gc.heap.write(array + ARRAY_LENGTH, length)?;
        Ok(array)
    }

    /// A new array of a type of the instance's module.
    fn array_of_type(
        &mut self,
        instance: &InstanceData,
        ty: TypeIndex,
        length: u32,
    ) -> Result<u32> {
        let inner = instance.module.inner();
        let element = inner.info.array_type(ty).element.into();
        self.new_array(inner.types.id(ty), element, length, &mut [])
    }

    /// `array.copy`
    ///
    /// # Errors
    /// An array is null, or has too few elements; nothing is written. The heap is damaged.
    pub(crate) fn array_copy(
        &mut self,
        (dst, dst_index): (u32, u32),
        (src, src_index): (u32, u32),
        count: u32,
    ) -> Result<()> {
        let (dst, src) = (self.array(dst)?, self.array(src)?);
        let (to, bytes) = dst.range(dst_index, count)?;
        let (from, available) = src.range(src_index, count)?;
        if bytes != available {
            return Err(Corrupt.into());
        }
        if bytes > 0 {
            let to = self.gc.heap.at(to, bytes)?;
            let from = self.gc.heap.at(from, bytes)?;
            // SAFETY: both are accessible, and no reference to them exists (*heap*).
            unsafe { self.pieces().copy(from, to, bytes as usize) }?;
        }
        Ok(())
    }

    /// Writes a part of a data segment to an array (spec: `array.init_data`).
    ///
    /// # Errors
    /// The array is null, or it or the segment is too short; nothing is written. The heap is damaged.
    pub(crate) fn array_init_data(
        &mut self,
        instance: &InstanceData,
        (dst, index): (u32, u32),
        data: DataIndex,
        src: u32,
        count: u32,
    ) -> Result<()> {
        let (to, bytes) = self.array(dst)?.range(index, count)?;
        let from = data_bytes(instance, data, src.into(), bytes)?;
        if bytes > 0 {
            let to = self.gc.heap.at(to, bytes)?;
            // SAFETY: accessible (*heap*); so is a segment, in the module's image.
            unsafe { self.pieces().copy(from.as_ptr(), to, from.len()) }?;
        }
        Ok(())
    }

    /// Writes a part of an element segment to an array (spec: `array.init_elem`).
    ///
    /// # Errors
    /// As [`array_init_data`](Self::array_init_data).
    pub(crate) fn array_init_elem(
        &mut self,
        instance: &InstanceData,
        (dst, index): (u32, u32),
        element: ElementIndex,
        src: u32,
        count: u32,
    ) -> Result<()> {
        let array = self.array(dst)?;
        let (to, _) = array.range(index, count)?;
        let from = element_range(instance, element, src.into(), count.into())?;
        let slot = match array.references {
            true => Slot::Reference,
            false => Slot::Function,
        };
        let pieces = self.pieces();
        let mut result = Ok(());
        pieces.run(from.len(), ELEMENTS, Order::Up, |piece| {
            let mut offset = to.wrapping_add(piece.start as u32 * slot.size());
            let from = from.start + piece.start..from.start + piece.end;
            for value in elements(instance, element, from) {
                let written = self.write_slot(offset, slot, value.into());
                if result.is_ok() {
                    result = written;
                }
                offset = offset.wrapping_add(slot.size());
            }
        })?;
        result
    }

    /// An array of a part of a data segment (spec: `array.new_data`).
    ///
    /// # Errors
    /// The segment is too short. As [`gc_alloc`](Self::gc_alloc).
    pub(crate) fn array_new_data(
        &mut self,
        instance: &InstanceData,
        ty: TypeIndex,
        data: DataIndex,
        src: u32,
        count: u32,
    ) -> Result<u32> {
        let slot: Slot = instance.info().array_type(ty).element.into();
        let bytes = u64::from(count) << slot.size_log2();
        data_bytes(instance, data, src.into(), bytes)?;
        let array = self.array_of_type(instance, ty, count)?;
        self.array_init_data(instance, (array, 0), data, src, count)?;
        Ok(array)
    }

    /// An array of a part of an element segment (spec: `array.new_elem`).
    ///
    /// # Errors
    /// As [`array_new_data`](Self::array_new_data).
    pub(crate) fn array_new_elem(
        &mut self,
        instance: &InstanceData,
        ty: TypeIndex,
        element: ElementIndex,
        src: u32,
        count: u32,
    ) -> Result<u32> {
        element_range(instance, element, src.into(), count.into())?;
        let array = self.array_of_type(instance, ty, count)?;
        self.array_init_elem(instance, (array, 0), element, src, count)?;
        Ok(array)
    }
}
