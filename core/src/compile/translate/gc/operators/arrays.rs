//! Operators on arrays.
//!
//! What makes an array of a segment, or copies, is a builtin; the rest is in line.

use super::{Object, Translator};
use crate::abi::builtins::Builtin;
use crate::abi::gc::{ALIGN, ArrayLayout, Slot};
use crate::abi::traps::Trap;
use crate::compile::translate::access;
use crate::compile::translate::types::HANDLE;
use crate::module::TypeIndex;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{BlockArg, InstBuilder, Value, types};

impl Translator<'_, '_> {
    fn element_slot(&self, ty: TypeIndex) -> Slot {
        self.env.info.array_type(ty).element.into()
    }

    pub(super) fn array_new(&mut self, ty: TypeIndex) {
        let (value, length) = self.pop2();
        let element = self.element_slot(ty);
        let array = self.gc_alloc_array(ty, element, length);
        let value = match element {
            Slot::Function => self.id_of_function(value),
            _ => value,
        };
        if element == Slot::Bits128 {
            let start = i64::from(ArrayLayout { element }.start());
            let start = self.builder.ins().iadd_imm_u(array, start);
            let end = self.gc_array_place(array, element, length);
            self.initialize_range(start, end.offset, element, value);
        } else {
            let word = self.repeated(element, value);
            self.initialize_words(array, element, length, word);
        }
        self.push(array);
    }

    pub(super) fn array_new_default(&mut self, ty: TypeIndex) {
        let length = self.pop();
        let element = self.element_slot(ty);
        let array = self.gc_alloc_array(ty, element, length);
        let zero = self.builder.ins().iconst(types::I64, 0);
        self.initialize_words(array, element, length, zero);
        self.push(array);
    }

    pub(super) fn array_new_fixed(&mut self, ty: TypeIndex, length: u32) {
        let element = self.element_slot(ty);
        let start = self.extend_top(length as usize);
        let length = self.builtin_index(length);
        let array = self.gc_alloc_array(ty, element, length);
        let mut offset = ArrayLayout { element }.start();
        for i in start..self.operands.len() {
            let value = self.operands[i];
            self.gc_initialize(array, offset, element, value);
            offset += element.size();
        }
        self.operands.truncate(start);
        self.push(array);
    }

    /// A value in each element of a word of 64 bits.
    fn repeated(&mut self, element: Slot, value: Value) -> Value {
        let value = match self.builder.func.dfg.value_type(value) {
            types::F32 => access::bitcast(self.builder.ins(), types::I32, value),
            types::F64 => access::bitcast(self.builder.ins(), types::I64, value),
            _ => value,
        };
        if self.builder.func.dfg.value_type(value) == types::I64 {
            return value;
        }
        let word = self.builder.ins().uextend(types::I64, value);
        let (mask, factor) = match element {
            Slot::I8 => (0xff, 0x0101_0101_0101_0101),
            Slot::I16 => (0xffff, 0x0001_0001_0001_0001),
            _ => (0xffff_ffff, 0x0000_0001_0000_0001),
        };
        let lowest = self.builder.ins().band_imm_u(word, mask);
        self.builder.ins().imul_imm_u(lowest, factor)
    }

    /// Writes a word all over the elements of a new array, up to the end of the object.
    fn initialize_words(&mut self, array: Value, element: Slot, length: Value, word: Value) {
        let layout = ArrayLayout { element };
        let mut start = layout.start();
        if !start.is_multiple_of(ALIGN) {
            let half = self.builder.ins().ireduce(types::I32, word);
            self.gc_initialize(array, start, Slot::Bits32, half);
            start += 4;
        }
        // It fits: the allocation has succeeded.
        let end = self.gc_array_place(array, element, length).offset;
        let end = self.builder.ins().iadd_imm_u(end, i64::from(ALIGN - 1));
        let end = self.builder.ins().band_imm_s(end, -i64::from(ALIGN));
        let start = self.builder.ins().iadd_imm_u(array, i64::from(start));
        self.initialize_range(start, end, Slot::Bits64, word);
    }

    /// Writes a value to all places of a new object from `start` to `end`.
    pub(super) fn initialize_range(&mut self, start: Value, end: Value, slot: Slot, value: Value) {
        self.for_places(start, end, slot, |this, place| {
            this.gc_initialize(place, 0, slot, value);
        });
    }

