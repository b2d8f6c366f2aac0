//! [`Val`] and [`Ref`]: values whose type is known at run time only.

use super::anyref::internal_type;
use super::{AnyRef, ArrayRef, EqRef, ExnRef, ExternRef, GcRef, Rooted, StructRef};
use crate::activation::ValRaw;
use crate::activation::context::VMFuncRef;
use crate::error::Result;
use crate::error::bounded::bail;
use crate::instance::Element;
use crate::module::{self, ReferenceType, ValueType};
use crate::owner::OfEngine as _;
use crate::store::OfStore as _;
use crate::store::{AsContext, AsContextMut, StoreOpaque};
use crate::{Func, HeapType, RefType, ValType};
use core::fmt;
use core::ptr::{self, NonNull};

/// A 128-bit vector, as its bits.
///
/// ```
/// use wasmetal::{V128, Val};
///
/// // Lane 0 of four is lowest.
/// let lanes = V128::from(4 << 96 | 3 << 64 | 2 << 32 | 1);
/// assert_eq!(lanes.as_u128() as u32, 1);
/// assert_eq!(Val::from(lanes).unwrap_v128().as_u128() >> 96, 4);
/// ```
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
///
/// ```
/// # use wasmetal::{Config, Engine};
/// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
/// use wasmetal::{Store, Val, ValType};
///
/// let store = Store::new(&engine, ());
/// let value = Val::from(7);
/// assert_eq!(value.i32(), Some(7));
/// assert_eq!(value.i64(), None);
/// assert_eq!(value.ty(&store)?, ValType::I32);
/// // Floats are bits, so that each NaN stays what it is.
/// assert_eq!(Val::from(1.5_f32).f32(), Some(1.5));
/// assert_eq!(Val::F32(0x3fc0_0000).unwrap_f32(), 1.5);
/// # wasmetal::error::Ok(())
/// ```
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
    /// A reference to anything internal, or null.
    AnyRef(Option<Rooted<AnyRef>>),
    /// A reference to an exception, or null.
    ExnRef(Option<Rooted<ExnRef>>),
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
        any_ref unwrap_any_ref:
            AnyRef(value) -> Option<&Rooted<AnyRef>>, value.as_ref(), "an anyref";
        anyref unwrap_anyref:
            AnyRef(value) -> Option<&Rooted<AnyRef>>, value.as_ref(), "an anyref";
        exn_ref unwrap_exn_ref:
            ExnRef(value) -> Option<&Rooted<ExnRef>>, value.as_ref(), "an exnref";
        exnref unwrap_exnref:
            ExnRef(value) -> Option<&Rooted<ExnRef>>, value.as_ref(), "an exnref";
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

    /// The null internal reference.
    #[must_use]
    pub const fn null_any_ref() -> Self {
        Self::AnyRef(None)
    }

    /// The null exception reference.
    #[must_use]
    pub const fn null_exn_ref() -> Self {
        Self::ExnRef(None)
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
            Self::AnyRef(value) => Some(Ref::Any(value)),
            Self::ExnRef(value) => Some(Ref::Exn(value)),
            _ => None,
        }
    }

    /// The value's type, as exact as can be.
    ///
    /// # Errors
    /// It is a reference whose scope has been left.
    ///
    /// # Panics
    /// If the value is of another store.
    pub fn ty(&self, store: impl AsContext) -> Result<ValType> {
        let store = &store.as_context().0.opaque;
        self.assert_store(store);
        self.type_in(store)
    }

    fn type_in(&self, store: &StoreOpaque) -> Result<ValType> {
        Ok(match self {
            Self::I32(_) => ValType::I32,
            Self::I64(_) => ValType::I64,
            Self::F32(_) => ValType::F32,
            Self::F64(_) => ValType::F64,
            Self::V128(_) => ValType::V128,
            Self::FuncRef(func) => ValType::Ref(Ref::Func(*func).type_in(store)?),
            Self::ExternRef(value) => ValType::Ref(Ref::Extern(*value).type_in(store)?),
            Self::AnyRef(value) => ValType::Ref(Ref::Any(*value).type_in(store)?),
            Self::ExnRef(value) => ValType::Ref(Ref::Exn(*value).type_in(store)?),
        })
    }

    /// Whether the value is of type `ty`.
    ///
    /// # Errors
    /// It is a reference whose scope has been left.
    ///
    /// # Panics
    /// If the value is of another store, or the type of another engine.
    pub fn matches_ty(&self, store: impl AsContext, ty: &ValType) -> Result<bool> {
        let store = &store.as_context().0.opaque;
        self.assert_store(store);
        ty.assert_engine(&store.engine);
        self.matches(store, ty)
    }

    fn matches(&self, store: &StoreOpaque, ty: &ValType) -> Result<bool> {
        Ok(match (self, ty) {
            (Self::I32(_), ValType::I32)
            | (Self::I64(_), ValType::I64)
            | (Self::F32(_), ValType::F32)
            | (Self::F64(_), ValType::F64)
            | (Self::V128(_), ValType::V128) => true,
            (value, ValType::Ref(ty)) => match value.ref_() {
                Some(reference) => reference.matches(store, ty)?,
                None => false,
            },
            _ => false,
        })
    }

    /// Checks that the value is of type `ty` and may be used with the store.
    pub(crate) fn ensure_matches(&self, store: &StoreOpaque, ty: &ValType) -> Result<()> {
        self.ensure_store(store)?;
        ty.ensure_engine(&store.engine)?;
        if !self.matches(store, ty)? {
            bail!(
                "type mismatch: expected {ty}, found {}",
                self.type_in(store)?
            );
        }
        Ok(())
    }

    /// The value without its type.
    ///
    /// # Errors
    /// It is a reference whose scope has been left, or memory is exhausted.
    ///
    /// # Panics
    /// If the value is of another store.
    pub fn to_raw(&self, mut store: impl AsContextMut) -> Result<ValRaw> {
        let store = store.as_context_mut().opaque();
        self.assert_store(store);
        let slot = self.to_slot(store)?;
        if !matches!(self.ref_(), None | Some(Ref::Func(_))) {
            store.tell(slot.get_i32() as u32)?;
        }
        Ok(slot)
    }

    /// The value in a slot, of type `ty`.
    ///
    /// # Safety
    /// The slot holds a value of this type, and a reference in it belongs to `store`.
    ///
    /// # Panics
    /// If the type is of another engine than the store.
    pub unsafe fn from_raw(mut store: impl AsContextMut, raw: ValRaw, ty: ValType) -> Self {
        let store = store.as_context_mut().opaque();
        ty.assert_engine(&store.engine);
        // SAFETY: the caller's promise.
        unsafe { Self::from_slot(store, &raw, ty.to_canonical()) }
    }

    /// The value as it lies in a slot or a global.
    ///
    /// # Errors
    /// It is a reference whose scope has been left.
    pub(crate) fn to_slot(self, store: &StoreOpaque) -> Result<ValRaw> {
        Ok(match self {
            Self::I32(value) => ValRaw::i32(value),
            Self::I64(value) => ValRaw::i64(value),
            Self::F32(bits) => ValRaw::f32(bits),
            Self::F64(bits) => ValRaw::f64(bits),
            Self::V128(value) => ValRaw::v128(value.0),
            Self::FuncRef(func) => {
                ValRaw::funcref(func.map_or(ptr::null_mut(), |func| func.func_ref.as_ptr().cast()))
            }
            Self::ExternRef(value) => ValRaw::i32(raw(store, value)? as i32),
            Self::AnyRef(value) => ValRaw::i32(raw(store, value)? as i32),
            Self::ExnRef(value) => ValRaw::i32(raw(store, value)? as i32),
        })
    }

    /// The value as it lies in the garbage-collected heap, in as many of the lower bytes as it has.
    ///
    /// # Errors
    /// It is a reference whose scope has been left.
    pub(crate) fn to_bits(self, store: &StoreOpaque) -> Result<u128> {
        Ok(match self {
            Self::FuncRef(func) => Ref::Func(func).to_element(store)?.into(),
            value => value.to_slot(store)?.get_v128(),
        })
    }

    /// A value from the garbage-collected heap.
    ///
    /// # Safety
    /// They are the bits of a value of this type, which belongs to `store`.
    pub(crate) unsafe fn from_bits(store: &mut StoreOpaque, bits: u128, ty: ValueType) -> Self {
        match ty {
            // SAFETY: the caller's promise.
            ValueType::Ref(ty) => unsafe { Ref::from_element(store, bits as u64, ty.heap) }.into(),
            // SAFETY: a number is its bits.
            ty => unsafe { Self::from_slot(store, &ValRaw::v128(bits), ty) },
        }
    }

    /// The value in a slot or a global.
    ///
    /// # Safety
    /// The slot holds a value of this type, and a reference in it belongs to the store.
    pub(crate) unsafe fn from_slot(store: &mut StoreOpaque, slot: &ValRaw, ty: ValueType) -> Self {
        match ty {
            ValueType::I32 => Self::I32(slot.get_i32()),
            ValueType::I64 => Self::I64(slot.get_i64()),
            ValueType::F32 => Self::F32(slot.get_f32()),
            ValueType::F64 => Self::F64(slot.get_f64()),
            ValueType::V128 => Self::V128(V128(slot.get_v128())),
            ValueType::Ref(ReferenceType { heap, .. }) => match heap.is_func() {
                true => {
                    let func_ref = NonNull::new(slot.get_funcref().cast::<VMFuncRef>());
                    let store = store.id;
                    Self::FuncRef(func_ref.map(|func_ref| Func { store, func_ref }))
                }
                false => Ref::from_reference(store, slot.get_i32() as u32, heap).into(),
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
    Val: Rooted<AnyRef>, value => Self::AnyRef(Some(value));
    Val: Option<Rooted<AnyRef>>, value => Self::AnyRef(value);
    Val: Rooted<ExnRef>, value => Self::ExnRef(Some(value));
    Val: Option<Rooted<ExnRef>>, value => Self::ExnRef(value);
    Val: Rooted<EqRef>, value => Self::AnyRef(Some(value.into()));
    Val: Option<Rooted<EqRef>>, value => Self::AnyRef(value.map(Into::into));
    Val: Rooted<StructRef>, value => Self::AnyRef(Some(value.into()));
    Val: Option<Rooted<StructRef>>, value => Self::AnyRef(value.map(Into::into));
    Val: Rooted<ArrayRef>, value => Self::AnyRef(Some(value.into()));
    Val: Option<Rooted<ArrayRef>>, value => Self::AnyRef(value.map(Into::into));
    Val: Ref, value => match value {
        Ref::Func(func) => Self::FuncRef(func),
        Ref::Extern(value) => Self::ExternRef(value),
        Ref::Any(value) => Self::AnyRef(value),
        Ref::Exn(value) => Self::ExnRef(value),
    };
    Ref: Func, func => Self::Func(Some(func));
    Ref: Option<Func>, func => Self::Func(func);
    Ref: Rooted<ExternRef>, value => Self::Extern(Some(value));
    Ref: Option<Rooted<ExternRef>>, value => Self::Extern(value);
    Ref: Rooted<AnyRef>, value => Self::Any(Some(value));
    Ref: Option<Rooted<AnyRef>>, value => Self::Any(value);
    Ref: Rooted<ExnRef>, value => Self::Exn(Some(value));
    Ref: Option<Rooted<ExnRef>>, value => Self::Exn(value);
    Ref: Rooted<EqRef>, value => Self::Any(Some(value.into()));
    Ref: Option<Rooted<EqRef>>, value => Self::Any(value.map(Into::into));
    Ref: Rooted<StructRef>, value => Self::Any(Some(value.into()));
    Ref: Option<Rooted<StructRef>>, value => Self::Any(value.map(Into::into));
    Ref: Rooted<ArrayRef>, value => Self::Any(Some(value.into()));
    Ref: Option<Rooted<ArrayRef>>, value => Self::Any(value.map(Into::into));
}

/// A reference, null included.
///
/// ```
/// # use wasmetal::{Config, Engine};
/// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
/// use wasmetal::{Func, Ref, RefType, Store, Table, TableType};
///
/// let mut store = Store::new(&engine, ());
/// let table = Table::new(&mut store, TableType::new(RefType::FUNCREF, 2, None), Ref::Func(None))?;
/// let func = Func::wrap(&mut store, || 5);
/// table.set(&mut store, 1, Ref::Func(Some(func)))?;
/// assert!(table.get(&mut store, 0).unwrap().is_null());
/// let five = *table.get(&mut store, 1).unwrap().unwrap_func().unwrap();
/// assert_eq!(five.typed::<(), i32>(&store)?.call(&mut store, ())?, 5);
/// # wasmetal::error::Ok(())
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Ref {
    /// A reference to a function.
    Func(Option<Func>),
    /// A reference to a host value.
    Extern(Option<Rooted<ExternRef>>),
    /// A reference to anything internal.
    Any(Option<Rooted<AnyRef>>),
    /// A reference to an exception.
    Exn(Option<Rooted<ExnRef>>),
}

impl Ref {
    accessors! {
        as_func unwrap_func: Func(func) -> Option<&Func>, func.as_ref(), "a function reference";
        as_extern unwrap_extern:
            Extern(value) -> Option<&Rooted<ExternRef>>, value.as_ref(), "an external reference";
        as_any unwrap_any:
            Any(value) -> Option<&Rooted<AnyRef>>, value.as_ref(), "an internal reference";
        as_exn unwrap_exn:
            Exn(value) -> Option<&Rooted<ExnRef>>, value.as_ref(), "an exception reference";
    }

    /// The null reference of a heap type.
    #[must_use]
    pub fn null(heap_type: &HeapType) -> Self {
        match heap_type.top() {
            HeapType::Func => Self::Func(None),
            HeapType::Extern => Self::Extern(None),
            HeapType::Exn => Self::Exn(None),
            _ => Self::Any(None),
        }
    }

    /// Whether it is null.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(
            self,
            Self::Func(None) | Self::Extern(None) | Self::Any(None) | Self::Exn(None)
        )
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

    /// Whether it is an internal reference, or null of that kind.
    #[must_use]
    pub fn is_any(&self) -> bool {
        matches!(self, Self::Any(_))
    }

    /// Whether it is a reference to an exception, or null of that kind.
    #[must_use]
    pub fn is_exn(&self) -> bool {
        matches!(self, Self::Exn(_))
    }

    /// The reference's type, as exact as can be.
    ///
    /// # Errors
    /// Its scope has been left.
    ///
    /// # Panics
    /// If the reference is of another store.
    pub fn ty(&self, store: impl AsContext) -> Result<RefType> {
        let store = &store.as_context().0.opaque;
        self.assert_store(store);
        self.type_in(store)
    }

    fn type_in(&self, store: &StoreOpaque) -> Result<RefType> {
        let ty = self.canonical_type(store)?;
        Ok(RefType::from_canonical(&store.engine, ty))
    }

    /// The type with engine-wide ids; what has the type keeps the ids.
    fn canonical_type(&self, store: &StoreOpaque) -> Result<ReferenceType> {
        let heap = match self {
            Self::Func(None) => module::HeapType::NoFunc,
            Self::Func(Some(func)) => {
                module::HeapType::ConcreteFunc(func.type_id(store).as_canonical_index())
            }
            Self::Extern(None) => module::HeapType::NoExtern,
            Self::Extern(Some(value)) => value.raw(store).map(|_| module::HeapType::Extern)?,
            Self::Any(None) => module::HeapType::None,
            Self::Any(Some(value)) => internal_type(store, value.raw(store)?)?,
            Self::Exn(None) => module::HeapType::NoExn,
            Self::Exn(Some(value)) => value.raw(store).map(|_| module::HeapType::Exn)?,
        };
        let nullable = self.is_null();
        Ok(ReferenceType { nullable, heap })
    }

    /// Whether the reference is of type `ty`.
    ///
    /// # Errors
    /// Its scope has been left.
    ///
    /// # Panics
    /// If the reference is of another store, or the type of another engine.
    pub fn matches_ty(&self, store: impl AsContext, ty: &RefType) -> Result<bool> {
        let store = &store.as_context().0.opaque;
        self.assert_store(store);
        ty.assert_engine(&store.engine);
        self.matches(store, ty)
    }

    fn matches(&self, store: &StoreOpaque, ty: &RefType) -> Result<bool> {
        let is_subtype = |sub, sup| (store.engine.types()).is_canonical_subtype(sub, sup);
        let ty = ty.to_canonical();
        Ok(self.canonical_type(store)?.is_subtype(ty, is_subtype))
    }

    /// Checks that the reference is of type `ty` and may be used with the store.
    pub(crate) fn ensure_matches(&self, store: &StoreOpaque, ty: &RefType) -> Result<()> {
        self.ensure_store(store)?;
        ty.ensure_engine(&store.engine)?;
        if !self.matches(store, ty)? {
            bail!(
                "type mismatch: expected {ty}, found {}",
                self.type_in(store)?
            );
        }
        Ok(())
    }

    /// The reference as it lies in a table.
    ///
    /// # Errors
    /// Its scope has been left.
    pub(crate) fn to_element(self, store: &StoreOpaque) -> Result<Element> {
        Ok(match self {
            Self::Func(func) => {
                func.map_or(0, |func| func.func_ref.as_ptr().expose_provenance() as u64)
            }
            Self::Extern(value) => raw(store, value)?.into(),
            Self::Any(value) => raw(store, value)?.into(),
            Self::Exn(value) => raw(store, value)?.into(),
        })
    }

    /// An element of a table of the store.
    ///
    /// # Safety
    /// The element is a reference of this type, and belongs to the store.
    pub(crate) unsafe fn from_element(
        store: &mut StoreOpaque,
        element: Element,
        heap: module::HeapType,
    ) -> Self {
        if !heap.is_func() {
            return Self::from_reference(store, element as u32, heap);
        }
        let func_ref = ptr::with_exposed_provenance_mut::<VMFuncRef>(element as usize);
        let func_ref = NonNull::new(func_ref);
        let store = store.id;
        Self::Func(func_ref.map(|func_ref| Func { store, func_ref }))
    }

    /// A reference of this type, which is no function's.
    fn from_reference(store: &mut StoreOpaque, reference: u32, heap: module::HeapType) -> Self {
        match heap.top() {
            module::HeapType::Extern => Self::Extern(Rooted::or_null(store, reference)),
            module::HeapType::Exn => Self::Exn(Rooted::or_null(store, reference)),
            _ => Self::Any(Rooted::or_null(store, reference)),
        }
    }
}

/// The reference as Wasm code has it.
fn raw<T: GcRef>(store: &StoreOpaque, value: Option<Rooted<T>>) -> Result<u32> {
    value.map_or(Ok(0), |value| value.raw(store))
}
