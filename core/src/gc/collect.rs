//! The collector: Cheney's algorithm. What is referred to is copied to the other half, and scanned there
//! for references in the order in which it was copied.
//!
//! Nothing that is read from the heap is believed: each reference, size and type is checked against
//! the halves before it is used.

use super::Corrupt;
use super::heap::Space;
use crate::abi::gc::{
    ALIGN, ARRAY_LENGTH, Field, Fields, HOST_BITS, HOST_SHIFT, I31_BIT, Kind, Shape, Slot,
    array_size, array_start, exception_fields, object, struct_fields,
};
use crate::module::SubType;
use alloc::sync::Arc;

/// Larger objects are copied by a function made for it.
const SHORT: usize = 128;

/// What the collector must know and the heap does not say.
pub(super) trait Outside {
    /// A host value is referred to.
    fn mark(&mut self, index: u32) -> Result<(), Corrupt>;
    /// The type with this id. Nothing is allocated.
    fn find_type(&mut self, id: u32) -> Result<Arc<SubType>, Corrupt>;
}

/// Visits the fields of a struct or an exception: the object's size.
fn walk(
    kind: Kind,
    ty: &SubType,
    visit: &mut dyn FnMut(Field) -> Result<(), Corrupt>,
) -> Result<u32, Corrupt> {
    fn all(
        mut fields: Fields<impl Iterator<Item = Slot>>,
        visit: &mut dyn FnMut(Field) -> Result<(), Corrupt>,
    ) -> Result<u32, Corrupt> {
        fields.by_ref().try_for_each(visit)?;
        Ok(fields.size())
    }
    match kind {
        Kind::Struct => all(
            struct_fields(ty.composite.as_struct().ok_or(Corrupt)?),
            visit,
        ),
        Kind::Exception => all(
            exception_fields(ty.composite.as_func().ok_or(Corrupt)?),
            visit,
        ),
        Kind::Array => Err(Corrupt),
    }
}

/// A collection.
///
/// Invariant (*spaces*): both spaces are committed, and do not overlap; `[to start, free)` and
/// `[to start, scanned)` lie in `to`.
pub(super) struct Collector<'a> {
    from: Space,
    to: Space,
    /// Where the next object is copied to.
    free: u32,
    /// Objects below have only references to `to`.
    scanned: u32,
    outside: &'a mut dyn Outside,
}

impl<'a> Collector<'a> {
    /// Starts to copy objects from one space to another.
    ///
    /// # Safety
    /// See *spaces*. Nobody else refers to them as long as this lives.
    pub(super) unsafe fn new(from: Space, to: Space, outside: &'a mut dyn Outside) -> Self {
        let start = to.range.start;
        Self {
            from,
            to,
            free: start,
            scanned: start,
            outside,
        }
    }

