//! Exceptions: what throws, and what catches.
//!
//! A call in a `try_table` is a `try_call`: it ends its block, and goes on in the next one or, with the
//! exception in a register, in that of a catch clause. No code is spent on it otherwise: the runtime finds
//! the clauses by the address that the call returns to (see `image::handlers`).

use super::Result;
use super::access::Kind;
use super::call::Target;
use super::function::Translator;
use super::gc::Object;
use super::types::HANDLE;
use crate::abi::builtins::Builtin;
use crate::abi::gc::{EXCEPTION_TAG, Slot, StructLayout};
use crate::abi::traps::Trap;
use crate::compile::operators::Exception;
use crate::module::TagIndex;
use alloc::vec::Vec;
use cranelift_codegen::ir::{
    Block, BlockArg, ExceptionTableData, ExceptionTableItem, ExceptionTag, InstBuilder, Value,
    types,
};
use wasmparser::{Catch, TryTable};

/// The catch clauses in effect, innermost last.
#[derive(Default)]
pub(super) struct Handlers {
    clauses: Vec<Clause>,
}

impl Handlers {
    pub(super) fn len(&self) -> usize {
        self.clauses.len()
    }

    /// Puts a clause in effect that takes every exception.
    pub(super) fn push_all(&mut self, block: Block) {
        self.clauses.push(Clause {
            tag: None,
            block,
            branch: None,
        });
    }
}

/// A catch clause.
#[derive(Clone, Copy)]
struct Clause {
    /// What it catches; `None`: everything.
    tag: Option<TagIndex>,
    /// Its code, which takes the exception.
    block: Block,
    /// Where it does nothing but branch to, if it needs no exception for that.
    branch: Option<Branch>,
}

/// Where a catch clause branches to.
#[derive(Clone, Copy)]
struct Branch {
    /// The block, and how many values it takes along.
    target: (Block, usize),
    /// The frame.
    frame: usize,
}

impl Translator<'_, '_> {
    /// Translates an operator of this family.
    pub(super) fn exception(&mut self, operator: Exception<'_>) -> Result<()> {
        match operator {
            Exception::TryTable { try_table } => self.try_table(try_table),
            Exception::Throw { tag_index } => self.throw(TagIndex::from_u32(*tag_index)),
            Exception::ThrowRef => {
                let exception = self.pop();
                self.throw_ref(exception)
            }
            Exception::Try { blockty } => {
                self.try_(*blockty);
                Ok(())
            }
            Exception::Catch { tag_index } => self.catch(Some(TagIndex::from_u32(*tag_index))),
            Exception::CatchAll => self.catch(None),
            Exception::Delegate { relative_depth } => self.delegate(*relative_depth),
            Exception::Rethrow { relative_depth } => self.rethrow(*relative_depth),
        }
    }

    fn try_table(&mut self, table: &TryTable) -> Result<()> {
        if table.catches.is_empty() {
            self.block(table.ty);
            return Ok(());
        }
        let body = self.builder.create_block();
        self.builder.ins().jump(body, &[]);
        self.builder.seal_block(body);
        let clauses = table.catches.iter().map(|catch| self.clause(catch));
        let clauses: Vec<_> = clauses.collect::<Result<_>>()?;
        self.builder.switch_to_block(body);
        self.block(table.ty);
        self.handlers.clauses.extend(clauses.into_iter().rev());
        Ok(())
    }

    /// Translates a clause of a `try_table` that is about to be entered.
    fn clause(&mut self, catch: &Catch) -> Result<Clause> {
        let (tag, label, by_reference) = match *catch {
            Catch::One { tag, label } => (Some(tag), label, false),
            Catch::OneRef { tag, label } => (Some(tag), label, true),
            Catch::All { label } => (None, label, false),
            Catch::AllRef { label } => (None, label, true),
        };
        let tag = tag.map(TagIndex::from_u32);
        let target = self.target(label)?;
        let frame = self.frame_at(label);
        let pending = self.pending_fuel();
        let block = self.builder.create_block();
        self.builder.set_cold_block(block);
        let payload = self.builder.append_block_param(block, types::I64);
        self.builder.switch_to_block(block);
        self.load_fuel();
        let height = self.operands.len();
        let exception = self.builder.ins().ireduce(HANDLE, payload);
        if let Some(tag) = tag {
            self.push_payload(tag, exception);
        }
        if by_reference {
            self.push(exception);
        }
        self.agree_on_fuel_with(frame);
        self.jump(target.0, target.1);
        self.operands.truncate(height);
        self.set_pending(pending);
        Ok(Clause {
            tag,
            block,
            branch: (!by_reference).then_some(Branch { target, frame }),
        })
    }

    /// Leaves a construct around which this many clauses are in effect.
    pub(super) fn leave_handlers(&mut self, outer: usize) {
        for clause in self.handlers.clauses.drain(outer..) {
            self.builder.seal_block(clause.block);
        }
    }

    pub(super) fn is_in_try_table(&self) -> bool {
        !self.handlers.clauses.is_empty()
    }

