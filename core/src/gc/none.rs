//! Stores without a garbage-collected heap: the twin of `gc`, for builds without the proposals that need
//! one.

use crate::HeapType;
use crate::abi::gc::{Kind, Shape, Slot};
use crate::activation::context::{StoreContext, VMFuncRef};
use crate::engine::Engine;
use crate::error::Result;
use crate::error::bounded::bail;
use crate::instance::InstanceData;
use crate::interrupt::Pieces;
use crate::interrupt::pieces::Steps;
use crate::module::{DataIndex, ElementIndex, TypeIndex};
use crate::oom::Watch;
use crate::store::StoreOpaque;
use core::ptr::NonNull;

const NONE: &str = "this build of wasmetal has no garbage-collected heap";

/// What a store has for its garbage-collected objects: nothing.
pub(crate) struct Gc;

impl Gc {
    pub(crate) fn new(_: &Engine, _: NonNull<StoreContext>) -> Self {
        Self
    }
}

impl StoreOpaque {
    /// There is no code that needs a heap.
    pub(crate) fn reserve_heap(&mut self) -> Result<()> {
        self.gc_room(0, &mut []).map(|_| ())
    }

    /// There is no room for anything.
    pub(crate) fn gc_room(&mut self, _: u64, _: &mut [&mut u32]) -> Result<u32> {
        bail!("{NONE}")
    }

    /// No object refers to a function.
    pub(crate) fn give_all_functions_ids(&mut self, _: Watch, _: &mut Steps) -> Result<()> {
        self.reserve_heap()
    }

    /// No function gets an id.
    pub(crate) fn room_for_function_ids(&mut self, _: usize, _: Watch, _: Pieces) -> Result<()> {
        Ok(())
    }

    /// No function gets an id.
    pub(crate) fn give_function_ids(&mut self, _: &InstanceData, _: &mut Steps) -> Result<()> {
        Ok(())
    }

    /// No function gets an id.
    pub(crate) fn give_function_id(&mut self, _: NonNull<VMFuncRef>) {}

    /// No function has an id.
    pub(crate) fn forget_functions(&mut self, _: &InstanceData) {}

    /// No function has an id.
    pub(crate) fn forget_function(&mut self, _: NonNull<VMFuncRef>) {}

    /// There are no arrays.
    pub(crate) fn array_copy(&mut self, _: (u32, u32), _: (u32, u32), _: u32) -> Result<()> {
        self.reserve_heap()
    }

    /// There are no arrays.
    pub(crate) fn array_init_data(
        &mut self,
        _: &InstanceData,
        _: (u32, u32),
        _: DataIndex,
        _: u32,
        _: u32,
    ) -> Result<()> {
        self.reserve_heap()
    }

    /// There are no arrays.
    pub(crate) fn array_init_elem(
        &mut self,
        _: &InstanceData,
        _: (u32, u32),
        _: ElementIndex,
        _: u32,
        _: u32,
    ) -> Result<()> {
        self.reserve_heap()
    }

    /// There are no arrays.
    pub(crate) fn array_new_data(
        &mut self,
        _: &InstanceData,
        _: TypeIndex,
        _: DataIndex,
        _: u32,
        _: u32,
    ) -> Result<u32> {
        self.gc_room(0, &mut [])
    }

    /// There are no arrays.
    pub(crate) fn array_new_elem(
        &mut self,
        _: &InstanceData,
        _: TypeIndex,
        _: ElementIndex,
        _: u32,
        _: u32,
    ) -> Result<u32> {
        self.gc_room(0, &mut [])
    }

    /// There is nothing to collect.
    pub(crate) fn collect(&mut self, _: &mut [&mut u32]) -> Result<()> {
        Ok(())
    }

    /// Nothing.
    pub(crate) fn heap_capacity(&self) -> usize {
        0
    }

    /// There is nothing to make room in.
    pub(crate) fn make_room(&mut self, _: u64, _: &mut [&mut u32]) -> Result<()> {
        Ok(())
    }

    /// There is no room for anything.
    pub(crate) fn gc_alloc(&mut self, new: New, live: &mut [&mut u32]) -> Result<u32> {
        let _ = (new.shape, new.type_id);
        self.gc_room(new.size, live)
    }

    /// There are no objects.
    pub(crate) fn object(&self, _: u32) -> Result<Option<(Kind, u32)>> {
        Ok(None)
    }

    /// There are no objects whose types must be kept.
    pub(crate) fn keep_type(&mut self, _: HeapType, _: Watch) -> Result<()> {
        Ok(())
    }

    /// There is nothing to read.
    pub(crate) fn read_slot(&self, _: u32, _: Slot) -> Result<u128> {
        bail!("{NONE}")
    }

    /// There is nothing to write to.
    pub(crate) fn write_slot(&mut self, _: u32, _: Slot, _: u128) -> Result<()> {
        bail!("{NONE}")
    }

    /// There is nothing to read.
    pub(crate) fn read_bytes(&self, _: u32, _: &mut [u8]) -> Result<()> {
        bail!("{NONE}")
    }

    /// There is nothing to write to.
    pub(crate) fn write_bytes(&mut self, _: u32, _: &[u8]) -> Result<()> {
        bail!("{NONE}")
    }
}

/// What an object starts with, and its size in bytes.
pub(crate) struct New {
    pub(crate) shape: Shape,
    pub(crate) type_id: u32,
    pub(crate) size: u64,
}
