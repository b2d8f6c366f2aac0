//! Function bodies are validated, and all that is refused is refused, before any is compiled.

use super::{Body, Translation, complexity, invalid_function};
use crate::compile::limits::ModuleLimits;
use crate::compile::progress::Progress;
use crate::compile::{Executor, parallel, translate};
use crate::module::FunctionIndex;
use crate::oom;
use anyhow::{Error, Result};
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
        complexity::check_bodies(module, limits, progress)?;
    } else {
        parallel::for_each(executor, module.bodies.len(), &|i| {
            let body = &module.bodies[i];
            progress.check()?;
            validate(body).map_err(|error| {
                let index = FunctionIndex::from_u32(body.validation.index);
                invalid_function(index, module.names.get(index), error)
            })
        })?;
    }
    for body in &module.bodies {
        progress.check()?;
        if !translate::takes_any(body.code.range().len()) {
            check_operators(module, body)?;
        }
    }
    Ok(())
}

/// Validates a body: by values of operators, as the translator does, so that decoding and validation are in firmware once.
/// (`FuncValidator::validate` would be in it as both in one, for each operator.)
fn validate(body: &Body<'_>) -> wasmparser::Result<()> {
    let mut validator = validator(body, FuncValidatorAllocations::default());
    let mut reader = body.code.get_binary_reader();
    validator.read_locals(&mut reader)?;
    let mut reader = OperatorsReader::new(reader);
    while !reader.eof() {
        let offset = reader.original_position();
        validator.op(offset, &reader.read()?)?;
    }
    reader.finish()
}

/// Looks for operators that can't be compiled.
fn check_operators(module: &Translation<'_>, body: &Body<'_>) -> Result<()> {
    let mut reader: OperatorsReader<'_> = body.code.get_operators_reader()?;
    while !reader.eof() {
        let offset = reader.original_position();
        if let Some(what) = translate::refused(&reader.read()?) {
            let index = FunctionIndex::from_u32(body.validation.index);
            let function = super::describe_function(index, module.names.get(index));
            let error = translate::Error::Unsupported { offset, what };
            return Err(Error::msg(oom::text(format_args!(
                "cannot compile {function}: {error}"
            ))));
        }
    }
    Ok(())
}

/// What validates a body.
pub(super) fn validator(
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
