//! Blocks and branches.
//!
//! A block of the IR is made only where control meets: at the head of a loop, and behind a construct
//! that something branches to.

use super::Result;
use super::extents::Mark;
use super::function::Translator;
#[cfg(feature = "exceptions")]
use super::legacy_exceptions::Try;
use super::types::{body_type, flag, machine_type};
use crate::abi::traps::Trap;
use crate::map::Map;
use crate::module::{FunctionIndex, TypeIndex};
use alloc::vec::Vec;
use cranelift_codegen::ir::{self, Block, BlockArg, BlockCall, InstBuilder, JumpTableData, Value};
use wasmparser::{BlockType, BrTable};

/// A control construct that was entered in reachable code.
pub(super) struct Frame {
    kind: Kind,
    ty: BlockType,
    params: usize,
    results: usize,
    /// The height of the operand stack below the construct's parameters.
    pub(super) height: usize,
    /// How many catch clauses are in effect around the construct.
    pub(super) handlers: usize,
    /// What comes behind the construct. Its parameters are the results.
    next: Option<Block>,
    /// Whether something branches to `next`.
    next_is_reached: bool,
    /// The fuel that is pending where branches to the construct go; `None` before the first.
    fuel: Option<i64>,
    /// The fuel that is pending where the construct begins.
    fuel_on_entry: i64,
}

enum Kind {
    Function,
    Block,
    Loop(Loop),
    If(Else),
    Else,
    #[cfg(feature = "exceptions")]
    Try(Try),
}

#[derive(Clone, Copy)]
struct Loop {
    header: Block,
    /// The jump that enters it.
    entry: ir::Inst,
    /// What is known of extents at its entry.
    mark: Mark,
}

/// Where an `if` goes when its condition is zero.
#[derive(Clone, Copy)]
enum Else {
    /// To a block of its own.
    Block(Block),
    /// To `next`, by this branch, until an `else` is seen.
    Next(ir::Inst),
}

impl Translator<'_, '_> {
    /// Enters the body of the function.
    pub(super) fn enter_function(&mut self, index: FunctionIndex) {
        let info = self.env.info;
        let ty = info.functions[index].ty;
        self.frames.push(Frame {
            kind: Kind::Function,
            ty: BlockType::FuncType(ty.as_u32()),
            params: 0,
            results: info.func_type(ty).results.len(),
            height: 0,
            handlers: 0,
            next: None,
            next_is_reached: false,
            fuel: None,
            fuel_on_entry: 0,
        });
    }

    /// How many parameters and results a construct has.
    fn arity(&self, ty: BlockType) -> (usize, usize) {
        match ty {
            BlockType::Empty => (0, 0),
            BlockType::Type(_) => (0, 1),
            BlockType::FuncType(index) => {
                let ty = self.env.info.func_type(TypeIndex::from_u32(index));
                (ty.params.len(), ty.results.len())
            }
        }
    }

    /// Enters a construct whose parameters are the uppermost operands.
    fn enter(&mut self, kind: Kind, ty: BlockType, next: Option<Block>) {
        let (params, results) = self.arity(ty);
        self.frames.push(Frame {
            kind,
            ty,
            params,
            results,
            height: self.operands.len() - params,
            handlers: self.handlers.len(),
            next,
            next_is_reached: false,
            fuel: None,
            fuel_on_entry: self.pending_fuel(),
        });
    }

    #[cfg(feature = "exceptions")]
    pub(super) fn enter_try(&mut self, ty: BlockType, state: Try) {
        self.enter(Kind::Try(state), ty, None);
    }

    /// The `try` at a place of the control stack.
    #[cfg(feature = "exceptions")]
    pub(super) fn try_mut(&mut self, frame: usize) -> &mut Try {
        match &mut self.frames[frame].kind {
            Kind::Try(state) => state,
            _ => unreachable!("validated"),
        }
    }

    pub(super) fn block(&mut self, ty: BlockType) {
        self.enter(Kind::Block, ty, None);
    }

