//! Functions that the code of a module shares: compiled into the text once, where any function calls
//! them.
//!
//! They copy and fill memory 0 where accesses to it need no check: what is short at once, the rest by a
//! builtin. No backtrace shows them.

use super::function::Translator;
use super::short::Source;
use super::types::POINTER;
use super::{Environment, HELPER_NAMESPACE};
use crate::abi::builtins::Builtin;
use crate::module::MemoryIndex;
use cranelift_codegen::ir::{
    self, AbiParam, ArgumentPurpose, ExternalName, InstBuilder, Signature, UserExternalName,
    UserFuncName, Value, types,
};
use cranelift_codegen::isa::CallConv;
use cranelift_frontend::FunctionBuilderContext;

/// A shared function: `(vmctx, i32, i32, i32)`, with the parameters of its operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub(crate) enum Helper {
    /// `memory.copy`
    MemoryCopy,
    /// `memory.fill`
    MemoryFill,
}

impl Helper {
    /// All of them, by index in `HELPER_NAMESPACE`.
    pub(crate) const ALL: [Self; 2] = [Self::MemoryCopy, Self::MemoryFill];
}

/// Builds a shared function. There is a memory 0, or nothing calls it.
pub(crate) fn build_helper(
    env: &Environment<'_>,
    helper: Helper,
    scratch: &mut FunctionBuilderContext,
    func: &mut ir::Function,
) {
    func.name = UserFuncName::user(HELPER_NAMESPACE, helper as u32);
    func.signature = helper_signature();
    let mut translator = Translator::new(env, scratch, func);
    let params = translator.builder.block_params(translator.entry);
    let [_, dst, source, length] = *params else {
        unreachable!("that is its signature");
    };
    translator.write_memory(helper, dst, source, length);
    translator.builder.ins().return_(&[]);
    translator.builder.finalize(env.isa.frontend_config());
}

fn helper_signature() -> Signature {
    let mut signature = Signature::new(CallConv::Tail);
    let vmctx = AbiParam::special(POINTER, ArgumentPurpose::VMContext);
    signature.params.push(vmctx);
    signature.params.extend([AbiParam::new(types::I32); 3]);
    signature
}

impl Translator<'_, '_> {
    /// Calls a shared function.
    pub(super) fn call_helper(&mut self, helper: Helper, arguments: [Value; 3]) {
        let callee = match self.helpers[helper as usize] {
            Some(callee) => callee,
            None => {
                let signature = self.builder.import_signature(helper_signature());
                let name = UserExternalName::new(HELPER_NAMESPACE, helper as u32);
                let name = self.builder.func.declare_imported_user_function(name);
                let callee = self.builder.import_function(ir::ExtFuncData {
                    name: ExternalName::user(name),
                    signature,
                    colocated: true,
                    patchable: false,
                });
                *self.helpers[helper as usize].insert(callee)
            }
        };
        let [first, second, third] = arguments;
        let arguments = [self.vmctx, first, second, third];
        self.with_fuel_told(|this| this.builder.ins().call(callee, &arguments));
    }

    /// The body of a shared function.
    fn write_memory(&mut self, helper: Helper, dst: Value, source: Value, length: Value) {
        let memory = self.memory(MemoryIndex::from_u32(0));
        let from = match helper {
            Helper::MemoryFill => Some(Source::Byte(source)),
            Helper::MemoryCopy => self.short_address(&memory, source).map(Source::Memory),
        };
        let to = self.short_address(&memory, dst);
        if let (Some(to), Some(from)) = (to, from) {
            self.write_if_short(to, from, length);
        }
        let index = self.builtin_index(0);
        let dst = self.index_to_64(dst, memory.index_type);
        let length = self.index_to_64(length, memory.index_type);
        match helper {
            Helper::MemoryFill => {
                self.call_builtin(Builtin::memory_fill, &[index, dst, source, length]);
            }
            Helper::MemoryCopy => {
                let src = self.index_to_64(source, memory.index_type);
                let arguments = [index, dst, index, src, length];
                self.call_builtin(Builtin::memory_copy, &arguments);
            }
        }
    }
}
