//! Long work in pieces: what a builtin does between one look at the interrupts and the next.

use crate::instance::vmctx::StoreContext;
use crate::trap::Trap;
use core::ops::Range;
use core::ptr::NonNull;
use core::sync::atomic::Ordering;

/// So many bytes are copied or filled in one piece: some hundred instructions, beside which a look at the interrupts is
/// little.
pub(crate) const BYTES: usize = 8 << 10;
/// So many elements are written in one piece.
pub(crate) const ELEMENTS: usize = 512;

/// Which end of the work comes first.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Order {
    Up,
    Down,
}

/// Divides work of a store into pieces, if that can be interrupted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pieces(Option<NonNull<StoreContext>>);

impl Pieces {
    /// Nobody interrupts the work: it is done in one piece.
    pub(crate) const ONE: Self = Self(None);

    /// Pieces of what the store of this context does.
    ///
    /// # Safety
    /// The context lives as long as this is used.
    pub(crate) unsafe fn of(context: NonNull<StoreContext>) -> Self {
        // SAFETY: the caller's promise.
        let interrupts = unsafe { (*context.as_ptr()).interrupts };
        Self((!interrupts.is_null()).then_some(context))
    }

    /// Whether somebody may interrupt the work.
    pub(crate) fn may_stop(self) -> bool {
        self.0.is_some()
    }

    /// Whether the store is to stop: somebody has interrupted it, or its deadline has passed and the hook has
    /// been there since.
    pub(crate) fn must_stop(self) -> bool {
        self.0.is_some_and(|context| {
            // SAFETY: the context lives, and so do its interrupts (see `of`).
            unsafe {
                let context = context.as_ptr();
                (*context).diverted.load(Ordering::Relaxed) != 0
                    || (*(*context).interrupts).pending.load(Ordering::Relaxed)
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
        let piece = if self.0.is_some() { piece } else { total };
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
}

/// The order in which `len` bytes may be copied in pieces.
pub(crate) fn copy_order(src: *const u8, dst: *const u8, len: usize) -> Order {
    // Upwards, a piece must not overwrite what a later one reads: so unless `dst` lies behind `src` in its range.
    match dst.addr().wrapping_sub(src.addr()) >= len {
        true => Order::Up,
        false => Order::Down,
    }
}
