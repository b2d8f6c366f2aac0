//! Loads, stores, and the size of memories.

use super::access::{load_by, store_by};
use super::function::Translator;
use crate::abi::builtins::Builtin;
use crate::module::MemoryIndex;
use cranelift_codegen::ir::{self, InstBuilder, Opcode, Value, types};
use wasmparser::MemArg;

impl Translator<'_, '_> {
    /// A load of `size` bytes into a value of type `ty`.
    pub(super) fn load(&mut self, memarg: MemArg, opcode: Opcode, ty: ir::Type, size: u64) {
        if let Some(value) = self.load_value(memarg, opcode, ty, size) {
            self.push(value);
        }
    }

    /// The same, for a value that does not become an operand as it is. `None`: it always traps.
    pub(super) fn load_value(
        &mut self,
        memarg: MemArg,
        opcode: Opcode,
        ty: ir::Type,
        size: u64,
    ) -> Option<Value> {
        let memory = self.memory(MemoryIndex::from_u32(memarg.memory));
        let index = self.pop();
        let address = self.address(&memory, index, memarg.offset, size)?;
        let ins = self.builder.ins();
        Some(load_by(ins, opcode, address.access, ty, address.place))
    }

    /// A store of `size` bytes.
    pub(super) fn store(&mut self, memarg: MemArg, opcode: Opcode, size: u64) {
        let (mut opcode, mut value) = (opcode, self.pop_condition());
        if self.builder.func.dfg.value_type(value) == types::I8 {
            if opcode == Opcode::Istore8 {
                opcode = Opcode::Store;
            } else {
                value = self.extended(value);
            }
        }
        self.store_value(memarg, opcode, size, value);
    }

    /// The same, for a value that is no operand.
    pub(super) fn store_value(&mut self, memarg: MemArg, opcode: Opcode, size: u64, value: Value) {
        let memory = self.memory(MemoryIndex::from_u32(memarg.memory));
        let index = self.pop();
        let Some(address) = self.address(&memory, index, memarg.offset, size) else {
            return;
        };
        let ins = self.builder.ins();
        store_by(ins, opcode, address.access, value, address.place);
    }

    pub(super) fn memory_size(&mut self, memory: u32) {
        let memory = self.memory(MemoryIndex::from_u32(memory));
        let length = match memory.shared {
            true => self.shared_length(&memory),
            false => self.memory_length(&memory),
        };
        let log2 = i64::from(memory.page_size_log2);
        let pages = self.builder.ins().ushr_imm_u(length, log2);
        let pages = self.index_from_64(pages, memory.index_type);
        self.push(pages);
    }

    pub(super) fn memory_grow(&mut self, index: u32) {
        let memory = self.memory(MemoryIndex::from_u32(index));
        let delta = self.pop();
        let delta = self.index_to_64(delta, memory.index_type);
        let index = self.builtin_index(index);
        self.extents_may_change();
        let old = self.call_builtin(Builtin::memory_grow, &[index, delta]);
        let old = self.index_from_64(old.expect("it has a result"), memory.index_type);
        self.push(old);
    }
}
