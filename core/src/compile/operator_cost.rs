//! What operators cost in fuel.

use core::hash::{Hash, Hasher};
use wasmparser::Operator;

/// What operators cost in fuel for each byte, element or page that they work on, besides their own cost
/// in [`OperatorCost`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct VariableOperatorCost {
    /// `memory.copy`: for each byte. Default: 1.
    pub memory_copy_per_byte: u8,
    /// `memory.fill`: for each byte. Default: 1.
    pub memory_fill_per_byte: u8,
    /// `memory.init`: for each byte. Default: 1.
    pub memory_init_per_byte: u8,
    /// `memory.grow`: for each page. Default: 0.
    pub memory_grow_per_page: u8,
    /// `table.copy`: for each element. Default: 1.
    pub table_copy_per_element: u8,
    /// `table.fill`: for each element. Default: 1.
    pub table_fill_per_element: u8,
    /// `table.init`: for each element. Default: 1.
    pub table_init_per_element: u8,
    /// `table.grow`: for each element. Default: 1.
    pub table_grow_per_element: u8,
    /// `array.copy`: for each element. Default: 1.
    pub array_copy_per_element: u8,
    /// `array.fill`: for each element. Default: 1.
    pub array_fill_per_element: u8,
    /// `array.new_data`: for each element. Default: 1.
    pub array_new_data_per_element: u8,
    /// `array.init_data`: for each element. Default: 1.
    pub array_init_data_per_element: u8,
    /// `array.new_elem`: for each element. Default: 1.
    pub array_new_elem_per_element: u8,
    /// `array.init_elem`: for each element. Default: 1.
    pub array_init_elem_per_element: u8,
    /// `array.new_default`: for each element. Default: 1.
    pub array_new_default_per_element: u8,
    /// `array.new`: for each element. Default: 1.
    pub array_new_per_element: u8,
}

impl VariableOperatorCost {
    /// The defaults.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            memory_copy_per_byte: 1,
            memory_fill_per_byte: 1,
            memory_init_per_byte: 1,
            memory_grow_per_page: 0,
            table_copy_per_element: 1,
            table_fill_per_element: 1,
            table_init_per_element: 1,
            table_grow_per_element: 1,
            array_copy_per_element: 1,
            array_fill_per_element: 1,
            array_new_data_per_element: 1,
            array_init_data_per_element: 1,
            array_new_elem_per_element: 1,
            array_init_elem_per_element: 1,
            array_new_default_per_element: 1,
            array_new_per_element: 1,
        }
    }

    /// What an operator costs for each unit of its uppermost operand; `None`: it takes no such operand.
    pub(super) fn cost(&self, operator: &Operator<'_>) -> Option<u8> {
        Some(match operator {
            Operator::MemoryCopy { .. } => self.memory_copy_per_byte,
            Operator::MemoryFill { .. } => self.memory_fill_per_byte,
            Operator::MemoryInit { .. } => self.memory_init_per_byte,
            Operator::MemoryGrow { .. } => self.memory_grow_per_page,
            Operator::TableCopy { .. } => self.table_copy_per_element,
            Operator::TableFill { .. } => self.table_fill_per_element,
            Operator::TableInit { .. } => self.table_init_per_element,
            Operator::TableGrow { .. } => self.table_grow_per_element,
            Operator::ArrayCopy { .. } => self.array_copy_per_element,
            Operator::ArrayFill { .. } => self.array_fill_per_element,
            Operator::ArrayNewData { .. } => self.array_new_data_per_element,
            Operator::ArrayInitData { .. } => self.array_init_data_per_element,
            Operator::ArrayNewElem { .. } => self.array_new_elem_per_element,
            Operator::ArrayInitElem { .. } => self.array_init_elem_per_element,
            Operator::ArrayNewDefault { .. } => self.array_new_default_per_element,
            Operator::ArrayNew { .. } => self.array_new_per_element,
            _ => return None,
        })
    }
}

impl Default for VariableOperatorCost {
    fn default() -> Self {
        Self::new()
    }
}

/// 1, but 0 for what makes no code, and for the ends of blocks.
macro_rules! default_cost {
    (Nop) => {
        0
    };
    (Drop) => {
        0
    };
    (Block) => {
        0
    };
    (Loop) => {
        0
    };
    (Unreachable) => {
        0
    };
    (Return) => {
        0
    };
    (Else) => {
        0
    };
    (End) => {
        0
    };
    ($operator:ident) => {
        1
    };
}

macro_rules! operator_cost {
    ($(@$proposal:ident $op:ident $({ $($arg:ident: $argty:ty),* })? => $visit:ident ($($ann:tt)*))*) => {
        /// What each operator costs in fuel, by its name in `wasmparser`. See
        /// [`Config::operator_cost`](crate::Config::operator_cost).
        ///
        /// Default: 1, but 0 for `nop`, `drop`, `block`, `loop`, `else`, `end`, `return` and `unreachable`.
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[allow(missing_docs, non_snake_case, reason = "a field is named as its operator")]
        pub struct OperatorCost {
            $(pub $op: u8,)*
            /// What work costs whose size only running code knows.
            pub variable: VariableOperatorCost,
        }

        impl OperatorCost {
            /// The defaults.
            #[must_use]
            pub const fn new() -> Self {
                Self {
                    $($op: default_cost!($op),)*
                    variable: VariableOperatorCost::new(),
                }
            }

            /// What an operator costs besides its variable cost.
            #[must_use]
            pub fn cost(&self, operator: &Operator<'_>) -> i64 {
                i64::from(match operator {
                    $(Operator::$op { .. } => self.$op,)*
                    // The list above is of all operators there are.
                    _ => 1,
                })
            }
        }
    };
}
wasmparser::for_each_operator!(operator_cost);

impl Default for OperatorCost {
    fn default() -> Self {
        Self::new()
    }
}

impl OperatorCost {
    /// A digest of all costs, the same on every machine: 64-bit FNV-1a.
    pub(crate) fn digest(&self) -> u64 {
        let mut digest = Digest(0xcbf2_9ce4_8422_2325);
        self.hash(&mut digest);
        digest.0
    }
}

struct Digest(u64);

impl Hasher for Digest {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
