//! Atomic operators (threads proposal).
//!
//! All are sequentially consistent. The address is checked for alignment first, then for bounds. What
//! orders memory between threads also orders the growth of a shared memory: the lengths that were
//! loaded before an atomic operator are not used after it.

use super::Result;
use super::access::{self, Access};
use super::address::Memory;
use super::function::Translator;
use super::runtime::Place;
use super::types::POINTER;
use crate::abi::builtins::Builtin;
use crate::abi::traps::Trap;
use crate::compile::operators::Atomic;
use crate::module::{IndexType, MemoryIndex};
use cranelift_codegen::ir::AtomicRmwOp::{self, Add, And, Or, Sub, Xchg, Xor};
use cranelift_codegen::ir::types::{I8, I16, I32, I64};
use cranelift_codegen::ir::{self, InstBuilder, TrapCode, Value};
use wasmparser::MemArg;

impl Translator<'_, '_> {
    /// Translates an atomic operator.
    pub(super) fn atomic(&mut self, operator: Atomic<'_>) -> Result<()> {
        match operator {
            Atomic::AtomicFence => {
                self.extents_may_change();
                self.builder.ins().fence();
            }
            Atomic::MemoryAtomicNotify { memarg } => self.atomic_notify(*memarg),
            Atomic::MemoryAtomicWait32 { memarg } => {
                self.atomic_wait(*memarg, Builtin::memory_atomic_wait32);
            }
            Atomic::MemoryAtomicWait64 { memarg } => {
                self.atomic_wait(*memarg, Builtin::memory_atomic_wait64);
            }

            Atomic::I32AtomicLoad { memarg } => self.atomic_load(*memarg, I32, I32),
            Atomic::I64AtomicLoad { memarg } => self.atomic_load(*memarg, I64, I64),
            Atomic::I32AtomicLoad8U { memarg } => self.atomic_load(*memarg, I32, I8),
            Atomic::I32AtomicLoad16U { memarg } => self.atomic_load(*memarg, I32, I16),
            Atomic::I64AtomicLoad8U { memarg } => self.atomic_load(*memarg, I64, I8),
            Atomic::I64AtomicLoad16U { memarg } => self.atomic_load(*memarg, I64, I16),
            Atomic::I64AtomicLoad32U { memarg } => self.atomic_load(*memarg, I64, I32),

            Atomic::I32AtomicStore { memarg } => self.atomic_store(*memarg, I32),
            Atomic::I64AtomicStore { memarg } => self.atomic_store(*memarg, I64),
            Atomic::I32AtomicStore8 { memarg } => self.atomic_store(*memarg, I8),
            Atomic::I32AtomicStore16 { memarg } => self.atomic_store(*memarg, I16),
            Atomic::I64AtomicStore8 { memarg } => self.atomic_store(*memarg, I8),
            Atomic::I64AtomicStore16 { memarg } => self.atomic_store(*memarg, I16),
            Atomic::I64AtomicStore32 { memarg } => self.atomic_store(*memarg, I32),

            Atomic::I32AtomicRmwAdd { memarg } => self.atomic_rmw(*memarg, Add, I32, I32),
            Atomic::I64AtomicRmwAdd { memarg } => self.atomic_rmw(*memarg, Add, I64, I64),
            Atomic::I32AtomicRmw8AddU { memarg } => self.atomic_rmw(*memarg, Add, I32, I8),
            Atomic::I32AtomicRmw16AddU { memarg } => self.atomic_rmw(*memarg, Add, I32, I16),
            Atomic::I64AtomicRmw8AddU { memarg } => self.atomic_rmw(*memarg, Add, I64, I8),
            Atomic::I64AtomicRmw16AddU { memarg } => self.atomic_rmw(*memarg, Add, I64, I16),
            Atomic::I64AtomicRmw32AddU { memarg } => self.atomic_rmw(*memarg, Add, I64, I32),

            Atomic::I32AtomicRmwSub { memarg } => self.atomic_rmw(*memarg, Sub, I32, I32),
            Atomic::I64AtomicRmwSub { memarg } => self.atomic_rmw(*memarg, Sub, I64, I64),
            Atomic::I32AtomicRmw8SubU { memarg } => self.atomic_rmw(*memarg, Sub, I32, I8),
            Atomic::I32AtomicRmw16SubU { memarg } => self.atomic_rmw(*memarg, Sub, I32, I16),
            Atomic::I64AtomicRmw8SubU { memarg } => self.atomic_rmw(*memarg, Sub, I64, I8),
            Atomic::I64AtomicRmw16SubU { memarg } => self.atomic_rmw(*memarg, Sub, I64, I16),
            Atomic::I64AtomicRmw32SubU { memarg } => self.atomic_rmw(*memarg, Sub, I64, I32),

            Atomic::I32AtomicRmwAnd { memarg } => self.atomic_rmw(*memarg, And, I32, I32),
            Atomic::I64AtomicRmwAnd { memarg } => self.atomic_rmw(*memarg, And, I64, I64),
            Atomic::I32AtomicRmw8AndU { memarg } => self.atomic_rmw(*memarg, And, I32, I8),
            Atomic::I32AtomicRmw16AndU { memarg } => self.atomic_rmw(*memarg, And, I32, I16),
            Atomic::I64AtomicRmw8AndU { memarg } => self.atomic_rmw(*memarg, And, I64, I8),
            Atomic::I64AtomicRmw16AndU { memarg } => self.atomic_rmw(*memarg, And, I64, I16),
            Atomic::I64AtomicRmw32AndU { memarg } => self.atomic_rmw(*memarg, And, I64, I32),

            Atomic::I32AtomicRmwOr { memarg } => self.atomic_rmw(*memarg, Or, I32, I32),
            Atomic::I64AtomicRmwOr { memarg } => self.atomic_rmw(*memarg, Or, I64, I64),
            Atomic::I32AtomicRmw8OrU { memarg } => self.atomic_rmw(*memarg, Or, I32, I8),
            Atomic::I32AtomicRmw16OrU { memarg } => self.atomic_rmw(*memarg, Or, I32, I16),
            Atomic::I64AtomicRmw8OrU { memarg } => self.atomic_rmw(*memarg, Or, I64, I8),
            Atomic::I64AtomicRmw16OrU { memarg } => self.atomic_rmw(*memarg, Or, I64, I16),
            Atomic::I64AtomicRmw32OrU { memarg } => self.atomic_rmw(*memarg, Or, I64, I32),

            Atomic::I32AtomicRmwXor { memarg } => self.atomic_rmw(*memarg, Xor, I32, I32),
            Atomic::I64AtomicRmwXor { memarg } => self.atomic_rmw(*memarg, Xor, I64, I64),
            Atomic::I32AtomicRmw8XorU { memarg } => self.atomic_rmw(*memarg, Xor, I32, I8),
            Atomic::I32AtomicRmw16XorU { memarg } => self.atomic_rmw(*memarg, Xor, I32, I16),
            Atomic::I64AtomicRmw8XorU { memarg } => self.atomic_rmw(*memarg, Xor, I64, I8),
            Atomic::I64AtomicRmw16XorU { memarg } => self.atomic_rmw(*memarg, Xor, I64, I16),
            Atomic::I64AtomicRmw32XorU { memarg } => self.atomic_rmw(*memarg, Xor, I64, I32),

            Atomic::I32AtomicRmwXchg { memarg } => self.atomic_rmw(*memarg, Xchg, I32, I32),
            Atomic::I64AtomicRmwXchg { memarg } => self.atomic_rmw(*memarg, Xchg, I64, I64),
            Atomic::I32AtomicRmw8XchgU { memarg } => self.atomic_rmw(*memarg, Xchg, I32, I8),
            Atomic::I32AtomicRmw16XchgU { memarg } => self.atomic_rmw(*memarg, Xchg, I32, I16),
            Atomic::I64AtomicRmw8XchgU { memarg } => self.atomic_rmw(*memarg, Xchg, I64, I8),
            Atomic::I64AtomicRmw16XchgU { memarg } => self.atomic_rmw(*memarg, Xchg, I64, I16),
            Atomic::I64AtomicRmw32XchgU { memarg } => self.atomic_rmw(*memarg, Xchg, I64, I32),

            Atomic::I32AtomicRmwCmpxchg { memarg } => self.atomic_cmpxchg(*memarg, I32, I32),
            Atomic::I64AtomicRmwCmpxchg { memarg } => self.atomic_cmpxchg(*memarg, I64, I64),
            Atomic::I32AtomicRmw8CmpxchgU { memarg } => self.atomic_cmpxchg(*memarg, I32, I8),
            Atomic::I32AtomicRmw16CmpxchgU { memarg } => self.atomic_cmpxchg(*memarg, I32, I16),
            Atomic::I64AtomicRmw8CmpxchgU { memarg } => self.atomic_cmpxchg(*memarg, I64, I8),
            Atomic::I64AtomicRmw16CmpxchgU { memarg } => self.atomic_cmpxchg(*memarg, I64, I16),
            Atomic::I64AtomicRmw32CmpxchgU { memarg } => self.atomic_cmpxchg(*memarg, I64, I32),
        }
        Ok(())
    }

