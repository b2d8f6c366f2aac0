//! [`Val`] and [`Ref`]: values whose type is known at run time only.

use super::{ExternRef, Rooted};
use crate::call::ValRaw;
use crate::error::{Result, bail};
use crate::instance::table::Element;
use crate::instance::vmctx::VMFuncRef;
use crate::module::{self, ReferenceType, ValueType};
use crate::store::{AsContext, AsContextMut, StoreId, StoreOpaque};
use crate::{Func, HeapType, RefType, ValType};
use core::fmt;
use core::num::NonZeroU32;
use core::ptr::{self, NonNull};

/// A 128-bit vector, as its bits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[repr(transparent)]
pub struct V128(u128);

impl V128 {
    /// The bits; lane 0 is lowest.
    #[must_use]
    pub fn as_u128(&self) -> u128 {
        self.0
    }
}

impl From<u128> for V128 {
    fn from(bits: u128) -> Self {
        Self(bits)
    }
}

impl From<V128> for u128 {
    fn from(vector: V128) -> Self {
        vector.0
    }
}

impl fmt::Debug for V128 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#034x}", self.0)
    }
}

/// A value that Wasm code takes or gives.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Val {
    /// A 32-bit integer.
    I32(i32),
    /// A 64-bit integer.
    I64(i64),
    /// A 32-bit float, as bits: see `f32::from_bits`.
    F32(u32),
    /// A 64-bit float, as bits: see `f64::from_bits`.
    F64(u64),
    /// A 128-bit vector.
    V128(V128),
    /// A reference to a function, or null.
    FuncRef(Option<Func>),
    /// A reference to a host value, or null.
    ExternRef(Option<Rooted<ExternRef>>),
}

macro_rules! accessors {
    ($($get:ident $unwrap:ident: $variant:ident($value:ident) -> $ty:ty, $as:expr, $what:literal;)*) => {$(
        #[doc = concat!("The value, if it is ", $what, ".")]
        #[inline]
        #[must_use]
        pub fn $get(&self) -> Option<$ty> {
            match self {
                Self::$variant($value) => Some($as),
                _ => None,
            }
        }

        #[doc = concat!("The value, which is ", $what, ".")]
        ///
        /// # Panics
        /// If it is something else.
        #[inline]
        #[must_use]
        #[track_caller]
        pub fn $unwrap(&self) -> $ty {
            self.$get().expect(concat!("expected ", $what))
        }
    )*};
}

impl Val {
    accessors! {
        i32 unwrap_i32: I32(value) -> i32, *value, "an i32";
        i64 unwrap_i64: I64(value) -> i64, *value, "an i64";
        f32 unwrap_f32: F32(bits) -> f32, f32::from_bits(*bits), "an f32";
        f64 unwrap_f64: F64(bits) -> f64, f64::from_bits(*bits), "an f64";
        v128 unwrap_v128: V128(value) -> V128, *value, "a v128";
        func_ref unwrap_func_ref: FuncRef(func) -> Option<&Func>, func.as_ref(), "a funcref";
        funcref unwrap_funcref: FuncRef(func) -> Option<&Func>, func.as_ref(), "a funcref";
        extern_ref unwrap_extern_ref:
            ExternRef(value) -> Option<&Rooted<ExternRef>>, value.as_ref(), "an externref";
        externref unwrap_externref:
            ExternRef(value) -> Option<&Rooted<ExternRef>>, value.as_ref(), "an externref";
    }

    /// The null reference of a heap type.
    #[must_use]
    pub fn null_ref(heap_type: &HeapType) -> Self {
        Ref::null(heap_type).into()
    }

    /// The null function reference.
    #[must_use]
    pub const fn null_func_ref() -> Self {
        Self::FuncRef(None)
    }

    /// The null external reference.
    #[must_use]
    pub const fn null_extern_ref() -> Self {
        Self::ExternRef(None)
    }

    /// Zero or null of a type; `None` for references that can't be null.
    #[must_use]
    pub fn default_for_ty(ty: &ValType) -> Option<Self> {
        Some(match ty {
            ValType::I32 => Self::I32(0),
            ValType::I64 => Self::I64(0),
            ValType::F32 => Self::F32(0),
            ValType::F64 => Self::F64(0),
            ValType::V128 => Self::V128(V128(0)),
            ValType::Ref(ty) if ty.is_nullable() => Self::null_ref(ty.heap_type()),
            ValType::Ref(_) => return None,
        })
    }

