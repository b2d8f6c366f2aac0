//! Wasm bytes to a validated [`ModuleInfo`] and unvalidated function bodies.
//!
//! Everything but the insides of function bodies is validated by [`translate`]; those are by [`check_bodies`], so that
//! nothing is compiled of a module that is refused, and once more, operator by operator, while they are translated.

mod bodies;
mod complexity;
mod error;
mod init;
mod names;
mod types;

pub(super) use bodies::check_bodies;
pub use error::InvalidModule;
pub(super) use error::{cannot_compile, describe_function, invalid};
pub(super) use names::FunctionNames;
pub(super) use types::body_heap_type;

use super::limits::{ModuleLimits, Place, check, check_size};
use crate::abi::features::Features;
use crate::error::Result;
use crate::error::bounded::ensure;
use crate::module::{
    DataMode, DataSegment, ElementItems, EntityIndex, Export, FuncRefIndex, FunctionIndex,
    FunctionInfo, GlobalIndex, Import, MemoryIndex, ModuleInfo, TableIndex, TagIndex, TypeIndex,
};
use alloc::{vec, vec::Vec};
use core::ops::Range;
use cranelift_entity::EntityRef;
use error::invalid_at;
use types::{Kinds, Unsupported};
use wasmparser::{
    CompositeInnerType, Encoding, ExternalKind, FuncToValidate, FunctionBody, Parser, Payload,
    RecGroup, SectionLimited, TagKind, TagType, TypeRef, Validator, ValidatorResources,
    WasmFeatures,
};

/// A module as far as it is known before its function bodies are looked into.
pub(super) struct Translation<'a> {
    /// What goes into the image.
    pub(super) info: ModuleInfo,
    /// One for each defined function.
    pub(super) bodies: Vec<Body<'a>>,
    /// The bytes of the data segments, in the order of `info.data`.
    pub(super) data: Vec<&'a [u8]>,
    /// From the name section.
    pub(super) names: FunctionNames<'a>,
}

/// A function body, and what it takes to validate it.
pub(super) struct Body<'a> {
    /// The code.
    pub(super) code: FunctionBody<'a>,
    /// The type, and the module's index spaces.
    pub(super) validation: FuncToValidate<ValidatorResources>,
}

/// Decodes a module and validates all but its function bodies.
///
/// # Errors
/// It is not valid, or exceeds one of the limits.
pub(super) fn translate<'a>(
    wasm: &'a [u8],
    features: Features,
    limits: &ModuleLimits,
) -> Result<Translation<'a>> {
    check_size(limits, wasm.len())?;
    // The largest offset stands for "no location".
    ensure!(
        wasm.len() < u32::MAX as usize,
        "module too large: {} bytes",
        wasm.len()
    );
    let features = types::wasm_features(features);
    let mut parser = Parser::new(0);
    parser.set_features(features);
    let mut frontend = Frontend::new(features, limits);
    for payload in parser.parse_all(wasm) {
        let payload = payload.map_err(invalid)?;
        let section = payload.as_section();
        frontend.payload(payload).map_err(|error| {
            let section = section.map(|(_, range)| range.start);
            Unsupported::in_section(error, section)
        })?;
    }
    Ok(frontend.finish())
}

struct Frontend<'a, 'l> {
    limits: &'l ModuleLimits,
    validator: Validator,
    kinds: Kinds,
    out: Translation<'a>,
    data_len: u32,
}

impl<'a, 'l> Frontend<'a, 'l> {
    fn new(features: WasmFeatures, limits: &'l ModuleLimits) -> Self {
        Self {
            limits,
            validator: Validator::new_with_features(features),
            kinds: Kinds::default(),
            out: Translation {
                info: ModuleInfo::default(),
                bodies: Vec::new(),
                data: Vec::new(),
                names: FunctionNames::default(),
            },
            data_len: 0,
        }
    }

