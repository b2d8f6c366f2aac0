//! From Wasm addresses to machine addresses, in bounds.
//!
//! Everything the sandbox of linear memory rests on is here. An access takes `offset + size` bytes
//! behind its index, its *reach*. One of three holds for it:
//!
//! - **No check**: wherever the index points, the reach ends in the reservation or the guard behind
//!   it, and what is not part of the memory faults.
//! - **Constant**: index and reach end below the memory's minimum size: always in bounds.
//! - **Check**: against the current length, exactly, or but for a reach that the guard covers. Either
//!   the check traps, or (where memory faults, and speculation is guarded against anyway) it turns the
//!   address into null, where nothing is ever mapped.

use super::access::{Access, Kind, atomic_load};
use super::function::Translator;
use super::runtime::Place;
use super::short::MAX_CONSTANT;
use super::types::POINTER;
use crate::abi::traps::Trap;
use crate::abi::vmctx::extent;
use crate::module::{IndexType, MemoryIndex};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{self, InstBuilder, Value, types};
use target_lexicon::Architecture;

/// What a function knows of a memory.
#[derive(Clone, Copy)]
pub(super) struct Memory {
    pub(super) index_type: IndexType,
    pub(super) page_size_log2: u8,
    /// Other threads may grow it, and it never moves.
    pub(super) shared: bool,
    /// Its `VMMemory`.
    extent: Place,
    /// The pointer to its first byte, if it stays where it is.
    base: Option<Value>,
    /// The smallest and the largest size in bytes.
    minimum: u64,
    maximum: u64,
    /// The longest reach that needs no check, if there is any.
    unchecked_reach: Option<u64>,
    /// What lies behind its length faults, for this many bytes and more.
    guard: u64,
    /// For an access that may fault.
    access: Access,
    /// For one that does not.
    access_in_bounds: Access,
}

/// Where an access goes.
#[derive(Clone, Copy)]
pub(super) struct Address {
    pub(super) place: Place,
    pub(super) access: Access,
}

impl Translator<'_, '_> {
    /// What is known of a memory.
    pub(super) fn memory(&mut self, index: MemoryIndex) -> Memory {
        if let Some((_, memory)) = self.memories.iter().find(|(i, _)| *i == index) {
            return *memory;
        }
        let memory = self.resolve_memory(index);
        self.memories.push((index, memory));
        memory
    }

    fn resolve_memory(&mut self, index: MemoryIndex) -> Memory {
        let (info, layout, tunables) = (self.env.info, self.env.layout, self.env.tunables);
        let ty = &info.memories[index];
        let bytes = |pages: u64| {
            let bytes = u128::from(pages) << ty.page_size_log2;
            u64::try_from(bytes).unwrap_or(u64::MAX)
        };
        let minimum = bytes(ty.limits.minimum);
        let addressable = match ty.index {
            IndexType::I32 => 1 << 32,
            IndexType::I64 => u64::MAX,
        };
        let maximum = ty.limits.maximum.map_or(u64::MAX, bytes).min(addressable);

        let (slot, in_slot) = match info.defined_memory(index) {
            Some(defined) => (layout.memory(defined), !ty.shared),
            None => (layout.imported_memory(index), false),
        };
        let slot = self.in_vmctx(slot);
        let extent = if in_slot {
            slot
        } else {
            let base = self.load_on_entry(Kind::Vmctx, POINTER, slot);
            Place { base, offset: 0 }
        };
        // A memory of smaller pages may end within a page of the machine.
        let faults = tunables.memory_faults && ty.page_size_log2 >= 16;
        let guard = if faults {
            tunables.memory_guard_size
        } else {
            0
        };
        let index_bits = match ty.index {
            IndexType::I32 => 32,
            IndexType::I64 => 64,
        };
        let unchecked = tunables.memory_needs_no_check(index_bits);
        let unchecked_reach = (faults && unchecked)
            .then(|| {
                // The highest index plus the reach ends in the guard.
                let end = tunables.memory_reservation.checked_add(guard)?;
                end.checked_sub(u64::from(u32::MAX))
            })
            .flatten();
        let base = (unchecked_reach.is_some() || minimum == maximum || ty.shared)
            .then(|| self.load_on_entry(Kind::FixedBase, POINTER, extent.plus(extent::BASE)));

        let kind = Kind::of_memory(info, index);
        Memory {
            index_type: ty.index,
            page_size_log2: ty.page_size_log2,
            shared: ty.shared,
            extent,
            base,
            minimum,
            maximum,
            unchecked_reach,
            guard,
            access: self.access(kind, Some(Trap::MemoryOutOfBounds)),
            access_in_bounds: self.access(kind, None),
        }
    }

    /// The pointer to a memory's first byte.
    fn memory_base(&mut self, memory: &Memory) -> Value {
        memory
            .base
            .unwrap_or_else(|| self.load_extent(POINTER, memory.extent.plus(extent::BASE)))
    }

    /// The length of a memory in bytes. That of a shared one may be shorter than it is by now, but not
    /// than it was at the last operator that orders memory between threads.
    pub(super) fn memory_length(&mut self, memory: &Memory) -> Value {
        if memory.minimum == memory.maximum {
            let length = memory.minimum as i64;
            return self.builder.ins().iconst(types::I64, length);
        }
        self.load_extent(types::I64, memory.extent.plus(extent::LENGTH))
    }

