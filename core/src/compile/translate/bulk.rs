//! Copying and filling memory.
//!
//! What is short and of constant length is done in line. All of it is loaded before any of it is
//! stored, so ranges may overlap; and the end is stored first, so that a range that is partly out of
//! bounds faults before anything has changed.

use super::address::Address;
use super::function::Translator;
use crate::abi::builtins::Builtin;
use crate::module::{IndexType, MemoryIndex};
use cranelift_codegen::ir::immediates::Offset32;
use cranelift_codegen::ir::{self, InstBuilder, Opcode, Value, types};

/// The longest range that is copied or filled in line, in bytes.
const MAX_INLINE: u64 = 128;

/// How a range of a length from 1 to `MAX_INLINE` is covered: accesses of one width, of which the
/// last may overlap the one before.
#[derive(Clone, Copy)]
struct Chunks {
    ty: ir::Type,
    width: u64,
    length: u64,
}

impl Chunks {
    fn new(length: u64) -> Self {
        let (ty, width) = match length {
            16.. => (types::I8X16, 16),
            8.. => (types::I64, 8),
            4.. => (types::I32, 4),
            2.. => (types::I16, 2),
            _ => (types::I8, 1),
        };
        Self { ty, width, length }
    }

    /// Where the accesses begin, from the last to the first.
    fn offsets(self) -> impl Iterator<Item = i32> {
        let whole = self.length / self.width;
        let rest = (!self.length.is_multiple_of(self.width)).then_some(self.length - self.width);
        let whole = (0..whole).rev().map(move |i| i * self.width);
        rest.into_iter().chain(whole).map(|offset| offset as i32)
    }
}

impl Translator<'_, '_> {
    pub(super) fn memory_copy(&mut self, dst_index: u32, src_index: u32) {
        let dst_memory = self.memory(MemoryIndex::from_u32(dst_index));
        let src_memory = self.memory(MemoryIndex::from_u32(src_index));
        let (dst, src, length) = self.pop3();
        if let Some(length) = self.inline_length(length) {
            let Some(src) = self.address(&src_memory, src, 0, length) else {
                return;
            };
            let Some(dst) = self.address(&dst_memory, dst, 0, length) else {
                return;
            };
            self.copy_inline(dst, src, Chunks::new(length));
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
        if let Some(length) = self.inline_length(length) {
            if let Some(dst) = self.address(&memory, dst, 0, length) {
                self.fill_inline(dst, value, Chunks::new(length));
            }
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
    fn inline_length(&self, length: Value) -> Option<u64> {
        self.constant(length)
            .filter(|length| (1..=MAX_INLINE).contains(length))
    }

    fn copy_inline(&mut self, dst: Address, src: Address, chunks: Chunks) {
        self.arguments.clear();
        for offset in chunks.offsets() {
            let offset = Offset32::new(src.offset + offset);
            let ins = self.builder.ins();
            let (load, dfg) = ins.Load(Opcode::Load, chunks.ty, src.flags, offset, src.base);
            self.arguments.push(dfg.first_result(load));
        }
        for (i, offset) in chunks.offsets().enumerate() {
            let value = self.arguments[i];
            self.store_chunk(dst, offset, value, chunks.ty);
        }
    }

    fn fill_inline(&mut self, dst: Address, value: Value, chunks: Chunks) {
        let value = self.repeated_byte(value, chunks);
        for offset in chunks.offsets() {
            self.store_chunk(dst, offset, value, chunks.ty);
        }
    }

    fn store_chunk(&mut self, dst: Address, offset: i32, value: Value, ty: ir::Type) {
        let offset = Offset32::new(dst.offset + offset);
        let ins = self.builder.ins();
        ins.Store(Opcode::Store, ty, dst.flags, offset, value, dst.base);
    }

    /// A value whose bytes are all the lowest one of an `i32`.
    fn repeated_byte(&mut self, value: Value, chunks: Chunks) -> Value {
        let ty = chunks.ty;
        if let Some(byte) = self.constant(value) {
            let byte = byte as u8;
            if ty == types::I8X16 {
                let bytes = [byte; 16].as_slice().into();
                let bytes = self.builder.func.dfg.constants.insert(bytes);
                return self.builder.ins().vconst(ty, bytes);
            }
            let all = u64::from_le_bytes([byte; 8]) >> (64 - 8 * chunks.width);
            return self.builder.ins().iconst(ty, all as i64);
        }
        let byte = self.builder.ins().ireduce(types::I8, value);
        match chunks.width {
            1 => byte,
            16 => self.builder.ins().splat(ty, byte),
            width => {
                let ones = u64::from_le_bytes([1; 8]) >> (64 - 8 * width);
                let byte = self.builder.ins().uextend(ty, byte);
                self.builder.ins().imul_imm_u(byte, ones as i64)
            }
        }
    }
}
