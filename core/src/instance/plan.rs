//! What all instances of a module have in common: made once, so that making an instance is mostly copying.

use super::const_expr::{Nothing, evaluate, is_constant, is_long, makes_objects};
use super::memory::used_by_memory;
use super::parts::{Allocation, Offsets, Parts};
use super::table::{Block, used_by_table};
use super::{fuel, images::LazyImages};
use crate::abi::TypeId;
use crate::abi::vmctx::VmctxLayout;
use crate::activation::ValRaw;
use crate::activation::context::{VMContext, VMFuncRef};
use crate::code::CodeMemory;
use crate::error::Result;
use crate::error::bounded::format_err;
use crate::interrupt::pieces::{ELEMENTS, Order, Pieces};
use crate::module::{
    DefinedGlobalIndex, DefinedTableIndex, ElementIndex, ElementItems, ElementMode, FuncRefIndex,
    FunctionIndex, ModuleInfo, TypeIndex, ValueType,
};
use crate::oom;
use crate::store::ResourcesUsed;
use crate::trap::Trap;
use crate::types::module_types::ModuleTypes;
use alloc::alloc::Layout;
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::ptr::{self, NonNull};
use cranelift_entity::{EntityRef, PrimaryMap};

/// Tables with this many elements at most lie in their instance's allocation until they grow.
const INLINE_ELEMENTS: u64 = 4096;

/// What all instances of a module have in common.
pub(crate) struct Plan {
    pub(crate) layout: VmctxLayout,
    /// The vmctx's bytes, without the header. Function references lack their vmctx.
    template: Box<[u128]>,
    /// Globals whose value depends on imports or addresses, in order.
    pub(crate) dynamic_globals: Vec<DefinedGlobalIndex>,
    /// Where the defined globals lie in the vmctx that are references but no functions.
    #[cfg_attr(
        not(any(feature = "gc", feature = "exceptions")),
        expect(dead_code, reason = "nothing is collected")
    )]
    pub(crate) reference_globals: Vec<u32>,
    /// Element segments with expressions that make objects, or whose evaluation may fail.
    pub(crate) object_segments: Vec<ElementIndex>,
    /// Objects of the module's types may refer to functions.
    pub(crate) functions_in_objects: bool,
    /// What instantiation costs in fuel.
    pub(crate) fuel: u64,
    /// Imported functions that have a function reference in the vmctx.
    pub(crate) imported_func_refs: Vec<(FunctionIndex, FuncRefIndex)>,
    /// Where each defined table's first elements lie in the allocation, if they do.
    inline_elements: PrimaryMap<DefinedTableIndex, Option<usize>>,
    pub(crate) images: LazyImages,
    /// What an instance takes of its store's.
    pub(crate) resources: ResourcesUsed,
    pub(crate) allocation: Layout,
    /// The bytes from the start of the dropped bits to the end: zero in a new instance.
    zeroed: usize,
    offsets: Offsets,
}

// SAFETY: the template's pointers are to code that the module keeps; nobody writes to it.
unsafe impl Send for Plan {}
// SAFETY: as for `Send`.
unsafe impl Sync for Plan {}

/// What an instance takes of its store's.
fn resources(info: &ModuleInfo) -> ResourcesUsed {
    let mut sum = ResourcesUsed {
        instances: 1,
        ..Default::default()
    };
    for ty in info.memories.values().skip(info.imported_memories) {
        sum += used_by_memory(ty);
    }
    for ty in info.tables.values().skip(info.imported_tables) {
        sum += used_by_table(ty);
    }
    sum
}

impl Plan {
    /// The plan of a module.
    ///
    /// # Errors
    /// An instance would be too large for the machine.
    pub(crate) fn new(
        info: &ModuleInfo,
        layout: VmctxLayout,
        types: &ModuleTypes,
        code: &CodeMemory,
    ) -> Result<Self> {
        let too_large = || format_err!("an instance of the module would be too large");
        let mut allocation = Allocation::new();
        let offsets = Offsets::new(info, &layout, &mut allocation).ok_or_else(too_large)?;
        let mut inline_elements = oom::vec(info.tables.len() - info.imported_tables)?;
        for ty in info.tables.values().skip(info.imported_tables) {
            let minimum = ty.limits.minimum;
            let offset = match minimum <= INLINE_ELEMENTS {
                true => {
                    let block = Block::of(ty, minimum as usize).ok_or_else(too_large)?;
                    let start = allocation.place(block.layout).ok_or_else(too_large)?;
                    Some(start + block.marks)
                }
                false => None,
            };
            inline_elements.push(offset);
        }
        let allocation = allocation.finish();
        let depends = |&(_, expr): &(DefinedGlobalIndex, _)| !is_constant(expr);
        Ok(Self {
            layout,
            template: template(info, &layout, types, code)?,
            dynamic_globals: oom::collect(
                (info.global_initializers.iter())
                    .filter(depends)
                    .map(|(index, _)| index),
            )?,
            reference_globals: oom::collect(
                (info.globals.iter())
                    .filter(
                        |(_, ty)| matches!(ty.content, ValueType::Ref(ty) if !ty.heap.is_func()),
                    )
                    .filter_map(|(index, _)| Some(layout.global(info.defined_global(index)?))),
            )?,
            object_segments: oom::collect(
                (info.elements.iter())
                    .filter(|(_, segment)| segment.mode != ElementMode::Declared)
                    .filter(|(_, segment)| match &segment.items {
                        ElementItems::Functions(_) => false,
                        ElementItems::Expressions(items) => items
                            .iter()
                            .any(|item| makes_objects(item) || is_long(item)),
                    })
                    .map(|(index, _)| index),
            )?,
            functions_in_objects: info.has_functions_in_objects(),
            fuel: fuel::total(info),
            imported_func_refs: oom::collect(
                (info.functions.iter().take(info.imported_functions))
                    .filter_map(|(index, function)| Some((index, function.func_ref?))),
            )?,
            inline_elements: inline_elements.into(),
            images: LazyImages::default(),
            resources: resources(info),
            allocation,
            zeroed: allocation.size() - offsets.dropped,
            offsets,
        })
    }

