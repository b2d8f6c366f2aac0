//! Long work in pieces: what a builtin or an instantiation does between one look at the interrupts and the next.

use crate::activation::context::StoreContext;
use crate::error::Result;
use crate::oom::{self, Watch};
use crate::trap::Trap;
use alloc::vec::Vec;
use core::ops::Range;
use core::ptr::{self, NonNull};

/// So many bytes are copied or filled in one piece: some hundred instructions, beside which a look at the interrupts is
/// little.
pub(crate) const BYTES: usize = 8 << 10;
/// So many elements are written in one piece.
pub(crate) const ELEMENTS: usize = 512;
/// So many small steps are done in one piece: operators of constant expressions, imports, fields.
pub(crate) const STEPS: usize = 512;

/// Which end of the work comes first.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Order {
    Up,
    Down,
}

/// Divides work of a store into pieces, if that can be interrupted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pieces {
    context: Option<NonNull<StoreContext>>,
    /// No timer need be set for the store's deadline.
    untimed: bool,
}

impl Pieces {
    /// Nobody interrupts the work: it is done in one piece.
    pub(crate) const ONE: Self = Self {
        context: None,
        untimed: false,
    };

    /// Pieces of what the store of this context does.
    ///
    /// # Safety
    /// The context lives as long as this is used.
    pub(crate) unsafe fn of(context: NonNull<StoreContext>) -> Self {
        // SAFETY: the caller's promise.
        let interrupts = unsafe { (*context.as_ptr()).interrupts };
        Self {
            context: (!interrupts.is_null()).then_some(context),
            untimed: false,
        }
    }

    /// Pieces of what the store of this context does while no code of it need run: each look is at the clock too.
    ///
    /// # Safety
    /// As for [`of`](Self::of).
    pub(crate) unsafe fn untimed(context: NonNull<StoreContext>) -> Self {
        Self {
            untimed: true,
            // SAFETY: the caller's promise.
            ..unsafe { Self::of(context) }
        }
    }

    /// Counts small steps, to look at the interrupts once there are enough for a piece.
    pub(crate) fn steps(self) -> Steps {
        Steps {
            pieces: self,
            left: STEPS,
        }
    }

    /// Whether somebody may interrupt the work.
    pub(crate) fn may_stop(self) -> bool {
        self.context.is_some()
    }

    /// Whether the store is to stop: somebody has interrupted it, or its deadline has passed and the hook has
    /// been there since.
    #[inline(never)]
    pub(crate) fn must_stop(self) -> bool {
        self.context.is_some_and(|context| {
            // SAFETY: the context lives, and so do its interrupts (see `of`).
            unsafe {
                let context = context.as_ptr();
                let interrupts = &*(*context).interrupts;
                match self.untimed {
                    true => interrupts.must_stop(),
                    false => (*context).is_diverted() || interrupts.is_pending(),
                }
            }
        })
    }

    /// Does the work on `[0, total)` in pieces of this size.
    ///
    /// # Errors
    /// [`Trap::Interrupt`]: the store is to stop, and there is work left.
    pub(crate) fn run(
        self,
        total: usize,
        piece: usize,
        order: Order,
        mut work: impl FnMut(Range<usize>),
    ) -> Result<(), Trap> {
        let piece = if self.may_stop() { piece } else { total };
        let mut done = 0;
        while done < total {
            let next = piece.min(total - done);
            work(match order {
                Order::Up => done..done + next,
                Order::Down => total - done - next..total - done,
            });
            done += next;
            if done < total && self.must_stop() {
                return Err(Trap::Interrupt);
            }
        }
        Ok(())
    }

    /// Makes room for `additional` items, as [`Room`](crate::oom::Room) does; those that are there move in pieces.
    ///
    /// # Errors
    /// Memory is exhausted, or the store is to stop. There are the same items.
    pub(crate) fn room<T: Copy>(
        self,
        all: &mut Vec<T>,
        additional: usize,
        watch: Watch,
    ) -> Result<()> {
        if let Some(mut new) = oom::larger_vec(all, additional, watch)? {
            // SAFETY: there is room for the items, which may be copied.
            unsafe {
                let (from, to) = (all.as_ptr().cast(), new.as_mut_ptr().cast());
                self.copy(from, to, size_of_val(&all[..]))?;
                new.set_len(all.len());
            }
            *all = new;
        }
        Ok(())
    }

