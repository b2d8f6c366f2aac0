//! Wasm types as machine types.

use super::Error;
use crate::compile::frontend;
use crate::module::{self, FunctionType, IndexType, ModuleInfo, ReferenceType, ValueType};
use cranelift_codegen::ir::{self, AbiParam, ArgumentPurpose, types};
use cranelift_codegen::isa::{CallConv, TargetIsa};
use cranelift_codegen::settings::Value;
use wasmparser::{HeapType, ValType};

/// The machine type of a pointer: targets are 64-bit.
pub(super) const POINTER: ir::Type = types::I64;

/// The machine type of references that are no functions.
pub(super) const HANDLE: ir::Type = types::I32;

/// The machine type of vectors, wherever no operator asks for other lanes.
pub(super) const VECTOR: ir::Type = types::I8X16;

/// The signature of a function with this type: `(vmctx, params...) -> results`.
pub(crate) fn signature(ty: &FunctionType, isa: &dyn TargetIsa) -> ir::Signature {
    debug_assert_eq!(isa.pointer_type(), POINTER);
    let mut signature = ir::Signature::new(CallConv::Tail);
    signature.params.reserve_exact(1 + ty.params.len());
    signature
        .params
        .push(AbiParam::special(POINTER, ArgumentPurpose::VMContext));
    let param = |ty: &ValueType| AbiParam::new(machine_type(*ty));
    signature.params.extend(ty.params.iter().map(param));
    signature.returns.extend(ty.results.iter().map(param));
    signature
}

/// The machine type of a value.
pub(crate) fn machine_type(ty: ValueType) -> ir::Type {
    match ty {
        ValueType::I32 => types::I32,
        ValueType::I64 => types::I64,
        ValueType::F32 => types::F32,
        ValueType::F64 => types::F64,
        ValueType::V128 => VECTOR,
        ValueType::Ref(ty) if ty.heap.is_func() => POINTER,
        ValueType::Ref(_) => HANDLE,
    }
}

/// Whether a flag of the instruction set is on.
pub(super) fn flag(isa: &dyn TargetIsa, name: &str) -> bool {
    let flags = isa.isa_flags();
    let is_on = |flag: &Value| flag.name == name && flag.as_bool() == Some(true);
    flags.iter().any(is_on)
}

/// The machine type of an address or table index.
pub(super) fn index_type(ty: IndexType) -> ir::Type {
    match ty {
        IndexType::I32 => types::I32,
        IndexType::I64 => types::I64,
    }
}

/// The machine type of a value whose type stands in a function body, at `offset`.
pub(super) fn body_type(info: &ModuleInfo, ty: ValType, offset: usize) -> Result<ir::Type, Error> {
    Ok(match ty {
        ValType::I32 => types::I32,
        ValType::I64 => types::I64,
        ValType::F32 => types::F32,
        ValType::F64 => types::F64,
        ValType::V128 => VECTOR,
        ValType::Ref(ty) => reference_type(info, ty.heap_type(), offset)?,
    })
}

/// The machine type of a reference whose type stands in a function body, at `offset`.
pub(super) fn reference_type(
    info: &ModuleInfo,
    ty: HeapType,
    offset: usize,
) -> Result<ir::Type, Error> {
    let ty = heap_type(info, ty, offset)?;
    Ok(machine_type(ValueType::Ref(ReferenceType {
        nullable: true,
        heap: ty,
    })))
}

/// A heap type that stands in a function body, at `offset`.
pub(super) fn heap_type(
    info: &ModuleInfo,
    ty: HeapType,
    offset: usize,
) -> Result<module::HeapType, Error> {
    frontend::body_heap_type(info, ty).map_err(|_| Error::Unknown {
        offset,
        what: "a heap type that no enabled proposal has",
    })
}
