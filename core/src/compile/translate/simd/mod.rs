//! Operators on vectors.
//!
//! Wasm has one type of vectors, Cranelift one for each kind of lanes. A vector stays on the operand
//! stack with the lanes of the operator that made it, and is cast where an operator takes others. What
//! leaves the operand stack (to a local, another block, another function) is cast to
//! [`VECTOR`](super::types::VECTOR). Casts are no instructions of the machine.
//!
//! Most operators are rows of a table: their shape, and the lanes they take (`table`; `relaxed` for
//! those whose results depend on the machine). `shape` says what each shape does. What has immediates is
//! in `lanes` and `memory`.

mod lanes;
mod memory;
mod relaxed;
mod shape;
mod table;
#[cfg(test)]
mod tests;

use super::function::Translator;
use super::types::VECTOR;
use crate::compile::operators::{Vector, VectorConstant};
use cranelift_codegen::ir::{self, Value};

impl Translator<'_, '_> {
    /// Translates an operator on vectors.
    pub(super) fn vector(&mut self, operator: Vector<'_>) {
        let (shape, lanes) = match operator {
            Vector::Integers(operator) => table::integers(operator),
            Vector::Floats(operator) => table::floats(operator),
            Vector::Bits(operator) => table::bits(operator),
            Vector::Conversions(operator) => table::conversions(operator),
            Vector::Relaxed(operator) => self.relaxed_row(operator),
            Vector::Lanes(operator) => return self.on_lanes(operator),
            Vector::VectorAccess(operator) => return self.vector_access(operator),
            Vector::VectorConstant(VectorConstant::V128Const { value }) => {
                let value = self.vector_constant(VECTOR, *value.bytes());
                return self.push(value);
            }
        };
        self.vectors(shape, lanes);
    }

    /// Pops a vector, with these lanes.
    fn pop_vector(&mut self, lanes: ir::Type) -> Value {
        let value = self.pop_raw();
        self.with_lanes(value, lanes)
    }

    /// Pops two vectors with these lanes, the second first.
    fn pop_vectors(&mut self, lanes: ir::Type) -> (Value, Value) {
        let second = self.pop_vector(lanes);
        (self.pop_vector(lanes), second)
    }
}
