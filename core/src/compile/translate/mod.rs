//! One function body to Cranelift IR.
//!
//! A body is read once: each operator is validated, then translated. Operands live in SSA values on a
//! translation-time stack and locals in variables, so the IR has neither. The translation is pure: the
//! same body in the same environment gives the same IR.
//!
//! A file per family of [operators](super::operators): `control`, `numeric`, `simd`, `memory` (with `address`, `bulk`,
//! `short`), `atomic`, `table`, `reference` (with `subtype`), `gc`, `global`, `call`, `exceptions`
//! (with `legacy_exceptions`). `operator` is the
//! switch between them, `fuel` and `epoch` end code that runs too long, `function` the translator they all extend,
//! `runtime` and `extents` what generated code reads of the runtime (see `abi`), `helper` what functions share. All loads
//! and stores are made by `access`.

pub(in crate::compile) mod access;
mod address;
// Twins: without the feature `threads` no atomic operator is valid.
#[cfg_attr(not(feature = "threads"), path = "no_atomic.rs")]
mod atomic;
mod bulk;
mod call;
mod control;
mod epoch;
// Twins: without the feature `exceptions` no code throws or catches.
#[cfg_attr(not(feature = "exceptions"), path = "no_exceptions.rs")]
mod exceptions;
mod extents;
mod fuel;
mod function;
mod gc;
mod global;
mod helper;
#[cfg(feature = "exceptions")]
mod legacy_exceptions;
mod memory;
mod numeric;
mod operator;
mod reference;
mod refused;
mod runtime;
mod short;
// Twins: without the feature `simd` there are no operators on vectors.
#[cfg_attr(not(feature = "simd"), path = "no_simd.rs")]
mod simd;
mod subtype;
mod table;
#[cfg(test)]
mod tests;
mod types;

pub(crate) use fuel::FuelMark;
pub(crate) use gc::TypeFacts;
pub(crate) use helper::{Helper, build_helper};
pub(crate) use refused::{Refusals, Refused};
pub(in crate::compile) use runtime::Place;
pub(crate) use runtime::trap_code;
pub(crate) use types::{machine_type, signature};

use crate::abi::tunables::Tunables;
use crate::abi::vmctx::VmctxLayout;
use crate::compile::OperatorCost;
use crate::module::{DefinedFunctionIndex, ModuleInfo};
use alloc::vec::Vec;
use core::fmt;
use cranelift_codegen::ir::{self, UserFuncName};
use cranelift_codegen::isa::TargetIsa;
use cranelift_frontend::FunctionBuilderContext;
use wasmparser::{BinaryReaderError, FuncValidator, FunctionBody, ValidatorResources};

/// The namespace of the names of defined functions; the index is the `FunctionIndex`.
pub(crate) const FUNCTION_NAMESPACE: u32 = 0;

/// The namespace of the names of shared functions; the index is the [`Helper`]'s.
pub(crate) const HELPER_NAMESPACE: u32 = 1;

/// What is known of a function besides its code.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    /// It accesses the garbage-collected heap.
    pub(crate) uses_heap: bool,
    /// No more locals and operands live at the beginnings of its blocks, added up over all blocks.
    pub(crate) live_in: u64,
    /// The square of how many loops are around, for each operator; and once for each target of a `br_table`.
    pub(crate) nesting: u64,
    /// How many bytes its operators take.
    pub(crate) bytes: u64,
    /// What fuel is pending where, in the order of its operators; empty if code uses none.
    pub(crate) fuel_marks: Vec<FuelMark>,
}

/// What all functions of a module share.
pub(crate) struct Environment<'a> {
    pub(crate) info: &'a ModuleInfo,
    pub(crate) layout: &'a VmctxLayout,
    pub(crate) tunables: &'a Tunables,
    /// What operators cost in fuel, if code uses any.
    pub(crate) costs: &'a OperatorCost,
    pub(crate) isa: &'a dyn TargetIsa,
    /// References besides those to functions may be anywhere in it.
    pub(crate) references: bool,
    #[cfg_attr(
        not(feature = "gc"),
        expect(dead_code, reason = "there are no structs")
    )]
    pub(crate) types: TypeFacts,
}

/// Why a body can't be translated.
#[derive(Debug)]
pub(crate) enum Error {
    /// It is not valid.
    Invalid(BinaryReaderError),
    /// It has what this compiler does not take.
    Refused {
        /// Where, in the module's bytes.
        offset: usize,
        /// What.
        what: Refused,
    },
    /// It has something that validation let through, that is not [`Refused`], and that this compiler lacks: a fault of
    /// the compiler.
    Unknown {
        /// Where, in the module's bytes.
        offset: usize,
        /// What.
        what: &'static str,
    },
}

impl From<BinaryReaderError> for Error {
    fn from(error: BinaryReaderError) -> Self {
        Self::Invalid(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid(error) => error.fmt(f),
            Self::Refused { offset, what } => write!(f, "{what} (at offset {offset:#x})"),
            Self::Unknown { offset, what } => {
                write!(f, "{what} is not supported (at offset {offset:#x})")
            }
        }
    }
}

impl core::error::Error for Error {}

type Result<T, E = Error> = core::result::Result<T, E>;

/// Validates `body` and translates it into `func`, which is empty.
///
/// On an error, `func` holds part of the function, and `scratch` is as new.
///
/// # Errors
/// See [`Error`].
pub(crate) fn translate(
    env: &Environment<'_>,
    index: DefinedFunctionIndex,
    validator: &mut FuncValidator<ValidatorResources>,
    body: &FunctionBody<'_>,
    scratch: &mut FunctionBuilderContext,
    func: &mut ir::Function,
) -> Result<Facts> {
    let index = env.info.function_index(index);
    func.name = UserFuncName::user(FUNCTION_NAMESPACE, index.as_u32());
    func.signature = signature(env.info.function_type(index), env.isa);
    let result = function::translate(env, index, validator, body, scratch, func);
    if result.is_err() {
        // The builder was dropped half-way, and its context still holds what it knew.
        *scratch = FunctionBuilderContext::new();
    }
    result
}
