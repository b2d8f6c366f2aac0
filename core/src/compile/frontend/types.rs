//! wasmparser's types and proposals to this crate's.

use crate::abi::features::Features;
use crate::module::{
    FunctionType, GlobalType, HeapType, IndexType, Limits, MemoryType, ReferenceType, TableType,
    TypeIndex, ValueType,
};
use alloc::{format, string::String};
use anyhow::{Error, Result};
use core::fmt::{self, Debug};
use wasmparser::{AbstractHeapType, CompositeInnerType, SubType, UnpackedIndex, WasmFeatures};

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

#[cold]
pub(super) fn unsupported(what: &str, it: impl Debug) -> Error {
    Unsupported(format!("not supported: {what} {it:?}")).into()
}

pub(super) fn function_type(ty: &SubType) -> Result<FunctionType> {
    match &ty.composite_type.inner {
        CompositeInnerType::Func(ty) => Ok(FunctionType {
            params: value_types(ty.params())?,
            results: value_types(ty.results())?,
        }),
        other => Err(unsupported("type", other)),
    }
}

fn value_types<C: FromIterator<ValueType>>(types: &[wasmparser::ValType]) -> Result<C> {
    types.iter().map(|ty| value_type(*ty)).collect()
}

pub(super) fn value_type(ty: wasmparser::ValType) -> Result<ValueType> {
    Ok(match ty {
        wasmparser::ValType::I32 => ValueType::I32,
        wasmparser::ValType::I64 => ValueType::I64,
        wasmparser::ValType::F32 => ValueType::F32,
        wasmparser::ValType::F64 => ValueType::F64,
        wasmparser::ValType::V128 => ValueType::V128,
        wasmparser::ValType::Ref(ty) => ValueType::Ref(reference_type(ty)?),
    })
}

pub(super) fn reference_type(ty: wasmparser::RefType) -> Result<ReferenceType> {
    Ok(ReferenceType {
        nullable: ty.is_nullable(),
        heap: heap_type(ty.heap_type())?,
    })
}

pub(super) fn heap_type(ty: wasmparser::HeapType) -> Result<HeapType> {
    match ty {
        wasmparser::HeapType::Abstract {
            shared: false,
            ty: AbstractHeapType::Func,
        } => Ok(HeapType::Func),
        wasmparser::HeapType::Abstract {
            shared: false,
            ty: AbstractHeapType::Extern,
        } => Ok(HeapType::Extern),
        wasmparser::HeapType::Concrete(UnpackedIndex::Module(index)) => {
            Ok(HeapType::Concrete(TypeIndex::from_u32(index)))
        }
        other => Err(unsupported("heap type", other)),
    }
}

pub(super) fn table_type(ty: &wasmparser::TableType) -> Result<TableType> {
    Ok(TableType {
        element: reference_type(ty.element_type)?,
        limits: Limits {
            minimum: ty.initial,
            maximum: ty.maximum,
        },
        index: index_type(ty.table64),
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

pub(super) fn global_type(ty: &wasmparser::GlobalType) -> Result<GlobalType> {
    Ok(GlobalType {
        content: value_type(ty.content_type)?,
        mutable: ty.mutable,
    })
}

fn index_type(is_64: bool) -> IndexType {
    if is_64 {
        IndexType::I64
    } else {
        IndexType::I32
    }
}
