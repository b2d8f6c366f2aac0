//! What the walk needs of a life.

// The core's lives are walked in the same way.
#[path = "../../../tests/lives/walk.rs"]
pub(crate) mod walk;

use super::{Exhausted, SMALL};
use wasmetal::error::OutOfMemory;
use wasmetal::{CompilationStopped, Engine, Error, Instance, Module, Result, Store};

/// A life in an engine.
pub(crate) type Life<'a> = &'a dyn Fn(&Engine) -> Result<()>;

/// Whether memory that ran out may be the reason.
pub(crate) fn is_exhaustion(error: &Error) -> bool {
    error.is::<OutOfMemory>()
        || error.is::<wasmetal_platform::Error>()
        || error.is::<Exhausted>()
        || matches!(
            error.downcast_ref(),
            Some(CompilationStopped::Memory { .. })
        )
}

/// Compile and instantiate.
pub(crate) fn small(engine: &Engine) -> Result<()> {
    let module = Module::new(engine, SMALL)?;
    let mut store = Store::try_new(engine, ())?;
    Instance::new(&mut store, &module, &[])?;
    Ok(())
}
