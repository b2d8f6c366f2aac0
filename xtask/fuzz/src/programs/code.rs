//! Code on its way: locals, blocks, calls, and what all expressions have in common.

use super::module::Module;
use fastrand::Rng;
use std::collections::BTreeSet;
use wasm_encoder::{BlockType, InstructionSink, RefType, StorageType, ValType};

/// What code is written with.
pub(super) struct Writer<'a> {
    pub(super) rng: Rng,
    /// Statements that are left out, by their numbers.
    removed: &'a BTreeSet<u32>,
    /// How many statements there were so far, those in them included.
    pub(super) statements: u32,
}

impl<'a> Writer<'a> {
    pub(super) fn new(rng: Rng, removed: &'a BTreeSet<u32>) -> Self {
        Self {
            rng,
            removed,
            statements: 0,
        }
    }
}

/// One of these, with its weight.
pub(super) fn pick<T: Copy>(rng: &mut Rng, choices: &[(u32, T)]) -> Option<T> {
    let all: u32 = choices.iter().map(|(weight, _)| weight).sum();
    let mut at = if all > 0 { rng.u32(..all) } else { return None };
    let (_, choice) = choices.iter().find(|(weight, _)| match at < *weight {
        true => true,
        false => {
            at -= weight;
            false
        }
    })?;
    Some(*choice)
}

#[derive(Clone, Copy)]
pub(super) struct Local {
    pub(super) ty: ValType,
    /// Whether anyone may write to it: not to a counter.
    pub(super) open: bool,
}

/// The code of a function, or of a constant expression.
pub(super) struct Code<'m, 'w, 'a> {
    pub(super) module: &'m mut Module,
    pub(super) writer: &'w mut Writer<'a>,
    pub(super) bytes: Vec<u8>,
    /// Whether it is a constant expression.
    pub(super) constant: bool,
    /// The function's index.
    pub(super) current: u32,
    pub(super) params: usize,
    pub(super) locals: Vec<Local>,
    /// Whether a branch may go to each of the blocks around, the outermost first: it takes no values.
    pub(super) labels: Vec<bool>,
    /// Whether it calls functions that may call others.
    pub(super) calls: bool,
    /// How many expressions there may still be that are no leaves.
    pub(super) room: u32,
}

impl<'m, 'w, 'a> Code<'m, 'w, 'a> {
    /// A constant expression.
    pub(super) fn constant(module: &'m mut Module, writer: &'w mut Writer<'a>) -> Self {
        Self {
            module,
            writer,
            bytes: Vec::new(),
            constant: true,
            current: 0,
            params: 0,
            locals: Vec::new(),
            labels: Vec::new(),
            calls: false,
            room: 6,
        }
    }

    /// A function.
    pub(super) fn function(
        module: &'m mut Module,
        writer: &'w mut Writer<'a>,
        current: u32,
        room: u32,
    ) -> Self {
        let (params, _) = module.types.signature(module.funcs[current as usize]);
        let locals = params.iter().map(|ty| Local {
            ty: *ty,
            open: true,
        });
        let locals: Vec<Local> = locals.collect();
        Self {
            params: locals.len(),
            constant: false,
            current,
            locals,
            room,
            ..Self::constant(module, writer)
        }
    }

    pub(super) fn rng(&mut self) -> &mut Rng {
        &mut self.writer.rng
    }

