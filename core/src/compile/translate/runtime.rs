//! What generated code reads of the runtime: the vmctx, the store's context, the builtins; and how it
//! traps.
//!
//! # Alias regions
//!
//! An access with a region aliases none with another. The regions of a function: linear memories,
//! tables and globals, each defined one by itself and the imported ones of a kind together (the same
//! one may be imported twice, but none of this instance's own can be), their extents, and the store's
//! context. Constants need none. A call may access everything.

use super::Facts;
use super::function::Translator;
use super::types::POINTER;
use crate::abi::builtins::{Builtin, BuiltinType};
use crate::abi::traps::Trap;
use crate::abi::vmctx::{header, store_context};
use crate::module::{GlobalIndex, IndexType, MemoryIndex, TableIndex};
use cranelift_codegen::cursor::{Cursor, FuncCursor};
use cranelift_codegen::ir::{
    self, AbiParam, AliasRegion, AliasRegionData, ArgumentPurpose, GlobalValueData, InstBuilder,
    MemFlagsData, TrapCode, Value, types,
};
use cranelift_codegen::isa::CallConv;
use target_lexicon::Architecture;

/// Each region costs the optimiser a little at every access, so a function has no more than these.
const MAX_REGIONS: usize = 48;

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
            live_in: 0,
        }
    }
}

/// Where a field lies.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Place {
    pub(super) base: Value,
    pub(super) offset: i32,
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

/// Memory that aliases no other.
#[derive(Clone, Copy)]
#[cfg_attr(
    not(any(feature = "gc", feature = "exceptions")),
    expect(dead_code, reason = "there are no objects")
)]
pub(super) enum Region {
    /// Fields of the `StoreContext`.
    Store,
    /// Bases and lengths of memories and tables.
    Extents,
    /// What is beyond the limit on regions.
    Rest,
    /// Fields and elements of objects in the garbage-collected heap.
    Heap,
    /// Words of objects that never change.
    HeapHeaders,
    /// Where the heap is, and where the next object goes.
    Allocation,
    /// The displays of types.
    Displays,
    /// The store's fuel.
    Fuel,
    /// The store's clock, to which others write.
    Clock,
    Memory(MemoryIndex),
    Table(TableIndex),
    Global(GlobalIndex),
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

/// Flags of an access to a field of the runtime's structures.
fn field() -> MemFlagsData {
    MemFlagsData::trusted()
}

/// Flags of a load whose value stays the same for the life of an instance.
fn constant() -> MemFlagsData {
    field().with_readonly().with_can_move()
}

impl Translator<'_, '_> {
    /// A place in this function's vmctx. Its size is below 2 GiB.
    pub(super) fn in_vmctx(&self, offset: u32) -> Place {
        Place {
            base: self.vmctx,
            offset: offset as i32,
        }
    }

    /// Flags of an access to a field that may change.
    pub(super) fn field_flags(&mut self, region: Region) -> MemFlagsData {
        field().with_alias_region(Some(self.region(region)))
    }

    /// Loads a field that may change.
    pub(super) fn load_field(&mut self, ty: ir::Type, place: Place, region: Region) -> Value {
        let flags = self.field_flags(region);
        let ins = self.builder.ins();
        ins.load(ty, flags, place.base, place.offset)
    }

    pub(super) fn store_field(&mut self, value: Value, place: Place, region: Region) {
        let flags = self.field_flags(region);
        let ins = self.builder.ins();
        ins.store(flags, value, place.base, place.offset);
    }

    /// Loads a field that stays the same for the life of an instance.
    pub(super) fn load_constant(&mut self, ty: ir::Type, place: Place) -> Value {
        let ins = self.builder.ins();
        ins.load(ty, constant(), place.base, place.offset)
    }

    /// The same, in the entry block, for a value that is used all over the function: it is loaded
    /// where it is needed, or once before a loop, as the optimiser sees fit.
    pub(super) fn load_constant_on_entry(&mut self, ty: ir::Type, place: Place) -> Value {
        let cursor = FuncCursor::new(self.builder.func);
        let mut cursor = match self.runtime.last_entry_load {
            Some(inst) => cursor.after_inst(inst),
            None => cursor.at_first_insertion_point(self.entry),
        };
        let value = cursor.ins().load(ty, constant(), place.base, place.offset);
        self.runtime.last_entry_load = cursor.func.dfg.value_def(value).inst();
        value
    }

