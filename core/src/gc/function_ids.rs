//! Which functions of a store have ids, and when they get and lose them.

use super::Corrupt;
use crate::activation::context::VMFuncRef;
use crate::error::Result;
use crate::instance::InstanceData;
use crate::interrupt::Pieces;
use crate::interrupt::pieces::Steps;
use crate::oom::Watch;
use crate::store::StoreOpaque;
use core::ptr::NonNull;

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
        self.gc.functions.get(id)
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
            // SAFETY: the store's own instances (*owned*).
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

    /// Makes room for the ids of `count` new functions, if they are to get any.
    ///
    /// # Errors
    /// Memory is exhausted, or the store is to stop.
    #[inline]
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
    #[inline(always)]
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
        // Places are given out in order, so backwards each one that is given back is the last, and can be used again.
        for func_ref in instance.func_refs().rev() {
            self.forget_function(func_ref);
        }
    }

    /// Forgets a function that is about to be freed.
    pub(crate) fn forget_function(&mut self, func_ref: NonNull<VMFuncRef>) {
        self.gc.functions.forget(func_ref);
    }
}
