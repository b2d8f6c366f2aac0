//! Whether a decoded module keeps the promises of `module`: a lying image must not make the runtime
//! index out of bounds.

use crate::error::bounded::ensure;
use crate::error::{Context as _, Result};
use crate::escaped::Escaped;
use crate::module::{
    ConstExpr, ConstOp, DataMode, ElementItems, ElementMode, EntityIndex, HeapType, ModuleInfo,
    ReferenceType, StructType, TypeIndex, ValueType,
};
use crate::oom;
use alloc::vec;
use alloc::vec::Vec;
use cranelift_entity::EntityRef;

/// Checks a module whose data section has `data_len` bytes.
pub(super) fn module(info: &ModuleInfo, data_len: usize) -> Result<()> {
    spaces(info)?;
    types(info)?;
    imports(info)?;
    exports(info)?;
    func_refs(info)?;
    initializers(info)?;
    elements(info)?;
    data(info, data_len)?;
    if let Some(start) = info.start {
        ensure!(info.functions.is_valid(start), "unknown start function");
    }
    Ok(())
}

fn spaces(info: &ModuleInfo) -> Result<()> {
    let spaces = [
        ("functions", info.imported_functions, info.functions.len()),
        ("tables", info.imported_tables, info.tables.len()),
        ("memories", info.imported_memories, info.memories.len()),
        ("globals", info.imported_globals, info.globals.len()),
        ("tags", info.imported_tags, info.tags.len()),
    ];
    for (name, imported, all) in spaces {
        ensure!(imported <= all, "{imported} imported {name} among {all}");
    }
    Ok(())
}

fn types(info: &ModuleInfo) -> Result<()> {
    rec_groups(info)?;
    for function in info.functions.values() {
        ensure!(is_func(info, function.ty), "unknown function type");
    }
    for tag in info.tags.values() {
        ensure!(is_func(info, *tag), "unknown type of a tag");
    }
    for table in info.tables.values() {
        reference_type(info, table.element)?;
    }
    for memory in info.memories.values() {
        ensure!(
            matches!(memory.page_size_log2, 0 | 16),
            "page size of 2^{} bytes",
            memory.page_size_log2
        );
        ensure!(
            !memory.shared || memory.limits.maximum.is_some(),
            "a shared memory without a maximum"
        );
    }
    for global in info.globals.values() {
        value_type(info, global.content)?;
    }
    Ok(())
}

fn is_func(info: &ModuleInfo, ty: TypeIndex) -> bool {
    let ty = info.types.get(ty);
    ty.is_some_and(|ty| ty.composite.as_func().is_some())
}

/// Each type refers to types of its recursion group and of earlier ones, and its supertype is an
/// earlier type. Whether it may have that supertype is seen when the types are registered.
fn rec_groups(info: &ModuleInfo) -> Result<()> {
    let mut types = info.types.iter();
    let mut end = 0;
    for size in &info.rec_groups {
        end = usize::saturating_add(end, *size as usize);
        ensure!(
            end <= info.types.len(),
            "recursion groups hold more types than there are"
        );
        for (index, ty) in types.by_ref().take(*size as usize) {
            for value in ty.composite.values() {
                if let ValueType::Ref(ty) = value {
                    heap_type_below(info, ty.heap, end)?;
                }
            }
            ensure!(
                ty.supertype.is_none_or(|sup| sup < index),
                "type {} has a later supertype",
                index.index()
            );
        }
    }
    ensure!(
        end == info.types.len(),
        "recursion groups hold fewer types than there are"
    );
    Ok(())
}

fn value_type(info: &ModuleInfo, ty: ValueType) -> Result<()> {
    match ty {
        ValueType::Ref(ty) => reference_type(info, ty),
        _ => Ok(()),
    }
}

fn reference_type(info: &ModuleInfo, ty: ReferenceType) -> Result<()> {
    heap_type(info, ty.heap)
}

fn heap_type(info: &ModuleInfo, ty: HeapType) -> Result<()> {
    heap_type_below(info, ty, info.types.len())
}

/// A heap type that may name the first `end` types, each as what it is.
fn heap_type_below(info: &ModuleInfo, ty: HeapType, end: usize) -> Result<()> {
    if let Some(index) = ty.concrete() {
        ensure!(index.index() < end, "unknown type in a reference");
        ensure!(
            info.types[index].composite.heap_type(index) == ty,
            "a reference to type {} as to one of another kind",
            index.index()
        );
    }
    Ok(())
}

