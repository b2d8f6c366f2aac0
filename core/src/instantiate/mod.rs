//! Instantiation (spec: "Instantiation"): from a module and imports to a running instance.

// Twins: without the feature `gc` no expression makes objects.
#[cfg_attr(not(feature = "gc"), path = "no_objects.rs")]
#[forbid(unsafe_code)]
mod objects;

use crate::activation::ValRaw;
use crate::activation::context::{VMContext, VMExtent, VMFuncRef, VMFunctionImport, VMGlobal};
use crate::call::{entry::invoke_start, libcalls::builtins};
use crate::code::Module;
use crate::error::bounded::{bail, ensure, format_err};
use crate::error::{Context, OutOfMemory, Result};
use crate::instance::const_expr::{evaluate_in, makes_objects};
use crate::instance::images::Images;
use crate::instance::segments::{segment_bytes, write_bytes, write_elements};
use crate::instance::{Element, InstanceData, LinearMemory, Parts, SharedMemory, TableData};
use crate::interrupt::pieces::{ELEMENTS, Order, Steps};
use crate::module::{
    ConstExpr, DataMode, ElementIndex, ElementItems, ElementMode, FunctionIndex, GlobalIndex,
    Import, IndexType, MemoryIndex, TableIndex, TagIndex,
};
use crate::oom::{self, Watch};
use crate::owner::OfEngine as _;
use crate::store::OfStore as _;
use crate::store::in_steps;
use crate::store::{RawStore, StoreOpaque};
use crate::types::matching;
use crate::{Extern, Instance};
use alloc::alloc::alloc;
use alloc::string::String;
use core::ptr::NonNull;
use cranelift_entity::EntityRef;

/// Checks that `imports` are what `module` imports, in the order of its import section.
///
/// # Errors
/// There are more or fewer, one is of another store, or one has a type that does not fit: the error
/// names that import. The store is to stop.
pub(crate) fn check_imports(
    store: &StoreOpaque,
    module: &Module,
    imports: &[Extern],
    steps: &mut Steps,
) -> Result<()> {
    let info = &module.inner().info;
    module.ensure_engine(&store.engine)?;
    let (expected, found) = (info.imports.len(), imports.len());
    ensure!(
        expected == found,
        "expected {expected} imports, found {found}"
    );
    for (import, item) in info.imports.iter().zip(imports) {
        steps.take(1)?;
        item.ensure_store(store)
            .with_context(|| incompatible(import))?;
        let expected = module.inner().types.entity(info.entity_type(import.item));
        matching::check(
            &store.engine,
            import,
            &expected,
            &item.canonical_type(store),
        )?;
    }
    Ok(())
}

/// The text of an error about an import that is of another store.
fn incompatible(import: &Import) -> String {
    let Import { module, name, .. } = import;
    oom::text(format_args!(
        "incompatible import type for `{module}::{name}`"
    ))
}

/// Instantiates a module, and runs its start function.
///
/// # Errors
/// A limit of the store is exceeded, memory is short, an active segment does not fit, the store is to stop, or the start
/// function fails. In the last three cases what has been written to imported memories and tables
/// stays. The instance is freed, unless somebody may have got a reference to what is in it.
///
/// # Safety
/// `imports` have passed [`check_imports`], but for the store they are of, with a store of the same engine.
pub(crate) unsafe fn instantiate(
    mut store: RawStore<'_>,
    module: &Module,
    imports: &[Extern],
) -> Result<Instance> {
    // SAFETY: the caller's promise.
    let handle = unsafe { make(&mut store, module, imports) }?;
    if let Some(start) = module.info().start {
        // SAFETY: the store keeps it.
        run_start(store, unsafe { handle.data.as_ref() }, start)?;
    }
    Ok(handle)
}

