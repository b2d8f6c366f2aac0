//! Twin of `shared` for builds without the feature `threads`: no memory is shared.
#![forbid(unsafe_code)]

use crate::activation::context::VMExtent;
use crate::engine::Engine;
use crate::error::Result;
use crate::error::bounded::bail;
use crate::interrupt::Pieces;
use crate::module;
use core::convert::Infallible;
use core::ptr::NonNull;

/// A linear memory that threads share: none, without the feature `threads`.
#[derive(Clone, Debug)]
pub struct SharedMemory(Infallible);

impl SharedMemory {
    pub(crate) fn of_type(
        _engine: &Engine,
        _ty: &module::MemoryType,
        _pieces: Pieces,
    ) -> Result<Self> {
        bail!("shared memories need the cargo feature `threads`, which this build has not")
    }

    pub(crate) fn size(&self) -> u64 {
        match self.0 {}
    }

    pub(crate) fn grow_by(&self, _delta: u64, _pieces: Pieces) -> Result<u64> {
        match self.0 {}
    }

    pub(crate) fn engine(&self) -> &Engine {
        match self.0 {}
    }

    pub(crate) fn memory_type(&self) -> &module::MemoryType {
        match self.0 {}
    }

    pub(crate) fn extent(&self) -> NonNull<VMExtent> {
        match self.0 {}
    }

    pub(super) fn reserved(&self) -> usize {
        match self.0 {}
    }

    pub(crate) fn same(a: &Self, _b: &Self) -> bool {
        match a.0 {}
    }
}
