//! Fuel: what code pays for its operators, and where it ends when it can't.
//!
//! A function keeps what is left in a variable. What operators cost is known here, so nothing is counted one by
//! one: at each point of a function the variable less a constant is left, the *pending* cost. Where paths meet
//! they agree on one constant, that of the path that came first, and only the others change the variable. Forward
//! branches that are not taken never do.
//!
//! The *fuel register*, Cranelift's pinned one, has what is left when the function calls or returns, and between, the
//! variable: whatever changes that writes it to the register. Nothing else is kept there while Wasm code runs, so what a
//! trap leaves is known too: the trap site has the pending cost, found by the [`FuelMark`]s of its function, and the trap
//! hook takes it off.
//!
//! The store has it while other code runs, which may change it there: trampolines hand it over both ways, a function tells
//! it before it calls a builtin, and who goes on where an exception is caught takes it from there.
//!
//! When it is used up, the code ends, or, where asynchronous calls may give others their turn, asks what is to become of it.
//!
//! What is left is compared with 0 at the function's entry, at the heads of loops, and before operators that work
//! on a range: between two of these a function does no more work than it is long.

use super::access::Kind;
use super::function::Translator;
use super::runtime::Place;
use crate::abi::traps::Trap;
use crate::abi::vmctx::{FUEL_IS_TOLD, store_context};
use crate::compile::operators::{Flow, Operator};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{Block, Inst, InstBuilder, Value, types};
use cranelift_entity::EntityRef as _;
use cranelift_frontend::Variable;

/// What a function's entry costs.
const ENTRY_COST: i64 = 1;

/// The most that is ever pending or that one operator costs: the difference does not wrap.
const MAX_COST: i64 = i64::MAX - (1 << 48);

/// What paths agree on is hardly more than this, so that what is left may be added to it: a store has no more than 2^62
/// units that code counts (`store/fuel`).
const LARGE_COST: i64 = 1 << 60;

/// Operators on ranges of a constant size that cost no more do not look at what is left.
const SMALL_COST: i64 = 128;

/// The fuel at a point of a function.
#[derive(Clone, Copy)]
pub(super) struct Fuel {
    variable: Variable,
    /// What is to be taken off the variable.
    pending: i64,
    /// What is to be taken off what the register has, if the operator traps.
    at_trap: i64,
}

/// An operator that may trap or ends a block.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FuelMark {
    /// Where it stands in the module.
    pub(crate) offset: u32,
    /// What is pending if it traps.
    pub(crate) pending: u64,
    /// Code of operators before it does not get behind it.
    pub(crate) is_border: bool,
}

/// How far the translation of a function has come.
#[derive(Clone, Copy)]
pub(super) struct Progress {
    instructions: usize,
    block: Option<Block>,
}

/// Whether an operator goes on in another function.
fn leaves(operator: Operator<'_>) -> bool {
    match operator.into() {
        Flow::Calls | Flow::TailCalls | Flow::Throws => true,
        Flow::Opens
        | Flow::Catches(_)
        | Flow::Tries
        | Flow::Else
        | Flow::Caught
        | Flow::End
        | Flow::Delegates(_)
        | Flow::Branches(_)
        | Flow::Plain => false,
    }
}

impl Translator<'_, '_> {
    /// Takes the fuel, at the function's entry.
    pub(super) fn enter_fuel(&mut self) {
        if !self.env.tunables.consume_fuel {
            return;
        }
        let variable = self.builder.declare_var(types::I64);
        self.fuel = Some(Fuel {
            variable,
            pending: 0,
            at_trap: 0,
        });
        self.load_fuel();
        self.add_pending(ENTRY_COST);
        self.check_fuel();
    }

    fn add_pending(&mut self, cost: i64) {
        if let Some(fuel) = &mut self.fuel {
            fuel.pending = fuel.pending.saturating_add(cost).min(MAX_COST);
        }
    }

    /// Pays for an operator that is about to be translated, and costs this by itself.
    pub(super) fn pay(&mut self, cost: i64, operator: Operator<'_>) {
        self.add_pending(cost);
        if self.is_metered()
            && let Some(cost) = self.env.costs.variable.cost(operator)
        {
            self.pay_for_range(cost);
        }
        let leaves = leaves(operator);
        if leaves {
            self.hand_fuel_over();
        }
        if let Some(fuel) = &mut self.fuel {
            fuel.at_trap = if leaves { 0 } else { fuel.pending };
        }
    }

