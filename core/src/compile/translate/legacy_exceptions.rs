//! Exceptions as they were before `try_table` (legacy exceptions): `try`, `catch`, `catch_all`, `delegate`, `rethrow`.
//!
//! What a `try` catches is known only behind its first part. So all exceptions of that part go to one block, which
//! compares tags one after the other, as the parts that catch come, and throws again what none of them takes.

use super::Result;
use super::function::Translator;
use super::gc::Object;
use super::types::HANDLE;
use crate::abi::gc::EXCEPTION_TAG;
use crate::module::TagIndex;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{Block, InstBuilder, Value, types};
use wasmparser::BlockType;

/// How far the translation of a `try` has come.
#[derive(Clone, Copy)]
pub(super) struct Try {
    /// Where exceptions go that no part so far catches; `None` behind a `catch_all`. In the first part this block takes
    /// the exception.
    rest: Option<Block>,
    /// What was caught, in the parts that catch.
    exception: Option<Value>,
}

impl Translator<'_, '_> {
    pub(super) fn try_(&mut self, ty: BlockType) {
        let rest = self.builder.create_block();
        self.builder.set_cold_block(rest);
        self.builder.append_block_param(rest, types::I64);
        let state = Try {
            rest: Some(rest),
            exception: None,
        };
        self.enter_try(ty, state);
        self.handlers.push_all(rest);
    }

    /// Enters the part of the innermost `try` that catches this tag; `None`: everything.
    pub(super) fn catch(&mut self, tag: Option<TagIndex>) -> Result<()> {
        let top = self.frames.len() - 1;
        self.leave_to_next(top)?;
        let Some((exception, _)) = self.enter_rest(top) else {
            unreachable!("validated");
        };
        let mut rest = None;
        if let Some(tag) = tag {
            let object = Object {
                offset: exception,
                nullable: false,
            };
            let found = self.gc_load(object, EXCEPTION_TAG, types::I32);
            let expected = self.tag_number(tag);
            let ins = self.builder.ins();
            let same = ins.icmp(IntCC::Equal, found, expected);
            let caught = self.builder.create_block();
            let other = self.builder.create_block();
            self.builder.set_cold_block(other);
            self.builder.ins().brif(same, caught, &[], other, &[]);
            self.builder.seal_block(other);
            self.continue_in(caught);
            self.push_payload(tag, exception);
            rest = Some(other);
        }
        *self.try_mut(top) = Try {
            rest,
            exception: Some(exception),
        };
        Ok(())
    }

    /// Ends the innermost `try`, at its `end`.
    pub(super) fn end_try(&mut self, top: usize) -> Result<()> {
        self.leave_to_next(top)?;
        match self.enter_rest(top) {
            Some((exception, around)) => self.throw_again(exception, around),
            None => {
                self.set_unreachable();
                Ok(())
            }
        }
    }

    /// Ends the innermost `try`: what is thrown in it is caught where the exceptions within another block are.
    pub(super) fn delegate(&mut self, depth: u32) -> Result<()> {
        let top = self.frames.len() - 1;
        self.leave_to_next(top)?;
        if let Some((exception, _)) = self.enter_rest(top) {
            // It counts from the blocks around the `try`.
            let inside = top - depth as usize;
            let clauses = self.frames[inside].handlers;
            self.throw_again(exception, clauses)?;
        }
        self.leave_frame();
        Ok(())
    }

    /// Throws again what was caught by the `try` at this depth.
    pub(super) fn rethrow(&mut self, depth: u32) -> Result<()> {
        let frame = self.frame_at(depth);
        let caught = self.try_mut(frame).exception;
        let around = self.handlers.len();
        self.throw_again(caught.expect("validated"), around)
    }

    /// Goes on where the exceptions are that no part of a `try` so far has caught, unless all are: the exception, and how
    /// many clauses are in effect.
    fn enter_rest(&mut self, frame: usize) -> Option<(Value, usize)> {
        let around = self.frames[frame].handlers;
        let height = self.frames[frame].height;
        let Try { rest, exception } = *self.try_mut(frame);
        let rest = rest?;
        // The first part ends here, and nothing else throws to it.
        self.leave_handlers(around);
        self.builder.switch_to_block(rest);
        let exception = exception.unwrap_or_else(|| {
            self.load_fuel();
            let payload = self.builder.block_params(rest)[0];
            let exception = self.builder.ins().ireduce(HANDLE, payload);
            self.expect_references();
            self.declare_reference(exception);
            exception
        });
        self.owe_nothing();
        self.operands.truncate(height);
        self.unreachable = None;
        Some((exception, around))
    }
}
