//! A platform for tests: it rejects calls in a wrong order, counts what is not given back, and fails
//! on request.
//!
//! [`Fake::new`] has the heap as its machine: committed pages are real memory, but nothing is enforced
//! and nothing written there can be executed. [`Fake::over`] keeps the same books in front of a real
//! platform. Either way it claims to have no guard pages, so the core compiles explicit checks.
//!
//! Broken rules are bugs of the caller, so they panic, with a message that names the rule. What
//! hardware does not enforce underneath is found out late but surely: a page that was written while
//! it was reserved or not writable is noticed when its state next changes.

mod heap;
mod page;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::atomic::AtomicU32;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use std::vec::Vec;

use crate::{
    Capabilities, Error, Image, Operation, Platform, Protection, Result, SavedRegisters, Thread,
    TrapHook,
};
use heap::Heap;
use page::Page;

/// A platform that checks its caller. See the [module](self).
pub struct Fake {
    machine: &'static dyn Platform,
    /// The machine enforces protections, and does not let us look where the caller must not.
    enforced: bool,
    page_size: usize,
    books: Mutex<Books>,
}

/// What was asked for so far.
#[derive(Default)]
struct Books {
    /// Live reservations by address.
    reservations: BTreeMap<usize, Reservation>,
    /// Live images by handle, with their length.
    images: BTreeMap<usize, usize>,
    /// Operations to fail, each with the number of calls until then.
    failures: Vec<(Operation, usize)>,
    /// How many pages may be committed, where that is limited.
    most_pages: Option<usize>,
}

struct Reservation {
    size: usize,
    /// The committed pages by address.
    pages: BTreeMap<usize, Page>,
}

/// The error code of a failure that [`Fake::fail`] asked for.
pub const FAILURE: i32 = -1;

impl Fake {
    /// A fake machine with memory from the heap, which executes nothing.
    #[must_use]
    pub fn new() -> Self {
        static HEAP: Heap = Heap::new();
        Self::over(&HEAP)
    }

    /// The same books in front of `machine`, which does the work.
    #[must_use]
    pub fn over(machine: &'static dyn Platform) -> Self {
        let Capabilities {
            page_size,
            guard_pages,
            ..
        } = machine.capabilities();
        Self {
            machine,
            enforced: guard_pages,
            page_size,
            books: Mutex::default(),
        }
    }

    /// Makes the `nth` call of `operation` from now on fail, with the code [`FAILURE`]; 1 is the
    /// next. Several may be pending.
    ///
    /// # Panics
    /// If `nth` is 0.
    pub fn fail(&self, operation: Operation, nth: usize) {
        assert!(nth > 0, "calls are counted from 1");
        self.books().failures.push((operation, nth));
    }

    /// Makes the machine one of `most` pages: from now on it fails, with the code [`FAILURE`], to commit more.
    pub fn limit_committed_pages(&self, most: usize) {
        self.books().most_pages = Some(most);
    }

    /// The number of reservations not released.
    #[must_use]
    pub fn live_reservations(&self) -> usize {
        self.books().reservations.len()
    }

    /// The number of committed pages in all reservations.
    #[must_use]
    pub fn committed_pages(&self) -> usize {
        self.books().committed_pages()
    }

    /// The number of images not dropped.
    #[must_use]
    pub fn live_images(&self) -> usize {
        self.books().images.len()
    }

    /// The books. They hold after a panic too: every change to them is made whole.
    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The addresses of the pages that `[base, base + size)` touches.
    fn touched(&self, base: usize, size: usize) -> impl Iterator<Item = usize> + use<> {
        (base & !(self.page_size - 1)..base + size).step_by(self.page_size)
    }

    /// The pages of a range that must be whole pages.
    fn whole(&self, base: usize, size: usize) -> impl Iterator<Item = usize> + use<> {
        assert!(size > 0, "sizes are never zero");
        assert!(
            (base | size).is_multiple_of(self.page_size),
            "addresses and sizes are multiples of the page size: {base:#x}, {size:#x}"
        );
        self.touched(base, size)
    }
}

