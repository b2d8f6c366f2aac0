//! The tags of a store: each has a number, under which exceptions name it.

use crate::abi::TypeId;
use crate::error::{Context, Result};
use crate::interrupt::Pieces;
use crate::interrupt::pieces::Steps;
use crate::oom::{Room as _, Watch};
use crate::types::FuncType;
use alloc::vec::Vec;

/// The tags of a store.
#[derive(Default)]
pub(crate) struct Tags {
    /// The function type of each, by number.
    types: Vec<TypeId>,
    /// Keeps the types of the host's tags. Those of instances are kept by their modules.
    kept: Vec<FuncType>,
}

impl Tags {
    /// Adds tags of these types, which somebody keeps; the number of the first one.
    ///
    /// # Errors
    /// Memory is exhausted, or there are too many. The store is to stop; some may have been added.
    pub(crate) fn add(
        &mut self,
        types: impl ExactSizeIterator<Item = TypeId>,
        steps: &mut Steps,
    ) -> Result<u32> {
        let pieces = steps.pieces();
        pieces.room(&mut self.types, types.len(), Watch::now())?;
        let first = self.types.len();
        u32::try_from(first + types.len()).context("too many tags in a store")?;
        for ty in types {
            steps.take(1)?;
            self.types.push(ty);
        }
        Ok(first as u32)
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.types.len()
    }

    /// Forgets the tags from number `len` on, which nobody refers to.
    pub(crate) fn truncate(&mut self, len: usize) {
        self.types.truncate(len);
    }

    /// Adds a tag of the host's.
    ///
    /// # Errors
    /// As for [`add`](Self::add).
    pub(crate) fn add_host(&mut self, ty: &FuncType) -> Result<u32> {
        self.kept.room(1, Watch::now())?;
        let number = self.add([ty.id()].into_iter(), &mut Pieces::ONE.steps())?;
        self.kept.push(ty.clone());
        Ok(number)
    }

    /// The function type of a tag.
    pub(crate) fn ty(&self, number: u32) -> TypeId {
        self.types[number as usize]
    }
}