/// As [`instantiate`], without its start function.
///
/// # Errors
/// A limit of the store is exceeded, memory is short, an active segment does not fit, or the store is to stop: as for
/// [`instantiate`].
///
/// # Safety
/// `imports` have passed [`check_imports`], but for the store they are of, with a store of the same engine.
#[inline]
pub(crate) unsafe fn make(
    store: &mut StoreOpaque,
    module: &Module,
    imports: &[Extern],
) -> Result<Instance> {
    let data = in_steps(store, |store, steps| {
        let (tags, mut reached) = (store.tags.len(), false);
        // SAFETY: the caller's promise.
        let built = unsafe { build(store, module, imports, steps, &mut reached) };
        if built.is_err() && !reached {
            store.tags.truncate(tags);
        }
        built
    })?;
    Ok(Instance {
        store: store.id,
        data,
    })
}

/// Makes an instance, with everything in it but what its start function does. `reached` says whether somebody may have
/// got a reference to what is in it, though it failed; then it stays the store's for good.
///
/// # Errors
/// As for [`instantiate`].
///
/// # Safety
/// As for [`instantiate`].
#[inline(always)] // It has one caller; saving registers for the call would show in small instances.
unsafe fn build(
    store: &mut StoreOpaque,
    module: &Module,
    imports: &[Extern],
    steps: &mut Steps,
    reached: &mut bool,
) -> Result<NonNull<InstanceData>> {
    let inner = module.inner();
    let (info, plan) = (&inner.info, module.plan());
    let watch = Watch::start()?;
    module.ensure_engine(&store.engine)?;
    for item in imports {
        steps.take(1)?;
        item.ensure_store(store)?;
    }
    if store.limiter.is_some() {
        for ty in info.memories.values().skip(info.imported_memories) {
            steps.take(1)?;
            store.allow_memory(ty)?;
        }
        for ty in info.tables.values().skip(info.imported_tables) {
            steps.take(1)?;
            store.allow_table(ty)?;
        }
    }
    let used = store.used_with(&plan.resources)?;
    store.register_module(module, watch, steps)?;
    if module.code().table().uses_heap() {
        store.reserve_heap()?;
        if plan.functions_in_objects {
            store.give_all_functions_ids(watch, steps)?;
        }
    }
    store.reserve_instance(watch)?;
    store.room_for_function_ids(info.func_refs, watch, steps.pieces())?;

    // SAFETY: the layout has a size: `InstanceData` at least.
    let base = NonNull::new(unsafe { alloc(plan.allocation) });
    let Some(base) = base else {
        let failed = Err(OutOfMemory::new(plan.allocation.size()));
        return failed.context("out of memory for an instance");
    };
    let parts = plan.parts(base);
    let vmctx = parts.vmctx;
    let mut new = New(parts.data);
    // SAFETY: the allocation is new, and made for this module's parts.
    unsafe {
        parts
            .data
            .write(InstanceData::new(store.id, module.clone(), &parts));
        plan.stamp(info, &parts, steps.pieces())?;
        vmctx.write(VMContext {
            store: store.context.as_ptr(),
            builtins: builtins(),
            owner: parts.data.as_ptr().cast(),
            clock: store.deadline.clock(),
        });
    }
    // SAFETY: just written; nothing else refers to it.
    let instance = unsafe { new.0.as_mut() };
    if !imports.is_empty() {
        link(store, module, instance, &parts, imports, watch, steps)?;
    }
    if info.tags.len() > info.imported_tags {
        make_tags(store, module, instance, steps)?;
    }

    let images = match plan.resources.memories > 0 && Images::are_used(&store.engine) {
        true => {
            let made = || Images::new(&store.engine, info, module.code().data(), steps);
            plan.images.get_or_make(made)?
        }
        false => None,
    };
    for (index, ty) in info.memories.iter().skip(info.imported_memories) {
        steps.look()?;
        let defined = info.defined_memory(index).expect("imports are skipped");
        let slot = instance.field::<VMExtent>(plan.layout.memory(defined));
        // SAFETY: the slot is in the same allocation; the image was made for this memory.
        unsafe {
            let memory = if ty.shared {
                let memory = SharedMemory::of_type(&store.engine, ty, steps.pieces())?;
                slot.cast().write(memory.extent());
                LinearMemory::shared(memory)
            } else {
                let image = images.and_then(|images| images.get(defined));
                LinearMemory::new(&store.engine, ty, slot, image, steps.pieces())?
            };
            let memory = instance.push_memory(memory);
            parts.memory_pointers.add(index.index()).write(memory);
        }
    }
    for (index, ty) in info.tables.iter().skip(info.imported_tables) {
        let defined = info.defined_table(index).expect("imports are skipped");
        let extent = instance.field::<VMExtent>(plan.layout.table(defined));
        let mut ty = ty.clone();
        ty.element = inner.types.reference(ty.element);
        // SAFETY: extent and elements are in the same allocation.
        unsafe {
            let table = TableData::new(
                ty,
                extent,
                plan.inline_elements(base, defined),
                steps.pieces(),
            )?;
            let table = instance.push_table(table);
            parts.table_pointers.add(index.index()).write(table);
        }
    }
    watch.check()?;
    let data = new.finish();
    store.used = used;
    store.add_instance(data);
    // From here on the collector looks at the instance, and only shared references are made.
    // SAFETY: the store keeps it.
    let instance = unsafe { data.as_ref() };
    let initialized = store.give_function_ids(instance, steps).and_then(|()| {
        store.counting_fuel_once(|store| initialize(store, instance, images, steps, reached))
    });
    initialized.map(|()| data).inspect_err(|_| {
        if !*reached {
            store.forget_functions(instance);
            store.instances.pop();
            store.used -= plan.resources;
            // SAFETY: the store's last instance. What refers to it are objects that its own globals and segments held.
            unsafe { InstanceData::free(data) };
        }
    })
}

