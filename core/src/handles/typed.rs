//! Typed calls: Rust types for Wasm's, and functions whose types were checked once.

use crate::activation::ValRaw;
use crate::call::entry;
use crate::error::Context as _;
use crate::error::bounded::bail;
use crate::oom::Watch;
use crate::store::OfStore as _;
use crate::store::StoreOpaque;
use crate::types::{FuncType, ValType};
use crate::{
    AnyRef, ArrayRef, AsContext, AsContextMut, EqRef, ExnRef, ExternRef, Func, HeapType, I31,
    NoExtern, NoFunc, NoneRef, OwnedRooted, RefType, Result, Rooted, StructRef, V128, Val,
};
use alloc::format;
use core::fmt;
use core::marker::PhantomData;
use core::mem::MaybeUninit;
use core::ptr;

/// A function whose type is known to the Rust compiler: `Params` in, `Results` out.
///
/// Made by [`Func::typed`] or [`Instance::get_typed_func`](crate::Instance::get_typed_func), which check
/// the type once. A call is much faster than [`Func::call`]: it allocates nothing.
///
/// ```
/// # use wasmetal::{Config, Engine, Instance, Module, Store};
/// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
/// use wasmetal::{Trap, TypedFunc};
///
/// let module = Module::new(&engine, r#"
///     (func (export "divide") (param i32 i32) (result i32 i32)
///         (i32.div_s (local.get 0) (local.get 1))
///         (i32.rem_s (local.get 0) (local.get 1)))
/// "#)?;
/// let mut store = Store::new(&engine, ());
/// let instance = Instance::new(&mut store, &module, &[])?;
/// let divide: TypedFunc<(i32, i32), (i32, i32)> =
///     instance.get_typed_func(&mut store, "divide")?;
/// assert_eq!(divide.call(&mut store, (7, 2))?, (3, 1));
///
/// let error = divide.call(&mut store, (7, 0)).unwrap_err();
/// assert_eq!(error.downcast_ref::<Trap>(), Some(&Trap::IntegerDivisionByZero));
/// # wasmetal::error::Ok(())
/// ```
pub struct TypedFunc<Params, Results> {
    func: Func,
    /// A parameter is of a concrete type that not all values of the Rust type have: each call looks.
    pub(super) concrete: bool,
    _type: PhantomData<fn(Params) -> Results>,
}

impl<Params, Results> Clone for TypedFunc<Params, Results> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<Params, Results> Copy for TypedFunc<Params, Results> {}

impl<Params, Results> fmt::Debug for TypedFunc<Params, Results> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TypedFunc").field(&self.func).finish()
    }
}

/// What the slots hold before and after a call.
pub(super) union Slots<P: Copy, R: Copy> {
    pub(super) params: MaybeUninit<P>,
    pub(super) results: R,
}

impl<Params: WasmParams, Results: WasmResults> TypedFunc<Params, Results> {
    /// A typed function without a check of its type.
    ///
    /// # Safety
    /// [`Func::typed`] with the same types would succeed.
    ///
    /// # Panics
    /// If the function is of another store, and a parameter is a reference.
    #[must_use]
    pub unsafe fn new_unchecked(store: impl AsContext, func: Func) -> Self {
        let concrete = Params::HAS_REFERENCES && has_concrete::<Params>(&func.ty(store));
        Self {
            func,
            concrete,
            _type: PhantomData,
        }
    }

    /// The function without its Rust type.
    #[must_use]
    pub fn func(&self) -> &Func {
        &self.func
    }

    /// Calls the function.
    ///
    /// # Errors
    /// - It ended with a [`Trap`](crate::Trap), found by `error.downcast_ref::<Trap>()`, or with the
    ///   error of a host function. Either comes with a [`WasmBacktrace`](crate::WasmBacktrace).
    /// - The function, or a reference among `params`, is of another store.
    /// - A reference among `params` is not of the concrete type that the function takes.
    /// - The Wasm stack can't be allocated (first call of a store).
    ///
    /// # Panics
    /// With the panic of a host function that was called (feature `std`).
    #[inline]
    pub fn call(&self, mut store: impl AsContextMut, params: Params) -> Result<Results> {
        let mut store = store.as_context_mut().raw;
        let func = self.func.in_store(&store)?;
        let mut slots = Slots::<Params::Slots, Results::Slots> {
            params: MaybeUninit::uninit(),
        };
        // SAFETY: `MaybeUninit` is a valid reading of any bytes.
        params.store(&mut store, unsafe { &mut slots.params })?;
        if Params::HAS_REFERENCES && self.concrete {
            // SAFETY: the slots were just filled, with values of this store.
            unsafe { check_concrete(&mut store, self.func, (&raw const slots).cast()) }?;
        }
        // SAFETY: the function is this store's. The type was checked when `self` was made, so the slots
        // hold parameters of its types, of this store, and have room for the results.
        unsafe { entry::invoke(store.reborrow(), func, (&raw mut slots).cast::<ValRaw>()) }?;
        // SAFETY: the call succeeded, so the slots hold results of the function's types.
        Ok(unsafe { Results::load(&mut store, &slots.results) })
    }
}