    /// Validates one section, then takes over what it holds.
    fn payload(&mut self, payload: Payload<'a>) -> Result<()> {
        self.check_count(&payload)?;
        let limits = self.limits;
        let validator = &mut self.validator;
        let kinds = &mut self.kinds;
        let info = &mut self.out.info;
        match payload {
            Payload::Version {
                num,
                encoding,
                range,
            } => {
                if encoding != Encoding::Module {
                    let what = format_args!("this is a component, not a core module");
                    return Err(invalid_at(range.start, what));
                }
                validator.version(num, encoding, &range).map_err(invalid)?;
            }
            Payload::TypeSection(section) => {
                validator.type_section(&section).map_err(invalid)?;
                for group in section.into_iter_with_offsets() {
                    let (offset, group) = group.map_err(invalid)?;
                    check_group(limits, info.types.len(), &group, offset)?;
                    kinds.add(&group)?;
                    // The section holds no more types than bytes.
                    info.rec_groups.push(group.types().len() as u32);
                    for ty in group.types() {
                        info.types.push(kinds.sub_type(ty)?);
                    }
                }
            }
            Payload::ImportSection(section) => {
                validator.import_section(&section).map_err(invalid)?;
                for import in section.into_imports_with_offsets() {
                    let (offset, import) = import.map_err(invalid)?;
                    let size = import.module.len().max(import.name.len());
                    check!(limits, name_size, size, offset)?;
                    let item = self.import(import.ty)?;
                    let info = &mut self.out.info;
                    info.imports.push(Import {
                        module: import.module.into(),
                        name: import.name.into(),
                        item,
                    });
                    check!(limits, imports, info.imports.len(), offset)?;
                    check!(limits, functions, info.functions.len(), offset)?;
                    check!(limits, tables, info.tables.len(), offset)?;
                    check!(limits, memories, info.memories.len(), offset)?;
                    check!(limits, globals, info.globals.len(), offset)?;
                    check!(limits, tags, info.tags.len(), offset)?;
                }
            }
            Payload::FunctionSection(section) => {
                validator.function_section(&section).map_err(invalid)?;
                for ty in section {
                    info.functions.push(FunctionInfo {
                        ty: TypeIndex::from_u32(ty.map_err(invalid)?),
                        func_ref: None,
                    });
                }
            }
            Payload::TableSection(section) => {
                validator.table_section(&section).map_err(invalid)?;
                for table in section {
                    let table = table.map_err(invalid)?;
                    let ty = kinds.table_type(&table.ty)?;
                    info.table_initializers.push(init::table_initializer(
                        kinds,
                        limits,
                        &table.init,
                        &ty,
                    )?);
                    info.tables.push(ty);
                }
            }
            Payload::MemorySection(section) => {
                validator.memory_section(&section).map_err(invalid)?;
                for memory in section {
                    let memory = memory.map_err(invalid)?;
                    info.memories.push(types::memory_type(&memory)?);
                }
            }
            Payload::TagSection(section) => {
                validator.tag_section(&section).map_err(invalid)?;
                for tag in section {
                    let TagType {
                        kind: TagKind::Exception,
                        func_type_idx,
                    } = tag.map_err(invalid)?;
                    info.tags.push(TypeIndex::from_u32(func_type_idx));
                }
            }
            Payload::GlobalSection(section) => {
                validator.global_section(&section).map_err(invalid)?;
                for global in section {
                    let global = global.map_err(invalid)?;
                    info.globals.push(kinds.global_type(&global.ty)?);
                    info.global_initializers.push(init::const_expr(
                        kinds,
                        limits,
                        &global.init_expr,
                    )?);
                }
            }
            Payload::ExportSection(section) => {
                validator.export_section(&section).map_err(invalid)?;
                for export in section.into_iter_with_offsets() {
                    let (offset, export) = export.map_err(invalid)?;
                    check!(limits, name_size, export.name.len(), offset)?;
                    let item = match export.kind {
                        ExternalKind::Func => {
                            EntityIndex::Function(FunctionIndex::from_u32(export.index))
                        }
                        ExternalKind::Table => {
                            EntityIndex::Table(TableIndex::from_u32(export.index))
                        }
                        ExternalKind::Memory => {
                            EntityIndex::Memory(MemoryIndex::from_u32(export.index))
                        }
                        ExternalKind::Global => {
                            EntityIndex::Global(GlobalIndex::from_u32(export.index))
                        }
                        ExternalKind::Tag => EntityIndex::Tag(TagIndex::from_u32(export.index)),
                        kind => return Err(types::unsupported("export", kind)),
                    };
                    info.exports.push(Export {
                        name: export.name.into(),
                        item,
                    });
                }
            }
            Payload::StartSection { func, range } => {
                validator.start_section(func, &range).map_err(invalid)?;
                info.start = Some(FunctionIndex::from_u32(func));
            }
            Payload::ElementSection(section) => {
                validator.element_section(&section).map_err(invalid)?;
                for segment in section {
                    let segment = segment.map_err(invalid)?;
                    info.elements
                        .push(init::element_segment(kinds, limits, &segment)?);
                }
            }
            Payload::DataCountSection { count, range } => {
                validator
                    .data_count_section(count, &range)
                    .map_err(invalid)?;
            }
            Payload::CodeSectionStart { range, .. } => {
                validator.code_section_start(&range).map_err(invalid)?;
                self.out.bodies.reserve(info.defined_functions());
            }
            Payload::CodeSectionEntry(code) => {
                let (start, size) = (code.range().start, code.range().len());
                let place = Place {
                    function: Some((info.imported_functions + self.out.bodies.len()) as u32),
                    offset: start,
                };
                check!(limits, function_size, size, place)?;
                let validation = validator.code_section_entry(&code).map_err(invalid)?;
                self.out.bodies.push(Body { code, validation });
            }
            Payload::DataSection(section) => {
                validator.data_section(&section).map_err(invalid)?;
                for segment in section {
                    let segment = segment.map_err(invalid)?;
                    let mode: DataMode = init::data_mode(kinds, limits, &segment.kind)?;
                    // The module, which holds all of them, is less than 4 GiB long.
                    let start = self.data_len;
                    self.data_len += segment.data.len() as u32;
                    info.data.push(DataSegment {
                        mode,
                        bytes: start..self.data_len,
                    });
                    self.out.data.push(segment.data);
                }
            }
            Payload::CustomSection(section) => {
                if let wasmparser::KnownCustom::Name(section) = section.as_known() {
                    self.out.names.read(section, &mut info.name);
                }
            }
            Payload::End(offset) => {
                validator.end(offset).map_err(invalid)?;
            }
            other => {
                validator.payload(&other).map_err(invalid)?;
            }
        }
        Ok(())
    }