    /// The new value of a reference.
    #[inline]
    pub(super) fn forward(&mut self, reference: u32) -> Result<u32, Corrupt> {
        if reference == 0 || reference & I31_BIT != 0 {
            return Ok(reference);
        }
        if reference & 0b11 == HOST_BITS {
            self.outside.mark(reference >> HOST_SHIFT)?;
            return Ok(reference);
        }
        let range = &self.from.range;
        // Objects are aligned, so that what begins below the end has its first eight bytes there.
        if !reference.is_multiple_of(ALIGN) || reference < range.start || reference >= range.end {
            return Err(Corrupt);
        }
        // SAFETY: in the space, aligned (*spaces*).
        let source = unsafe { self.from.base.add(reference as usize) }.cast::<[u32; 2]>();
        // SAFETY: the reference is aligned and begins in the space: its first eight bytes lie there (*spaces*).
        let [shape, second] = unsafe { source.read() };
        let shape = Shape(shape);
        if shape == Shape::MOVED {
            return match second >= self.to.range.start && second < self.free {
                true => Ok(second),
                false => Err(Corrupt),
            };
        }
        let size = match (shape.kind(), shape.size()) {
            (Some(Kind::Array), _) => {
                let length = reference + ARRAY_LENGTH;
                let four_bytes = shape.element_log2() == 2;
                if length >= range.end || shape.elements_are_references() && !four_bytes {
                    return Err(Corrupt);
                }
                // SAFETY: in the space, aligned.
                let length = unsafe { self.from.base.add(length as usize).cast::<u32>().read() };
                array_size(shape.element_log2(), length)
            }
            (Some(_), Some(size)) => size.into(),
            (Some(kind), None) => {
                let ty = self.outside.find_type(second)?;
                walk(kind, &ty, &mut |_| Ok(()))?.into()
            }
            (None, _) => return Err(Corrupt),
        };
        let room = u64::from(self.to.range.end - self.free);
        if size > u64::from(self.from.range.end - reference) || size > room {
            return Err(Corrupt);
        }
        let new = self.free;
        // SAFETY: both ranges lie in their spaces, which do not overlap (*spaces*); both are aligned
        // and a multiple of 8 long.
        unsafe {
            let target = self.to.base.add(new as usize).cast::<u64>();
            let (source, size) = (source.cast::<u64>(), size as usize);
            if size <= SHORT {
                for i in 0..size / 8 {
                    target.add(i).write(source.add(i).read());
                }
            } else {
                target.copy_from_nonoverlapping(source, size / 8);
            }
            source.cast::<[u32; 2]>().write([Shape::MOVED.0, new]);
        }
        self.free = new + size as u32;
        Ok(new)
    }

    /// Copies all that objects refer to which have been copied: the offset behind the last one.
    pub(super) fn finish(mut self) -> Result<u32, Corrupt> {
        while self.scanned < self.free {
            self.scanned = self.scan(self.scanned)?;
        }
        Ok(self.free)
    }

    /// Forwards the references in the object at `start`: where the next one begins.
    fn scan(&mut self, start: u32) -> Result<u32, Corrupt> {
        let shape = Shape(self.word(start + object::SHAPE));
        let end = match (shape.kind(), shape.size()) {
            (Some(Kind::Array), _) => {
                let length = self.word(start + ARRAY_LENGTH);
                let log2 = shape.element_log2();
                if shape.elements_are_references() {
                    let first = start + array_start(log2);
                    for i in 0..length {
                        self.field(first + 4 * i)?;
                    }
                }
                // `forward` has copied the array with this length, so all of it lies in the target.
                start + array_size(log2, length) as u32
            }
            (Some(_), Some(size)) => {
                let mut references = shape.references();
                while references != 0 {
                    let word = references.trailing_zeros();
                    references &= references - 1;
                    self.field(start + object::SIZE + 4 * word)?;
                }
                start + size
            }
            (Some(kind), None) => {
                let type_id = self.word(start + object::TYPE_ID);
                let ty = self.outside.find_type(type_id)?;
                let size = walk(kind, &ty, &mut |field| match field.slot {
                    Slot::Reference => self.field(start + field.offset),
                    _ => Ok(()),
                })?;
                start + size
            }
            (None, _) => return Err(Corrupt),
        };
        Ok(end)
    }

    /// A word of an object that has been copied; 0 beyond the copied objects.
    fn word(&self, offset: u32) -> u32 {
        if offset >= self.free {
            return 0;
        }
        // SAFETY: in the space, aligned: objects are, and the offsets of words in them.
        unsafe { self.to.base.add(offset as usize).cast::<u32>().read() }
    }

    /// Forwards a reference in an object that has been copied.
    fn field(&mut self, offset: u32) -> Result<(), Corrupt> {
        if offset >= self.free {
            // A damaged header says that the object has references behind its end.
            return Err(Corrupt);
        }
        let reference = self.word(offset);
        let new = self.forward(reference)?;
        // SAFETY: as in `word`.
        unsafe { self.to.base.add(offset as usize).cast::<u32>().write(new) };
        Ok(())
    }
}
