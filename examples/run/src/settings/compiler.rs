//! The settings that only a compiler has.

use wasmetal::compile::{ModuleLimits, OptLevel, RegallocAlgorithm};
use wasmetal::error::{Error, Result, bail};
use wasmetal::{Config, OperatorCost, VariableOperatorCost};

use super::values::{costs, switches};

/// Tells a configuration a setting of the compiler's.
pub(super) fn set(config: &mut Config, name: &str, value: &str) -> Result<()> {
    match name {
        "operator-cost" => {
            let mut all = OperatorCost::new();
            for cost in costs(value) {
                let (operator, cost) = cost.map_err(Error::msg)?;
                *field(&mut all, operator)? = cost;
            }
            config.operator_cost(all);
        }
        "nan-canonicalization" => {
            config.cranelift_nan_canonicalization(value == "on");
        }
        "address-map" => {
            config.generate_address_map(value == "on");
        }
        "cpu-flags" => {
            for (flag, on) in switches(value) {
                let on = if on { "true" } else { "false" };
                // SAFETY: of this machine, `Engine::new` allows only what its CPU has; for another, whoever names the
                // flags knows that it has what they stand for.
                unsafe { config.cranelift_flag_set(flag, on) };
            }
        }
        "opt-level" => {
            config.cranelift_opt_level(match value {
                "none" => OptLevel::None,
                "speed" => OptLevel::Speed,
                _ => OptLevel::SpeedAndSize,
            });
        }
        "regalloc" => {
            config.cranelift_regalloc_algorithm(match value {
                "single-pass" => RegallocAlgorithm::SinglePass,
                _ => RegallocAlgorithm::Backtracking,
            });
        }
        "module-limits" => {
            config.module_limits(match value {
                "firmware" => ModuleLimits::firmware(),
                _ => ModuleLimits::default(),
            });
        }
        _ => bail!("it has no effect here"),
    }
    Ok(())
}

/// The costs that have no operator's name.
macro_rules! variable {
    ($costs:ident $name:ident: $($field:ident)*) => {{
        // All there are: a new one does not compile.
        let VariableOperatorCost { $($field),* } = &mut $costs.variable;
        match $name {
            $(stringify!($field) => $field,)*
            _ => bail!("no operator, and no variable cost, is called {:?}", $name),
        }
    }};
}

macro_rules! operators {
    ($(@$_:ident $operator:ident $({ $($immediates:tt)* })? => $visit:ident ($($arity:tt)*))*) => {
        /// The cost of this name.
        fn field<'a>(costs: &'a mut OperatorCost, name: &str) -> Result<&'a mut u8> {
            Ok(match name {
                $(stringify!($operator) => &mut costs.$operator,)*
                _ => variable! { costs name:
                    memory_copy_per_byte
                    memory_fill_per_byte
                    memory_init_per_byte
                    memory_grow_per_page
                    table_copy_per_element
                    table_fill_per_element
                    table_init_per_element
                    table_grow_per_element
                    array_copy_per_element
                    array_fill_per_element
                    array_new_data_per_element
                    array_init_data_per_element
                    array_new_elem_per_element
                    array_init_elem_per_element
                    array_new_default_per_element
                    array_new_per_element
                },
            })
        }
    };
}
wasmparser::for_each_operator!(operators);
