//! Function bodies and trampolines to machine code.
//!
//! Each is compiled by itself: what comes out depends on nothing but the module, the settings and the
//! function's own bytes.

mod fuel;
mod function;
#[cfg_attr(not(feature = "exceptions"), path = "no_handlers.rs")]
mod handlers;
mod hard;
mod landing;
mod trampoline;
mod traps;

pub(super) use handlers::CallSite;
#[cfg(all(test, feature = "exceptions"))]
pub(super) use handlers::{Clause, Tag};
pub(super) use trampoline::{Trampoline, Trampolines};

use super::frontend::{self, Body, FunctionNames};
use super::translate::{
    Environment, FUNCTION_NAMESPACE, Facts, HELPER_NAMESPACE, Helper, build_helper,
};
use crate::error::bounded::{bail, format_err};
use crate::error::{Error, Result};
use crate::image::traps::TrapSite;
use crate::module::FunctionIndex;
use alloc::{boxed::Box, string::String, vec::Vec};
use cranelift_codegen::binemit::Reloc;
use cranelift_codegen::control::ControlPlane;
use cranelift_codegen::ir::{self, ExternalName, UserExternalName, types};
use cranelift_codegen::isa::{CallConv, TargetIsa};
use cranelift_codegen::{CodegenError, CompiledCode, Context, FinalizedRelocTarget};
use cranelift_entity::EntityRef;
use cranelift_frontend::FunctionBuilderContext;
use spin::Mutex;
use wasmparser::FuncValidatorAllocations;

/// Machine code of one function or trampoline. Offsets count from its start.
pub(super) struct Code {
    /// The code, with its constants.
    pub(super) bytes: Vec<u8>,
    /// Its alignment in bytes.
    pub(super) alignment: u32,
    /// Places that need the distance to another function.
    pub(super) relocations: Vec<Relocation>,
    /// Instructions that may trap, by ascending offset.
    pub(super) traps: Vec<TrapSite>,
    /// Return addresses of calls, by ascending offset, and how far below the frame pointer, in bytes, the
    /// references lie that live across each.
    pub(super) stack_maps: Vec<(u32, Vec<u32>)>,
    /// It accesses the garbage-collected heap.
    pub(super) uses_heap: bool,
    /// Code offsets and the offsets in the module that they come from, by ascending code offset.
    pub(super) addresses: Vec<(u32, u32)>,
    /// Calls in a `try_table`, by ascending return address.
    pub(super) handlers: Vec<CallSite>,
}

/// A place in the code that needs the distance to another function.
pub(super) struct Relocation {
    /// Where.
    pub(super) offset: u32,
    /// How it is encoded.
    pub(super) kind: Reloc,
    /// What is added to the distance.
    pub(super) addend: i64,
    /// The other function: by its index among the module's own ones; behind these come the
    /// [`Helper`]s.
    pub(super) target: usize,
}

/// What one thread needs to compile one function after another; kept for its allocations.
#[derive(Default)]
struct Scratch {
    builder: FunctionBuilderContext,
    validator: FuncValidatorAllocations,
    context: Option<Context>,
}

/// Something to compile.
pub(super) enum Job<'a> {
    /// A function body.
    Function(Body<'a>),
    /// A trampoline.
    Trampoline(&'a Trampoline),
    /// A function that others share.
    Helper(Helper),
}

/// Compiles the functions and trampolines of one module.
pub(super) struct Generator<'a> {
    env: Environment<'a>,
    /// The target, for functions that are [`hard`].
    hard: &'a dyn TargetIsa,
    names: &'a FunctionNames<'a>,
    /// Those that no thread uses at the moment.
    scratch: Mutex<Vec<Box<Scratch>>>,
}

impl<'a> Generator<'a> {
    pub(super) fn new(
        env: Environment<'a>,
        hard: &'a dyn TargetIsa,
        names: &'a FunctionNames<'a>,
    ) -> Self {
        Self {
            env,
            hard,
            names,
            scratch: Mutex::default(),
        }
    }

    /// Compiles one job, on any thread.
    pub(super) fn compile(&self, job: Job<'_>) -> Result<Code> {
        // The guard must not live into the match: others need the pool meanwhile.
        let scratch = self.scratch.lock().pop();
        let mut scratch = scratch.unwrap_or_default();
        let mut context = scratch.context.take().unwrap_or_else(Context::new);
        let code = match job {
            Job::Function(body) => self.function(&mut scratch, &mut context, body),
            Job::Trampoline(trampoline) => self.trampoline(&mut context, trampoline),
            Job::Helper(helper) => self.helper(&mut scratch, &mut context, helper),
        };
        context.clear();
        scratch.context = Some(context);
        self.scratch.lock().push(scratch);
        code
    }

    /// Compiles what the code of the module's functions shares, if any of them calls it.
    pub(super) fn helpers(&self, functions: &[Code]) -> Result<Vec<Code>> {
        let defined = self.env.info.defined_functions();
        let mut relocations = functions.iter().flat_map(|code| &code.relocations);
        if relocations.all(|relocation| relocation.target < defined) {
            return Ok(Vec::new());
        }
        let helpers = Helper::ALL.into_iter().map(Job::Helper);
        helpers.map(|job| self.compile(job)).collect()
    }

