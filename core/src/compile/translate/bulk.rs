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

/// One access of several that cover a range.
#[derive(Clone, Copy)]
struct Chunk {
    offset: i32,
    ty: ir::Type,
}

/// Covers a range of a length from 1 to `MAX_INLINE`, from its end to its begin.
///
/// Accesses are as wide as the length allows. The rest takes a narrower one where its length is that
/// of a type (an offset that is a multiple of the width is an operand of the instruction on AArch64),
/// or one that overlaps the one before.
fn chunks(length: u64) -> impl Iterator<Item = Chunk> {
    let widest = [types::I8X16, types::I64, types::I32, types::I16, types::I8]
        .into_iter()
        .find(|ty| u64::from(ty.bytes()) <= length)
        .unwrap_or(types::I8);
    let width = u64::from(widest.bytes());
    let rest = match length % width {
        0 => None,
        1 => Some((length - 1, types::I8)),
        2 => Some((length - 2, types::I16)),
        4 => Some((length - 4, types::I32)),
        8 => Some((length - 8, types::I64)),
        _ => Some((length - width, widest)),
    };
    let whole = (0..length / width).rev().map(move |i| (i * width, widest));
    rest.into_iter().chain(whole).map(|(offset, ty)| Chunk {
        offset: offset as i32,
        ty,
    })
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
            self.copy_inline(dst, src, length);
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
                self.fill_inline(dst, value, length);
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

    fn copy_inline(&mut self, dst: Address, src: Address, length: u64) {
        self.arguments.clear();
        for chunk in chunks(length) {
            let offset = Offset32::new(src.offset + chunk.offset);
            let ins = self.builder.ins();
            let (load, dfg) = ins.Load(Opcode::Load, chunk.ty, src.flags, offset, src.base);
            self.arguments.push(dfg.first_result(load));
        }
        for (i, chunk) in chunks(length).enumerate() {
            self.store_chunk(dst, chunk, self.arguments[i]);
        }
    }

    fn fill_inline(&mut self, dst: Address, value: Value, length: u64) {
        for chunk in chunks(length) {
            let value = self.repeated_byte(value, chunk.ty);
            self.store_chunk(dst, chunk, value);
        }
    }

    fn store_chunk(&mut self, dst: Address, chunk: Chunk, value: Value) {
        let offset = Offset32::new(dst.offset + chunk.offset);
        let ins = self.builder.ins();
        ins.Store(Opcode::Store, chunk.ty, dst.flags, offset, value, dst.base);
    }

    /// A value whose bytes are all the lowest one of an `i32`.
    fn repeated_byte(&mut self, value: Value, ty: ir::Type) -> Value {
        let width = ty.bytes();
        if let Some(byte) = self.constant(value) {
            let byte = byte as u8;
            if ty == types::I8X16 {
                let bytes = [byte; 16].as_slice().into();
                let bytes = self.builder.func.dfg.constants.insert(bytes);
                return self.builder.ins().vconst(ty, bytes);
            }
            let all = u64::from_le_bytes([byte; 8]) >> (64 - 8 * width);
            return self.builder.ins().iconst(ty, all as i64);
        }
        let byte = self.builder.ins().ireduce(types::I8, value);
        match width {
            1 => byte,
            16 => self.builder.ins().splat(ty, byte),
            _ => {
                let ones = u64::from_le_bytes([1; 8]) >> (64 - 8 * width);
                let byte = self.builder.ins().uextend(ty, byte);
                self.builder.ins().imul_imm_u(byte, ones as i64)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_cover_all_and_end_first() {
        for length in 1..=MAX_INLINE {
            let mut covered = [false; MAX_INLINE as usize];
            for (i, chunk) in chunks(length).enumerate() {
                let range =
                    chunk.offset as usize..chunk.offset as usize + chunk.ty.bytes() as usize;
                assert_eq!(i == 0, range.end as u64 == length, "{length}");
                covered[range].fill(true);
            }
            assert!(covered[..length as usize].iter().all(|c| *c), "{length}");
            assert!(!covered[length as usize..].contains(&true), "{length}");
        }
    }
}
