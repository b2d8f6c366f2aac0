//! Modules that are meant for the compiler.

use alloc::vec::Vec;
use wasmetal_bombs::BOMBS;

/// A module of one of the kinds that cost the compiler much.
pub(crate) fn bomb(name: &str, size: usize) -> Vec<u8> {
    let bomb = BOMBS.iter().find(|bomb| bomb.name == name);
    bomb.expect("a kind of bomb").of_size(size)
}

/// A module whose one function nests so many blocks.
pub(crate) fn nested(levels: usize) -> Vec<u8> {
    // (func (export "run") (param i32) (result i64)): type, function and export section.
    let mut module =
        b"\0asm\x01\0\0\0\x01\x06\x01\x60\x01\x7f\x01\x7e\x03\x02\x01\0\x07\x07\x01\x03run\0\0"
            .to_vec();
    // No locals; `local.get 0`, `if` again and again; as many `end`; `i64.const 0`, `end`.
    let mut body = [0x20, 0, 0x04, 0x40].repeat(levels);
    body.insert(0, 0);
    body.resize(body.len() + levels, 0x0b);
    body.extend([0x42, 0, 0x0b]);
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