impl Func {
    /// The function with a type that the Rust compiler knows.
    ///
    /// `Params` and `Results` are a single type or a tuple of any number up to 16 of them:
    ///
    /// | Wasm | Rust |
    /// |---|---|
    /// | `i32` | `i32`, `u32` |
    /// | `i64` | `i64`, `u64` |
    /// | `f32` | `f32` |
    /// | `f64` | `f64` |
    /// | `v128` | [`V128`] |
    /// | `funcref` | `Option<Func>` |
    /// | `externref`, `anyref`, `eqref` | `Option<Rooted<ExternRef>>`, `...<AnyRef>>`, `...<EqRef>>` |
    /// | `structref`, `arrayref`, `exnref` | `Option<Rooted<StructRef>>`, `...<ArrayRef>>`, `...<ExnRef>>` |
    /// | `i31ref` | `Option<I31>` |
    /// | `nullfuncref`, `nullexternref`, `nullref` | `Option<NoFunc>`, `Option<NoExtern>`, `Option<NoneRef>` |
    ///
    /// Each reference may also be an [`OwnedRooted`]; one that is never null is without the `Option`.
    ///
    /// No Rust type stands for a concrete type of a module (`(ref $t)`). A parameter of such a type is given as what is
    /// above it, a [`Func`] or `Rooted<AnyRef>` say, and each call checks the value: a call with one that is not of the
    /// type is an error. A result is taken as what is above it.
    ///
    /// ```
    /// # use wasmetal::{Config, Engine, Instance, Module, Store};
    /// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
    /// use wasmetal::Func;
    ///
    /// let module = Module::new(&engine, r#"
    ///     (type $unary (func (param i32) (result i32)))
    ///     (func (export "apply") (param (ref $unary) i32) (result i32)
    ///         (call_ref $unary (local.get 1) (local.get 0)))
    /// "#)?;
    /// let mut store = Store::new(&engine, ());
    /// let instance = Instance::new(&mut store, &module, &[])?;
    /// let apply = instance.get_typed_func::<(Func, i32), i32>(&mut store, "apply")?;
    /// let double = Func::wrap(&mut store, |x: i32| x * 2);
    /// assert_eq!(apply.call(&mut store, (double, 21))?, 42);
    /// let other = Func::wrap(&mut store, || ());
    /// assert!(apply.call(&mut store, (other, 21)).is_err());
    /// # wasmetal::error::Ok(())
    /// ```
    ///
    /// # Errors
    /// The function has another type; the error says what differs.
    ///
    /// # Panics
    /// If the function is of another store.
    pub fn typed<Params: WasmParams, Results: WasmResults>(
        &self,
        store: impl AsContext,
    ) -> Result<TypedFunc<Params, Results>> {
        let ty = self.ty(store);
        check_types(&mut ty.params(), &mut Params::types(), |actual, ours| {
            ours.matches(actual) || may_match(actual, ours)
        })
        .context("type mismatch with parameters")?;
        check_types(&mut ty.results(), &mut Results::types(), |actual, ours| {
            actual.matches(ours)
        })
        .context("type mismatch with results")?;
        Ok(TypedFunc {
            func: *self,
            concrete: Params::HAS_REFERENCES && has_concrete::<Params>(&ty),
            _type: PhantomData,
        })
    }
}

/// Whether a value of the type `ours` may be one of the concrete type `actual`, though not all are.
fn may_match(actual: &ValType, ours: &ValType) -> bool {
    match (actual, ours) {
        (ValType::Ref(actual), ValType::Ref(ours)) => {
            let (actual, ours) = (actual.heap_type(), ours.heap_type());
            actual.is_concrete() && ours.top().matches(&actual.top())
        }
        _ => false,
    }
}

