//! What the operators on structs and arrays need besides.

use super::Object;
use crate::abi::gc::{ALIGN, ARRAY_LENGTH, ArrayLayout, Slot};
use crate::abi::traps::Trap;
use crate::abi::vmctx::store_context;
use crate::compile::translate::access::{Kind, load_by};
use crate::compile::translate::function::Translator;
use crate::module::TypeIndex;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, Opcode, Value, types};

impl Translator<'_, '_> {
    /// Loads a packed field or element at a constant offset in an object, extended to an `i32`. Traps if
    /// the object is null.
    pub(in crate::compile::translate) fn gc_load_packed(
        &mut self,
        object: Object,
        offset: u32,
        slot: Slot,
        signed: bool,
    ) -> Value {
        let address = self.heap_address(object, offset, slot.size(), Kind::Field);
        let opcode = match (slot, signed) {
            (Slot::I8, true) => Opcode::Sload8,
            (Slot::I8, false) => Opcode::Uload8,
            (_, true) => Opcode::Sload16,
            (_, false) => Opcode::Uload16,
        };
        let ins = self.builder.ins();
        load_by(ins, opcode, address.access, types::I32, address.place)
    }

    /// Stores a field or element at a constant offset in an object. Traps if the object is null.
    pub(in crate::compile::translate) fn gc_store(
        &mut self,
        object: Object,
        offset: u32,
        slot: Slot,
        value: Value,
    ) {
        let address = self.heap_address(object, offset, slot.size(), Kind::Field);
        self.heap_store(&address, slot, value);
    }

    /// Loads a word of an object that never changes: its shape, type id, length or tag. Traps if
    /// the object is null.
    pub(in crate::compile::translate) fn gc_load_header(
        &mut self,
        object: Object,
        offset: u32,
    ) -> Value {
        let address = self.heap_address(object, offset, 4, Kind::Header);
        let ins = self.builder.ins();
        load_by(ins, Opcode::Load, address.access, types::I32, address.place)
    }

    /// The number of elements of an array. Traps if it is null.
    pub(in crate::compile::translate) fn gc_array_length(&mut self, array: Object) -> Value {
        self.gc_load_header(array, ARRAY_LENGTH)
    }

    /// An element of an array, to be accessed at offset 0. Traps if the array is null, or has none with
    /// this index.
    pub(in crate::compile::translate) fn gc_array_element(
        &mut self,
        array: Object,
        element: Slot,
        index: Value,
    ) -> Object {
        let length = self.gc_array_length(array);
        let ins = self.builder.ins();
        let outside = ins.icmp(IntCC::UnsignedGreaterThanOrEqual, index, length);
        self.trap_if(outside, Trap::ArrayOutOfBounds);
        self.gc_array_place(array.offset, element, index)
    }

    /// An element of an array, to be accessed at offset 0; the caller has checked the index.
    pub(in crate::compile::translate) fn gc_array_place(
        &mut self,
        array: Value,
        element: Slot,
        index: Value,
    ) -> Object {
        let (log2, start) = (element.size_log2(), ArrayLayout { element }.start());
        let distance = self.builder.ins().ishl_imm_u(index, i64::from(log2));
        let offset = self.builder.ins().iadd(array, distance);
        Object {
            offset: self.builder.ins().iadd_imm_u(offset, i64::from(start)),
            nullable: false,
        }
    }

    /// Allocates an array of a type of the module; the caller initialises all elements, without a call
    /// in between.
    pub(in crate::compile::translate) fn gc_alloc_array(
        &mut self,
        ty: TypeIndex,
        element: Slot,
        length: Value,
    ) -> Value {
        let layout = ArrayLayout { element };
        let size = self.builder.ins().uextend(types::I64, length);
        let log2 = i64::from(element.size_log2());
        let size = self.builder.ins().ishl_imm_u(size, log2);
        let rounding = i64::from(layout.start() + ALIGN - 1);
        let size = self.builder.ins().iadd_imm_u(size, rounding);
        let size = self.builder.ins().band_imm_s(size, -i64::from(ALIGN));
        let next = self.heap_field(Kind::Allocation, types::I32, store_context::HEAP_NEXT);
        let wide_next = self.builder.ins().uextend(types::I64, next);
        let wide_end = self.builder.ins().iadd(wide_next, size);
        let limit = self.heap_field(Kind::Allocation, types::I32, store_context::HEAP_LIMIT);
        let limit = self.builder.ins().uextend(types::I64, limit);
        let ins = self.builder.ins();
        let full = ins.icmp(IntCC::UnsignedLessThan, limit, wide_end);
        let end = self.builder.ins().ireduce(types::I32, wide_end);
        let object = self.bump(next, end, full, |_| size);
        self.initialize_header(object, ty, layout.shape());
        self.initialize_header_word(object, ARRAY_LENGTH, length);
        object
    }
}
