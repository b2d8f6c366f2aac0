//! Errors about modules: what is wrong, and where.

use crate::abi::features::Features;
use crate::compile::translate;
use crate::error::bounded::format_err;
use crate::error::{Error, OutOfMemory, debug_is_display};
use crate::escaped::Escaped;
use crate::module::FunctionIndex;
use crate::oom;
use alloc::{format, string::String};
use core::fmt::{self, Display};

/// A module is not valid, or not well-formed (spec: "Validation", "Binary Format"): found in an [`Error`] by its type.
///
/// ```
/// use wasmetal::{Config, Engine, InvalidModule, Module, WasmFeatures};
///
/// let mut config = Config::new(wasmetal_platform_linux::platform());
/// config.wasm_tail_call(false);
/// let engine = Engine::new(&config)?;
/// let error = Module::new(&engine, "(module (func $again return_call $again))").unwrap_err();
/// let invalid = error.downcast_ref::<InvalidModule>().unwrap();
/// assert_eq!((invalid.function(), invalid.function_name()), (Some(0), Some("again")));
/// assert_eq!(invalid.missing_proposals(), WasmFeatures::TAIL_CALL);
/// # wasmetal::error::Ok(())
/// ```
#[derive(PartialEq, Eq)]
#[non_exhaustive]
pub struct InvalidModule {
    message: String,
    offset: usize,
    function: Option<u32>,
    function_name: Option<String>,
    missing: Features,
}

impl InvalidModule {
    /// What is wrong, in words: of at most some 1,000 bytes, without what a terminal would obey.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Where, in the module's bytes: at or before the first that is not valid.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// The index of the function whose body is not valid, with imported functions counted; `None` if it is something else.
    #[must_use]
    pub fn function(&self) -> Option<u32> {
        self.function
    }

    /// The name of that function, if the module has a name for it. It is the guest's own, of any length:
    /// [`Escaped`] shows it.
    #[must_use]
    pub fn function_name(&self) -> Option<&str> {
        self.function_name.as_deref()
    }

    /// The proposals without which it is not valid, and which are off; [`NONE`](Features::NONE) if it is not valid with any.
    #[must_use]
    pub fn missing_proposals(&self) -> Features {
        self.missing
    }

    /// # Errors
    /// There is no room for the texts.
    pub(crate) fn try_clone(&self) -> Result<Self, OutOfMemory> {
        let name = self.function_name.as_deref();
        Ok(Self {
            message: oom::string(&self.message)?,
            function_name: name.map(oom::string).transpose()?,
            ..*self
        })
    }

    fn new(message: impl Display, offset: usize) -> Self {
        Self {
            message: oom::text(format_args!("{message}")),
            offset,
            function: None,
            function_name: None,
            missing: Features::NONE,
        }
    }

    fn of(error: &wasmparser::Error) -> Self {
        let flags = error.missing_wasm_feature();
        let missing = match flags {
            Some(flags) => super::types::proposals(flags),
            None => UNNAMED
                .iter()
                .find(|(message, _)| error.message() == *message)
                .map_or(Features::NONE, |(_, proposal)| *proposal),
        };
        Self {
            missing,
            ..Self::new(error.message(), error.offset())
        }
    }
}

impl Display for InvalidModule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.function {
            Some(index) => write!(f, "invalid {}", Function(index, self.function_name()))?,
            None => f.write_str("invalid module")?,
        }
        write!(f, ": {} (at offset {:#x})", self.message, self.offset)?;
        match self.missing.is_empty() {
            true => Ok(()),
            false => write!(f, "; the proposal {} is not enabled", self.missing.names()),
        }
    }
}

debug_is_display!(InvalidModule);

impl core::error::Error for InvalidModule {}

/// An error outside of function bodies.
#[cold]
pub(in crate::compile) fn invalid(error: wasmparser::Error) -> Error {
    InvalidModule::of(&error).into()
}

/// An error outside of function bodies that this compiler finds.
#[cold]
pub(super) fn invalid_at(offset: usize, message: fmt::Arguments<'_>) -> Error {
    InvalidModule::new(message, offset).into()
}

/// An error in a function body.
#[cold]
pub(in crate::compile) fn cannot_compile(
    index: FunctionIndex,
    name: Option<&str>,
    error: translate::Error,
) -> Error {
    let error = match error {
        translate::Error::Invalid(error) => error,
        translate::Error::Refused { .. } | translate::Error::Unknown { .. } => {
            let function = describe_function(index, name);
            return format_err!("cannot compile {function}: {error}");
        }
    };
    match name.map(oom::string).transpose() {
        Ok(function_name) => InvalidModule {
            function: Some(index.as_u32()),
            function_name,
            ..InvalidModule::of(&error)
        }
        .into(),
        Err(out_of_memory) => out_of_memory.into(),
    }
}

/// How errors call a function.
pub(in crate::compile) fn describe_function(index: FunctionIndex, name: Option<&str>) -> String {
    format!("{}", Function(index.as_u32(), name))
}

/// A function, as errors call it.
struct Function<'a>(u32, Option<&'a str>);

impl Display for Function<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "function {}", self.0)?;
        match self.1 {
            Some(name) => write!(f, " (`{}`)", Escaped(name)),
            None => Ok(()),
        }
    }
}

/// Messages about a proposal that wasmparser does not name.
const UNNAMED: &[(&str, Features)] = &[
    ("multiple memories", Features::MULTI_MEMORY),
    ("multiple tables", Features::REFERENCE_TYPES),
    // Without the cargo feature `simd`.
    (
        "unexpected SIMD opcode: 0xfd",
        Features::SIMD.union(Features::RELAXED_SIMD),
    ),
];
