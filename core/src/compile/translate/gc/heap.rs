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
use crate::compile::translate::access::{Access, Kind, load_by, store_by};
use crate::compile::translate::function::Translator;
use crate::compile::translate::runtime::{Place, trap_code};
use crate::compile::translate::types::{HANDLE, POINTER};
use crate::module::TypeIndex;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{self, BlockArg, InstBuilder, Opcode, Value, types};

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

/// A place that may be accessed.
struct Address {
    place: Place,
    access: Access,
}

impl Translator<'_, '_> {
    /// A field of the store's context about the heap.
    fn heap_field(&mut self, kind: Kind, ty: ir::Type, field: u32) -> Value {
        let place = Place {
            base: self.store_context(),
            offset: field as i32,
        };
        self.load_field(kind, ty, place)
    }

    /// The address of the heap's first byte.
    fn heap_base(&mut self) -> Value {
        self.runtime.uses_heap = true;
        if !self.env.tunables.heap_faults {
            // It moves when it grows.
            return self.heap_field(Kind::HeapExtent, POINTER, store_context::HEAP_BASE);
        }
        if let Some(base) = self.runtime.heap_base {
            return base;
        }
        let place = Place {
            base: self.store_context(),
            offset: store_context::HEAP_BASE as i32,
        };
        let base = self.load_on_entry(Kind::FixedHeap, POINTER, place);
        *self.runtime.heap_base.insert(base)
    }

    /// The address of `size` bytes at a constant offset in an object: an access there stays in the heap
    /// or traps.
    fn heap_address(&mut self, object: Object, offset: u32, size: u32, kind: Kind) -> Address {
        let faults = self.env.tunables.heap_faults;
        let code = trap_code(Trap::NullReference);
        if object.nullable && !(faults && offset + size <= NULL_PAGE) {
            self.builder.ins().trapz(object.offset, code);
        }
        let access = self.access(kind, Some(Trap::NullReference));
        let start = self.builder.ins().uextend(POINTER, object.offset);
        let base = self.heap_base();
        if faults {
            let place = Place {
                base: self.builder.ins().iadd(base, start),
                offset: offset as i32,
            };
            return Address { place, access };
        }
        let reach = i64::from(offset) + i64::from(size);
        let end = self.builder.ins().iadd_imm_u(start, reach);
        let length = self.heap_field(Kind::HeapExtent, types::I64, store_context::HEAP_LENGTH);
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
        let place = Place {
            base: address,
            offset: 0,
        };
        Address { place, access }
    }

    /// Loads a field or element that is not packed, of this machine type, at a constant offset in an
    /// object. Traps if the object is null.
    pub(in crate::compile::translate) fn gc_load(
        &mut self,
        object: Object,
        offset: u32,
        ty: ir::Type,
    ) -> Value {
        let address = self.heap_address(object, offset, ty.bytes(), Kind::Field);
        let ins = self.builder.ins();
        load_by(ins, Opcode::Load, address.access, ty, address.place)
    }

    /// Stores a field or element of an object that was just allocated.
    pub(in crate::compile::translate) fn gc_initialize(
        &mut self,
        object: Value,
        offset: u32,
        slot: Slot,
        value: Value,
    ) {
        let address = Address {
            place: self.new_place(object, offset),
            access: self.access(Kind::Field, None),
        };
        self.heap_store(&address, slot, value);
    }

    fn heap_store(&mut self, address: &Address, slot: Slot, value: Value) {
        let value = match slot {
            Slot::Function => self.id_of_function(value),
            _ => value,
        };
        let opcode = match slot {
            Slot::I8 => Opcode::Istore8,
            Slot::I16 => Opcode::Istore16,
            _ => Opcode::Store,
        };
        let ins = self.builder.ins();
        store_by(ins, opcode, address.access, value, address.place);
    }

    /// Allocates a struct or an exception of a type of the module; the caller initialises all fields,
    /// without a call in between.
    pub(in crate::compile::translate) fn gc_alloc(
        &mut self,
        ty: TypeIndex,
        layout: &StructLayout,
    ) -> Value {
        debug_assert!(layout.size <= MAX_INLINE_SIZE);
        let next = self.heap_field(Kind::Allocation, types::I32, store_context::HEAP_NEXT);
        let end = self.builder.ins().iadd_imm_u(next, i64::from(layout.size));
        let limit = self.heap_field(Kind::Allocation, types::I32, store_context::HEAP_LIMIT);
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
        self.store_field(Kind::Allocation, end, place);
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
        let type_id = self.type_id(ty);
        for (offset, value) in [(object::SHAPE, shape), (object::TYPE_ID, type_id)] {
            self.initialize_header_word(object, offset, value);
        }
    }

    /// Stores a word that stays the same in an object that was just allocated.
    fn initialize_header_word(&mut self, object: Value, offset: u32, value: Value) {
        let place = self.new_place(object, offset);
        self.store_field(Kind::Header, value, place);
    }

    /// A place in an object that was just allocated.
    fn new_place(&mut self, object: Value, offset: u32) -> Place {
        let start = self.builder.ins().uextend(POINTER, object);
        let base = self.heap_base();
        Place {
            base: self.builder.ins().iadd(base, start),
            offset: offset as i32,
        }
    }
}
