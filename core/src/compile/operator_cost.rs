//! What operators cost in fuel.

use super::operators::{Aggregate, Memory, Operator, Table, default_cost, if_implemented};
use core::hash::{Hash, Hasher};

/// What operators cost in fuel for each byte, element or page that they work on, besides their own cost
/// in [`OperatorCost`].
///
/// ```
/// use wasmetal::{Config, OperatorCost, VariableOperatorCost};
///
/// // Guests that grow their memories run out of fuel sooner.
/// let mut variable = VariableOperatorCost::new();
/// variable.memory_grow_per_page = u8::MAX;
/// let mut config = Config::new(wasmetal_platform_linux::platform());
/// config.consume_fuel(true).operator_cost(OperatorCost { variable, ..OperatorCost::new() });
/// ```
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
    pub(super) fn cost(&self, operator: Operator<'_>) -> Option<u8> {
        match operator {
            Operator::Memory(operator) => match operator {
                Memory::MemoryCopy { .. } => Some(self.memory_copy_per_byte),
                Memory::MemoryFill { .. } => Some(self.memory_fill_per_byte),
                Memory::MemoryInit { .. } => Some(self.memory_init_per_byte),
                Memory::MemoryGrow { .. } => Some(self.memory_grow_per_page),
                Memory::MemorySize { .. } | Memory::DataDrop { .. } => None,
            },
            Operator::Table(operator) => match operator {
                Table::TableCopy { .. } => Some(self.table_copy_per_element),
                Table::TableFill { .. } => Some(self.table_fill_per_element),
                Table::TableInit { .. } => Some(self.table_init_per_element),
                Table::TableGrow { .. } => Some(self.table_grow_per_element),
                Table::TableGet { .. }
                | Table::TableSet { .. }
                | Table::TableSize { .. }
                | Table::ElemDrop { .. } => None,
            },
            Operator::Aggregate(operator) => match operator {
                Aggregate::ArrayCopy { .. } => Some(self.array_copy_per_element),
                Aggregate::ArrayFill { .. } => Some(self.array_fill_per_element),
                Aggregate::ArrayNewData { .. } => Some(self.array_new_data_per_element),
                Aggregate::ArrayInitData { .. } => Some(self.array_init_data_per_element),
                Aggregate::ArrayNewElem { .. } => Some(self.array_new_elem_per_element),
                Aggregate::ArrayInitElem { .. } => Some(self.array_init_elem_per_element),
                Aggregate::ArrayNewDefault { .. } => Some(self.array_new_default_per_element),
                Aggregate::ArrayNew { .. } => Some(self.array_new_per_element),
                Aggregate::RefEq
                | Aggregate::RefI31
                | Aggregate::I31GetS
                | Aggregate::I31GetU
                | Aggregate::AnyConvertExtern
                | Aggregate::ExternConvertAny
                | Aggregate::RefTestNonNull { .. }
                | Aggregate::RefTestNullable { .. }
                | Aggregate::RefCastNonNull { .. }
                | Aggregate::RefCastNullable { .. }
                | Aggregate::BrOnCast { .. }
                | Aggregate::BrOnCastFail { .. }
                // Each field and element was an operand, or is in the code.
                | Aggregate::StructNew { .. }
                | Aggregate::StructNewDefault { .. }
                | Aggregate::ArrayNewFixed { .. }
                | Aggregate::StructGet { .. }
                | Aggregate::StructGetS { .. }
                | Aggregate::StructGetU { .. }
                | Aggregate::StructSet { .. }
                | Aggregate::ArrayGet { .. }
                | Aggregate::ArrayGetS { .. }
                | Aggregate::ArrayGetU { .. }
                | Aggregate::ArraySet { .. }
                | Aggregate::ArrayLen => None,
            },
            Operator::Parametric(_)
            | Operator::Variable(_)
            | Operator::Control(_)
            | Operator::Call(_)
            | Operator::Exception(_)
            | Operator::Constant(_)
            | Operator::Arithmetic(_)
            | Operator::Numeric(_)
            | Operator::Access(_)
            | Operator::Reference(_)
            | Operator::Atomic(_)
            | Operator::Vector(_)
            | Operator::Later => None,
        }
    }
}

impl Default for VariableOperatorCost {
    fn default() -> Self {
        Self::new()
    }
}

macro_rules! operator_cost {
    ($(@$proposal:ident $op:ident $({ $($arg:ident: $argty:ty),* })? => $visit:ident ($($ann:tt)*))*) => {
        /// What each operator costs in fuel, by its name in `wasmparser`. See
        /// [`Config::operator_cost`](crate::Config::operator_cost).
        ///
        /// Default: 1, but 0 for `nop`, `drop`, `block`, `loop`, `else`, `end`, `return` and `unreachable`.
        ///
        /// ```
        /// use wasmetal::{Config, Engine, Instance, Module, OperatorCost, Store};
        ///
        /// let mut config = Config::new(wasmetal_platform_linux::platform());
        /// config.consume_fuel(true).operator_cost(OperatorCost { I32DivU: 9, ..OperatorCost::new() });
        /// let engine = Engine::new(&config)?;
        /// let module = Module::new(&engine, r#"
        ///     (func (export "half") (param i32) (result i32)
        ///         (i32.div_u (local.get 0) (i32.const 2)))
        /// "#)?;
        /// let mut store = Store::new(&engine, ());
        /// store.set_fuel(100)?;
        /// let instance = Instance::new(&mut store, &module, &[])?;
        /// instance.get_typed_func::<i32, i32>(&mut store, "half")?.call(&mut store, 8)?;
        /// // One for the call itself, one for each operand, and the division.
        /// assert_eq!(store.get_fuel()?, 100 - 1 - 2 - 9);
        /// # wasmetal::error::Ok(())
        /// ```
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
                    $($op: default_cost!($proposal $op),)*
                    variable: VariableOperatorCost::new(),
                }
            }

            /// What an operator costs besides its variable cost.
            #[must_use]
            pub fn cost(&self, operator: &wasmparser::Operator<'_>) -> i64 {
                i64::from(match operator {
                    $(wasmparser::Operator::$op { .. } => self.$op,)*
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

#[cfg(test)]
mod tests {
    use super::OperatorCost;
    use alloc::{format, vec::Vec};

    /// As Wasmtime's.
    #[test]
    fn defaults_are_one_or_none() {
        let costs = format!("{:?}", OperatorCost::new());
        let (_, costs) = costs.split_once('{').expect("a struct");
        let costs = costs.replace("variable: VariableOperatorCost {", "");
        let fields: Vec<(&str, &str)> = costs
            .split(['{', '}', ','])
            .filter_map(|field| field.trim().split_once(": "))
            .collect();
        assert!(fields.len() > 300, "{}", fields.len());
        let free = fields.iter().filter(|(_, cost)| *cost == "0");
        let mut free: Vec<&str> = free.map(|(name, _)| *name).collect();
        free.sort_unstable();
        let expected = [
            "Block",
            "Drop",
            "Else",
            "End",
            "Loop",
            "Nop",
            "Return",
            "Unreachable",
            "memory_grow_per_page",
        ];
        assert_eq!(free, expected);
        let others = fields.iter().filter(|(_, cost)| *cost != "0");
        assert!(others.clone().all(|(_, cost)| *cost == "1"));
    }
}
