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

use super::Result;
use super::function::Translator;
use super::types::VECTOR;
use cranelift_codegen::ir::{self, Value};
use wasmparser::Operator;

impl Translator<'_, '_> {
    /// Translates an operator on vectors.
    pub(super) fn simd(&mut self, operator: &Operator<'_>) -> Result<()> {
        if let Some((shape, lanes)) = table::row(operator) {
            self.vectors(shape, lanes);
            return Ok(());
        }
        if let Some((shape, lanes)) = self.relaxed_row(operator) {
            self.vectors(shape, lanes);
            return Ok(());
        }
        if let Operator::V128Const { value } = operator {
            let value = self.vector_constant(VECTOR, *value.bytes());
            self.push(value);
            return Ok(());
        }
        if self.on_lanes(operator) || self.vector_access(operator) {
            return Ok(());
        }
        Err(self.unsupported("an operator of a later proposal"))
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