    /// No section holds more items than bytes, nor more than the limits allow. Checked before anyone makes
    /// room for the items.
    fn check_count(&self, payload: &Payload<'_>) -> Result<()> {
        let (limits, info) = (self.limits, &self.out.info);
        let (what, count, range) = match payload {
            Payload::TypeSection(s) => extent("type", s),
            Payload::ImportSection(s) => extent("import", s),
            Payload::FunctionSection(s) => extent("function", s),
            Payload::TableSection(s) => extent("table", s),
            Payload::MemorySection(s) => extent("memory", s),
            Payload::TagSection(s) => extent("tag", s),
            Payload::GlobalSection(s) => extent("global", s),
            Payload::ExportSection(s) => extent("export", s),
            Payload::ElementSection(s) => extent("element", s),
            Payload::DataSection(s) => extent("data", s),
            Payload::DataCountSection { count, range } => {
                return check!(limits, data_segments, *count, range.start);
            }
            Payload::CodeSectionStart { count, range, .. } => ("code", *count, range.clone()),
            _ => return Ok(()),
        };
        let start = range.start;
        if count as usize > range.len() {
            let bytes = range.len();
            return Err(invalid_at(
                start,
                format_args!(
                    "unexpected end: the {what} section holds {count} items in {bytes} bytes"
                ),
            ));
        }
        // With those that are imported.
        let all = |before: usize| before as u64 + u64::from(count);
        match payload {
            // Groups of types, in fact.
            Payload::TypeSection(_) => check!(limits, types, count, start),
            Payload::FunctionSection(_) => {
                check!(limits, functions, all(info.functions.len()), start)
            }
            Payload::TableSection(_) => check!(limits, tables, all(info.tables.len()), start),
            Payload::MemorySection(_) => check!(limits, memories, all(info.memories.len()), start),
            Payload::TagSection(_) => check!(limits, tags, all(info.tags.len()), start),
            Payload::GlobalSection(_) => check!(limits, globals, all(info.globals.len()), start),
            Payload::ExportSection(_) => check!(limits, exports, count, start),
            Payload::ElementSection(_) => check!(limits, element_segments, count, start),
            Payload::DataSection(_) => check!(limits, data_segments, count, start),
            // A group of imports is one item: they are checked one by one.
            _ => Ok(()),
        }
    }

