//! Exceptions as objects of the garbage-collected heap.
#![forbid(unsafe_code)]

use super::{ExnRef, Rooted, Val};
use crate::abi::gc::{EXCEPTION_TAG, Kind, Slot, StructLayout, exception_fields};
use crate::engine::TypeId;
use crate::error::{Result, bail};
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
        store.exception(reference)
    }
}

/// The types of an exception's fields.
fn fields(ty: &FuncType) -> impl ExactSizeIterator<Item = FieldType> + '_ {
    let params = ty.params();
    params.map(|ty| FieldType::new(Mutability::Const, StorageType::ValType(ty)))
}

impl StoreOpaque {
    /// The exception behind a reference.
    pub(crate) fn exception(&self, reference: u32) -> Result<Exception> {
        let Some((Kind::Exception, id)) = self.object(reference)? else {
            bail!("the reference is no exception");
        };
        Ok(Exception {
            reference,
            tag: self.read_slot(reference + EXCEPTION_TAG, Slot::Bits32)? as u32,
            ty: FuncType::from_id(&self.engine, TypeId::from_u32(id)),
        })
    }

    /// Makes an exception with a tag that has this number in the store, and this type. The store keeps
    /// the type.
    ///
    /// # Errors
    /// `values` are not of the types of the fields. There is no room.
    pub(crate) fn new_exception(
        &mut self,
        tag: u32,
        ty: &FuncType,
        values: &[Val],
    ) -> Result<Rooted<ExnRef>> {
        super::structref::check_fields(self, fields(ty), values)?;
        let layout = StructLayout::try_of_exception(ty.canonical())?;
        let new = New {
            shape: layout.shape,
            type_id: ty.id().as_u32(),
            size: layout.size.into(),
        };
        let object = self.gc_alloc(new, &mut [])?;
        self.write_slot(object + EXCEPTION_TAG, Slot::Bits32, tag.into())?;
        self.write_fields(object, &layout, values)?;
        Rooted::try_new(self, object)
    }

    /// The values of an exception's fields.
    pub(crate) fn exception_fields(&mut self, exception: &Exception) -> Result<Vec<Val>> {
        let places = exception_fields(exception.ty.canonical());
        self.read_fields(exception.reference, places, fields(&exception.ty))
    }
}
