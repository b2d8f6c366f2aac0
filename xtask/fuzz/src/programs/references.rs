//! Expressions that give references: every place that one can come from.

use super::code::{Code, pick};
use super::module::{DATA, Host};
use super::types::{Kind, concrete, reference};
use wasm_encoder::{
    AbstractHeapType as Abstract, BlockType, Catch, FieldType, RefType, StorageType, ValType,
};

/// Where a reference comes from.
#[derive(Clone, Copy)]
enum Source {
    Local(u32),
    Global(u32),
    Table(u32, u32),
    Field(u32, u32),
    Element(u32),
    New(u32),
    Func(u32),
    Call(u32),
    Null,
    I31,
    /// `any.convert_extern`, `extern.convert_any`.
    Convert,
    /// A host value.
    Made,
    /// What the host keeps.
    Kept,
    /// An exception that was caught.
    Caught,
    /// One of two.
    If,
    Select,
    /// After statements.
    Block,
    /// What is null replaced.
    NotNull,
    /// A cast that traps if it fails, and one that goes elsewhere.
    Cast,
    Branch,
}

/// The element of an array, or a field, as a reference type.
fn as_reference(field: FieldType) -> Option<RefType> {
    match field.element_type {
        StorageType::Val(ValType::Ref(ty)) => Some(ty),
        _ => None,
    }
}

