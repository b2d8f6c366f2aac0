//! Page tables of a 48-bit address space: the VMSAv8-64 format, 4 KiB granule, four levels.
//!
//! Table and page frames are mapped at their physical addresses, so a physical address is a pointer.
//! A table that becomes empty is freed at once: its parent's descriptor counts the entries in use,
//! in bits that the hardware ignores (Arm ARM DDI 0487, D8.3.1, table descriptors, bits 11:2).
//!
//! The crate for this, `aarch64-paging`, cannot tell that frames for tables have run out, and finds
//! empty tables by a walk over all of them.
//!
//! ```
//! use core::ops::Range;
//! use std::alloc::{Layout, alloc};
//! use wasmetal_platform_bare::frame::{FRAME_SIZE, Frames};
//! use wasmetal_platform_bare::table::{AddressSpace, Attributes, Tlb};
//!
//! /// A kernel has barriers and `tlbi` here.
//! struct NoProcessor;
//!
//! impl Tlb for NoProcessor {
//!     fn added(&self) {}
//!     fn removed(&self, _pages: Range<usize>) {}
//! }
//!
//! let layout = Layout::from_size_align(64 * FRAME_SIZE, FRAME_SIZE).unwrap();
//! // SAFETY: the layout is not empty.
//! let ram = unsafe { alloc(layout) } as usize;
//! let mut frames = Frames::new();
//! // SAFETY: the range is memory that nobody else uses.
//! unsafe { frames.add(ram..ram + layout.size()) };
//!
//! let mut space = AddressSpace::new(&mut frames, NoProcessor).unwrap();
//! let page = 0xffff_0000_0000_0000..0xffff_0000_0000_1000;
//! assert_eq!(space.lookup(page.start), None);
//! space.commit(&mut frames, page.clone()).unwrap();
//! space.protect(page.clone(), Attributes::READ_WRITE);
//! let (_descriptor, level) = space.lookup(page.start).unwrap();
//! assert_eq!(level, 3);
//! // For the register TTBR1_EL1.
//! assert_eq!(space.root() % FRAME_SIZE, 0);
//! ```

use crate::frame::{FRAME_SIZE, Frames};
use core::ops::Range;
use core::sync::atomic::{Ordering, fence};

/// Entries of a table.
const ENTRIES: usize = 512;

/// The level whose entries are pages.
const LAST_LEVEL: usize = 3;

const VALID: u64 = 1 << 0;
/// A table (levels 0 to 2) or a page (level 3).
const TABLE_OR_PAGE: u64 = 1 << 1;
const ADDRESS: u64 = 0x0000_ffff_ffff_f000;

/// One more entry in use in the table that a descriptor points to.
const COUNT_ONE: u64 = 1 << 2;
const COUNT: u64 = 0x3ff << 2;

/// The frame of a page belongs to somebody else. The hardware ignores the bit (Arm ARM DDI 0487, D8.3.2, bits
/// 58:55 are for software).
const ALIAS: u64 = 1 << 55;

/// What may be done with a page, as descriptor bits: a set of the constants below.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attributes(u64);

impl Attributes {
    /// Normal memory, inner and outer write-back (`MAIR_EL1` attribute 1), inner shareable, accessed.
    const NORMAL: u64 = 1 << 2 | 3 << 8 | 1 << 10;
    const READ_ONLY: u64 = 1 << 7;
    const GUARDED: u64 = 1 << 50;
    const PRIVILEGED_NO_EXECUTE: u64 = 1 << 53;
    const UNPRIVILEGED_NO_EXECUTE: u64 = 1 << 54;
    const NO_EXECUTE: u64 = Self::PRIVILEGED_NO_EXECUTE | Self::UNPRIVILEGED_NO_EXECUTE;

    /// Keeps the frame, forbids any access.
    pub const NONE: Self = Self(0);
    /// Loads.
    pub const READ: Self = Self(VALID | Self::NORMAL | Self::NO_EXECUTE | Self::READ_ONLY);
    /// Loads and stores.
    pub const READ_WRITE: Self = Self(VALID | Self::NORMAL | Self::NO_EXECUTE);
    /// Loads and instruction fetch at EL1.
    pub const READ_EXECUTE: Self =
        Self(VALID | Self::NORMAL | Self::UNPRIVILEGED_NO_EXECUTE | Self::READ_ONLY);
    /// Loads and stores to device registers (`MAIR_EL1` attribute 0).
    pub const DEVICE: Self = Self(VALID | 1 << 10 | Self::NO_EXECUTE);