/// Whether each call has to look at what it is given. `Params` fit the function's type, if a call finds nothing.
fn has_concrete<Params: WasmParams>(ty: &FuncType) -> bool {
    ty.params()
        .zip(Params::types())
        .any(|(actual, ours)| !ours.matches(&actual))
}

/// Checks the references for which the function has concrete types.
///
/// # Errors
/// One is not of its type.
///
/// # Safety
/// `values` holds values for all parameters, of the store, which are of their types but for these references, whose
/// types have the same one above them.
#[cold]
pub(super) unsafe fn check_concrete(
    store: &mut StoreOpaque,
    func: Func,
    values: *const ValRaw,
) -> Result<()> {
    let ty = func.type_in(store);
    let scope = store.roots.enter();
    let all = ty.params().zip(&ty.canonical().params).enumerate();
    let mut result = Ok(());
    for (i, (ty, canonical)) in all {
        if !ty.as_ref().is_some_and(|ty| ty.heap_type().is_concrete()) {
            continue;
        }
        // SAFETY: the caller's promise; only what is above the type is relied on.
        let value = unsafe { Val::from_slot(store, &*values.add(i), *canonical) };
        result = value
            .ensure_matches(store, &ty)
            .with_context(|| format!("argument type mismatch: argument {i}"));
        if result.is_err() {
            break;
        }
    }
    store.roots.leave(scope);
    result
}

/// Compiled once, whatever the types.
fn check_types(
    actual: &mut dyn ExactSizeIterator<Item = ValType>,
    ours: &mut dyn ExactSizeIterator<Item = ValType>,
    fits: fn(&ValType, &ValType) -> bool,
) -> Result<()> {
    if actual.len() != ours.len() {
        bail!("expected {} types, found {}", ours.len(), actual.len());
    }
    for (i, (actual, ours)) in actual.zip(ours).enumerate() {
        if !fits(&actual, &ours) {
            bail!("type {i} is {actual}, expected {ours}");
        }
    }
    Ok(())
}

/// A Rust type that stands for a Wasm value type. See [`Func::typed`].
///
/// Not to be implemented elsewhere: its methods change without notice.
///
/// # Safety
/// What `into_slot` makes is a value of the type `valtype`, of the given store.
pub unsafe trait WasmTy: Send + Sized {
    /// Whether it is a reference.
    #[doc(hidden)]
    const IS_REFERENCE: bool = true;

    /// The Wasm type.
    #[doc(hidden)]
    fn valtype() -> ValType;

    /// Puts the value into a slot, of which only as many bytes are written as the value has. Fails if
    /// it is of another store.
    #[doc(hidden)]
    fn into_slot(self, store: &mut StoreOpaque, slot: &mut MaybeUninit<ValRaw>) -> Result<()>;

    /// The value in a slot.
    ///
    /// # Safety
    /// The slot holds a value of this type, of this store.
    #[doc(hidden)]
    unsafe fn from_slot(store: &mut StoreOpaque, slot: &ValRaw) -> Self;
}

/// Writes a value to the start of a slot.
#[inline(always)]
fn put<T: Copy>(slot: &mut MaybeUninit<ValRaw>, value: T) {
    const {
        assert!(size_of::<T>() <= size_of::<ValRaw>() && align_of::<T>() <= align_of::<ValRaw>());
    }
    // SAFETY: the slot is large enough and aligned.
    unsafe { slot.as_mut_ptr().cast::<T>().write(value) };
}

macro_rules! number {
    ($($ty:ident $valtype:ident $from:expr;)*) => {$(
        // SAFETY: a number of the right size; numbers belong to no store.
        unsafe impl WasmTy for $ty {
            const IS_REFERENCE: bool = false;

            #[inline]
            fn valtype() -> ValType {
                ValType::$valtype
            }

            #[inline]
            fn into_slot(
                self,
                _: &mut StoreOpaque,
                slot: &mut MaybeUninit<ValRaw>,
            ) -> Result<()> {
                put(slot, self);
                Ok(())
            }

            #[inline]
            unsafe fn from_slot(_: &mut StoreOpaque, slot: &ValRaw) -> Self {
                let from: fn(&ValRaw) -> $ty = $from;
                from(slot)
            }
        }
    )*};
}

number! {
    i32 I32 ValRaw::get_i32;
    u32 I32 |slot| slot.get_i32() as u32;
    i64 I64 ValRaw::get_i64;
    u64 I64 |slot| slot.get_i64() as u64;
    f32 F32 |slot| f32::from_bits(slot.get_f32());
    f64 F64 |slot| f64::from_bits(slot.get_f64());
    V128 V128 |slot| V128::from(slot.get_v128());
}

