//! wasmparser's types and proposals to this crate's.

use crate::abi::features::Features;
use crate::error::bounded::format_err;
use crate::error::{Error, Result};
use crate::module::{
    ArrayType, CompositeType, FieldType, FunctionType, GlobalType, HeapType, IndexType, Limits,
    MemoryType, ModuleInfo, ReferenceType, StorageType, StructType, SubType, TableType, TypeIndex,
    ValueType,
};
use alloc::{format, string::String, vec::Vec};
use core::fmt::{self, Debug};
use wasmparser::{AbstractHeapType, CompositeInnerType, RecGroup, UnpackedIndex, WasmFeatures};

/// Each proposal, and wasmparser's flags for it.
const PROPOSALS: &[(Features, WasmFeatures)] = &[
    (Features::MUTABLE_GLOBAL, WasmFeatures::MUTABLE_GLOBAL),
    (
        Features::SATURATING_FLOAT_TO_INT,
        WasmFeatures::SATURATING_FLOAT_TO_INT,
    ),
    (Features::SIGN_EXTENSION, WasmFeatures::SIGN_EXTENSION),
    (Features::MULTI_VALUE, WasmFeatures::MULTI_VALUE),
    (Features::BULK_MEMORY, WasmFeatures::BULK_MEMORY),
    (Features::REFERENCE_TYPES, WasmFeatures::REFERENCE_TYPES),
    (Features::SIMD, WasmFeatures::SIMD),
    (Features::RELAXED_SIMD, WasmFeatures::RELAXED_SIMD),
    (Features::THREADS, WasmFeatures::THREADS),
    (Features::TAIL_CALL, WasmFeatures::TAIL_CALL),
    (Features::MULTI_MEMORY, WasmFeatures::MULTI_MEMORY),
    (Features::EXCEPTIONS, WasmFeatures::EXCEPTIONS),
    (Features::MEMORY64, WasmFeatures::MEMORY64),
    (Features::EXTENDED_CONST, WasmFeatures::EXTENDED_CONST),
    (
        Features::FUNCTION_REFERENCES,
        WasmFeatures::FUNCTION_REFERENCES,
    ),
    (Features::GC, WasmFeatures::GC),
    (Features::CUSTOM_PAGE_SIZES, WasmFeatures::CUSTOM_PAGE_SIZES),
    (Features::WIDE_ARITHMETIC, WasmFeatures::WIDE_ARITHMETIC),
    (Features::STACK_SWITCHING, WasmFeatures::STACK_SWITCHING),
    (Features::LEGACY_EXCEPTIONS, WasmFeatures::LEGACY_EXCEPTIONS),
];

/// wasmparser's flags for a set of proposals.
pub(super) fn wasm_features(features: Features) -> WasmFeatures {
    PROPOSALS
        .iter()
        .filter(|(ours, _)| features.contains(*ours))
        .fold(WasmFeatures::MVP, |all, (_, theirs)| all | *theirs)
}

/// The proposals that bring any of these flags.
pub(super) fn proposals(flags: WasmFeatures) -> Features {
    PROPOSALS
        .iter()
        .filter(|(_, theirs)| flags.intersects(*theirs))
        .fold(Features::NONE, |all, (ours, _)| all | *ours)
}

/// Something valid that this compiler has no use for: validation knows more than
/// [`Features::SUPPORTED`] has a name for.
#[derive(Debug)]
pub(super) struct Unsupported(String);

impl fmt::Display for Unsupported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl core::error::Error for Unsupported {}

impl Unsupported {
    /// An error that says where it is, if it is one of these; others know better themselves. Since what it is about is
    /// valid, it is no `InvalidModule`.
    #[cold]
    pub(super) fn in_section(error: Error, section: Option<usize>) -> Error {
        match (error.is::<Self>(), section) {
            (true, Some(offset)) => {
                format_err!(
                    "cannot compile the module: {error} (in the section at offset {offset:#x})"
                )
            }
            (true, None) => format_err!("cannot compile the module: {error}"),
            (false, _) => error,
        }
    }
}