impl Default for Fake {
    fn default() -> Self {
        Self::new()
    }
}

impl Books {
    /// Whether a failure is due for this call of `operation`.
    fn due(&mut self, operation: Operation) -> Result<()> {
        let mut due = false;
        self.failures.retain_mut(|(pending, calls)| {
            if *pending != operation {
                return true;
            }
            *calls -= 1;
            due |= *calls == 0;
            *calls > 0
        });
        match due {
            true => Err(Error::new(operation, FAILURE)),
            false => Ok(()),
        }
    }

    fn committed_pages(&self) -> usize {
        self.reservations.values().map(|r| r.pages.len()).sum()
    }

    /// The pages of the one reservation that `[base, base + size)` lies in.
    fn pages(&mut self, base: usize, size: usize) -> &mut BTreeMap<usize, Page> {
        let (&start, reservation) = self
            .reservations
            .range_mut(..=base)
            .next_back()
            .unwrap_or_else(|| panic!("a range lies in a live reservation: {base:#x}"));
        assert!(
            base - start < reservation.size && size <= reservation.size - (base - start),
            "a range lies in one live reservation: {size:#x} bytes at {base:#x}"
        );
        &mut reservation.pages
    }
}

/// The state of a page that the rules want to be committed.
fn committed(pages: &mut BTreeMap<usize, Page>, address: usize) -> &mut Page {
    let page = pages.get_mut(&address);
    page.unwrap_or_else(|| panic!("only committed pages are used: {address:#x} is reserved"))
}