/// Gives the tags that the module defines numbers.
fn make_tags(
    store: &mut StoreOpaque,
    module: &Module,
    instance: &InstanceData,
    steps: &mut Steps,
) -> Result<()> {
    let (inner, layout) = (module.inner(), &module.plan().layout);
    let info = &inner.info;
    let tags = &info.tags.as_values_slice()[info.imported_tags..];
    let tags = tags.iter().map(|&ty| inner.types.id(ty));
    let first = store.tags.add(tags, steps)?;
    for (number, index) in (first..).zip(info.tags.keys().skip(info.imported_tags)) {
        steps.take(1)?;
        // SAFETY: the instance's own slot; nothing reads it yet.
        unsafe { instance.field(layout.tag(index)).write(number) };
    }
    Ok(())
}

/// A new instance that is freed again unless it is finished.
struct New(NonNull<InstanceData>);

impl New {
    fn finish(self) -> NonNull<InstanceData> {
        let data = self.0;
        core::mem::forget(self);
        data
    }
}

impl Drop for New {
    fn drop(&mut self) {
        // SAFETY: allocated for its module, and not finished: nothing refers to it.
        unsafe { InstanceData::free(self.0) };
    }
}

/// Writes the imports into the vmctx.
fn link(
    store: &mut StoreOpaque,
    module: &Module,
    instance: &InstanceData,
    parts: &Parts,
    imports: &[Extern],
    watch: Watch,
    steps: &mut Steps,
) -> Result<()> {
    let (info, layout) = (&module.inner().info, &module.plan().layout);
    let (mut functions, mut globals, mut memories, mut tables, mut tags) = (0, 0, 0, 0, 0);
    // SAFETY (all writes): the slots are in the instance's allocation, one for each import; what they will
    // point to belongs to the store, which keeps it.
    for item in imports {
        steps.take(1)?;
        match item {
            Extern::Func(func) => {
                let index = FunctionIndex::new(functions);
                functions += 1;
                // SAFETY: of the same store, as has been checked.
                let VMFuncRef {
                    mut code, vmctx, ..
                } = unsafe { func.func_ref.read() };
                if code.is_null() {
                    let trampoline = module.code().host_trampoline(info.functions[index].ty);
                    code = trampoline.ok_or_else(|| {
                        format_err!("the image has no trampoline for the type of an import")
                    })?;
                }
                let import = VMFunctionImport {
                    code,
                    vmctx,
                    func_ref: func.func_ref,
                };
                // SAFETY: see above.
                unsafe {
                    instance
                        .field(layout.imported_function(index))
                        .write(import)
                };
            }
            Extern::Global(global) => {
                let index = GlobalIndex::new(globals);
                globals += 1;
                // SAFETY: see above.
                unsafe {
                    parts
                        .imported_globals
                        .add(index.index())
                        .write(global.place);
                    instance
                        .field(layout.imported_global(index))
                        .write(global.place.value);
                }
            }
            Extern::Memory(_) | Extern::SharedMemory(_) => {
                let index = MemoryIndex::new(memories);
                memories += 1;
                let memory = match item {
                    Extern::SharedMemory(memory) => store.share_memory(memory, watch)?,
                    Extern::Memory(memory) => memory.memory,
                    _ => continue,
                };
                // SAFETY: see above.
                unsafe {
                    parts.memory_pointers.add(index.index()).write(memory);
                    let extent = memory.as_ref().extent();
                    instance.field(layout.imported_memory(index)).write(extent);
                }
            }
            Extern::Table(table) => {
                let index = TableIndex::new(tables);
                tables += 1;
                // SAFETY: see above.
                unsafe {
                    parts.table_pointers.add(index.index()).write(table.table);
                    let extent = table.table.as_ref().extent();
                    instance.field(layout.imported_table(index)).write(extent);
                }
            }
            Extern::Tag(tag) => {
                let index = TagIndex::new(tags);
                tags += 1;
                // SAFETY: see above.
                unsafe { instance.field(layout.tag(index)).write(tag.number) };
            }
        }
    }
    for &(function, slot) in &module.plan().imported_func_refs {
        steps.take(1)?;
        let import = instance.field::<VMFunctionImport>(layout.imported_function(function));
        // SAFETY: the import has just been written.
        unsafe {
            let import = import.read();
            let func_ref = VMFuncRef {
                code: import.code,
                id: 0,
                ..import.func_ref.as_ref().clone()
            };
            instance.field(layout.func_ref(slot)).write(func_ref);
        }
    }
    Ok(())
}

