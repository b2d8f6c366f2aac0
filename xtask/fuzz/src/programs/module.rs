//! A module on its way: what code can speak of, and the sections.

use super::types::{Types, concrete};
use std::collections::BTreeSet;
use wasm_encoder::{
    CodeSection, ConstExpr, DataCountSection, DataSection, ElementMode, ElementSection,
    ElementSegment, Elements, Encode as _, EntityType, ExportKind, ExportSection, FunctionSection,
    GlobalSection, GlobalType, ImportSection, Module as Encoder, RefType, TableSection, TableType,
    TagKind, TagSection, TagType, ValType,
};

/// The host's functions, by their indices.
#[derive(Clone, Copy)]
pub(super) enum Host {
    /// `(i32) -> i64`: collects, and gives nothing of interest.
    Gc,
    /// `(i32) -> i64`: is told something, and gives how often it was.
    Note,
    /// `(i32) -> i64`: calls the export `back` of its caller, and collects before, or after, or both.
    Back,
    /// `(anyref) -> anyref`: keeps the reference, and gives the one before it.
    Keep,
    /// `(i32) -> externref`: a host value.
    Make,
    /// `(externref) -> i32`: the number in a host value.
    Look,
}

impl Host {
    /// Every function, with its name, parameter and result: as few types as can be, since each takes code.
    const ALL: [(Self, &str, ValType, ValType); 6] = [
        (Self::Gc, "gc", ValType::I32, ValType::I64),
        (Self::Note, "note", ValType::I32, ValType::I64),
        (Self::Back, "back", ValType::I32, ValType::I64),
        (Self::Keep, "keep", ANY, ANY),
        (Self::Make, "make", ValType::I32, ValType::EXTERNREF),
        (Self::Look, "look", ValType::EXTERNREF, ValType::I32),
    ];

    pub(super) fn index(self) -> u32 {
        self as u32
    }
}

const ANY: ValType = ValType::Ref(RefType::ANYREF);

#[derive(Clone)]
pub(super) struct Global {
    pub(super) ty: ValType,
    pub(super) mutable: bool,
    /// Whether statements may write to it: not to what calls and sums are counted in, here or in the library.
    pub(super) open: bool,
    /// None: imported.
    pub(super) initial: Option<Vec<u8>>,
}

#[derive(Clone)]
pub(super) struct Table {
    pub(super) ty: RefType,
    pub(super) minimum: u32,
    /// None: imported, or null.
    pub(super) initial: Option<Vec<u8>>,
    imported: bool,
}

impl Table {
    pub(super) fn new(ty: RefType, minimum: u32, initial: Option<Vec<u8>>) -> Self {
        Self {
            ty,
            minimum,
            initial,
            imported: false,
        }
    }
}

pub(super) struct Segment {
    pub(super) ty: RefType,
    pub(super) items: Vec<Vec<u8>>,
    /// The table that it is written to; none: it is passive.
    pub(super) table: Option<u32>,
}

/// The bytes that the only data segment has.
pub(super) const DATA: usize = 64;

/// A module. What is imported comes first in every index space.
#[derive(Default)]
pub(super) struct Module {
    pub(super) types: Types,
    imports: ImportSection,
    host_funcs: u32,
    imported_funcs: usize,
    imported_tags: usize,
    /// Types by index.
    pub(super) funcs: Vec<u32>,
    pub(super) globals: Vec<Global>,
    pub(super) tables: Vec<Table>,
    /// Their types, which have no results.
    pub(super) tags: Vec<u32>,
    pub(super) segments: Vec<Segment>,
    /// The global that calls are counted in, and the one for the sum of what was seen.
    pub(super) fuel: u32,
    pub(super) sum: u32,
    /// The functions that code or constants make references to.
    pub(super) referenced: BTreeSet<u32>,
    code: CodeSection,
    names: Vec<(String, u32)>,
}

impl Module {
    /// A module with the host's functions, those for references perhaps, and all that another one exports.
    pub(super) fn new(types: Types, for_references: bool, other: Option<&Self>) -> Self {
        let mut module = Self {
            types,
            ..Self::default()
        };
        for (host, name, param, result) in Host::ALL {
            if !for_references && host.index() >= Host::Keep.index() {
                break;
            }
            let ty = module.types.function(&[param], &[result]);
            module
                .imports
                .import("host", name, EntityType::Function(ty));
            module.funcs.push(ty);
        }
        module.host_funcs = module.funcs.len() as u32;
        if let Some(other) = other {
            module.import(other);
        }
        module.imported_funcs = module.funcs.len();
        module.imported_tags = module.tags.len();
        module
    }

    fn import(&mut self, other: &Self) {
        let known = self.types.named();
        let same = |types: &mut Types, ty: u32| {
            let (params, results) = other.types.signature(ty);
            match ty < known && ty < other.types.named() {
                true => ty,
                false => types.function(params, results),
            }
        };
        for (index, ty) in other.funcs.iter().enumerate().skip(other.imported_funcs) {
            let ty = same(&mut self.types, *ty);
            let name = format!("f{index}");
            self.imports.import("lib", &name, EntityType::Function(ty));
            self.funcs.push(ty);
        }
        for (index, global) in other.globals.iter().enumerate() {
            let ty = global_type(global);
            let name = format!("g{index}");
            self.imports.import("lib", &name, EntityType::Global(ty));
            let initial = None;
            self.globals.push(Global { initial, ..*global });
        }
        for (index, table) in other.tables.iter().enumerate() {
            let name = format!("t{index}");
            let ty = table_type(table);
            self.imports.import("lib", &name, EntityType::Table(ty));
            self.tables.push(Table {
                initial: None,
                imported: true,
                ..*table
            });
        }
        for (index, ty) in other.tags.iter().enumerate() {
            let ty = same(&mut self.types, *ty);
            let name = format!("x{index}");
            self.imports
                .import("lib", &name, EntityType::Tag(tag_type(ty)));
            self.tags.push(ty);
        }
    }

