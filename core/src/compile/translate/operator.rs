//! The switch from families of operators to their translators, and the smaller families.

use super::function::Translator;
use super::{Error, Result};
use crate::compile::operators::{
    Access, Call, Constant, Control, Flow, Memory, Operator, Parametric, Reference, Table, Variable,
};
use cranelift_codegen::ir::immediates::{Ieee32, Ieee64};
use cranelift_codegen::ir::{InstBuilder, Opcode, types};

impl Translator<'_, '_> {
    /// Translates an operator that has been validated.
    pub(super) fn operator(&mut self, operator: Operator<'_>) -> Result<()> {
        match operator {
            Operator::Parametric(operator) => self.parametric(operator)?,
            Operator::Variable(operator) => self.variable(operator),
            Operator::Control(operator) => self.control(operator)?,
            Operator::Call(operator) => self.calling(operator)?,
            Operator::Exception(operator) => self.exception(operator)?,
            Operator::Constant(operator) => self.number(operator),
            Operator::Arithmetic(operator) => self.arithmetic(operator),
            Operator::Numeric(operator) => self.numeric(operator),
            Operator::Access(operator) => self.number_access(operator),
            Operator::Memory(operator) => self.whole_memory(operator),
            Operator::Table(operator) => self.whole_table(operator),
            Operator::Reference(operator) => self.reference(operator)?,
            Operator::Aggregate(operator) => self.aggregate(operator)?,
            Operator::Atomic(operator) => self.atomic(operator)?,
            Operator::Vector(operator) => self.vector(operator),
            Operator::Later => return Err(self.not_implemented()),
        }
        Ok(())
    }

    /// The error for an operator that no proposal has which this build implements: it is not valid either.
    pub(super) fn not_implemented(&self) -> Error {
        self.unknown("an operator of a later proposal")
    }

    fn parametric(&mut self, operator: Parametric<'_>) -> Result<()> {
        match operator {
            Parametric::Nop => {}
            Parametric::Unreachable => self.unreachable(),
            Parametric::Drop => {
                self.pop_condition();
            }
            Parametric::Select | Parametric::TypedSelect { .. } => self.select(),
            Parametric::TypedSelectMulti { .. } => return Err(self.not_implemented()),
        }
        Ok(())
    }

    fn variable(&mut self, operator: Variable<'_>) {
        match operator {
            Variable::LocalGet { local_index } => self.local_get(*local_index),
            Variable::LocalSet { local_index } => self.local_set(*local_index),
            Variable::LocalTee { local_index } => self.local_tee(*local_index),
            Variable::GlobalGet { global_index } => self.global_get(*global_index),
            Variable::GlobalSet { global_index } => self.global_set(*global_index),
        }
    }

    fn control(&mut self, operator: Control<'_>) -> Result<()> {
        match operator {
            Control::Block { blockty } => self.block(*blockty),
            Control::Loop { blockty } => self.loop_(*blockty),
            Control::If { blockty } => self.if_(*blockty),
            Control::Else => self.else_()?,
            Control::End => self.end()?,
            Control::Br { relative_depth } => self.br(*relative_depth)?,
            Control::BrIf { relative_depth } => self.br_if(*relative_depth)?,
            Control::BrTable { targets } => self.br_table(targets)?,
            Control::BrOnNull { relative_depth } => self.br_on_null(*relative_depth)?,
            Control::BrOnNonNull { relative_depth } => self.br_on_non_null(*relative_depth)?,
            Control::Return => self.return_(),
        }
        Ok(())
    }

    fn calling(&mut self, operator: Call<'_>) -> Result<()> {
        match operator {
            Call::Call { function_index } => self.call(*function_index)?,
            Call::CallIndirect {
                type_index,
                table_index,
            } => self.call_indirect(*type_index, *table_index)?,
            Call::CallRef { type_index } => self.call_ref(*type_index)?,
            Call::ReturnCall { function_index } => self.return_call(*function_index),
            Call::ReturnCallIndirect {
                type_index,
                table_index,
            } => self.return_call_indirect(*type_index, *table_index),
            Call::ReturnCallRef { type_index } => self.return_call_ref(*type_index),
        }
        Ok(())
    }

    fn number(&mut self, operator: Constant<'_>) {
        let ins = self.builder.ins();
        let value = match operator {
            Constant::I32Const { value } => {
                ins.iconst(types::I32, i64::from(value.cast_unsigned()))
            }
            Constant::I64Const { value } => ins.iconst(types::I64, *value),
            Constant::F32Const { value } => ins.f32const(Ieee32::with_bits(value.bits())),
            Constant::F64Const { value } => ins.f64const(Ieee64::with_bits(value.bits())),
        };
        self.push(value);
    }

