//! Statements: what changes places, goes in rounds, calls, throws and collects.

use super::code::Code;
use super::module::{DATA, Host};
use super::types::{Kind, concrete};
use wasm_encoder::{BlockType, Catch, FieldType, ValType};

/// How often a loop goes round, at most; and one that only makes garbage.
const ROUNDS: i32 = 5;
const GARBAGE: i32 = 60;

impl Code<'_, '_, '_> {
    /// What every function that calls others begins with: so that calls come to an end.
    fn count_call(&mut self, results: &[ValType]) {
        let code = std::mem::take(&mut self.bytes);
        let fuel = self.module.fuel;
        self.op().global_get(fuel).i32_eqz();
        self.op().if_(BlockType::Empty);
        self.inside(false, |code| {
            code.values(results, 0);
            code.op().return_();
        });
        self.op()
            .global_get(fuel)
            .i32_const(1)
            .i32_sub()
            .global_set(fuel);
        self.bytes.extend(code);
    }

    /// A function's statements and results.
    pub(super) fn body(&mut self, statements: u32, depth: u32) {
        let (_, results) = self
            .module
            .types
            .signature(self.module.funcs[self.current as usize]);
        let results = results.to_vec();
        for _ in 0..self.rng().u32(0..5) {
            let ty = self.module.types.any_value(&mut self.writer.rng);
            let local = self.local(ty);
            if self.rng().u8(..3) > 0 {
                self.value(ty, 1);
                self.op().local_set(local);
            }
        }
        for _ in 0..statements {
            self.statement(depth);
        }
        self.tail_call();
        self.values(&results, depth);
        if self.calls {
            self.count_call(&results);
        }
    }

    /// Now and then.
    fn tail_call(&mut self) {
        if self.rng().u8(..3) > 0 {
            return;
        }
        let ty = self.module.funcs[self.current as usize];
        let (_, results) = self.module.types.signature(ty);
        let results = results.to_vec();
        let Some(func) = self.some_func(|module, func| {
            let (_, others) = module.types.signature(module.funcs[func as usize]);
            let fits = |(it, to): (&ValType, &ValType)| module.types.value_fits(*it, *to);
            others.len() == results.len() && others.iter().zip(&results).all(fits)
        }) else {
            return;
        };
        self.calls = true;
        self.int(2);
        self.op().if_(BlockType::Empty);
        self.inside(true, |code| {
            let ty = code.module.funcs[func as usize];
            let (params, _) = code.module.types.signature(ty);
            let params = params.to_vec();
            code.values(&params, 2);
            match code.rng().bool() {
                true => _ = code.op().return_call(func),
                false => {
                    code.callee(ty, 2);
                    code.op().return_call_ref(ty);
                }
            }
        });
    }

    /// In place of a value: it is part of the sum.
    fn fold(&mut self, ty: ValType) {
        let sum = self.module.sum;
        match ty {
            ValType::I64 => {}
            ValType::Ref(ty) => {
                self.digest(ty);
                self.op().i64_extend_i32_u();
            }
            other => {
                self.fold_to_int(other);
                self.op().i64_extend_i32_u();
            }
        }
        self.op()
            .global_get(sum)
            .i64_xor()
            .i64_const(0x9e37_79b9_7f4a_7c15_u64 as i64)
            .i64_mul()
            .global_set(sum);
    }

    pub(super) fn write_statement(&mut self, depth: u32) {
        let deep = depth > 0;
        match self.rng().u8(..40) {
            0..6 => {
                let ty = self.module.types.any_value(&mut self.writer.rng);
                self.value(ty, 3);
                self.fold(ty);
            }
            6..9 => {
                self.int(3);
                self.fold(ValType::I32);
            }
            9..12 => self.set_local(),
            12..14 => self.set_global(),
            14..17 => self.set_part(),
            17..20 => self.table(),
            20 | 21 => self.range(),
            22 | 23 if deep => self.rounds(depth),
            24 | 25 if deep => {
                self.int(2);
                let more = self.rng().bool();
                self.either(
                    BlockType::Empty,
                    |code| code.statement(depth - 1),
                    |code| {
                        if more {
                            code.statement(depth - 1);
                        }
                    },
                );
            }
            26 | 27 if deep => self.catch(depth),
            28 => self.maybe(|code| {
                let tags = code.module.tags.len() as u32;
                if tags > 0 {
                    let tag = code.rng().u32(..tags);
                    code.throw(tag, 1);
                }
            }),
            29 => {
                let open: Vec<usize> = (0..self.labels.len())
                    .filter(|at| self.labels[*at])
                    .collect();
                if let Some(at) = self.rng().choice(open) {
                    self.int(2);
                    let label = self.labels.len() - 1 - at;
                    self.op().br_if(label as u32);
                }
            }
            30 | 31 => _ = self.op().i32_const(0).call(Host::Gc.index()).drop(),
            32 => {
                self.int(3);
                self.op().call(Host::Note.index()).drop();
            }
            33 => {
                self.calls = true;
                self.int(2);
                self.op().call(Host::Back.index());
                self.fold(ValType::I64);
            }
            34 | 35 => self.garbage(),
            _ => self.call_and_fold(),
        }
    }

    /// Under a condition.
    fn maybe(&mut self, then: impl FnOnce(&mut Self)) {
        self.int(2);
        self.op().if_(BlockType::Empty);
        self.inside(true, then);
    }

    fn set_local(&mut self) {
        let locals = self.locals.iter().enumerate();
        let locals = locals.filter(|(_, local)| local.open);
        let locals: Vec<_> = locals.map(|(index, local)| (index, local.ty)).collect();
        if let Some((index, ty)) = self.rng().choice(locals) {
            self.value(ty, 3);
            self.op().local_set(index as u32);
        }
    }

    fn set_global(&mut self) {
        let globals = self.module.globals.iter().enumerate();
        let globals = globals.filter(|(_, global)| global.open);
        let globals: Vec<_> = globals.map(|(index, global)| (index, global.ty)).collect();
        if let Some((index, ty)) = self.rng().choice(globals) {
            self.value(ty, 3);
            self.op().global_set(index as u32);
        }
    }

    /// Writes to a field or an element.
    fn set_part(&mut self) {
        let types = &self.module.types;
        let mut parts = Vec::new();
        for index in types.aggregates() {
            match types.kind(index) {
                Kind::Struct(fields) => {
                    let fields = fields.iter().enumerate();
                    let fields = fields.filter(|(_, field)| field.mutable);
                    parts.extend(fields.map(|(at, field)| (index, Some(at as u32), *field)));
                }
                Kind::Array(element) if element.mutable => parts.push((index, None, *element)),
                _ => {}
            }
        }
        if let Some((index, field, part)) = self.rng().choice(parts) {
            self.aggregate(index, 2);
            if field.is_none() {
                self.index(1);
            }
            self.value(part.element_type.unpack(), 2);
            match field {
                Some(field) => self.op().struct_set(index, field),
                None => self.op().array_set(index),
            };
        }
    }

    fn table(&mut self) {
        let tables = self.module.tables.len() as u32;
        if tables == 0 {
            return;
        }
        let table = self.rng().u32(..tables);
        let (ty, size) = {
            let table = &self.module.tables[table as usize];
            (table.ty, table.minimum)
        };
        match self.rng().u8(..12) {
            0 => {
                self.op().i32_const(0);
                self.reference(ty, 2);
                self.op().i32_const(size as i32).table_fill(table);
            }
            1 => {
                self.reference(ty, 2);
                self.op().i32_const(1).table_grow(table);
                self.fold(ValType::I32);
            }
            2 => {
                let len = self.rng().i32(0..size as i32 + 1);
                let (to, from) = (self.rng().i32(0..size as i32 - len + 1), 0);
                self.op().i32_const(to).i32_const(from).i32_const(len);
                self.op().table_copy(table, table);
            }
            3 | 4 => {
                let segments = self.module.segments.iter().enumerate();
                let segments = segments.filter(|(_, segment)| {
                    segment.table.is_none() && self.module.types.fits(segment.ty, ty)
                });
                let segments: Vec<_> = segments
                    .map(|(index, segment)| (index as u32, segment.items.len()))
                    .collect();
                if let Some((segment, items)) = self.rng().choice(segments) {
                    let len = items.min(size as usize) as i32;
                    self.op().i32_const(0).i32_const(0).i32_const(len);
                    self.op().table_init(table, segment);
                    if self.rng().u8(..8) == 0 {
                        self.op().elem_drop(segment);
                    }
                }
            }
            _ => {
                self.index(size);
                self.reference(ty, 3);
                self.op().table_set(table);
            }
        }
    }

    /// An operator on many elements of an array.
    fn range(&mut self) {
        let types = &self.module.types;
        let arrays = types.aggregates().into_iter();
        let arrays = arrays.filter_map(|index| match types.kind(index) {
            Kind::Array(element) if element.mutable => Some((index, *element)),
            _ => None,
        });
        let arrays: Vec<(u32, FieldType)> = arrays.collect();
        let Some((index, element)) = self.rng().choice(arrays) else {
            return;
        };
        let ty = element.element_type.unpack();
        let number = !matches!(ty, ValType::Ref(_));
        let len = self.rng().i32(0..3).min(1);
        match self.rng().u8(..4) {
            0 => {
                self.aggregate(index, 2);
                self.op().i32_const(0);
                self.value(ty, 2);
                self.op().i32_const(len).array_fill(index);
            }
            1 if number => {
                self.aggregate(index, 2);
                let from = self.rng().i32(0..DATA as i32 - 16);
                self.op().i32_const(0).i32_const(from).i32_const(len);
                self.op().array_init_data(index, 0);
            }
            1 => {
                let ValType::Ref(ty) = ty else { return };
                let segments = self.module.segments.iter().enumerate();
                let mut segments = segments.filter(|(_, segment)| {
                    segment.table.is_none() && self.module.types.fits(segment.ty, ty)
                });
                if let Some((segment, _)) = segments.next() {
                    self.aggregate(index, 2);
                    self.op().i32_const(0).i32_const(0).i32_const(len);
                    self.op().array_init_elem(index, segment as u32);
                }
            }
            _ => {
                self.aggregate(index, 2);
                self.op().i32_const(0);
                // Where it is null and the other too short, engines see either.
                self.reference(concrete(false, index), 2);
                self.op().i32_const(0).i32_const(len);
                self.op().array_copy(index, index);
            }
        }
    }

    fn rounds(&mut self, depth: u32) {
        let counter = self.counter();
        let rounds = self.rng().i32(2..=ROUNDS);
        let statements = self.rng().u32(1..3);
        self.op().i32_const(0).local_set(counter);
        self.block(BlockType::Empty, |code| {
            code.op().loop_(BlockType::Empty);
            code.inside(true, |code| {
                code.next_round(counter, rounds);
                for _ in 0..statements {
                    code.statement(depth - 1);
                }
                code.op().br(0);
            });
        });
    }

    /// Counts a round; leaves the block around the loop after the last.
    fn next_round(&mut self, counter: u32, rounds: i32) {
        self.op()
            .local_get(counter)
            .i32_const(1)
            .i32_add()
            .local_tee(counter);
        self.op().i32_const(rounds).i32_gt_s().br_if(1);
    }

    /// Objects that nobody keeps.
    fn garbage(&mut self) {
        let aggregates = self.module.types.aggregates();
        let Some(index) = self.rng().choice(aggregates) else {
            return;
        };
        let counter = self.counter();
        let rounds = self.rng().i32(1..GARBAGE);
        self.op().i32_const(0).local_set(counter);
        self.block(BlockType::Empty, |code| {
            code.op().loop_(BlockType::Empty);
            code.inside(false, |code| {
                code.next_round(counter, rounds);
                code.object(index, 0);
                code.op().drop().br(0);
            });
        });
    }

    fn call_and_fold(&mut self) {
        let suits = |_: &super::module::Module, func: u32| func != Host::Back.index();
        if let Some(func) = self.some_func(suits) {
            self.call(func, 2);
            let (_, results) = self
                .module
                .types
                .signature(self.module.funcs[func as usize]);
            let results = results.to_vec();
            for ty in results.into_iter().rev() {
                self.fold(ty);
            }
        }
    }

    /// Statements, and what becomes of exceptions in them.
    fn catch(&mut self, depth: u32) {
        let tags = self.module.tags.len() as u32;
        if tags == 0 {
            return;
        }
        let tag = self.rng().u32(..tags);
        let (payload, _) = self.module.types.signature(self.module.tags[tag as usize]);
        let mut payload = payload.to_vec();
        let with_reference = self.rng().bool();
        if with_reference {
            payload.push(ValType::EXNREF);
        }
        let block = match payload[..] {
            [] => BlockType::Empty,
            [ty] => BlockType::Result(ty),
            _ => BlockType::FunctionType(self.module.types.function(&[], &payload)),
        };
        let all = self.rng().bool();
        self.block(BlockType::Empty, |code| {
            code.block(block, |code| {
                let mut catches = vec![match with_reference {
                    true => Catch::OneRef { tag, label: 0 },
                    false => Catch::One { tag, label: 0 },
                }];
                if all {
                    catches.push(Catch::All { label: 1 });
                }
                code.op().try_table(BlockType::Empty, catches);
                code.inside(true, |code| {
                    code.statement(depth - 1);
                    if code.rng().u8(..3) > 0 {
                        let other = code.rng().u32(..tags);
                        code.throw(if all { other } else { tag }, 2);
                    } else {
                        code.statement(depth - 1);
                    }
                });
                code.op().br(1);
            });
            // Where its values are kept.
            for ty in payload.into_iter().rev() {
                let local = code.local(ty);
                code.op().local_set(local);
                if ty != ValType::EXNREF {
                    code.op().local_get(local);
                    let ty = code.locals[local as usize].ty;
                    code.fold(ty);
                } else if code.rng().u8(..6) == 0 {
                    code.maybe(|code| {
                        code.op().local_get(local).throw_ref();
                    });
                }
            }
        });
    }
}
