//! Copying, filling and initialising memory.
//!
//! Ranges of short constant length are written in line (see `short`), others by shared functions (see
//! `helper`) or builtins.

use super::function::Translator;
use super::helper::Helper;
use super::short::{MAX_CONSTANT, MAX_SHORT, Source};
use crate::abi::builtins::Builtin;
use crate::module::{IndexType, MemoryIndex};
use cranelift_codegen::ir::Value;

impl Translator<'_, '_> {
    pub(super) fn memory_copy(&mut self, dst_index: u32, src_index: u32) {
        let dst_memory = self.memory(MemoryIndex::from_u32(dst_index));
        let src_memory = self.memory(MemoryIndex::from_u32(src_index));
        let (dst, src, length) = self.pop3();
        if let Some(length) = self.constant_length(length) {
            if let Some(src) = self.address(&src_memory, src, 0, length)
                && let Some(dst) = self.address(&dst_memory, dst, 0, length)
            {
                self.write(dst, Source::Memory(src), length);
            }
            return;
        }
        if dst_index == 0 && src_index == 0 && self.needs_no_check(&dst_memory, MAX_SHORT) {
            self.call_helper(Helper::MemoryCopy, [dst, src, length]);
            return;
        }
        let dst = self.index_to_64(dst, dst_memory.index_type);
        let src = self.index_to_64(src, src_memory.index_type);
        let length_type = match (dst_memory.index_type, src_memory.index_type) {
            (IndexType::I64, IndexType::I64) => IndexType::I64,
            _ => IndexType::I32,
        };
        let length = self.index_to_64(length, length_type);
        let dst_index = self.builtin_index(dst_index);
        let src_index = self.builtin_index(src_index);
        let arguments = [dst_index, dst, src_index, src, length];
        self.call_builtin(Builtin::memory_copy, &arguments);
    }

    pub(super) fn memory_fill(&mut self, index: u32) {
        let memory = self.memory(MemoryIndex::from_u32(index));
        let (dst, value, length) = self.pop3();
        if let Some(length) = self.constant_length(length) {
            if let Some(dst) = self.address(&memory, dst, 0, length) {
                self.write(dst, Source::Byte(value), length);
            }
            return;
        }
        if index == 0 && self.needs_no_check(&memory, MAX_SHORT) {
            self.call_helper(Helper::MemoryFill, [dst, value, length]);
            return;
        }
        let dst = self.index_to_64(dst, memory.index_type);
        let length = self.index_to_64(length, memory.index_type);
        let index = self.builtin_index(index);
        self.call_builtin(Builtin::memory_fill, &[index, dst, value, length]);
    }

    pub(super) fn memory_init(&mut self, index: u32, data: u32) {
        let memory = self.memory(MemoryIndex::from_u32(index));
        let (dst, src, length) = self.pop3();
        let dst = self.index_to_64(dst, memory.index_type);
        let src = self.index_to_64(src, IndexType::I32);
        let length = self.index_to_64(length, IndexType::I32);
        let index = self.builtin_index(index);
        let data = self.builtin_index(data);
        self.call_builtin(Builtin::memory_init, &[index, data, dst, src, length]);
    }

    pub(super) fn data_drop(&mut self, data: u32) {
        let data = self.builtin_index(data);
        self.call_builtin(Builtin::data_drop, &[data]);
    }

    /// The length if it is constant and short. Ranges of no length are checked by the builtin.
    fn constant_length(&self, length: Value) -> Option<u64> {
        self.constant(length)
            .filter(|length| (1..=MAX_CONSTANT).contains(length))
    }
}