    pub(super) fn loop_(&mut self, ty: BlockType) {
        let header = self.builder.create_block();
        if let BlockType::FuncType(index) = ty {
            for ty in &self.env.info.func_type(TypeIndex::from_u32(index)).params {
                self.builder.append_block_param(header, machine_type(*ty));
            }
        }
        let (params, _) = self.arity(ty);
        let entry = self.jump(header, params);
        let mark = self.mark_extents();
        let kind = Kind::Loop(Loop {
            header,
            entry,
            mark,
        });
        self.enter(kind, ty, None);
        self.loops += 1;
        self.agree_on_fuel_with(self.frames.len() - 1);
        self.continue_at(header, self.operands.len() - params);
        self.check_limits();
    }

    pub(super) fn if_(&mut self, ty: BlockType) {
        let condition = self.pop_condition();
        let arity = self.arity(ty);
        let params = self.extend_top(arity.0);
        let then = self.builder.create_block();
        let otherwise = self.builder.create_block();
        let branch = self
            .builder
            .ins()
            .brif(condition, then, &[], otherwise, &[]);
        if arity == (0, 0) {
            self.enter(Kind::If(Else::Next(branch)), ty, Some(otherwise));
            self.agree_on_fuel_with(self.frames.len() - 1);
        } else {
            self.enter(Kind::If(Else::Block(otherwise)), ty, None);
            // Either arm takes the parameters: the first gets a copy on top of them.
            self.operands.extend_from_within(params..);
            self.builder.seal_block(otherwise);
        }
        self.builder.seal_block(then);
        self.builder.switch_to_block(then);
    }

    pub(super) fn else_(&mut self) -> Result<()> {
        let top = self.frames.len() - 1;
        let frame = &mut self.frames[top];
        if !frame.next_is_reached {
            // Not by the `if` either.
            frame.fuel = None;
        }
        self.leave_to_next(top)?;
        let frame = &mut self.frames[top];
        let fuel = frame.fuel_on_entry;
        let Kind::If(else_) = frame.kind else {
            unreachable!("validated");
        };
        frame.kind = Kind::Else;
        let next = frame.next;
        self.operands.truncate(frame.height + frame.params);
        let block = match else_ {
            Else::Block(block) => block,
            Else::Next(branch) => {
                let block = self.builder.create_block();
                let next = next.expect("the branch goes there");
                self.builder.change_jump_destination(branch, next, block);
                self.builder.seal_block(block);
                block
            }
        };
        self.builder.switch_to_block(block);
        self.unreachable = None;
        self.set_pending(fuel);
        Ok(())
    }

    pub(super) fn end(&mut self) -> Result<()> {
        let top = self.frames.len() - 1;
        match self.frames[top].kind {
            Kind::Function => return self.end_function(),
            Kind::Block | Kind::Else => {}
            #[cfg(feature = "exceptions")]
            Kind::Try(_) => self.end_try(top)?,
            Kind::Loop(inner) => {
                self.loops -= 1;
                self.builder.seal_block(inner.header);
                self.hoist_extents(inner.entry, inner.mark);
            }
            Kind::If(Else::Next(_)) => self.frames[top].next_is_reached = true,
            Kind::If(Else::Block(_)) => {
                // There is no `else`: the parameters are the results.
                self.else_()?;
            }
        }
        if self.frames[top].next_is_reached {
            self.leave_to_next(top)?;
        }
        self.leave_frame();
        Ok(())
    }

    /// Goes on behind the innermost construct, of which all code has been translated.
    pub(super) fn leave_frame(&mut self) {
        let frame = self.frames.pop().expect("not empty");
        self.leave_handlers(frame.handlers);
        if let Some(next) = frame.next.filter(|_| frame.next_is_reached) {
            self.builder.seal_block(next);
            self.continue_at(next, frame.height);
            self.unreachable = None;
            self.set_pending(frame.fuel.unwrap_or_default());
        } else if self.unreachable.is_some() {
            self.operands.truncate(frame.height);
        }
    }

    fn end_function(&mut self) -> Result<()> {
        if self.frames[0].next_is_reached {
            self.leave_to_next(0)?;
        }
        let frame = self.frames.pop().expect("not empty");
        if let Some(next) = frame.next.filter(|_| frame.next_is_reached) {
            self.builder.seal_block(next);
            self.continue_at(next, 0);
            self.unreachable = None;
            self.set_pending(frame.fuel.unwrap_or_default());
        }
        if self.unreachable.is_none() {
            self.return_values(frame.results);
        }
        Ok(())
    }

