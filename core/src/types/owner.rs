//! Types belong to an engine.
#![forbid(unsafe_code)]

#[cfg(feature = "exceptions")]
use super::ExnType;
use super::{ArrayType, FieldType, FuncType, HeapType, RefType, StructType, TagType, ValType};
use crate::Engine;
use crate::owner::{OfEngine, of_engine};

of_engine! {
    FuncType, "type", this => this.engine();
    StructType, "type", this => this.engine();
    ArrayType, "type", this => this.engine();
    TagType, "type", this => this.ty().engine();
}

#[cfg(feature = "exceptions")]
of_engine! {
    ExnType, "type", this => this.engine();
}

impl OfEngine for HeapType {
    const WHAT: &'static str = "type";

    fn is_of_engine(&self, engine: &Engine) -> bool {
        match self {
            Self::ConcreteFunc(ty) => ty.is_of_engine(engine),
            Self::ConcreteStruct(ty) => ty.is_of_engine(engine),
            Self::ConcreteArray(ty) => ty.is_of_engine(engine),
            _ => true,
        }
    }
}

impl OfEngine for RefType {
    const WHAT: &'static str = "type";

    fn is_of_engine(&self, engine: &Engine) -> bool {
        self.heap_type().is_of_engine(engine)
    }
}

impl OfEngine for ValType {
    const WHAT: &'static str = "type";

    fn is_of_engine(&self, engine: &Engine) -> bool {
        self.as_ref().is_none_or(|ty| ty.is_of_engine(engine))
    }
}

impl OfEngine for FieldType {
    const WHAT: &'static str = "type";

    fn is_of_engine(&self, engine: &Engine) -> bool {
        let value = self.element_type().as_val_type();
        value.is_none_or(|ty| ty.is_of_engine(engine))
    }
}
