//! The garbage-collected heap: allocation and accesses.
//!
//! Everything the sandbox of the heap rests on is here. An object's address is the heap's base plus 32
//! bits, whatever these are. Where the heap faults, 4 GiB and a guard are reserved for it, of which only
//! what is in use is accessible, and not the first page: corrupt references and null fault. Elsewhere each
//! access is compared with the heap's length.
//!
//! Objects move at every call, builtins included. So an address is not kept: it is computed from a
//! reference at each access, and no load from the heap may be moved by the optimiser.

#[cfg(feature = "gc")]
mod access;

use crate::abi::builtins::Builtin;
use crate::abi::gc::{MAX_INLINE_SIZE, Shape, Slot, StructLayout, object};
use crate::abi::traps::Trap;
use crate::abi::vmctx::store_context;
use crate::compile::translate::function::Translator;
use crate::compile::translate::runtime::{Place, Region, trap_code};
use crate::compile::translate::types::{HANDLE, POINTER};
use crate::module::TypeIndex;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{self, BlockArg, InstBuilder, MemFlagsData, Value, types};

/// The inaccessible start of a heap that faults is at least this large, in bytes.
const NULL_PAGE: u32 = 4096;

/// An object, or a place in one, as an offset in the heap.
#[derive(Clone, Copy, Debug)]
pub(in crate::compile::translate) struct Object {
    /// 32 bits.
    pub(in crate::compile::translate) offset: Value,
    /// It may be null: then an access traps.
    pub(in crate::compile::translate) nullable: bool,
}

/// An address that may be accessed.
struct Address {
    base: Value,
    offset: i32,
    flags: MemFlagsData,
}

impl Translator<'_, '_> {
    /// A field of the store's context about the heap that stays the same between calls.
    fn heap_field(&mut self, ty: ir::Type, field: u32) -> Value {
        let place = Place {
            base: self.store_context(),
            offset: field as i32,
        };
        self.load_field(ty, place, Region::Allocation)
    }

    /// The address of the heap's first byte.
    fn heap_base(&mut self) -> Value {
        self.runtime.uses_heap = true;
        if !self.env.tunables.heap_faults {
            // It moves when it grows.
            return self.heap_field(POINTER, store_context::HEAP_BASE);
        }
        if let Some(base) = self.runtime.heap_base {
            return base;
        }
        let place = Place {
            base: self.store_context(),
            offset: store_context::HEAP_BASE as i32,
        };
        let base = self.load_constant_on_entry(POINTER, place);
        *self.runtime.heap_base.insert(base)
    }

    fn heap_flags(&mut self, region: Region) -> MemFlagsData {
        let region = self.region(region);
        MemFlagsData::new()
            .with_endianness(ir::Endianness::Little)
            .with_alias_region(Some(region))
    }

    /// The address of `size` bytes at a constant offset in an object: an access there stays in the heap
    /// or traps.
    fn heap_address(&mut self, object: Object, offset: u32, size: u32, region: Region) -> Address {
        let faults = self.env.tunables.heap_faults;
        let code = trap_code(Trap::NullReference);
        if object.nullable && !(faults && offset + size <= NULL_PAGE) {
            self.builder.ins().trapz(object.offset, code);
        }
        let flags = self.heap_flags(region).with_trap_code(Some(code));
        let start = self.builder.ins().uextend(POINTER, object.offset);
        let base = self.heap_base();
        if faults {
            return Address {
                base: self.builder.ins().iadd(base, start),
                offset: offset as i32,
                flags,
            };
        }
        let reach = i64::from(offset) + i64::from(size);
        let end = self.builder.ins().iadd_imm_u(start, reach);
        let length = self.heap_field(types::I64, store_context::HEAP_LENGTH);
        let ins = self.builder.ins();
        let outside = ins.icmp(IntCC::UnsignedLessThan, length, end);
        self.builder.ins().trapnz(outside, code);
        let mut address = self.builder.ins().iadd(base, start);
        address = self.builder.ins().iadd_imm_u(address, i64::from(offset));
        if self.env.tunables.spectre_mitigation {
            let null = self.builder.ins().iconst(POINTER, 0);
            let ins = self.builder.ins();
            address = ins.select_spectre_guard(outside, null, address);
        }
        Address {
            base: address,
            offset: 0,
            flags,
        }
    }