    /// Goes to what comes behind a construct, if the code here is reachable.
    pub(super) fn leave_to_next(&mut self, frame: usize) -> Result<()> {
        if self.unreachable.is_none() {
            let next = self.next(frame)?;
            self.frames[frame].next_is_reached = true;
            let results = self.frames[frame].results;
            self.agree_on_fuel_with(frame);
            self.jump(next, results);
        }
        Ok(())
    }

    /// Makes what is pending here that which is pending where branches to this frame go.
    pub(super) fn agree_on_fuel_with(&mut self, frame: usize) {
        let mut there = self.frames[frame].fuel;
        self.agree_on_fuel(&mut there);
        self.frames[frame].fuel = there;
    }

    /// The frame at this depth.
    pub(super) fn frame_at(&self, depth: u32) -> usize {
        self.frames.len() - 1 - depth as usize
    }

    /// The block behind a construct.
    fn next(&mut self, frame: usize) -> Result<Block> {
        if let Some(next) = self.frames[frame].next {
            return Ok(next);
        }
        let next = self.builder.create_block();
        match self.frames[frame].ty {
            BlockType::Empty => {}
            BlockType::Type(ty) => {
                let ty = body_type(self.env.info, ty, self.offset)?;
                self.builder.append_block_param(next, ty);
            }
            BlockType::FuncType(index) => {
                for ty in &self.env.info.func_type(TypeIndex::from_u32(index)).results {
                    self.builder.append_block_param(next, machine_type(*ty));
                }
            }
        }
        self.frames[frame].next = Some(next);
        Ok(next)
    }

    /// The block that a branch goes to, and how many operands it takes along.
    pub(super) fn target(&mut self, depth: u32) -> Result<(Block, usize)> {
        let frame = self.frame_at(depth);
        if let Kind::Loop(target) = self.frames[frame].kind {
            return Ok((target.header, self.frames[frame].params));
        }
        let next = self.next(frame)?;
        let frame = &mut self.frames[frame];
        frame.next_is_reached = true;
        Ok((next, frame.results))
    }

    /// Makes the uppermost operands the arguments of the next branch.
    fn take_block_arguments(&mut self, count: usize) {
        let start = self.extend_top(count);
        self.block_arguments.clear();
        let operands = self.operands[start..].iter();
        self.block_arguments
            .extend(operands.map(|v| BlockArg::from(*v)));
    }

    pub(super) fn jump(&mut self, block: Block, arguments: usize) -> ir::Inst {
        self.take_block_arguments(arguments);
        self.builder.ins().jump(block, &self.block_arguments)
    }

    /// Goes on in `block`: its parameters are the operands above `height`.
    pub(super) fn continue_at(&mut self, block: Block, height: usize) {
        self.builder.switch_to_block(block);
        self.operands.truncate(height);
        let params = self.builder.func.dfg.block_params(block);
        self.operands.extend_from_slice(params);
    }

    /// What follows, up to the end of the innermost construct, is unreachable.
    pub(super) fn set_unreachable(&mut self) {
        self.unreachable = Some(0);
    }

    pub(super) fn unreachable(&mut self) {
        self.end_fuel();
        self.fault(Trap::UnreachableCodeReached);
        self.trap(Trap::UnreachableCodeReached);
    }

    pub(super) fn br(&mut self, depth: u32) -> Result<()> {
        if depth as usize == self.frames.len() - 1 {
            self.return_();
            return Ok(());
        }
        let (block, count) = self.target(depth)?;
        self.agree_on_fuel_with(self.frame_at(depth));
        self.jump(block, count);
        self.set_unreachable();
        Ok(())
    }

    pub(super) fn br_if(&mut self, depth: u32) -> Result<()> {
        let condition = self.pop_condition();
        self.br_with(depth, condition)
    }

