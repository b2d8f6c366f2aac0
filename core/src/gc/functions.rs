//! The functions that objects refer to, by number.
//!
//! A fault that damages the heap may write anything to an object. So a reference to a function in one is no pointer
//! but an *id*, a place in a table of the store. Generated code takes no more bits of it than the table has, and finds there
//! whether the function is of the type that it expects: a false id is a trap, or another function of that type.
//!
//! A `VMFuncRef` lasts as long as its store, and keeps its id. The runtime gives it one when it writes it to an
//! object. Generated code takes what there is: before the first code that may write functions to objects is
//! instantiated, every function of the store has an id, and from then on each gets one when it is made.
//!
//! Invariants:
//! - *power*: the table has 2^n entries; those not in use are [`VMFunctionEntry::NONE`], the first one among them.
//! - *alive*: an entry in use points to a `VMFuncRef` of the store, whose id is the entry's number.

use super::Corrupt;
use crate::activation::context::{StoreContext, VMFuncRef, VMFunctionEntry};
use crate::error::Result;
use crate::instance::InstanceData;
use crate::interrupt::Pieces;
use crate::interrupt::pieces::{ELEMENTS, Order, Steps};
use crate::oom::{self, Watch};
use alloc::vec::Vec;
use core::ptr::NonNull;

/// The smallest table that has entries.
const SMALLEST: usize = 16;

/// A store's functions by id.
pub(crate) struct Functions {
    entries: Vec<VMFunctionEntry>,
    /// How many are in use, and the first.
    used: usize,
    /// Every function of the store has an id.
    pub(super) all: bool,
    /// The store's own (*owned*).
    context: NonNull<StoreContext>,
}

impl Functions {
    pub(super) fn new(context: NonNull<StoreContext>) -> Self {
        Self {
            entries: Vec::new(),
            used: 1,
            all: false,
            context,
        }
    }

    /// Makes room for `additional` functions.
    ///
    /// # Errors
    /// Memory is exhausted, or the store is to stop.
    pub(super) fn room(&mut self, additional: usize, watch: Watch, pieces: Pieces) -> Result<()> {
        let len = self.entries.len();
        let needed = self.used.saturating_add(additional);
        if needed <= len {
            return Ok(());
        }
        let size = needed.next_power_of_two().max(SMALLEST);
        let watch = watch.part();
        let mut entries = oom::vec(size)?;
        watch.check()?;
        pieces.run(size, ELEMENTS, Order::Up, |piece| {
            let old = self.entries.get(piece.start..piece.end.min(len));
            entries.extend_from_slice(old.unwrap_or_default());
            entries.resize(piece.end, VMFunctionEntry::NONE);
        })?;
        self.entries = entries;
        // SAFETY: the store's own; no code runs in it.
        let context = unsafe { self.context.as_mut() };
        context.functions = self.entries.as_ptr();
        context.function_mask = (size - 1) as u32;
        Ok(())
    }

    /// Gives a function an id, for which there is room, unless it has one.
    pub(super) fn add(&mut self, func_ref: NonNull<VMFuncRef>) -> u32 {
        // SAFETY: of the store, so it is valid; no code runs that could read it meanwhile.
        let function = unsafe { &mut *func_ref.as_ptr() };
        if function.id == 0 {
            function.id = self.used as u32;
            self.entries[self.used] = VMFunctionEntry {
                func_ref: func_ref.as_ptr(),
                type_id: function.type_id.as_u32(),
            };
            self.used += 1;
        }
        function.id
    }

    /// The function with this id; of 0, null.
    ///
    /// # Errors
    /// There is none.
    pub(super) fn get(&self, id: u32) -> Result<*mut VMFuncRef, Corrupt> {
        match id as usize {
            0 => Ok(core::ptr::null_mut()),
            id if id < self.used => Ok(self.entries[id].func_ref),
            _ => Err(Corrupt),
        }
    }

    /// Forgets a function of the store that is about to be freed.
    pub(super) fn forget(&mut self, func_ref: NonNull<VMFuncRef>) {
        // SAFETY: of the store; no code runs in it.
        let id = unsafe { func_ref.as_ref() }.id as usize;
        if id != 0 {
            self.entries[id] = VMFunctionEntry::NONE;
            if id + 1 == self.used {
                self.used = id;
            }
        }
    }

    /// Gives all functions of an instance ids, as [`add`](Self::add) does.
    ///
    /// # Errors
    /// The store is to stop: some have one.
    #[inline(never)] // Most stores have no functions in objects, and do not come here.
    pub(super) fn add_all(&mut self, instance: &InstanceData, steps: &mut Steps) -> Result<()> {
        for func_ref in instance.func_refs() {
            steps.take(1)?;
            self.add(func_ref);
        }
        Ok(())
    }
}
