//! Whether a value is of a type, by the engine-wide ids of types.

use super::function::Translator;
use super::runtime::trap_code;
use crate::abi::builtins::Builtin;
use crate::abi::traps::Trap;
use crate::module::{HeapType, TypeIndex};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{BlockArg, InstBuilder, Value, types};

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

    /// Whether the type with the id `found` is `ty` or a subtype, as an `i8`.
    #[allow(dead_code, reason = "for casts")]
    pub(super) fn is_type(&mut self, found: Value, ty: TypeIndex) -> Value {
        let expected = self.type_id(ty);
        let ins = self.builder.ins();
        let same = ins.icmp(IntCC::Equal, found, expected);
        if self.env.info.types[ty].is_final {
            return same;
        }
        let other = self.builder.create_block();
        let done = self.builder.create_block();
        let result = self.builder.append_block_param(done, types::I8);
        let yes = [BlockArg::Value(same)];
        self.builder.ins().brif(same, done, &yes, other, &[]);
        self.continue_in(other);
        let is_subtype = self.is_subtype(found, expected);
        let is_subtype = self.builder.ins().ireduce(types::I8, is_subtype);
        self.builder
            .ins()
            .jump(done, &[BlockArg::Value(is_subtype)]);
        self.continue_in(done);
        result
    }

    /// Traps unless the type with the id `found` is `ty` or a subtype.
    pub(super) fn check_type(&mut self, found: Value, ty: TypeIndex, trap: Trap) {
        let expected = self.type_id(ty);
        if self.env.info.types[ty].is_final {
            let ins = self.builder.ins();
            let differ = ins.icmp(IntCC::NotEqual, found, expected);
            return self.trap_if(differ, trap);
        }
        let ins = self.builder.ins();
        let same = ins.icmp(IntCC::Equal, found, expected);
        let other = self.builder.create_block();
        let done = self.builder.create_block();
        self.builder.ins().brif(same, done, &[], other, &[]);
        self.continue_in(other);
        let is_subtype = self.is_subtype(found, expected);
        self.builder.ins().trapz(is_subtype, trap_code(trap));
        self.builder.ins().jump(done, &[]);
        self.continue_in(done);
    }

    /// Asks the runtime.
    fn is_subtype(&mut self, sub: Value, sup: Value) -> Value {
        let result = self.call_builtin(Builtin::is_subtype, &[sub, sup]);
        result.expect("it has a result")
    }
}