    fn atomic_load(&mut self, memarg: MemArg, ty: ir::Type, access: ir::Type) {
        let index = self.pop();
        let Some((address, leave)) = self.atomic_address(memarg, index, access) else {
            return;
        };
        let ins = self.builder.ins();
        let value = access::atomic_load(ins, leave, access, address);
        self.push_widened(value, ty);
    }

    fn atomic_store(&mut self, memarg: MemArg, access: ir::Type) {
        let (index, value) = self.pop2();
        let value = self.narrowed(value, access);
        let Some((address, leave)) = self.atomic_address(memarg, index, access) else {
            return;
        };
        let ins = self.builder.ins();
        access::atomic_store(ins, leave, value, address);
    }

    fn atomic_rmw(&mut self, memarg: MemArg, op: AtomicRmwOp, ty: ir::Type, access: ir::Type) {
        let (index, operand) = self.pop2();
        let operand = self.narrowed(operand, access);
        let Some((address, leave)) = self.atomic_address(memarg, index, access) else {
            return;
        };
        let ins = self.builder.ins();
        let old = access::atomic_rmw(ins, leave, op, address, operand);
        self.push_widened(old, ty);
    }

    fn atomic_cmpxchg(&mut self, memarg: MemArg, ty: ir::Type, access: ir::Type) {
        let (index, expected, replacement) = self.pop3();
        let expected = self.narrowed(expected, access);
        let expected = self.comparable(expected);
        let replacement = self.narrowed(replacement, access);
        let Some((address, leave)) = self.atomic_address(memarg, index, access) else {
            return;
        };
        let ins = self.builder.ins();
        let old = access::atomic_cas(ins, leave, address, expected, replacement);
        self.push_widened(old, ty);
    }

