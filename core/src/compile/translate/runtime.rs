//! What generated code reads of the runtime: the vmctx, the store's context, the builtins; and how it
//! traps.

use super::Facts;
use super::access::{self, Access, Kind};
use super::function::Translator;
use super::types::POINTER;
use crate::abi::builtins::{Builtin, BuiltinType};
use crate::abi::traps::Trap;
use crate::abi::vmctx::{header, store_context};
use crate::module::IndexType;
use cranelift_codegen::cursor::{Cursor, FuncCursor};
use cranelift_codegen::ir::{
    self, AbiParam, ArgumentPurpose, InstBuilder, Opcode, TrapCode, Value, types,
};
use cranelift_codegen::isa::CallConv;
use target_lexicon::Architecture;

/// What a function knows of the runtime.
#[derive(Default)]
pub(super) struct Runtime {
    /// The instruction that the entry block's loads end with.
    last_entry_load: Option<ir::Inst>,
    /// The pointer to the store's context.
    store: Option<Value>,
    /// The pointer to the array of builtins.
    builtins: Option<Value>,
    /// The pointer to the store's clock.
    pub(super) clock: Option<Value>,
    /// The signature of what is called when its deadline has come.
    pub(super) callback: Option<ir::SigRef>,
    /// The address of the garbage-collected heap.
    #[cfg_attr(
        not(any(feature = "gc", feature = "exceptions")),
        expect(dead_code, reason = "there are no objects")
    )]
    pub(super) heap_base: Option<Value>,
    /// The function accesses it.
    pub(super) uses_heap: bool,
    /// Signatures of builtins used so far.
    signatures: [Option<ir::SigRef>; Builtin::ALL.len()],
}

impl Runtime {
    /// What is to be known of the function.
    pub(super) fn facts(&self) -> Facts {
        Facts {
            uses_heap: self.uses_heap,
            ..Facts::default()
        }
    }
}

/// Where a field lies.
#[derive(Clone, Copy, PartialEq)]
pub(in crate::compile) struct Place {
    pub(in crate::compile) base: Value,
    pub(in crate::compile) offset: i32,
}

impl Place {
    /// The place this many bytes behind.
    pub(super) fn plus(self, offset: u32) -> Self {
        Self {
            base: self.base,
            offset: self.offset + offset as i32,
        }
    }
}

/// The trap code of generated code for a trap.
pub(crate) fn trap_code(trap: Trap) -> TrapCode {
    match trap {
        Trap::StackOverflow => TrapCode::STACK_OVERFLOW,
        Trap::MemoryOutOfBounds => TrapCode::HEAP_OUT_OF_BOUNDS,
        Trap::IntegerOverflow => TrapCode::INTEGER_OVERFLOW,
        Trap::IntegerDivisionByZero => TrapCode::INTEGER_DIVISION_BY_ZERO,
        Trap::BadConversionToInteger => TrapCode::BAD_CONVERSION_TO_INTEGER,
        _ => TrapCode::unwrap_user(trap as u8),
    }
}

impl Translator<'_, '_> {
    /// A place in this function's vmctx. Its size is below 2 GiB.
    pub(super) fn in_vmctx(&self, offset: u32) -> Place {
        Place {
            base: self.vmctx,
            offset: offset as i32,
        }
    }

    /// Loads from a place that can be accessed.
    pub(super) fn load_field(&mut self, kind: Kind, ty: ir::Type, place: Place) -> Value {
        access::load(self.builder.ins(), kind, ty, place)
    }

    /// Stores to a place that can be accessed.
    pub(super) fn store_field(&mut self, kind: Kind, value: Value, place: Place) {
        access::store(self.builder.ins(), kind, value, place);
    }

    /// Loads a constant that is used all over the function, in the entry block: it is loaded where it is
    /// needed, or once before a loop, as the optimiser sees fit.
    pub(super) fn load_on_entry(&mut self, kind: Kind, ty: ir::Type, place: Place) -> Value {
        let cursor = FuncCursor::new(self.builder.func);
        let mut cursor = match self.runtime.last_entry_load {
            Some(inst) => cursor.after_inst(inst),
            None => cursor.at_first_insertion_point(self.entry),
        };
        let value = access::load(cursor.ins(), kind, ty, place);
        self.runtime.last_entry_load = cursor.func.dfg.value_def(value).inst();
        value
    }

    /// Loads a field of a `VMFuncRef`. `null`: what it is if there is none.
    pub(super) fn load_func_ref(
        &mut self,
        ty: ir::Type,
        place: Place,
        null: Option<Trap>,
    ) -> Value {
        let faults = self.env.tunables.memory_faults;
        if let Some(trap) = null.filter(|_| !faults) {
            self.builder.ins().trapz(place.base, trap_code(trap));
        }
        let access = self.access(Kind::FuncRef, null.filter(|_| faults));
        access::load_by(self.builder.ins(), Opcode::Load, access, ty, place)
    }

