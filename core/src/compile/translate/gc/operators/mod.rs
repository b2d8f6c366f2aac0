//! Operators on references and objects.

mod arrays;
mod casts;
mod structs;

use super::heap::Object;
use crate::abi::gc::Slot;
use crate::abi::traps::Trap;
use crate::compile::operators::Aggregate;
use crate::compile::translate::Result;
use crate::compile::translate::function::Translator;
use crate::compile::translate::runtime::trap_code;
use crate::module::{FieldType, StorageType, TypeIndex};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, Value};

impl Translator<'_, '_> {
    /// Translates an operator on objects.
    pub(in crate::compile::translate) fn aggregate(
        &mut self,
        operator: Aggregate<'_>,
    ) -> Result<()> {
        let ty = |index: &u32| TypeIndex::from_u32(*index);
        match operator {
            Aggregate::RefEq => {
                let (a, b) = self.pop2();
                let equal = self.builder.ins().icmp(IntCC::Equal, a, b);
                self.push(equal);
            }
            Aggregate::RefI31 => self.ref_i31(),
            Aggregate::I31GetS => self.i31_get(true),
            Aggregate::I31GetU => self.i31_get(false),
            // A reference looks the same in both hierarchies.
            Aggregate::AnyConvertExtern | Aggregate::ExternConvertAny => {}

            Aggregate::RefTestNonNull { hty } => self.ref_test(*hty, false)?,
            Aggregate::RefTestNullable { hty } => self.ref_test(*hty, true)?,
            Aggregate::RefCastNonNull { hty } => self.ref_cast(*hty, false)?,
            Aggregate::RefCastNullable { hty } => self.ref_cast(*hty, true)?,
            Aggregate::BrOnCast {
                relative_depth,
                to_ref_type,
                ..
            } => self.br_on_cast(*relative_depth, *to_ref_type, true)?,
            Aggregate::BrOnCastFail {
                relative_depth,
                to_ref_type,
                ..
            } => self.br_on_cast(*relative_depth, *to_ref_type, false)?,

            Aggregate::StructNew { struct_type_index } => self.struct_new(ty(struct_type_index)),
            Aggregate::StructNewDefault { struct_type_index } => {
                self.struct_new_default(ty(struct_type_index));
            }
            Aggregate::StructGet {
                struct_type_index,
                field_index,
            }
            | Aggregate::StructGetU {
                struct_type_index,
                field_index,
            } => self.struct_get(ty(struct_type_index), *field_index, false),
            Aggregate::StructGetS {
                struct_type_index,
                field_index,
            } => self.struct_get(ty(struct_type_index), *field_index, true),
            Aggregate::StructSet {
                struct_type_index,
                field_index,
            } => self.struct_set(ty(struct_type_index), *field_index),

            Aggregate::ArrayNew { array_type_index } => self.array_new(ty(array_type_index)),
            Aggregate::ArrayNewDefault { array_type_index } => {
                self.array_new_default(ty(array_type_index));
            }
            Aggregate::ArrayNewFixed {
                array_type_index,
                array_size,
            } => self.array_new_fixed(ty(array_type_index), *array_size),
            Aggregate::ArrayNewData {
                array_type_index,
                array_data_index,
            } => self.array_new_data(*array_type_index, *array_data_index),
            Aggregate::ArrayNewElem {
                array_type_index,
                array_elem_index,
            } => self.array_new_elem(*array_type_index, *array_elem_index),
            Aggregate::ArrayGet { array_type_index }
            | Aggregate::ArrayGetU { array_type_index } => {
                self.array_get(ty(array_type_index), false);
            }
            Aggregate::ArrayGetS { array_type_index } => self.array_get(ty(array_type_index), true),
            Aggregate::ArraySet { array_type_index } => self.array_set(ty(array_type_index)),
            Aggregate::ArrayLen => self.array_len(),
            Aggregate::ArrayFill { array_type_index } => self.array_fill(ty(array_type_index)),
            Aggregate::ArrayCopy { .. } => self.array_copy(),
            Aggregate::ArrayInitData {
                array_data_index, ..
            } => self.array_init_data(*array_data_index),
            Aggregate::ArrayInitElem {
                array_elem_index, ..
            } => self.array_init_elem(*array_elem_index),
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
