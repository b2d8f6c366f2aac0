//! Function types.

use super::ValType;
use super::registered::{Finality, Registered, registered};
use crate::module::{CompositeType, FunctionType};
use crate::oom::{self, Watch};
use crate::owner::OfEngine as _;
use crate::{Engine, Result};
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
        oom::infallible(Self::watched(engine, params, results, Watch::OFF))
    }

    /// As [`new`](Self::new), where memory may be exhausted.
    ///
    /// # Errors
    /// Memory is exhausted.
    ///
    /// # Panics
    /// As for [`new`](Self::new).
    pub fn try_new(
        engine: &Engine,
        params: impl IntoIterator<Item = ValType>,
        results: impl IntoIterator<Item = ValType>,
    ) -> Result<Self> {
        Self::watched(engine, params, results, Watch::start()?)
    }

    pub(crate) fn watched(
        engine: &Engine,
        params: impl IntoIterator<Item = ValType>,
        results: impl IntoIterator<Item = ValType>,
        watch: Watch,
    ) -> Result<Self> {
        Self::build(engine, watch, Finality::Final, None, params, results)
    }

    /// As [`new`](Self::new), with subtyping.
    ///
    /// # Errors
    /// The supertype is final, or the type does not match it: its parameters must be as wide as the
    /// supertype's or wider, its results as narrow or narrower. Or memory is exhausted.
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
        let watch = Watch::start()?;
        Self::build(engine, watch, finality, supertype, params, results)
    }

    fn build(
        engine: &Engine,
        watch: Watch,
        finality: Finality,
        supertype: Option<&Self>,
        params: impl IntoIterator<Item = ValType>,
        results: impl IntoIterator<Item = ValType>,
    ) -> Result<Self> {
        // They hold the types that the new type refers to until it is registered.
        let params = oom::collect(params.into_iter())?;
        let results = oom::collect(results.into_iter())?;
        let types = params.iter().chain(&results);
        types.for_each(|ty| ty.assert_engine(engine));
        let ty = CompositeType::Func(FunctionType {
            params: oom::boxed(params.iter().map(ValType::to_canonical))?,
            results: oom::boxed(results.iter().map(ValType::to_canonical))?,
        });
        let supertype = supertype.map(|ty| &ty.0);
        Registered::new(engine, watch, finality, supertype, ty).map(Self)
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
