//! What can be found in an error by its type.

use super::Error;
#[cfg(feature = "anyhow")]
use super::anyhow::Foreign;
use super::repr::{Owned, Repr};
use core::any::{Any, TypeId};
use core::fmt::{Debug, Display};
use core::ptr::NonNull;

impl Error {
    /// Whether [`downcast_ref`](Self::downcast_ref) finds an `E`.
    #[must_use]
    pub fn is<E: Display + Debug + Send + Sync + 'static>(&self) -> bool {
        self.downcast_ref::<E>().is_some()
    }

    /// What this error was made of, or a context that it was given, if that is an `E`; the outermost of several.
    ///
    /// What the error that this one was made of names as its own cause is found by [`chain`](Self::chain) only.
    ///
    /// ```
    /// use wasmetal::{Error, Trap};
    ///
    /// let error = Error::new(Trap::StackOverflow).context("in the plugin");
    /// assert_eq!(error.downcast_ref(), Some(&Trap::StackOverflow));
    /// assert_eq!(error.downcast_ref(), Some(&"in the plugin"));
    /// ```
    #[must_use]
    pub fn downcast_ref<E: Display + Debug + Send + Sync + 'static>(&self) -> Option<&E> {
        // SAFETY: what is found is an `E`, and is borrowed as long as the word.
        let found = unsafe {
            let found = Repr::find(NonNull::from(&self.0), TypeId::of::<E>());
            found.map(|found| found.cast().as_ref())
        };
        #[cfg(feature = "anyhow")]
        if found.is_none() && TypeId::of::<E>() != TypeId::of::<Foreign>() {
            return self.downcast_ref::<Foreign>()?.0.downcast_ref();
        }
        found
    }

    /// As [`downcast_ref`](Self::downcast_ref), to be changed.
    #[must_use]
    pub fn downcast_mut<E: Display + Debug + Send + Sync + 'static>(&mut self) -> Option<&mut E> {
        // SAFETY: what is found is an `E`, and is borrowed as long as the word.
        let found = unsafe {
            let found = Repr::find(NonNull::from(&mut self.0), TypeId::of::<E>());
            found.map(|found| found.cast().as_mut())
        };
        #[cfg(feature = "anyhow")]
        if found.is_none() && TypeId::of::<E>() != TypeId::of::<Foreign>() {
            return self.downcast_mut::<Foreign>()?.0.downcast_mut();
        }
        found
    }

    /// As [`downcast_ref`](Self::downcast_ref), to be kept. What else is in the error is dropped.
    ///
    /// # Errors
    /// There is no `E` in it: the error, as it was.
    pub fn downcast<E: Display + Debug + Send + Sync + 'static>(self) -> Result<E, Self> {
        if !self.is::<E>() {
            return Err(self);
        }
        let mut error = self;
        loop {
            let node = match error.0.into_owned() {
                Owned::Trap(trap) => return same(trap).map_err(Self::new),
                Owned::OutOfMemory(out_of_memory) => {
                    return same(out_of_memory).map_err(Self::new);
                }
                Owned::Node(node) => node,
            };
            let node = match node.take() {
                Ok(found) => return Ok(found),
                Err(node) => node,
            };
            #[cfg(feature = "anyhow")]
            let node = match node.take::<Foreign>() {
                Ok(Foreign(error)) => return error.downcast().map_err(Self::from_anyhow),
                Err(node) => node,
            };
            error = node.into_cause().expect("it is in a cause");
        }
    }
}

/// A value as a `B`, if that is its type.
fn same<A: 'static, B: 'static>(value: A) -> Result<B, A> {
    let mut value = Some(value);
    match (&mut value as &mut dyn Any).downcast_mut::<Option<B>>() {
        Some(value) => Ok(value.take().expect("it was put there")),
        None => Err(value.expect("nobody took it")),
    }
}
