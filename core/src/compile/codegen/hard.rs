//! Which functions are hard to compile.
//!
//! Cranelift takes time in proportion to a function's size, but for a few things that hardly any program has much of:
//!
//! - Loops in loops. The optimiser looks for a place before the loops around an instruction, and goes from loop to loop
//!   for each of them (Cranelift 0.135, `egraph/elaborate.rs`: `is_in_loop`). Such functions are not optimised.
//! - Values that live long. The backtracking allocator has a range for each of them in each block, and goes through the
//!   parameters of blocks once for each value that lives at the beginning of a block (regalloc2 0.15, `ion/moves.rs`:
//!   `PrevBuffer` lags behind), so that ten thousand ifs which change a thousand locals take hours. It is the optimiser
//!   that makes values live long, where it merges those that are equal and takes constants out of loops: so this is asked of
//!   what it has made.
//! - Values that calls pass. Those in the same places evict each other.
//!
//! For the last two the allocator that works in one pass is taken: its code is about half as fast.
//!
//! What is said here depends on nothing but the function: its code is the same everywhere.

use crate::compile::translate::Facts;
use alloc::vec::Vec;
use cranelift_codegen::ir::{Block, Function, Value};
use cranelift_entity::SecondaryMap;

/// Functions with fewer instructions and values are hard only if they are nested. (A few instructions can pass any number of
/// values, and go from loop to loop any number of times.)
const SMALL: usize = 2000;
/// Steps of a nanosecond or two: from loop to loop, or through parameters of blocks.
const MOST_STEPS: u64 = 200_000_000;
/// As many steps from loop to loop take about as long as the rest does for a byte of a body. More of them are those of loops
/// in thirty loops or more, on average: of which a module may have many, each in a function of a few hundred bytes.
const MOST_STEPS_FOR_A_BYTE: u64 = 500;
/// Values at the beginnings of blocks, of up to 170 ns each, and how many at one block on average: with fewer of either they
/// take no longer than the rest of the function does.
const MOST_LIVE: u64 = 2_000_000;
const MOST_LIVE_AT_ONE: u64 = 200;
/// Values that calls pass: this many take about as long.
const MOST_PASSED: usize = 100_000;

/// Whether nothing needs to be asked of the function, which has not been optimised.
pub(super) fn is_small(func: &Function, facts: &Facts) -> bool {
    func.dfg.num_insts() + func.dfg.num_values() < SMALL && !is_nested(facts)
}

/// Whether a function is better not optimised.
pub(super) fn is_nested(facts: &Facts) -> bool {
    facts.nesting > MOST_STEPS.min(facts.bytes * MOST_STEPS_FOR_A_BYTE)
}

/// Whether the backtracking allocator is to be spared the function, which has been optimised. It was made of no more values at
/// the beginnings of blocks than the facts say; the optimiser makes more of them live there, or fewer.
pub(super) fn is_crowded(func: &Function, facts: &Facts) -> bool {
    let dfg = &func.dfg;
    let (mut blocks, mut params, mut passed) = (0, 0, 0);
    for block in func.layout.blocks() {
        blocks += 1;
        params += dfg.num_block_params(block);
        for inst in func.layout.block_insts(block) {
            if dfg.insts[inst].opcode().is_call() {
                passed += dfg.inst_args(inst).len() + dfg.inst_results(inst).len();
            }
        }
    }
    let live = live(func);
    passed > MOST_PASSED
        || live > MOST_LIVE.max(blocks * MOST_LIVE_AT_ONE)
        || live.max(facts.live_in).saturating_mul(params as u64) > MOST_STEPS
}