    /// The value as a reference, if it is one.
    #[must_use]
    pub fn ref_(self) -> Option<Ref> {
        match self {
            Self::FuncRef(func) => Some(Ref::Func(func)),
            Self::ExternRef(value) => Some(Ref::Extern(value)),
            _ => None,
        }
    }

    /// The value's type, as exact as can be.
    ///
    /// # Errors
    /// None so far.
    ///
    /// # Panics
    /// If the value is of another store.
    pub fn ty(&self, store: impl AsContext) -> Result<ValType> {
        Ok(self.type_in(&store.as_context().0.opaque))
    }

    fn type_in(&self, store: &StoreOpaque) -> ValType {
        match self {
            Self::I32(_) => ValType::I32,
            Self::I64(_) => ValType::I64,
            Self::F32(_) => ValType::F32,
            Self::F64(_) => ValType::F64,
            Self::V128(_) => ValType::V128,
            Self::FuncRef(func) => ValType::Ref(Ref::Func(*func).type_in(store)),
            Self::ExternRef(value) => ValType::Ref(Ref::Extern(*value).type_in(store)),
        }
    }

    /// Whether the value is of type `ty`.
    ///
    /// # Errors
    /// None so far.
    ///
    /// # Panics
    /// If the value is of another store, or the type of another engine.
    pub fn matches_ty(&self, store: impl AsContext, ty: &ValType) -> Result<bool> {
        let store = &store.as_context().0.opaque;
        assert!(
            self.comes_from_same_store(store),
            "{}",
            crate::store::WRONG_STORE
        );
        assert!(
            ty.is_of_engine(&store.engine),
            "type used with the wrong engine"
        );
        Ok(self.matches(store, ty))
    }

    fn matches(&self, store: &StoreOpaque, ty: &ValType) -> bool {
        match (self, ty) {
            (Self::I32(_), ValType::I32)
            | (Self::I64(_), ValType::I64)
            | (Self::F32(_), ValType::F32)
            | (Self::F64(_), ValType::F64)
            | (Self::V128(_), ValType::V128) => true,
            (Self::FuncRef(func), ValType::Ref(ty)) => Ref::Func(*func).matches(store, ty),
            (Self::ExternRef(value), ValType::Ref(ty)) => Ref::Extern(*value).matches(store, ty),
            _ => false,
        }
    }

    /// Checks that the value is of type `ty` and may be used with the store.
    pub(crate) fn ensure_matches(&self, store: &StoreOpaque, ty: &ValType) -> Result<()> {
        if !self.comes_from_same_store(store) {
            bail!("value used with wrong store");
        }
        if !ty.is_of_engine(&store.engine) {
            bail!("type used with wrong engine");
        }
        if !self.matches(store, ty) {
            bail!(
                "type mismatch: expected {ty}, found {}",
                self.type_in(store)
            );
        }
        Ok(())
    }

    pub(crate) fn comes_from_same_store(&self, store: &StoreOpaque) -> bool {
        self.ref_()
            .is_none_or(|value| value.comes_from_same_store(store))
    }

    /// The value without its type.
    ///
    /// # Errors
    /// None so far.
    ///
    /// # Panics
    /// If the value is of another store.
    pub fn to_raw(&self, mut store: impl AsContextMut) -> Result<ValRaw> {
        let store = store.as_context_mut().opaque();
        assert!(
            self.comes_from_same_store(store),
            "{}",
            crate::store::WRONG_STORE
        );
        Ok(self.to_slot())
    }

    /// The value in a slot, of type `ty`.
    ///
    /// # Safety
    /// The slot holds a value of this type, and a reference in it belongs to `store`.
    pub unsafe fn from_raw(mut store: impl AsContextMut, raw: ValRaw, ty: ValType) -> Self {
        let store = store.as_context_mut().opaque();
        // SAFETY: the caller's promise.
        unsafe { Self::from_slot(store.id, &raw, ty.to_canonical()) }
    }

