//! What is in function bodies, against the limits: see [`ModuleLimits`].

use super::bodies::Checker;
use super::{Body, Translation, cannot_compile};
use crate::compile::limits::{ModuleLimits, Place, check};
use crate::compile::operators::{
    Aggregate, Call, Control, Exception, Flow, Memory, Operator, Table,
};
use crate::compile::progress::Progress;
use crate::error::{Error, Result};
use crate::module::FunctionIndex;
use alloc::vec::Vec;
use wasmparser::{
    BlockType, FrameKind, FuncType, FuncValidatorAllocations, OperatorsReader, ValType,
    WasmModuleResources,
};

/// What a reference costs where a collection may happen, to what a value costs at a branch.
const REFERENCE: u64 = 8;

/// Validates function bodies, and checks them against the limits.
pub(super) fn check_bodies(
    translation: &Translation<'_>,
    limits: &ModuleLimits,
    progress: &Progress<'_>,
) -> Result<()> {
    let mut allocations = FuncValidatorAllocations::default();
    let mut module = 0;
    for body in &translation.bodies {
        progress.check()?;
        let function = body.validation.index;
        let index = FunctionIndex::from_u32(function);
        let mut meter = Meter {
            limits,
            function,
            locals: 0,
            references: 0,
            catches: false,
            caught: Vec::new(),
            complexity: 0,
            module,
            checker: Checker::new(body, allocations),
        };
        meter.body(body).map_err(|error| {
            let invalid = error.downcast::<wasmparser::Error>();
            match invalid.map_or_else(Error::downcast, |error| Ok(error.into())) {
                Ok(error) => cannot_compile(index, translation.names.get(index), error),
                Err(exceeded) => exceeded,
            }
        })?;
        module += meter.complexity;
        allocations = meter.checker.validator.into_allocations();
    }
    Ok(())
}

/// What is known of a body so far.
struct Meter<'a> {
    limits: &'a ModuleLimits,
    function: u32,
    /// Parameters and locals.
    locals: u64,
    /// Those of them that are references.
    references: u64,
    /// There was a `try_table` or `try`: calls may go on elsewhere.
    catches: bool,
    /// How high the control stack is in each part of a `try` that catches, and keeps what it caught.
    caught: Vec<u32>,
    complexity: u64,
    /// The complexity of the functions before this one.
    module: u64,
    checker: Checker,
}

/// How the work for an operator goes beyond its bytes.
enum Work {
    /// It does not.
    Plain,
    /// It begins, ends or is part of control flow.
    Branch {
        /// How many values it passes.
        passed: u64,
    },
    /// It calls something that may collect garbage.
    Call {
        /// How many values it passes.
        passed: u64,
    },
}