// SAFETY: a function reference, checked to be of the store.
unsafe impl WasmTy for Option<Func> {
    #[inline]
    fn valtype() -> ValType {
        ValType::FUNCREF
    }

    #[inline]
    fn into_slot(self, store: &mut StoreOpaque, slot: &mut MaybeUninit<ValRaw>) -> Result<()> {
        let pointer = match self {
            Some(func) => func.in_store(store)?.as_ptr(),
            None => ptr::null_mut(),
        };
        put(slot, pointer);
        Ok(())
    }

    #[inline]
    unsafe fn from_slot(store: &mut StoreOpaque, slot: &ValRaw) -> Self {
        // SAFETY: the caller promises a function reference of this store.
        unsafe { Func::from_pointer(store, slot.get_funcref().cast()) }
    }
}

// SAFETY: a function reference, checked to be of the store.
unsafe impl WasmTy for Func {
    #[inline]
    fn valtype() -> ValType {
        ValType::Ref(crate::RefType::new(false, crate::HeapType::Func))
    }

    #[inline]
    fn into_slot(self, store: &mut StoreOpaque, slot: &mut MaybeUninit<ValRaw>) -> Result<()> {
        Some(self).into_slot(store, slot)
    }

    #[inline]
    unsafe fn from_slot(store: &mut StoreOpaque, slot: &ValRaw) -> Self {
        // SAFETY: the caller's contract is the same.
        unsafe { Option::<Self>::from_slot(store, slot) }.expect("the type has no null")
    }
}

/// References that are always null.
macro_rules! bottoms {
    ($($ty:ident: $heap:ident, $null:expr;)*) => {$(
        // SAFETY: null, which belongs to no store.
        unsafe impl WasmTy for Option<$ty> {
            #[inline]
            fn valtype() -> ValType {
                ValType::Ref(RefType::new(true, HeapType::$heap))
            }

            #[inline]
            fn into_slot(self, _: &mut StoreOpaque, slot: &mut MaybeUninit<ValRaw>) -> Result<()> {
                put(slot, $null);
                Ok(())
            }

            #[inline]
            unsafe fn from_slot(_: &mut StoreOpaque, _: &ValRaw) -> Self {
                None
            }
        }

        // SAFETY: there is no such value.
        unsafe impl WasmTy for $ty {
            #[inline]
            fn valtype() -> ValType {
                ValType::Ref(RefType::new(false, HeapType::$heap))
            }

            #[inline]
            fn into_slot(self, _: &mut StoreOpaque, _: &mut MaybeUninit<ValRaw>) -> Result<()> {
                match self.never {}
            }

            #[inline]
            unsafe fn from_slot(_: &mut StoreOpaque, _: &ValRaw) -> Self {
                unreachable!("the type has no values")
            }
        }
    )*};
}

bottoms! {
    NoFunc: NoFunc, ptr::null_mut::<u8>();
    NoExtern: NoExtern, 0u32;
    NoneRef: None, 0u32;
}

/// Rooted references: in a scope or owned, with null or without.
macro_rules! references {
    ($($ty:ident: $heap:ident;)*) => {$(
        references!(@rooted $ty, $heap, Rooted);
        references!(@rooted $ty, $heap, OwnedRooted);
    )*};
    (@rooted $ty:ident, $heap:ident, $rooted:ident) => {
        // SAFETY: a reference of this type, checked to be of the store.
        unsafe impl WasmTy for Option<$rooted<$ty>> {
            #[inline]
            fn valtype() -> ValType {
                ValType::Ref(RefType::new(true, HeapType::$heap))
            }

            #[inline]
            fn into_slot(
                self,
                store: &mut StoreOpaque,
                slot: &mut MaybeUninit<ValRaw>,
            ) -> Result<()> {
                let reference = match self {
                    Some(value) => {
                        value.ensure_store(store)?;
                        value.raw(store)?
                    }
                    None => 0,
                };
                put(slot, reference);
                Ok(())
            }

            #[inline]
            unsafe fn from_slot(store: &mut StoreOpaque, slot: &ValRaw) -> Self {
                $rooted::or_null(store, slot.get_i32() as u32)
            }
        }

        // SAFETY: a reference of this type, checked to be of the store.
        unsafe impl WasmTy for $rooted<$ty> {
            #[inline]
            fn valtype() -> ValType {
                ValType::Ref(RefType::new(false, HeapType::$heap))
            }

            #[inline]
            fn into_slot(
                self,
                store: &mut StoreOpaque,
                slot: &mut MaybeUninit<ValRaw>,
            ) -> Result<()> {
                Some(self).into_slot(store, slot)
            }

            #[inline]
            unsafe fn from_slot(store: &mut StoreOpaque, slot: &ValRaw) -> Self {
                $rooted::new(store, slot.get_i32() as u32)
            }
        }
    };
}

