//! Constant expressions, and the segments that fill tables and memories.

use super::{
    FunctionIndex, GlobalIndex, HeapType, MemoryIndex, ReferenceType, TableIndex, TypeIndex,
};
use crate::wire::wire;
use alloc::vec::Vec;
use core::ops::Range;

/// A validated constant expression in reverse Polish order (spec: "Constant Expressions").
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ConstExpr {
    /// Its operators, without the closing `end`. They leave one value.
    pub ops: Vec<ConstOp>,
}

/// An operator of a constant expression.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ConstOp {
    /// `i32.const`
    I32Const(i32),
    /// `i64.const`
    I64Const(i64),
    /// `f32.const`, as bits
    F32Const(u32),
    /// `f64.const`, as bits
    F64Const(u64),
    /// `v128.const`, little endian
    V128Const(u128),
    /// `global.get`
    GlobalGet(GlobalIndex),
    /// `ref.null`
    RefNull(HeapType),
    /// `ref.func`
    RefFunc(FunctionIndex),
    /// `i32.add`
    I32Add,
    /// `i32.sub`
    I32Sub,
    /// `i32.mul`
    I32Mul,
    /// `i64.add`
    I64Add,
    /// `i64.sub`
    I64Sub,
    /// `i64.mul`
    I64Mul,
    /// `ref.i31`
    RefI31,
    /// `any.convert_extern`
    AnyConvertExtern,
    /// `extern.convert_any`
    ExternConvertAny,
    /// `struct.new`
    StructNew(TypeIndex),
    /// `struct.new_default`
    StructNewDefault(TypeIndex),
    /// `array.new`
    ArrayNew(TypeIndex),
    /// `array.new_default`
    ArrayNewDefault(TypeIndex),
    /// `array.new_fixed`, with the length
    ArrayNewFixed(TypeIndex, u32),
}

impl ConstOp {
    /// Whether it makes a struct or an array.
    #[must_use]
    pub fn makes_object(self) -> bool {
        matches!(
            self,
            Self::StructNew(_)
                | Self::StructNewDefault(_)
                | Self::ArrayNew(_)
                | Self::ArrayNewDefault(_)
                | Self::ArrayNewFixed(..)
        )
    }
}

/// An element segment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ElementSegment {
    /// When it is copied into a table.
    pub mode: ElementMode,
    /// The type of its elements.
    pub ty: ReferenceType,
    /// What it holds.
    pub items: ElementItems,
}

/// When an element segment is copied into a table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ElementMode {
    /// By `table.init`.
    Passive,
    /// At instantiation, and dropped then.
    Active {
        /// The table.
        table: TableIndex,
        /// The index of the first element.
        offset: ConstExpr,
    },
    /// Never: it only declares functions that `ref.func` may name.
    Declared,
}

/// The elements of a segment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ElementItems {
    /// Functions by index: the usual case.
    Functions(Vec<FunctionIndex>),
    /// Constant expressions.
    Expressions(Vec<ConstExpr>),
}

impl ElementItems {
    /// How many elements the segment holds.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Functions(items) => items.len(),
            Self::Expressions(items) => items.len(),
        }
    }

    /// Whether the segment holds nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A data segment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DataSegment {
    /// When it is copied into a memory.
    pub mode: DataMode,
    /// Where its bytes lie in the image's data section.
    pub bytes: Range<u32>,
}

/// When a data segment is copied into a memory.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum DataMode {
    /// By `memory.init`.
    Passive,
    /// At instantiation, and dropped then.
    Active {
        /// The memory.
        memory: MemoryIndex,
        /// The address of the first byte.
        offset: ConstExpr,
    },
}

wire!(struct ConstExpr { ops });
wire!(
    enum ConstOp {
        I32Const(value),
        I64Const(value),
        F32Const(bits),
        F64Const(bits),
        V128Const(bits),
        GlobalGet(i),
        RefNull(ty),
        RefFunc(i),
        I32Add,
        I32Sub,
        I32Mul,
        I64Add,
        I64Sub,
        I64Mul,
        RefI31,
        AnyConvertExtern,
        ExternConvertAny,
        StructNew(ty),
        StructNewDefault(ty),
        ArrayNew(ty),
        ArrayNewDefault(ty),
        ArrayNewFixed(ty, length),
    }
);
wire!(struct ElementSegment { mode, ty, items });
wire!(enum ElementMode { Passive, Active { table, offset }, Declared });
wire!(
    enum ElementItems {
        Functions(items),
        Expressions(items),
    }
);
wire!(struct DataSegment { mode, bytes });
wire!(enum DataMode { Passive, Active { memory, offset } });
