//! The garbage-collected heap: references, and how objects lie in it.
//!
//! # References
//! A reference to a function is a pointer to a `VMFuncRef`. Any other reference is 32 bits:
//!
//! | bits | what it is |
//! |---|---|
//! | all 0 | null |
//! | bit 0 set | an `i31`: its value shifted left by one |
//! | bits 1:0 = `10` | a host value: its slab index shifted left by two |
//! | bits 2:0 = `000` | an object: its offset in the store's heap, in bytes, never 0 |
//!
//! # Objects
//! An object begins at a multiple of 8 and takes a multiple of 8 bytes. It starts with two words: what
//! the collector must know (see [`Shape`]), and the engine-wide id of its type, for an exception the id of
//! the tag's function type.
//!
//! - A struct's fields follow at 8, in order, each at a multiple of its size (of 8, if it is larger).
//! - An array has its length, a `u32`, at 8; elements from 12, or from 16 if they are larger than 4 bytes.
//! - An exception has its tag's number in the store, a `u32`, at 8; then fields like a struct's from 12.
//!
//! A reference to a function in an object is a `u32`, which the collector leaves alone: the function's id in its store
//! (see `vmctx::function_entry`); 0 is null.

use super::layout::{Table, layout};
use crate::digest::Digest;
use crate::module::{
    FieldType, FunctionType, HeapType, ReferenceType, StorageType, StructType, ValueType,
};
use crate::oom::{self, OutOfMemory};
use alloc::vec::Vec;

layout! {
    /// The alignment of objects, in bytes.
    pub const ALIGN: u32 = 8;
    /// The largest heap, in bytes. An object of [`MAX_INLINE_SIZE`] bytes at its end does not wrap around.
    pub const MAX_HEAP_SIZE: u64 = (1 << 32) - (1 << 20);
    /// The largest object that generated code allocates without a check for an overflow of 32 bits.
    pub const MAX_INLINE_SIZE: u32 = 1 << 20;

    /// Bit 0 of a reference: it is an `i31`.
    pub const I31_BIT: u32 = 1;
    /// Bits 1:0 of a reference to a host value.
    pub const HOST_BITS: u32 = 0b10;
    /// How far a host value's slab index is shifted to the left.
    pub const HOST_SHIFT: u32 = 2;

    /// `u32`: the number of elements of an array.
    pub const ARRAY_LENGTH: u32 = 8;
    /// `u32`: the number of an exception's tag in its store.
    pub const EXCEPTION_TAG: u32 = 8;
}

pub(super) const LAYOUT: &[Table] = &[
    CONSTANTS,
    object::CONSTANTS,
    &[
        ("SIZE_BITS", Shape::SIZE_BITS as u64),
        ("MAP_SHIFT", Shape::MAP_SHIFT as u64),
        ("moved", Shape::MOVED.0 as u64),
        // With a reference in its second word.
        ("struct", Shape::of_fields(Kind::Struct, 16, 0b10).0 as u64),
        (
            "exception",
            Shape::of_fields(Kind::Exception, 16, 0b10).0 as u64,
        ),
        (
            "unknown",
            Shape::of_fields(Kind::Struct, 16, u64::MAX).0 as u64,
        ),
    ],
    &[
        Slot::I8.row("I8"),
        Slot::I16.row("I16"),
        Slot::Bits32.row("Bits32"),
        Slot::Bits64.row("Bits64"),
        Slot::Bits128.row("Bits128"),
        Slot::Function.row("Function"),
        Slot::Reference.row("Reference"),
    ],
];

/// Fields at the start of every object.
pub mod object {
    super::layout! {
        /// `u32`: the object's [`Shape`](super::Shape).
        pub const SHAPE: u32 = 0;
        /// `u32`: the engine-wide id of its type.
        pub const TYPE_ID: u32 = 4;
        /// Size in bytes.
        pub const SIZE: u32 = 8;
    }
}

/// What an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u32)]
pub enum Kind {
    /// A struct.
    Struct = 1,
    /// An array.
    Array = 2,
    /// An exception.
    Exception = 3,
}

/// The first word of an object: its kind, and as much of its layout as there is room for, so that the
/// collector seldom has to look for the type.
///
/// | bits | |
/// |---|---|
/// | 1:0 | the [`Kind`] |
/// | 2 | set by the collector in what it has moved: the second word is the new place |
/// | array: 5:3 | the base-2 logarithm of an element's size |
/// | array: 6 | whether the elements are references that the collector follows |
/// | others: 13:3 | the size in units of 8 bytes; 0: only the type says it, and where references are |
/// | others: 31:14 | a bit for each word from 8 on: it is a reference that the collector follows |
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Shape(pub u32);

