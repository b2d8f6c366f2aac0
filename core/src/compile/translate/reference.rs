//! References.

use super::Result;
use super::function::Translator;
use super::types::{POINTER, reference_type};
use crate::abi::vmctx::function_import;
use crate::module::FunctionIndex;
use cranelift_codegen::ir::InstBuilder;
use cranelift_codegen::ir::condcodes::IntCC;
use wasmparser::HeapType;

impl Translator<'_, '_> {
    pub(super) fn ref_null(&mut self, ty: HeapType) -> Result<()> {
        let ty = reference_type(self.env.info, ty, self.offset)?;
        let null = self.builder.ins().iconst(ty, 0);
        self.push(null);
        Ok(())
    }

    pub(super) fn ref_is_null(&mut self) {
        let value = self.pop();
        let is_null = self.builder.ins().icmp_imm_u(IntCC::Equal, value, 0);
        self.push(is_null);
    }

    pub(super) fn ref_func(&mut self, function: u32) -> Result<()> {
        let function = FunctionIndex::from_u32(function);
        let layout = self.env.layout;
        let value = if self.env.info.is_imported_function(function) {
            let import = self.in_vmctx(layout.imported_function(function));
            self.load_constant(POINTER, import.plus(function_import::FUNC_REF))
        } else {
            let Some(slot) = self.env.info.functions[function].func_ref else {
                return Err(self.unsupported("a reference to an undeclared function"));
            };
            let offset = i64::from(layout.func_ref(slot));
            self.builder.ins().iadd_imm_u(self.vmctx, offset)
        };
        self.push(value);
        Ok(())
    }
}