    /// The value as it lies in a slot or a global.
    pub(crate) fn to_slot(self) -> ValRaw {
        match self {
            Self::I32(value) => ValRaw::i32(value),
            Self::I64(value) => ValRaw::i64(value),
            Self::F32(bits) => ValRaw::f32(bits),
            Self::F64(bits) => ValRaw::f64(bits),
            Self::V128(value) => ValRaw::v128(value.0),
            Self::FuncRef(func) => {
                ValRaw::func_ref(func.map_or(ptr::null_mut(), |func| func.func_ref.as_ptr().cast()))
            }
            Self::ExternRef(value) => {
                ValRaw::i32(value.map_or(0, |value| value.handle().get() as i32))
            }
        }
    }

    /// The value in a slot or a global.
    ///
    /// # Safety
    /// The slot holds a value of this type, and a reference in it belongs to the store with this id.
    pub(crate) unsafe fn from_slot(store: StoreId, slot: &ValRaw, ty: ValueType) -> Self {
        match ty {
            ValueType::I32 => Self::I32(slot.get_i32()),
            ValueType::I64 => Self::I64(slot.get_i64()),
            ValueType::F32 => Self::F32(slot.get_f32()),
            ValueType::F64 => Self::F64(slot.get_f64()),
            ValueType::V128 => Self::V128(V128(slot.get_v128())),
            ValueType::Ref(ReferenceType { heap, .. }) => match heap.is_func() {
                true => {
                    let func_ref = NonNull::new(slot.get_func_ref().cast::<VMFuncRef>());
                    Self::FuncRef(func_ref.map(|func_ref| Func { store, func_ref }))
                }
                false => {
                    let handle = NonZeroU32::new(slot.get_i32() as u32);
                    Self::ExternRef(handle.map(|handle| Rooted::from_handle(store, handle)))
                }
            },
        }
    }
}

macro_rules! conversions {
    ($($to:ident: $from:ty, $value:ident => $as:expr;)*) => {$(
        impl From<$from> for $to {
            #[inline]
            fn from($value: $from) -> Self {
                $as
            }
        }
    )*};
}

conversions! {
    Val: i32, value => Self::I32(value);
    Val: i64, value => Self::I64(value);
    Val: f32, value => Self::F32(value.to_bits());
    Val: f64, value => Self::F64(value.to_bits());
    Val: u128, value => Self::V128(V128(value));
    Val: V128, value => Self::V128(value);
    Val: Func, func => Self::FuncRef(Some(func));
    Val: Option<Func>, func => Self::FuncRef(func);
    Val: Rooted<ExternRef>, value => Self::ExternRef(Some(value));
    Val: Option<Rooted<ExternRef>>, value => Self::ExternRef(value);
    Val: Ref, value => match value {
        Ref::Func(func) => Self::FuncRef(func),
        Ref::Extern(value) => Self::ExternRef(value),
    };
    Ref: Func, func => Self::Func(Some(func));
    Ref: Option<Func>, func => Self::Func(func);
    Ref: Rooted<ExternRef>, value => Self::Extern(Some(value));
    Ref: Option<Rooted<ExternRef>>, value => Self::Extern(value);
}

/// A reference, null included.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Ref {
    /// A reference to a function.
    Func(Option<Func>),
    /// A reference to a host value.
    Extern(Option<Rooted<ExternRef>>),
}

impl Ref {
    accessors! {
        as_func unwrap_func: Func(func) -> Option<&Func>, func.as_ref(), "a function reference";
        as_extern unwrap_extern:
            Extern(value) -> Option<&Rooted<ExternRef>>, value.as_ref(), "an external reference";
    }

    /// The null reference of a heap type.
    #[must_use]
    pub fn null(heap_type: &HeapType) -> Self {
        match heap_type.to_canonical().is_func() {
            true => Self::Func(None),
            false => Self::Extern(None),
        }
    }