// SAFETY: what the trait promises is promised by the machine that does the work. The heap, which
// enforces nothing, promises no guard pages, and nor does the fake over any machine.
unsafe impl Platform for Fake {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            guard_pages: false,
            ..self.machine.capabilities()
        }
    }

    fn cpu_feature(&self, name: &str) -> bool {
        self.machine.cpu_feature(name)
    }

    fn reserve(&self, size: usize, align: usize) -> Result<*mut u8> {
        let _ = self.whole(0, size);
        assert!(
            align.is_power_of_two() && align >= self.page_size,
            "alignment is a power of two and at least a page: {align:#x}"
        );
        let mut books = self.books();
        books.due(Operation::Reserve)?;
        let base = self.machine.reserve(size, align)?;
        let reservation = Reservation {
            size,
            pages: BTreeMap::new(),
        };
        books.reservations.insert(base.addr(), reservation);
        Ok(base)
    }

    unsafe fn release(&self, base: *mut u8, size: usize) {
        let mut books = self.books();
        let address = base.addr();
        let whole = books.reservations.get(&address).map(|r| r.size);
        assert!(
            whole == Some(size),
            "a whole live reservation is released: {size:#x} bytes at {address:#x}"
        );
        if let Some(reservation) = books.reservations.remove(&address) {
            for (address, page) in reservation.pages {
                self.check_unchanged(&page, base.with_addr(address));
            }
        }
        // SAFETY: the caller's contract; the books confirm the range.
        unsafe { self.machine.release(base, size) }
    }

    unsafe fn commit(&self, base: *mut u8, size: usize) -> Result<()> {
        let mut books = self.books();
        let pages = books.pages(base.addr(), size);
        for address in self.whole(base.addr(), size) {
            assert!(
                !pages.contains_key(&address),
                "only reserved pages are committed: {address:#x} is committed"
            );
            if !self.enforced {
                // SAFETY: the page is reserved, and the heap backs that too.
                let intact = unsafe { page::is_blank(base.with_addr(address), self.page_size) };
                assert!(intact, "{address:#x} was written while it was reserved");
            }
        }
        books.due(Operation::Commit)?;
        let pages = books.committed_pages() + size / self.page_size;
        if books.most_pages.is_some_and(|most| pages > most) {
            return Err(Error::new(Operation::Commit, FAILURE));
        }
        // SAFETY: the caller's contract; the books confirm the states.
        unsafe { self.machine.commit(base, size) }?;
        let pages = books.pages(base.addr(), size);
        pages.extend(self.whole(base.addr(), size).map(|at| (at, Page::new())));
        Ok(())
    }

    unsafe fn populate(&self, base: *mut u8, size: usize) {
        let mut books = self.books();
        let pages = books.pages(base.addr(), size);
        for address in self.whole(base.addr(), size) {
            let page = committed(pages, address);
            assert!(
                page.protection == Protection::ReadWrite,
                "only writable pages are populated: {address:#x} is not writable"
            );
        }
        // SAFETY: the caller's contract; the books confirm the states.
        unsafe { self.machine.populate(base, size) };
    }

    unsafe fn decommit(&self, base: *mut u8, size: usize) {
        let mut books = self.books();
        let pages = books.pages(base.addr(), size);
        let given_back: Vec<_> = self
            .whole(base.addr(), size)
            .filter(|address| pages.contains_key(address))
            .collect();
        for &address in &given_back {
            self.check_unchanged(&pages[&address], base.with_addr(address));
        }
        for address in &given_back {
            pages.remove(address);
        }
        // SAFETY: the caller's contract; the books confirm the range.
        unsafe { self.machine.decommit(base, size) };
        if !self.enforced {
            for address in given_back {
                // SAFETY: the heap backs reserved pages too, and the caller is done with them.
                unsafe { page::blank(base.with_addr(address), self.page_size) }
            }
        }
    }

    unsafe fn protect(&self, base: *mut u8, size: usize, protection: Protection) -> Result<()> {
        let mut books = self.books();
        let pages = books.pages(base.addr(), size);
        for address in self.whole(base.addr(), size) {
            let page = committed(pages, address);
            self.check_unchanged(page, base.with_addr(address));
            assert!(
                protection != Protection::ReadExecute || page.published.is_some(),
                "pages are published before they turn executable: {address:#x} is not"
            );
        }
        books.due(Operation::Protect)?;
        // SAFETY: the caller's contract; the books confirm the states.
        unsafe { self.machine.protect(base, size, protection) }?;
        let pages = books.pages(base.addr(), size);
        for address in self.whole(base.addr(), size) {
            let page = committed(pages, address);
            page.protection = protection;
            page.frozen = None;
            let digest = || {
                // SAFETY: the page is committed, and readable where that matters.
                unsafe { page::digest(base.with_addr(address), self.page_size) }
            };
            match protection {
                Protection::ReadWrite => page.published = None,
                Protection::ReadExecute => assert!(
                    page.published == Some(digest()),
                    "nothing is written between publish and execution: {address:#x} was"
                ),
                Protection::None | Protection::Read => {}
            }
            if !self.enforced && protection != Protection::ReadWrite {
                page.frozen = Some(digest());
            }
        }
        Ok(())
    }

    unsafe fn publish(&self, base: *const u8, size: usize) {
        assert!(size > 0, "sizes are never zero");
        let mut books = self.books();
        let pages = books.pages(base.addr(), size);
        for address in self.touched(base.addr(), size) {
            let page = committed(pages, address);
            assert!(
                page.protection != Protection::None,
                "what is published is readable: {address:#x} is not"
            );
            // SAFETY: the page is committed and readable.
            let digest = unsafe { page::digest(base.with_addr(address), self.page_size) };
            page.published = Some(digest);
        }
        // SAFETY: the caller's contract; the books confirm the states.
        unsafe { self.machine.publish(base, size) }
    }

    fn create_image(&self, bytes: &[u8], go_on: &mut dyn FnMut() -> bool) -> Option<Image> {
        let image = self.machine.create_image(bytes, go_on)?;
        self.books().images.insert(image.handle, image.len);
        Some(image)
    }

    unsafe fn map_image(&self, image: &Image, base: *mut u8) -> Result<()> {
        let mut books = self.books();
        books.check_image(image);
        let size = image.len.next_multiple_of(self.page_size);
        let pages = books.pages(base.addr(), size);
        for address in self.whole(base.addr(), size) {
            if let Some(page) = pages.get(&address) {
                self.check_unchanged(page, base.with_addr(address));
            }
        }
        books.due(Operation::MapImage)?;
        // SAFETY: the caller's contract; the books confirm the image and the range.
        unsafe { self.machine.map_image(image, base) }?;
        let pages = books.pages(base.addr(), size);
        pages.extend(self.whole(base.addr(), size).map(|at| (at, Page::new())));
        Ok(())
    }

    unsafe fn drop_image(&self, image: Image) {
        let mut books = self.books();
        books.check_image(&image);
        books.images.remove(&image.handle);
        // SAFETY: the caller's contract; the books confirm the image.
        unsafe { self.machine.drop_image(image) }
    }

    unsafe fn set_trap_hook(&self, hook: TrapHook) -> Result<()> {
        self.books().due(Operation::SetTrapHook)?;
        // SAFETY: the caller's contract is the same.
        unsafe { self.machine.set_trap_hook(hook) }
    }

    fn thread_init(&self) -> Option<fn() -> Result<()>> {
        self.machine.thread_init()
    }

    fn park(&self, word: &AtomicU32, expected: u32, timeout: Option<Duration>) {
        self.check_parks();
        self.machine.park(word, expected, timeout);
    }

    fn unpark(&self, word: &AtomicU32) {
        self.check_parks();
        self.machine.unpark(word);
    }

    fn now(&self) -> Duration {
        self.machine.now()
    }

    fn current_thread(&self) -> Thread {
        self.check_interrupts();
        self.machine.current_thread()
    }

    fn interrupt(&self, thread: Thread) {
        self.check_interrupts();
        self.machine.interrupt(thread);
    }

    unsafe fn continue_interrupted(
        &self,
        registers: &SavedRegisters,
        begin: unsafe fn(*mut ()),
        data: *mut (),
    ) -> ! {
        assert!(
            self.machine.capabilities().continues,
            "nobody goes on with what was interrupted where the platform can't"
        );
        // SAFETY: the caller's contract is the same.
        unsafe { self.machine.continue_interrupted(registers, begin, data) }
    }

    fn set_timer(&self, after: Option<Duration>) -> Result<()> {
        self.check_interrupts();
        self.machine.set_timer(after)
    }

    fn set_alarm(&self, at: Duration, ring: fn()) -> Result<()> {
        assert!(
            self.capabilities().alarm,
            "nobody sets an alarm where capabilities do not say so"
        );
        self.machine.set_alarm(at, ring)
    }
}

impl Fake {
    fn check_parks(&self) {
        assert!(
            self.capabilities().park,
            "nobody parks where capabilities do not say so"
        );
    }

    fn check_interrupts(&self) {
        assert!(
            self.capabilities().interrupts,
            "nobody is interrupted where capabilities do not say so"
        );
    }

    /// A page that can't be written has the contents that it had when it lost the right.
    fn check_unchanged(&self, page: &Page, address: *const u8) {
        if let Some(frozen) = page.frozen {
            // SAFETY: pages are frozen only on machines that leave every page readable.
            let now = unsafe { page::digest(address, self.page_size) };
            assert!(
                now == frozen,
                "{address:p} was written while its protection was {:?}",
                page.protection
            );
        }
    }
}

impl Books {
    /// The image is one that is live.
    fn check_image(&self, image: &Image) {
        assert!(
            self.images.get(&image.handle) == Some(&image.len),
            "images are used while they live: {image:?}"
        );
    }
}