references! {
    ExternRef: Extern;
    AnyRef: Any;
    EqRef: Eq;
    StructRef: Struct;
    ArrayRef: Array;
    ExnRef: Exn;
}

// SAFETY: a number as a reference; such belong to no store.
unsafe impl WasmTy for Option<I31> {
    #[inline]
    fn valtype() -> ValType {
        ValType::I31REF
    }

    #[inline]
    fn into_slot(self, _: &mut StoreOpaque, slot: &mut MaybeUninit<ValRaw>) -> Result<()> {
        put(slot, self.map_or(0, I31::to_reference));
        Ok(())
    }

    #[inline]
    unsafe fn from_slot(_: &mut StoreOpaque, slot: &ValRaw) -> Self {
        I31::from_reference(slot.get_i32() as u32)
    }
}

// SAFETY: a number as a reference, which is never null; such belong to no store.
unsafe impl WasmTy for I31 {
    #[inline]
    fn valtype() -> ValType {
        ValType::Ref(RefType::new(false, HeapType::I31))
    }

    #[inline]
    fn into_slot(self, store: &mut StoreOpaque, slot: &mut MaybeUninit<ValRaw>) -> Result<()> {
        Some(self).into_slot(store, slot)
    }

    #[inline]
    unsafe fn from_slot(store: &mut StoreOpaque, slot: &ValRaw) -> Self {
        // SAFETY: the caller's contract is the same.
        unsafe { Option::<Self>::from_slot(store, slot) }.expect("the type has no null")
    }
}

/// Rust types that stand for parameters: one [`WasmTy`] or a tuple of them.
///
/// Not to be implemented elsewhere: its methods change without notice.
///
/// # Safety
/// `Slots` is an array of slots with one for each of `types`, and `store` fills all of it with values
/// of these types, of the given store.
pub unsafe trait WasmParams: Send {
    /// The slots of all values.
    #[doc(hidden)]
    type Slots: Copy;

    /// Whether one of the values is a reference.
    #[doc(hidden)]
    const HAS_REFERENCES: bool;

    /// The types of all values.
    #[doc(hidden)]
    fn types() -> impl ExactSizeIterator<Item = ValType>;

    /// Puts the values into slots. Fails if one is of another store.
    #[doc(hidden)]
    fn store(self, store: &mut StoreOpaque, slots: &mut MaybeUninit<Self::Slots>) -> Result<()>;
}

/// Rust types that stand for results: one [`WasmTy`] or a tuple of them.
///
/// Not to be implemented elsewhere: its methods change without notice.
///
/// # Safety
/// As for [`WasmParams`].
pub unsafe trait WasmResults: WasmParams {
    /// The values in slots.
    ///
    /// # Safety
    /// The slots hold values of these types, of this store.
    #[doc(hidden)]
    unsafe fn load(store: &mut StoreOpaque, slots: &Self::Slots) -> Self;
}

// SAFETY: as for the tuple of one.
unsafe impl<T: WasmTy> WasmParams for T {
    type Slots = <(T,) as WasmParams>::Slots;

    const HAS_REFERENCES: bool = T::IS_REFERENCE;

    fn types() -> impl ExactSizeIterator<Item = ValType> {
        <(T,)>::types()
    }

    #[inline]
    fn store(self, store: &mut StoreOpaque, slots: &mut MaybeUninit<Self::Slots>) -> Result<()> {
        (self,).store(store, slots)
    }
}

// SAFETY: as for the tuple of one.
unsafe impl<T: WasmTy> WasmResults for T {
    #[inline]
    unsafe fn load(store: &mut StoreOpaque, slots: &Self::Slots) -> Self {
        // SAFETY: the caller's contract is the same.
        unsafe { <(T,)>::load(store, slots) }.0
    }
}

