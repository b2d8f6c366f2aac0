//! [`StructRef`]: structs in the garbage-collected heap.

use super::rooted::{Rooted, gc_ref};
use super::{Val, fields};
use crate::FieldType;
use crate::StructType;
use crate::abi::TypeId;
use crate::abi::gc::{Kind, Slot, StructLayout, struct_fields};
use crate::error::bounded::{bail, ensure};
use crate::error::{Context as _, Result};
use crate::gc::New;
use crate::oom::{self, Watch};
use crate::store::InStore;
use crate::store::{AsContext, AsContextMut, StoreContextMut, StoreOpaque};

/// What structs of a type are made with: the type, prepared for a store.
#[derive(Debug)]
pub struct StructRefPre {
    ty: InStore<StructType>,
    layout: StructLayout,
}

impl StructRefPre {
    /// Prepares to make structs of a type.
    ///
    /// # Panics
    /// If the type is of another engine than the store.
    pub fn new(store: impl AsContextMut, ty: StructType) -> Self {
        oom::infallible(Self::watched(store, ty, Watch::OFF))
    }

    /// As [`new`](Self::new), where memory may be exhausted.
    ///
    /// # Errors
    /// Memory is exhausted.
    ///
    /// # Panics
    /// As for [`new`](Self::new).
    pub fn try_new(store: impl AsContextMut, ty: StructType) -> Result<Self> {
        Self::watched(store, ty, Watch::start()?)
    }

    fn watched(mut store: impl AsContextMut, ty: StructType, watch: Watch) -> Result<Self> {
        let store = store.as_context_mut().opaque();
        let layout = StructLayout::try_of_struct(ty.canonical())?;
        let ty = InStore::new(store, ty);
        store.keep_type(ty.get(store).clone().into(), watch)?;
        Ok(watch.passed(Self { ty, layout })?)
    }
}

gc_ref! {
    /// A reference to a struct (`structref`).
    ///
    /// Always behind a [`Rooted`] or [`OwnedRooted`](crate::OwnedRooted), whose methods these are.
    ///
    /// ```
    /// # use wasmetal::{Config, Engine, Store};
    /// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
    /// use wasmetal::{FieldType, Mutability, StructRef, StructRefPre, StructType, Val, ValType};
    ///
    /// let mut store = Store::new(&engine, ());
    /// let number = FieldType::new(Mutability::Var, ValType::I64.into());
    /// let ty = StructType::new(&engine, [number])?;
    /// let pre = StructRefPre::new(&mut store, ty);
    /// let object = StructRef::new(&mut store, &pre, &[Val::I64(5)])?;
    /// object.set_field(&mut store, 0, Val::I64(6))?;
    /// assert_eq!(object.field(&mut store, 0)?.unwrap_i64(), 6);
    /// # wasmetal::error::Ok(())
    /// ```
    StructRef
}

impl StructRef {
    /// Makes a struct. It may collect garbage.
    ///
    /// # Errors
    /// The number or the types of `fields` are not those of the type. There is no room: the error is a
    /// [`GcHeapOutOfMemory`](crate::GcHeapOutOfMemory).
    ///
    /// # Panics
    /// If `allocator` is of another store.
    #[allow(clippy::new_ret_no_self, reason = "as in Wasmtime")]
    pub fn new(
        mut store: impl AsContextMut,
        allocator: &StructRefPre,
        fields: &[Val],
    ) -> Result<Rooted<Self>> {
        Self::make(store.as_context_mut().opaque(), allocator, fields)
    }

    /// Makes a struct.
    pub(super) fn make(
        store: &mut StoreOpaque,
        allocator: &StructRefPre,
        fields: &[Val],
    ) -> Result<Rooted<Self>> {
        let StructRefPre { ty, layout } = allocator;
        let ty = ty.get(store);
        fields::check(store, ty.fields(), fields)?;
        let new = New {
            shape: layout.shape,
            type_id: ty.id().as_u32(),
            size: layout.size.into(),
        };
        let object = store.gc_alloc(new, &mut [])?;
        fields::write_all(store, object, layout, fields)?;
        Rooted::try_new(store, object)
    }

    /// The struct's type.
    ///
    /// # Errors
    /// The reference's scope has been left.
    ///
    /// # Panics
    /// If `store` is not this reference's.
    pub fn ty(&self, store: impl AsContext) -> Result<StructType> {
        Ok(self.find(&store.as_context().0.opaque)?.1)
    }

    /// Whether the struct is of type `ty`.
    ///
    /// # Errors
    /// The reference's scope has been left.
    ///
    /// # Panics
    /// If `store` is not this reference's, or the type is of another engine.
    pub fn matches_ty(&self, store: impl AsContext, ty: &StructType) -> Result<bool> {
        Ok(self.ty(store)?.matches(ty))
    }

    /// The struct and its type.
    fn find(&self, store: &StoreOpaque) -> Result<(u32, StructType)> {
        let reference = self.reference(store)?;
        match store.object(reference)? {
            Some((Kind::Struct, id)) => {
                let id = TypeId::from_u32(id);
                Ok((reference, StructType::from_id(&store.engine, id)))
            }
            _ => bail!("the reference is no struct"),
        }
    }

    /// A field's place and type.
    fn place(&self, store: &StoreOpaque, index: usize) -> Result<(u32, Slot, FieldType)> {
        let (reference, ty) = self.find(store)?;
        match (struct_fields(ty.canonical()).nth(index), ty.field(index)) {
            (Some(field), Some(ty)) => Ok((reference + field.offset, field.slot, ty)),
            _ => bail!(
                "cannot access field {index}: struct only has {} fields",
                ty.fields().len()
            ),
        }
    }

    /// The values of the fields.
    ///
    /// # Errors
    /// The reference's scope has been left.
    ///
    /// # Panics
    /// If `store` is not this reference's.
    pub fn fields<'a, T: 'static>(
        &'a self,
        store: impl Into<StoreContextMut<'a, T>>,
    ) -> Result<impl ExactSizeIterator<Item = Val> + 'a> {
        let store = store.into().opaque();
        let (reference, ty) = self.find(store)?;
        let places = struct_fields(ty.canonical());
        let values = fields::read_all(store, reference, places, ty.fields())?;
        Ok(values.into_iter())
    }

    /// The value of a field, counted from 0.
    ///
    /// # Errors
    /// The struct has no such field, or the reference's scope has been left.
    ///
    /// # Panics
    /// If `store` is not this reference's.
    pub fn field(&self, mut store: impl AsContextMut, index: usize) -> Result<Val> {
        let store = store.as_context_mut().opaque();
        let (offset, slot, ty) = self.place(store, index)?;
        fields::read(store, offset, slot, ty.element_type())
    }

    /// Sets a field, counted from 0.
    ///
    /// # Errors
    /// The struct has no such field, it is immutable, `value` is not of its type, or the reference's
    /// scope has been left.
    ///
    /// # Panics
    /// If `store` is not this reference's.
    pub fn set_field(&self, mut store: impl AsContextMut, index: usize, value: Val) -> Result<()> {
        let store = store.as_context_mut().opaque();
        let (offset, slot, ty) = self.place(store, index)?;
        ensure!(
            ty.mutability().is_var(),
            "cannot set field {index}: field is not mutable"
        );
        value
            .ensure_matches(store, ty.element_type().unpack())
            .with_context(|| alloc::format!("cannot set field {index}: type mismatch"))?;
        fields::write(store, offset, slot, value)
    }
}