impl Shape {
    /// The first word of an object that has been moved.
    pub const MOVED: Self = Self(1 << 2);

    const SIZE_BITS: u32 = 11;
    const MAP_SHIFT: u32 = 3 + Self::SIZE_BITS;

    /// The first word of a struct or an exception of this size in bytes, with a bit in `references` for each
    /// word from 8 on that is a reference; with any of the upper half, there are more.
    const fn of_fields(kind: Kind, size: u32, references: u64) -> Self {
        let units = size / ALIGN;
        let fits = references >> (32 - Self::MAP_SHIFT) == 0 && units < 1 << Self::SIZE_BITS;
        Self(match fits {
            true => kind as u32 | units << 3 | (references as u32) << Self::MAP_SHIFT,
            false => kind as u32,
        })
    }

    /// The kind; `None` for what is no object, or is one that has been moved.
    #[must_use]
    pub const fn kind(self) -> Option<Kind> {
        match self.0 & 0b111 {
            1 => Some(Kind::Struct),
            2 => Some(Kind::Array),
            3 => Some(Kind::Exception),
            _ => None,
        }
    }

    /// The size of a struct or exception in bytes, if it is known here.
    #[must_use]
    pub const fn size(self) -> Option<u32> {
        match (self.0 >> 3) & ((1 << Self::SIZE_BITS) - 1) {
            0 => None,
            units => Some(units * ALIGN),
        }
    }

    /// A bit for each word of a struct or exception from 8 on: whether it is a reference.
    #[must_use]
    pub const fn references(self) -> u32 {
        self.0 >> Self::MAP_SHIFT
    }

    /// The base-2 logarithm of the size of an array's element.
    #[must_use]
    pub const fn element_log2(self) -> u32 {
        (self.0 >> 3) & 0b111
    }

    /// Whether the elements of an array are references.
    #[must_use]
    pub const fn elements_are_references(self) -> bool {
        self.0 & (1 << 6) != 0
    }
}

/// What a field or element holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Slot {
    /// A packed integer of 8 bits.
    I8,
    /// A packed integer of 16 bits.
    I16,
    /// An `i32` or `f32`.
    Bits32,
    /// An `i64` or `f64`.
    Bits64,
    /// A `v128`.
    Bits128,
    /// The id of a function.
    Function,
    /// Any other reference.
    Reference,
}

impl Slot {
    /// Its size in bytes.
    #[must_use]
    pub const fn size(self) -> u32 {
        1 << self.size_log2()
    }

    /// The base-2 logarithm of its size in bytes.
    #[must_use]
    pub const fn size_log2(self) -> u32 {
        match self {
            Self::I8 => 0,
            Self::I16 => 1,
            Self::Bits32 | Self::Function | Self::Reference => 2,
            Self::Bits64 => 3,
            Self::Bits128 => 4,
        }
    }

    /// Where a field lies that comes after one that ends at `end`.
    const fn place(self, end: u32) -> u32 {
        let size = self.size();
        end.next_multiple_of(if size < ALIGN { size } else { ALIGN })
    }

    /// Its row of the table: what follows from it, for arrays and fields.
    const fn row(self, name: &str) -> (&str, u64) {
        let array = ArrayLayout { element: self };
        let digest = Digest::EMPTY
            .number(self.size() as u64)
            .number(array.shape().0 as u64)
            .number(array.start() as u64)
            .number(array.size(3))
            .number(self.place(9) as u64);
        (name, digest.get())
    }
}

impl From<ValueType> for Slot {
    fn from(ty: ValueType) -> Self {
        match ty {
            ValueType::I32 | ValueType::F32 => Self::Bits32,
            ValueType::I64 | ValueType::F64 => Self::Bits64,
            ValueType::V128 => Self::Bits128,
            ValueType::Ref(ReferenceType { heap, .. }) => heap.into(),
        }
    }
}

impl From<HeapType> for Slot {
    fn from(ty: HeapType) -> Self {
        match ty.is_func() {
            true => Self::Function,
            false => Self::Reference,
        }
    }
}

impl From<FieldType> for Slot {
    fn from(ty: FieldType) -> Self {
        match ty.storage {
            StorageType::I8 => Self::I8,
            StorageType::I16 => Self::I16,
            StorageType::Value(ty) => ty.into(),
        }
    }
}

