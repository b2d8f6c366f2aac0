//! A reservation that is given back when a check ends, however it ends.

use crate::{Platform, Protection};

/// A reservation of whole pages. Offsets and sizes are in pages.
pub(super) struct Pages<'a> {
    platform: &'a dyn Platform,
    base: *mut u8,
    count: usize,
    page: usize,
}

impl<'a> Pages<'a> {
    /// Reserves `count` pages.
    pub(super) fn reserve(platform: &'a dyn Platform, count: usize) -> Result<Self, &'static str> {
        let page = platform.capabilities().page_size;
        Self::aligned(platform, count, page)
    }

    /// Reserves `count` pages at a multiple of `align` bytes.
    pub(super) fn aligned(
        platform: &'a dyn Platform,
        count: usize,
        align: usize,
    ) -> Result<Self, &'static str> {
        let page = platform.capabilities().page_size;
        let base = platform
            .reserve(count * page, align)
            .map_err(|_| "reserve failed")?;
        Ok(Self {
            platform,
            base,
            count,
            page,
        })
    }

    /// Reserves `count` pages and commits them.
    pub(super) fn commit_new(
        platform: &'a dyn Platform,
        count: usize,
    ) -> Result<Self, &'static str> {
        let pages = Self::reserve(platform, count)?;
        pages.commit(0, count)?;
        Ok(pages)
    }

    /// The address of a page.
    pub(super) fn at(&self, page: usize) -> *mut u8 {
        assert!(page <= self.count);
        self.base.wrapping_add(page * self.page)
    }

    /// Bytes of a page.
    pub(super) fn page_size(&self) -> usize {
        self.page
    }

    pub(super) fn commit(&self, first: usize, count: usize) -> Result<(), &'static str> {
        // SAFETY: the range is ours, and checks commit what is reserved.
        unsafe { self.platform.commit(self.at(first), count * self.page) }
            .map_err(|_| "commit failed")
    }

    pub(super) fn populate(&self, first: usize, count: usize) {
        // SAFETY: the range is ours, and checks populate what is committed and writable.
        unsafe { self.platform.populate(self.at(first), count * self.page) }
    }

    pub(super) fn decommit(&self, first: usize, count: usize) {
        // SAFETY: the range is ours; checks hold no reference into it.
        unsafe { self.platform.decommit(self.at(first), count * self.page) }
    }

    pub(super) fn protect(
        &self,
        first: usize,
        count: usize,
        protection: Protection,
    ) -> Result<(), &'static str> {
        let size = count * self.page;
        // SAFETY: the range is ours, and committed; checks hold no reference into it.
        unsafe { self.platform.protect(self.at(first), size, protection) }
            .map_err(|_| "protect failed")
    }

    /// Publishes `size` bytes at `offset`, both in bytes.
    pub(super) fn publish(&self, offset: usize, size: usize) {
        // SAFETY: the range is ours, and committed and readable.
        unsafe {
            self.platform.publish(self.base.wrapping_add(offset), size);
        }
    }

    /// The byte at `offset` bytes.
    pub(super) fn read(&self, offset: usize) -> u8 {
        assert!(offset < self.count * self.page);
        // SAFETY: in the range, which checks read only where it is readable.
        unsafe { self.base.wrapping_add(offset).read_volatile() }
    }

    /// Writes the byte at `offset` bytes.
    pub(super) fn write(&self, offset: usize, value: u8) {
        assert!(offset < self.count * self.page);
        // SAFETY: in the range, which checks write only where it is writable.
        unsafe { self.base.wrapping_add(offset).write_volatile(value) }
    }

    /// Whether pages hold nothing but `value`.
    pub(super) fn all(&self, first: usize, count: usize, value: u8) -> bool {
        (first * self.page..(first + count) * self.page).all(|at| self.read(at) == value)
    }

    /// Fills pages with `value`.
    pub(super) fn fill(&self, first: usize, count: usize, value: u8) {
        (first * self.page..(first + count) * self.page).for_each(|at| self.write(at, value));
    }
}

impl Drop for Pages<'_> {
    fn drop(&mut self) {
        // SAFETY: the reservation is whole and ours alone, and ends here.
        unsafe { self.platform.release(self.base, self.count * self.page) }
    }
}
