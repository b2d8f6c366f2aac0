//! Where calls go on when they throw.

use crate::error::bounded::bail;
use crate::error::{Context as _, Result};
use alloc::vec::Vec;
use cranelift_codegen::{
    ExceptionContextLoc, FinalizedMachCallSite, FinalizedMachExceptionHandler as Item,
};

/// A call with catch clauses in effect. Offsets count from the start of the function's code.
pub(in crate::compile) struct CallSite {
    /// Where it returns to.
    pub(in crate::compile) return_address: u32,
    /// The distance from the stack pointer up to the frame pointer, in bytes.
    pub(in crate::compile) frame_size: u32,
    /// The clauses, in the order in which they are tried.
    pub(in crate::compile) clauses: Vec<Clause>,
}

/// A catch clause.
pub(in crate::compile) struct Clause {
    /// Where its code begins.
    pub(in crate::compile) code: u32,
    /// What it catches; `None`: everything.
    pub(in crate::compile) tag: Option<Tag>,
}

/// A tag, as the code of a frame names it.
pub(in crate::compile) struct Tag {
    /// Where its number lies in the vmctx.
    pub(in crate::compile) slot: u32,
    /// Where the frame keeps its vmctx: the distance up from the stack pointer, in bytes.
    pub(in crate::compile) vmctx: u32,
}

/// The calls with catch clauses among all calls of a function.
pub(super) fn of<'a>(
    calls: impl Iterator<Item = FinalizedMachCallSite<'a>>,
) -> Result<Vec<CallSite>> {
    calls
        .filter(|call| !call.exception_handlers.is_empty())
        .map(|call| {
            Ok(CallSite {
                return_address: call.ret_addr,
                frame_size: call.frame_offset.context("a frame of unknown size")?,
                clauses: clauses(call.exception_handlers)?,
            })
        })
        .collect()
}

fn clauses(items: &[Item]) -> Result<Vec<Clause>> {
    let mut vmctx = None;
    let mut clauses = Vec::with_capacity(items.len());
    for item in items {
        match *item {
            Item::Context(ExceptionContextLoc::SPOffset(at)) => vmctx = Some(at),
            // No register survives a call that throws.
            Item::Context(ExceptionContextLoc::GPR(_)) => bail!("a vmctx in a register"),
            Item::Tag(tag, code) => {
                let vmctx = vmctx.context("a tag without a vmctx")?;
                let slot = tag.as_u32();
                let tag = Some(Tag { slot, vmctx });
                clauses.push(Clause { code, tag });
            }
            Item::Default(code) => clauses.push(Clause { code, tag: None }),
        }
    }
    Ok(clauses)
}