    /// Indirect branches into the page must meet a landing pad (FEAT_BTI).
    #[must_use]
    pub const fn guarded(self) -> Self {
        Self(self.0 | Self::GUARDED)
    }

    /// The descriptor of a page at `frame`. Never 0, which is the descriptor of no page at all.
    const fn page(self, frame: usize) -> u64 {
        frame as u64 | TABLE_OR_PAGE | self.0
    }

    /// The descriptor of a 2 MiB block at `frame`, for level 2.
    const fn block(self, frame: usize) -> u64 {
        frame as u64 | self.0
    }
}

/// The translation caches that must be told of changes.
pub trait Tlb {
    /// Called after descriptors that were 0 or invalid have become valid: makes them visible to
    /// table walks. Nothing is cached of an invalid descriptor.
    fn added(&self);

    /// Called after descriptors for pages of `range` have been removed or changed, or tables
    /// unlinked: on return no core uses the old ones.
    fn removed(&self, range: Range<usize>);
}

/// Frames ran out; nothing has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfFrames;

/// An address space, and the tables that make it.
///
/// Bits 63:48 of a virtual address are ignored; the last 512 GiB are not used. Ranges are in whole
/// pages and not empty.
#[derive(Debug)]
pub struct AddressSpace<T> {
    root: usize,
    tlb: T,
}

/// The part of `range` that entry `index` of a table covers, given what the table covers.
fn part(table_base: usize, level: usize, index: usize, range: &Range<usize>) -> Range<usize> {
    let size = entry_size(level);
    let base = table_base + index * size;
    base.max(range.start)..(base + size).min(range.end)
}

/// Bytes that an entry of a table at `level` covers.
const fn entry_size(level: usize) -> usize {
    FRAME_SIZE << (9 * (LAST_LEVEL - level))
}

/// The entries of a table at `level` that cover `range`, which lies within the table's own range.
fn indices(level: usize, range: &Range<usize>) -> Range<usize> {
    let size = entry_size(level);
    let first = range.start / size % ENTRIES;
    first..first + (range.end - 1) / size - range.start / size + 1
}

/// The start of what a table at `level` covers, from an address in it.
const fn table_base(level: usize, address: usize) -> usize {
    let size = entry_size(level) * ENTRIES;
    address / size * size
}

/// How many entries of the table behind a descriptor are in use.
const fn count(descriptor: u64) -> usize {
    ((descriptor & COUNT) / COUNT_ONE) as usize
}

const fn address(descriptor: u64) -> usize {
    (descriptor & ADDRESS) as usize
}

/// An upper bound of the tables that mapping `range` may need.
fn tables_for(range: &Range<usize>) -> usize {
    (0..LAST_LEVEL)
        .map(|level| (range.end - 1) / entry_size(level) - range.start / entry_size(level) + 1)
        .sum()
}

/// Takes a frame and zeroes it: no entry in use, or a page of zeroes.
fn zeroed(frames: &mut Frames) -> Option<usize> {
    let frame = frames.alloc()?;
    // SAFETY: the frame is ours, mapped and FRAME_SIZE bytes long (contract of `Frames::add`).
    unsafe { core::ptr::write_bytes(frame as *mut u8, 0, FRAME_SIZE) };
    Some(frame)
}

/// A table, by its address.
///
/// Invariant: `0` is the address of a live table of ENTRIES descriptors, which is reached through
/// one path only, by the owner of the address space, exclusively. The hardware reads it meanwhile,
/// so descriptors are accessed as volatile words.
#[derive(Clone, Copy)]
struct Table(usize);

impl Table {
    fn get(self, index: usize) -> u64 {
        debug_assert!(index < ENTRIES);
        // SAFETY: by the invariant of `Table`, and the index is in bounds.
        unsafe { (self.0 as *const u64).add(index).read_volatile() }
    }

    fn set(self, index: usize, descriptor: u64) {
        debug_assert!(index < ENTRIES);
        // SAFETY: by the invariant of `Table`, and the index is in bounds.
        unsafe { (self.0 as *mut u64).add(index).write_volatile(descriptor) }
    }
}

