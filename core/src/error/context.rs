//! What an error means to the function that passes it on, said where it is passed on.

use super::{Error, Result};
use core::convert::Infallible;
use core::fmt::{Debug, Display};

/// Adds to the error of a [`Result`], or makes one of [`None`].
///
/// ```
/// use wasmetal::error::{Context, Result};
///
/// fn first(of: &[u8]) -> Result<u8> {
///     of.first().copied().context("an empty message")
/// }
/// assert_eq!(first(&[]).unwrap_err().to_string(), "an empty message");
/// ```
pub trait Context<T, E>: sealed::Sealed {
    /// The error is the cause of `context`, which is found by its type as well.
    ///
    /// # Errors
    /// Those that there were.
    fn context<C>(self, context: C) -> Result<T>
    where
        C: Display + Debug + Send + Sync + 'static;

    /// The same, where `context` takes time to make.
    ///
    /// # Errors
    /// Those that there were.
    fn with_context<C, F>(self, context: F) -> Result<T>
    where
        C: Display + Debug + Send + Sync + 'static,
        F: FnOnce() -> C;
}

impl<T, E: Into<Error>> Context<T, E> for Result<T, E> {
    #[inline]
    fn context<C>(self, context: C) -> Result<T>
    where
        C: Display + Debug + Send + Sync + 'static,
    {
        self.map_err(|error| error.into().context(context))
    }

    #[inline]
    fn with_context<C, F>(self, context: F) -> Result<T>
    where
        C: Display + Debug + Send + Sync + 'static,
        F: FnOnce() -> C,
    {
        self.map_err(|error| error.into().context(context()))
    }
}

impl<T> Context<T, Infallible> for Option<T> {
    #[inline]
    fn context<C>(self, context: C) -> Result<T>
    where
        C: Display + Debug + Send + Sync + 'static,
    {
        self.ok_or_else(|| Error::msg(context))
    }

    #[inline]
    fn with_context<C, F>(self, context: F) -> Result<T>
    where
        C: Display + Debug + Send + Sync + 'static,
        F: FnOnce() -> C,
    {
        self.ok_or_else(|| Error::msg(context()))
    }
}

mod sealed {
    pub trait Sealed {}
    impl<T, E> Sealed for Result<T, E> {}
    impl<T> Sealed for Option<T> {}
}