/// Gives globals, tables and memories their initial contents. For `reached` see [`build`].
fn initialize(
    store: &mut StoreOpaque,
    instance: &InstanceData,
    images: Option<&Images>,
    steps: &mut Steps,
    reached: &mut bool,
) -> Result<()> {
    let info = instance.info();
    let plan = instance.module.plan();
    if plan.fuel > 0 {
        store.use_fuel(plan.fuel)?;
    }
    for &index in &plan.dynamic_globals {
        let value = value(store, instance, &info.global_initializers[index], steps)?;
        let slot = instance.field::<VMGlobal>(plan.layout.global(index));
        // SAFETY: the instance's own slot; nothing reads it yet.
        unsafe { slot.cast::<ValRaw>().write(value) };
    }
    for (index, expr) in info.table_initializers.iter() {
        let value = value(store, instance, expr, steps)?;
        let mut table = instance.defined_table(index);
        // SAFETY: the instance's own table; nothing else refers to it yet.
        let table = unsafe { table.as_mut() };
        let element: Element = match table.is_func() {
            true => value.get_funcref().expose_provenance() as u64,
            false => (value.get_i32() as u32).into(),
        };
        if element != 0 {
            let all = table.len();
            steps.pieces().run(all, ELEMENTS, Order::Up, |piece| {
                // SAFETY: in bounds; validation says that the value is of the element type.
                unsafe { table.write(piece, core::iter::repeat(element)) };
            })?;
        }
    }
    if !plan.object_segments.is_empty() {
        instance.reserve_objects(plan.object_segments.len())?;
        for &index in &plan.object_segments {
            make_objects(store, instance, index, steps)?;
        }
    }
    for (index, segment) in info.elements.iter() {
        steps.take(1)?;
        let ElementMode::Active { table, offset } = &segment.mode else {
            continue;
        };
        let dst = address(
            evaluate_in(steps, offset, instance)?,
            info.tables[*table].index,
        );
        *reached |= info.defined_table(*table).is_none();
        // SAFETY: no code runs in the store; the range is the whole segment, of the table's type.
        unsafe {
            let table = instance.table(*table);
            let all = 0..segment.items.len();
            write_elements(instance, table, index, dst, all, steps.pieces())?;
        }
        instance.drop_objects(index);
    }
    for (index, segment) in info.data.iter() {
        steps.take(1)?;
        let DataMode::Active { memory, offset } = &segment.mode else {
            continue;
        };
        let imaged = info
            .defined_memory(*memory)
            .and_then(|defined| images?.get(defined));
        if imaged.is_some() {
            continue;
        }
        let dst = address(
            evaluate_in(steps, offset, instance)?,
            info.memories[*memory].index,
        );
        // SAFETY: no code runs in the store, and nobody has a reference to the bytes.
        unsafe {
            let bytes = segment_bytes(instance, index);
            write_bytes(instance.memory(*memory), dst, bytes, steps.pieces())?;
        };
    }
    Ok(())
}

