//! Which functions are hard to allocate registers for.
//!
//! The backtracking allocator takes time in proportion to a function's size, but for two things that hardly any
//! program has much of. It goes through parameters of blocks once for each value that lives at the beginning
//! of a block (regalloc2 0.15, `ion/moves.rs`: `PrevBuffer` lags behind), so that ten thousand ifs which change a
//! thousand locals take hours. And values that calls pass in the same places evict each other. For such
//! functions the allocator that works in one pass is taken: its code is about half as fast.

use cranelift_codegen::ir::Function;

/// Functions with fewer instructions are never hard.
const SMALL: usize = 2000;
/// Steps through parameters of blocks, of about a nanosecond each.
const MOST_STEPS: u64 = 200_000_000;
/// Values that calls pass: so many take about as long.
const MOST_PASSED: usize = 100_000;

/// Whether it is, for a function with at most so many values that live at the beginnings of its blocks, added
/// up over all blocks. It depends on nothing but the function: its code is the same everywhere.
pub(super) fn is_hard(func: &Function, live_in: u64) -> bool {
    let dfg = &func.dfg;
    if dfg.num_insts() < SMALL {
        return false;
    }
    let (mut params, mut passed) = (0, 0);
    for block in func.layout.blocks() {
        params += dfg.num_block_params(block);
        for inst in func.layout.block_insts(block) {
            if dfg.insts[inst].opcode().is_call() {
                passed += dfg.inst_args(inst).len() + dfg.inst_results(inst).len();
            }
        }
    }
    live_in.saturating_mul(params as u64) > MOST_STEPS || passed > MOST_PASSED
}