    /// Branches if the condition is not zero.
    pub(super) fn br_with(&mut self, depth: u32, condition: Value) -> Result<()> {
        let (block, count) = self.target(depth)?;
        let frame = self.frame_at(depth);
        let next = self.builder.create_block();
        if !matches!(self.frames[frame].kind, Kind::Loop(_))
            && self.fuel_differs(self.frames[frame].fuel)
        {
            // The branch goes through a block that pays: what is taken less often had better.
            let pending = self.pending_fuel();
            let edge = self.builder.create_block();
            self.extend_top(count);
            self.builder.ins().brif(condition, edge, &[], next, &[]);
            self.continue_in(edge);
            self.agree_on_fuel_with(frame);
            self.jump(block, count);
            self.continue_in(next);
            self.set_pending(pending);
            return Ok(());
        }
        self.agree_on_fuel_with(frame);
        self.take_block_arguments(count);
        self.builder
            .ins()
            .brif(condition, block, &self.block_arguments, next, &[]);
        self.continue_in(next);
        Ok(())
    }

    /// Goes on in a block that nothing else will branch to.
    pub(super) fn continue_in(&mut self, block: Block) {
        self.builder.seal_block(block);
        self.builder.switch_to_block(block);
    }

    pub(super) fn br_on_null(&mut self, depth: u32) -> Result<()> {
        let reference = self.pop();
        let (block, count) = self.target(depth)?;
        self.agree_on_fuel_with(self.frame_at(depth));
        let next = self.builder.create_block();
        self.take_block_arguments(count);
        self.builder
            .ins()
            .brif(reference, next, &[], block, &self.block_arguments);
        self.continue_in(next);
        self.push(reference);
        Ok(())
    }

    /// The reference is the last of the operands that a branch takes along.
    pub(super) fn br_on_non_null(&mut self, depth: u32) -> Result<()> {
        let reference = self.pop();
        self.push(reference);
        self.br_with(depth, reference)?;
        self.pop();
        Ok(())
    }

    pub(super) fn br_table(&mut self, table: &BrTable<'_>) -> Result<()> {
        let index = self.pop();
        if table.is_empty() {
            return self.br(table.default());
        }
        let (default_block, count) = self.target(table.default())?;
        // Here, for all edges: what one of them does, the others do not see.
        self.extend_top(count);
        let mut edges = Edges::default();
        let default = edges.block(self, table.default(), default_block, count);
        let mut targets = Vec::with_capacity(table.len() as usize);
        for depth in table.targets() {
            let depth = depth?;
            let (block, _) = self.target(depth)?;
            targets.push(edges.block(self, depth, block, count));
        }
        // Cranelift reaches the default by the table too, but gives only the table's own targets
        // landing pads (BTI).
        if flag(self.env.isa, "use_bti") {
            targets.push(edges.block(self, table.default(), default_block, count));
        }
        let table = self
            .builder
            .create_jump_table(JumpTableData::new(default, &targets));
        self.builder.ins().br_table(index, table);
        let pending = self.pending_fuel();
        for (edge, target, depth) in edges.made {
            self.continue_in(edge);
            self.set_pending(pending);
            self.agree_on_fuel_with(self.frame_at(depth));
            self.jump(target, count);
        }
        self.set_unreachable();
        Ok(())
    }

    pub(super) fn return_(&mut self) {
        let results = self.frames[0].results;
        self.return_values(results);
        self.set_unreachable();
    }

    fn return_values(&mut self, count: usize) {
        let start = self.extend_top(count);
        self.hand_fuel_over();
        self.builder.ins().return_(&self.operands[start..]);
    }
}

/// The edges of a `br_table`. Where operands are taken along, each goes through a block that passes
/// them: the table then holds no arguments, however long it is. So does an edge that pays fuel.
#[derive(Default)]
struct Edges {
    by_depth: Map<u32, BlockCall>,
    made: Vec<(Block, Block, u32)>,
}

impl Edges {
    fn block(
        &mut self,
        translator: &mut Translator<'_, '_>,
        depth: u32,
        target: Block,
        arguments: usize,
    ) -> BlockCall {
        let frame = translator.frame_at(depth);
        let pays = translator.fuel_differs(translator.frames[frame].fuel);
        if !pays {
            translator.agree_on_fuel_with(frame);
        }
        let builder = &mut translator.builder;
        if arguments == 0 && !pays {
            return builder.func.dfg.block_call(target, &[]);
        }
        if let Some(edge) = self.by_depth.get(&depth) {
            return *edge;
        }
        let edge = builder.create_block();
        self.made.push((edge, target, depth));
        let edge = builder.func.dfg.block_call(edge, &[]);
        self.by_depth.insert(depth, edge);
        edge
    }
}
