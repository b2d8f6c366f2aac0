//! Twin of `asking.rs`, without the feature `async`: a limiter answers at once.
#![forbid(unsafe_code)]

use super::{Question, StoreOpaque};
use crate::error::Result;

impl StoreOpaque {
    /// Whether something may grow; `true` where there is no limiter.
    ///
    /// # Errors
    /// The limiter's.
    pub(crate) fn may_grow(&mut self, question: Question) -> Result<bool> {
        self.ask_limiter(Ok(true), |limiter| question.ask(limiter))
    }

    /// Does `work`, once.
    ///
    /// # Errors
    /// Those of `work`.
    pub(crate) fn counting_fuel_once<R>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<R>,
    ) -> Result<R> {
        work(self)
    }
}
