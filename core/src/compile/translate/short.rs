//! Short ranges of memory, copied and filled in line.
//!
//! All of a range is loaded before any of it is stored, so ranges may overlap; and its end is stored
//! first, so that a range that is partly out of bounds faults before anything has changed.

use super::address::{Address, Memory};
use super::function::Translator;
use super::types::POINTER;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::immediates::Offset32;
use cranelift_codegen::ir::{self, Block, InstBuilder, Opcode, Value, types};

/// The longest range of constant length that is written in line, in bytes. An [`Address`] leaves room
/// for offsets up to this.
pub(super) const MAX_CONSTANT: u64 = 128;

/// The longest range of another length that is written in line, in bytes: twice the widest access.
pub(super) const MAX_SHORT: u64 = 32;

/// What is written.
#[derive(Clone, Copy)]
pub(super) enum Source {
    /// What lies there.
    Memory(Address),
    /// The lowest byte of an `i32`, again and again.
    Byte(Value),
}

/// One access of several that cover a range.
#[derive(Clone, Copy)]
struct Chunk {
    offset: i32,
    ty: ir::Type,
}

/// Covers a range of a length from 1 to `MAX_CONSTANT`, from its end to its begin.
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
    /// Writes a range of constant length.
    pub(super) fn write(&mut self, dst: Address, source: Source, length: u64) {
        self.arguments.clear();
        for chunk in chunks(length) {
            let value = self.chunk(source, chunk);
            self.arguments.push(value);
        }
        for (i, chunk) in chunks(length).enumerate() {
            self.store_chunk(dst, chunk, self.arguments[i]);
        }
    }

    /// Writes a range of 1 to `MAX_SHORT` bytes that needs no check, and goes to the block returned.
    /// For other lengths, code goes on here.
    pub(super) fn write_if_short(
        &mut self,
        memory: &Memory,
        dst: Value,
        source: Source,
        length: Value,
    ) -> Option<Block> {
        let dst = self.address(memory, dst, 0, MAX_SHORT)?;
        let done = self.builder.create_block();
        let long = self.builder.create_block();
        self.builder.set_cold_block(long);
        // Zero is not short: the builtin checks where nothing is written to.
        let last = self.builder.ins().iadd_imm_s(length, -1);
        let max = MAX_SHORT as i64;
        let ins = self.builder.ins();
        let is_short = ins.icmp_imm_u(IntCC::UnsignedLessThan, last, max);
        self.continue_if(is_short, long);
        // However code speculates, the range stays within reach.
        let length = self.builder.ins().band_imm_u(length, 2 * max - 1);
        let length = self.builder.ins().uextend(POINTER, length);
        let dst_end = self.plus(dst, length);
        let source_end = self.source_plus(source, length);
        for ty in [types::I8X16, types::I64, types::I32] {
            // Two accesses, that overlap unless the length is twice the width.
            let width = ty.bytes() as i32;
            let shorter = self.builder.create_block();
            let ins = self.builder.ins();
            let fits = ins.icmp_imm_u(IntCC::UnsignedGreaterThanOrEqual, length, i64::from(width));
            self.continue_if(fits, shorter);
            let begin = Chunk { offset: 0, ty };
            let end = Chunk { offset: -width, ty };
            let first = self.chunk(source, begin);
            let last = self.chunk(source_end, end);
            self.store_chunk(dst_end, end, last);
            self.store_chunk(dst, begin, first);
            self.builder.ins().jump(done, &[]);
            self.builder.seal_block(shorter);
            self.builder.switch_to_block(shorter);
        }
        // One to three bytes: the first, the one in the middle and the last.
        let half = self.builder.ins().ushr_imm_u(length, 1);
        let dst_half = self.plus(dst, half);
        let source_half = self.source_plus(source, half);
        let ty = types::I8;
        let here = Chunk { offset: 0, ty };
        let before = Chunk { offset: -1, ty };
        let first = self.chunk(source, here);
        let middle = self.chunk(source_half, here);
        let last = self.chunk(source_end, before);
        self.store_chunk(dst_end, before, last);
        self.store_chunk(dst_half, here, middle);
        self.store_chunk(dst, here, first);
        self.builder.ins().jump(done, &[]);
        self.builder.seal_block(long);
        self.builder.switch_to_block(long);
        Some(done)
    }

    /// Goes on in a new block, or else in `otherwise`.
    fn continue_if(&mut self, condition: Value, otherwise: Block) {
        let next = self.builder.create_block();
        let ins = self.builder.ins();
        ins.brif(condition, next, &[], otherwise, &[]);
        self.builder.seal_block(next);
        self.builder.switch_to_block(next);
    }

    fn plus(&mut self, address: Address, distance: Value) -> Address {
        Address {
            base: self.builder.ins().iadd(address.base, distance),
            ..address
        }
    }

    fn source_plus(&mut self, source: Source, distance: Value) -> Source {
        match source {
            Source::Memory(address) => Source::Memory(self.plus(address, distance)),
            Source::Byte(_) => source,
        }
    }

    fn chunk(&mut self, source: Source, chunk: Chunk) -> Value {
        match source {
            Source::Memory(src) => {
                let offset = Offset32::new(src.offset + chunk.offset);
                let ins = self.builder.ins();
                let (load, dfg) = ins.Load(Opcode::Load, chunk.ty, src.flags, offset, src.base);
                dfg.first_result(load)
            }
            Source::Byte(value) => self.repeated_byte(value, chunk.ty),
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
        for length in 1..=MAX_CONSTANT {
            let mut covered = [false; MAX_CONSTANT as usize];
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