    fn helper(&self, scratch: &mut Scratch, context: &mut Context, it: Helper) -> Result<Code> {
        build_helper(&self.env, it, &mut scratch.builder, &mut context.func);
        self.machine_code(context)
            .map_err(|e| format_err!("cannot compile the helper {it:?}: {e}"))
    }

    /// What a relocation's name stands for.
    fn target(&self, name: &UserExternalName) -> Option<usize> {
        match name.namespace {
            FUNCTION_NAMESPACE => {
                let index = FunctionIndex::from_u32(name.index);
                self.env.info.defined_function(index).map(EntityRef::index)
            }
            HELPER_NAMESPACE => Some(self.env.info.defined_functions() + name.index as usize),
            _ => None,
        }
    }

    /// Compiles the function in `context`.
    fn machine_code(&self, context: &mut Context) -> Result<Code> {
        context
            .compile(self.env.isa, &mut ControlPlane::default())
            .map_err(|e| failed(e.inner))?;
        // `compile` has just put it there.
        let Some(compiled) = context.compiled_code() else {
            bail!("no code");
        };
        self.code(&context.func, compiled)
    }

    /// As [`machine_code`](Self::machine_code), for a function that may be [`hard`].
    fn machine_code_in_steps(&self, context: &mut Context, facts: &Facts) -> Result<Code> {
        let mut choices = ControlPlane::default();
        let either = |is_hard| match is_hard {
            true => self.hard,
            false => self.env.isa,
        };
        let isa = either(hard::is_nested(facts));
        context.verify_if(isa).map_err(failed)?;
        context.optimize(isa, &mut choices).map_err(failed)?;
        let isa = either(hard::is_crowded(&context.func, facts));
        let (func, domtree) = (&context.func, &context.domtree);
        let registers = &mut Default::default();
        let compiled = isa.compile_function(func, domtree, registers, false, &mut choices);
        let compiled = compiled.map_err(failed)?.apply_params(&func.params);
        self.code(func, &compiled)
    }

    /// What there is to know of what Cranelift has made of a function.
    fn code(&self, func: &ir::Function, compiled: &CompiledCode) -> Result<Code> {
        let isa = self.env.isa;
        let buffer = &compiled.buffer;
        let names = func.params.user_named_funcs();
        let mut relocations = Vec::with_capacity(buffer.relocs().len());
        for relocation in buffer.relocs() {
            let target = match &relocation.target {
                FinalizedRelocTarget::ExternalName(ExternalName::User(name)) => {
                    self.target(&names[*name])
                }
                _ => None,
            };
            let Some(target) = target else {
                let target = relocation.target.display(Some(&func.params));
                bail!("an operator needs the function {target}, which this target lacks");
            };
            relocations.push(Relocation {
                offset: relocation.offset,
                kind: relocation.kind,
                addend: relocation.addend,
                target,
            });
        }
        let traps = buffer.traps().iter();
        let traps: Option<_> = traps
            .map(|site| {
                Some(TrapSite {
                    offset: site.offset,
                    trap: traps::from_code(site.code)?,
                    fuel: 0,
                })
            })
            .collect();
        let Some(traps) = traps else {
            bail!("an unknown trap code");
        };
        let mut addresses: Vec<(u32, u32)> = Vec::new();
        for source in buffer.get_srclocs_sorted() {
            let known = addresses.last().map(|last| last.1);
            if !source.loc.is_default() && known != Some(source.loc.bits()) {
                addresses.push((source.start, source.loc.bits()));
            }
        }
        let mut bytes = buffer.data().to_vec();
        if func.signature.call_conv == CallConv::Tail {
            landing::accept_jumps(isa, &mut bytes);
        }
        let mut stack_maps = Vec::with_capacity(buffer.user_stack_maps().len());
        for (offset, frame_size, map) in buffer.user_stack_maps() {
            let mut distances = Vec::new();
            for (ty, slot) in map.entries() {
                let distance = frame_size.checked_sub(slot);
                match distance.filter(|distance| ty == types::I32 && distance.is_multiple_of(4)) {
                    Some(distance) => distances.push(distance),
                    None => bail!("a stack map with a slot outside the frame"),
                }
            }
            stack_maps.push((*offset, distances));
        }
        Ok(Code {
            handlers: handlers::of(buffer.call_sites())?,
            bytes,
            alignment: buffer.alignment.max(isa.function_alignment().preferred),
            relocations,
            traps,
            stack_maps,
            uses_heap: false,
            addresses,
        })
    }

    fn describe(&self, index: FunctionIndex) -> String {
        frontend::describe_function(index, self.names.get(index))
    }
}

fn failed(error: CodegenError) -> Error {
    match error {
        CodegenError::Verifier(errors) => format_err!("the verifier says: {errors}"),
        error => format_err!("{error}"),
    }
}