macro_rules! tuple {
    ($count:literal $($ty:ident)*) => {
        // SAFETY: one slot for each type, filled by that type's own implementation.
        #[allow(non_snake_case, reason = "a variable is named as its type is")]
        unsafe impl<$($ty: WasmTy,)*> WasmParams for ($($ty,)*) {
            type Slots = [ValRaw; $count];

            const HAS_REFERENCES: bool = false $(|| $ty::IS_REFERENCE)*;

            fn types() -> impl ExactSizeIterator<Item = ValType> {
                let types: [ValType; $count] = [$($ty::valtype(),)*];
                types.into_iter()
            }

            #[inline]
            #[allow(unused_variables, unused_mut, unused_assignments, reason = "for the empty tuple")]
            fn store(
                self,
                store: &mut StoreOpaque,
                slots: &mut MaybeUninit<Self::Slots>,
            ) -> Result<()> {
                let ($($ty,)*) = self;
                let mut slot = slots.as_mut_ptr().cast::<MaybeUninit<ValRaw>>();
                $(
                    // SAFETY: there is a slot for each value.
                    $ty.into_slot(store, unsafe { &mut *slot })?;
                    slot = slot.wrapping_add(1);
                )*
                Ok(())
            }
        }

        // SAFETY: one slot for each type, read by that type's own implementation.
        #[allow(non_snake_case, reason = "a variable is named as its type is")]
        unsafe impl<$($ty: WasmTy,)*> WasmResults for ($($ty,)*) {
            #[inline]
            #[allow(unused_variables, clippy::unused_unit, reason = "for the empty tuple")]
            unsafe fn load(store: &mut StoreOpaque, slots: &Self::Slots) -> Self {
                let [$($ty,)*] = slots;
                // SAFETY: the caller promises values of these types, of this store.
                ($(unsafe { $ty::from_slot(store, $ty) },)*)
            }
        }
    };
}

/// Calls `$with!` with the length and the names of each list of types up to 16.
macro_rules! for_each_type_list {
    ($with:ident) => {
        $with!(0);
        $with!(1 A1);
        $with!(2 A1 A2);
        $with!(3 A1 A2 A3);
        $with!(4 A1 A2 A3 A4);
        $with!(5 A1 A2 A3 A4 A5);
        $with!(6 A1 A2 A3 A4 A5 A6);
        $with!(7 A1 A2 A3 A4 A5 A6 A7);
        $with!(8 A1 A2 A3 A4 A5 A6 A7 A8);
        $with!(9 A1 A2 A3 A4 A5 A6 A7 A8 A9);
        $with!(10 A1 A2 A3 A4 A5 A6 A7 A8 A9 A10);
        $with!(11 A1 A2 A3 A4 A5 A6 A7 A8 A9 A10 A11);
        $with!(12 A1 A2 A3 A4 A5 A6 A7 A8 A9 A10 A11 A12);
        $with!(13 A1 A2 A3 A4 A5 A6 A7 A8 A9 A10 A11 A12 A13);
        $with!(14 A1 A2 A3 A4 A5 A6 A7 A8 A9 A10 A11 A12 A13 A14);
        $with!(15 A1 A2 A3 A4 A5 A6 A7 A8 A9 A10 A11 A12 A13 A14 A15);
        $with!(16 A1 A2 A3 A4 A5 A6 A7 A8 A9 A10 A11 A12 A13 A14 A15 A16);
    };
}
pub(super) use for_each_type_list;

for_each_type_list!(tuple);

/// What a host function may return: nothing, a [`WasmTy`], a tuple of them, or a
/// [`Result`] of one of these.
///
/// Not to be implemented elsewhere: its methods change without notice.
///
/// # Safety
/// The same as for [`WasmParams`], of the values when there is no error.
pub unsafe trait WasmRet {
    /// The values without the error.
    #[doc(hidden)]
    type Values: WasmResults;

    /// Separates values from error.
    #[doc(hidden)]
    fn into_result(self) -> Result<Self::Values>;
}

// SAFETY: the values themselves.
unsafe impl<T: WasmResults> WasmRet for T {
    type Values = T;

    #[inline]
    fn into_result(self) -> Result<T> {
        Ok(self)
    }
}

// SAFETY: the values themselves.
unsafe impl<T: WasmResults> WasmRet for Result<T> {
    type Values = T;

    #[inline]
    fn into_result(self) -> Result<T> {
        self
    }
}

/// The type of functions with these Rust types.
pub(crate) fn func_type<Params: WasmParams, Results: WasmResults>(
    engine: &crate::Engine,
    watch: Watch,
) -> Result<FuncType> {
    FuncType::watched(engine, Params::types(), Results::types(), watch)
}
