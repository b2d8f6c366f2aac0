//! Making and growing the tables of a store: who is asked, and what is counted.

use super::{Growing, Growth, Question, ResourcesUsed, StoreOpaque};
use crate::error::Result;
use crate::error::bounded::{bail, format_err};
use crate::instance::{Element, TableData, maximum_of_table};
use crate::interrupt::Pieces;
use crate::module::TableType;
use core::ptr::NonNull;

impl StoreOpaque {
    /// Asks whether a table may be made.
    pub(crate) fn allow_table(&mut self, ty: &TableType) -> Result<()> {
        if self.limiter.is_none() {
            return Ok(());
        }
        let desired = usize::try_from(ty.limits.minimum).unwrap_or(usize::MAX);
        let maximum = maximum_of_table(ty);
        if self.may_grow(Question {
            what: Growing::Table,
            current: 0,
            desired,
            maximum,
        })? {
            return Ok(());
        }
        bail!(
            "table minimum size of {} elements exceeds table limits",
            ty.limits.minimum
        )
    }

    /// Grows a table by `delta` elements of `init`.
    ///
    /// # Errors
    /// The limiter's. The store was interrupted: the table is as it was.
    ///
    /// # Safety
    /// `table` is one of this store's; `init` is of its element type and belongs to the store.
    pub(crate) unsafe fn grow_table(
        &mut self,
        mut table: NonNull<TableData>,
        delta: u64,
        init: Element,
        pieces: Pieces,
    ) -> Result<Growth> {
        // SAFETY: the store is borrowed exclusively, and owns the table; the limiter, which runs
        // meanwhile, can't reach the store.
        let table = unsafe { table.as_mut() };
        let old = table.len();
        if delta == 0 {
            return Ok(Growth::From(old as u64));
        }
        let maximum = maximum_of_table(table.ty());
        let desired = usize::try_from(delta)
            .ok()
            .and_then(|delta| delta.checked_add(old));
        if self.limiter.is_some() {
            let asked = desired.unwrap_or(usize::MAX);
            if !self.may_grow(Question {
                what: Growing::Table,
                current: old,
                desired: asked,
                maximum,
            })? {
                return Ok(Growth::Refused);
            }
        }
        let grown = match desired {
            Some(desired) => {
                let more = ResourcesUsed {
                    table_elements: desired - old,
                    ..Default::default()
                };
                self.count_made(&more, || table.grow_to(desired, init, maximum, pieces))
            }
            None => Err(format_err!("table maximum size exceeded")),
        };
        self.growth(old as u64, grown, |limiter, error| {
            limiter.table_grow_failed(error)
        })
    }
}