fn entity(info: &ModuleInfo, item: EntityIndex) -> bool {
    match item {
        EntityIndex::Function(i) => info.functions.is_valid(i),
        EntityIndex::Table(i) => info.tables.is_valid(i),
        EntityIndex::Memory(i) => info.memories.is_valid(i),
        EntityIndex::Global(i) => info.globals.is_valid(i),
        EntityIndex::Tag(i) => info.tags.is_valid(i),
    }
}

/// Imports are the first of each index space, in order.
fn imports(info: &ModuleInfo) -> Result<()> {
    let mut seen = [0; 5];
    for import in &info.imports {
        let (space, index) = match import.item {
            EntityIndex::Function(i) => (0, i.index()),
            EntityIndex::Table(i) => (1, i.index()),
            EntityIndex::Memory(i) => (2, i.index()),
            EntityIndex::Global(i) => (3, i.index()),
            EntityIndex::Tag(i) => (4, i.index()),
        };
        ensure!(
            index == seen[space],
            "import `{}::{}` is out of order",
            Escaped(&import.module),
            Escaped(&import.name)
        );
        seen[space] += 1;
    }
    let counts = [
        info.imported_functions,
        info.imported_tables,
        info.imported_memories,
        info.imported_globals,
        info.imported_tags,
    ];
    ensure!(seen == counts, "imports do not match their counts");
    Ok(())
}

fn exports(info: &ModuleInfo) -> Result<()> {
    for export in &info.exports {
        ensure!(
            entity(info, export.item),
            "export `{}` of nothing",
            Escaped(&export.name)
        );
        if let EntityIndex::Function(i) = export.item {
            ensure!(
                info.functions[i].func_ref.is_some(),
                "exported function {} has no reference",
                i.index()
            );
        }
    }
    // Ascending without a repetition, so that all exports are there, and no two have one name.
    let (exports, order) = (&info.exports, &info.exports_by_name);
    let name = |i: &u32| exports.get(*i as usize).map(|export| &export.name);
    ensure!(
        order.len() == exports.len()
            && order.iter().all(|i| name(i).is_some())
            && order.is_sorted_by(|a, b| name(a) < name(b)),
        "exports are not in order of their names"
    );
    Ok(())
}

/// Slots are given out in the order of functions.
fn func_refs(info: &ModuleInfo) -> Result<()> {
    let slots = info.functions.values().filter_map(|f| f.func_ref);
    ensure!(
        slots.clone().map(|slot| slot.index()).eq(0..info.func_refs),
        "function references are out of order"
    );
    Ok(())
}

fn initializers(info: &ModuleInfo) -> Result<()> {
    ensure!(
        info.table_initializers.len() == info.tables.len() - info.imported_tables,
        "tables without initial values"
    );
    ensure!(
        info.global_initializers.len() == info.globals.len() - info.imported_globals,
        "globals without initial values"
    );
    for (i, init) in &info.table_initializers {
        let ty = ValueType::Ref(info.tables[info.table_index(i)].element);
        const_expr(info, init, info.imported_globals, ty)?;
    }
    for (i, init) in &info.global_initializers {
        let index = info.global_index(i);
        const_expr(info, init, index.index(), info.globals[index].content)?;
    }
    Ok(())
}

fn elements(info: &ModuleInfo) -> Result<()> {
    for segment in info.elements.values() {
        reference_type(info, segment.ty)?;
        if let ElementMode::Active { table, offset } = &segment.mode {
            let table = info.tables.get(*table).context("unknown table")?;
            const_expr(info, offset, info.globals.len(), table.index.value_type())?;
        }
        match &segment.items {
            ElementItems::Functions(functions) => {
                ensure!(
                    segment.ty.heap.is_func(),
                    "functions in a segment of others"
                );
                for f in functions {
                    reference(info, *f)?;
                }
            }
            ElementItems::Expressions(items) => {
                for item in items {
                    let ty = ValueType::Ref(segment.ty);
                    const_expr(info, item, info.globals.len(), ty)?;
                }
            }
        }
    }
    Ok(())
}

fn data(info: &ModuleInfo, data_len: usize) -> Result<()> {
    for segment in info.data.values() {
        let bytes = &segment.bytes;
        ensure!(
            bytes.start <= bytes.end && bytes.end as usize <= data_len,
            "data segment outside the data section"
        );
        if let DataMode::Active { memory, offset } = &segment.mode {
            let memory = info.memories.get(*memory).context("unknown memory")?;
            const_expr(info, offset, info.globals.len(), memory.index.value_type())?;
        }
    }
    Ok(())
}