    /// Whether it is null.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Func(None) | Self::Extern(None))
    }

    /// Whether it is not null.
    #[must_use]
    pub fn is_non_null(&self) -> bool {
        !self.is_null()
    }

    /// Whether it is a reference to a function, or null of that kind.
    #[must_use]
    pub fn is_func(&self) -> bool {
        matches!(self, Self::Func(_))
    }

    /// Whether it is a reference to a host value, or null of that kind.
    #[must_use]
    pub fn is_extern(&self) -> bool {
        matches!(self, Self::Extern(_))
    }

    /// The reference's type, as exact as can be.
    ///
    /// # Errors
    /// None so far.
    ///
    /// # Panics
    /// If the reference is of another store.
    pub fn ty(&self, store: impl AsContext) -> Result<RefType> {
        let store = &store.as_context().0.opaque;
        assert!(
            self.comes_from_same_store(store),
            "{}",
            crate::store::WRONG_STORE
        );
        Ok(self.type_in(store))
    }

    fn type_in(&self, store: &StoreOpaque) -> RefType {
        let heap = match self {
            Self::Func(None) => HeapType::NoFunc,
            Self::Func(Some(func)) => HeapType::ConcreteFunc(func.type_in(store)),
            Self::Extern(None) => HeapType::NoExtern,
            Self::Extern(Some(_)) => HeapType::Extern,
        };
        RefType::new(self.is_null(), heap)
    }

    /// Whether the reference is of type `ty`.
    ///
    /// # Errors
    /// None so far.
    ///
    /// # Panics
    /// If the reference is of another store, or the type of another engine.
    pub fn matches_ty(&self, store: impl AsContext, ty: &RefType) -> Result<bool> {
        let store = &store.as_context().0.opaque;
        assert!(
            self.comes_from_same_store(store),
            "{}",
            crate::store::WRONG_STORE
        );
        assert!(
            ty.is_of_engine(&store.engine),
            "type used with the wrong engine"
        );
        Ok(self.matches(store, ty))
    }

    fn matches(&self, store: &StoreOpaque, ty: &RefType) -> bool {
        let heap = match self {
            Self::Func(None) => module::HeapType::NoFunc,
            Self::Func(Some(func)) => {
                module::HeapType::ConcreteFunc(func.type_id(store).as_canonical_index())
            }
            Self::Extern(None) => module::HeapType::NoExtern,
            Self::Extern(Some(_)) => module::HeapType::Extern,
        };
        let nullable = self.is_null();
        ReferenceType { nullable, heap }.is_subtype(ty.to_canonical(), |sub, sup| {
            store.engine.types().is_canonical_subtype(sub, sup)
        })
    }

    /// Checks that the reference is of type `ty` and may be used with the store.
    pub(crate) fn ensure_matches(&self, store: &StoreOpaque, ty: &RefType) -> Result<()> {
        if !self.comes_from_same_store(store) {
            bail!("reference used with wrong store");
        }
        if !ty.is_of_engine(&store.engine) {
            bail!("type used with wrong engine");
        }
        if !self.matches(store, ty) {
            bail!(
                "type mismatch: expected {ty}, found {}",
                self.type_in(store)
            );
        }
        Ok(())
    }

    pub(crate) fn comes_from_same_store(&self, store: &StoreOpaque) -> bool {
        match self {
            Self::Func(func) => func.is_none_or(|func| func.store == store.id),
            Self::Extern(value) => value.is_none_or(|value| value.comes_from_same_store(store)),
        }
    }

    /// The reference as it lies in a table.
    pub(crate) fn to_element(self) -> Element {
        match self {
            Self::Func(func) => {
                func.map_or(0, |func| func.func_ref.as_ptr().expose_provenance() as u64)
            }
            Self::Extern(value) => value.map_or(0, |value| value.handle().get().into()),
        }
    }

    /// An element of a table of the store with this id.
    ///
    /// # Safety
    /// The element is a function reference or a handle, as `is_func` says, and belongs to the store.
    pub(crate) unsafe fn from_element(store: StoreId, element: Element, is_func: bool) -> Self {
        match is_func {
            true => {
                let func_ref = ptr::with_exposed_provenance_mut::<VMFuncRef>(element as usize);
                let func_ref = NonNull::new(func_ref);
                Self::Func(func_ref.map(|func_ref| Func { store, func_ref }))
            }
            false => {
                let handle = NonZeroU32::new(element as u32);
                Self::Extern(handle.map(|handle| Rooted::from_handle(store, handle)))
            }
        }
    }
}
