//! The functions that objects refer to, by number.
//!
//! Whoever damages the heap may write anything to an object. So a reference to a function in one is no pointer but an
//! *id*, a place in a table of the store. Generated code takes no more bits of it than the table has, and finds there
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
use crate::error::Result;
use crate::instance::InstanceData;
use crate::instance::vmctx::{StoreContext, VMFuncRef, VMFunctionEntry};
use crate::interrupt::Pieces;
use crate::interrupt::pieces::{ELEMENTS, Order, Steps};
use crate::oom::{self, Watch};
use crate::store::StoreOpaque;
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
    all: bool,
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

    /// Makes room for so many more.
    ///
    /// # Errors
    /// Memory is exhausted, or the store is to stop.
    fn room(&mut self, additional: usize, watch: Watch, pieces: Pieces) -> Result<()> {
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
    fn add(&mut self, func_ref: NonNull<VMFuncRef>) -> u32 {
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

    /// The same for all functions of an instance.
    ///
    /// # Errors
    /// The store is to stop: some have one.
    fn add_all(&mut self, instance: &InstanceData, steps: &mut Steps) -> Result<()> {
        for func_ref in instance.func_refs() {
            steps.take(1)?;
            self.add(func_ref);
        }
        Ok(())
    }
}

impl StoreOpaque {
    /// The id of a function of the store; of null, 0.
    pub(crate) fn function_id(&mut self, func_ref: *mut VMFuncRef) -> Result<u32> {
        let Some(func_ref) = NonNull::new(func_ref) else {
            return Ok(0);
        };
        // SAFETY: of the store, so it is valid; no code runs that could change it.
        if unsafe { func_ref.as_ref() }.id == 0 {
            let watch = Watch::start()?;
            self.gc.functions.room(1, watch, Pieces::ONE)?;
            watch.check()?;
        }
        Ok(self.gc.functions.add(func_ref))
    }

    /// The function with this id; of 0, null.
    ///
    /// # Errors
    /// There is none.
    pub(crate) fn function_of_id(&self, id: u32) -> Result<*mut VMFuncRef, Corrupt> {
        let functions = &self.gc.functions;
        match id as usize {
            0 => Ok(core::ptr::null_mut()),
            id if id < functions.used => Ok(functions.entries[id].func_ref),
            _ => Err(Corrupt),
        }
    }

    /// Sees to it that every function of the store has an id: before code runs that may write any to objects.
    ///
    /// # Errors
    /// Memory is exhausted, or the store is to stop: some have one.
    pub(crate) fn give_all_functions_ids(&mut self, watch: Watch, steps: &mut Steps) -> Result<()> {
        if self.gc.functions.all {
            return Ok(());
        }
        let mut count = self.functions.len();
        for instance in &self.instances {
            steps.take(1)?;
            // SAFETY: the store's own instances (*owned*).
            count += unsafe { instance.as_ref() }.func_refs().len();
        }
        self.gc.functions.room(count, watch, steps.pieces())?;
        for instance in &self.instances {
            // SAFETY: as above.
            let instance = unsafe { instance.as_ref() };
            self.gc.functions.add_all(instance, steps)?;
        }
        for func_ref in self.functions.func_refs() {
            steps.take(1)?;
            self.gc.functions.add(func_ref);
        }
        self.gc.functions.all = true;
        Ok(())
    }

    /// Makes room for the ids of so many new functions, if they are to get any.
    ///
    /// # Errors
    /// Memory is exhausted, or the store is to stop.
    pub(crate) fn room_for_function_ids(
        &mut self,
        count: usize,
        watch: Watch,
        pieces: Pieces,
    ) -> Result<()> {
        match self.gc.functions.all {
            true => self.gc.functions.room(count, watch, pieces),
            false => Ok(()),
        }
    }

    /// Gives the functions of a new instance ids, if they are to get any; there is room for them.
    ///
    /// # Errors
    /// The store is to stop: some have one.
    pub(crate) fn give_function_ids(
        &mut self,
        instance: &InstanceData,
        steps: &mut Steps,
    ) -> Result<()> {
        if self.gc.functions.all {
            self.gc.functions.add_all(instance, steps)?;
        }
        Ok(())
    }

    /// The same for one new function.
    pub(crate) fn give_function_id(&mut self, func_ref: NonNull<VMFuncRef>) {
        if self.gc.functions.all {
            self.gc.functions.add(func_ref);
        }
    }

    /// Forgets the functions of an instance that is about to be freed.
    pub(crate) fn forget_functions(&mut self, instance: &InstanceData) {
        // In this order their places are the last ones, and free again.
        for func_ref in instance.func_refs().rev() {
            self.forget_function(func_ref);
        }
    }

    /// Forgets a function that is about to be freed.
    pub(crate) fn forget_function(&mut self, func_ref: NonNull<VMFuncRef>) {
        let functions = &mut self.gc.functions;
        // SAFETY: of the store; no code runs in it.
        let id = unsafe { func_ref.as_ref() }.id as usize;
        if id != 0 {
            functions.entries[id] = VMFunctionEntry::NONE;
            if id + 1 == functions.used {
                functions.used = id;
            }
        }
    }
}