fn reference(info: &ModuleInfo, function: crate::module::FunctionIndex) -> Result<()> {
    let function = info.functions.get(function).context("unknown function")?;
    ensure!(
        function.func_ref.is_some(),
        "a function in use as a value has no reference"
    );
    Ok(())
}

/// What kind of value it is, as far as the runtime's evaluation tells values apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    I32,
    I64,
    F32,
    F64,
    V128,
    Func,
    Handle,
}

impl From<ValueType> for Kind {
    fn from(ty: ValueType) -> Self {
        match ty {
            ValueType::I32 => Self::I32,
            ValueType::I64 => Self::I64,
            ValueType::F32 => Self::F32,
            ValueType::F64 => Self::F64,
            ValueType::V128 => Self::V128,
            ValueType::Ref(ty) => ty.heap.into(),
        }
    }
}

impl From<HeapType> for Kind {
    fn from(ty: HeapType) -> Self {
        if ty.is_func() {
            Self::Func
        } else {
            Self::Handle
        }
    }
}

/// Runs an expression on kinds. It may read the first `globals` globals.
fn const_expr(info: &ModuleInfo, expr: &ConstExpr, globals: usize, ty: ValueType) -> Result<()> {
    let mut stack: Vec<Kind> = vec![];
    for op in &expr.ops {
        let result = match *op {
            ConstOp::I32Const(_) => Kind::I32,
            ConstOp::I64Const(_) => Kind::I64,
            ConstOp::F32Const(_) => Kind::F32,
            ConstOp::F64Const(_) => Kind::F64,
            ConstOp::V128Const(_) => Kind::V128,
            ConstOp::GlobalGet(i) => {
                ensure!(i.index() < globals, "unknown global");
                info.globals[i].content.into()
            }
            ConstOp::RefNull(heap) => {
                heap_type(info, heap)?;
                heap.into()
            }
            ConstOp::RefFunc(i) => {
                reference(info, i)?;
                Kind::Func
            }
            ConstOp::I32Add | ConstOp::I32Sub | ConstOp::I32Mul => binary(&mut stack, Kind::I32)?,
            ConstOp::I64Add | ConstOp::I64Sub | ConstOp::I64Mul => binary(&mut stack, Kind::I64)?,
            ConstOp::RefI31 => {
                pop(&mut stack, Kind::I32)?;
                Kind::Handle
            }
            ConstOp::AnyConvertExtern | ConstOp::ExternConvertAny => {
                pop(&mut stack, Kind::Handle)?;
                Kind::Handle
            }
            ConstOp::StructNew(ty) => {
                for field in struct_type(info, ty)?.fields.iter().rev() {
                    pop(&mut stack, field.storage.unpacked().into())?;
                }
                Kind::Handle
            }
            ConstOp::StructNewDefault(ty) => {
                struct_type(info, ty)?;
                Kind::Handle
            }
            ConstOp::ArrayNew(ty) => {
                pop(&mut stack, Kind::I32)?;
                pop(&mut stack, element(info, ty)?)?;
                Kind::Handle
            }
            ConstOp::ArrayNewDefault(ty) => {
                element(info, ty)?;
                pop(&mut stack, Kind::I32)?;
                Kind::Handle
            }
            ConstOp::ArrayNewFixed(ty, length) => {
                let element = element(info, ty)?;
                for _ in 0..length {
                    pop(&mut stack, element)?;
                }
                Kind::Handle
            }
        };
        oom::push(&mut stack, result)?;
    }
    ensure!(
        stack == [Kind::from(ty)],
        "a constant expression is no {ty:?}"
    );
    Ok(())
}

fn binary(stack: &mut Vec<Kind>, kind: Kind) -> Result<Kind> {
    pop(stack, kind)?;
    pop(stack, kind)?;
    Ok(kind)
}

fn pop(stack: &mut Vec<Kind>, kind: Kind) -> Result<()> {
    ensure!(
        stack.pop() == Some(kind),
        "a constant expression lacks operands"
    );
    Ok(())
}

fn struct_type(info: &ModuleInfo, ty: TypeIndex) -> Result<&StructType> {
    let ty = info.types.get(ty).and_then(|ty| ty.composite.as_struct());
    ty.context("a constant expression makes a struct of an unknown type")
}

/// What the elements of an array type are.
fn element(info: &ModuleInfo, ty: TypeIndex) -> Result<Kind> {
    let ty = info.types.get(ty).and_then(|ty| ty.composite.as_array());
    let ty = ty.context("a constant expression makes an array of an unknown type")?;
    Ok(ty.element.storage.unpacked().into())
}
