//! [`ArrayRef`]: arrays in the garbage-collected heap.

use super::rooted::{Rooted, gc_ref};
use super::{Val, fields};
use crate::ArrayType;
use crate::abi::TypeId;
use crate::abi::gc::{ARRAY_LENGTH, ArrayLayout, Kind, Slot};
use crate::error::bounded::{bail, ensure, format_err};
use crate::error::{Context as _, Result};
use crate::gc::New;
use crate::oom::{self, Watch};
use crate::store::InStore;
use crate::store::{AsContext, AsContextMut, StoreContextMut, StoreOpaque};

/// What arrays of a type are made with: the type, prepared for a store.
#[derive(Debug)]
pub struct ArrayRefPre {
    ty: InStore<ArrayType>,
}

impl ArrayRefPre {
    /// Prepares to make arrays of a type.
    ///
    /// # Panics
    /// If the type is of another engine than the store.
    pub fn new(store: impl AsContextMut, ty: ArrayType) -> Self {
        oom::infallible(Self::watched(store, ty, Watch::OFF))
    }

    /// As [`new`](Self::new), where memory may be exhausted.
    ///
    /// # Errors
    /// Memory is exhausted.
    ///
    /// # Panics
    /// As for [`new`](Self::new).
    pub fn try_new(store: impl AsContextMut, ty: ArrayType) -> Result<Self> {
        Self::watched(store, ty, Watch::start()?)
    }

    fn watched(mut store: impl AsContextMut, ty: ArrayType, watch: Watch) -> Result<Self> {
        let store = store.as_context_mut().opaque();
        let ty = InStore::new(store, ty);
        store.keep_type(ty.get(store).clone().into(), watch)?;
        Ok(Self { ty })
    }
}

gc_ref! {
    /// A reference to an array (`arrayref`).
    ///
    /// Always behind a [`Rooted`] or [`OwnedRooted`](crate::OwnedRooted), whose methods these are.
    ///
    /// ```
    /// # use wasmetal::{Config, Engine, Store};
    /// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
    /// use wasmetal::{ArrayRef, ArrayRefPre, ArrayType, FieldType, Mutability, StorageType, Val};
    ///
    /// let mut store = Store::new(&engine, ());
    /// let ty = ArrayType::new(&engine, FieldType::new(Mutability::Var, StorageType::I8));
    /// let pre = ArrayRefPre::new(&mut store, ty);
    /// let array = ArrayRef::new(&mut store, &pre, &Val::I32(7), 3)?;
    /// array.set(&mut store, 1, Val::I32(8))?;
    /// let values: Vec<i32> = array.elems(&mut store)?.map(|value| value.unwrap_i32()).collect();
    /// assert_eq!(values, [7, 8, 7]);
    /// # wasmetal::error::Ok(())
    /// ```
    ArrayRef
}

/// An array in the heap.
struct Array {
    reference: u32,
    length: u32,
    ty: ArrayType,
}

impl Array {
    fn layout(&self) -> ArrayLayout {
        layout(&self.ty)
    }

    fn slot(&self) -> Slot {
        self.layout().element
    }

    /// Where an element lies.
    fn place(&self, index: u32) -> Result<u32> {
        ensure!(
            index < self.length,
            "index out of bounds: the length is {} but the index is {index}",
            self.length
        );
        // In bounds of the array, which is in the heap.
        let offset = index << self.slot().size_log2();
        Ok(self.reference + self.layout().start() + offset)
    }
}

fn layout(ty: &ArrayType) -> ArrayLayout {
    ArrayLayout {
        element: ty.canonical().element.into(),
    }
}

/// Checks the values of elements.
fn check_elements(store: &StoreOpaque, allocator: &ArrayRefPre, values: &[Val]) -> Result<()> {
    let ty = allocator.ty.get(store).element_type();
    for value in values {
        value
            .ensure_matches(store, ty.unpack())
            .context("element type mismatch")?;
    }
    Ok(())
}

impl ArrayRef {
    /// Makes an array of `len` elements, all `elem`. It may collect garbage.
    ///
    /// # Errors
    /// `elem` is not of the element type. There is no room: the error is a
    /// [`GcHeapOutOfMemory`](crate::GcHeapOutOfMemory), or [`Trap::AllocationTooLarge`](crate::Trap::AllocationTooLarge)
    /// for 4 GiB or more.
    ///
    /// # Panics
    /// If `allocator` is of another store.
    #[allow(clippy::new_ret_no_self, reason = "as in Wasmtime")]
    pub fn new(
        mut store: impl AsContextMut,
        allocator: &ArrayRefPre,
        elem: &Val,
        len: u32,
    ) -> Result<Rooted<Self>> {
        let store = store.as_context_mut().opaque();
        Self::make_filled(store, allocator, elem, len)
    }

