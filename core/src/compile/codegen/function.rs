//! One function body to machine code.

use super::{Code, Generator, Scratch, fuel, hard};
use crate::compile::frontend::{Body, invalid_function};
use crate::compile::translate::{self, translate};
use crate::image::traps::TrapSite;
use crate::module::FunctionIndex;
use crate::trap::Trap;
use anyhow::{Context as _, Result, anyhow};
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
            .with_context(|| anyhow!("a body for the import {}", self.describe(index)))?;
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
        .map_err(|error| match error {
            translate::Error::Invalid(e) => invalid_function(index, self.names.get(index), e),
            e @ translate::Error::Unsupported { .. } => {
                anyhow!("cannot compile {}: {e}", self.describe(index))
            }
        })?;
        scratch.validator = validator.into_allocations();
        let start = body.code.range().start;
        let isa = match hard::is_hard(&context.func, facts.live_in) {
            true => self.single_pass,
            false => self.env.isa,
        };
        let mut code = self.machine_code_for(isa, context).map_err(|e| {
            anyhow!(
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
