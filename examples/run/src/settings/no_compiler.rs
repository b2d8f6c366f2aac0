//! Twin of `compiler.rs` for hosts without a compiler.

use wasmetal::Config;
use wasmetal::error::{Result, bail};

/// Refuses the setting.
pub(super) fn set(_: &mut Config, _: &str, _: &str) -> Result<()> {
    bail!("this host has no compiler")
}