    /// Whether code is ended that runs too long.
    fn is_metered(&self) -> bool {
        self.fuel.is_some() || self.env.tunables.epoch_interruption
    }

    /// Pays for as many units as the uppermost operand says, and looks whether the code is to go on.
    fn pay_for_range(&mut self, cost: u8) {
        let top = self.extend_top(1);
        let units = self.operands[top];
        let cost = i64::from(cost);
        if let Some(units) = self.constant(units) {
            let units = i64::try_from(units).unwrap_or(i64::MAX);
            let cost = units.saturating_mul(cost);
            self.add_pending(cost);
            if cost <= SMALL_COST {
                return;
            }
        } else if cost > 0
            && let Some(fuel) = self.fuel
        {
            let units = match self.builder.func.dfg.value_type(units) {
                types::I64 => {
                    let most = self.builder.ins().iconst(types::I64, MAX_COST / cost);
                    self.builder.ins().umin(units, most)
                }
                _ => self.builder.ins().uextend(types::I64, units),
            };
            let price = self.builder.ins().imul_imm_u(units, cost);
            let left = self.builder.use_var(fuel.variable);
            let left = self.builder.ins().isub(left, price);
            self.set_left(fuel.variable, left);
        }
        self.check_limits();
        if let Some(fuel) = self.fuel
            && fuel.pending > LARGE_COST
        {
            let left = self.less(fuel.variable, fuel.pending);
            self.set_left(fuel.variable, left);
            self.set_pending(0);
        }
    }

    /// Goes on only if there is fuel and the deadline has not come.
    pub(super) fn check_limits(&mut self) {
        self.check_fuel();
        self.check_epoch();
    }

    fn check_fuel(&mut self) {
        let Some(fuel) = self.fuel else {
            return;
        };
        let left = self.builder.use_var(fuel.variable);
        let pending = self.builder.ins().iconst(types::I64, fuel.pending);
        let ins = self.builder.ins();
        let none_left = ins.icmp(IntCC::SignedLessThanOrEqual, left, pending);
        if !self.env.tunables.fuel_yields {
            self.trap_if(none_left, Trap::OutOfFuel);
            return;
        }
        let context = self.store_context();
        let offset = i64::from(store_context::FUEL_QUERY);
        let query = self.builder.ins().iadd_imm_s(context, offset);
        self.ask_if(none_left, query);
    }

    fn fuel_place(&mut self) -> Place {
        Place {
            base: self.store_context(),
            offset: store_context::FUEL as i32,
        }
    }

    /// Takes what is left from the register: other Wasm code was called, or has thrown.
    pub(super) fn load_fuel(&mut self) {
        if let Some(fuel) = self.fuel {
            let left = self.builder.ins().get_pinned_reg(types::I64);
            self.builder.def_var(fuel.variable, left);
            self.owe_nothing();
        }
    }

    /// Goes on at a point where the register has just what is left: nothing is pending, for traps neither.
    pub(super) fn owe_nothing(&mut self) {
        if let Some(fuel) = &mut self.fuel {
            fuel.pending = 0;
            fuel.at_trap = 0;
        }
    }

    /// Makes the register have what is left: other Wasm code goes on.
    pub(super) fn hand_fuel_over(&mut self) {
        if let Some(fuel) = self.fuel {
            let left = self.less(fuel.variable, fuel.pending);
            self.builder.ins().set_pinned_reg(left);
        }
    }

    /// Makes the register have what is left before the code ends here. Without that, a block that only traps could become
    /// a trap of the branch that leads to it.
    pub(super) fn end_fuel(&mut self) {
        self.hand_fuel_over();
        if let Some(fuel) = &mut self.fuel {
            fuel.at_trap = 0;
        }
    }

    /// Changes the variable, which the register has too.
    fn set_left(&mut self, variable: Variable, left: Value) {
        self.builder.def_var(variable, left);
        self.builder.ins().set_pinned_reg(left);
    }

    /// Makes the register have what it has in the function, though the fuel was handed over.
    pub(super) fn keep_fuel(&mut self) {
        if let Some(fuel) = self.fuel {
            let left = self.builder.use_var(fuel.variable);
            self.builder.ins().set_pinned_reg(left);
        }
    }

