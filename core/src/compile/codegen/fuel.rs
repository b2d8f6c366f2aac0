//! The fuel that is pending at trap sites, from the marks of a function's operators.

use crate::compile::translate::FuelMark;
use crate::image::traps::TrapSite;
use alloc::vec;

/// Tells trap sites what is pending there. `addresses` are code offsets and the offsets in the module that they come
/// from, by ascending code offset; marks and sites are in their order too.
///
/// An instruction may do the work of several operators: of a load, and of what takes its value, whose offset it has.
/// So an operator without a site of its own trapped, if it did, at the next site in its block.
pub(super) fn spread(marks: &[FuelMark], addresses: &[(u32, u32)], sites: &mut [TrapSite]) {
    if marks.is_empty() {
        return;
    }
    let mark_of = |site: &TrapSite| {
        let after = addresses.partition_point(|(offset, _)| *offset <= site.offset);
        let (_, wasm) = *addresses.get(after.checked_sub(1)?)?;
        marks
            .partition_point(|mark| mark.offset <= wasm)
            .checked_sub(1)
    };
    let mut has_site = vec![false; marks.len()];
    for mark in sites.iter().filter_map(mark_of) {
        has_site[mark] = true;
    }
    for site in sites {
        let Some(mut mark) = mark_of(site) else {
            continue;
        };
        while !marks[mark].is_border
            && mark > 0
            && !has_site[mark - 1]
            && !marks[mark - 1].is_border
        {
            mark -= 1;
        }
        site.fuel = marks[mark].pending;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::abi::traps::Trap;
    use alloc::vec::Vec;

    /// Marks as (offset, pending, border), the offsets in the module that sites come from, and what is pending at each.
    #[track_caller]
    fn check(marks: &[(u32, u64, bool)], sites: &[u32], expected: &[u64]) {
        let marks: Vec<_> = marks
            .iter()
            .map(|&(offset, pending, is_border)| FuelMark {
                offset,
                pending,
                is_border,
            })
            .collect();
        let addresses = sites
            .iter()
            .enumerate()
            .map(|(i, wasm)| (4 * i as u32, *wasm));
        let addresses: Vec<_> = addresses.collect();
        let mut sites: Vec<_> = (0..sites.len() as u32)
            .map(|i| TrapSite {
                offset: 4 * i,
                trap: Trap::MemoryOutOfBounds,
                fuel: 0,
            })
            .collect();
        spread(&marks, &addresses, &mut sites);
        let found: Vec<_> = sites.iter().map(|site| site.fuel).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn sites_have_what_is_pending() {
        check(&[], &[7], &[0]);
        check(&[(10, 3, false), (20, 5, false)], &[10, 20], &[3, 5]);
        // The prologue.
        check(&[(10, 3, false)], &[1, 10], &[0, 3]);
        // Code that lies behind other operators' code.
        check(&[(10, 3, false), (20, 5, false)], &[20, 10], &[5, 3]);
        // A load and an operator that does not trap in one instruction.
        check(&[(10, 3, false), (20, 5, false)], &[12, 20], &[3, 5]);
        // A load and a store in one instruction.
        check(
            &[(10, 3, false), (20, 5, false), (30, 6, false)],
            &[20, 30],
            &[3, 6],
        );
        // In another block there is another instruction.
        check(
            &[(10, 3, false), (15, 0, true), (20, 5, false)],
            &[20],
            &[5],
        );
        check(&[(10, 3, false), (20, 5, true)], &[20], &[5]);
    }
}
