//! Whether a value is of a type, by the engine-wide ids of types.

use super::function::Translator;
use super::runtime::trap_code;
use crate::abi::builtins::Builtin;
use crate::abi::traps::Trap;
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
        self.load_constant(types::I32, place)
    }

    /// Whether an id is that of `ty` or of one of the first few subtypes that the module declares, as an
    /// `i8`.
    pub(super) fn is_known(&mut self, found: Value, ty: TypeIndex) -> Value {
        let expected = self.type_id(ty);
        let ins = self.builder.ins();
        let mut known = ins.icmp(IntCC::Equal, found, expected);
        let env = self.env;
        for &below in env.types.below(ty) {
            let expected = self.type_id(below);
            let ins = self.builder.ins();
            let same = ins.icmp(IntCC::Equal, found, expected);
            known = self.builder.ins().bor(known, same);
        }
        known
    }

    /// Traps unless the type with the id `found` is `ty` or a subtype.
    pub(super) fn check_type(&mut self, found: Value, ty: TypeIndex, trap: Trap) {
        if self.env.info.types[ty].is_final {
            let expected = self.type_id(ty);
            let ins = self.builder.ins();
            let differ = ins.icmp(IntCC::NotEqual, found, expected);
            return self.trap_if(differ, trap);
        }
        let same = self.is_known(found, ty);
        let other = self.builder.create_block();
        let done = self.builder.create_block();
        self.builder.ins().brif(same, done, &[], other, &[]);
        self.continue_in(other);
        let is_subtype = self.is_subtype(found, ty);
        self.builder.ins().trapz(is_subtype, trap_code(trap));
        self.builder.ins().jump(done, &[]);
        self.continue_in(done);
    }

    /// Asks the runtime.
    pub(super) fn is_subtype(&mut self, sub: Value, sup: TypeIndex) -> Value {
        let sup = self.type_id(sup);
        let result = self.call_builtin(Builtin::is_subtype, &[sub, sup]);
        result.expect("it has a result")
    }
}