impl<T: Tlb> AddressSpace<T> {
    /// An empty address space; `None` if there is no frame for its root table.
    pub fn new(frames: &mut Frames, tlb: T) -> Option<Self> {
        Some(Self {
            root: zeroed(frames)?,
            tlb,
        })
    }

    /// The root table's physical address (`TTBRn_EL1`).
    #[must_use]
    pub const fn root(&self) -> usize {
        self.root
    }

    /// Backs every page of `range` with a frame of zeroes, readable and writable.
    ///
    /// # Errors
    /// There may be too few frames for the pages and the tables; nothing has changed.
    ///
    /// # Panics
    /// In debug builds, a page of the range is in use.
    pub fn commit(&mut self, frames: &mut Frames, range: Range<usize>) -> Result<(), OutOfFrames> {
        if range.len() / FRAME_SIZE + tables_for(&range) > frames.free() {
            return Err(OutOfFrames);
        }
        fill(frames, Table(self.root), 0, &range);
        self.tlb.added();
        Ok(())
    }

    /// Frees the frames of `range`, and the tables that this leaves empty. Pages that are not
    /// backed stay so.
    ///
    /// # Safety
    /// Nothing uses the contents of the range any more.
    pub unsafe fn decommit(&mut self, frames: &mut Frames, range: Range<usize>) {
        let free = frames.free();
        // SAFETY: passed on to our caller. Frames go back before the TLB is told; nobody takes one
        // meanwhile, because `frames` is borrowed exclusively, and the link that a freed frame
        // holds is page-aligned, so that a walk that still sees a freed table finds it empty.
        unsafe { clear(frames, Table(self.root), 0, &range, usize::MAX) };
        if frames.free() != free {
            self.tlb.removed(range);
        }
    }

    /// Backs every page of `range` with the frames from `physical` on, which stay somebody else's.
    ///
    /// # Errors
    /// There may be too few frames for the tables; nothing has changed.
    ///
    /// # Panics
    /// In debug builds, a page of the range is in use.
    pub fn alias(
        &mut self,
        frames: &mut Frames,
        range: Range<usize>,
        physical: usize,
        attributes: Attributes,
    ) -> Result<(), OutOfFrames> {
        if tables_for(&range) > frames.free() {
            return Err(OutOfFrames);
        }
        let offset = physical.wrapping_sub(range.start);
        alias(frames, Table(self.root), 0, &range, offset, attributes);
        self.tlb.added();
        Ok(())
    }

    /// Ends an alias: its pages are not backed any more.
    ///
    /// # Safety
    /// Nothing uses the range any more.
    pub unsafe fn end_alias(&mut self, frames: &mut Frames, range: Range<usize>) {
        // SAFETY: as in `decommit`.
        unsafe { clear(frames, Table(self.root), 0, &range, usize::MAX) };
        self.tlb.removed(range);
    }

    /// Sets the attributes of every backed page of `range`.
    pub fn protect(&mut self, range: Range<usize>, attributes: Attributes) {
        // Only permissions change, or the descriptor is invalid before or after: neither needs
        // break-before-make (Arm ARM DDI 0487, D8.16.1, "Using break-before-make").
        update(Table(self.root), 0, &range, attributes);
        self.tlb.removed(range);
    }

    /// Maps `range` to itself for good, in 2 MiB blocks where it can: for set-up.
    ///
    /// # Errors
    /// Frames for tables ran out.
    ///
    /// # Panics
    /// In debug builds, a page of the range is in use.
    pub fn map_identity(
        &mut self,
        frames: &mut Frames,
        range: Range<usize>,
        attributes: Attributes,
    ) -> Result<(), OutOfFrames> {
        if tables_for(&range) > frames.free() {
            return Err(OutOfFrames);
        }
        identity(frames, Table(self.root), 0, &range, attributes);
        self.tlb.added();
        Ok(())
    }

    /// The descriptor that translates `address`, if it is valid, and the level it is found at.
    #[must_use]
    pub fn lookup(&self, address: usize) -> Option<(u64, usize)> {
        let mut table = Table(self.root);
        for level in 0..=LAST_LEVEL {
            let descriptor = table.get(address / entry_size(level) % ENTRIES);
            if descriptor & VALID == 0 {
                return None;
            }
            if level == LAST_LEVEL || descriptor & TABLE_OR_PAGE == 0 {
                return Some((descriptor, level));
            }
            table = Table(self::address(descriptor));
        }
        None
    }
}