    fn atomic_notify(&mut self, memarg: MemArg) {
        let (index, count) = self.pop2();
        let memory = self.builtin_index(memarg.memory);
        let address = self.effective_address(memarg, index);
        self.extents_may_change();
        let arguments = [memory, address, count];
        let notified = self.call_builtin(Builtin::memory_atomic_notify, &arguments);
        self.push(notified.expect("it has a result"));
    }

    fn atomic_wait(&mut self, memarg: MemArg, builtin: Builtin) {
        let (index, expected, timeout) = self.pop3();
        let memory = self.builtin_index(memarg.memory);
        let address = self.effective_address(memarg, index);
        self.extents_may_change();
        let result = self.call_builtin(builtin, &[memory, address, expected, timeout]);
        self.push(result.expect("it has a result"));
    }

    /// The machine address of an access, checked, and leave to access it.
    ///
    /// `None`: it always traps, and what follows is unreachable.
    fn atomic_address(
        &mut self,
        memarg: MemArg,
        index: Value,
        access: ir::Type,
    ) -> Option<(Value, Access)> {
        let memory = self.memory(MemoryIndex::from_u32(memarg.memory));
        let size = u64::from(access.bytes());
        self.check_alignment(index, memarg.offset, size)?;
        if memory.shared {
            self.extents_may_change();
        }
        let address = self.address(&memory, index, memarg.offset, size)?;
        let Place { base, offset } = address.place;
        let sum = match offset {
            0 => base,
            offset => self.builder.ins().iadd_imm_s(base, i64::from(offset)),
        };
        Some((sum, address.access))
    }

