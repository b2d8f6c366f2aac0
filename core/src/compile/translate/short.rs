//! Short ranges of memory, copied and filled without a call of the runtime.
//!
//! All of a range is loaded before any of it is stored, so ranges may overlap; and its end is stored
//! first, or touched before, so that a range that is partly out of bounds faults before anything has
//! changed.

use super::access::{load_by, store_by};
use super::address::{Address, Memory};
use super::function::Translator;
use super::runtime::Place;
use super::types::POINTER;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{self, Block, InstBuilder, Opcode, Value, types};

/// The longest range of constant length that is written in line, in bytes. An [`Address`] leaves room
/// for offsets up to this.
pub(super) const MAX_CONSTANT: u64 = 128;

/// The longest range of another length that counts as short, in bytes.
pub(super) const MAX_SHORT: u64 = 128;

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

impl Chunk {
    /// Where it lies in a range that begins at a place.
    fn of(self, range: Place) -> Place {
        Place {
            offset: range.offset + self.offset,
            ..range
        }
    }
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
        if length > 1 {
            self.probe(dst, length as i32 - 1);
        }
        for (i, chunk) in chunks(length).enumerate() {
            self.store_chunk(dst, chunk, self.arguments[i]);
        }
    }

    /// Faults if the last byte of a range is out of bounds, on machines whose stores over the border
    /// of a page may write one part of it before the other faults (Arm ARM, "Requirements for
    /// single-copy atomicity": a store that is not aligned is several accesses).
    fn probe(&mut self, dst: Address, last: i32) {
        let faults = dst.access.may_fault(&self.builder.func.dfg);
        if faults && self.is_aarch64() {
            let chunk = Chunk {
                offset: last,
                ty: types::I8,
            };
            self.chunk(Source::Memory(dst), chunk);
        }
    }

    /// The address of up to `MAX_SHORT` bytes, where these need no check.
    pub(super) fn short_address(&mut self, memory: &Memory, index: Value) -> Option<Address> {
        if self.needs_no_check(memory, MAX_SHORT) {
            self.address(memory, index, 0, MAX_SHORT)
        } else {
            None
        }
    }

    /// Writes a range of 1 to `MAX_SHORT` bytes, and returns. For other lengths, code goes on here.
    pub(super) fn write_if_short(&mut self, dst: Address, source: Source, length: Value) {
        // Zero is not short: the builtin checks where nothing is written to.
        let last = self.builder.ins().iadd_imm_s(length, -1);
        // However code speculates, the range stays within reach.
        let max = MAX_SHORT as i64;
        let masked = self.builder.ins().band_imm_u(length, 2 * max - 1);
        let length = self.builder.ins().uextend(POINTER, masked);
        let dst_end = self.plus(dst, length);
        let source_end = self.source_plus(source, length);
        // Accesses from the begin and as many from the end, which overlap unless the length is twice
        // what either takes.
        let write = |translator: &mut Self, ty: ir::Type, count: i32| {
            let width = ty.bytes() as i32;
            let begin = (0..count).map(|i| Chunk {
                offset: i * width,
                ty,
            });
            let end = (1..=count).map(|i| Chunk {
                offset: -i * width,
                ty,
            });
            translator.arguments.clear();
            for (source, chunk) in end
                .clone()
                .map(|c| (source_end, c))
                .chain(begin.clone().map(|c| (source, c)))
            {
                let value = translator.chunk(source, chunk);
                translator.arguments.push(value);
            }
            translator.probe(dst_end, -1);
            let chunks = end.map(|c| (dst_end, c)).chain(begin.map(|c| (dst, c)));
            for (i, (dst, chunk)) in chunks.enumerate() {
                translator.store_chunk(dst, chunk, translator.arguments[i]);
            }
            translator.builder.ins().return_(&[]);
        };

        let longer = self.below(last, 16);
        let at_least_8 = self.below(length, 8);
        let at_least_4 = self.below(length, 4);
        // One to three bytes: the first, the one in the middle and the last.
        let half = self.builder.ins().ushr_imm_u(length, 1);
        let (dst_half, source_half) = (self.plus(dst, half), self.source_plus(source, half));
        let ty = types::I8;
        let here = Chunk { offset: 0, ty };
        let before = Chunk { offset: -1, ty };
        let values = [(source_end, before), (source_half, here), (source, here)]
            .map(|(source, chunk)| self.chunk(source, chunk));
        let places = [(dst_end, before), (dst_half, here), (dst, here)];
        for ((dst, chunk), value) in places.into_iter().zip(values) {
            self.store_chunk(dst, chunk, value);
        }
        self.builder.ins().return_(&[]);
        self.builder.switch_to_block(at_least_4);
        write(self, types::I32, 1);
        self.builder.switch_to_block(at_least_8);
        write(self, types::I64, 1);

        self.builder.switch_to_block(longer);
        let long = self.below(last, max);
        let at_least_32 = self.below(length, 32);
        write(self, types::I8X16, 1);
        self.builder.switch_to_block(at_least_32);
        let at_least_64 = self.below(length, 64);
        write(self, types::I8X16, 2);
        self.builder.switch_to_block(at_least_64);
        write(self, types::I8X16, 4);
        self.builder.switch_to_block(long);
    }

    /// Goes on in a new block if a length is below a limit, or else in the block returned.
    fn below(&mut self, length: Value, limit: i64) -> Block {
        let next = self.builder.create_block();
        let otherwise = self.builder.create_block();
        let ins = self.builder.ins();
        let below = ins.icmp_imm_u(IntCC::UnsignedLessThan, length, limit);
        self.builder.ins().brif(below, next, &[], otherwise, &[]);
        self.builder.seal_block(next);
        self.builder.seal_block(otherwise);
        self.builder.switch_to_block(next);
        otherwise
    }

    fn plus(&mut self, address: Address, distance: Value) -> Address {
        let place = Place {
            base: self.builder.ins().iadd(address.place.base, distance),
            ..address.place
        };
        Address { place, ..address }
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
                let place = chunk.of(src.place);
                load_by(
                    self.builder.ins(),
                    Opcode::Load,
                    src.access,
                    chunk.ty,
                    place,
                )
            }
            Source::Byte(value) => self.repeated_byte(value, chunk.ty),
        }
    }

    fn store_chunk(&mut self, dst: Address, chunk: Chunk, value: Value) {
        let place = chunk.of(dst.place);
        store_by(self.builder.ins(), Opcode::Store, dst.access, value, place);
    }

    /// A value whose bytes are all the lowest one of an `i32`.
    fn repeated_byte(&mut self, value: Value, ty: ir::Type) -> Value {
        let width = ty.bytes();
        if let Some(byte) = self.constant(value) {
            let byte = byte as u8;
            if ty == types::I8X16 {
                return self.vector_constant(ty, [byte; 16]);
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
