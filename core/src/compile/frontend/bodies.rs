//! Function bodies are validated, and all that is refused is refused, before any is compiled.

use super::{Body, Translation, cannot_compile, complexity};
use crate::compile::limits::ModuleLimits;
use crate::compile::operators::Operator;
use crate::compile::progress::Progress;
use crate::compile::translate::{self, Refusals};
use crate::compile::{Executor, parallel};
use crate::error::Result;
use crate::module::FunctionIndex;
use wasmparser::{
    FuncToValidate, FuncValidator, FuncValidatorAllocations, OperatorsReader, ValidatorResources,
};

/// Validates function bodies, and checks them against the limits and against what can be compiled.
///
/// # Errors
/// That of the first function that is not valid, exceeds a limit, or can't be compiled.
pub(in crate::compile) fn check_bodies(
    module: &Translation<'_>,
    limits: &ModuleLimits,
    executor: Option<Executor>,
    progress: &Progress<'_>,
) -> Result<()> {
    if limits.bound_bodies() {
        return complexity::check_bodies(module, limits, progress);
    }
    parallel::for_each(executor, module.bodies.len(), &|i| {
        let body = &module.bodies[i];
        progress.check()?;
        check(body).map_err(|error| {
            let index = FunctionIndex::from_u32(body.validation.index);
            cannot_compile(index, module.names.get(index), error)
        })
    })
}

/// Checks a body: by values of operators, as the translator does, so that decoding and validation are in firmware once.
/// (`FuncValidator::validate` would be in it as both in one, for each operator.)
fn check(body: &Body<'_>) -> Result<(), translate::Error> {
    let mut checker = Checker::new(body, FuncValidatorAllocations::default());
    let mut reader = body.code.get_binary_reader();
    checker.validator.read_locals(&mut reader)?;
    let mut reader = OperatorsReader::new(reader);
    while !reader.eof() {
        let offset = reader.original_position();
        let read = reader.read()?;
        checker.operator(&read, Operator::from(&read), offset)?;
    }
    Ok(reader.finish()?)
}

/// Says of each operator of a body whether it is valid, and whether the compiler takes it. Nothing is compiled before
/// it has gone through all bodies.
pub(super) struct Checker {
    pub(super) validator: FuncValidator<ValidatorResources>,
    refusals: Refusals,
}

impl Checker {
    pub(super) fn new(body: &Body<'_>, allocations: FuncValidatorAllocations) -> Self {
        Self {
            validator: validator(body, allocations),
            refusals: Refusals::new(body.code.range().start),
        }
    }

    /// Checks the next operator, as it was read and by its family, at this offset in the module.
    #[inline]
    pub(super) fn operator(
        &mut self,
        read: &wasmparser::Operator<'_>,
        operator: Operator<'_>,
        offset: usize,
    ) -> Result<(), translate::Error> {
        self.validator.op(offset, read)?;
        let taken = self.refusals.operator(operator, offset);
        taken.map_err(|what| translate::Error::Refused { offset, what })
    }
}

/// What validates a body.
fn validator(
    body: &Body<'_>,
    allocations: FuncValidatorAllocations,
) -> FuncValidator<ValidatorResources> {
    let FuncToValidate {
        resources,
        index,
        ty,
        features,
    } = &body.validation;
    FuncToValidate {
        resources: resources.clone(),
        index: *index,
        ty: *ty,
        features: *features,
    }
    .into_validator(allocations)
}
