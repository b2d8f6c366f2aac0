//! An error and its causes, one after the other.

use core::error::Error as StdError;

/// An error and its causes, the outermost first: [`Error::chain`](super::Error::chain).
#[derive(Clone, Debug)]
pub struct Chain<'a> {
    next: Option<&'a (dyn StdError + 'static)>,
    left: usize,
}

impl<'a> Chain<'a> {
    /// An error of any kind and its causes.
    #[must_use]
    pub fn new(error: &'a (dyn StdError + 'static)) -> Self {
        let left = errors(Some(error)).count();
        Self {
            next: Some(error),
            left,
        }
    }
}

impl<'a> Iterator for Chain<'a> {
    type Item = &'a (dyn StdError + 'static);

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        let error = self.next?;
        self.next = error.source();
        Some(error)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl DoubleEndedIterator for Chain<'_> {
    /// It goes through all that is left, since causes do not know what they caused.
    fn next_back(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        errors(self.next).nth(self.left)
    }
}

impl ExactSizeIterator for Chain<'_> {}

fn errors<'a>(
    first: Option<&'a (dyn StdError + 'static)>,
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    core::iter::successors(first, |&error| error.source())
}