impl Meter<'_> {
    fn place(&self, offset: usize) -> Place {
        Place {
            function: Some(self.function),
            offset,
        }
    }

    fn body(&mut self, body: &Body<'_>) -> Result<()> {
        let mut reader = body.code.get_binary_reader();
        let start = reader.original_position();
        for index in 0..self.checker.validator.len_locals() {
            let ty = self.checker.validator.get_local_type(index);
            self.references += u64::from(matches!(ty, Some(ValType::Ref(_))));
        }
        self.locals = self.checker.validator.len_locals().into();
        check!(self.limits, locals, self.locals, self.place(start))?;
        for _ in 0..reader.read_var_u32()? {
            let offset = reader.original_position();
            let count = reader.read()?;
            let ty = reader.read()?;
            self.checker.validator.define_locals(offset, count, ty)?;
            self.locals += u64::from(count);
            if matches!(ty, ValType::Ref(_)) {
                self.references += u64::from(count);
            }
            check!(self.limits, locals, self.locals, self.place(offset))?;
        }
        self.add(self.locals, start)?;
        let mut reader = OperatorsReader::new(reader);
        while !reader.eof() {
            let offset = reader.original_position();
            let operator = reader.read()?;
            self.operator(&operator, offset)?;
        }
        Ok(reader.finish()?)
    }

    fn add(&mut self, more: u64, offset: usize) -> Result<()> {
        self.complexity = self.complexity.saturating_add(more);
        let module = self.module.saturating_add(self.complexity);
        let place = self.place(offset);
        check!(self.limits, function_complexity, self.complexity, place)?;
        check!(self.limits, module_complexity, module, place)
    }

    fn operator(&mut self, read: &wasmparser::Operator<'_>, offset: usize) -> Result<()> {
        let operator = Operator::from(read);
        // Before validation goes through the lists.
        if let Operator::Control(Control::BrTable { targets }) = operator {
            let count = targets.len();
            check!(self.limits, br_table_targets, count, self.place(offset))?;
            let arity = self.label_arity(targets.default());
            self.add(u64::from(count) * (1 + arity), offset)?;
        }
        if let Operator::Exception(Exception::TryTable { try_table }) = operator {
            let count = try_table.catches.len();
            check!(self.limits, catches, count, self.place(offset))?;
            self.add(count as u64, offset)?;
        }
        let flow = Flow::from(operator);
        self.catches |= matches!(flow, Flow::Catches(_) | Flow::Tries);
        self.checker.operator(read, operator, offset)?;
        let depth = self.checker.validator.control_stack_height();
        while self.caught.last().is_some_and(|caught| *caught > depth) {
            self.caught.pop();
        }
        if matches!(flow, Flow::Caught) && self.caught.last() != Some(&depth) {
            self.caught.push(depth);
        }
        // The function itself is one.
        check!(
            self.limits,
            block_depth,
            depth.saturating_sub(1),
            self.place(offset)
        )?;
        let (is_branch, passed) = match self.work(operator) {
            Work::Plain => return Ok(()),
            Work::Branch { passed } => (true, passed),
            Work::Call { passed } => (false, passed),
        };
        let height: u64 = self.checker.validator.operand_stack_height().into();
        let mut more = passed;
        if is_branch || self.catches {
            more += self.locals + height;
        }
        // An operand may be a reference as well as not.
        let references = self.references + self.caught.len() as u64;
        if references > 0 {
            more += (references + height) * REFERENCE;
        }
        self.add(more, offset)
    }

    fn work(&self, operator: Operator<'_>) -> Work {
        let branch = |passed| Work::Branch { passed };
        let call = |passed| Work::Call { passed };
        let resources = self.checker.validator.resources();
        match operator {
            Operator::Control(operator) => match operator {
                Control::Block { .. }
                | Control::Loop { .. }
                | Control::If { .. }
                | Control::Else
                | Control::End
                | Control::Br { .. }
                | Control::BrIf { .. }
                | Control::BrTable { .. }
                | Control::BrOnNull { .. }
                | Control::BrOnNonNull { .. } => branch(0),
                Control::Return => Work::Plain,
            },
            Operator::Call(operator) => match operator {
                // Which type it is may take branches.
                Call::CallIndirect { type_index, .. } | Call::CallRef { type_index } => {
                    branch(self.arity(*type_index))
                }
                Call::ReturnCallIndirect { type_index, .. }
                | Call::ReturnCallRef { type_index } => call(self.arity(*type_index)),
                Call::Call { function_index } | Call::ReturnCall { function_index } => {
                    let ty = resources.type_index_of_function(*function_index);
                    call(ty.map_or(0, |ty| self.arity(ty)))
                }
            },
            Operator::Exception(operator) => match operator {
                Exception::TryTable { .. }
                | Exception::Try { .. }
                | Exception::CatchAll
                | Exception::Delegate { .. } => branch(0),
                Exception::Catch { tag_index } => branch(self.tag_arity(*tag_index)),
                Exception::Throw { tag_index } => call(self.tag_arity(*tag_index)),
                Exception::ThrowRef | Exception::Rethrow { .. } => call(0),
            },
            Operator::Memory(operator) => match operator {
                Memory::MemoryCopy { .. } | Memory::MemoryFill { .. } => branch(0),
                Memory::MemoryInit { .. } | Memory::MemoryGrow { .. } => call(0),
                Memory::MemorySize { .. } | Memory::DataDrop { .. } => Work::Plain,
            },
            Operator::Table(operator) => match operator {
                Table::TableGrow { .. }
                | Table::TableFill { .. }
                | Table::TableCopy { .. }
                | Table::TableInit { .. } => call(0),
                Table::TableGet { .. }
                | Table::TableSet { .. }
                | Table::TableSize { .. }
                | Table::ElemDrop { .. } => Work::Plain,
            },
            Operator::Aggregate(operator) => match operator {
                Aggregate::BrOnCast { .. }
                | Aggregate::BrOnCastFail { .. }
                | Aggregate::RefTestNonNull { .. }
                | Aggregate::RefTestNullable { .. }
                | Aggregate::RefCastNonNull { .. }
                | Aggregate::RefCastNullable { .. }
                | Aggregate::ArrayNew { .. }
                | Aggregate::ArrayNewDefault { .. } => branch(0),
                Aggregate::StructNew { struct_type_index }
                | Aggregate::StructNewDefault { struct_type_index } => {
                    let ty = resources.sub_type_at(*struct_type_index);
                    branch(ty.map_or(0, |ty| {
                        ty.composite_type.unwrap_struct().fields.len() as u64
                    }))
                }
                Aggregate::ArrayNewFixed { array_size, .. } => branch((*array_size).into()),
                Aggregate::ArrayNewData { .. }
                | Aggregate::ArrayNewElem { .. }
                | Aggregate::ArrayCopy { .. }
                | Aggregate::ArrayFill { .. }
                | Aggregate::ArrayInitData { .. }
                | Aggregate::ArrayInitElem { .. } => call(0),
                Aggregate::RefEq
                | Aggregate::RefI31
                | Aggregate::I31GetS
                | Aggregate::I31GetU
                | Aggregate::AnyConvertExtern
                | Aggregate::ExternConvertAny
                | Aggregate::StructGet { .. }
                | Aggregate::StructGetS { .. }
                | Aggregate::StructGetU { .. }
                | Aggregate::StructSet { .. }
                | Aggregate::ArrayGet { .. }
                | Aggregate::ArrayGetS { .. }
                | Aggregate::ArrayGetU { .. }
                | Aggregate::ArraySet { .. }
                | Aggregate::ArrayLen => Work::Plain,
            },
            Operator::Parametric(_)
            | Operator::Variable(_)
            | Operator::Constant(_)
            | Operator::Arithmetic(_)
            | Operator::Numeric(_)
            | Operator::Access(_)
            | Operator::Reference(_)
            | Operator::Atomic(_)
            | Operator::Vector(_)
            | Operator::Later => Work::Plain,
        }
    }

    /// How many values an exception with this tag holds.
    fn tag_arity(&self, index: u32) -> u64 {
        let ty = self.checker.validator.resources().tag_at(index);
        ty.map_or(0, |ty| ty.params().len() as u64)
    }

    fn function_type(&self, index: u32) -> Option<&FuncType> {
        let ty = self.checker.validator.resources().sub_type_at(index)?;
        Some(ty.composite_type.unwrap_func())
    }

    /// Parameters and results of a function type.
    fn arity(&self, index: u32) -> u64 {
        self.function_type(index)
            .map_or(0, |ty| (ty.params().len() + ty.results().len()) as u64)
    }

    /// How many values a branch to this label takes.
    fn label_arity(&self, depth: u32) -> u64 {
        let Some(frame) = self.checker.validator.get_control_frame(depth as usize) else {
            return 0;
        };
        match (frame.block_type, frame.kind) {
            (BlockType::Empty, _) | (BlockType::Type(_), FrameKind::Loop) => 0,
            (BlockType::Type(_), _) => 1,
            (BlockType::FuncType(index), kind) => {
                self.function_type(index).map_or(0, |ty| match kind {
                    FrameKind::Loop => ty.params().len() as u64,
                    _ => ty.results().len() as u64,
                })
            }
        }
    }
}