/// The value of a constant expression. It may move objects.
fn value(
    store: &mut StoreOpaque,
    instance: &InstanceData,
    expr: &ConstExpr,
    steps: &mut Steps,
) -> Result<ValRaw> {
    match makes_objects(expr) {
        true => objects::evaluate(expr, store, instance, steps),
        false => evaluate_in(steps, expr, instance),
    }
}

/// Evaluates the expressions of an element segment that make objects, once.
fn make_objects(
    store: &mut StoreOpaque,
    instance: &InstanceData,
    index: ElementIndex,
    steps: &mut Steps,
) -> Result<()> {
    let segment = &instance.info().elements[index];
    let ElementItems::Expressions(items) = &segment.items else {
        return Ok(());
    };
    instance.keep_objects(index, items.len())?;
    for expr in items {
        let object = value(store, instance, expr, steps)?;
        instance.push_object(object.get_i32() as u32);
    }
    Ok(())
}

fn address(value: ValRaw, index: IndexType) -> u64 {
    match index {
        IndexType::I32 => (value.get_i32() as u32).into(),
        IndexType::I64 => value.get_i64() as u64,
    }
}

/// A start function: one that somebody may refer to, or made for the call.
pub(crate) enum StartFunction {
    Known(NonNull<VMFuncRef>),
    Made(VMFuncRef),
}

impl StartFunction {
    /// What is called.
    pub(crate) fn func_ref(&self) -> NonNull<VMFuncRef> {
        match self {
            Self::Known(func_ref) => *func_ref,
            Self::Made(func_ref) => NonNull::from(func_ref),
        }
    }
}

/// The start function of an instance.
///
/// # Errors
/// The image is damaged.
pub(crate) fn start_function(
    instance: &InstanceData,
    start: FunctionIndex,
) -> Result<StartFunction> {
    let module = &instance.module;
    let info = instance.info();
    match (instance.func_ref(start), info.defined_function(start)) {
        (Some(func_ref), _) => Ok(StartFunction::Known(func_ref)),
        (None, Some(defined)) => {
            let ty = info.functions[start].ty;
            let entry = module.code().entry_trampoline(ty);
            Ok(StartFunction::Made(VMFuncRef {
                code: module.code().function(defined),
                vmctx: instance.vmctx.as_ptr().cast(),
                type_id: module.inner().types.id(ty),
                id: 0,
                entry: entry
                    .ok_or_else(|| format_err!("the image has no trampoline for `start`"))?,
            }))
        }
        (None, None) => bail!("the start function is missing"),
    }
}

fn run_start(store: RawStore<'_>, instance: &InstanceData, start: FunctionIndex) -> Result<()> {
    let function = start_function(instance, start)?;
    // SAFETY: a function of this store; validation says that it has neither parameters nor results.
    unsafe { invoke_start(store, function.func_ref(), instance.vmctx) }
}