    /// A loop over the places of an object from `start` to `end`. Its body has no calls.
    fn for_places(
        &mut self,
        start: Value,
        end: Value,
        slot: Slot,
        body: impl FnOnce(&mut Self, Value),
    ) {
        let header = self.builder.create_block();
        let inner = self.builder.create_block();
        let done = self.builder.create_block();
        let place = self.builder.append_block_param(header, HANDLE);
        self.builder.ins().jump(header, &[BlockArg::Value(start)]);
        self.builder.switch_to_block(header);
        let ins = self.builder.ins();
        let more = ins.icmp(IntCC::UnsignedLessThan, place, end);
        self.builder.ins().brif(more, inner, &[], done, &[]);
        self.continue_in(inner);
        body(self, place);
        let size = i64::from(slot.size());
        let next = self.builder.ins().iadd_imm_u(place, size);
        self.builder.ins().jump(header, &[BlockArg::Value(next)]);
        self.builder.seal_block(header);
        self.continue_in(done);
    }

    pub(super) fn array_get(&mut self, ty: TypeIndex, signed: bool) {
        let index = self.pop();
        let array = self.pop_object();
        let element_type = self.env.info.array_type(ty).element;
        let place = self.gc_array_element(array, element_type.into(), index);
        let value = self.read(place, 0, element_type, signed);
        self.push(value);
    }

    pub(super) fn array_set(&mut self, ty: TypeIndex) {
        let (index, value) = self.pop2();
        let array = self.pop_object();
        let element = self.element_slot(ty);
        let place = self.gc_array_element(array, element, index);
        self.gc_store(place, 0, element, value);
    }

    pub(super) fn array_len(&mut self) {
        let array = self.pop_object();
        let length = self.gc_array_length(array);
        self.push(length);
    }

    pub(super) fn array_fill(&mut self, ty: TypeIndex) {
        let (index, value, count) = self.pop3();
        let array = self.pop_object();
        let (element, value) = match self.element_slot(ty) {
            Slot::Function => (Slot::Bits32, self.id_of_function(value)),
            element => (element, value),
        };
        let length = self.gc_array_length(array);
        let wide = |this: &mut Self, value| this.builder.ins().uextend(types::I64, value);
        let (first, many, most) = (wide(self, index), wide(self, count), wide(self, length));
        let behind = self.builder.ins().iadd(first, many);
        let ins = self.builder.ins();
        let outside = ins.icmp(IntCC::UnsignedGreaterThan, behind, most);
        self.trap_if(outside, Trap::ArrayOutOfBounds);
        let start = self.gc_array_place(array.offset, element, index);
        let behind = self.builder.ins().iadd(index, count);
        let end = self.gc_array_place(array.offset, element, behind);
        self.for_places(start.offset, end.offset, element, |this, offset| {
            let place = Object {
                offset,
                nullable: false,
            };
            this.gc_store(place, 0, element, value);
        });
    }

    pub(super) fn array_copy(&mut self) {
        let (src, src_index, count) = self.pop3();
        let (dst, dst_index) = self.pop2();
        let arguments = [dst, dst_index, src, src_index, count];
        self.call_builtin(Builtin::array_copy, &arguments);
    }

    pub(super) fn array_new_data(&mut self, ty: u32, data: u32) {
        self.array_of_segment(Builtin::array_new_data, ty, data);
    }

    pub(super) fn array_new_elem(&mut self, ty: u32, element: u32) {
        self.array_of_segment(Builtin::array_new_elem, ty, element);
    }

    fn array_of_segment(&mut self, builtin: Builtin, ty: u32, segment: u32) {
        let (start, length) = self.pop2();
        let (ty, segment) = (self.builtin_index(ty), self.builtin_index(segment));
        let array = self.call_builtin(builtin, &[ty, segment, start, length]);
        let array = array.expect("it has a result");
        let array = self.builder.ins().ireduce(HANDLE, array);
        self.push(array);
    }

    pub(super) fn array_init_data(&mut self, data: u32) {
        self.write_segment(Builtin::array_init_data, data);
    }

    pub(super) fn array_init_elem(&mut self, element: u32) {
        self.write_segment(Builtin::array_init_elem, element);
    }

    fn write_segment(&mut self, builtin: Builtin, segment: u32) {
        let (index, start, count) = self.pop3();
        let array = self.pop();
        let segment = self.builtin_index(segment);
        let arguments = [array, index, segment, start, count];
        self.call_builtin(builtin, &arguments);
    }
}