    /// Makes an array whose elements are all `elem`.
    pub(super) fn make_filled(
        store: &mut StoreOpaque,
        allocator: &ArrayRefPre,
        elem: &Val,
        len: u32,
    ) -> Result<Rooted<Self>> {
        check_elements(store, allocator, core::slice::from_ref(elem))?;
        Self::make(store, allocator, core::iter::repeat_n(*elem, len as usize))
    }

    /// Makes an array of these elements. It may collect garbage.
    ///
    /// # Errors
    /// One of `elems` is not of the element type, or there are 2^32 or more. There is no room: the error
    /// is as for [`new`](Self::new).
    ///
    /// # Panics
    /// If `allocator` is of another store.
    pub fn new_fixed(
        mut store: impl AsContextMut,
        allocator: &ArrayRefPre,
        elems: &[Val],
    ) -> Result<Rooted<Self>> {
        Self::make_of(store.as_context_mut().opaque(), allocator, elems)
    }

    /// Makes an array of these elements.
    pub(super) fn make_of(
        store: &mut StoreOpaque,
        allocator: &ArrayRefPre,
        elems: &[Val],
    ) -> Result<Rooted<Self>> {
        check_elements(store, allocator, elems)?;
        Self::make(store, allocator, elems.iter().copied())
    }

    /// Makes an array of values that have been checked.
    fn make(
        store: &mut StoreOpaque,
        allocator: &ArrayRefPre,
        values: impl ExactSizeIterator<Item = Val>,
    ) -> Result<Rooted<Self>> {
        let object = allocator.allocate(store, values.len())?;
        let layout = layout(allocator.ty.get(store));
        let mut offset = object + layout.start();
        for value in values {
            fields::write(store, offset, layout.element, value)?;
            offset += layout.element.size();
        }
        Rooted::try_new(store, object)
    }

    /// Makes an array of bytes. It may collect garbage.
    ///
    /// # Errors
    /// The element type is not `i8`, or there are 2^32 elements or more. There is no room: the error is as for
    /// [`new`](Self::new).
    ///
    /// # Panics
    /// If `allocator` is of another store.
    pub fn new_from_i8_slice(
        mut store: impl AsContextMut,
        allocator: &ArrayRefPre,
        elems: &[u8],
    ) -> Result<Rooted<Self>> {
        Self::make_of_bytes(store.as_context_mut().opaque(), allocator, elems)
    }

    /// Makes an array of bytes.
    pub(super) fn make_of_bytes(
        store: &mut StoreOpaque,
        allocator: &ArrayRefPre,
        elems: &[u8],
    ) -> Result<Rooted<Self>> {
        let ty = allocator.ty.get(store).element_type();
        ensure!(ty.is_i8(), "element type mismatch: expected i8, found {ty}");
        let object = allocator.allocate(store, elems.len())?;
        store.write_bytes(object + layout(allocator.ty.get(store)).start(), elems)?;
        Rooted::try_new(store, object)
    }

