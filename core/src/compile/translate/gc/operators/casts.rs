//! Tests of what a reference refers to.

use super::{Object, Translator};
use crate::abi::gc::{HOST_BITS, I31_BIT, Kind, object};
use crate::abi::traps::Trap;
use crate::abi::vmctx::func_ref;
use crate::compile::translate::Result;
use crate::compile::translate::runtime::{Place, trap_code};
use crate::compile::translate::types::heap_type;
use crate::module::{HeapType, TypeIndex};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{Block, BlockArg, InstBuilder, Value, types};
use wasmparser::RefType;

/// The bits of a reference that are zero where it is an object's or null.
const TAG_BITS: u32 = 0b11;

/// The bits of a shape that hold its kind.
const KIND_BITS: u32 = 0b11;

/// What is to be found out about what a reference refers to, by a look into it.
enum Loaded {
    Kind(Kind),
    Type(TypeIndex),
}

impl Translator<'_, '_> {
    pub(super) fn ref_test(&mut self, ty: wasmparser::HeapType, nullable: bool) -> Result<()> {
        let to = heap_type(self.env.info, ty, self.offset)?;
        let reference = self.pop();
        let is_of = self.is_of(reference, to, nullable)?;
        self.push(is_of);
        Ok(())
    }

    pub(super) fn ref_cast(&mut self, ty: wasmparser::HeapType, nullable: bool) -> Result<()> {
        let to = heap_type(self.env.info, ty, self.offset)?;
        let reference = self.pop();
        let is_of = self.is_of(reference, to, nullable)?;
        if self.constant(is_of) != Some(1) {
            let code = trap_code(Trap::CastFailure);
            self.builder.ins().trapz(is_of, code);
        }
        self.push(reference);
        Ok(())
    }

    /// Branches if the reference on top of the stack is of a type, or is not. It stays there.
    pub(super) fn br_on_cast(&mut self, depth: u32, to: RefType, on_success: bool) -> Result<()> {
        let heap = heap_type(self.env.info, to.heap_type(), self.offset)?;
        let reference = self.pop();
        let is_of = self.is_of(reference, heap, to.is_nullable())?;
        let condition = match on_success {
            true => is_of,
            false => self.builder.ins().icmp_imm_u(IntCC::Equal, is_of, 0),
        };
        self.push(reference);
        self.br_with(depth, condition)
    }

    /// Whether a reference, the one that the operator takes, is of type `to`, as an `i8`.
    fn is_of(&mut self, reference: Value, to: HeapType, nullable: bool) -> Result<Value> {
        // The validator names a type of the type section by a number of its own.
        let (from, is_concrete) = match self.reference.map(|ty| ty.heap_type()) {
            Some(wasmparser::HeapType::Concrete(_) | wasmparser::HeapType::Exact(_)) => {
                (to.top(), true)
            }
            Some(ty) => (heap_type(self.env.info, ty, self.offset)?, false),
            None => (to.top(), false),
        };
        let may_be_null = self.may_be_null();
        if self.is_declared_subtype(from, to) {
            return Ok(match nullable || !may_be_null {
                true => self.builder.ins().iconst(types::I8, 1),
                false => self.is_not_null(reference),
            });
        }
        if to.is_bottom() {
            return Ok(match nullable && may_be_null {
                true => self.builder.ins().icmp_imm_u(IntCC::Equal, reference, 0),
                false => self.builder.ins().iconst(types::I8, 0),
            });
        }
        let loaded = match to {
            // Null is not one; a host value, an object and null are told by bits.
            HeapType::I31 => {
                let bit = self.has_bits(reference, I31_BIT, I31_BIT);
                return Ok(match nullable && may_be_null {
                    true => {
                        let is_null = self.builder.ins().icmp_imm_u(IntCC::Equal, reference, 0);
                        self.builder.ins().bor(bit, is_null)
                    }
                    false => bit,
                });
            }
            HeapType::Eq => {
                let host = self.has_bits(reference, TAG_BITS, HOST_BITS);
                let eq = self.builder.ins().icmp_imm_u(IntCC::Equal, host, 0);
                return Ok(match nullable || !may_be_null {
                    true => eq,
                    false => {
                        let is_not_null = self.is_not_null(reference);
                        self.builder.ins().band(eq, is_not_null)
                    }
                });
            }
            HeapType::Struct => Loaded::Kind(Kind::Struct),
            HeapType::Array => Loaded::Kind(Kind::Array),
            HeapType::ConcreteFunc(ty)
            | HeapType::ConcreteStruct(ty)
            | HeapType::ConcreteArray(ty) => Loaded::Type(ty),
            // The tops, of which everything is that is in their hierarchies.
            _ => return Ok(self.builder.ins().iconst(types::I8, 1)),
        };

        let done = self.builder.create_block();
        let result = self.builder.append_block_param(done, types::I8);
        if may_be_null {
            self.done_if_zero(reference, done, nullable);
        }
        let is_object = from.is_func()
            || is_concrete
            || from.is_subtype(HeapType::Struct, |_, _| true)
            || from.is_subtype(HeapType::Array, |_, _| true);
        if !is_object {
            let object = self.has_bits(reference, TAG_BITS, 0);
            self.done_if_zero(object, done, false);
        }
        let found = self.test(reference, from.is_func(), &loaded);
        self.builder.ins().jump(done, &[BlockArg::Value(found)]);
        self.continue_in(done);
        Ok(result)
    }

    fn is_not_null(&mut self, reference: Value) -> Value {
        let ins = self.builder.ins();
        ins.icmp_imm_u(IntCC::NotEqual, reference, 0)
    }

    /// Whether the bits of `mask` are these.
    fn has_bits(&mut self, reference: Value, mask: u32, bits: u32) -> Value {
        let masked = self.builder.ins().band_imm_u(reference, i64::from(mask));
        let ins = self.builder.ins();
        ins.icmp_imm_u(IntCC::Equal, masked, i64::from(bits))
    }

    /// Goes to `done` with an answer if a value is zero.
    fn done_if_zero(&mut self, value: Value, done: Block, answer: bool) {
        let next = self.builder.create_block();
        let answer = self.builder.ins().iconst(types::I8, i64::from(answer));
        let answer = [BlockArg::Value(answer)];
        self.builder.ins().brif(value, next, &[], done, &answer);
        self.continue_in(next);
    }

    /// Looks into a function reference or an object.
    fn test(&mut self, reference: Value, is_func: bool, loaded: &Loaded) -> Value {
        let object = Object {
            offset: reference,
            nullable: false,
        };
        match loaded {
            Loaded::Kind(kind) => {
                let shape = self.gc_load_header(object, object::SHAPE);
                self.has_bits(shape, KIND_BITS, *kind as u32)
            }
            Loaded::Type(ty) => {
                let id = if is_func {
                    let place = Place {
                        base: reference,
                        offset: func_ref::TYPE_ID as i32,
                    };
                    self.load_func_ref(types::I32, place, None)
                } else {
                    self.gc_load_header(object, object::TYPE_ID)
                };
                self.is_type(id, *ty)
            }
        }
    }
}