    /// Loads a field or element that is not packed, of this machine type, at a constant offset in an
    /// object. Traps if the object is null.
    pub(in crate::compile::translate) fn gc_load(
        &mut self,
        object: Object,
        offset: u32,
        ty: ir::Type,
    ) -> Value {
        let address = self.heap_address(object, offset, ty.bytes(), Region::Heap);
        let ins = self.builder.ins();
        ins.load(ty, address.flags, address.base, address.offset)
    }

    /// Stores a field or element of an object that was just allocated.
    pub(in crate::compile::translate) fn gc_initialize(
        &mut self,
        object: Value,
        offset: u32,
        slot: Slot,
        value: Value,
    ) {
        let address = self.new_address(object, offset, Region::Heap);
        self.heap_store(&address, slot, value);
    }

    fn heap_store(&mut self, address: &Address, slot: Slot, value: Value) {
        let (base, offset, flags) = (address.base, address.offset, address.flags);
        let ins = self.builder.ins();
        match slot {
            Slot::I8 => ins.istore8(flags, value, base, offset),
            Slot::I16 => ins.istore16(flags, value, base, offset),
            _ => ins.store(flags, value, base, offset),
        };
    }

    /// Allocates a struct or an exception of a type of the module; the caller initialises all fields,
    /// without a call in between.
    pub(in crate::compile::translate) fn gc_alloc(
        &mut self,
        ty: TypeIndex,
        layout: &StructLayout,
    ) -> Value {
        debug_assert!(layout.size <= MAX_INLINE_SIZE);
        let next = self.heap_field(types::I32, store_context::HEAP_NEXT);
        let end = self.builder.ins().iadd_imm_u(next, i64::from(layout.size));
        let limit = self.heap_field(types::I32, store_context::HEAP_LIMIT);
        let ins = self.builder.ins();
        let full = ins.icmp(IntCC::UnsignedLessThan, limit, end);
        let size = i64::from(layout.size);
        let object = self.bump(next, end, full, |this| {
            this.builder.ins().iconst(types::I64, size)
        });
        self.initialize_header(object, ty, layout.shape);
        object
    }

    /// The object from `next` to `end`, or, where the half is full, what the runtime finds for `size` bytes.
    fn bump(
        &mut self,
        next: Value,
        end: Value,
        full: Value,
        size: impl FnOnce(&mut Self) -> Value,
    ) -> Value {
        let fast = self.builder.create_block();
        let slow = self.builder.create_block();
        let done = self.builder.create_block();
        let object = self.builder.append_block_param(done, HANDLE);
        self.builder.ins().brif(full, slow, &[], fast, &[]);
        self.builder.seal_block(fast);
        self.builder.seal_block(slow);
        self.builder.set_cold_block(slow);

        self.builder.switch_to_block(fast);
        let place = Place {
            base: self.store_context(),
            offset: store_context::HEAP_NEXT as i32,
        };
        self.store_field(end, place, Region::Allocation);
        self.builder.ins().jump(done, &[BlockArg::Value(next)]);

        self.builder.switch_to_block(slow);
        let size = size(self);
        let found = self.call_builtin(Builtin::gc_alloc, &[size]);
        let found = found.expect("it has a result");
        let found = self.builder.ins().ireduce(HANDLE, found);
        self.builder.ins().jump(done, &[BlockArg::Value(found)]);

        self.builder.seal_block(done);
        self.builder.switch_to_block(done);
        self.declare_reference(object);
        object
    }

    fn initialize_header(&mut self, object: Value, ty: TypeIndex, shape: Shape) {
        let shape = i64::from(shape.0);
        let shape = self.builder.ins().iconst(types::I32, shape);
        let place = self.in_vmctx(self.env.layout.type_id(ty));
        let type_id = self.load_constant(types::I32, place);
        for (offset, value) in [(object::SHAPE, shape), (object::TYPE_ID, type_id)] {
            let address = self.new_address(object, offset, Region::HeapHeaders);
            let ins = self.builder.ins();
            ins.store(address.flags, value, address.base, address.offset);
        }
    }

    /// An address in an object that was just allocated.
    fn new_address(&mut self, object: Value, offset: u32, region: Region) -> Address {
        let start = self.builder.ins().uextend(POINTER, object);
        let base = self.heap_base();
        Address {
            base: self.builder.ins().iadd(base, start),
            offset: offset as i32,
            flags: self.heap_flags(region).with_notrap(),
        }
    }
}
