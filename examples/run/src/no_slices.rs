//! Suspends nothing: this host has no compiler, and not all proposals.

use core::fmt::Write;

use wasmetal::Config;
use wasmetal::error::{Result, bail};

use crate::{Machine, Stops};

pub(crate) fn run(_: &Config, _: &Stops<'_>, _: &Machine, _: &mut dyn Write) -> Result<()> {
    bail!("this host has no compiler")
}
