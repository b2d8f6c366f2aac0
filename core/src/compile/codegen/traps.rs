//! Trap codes of machine code: the way back from Cranelift's to ours.

use crate::abi::traps::Trap;
use crate::compile::translate::trap_code;
use cranelift_codegen::ir::TrapCode;

/// The trap that a code stands for.
pub(super) fn from_code(code: TrapCode) -> Option<Trap> {
    let own = TrapCode::non_user_traps().contains(&code);
    if own {
        Trap::ALL.iter().copied().find(|t| trap_code(*t) == code)
    } else {
        Trap::from_u8(code.as_raw().get())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_map_both_ways() {
        for trap in Trap::ALL {
            assert_eq!(from_code(trap_code(*trap)), Some(*trap));
        }
        for code in TrapCode::non_user_traps() {
            assert_eq!(from_code(*code).map(trap_code), Some(*code));
        }
    }
}
