//! Operators on structs.

use super::Translator;
use crate::abi::gc::{ALIGN, Field, Slot, StructLayout, object};
use crate::module::{FieldType, TypeIndex};
use cranelift_codegen::ir::{InstBuilder, types};

/// Structs of default values up to this size in bytes are written word by word; a loop does others.
const MAX_UNROLLED: u32 = 128;

impl<'a> Translator<'a, '_> {
    fn layout(&self, ty: TypeIndex) -> &'a StructLayout {
        self.env.types.struct_layout(ty)
    }

    fn field(&self, ty: TypeIndex, index: u32) -> (Field, FieldType) {
        let index = index as usize;
        let field = self.layout(ty).fields[index];
        (field, self.env.info.struct_type(ty).fields[index])
    }

    pub(super) fn struct_new(&mut self, ty: TypeIndex) {
        let layout = self.layout(ty);
        let start = self.extend_top(layout.fields.len());
        let object = self.gc_alloc(ty, layout);
        for (i, field) in layout.fields.iter().enumerate() {
            let value = self.operands[start + i];
            self.gc_initialize(object, field.offset, field.slot, value);
        }
        self.operands.truncate(start);
        self.push(object);
    }

    pub(super) fn struct_new_default(&mut self, ty: TypeIndex) {
        let layout = self.layout(ty);
        let new = self.gc_alloc(ty, layout);
        let zero = self.builder.ins().iconst(types::I64, 0);
        if layout.size <= MAX_UNROLLED {
            for offset in (object::SIZE..layout.size).step_by(ALIGN as usize) {
                self.gc_initialize(new, offset, Slot::Bits64, zero);
            }
        } else {
            let add = |this: &mut Self, by: u32| this.builder.ins().iadd_imm_u(new, i64::from(by));
            let (start, end) = (add(self, object::SIZE), add(self, layout.size));
            self.initialize_range(start, end, Slot::Bits64, zero);
        }
        self.push(new);
    }

    pub(super) fn struct_get(&mut self, ty: TypeIndex, index: u32, signed: bool) {
        let (field, field_type) = self.field(ty, index);
        let object = self.pop_object();
        let value = self.read(object, field.offset, field_type, signed);
        self.push(value);
    }

    pub(super) fn struct_set(&mut self, ty: TypeIndex, index: u32) {
        let (field, _) = self.field(ty, index);
        let value = self.pop();
        let object = self.pop_object();
        self.gc_store(object, field.offset, field.slot, value);
    }
}
