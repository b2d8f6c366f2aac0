//! Expressions that give numbers: what can be seen of references, above all.

use super::code::{Code, is_packed, pick};
use super::module::Host;
use super::types::{Kind, concrete, reference};
use wasm_encoder::{
    AbstractHeapType as Abstract, BlockType, FieldType, HeapType, Ieee64, RefType, ValType,
};

/// How many of an object's fields are part of its number.
const SEEN: usize = 3;

#[derive(Clone, Copy)]
enum Source {
    Constant,
    Local(u32),
    Field(u32, u32),
    Element(u32),
    Length,
    Null,
    Equal,
    Test,
    I31,
    Digest,
    Call(u32),
    Look,
    Add,
    If,
    Size,
    CastFails,
}

impl Code<'_, '_, '_> {
    /// An i32.
    pub(super) fn int(&mut self, depth: u32) {
        let depth = self.deeper(depth);
        if self.constant || depth == 0 {
            return self.small_int();
        }
        let mut sources = vec![
            (2, Source::Constant),
            (3, Source::Null),
            (8, Source::Equal),
            (6, Source::Test),
            (3, Source::I31),
            (8, Source::Digest),
            (2, Source::Add),
            (2, Source::If),
            (3, Source::CastFails),
            (2, Source::Length),
        ];
        self.locals_of(ValType::I32, &mut sources);
        self.parts_of(ValType::I32, &mut sources);
        if self.module.has(Host::Look) {
            sources.push((2, Source::Look));
        }
        if !self.module.tables.is_empty() {
            sources.push((1, Source::Size));
        }
        let source = pick(self.rng(), &sources).expect("there are some");
        self.number(ValType::I32, source, depth);
    }

    /// An i64.
    pub(super) fn long(&mut self, depth: u32) {
        let depth = self.deeper(depth);
        let mut sources = vec![(2, Source::Constant)];
        if depth > 0 && !self.constant {
            sources.push((4, Source::If));
            self.parts_of(ValType::I64, &mut sources);
        }
        self.locals_of(ValType::I64, &mut sources);
        let source = pick(self.rng(), &sources).expect("there are some");
        self.number(ValType::I64, source, depth);
    }

    /// An f64, which nothing is calculated with.
    pub(super) fn double(&mut self, depth: u32) {
        let depth = self.deeper(depth);
        let mut sources = vec![(2, Source::Constant)];
        if depth > 0 && !self.constant {
            self.parts_of(ValType::F64, &mut sources);
        }
        let source = pick(self.rng(), &sources).expect("there are some");
        self.number(ValType::F64, source, depth);
    }

    fn small_int(&mut self) {
        let mut sources = vec![(1, Source::Constant)];
        if !self.constant {
            self.locals_of(ValType::I32, &mut sources);
        }
        let source = pick(self.rng(), &sources).expect("there are some");
        self.number(ValType::I32, source, 0);
    }

    fn locals_of(&self, ty: ValType, sources: &mut Vec<(u32, Source)>) {
        let locals = self.locals.iter().enumerate();
        let locals = locals.filter(|(_, local)| local.ty == ty);
        sources.extend(locals.map(|(index, _)| (2, Source::Local(index as u32))));
    }

    /// Fields, elements and results of a type.
    fn parts_of(&mut self, ty: ValType, sources: &mut Vec<(u32, Source)>) {
        let types = &self.module.types;
        let fits = |field: &FieldType| field.element_type.unpack() == ty;
        for index in types.aggregates() {
            match types.kind(index) {
                Kind::Struct(fields) => {
                    for (field, _) in fields.iter().enumerate().filter(|(_, it)| fits(it)) {
                        sources.push((4, Source::Field(index, field as u32)));
                    }
                }
                Kind::Array(element) if fits(element) => sources.push((4, Source::Element(index))),
                _ => {}
            }
        }
        let func = self.some_func(|module, func| {
            let (_, results) = module.types.signature(module.funcs[func as usize]);
            func != Host::Back.index() && results.first() == Some(&ty)
        });
        sources.extend(func.map(|func| (5, Source::Call(func))));
    }

    fn number(&mut self, ty: ValType, source: Source, depth: u32) {
        match source {
            Source::Constant => {
                let bits = match self.rng().u8(..4) {
                    0 => self.rng().u64(..),
                    _ => self.rng().u64(..100),
                };
                match ty {
                    ValType::I64 => self.op().i64_const(bits as i64),
                    ValType::F64 => self.op().f64_const(Ieee64::new((bits as f64).to_bits())),
                    _ => self.op().i32_const(bits as i32),
                };
            }
            Source::Local(index) => _ = self.op().local_get(index),
            Source::Field(index, field) => {
                let Kind::Struct(fields) = self.module.types.kind(index) else {
                    unreachable!("a struct has fields")
                };
                let packed = is_packed(fields[field as usize].element_type);
                self.aggregate(index, depth);
                match (packed, self.rng().bool()) {
                    (false, _) => self.op().struct_get(index, field),
                    (true, false) => self.op().struct_get_u(index, field),
                    (true, true) => self.op().struct_get_s(index, field),
                };
            }
            Source::Element(index) => {
                let Kind::Array(element) = self.module.types.kind(index) else {
                    unreachable!("an array has elements")
                };
                let packed = is_packed(element.element_type);
                self.aggregate(index, depth);
                self.index(1);
                match (packed, self.rng().bool()) {
                    (false, _) => self.op().array_get(index),
                    (true, false) => self.op().array_get_u(index),
                    (true, true) => self.op().array_get_s(index),
                };
            }
            Source::Call(func) => self.call_for_first(func, depth),
            Source::If => {
                self.int(depth);
                self.either(
                    BlockType::Result(ty),
                    |code| code.value(ty, depth),
                    |code| code.value(ty, depth),
                );
            }
            Source::Null => {
                let ty = self.some_reference();
                self.reference(ty, depth);
                self.op().ref_is_null();
            }
            Source::Equal => {
                let eq = reference(true, Abstract::Eq);
                self.reference(eq, depth);
                self.reference(eq, depth);
                self.op().ref_eq();
            }
            Source::Test => {
                let ty = self.some_castable();
                let from = self.above(ty);
                self.reference(from, depth);
                match ty.nullable {
                    true => self.op().ref_test_nullable(ty.heap_type),
                    false => self.op().ref_test_non_null(ty.heap_type),
                };
            }
            Source::I31 => {
                self.reference(reference(false, Abstract::I31), depth);
                match self.rng().bool() {
                    true => self.op().i31_get_s(),
                    false => self.op().i31_get_u(),
                };
            }
            Source::Digest => {
                let ty = self.some_reference();
                self.reference(ty, depth);
                self.digest(ty);
            }
            Source::Look => {
                self.reference(RefType::EXTERNREF, depth);
                self.op().call(Host::Look.index());
            }
            Source::Add => {
                self.int(depth);
                self.op().i32_const(31).i32_mul();
                self.int(depth);
                self.op().i32_xor();
            }
            Source::Length => {
                let array = reference(true, Abstract::Array);
                self.block(BlockType::Result(ValType::I32), |code| {
                    code.block(BlockType::Empty, |code| {
                        code.reference(array, depth);
                        code.op().br_on_null(0).array_len().br(1);
                    });
                    code.op().i32_const(-1);
                });
            }
            Source::Size => {
                let tables = self.module.tables.len() as u32;
                let table = self.rng().u32(..tables);
                self.op().table_size(table);
            }
            Source::CastFails => {
                let ty = self.some_castable();
                let from = self.above(ty);
                self.block(BlockType::Result(ValType::I32), |code| {
                    code.block(BlockType::Result(ValType::Ref(from)), |code| {
                        code.reference(from, depth);
                        code.op().br_on_cast_fail(0, from, ty);
                        code.digest(ty);
                        code.op().br(1);
                    });
                    code.digest(from);
                });
            }
        }
    }

    /// A reference type that there is something to see of.
    pub(super) fn some_reference(&mut self) -> RefType {
        let places = self.module.globals.iter().map(|global| global.ty);
        let places = places.chain(self.locals.iter().map(|local| local.ty));
        let places = places.filter_map(|ty| match ty {
            ValType::Ref(ty) => Some(ty),
            _ => None,
        });
        let places: Vec<RefType> = places.collect();
        match self.writer.rng.choice(places) {
            Some(ty) if self.rng().bool() => ty,
            _ => {
                let types = &self.module.types;
                types.any_reference(&mut self.writer.rng)
            }
        }
    }

    /// A reference type that can be cast to.
    fn some_castable(&mut self) -> RefType {
        loop {
            let ty = self.some_reference();
            if self.module.types.top(ty.heap_type) != Abstract::Exn {
                return ty;
            }
        }
    }

    /// In place of a reference: a number that says something of it.
    pub(super) fn digest(&mut self, ty: RefType) {
        let it = self.local(ValType::Ref(ty));
        self.op().local_set(it);
        let object = match ty.heap_type {
            HeapType::Concrete(index) => Some(index),
            _ => None,
        };
        match object.map(|index| (index, self.module.types.kind(index).clone())) {
            Some((index, Kind::Struct(fields))) => self.digest_object(it, |code| {
                code.op().i32_const(1);
                let from = code.rng().usize(..=fields.len().saturating_sub(SEEN));
                for (field, ty) in fields.iter().enumerate().skip(from).take(SEEN) {
                    let unpacked = ty.element_type.unpack();
                    code.op().local_get(it);
                    match is_packed(ty.element_type) {
                        true => code.op().struct_get_s(index, field as u32),
                        false => code.op().struct_get(index, field as u32),
                    };
                    code.fold_to_int(unpacked);
                    code.op().i32_const(7).i32_rotl().i32_add();
                }
            }),
            Some((index, Kind::Array(element))) => self.digest_object(it, |code| {
                code.op().local_get(it).array_len();
                code.op().if_(BlockType::Result(ValType::I32));
                code.inside(false, |code| {
                    code.op().local_get(it).i32_const(0);
                    match is_packed(element.element_type) {
                        true => code.op().array_get_u(index),
                        false => code.op().array_get(index),
                    };
                    code.fold_to_int(element.element_type.unpack());
                    code.op().else_().i32_const(3);
                });
            }),
            _ => {
                let eq = reference(true, Abstract::Eq);
                self.op().local_get(it);
                if self.module.types.fits(ty, eq) {
                    // What it is the same as.
                    self.reference(eq, 0);
                    self.op().ref_eq();
                } else if self.module.types.top(ty.heap_type) == Abstract::Extern
                    && self.module.has(Host::Look)
                {
                    self.op().call(Host::Look.index());
                } else if self.module.types.top(ty.heap_type) == Abstract::Any {
                    let named = self.module.types.aggregates();
                    match self.rng().choice(named) {
                        Some(index) => self.op().ref_test_non_null(concrete(true, index).heap_type),
                        None => self.op().ref_is_null(),
                    };
                } else {
                    self.op().ref_is_null();
                }
            }
        }
    }

    /// A number for the object in a local, or for null.
    fn digest_object(&mut self, it: u32, some: impl FnOnce(&mut Self)) {
        self.op().local_get(it).ref_is_null();
        self.either(
            BlockType::Result(ValType::I32),
            |code| _ = code.op().i32_const(-1),
            some,
        );
    }

    /// In place of a value: an i32.
    pub(super) fn fold_to_int(&mut self, ty: ValType) {
        match ty {
            ValType::I32 => {}
            ValType::I64 => _ = self.op().i32_wrap_i64(),
            ValType::F64 => _ = self.op().i64_reinterpret_f64().i32_wrap_i64(),
            _ => _ = self.op().ref_is_null(),
        }
    }
}
