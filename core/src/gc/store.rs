//! What a store does with its heap: it allocates, collects, and reads and writes objects.

use super::collect::{Collector, Outside};
use super::{Corrupt, GcHeap, New, heap};
use crate::HeapType;
use crate::abi::gc::{ALIGN, Kind, Shape, Slot, object};
use crate::abi::traps::Trap;
use crate::engine::Engine;
use crate::error::{Error, Result};
use crate::instance::ExternRefs;
use crate::module::SubType;
use crate::oom::{Room as _, Watch};
use crate::store::{GcHeapOutOfMemory, StoreOpaque};
use alloc::sync::Arc;
use core::ptr;

/// What the collector asks of the rest of the store.
struct Rest<'a> {
    engine: &'a Engine,
    hosts: &'a mut ExternRefs,
}

impl Outside for Rest<'_> {
    fn mark(&mut self, index: u32) -> Result<(), Corrupt> {
        self.hosts.mark(index).then_some(()).ok_or(Corrupt)
    }

    fn find_type(&mut self, id: u32) -> Result<Arc<SubType>, Corrupt> {
        self.engine.types().find(id).ok_or(Corrupt)
    }
}

impl StoreOpaque {
    /// The size of the heap in bytes, both halves together.
    pub(crate) fn heap_capacity(&self) -> usize {
        self.gc.heap.capacity()
    }

    /// Makes the address of the heap final, where it does not move: before code can use it.
    pub(crate) fn reserve_heap(&mut self) -> Result<()> {
        self.gc.heap.reserve()
    }

    /// A new object whose fields are yet to be written, all of them, before the next allocation. It may
    /// move all objects; `live` are references that the caller holds, which are roots.
    ///
    /// # Errors
    /// [`Trap::AllocationTooLarge`]: no heap has room. [`GcHeapOutOfMemory`]: this one has none. The limiter's own. The
    /// heap is damaged.
    pub(crate) fn gc_alloc(&mut self, new: New, live: &mut [&mut u32]) -> Result<u32> {
        debug_assert!(new.size.is_multiple_of(ALIGN.into()));
        let object = self.gc_room(new.size, live)?;
        self.gc.heap.write(object + object::SHAPE, new.shape.0)?;
        self.gc.heap.write(object + object::TYPE_ID, new.type_id)?;
        Ok(object)
    }

    /// Whether the next object, of `size` bytes, is allocated without a collection.
    #[cfg(feature = "gc")]
    pub(crate) fn has_room(&self, size: u64) -> bool {
        self.gc.zeal.is_none() && !self.gc.corrupt && size <= self.gc.heap.free()
    }

    /// Room for an object of `size` bytes, a multiple of 8. As [`gc_alloc`](Self::gc_alloc).
    pub(crate) fn gc_room(&mut self, size: u64, live: &mut [&mut u32]) -> Result<u32> {
        if self.gc.corrupt {
            return Err(Corrupt.into());
        }
        if u32::try_from(size).is_err() {
            return Err(Trap::AllocationTooLarge.into());
        }
        if self.gc.is_zealous() && self.gc.heap.half() > 0 {
            self.collect(live)?;
        }
        if let Some(object) = self.gc.heap.bump(size) {
            return Ok(object);
        }
        self.make_room(size, live)?;
        match self.gc.pays() {
            true => self.gc.heap.bump(size),
            false => None,
        }
        .ok_or_else(|| {
            // Code that runs out of memory ends, and much may have been alive for that code alone.
            self.gc.was_scarce = false;
            GcHeapOutOfMemory::with_bytes((), size).into()
        })
    }

    /// Moves what is alive to the other half, and frees what is not.
    ///
    /// # Errors
    /// The heap is damaged.
    pub(crate) fn collect(&mut self, live: &mut [&mut u32]) -> Result<()> {
        if self.gc.corrupt {
            return Err(Corrupt.into());
        }
        self.collect_to(None, live)
    }

    /// Collects into the other half, or into that of a heap that takes this one's place.
    pub(super) fn collect_to(
        &mut self,
        elsewhere: Option<GcHeap>,
        live: &mut [&mut u32],
    ) -> Result<()> {
        let to = elsewhere.as_ref().unwrap_or(&self.gc.heap).other();
        let from = self.gc.heap.used();
        match self.copy(from, to, live) {
            Ok(next) => {
                let moved = elsewhere.is_some();
                if let Some(new) = elsewhere {
                    self.gc.heap = new;
                }
                if moved || self.gc.heap.half() > 0 {
                    self.gc.heap.flip(next);
                    self.set_limit();
                }
                self.externrefs.sweep();
                #[cfg(test)]
                {
                    self.gc.work.0 += 1;
                    self.gc.work.1 += self.gc.heap.occupied();
                }
                Ok(())
            }
            Err(corrupt) => {
                self.gc.heap.wipe();
                self.gc.corrupt = true;
                Err(Error::new(corrupt))
            }
        }
    }

