//! What is in function bodies, against the limits: see [`ModuleLimits`].

use super::bodies::validator;
use super::{Body, Translation, invalid_function};
use crate::compile::limits::{ModuleLimits, Place, check};
use crate::compile::progress::Progress;
use crate::module::FunctionIndex;
use anyhow::Result;
use wasmparser::{
    BlockType, FrameKind, FuncType, FuncValidator, FuncValidatorAllocations, Operator,
    OperatorsReader, ValType, ValidatorResources, WasmModuleResources,
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
            complexity: 0,
            module,
            validator: validator(body, allocations),
        };
        meter
            .body(body)
            .map_err(|error| match error.downcast::<wasmparser::Error>() {
                Ok(invalid) => invalid_function(index, translation.names.get(index), invalid),
                Err(error) => error,
            })?;
        module += meter.complexity;
        allocations = meter.validator.into_allocations();
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
    /// There was a `try_table`: calls may go on elsewhere.
    catches: bool,
    complexity: u64,
    /// The complexity of the functions before this one.
    module: u64,
    validator: FuncValidator<ValidatorResources>,
}

/// How the work for an operator goes beyond its bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// It does not.
    Plain,
    /// It begins, ends or is part of control flow.
    Branch,
    /// It calls something that may collect garbage.
    Call,
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
        for index in 0..self.validator.len_locals() {
            let ty = self.validator.get_local_type(index);
            self.references += u64::from(matches!(ty, Some(ValType::Ref(_))));
        }
        self.locals = self.validator.len_locals().into();
        check!(self.limits, locals, self.locals, self.place(start))?;
        for _ in 0..reader.read_var_u32()? {
            let offset = reader.original_position();
            let count = reader.read()?;
            let ty = reader.read()?;
            self.validator.define_locals(offset, count, ty)?;
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

    fn operator(&mut self, operator: &Operator<'_>, offset: usize) -> Result<()> {
        match operator {
            Operator::BrTable { targets } => {
                // Before validation goes through the targets.
                let count = targets.len();
                check!(self.limits, br_table_targets, count, self.place(offset))?;
                let arity = self.label_arity(targets.default());
                self.add(u64::from(count) * (1 + arity), offset)?;
            }
            Operator::TryTable { try_table } => {
                let count = try_table.catches.len();
                check!(self.limits, catches, count, self.place(offset))?;
                self.add(count as u64, offset)?;
                self.catches = true;
            }
            _ => {}
        }
        self.validator.op(offset, operator)?;
        let depth = self.validator.control_stack_height();
        // The function itself is one.
        check!(
            self.limits,
            block_depth,
            depth.saturating_sub(1),
            self.place(offset)
        )?;
        let kind = kind(operator);
        if kind == Kind::Plain {
            return Ok(());
        }
        let height: u64 = self.validator.operand_stack_height().into();
        let mut more = 0;
        if kind == Kind::Branch || self.catches {
            more += self.locals + height;
        }
        // An operand may be a reference as well as not.
        if self.references > 0 {
            more += (self.references + height) * REFERENCE;
        }
        self.add(more + self.passed(operator), offset)
    }

    /// The values that a call or the like passes.
    fn passed(&self, operator: &Operator<'_>) -> u64 {
        let resources = self.validator.resources();
        match operator {
            Operator::Call { function_index } | Operator::ReturnCall { function_index } => {
                resources
                    .type_index_of_function(*function_index)
                    .map_or(0, |ty| self.arity(ty))
            }
            Operator::CallIndirect { type_index, .. }
            | Operator::ReturnCallIndirect { type_index, .. }
            | Operator::CallRef { type_index }
            | Operator::ReturnCallRef { type_index } => self.arity(*type_index),
            Operator::StructNew { struct_type_index }
            | Operator::StructNewDefault { struct_type_index } => {
                let ty = resources.sub_type_at(*struct_type_index);
                ty.map_or(0, |ty| {
                    ty.composite_type.unwrap_struct().fields.len() as u64
                })
            }
            Operator::ArrayNewFixed { array_size, .. } => (*array_size).into(),
            Operator::Throw { tag_index } => resources
                .tag_at(*tag_index)
                .map_or(0, |ty| ty.params().len() as u64),
            _ => 0,
        }
    }

    fn function_type(&self, index: u32) -> Option<&FuncType> {
        let ty = self.validator.resources().sub_type_at(index)?;
        Some(ty.composite_type.unwrap_func())
    }

    /// Parameters and results of a function type.
    fn arity(&self, index: u32) -> u64 {
        self.function_type(index)
            .map_or(0, |ty| (ty.params().len() + ty.results().len()) as u64)
    }

    /// How many values a branch to this label takes.
    fn label_arity(&self, depth: u32) -> u64 {
        let Some(frame) = self.validator.get_control_frame(depth as usize) else {
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

fn kind(operator: &Operator<'_>) -> Kind {
    use Operator as O;
    match operator {
        O::Block { .. }
        | O::Loop { .. }
        | O::If { .. }
        | O::Else
        | O::End
        | O::TryTable { .. }
        | O::Br { .. }
        | O::BrIf { .. }
        | O::BrTable { .. }
        | O::BrOnNull { .. }
        | O::BrOnNonNull { .. }
        | O::BrOnCast { .. }
        | O::BrOnCastFail { .. }
        | O::RefTestNonNull { .. }
        | O::RefTestNullable { .. }
        | O::RefCastNonNull { .. }
        | O::RefCastNullable { .. }
        | O::StructNew { .. }
        | O::StructNewDefault { .. }
        | O::ArrayNew { .. }
        | O::ArrayNewDefault { .. }
        | O::ArrayNewFixed { .. }
        | O::MemoryCopy { .. }
        | O::MemoryFill { .. }
        // Which type it is may take branches.
        | O::CallIndirect { .. }
        | O::CallRef { .. } => Kind::Branch,
        O::Call { .. }
        | O::ReturnCall { .. }
        | O::ReturnCallIndirect { .. }
        | O::ReturnCallRef { .. }
        | O::Throw { .. }
        | O::ThrowRef
        | O::ArrayNewData { .. }
        | O::ArrayNewElem { .. }
        | O::ArrayCopy { .. }
        | O::ArrayFill { .. }
        | O::ArrayInitData { .. }
        | O::ArrayInitElem { .. }
        | O::MemoryInit { .. }
        | O::MemoryGrow { .. }
        | O::TableGrow { .. }
        | O::TableFill { .. }
        | O::TableCopy { .. }
        | O::TableInit { .. } => Kind::Call,
        _ => Kind::Plain,
    }
}
