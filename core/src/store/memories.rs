//! Making and growing the memories of a store: who is asked, and what is counted.

use super::{Growing, Growth, Question, ResourcesUsed, StoreOpaque};
use crate::abi::traps::Trap;
use crate::error::Result;
use crate::error::bounded::{bail, format_err};
use crate::instance::{LinearMemory, MemorySizes};
use crate::interrupt::Pieces;
use crate::module::MemoryType;
use core::ptr::NonNull;

impl StoreOpaque {
    /// Asks whether a memory may be made.
    pub(crate) fn allow_memory(&mut self, ty: &MemoryType) -> Result<()> {
        if self.limiter.is_none() {
            return Ok(());
        }
        let sizes = MemorySizes::of(ty);
        let desired = sizes.minimum.unwrap_or(MemorySizes::largest(ty));
        if self.may_grow(Question {
            what: Growing::Memory,
            current: 0,
            desired,
            maximum: sizes.maximum,
        })? {
            return Ok(());
        }
        bail!(
            "memory minimum size of {} pages exceeds memory limits",
            ty.limits.minimum
        )
    }

    /// Grows a memory by `delta` pages. Sizes are in pages.
    ///
    /// # Errors
    /// The limiter's. The store was interrupted: the memory is as it was.
    ///
    /// # Safety
    /// `memory` is one of this store's.
    pub(crate) unsafe fn grow_memory(
        &mut self,
        mut memory: NonNull<LinearMemory>,
        delta: u64,
        pieces: Pieces,
    ) -> Result<Growth> {
        // SAFETY: the store is borrowed exclusively, and owns the memory; the limiter, which runs
        // meanwhile, can't reach the store.
        let memory = unsafe { memory.as_mut() };
        if let Some(shared) = memory.as_shared() {
            // Nobody's limiter is asked: the memory is not this store's alone.
            return match shared.grow_by(delta, pieces) {
                Ok(old) => Ok(Growth::From(old)),
                Err(interrupt) if interrupt.is::<Trap>() => Err(interrupt),
                Err(error) => Ok(Growth::Failed(error)),
            };
        }
        let old = memory.pages();
        if delta == 0 {
            return Ok(Growth::From(old));
        }
        let ty = memory.ty().clone();
        let length = memory.bytes().1;
        let desired = usize::try_from(delta).ok().and_then(|delta| {
            delta
                .checked_mul(1 << ty.page_size_log2)?
                .checked_add(length)
        });
        let maximum = MemorySizes::of(&ty).maximum;
        if self.limiter.is_some() {
            let asked = desired.unwrap_or(MemorySizes::largest(&ty));
            if !self.may_grow(Question {
                what: Growing::Memory,
                current: length,
                desired: asked,
                maximum,
            })? {
                return Ok(Growth::Refused);
            }
        }
        let grown = match desired {
            Some(desired) => {
                let more = ResourcesUsed {
                    memory_size: desired - length,
                    ..Default::default()
                };
                self.count_made(&more, || memory.grow_to(desired, maximum, pieces))
            }
            None => Err(format_err!("memory maximum size exceeded")),
        };
        self.growth(old, grown, |limiter, error| {
            limiter.memory_grow_failed(error)
        })
    }
}
