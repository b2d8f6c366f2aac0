//! What generated code, assembly and the trap hook see of a store, of instances and of functions. The offsets are
//! `abi/vmctx`'s.

use super::arch;
use super::epochs::{Clock, Query};
#[cfg(feature = "exceptions")]
use super::frames::Landing;
use super::frames::RaisedTrap;
use super::host_stacks::HostStacks;
use super::signals::{Entering, Interrupts};
#[cfg(feature = "async")]
use super::suspension::Poller;
use super::values::{HostFunction, HostResult};
use crate::abi::TypeId;
use crate::abi::vmctx::{extent, func_ref, function_entry, function_import, header, store_context};
use core::mem::{offset_of, size_of};
use core::ptr::{self, NonNull};
use core::sync::atomic::{AtomicPtr, AtomicU32, AtomicUsize};
#[cfg(feature = "async")]
use wasmetal_platform::SavedRegisters;

/// What a store keeps for the code that runs in it. Lives at one address as long as the store.
#[derive(Debug)]
#[repr(C)]
pub(crate) struct StoreContext {
    /// The innermost entry frame, on the host's stack; null while no Wasm code is on the stack.
    pub entry_frame: *mut u8,
    /// Where on the Wasm stack the next entry begins: below the frames of the code that has called
    /// the host; null while the store has no Wasm stack.
    pub stack_pointer: *mut u8,
    /// The vmctx of the code that last called something that may be a host function.
    pub caller: *mut VMContext,
    /// The lowest address that the stack pointer may have in code with explicit stack checks.
    pub stack_limit: usize,
    /// How generated code leaves for a host function: `activation::arch::host_call`.
    pub host_call: *const u8,
    /// The first byte of the garbage-collected heap; null while there is none.
    pub heap_base: *mut u8,
    /// How many bytes from there are accessible.
    pub heap_length: u64,
    /// Where the next object begins, from the heap's first byte.
    pub heap_next: u32,
    /// Where the last one must end.
    pub heap_limit: u32,
    /// The engine's displays of types.
    pub displays: *const AtomicPtr<AtomicU32>,
    /// The fuel that is left; none at 0 and below. While Wasm code runs, a register has it.
    pub fuel: i64,
    /// The functions that objects may refer to, by id.
    pub functions: *const VMFunctionEntry,
    /// How many entries there are, less one.
    pub function_mask: u32,
    /// Always 0: what generated code reads as the id of null.
    pub zero: u32,
    /// What code calls when its fuel is used up.
    pub fuel_query: Query,
    // Generated code reads none of the fields below: only the runtime does.
    /// The lowest address that the host's stack pointer may have at an entry.
    pub host_stack_limit: usize,
    /// From there on up, in bytes, entries need no closer look; 0 while the store has no Wasm stack.
    pub host_stack_room: usize,
    /// Whose stacks the entry frames are on.
    pub host_stacks: HostStacks,
    /// What interrupts the store; null while nobody can.
    pub interrupts: *const Interrupts,
    /// Whether an entry is on its way.
    pub entering: Entering,
    /// Whether the exit frame below `entry_frame` is diverted: [`is_diverted`](Self::is_diverted); 0 if not. Assembly reads
    /// it.
    pub diverted: AtomicUsize,
    /// What a thread runs before it enters generated code.
    pub thread_init: Option<ThreadInit>,
    /// The trap that a fault in Wasm code raised, written by the trap hook.
    pub trap: RaisedTrap,
    /// The innermost asynchronous call that is polled; null while there is none. Assembly writes to its start the way back
    /// into code that it leaves because what that has called waits.
    #[cfg(feature = "async")]
    pub poller: *mut Poller,
    /// Where all registers of the code are kept at the end of a time slice; null while the store has no slices.
    #[cfg(feature = "async")]
    pub registers: *mut SavedRegisters,
    /// Whether the platform goes on with code that was left at any instruction: otherwise slices end at calls only.
    #[cfg(feature = "async")]
    pub continues: bool,
    /// How often the hook has not left the code since it was gone on with, though its slice was over.
    #[cfg(feature = "async")]
    pub looks_in_vain: u32,
    /// The waker of who polls; null while nobody does.
    #[cfg(feature = "async")]
    pub waker: *const core::task::Waker,
    /// What assembly calls.
    pub upcalls: Upcalls,
    /// The store that this belongs to.
    pub store: Option<NonNull<StorePointee>>,
}

/// What [`StoreContext::store`] points to: a store. The folder `store` knows more.
#[derive(Debug)]
#[repr(C)]
pub(crate) struct StorePointee(());

