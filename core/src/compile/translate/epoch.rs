//! Epochs: where code finds out that its store's deadline has come.
//!
//! One word of the store's clock says so: one load, and a comparison with zero. The call that may follow
//! keeps all registers, so code pays nothing else for it.

use super::access::Kind;
use super::function::Translator;
use super::runtime::Place;
use super::types::POINTER;
use crate::abi::vmctx::{header, query};
use cranelift_codegen::ir::{self, AbiParam, InstBuilder, Value};
use cranelift_codegen::isa::CallConv;

impl Translator<'_, '_> {
    /// Lets the runtime say what is to become of this code if its store's deadline has come.
    pub(super) fn check_epoch(&mut self) {
        if !self.env.tunables.epoch_interruption {
            return;
        }
        let base = match self.runtime.clock {
            Some(clock) => clock,
            None => {
                let place = self.in_vmctx(header::CLOCK);
                let clock = self.load_on_entry(Kind::Vmctx, POINTER, place);
                *self.runtime.clock.insert(clock)
            }
        };
        let place = Place {
            base,
            offset: query::DUE as i32,
        };
        // Each check loads it anew: the call may lie between two of them, as far as the optimiser knows.
        let due = self.load_field(Kind::Clock, POINTER, place);
        self.ask_if(due, base);
        // The embedder may have done anything.
        self.extents_may_change();
    }

    /// Lets the runtime say what is to become of this code, by this query of the store, if the value is not 0.
    pub(super) fn ask_if(&mut self, is_due: Value, query: Value) {
        let ask = self.builder.create_block();
        let next = self.builder.create_block();
        self.builder.set_cold_block(ask);
        self.builder.ins().brif(is_due, ask, &[], next, &[]);
        self.continue_in(ask);
        self.lend_fuel();
        // It is no constant to the optimiser, and so takes no register outside the block.
        let place = Place {
            base: query,
            offset: query::CALLBACK as i32,
        };
        let code = self.load_field(Kind::Clock, POINTER, place);
        let signature = self.callback_signature();
        let ins = self.builder.ins();
        ins.call_indirect(signature, code, &[query]);
        self.take_fuel_back();
        self.builder.ins().jump(next, &[]);
        self.continue_in(next);
    }

    fn callback_signature(&mut self) -> ir::SigRef {
        if let Some(signature) = self.runtime.callback {
            return signature;
        }
        let mut signature = ir::Signature::new(CallConv::PreserveAll);
        signature.params.push(AbiParam::new(POINTER));
        let signature = self.builder.import_signature(signature);
        *self.runtime.callback.insert(signature)
    }
}
