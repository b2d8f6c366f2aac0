//! Bases and lengths of memories and tables that may change.
//!
//! Only calls and growing change them. A loop without these therefore loads each once, before it is
//! entered: when its end is reached, the loads within are replaced by one in front of it. (The
//! optimiser moves no load of what may change.)

use super::access::{self, Kind};
use super::function::Translator;
use super::runtime::Place;
use alloc::vec::Vec;
use cranelift_codegen::cursor::{Cursor, FuncCursor};
use cranelift_codegen::ir::{self, Value};

/// The loads of extents in the loops that are open.
#[derive(Default)]
pub(super) struct Extents {
    loads: Vec<(ir::Type, Place, Value)>,
    /// How many operators there were that may change extents.
    changes: usize,
}

/// The state of [`Extents`] when a loop was entered.
#[derive(Clone, Copy)]
pub(super) struct Mark {
    loads: usize,
    changes: usize,
}

impl Translator<'_, '_> {
    /// Loads a base or length.
    pub(super) fn load_extent(&mut self, ty: ir::Type, place: Place) -> Value {
        let value = self.load_field(Kind::Extent, ty, place);
        self.extents.loads.push((ty, place, value));
        value
    }

    /// What is loaded from here on may be something else than before.
    pub(super) fn extents_may_change(&mut self) {
        self.extents.changes += 1;
    }

    /// Remembers the state at the entry of a loop.
    pub(super) fn mark_extents(&self) -> Mark {
        Mark {
            loads: self.extents.loads.len(),
            changes: self.extents.changes,
        }
    }

    /// Takes loads out of a loop that ends here and was entered by `entry`.
    pub(super) fn hoist_extents(&mut self, entry: ir::Inst, mark: Mark) {
        let loads = self.extents.loads.split_off(mark.loads);
        if self.extents.changes != mark.changes {
            return;
        }
        for (ty, place, value) in loads {
            // Few are different.
            let known = self.extents.loads[mark.loads..]
                .iter()
                .find(|(t, p, _)| (*t, *p) == (ty, place));
            let hoisted = match known {
                Some((_, _, hoisted)) => *hoisted,
                None => {
                    let mut cursor = FuncCursor::new(self.builder.func).at_inst(entry);
                    let hoisted = access::load(cursor.ins(), Kind::Extent, ty, place);
                    self.extents.loads.push((ty, place, hoisted));
                    hoisted
                }
            };
            let func = &mut *self.builder.func;
            if let Some(load) = func.dfg.value_def(value).inst() {
                func.layout.remove_inst(load);
                func.dfg.clear_results(load);
                func.dfg.change_to_alias(value, hoisted);
            }
        }
    }
}
