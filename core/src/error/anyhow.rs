//! To and from the errors of `anyhow`.

use super::Error;
use super::node::OwnedNode;
use super::repr::Owned;
use core::error::Error as StdError;
use core::fmt::{self, Debug, Display};

/// An error of `anyhow`, with all that can be found in it.
pub(super) struct Foreign(pub(super) ::anyhow::Error);

impl Display for Foreign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Display::fmt(&self.0, f)
    }
}

impl Debug for Foreign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Debug::fmt(&self.0, f)
    }
}

impl StdError for Foreign {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source()
    }
}

impl Error {
    /// An error of `anyhow`. What could be found in it by its type is found in this one.
    ///
    /// ```
    /// use wasmetal::{Error, Trap};
    ///
    /// let error = Error::from_anyhow(anyhow::Error::from(Trap::StackOverflow).context("a plugin"));
    /// assert_eq!(error.downcast_ref(), Some(&Trap::StackOverflow));
    /// ```
    #[must_use]
    pub fn from_anyhow(error: ::anyhow::Error) -> Self {
        Self::made(OwnedNode::error(Foreign(error)))
    }
}

/// What could be found in the error by its type is found in the result.
impl From<Error> for ::anyhow::Error {
    fn from(error: Error) -> Self {
        match error.0.into_owned() {
            Owned::Trap(trap) => Self::new(trap),
            Owned::OutOfMemory(out_of_memory) => Self::new(out_of_memory),
            Owned::Node(node) => match node.take() {
                Ok(Foreign(error)) => error,
                Err(node) => node.into_anyhow(),
            },
        }
    }
}
