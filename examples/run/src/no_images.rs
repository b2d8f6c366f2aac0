//! Makes no images: this host has no compiler.

use core::fmt::Write;

use anyhow::{Result, bail};
use wasmetal::Config;

use crate::Image;

pub(crate) fn run(_: &Config, _: &[Image<'_>], _: &mut dyn Write) -> Result<()> {
    bail!("this host has no compiler")
}
