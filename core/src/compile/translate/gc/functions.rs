//! References to functions in objects: ids, since nothing in the heap is trusted (see `gc/functions`).
//!
//! What calls a function takes its word for the type that its reference has. So a function that is loaded from an object is
//! compared with the type of the field, though no valid code has written another there.

use super::heap::Object;
use crate::abi::traps::Trap;
use crate::abi::vmctx::{func_ref, function_entry, store_context};
use crate::compile::translate::access::Kind;
use crate::compile::translate::function::Translator;
use crate::compile::translate::runtime::{Place, trap_code};
use crate::compile::translate::types::{POINTER, machine_type};
use crate::module::{HeapType, ReferenceType, TypeIndex, ValueType};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{BlockArg, InstBuilder, Value, types};

impl Translator<'_, '_> {
    /// Loads a value of this type from an object. Traps if the object is null.
    pub(in crate::compile::translate) fn gc_load_value(
        &mut self,
        object: Object,
        offset: u32,
        ty: ValueType,
    ) -> Value {
        match ty {
            ValueType::Ref(ty) if ty.heap.is_func() => {
                let id = self.gc_load(object, offset, types::I32);
                self.function_of_id(id, ty)
            }
            _ => self.gc_load(object, offset, machine_type(ty)),
        }
    }

    /// The id of a function; of null, 0.
    pub(in crate::compile::translate) fn id_of_function(&mut self, function: Value) -> Value {
        // In place of null, what is read is the context's zero.
        let distance = i64::from(store_context::ZERO) - i64::from(func_ref::ID);
        let context = self.store_context();
        let null = self.builder.ins().iadd_imm_s(context, distance);
        let ins = self.builder.ins();
        let base = ins.select(function, function, null);
        let place = Place {
            base,
            offset: func_ref::ID as i32,
        };
        self.load_field(Kind::FuncRef, types::I32, place)
    }

    /// The function with an id from an object, of this type. Traps if it is not.
    fn function_of_id(&mut self, id: Value, ty: ReferenceType) -> Value {
        let place = |base, offset: u32| Place {
            base,
            offset: offset as i32,
        };
        let context = self.store_context();
        let table = place(context, store_context::FUNCTIONS);
        let table = self.load_field(Kind::Functions, POINTER, table);
        let mask = place(context, store_context::FUNCTION_MASK);
        let mask = self.load_field(Kind::Functions, types::I32, mask);
        let index = self.builder.ins().band(id, mask);
        let index = self.builder.ins().uextend(POINTER, index);
        let log2 = i64::from(function_entry::SIZE_LOG2);
        let offset = self.builder.ins().ishl_imm_u(index, log2);
        let entry = self.builder.ins().iadd(table, offset);
        let function = place(entry, function_entry::FUNC_REF);
        let function = self.load_field(Kind::Functions, POINTER, function);
        let damaged = trap_code(Trap::GcHeapCorrupt);
        match ty.heap {
            HeapType::ConcreteFunc(expected) => {
                let found = place(entry, function_entry::TYPE_ID);
                let found = self.load_field(Kind::Functions, types::I32, found);
                // No type is that of an entry that is not in use.
                let mut fits = self.is_likely_type(found, expected);
                if ty.nullable {
                    let ins = self.builder.ins();
                    let is_null = ins.icmp_imm_u(IntCC::Equal, function, 0);
                    fits = self.builder.ins().bor(fits, is_null);
                }
                self.builder.ins().trapz(fits, damaged);
            }
            HeapType::NoFunc => {
                self.builder.ins().trapnz(function, damaged);
            }
            _ => {}
        }
        if !ty.nullable && !matches!(ty.heap, HeapType::ConcreteFunc(_)) {
            self.builder.ins().trapz(function, damaged);
        }
        function
    }

    /// As [`is_type`](Self::is_type), where it is most likely the type itself.
    fn is_likely_type(&mut self, found: Value, ty: TypeIndex) -> Value {
        if self.env.info.types[ty].is_final {
            return self.is_type(found, ty);
        }
        let expected = self.type_id(ty);
        let ins = self.builder.ins();
        let same = ins.icmp(IntCC::Equal, found, expected);
        let other = self.builder.create_block();
        let done = self.builder.create_block();
        let result = self.builder.append_block_param(done, types::I8);
        let is_same = [BlockArg::Value(same)];
        self.builder.ins().brif(same, done, &is_same, other, &[]);
        self.builder.set_cold_block(other);
        self.continue_in(other);
        let below = self.is_type(found, ty);
        self.builder.ins().jump(done, &[BlockArg::Value(below)]);
        self.continue_in(done);
        result
    }
}
