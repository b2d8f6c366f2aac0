//! There is no compiler: an image fits, or it does not.

use super::Loaded;
use crate::image::View;
use crate::{Engine, Module, Result};

/// Loads an image.
///
/// # Safety
/// The machine code is what the compiler made.
pub(super) unsafe fn load(engine: &Engine, view: &View<'_>) -> Result<Loaded> {
    Ok(Loaded {
        // SAFETY: the caller's contract.
        module: unsafe { Module::from_view(engine, view) }?,
        recompiled: None,
    })
}
