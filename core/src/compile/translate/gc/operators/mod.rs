//! Operators on references and objects.

mod arrays;
mod casts;
mod structs;

use super::heap::Object;
use crate::abi::gc::Slot;
use crate::abi::traps::Trap;
use crate::compile::translate::Result;
use crate::compile::translate::function::Translator;
use crate::compile::translate::runtime::trap_code;
use crate::module::{FieldType, StorageType, TypeIndex};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, Value};
use wasmparser::Operator;

impl Translator<'_, '_> {
    /// Translates an operator on objects.
    pub(in crate::compile::translate) fn gc(&mut self, operator: &Operator<'_>) -> Result<()> {
        let ty = TypeIndex::from_u32;
        match *operator {
            Operator::RefEq => {
                let (a, b) = self.pop2();
                let equal = self.builder.ins().icmp(IntCC::Equal, a, b);
                self.push(equal);
            }
            Operator::RefI31 => self.ref_i31(),
            Operator::I31GetS => self.i31_get(true),
            Operator::I31GetU => self.i31_get(false),
            // A reference looks the same in both hierarchies.
            Operator::AnyConvertExtern | Operator::ExternConvertAny => {}

            Operator::RefTestNonNull { hty } => self.ref_test(hty, false)?,
            Operator::RefTestNullable { hty } => self.ref_test(hty, true)?,
            Operator::RefCastNonNull { hty } => self.ref_cast(hty, false)?,
            Operator::RefCastNullable { hty } => self.ref_cast(hty, true)?,
            Operator::BrOnCast {
                relative_depth,
                to_ref_type,
                ..
            } => self.br_on_cast(relative_depth, to_ref_type, true)?,
            Operator::BrOnCastFail {
                relative_depth,
                to_ref_type,
                ..
            } => self.br_on_cast(relative_depth, to_ref_type, false)?,

            Operator::StructNew { struct_type_index } => self.struct_new(ty(struct_type_index)),
            Operator::StructNewDefault { struct_type_index } => {
                self.struct_new_default(ty(struct_type_index));
            }
            Operator::StructGet {
                struct_type_index,
                field_index,
            }
            | Operator::StructGetU {
                struct_type_index,
                field_index,
            } => self.struct_get(ty(struct_type_index), field_index, false),
            Operator::StructGetS {
                struct_type_index,
                field_index,
            } => self.struct_get(ty(struct_type_index), field_index, true),
            Operator::StructSet {
                struct_type_index,
                field_index,
            } => self.struct_set(ty(struct_type_index), field_index),

            Operator::ArrayNew { array_type_index } => self.array_new(ty(array_type_index)),
            Operator::ArrayNewDefault { array_type_index } => {
                self.array_new_default(ty(array_type_index));
            }
            Operator::ArrayNewFixed {
                array_type_index,
                array_size,
            } => self.array_new_fixed(ty(array_type_index), array_size),
            Operator::ArrayNewData {
                array_type_index,
                array_data_index,
            } => self.array_new_data(array_type_index, array_data_index),
            Operator::ArrayNewElem {
                array_type_index,
                array_elem_index,
            } => self.array_new_elem(array_type_index, array_elem_index),
            Operator::ArrayGet { array_type_index } | Operator::ArrayGetU { array_type_index } => {
                self.array_get(ty(array_type_index), false);
            }
            Operator::ArrayGetS { array_type_index } => self.array_get(ty(array_type_index), true),
            Operator::ArraySet { array_type_index } => self.array_set(ty(array_type_index)),
            Operator::ArrayLen => self.array_len(),
            Operator::ArrayFill { array_type_index } => self.array_fill(ty(array_type_index)),
            Operator::ArrayCopy { .. } => self.array_copy(),
            Operator::ArrayInitData {
                array_data_index, ..
            } => self.array_init_data(array_data_index),
            Operator::ArrayInitElem {
                array_elem_index, ..
            } => self.array_init_elem(array_elem_index),

            _ => return Err(self.unsupported("an operator of a later proposal")),
        }
        Ok(())
    }

    /// Pops the object that the operator takes.
    fn pop_object(&mut self) -> Object {
        Object {
            offset: self.pop(),
            nullable: self.may_be_null(),
        }
    }

    /// Reads a field or an element.
    fn read(&mut self, object: Object, offset: u32, ty: FieldType, signed: bool) -> Value {
        match ty.storage {
            StorageType::Value(ty) => self.gc_load_value(object, offset, ty),
            StorageType::I8 => self.gc_load_packed(object, offset, Slot::I8, signed),
            StorageType::I16 => self.gc_load_packed(object, offset, Slot::I16, signed),
        }
    }

    fn ref_i31(&mut self) {
        let value = self.pop();
        let shifted = self.builder.ins().ishl_imm_u(value, 1);
        let reference = self.builder.ins().bor_imm_u(shifted, 1);
        self.push(reference);
    }

    fn i31_get(&mut self, signed: bool) {
        let reference = self.pop();
        if self.may_be_null() {
            let code = trap_code(Trap::NullReference);
            self.builder.ins().trapz(reference, code);
        }
        let value = match signed {
            true => self.builder.ins().sshr_imm_u(reference, 1),
            false => self.builder.ins().ushr_imm_u(reference, 1),
        };
        self.push(value);
    }
}
