//! Where the stacks of a pool lie: a list that the trap hook walks, wherever it has stopped the program.

use crate::error::OutOfMemory;
use crate::oom::{self, Watch};
use alloc::boxed::Box;
use core::ptr::{self, NonNull};
use core::sync::atomic::{AtomicPtr, AtomicUsize, Ordering::SeqCst};
use spin::Mutex;

/// The regions of a pool.
///
/// Invariant (*places stay*): a place is at one address, and in the list of all, from its making to the end of
/// its pool. A region takes one, and another region may have it later. So the list is walked without a lock.
#[derive(Debug)]
pub(super) struct Regions {
    /// All places: the newest.
    all: AtomicPtr<Place>,
    /// Those that no region has: one of them.
    free: Mutex<*mut Place>,
}

// SAFETY: the pointers are to places, which are `Sync` and owned.
unsafe impl Send for Regions {}
// SAFETY: the places are `Sync` and owned; what is not atomic is behind a lock.
unsafe impl Sync for Regions {}

/// Where one region lies.
#[derive(Debug)]
pub(super) struct Place {
    /// 0: no region has it.
    region: AtomicUsize,
    /// The next in the list of all.
    next: AtomicPtr<Self>,
    /// The next in the list of those that are free. Guarded by [`Regions::free`].
    next_free: AtomicPtr<Self>,
}

impl Regions {
    pub(super) const fn new() -> Self {
        Self {
            all: AtomicPtr::new(ptr::null_mut()),
            free: Mutex::new(ptr::null_mut()),
        }
    }

    /// Takes note of a region.
    ///
    /// # Errors
    /// Memory is exhausted.
    pub(super) fn add(&self, region: usize) -> Result<NonNull<Place>, OutOfMemory> {
        let place = match self.take_free() {
            Some(place) => place,
            None => self.make()?,
        };
        // SAFETY: *places stay*.
        unsafe { place.as_ref() }.region.store(region, SeqCst);
        Ok(place)
    }

    fn take_free(&self) -> Option<NonNull<Place>> {
        let mut free = self.free.lock();
        let place = NonNull::new(*free)?;
        // SAFETY: *places stay*.
        *free = unsafe { place.as_ref() }.next_free.load(SeqCst);
        Some(place)
    }

    fn make(&self) -> Result<NonNull<Place>, OutOfMemory> {
        let watch = Watch::now();
        let place = oom::place(Place {
            region: AtomicUsize::new(0),
            next: AtomicPtr::new(self.all.load(SeqCst)),
            next_free: AtomicPtr::new(ptr::null_mut()),
        });
        let place = watch.passed(place.map_err(|_| OutOfMemory::new(size_of::<Place>()))?)?;
        let place = NonNull::from(Box::leak(place));
        // SAFETY: nobody else knows it yet.
        let next = unsafe { &place.as_ref().next };
        while let Err(newer) =
            self.all
                .compare_exchange(next.load(SeqCst), place.as_ptr(), SeqCst, SeqCst)
        {
            next.store(newer, SeqCst);
        }
        Ok(place)
    }

    /// Takes note that a region is about to go.
    pub(super) fn remove(&self, place: NonNull<Place>) {
        let mut free = self.free.lock();
        // SAFETY: *places stay*.
        let it = unsafe { place.as_ref() };
        it.region.store(0, SeqCst);
        it.next_free.store(*free, SeqCst);
        *free = place.as_ptr();
    }

    /// Whether there is a region at this address. No lock is taken.
    pub(super) fn hold(&self, region: usize) -> bool {
        // SAFETY: *places stay*.
        let first = unsafe { self.all.load(SeqCst).as_ref() };
        core::iter::successors(first, |place| {
            // SAFETY: *places stay*: the next place of one that stays, stays too.
            unsafe { place.next.load(SeqCst).as_ref() }
        })
        .any(|place| region != 0 && place.region.load(SeqCst) == region)
    }
}

impl Drop for Regions {
    fn drop(&mut self) {
        let mut next = *self.all.get_mut();
        while !next.is_null() {
            // SAFETY: from `make`; the stacks that had it are gone with their pool.
            next = *unsafe { Box::from_raw(next) }.next.get_mut();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_used_again() {
        let regions = Regions::new();
        let check = |expected: [bool; 4]| {
            assert_eq!([0, 1, 2, 3].map(|region| regions.hold(region)), expected);
        };
        check([false; 4]);
        let [one, two] = [1, 2].map(|region| regions.add(region).expect("memory"));
        check([false, true, true, false]);
        regions.remove(one);
        check([false, false, true, false]);
        assert_eq!(regions.add(3), Ok(one));
        check([false, false, true, true]);
        regions.remove(two);
        regions.remove(one);
        check([false; 4]);
    }
}