/// How many values live at the beginnings of blocks, added up over all blocks: from the block that makes a value to the last
/// that uses it, in the order of the code; to the end of a loop that uses it and is entered with it.
fn live(func: &Function) -> u64 {
    let blocks: Vec<Block> = func.layout.blocks().collect();
    let mut positions = SecondaryMap::<Block, u32>::with_capacity(func.dfg.num_blocks());
    for (at, block) in (0..).zip(&blocks) {
        positions[*block] = at;
    }
    // Where the loop ends that begins with a block.
    let mut ends: Vec<u32> = (0..blocks.len() as u32).collect();
    for (at, block) in (0..).zip(&blocks) {
        for head in func.block_successors(*block) {
            let end = &mut ends[positions[head] as usize];
            *end = at.max(*end);
        }
    }
    // A loop goes on to the end of each loop that begins in it: from there the way back to its own beginning leads through
    // that one's, wherever its own last branch back stands.
    for head in (0..ends.len()).rev() {
        let mut inner = head + 1;
        while inner <= ends[head] as usize {
            ends[head] = ends[head].max(ends[inner]);
            inner = ends[inner] as usize + 1;
        }
    }
    // Of each value, where it is made and where it ends.
    let mut spans = SecondaryMap::<Value, (u32, u32)>::with_capacity(func.dfg.num_values());
    // The loops around: the first block and the last, outermost first.
    let mut loops: Vec<(u32, u32)> = Vec::new();
    let mut live = 0;
    for (at, block) in (0..).zip(&blocks) {
        while loops.pop_if(|(_, end)| *end < at).is_some() {}
        let end = ends[at as usize];
        if end > at {
            loops.push((at, end));
        }
        for param in func.dfg.block_params(*block) {
            spans[*param] = (at, at);
        }
        for inst in func.layout.block_insts(*block) {
            for value in func.dfg.inst_values(inst) {
                let (made, ended) = spans[value];
                // Made in this block, or known to live so long.
                if ended >= at {
                    continue;
                }
                // Of the loops that it is made before, the outermost.
                let entered = loops.partition_point(|(head, _)| *head <= made);
                let end = loops.get(entered).map_or(at, |(_, end)| *end);
                live += u64::from(end.saturating_sub(ended));
                spans[value].1 = end.max(ended);
            }
            for result in func.dfg.inst_results(inst) {
                spans[*result] = (at, at);
            }
        }
    }
    live
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether operators are nested too deep in `loops` loops with as many sums in the innermost.
    fn check_nested(loops: u64, expected: bool) {
        let facts = Facts {
            nesting: 4 * loops * loops * loops + loops * (loops + 1) * (2 * loops + 1) / 6 * 4,
            bytes: loops * (7 + 2 + 5),
            ..Facts::default()
        };
        assert_eq!(is_nested(&facts), expected, "{loops}");
    }

    #[test]
    fn nested_for_their_size() {
        check_nested(1, false);
        check_nested(30, false);
        check_nested(50, true);
        check_nested(1_000, true);
        // As deep as the former, with much that is not nested.
        let facts = |bytes| Facts {
            nesting: 100_000_000,
            bytes,
            ..Facts::default()
        };
        assert!(is_nested(&facts(10_000)));
        assert!(!is_nested(&facts(200_000)));
    }

    use cranelift_codegen::cursor::{Cursor as _, FuncCursor};
    use cranelift_codegen::ir::{InstBuilder as _, types};

    /// Values at the beginnings of blocks. Each block makes a value, uses those of these blocks, and goes on in those.
    fn check(blocks: &[(&[usize], &[usize])], expected: u64) {
        let mut func = Function::new();
        let made: Vec<Block> = blocks.iter().map(|_| func.dfg.make_block()).collect();
        let mut cursor = FuncCursor::new(&mut func);
        let mut values = Vec::new();
        for ((uses, next), block) in blocks.iter().zip(&made) {
            cursor.insert_block(*block);
            values.push(cursor.ins().iconst(types::I64, 0));
            for made in *uses {
                cursor.ins().iadd(values[*made], values[*made]);
            }
            match **next {
                [] => cursor.ins().return_(&[]),
                [next] => cursor.ins().jump(made[next], &[]),
                [yes, no, ..] => {
                    let value = *values.last().unwrap();
                    cursor.ins().brif(value, made[yes], &[], made[no], &[])
                }
            };
        }
        assert_eq!(live(&func), expected, "{blocks:?}");
    }

    #[test]
    fn values_at_the_beginnings_of_blocks() {
        check(&[(&[0], &[])], 0);
        check(&[(&[], &[1]), (&[0], &[])], 1);
        check(&[(&[], &[1]), (&[0], &[2]), (&[0, 0, 1], &[])], 3);
        check(&[(&[], &[1]), (&[], &[2]), (&[], &[3]), (&[0], &[])], 3);
        // A loop from 1 to 3: what it is entered with lives to its end, what is made in it does not.
        check(
            &[
                (&[], &[1]),
                (&[0], &[2]),
                (&[], &[3]),
                (&[], &[1, 4]),
                (&[], &[]),
            ],
            3,
        );
        check(
            &[
                (&[], &[1]),
                (&[], &[2]),
                (&[1], &[3]),
                (&[], &[1, 4]),
                (&[], &[]),
            ],
            1,
        );
        // A loop of one block.
        check(&[(&[], &[1]), (&[0], &[1, 2]), (&[], &[])], 1);
        // Loops from 1 to 4 and from 2 to 3.
        let nested = |uses: [&'static [usize]; 6], expected| {
            let next: [&[usize]; 6] = [&[1], &[2], &[3], &[2, 4], &[1, 5], &[]];
            let blocks: Vec<_> = uses.into_iter().zip(next).collect();
            check(&blocks, expected);
        };
        nested([&[], &[], &[0], &[], &[], &[]], 4);
        nested([&[], &[], &[1], &[], &[], &[]], 2);
        nested([&[], &[], &[], &[2], &[], &[]], 1);
        nested([&[], &[], &[0], &[], &[], &[0]], 5);
        // From 1 to 4, though the last branch back to 1 is in 2, the head of the loop to 4.
        let next: [&[usize]; 6] = [&[1], &[2], &[1, 3], &[4], &[2, 5], &[]];
        let uses: [&[usize]; 6] = [&[], &[], &[], &[], &[0], &[]];
        let blocks: Vec<_> = uses.into_iter().zip(next).collect();
        check(&blocks, 4);
    }
}
