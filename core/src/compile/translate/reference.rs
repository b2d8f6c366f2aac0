//! References.

use super::Result;
use super::access::Kind;
use super::call::Callee;
use super::function::Translator;
use super::runtime::trap_code;
use super::types::{POINTER, reference_type};
use crate::abi::traps::Trap;
use crate::abi::vmctx::function_import;
use crate::compile::operators::{Aggregate, Call, Operator, Reference};
use crate::module::{FunctionIndex, TypeIndex};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, types};
use wasmparser::{FuncValidator, HeapType, ValType, ValidatorResources};

/// Which operand of an operator is a reference whose type makes a difference to its code, counted from
/// the top of the stack.
fn reference_operand(operator: Operator<'_>) -> Option<usize> {
    match operator {
        Operator::Call(operator) => match operator {
            Call::CallRef { .. } | Call::ReturnCallRef { .. } => Some(0),
            Call::Call { .. }
            | Call::CallIndirect { .. }
            | Call::ReturnCall { .. }
            | Call::ReturnCallIndirect { .. } => None,
        },
        Operator::Reference(operator) => match operator {
            Reference::RefAsNonNull | Reference::RefIsNull => Some(0),
            Reference::RefNull { .. } | Reference::RefFunc { .. } => None,
        },
        Operator::Aggregate(operator) => match operator {
            Aggregate::StructGet { .. }
            | Aggregate::StructGetS { .. }
            | Aggregate::StructGetU { .. }
            | Aggregate::ArrayLen
            | Aggregate::I31GetS
            | Aggregate::I31GetU
            | Aggregate::RefTestNonNull { .. }
            | Aggregate::RefTestNullable { .. }
            | Aggregate::RefCastNonNull { .. }
            | Aggregate::RefCastNullable { .. }
            | Aggregate::BrOnCast { .. }
            | Aggregate::BrOnCastFail { .. } => Some(0),
            Aggregate::StructSet { .. }
            | Aggregate::ArrayGet { .. }
            | Aggregate::ArrayGetS { .. }
            | Aggregate::ArrayGetU { .. } => Some(1),
            Aggregate::ArraySet { .. } => Some(2),
            Aggregate::ArrayFill { .. } => Some(3),
            Aggregate::RefEq
            | Aggregate::RefI31
            | Aggregate::AnyConvertExtern
            | Aggregate::ExternConvertAny
            | Aggregate::StructNew { .. }
            | Aggregate::StructNewDefault { .. }
            | Aggregate::ArrayNew { .. }
            | Aggregate::ArrayNewDefault { .. }
            | Aggregate::ArrayNewFixed { .. }
            | Aggregate::ArrayNewData { .. }
            | Aggregate::ArrayNewElem { .. }
            // The runtime looks at these.
            | Aggregate::ArrayCopy { .. }
            | Aggregate::ArrayInitData { .. }
            | Aggregate::ArrayInitElem { .. } => None,
        },
        // Branches on null look themselves.
        Operator::Control(_)
        | Operator::Parametric(_)
        | Operator::Variable(_)
        | Operator::Exception(_)
        | Operator::Constant(_)
        | Operator::Arithmetic(_)
        | Operator::Numeric(_)
        | Operator::Access(_)
        | Operator::Memory(_)
        | Operator::Table(_)
        | Operator::Atomic(_)
        | Operator::Vector(_)
        | Operator::Later => None,
    }
}

impl Translator<'_, '_> {
    /// Takes note of the type of the reference that the next operator takes, before that is validated.
    pub(super) fn note_reference(
        &mut self,
        operator: Operator<'_>,
        validator: &FuncValidator<ValidatorResources>,
    ) {
        let operand = reference_operand(operator);
        let ty = operand.and_then(|depth| validator.get_operand_type(depth).flatten());
        self.reference = match ty {
            Some(ValType::Ref(ty)) => Some(ty),
            _ => None,
        };
    }

    /// Whether the reference that the operator takes may be null.
    pub(super) fn may_be_null(&self) -> bool {
        self.reference.is_none_or(|ty| ty.is_nullable())
    }

    pub(super) fn ref_as_non_null(&mut self) {
        let value = self.pop();
        if self.may_be_null() {
            let code = trap_code(Trap::NullReference);
            self.builder.ins().trapz(value, code);
        }
        self.push(value);
    }

    pub(super) fn call_ref(&mut self, ty: u32) -> Result<()> {
        let callee = self.callee_on_top(ty);
        self.call_callee(callee)
    }

    pub(super) fn return_call_ref(&mut self, ty: u32) {
        let callee = self.callee_on_top(ty);
        self.return_call_callee(callee);
    }

    fn callee_on_top(&mut self, ty: u32) -> Callee {
        let func_ref = self.pop();
        let null = self.may_be_null().then_some(Trap::NullReference);
        self.referenced_callee(TypeIndex::from_u32(ty), func_ref, null)
    }

    pub(super) fn ref_null(&mut self, ty: HeapType) -> Result<()> {
        let ty = reference_type(self.env.info, ty, self.offset)?;
        let null = self.builder.ins().iconst(ty, 0);
        self.push(null);
        Ok(())
    }

    pub(super) fn ref_is_null(&mut self) {
        let value = self.pop();
        let may_be_null = self.may_be_null();
        let ins = self.builder.ins();
        let is_null = match may_be_null {
            true => ins.icmp_imm_u(IntCC::Equal, value, 0),
            false => ins.iconst(types::I32, 0),
        };
        self.push(is_null);
    }

    pub(super) fn ref_func(&mut self, function: u32) -> Result<()> {
        let function = FunctionIndex::from_u32(function);
        let layout = self.env.layout;
        let value = if self.env.info.is_imported_function(function) {
            let import = self.in_vmctx(layout.imported_function(function));
            self.load_field(Kind::Vmctx, POINTER, import.plus(function_import::FUNC_REF))
        } else {
            let Some(slot) = self.env.info.functions[function].func_ref else {
                return Err(self.unknown("a reference to an undeclared function"));
            };
            let offset = i64::from(layout.func_ref(slot));
            self.builder.ins().iadd_imm_u(self.vmctx, offset)
        };
        self.push(value);
        Ok(())
    }
}