    /// Copies the elements of an array of bytes.
    ///
    /// # Errors
    /// The element type is not `i8`, `dst` has not the length of the array, or the reference's scope has
    /// been left.
    ///
    /// # Panics
    /// If `store` is not this reference's.
    #[allow(
        clippy::needless_question_mark,
        reason = "without a heap, the error is another"
    )]
    pub fn copy_to_i8_slice(&self, mut store: impl AsContextMut, dst: &mut [u8]) -> Result<()> {
        let store = store.as_context_mut().opaque();
        let array = self.find(store)?;
        let ty = array.ty.element_type();
        ensure!(ty.is_i8(), "element type mismatch: expected i8, found {ty}");
        ensure!(
            dst.len() == array.length as usize,
            "expected room for {} elements, got {}",
            array.length,
            dst.len()
        );
        Ok(store.read_bytes(array.reference + array.layout().start(), dst)?)
    }

    /// The array's type.
    ///
    /// # Errors
    /// The reference's scope has been left.
    ///
    /// # Panics
    /// If `store` is not this reference's.
    pub fn ty(&self, store: impl AsContext) -> Result<ArrayType> {
        Ok(self.find(&store.as_context().0.opaque)?.ty)
    }

    /// Whether the array is of type `ty`.
    ///
    /// # Errors
    /// The reference's scope has been left.
    ///
    /// # Panics
    /// If `store` is not this reference's, or the type is of another engine.
    pub fn matches_ty(&self, store: impl AsContext, ty: &ArrayType) -> Result<bool> {
        Ok(self.ty(store)?.matches(ty))
    }

    fn find(&self, store: &StoreOpaque) -> Result<Array> {
        let reference = self.reference(store)?;
        match store.object(reference)? {
            Some((Kind::Array, id)) => {
                let length = store.read_slot(reference + ARRAY_LENGTH, Slot::Bits32)?;
                Ok(Array {
                    reference,
                    length: length as u32,
                    ty: ArrayType::from_id(&store.engine, TypeId::from_u32(id)),
                })
            }
            _ => bail!("the reference is no array"),
        }
    }

    /// The number of elements.
    ///
    /// # Errors
    /// The reference's scope has been left.
    ///
    /// # Panics
    /// If `store` is not this reference's.
    pub fn len(&self, store: impl AsContext) -> Result<u32> {
        Ok(self.find(&store.as_context().0.opaque)?.length)
    }

    /// Whether there are no elements.
    ///
    /// # Errors
    /// The reference's scope has been left.
    ///
    /// # Panics
    /// If `store` is not this reference's.
    pub fn is_empty(&self, store: impl AsContext) -> Result<bool> {
        Ok(self.len(store)? == 0)
    }

    /// The values of the elements.
    ///
    /// # Errors
    /// The reference's scope has been left.
    ///
    /// # Panics
    /// If `store` is not this reference's.
    pub fn elems<'a, T: 'static>(
        &'a self,
        store: impl Into<StoreContextMut<'a, T>>,
    ) -> Result<impl ExactSizeIterator<Item = Val> + 'a> {
        let store = store.into().opaque();
        let array = self.find(store)?;
        let ty = array.ty.element_type();
        Ok((0..array.length as usize).map(move |index| {
            // Nothing is allocated while the store is borrowed, so that the array stays where it is.
            let value = array
                .place(index as u32)
                .and_then(|offset| fields::read(store, offset, array.slot(), &ty));
            value.expect("the element is in bounds")
        }))
    }

    /// The value of an element.
    ///
    /// # Errors
    /// The array has no such element, or the reference's scope has been left.
    ///
    /// # Panics
    /// If `store` is not this reference's.
    pub fn get(&self, mut store: impl AsContextMut, index: u32) -> Result<Val> {
        let store = store.as_context_mut().opaque();
        let array = self.find(store)?;
        let ty = array.ty.element_type();
        fields::read(store, array.place(index)?, array.slot(), &ty)
    }

    /// Sets an element.
    ///
    /// # Errors
    /// The array has no such element, its elements are immutable, `value` is not of their type, or the
    /// reference's scope has been left.
    ///
    /// # Panics
    /// If `store` is not this reference's.
    pub fn set(&self, mut store: impl AsContextMut, index: u32, value: Val) -> Result<()> {
        let store = store.as_context_mut().opaque();
        let array = self.find(store)?;
        ensure!(
            array.ty.mutability().is_var(),
            "cannot set element {index}: array elements are not mutable"
        );
        value
            .ensure_matches(store, array.ty.element_type().unpack())
            .with_context(|| alloc::format!("cannot set element {index}: type mismatch"))?;
        fields::write(store, array.place(index)?, array.slot(), value)
    }
}

impl ArrayRefPre {
    /// An array of `len` elements, which are yet to be written.
    fn allocate(&self, store: &mut StoreOpaque, len: usize) -> Result<u32> {
        let length = u32::try_from(len)
            .map_err(|_| format_err!("an array of {len} elements: the most is 2^32 - 1"))?;
        let ty = self.ty.get(store);
        let layout = layout(ty);
        let new = New {
            shape: layout.shape(),
            type_id: ty.id().as_u32(),
            size: layout.size(length),
        };
        let object = store.gc_alloc(new, &mut [])?;
        store.write_slot(object + ARRAY_LENGTH, Slot::Bits32, length.into())?;
        Ok(object)
    }
}