/// The table behind entry `index`, made if there is none, and its descriptor.
fn child(frames: &mut Frames, table: Table, index: usize) -> (u64, bool) {
    match table.get(index) {
        0 => {
            let frame = zeroed(frames).expect("frames for tables were counted beforehand");
            (frame as u64 | VALID | TABLE_OR_PAGE, true)
        }
        descriptor => (descriptor, false),
    }
}

/// Backs `range`; returns how many more entries of `table` are in use.
fn fill(frames: &mut Frames, table: Table, level: usize, range: &Range<usize>) -> usize {
    let mut added = 0;
    for index in indices(level, range) {
        if level == LAST_LEVEL {
            debug_assert_eq!(table.get(index), 0, "a page is committed twice");
            let frame = zeroed(frames).expect("frames for pages were counted beforehand");
            table.set(index, Attributes::READ_WRITE.page(frame));
            added += 1;
        } else {
            let (descriptor, new) = child(frames, table, index);
            let part = part(table_base(level, range.start), level, index, range);
            let below = fill(frames, Table(address(descriptor)), level + 1, &part);
            // A table walk that sees the link sees the table's contents.
            fence(Ordering::Release);
            table.set(index, descriptor + below as u64 * COUNT_ONE);
            added += usize::from(new);
        }
    }
    added
}

/// Backs `range` with the frames at `offset` from it; returns how many more entries of `table` are in use.
fn alias(
    frames: &mut Frames,
    table: Table,
    level: usize,
    range: &Range<usize>,
    offset: usize,
    attributes: Attributes,
) -> usize {
    let mut added = 0;
    for index in indices(level, range) {
        let part = part(table_base(level, range.start), level, index, range);
        if level == LAST_LEVEL {
            debug_assert_eq!(table.get(index), 0, "a page is mapped twice");
            let frame = part.start.wrapping_add(offset);
            table.set(index, attributes.page(frame) | ALIAS);
            added += 1;
        } else {
            let (descriptor, new) = child(frames, table, index);
            let table_below = Table(address(descriptor));
            let below = alias(frames, table_below, level + 1, &part, offset, attributes);
            fence(Ordering::Release);
            table.set(index, descriptor + below as u64 * COUNT_ONE);
            added += usize::from(new);
        }
    }
    added
}

/// Clears `range` in a table with `used` entries in use; returns how many fewer are in use then.
///
/// # Safety
/// As for [`AddressSpace::decommit`].
unsafe fn clear(
    frames: &mut Frames,
    table: Table,
    level: usize,
    range: &Range<usize>,
    used: usize,
) -> usize {
    let mut removed = 0;
    for index in indices(level, range) {
        if removed == used {
            break;
        }
        let descriptor = table.get(index);
        if descriptor == 0 {
            continue;
        }
        if level < LAST_LEVEL {
            let part = part(table_base(level, range.start), level, index, range);
            let count = count(descriptor);
            // SAFETY: passed on to our caller.
            let below =
                unsafe { clear(frames, Table(address(descriptor)), level + 1, &part, count) };
            if below < count {
                table.set(index, descriptor - below as u64 * COUNT_ONE);
                continue;
            }
        }
        table.set(index, 0);
        if level < LAST_LEVEL || descriptor & ALIAS == 0 {
            // SAFETY: what is freed is a page that nothing uses (our caller's promise) or a table with
            // no entry in use, which nothing points to now. Both came from `frames`.
            unsafe { frames.dealloc(address(descriptor)) };
        }
        removed += 1;
    }
    removed
}

/// Sets the attributes of the backed pages of `range`.
fn update(table: Table, level: usize, range: &Range<usize>, attributes: Attributes) {
    for index in indices(level, range) {
        let descriptor = table.get(index);
        if descriptor == 0 {
            continue;
        }
        if level == LAST_LEVEL {
            let alias = descriptor & ALIAS;
            table.set(index, attributes.page(address(descriptor)) | alias);
        } else {
            let part = part(table_base(level, range.start), level, index, range);
            update(Table(address(descriptor)), level + 1, &part, attributes);
        }
    }
}