/// Where a field lies in an object, and what it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// From the start of the object, in bytes.
    pub offset: u32,
    /// What it holds.
    pub slot: Slot,
}

/// How a struct or an exception lies in the heap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StructLayout {
    /// The first word.
    pub shape: Shape,
    /// The size in bytes, a multiple of [`ALIGN`].
    pub size: u32,
    /// The fields in order.
    pub fields: Vec<Field>,
}

impl StructLayout {
    /// The layout of structs of a type. A valid one has at most 10,000 fields.
    #[must_use]
    pub fn of_struct(ty: &StructType) -> Self {
        oom::infallible(Self::try_of_struct(ty).map_err(Into::into))
    }

    /// As [`of_struct`](Self::of_struct), where memory may be exhausted.
    ///
    /// # Errors
    /// Memory is exhausted.
    pub fn try_of_struct(ty: &StructType) -> Result<Self, OutOfMemory> {
        Self::new(Kind::Struct, struct_fields(ty))
    }

    /// The layout of exceptions: their fields are the parameters of the tag's type.
    #[must_use]
    pub fn of_exception(ty: &FunctionType) -> Self {
        oom::infallible(Self::try_of_exception(ty).map_err(Into::into))
    }

    /// As [`of_exception`](Self::of_exception), where memory may be exhausted.
    ///
    /// # Errors
    /// Memory is exhausted.
    pub fn try_of_exception(ty: &FunctionType) -> Result<Self, OutOfMemory> {
        Self::new(Kind::Exception, exception_fields(ty))
    }

    fn new(
        kind: Kind,
        mut fields: Fields<impl Iterator<Item = Slot>>,
    ) -> Result<Self, OutOfMemory> {
        let mut references = 0;
        let all = oom::collect(fields.by_ref().inspect(|field| {
            if field.slot == Slot::Reference {
                let bit = 1_u64.checked_shl((field.offset - object::SIZE) / 4);
                references |= bit.unwrap_or(1 << 63);
            }
        }))?;
        let size = fields.size();
        Ok(Self {
            shape: Shape::of_fields(kind, size, references),
            size,
            fields: all,
        })
    }
}

/// The fields of a struct or an exception, one after the other.
#[derive(Clone, Debug)]
pub struct Fields<I> {
    slots: I,
    end: u32,
}

/// The fields of structs of a type.
pub fn struct_fields(ty: &StructType) -> Fields<impl Iterator<Item = Slot> + '_> {
    Fields {
        slots: ty.fields.iter().map(|field| Slot::from(*field)),
        end: object::SIZE,
    }
}

/// The fields of exceptions with a tag of a type.
pub fn exception_fields(ty: &FunctionType) -> Fields<impl Iterator<Item = Slot> + '_> {
    Fields {
        slots: ty.params.iter().map(|ty| Slot::from(*ty)),
        end: EXCEPTION_TAG + 4,
    }
}

impl<I: Iterator<Item = Slot>> Fields<I> {
    /// The size in bytes, a multiple of [`ALIGN`], of an object with these fields.
    #[must_use]
    pub fn size(mut self) -> u32 {
        self.by_ref().for_each(drop);
        self.end.next_multiple_of(ALIGN)
    }
}

impl<I: Iterator<Item = Slot>> Iterator for Fields<I> {
    type Item = Field;

    fn next(&mut self) -> Option<Field> {
        let slot = self.slots.next()?;
        let offset = slot.place(self.end);
        self.end = offset + slot.size();
        Some(Field { offset, slot })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.slots.size_hint()
    }
}

/// How an array lies in the heap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ArrayLayout {
    /// What the elements are.
    pub element: Slot,
}

impl ArrayLayout {
    /// The first word.
    #[must_use]
    pub const fn shape(self) -> Shape {
        let references = matches!(self.element, Slot::Reference) as u32;
        Shape(Kind::Array as u32 | self.element.size_log2() << 3 | references << 6)
    }

    /// Where the first element lies.
    #[must_use]
    pub const fn start(self) -> u32 {
        array_start(self.element.size_log2())
    }

    /// The size in bytes of an array of this length.
    #[must_use]
    pub const fn size(self, length: u32) -> u64 {
        array_size(self.element.size_log2(), length)
    }
}

