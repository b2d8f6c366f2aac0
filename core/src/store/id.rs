//! The number of a store: by it a handle knows its own.

use core::num::NonZeroU64;
use core::sync::atomic::{AtomicU64, Ordering};

/// Names a store for ever: no two stores of a program have the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct StoreId(NonZeroU64);

impl StoreId {
    pub(super) fn from_number(number: NonZeroU64) -> Self {
        Self(number)
    }

    pub(super) fn new() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        Self::from_number(NonZeroU64::new(id).expect("2^64 stores are more than any machine makes"))
    }
}
