//! Where the roots of a store are.

use super::{Corrupt, stack};
use crate::instance::{HostTable, InstanceData};
use crate::store::StoreOpaque;
use core::ptr;

/// What is done with each root: a reference that is no function's.
pub(super) type Visit<'a> = &'a mut dyn FnMut(*mut u32) -> Result<(), Corrupt>;

impl StoreOpaque {
    /// Visits all roots: each address is valid for reads and writes during the visit.
    pub(super) fn trace(&mut self, live: &mut [&mut u32], visit: Visit<'_>) -> Result<(), Corrupt> {
        for reference in live {
            visit(ptr::from_mut(*reference))?;
        }
        visit(&raw mut self.gc.pending_exception)?;
        self.roots.trace(&mut |slot| visit(ptr::from_mut(slot)))?;
        self.trace_entities(visit)?;
        stack::trace(self, visit)
    }

    /// Visits what instances and the host's own tables and globals hold.
    fn trace_entities(&self, visit: Visit<'_>) -> Result<(), Corrupt> {
        for instance in &self.instances {
            // SAFETY: the store's own instances (*owned*); no code runs in them.
            unsafe { InstanceData::trace(*instance, visit) }?;
        }
        for table in &self.tables {
            let mut table = HostTable::table(*table);
            // SAFETY: the store's own table (*owned*), to which nobody has a reference.
            unsafe { table.as_mut() }.trace(visit)?;
        }
        for global in &self.globals {
            // SAFETY: the store's own global (*owned*); its value lies at the start.
            unsafe {
                if global.as_ref().is_reference() {
                    visit(global.cast::<u32>().as_ptr())?;
                }
            }
        }
        Ok(())
    }
}