    pub(super) fn op(&mut self) -> InstructionSink<'_> {
        InstructionSink::new(&mut self.bytes)
    }

    /// How deep an expression may go on from here.
    pub(super) fn deeper(&mut self, depth: u32) -> u32 {
        if depth == 0 || self.room == 0 {
            return 0;
        }
        self.room -= 1;
        depth - 1
    }

    /// A new local that holds values of a type, or null.
    pub(super) fn local(&mut self, ty: ValType) -> u32 {
        self.local_that(ty, true)
    }

    /// A new local that only its maker writes to.
    pub(super) fn counter(&mut self) -> u32 {
        self.local_that(ValType::I32, false)
    }

    fn local_that(&mut self, ty: ValType, open: bool) -> u32 {
        let ty = match ty {
            ValType::Ref(ty) => ValType::Ref(ty.nullable(true)),
            other => other,
        };
        self.locals.push(Local { ty, open });
        self.locals.len() as u32 - 1
    }

    /// A block, and its end.
    pub(super) fn block(&mut self, ty: BlockType, inside: impl FnOnce(&mut Self)) {
        self.op().block(ty);
        self.inside(matches!(ty, BlockType::Empty), inside);
    }

    /// What is inside a block that has begun, and its end.
    pub(super) fn inside(&mut self, open: bool, inside: impl FnOnce(&mut Self)) {
        self.labels.push(open);
        inside(self);
        self.labels.pop();
        self.op().end();
    }

    /// `if`, after its condition.
    pub(super) fn either(
        &mut self,
        ty: BlockType,
        yes: impl FnOnce(&mut Self),
        no: impl FnOnce(&mut Self),
    ) {
        self.op().if_(ty);
        self.inside(matches!(ty, BlockType::Empty), |code| {
            yes(code);
            code.op().else_();
            no(code);
        });
    }

    /// A value of a type.
    pub(super) fn value(&mut self, ty: ValType, depth: u32) {
        match ty {
            ValType::I32 => self.int(depth),
            ValType::I64 => self.long(depth),
            ValType::F64 => self.double(depth),
            ValType::Ref(ty) => self.reference(ty, depth),
            _ => unreachable!("no other types are used"),
        }
    }

    /// Values of some types.
    pub(super) fn values(&mut self, types: &[ValType], depth: u32) {
        for ty in types {
            self.value(*ty, depth);
        }
    }

    /// A call of a function, one way or the other; its results are left.
    pub(super) fn call(&mut self, func: u32, depth: u32) {
        self.calls = true;
        let ty = self.module.funcs[func as usize];
        let (params, _) = self.module.types.signature(ty);
        let params = params.to_vec();
        self.values(&params, depth);
        match self.rng().u8(..32) {
            0..12 => {
                self.callee(ty, depth);
                self.op().call_ref(ty);
            }
            12 => match self.table_for(self.module.reference_to(func)) {
                Some((table, size)) => {
                    self.index(size);
                    self.op().call_indirect(table, ty);
                }
                None => _ = self.op().call(func),
            },
            _ => _ = self.op().call(func),
        }
    }

    /// As [`call`](Self::call), but the first result alone is left.
    pub(super) fn call_for_first(&mut self, func: u32, depth: u32) {
        self.call(func, depth);
        let ty = self.module.funcs[func as usize];
        let (_, results) = self.module.types.signature(ty);
        for _ in 1..results.len() {
            self.op().drop();
        }
    }

    /// A reference to a function of a type, out of an object if there is one.
    pub(super) fn callee(&mut self, ty: u32, depth: u32) {
        let nullable = self.rng().u8(..32) == 0;
        self.reference(super::types::concrete(nullable, ty), depth.max(1));
    }

    /// A table whose elements a reference may be, and its least size.
    pub(super) fn table_for(&mut self, ty: RefType) -> Option<(u32, u32)> {
        let tables = self.module.tables.iter().enumerate();
        let tables = tables.filter(|(_, table)| self.module.types.fits(ty, table.ty));
        let tables: Vec<_> = tables
            .map(|(index, table)| (index as u32, table.minimum))
            .collect();
        self.rng().choice(tables)
    }

    /// An index below a size; seldom another.
    pub(super) fn index(&mut self, size: u32) {
        match self.rng().u8(..48) {
            0 => self.int(1),
            _ => {
                let index = self.rng().u32(..size.max(1));
                self.op().i32_const(index as i32);
            }
        }
    }

    /// A statement that can be left out; what is in it too.
    pub(super) fn statement(&mut self, depth: u32) {
        let number = self.writer.statements;
        self.writer.statements += 1;
        let start = self.bytes.len();
        self.write_statement(depth);
        if self.writer.removed.contains(&number) {
            self.bytes.truncate(start);
        }
    }

    /// Any function to call from here: most often an imported one, or one of a higher index, so that calls end.
    pub(super) fn some_func(&mut self, suits: impl Fn(&Module, u32) -> bool) -> Option<u32> {
        let all = self.rng().u8(..8) == 0;
        let imported = self.module.imported();
        let after = |func: &u32| *func > self.current || imported.contains(func);
        let funcs = 0..self.module.funcs.len() as u32;
        let funcs = funcs.filter(|func| (all || after(func)) && suits(self.module, *func));
        let funcs: Vec<u32> = funcs.collect();
        self.rng().choice(funcs)
    }
}

/// How a field or an element is read.
pub(super) fn is_packed(ty: StorageType) -> bool {
    !matches!(ty, StorageType::Val(_))
}