/// What [`VMContext::owner`] points to: an instance. The folder `instance` knows more.
#[derive(Debug)]
#[repr(C)]
pub(crate) struct InstancePointee(());

/// What a thread runs before it enters generated code.
pub(crate) type ThreadInit = fn() -> wasmetal_platform::Result<()>;

/// The functions of the runtime that assembly calls, besides builtins and host functions. The code that makes engines
/// knows them.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(crate) struct Upcalls {
    /// This query is due.
    pub asked: unsafe extern "C" fn(*const Query) -> HostResult,
    /// Where Wasm code goes on after a throw, if it catches the pending exception.
    #[cfg(feature = "exceptions")]
    pub find_handler: unsafe extern "C" fn(*mut StoreContext, *mut Landing) -> bool,
}

/// What a context gets from its engine.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Surroundings {
    pub displays: *const AtomicPtr<AtomicU32>,
    pub thread_init: Option<ThreadInit>,
    pub upcalls: Upcalls,
}

impl StoreContext {
    /// That of a store that has run nothing yet. The store sets `store` when it has its address.
    pub(crate) fn new(surroundings: Surroundings) -> Self {
        Self {
            entry_frame: ptr::null_mut(),
            stack_pointer: ptr::null_mut(),
            caller: ptr::null_mut(),
            stack_limit: 0,
            host_call: arch::host_call as *const u8,
            heap_base: ptr::null_mut(),
            heap_length: 0,
            heap_next: 0,
            heap_limit: 0,
            displays: surroundings.displays,
            fuel: 0,
            functions: &raw const NO_FUNCTIONS.0,
            function_mask: 0,
            zero: 0,
            fuel_query: Query::new(),
            host_stack_limit: usize::MAX,
            host_stack_room: 0,
            host_stacks: HostStacks::default(),
            interrupts: ptr::null(),
            entering: Entering::none(),
            diverted: AtomicUsize::new(0),
            thread_init: surroundings.thread_init,
            trap: RaisedTrap::default(),
            #[cfg(feature = "async")]
            poller: ptr::null_mut(),
            #[cfg(feature = "async")]
            registers: ptr::null_mut(),
            #[cfg(feature = "async")]
            continues: false,
            #[cfg(feature = "async")]
            looks_in_vain: 0,
            #[cfg(feature = "async")]
            waker: ptr::null(),
            upcalls: surroundings.upcalls,
            store: None,
        }
    }
}

/// The start of every vmctx. An instance's parts follow it, see
/// [`VmctxLayout`](crate::abi::vmctx::VmctxLayout).
#[derive(Debug)]
#[repr(C, align(16))]
pub(crate) struct VMContext {
    /// The store's context.
    pub store: *mut StoreContext,
    /// The array of builtins.
    pub builtins: *const *const u8,
    /// The instance.
    pub owner: *mut InstancePointee,
    /// The store's clock; null where the engine counts no epochs.
    pub clock: *const Clock,
}

/// The vmctx of a host function.
#[derive(Debug)]
#[repr(C, align(16))]
pub(crate) struct VMHostContext {
    /// The context of the store that the function belongs to.
    pub store: *mut StoreContext,
    /// What to call.
    pub call: HostFunction,
    /// The host function's own data, whatever `call` expects.
    pub owner: *const u8,
}

/// A reference to a function: what a `funcref` points to.
#[derive(Clone, Debug)]
#[repr(C, align(16))]
pub(crate) struct VMFuncRef {
    /// Code with the Wasm calling convention; null for a host function of a type that no loaded
    /// module has a host trampoline for (then no code can call it either).
    pub code: *const u8,
    /// The vmctx to call it with: a [`VMContext`] or a [`VMHostContext`].
    pub vmctx: *mut u8,
    /// The engine-wide id of its type.
    pub type_id: TypeId,
    /// The id by which objects refer to it (see `gc/functions`); 0 while it has none.
    pub id: u32,
    /// The entry trampoline of its type; null for a host function.
    pub entry: *const u8,
}

/// A function that objects may refer to.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(crate) struct VMFunctionEntry {
    /// The function; null if there is none.
    pub func_ref: *mut VMFuncRef,
    /// The engine-wide id of its type.
    pub type_id: u32,
}

impl VMFunctionEntry {
    /// No function. Its type id is no type's.
    pub(crate) const NONE: Self = Self {
        func_ref: ptr::null_mut(),
        type_id: u32::MAX,
    };
}

/// The table of a store without functions that objects refer to.
pub(crate) struct NoFunctions(pub(crate) VMFunctionEntry);

// SAFETY: its pointer is null, and nobody writes to it.
unsafe impl Sync for NoFunctions {}