#[cold]
pub(super) fn unsupported(what: &str, it: impl Debug) -> Error {
    Unsupported(format!("not supported: {what} {it:?}")).into()
}

/// What kind of type each of the type section is, as far as it has been read: a reference to one says
/// which.
#[derive(Default)]
pub(super) struct Kinds(Vec<Kind>);

#[derive(Clone, Copy)]
enum Kind {
    Func,
    Struct,
    Array,
}

impl Kinds {
    /// Takes note of a recursion group, whose types may refer to those that follow in it.
    pub(super) fn add(&mut self, group: &RecGroup) -> Result<()> {
        for ty in group.types() {
            self.0.push(match &ty.composite_type.inner {
                CompositeInnerType::Func(_) => Kind::Func,
                CompositeInnerType::Struct(_) => Kind::Struct,
                CompositeInnerType::Array(_) => Kind::Array,
                other => return Err(unsupported("type", other)),
            });
        }
        Ok(())
    }

    pub(super) fn sub_type(&self, ty: &wasmparser::SubType) -> Result<SubType> {
        if ty.composite_type.shared
            || ty.composite_type.descriptor_idx.is_some()
            || ty.composite_type.describes_idx.is_some()
        {
            return Err(unsupported("type", ty));
        }
        let supertype = ty.supertype_idx.map(|index| match index.unpack() {
            UnpackedIndex::Module(index) => Ok(TypeIndex::from_u32(index)),
            other => Err(unsupported("supertype", other)),
        });
        Ok(SubType {
            is_final: ty.is_final,
            supertype: supertype.transpose()?,
            composite: self.composite_type(&ty.composite_type.inner)?,
        })
    }

    fn composite_type(&self, ty: &CompositeInnerType) -> Result<CompositeType> {
        Ok(match ty {
            CompositeInnerType::Func(ty) => CompositeType::Func(FunctionType {
                params: self.value_types(ty.params())?,
                results: self.value_types(ty.results())?,
            }),
            CompositeInnerType::Struct(ty) => {
                let fields = ty.fields.iter().map(|field| self.field_type(field));
                CompositeType::Struct(StructType {
                    fields: fields.collect::<Result<_>>()?,
                })
            }
            CompositeInnerType::Array(ty) => CompositeType::Array(ArrayType {
                element: self.field_type(&ty.0)?,
            }),
            other => return Err(unsupported("type", other)),
        })
    }

    fn field_type(&self, ty: &wasmparser::FieldType) -> Result<FieldType> {
        Ok(FieldType {
            storage: match ty.element_type {
                wasmparser::StorageType::I8 => StorageType::I8,
                wasmparser::StorageType::I16 => StorageType::I16,
                wasmparser::StorageType::Val(ty) => StorageType::Value(self.value_type(ty)?),
            },
            mutable: ty.mutable,
        })
    }

    fn value_types<C: FromIterator<ValueType>>(&self, types: &[wasmparser::ValType]) -> Result<C> {
        types.iter().map(|ty| self.value_type(*ty)).collect()
    }

    pub(super) fn value_type(&self, ty: wasmparser::ValType) -> Result<ValueType> {
        Ok(match ty {
            wasmparser::ValType::I32 => ValueType::I32,
            wasmparser::ValType::I64 => ValueType::I64,
            wasmparser::ValType::F32 => ValueType::F32,
            wasmparser::ValType::F64 => ValueType::F64,
            wasmparser::ValType::V128 => ValueType::V128,
            wasmparser::ValType::Ref(ty) => ValueType::Ref(self.reference_type(ty)?),
        })
    }

    pub(super) fn reference_type(&self, ty: wasmparser::RefType) -> Result<ReferenceType> {
        Ok(ReferenceType {
            nullable: ty.is_nullable(),
            heap: self.heap_type(ty.heap_type())?,
        })
    }