    /// The length of a shared memory in bytes, as it is now in the order that all threads agree on
    /// (threads proposal: "memory.size").
    pub(super) fn shared_length(&mut self, memory: &Memory) -> Value {
        self.extents_may_change();
        let place = memory.extent.plus(extent::LENGTH);
        let access = self.access(Kind::Extent, None);
        let ins = self.builder.ins();
        let address = ins.iadd_imm_s(place.base, i64::from(place.offset));
        atomic_load(self.builder.ins(), access, types::I64, address)
    }

    /// The machine address of `size` bytes at `index + offset`, checked as far as is needed: an access
    /// there is either in bounds, or traps.
    ///
    /// `None`: it always traps. The trap is there already, and what follows is unreachable.
    pub(super) fn address(
        &mut self,
        memory: &Memory,
        index: Value,
        offset: u64,
        size: u64,
    ) -> Option<Address> {
        let Some(reach) = offset.checked_add(size).filter(|r| *r <= memory.maximum) else {
            self.trap(Trap::MemoryOutOfBounds);
            return None;
        };
        if let Some(index) = self.constant(index) {
            let end = index.checked_add(reach);
            if end.is_some_and(|end| end <= memory.minimum) {
                let base = self.memory_base(memory);
                return Some(self.plus_constant(base, index + offset, memory.access_in_bounds));
            }
        }
        if self.needs_no_check(memory, reach) {
            let base = self.memory_base(memory);
            return Some(self.unchecked(base, index, offset, size, memory.access));
        }
        Some(self.checked(memory, index, offset, reach))
    }

    /// Whether an access of this reach needs no check, whatever its index.
    pub(super) fn needs_no_check(&self, memory: &Memory, reach: u64) -> bool {
        memory
            .unchecked_reach
            .is_some_and(|longest| reach <= longest.min(memory.maximum))
    }

    fn plus_constant(&mut self, base: Value, offset: u64, access: Access) -> Address {
        // What is written in line adds to the offset.
        let place = match i32::try_from(offset.saturating_add(MAX_CONSTANT)) {
            Ok(_) => Place {
                base,
                offset: offset as i32,
            },
            Err(_) => Place {
                base: self.builder.ins().iadd_imm_u(base, offset as i64),
                offset: 0,
            },
        };
        Address { place, access }
    }

    /// The address in a memory with 32-bit indices.
    fn unchecked(
        &mut self,
        base: Value,
        index: Value,
        offset: u64,
        size: u64,
        access: Access,
    ) -> Address {
        let index = self.builder.ins().uextend(POINTER, index);
        // An offset that is no operand of an instruction is split, so that accesses near each other
        // share most of the sum.
        let (base, offset) = if self.is_aarch64() && offset > 255 && offset / size > 4095 {
            let high = offset & !0xfff;
            let base = self.builder.ins().iadd_imm_u(base, high as i64);
            (base, offset - high)
        } else {
            (base, offset)
        };
        let base = self.builder.ins().iadd(base, index);
        self.plus_constant(base, offset, access)
    }

    pub(super) fn is_aarch64(&self) -> bool {
        let architecture = self.env.isa.triple().architecture;
        matches!(architecture, Architecture::Aarch64(_))
    }

    fn checked(&mut self, memory: &Memory, index: Value, offset: u64, reach: u64) -> Address {
        let tunables = self.env.tunables;
        let index = self.index_to_64(index, memory.index_type);
        // The length stands on the left: AArch64 extends what stands on the right as it compares.
        let out_of_bounds = if reach <= memory.guard {
            // The guard covers the rest, and all accesses with this index share the check.
            let length = self.memory_length(memory);
            let ins = self.builder.ins();
            ins.icmp(IntCC::UnsignedLessThan, length, index)
        } else if reach == 1 {
            let length = self.memory_length(memory);
            let ins = self.builder.ins();
            ins.icmp(IntCC::UnsignedLessThanOrEqual, length, index)
        } else if reach <= memory.minimum {
            let length = self.memory_length(memory);
            let reach = self.builder.ins().iconst(types::I64, reach as i64);
            let last = self.builder.ins().isub(length, reach);
            let ins = self.builder.ins();
            ins.icmp(IntCC::UnsignedLessThan, last, index)
        } else {
            let reach = self.builder.ins().iconst(types::I64, reach as i64);
            let end = match memory.index_type {
                // Both are 33-bit numbers at most.
                IndexType::I32 => self.builder.ins().iadd(index, reach),
                IndexType::I64 => {
                    let code = ir::TrapCode::HEAP_OUT_OF_BOUNDS;
                    self.builder.ins().uadd_overflow_trap(index, reach, code)
                }
            };
            let length = self.memory_length(memory);
            let ins = self.builder.ins();
            ins.icmp(IntCC::UnsignedLessThan, length, end)
        };
        let null_faults = tunables.memory_faults && tunables.spectre_mitigation;
        if !null_faults {
            self.trap_if(out_of_bounds, Trap::MemoryOutOfBounds);
        }
        let base = self.memory_base(memory);
        let mut address = self.builder.ins().iadd(base, index);
        // The guard against speculation must see the whole sum.
        if offset != 0 {
            address = self.builder.ins().iadd_imm_u(address, offset as i64);
        }
        if tunables.spectre_mitigation {
            let null = self.builder.ins().iconst(POINTER, 0);
            let ins = self.builder.ins();
            address = ins.select_spectre_guard(out_of_bounds, null, address);
        }
        let in_bounds = !null_faults && reach > memory.guard;
        Address {
            place: Place {
                base: address,
                offset: 0,
            },
            access: if in_bounds {
                memory.access_in_bounds
            } else {
                memory.access
            },
        }
    }
}