/// Where the first element of an array lies.
#[must_use]
pub const fn array_start(element_log2: u32) -> u32 {
    if element_log2 > 2 { 16 } else { 12 }
}

/// The size in bytes of an array of this length. At most 2^38, for an element of at most 16 bytes.
#[must_use]
pub const fn array_size(element_log2: u32, length: u32) -> u64 {
    let end = array_start(element_log2) as u64 + ((length as u64) << element_log2);
    end.next_multiple_of(ALIGN as u64)
}

#[cfg(test)]
mod tests {
    use super::Slot::*;
    use super::*;

    fn check(slots: &[Slot], offsets: &[u32], size: u32, references: Option<u32>) {
        let fields = Fields {
            slots: slots.iter().copied(),
            end: object::SIZE,
        };
        let layout = StructLayout::new(Kind::Struct, fields).unwrap();
        let found: Vec<u32> = layout.fields.iter().map(|f| f.offset).collect();
        assert_eq!(found, offsets, "{slots:?}");
        assert_eq!(layout.size, size, "{slots:?}");
        assert_eq!(layout.shape.kind(), Some(Kind::Struct));
        assert_eq!(layout.shape.size(), references.map(|_| size), "{slots:?}");
        assert_eq!(
            layout.shape.references(),
            references.unwrap_or(0),
            "{slots:?}"
        );
    }

    #[test]
    fn structs() {
        check(&[], &[], 8, Some(0));
        check(&[I8, I16, I8, Bits32], &[8, 10, 12, 16], 24, Some(0));
        check(&[Bits32, Bits128, I8], &[8, 16, 32], 40, Some(0));
        check(
            &[Reference, Bits64, Reference],
            &[8, 16, 24],
            32,
            Some(0b10001),
        );
        check(&[Function, Reference], &[8, 12], 16, Some(0b10));
        // The last word that has a bit, and the first that has none.
        let mut many = [Bits32; 19];
        many[17] = Reference;
        let offsets: Vec<u32> = (0..19).map(|i| 8 + 4 * i).collect();
        check(&many, &offsets, 88, Some(1 << 17));
        many[18] = Reference;
        check(&many, &offsets, 88, None);
        // More than a word of the map.
        let many = [Reference; 100];
        let offsets: Vec<u32> = (0..100).map(|i| 8 + 4 * i).collect();
        check(&many, &offsets, 408, None);
        // The largest size that is written down, and the next.
        let many = [Bits128; 1023];
        let offsets: Vec<u32> = (0..1023).map(|i| 8 + 16 * i).collect();
        check(&many, &offsets, 2047 * 8, Some(0));
        let many = [Bits128; 1024];
        let offsets: Vec<u32> = (0..1024).map(|i| 8 + 16 * i).collect();
        check(&many, &offsets, 2049 * 8, None);
    }

    #[test]
    fn exceptions() {
        let layout = StructLayout::of_exception(&FunctionType {
            params: [ValueType::Ref(ReferenceType::EXTERN), ValueType::F64].into(),
            results: [].into(),
        });
        assert_eq!(layout.fields[0].offset, 12);
        assert_eq!(layout.fields[1].offset, 16);
        assert_eq!(layout.size, 24);
        assert_eq!(layout.shape.kind(), Some(Kind::Exception));
        assert_eq!(layout.shape.references(), 0b10);
    }

    #[test]
    fn arrays() {
        let check = |element: Slot, length, start, size| {
            let layout = ArrayLayout { element };
            assert_eq!(layout.start(), start);
            assert_eq!(layout.size(length), size);
            assert_eq!(layout.shape().kind(), Some(Kind::Array));
            assert_eq!(1 << layout.shape().element_log2(), element.size());
            let references = layout.shape().elements_are_references();
            assert_eq!(references, element == Reference);
        };
        check(I8, 0, 12, 16);
        check(I8, 4, 12, 16);
        check(I8, 5, 12, 24);
        check(I16, 3, 12, 24);
        check(Reference, 1, 12, 16);
        check(Bits32, 2, 12, 24);
        check(Bits64, 0, 16, 16);
        check(Function, 1, 12, 16);
        check(Bits128, 2, 16, 48);
        check(Bits128, u32::MAX, 16, 1 << 36);
    }

    #[test]
    fn what_is_no_object() {
        assert_eq!(Shape(0).kind(), None);
        assert_eq!(Shape::MOVED.kind(), None);
        assert_eq!(Shape(Shape::MOVED.0 | 1).kind(), None);
    }
}