    /// Traps unless `index + offset` is a multiple of `size`, a power of two.
    ///
    /// `None`: it never is.
    fn check_alignment(&mut self, index: Value, offset: u64, size: u64) -> Option<()> {
        let low = size - 1;
        if let Some(index) = self.constant(index) {
            if index.wrapping_add(offset) & low != 0 {
                self.trap(Trap::HeapMisaligned);
                return None;
            }
        } else if size > 1 {
            let sum = match offset & low {
                0 => index,
                offset => self.builder.ins().iadd_imm_u(index, offset as i64),
            };
            let misaligned = self.builder.ins().band_imm_u(sum, low as i64);
            self.trap_if(misaligned, Trap::HeapMisaligned);
        }
        Some(())
    }

    /// `index + offset`, for a builtin that checks it.
    fn effective_address(&mut self, memarg: MemArg, index: Value) -> Value {
        let memory: Memory = self.memory(MemoryIndex::from_u32(memarg.memory));
        let index = self.index_to_64(index, memory.index_type);
        if memarg.offset == 0 {
            return index;
        }
        let offset = self.builder.ins().iconst(POINTER, memarg.offset as i64);
        let ins = self.builder.ins();
        match memory.index_type {
            // Below 2^33.
            IndexType::I32 => ins.iadd(index, offset),
            IndexType::I64 => ins.uadd_overflow_trap(index, offset, TrapCode::HEAP_OUT_OF_BOUNDS),
        }
    }

    fn narrowed(&mut self, value: Value, access: ir::Type) -> Value {
        if self.builder.func.dfg.value_type(value) == access {
            value
        } else {
            self.builder.ins().ireduce(access, value)
        }
    }

    /// The value expected by a compare-and-exchange, as the compiler's loop for AArch64 without LSE wants
    /// it: that compares all 64 bits of a register that holds 32, whatever is in the upper half.
    ///
    /// A sum with zero has zeroes there. Of the kinds of addition it is one that no pass removes.
    fn comparable(&mut self, expected: Value) -> Value {
        let is_32 = self.builder.func.dfg.value_type(expected) == I32;
        if !is_32 || !self.is_aarch64() || self.has_lse() {
            return expected;
        }
        let zero = self.builder.ins().iconst(I32, 0);
        let (sum, _) = self.builder.ins().uadd_overflow(expected, zero);
        sum
    }

    fn has_lse(&self) -> bool {
        let flags = self.env.isa.isa_flags();
        let lse = flags.iter().find(|flag| flag.name == "has_lse");
        lse.and_then(|flag| flag.as_bool()).unwrap_or(false)
    }

    /// Pushes what was loaded, without sign.
    fn push_widened(&mut self, value: Value, ty: ir::Type) {
        let value = if self.builder.func.dfg.value_type(value) == ty {
            value
        } else {
            self.builder.ins().uextend(ty, value)
        };
        self.push(value);
    }
}
