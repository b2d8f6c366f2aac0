//! How the heap grows: as far as limiter and machine let it, at a cost in proportion to what is allocated.
//!
//! - Halves double. Where that is refused, what is needed is asked for, and then as much as can be had, found by
//!   bisection to a [`SCARCE`]th of a half: so each growth gains a fraction of the heap, or is the last.
//! - Where hardly anything is free after all that, another collection would come soon and find as little. Once
//!   that is served, twice in a row it is not: [`Gc::pays`].
//!
//! So two collections in a row are followed by allocations of a [`SCARCE`]th of a half, or by an error.

use super::{Corrupt, Gc};
use crate::error::{Error, Result};
use crate::store::{Growing, Question, Resource, ResourceLimitExceeded, StoreOpaque};

/// Memory is scarce if less than this part of the room in a half is free after a collection: 1/16.
const SCARCE: u64 = 16;

impl Gc {
    /// Whether to allocate after room was made: it must not have been scarce twice in a row.
    pub(super) fn pays(&mut self) -> bool {
        let scarce = self.heap.free() < self.heap.room() / SCARCE;
        let was_scarce = core::mem::replace(&mut self.was_scarce, scarce);
        !(scarce && was_scarce)
    }
}

impl StoreOpaque {
    /// Collects, and grows the heap as is fit, so that there is room for an object of `size` bytes, if
    /// that is possible.
    #[cold]
    pub(crate) fn make_room(&mut self, size: u64, live: &mut [&mut u32]) -> Result<()> {
        if self.gc.heap.half() > 0 {
            self.collect(live)?;
        }
        let alive = self.gc.heap.occupied();
        let needed = alive.saturating_add(size);
        let half = self.gc.heap.half();
        if half > 0 && needed <= self.gc.heap.room() / 2 {
            return Ok(());
        }
        let limit = self.ask_limiter(None, |limiter| limiter.gc_heap_size());
        let within = limit.map_or(u64::MAX, |limit| self.gc.heap.half_within(limit as u64));
        let least = self.gc.heap.least_half_for(needed);
        if let Some(limit) = limit.filter(|_| least > within.max(half)) {
            let present = self.gc.heap.capacity();
            let error = ResourceLimitExceeded {
                resource: Resource::GcHeapSize,
                limit,
                present,
                wanted: (least.saturating_mul(2) as usize).saturating_sub(present),
            };
            return self.growth_failed(error.into());
        }
        let largest = self.gc.heap.largest_half().min(within);
        if least > largest.max(half) {
            return Ok(());
        }
        // Twice what is needed, so that the next collection is as far away as this one was; what is needed must do if
        // there is no more.
        let wanted = self.gc.heap.half_for(needed.saturating_mul(2));
        let wanted = wanted.max(half.saturating_mul(2)).min(largest);
        if wanted > half {
            self.grow_towards(wanted, least, live)?;
        }
        Ok(())
    }

    /// Grows the halves to `wanted` bytes each, which is more than they have, or to as much as can be had, if that
    /// is `least` or more.
    fn grow_towards(&mut self, wanted: u64, least: u64, live: &mut [&mut u32]) -> Result<()> {
        if self.grow_heap(wanted, live)? {
            return Ok(());
        }
        if least > self.gc.heap.half() && (least >= wanted || !self.grow_heap(least, live)?) {
            return Ok(());
        }
        let mut refused = wanted;
        loop {
            let half = self.gc.heap.half();
            let middle = self.gc.heap.between(half, refused);
            if refused - half <= half / SCARCE || middle == half {
                return Ok(());
            }
            if !self.grow_heap(middle, live)? {
                refused = middle;
            }
        }
    }

    /// Tells the limiter.
    fn growth_failed(&mut self, error: Error) -> Result<()> {
        let mut error = Some(error);
        self.ask_limiter(Ok(()), |limiter| match error.take() {
            Some(error) => limiter.memory_grow_failed(error),
            None => Ok(()),
        })
    }

    /// Grows the halves to `half` bytes each, if the limiter and the machine allow it.
    fn grow_heap(&mut self, half: u64, live: &mut [&mut u32]) -> Result<bool> {
        let current = self.gc.heap.capacity();
        let largest = self.gc.heap.largest_half();
        if half > largest {
            return Ok(false);
        }
        if self.limiter.is_some()
            && !self.may_grow(Question {
                what: Growing::Memory,
                current,
                desired: half as usize * 2,
                maximum: Some(largest as usize * 2),
            })?
        {
            return Ok(false);
        }
        match self.try_grow(half, live) {
            Ok(()) => Ok(true),
            Err(error) if error.is::<Corrupt>() => Err(error),
            Err(error) => {
                self.growth_failed(error)?;
                Ok(false)
            }
        }
    }

    fn try_grow(&mut self, half: u64, live: &mut [&mut u32]) -> Result<()> {
        if self.gc.heap.moves() {
            let new = self.gc.heap.elsewhere(half)?;
            return self.collect_to(Some(new), live);
        }
        if self.gc.heap.is_high() {
            self.collect(live)?;
        }
        self.gc.heap.grow_in_place(half)?;
        self.set_limit();
        Ok(())
    }
}
