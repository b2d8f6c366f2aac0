//! One function body to machine code.

use super::{Code, Generator, Scratch, fuel, hard};
use crate::compile::frontend::{Body, cannot_compile};
use crate::compile::translate::translate;
use crate::error::bounded::format_err;
use crate::error::{Context as _, Result};
use crate::image::traps::TrapSite;
use crate::module::FunctionIndex;
use crate::trap::Trap;
use cranelift_codegen::Context;

impl Generator<'_> {
    /// Validates, translates and compiles a body.
    pub(super) fn function(
        &self,
        scratch: &mut Scratch,
        context: &mut Context,
        body: Body<'_>,
    ) -> Result<Code> {
        let index = FunctionIndex::from_u32(body.validation.index);
        let defined = self
            .env
            .info
            .defined_function(index)
            .with_context(|| format_err!("a body for the import {}", self.describe(index)))?;
        let allocations = core::mem::take(&mut scratch.validator);
        let mut validator = body.validation.into_validator(allocations);
        let builder = &mut scratch.builder;
        let func = &mut context.func;
        let facts = translate(
            &self.env,
            defined,
            &mut validator,
            &body.code,
            builder,
            func,
        )
        .map_err(|error| {
            // It was checked before anything was compiled: `frontend::check_bodies`.
            debug_assert!(false, "{error}, of a function that was checked");
            cannot_compile(index, self.names.get(index), error)
        })?;
        scratch.validator = validator.into_allocations();
        let start = body.code.range().start;
        let code = match hard::is_small(&context.func, &facts) {
            true => self.machine_code(context),
            false => self.machine_code_in_steps(context, &facts),
        };
        let mut code = code.map_err(|e| {
            format_err!(
                "cannot compile {}: {e} (at offset {start:#x})",
                self.describe(index)
            )
        })?;
        code.uses_heap = facts.uses_heap;
        fuel::spread(&facts.fuel_marks, &code.addresses, &mut code.traps);
        // The prologue is no operator's: it stands for the start of the body.
        code.addresses.insert(0, (0, start as u32));
        // So does its explicit check of the stack, whose trap lies behind other operators' code.
        let mut traps = code.traps.iter();
        if let Some(&TrapSite { offset: at, .. }) =
            traps.find(|site| site.trap == Trap::StackOverflow)
        {
            let next = code.addresses.partition_point(|(offset, _)| *offset <= at);
            let (_, around) = code.addresses[next - 1];
            let entries = [(at, start as u32), (at + 1, around)];
            code.addresses.splice(next..next, entries);
        }
        Ok(code)
    }
}