    fn number_access(&mut self, operator: Access<'_>) {
        match operator {
            Access::I32Load { memarg } => self.load(*memarg, Opcode::Load, types::I32, 4),
            Access::I64Load { memarg } => self.load(*memarg, Opcode::Load, types::I64, 8),
            Access::F32Load { memarg } => self.load(*memarg, Opcode::Load, types::F32, 4),
            Access::F64Load { memarg } => self.load(*memarg, Opcode::Load, types::F64, 8),
            Access::I32Load8S { memarg } => self.load(*memarg, Opcode::Sload8, types::I32, 1),
            Access::I32Load8U { memarg } => self.load(*memarg, Opcode::Uload8, types::I32, 1),
            Access::I32Load16S { memarg } => self.load(*memarg, Opcode::Sload16, types::I32, 2),
            Access::I32Load16U { memarg } => self.load(*memarg, Opcode::Uload16, types::I32, 2),
            Access::I64Load8S { memarg } => self.load(*memarg, Opcode::Sload8, types::I64, 1),
            Access::I64Load8U { memarg } => self.load(*memarg, Opcode::Uload8, types::I64, 1),
            Access::I64Load16S { memarg } => self.load(*memarg, Opcode::Sload16, types::I64, 2),
            Access::I64Load16U { memarg } => self.load(*memarg, Opcode::Uload16, types::I64, 2),
            Access::I64Load32S { memarg } => self.load(*memarg, Opcode::Sload32, types::I64, 4),
            Access::I64Load32U { memarg } => self.load(*memarg, Opcode::Uload32, types::I64, 4),
            Access::I32Store { memarg } | Access::F32Store { memarg } => {
                self.store(*memarg, Opcode::Store, 4);
            }
            Access::I64Store { memarg } | Access::F64Store { memarg } => {
                self.store(*memarg, Opcode::Store, 8);
            }
            Access::I32Store8 { memarg } | Access::I64Store8 { memarg } => {
                self.store(*memarg, Opcode::Istore8, 1);
            }
            Access::I32Store16 { memarg } | Access::I64Store16 { memarg } => {
                self.store(*memarg, Opcode::Istore16, 2);
            }
            Access::I64Store32 { memarg } => self.store(*memarg, Opcode::Istore32, 4),
        }
    }

    fn whole_memory(&mut self, operator: Memory<'_>) {
        match operator {
            Memory::MemorySize { mem } => self.memory_size(*mem),
            Memory::MemoryGrow { mem } => self.memory_grow(*mem),
            Memory::MemoryInit { data_index, mem } => self.memory_init(*mem, *data_index),
            Memory::DataDrop { data_index } => self.data_drop(*data_index),
            Memory::MemoryCopy { dst_mem, src_mem } => self.memory_copy(*dst_mem, *src_mem),
            Memory::MemoryFill { mem } => self.memory_fill(*mem),
        }
    }

    fn whole_table(&mut self, operator: Table<'_>) {
        match operator {
            Table::TableGet { table } => self.table_get(*table),
            Table::TableSet { table } => self.table_set(*table),
            Table::TableSize { table } => self.table_size(*table),
            Table::TableGrow { table } => self.table_grow(*table),
            Table::TableFill { table } => self.table_fill(*table),
            Table::TableCopy {
                dst_table,
                src_table,
            } => self.table_copy(*dst_table, *src_table),
            Table::TableInit { elem_index, table } => self.table_init(*table, *elem_index),
            Table::ElemDrop { elem_index } => self.elem_drop(*elem_index),
        }
    }

    fn reference(&mut self, operator: Reference<'_>) -> Result<()> {
        match operator {
            Reference::RefNull { hty } => self.ref_null(*hty)?,
            Reference::RefIsNull => self.ref_is_null(),
            Reference::RefFunc { function_index } => self.ref_func(*function_index)?,
            Reference::RefAsNonNull => self.ref_as_non_null(),
        }
        Ok(())
    }

    /// Follows the blocks of unreachable code, and nothing else. `depth` of them are open.
    pub(super) fn unreachable_operator(
        &mut self,
        operator: Operator<'_>,
        depth: u32,
    ) -> Result<()> {
        match operator.into() {
            Flow::Opens | Flow::Catches(_) | Flow::Tries => self.unreachable = Some(depth + 1),
            // They leave code that was entered, and go on in code that may be reached.
            Flow::Else | Flow::Caught | Flow::End | Flow::Delegates(_) if depth == 0 => {
                self.operator(operator)?;
            }
            Flow::End | Flow::Delegates(_) => self.unreachable = Some(depth - 1),
            Flow::Else
            | Flow::Caught
            | Flow::Branches(_)
            | Flow::Calls
            | Flow::TailCalls
            | Flow::Throws
            | Flow::Plain => {}
        }
        Ok(())
    }
}
