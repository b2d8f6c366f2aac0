//! Constant expressions that make objects.

use crate::abi::gc::{ArrayLayout, Field, Slot, StructLayout};
use crate::activation::ValRaw;
use crate::error::Result;
use crate::gc::New;
use crate::instance::InstanceData;
use crate::instance::const_expr::{leaf, operate};
use crate::interrupt::pieces::Steps;
use crate::module::{ConstExpr, ConstOp, TypeIndex, ValueType};
use crate::oom;
use crate::store::StoreOpaque;
use alloc::vec::Vec;

/// An operand.
#[derive(Clone, Copy)]
struct Operand {
    value: ValRaw,
    /// It is a reference that is no function's: a root.
    is_root: bool,
}

/// The value of a validated expression. It may move all objects.
///
/// # Errors
/// There is no room for an object; the limiter's own. The store is to stop.
pub(super) fn evaluate(
    expr: &ConstExpr,
    store: &mut StoreOpaque,
    instance: &InstanceData,
    steps: &mut Steps,
) -> Result<ValRaw> {
    let mut stack = Stack {
        store,
        instance,
        operands: Vec::new(),
        steps,
    };
    for &op in &expr.ops {
        stack.step(op)?;
    }
    Ok(stack.pop())
}

struct Stack<'a> {
    store: &'a mut StoreOpaque,
    instance: &'a InstanceData,
    operands: Vec<Operand>,
    steps: &'a mut Steps,
}