    /// Copies bytes, as [`ptr::copy`] does.
    ///
    /// # Errors
    /// [`Trap::Interrupt`]: the store is to stop, and there are bytes left.
    ///
    /// # Safety
    /// As for [`ptr::copy`].
    #[inline]
    pub(crate) unsafe fn copy(self, from: *const u8, to: *mut u8, len: usize) -> Result<(), Trap> {
        if len <= BYTES {
            // SAFETY: the caller's promise.
            unsafe { ptr::copy(from, to, len) };
            return Ok(());
        }
        // SAFETY: the caller's promise.
        unsafe { self.copy_long(from, to, len) }
    }

    /// # Safety
    /// As for [`copy`](Self::copy).
    #[inline(never)]
    unsafe fn copy_long(self, from: *const u8, to: *mut u8, len: usize) -> Result<(), Trap> {
        self.run(len, BYTES, copy_order(from, to, len), |piece| {
            // SAFETY: a part of what the caller promises.
            unsafe { ptr::copy(from.add(piece.start), to.add(piece.start), piece.len()) };
        })
    }

    /// Fills bytes, as [`ptr::write_bytes`] does.
    ///
    /// # Errors
    /// [`Trap::Interrupt`]: the store is to stop, and there are bytes left.
    ///
    /// # Safety
    /// As for [`ptr::write_bytes`].
    #[inline]
    pub(crate) unsafe fn fill(self, to: *mut u8, byte: u8, len: usize) -> Result<(), Trap> {
        if len <= BYTES {
            // SAFETY: the caller's promise.
            unsafe { ptr::write_bytes(to, byte, len) };
            return Ok(());
        }
        // SAFETY: the caller's promise.
        unsafe { self.fill_long(to, byte, len) }
    }

    /// # Safety
    /// As for [`fill`](Self::fill).
    #[inline(never)]
    unsafe fn fill_long(self, to: *mut u8, byte: u8, len: usize) -> Result<(), Trap> {
        self.run(len, BYTES, Order::Up, |piece| {
            // SAFETY: a part of what the caller promises.
            unsafe { ptr::write_bytes(to.add(piece.start), byte, piece.len()) };
        })
    }
}

/// Counts the small steps of long work.
pub(crate) struct Steps {
    pieces: Pieces,
    /// Steps until the next look at the interrupts.
    left: usize,
}

impl Steps {
    /// The pieces in which to do what is long by itself.
    pub(crate) fn pieces(&self) -> Pieces {
        self.pieces
    }

    /// What takes as long as a piece comes next.
    ///
    /// # Errors
    /// [`Trap::Interrupt`]: the store is to stop.
    pub(crate) fn look(&mut self) -> Result<()> {
        self.take(STEPS + 1)
    }

    /// So many steps come next.
    ///
    /// # Errors
    /// [`Trap::Interrupt`]: the store is to stop.
    pub(crate) fn take(&mut self, steps: usize) -> Result<()> {
        match self.left.checked_sub(steps) {
            Some(left) => self.left = left,
            None => self.next_piece()?,
        }
        Ok(())
    }

    #[cold]
    #[inline(never)]
    fn next_piece(&mut self) -> Result<()> {
        if self.pieces.must_stop() {
            return Err(Trap::Interrupt.into());
        }
        self.left = STEPS;
        Ok(())
    }
}

/// The order in which `len` bytes may be copied in pieces.
pub(crate) fn copy_order(src: *const u8, dst: *const u8, len: usize) -> Order {
    // Upwards, a piece must not overwrite what a later one reads: so unless `dst` lies behind `src` in its range.
    match dst.addr().wrapping_sub(src.addr()) >= len {
        true => Order::Up,
        false => Order::Down,
    }
}