/// Maps `range` to itself.
fn identity(
    frames: &mut Frames,
    table: Table,
    level: usize,
    range: &Range<usize>,
    attributes: Attributes,
) {
    for index in indices(level, range) {
        let part = part(table_base(level, range.start), level, index, range);
        if level == LAST_LEVEL {
            table.set(index, attributes.page(part.start));
        } else if level == LAST_LEVEL - 1 && part.len() == entry_size(level) {
            debug_assert_eq!(table.get(index), 0, "a block is mapped twice");
            table.set(index, attributes.block(part.start));
        } else {
            let (descriptor, _) = child(frames, table, index);
            fence(Ordering::Release);
            table.set(index, descriptor);
            identity(
                frames,
                Table(address(descriptor)),
                level + 1,
                &part,
                attributes,
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::tests::frames;
    use std::cell::RefCell;
    use std::collections::BTreeSet;
    use std::rc::Rc;
    use std::vec;
    use std::vec::Vec;

    /// What a TLB was told.
    #[derive(Clone, Default)]
    struct Told(Rc<RefCell<Vec<Range<usize>>>>);

    impl Tlb for Told {
        fn added(&self) {}
        fn removed(&self, range: Range<usize>) {
            self.0.borrow_mut().push(range);
        }
    }

    const BASE: usize = 0xffff_0000_0000_0000;
    const PAGE: usize = FRAME_SIZE;
    const MIB: usize = 1 << 20;
    const GIB: usize = 1 << 30;

    fn space(frames: &mut Frames) -> (AddressSpace<Told>, Told) {
        let told = Told::default();
        (AddressSpace::new(frames, told.clone()).unwrap(), told)
    }

    fn pages(start: usize, count: usize) -> Range<usize> {
        start..start + count * PAGE
    }

    fn decommit(space: &mut AddressSpace<Told>, frames: &mut Frames, range: Range<usize>) {
        // SAFETY: tests keep no reference to what is mapped.
        unsafe { space.decommit(frames, range) };
    }

    #[test]
    fn pages_are_zeroed_and_given_back_with_their_tables() {
        let mut frames = frames(4000);
        let (mut space, _) = space(&mut frames);
        let free = frames.free();
        // (range, tables it takes when nothing else is mapped)
        let cases = [
            (pages(BASE, 1), 3),
            (pages(BASE + 7 * PAGE, 16), 3),
            (pages(BASE + 2 * MIB - PAGE, 2), 4),
            (pages(BASE + GIB - PAGE, 2), 5),
            (pages(BASE + 512 * GIB - PAGE, 2), 6),
            (pages(BASE + 4 * MIB + PAGE, 1024), 5),
        ];
        for (range, tables) in cases {
            space.commit(&mut frames, range.clone()).unwrap();
            assert_eq!(
                free - frames.free(),
                range.len() / PAGE + tables,
                "{range:x?}"
            );
            for page in range.clone().step_by(PAGE) {
                let (descriptor, level) = space.lookup(page).unwrap();
                assert_eq!(level, LAST_LEVEL);
                let frame = address(descriptor) as *mut [u64; PAGE / 8];
                // SAFETY: the frame is the page's alone. It is dirtied for the next round.
                unsafe {
                    assert_eq!(*frame, [0; PAGE / 8]);
                    *frame = [!0; PAGE / 8];
                }
            }
            assert!(space.lookup(range.start - PAGE).is_none());
            assert!(space.lookup(range.end).is_none());
            decommit(&mut space, &mut frames, range.start..range.end + 3 * GIB);
            assert!(range.step_by(PAGE).all(|page| space.lookup(page).is_none()));
            assert_eq!(frames.free(), free);
        }
    }

    #[test]
    fn neighbours_in_the_same_tables_are_left_alone() {
        let mut frames = frames(100);
        let (mut space, _) = space(&mut frames);
        let (one, two) = (pages(BASE, 3), pages(BASE + 3 * PAGE, 3));
        space.commit(&mut frames, one.clone()).unwrap();
        space.commit(&mut frames, two.clone()).unwrap();
        let before = space.lookup(two.start).unwrap();
        decommit(&mut space, &mut frames, one.clone());
        decommit(&mut space, &mut frames, one.clone());
        assert!(one.step_by(PAGE).all(|page| space.lookup(page).is_none()));
        assert!(
            two.clone()
                .step_by(PAGE)
                .all(|page| space.lookup(page).is_some())
        );
        assert_eq!(space.lookup(two.start).unwrap(), before);
    }

    #[test]
    fn descriptors_say_what_is_asked() {
        // Bits 54, 53 and 7: unprivileged and privileged execution forbidden, stores forbidden.
        let check = |attributes: Attributes, no_execute: [bool; 2], read_only: bool| {
            let descriptor = attributes.page(0x1234_5000);
            assert_eq!(descriptor & 0xffff_ffff_f000, 0x1234_5000);
            assert_eq!(descriptor & 3, 3, "a valid page");
            assert_eq!(descriptor >> 54 & 1 == 1, no_execute[0]);
            assert_eq!(descriptor >> 53 & 1 == 1, no_execute[1]);
            assert_eq!(descriptor >> 7 & 1 == 1, read_only);
            assert_eq!(descriptor >> 6 & 1, 0, "nothing is for EL0");
            assert_eq!(descriptor >> 10 & 1, 1, "no access flag faults");
            assert_eq!(attributes.block(0x1234_5000) & 3, 1, "a valid block");
        };
        check(Attributes::READ, [true, true], true);
        check(Attributes::READ_WRITE, [true, true], false);
        check(Attributes::DEVICE, [true, true], false);
        check(Attributes::READ_EXECUTE, [true, false], true);
        check(Attributes::READ_EXECUTE.guarded(), [true, false], true);
        assert_eq!(Attributes::READ_EXECUTE.guarded().page(0) >> 50 & 1, 1);
        assert_eq!(Attributes::NONE.page(0x1234_5000) & 1, 0, "an invalid page");
        assert_ne!(Attributes::NONE.page(0), 0, "but one that is committed");
    }

    #[test]
    fn protection_changes_and_keeps_the_frame() {
        let mut frames = frames(2000);
        let (mut space, told) = space(&mut frames);
        let range = pages(BASE + 2 * MIB - 5 * PAGE, 600);
        space.commit(&mut frames, range.clone()).unwrap();
        let free = frames.free();
        let frame = address(space.lookup(range.start).unwrap().0);
        for attributes in [
            Attributes::NONE,
            Attributes::READ,
            Attributes::READ_EXECUTE,
            Attributes::READ_WRITE,
        ] {
            // More than the range: what is not backed stays so.
            space.protect(range.start..range.end + GIB, attributes);
            assert_eq!(
                told.0.borrow_mut().pop(),
                Some(range.start..range.end + GIB)
            );
            for page in range.clone().step_by(PAGE) {
                let found = space.lookup(page).map(|(descriptor, _)| descriptor);
                match attributes {
                    Attributes::NONE => assert_eq!(found, None),
                    _ => assert_eq!(found, Some(attributes.page(address(found.unwrap())))),
                }
            }
            assert!(space.lookup(range.end).is_none());
        }
        assert_eq!(address(space.lookup(range.start).unwrap().0), frame);
        assert_eq!(frames.free(), free);
    }

    #[test]
    fn too_few_frames_change_nothing() {
        let mut frames = frames(40);
        let (mut space, _) = space(&mut frames);
        space.commit(&mut frames, pages(BASE, 4)).unwrap();
        let free = frames.free();
        for range in [pages(BASE + 8 * PAGE, free - 2), pages(BASE + GIB, 1 << 20)] {
            assert_eq!(space.commit(&mut frames, range.clone()), Err(OutOfFrames));
            assert_eq!(frames.free(), free);
            assert!(range.take(1).all(|page| space.lookup(page).is_none()));
        }
        space
            .commit(&mut frames, pages(BASE + 8 * PAGE, free - 3))
            .unwrap();
        assert_eq!(frames.free(), 3, "the tables were there");
    }

    #[test]
    fn the_tlb_is_told_of_what_goes() {
        let mut frames = frames(40);
        let (mut space, told) = space(&mut frames);
        let mut check = |has_neighbour: bool, told_of_it: bool| {
            let free = frames.free();
            let (range, neighbour) = (pages(BASE, 5), pages(BASE + 9 * PAGE, 1));
            if has_neighbour {
                space.commit(&mut frames, neighbour.clone()).unwrap();
            }
            if told_of_it {
                space.commit(&mut frames, pages(BASE + PAGE, 1)).unwrap();
            }
            assert_eq!(*told.0.borrow(), [], "nothing was cached");
            decommit(&mut space, &mut frames, range.clone());
            assert_eq!(told.0.take(), if told_of_it { vec![range] } else { vec![] });
            decommit(&mut space, &mut frames, neighbour.clone());
            assert_eq!(
                told.0.take(),
                if has_neighbour {
                    vec![neighbour]
                } else {
                    vec![]
                }
            );
            assert_eq!(frames.free(), free);
        };
        check(false, false);
        check(false, true);
        check(true, false);
        check(true, true);
    }

    #[test]
    fn identity_maps_use_blocks_where_they_fit() {
        let mut frames = frames(40);
        let (mut space, _) = space(&mut frames);
        let range = 0x4020_1000..0x4080_3000;
        space
            .map_identity(&mut frames, range.clone(), Attributes::READ_WRITE)
            .unwrap();
        space
            .map_identity(&mut frames, 0x900_0000..0x900_1000, Attributes::DEVICE)
            .unwrap();
        for page in range.clone().step_by(PAGE) {
            let (descriptor, level) = space.lookup(page).unwrap();
            let block = (0x4040_0000..0x4080_0000).contains(&page);
            assert_eq!(level, if block { 2 } else { 3 });
            assert_eq!(address(descriptor), page & !(entry_size(level) - 1));
        }
        assert!(space.lookup(range.start - 1).is_none() && space.lookup(range.end).is_none());
        assert_eq!(
            space.lookup(0x900_0000).unwrap().0,
            Attributes::DEVICE.page(0x900_0000)
        );
    }

    /// Commits and decommits at random, beside a set of what should be there.
    #[test]
    fn agrees_with_a_set_of_pages() {
        let mut frames = frames(3000);
        let (mut space, _) = space(&mut frames);
        let free = frames.free();
        let mut model = BTreeSet::new();
        let mut seed = 1u64;
        let mut random = |below: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 33) as usize % below
        };
        let places = [
            BASE,
            BASE + 2 * MIB - 20 * PAGE,
            BASE + GIB - 9 * PAGE,
            BASE + 512 * GIB - PAGE,
        ];
        for _ in 0..3000 {
            let start = places[random(4)] + random(30) * PAGE;
            let range = pages(start, 1 + random(40));
            if random(2) == 0
                && range
                    .clone()
                    .step_by(PAGE)
                    .all(|page| !model.contains(&page))
            {
                space.commit(&mut frames, range.clone()).unwrap();
                model.extend(range.step_by(PAGE));
            } else {
                decommit(&mut space, &mut frames, range.clone());
                model.retain(|page| !range.contains(page));
            }
            let check = pages(places[random(4)], 100);
            assert!(
                check
                    .step_by(PAGE)
                    .all(|page| space.lookup(page).is_some() == model.contains(&page))
            );
        }
        assert!(!model.is_empty());
        decommit(&mut space, &mut frames, BASE..BASE + 1024 * GIB);
        assert_eq!(frames.free(), free);
    }

    #[test]
    fn aliases_do_not_own_their_frames() {
        let mut frames = frames(64);
        let (mut space, told) = space(&mut frames);
        let before = frames.free();
        let frame = frames.alloc().unwrap();
        for _ in 0..3 {
            let range = pages(BASE + GIB, 3);
            let (first, attributes) = (frame - PAGE, Attributes::READ_EXECUTE);
            space
                .alias(&mut frames, range.clone(), first, attributes)
                .unwrap();
            let (descriptor, level) = space.lookup(BASE + GIB + PAGE).unwrap();
            assert_eq!((address(descriptor), level), (frame, LAST_LEVEL));
            assert_eq!(descriptor & Attributes::READ_ONLY, Attributes::READ_ONLY);
            told.0.borrow_mut().clear();
            // SAFETY: nothing uses it.
            unsafe { space.end_alias(&mut frames, range.clone()) };
            assert_eq!(*told.0.borrow(), [range]);
            assert_eq!(space.lookup(BASE + GIB + PAGE), None);
            assert_eq!(frames.free(), before - 1);
        }
    }
}