    /// The functions that are imported from the other module.
    pub(super) fn imported(&self) -> std::ops::Range<u32> {
        self.host_funcs..self.imported_funcs as u32
    }

    /// Whether one of the host's functions is imported.
    pub(super) fn has(&self, host: Host) -> bool {
        host.index() < self.host_funcs
    }

    /// The functions that are to have code.
    pub(super) fn defined(&self) -> std::ops::Range<usize> {
        self.imported_funcs..self.funcs.len()
    }

    /// Adds a global.
    pub(super) fn global(&mut self, ty: ValType, mutable: bool, initial: Vec<u8>) -> u32 {
        self.globals.push(Global {
            ty,
            mutable,
            open: mutable,
            initial: Some(initial),
        });
        self.globals.len() as u32 - 1
    }

    /// The code of the next function: its locals and its operators.
    pub(super) fn body(&mut self, locals: &[ValType], operators: &[u8]) {
        let mut body = Vec::new();
        locals.len().encode(&mut body);
        for ty in locals {
            1_u32.encode(&mut body);
            ty.encode(&mut body);
        }
        body.extend_from_slice(operators);
        body.push(0x0b);
        self.code.raw(&body);
    }

    /// Exports a function under a name of its own.
    pub(super) fn name(&mut self, name: String, func: u32) {
        self.names.push((name, func));
    }

    /// The module's bytes. It exports its globals and tables, and functions and tags too if another is to import them.
    pub(super) fn encode(&self, all: bool) -> Vec<u8> {
        let constant = |bytes: &[u8]| ConstExpr::raw(bytes.iter().copied());
        let mut functions = FunctionSection::new();
        for ty in &self.funcs[self.imported_funcs..] {
            functions.function(*ty);
        }
        let mut tables = TableSection::new();
        for table in self.tables.iter().filter(|table| !table.imported) {
            match &table.initial {
                Some(initial) => tables.table_with_init(table_type(table), &constant(initial)),
                None => tables.table(table_type(table)),
            };
        }
        let mut tags = TagSection::new();
        for ty in &self.tags[self.imported_tags..] {
            tags.tag(tag_type(*ty));
        }
        let mut globals = GlobalSection::new();
        for global in &self.globals {
            if let Some(initial) = &global.initial {
                globals.global(global_type(global), &constant(initial));
            }
        }
        let mut exports = ExportSection::new();
        let kinds = [
            ('g', ExportKind::Global, self.globals.len()),
            ('t', ExportKind::Table, self.tables.len()),
            ('f', ExportKind::Func, self.funcs.len()),
            ('x', ExportKind::Tag, self.tags.len()),
        ];
        for (letter, kind, count) in kinds.into_iter().take(if all { 4 } else { 2 }) {
            for index in 0..count as u32 {
                exports.export(&format!("{letter}{index}"), kind, index);
            }
        }
        exports.export("fuel", ExportKind::Global, self.fuel);
        for (name, index) in &self.names {
            exports.export(name, ExportKind::Func, *index);
        }
        let mut elements = ElementSection::new();
        let zero = ConstExpr::i32_const(0);
        for segment in &self.segments {
            let items: Vec<ConstExpr> = segment.items.iter().map(|item| constant(item)).collect();
            let mode = match segment.table {
                Some(table) => ElementMode::Active {
                    table: Some(table),
                    offset: &zero,
                },
                None => ElementMode::Passive,
            };
            elements.segment(ElementSegment {
                mode,
                elements: Elements::Expressions(segment.ty, items.into()),
            });
        }
        let referenced: Vec<u32> = self.referenced.iter().copied().collect();
        elements.declared(Elements::Functions(referenced.into()));
        let mut data = DataSection::new();
        data.passive((0..DATA).map(|index| (index as u8).wrapping_mul(0x9d)));
        let mut module = Encoder::new();
        module
            .section(&self.types.section())
            .section(&self.imports)
            .section(&functions)
            .section(&tables)
            .section(&tags)
            .section(&globals)
            .section(&exports)
            .section(&elements)
            .section(&DataCountSection { count: 1 })
            .section(&self.code)
            .section(&data);
        module.finish()
    }

    /// The type of references to a function.
    pub(super) fn reference_to(&self, func: u32) -> RefType {
        concrete(false, self.funcs[func as usize])
    }
}

fn global_type(global: &Global) -> GlobalType {
    GlobalType {
        val_type: global.ty,
        mutable: global.mutable,
        shared: false,
    }
}

fn table_type(table: &Table) -> TableType {
    TableType {
        element_type: table.ty,
        table64: false,
        minimum: table.minimum.into(),
        maximum: Some(u64::from(table.minimum) + 4),
        shared: false,
    }
}

fn tag_type(ty: u32) -> TagType {
    TagType {
        kind: TagKind::Exception,
        func_type_idx: ty,
    }
}