impl Code<'_, '_, '_> {
    /// A reference of a type.
    pub(super) fn reference(&mut self, ty: RefType, depth: u32) {
        let depth = self.deeper(depth);
        let mut sources = self.leaves(ty);
        if depth > 0 {
            self.objects(ty, &mut sources);
            if !self.constant {
                self.places(ty, &mut sources);
                self.detours(ty, &mut sources);
            }
        }
        match pick(self.rng(), &sources) {
            Some(source) => self.from(source, ty, depth),
            None => self.least(ty),
        }
    }

    /// What has no parts.
    fn leaves(&mut self, ty: RefType) -> Vec<(u32, Source)> {
        let mut sources = Vec::new();
        let types = &self.module.types;
        let fits = |it: ValType| types.value_fits(it, ValType::Ref(ty));
        for (index, local) in self.locals.iter().enumerate() {
            if fits(local.ty) {
                sources.push((4, Source::Local(index as u32)));
            }
        }
        for (index, global) in self.module.globals.iter().enumerate() {
            if fits(global.ty) && !(self.constant && global.mutable) {
                let weight = if global.mutable { 3 } else { 8 };
                sources.push((weight, Source::Global(index as u32)));
            }
        }
        if types.top(ty.heap_type) == Abstract::Func {
            for func in 0..self.module.funcs.len() as u32 {
                if types.fits(self.module.reference_to(func), ty) {
                    sources.push((2, Source::Func(func)));
                }
            }
        }
        if types.fits(reference(false, Abstract::I31), ty) {
            sources.push((2, Source::I31));
        }
        if ty.nullable {
            sources.push((1, Source::Null));
        }
        sources
    }

    /// New objects.
    fn objects(&mut self, ty: RefType, sources: &mut Vec<(u32, Source)>) {
        let types = &self.module.types;
        let mut fit = types.aggregates();
        fit.retain(|index| types.fits(concrete(false, *index), ty));
        self.rng().shuffle(&mut fit);
        fit.truncate(4);
        sources.extend(fit.into_iter().map(|index| (4, Source::New(index))));
        if matches!(ty.heap_type, it if it == RefType::EXTERNREF.heap_type || it == RefType::ANYREF.heap_type)
        {
            sources.push((3, Source::Convert));
        }
    }

    /// What lies in tables and objects, and what functions return.
    fn places(&mut self, ty: RefType, sources: &mut Vec<(u32, Source)>) {
        let types = &self.module.types;
        for (index, table) in self.module.tables.iter().enumerate() {
            if types.fits(table.ty, ty) {
                sources.push((6, Source::Table(index as u32, table.minimum)));
            }
        }
        let fits = |field: &FieldType| as_reference(*field).is_some_and(|it| types.fits(it, ty));
        for index in types.aggregates() {
            match types.kind(index) {
                Kind::Struct(fields) => {
                    for (field, _) in fields.iter().enumerate().filter(|(_, it)| fits(it)) {
                        sources.push((3, Source::Field(index, field as u32)));
                    }
                }
                Kind::Array(element) if fits(element) => {
                    sources.push((4, Source::Element(index)));
                }
                _ => {}
            }
        }
        let func = self.some_func(|module, func| {
            let (_, results) = module.types.signature(module.funcs[func as usize]);
            let first = results.first();
            first.is_some_and(|it| module.types.value_fits(*it, ValType::Ref(ty)))
        });
        sources.extend(func.map(|func| (6, Source::Call(func))));
    }

    /// A reference by way of another.
    fn detours(&mut self, ty: RefType, sources: &mut Vec<(u32, Source)>) {
        sources.extend([
            (2, Source::If),
            (1, Source::Select),
            (2, Source::Block),
            (3, Source::Branch),
        ]);
        if self.rng().u8(..12) == 0 {
            sources.push((1, Source::Cast));
        }
        if !ty.nullable {
            sources.push((5, Source::NotNull));
        }
        if self.module.has(Host::Make) && self.module.types.fits(RefType::EXTERNREF, ty) {
            sources.push((3, Source::Made));
        }
        if self.module.has(Host::Keep) && self.module.types.fits(RefType::ANYREF, ty) {
            sources.push((3, Source::Kept));
        }
        if self.module.types.fits(RefType::EXNREF, ty) && !self.module.tags.is_empty() {
            sources.push((8, Source::Caught));
        }
    }

    /// The smallest there can be.
    fn least(&mut self, ty: RefType) {
        match self.module.types.top(ty.heap_type) {
            Abstract::Extern => {
                self.op().i32_const(7).ref_i31().extern_convert_any();
            }
            _ => {
                let types = &self.module.types;
                let mut fit = types.aggregates().into_iter();
                let first = fit.find(|index| types.fits(concrete(false, *index), ty));
                self.object(first.expect("there is a value of every type"), 0);
            }
        }
    }

    fn from(&mut self, source: Source, ty: RefType, depth: u32) {
        let result = BlockType::Result(ValType::Ref(ty));
        match source {
            Source::Local(index) => _ = self.op().local_get(index),
            Source::Global(index) => _ = self.op().global_get(index),
            Source::Null => _ = self.op().ref_null(ty.heap_type),
            Source::Func(index) => {
                self.module.referenced.insert(index);
                self.op().ref_func(index);
            }
            Source::New(index) => self.object(index, depth),
            Source::I31 => {
                self.int(depth);
                self.op().ref_i31();
            }
            Source::Table(index, size) => {
                self.index(size);
                self.op().table_get(index);
            }
            Source::Field(index, field) => {
                self.aggregate(index, depth);
                self.op().struct_get(index, field);
            }
            Source::Element(index) => {
                self.aggregate(index, depth);
                self.index(1);
                self.op().array_get(index);
            }
            Source::Call(func) => self.call_for_first(func, depth),
            Source::Convert if ty.heap_type == RefType::EXTERNREF.heap_type => {
                self.reference(RefType::ANYREF.nullable(ty.nullable), depth);
                self.op().extern_convert_any();
            }
            Source::Convert => {
                self.reference(RefType::EXTERNREF.nullable(ty.nullable), depth);
                self.op().any_convert_extern();
            }
            Source::Made => {
                self.int(depth);
                self.op().call(Host::Make.index());
            }
            Source::Kept => {
                self.reference(RefType::ANYREF, depth);
                self.op().call(Host::Keep.index());
            }
            Source::Caught => {
                let tags = self.module.tags.len();
                let tag = self.rng().usize(..tags) as u32;
                self.block(result, |code| {
                    code.op()
                        .try_table(BlockType::Empty, [Catch::AllRef { label: 0 }]);
                    code.inside(true, |code| code.throw(tag, depth));
                    code.op().unreachable();
                });
            }
            Source::If => {
                self.int(depth);
                self.either(
                    result,
                    |code| code.reference(ty, depth),
                    |code| code.reference(ty, depth),
                );
            }
            Source::Select => {
                self.reference(ty, depth);
                self.reference(ty, depth);
                self.int(depth);
                self.op().typed_select(ValType::Ref(ty));
            }
            Source::Block => self.block(result, |code| {
                code.statement(1);
                code.reference(ty, depth);
            }),
            Source::NotNull => self.block(result, |code| {
                code.reference(ty.nullable(true), depth);
                code.op().br_on_non_null(0);
                code.reference(ty, 0);
            }),
            Source::Cast => {
                let from = self.above(ty);
                self.reference(from, depth);
                match ty.nullable {
                    true => self.op().ref_cast_nullable(ty.heap_type),
                    false => self.op().ref_cast_non_null(ty.heap_type),
                };
            }
            Source::Branch => {
                let from = self.above(ty);
                self.block(result, |code| {
                    code.reference(from, depth);
                    code.op().br_on_cast(0, from, ty);
                    code.op().drop();
                    code.reference(ty, 0);
                });
            }
        }
    }

    /// A type that a reference may be cast from.
    pub(super) fn above(&mut self, ty: RefType) -> RefType {
        let named = self.module.types.named();
        let top = reference(true, self.module.types.top(ty.heap_type));
        for _ in 0..3 {
            let nullable = ty.nullable || self.rng().bool();
            let other = concrete(nullable, self.rng().u32(..named));
            if self.module.types.fits(ty, other) {
                return other;
            }
        }
        let eq = reference(true, Abstract::Eq);
        match self.module.types.fits(ty, eq) && self.rng().bool() {
            true => eq,
            false => top,
        }
    }

    /// Throws, for certain.
    pub(super) fn throw(&mut self, tag: u32, depth: u32) {
        let (params, _) = self.module.types.signature(self.module.tags[tag as usize]);
        let params = params.to_vec();
        self.values(&params, depth);
        self.op().throw(tag);
    }

    /// A reference to an object of a type, seldom to none.
    pub(super) fn aggregate(&mut self, index: u32, depth: u32) {
        let nullable = self.rng().u8(..48) == 0;
        self.reference(concrete(nullable, index), depth);
    }

    /// A new object.
    pub(super) fn object(&mut self, index: u32, depth: u32) {
        let depth = self.deeper(depth);
        match self.module.types.kind(index).clone() {
            Kind::Struct(fields) => {
                let default = fields
                    .iter()
                    .all(|field| field.element_type.is_defaultable());
                if default && self.rng().u8(..4) == 0 {
                    self.op().struct_new_default(index);
                    return;
                }
                for field in fields {
                    self.value(field.element_type.unpack(), depth);
                }
                self.op().struct_new(index);
            }
            Kind::Array(element) => self.array(index, element, depth),
            Kind::Func(..) => unreachable!("a function is no object"),
        }
    }

    fn array(&mut self, index: u32, element: FieldType, depth: u32) {
        let ty = element.element_type.unpack();
        let length = match self.rng().u8(..48) {
            0 => 0,
            1 => self.rng().i32(8..30),
            _ => self.rng().i32(1..5),
        };
        match self.rng().u8(..8) {
            0 | 1 if ty.is_defaultable() => {
                self.op().i32_const(length).array_new_default(index);
            }
            2 | 3 => {
                self.value(ty, depth);
                self.op().i32_const(length).array_new(index);
            }
            4 | 5 if !self.constant => match ty {
                ValType::Ref(ty) => {
                    let segments = self.module.segments.iter().enumerate();
                    let mut segments = segments.filter(|(_, segment)| {
                        segment.table.is_none() && self.module.types.fits(segment.ty, ty)
                    });
                    match segments
                        .next()
                        .map(|(at, segment)| (at as u32, segment.items.len()))
                    {
                        Some((segment, length)) => {
                            self.op().i32_const(0).i32_const(length as i32);
                            self.op().array_new_elem(index, segment);
                        }
                        None => self.fixed(index, ValType::Ref(ty), depth),
                    }
                }
                _ => {
                    let from = self.rng().i32(0..DATA as i32 / 2);
                    let length = length.min(DATA as i32 / 16);
                    self.op().i32_const(from).i32_const(length);
                    self.op().array_new_data(index, 0);
                }
            },
            _ => self.fixed(index, ty, depth),
        }
    }

    fn fixed(&mut self, index: u32, ty: ValType, depth: u32) {
        let length = self.rng().u32(1..4);
        for _ in 0..length {
            self.value(ty, depth);
        }
        self.op().array_new_fixed(index, length);
    }
}
