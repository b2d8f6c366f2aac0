//! Function types.

use super::ValType;
use super::registered::{Finality, Registered, registered};
use crate::module::{CompositeType, FunctionType};
use crate::{AsContextMut, Engine, Func, Result, Val};
use alloc::vec::Vec;
use core::fmt;

/// The type of a function: its parameters and results.
///
/// A clone is cheap. Equal types of one engine are told by one compare.
///
/// ```
/// # use wasmetal::{Config, Engine};
/// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
/// use wasmetal::{FuncType, ValType};
///
/// let ty = FuncType::new(&engine, [ValType::I32, ValType::F64], [ValType::I64]);
/// assert_eq!(ty.to_string(), "(func (param i32 f64) (result i64))");
/// assert_eq!(ty, FuncType::new(&engine, ty.params(), ty.results()));
/// # wasmetal::error::Ok(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct FuncType(Registered);

registered!(FuncType, "each function");

impl FuncType {
    /// The type of functions that take `params` and return `results`: final, without a supertype.
    ///
    /// # Panics
    /// If one of the types is of another engine.
    #[must_use]
    pub fn new(
        engine: &Engine,
        params: impl IntoIterator<Item = ValType>,
        results: impl IntoIterator<Item = ValType>,
    ) -> Self {
        Self::with_finality_and_supertype(engine, Finality::Final, None, params, results)
            .expect("a type without a supertype is always valid")
    }

    /// As [`new`](Self::new), with subtyping.
    ///
    /// # Errors
    /// The supertype is final, or the type does not match it: its parameters must be as wide as the
    /// supertype's or wider, its results as narrow or narrower.
    ///
    /// # Panics
    /// If one of the types is of another engine.
    pub fn with_finality_and_supertype(
        engine: &Engine,
        finality: Finality,
        supertype: Option<&Self>,
        params: impl IntoIterator<Item = ValType>,
        results: impl IntoIterator<Item = ValType>,
    ) -> Result<Self> {
        // They hold the types that the new type refers to until it is registered.
        let params: Vec<ValType> = params.into_iter().collect();
        let results: Vec<ValType> = results.into_iter().collect();
        assert!(
            params
                .iter()
                .chain(&results)
                .all(|ty| ty.is_of_engine(engine)),
            "a value type of a function type is of another engine"
        );
        let ty = CompositeType::Func(FunctionType {
            params: params.iter().map(ValType::to_canonical).collect(),
            results: results.iter().map(ValType::to_canonical).collect(),
        });
        let supertype = supertype.map(|ty| &ty.0);
        Registered::new(engine, finality, supertype, ty).map(Self)
    }

    /// The type in canonical form.
    pub(crate) fn canonical(&self) -> &FunctionType {
        let ty = self.0.canonical().composite.as_func();
        ty.expect("it was made of a function type")
    }

    /// The type of parameter `i`, counted from 0.
    #[must_use]
    pub fn param(&self, i: usize) -> Option<ValType> {
        let ty = self.canonical().params.get(i)?;
        Some(ValType::from_canonical(self.engine(), *ty))
    }

    /// The types of the parameters.
    #[must_use]
    pub fn params(&self) -> impl ExactSizeIterator<Item = ValType> + '_ {
        let types = self.canonical().params.iter();
        types.map(|ty| ValType::from_canonical(self.engine(), *ty))
    }

    /// The type of result `i`, counted from 0.
    #[must_use]
    pub fn result(&self, i: usize) -> Option<ValType> {
        let ty = self.canonical().results.get(i)?;
        Some(ValType::from_canonical(self.engine(), *ty))
    }

    /// The types of the results.
    #[must_use]
    pub fn results(&self) -> impl ExactSizeIterator<Item = ValType> + '_ {
        let types = self.canonical().results.iter();
        types.map(|ty| ValType::from_canonical(self.engine(), *ty))
    }

    /// A new function of this type that ignores its arguments and returns zeros and nulls.
    ///
    /// # Errors
    /// A result is a reference that can't be null, or the store is of another engine.
    pub fn default_value(&self, store: impl AsContextMut) -> Result<Func> {
        let store = store;
        anyhow::ensure!(
            Engine::same(store.as_context().engine(), self.engine()),
            "the function type is of another engine than the store"
        );
        let values: Vec<Val> = self
            .results()
            .map(|ty| {
                ty.default_value()
                    .ok_or_else(|| anyhow::format_err!("result type {ty} has no default value"))
            })
            .collect::<Result<_>>()?;
        Ok(Func::new(store, self.clone(), move |_, _, results| {
            results.clone_from_slice(&values);
            Ok(())
        }))
    }
}

/// As in the text format: `(func (param i32) (result i64))`.
impl fmt::Display for FuncType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(func")?;
        if self.params().len() > 0 {
            f.write_str(" (param")?;
            self.params().try_for_each(|ty| write!(f, " {ty}"))?;
            f.write_str(")")?;
        }
        if self.results().len() > 0 {
            f.write_str(" (result")?;
            self.results().try_for_each(|ty| write!(f, " {ty}"))?;
            f.write_str(")")?;
        }
        f.write_str(")")
    }
}
