//! Images that do not fit are compiled again.

use super::Loaded;
use crate::error::Context as _;
use crate::image::View;
use crate::{Engine, Module, Result, oom};

/// Loads an image, or compiles the Wasm bytes in it if its code does not fit.
///
/// # Safety
/// The machine code is what the compiler made.
pub(super) unsafe fn load(engine: &Engine, view: &View<'_>) -> Result<Loaded> {
    let fits = view
        .fingerprint()
        .and_then(|fingerprint| engine.check_fingerprint(&fingerprint));
    match (fits, view.wasm()) {
        (Err(error), Some(wasm)) => Ok(Loaded {
            module: Module::from_binary(engine, wasm).with_context(|| {
                oom::text(format_args!(
                    "the image does not fit, and can't be compiled again: {error}"
                ))
            })?,
            recompiled: Some(oom::text(format_args!("{error:#}"))),
        }),
        // What does not fit is found again.
        _ => Ok(Loaded {
            // SAFETY: the caller's contract.
            module: unsafe { Module::from_view(engine, view) }?,
            recompiled: None,
        }),
    }
}