    fn import(&mut self, ty: TypeRef) -> Result<EntityIndex> {
        let info = &mut self.out.info;
        Ok(match ty {
            TypeRef::Func(ty) => {
                info.imported_functions += 1;
                EntityIndex::Function(info.functions.push(FunctionInfo {
                    ty: TypeIndex::from_u32(ty),
                    func_ref: None,
                }))
            }
            TypeRef::Table(ty) => {
                info.imported_tables += 1;
                EntityIndex::Table(info.tables.push(self.kinds.table_type(&ty)?))
            }
            TypeRef::Memory(ty) => {
                info.imported_memories += 1;
                EntityIndex::Memory(info.memories.push(types::memory_type(&ty)?))
            }
            TypeRef::Global(ty) => {
                info.imported_globals += 1;
                EntityIndex::Global(info.globals.push(self.kinds.global_type(&ty)?))
            }
            TypeRef::Tag(ty) => {
                info.imported_tags += 1;
                EntityIndex::Tag(info.tags.push(TypeIndex::from_u32(ty.func_type_idx)))
            }
            TypeRef::FuncExact(_) => return Err(types::unsupported("import", ty)),
        })
    }

    fn finish(mut self) -> Translation<'a> {
        let info = &mut self.out.info;
        info.exports_by_name = (0..info.exports.len() as u32).collect();
        let name = |i: &u32| info.exports[*i as usize].name.as_str();
        info.exports_by_name.sort_unstable_by_key(name);
        give_func_refs(&mut self.out.info);
        self.out.names.finish(self.out.info.functions.len());
        self.out
    }
}

/// Checks a recursion group that has `before` types before it.
fn check_group(
    limits: &ModuleLimits,
    before: usize,
    group: &RecGroup,
    offset: usize,
) -> Result<()> {
    let count = group.types().len();
    check!(limits, rec_group_types, count, offset)?;
    check!(limits, types, before + count, offset)?;
    for ty in group.types() {
        match &ty.composite_type.inner {
            CompositeInnerType::Func(ty) => {
                check!(limits, params, ty.params().len(), offset)?;
                check!(limits, results, ty.results().len(), offset)?;
            }
            CompositeInnerType::Struct(ty) => {
                check!(limits, fields, ty.fields.len(), offset)?;
            }
            _ => {}
        }
    }
    Ok(())
}

fn extent<T>(
    what: &'static str,
    section: &SectionLimited<'_, T>,
) -> (&'static str, u32, Range<usize>) {
    (what, section.count(), section.range())
}

/// Gives a slot to each function that a reference may be made to, in the order of functions.
///
/// A body's `ref.func` names only functions that are mentioned outside of bodies (spec: `C.refs`).
fn give_func_refs(info: &mut ModuleInfo) {
    let mut escapes = vec![false; info.functions.len()];
    let mut mark = |function: FunctionIndex| escapes[function.index()] = true;
    for export in &info.exports {
        if let EntityIndex::Function(function) = export.item {
            mark(function);
        }
    }
    for segment in info.elements.values() {
        match &segment.items {
            ElementItems::Functions(functions) => functions.iter().copied().for_each(&mut mark),
            ElementItems::Expressions(items) => {
                items.iter().flat_map(init::functions).for_each(&mut mark);
            }
        }
    }
    let globals = info.global_initializers.values();
    globals
        .chain(info.table_initializers.values())
        .flat_map(init::functions)
        .for_each(&mut mark);
    for (function, _) in info
        .functions
        .values_mut()
        .zip(&escapes)
        .filter(|(_, e)| **e)
    {
        function.func_ref = Some(FuncRefIndex::new(info.func_refs));
        info.func_refs += 1;
    }
}