    /// Leave to access memory of a kind; see [`Access::to`].
    pub(super) fn access(&mut self, kind: Kind, trap: Option<Trap>) -> Access {
        Access::to(&mut self.builder.func.dfg, kind, trap)
    }

    /// The pointer to the store's context.
    pub(super) fn store_context(&mut self) -> Value {
        if let Some(store) = self.runtime.store {
            return store;
        }
        let place = self.in_vmctx(header::STORE);
        let store = self.load_on_entry(Kind::Vmctx, POINTER, place);
        self.runtime.store = Some(store);
        store
    }

    /// Makes the prologue compare the stack pointer with the store's limit.
    pub(super) fn check_stack(&mut self) {
        let func = &mut *self.builder.func;
        let limit = access::stack_limit(func, header::STORE, store_context::STACK_LIMIT);
        func.stack_limit = Some(limit);
    }

    /// Calls a builtin. The arguments are those behind the vmctx.
    pub(super) fn call_builtin(&mut self, builtin: Builtin, arguments: &[Value]) -> Option<Value> {
        self.with_fuel_told(|this| {
            let (signature, code) = this.take_builtin(builtin, arguments);
            let ins = this.builder.ins();
            let call = ins.call_indirect(signature, code, &this.arguments);
            this.builder.inst_results(call).first().copied()
        })
    }

    /// A builtin's signature and code, with the arguments for its call.
    pub(super) fn take_builtin(
        &mut self,
        builtin: Builtin,
        arguments: &[Value],
    ) -> (ir::SigRef, Value) {
        let signature = self.builtin_signature(builtin);
        let builtins = match self.runtime.builtins {
            Some(builtins) => builtins,
            None => {
                let place = self.in_vmctx(header::BUILTINS);
                let builtins = self.load_on_entry(Kind::Vmctx, POINTER, place);
                *self.runtime.builtins.insert(builtins)
            }
        };
        let place = Place {
            base: builtins,
            offset: builtin as i32 * 8,
        };
        let code = self.load_field(Kind::Builtins, POINTER, place);
        self.arguments.clear();
        self.arguments.push(self.vmctx);
        self.arguments.extend_from_slice(arguments);
        (signature, code)
    }

    fn builtin_signature(&mut self, builtin: Builtin) -> ir::SigRef {
        if let Some(signature) = self.runtime.signatures[builtin as usize] {
            return signature;
        }
        let ty = |ty: &BuiltinType| {
            AbiParam::new(match ty {
                BuiltinType::I32 => types::I32,
                BuiltinType::I64 => types::I64,
            })
        };
        let mut signature = ir::Signature::new(match builtin {
            Builtin::throw_ref => CallConv::PreserveAll,
            _ => CallConv::SystemV,
        });
        let vmctx = AbiParam::special(POINTER, ArgumentPurpose::VMContext);
        signature.params.push(vmctx);
        signature.params.extend(builtin.params().iter().map(ty));
        signature.returns.extend(builtin.result().iter().map(ty));
        let signature = self.builder.import_signature(signature);
        self.runtime.signatures[builtin as usize] = Some(signature);
        signature
    }

    /// An `i32` argument of a builtin.
    pub(super) fn builtin_index(&mut self, index: u32) -> Value {
        self.builder.ins().iconst(types::I32, i64::from(index))
    }

    /// An address, size or count as 64 bits.
    pub(super) fn index_to_64(&mut self, value: Value, ty: IndexType) -> Value {
        match ty {
            IndexType::I32 => self.builder.ins().uextend(types::I64, value),
            IndexType::I64 => value,
        }
    }

    /// An address, size or count of 64 bits as a value of an index type.
    pub(super) fn index_from_64(&mut self, value: Value, ty: IndexType) -> Value {
        match ty {
            IndexType::I32 => self.builder.ins().ireduce(types::I32, value),
            IndexType::I64 => value,
        }
    }

    /// Traps by a load from address 0, on x86-64 where that can be relied on.
    ///
    /// Hypervisors intercept `ud2`: under one, it takes several times as long as a page fault.
    pub(super) fn fault(&mut self, trap: Trap) {
        let x86_64 = self.env.isa.triple().architecture == Architecture::X86_64;
        if x86_64 && self.env.tunables.memory_faults {
            let access = self.access(Kind::Null, Some(trap));
            let place = Place {
                base: self.builder.ins().iconst(POINTER, 0),
                offset: 0,
            };
            access::load_by(self.builder.ins(), Opcode::Load, access, types::I8, place);
        }
    }

    /// Traps. What follows is unreachable.
    pub(super) fn trap(&mut self, trap: Trap) {
        self.end_fuel();
        let code = trap_code(trap);
        self.builder.ins().trap(code);
        self.set_unreachable();
    }

    /// Traps if the value is not zero.
    pub(super) fn trap_if(&mut self, condition: Value, trap: Trap) {
        let code = trap_code(trap);
        self.builder.ins().trapnz(condition, code);
    }
}