/// See [`NoFunctions`].
pub(crate) static NO_FUNCTIONS: NoFunctions = NoFunctions(VMFunctionEntry::NONE);

/// An imported function.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(crate) struct VMFunctionImport {
    /// As [`VMFuncRef::code`].
    pub code: *const u8,
    /// As [`VMFuncRef::vmctx`].
    pub vmctx: *mut u8,
    /// What was imported.
    pub func_ref: NonNull<VMFuncRef>,
}

/// The current extent of a memory (in bytes) or a table (in elements).
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(crate) struct VMExtent {
    /// The first byte.
    pub base: *mut u8,
    /// The length.
    pub length: u64,
}

/// A global's value: 16 bytes, read according to its type.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(16))]
pub(crate) struct VMGlobal {
    /// The value, at the start.
    pub bytes: [u8; 16],
}

const _: () = {
    assert!(offset_of!(StoreContext, entry_frame) == store_context::ENTRY_FRAME as usize);
    assert!(offset_of!(StoreContext, stack_pointer) == store_context::STACK_POINTER as usize);
    assert!(offset_of!(StoreContext, caller) == store_context::CALLER as usize);
    assert!(offset_of!(StoreContext, stack_limit) == store_context::STACK_LIMIT as usize);
    assert!(offset_of!(StoreContext, host_call) == store_context::HOST_CALL as usize);
    assert!(offset_of!(StoreContext, heap_base) == store_context::HEAP_BASE as usize);
    assert!(offset_of!(StoreContext, heap_length) == store_context::HEAP_LENGTH as usize);
    assert!(offset_of!(StoreContext, heap_next) == store_context::HEAP_NEXT as usize);
    assert!(offset_of!(StoreContext, heap_limit) == store_context::HEAP_LIMIT as usize);
    assert!(offset_of!(StoreContext, displays) == store_context::DISPLAYS as usize);
    assert!(offset_of!(StoreContext, fuel) == store_context::FUEL as usize);
    assert!(offset_of!(StoreContext, functions) == store_context::FUNCTIONS as usize);
    assert!(offset_of!(StoreContext, function_mask) == store_context::FUNCTION_MASK as usize);
    assert!(offset_of!(StoreContext, zero) == store_context::ZERO as usize);
    assert!(offset_of!(StoreContext, fuel_query) == store_context::FUEL_QUERY as usize);
    assert!(offset_of!(VMFunctionEntry, func_ref) == function_entry::FUNC_REF as usize);
    assert!(offset_of!(VMFunctionEntry, type_id) == function_entry::TYPE_ID as usize);
    assert!(size_of::<VMFunctionEntry>() == 1 << function_entry::SIZE_LOG2);
    assert!(offset_of!(VMContext, store) == header::STORE as usize);
    assert!(offset_of!(VMContext, builtins) == header::BUILTINS as usize);
    assert!(offset_of!(VMContext, owner) == header::OWNER as usize);
    assert!(offset_of!(VMContext, clock) == header::CLOCK as usize);
    assert!(size_of::<VMContext>() == header::SIZE as usize);
    assert!(offset_of!(VMHostContext, store) == header::STORE as usize);
    assert!(offset_of!(VMHostContext, call) == header::BUILTINS as usize);
    assert!(offset_of!(VMHostContext, owner) == header::OWNER as usize);
    assert!(offset_of!(VMFuncRef, code) == func_ref::CODE as usize);
    assert!(offset_of!(VMFuncRef, vmctx) == func_ref::VMCTX as usize);
    assert!(offset_of!(VMFuncRef, type_id) == func_ref::TYPE_ID as usize);
    assert!(offset_of!(VMFuncRef, id) == func_ref::ID as usize);
    assert!(offset_of!(VMFuncRef, entry) == func_ref::ENTRY as usize);
    assert!(size_of::<VMFuncRef>() == func_ref::SIZE as usize);
    assert!(offset_of!(VMFunctionImport, code) == function_import::CODE as usize);
    assert!(offset_of!(VMFunctionImport, vmctx) == function_import::VMCTX as usize);
    assert!(offset_of!(VMFunctionImport, func_ref) == function_import::FUNC_REF as usize);
    assert!(size_of::<VMFunctionImport>() == function_import::SIZE as usize);
    assert!(offset_of!(VMExtent, base) == extent::BASE as usize);
    assert!(offset_of!(VMExtent, length) == extent::LENGTH as usize);
    assert!(size_of::<VMExtent>() == extent::SIZE as usize);
    assert!(size_of::<VMGlobal>() == crate::abi::vmctx::GLOBAL_SIZE as usize);
};