    /// Lends the store what is left while the embedder is asked, who may give more.
    pub(super) fn lend_fuel(&mut self) {
        if self.fuel.is_some() {
            self.hand_fuel_over();
            self.tell_fuel();
            let told = self
                .builder
                .ins()
                .iconst(types::I64, FUEL_IS_TOLD.cast_signed());
            self.builder.ins().set_pinned_reg(told);
        }
    }

    /// Takes back what was [lent](Self::lend_fuel).
    pub(super) fn take_fuel_back(&mut self) {
        if let Some(fuel) = self.fuel {
            let place = self.fuel_place();
            let left = self.load_field(Kind::Fuel, types::I64, place);
            let left = self.builder.ins().iadd_imm_s(left, fuel.pending);
            self.set_left(fuel.variable, left);
        }
    }

    /// Tells the store what the register has.
    pub(super) fn tell_fuel(&mut self) {
        if self.fuel.is_some() {
            let left = self.builder.ins().get_pinned_reg(types::I64);
            let place = self.fuel_place();
            self.store_field(Kind::Fuel, left, place);
        }
    }

    /// Has the runtime work, which may end the code without a trap site: so the store has what is left meanwhile. It takes
    /// none, so the register is right afterwards.
    pub(super) fn with_fuel_told<R>(&mut self, work: impl FnOnce(&mut Self) -> R) -> R {
        let Some(fuel) = self.fuel.filter(|fuel| fuel.at_trap != 0) else {
            self.tell_fuel();
            return work(self);
        };
        // Whenever the code is interrupted, the register tells the same as the store.
        let left = self.less(fuel.variable, fuel.at_trap);
        self.builder.ins().set_pinned_reg(left);
        self.tell_fuel();
        let result = work(self);
        self.keep_fuel();
        result
    }

    /// How far the translation has come, before an operator.
    pub(super) fn progress(&self) -> Progress {
        Progress {
            instructions: self.builder.func.dfg.num_insts(),
            block: self.builder.current_block(),
        }
    }

    /// Takes note of the operator that was translated since `before`, if code uses fuel.
    pub(super) fn mark_fuel(&mut self, before: Progress) {
        let Some(fuel) = self.fuel else {
            return;
        };
        let now = self.progress();
        let is_border = now.block != before.block;
        let dfg = &self.builder.func.dfg;
        let mut new = (before.instructions..now.instructions).map(Inst::new);
        let traps = |inst: Inst| {
            let data = &dfg.insts[inst];
            data.opcode().can_trap() || data.memflags_trap_code(dfg).is_some()
        };
        if is_border || new.any(traps) {
            self.fuel_marks.push(FuelMark {
                // The end of the body fits, so all offsets in it do.
                offset: self.offset as u32,
                pending: fuel.at_trap.cast_unsigned(),
                is_border,
            });
        }
    }

    fn less(&mut self, variable: Variable, cost: i64) -> Value {
        let left = self.builder.use_var(variable);
        match cost {
            0 => left,
            cost => self.builder.ins().iadd_imm_s(left, -cost),
        }
    }

    /// What is pending here; 0 without fuel.
    pub(super) fn pending_fuel(&self) -> i64 {
        self.fuel.map_or(0, |fuel| fuel.pending)
    }

    /// Goes on at a point where this is pending.
    pub(super) fn set_pending(&mut self, pending: i64) {
        if let Some(fuel) = &mut self.fuel {
            fuel.pending = pending;
        }
    }

    /// Makes what is pending here that which is pending at a point that code is about to go to; that point
    /// takes what is pending here if no path has come to it yet.
    pub(super) fn agree_on_fuel(&mut self, there: &mut Option<i64>) {
        let Some(fuel) = self.fuel else {
            return;
        };
        let pending = *there.get_or_insert(fuel.pending);
        if pending != fuel.pending {
            let left = self.less(fuel.variable, fuel.pending - pending);
            self.set_left(fuel.variable, left);
            self.set_pending(pending);
        }
    }

    /// Whether a path to a point where this is pending must change the variable.
    pub(super) fn fuel_differs(&self, there: Option<i64>) -> bool {
        there.is_some_and(|pending| self.fuel.is_some_and(|fuel| fuel.pending != pending))
    }
}