    /// The parts of the instance at `base`.
    pub(crate) fn parts(&self, base: NonNull<u8>) -> Parts {
        self.offsets.parts(base)
    }

    /// Copies the template into the vmctx of a new instance, and zeroes what must be zero.
    ///
    /// # Errors
    /// The store was interrupted.
    ///
    /// # Safety
    /// `parts` are those of a new allocation of this plan, which nothing refers to yet.
    #[inline(always)] // It has one caller.
    pub(crate) unsafe fn stamp(
        &self,
        info: &ModuleInfo,
        parts: &Parts,
        pieces: Pieces,
    ) -> Result<(), Trap> {
        let header = size_of::<VMContext>();
        let vmctx = parts.vmctx.cast::<u8>();
        let template = self.template.as_ptr().cast::<u8>();
        let size = size_of_val(&*self.template);
        // SAFETY: the template is as long as the vmctx behind the header; the rest of the allocation from `dropped` on is
        // `zeroed` bytes.
        unsafe {
            pieces.copy(template, vmctx.add(header).as_ptr(), size)?;
            pieces.fill(parts.dropped.cast().as_ptr(), 0, self.zeroed)?;
        }
        match info.func_refs {
            0 => Ok(()),
            // SAFETY: the caller's promise; the template is there.
            count => unsafe { self.stamp_func_refs(count, vmctx, pieces) },
        }
    }

    /// Writes the vmctx to the function references in it.
    ///
    /// # Errors
    /// The store was interrupted.
    ///
    /// # Safety
    /// The vmctx is that of a new instance of this plan; nothing refers to it yet.
    #[inline(never)]
    unsafe fn stamp_func_refs(
        &self,
        count: usize,
        vmctx: NonNull<u8>,
        pieces: Pieces,
    ) -> Result<(), Trap> {
        let first = self.layout.func_ref(FuncRefIndex::new(0)) as usize;
        pieces.run(count, ELEMENTS, Order::Up, |piece| {
            for i in piece {
                // SAFETY: func refs lie in the vmctx at the layout's offsets.
                unsafe {
                    let first = vmctx.add(first).cast::<VMFuncRef>();
                    (*first.add(i).as_ptr()).vmctx = vmctx.as_ptr();
                }
            }
        })
    }

    /// Where the first elements of a table lie in the instance at `base`; null: not in there.
    pub(crate) fn inline_elements(&self, base: NonNull<u8>, table: DefinedTableIndex) -> *mut u8 {
        match self.inline_elements[table] {
            Some(offset) => base.as_ptr().wrapping_add(offset),
            None => ptr::null_mut(),
        }
    }
}

/// The vmctx behind its header, as far as it is the same in all instances.
fn template(
    info: &ModuleInfo,
    layout: &VmctxLayout,
    types: &ModuleTypes,
    code: &CodeMemory,
) -> Result<Box<[u128]>> {
    let header = size_of::<VMContext>();
    let size = layout.size() as usize - header;
    let mut template = oom::repeated(0_u128, size / size_of::<u128>())?;
    let base = template.as_mut_ptr().cast::<u8>();
    let at = |offset: u32| base.wrapping_add(offset as usize).wrapping_sub(header);
    for (index, expr) in info
        .global_initializers
        .iter()
        .filter(|(_, expr)| is_constant(expr))
    {
        // SAFETY: a defined global's slot lies in the vmctx, aligned as `ValRaw` is.
        unsafe {
            at(layout.global(index))
                .cast::<ValRaw>()
                .write(evaluate(expr, &Nothing)?)
        };
    }
    for (index, &id) in types.ids().iter().enumerate() {
        // SAFETY: a type id's slot lies in the vmctx, aligned.
        unsafe {
            at(layout.type_id(TypeIndex::new(index)))
                .cast::<TypeId>()
                .write(id)
        };
    }
    for (index, function) in info.functions.iter() {
        let (Some(slot), Some(defined)) = (function.func_ref, info.defined_function(index)) else {
            continue;
        };
        let entry = code.entry_trampoline(function.ty);
        let func_ref = VMFuncRef {
            code: code.function(defined),
            vmctx: ptr::null_mut(),
            type_id: types.id(function.ty),
            id: 0,
            // It must not be null, which says that a function is the host's.
            entry: entry.ok_or_else(|| format_err!("the image lacks an entry trampoline"))?,
        };
        // SAFETY: a func ref's slot lies in the vmctx, aligned.
        unsafe {
            at(layout.func_ref(slot))
                .cast::<VMFuncRef>()
                .write(func_ref)
        };
    }
    Ok(template.into_boxed_slice())
}
