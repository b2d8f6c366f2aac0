//! From Wasm bytes to a module.

use super::{Source, cached};
use crate::code::Module;
use crate::compile::emit;
use crate::image::View;
use crate::interrupt::Interrupts;
use crate::{Engine, Result};
use alloc::vec::Vec;

impl Module {
    /// Compiles a module.
    ///
    /// `bytes` are in the binary format; with the feature `wat`, the text format is taken as well.
    ///
    /// # Errors
    /// The module is not valid, uses a proposal that is off, or exceeds a limit of the compiler: the
    /// error says what is wrong, in which function, and at which offset. Or memory is exhausted.
    pub fn new(engine: &Engine, bytes: impl AsRef<[u8]>) -> Result<Self> {
        Self::compile_for(engine, Source::new(bytes.as_ref()), None)
    }

    /// As [`new`](Self::new), for the binary format only.
    ///
    /// # Errors
    /// As for [`new`](Self::new).
    pub fn from_binary(engine: &Engine, binary: &[u8]) -> Result<Self> {
        Self::compile_for(engine, Source::Binary(binary), None)
    }

    /// As [`new`](Self::new), for the store of these interrupts.
    pub(crate) fn compile_for(
        engine: &Engine,
        source: Source<'_>,
        interrupts: Option<&Interrupts>,
    ) -> Result<Self> {
        let key = engine.cache().map(|_| cached::key(engine, source));
        if let Some(key) = &key
            && let Some(module) = cached::find(engine, key)?
        {
            return Ok(module);
        }
        let image = engine.compile(source, interrupts)?;
        if let Some(key) = key {
            cached::keep(engine, &key, &image);
        }
        // SAFETY: the image comes straight from the compiler.
        unsafe { Self::from_view(engine, &View::parse(&image)?) }
    }

    /// The module as an image that [`deserialize`](Self::deserialize) loads, here or on another
    /// machine: the same bytes as [`Engine::precompile_module`] gives.
    ///
    /// # Errors
    /// The image would be larger than an ELF file can be, or memory is exhausted.
    pub fn serialize(&self) -> Result<Vec<u8>> {
        let code = self.code();
        let parts = emit::Parts {
            info: self.info(),
            code: code.table(),
            text: code.text(),
            traps: code.traps(),
            addresses: code.addresses(),
            stack_maps: code.stack_maps(),
            handlers: code.handlers(),
            names: code.names(),
            data: &[code.data()],
        };
        self.engine().encode(&parts, code.fingerprint())
    }

    /// Checks that a module in the binary format is valid, without compiling it.
    ///
    /// # Errors
    /// It is not, or it uses a proposal that is off: the error says what and where.
    pub fn validate(engine: &Engine, binary: &[u8]) -> Result<()> {
        engine.validate(binary)
    }
}
