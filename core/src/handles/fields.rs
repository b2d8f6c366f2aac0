//! What objects hold, as values: fields of structs and exceptions, elements of arrays.

use super::Val;
use crate::abi::gc::{Field, Slot, StructLayout};
use crate::error::bounded::ensure;
use crate::error::{Context as _, Result};
use crate::oom;
use crate::store::StoreOpaque;
use crate::{FieldType, StorageType};
use alloc::vec::Vec;

/// Checks that values are what fields of these types can be made with.
///
/// # Errors
/// There are more or fewer, or one is not of its field's type, or of another store.
pub(super) fn check(
    store: &StoreOpaque,
    types: impl ExactSizeIterator<Item = FieldType>,
    values: &[Val],
) -> Result<()> {
    ensure!(
        values.len() == types.len(),
        "expected {} fields, got {}",
        types.len(),
        values.len()
    );
    for (ty, value) in types.zip(values) {
        value
            .ensure_matches(store, ty.element_type().unpack())
            .context("field type mismatch")?;
    }
    Ok(())
}

/// Reads a field or element of this type.
pub(super) fn read(
    store: &mut StoreOpaque,
    offset: u32,
    slot: Slot,
    ty: &StorageType,
) -> Result<Val> {
    let bits = store.read_slot(offset, slot)?;
    let ty = ty.unpack().to_canonical();
    // SAFETY: the field holds a value of its type, of this store: it is written as such, by the API
    // and by validated code.
    Ok(unsafe { Val::from_bits(store, bits, ty) })
}

/// Writes a field or element; the value is of its type.
pub(super) fn write(store: &mut StoreOpaque, offset: u32, slot: Slot, value: Val) -> Result<()> {
    let bits = value.to_bits(store)?;
    store.write_slot(offset, slot, bits)
}

/// Writes the fields of an object; the values are of their types.
pub(super) fn write_all(
    store: &mut StoreOpaque,
    object: u32,
    layout: &StructLayout,
    values: &[Val],
) -> Result<()> {
    for (field, value) in layout.fields.iter().zip(values) {
        write(store, object + field.offset, field.slot, *value)?;
    }
    Ok(())
}

/// Reads the fields of an object.
pub(super) fn read_all(
    store: &mut StoreOpaque,
    object: u32,
    fields: impl Iterator<Item = Field>,
    types: impl ExactSizeIterator<Item = FieldType>,
) -> Result<Vec<Val>> {
    let mut values = oom::vec(types.len())?;
    for (field, ty) in fields.zip(types) {
        let offset = object + field.offset;
        values.push(read(store, offset, field.slot, ty.element_type())?);
    }
    Ok(values)
}
