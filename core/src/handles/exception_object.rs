//! Exceptions as objects of the garbage-collected heap.
#![forbid(unsafe_code)]

use super::{ExnRef, Rooted, Val, fields};
use crate::abi::TypeId;
use crate::abi::gc::{EXCEPTION_TAG, Kind, Slot, StructLayout, exception_fields};
use crate::error::Result;
use crate::error::bounded::bail;
use crate::gc::New;
use crate::store::StoreOpaque;
use crate::{FieldType, FuncType, Mutability, StorageType};
use alloc::vec::Vec;

/// What an exception is made of.
pub(crate) struct Exception {
    pub(crate) reference: u32,
    /// The number of its tag in the store.
    pub(crate) tag: u32,
    /// The tag's type: its parameters are the fields.
    pub(crate) ty: FuncType,
}

impl ExnRef {
    /// The exception behind the reference.
    pub(crate) fn find(&self, store: &StoreOpaque) -> Result<Exception> {
        let reference = self.reference(store)?;
        let Some((Kind::Exception, id)) = store.object(reference)? else {
            bail!("the reference is no exception");
        };
        Ok(Exception {
            reference,
            tag: store.read_slot(reference + EXCEPTION_TAG, Slot::Bits32)? as u32,
            ty: FuncType::from_id(&store.engine, TypeId::from_u32(id)),
        })
    }
}

/// The types of an exception's fields.
fn types(ty: &FuncType) -> impl ExactSizeIterator<Item = FieldType> + '_ {
    let params = ty.params();
    params.map(|ty| FieldType::new(Mutability::Const, StorageType::ValType(ty)))
}

impl Exception {
    /// Makes an exception with a tag that has this number in the store, and this type. The store keeps
    /// the type.
    ///
    /// # Errors
    /// `values` are not of the types of the fields. There is no room.
    pub(crate) fn make(
        store: &mut StoreOpaque,
        tag: u32,
        ty: &FuncType,
        values: &[Val],
    ) -> Result<Rooted<ExnRef>> {
        fields::check(store, types(ty), values)?;
        let layout = StructLayout::try_of_exception(ty.canonical())?;
        let new = New {
            shape: layout.shape,
            type_id: ty.id().as_u32(),
            size: layout.size.into(),
        };
        let object = store.gc_alloc(new, &mut [])?;
        store.write_slot(object + EXCEPTION_TAG, Slot::Bits32, tag.into())?;
        fields::write_all(store, object, &layout, values)?;
        Rooted::try_new(store, object)
    }

    /// The values of its fields.
    pub(crate) fn fields(&self, store: &mut StoreOpaque) -> Result<Vec<Val>> {
        let places = exception_fields(self.ty.canonical());
        fields::read_all(store, self.reference, places, types(&self.ty))
    }
}