    /// Calls, with the arguments that were taken, in a `try_table`. The results become operands.
    pub(super) fn try_call(&mut self, target: Target) -> Result<()> {
        let vmctx = self.vmctx;
        let clauses = self.handlers.clauses.iter().rev();
        let until_all = clauses.clone().position(|clause| clause.tag.is_none());
        let count = until_all.map_or(self.handlers.len(), |i| i + 1);
        let dfg = &mut self.builder.func.dfg;
        let mut items = Vec::with_capacity(1 + count);
        items.push(ExceptionTableItem::Context(vmctx));
        for clause in clauses.take(count) {
            let call = dfg.block_call(clause.block, &[BlockArg::TryCallExn(0)]);
            items.push(match clause.tag {
                Some(tag) => {
                    let slot = ExceptionTag::from_u32(self.env.layout.tag(tag));
                    ExceptionTableItem::Tag(slot, call)
                }
                None => ExceptionTableItem::Default(call),
            });
        }
        let signature = match target {
            Target::Function(function) => dfg.ext_funcs[function].signature,
            Target::Pointer(signature, _) => signature,
        };
        let next = self.builder.create_block();
        let dfg = &mut self.builder.func.dfg;
        let mut results = Vec::new();
        for i in 0..dfg.signatures[signature].returns.len() {
            let ty = dfg.signatures[signature].returns[i].value_type;
            dfg.append_block_param(next, ty);
            results.push(BlockArg::TryCallRet(i as u32));
        }
        let normal = dfg.block_call(next, &results);
        let table = ExceptionTableData::new(signature, normal, items);
        let table = dfg.exception_tables.push(table);
        let ins = self.builder.ins();
        match target {
            Target::Function(function) => ins.try_call(function, &self.arguments, table),
            Target::Pointer(_, code) => ins.try_call_indirect(code, &self.arguments, table),
        };
        self.builder.seal_block(next);
        let height = self.operands.len();
        self.continue_at(next, height);
        Ok(())
    }

    fn throw(&mut self, tag: TagIndex) -> Result<()> {
        let ty = self.env.info.tags[tag];
        let count = self.env.info.func_type(ty).params.len();
        let start = self.extend_top(count);
        match self.known_clause(tag) {
            Some(Clause {
                branch: Some(branch),
                ..
            }) => {
                self.keep_fuel();
                self.agree_on_fuel_with(branch.frame);
                self.jump(branch.target.0, branch.target.1);
                self.set_unreachable();
            }
            Some(clause) => {
                let exception = self.new_exception(tag, start);
                self.hand_to(clause, exception);
            }
            None => {
                let exception = self.new_exception(tag, start);
                self.throw_ref(exception)?;
            }
        }
        Ok(())
    }

    /// The clause of this function that catches what is thrown here, if that can be said.
    fn known_clause(&self, tag: TagIndex) -> Option<Clause> {
        for clause in self.handlers.clauses.iter().rev() {
            let info = self.env.info;
            match clause.tag {
                None => return Some(*clause),
                Some(caught) if caught == tag => return Some(*clause),
                // One tag may be imported twice, but no import is one of the module's own.
                Some(caught) if info.is_imported_tag(caught) && info.is_imported_tag(tag) => {
                    return None;
                }
                Some(_) => {}
            }
        }
        None
    }

    /// Goes on in a clause that takes this exception.
    fn hand_to(&mut self, clause: Clause, exception: Value) {
        let payload = self.builder.ins().uextend(types::I64, exception);
        self.builder.ins().jump(clause.block, &[payload.into()]);
        self.set_unreachable();
    }

    /// Throws an exception that was caught, where the first `count` clauses are in effect. The fuel is in its register.
    pub(super) fn throw_again(&mut self, exception: Value, count: usize) -> Result<()> {
        match self.handlers.clauses[..count].last() {
            Some(&clause) if clause.tag.is_none() && clause.branch.is_none() => {
                self.hand_to(clause, exception);
                Ok(())
            }
            _ => {
                let hidden = self.handlers.clauses.split_off(count);
                let thrown = self.throw_ref(exception);
                self.handlers.clauses.extend(hidden);
                thrown
            }
        }
    }

    fn throw_ref(&mut self, exception: Value) -> Result<()> {
        self.tell_fuel();
        let (signature, code) = self.take_builtin(Builtin::throw_ref, &[exception]);
        self.make_call(Target::Pointer(signature, code))?;
        self.trap(Trap::UnreachableCodeReached);
        Ok(())
    }

    /// Makes an exception of the operands from `start` on.
    fn new_exception(&mut self, tag: TagIndex, start: usize) -> Value {
        let ty = self.env.info.tags[tag];
        let layout = self.exception_layout(tag);
        let exception = self.gc_alloc(ty, &layout);
        let number = self.tag_number(tag);
        self.gc_initialize(exception, EXCEPTION_TAG, Slot::Bits32, number);
        for (i, field) in layout.fields.iter().enumerate() {
            let value = self.operands[start + i];
            self.gc_initialize(exception, field.offset, field.slot, value);
        }
        exception
    }

    /// The number of a tag in its store.
    pub(super) fn tag_number(&mut self, tag: TagIndex) -> Value {
        let number = self.in_vmctx(self.env.layout.tag(tag));
        self.load_field(Kind::Vmctx, types::I32, number)
    }

    /// Pushes what an exception with this tag holds.
    pub(super) fn push_payload(&mut self, tag: TagIndex, exception: Value) {
        let ty = self.env.info.func_type(self.env.info.tags[tag]);
        let exception = Object {
            offset: exception,
            nullable: false,
        };
        for (field, ty) in self.exception_layout(tag).fields.iter().zip(&ty.params) {
            let value = self.gc_load_value(exception, field.offset, *ty);
            self.push(value);
        }
    }

    fn exception_layout(&self, tag: TagIndex) -> StructLayout {
        let ty = self.env.info.func_type(self.env.info.tags[tag]);
        StructLayout::of_exception(ty)
    }
}
