//! Calls.

use super::access::Kind;
use super::function::Translator;
use super::runtime::Place;
use super::types::{POINTER, signature};
use super::{FUNCTION_NAMESPACE, Result};
use crate::abi::traps::Trap;
use crate::abi::vmctx::{func_ref, function_import, store_context};
use crate::module::{FunctionIndex, HeapType, TableIndex, TypeIndex};
use cranelift_codegen::ir::{self, ExternalName, InstBuilder, UserExternalName, Value, types};

/// What is called, and how.
pub(super) struct Callee {
    ty: TypeIndex,
    vmctx: Value,
    code: Code,
}

/// Where the code of a callee is.
enum Code {
    /// In this module.
    Here(ir::FuncRef),
    /// Wherever this points to; it may be a host function's.
    At(Value),
}

/// What a call instruction calls.
#[derive(Clone, Copy)]
pub(super) enum Target {
    /// A function of this module.
    Function(ir::FuncRef),
    /// Whatever the pointer points to.
    Pointer(ir::SigRef, Value),
}

impl Translator<'_, '_> {
    pub(super) fn call(&mut self, function: u32) -> Result<()> {
        let callee = self.callee(function);
        self.call_callee(callee)
    }

    pub(super) fn call_indirect(&mut self, ty: u32, table: u32) -> Result<()> {
        let callee = self.indirect_callee(ty, table);
        self.call_callee(callee)
    }

    pub(super) fn return_call(&mut self, function: u32) {
        let callee = self.callee(function);
        self.return_call_callee(callee);
    }

    pub(super) fn return_call_indirect(&mut self, ty: u32, table: u32) {
        let callee = self.indirect_callee(ty, table);
        self.return_call_callee(callee);
    }

    /// A function by its index.
    fn callee(&mut self, function: u32) -> Callee {
        let function = FunctionIndex::from_u32(function);
        let ty = self.env.info.functions[function].ty;
        if self.env.info.is_imported_function(function) {
            let import = self.in_vmctx(self.env.layout.imported_function(function));
            let code = self.load_field(Kind::Vmctx, POINTER, import.plus(function_import::CODE));
            let vmctx = self.load_field(Kind::Vmctx, POINTER, import.plus(function_import::VMCTX));
            let code = Code::At(code);
            Callee { ty, vmctx, code }
        } else {
            let code = Code::Here(self.function(function));
            let vmctx = self.vmctx;
            Callee { ty, vmctx, code }
        }
    }

    /// The function that a table holds at the index on top of the stack, if it is of this type.
    fn indirect_callee(&mut self, ty: u32, table: u32) -> Callee {
        let ty = TypeIndex::from_u32(ty);
        let table = TableIndex::from_u32(table);
        let index = self.pop();
        let callee = self.load_element(table, index);
        let element = self.env.info.tables[table].element;
        let null = if self.is_declared_subtype(element.heap, HeapType::ConcreteFunc(ty)) {
            element.nullable.then_some(Trap::IndirectCallToNull)
        } else {
            let null = Some(Trap::IndirectCallToNull);
            let found = self.load_func_ref(types::I32, field(callee, func_ref::TYPE_ID), null);
            self.check_type(found, ty, Trap::BadSignature);
            None
        };
        self.referenced_callee(ty, callee, null)
    }

    /// The function of this type that `func_ref` refers to, or a trap if it is null.
    pub(super) fn referenced_callee(
        &mut self,
        ty: TypeIndex,
        func_ref: Value,
        null: Option<Trap>,
    ) -> Callee {
        let code = self.load_func_ref(POINTER, field(func_ref, func_ref::CODE), null);
        let vmctx = self.load_func_ref(POINTER, field(func_ref, func_ref::VMCTX), None);
        let code = Code::At(code);
        Callee { ty, vmctx, code }
    }

    /// Calls with the arguments on top of the stack, and pushes the results.
    pub(super) fn call_callee(&mut self, callee: Callee) -> Result<()> {
        let Callee { ty, vmctx, code } = callee;
        let target = match code {
            Code::Here(function) => Target::Function(function),
            Code::At(code) => {
                self.tell_caller();
                Target::Pointer(self.signature(ty), code)
            }
        };
        self.take_arguments(ty, vmctx);
        self.make_call(target)?;
        self.load_fuel();
        Ok(())
    }

    /// Calls in place of this function, whose frame ends. What follows is unreachable.
    pub(super) fn return_call_callee(&mut self, callee: Callee) {
        let Callee { ty, vmctx, code } = callee;
        match code {
            Code::Here(function) => {
                self.take_arguments(ty, vmctx);
                self.builder.ins().return_call(function, &self.arguments);
            }
            Code::At(code) => {
                // A host function's caller is the instance that calls, though its frame is gone.
                self.tell_caller();
                self.take_arguments(ty, vmctx);
                let signature = self.signature(ty);
                let ins = self.builder.ins();
                ins.return_call_indirect(signature, code, &self.arguments);
            }
        }
        self.set_unreachable();
    }

    /// Tells the store who calls: the callee may be a host function.
    fn tell_caller(&mut self) {
        let store = Place {
            base: self.store_context(),
            offset: 0,
        };
        self.store_field(Kind::Caller, self.vmctx, store.plus(store_context::CALLER));
    }

    /// Pops the arguments of a call of a function of this type.
    fn take_arguments(&mut self, ty: TypeIndex, vmctx: Value) {
        let start = self.extend_top(self.env.info.func_type(ty).params.len());
        self.arguments.clear();
        self.arguments.push(vmctx);
        self.arguments.extend(self.operands.drain(start..));
    }

    /// Calls with the arguments that were taken. The results become operands.
    pub(super) fn make_call(&mut self, target: Target) -> Result<()> {
        self.extents_may_change();
        if self.is_in_try_table() {
            return self.try_call(target);
        }
        let ins = self.builder.ins();
        let call = match target {
            Target::Function(function) => ins.call(function, &self.arguments),
            Target::Pointer(signature, code) => ins.call_indirect(signature, code, &self.arguments),
        };
        let results = self.builder.func.dfg.inst_results(call);
        self.operands.extend_from_slice(results);
        Ok(())
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

/// A field of a `VMFuncRef`.
fn field(func_ref: Value, offset: u32) -> Place {
    Place {
        base: func_ref,
        offset: offset as i32,
    }
}
