//! The binary format, as far as bombs need it.

use alloc::vec::Vec;

/// Value types.
pub(crate) const I32: u8 = 0x7f;
pub(crate) const I64: u8 = 0x7e;
pub(crate) const F64: u8 = 0x7c;
pub(crate) const EXTERNREF: u8 = 0x6f;
/// `(func)`
pub(crate) const EMPTY: &[u8] = &[0x60, 0, 0];
/// A block type.
pub(crate) const NOTHING: u8 = 0x40;
pub(crate) const END: u8 = 0x0b;

/// Sections by id; those of tags and the data count stand where the format wants them.
const ORDER: [usize; 13] = [1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11];

/// An unsigned number, in LEB128.
pub(crate) fn number(mut value: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

/// A signed number, in LEB128.
pub(crate) fn signed(mut value: i64) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let byte = value as u8 & 0x7f;
        value >>= 7;
        let done = value == if byte & 0x40 == 0 { 0 } else { -1 };
        bytes.push(if done { byte } else { byte | 0x80 });
        if done {
            return bytes;
        }
    }
}

/// A vector's or a string's bytes, behind their count.
pub(crate) fn counted(count: usize, bytes: &[u8]) -> Vec<u8> {
    [&number(count), bytes].concat()
}

/// A name.
pub(crate) fn name(text: &str) -> Vec<u8> {
    counted(text.len(), text.as_bytes())
}

/// A function type.
pub(crate) fn func_type(params: &[u8], results: &[u8]) -> Vec<u8> {
    let params = counted(params.len(), params);
    [&[0x60][..], &params, &counted(results.len(), results)].concat()
}

/// A module under construction.
#[derive(Default)]
pub(crate) struct Module {
    sections: [(usize, Vec<u8>); 14],
}

impl Module {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Adds an item to a section.
    pub(crate) fn add(mut self, section: usize, item: &[u8]) -> Self {
        self.sections[section].0 += 1;
        self.sections[section].1.extend(item);
        self
    }

    /// Adds an item to a section, so often.
    pub(crate) fn repeat(mut self, section: usize, count: usize, item: &[u8]) -> Self {
        self.sections[section].0 += count;
        self.sections[section].1.extend(item.repeat(count));
        self
    }

    /// Adds items to a section.
    pub(crate) fn all(self, section: usize, items: impl IntoIterator<Item = Vec<u8>>) -> Self {
        items
            .into_iter()
            .fold(self, |module, item| module.add(section, &item))
    }

    /// Adds a type.
    pub(crate) fn ty(self, params: &[u8], results: &[u8]) -> Self {
        self.add(1, &func_type(params, results))
    }

    /// Adds a function: its type, how many locals of which types, and its operators but for the last `end`.
    pub(crate) fn function(self, ty: usize, locals: &[(usize, u8)], operators: &[u8]) -> Self {
        let mut body = number(locals.len());
        for (count, ty) in locals {
            body.extend(number(*count));
            body.push(*ty);
        }
        body.extend(operators);
        body.push(END);
        self.add(3, &number(ty))
            .add(10, &counted(body.len(), &body))
    }

    /// The bytes.
    pub(crate) fn bytes(self) -> Vec<u8> {
        let mut bytes = b"\0asm\x01\0\0\0".to_vec();
        for id in ORDER {
            let (count, items) = &self.sections[id];
            if *count > 0 {
                let section = counted(*count, items);
                bytes.push(id as u8);
                bytes.extend(counted(section.len(), &section));
            }
        }
        bytes
    }
}

/// Operators under construction.
#[derive(Default)]
pub(crate) struct Code(pub(crate) Vec<u8>);

impl Code {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// An operator without an index, or several.
    pub(crate) fn op(mut self, bytes: &[u8]) -> Self {
        self.0.extend(bytes);
        self
    }

    /// An operator with an index or a count.
    pub(crate) fn indexed(mut self, opcode: u8, index: usize) -> Self {
        self.0.push(opcode);
        self.0.extend(number(index));
        self
    }

    pub(crate) fn get(self, local: usize) -> Self {
        self.indexed(0x20, local)
    }

    pub(crate) fn set(self, local: usize) -> Self {
        self.indexed(0x21, local)
    }

    pub(crate) fn call(self, function: usize) -> Self {
        self.indexed(0x10, function)
    }

    pub(crate) fn i32(mut self, value: i64) -> Self {
        self.0.push(0x41);
        self.0.extend(signed(value));
        self
    }

    /// What `more` adds, for each number below `count`.
    pub(crate) fn each(self, count: usize, more: impl FnMut(Self, usize) -> Self) -> Self {
        (0..count).fold(self, more)
    }
}
