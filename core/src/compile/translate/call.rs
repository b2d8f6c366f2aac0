//! Calls.

use super::FUNCTION_NAMESPACE;
use super::function::Translator;
use super::runtime::{Place, Region};
use super::types::{POINTER, signature};
use crate::abi::traps::Trap;
use crate::abi::vmctx::{func_ref, function_import, store_context};
use crate::module::{FunctionIndex, HeapType, TableIndex, TypeIndex};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{self, ExternalName, InstBuilder, UserExternalName, Value, types};

impl Translator<'_, '_> {
    pub(super) fn call(&mut self, function: u32) {
        let function = FunctionIndex::from_u32(function);
        let ty = self.env.info.functions[function].ty;
        let call = if self.env.info.is_imported_function(function) {
            let import = self.in_vmctx(self.env.layout.imported_function(function));
            let code = self.load_constant(POINTER, import.plus(function_import::CODE));
            let vmctx = self.load_constant(POINTER, import.plus(function_import::VMCTX));
            self.tell_caller();
            self.take_arguments(ty, vmctx);
            let signature = self.signature(ty);
            let ins = self.builder.ins();
            ins.call_indirect(signature, code, &self.arguments)
        } else {
            let callee = self.function(function);
            self.take_arguments(ty, self.vmctx);
            self.builder.ins().call(callee, &self.arguments)
        };
        self.push_results(call);
    }

    pub(super) fn call_indirect(&mut self, ty: u32, table: u32) {
        let ty = TypeIndex::from_u32(ty);
        let table = TableIndex::from_u32(table);
        let index = self.pop();
        let callee = self.load_element(table, index);
        let field = |offset: u32| Place {
            base: callee,
            offset: offset as i32,
        };
        let element = self.env.info.tables[table].element;
        let null = if element.heap == HeapType::ConcreteFunc(ty) {
            element.nullable.then_some(Trap::IndirectCallToNull)
        } else {
            let null = Some(Trap::IndirectCallToNull);
            let found = self.load_func_ref(types::I32, field(func_ref::TYPE_ID), null);
            let expected = self.in_vmctx(self.env.layout.type_id(ty));
            let expected = self.load_constant(types::I32, expected);
            let ins = self.builder.ins();
            let differ = ins.icmp(IntCC::NotEqual, found, expected);
            self.trap_if(differ, Trap::BadSignature);
            None
        };
        let code = self.load_func_ref(POINTER, field(func_ref::CODE), null);
        let vmctx = self.load_func_ref(POINTER, field(func_ref::VMCTX), None);
        self.tell_caller();
        self.take_arguments(ty, vmctx);
        let signature = self.signature(ty);
        let ins = self.builder.ins();
        let call = ins.call_indirect(signature, code, &self.arguments);
        self.push_results(call);
    }

    /// Tells the store who calls: the callee may be a host function.
    fn tell_caller(&mut self) {
        let store = Place {
            base: self.store_context(),
            offset: 0,
        };
        self.store_field(self.vmctx, store.plus(store_context::CALLER), Region::Store);
    }

    /// Pops the arguments of a call of a function of this type.
    fn take_arguments(&mut self, ty: TypeIndex, vmctx: Value) {
        let start = self.extend_top(self.env.info.func_type(ty).params.len());
        self.arguments.clear();
        self.arguments.push(vmctx);
        self.arguments.extend(self.operands.drain(start..));
    }

    fn push_results(&mut self, call: ir::Inst) {
        self.extents_may_change();
        let results = self.builder.func.dfg.inst_results(call);
        self.operands.extend_from_slice(results);
    }

    fn signature(&mut self, ty: TypeIndex) -> ir::SigRef {
        if let Some(signature) = self.signatures.get(&ty) {
            return *signature;
        }
        let imported = signature(self.env.info.func_type(ty), self.env.isa);
        let imported = self.builder.import_signature(imported);
        self.signatures.insert(ty, imported);
        imported
    }

    /// A function of this module, to be called directly.
    fn function(&mut self, index: FunctionIndex) -> ir::FuncRef {
        if let Some(function) = self.functions.get(&index) {
            return *function;
        }
        let signature = self.signature(self.env.info.functions[index].ty);
        let name = UserExternalName::new(FUNCTION_NAMESPACE, index.as_u32());
        let name = self.builder.func.declare_imported_user_function(name);
        let function = self.builder.import_function(ir::ExtFuncData {
            name: ExternalName::user(name),
            signature,
            colocated: true,
            patchable: false,
        });
        self.functions.insert(index, function);
        function
    }
}
