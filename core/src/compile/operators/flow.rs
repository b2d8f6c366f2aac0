//! Where control goes after an operator: the one table, for all that follows blocks and calls.

use super::{Call, Control, Exception, Operator};
use wasmparser::{BrTable, TryTable};

/// Where control goes after an operator.
#[derive(Clone, Copy)]
pub(in crate::compile) enum Flow<'a> {
    /// Into a block that the operator opens.
    Opens,
    /// Into a block that the operator opens, and that catches exceptions.
    Catches(&'a TryTable),
    /// Into a block that the operator opens, and of which a later part catches exceptions.
    Tries,
    /// Into the other part of a block.
    Else,
    /// Into a part of a block that catches exceptions.
    Caught,
    /// Out of a block.
    End,
    /// Out of a block, whose exceptions are caught where those within the block at this depth are.
    Delegates(u32),
    /// To one of many labels.
    Branches(&'a BrTable<'a>),
    /// Into another function, and back.
    Calls,
    /// Into another function, in place of this one.
    TailCalls,
    /// To whatever catches an exception.
    Throws,
    /// To the next operator, to a label, or out of the function.
    Plain,
}

impl<'a> From<Operator<'a>> for Flow<'a> {
    #[inline]
    fn from(operator: Operator<'a>) -> Self {
        match operator {
            Operator::Control(operator) => match operator {
                Control::Block { .. } | Control::Loop { .. } | Control::If { .. } => Self::Opens,
                Control::Else => Self::Else,
                Control::End => Self::End,
                Control::BrTable { targets } => Self::Branches(targets),
                Control::Br { .. }
                | Control::BrIf { .. }
                | Control::BrOnNull { .. }
                | Control::BrOnNonNull { .. }
                | Control::Return => Self::Plain,
            },
            Operator::Exception(operator) => match operator {
                Exception::TryTable { try_table } => Self::Catches(try_table),
                Exception::Try { .. } => Self::Tries,
                Exception::Catch { .. } | Exception::CatchAll => Self::Caught,
                Exception::Delegate { relative_depth } => Self::Delegates(*relative_depth),
                Exception::Throw { .. } | Exception::ThrowRef | Exception::Rethrow { .. } => {
                    Self::Throws
                }
            },
            Operator::Call(operator) => match operator {
                Call::Call { .. } | Call::CallIndirect { .. } | Call::CallRef { .. } => Self::Calls,
                Call::ReturnCall { .. }
                | Call::ReturnCallIndirect { .. }
                | Call::ReturnCallRef { .. } => Self::TailCalls,
            },
            Operator::Parametric(_)
            | Operator::Variable(_)
            | Operator::Constant(_)
            | Operator::Arithmetic(_)
            | Operator::Numeric(_)
            | Operator::Access(_)
            | Operator::Memory(_)
            | Operator::Table(_)
            | Operator::Reference(_)
            | Operator::Aggregate(_)
            | Operator::Atomic(_)
            | Operator::Vector(_)
            | Operator::Later => Self::Plain,
        }
    }
}
