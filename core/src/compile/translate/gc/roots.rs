//! Which values of a function the stack maps must name.
//!
//! Every reference that is no function's, wherever it may live across a call: locals, and all operands.
//! Operands are looked at after each operator, so that no operator must think of it. A reference that an
//! operator itself keeps across a call, without having taken it from the operand stack, is to be
//! [declared](Translator::declare_reference) there.

use crate::compile::translate::access::spill_region;
use crate::compile::translate::function::Translator;
use crate::compile::translate::types::HANDLE;
use alloc::{boxed::Box, vec::Vec};
use cranelift_codegen::ir::{self, AliasRegionSet, StackSlot, Value};
use cranelift_frontend::Variable;
use wasmparser::{FuncValidator, ValType, ValidatorResources};

/// What is known of the references of a function.
#[derive(Default)]
pub(in crate::compile::translate) struct Roots {
    /// There may be references.
    on: bool,
    /// The operand stack as it was after the operator before.
    known: Vec<Value>,
}

impl Translator<'_, '_> {
    /// From here on the function may have references.
    pub(in crate::compile::translate) fn expect_references(&mut self) {
        if self.roots.on || !self.env.tunables.stack_maps {
            return;
        }
        self.roots.on = true;
        let region =
            |regions: &mut AliasRegionSet, _, slot: StackSlot, _| Some(spill_region(regions, slot));
        self.builder.make_stack_map_alias_region(Box::new(region));
    }

    /// Has a local in the stack maps if it is a reference. To be called before it is defined.
    pub(in crate::compile::translate) fn declare_local(
        &mut self,
        local: Variable,
        ty: ir::Type,
        is_reference: bool,
    ) {
        if is_reference && ty == HANDLE && self.env.tunables.stack_maps {
            self.expect_references();
            self.builder.declare_var_needs_stack_map(local);
        }
    }

    /// Has a reference in the stack maps of all calls that it lives across.
    pub(in crate::compile::translate) fn declare_reference(&mut self, reference: Value) {
        if self.env.tunables.stack_maps {
            self.builder.declare_value_needs_stack_map(reference);
        }
    }

    /// Declares the operands that the last operator has pushed.
    pub(in crate::compile::translate) fn declare_operands(
        &mut self,
        validator: &FuncValidator<ValidatorResources>,
    ) {
        if !self.roots.on || self.unreachable.is_some() {
            return;
        }
        let len = self.operands.len();
        // What an operator pushes is on top, and all of it is new.
        let same = |&i: &usize| self.roots.known.get(i) == Some(&self.operands[i]);
        let new = (0..len).rev().find(same).map_or(0, |i| i + 1);
        for i in new..len {
            let value = self.operands[i];
            let ty = validator.get_operand_type(len - 1 - i).flatten();
            let is_reference = matches!(ty, Some(ValType::Ref(_)));
            if is_reference && self.builder.func.dfg.value_type(value) == HANDLE {
                self.declare_reference(value);
            }
        }
        self.roots.known.truncate(new);
        self.roots.known.extend_from_slice(&self.operands[new..]);
    }
}