    /// Loads a field of a `VMFuncRef`, which stays the same but may be there only from here on.
    pub(super) fn load_func_ref(
        &mut self,
        ty: ir::Type,
        place: Place,
        null: Option<Trap>,
    ) -> Value {
        let flags = field().with_readonly();
        let flags = match null {
            Some(trap) if self.env.tunables.memory_faults => {
                flags.with_trap_code(Some(trap_code(trap)))
            }
            Some(trap) => {
                let code = trap_code(trap);
                self.builder.ins().trapz(place.base, code);
                flags
            }
            None => flags,
        };
        let ins = self.builder.ins();
        ins.load(ty, flags, place.base, place.offset)
    }

    pub(super) fn region(&mut self, region: Region) -> AliasRegion {
        let info = self.env.info;
        // Kinds begin at multiples of 2^28; an imported one has the first number of its kind.
        let (id, description) = match region {
            Region::Store => (0, "store"),
            Region::Extents => (1, "extents"),
            Region::Rest => (2, "rest"),
            Region::Heap => (3, "heap"),
            Region::HeapHeaders => (4, "heap headers"),
            Region::Allocation => (5, "allocation"),
            Region::Displays => (6, "displays"),
            Region::Fuel => (7, "fuel"),
            Region::Clock => (8, "clock"),
            Region::Memory(i) => match info.defined_memory(i) {
                Some(i) => ((1 << 28) + 1 + i.as_u32(), "memory"),
                None => (1 << 28, "imported memory"),
            },
            Region::Table(i) => match info.defined_table(i) {
                Some(i) => ((2 << 28) + 1 + i.as_u32(), "table"),
                None => (2 << 28, "imported table"),
            },
            Region::Global(i) => match info.defined_global(i) {
                Some(i) => ((3 << 28) + 1 + i.as_u32(), "global"),
                None => (3 << 28, "imported global"),
            },
        };
        let regions = &mut self.builder.func.dfg.alias_regions;
        if let Some(region) = regions.get(id) {
            return region;
        }
        if regions.len() >= MAX_REGIONS && id > 8 {
            return self.region(Region::Rest);
        }
        regions.insert(AliasRegionData {
            user_id: id,
            description: description.into(),
        })
    }

    /// The pointer to the store's context.
    pub(super) fn store_context(&mut self) -> Value {
        if let Some(store) = self.runtime.store {
            return store;
        }
        let place = self.in_vmctx(header::STORE);
        let store = self.load_constant_on_entry(POINTER, place);
        self.runtime.store = Some(store);
        store
    }

    /// Makes the prologue compare the stack pointer with the store's limit.
    pub(super) fn check_stack(&mut self) {
        let flags = constant();
        let func = &mut *self.builder.func;
        // Two kinds of flags are far from the limit on flags.
        let Ok(flags) = func.dfg.mem_flags.insert(flags) else {
            return;
        };
        let vmctx = func.create_global_value(GlobalValueData::VMContext);
        let store = func.create_global_value(GlobalValueData::Load {
            base: vmctx,
            offset: (header::STORE as i32).into(),
            global_type: POINTER,
            flags,
        });
        let limit = func.create_global_value(GlobalValueData::Load {
            base: store,
            offset: (store_context::STACK_LIMIT as i32).into(),
            global_type: POINTER,
            flags,
        });
        func.stack_limit = Some(limit);
    }

    /// Calls a builtin. The arguments are those behind the vmctx.
    pub(super) fn call_builtin(&mut self, builtin: Builtin, arguments: &[Value]) -> Option<Value> {
        let (signature, code) = self.take_builtin(builtin, arguments);
        let ins = self.builder.ins();
        let call = ins.call_indirect(signature, code, &self.arguments);
        self.builder.inst_results(call).first().copied()
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
                let builtins = self.load_constant_on_entry(POINTER, place);
                *self.runtime.builtins.insert(builtins)
            }
        };
        let place = Place {
            base: builtins,
            offset: builtin as i32 * 8,
        };
        let code = self.load_constant(POINTER, place);
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
            let flags = MemFlagsData::new().with_trap_code(Some(trap_code(trap)));
            let null = self.builder.ins().iconst(POINTER, 0);
            self.builder.ins().load(types::I8, flags, null, 0);
        }
    }

    /// Traps. What follows is unreachable.
    pub(super) fn trap(&mut self, trap: Trap) {
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
