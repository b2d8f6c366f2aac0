//! A type in an engine's registry, held.

use crate::abi::TypeId;
use crate::module::{CompositeType, SubType};
use crate::oom::Watch;
use crate::owner::OfEngine;
use crate::{Engine, Result};
use alloc::{sync::Arc, vec};
use core::hash::{Hash, Hasher};

/// Whether a type may have subtypes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Finality {
    /// It has none.
    Final,
    /// It may have some.
    NonFinal,
}

impl Finality {
    /// Whether this is [`Finality::Final`].
    #[must_use]
    pub fn is_final(&self) -> bool {
        *self == Self::Final
    }

    /// Whether this is [`Finality::NonFinal`].
    #[must_use]
    pub fn is_non_final(&self) -> bool {
        *self == Self::NonFinal
    }
}

/// A type in an engine's registry; holds its id. A clone is cheap.
#[derive(Clone)]
pub(crate) struct Registered(Arc<Inner>);

struct Inner {
    engine: Engine,
    id: TypeId,
    ty: Arc<SubType>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.engine.types().release(self.id);
    }
}

impl Registered {
    /// Registers a canonical type, whose references somebody holds, as a group of its own.
    ///
    /// # Errors
    /// It can't have this supertype, or memory is exhausted.
    pub(super) fn new(
        engine: &Engine,
        watch: Watch,
        finality: Finality,
        supertype: Option<&Self>,
        composite: CompositeType,
    ) -> Result<Self> {
        let ty = SubType {
            is_final: finality.is_final(),
            supertype: supertype.map(|ty| {
                ty.assert_engine(engine);
                ty.id().as_canonical_index()
            }),
            composite,
        };
        let id = engine.types().register(vec![ty], watch)?[0];
        let this = Self::from_id(engine, id);
        engine.types().release(id);
        Ok(watch.passed(this)?)
    }

    /// The type behind an id that somebody holds.
    pub(crate) fn from_id(engine: &Engine, id: TypeId) -> Self {
        Self(Arc::new(Inner {
            engine: engine.clone(),
            ty: engine.types().hold(id),
            id,
        }))
    }

    pub(super) fn engine(&self) -> &Engine {
        &self.0.engine
    }

    pub(super) fn id(&self) -> TypeId {
        self.0.id
    }

    /// The type in canonical form.
    pub(super) fn canonical(&self) -> &SubType {
        &self.0.ty
    }

    pub(super) fn finality(&self) -> Finality {
        match self.0.ty.is_final {
            true => Finality::Final,
            false => Finality::NonFinal,
        }
    }

    pub(super) fn supertype(&self) -> Option<Self> {
        let id = TypeId::from_canonical_index(self.0.ty.supertype?);
        Some(Self::from_id(self.engine(), id))
    }

    /// # Panics
    /// If the types are of different engines.
    pub(super) fn matches(&self, other: &Self) -> bool {
        other.assert_engine(self.engine());
        self.engine().types().is_subtype(self.id(), other.id())
    }
}

impl OfEngine for Registered {
    const WHAT: &'static str = "type";

    fn is_of_engine(&self, engine: &Engine) -> bool {
        Engine::same(self.engine(), engine)
    }
}

impl PartialEq for Registered {
    fn eq(&self, other: &Self) -> bool {
        Engine::same(self.engine(), other.engine()) && self.id() == other.id()
    }
}

impl Eq for Registered {}

impl Hash for Registered {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.id().hash(state);
    }
}

/// The parts that the public types of the type section have in common.
macro_rules! registered {
    ($name:ident, $what:literal) => {
        impl $name {
            /// The type behind an id that somebody holds.
            pub(crate) fn from_id(
                engine: &crate::Engine,
                id: crate::abi::TypeId,
            ) -> Self {
                Self(crate::types::registered::Registered::from_id(engine, id))
            }

            /// The engine-wide id, held as long as this lives.
            pub(crate) fn id(&self) -> crate::abi::TypeId {
                self.0.id()
            }

            /// The engine the type belongs to.
            #[must_use]
            pub fn engine(&self) -> &crate::Engine {
                self.0.engine()
            }

            /// Whether the type may have subtypes.
            #[must_use]
            pub fn finality(&self) -> crate::Finality {
                self.0.finality()
            }

            /// The type's supertype, if it has one.
            #[must_use]
            pub fn supertype(&self) -> Option<Self> {
                self.0.supertype().map(Self)
            }

            #[doc = concat!("Whether ", $what, " of this type is one of `other` too: whether the type is `other` or a subtype.")]
            ///
            /// # Panics
            /// If the types are of different engines.
            #[must_use]
            pub fn matches(&self, other: &Self) -> bool {
                self.0.matches(&other.0)
            }
        }

        impl core::fmt::Debug for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                core::fmt::Display::fmt(self, f)
            }
        }
    };
}

pub(super) use registered;
