//! Globals.

use super::access::Kind;
use super::function::Translator;
use super::runtime::Place;
use super::types::{POINTER, VECTOR, machine_type};
use crate::module::{ConstOp, GlobalIndex};
use cranelift_codegen::ir::immediates::{Ieee32, Ieee64};
use cranelift_codegen::ir::{InstBuilder, Value, types};

impl Translator<'_, '_> {
    pub(super) fn global_get(&mut self, index: u32) {
        let index = GlobalIndex::from_u32(index);
        let ty = &self.env.info.globals[index];
        let known = match ty.mutable {
            true => None,
            false => self.constant_global(index),
        };
        let value = known.unwrap_or_else(|| {
            let place = self.global(index);
            let kind = Kind::of_global(self.env.info, index);
            self.load_field(kind, machine_type(ty.content), place)
        });
        self.push(value);
    }

    pub(super) fn global_set(&mut self, index: u32) {
        let index = GlobalIndex::from_u32(index);
        let value = self.pop();
        let place = self.global(index);
        let kind = Kind::of_global(self.env.info, index);
        self.store_field(kind, value, place);
    }

    /// Where a global's value lies.
    fn global(&mut self, index: GlobalIndex) -> Place {
        let layout = self.env.layout;
        match self.env.info.defined_global(index) {
            Some(defined) => self.in_vmctx(layout.global(defined)),
            None => {
                let place = self.in_vmctx(layout.imported_global(index));
                let base = self.load_field(Kind::Vmctx, POINTER, place);
                Place { base, offset: 0 }
            }
        }
    }

    /// The value of an immutable global that is the same in all instances.
    fn constant_global(&mut self, index: GlobalIndex) -> Option<Value> {
        let info = self.env.info;
        let initial = info
            .global_initializers
            .get(info.defined_global(index)?)?
            .ops
            .as_slice();
        let ins = self.builder.ins();
        Some(match *initial {
            [ConstOp::I32Const(value)] => ins.iconst(types::I32, i64::from(value.cast_unsigned())),
            [ConstOp::I64Const(value)] => ins.iconst(types::I64, value),
            [ConstOp::F32Const(bits)] => ins.f32const(Ieee32::with_bits(bits)),
            [ConstOp::F64Const(bits)] => ins.f64const(Ieee64::with_bits(bits)),
            [ConstOp::V128Const(value)] => self.vector_constant(VECTOR, value.to_le_bytes()),
            _ => return None,
        })
    }
}
