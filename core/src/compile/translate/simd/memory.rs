//! Loads and stores of vectors and lanes.

use crate::compile::operators::VectorAccess;
use crate::compile::translate::function::Translator;
use crate::compile::translate::types::{POINTER, VECTOR};
use cranelift_codegen::ir::types::{I8X16, I16X8, I32X4, I64X2};
use cranelift_codegen::ir::{InstBuilder, Opcode, Type};
use wasmparser::MemArg;

impl Translator<'_, '_> {
    /// Translates a load or a store.
    pub(super) fn vector_access(&mut self, operator: VectorAccess<'_>) {
        match operator {
            VectorAccess::V128Load { memarg } => self.load(*memarg, Opcode::Load, VECTOR, 16),
            // These have one type each: what they are told is the address's.
            VectorAccess::V128Load8x8S { memarg } => {
                self.load(*memarg, Opcode::Sload8x8, POINTER, 8)
            }
            VectorAccess::V128Load8x8U { memarg } => {
                self.load(*memarg, Opcode::Uload8x8, POINTER, 8)
            }
            VectorAccess::V128Load16x4S { memarg } => {
                self.load(*memarg, Opcode::Sload16x4, POINTER, 8)
            }
            VectorAccess::V128Load16x4U { memarg } => {
                self.load(*memarg, Opcode::Uload16x4, POINTER, 8)
            }
            VectorAccess::V128Load32x2S { memarg } => {
                self.load(*memarg, Opcode::Sload32x2, POINTER, 8)
            }
            VectorAccess::V128Load32x2U { memarg } => {
                self.load(*memarg, Opcode::Uload32x2, POINTER, 8)
            }
            VectorAccess::V128Load8Splat { memarg } => self.load_splat(*memarg, I8X16),
            VectorAccess::V128Load16Splat { memarg } => self.load_splat(*memarg, I16X8),
            VectorAccess::V128Load32Splat { memarg } => self.load_splat(*memarg, I32X4),
            VectorAccess::V128Load64Splat { memarg } => self.load_splat(*memarg, I64X2),
            VectorAccess::V128Load32Zero { memarg } => self.load_zero(*memarg, I32X4),
            VectorAccess::V128Load64Zero { memarg } => self.load_zero(*memarg, I64X2),
            VectorAccess::V128Load8Lane { memarg, lane } => self.load_lane(*memarg, I8X16, *lane),
            VectorAccess::V128Load16Lane { memarg, lane } => self.load_lane(*memarg, I16X8, *lane),
            VectorAccess::V128Load32Lane { memarg, lane } => self.load_lane(*memarg, I32X4, *lane),
            VectorAccess::V128Load64Lane { memarg, lane } => self.load_lane(*memarg, I64X2, *lane),
            VectorAccess::V128Store { memarg } => {
                // Of the same type as loads, so that the optimiser sees that they meet.
                self.extend_top(1);
                self.store(*memarg, Opcode::Store, 16);
            }
            VectorAccess::V128Store8Lane { memarg, lane } => self.store_lane(*memarg, I8X16, *lane),
            VectorAccess::V128Store16Lane { memarg, lane } => {
                self.store_lane(*memarg, I16X8, *lane)
            }
            VectorAccess::V128Store32Lane { memarg, lane } => {
                self.store_lane(*memarg, I32X4, *lane)
            }
            VectorAccess::V128Store64Lane { memarg, lane } => {
                self.store_lane(*memarg, I64X2, *lane)
            }
        }
    }

    fn load_splat(&mut self, memarg: MemArg, lanes: Type) {
        let (lane, size) = lane(lanes);
        if let Some(value) = self.load_value(memarg, Opcode::Load, lane, size) {
            let value = self.builder.ins().splat(lanes, value);
            self.push(value);
        }
    }

    fn load_zero(&mut self, memarg: MemArg, lanes: Type) {
        let (lane, size) = lane(lanes);
        if let Some(value) = self.load_value(memarg, Opcode::Load, lane, size) {
            let value = self.builder.ins().scalar_to_vector(lanes, value);
            self.push(value);
        }
    }

    fn load_lane(&mut self, memarg: MemArg, lanes: Type, index: u8) {
        let vector = self.pop_vector(lanes);
        let (lane, size) = lane(lanes);
        if let Some(value) = self.load_value(memarg, Opcode::Load, lane, size) {
            let vector = self.builder.ins().insertlane(vector, value, index);
            self.push(vector);
        }
    }

    fn store_lane(&mut self, memarg: MemArg, lanes: Type, index: u8) {
        let value = self.pop_lane(lanes, index);
        let (_, size) = lane(lanes);
        self.store_value(memarg, Opcode::Store, size, value);
    }
}

/// The type of a lane, and its size in bytes.
fn lane(lanes: Type) -> (Type, u64) {
    let lane = lanes.lane_type();
    (lane, lane.bytes().into())
}
