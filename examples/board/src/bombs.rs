//! Modules that are meant for the compiler.

use alloc::vec::Vec;

/// A module whose one function nests so many blocks: it takes time.
pub(crate) fn nested(levels: usize) -> Vec<u8> {
    // `local.get 0`, `if` again and again; as many `end`.
    let mut operators = [0x20, 0, 0x04, 0x40].repeat(levels);
    operators.resize(operators.len() + levels, 0x0b);
    module(&operators)
}

/// A module whose one function has a `br_table` of so many targets: it takes memory.
pub(crate) fn wide(targets: usize) -> Vec<u8> {
    // `block`, `local.get 0`, `br_table` with all targets and the default 0, `end`.
    let mut operators = [0x02, 0x40, 0x20, 0, 0x0e].to_vec();
    operators.extend(leb128(targets));
    operators.resize(operators.len() + targets + 1, 0);
    operators.push(0x0b);
    module(&operators)
}

/// A module whose one function, `run`, has no locals, does this, and returns 0.
fn module(operators: &[u8]) -> Vec<u8> {
    // (func (export "run") (param i32) (result i64)): type, function and export section.
    let mut module =
        b"\0asm\x01\0\0\0\x01\x06\x01\x60\x01\x7f\x01\x7e\x03\x02\x01\0\x07\x07\x01\x03run\0\0"
            .to_vec();
    // No locals; the operators; `i64.const 0`, `end`.
    let body = [&[0], operators, &[0x42, 0, 0x0b]].concat();
    let size = leb128(body.len());
    module.push(10);
    module.extend(leb128(1 + size.len() + body.len()));
    module.push(1);
    module.extend(size);
    module.extend(body);
    module
}

/// A module that ends in the middle of its last constant.
pub(crate) fn corrupt() -> Vec<u8> {
    let mut module = nested(1);
    if let Some(constant) = module.iter_mut().rev().nth(1) {
        *constant |= 0x80;
    }
    module
}

fn leb128(mut value: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}
