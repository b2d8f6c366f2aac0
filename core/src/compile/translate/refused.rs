//! What the compiler does not take of a valid body: the one list, asked before anything is compiled.

use crate::compile::operators::{Flow, Operator};
use alloc::{vec, vec::Vec};
use core::fmt;
use wasmparser::Catch;

/// The most targets that a `br_table` may have, besides its default: as in web engines.
const MAX_BR_TABLE_TARGETS: u32 = 65_520;

/// How many catch clauses may be in effect at the calls and throws of a function, all in all: a
/// number that is free, and a number for each byte before the call. Hostile code could have the square of its size.
const FREE_ENTRIES: usize = 4096;
const ENTRIES_PER_BYTE: usize = 8;

/// Something that the compiler does not take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    BrTableTargets,
    CatchClauses,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BrTableTargets => "a `br_table` of more than 65520 targets is not supported",
            Self::CatchClauses => {
                "so many catch clauses in effect at calls are not supported: there may be 4096, and 8 for each byte of the \
                 function before the call"
            }
        })
    }
}

/// Goes through a body beside its validation.
pub(crate) struct Refusals {
    /// Where the body begins in the module.
    start: usize,
    /// How many catch clauses a call has in effect, in each block that is open: the function, and what is in it.
    clauses: Vec<usize>,
    /// How many were in effect at calls so far.
    entries: usize,
}

impl Refusals {
    /// For a body that begins at this offset in the module.
    pub(crate) fn new(start: usize) -> Self {
        Self {
            start,
            clauses: vec![0],
            entries: 0,
        }
    }

    /// Whether the compiler takes the next operator, at this offset in the module, which is valid.
    ///
    /// Code that is never reached counts: whether it is, is not asked here.
    #[inline]
    pub(crate) fn operator(
        &mut self,
        operator: Operator<'_>,
        offset: usize,
    ) -> Result<(), Refused> {
        let around = self.clauses.last().copied().unwrap_or(0);
        match operator.into() {
            Flow::Branches(targets) => {
                if targets.len() > MAX_BR_TABLE_TARGETS {
                    return Err(Refused::BrTableTargets);
                }
            }
            Flow::Opens => self.clauses.push(around),
            Flow::Catches(table) => {
                let catches = &table.catches;
                // What catches all hides what is around it.
                let is_last = |it: &Catch| matches!(it, Catch::All { .. } | Catch::AllRef { .. });
                self.clauses.push(match catches.iter().position(is_last) {
                    Some(last) => last + 1,
                    None => catches.len() + around,
                });
            }
            Flow::Tries => {
                // What no part of the block catches is thrown again outside of it.
                self.call(around, offset)?;
                self.clauses.push(1);
            }
            Flow::Caught => {
                self.clauses.pop();
                let around = self.clauses.last().copied().unwrap_or(0);
                self.clauses.push(around);
            }
            Flow::End => {
                self.clauses.pop();
            }
            Flow::Delegates(depth) => {
                self.clauses.pop();
                let target = self.clauses.iter().nth_back(depth as usize);
                self.call(target.copied().unwrap_or(0), offset)?;
            }
            Flow::Calls | Flow::Throws => self.call(around, offset)?,
            // Nothing of this function is left to catch.
            Flow::TailCalls | Flow::Else | Flow::Plain => {}
        }
        Ok(())
    }

    /// A call, or what is one, with this many clauses in effect.
    fn call(&mut self, around: usize, offset: usize) -> Result<(), Refused> {
        self.entries += around;
        match self.entries > FREE_ENTRIES + ENTRIES_PER_BYTE * (offset - self.start) {
            true => Err(Refused::CatchClauses),
            false => Ok(()),
        }
    }
}
