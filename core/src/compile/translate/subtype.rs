//! Whether a value is of a type, by the engine-wide ids of types.

use super::access::Kind;
use super::function::Translator;
use super::runtime::{Place, trap_code};
use super::types::POINTER;
use crate::abi::builtins::Builtin;
use crate::abi::displays;
use crate::abi::traps::Trap;
use crate::abi::vmctx::store_context;
use crate::module::{HeapType, TypeIndex};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, Value, types};

impl Translator<'_, '_> {
    /// Whether the module's own declarations say that one type is a subtype of another. It may be one
    /// although they do not: another type may be equal to `sup`.
    pub(super) fn is_declared_subtype(&self, sub: HeapType, sup: HeapType) -> bool {
        sub.is_subtype(sup, |sub, sup| {
            let above = |ty: &TypeIndex| self.env.info.types[*ty].supertype;
            core::iter::successors(Some(sub), above).any(|ty| ty == sup)
        })
    }

    /// The engine-wide id of a type of the module.
    pub(super) fn type_id(&mut self, ty: TypeIndex) -> Value {
        let place = self.in_vmctx(self.env.layout.type_id(ty));
        self.load_field(Kind::Vmctx, types::I32, place)
    }

    /// Whether the type with the id `found` is `ty` or a subtype, as an `i8`.
    pub(super) fn is_type(&mut self, found: Value, ty: TypeIndex) -> Value {
        let expected = self.type_id(ty);
        if self.env.info.types[ty].is_final {
            let ins = self.builder.ins();
            return ins.icmp(IntCC::Equal, found, expected);
        }
        let above = |ty: &TypeIndex| self.env.info.types[*ty].supertype;
        match core::iter::successors(above(&ty), above).count() {
            depth @ 0..displays::DEPTHS => {
                let above = self.type_above(found, depth);
                let ins = self.builder.ins();
                ins.icmp(IntCC::Equal, above, expected)
            }
            _ => {
                let is_subtype = self.call_builtin(Builtin::is_subtype, &[found, expected]);
                let is_subtype = is_subtype.expect("it has a result");
                self.builder.ins().ireduce(types::I8, is_subtype)
            }
        }
    }

    /// Traps unless the type with the id `found` is `ty` or a subtype.
    pub(super) fn check_type(&mut self, found: Value, ty: TypeIndex, trap: Trap) {
        let is_type = self.is_type(found, ty);
        self.builder.ins().trapz(is_type, trap_code(trap));
    }

    /// The id of the type with `depth` types above it that the type with the id `found` is or is below of; 0
    /// if there is none, and for an id that is no type's.
    fn type_above(&mut self, found: Value, depth: usize) -> Value {
        let place = Place {
            base: self.store_context(),
            offset: store_context::DISPLAYS as i32,
        };
        let place = Place {
            base: self.load_field(Kind::Engine, POINTER, place),
            offset: 0,
        };
        let table = self.load_field(Kind::Displays, POINTER, place);
        let word = |base, word: usize| Place {
            base,
            offset: word as i32 * 4,
        };
        let place = word(table, displays::COUNT);
        let count = self.load_field(Kind::Displays, types::I32, place);
        let ins = self.builder.ins();
        let outside = ins.icmp(IntCC::UnsignedGreaterThanOrEqual, found, count);
        let zero = self.builder.ins().iconst(types::I32, 0);
        let ins = self.builder.ins();
        let index = ins.select_spectre_guard(outside, zero, found);
        let index = self.builder.ins().uextend(POINTER, index);
        let log2 = i64::from(displays::SIZE_LOG2);
        let offset = self.builder.ins().ishl_imm_u(index, log2);
        let display = self.builder.ins().iadd(table, offset);
        let place = word(display, depth);
        self.load_field(Kind::Displays, types::I32, place)
    }
}
