//! The error type of the whole API: one pointer wide, with the causes behind it. Names are Wasmtime's.

#[cfg(feature = "anyhow")]
mod anyhow;
pub(crate) mod bounded;
mod chain;
mod context;
mod display;
mod find;
mod macros;
mod node;
mod repr;
#[cfg(test)]
mod tests;

pub use crate::oom::OutOfMemory;
pub use crate::{bail, ensure, format_err};
pub use chain::Chain;
pub use context::Context;
#[doc(hidden)]
pub use macros::private;

use crate::abi::traps::Trap;
use alloc::boxed::Box;
use core::any::Any;
use core::error::Error as StdError;
use core::fmt::{self, Debug, Display};
use core::ops::{Deref, DerefMut};
use core::panic::{RefUnwindSafe, UnwindSafe};
pub(crate) use display::debug_is_display;
use node::OwnedNode;
use repr::{Owned, Repr};

/// A result with wasmetal's [`Error`] unless another is named.
pub type Result<T, E = Error> = core::result::Result<T, E>;

/// A successful [`Result`] whose error type is [`Error`].
#[allow(non_snake_case, reason = "it stands for the variant")]
pub fn Ok<T>(value: T) -> Result<T> {
    Result::Ok(value)
}

/// An error: what went wrong, and the causes behind it.
///
/// One pointer wide. A [`Trap`] and an [`OutOfMemory`] are in that word, and allocate nothing. Where there is no
/// memory for any other error, it becomes an [`OutOfMemory`].
///
/// `{}` prints the outermost text, `{:#}` the whole chain of causes on one line, `{:?}` one cause per line. What to
/// act on is found by its type: [`downcast_ref`](Self::downcast_ref).
///
/// Every error that implements [`core::error::Error`] becomes one by `?`. For that reason, as Wasmtime's, this type
/// does not implement that trait itself, but dereferences to it. The feature `anyhow` converts to `anyhow::Error` by
/// `?`, and back by `Error::from_anyhow`.
///
/// ```
/// use wasmetal::error::{Context, Error, Result};
///
/// fn port(text: &str) -> Result<u16> {
///     let port = text.parse().with_context(|| format!("{text:?} is no port"))?;
///     wasmetal::ensure!(port != 0, "port 0 is reserved");
///     Ok(port)
/// }
///
/// let error = port("x").unwrap_err();
/// assert_eq!(format!("{error:#}"), "\"x\" is no port: invalid digit found in string");
/// assert!(error.is::<core::num::ParseIntError>());
/// assert_eq!(port("0").unwrap_err().to_string(), "port 0 is reserved");
/// assert_eq!(size_of::<Error>(), size_of::<usize>());
/// ```
pub struct Error(Repr);

impl Error {
    /// An error of some type, which [`downcast_ref`](Self::downcast_ref) finds again.
    #[must_use]
    #[inline]
    pub fn new<E: StdError + Send + Sync + 'static>(error: E) -> Self {
        let any: &dyn Any = &error;
        if let Some(trap) = any.downcast_ref::<Trap>() {
            return Self(Repr::trap(*trap));
        }
        if let Some(out_of_memory) = any.downcast_ref::<OutOfMemory>() {
            return Self(Repr::out_of_memory(*out_of_memory));
        }
        Self::in_node(error)
    }

    /// (Not a part of [`new`](Self::new), which is inlined in all that may fail.)
    #[cold]
    #[inline(never)]
    fn in_node<E: StdError + Send + Sync + 'static>(error: E) -> Self {
        Self::made(OwnedNode::error(error))
    }

    /// An error that is a text, or something else that can be printed, which [`downcast_ref`](Self::downcast_ref)
    /// finds again.
    #[must_use]
    #[cold]
    pub fn msg<M: Display + Debug + Send + Sync + 'static>(message: M) -> Self {
        Self::made(OwnedNode::message(message))
    }

    /// An error whose type is not known. It is printed, as its causes are, but it is found by no type.
    #[must_use]
    pub fn from_boxed(error: Box<dyn StdError + Send + Sync>) -> Self {
        Self::made(OwnedNode::error(Unknown(error)))
    }

    /// What this error means to the function that passes it on: `context` is printed before it, and found by its type
    /// as well.
    #[must_use]
    pub fn context<C: Display + Debug + Send + Sync + 'static>(self, context: C) -> Self {
        Self::made(OwnedNode::context(self, context))
    }

    fn made(made: Result<OwnedNode, OutOfMemory>) -> Self {
        Self(match made {
            Result::Ok(node) => Repr::node(node),
            Err(out_of_memory) => Repr::out_of_memory(out_of_memory),
        })
    }

    /// This error and its causes, the outermost first.
    ///
    /// ```
    /// let error = wasmetal::Error::msg("no such sensor").context("the plugin stopped");
    /// let texts: Vec<_> = error.chain().map(ToString::to_string).collect();
    /// assert_eq!(texts, ["the plugin stopped", "no such sensor"]);
    /// ```
    #[must_use]
    pub fn chain(&self) -> Chain<'_> {
        Chain::new(&**self)
    }

    /// The last of [`chain`](Self::chain): what all began with.
    #[must_use]
    pub fn root_cause(&self) -> &(dyn StdError + 'static) {
        self.chain()
            .last()
            .expect("a chain has this error at least")
    }

    /// The same as an error of the standard library's kind. Of contexts, only the texts are left.
    ///
    /// # Panics
    /// Like every [`Box::new`], where memory is exhausted.
    #[must_use]
    pub fn into_boxed_dyn_error(self) -> Box<dyn StdError + Send + Sync> {
        match self.0.into_owned() {
            Owned::Trap(trap) => Box::new(trap),
            Owned::OutOfMemory(out_of_memory) => Box::new(out_of_memory),
            Owned::Node(node) => node.into_boxed_dyn_error(),
        }
    }
}

// An error is shown and looked at. What a panic left half changed in one can mislead a reader, and nothing else.
impl UnwindSafe for Error {}
impl RefUnwindSafe for Error {}

impl<E: StdError + Send + Sync + 'static> From<E> for Error {
    #[inline]
    fn from(error: E) -> Self {
        Self::new(error)
    }
}

impl From<Error> for Box<dyn StdError + Send + Sync> {
    fn from(error: Error) -> Self {
        error.into_boxed_dyn_error()
    }
}

impl From<Error> for Box<dyn StdError> {
    fn from(error: Error) -> Self {
        error.into_boxed_dyn_error()
    }
}

impl Deref for Error {
    type Target = dyn StdError + Send + Sync;

    fn deref(&self) -> &Self::Target {
        self.0.error()
    }
}

impl DerefMut for Error {
    fn deref_mut(&mut self) -> &mut Self::Target {
        self.0.error_mut()
    }
}

impl AsRef<dyn StdError + Send + Sync> for Error {
    fn as_ref(&self) -> &(dyn StdError + Send + Sync + 'static) {
        &**self
    }
}

impl AsRef<dyn StdError> for Error {
    fn as_ref(&self) -> &(dyn StdError + 'static) {
        &**self
    }
}

/// An error whose type is not known.
struct Unknown(Box<dyn StdError + Send + Sync>);

impl Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Display::fmt(&self.0, f)
    }
}

debug_is_display!(Unknown);

impl StdError for Unknown {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source()
    }
}
