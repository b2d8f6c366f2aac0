//! Whether the constant expressions of an image are of the types that they are to be of: generated code
//! relies on what a reference refers to.
//!
//! `image` has checked indices, and numbers. This needs to know which types are equal, so it comes after
//! they are registered.

use super::module_types::ModuleTypes;
use super::registry::TypeRegistry;
use crate::Result;
use crate::error::Context as _;
use crate::error::bounded::ensure;
use crate::module::{
    ConstExpr, ConstOp, ElementItems, ElementMode, FunctionIndex, HeapType, ModuleInfo,
    ReferenceType, StorageType, TypeIndex, ValueType,
};
use crate::oom;
use alloc::vec::Vec;

/// Checks a module of this engine's whose types are registered.
///
/// # Errors
/// A table, a global or an element segment is not of its type.
pub(crate) fn check(registry: &TypeRegistry, info: &ModuleInfo, types: &ModuleTypes) -> Result<()> {
    let checker = Checker {
        registry,
        info,
        types,
    };
    for (i, init) in &info.table_initializers {
        let ty = info.tables[info.table_index(i)].element;
        checker.expr(init, ty).context("a table")?;
    }
    for (i, init) in &info.global_initializers {
        if let ValueType::Ref(ty) = info.globals[info.global_index(i)].content {
            checker.expr(init, ty).context("a global")?;
        }
    }
    for segment in info.elements.values() {
        checker.items(&segment.items, segment.ty)?;
        if let ElementMode::Active { table, .. } = segment.mode {
            let element = info.tables[table].element;
            let (ty, element) = (types.reference(segment.ty), types.reference(element));
            ensure!(
                checker.is_subtype(ValueType::Ref(ty), ValueType::Ref(element)),
                "an element segment for a table of another type"
            );
        }
    }
    Ok(())
}

struct Checker<'a> {
    registry: &'a TypeRegistry,
    info: &'a ModuleInfo,
    types: &'a ModuleTypes,
}

/// A reference that is not null.
fn non_null(heap: HeapType) -> ValueType {
    ValueType::Ref(ReferenceType {
        nullable: false,
        heap,
    })
}

impl Checker<'_> {
    /// Of canonical types.
    fn is_subtype(&self, sub: ValueType, sup: ValueType) -> bool {
        sub.is_subtype(sup, |sub, sup| self.registry.is_canonical_subtype(sub, sup))
    }

    fn items(&self, items: &ElementItems, ty: ReferenceType) -> Result<()> {
        match items {
            ElementItems::Functions(_) if ty.heap == HeapType::Func => Ok(()),
            ElementItems::Functions(functions) => {
                let ty = ValueType::Ref(self.types.reference(ty));
                let fits = |f: &FunctionIndex| self.is_subtype(self.function(*f), ty);
                ensure!(
                    functions.iter().all(fits),
                    "an element segment has functions of another type"
                );
                Ok(())
            }
            ElementItems::Expressions(items) => items
                .iter()
                .try_for_each(|item| self.expr(item, ty))
                .context("an element segment"),
        }
    }

    fn function(&self, index: FunctionIndex) -> ValueType {
        self.concrete(self.info.functions[index].ty)
    }

    /// The canonical type of values of a type of the type section.
    fn concrete(&self, ty: TypeIndex) -> ValueType {
        let composite = &self.info.types[ty].composite;
        non_null(composite.heap_type(self.types.id(ty).as_canonical_index()))
    }

    fn expr(&self, expr: &ConstExpr, ty: ReferenceType) -> Result<()> {
        let ty = ValueType::Ref(self.types.reference(ty));
        let mut stack = Vec::new();
        for op in &expr.ops {
            let result = self.step(*op, &mut stack)?;
            oom::push(&mut stack, result)?;
        }
        match stack[..] {
            [found] if self.is_subtype(found, ty) => Ok(()),
            _ => crate::error::bounded::bail!("a constant expression is of another type"),
        }
    }

    fn step(&self, op: ConstOp, stack: &mut Vec<ValueType>) -> Result<ValueType> {
        let mut pop = |ty: ValueType| {
            let found = stack.pop().filter(|found| self.is_subtype(*found, ty));
            found.context("a constant expression has an operand of another type")
        };
        Ok(match op {
            ConstOp::I32Const(_) => ValueType::I32,
            ConstOp::I64Const(_) => ValueType::I64,
            ConstOp::F32Const(_) => ValueType::F32,
            ConstOp::F64Const(_) => ValueType::F64,
            ConstOp::V128Const(_) => ValueType::V128,
            ConstOp::GlobalGet(i) => self.types.value(self.info.globals[i].content),
            ConstOp::RefNull(heap) => ValueType::Ref(self.types.reference(ReferenceType {
                nullable: true,
                heap,
            })),
            ConstOp::RefFunc(i) => self.function(i),
            ConstOp::I32Add | ConstOp::I32Sub | ConstOp::I32Mul => {
                pop(ValueType::I32)?;
                pop(ValueType::I32)?
            }
            ConstOp::I64Add | ConstOp::I64Sub | ConstOp::I64Mul => {
                pop(ValueType::I64)?;
                pop(ValueType::I64)?
            }
            ConstOp::RefI31 => {
                pop(ValueType::I32)?;
                non_null(HeapType::I31)
            }
            ConstOp::AnyConvertExtern => {
                converted(pop(ReferenceType::EXTERN.into())?, HeapType::Any)
            }
            ConstOp::ExternConvertAny => {
                converted(pop(ReferenceType::ANY.into())?, HeapType::Extern)
            }
            ConstOp::StructNew(ty) | ConstOp::StructNewDefault(ty) => {
                for field in self.info.struct_type(ty).fields.iter().rev() {
                    match op {
                        ConstOp::StructNew(_) => drop(pop(self.unpacked(field.storage))?),
                        _ => default(field.storage)?,
                    }
                }
                self.concrete(ty)
            }
            ConstOp::ArrayNew(ty) => {
                pop(ValueType::I32)?;
                pop(self.element(ty))?;
                self.concrete(ty)
            }
            ConstOp::ArrayNewDefault(ty) => {
                pop(ValueType::I32)?;
                default(self.info.array_type(ty).element.storage)?;
                self.concrete(ty)
            }
            ConstOp::ArrayNewFixed(ty, length) => {
                let element = self.element(ty);
                for _ in 0..length {
                    pop(element)?;
                }
                self.concrete(ty)
            }
        })
    }

    fn unpacked(&self, storage: StorageType) -> ValueType {
        self.types.value(storage.unpacked())
    }

    fn element(&self, ty: TypeIndex) -> ValueType {
        self.unpacked(self.info.array_type(ty).element.storage)
    }
}

/// A reference in another hierarchy.
fn converted(ty: ValueType, heap: HeapType) -> ValueType {
    match ty {
        ValueType::Ref(ty) => ValueType::Ref(ReferenceType { heap, ..ty }),
        other => other,
    }
}

/// Checks that there is a default value.
fn default(storage: StorageType) -> Result<()> {
    let has_none = matches!(storage, StorageType::Value(ValueType::Ref(ty)) if !ty.nullable);
    ensure!(
        !has_none,
        "a constant expression makes null where it can't be"
    );
    Ok(())
}

#[cfg(all(test, feature = "gc", feature = "compile"))]
mod tests;