    fn copy(
        &mut self,
        from: heap::Space,
        to: heap::Space,
        live: &mut [&mut u32],
    ) -> Result<u32, Corrupt> {
        self.externrefs.begin_marking();
        let mut hosts = core::mem::take(&mut self.externrefs);
        let engine = self.engine.clone();
        let mut rest = Rest {
            engine: &engine,
            hosts: &mut hosts,
        };
        // SAFETY: two halves of a heap, or halves of two heaps, as `GcHeap` says they are; no code runs
        // in the store.
        let mut collector = unsafe { Collector::new(from, to, &mut rest) };
        let result = self
            .trace(live, &mut |slot| {
                // SAFETY: `trace` gives the addresses of living references, one at a time.
                unsafe {
                    let reference = slot.read();
                    slot.write(collector.forward(reference)?);
                }
                Ok(())
            })
            .and_then(|()| collector.finish());
        self.externrefs = hosts;
        result
    }

    /// Hides the limit from generated code where every allocation may be followed by a collection.
    pub(super) fn set_limit(&mut self) {
        if self.gc.zeal.is_some() {
            self.gc.heap.hide_limit();
        }
    }

    /// What kind of object a reference refers to, and the id of its type, which is one of that kind;
    /// `None` for what is no object.
    ///
    /// # Errors
    /// The heap is damaged.
    pub(crate) fn object(&self, reference: u32) -> Result<Option<(Kind, u32)>, Corrupt> {
        if reference == 0 || !reference.is_multiple_of(ALIGN) {
            return Ok(None);
        }
        let shape = Shape(self.gc.heap.read(reference + object::SHAPE)?);
        let kind = shape.kind().ok_or(Corrupt)?;
        let type_id = self.gc.heap.read(reference + object::TYPE_ID)?;
        match self.engine.types().has(kind, type_id) {
            true => Ok(Some((kind, type_id))),
            false => Err(Corrupt),
        }
    }

    /// Keeps a type as long as the store: the host makes objects of it.
    pub(crate) fn keep_type(&mut self, ty: HeapType, watch: Watch) -> Result<()> {
        let id = match &ty {
            HeapType::ConcreteFunc(ty) => ty.id(),
            HeapType::ConcreteArray(ty) => ty.id(),
            HeapType::ConcreteStruct(ty) => ty.id(),
            _ => return Ok(()),
        };
        if self.gc.types.get(&id).is_none() {
            self.gc.types.room(1, watch)?;
            watch.check()?;
            self.gc.types.insert(id, ty);
        }
        Ok(())
    }

    /// Writes bytes.
    ///
    /// # Errors
    /// They lie outside the heap.
    pub(crate) fn write_bytes(&mut self, offset: u32, bytes: &[u8]) -> Result<(), Corrupt> {
        let address = self.gc.heap.at(offset, bytes.len() as u64)?;
        // SAFETY: accessible (*heap*), and apart from what the host refers to.
        unsafe { address.copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) };
        Ok(())
    }

    /// Reads bytes.
    ///
    /// # Errors
    /// They lie outside the heap.
    pub(crate) fn read_bytes(&self, offset: u32, bytes: &mut [u8]) -> Result<(), Corrupt> {
        let address = self.gc.heap.at(offset, bytes.len() as u64)?;
        // SAFETY: accessible (*heap*), and apart from what the host refers to.
        unsafe { address.copy_to_nonoverlapping(bytes.as_mut_ptr(), bytes.len()) };
        Ok(())
    }

    /// Reads what a field or element holds: of a function its address, of everything else the bits that lie there.
    ///
    /// # Errors
    /// It lies outside the heap, or is no function.
    pub(crate) fn read_slot(&self, offset: u32, slot: Slot) -> Result<u128, Corrupt> {
        let heap = &self.gc.heap;
        Ok(match slot {
            Slot::I8 => heap.read::<u8>(offset)?.into(),
            Slot::I16 => heap.read::<u16>(offset)?.into(),
            Slot::Bits32 | Slot::Reference => heap.read::<u32>(offset)?.into(),
            Slot::Bits64 => heap.read::<u64>(offset)?.into(),
            Slot::Function => {
                let function = self.function_of_id(heap.read(offset)?)?;
                function.expose_provenance() as u128
            }
            Slot::Bits128 => heap.read::<u128>(offset)?,
        })
    }

    /// Writes what a field or element is to hold, as [`read_slot`](Self::read_slot) has it.
    ///
    /// # Errors
    /// It lies outside the heap. Memory is exhausted.
    pub(crate) fn write_slot(&mut self, offset: u32, slot: Slot, value: u128) -> Result<()> {
        let value = match slot {
            Slot::Function => self
                .function_id(ptr::with_exposed_provenance_mut(value as usize))?
                .into(),
            _ => value,
        };
        let heap = &mut self.gc.heap;
        let written = match slot {
            Slot::I8 => heap.write(offset, value as u8),
            Slot::I16 => heap.write(offset, value as u16),
            Slot::Bits32 | Slot::Reference | Slot::Function => heap.write(offset, value as u32),
            Slot::Bits64 => heap.write(offset, value as u64),
            Slot::Bits128 => heap.write(offset, value),
        };
        Ok(written?)
    }
}
