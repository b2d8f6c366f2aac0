//! Single lanes, and lanes in another order.

use crate::compile::operators::Lanes;
use crate::compile::translate::function::Translator;
use crate::compile::translate::types::VECTOR;
use cranelift_codegen::ir::types::{F32X4, F64X2, I8, I8X16, I16, I16X8, I32, I32X4, I64X2};
use cranelift_codegen::ir::{InstBuilder, Type, Value};

impl Translator<'_, '_> {
    /// Translates an operator on lanes.
    pub(super) fn on_lanes(&mut self, operator: Lanes<'_>) {
        match operator {
            Lanes::I8x16Splat => self.splat(I8X16),
            Lanes::I16x8Splat => self.splat(I16X8),
            Lanes::I32x4Splat => self.splat(I32X4),
            Lanes::I64x2Splat => self.splat(I64X2),
            Lanes::F32x4Splat => self.splat(F32X4),
            Lanes::F64x2Splat => self.splat(F64X2),
            Lanes::I8x16ExtractLaneS { lane } => self.extract_signed(I8X16, *lane),
            Lanes::I16x8ExtractLaneS { lane } => self.extract_signed(I16X8, *lane),
            // An operand of type `i8` stands for its zero-extension.
            Lanes::I8x16ExtractLaneU { lane } => self.extract(I8X16, *lane),
            Lanes::I16x8ExtractLaneU { lane } => {
                let value = self.pop_lane(I16X8, *lane);
                let value = self.builder.ins().uextend(I32, value);
                self.push(value);
            }
            Lanes::I32x4ExtractLane { lane } => self.extract(I32X4, *lane),
            Lanes::I64x2ExtractLane { lane } => self.extract(I64X2, *lane),
            Lanes::F32x4ExtractLane { lane } => self.extract(F32X4, *lane),
            Lanes::F64x2ExtractLane { lane } => self.extract(F64X2, *lane),
            Lanes::I8x16ReplaceLane { lane } => self.replace(I8X16, *lane),
            Lanes::I16x8ReplaceLane { lane } => self.replace(I16X8, *lane),
            Lanes::I32x4ReplaceLane { lane } => self.replace(I32X4, *lane),
            Lanes::I64x2ReplaceLane { lane } => self.replace(I64X2, *lane),
            Lanes::F32x4ReplaceLane { lane } => self.replace(F32X4, *lane),
            Lanes::F64x2ReplaceLane { lane } => self.replace(F64X2, *lane),
            Lanes::I8x16Shuffle { lanes } => self.shuffle(*lanes),
        }
    }

    fn splat(&mut self, lanes: Type) {
        let value = self.pop_as_lane(lanes.lane_type());
        let value = self.builder.ins().splat(lanes, value);
        self.push(value);
    }

    /// Pops a vector, and takes a lane of it.
    pub(super) fn pop_lane(&mut self, lanes: Type, lane: u8) -> Value {
        let vector = self.pop_vector(lanes);
        self.builder.ins().extractlane(vector, lane)
    }

    fn extract(&mut self, lanes: Type, lane: u8) {
        let value = self.pop_lane(lanes, lane);
        self.push(value);
    }

    fn extract_signed(&mut self, lanes: Type, lane: u8) {
        let value = self.pop_lane(lanes, lane);
        let value = self.builder.ins().sextend(I32, value);
        self.push(value);
    }

    fn replace(&mut self, lanes: Type, lane: u8) {
        let value = self.pop_as_lane(lanes.lane_type());
        let vector = self.pop_vector(lanes);
        let vector = self.builder.ins().insertlane(vector, value, lane);
        self.push(vector);
    }

    /// Pops a number, as a lane of this type.
    fn pop_as_lane(&mut self, lane: Type) -> Value {
        let value = self.pop_raw();
        match (lane, self.builder.func.dfg.value_type(value)) {
            (I8, I8) => value,
            (I16, I8) => self.builder.ins().uextend(lane, value),
            (I8 | I16, _) => self.builder.ins().ireduce(lane, value),
            _ => self.extended(value),
        }
    }

    fn shuffle(&mut self, lanes: [u8; 16]) {
        let (x, y) = self.pop_vectors(VECTOR);
        let lanes = self
            .builder
            .func
            .dfg
            .immediates
            .push(lanes.as_slice().into());
        let result = self.builder.ins().shuffle(x, y, lanes);
        self.push(result);
    }
}
