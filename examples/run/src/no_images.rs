//! Makes no images: this host has no compiler.

use core::fmt::Write;

use wasmetal::Config;
use wasmetal::error::{Result, bail};

use crate::Image;

pub(crate) fn run(_: &Config, _: &[Image<'_>], _: &mut dyn Write) -> Result<()> {
    bail!("this host has no compiler")
}