impl Stack<'_> {
    fn push(&mut self, value: ValRaw, is_root: bool) -> Result<()> {
        Ok(oom::push(&mut self.operands, Operand { value, is_root })?)
    }

    /// A validated expression leaves its operands; zero only silences the type.
    fn pop(&mut self) -> ValRaw {
        let operand = self.operands.pop();
        operand.map_or(ValRaw::ZERO, |operand| operand.value)
    }

    fn pop_length(&mut self) -> u32 {
        self.pop().get_i32() as u32
    }

    fn step(&mut self, op: ConstOp) -> Result<()> {
        self.steps.take(1)?;
        match op {
            ConstOp::StructNew(ty) => {
                let layout = self.layout(ty)?;
                let start = self.operands.len().saturating_sub(layout.fields.len());
                let object = self.new_struct(ty, &layout)?;
                let values = oom::collect(self.operands.drain(start..).map(|o| o.value))?;
                for (field, value) in layout.fields.iter().zip(values) {
                    self.write(object, *field, value)?;
                }
                self.push_object(object)?;
            }
            ConstOp::StructNewDefault(ty) => {
                let layout = self.layout(ty)?;
                let object = self.new_struct(ty, &layout)?;
                for field in &layout.fields {
                    self.write(object, *field, ValRaw::ZERO)?;
                }
                self.push_object(object)?;
            }
            ConstOp::ArrayNew(ty) => {
                let length = self.pop_length();
                self.store.use_fuel(length.into())?;
                let array = self.new_array(ty, length)?;
                // It was a root until now.
                let value = self.pop();
                self.fill(array, ty, core::iter::repeat_n(value, length as usize))?;
                self.push_object(array)?;
            }
            ConstOp::ArrayNewDefault(ty) => {
                let length = self.pop_length();
                self.store.use_fuel(length.into())?;
                let array = self.new_array(ty, length)?;
                let zeroes = core::iter::repeat_n(ValRaw::ZERO, length as usize);
                self.fill(array, ty, zeroes)?;
                self.push_object(array)?;
            }
            ConstOp::ArrayNewFixed(ty, length) => {
                let array = self.new_array(ty, length)?;
                let start = self.operands.len().saturating_sub(length as usize);
                let values = oom::collect(self.operands.drain(start..).map(|o| o.value))?;
                self.fill(array, ty, values.into_iter())?;
                self.push_object(array)?;
            }
            ConstOp::RefNull(heap) => self.value(op, !heap.is_func())?,
            ConstOp::GlobalGet(index) => {
                let is_root = match self.instance.info().globals[index].content {
                    ValueType::Ref(ty) => !ty.heap.is_func(),
                    _ => false,
                };
                self.value(op, is_root)?;
            }
            ConstOp::RefI31 | ConstOp::AnyConvertExtern | ConstOp::ExternConvertAny => {
                self.value(op, true)?;
            }
            ConstOp::I32Const(_)
            | ConstOp::I64Const(_)
            | ConstOp::F32Const(_)
            | ConstOp::F64Const(_)
            | ConstOp::V128Const(_)
            | ConstOp::RefFunc(_)
            | ConstOp::I32Add
            | ConstOp::I32Sub
            | ConstOp::I32Mul
            | ConstOp::I64Add
            | ConstOp::I64Sub
            | ConstOp::I64Mul => self.value(op, false)?,
        }
        Ok(())
    }

    /// Executes an operator that makes no object.
    fn value(&mut self, op: ConstOp, is_root: bool) -> Result<()> {
        let value = match leaf(op, self.instance) {
            Some(value) => value,
            None => operate(op, || self.operands.pop().map(|operand| operand.value)),
        };
        self.push(value, is_root)
    }

    fn push_object(&mut self, object: u32) -> Result<()> {
        self.push(ValRaw::i32(object as i32), true)
    }

    fn layout(&mut self, ty: TypeIndex) -> Result<StructLayout> {
        let layout = StructLayout::of_struct(self.instance.info().struct_type(ty));
        self.steps.take(layout.fields.len())?;
        Ok(layout)
    }

    /// Runs what may move objects and allocates `size` bytes, with the operands as roots.
    fn with_roots<R>(
        &mut self,
        size: u64,
        run: impl FnOnce(&mut StoreOpaque, &mut [&mut u32]) -> Result<R>,
    ) -> Result<R> {
        // To list all operands for each object would take time that grows with the square of the expression.
        if self.store.has_room(size) {
            return run(self.store, &mut []);
        }
        let roots = self.operands.iter().filter(|operand| operand.is_root);
        let mut references = oom::collect(roots.map(|o| o.value.get_i32() as u32))?;
        let mut live = oom::collect(references.iter_mut())?;
        let result = run(self.store, &mut live);
        let roots = self.operands.iter_mut().filter(|operand| operand.is_root);
        for (operand, reference) in roots.zip(references) {
            operand.value = ValRaw::i32(reference as i32);
        }
        result
    }

    fn new_struct(&mut self, ty: TypeIndex, layout: &StructLayout) -> Result<u32> {
        let new = New {
            shape: layout.shape,
            type_id: self.instance.module.types().id(ty).as_u32(),
            size: layout.size.into(),
        };
        self.with_roots(new.size, |store, live| store.gc_alloc(new, live))
    }

    fn new_array(&mut self, ty: TypeIndex, length: u32) -> Result<u32> {
        let element = self.element(ty);
        let type_id = self.instance.module.types().id(ty);
        let size = ArrayLayout { element }.size(length);
        self.with_roots(size, |store, live| {
            store.new_array(type_id, element, length, live)
        })
    }

    fn element(&self, ty: TypeIndex) -> Slot {
        self.instance.info().array_type(ty).element.into()
    }

    fn write(&mut self, object: u32, field: Field, value: ValRaw) -> Result<()> {
        let offset = object.wrapping_add(field.offset);
        self.store.write_slot(offset, field.slot, value.get_v128())
    }

    /// Writes the elements of a new array.
    fn fill(
        &mut self,
        array: u32,
        ty: TypeIndex,
        values: impl Iterator<Item = ValRaw>,
    ) -> Result<()> {
        let slot = self.element(ty);
        let mut offset = ArrayLayout { element: slot }.start();
        for value in values {
            self.steps.take(1)?;
            self.write(array, Field { offset, slot }, value)?;
            offset = offset.wrapping_add(slot.size());
        }
        Ok(())
    }
}
