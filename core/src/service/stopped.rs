//! Why the compiler was cut off.

use alloc::string::String;
use core::fmt;
use core::time::Duration;

/// Why the compiler was cut off. See [`Config::compile_memory_limit`](crate::Config::compile_memory_limit), [`Config::compile_time_limit`](crate::Config::compile_time_limit) and
/// [`Store::compile`](crate::Store::compile).
///
/// Nothing is lost: the memory that it used is given back, and the engine goes on as before.
///
/// ```
/// use std::time::Duration;
/// use wasmetal::{CompilationStopped, Config, Engine, Module};
///
/// let mut config = Config::new(wasmetal_platform_linux::platform());
/// config.compile_time_limit(Duration::ZERO);
/// let error = Module::new(&Engine::new(&config)?, "(module (func))").unwrap_err();
/// match error.downcast_ref() {
///     Some(CompilationStopped::Time { limit, .. }) => assert_eq!(*limit, Duration::ZERO),
///     other => panic!("{other:?}"),
/// }
/// # wasmetal::error::Ok(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CompilationStopped {
    /// It needed more memory than it may use or than there is.
    Memory {
        /// The size of the allocation that failed, in bytes.
        wanted: usize,
        /// What was in use already, in bytes.
        used: usize,
        /// The limit, in bytes, if one is set.
        limit: Option<usize>,
    },
    /// It overflowed its stack.
    Stack,
    /// It panicked, which is an error in the compiler.
    Panic(String),
    /// It took more time than it may.
    Time {
        /// The limit.
        limit: Duration,
        /// How many functions were compiled.
        compiled: usize,
        /// How many there are; 0 if the module was still being decoded.
        functions: usize,
    },
    /// The store that it compiled for was interrupted, or its deadline came.
    Interrupted {
        /// How many functions were compiled.
        compiled: usize,
        /// How many there are; 0 if the module was still being decoded.
        functions: usize,
    },
}

impl fmt::Display for CompilationStopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the compiler was stopped: ")?;
        match self {
            Self::Memory {
                wanted,
                used,
                limit: Some(limit),
            } => write!(
                f,
                "{wanted} bytes more than the {used} bytes that it uses exceed its limit of {limit} bytes"
            ),
            Self::Memory { wanted, used, .. } => write!(
                f,
                "out of memory: it uses {used} bytes, and there is no room for {wanted} more"
            ),
            Self::Stack => f.write_str("stack overflow"),
            Self::Panic(message) => write!(f, "it panicked: {message}"),
            Self::Time {
                limit,
                compiled,
                functions,
            } => {
                write!(f, "its time limit of {limit:?} has passed")?;
                progress(f, *compiled, *functions)
            }
            Self::Interrupted {
                compiled,
                functions,
            } => {
                f.write_str("the store that it compiles for was interrupted")?;
                progress(f, *compiled, *functions)
            }
        }
    }
}

impl core::error::Error for CompilationStopped {}

fn progress(f: &mut fmt::Formatter<'_>, compiled: usize, functions: usize) -> fmt::Result {
    match functions {
        0 => f.write_str(" before the module was decoded"),
        _ => write!(f, " when {compiled} of {functions} functions were compiled"),
    }
}