    pub(super) fn heap_type(&self, ty: wasmparser::HeapType) -> Result<HeapType> {
        heap_type(ty, |index| match self.0[index as usize] {
            Kind::Func => HeapType::ConcreteFunc,
            Kind::Struct => HeapType::ConcreteStruct,
            Kind::Array => HeapType::ConcreteArray,
        })
    }

    pub(super) fn table_type(&self, ty: &wasmparser::TableType) -> Result<TableType> {
        if ty.shared {
            return Err(unsupported("table type", ty));
        }
        Ok(TableType {
            element: self.reference_type(ty.element_type)?,
            limits: Limits {
                minimum: ty.initial,
                maximum: ty.maximum,
            },
            index: index_type(ty.table64),
        })
    }

    pub(super) fn global_type(&self, ty: &wasmparser::GlobalType) -> Result<GlobalType> {
        if ty.shared {
            return Err(unsupported("global type", ty));
        }
        Ok(GlobalType {
            content: self.value_type(ty.content_type)?,
            mutable: ty.mutable,
        })
    }
}

/// The heap type that a function body of the module states.
pub(in crate::compile) fn body_heap_type(
    info: &ModuleInfo,
    ty: wasmparser::HeapType,
) -> Result<HeapType> {
    heap_type(ty, |index| {
        match info.types[TypeIndex::from_u32(index)].composite {
            CompositeType::Func(_) => HeapType::ConcreteFunc,
            CompositeType::Struct(_) => HeapType::ConcreteStruct,
            CompositeType::Array(_) => HeapType::ConcreteArray,
        }
    })
}

/// A heap type of this crate. `concrete` says which a type of the type section makes.
fn heap_type(
    ty: wasmparser::HeapType,
    concrete: impl FnOnce(u32) -> fn(TypeIndex) -> HeapType,
) -> Result<HeapType> {
    Ok(match ty {
        wasmparser::HeapType::Abstract { shared: false, ty } => match ty {
            AbstractHeapType::Func => HeapType::Func,
            AbstractHeapType::NoFunc => HeapType::NoFunc,
            AbstractHeapType::Extern => HeapType::Extern,
            AbstractHeapType::NoExtern => HeapType::NoExtern,
            AbstractHeapType::Any => HeapType::Any,
            AbstractHeapType::Eq => HeapType::Eq,
            AbstractHeapType::I31 => HeapType::I31,
            AbstractHeapType::Struct => HeapType::Struct,
            AbstractHeapType::Array => HeapType::Array,
            AbstractHeapType::None => HeapType::None,
            AbstractHeapType::Exn => HeapType::Exn,
            AbstractHeapType::NoExn => HeapType::NoExn,
            other => return Err(unsupported("heap type", other)),
        },
        wasmparser::HeapType::Concrete(UnpackedIndex::Module(index)) => {
            concrete(index)(TypeIndex::from_u32(index))
        }
        other => return Err(unsupported("heap type", other)),
    })
}

pub(super) fn memory_type(ty: &wasmparser::MemoryType) -> Result<MemoryType> {
    Ok(MemoryType {
        limits: Limits {
            minimum: ty.initial,
            maximum: ty.maximum,
        },
        index: index_type(ty.memory64),
        shared: ty.shared,
        // Validation allows 0 and 16.
        page_size_log2: ty.page_size_log2.unwrap_or(16) as u8,
    })
}

fn index_type(is_64: bool) -> IndexType {
    if is_64 {
        IndexType::I64
    } else {
        IndexType::I32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compile::InvalidModule;
    use std::format;

    #[test]
    fn what_is_valid_is_not_called_invalid() {
        let check = |error: Error, section, expected: &str| {
            let error = Unsupported::in_section(error, section);
            assert_eq!(format!("{error}"), expected);
            assert!(!error.is::<InvalidModule>());
        };
        check(
            unsupported("type", 5),
            Some(16),
            "cannot compile the module: not supported: type 5 (in the section at offset 0x10)",
        );
        check(
            unsupported("type", 5),
            None,
            "cannot compile the module: not supported: type 5",
        );
        check(Error::msg("another"), Some(16), "another");
    }
}
