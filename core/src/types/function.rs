//! Function types.

use super::ValType;
use super::registry::TypeId;
use crate::module::FunctionType;
use crate::{AsContextMut, Engine, Func, Result, Val};
use alloc::{sync::Arc, vec::Vec};
use core::fmt;
use core::hash::{Hash, Hasher};

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
#[derive(Clone)]
pub struct FuncType(Arc<Registered>);

/// A type in an engine's registry; holds its id.
struct Registered {
    engine: Engine,
    id: TypeId,
    ty: Arc<FunctionType>,
}

impl Drop for Registered {
    fn drop(&mut self) {
        self.engine.types().release(self.id);
    }
}

impl FuncType {
    /// The type of functions that take `params` and return `results`.
    ///
    /// # Panics
    /// If one of the types is of another engine.
    #[must_use]
    pub fn new(
        engine: &Engine,
        params: impl IntoIterator<Item = ValType>,
        results: impl IntoIterator<Item = ValType>,
    ) -> Self {
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
        Self::from_canonical(
            engine,
            FunctionType {
                params: params.iter().map(ValType::to_canonical).collect(),
                results: results.iter().map(ValType::to_canonical).collect(),
            },
        )
    }

    /// The type of a canonical type whose references somebody holds.
    pub(crate) fn from_canonical(engine: &Engine, ty: FunctionType) -> Self {
        let (id, ty) = engine.types().register(ty);
        Self(Arc::new(Registered {
            engine: engine.clone(),
            id,
            ty,
        }))
    }

    /// The type behind an id that somebody holds.
    pub(crate) fn from_id(engine: &Engine, id: TypeId) -> Self {
        Self(Arc::new(Registered {
            engine: engine.clone(),
            ty: engine.types().hold(id),
            id,
        }))
    }

    /// The engine-wide id, held as long as this lives.
    pub(crate) fn id(&self) -> TypeId {
        self.0.id
    }

    /// The type in canonical form.
    pub(crate) fn canonical(&self) -> &Arc<FunctionType> {
        &self.0.ty
    }

    /// The engine the type belongs to.
    #[must_use]
    pub fn engine(&self) -> &Engine {
        &self.0.engine
    }

    /// The type of parameter `i`, counted from 0.
    #[must_use]
    pub fn param(&self, i: usize) -> Option<ValType> {
        let ty = self.0.ty.params.get(i)?;
        Some(ValType::from_canonical(self.engine(), *ty))
    }

    /// The types of the parameters.
    #[must_use]
    pub fn params(&self) -> impl ExactSizeIterator<Item = ValType> + '_ {
        let types = self.0.ty.params.iter();
        types.map(|ty| ValType::from_canonical(self.engine(), *ty))
    }

    /// The type of result `i`, counted from 0.
    #[must_use]
    pub fn result(&self, i: usize) -> Option<ValType> {
        let ty = self.0.ty.results.get(i)?;
        Some(ValType::from_canonical(self.engine(), *ty))
    }

    /// The types of the results.
    #[must_use]
    pub fn results(&self) -> impl ExactSizeIterator<Item = ValType> + '_ {
        let types = self.0.ty.results.iter();
        types.map(|ty| ValType::from_canonical(self.engine(), *ty))
    }

    /// Whether a function of this type can be used as one of `other`.
    ///
    /// # Panics
    /// If the types are of different engines.
    #[must_use]
    pub fn matches(&self, other: &Self) -> bool {
        assert!(
            Engine::same(self.engine(), other.engine()),
            "function types of different engines can't be compared"
        );
        self.id() == other.id()
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

impl PartialEq for FuncType {
    fn eq(&self, other: &Self) -> bool {
        Engine::same(self.engine(), other.engine()) && self.id() == other.id()
    }
}

impl Eq for FuncType {}

impl Hash for FuncType {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.id().hash(state);
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

impl fmt::Debug for FuncType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
