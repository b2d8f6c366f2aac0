//! Backtraces of Wasm frames, by frame records.

use super::symbol::Symbol;
use crate::abi::traps::Trap;
use crate::activation::arch;
use crate::activation::context::StoreContext;
use crate::activation::frames::{CutOff, EXIT_FRAME_SIZE, EntryFrame, RaisedTrap};
use crate::activation::stack::WasmStack;
use crate::code::Module;
use crate::config::MAX_FRAMES;
use crate::escaped::Escaped;
use crate::image::addresses;
use crate::module::FunctionIndex;
use crate::oom;
use crate::store::{AsContext, StoreOpaque};
use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;
use spin::Once;

/// The Wasm functions that were on the stack, innermost first.
///
/// An error that ended Wasm code carries one: `error.downcast_ref::<WasmBacktrace>()`. At most 24
/// frames are kept, or fewer by [`Config::wasm_backtrace_max_frames`](crate::Config::wasm_backtrace_max_frames).
/// Frames of the host in between are not shown.
///
/// ```
/// # use wasmetal::{Config, Engine};
/// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
/// use wasmetal::{Instance, Module, Store, WasmBacktrace};
///
/// let module = Module::new(&engine, r#"
///     (module
///         (func $inner unreachable)
///         (func $outer (export "run") (call $inner)))
/// "#)?;
/// let mut store = Store::new(&engine, ());
/// let instance = Instance::new(&mut store, &module, &[])?;
/// let run = instance.get_typed_func::<(), ()>(&mut store, "run")?;
///
/// let error = run.call(&mut store, ()).unwrap_err();
/// let frames = error.downcast_ref::<WasmBacktrace>().unwrap().frames();
/// let names: Vec<_> = frames.iter().map(|frame| frame.func_name().unwrap()).collect();
/// assert_eq!(names, ["inner", "outer"]);
/// # wasmetal::error::Ok(())
/// ```
pub struct WasmBacktrace {
    /// The module of the innermost frame, which most often is that of all frames.
    innermost: Option<Module>,
    /// The modules of other frames, without repetition.
    others: Vec<Module>,
    pcs: [usize; MAX_FRAMES],
    len: usize,
    /// How many frames are kept, `MAX_FRAMES` at most.
    limit: usize,
    /// Made on first use: most errors are handled without a look at their frames.
    frames: Once<Vec<FrameInfo>>,
    fault: Option<MemoryFault>,
}

/// Where in a linear memory an access trapped.
///
/// ```
/// # use wasmetal::{Config, Engine, Instance, Module, Store};
/// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
/// use wasmetal::WasmBacktrace;
///
/// let module = Module::new(&engine, r#"
///     (memory 1)
///     (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))
/// "#)?;
/// let mut store = Store::new(&engine, ());
/// let instance = Instance::new(&mut store, &module, &[])?;
/// let load = instance.get_typed_func::<i32, i32>(&mut store, "load")?;
/// let error = load.call(&mut store, 0x20000).unwrap_err();
/// let fault = error.downcast_ref::<WasmBacktrace>().and_then(WasmBacktrace::memory_fault);
/// assert_eq!(fault.unwrap().wasm_address, 0x20000);
/// assert_eq!(fault.unwrap().memory_size, 0x10000);
/// # wasmetal::error::Ok(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MemoryFault {
    /// The address in the memory. Of an access that is inside in part, the first byte that is not, or that of a page.
    pub wasm_address: u64,
    /// How many bytes the memory had.
    pub memory_size: usize,
}

impl fmt::Display for MemoryFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "memory fault at wasm address {:#x} in linear memory of size {:#x}",
            self.wasm_address, self.memory_size
        )
    }
}

/// A frame of a [`WasmBacktrace`].
///
/// ```
/// # use wasmetal::{Config, Engine};
/// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
/// use wasmetal::{Instance, Module, Store, WasmBacktrace};
///
/// let module = Module::new(&engine, r#"(module (func (export "run") nop unreachable))"#)?;
/// let mut store = Store::new(&engine, ());
/// let instance = Instance::new(&mut store, &module, &[])?;
/// let run = instance.get_typed_func::<(), ()>(&mut store, "run")?;
///
/// let error = run.call(&mut store, ()).unwrap_err();
/// let frame = &error.downcast_ref::<WasmBacktrace>().unwrap().frames()[0];
/// assert_eq!(frame.func_index(), 0);
/// // Behind the declaration of locals, one byte, and `nop`.
/// assert_eq!(frame.func_offset(), Some(2));
/// # wasmetal::error::Ok(())
/// ```
#[derive(Clone, Debug)]
pub struct FrameInfo {
    module: Module,
    func_index: u32,
    module_offset: Option<usize>,
    func_offset: Option<usize>,
}

impl FrameInfo {
    /// The frame of the function that `pc` lies in; `None` if it lies in a trampoline.
    fn new(module: &Module, pc: usize) -> Option<Self> {
        let code = module.code();
        let offset = code.text_offset(pc)?;
        let defined = code.table().function_at(offset)?;
        let function = module.info().function_index(defined);
        let wasm_offset = |text_offset| addresses::lookup(code.addresses(), text_offset);
        let (at, start) = (
            wasm_offset(offset),
            wasm_offset(code.table().function(defined).start),
        );
        Some(Self {
            module: module.clone(),
            func_index: function.as_u32(),
            module_offset: at.map(|at| at as usize),
            func_offset: at
                .zip(start)
                .and_then(|(at, start)| Some(at.checked_sub(start)? as usize)),
        })
    }

    /// The module of the function.
    #[must_use]
    pub fn module(&self) -> &Module {
        &self.module
    }

    /// The function's index in its module, imports included.
    #[must_use]
    pub fn func_index(&self) -> u32 {
        self.func_index
    }

    /// The function's name, if the module's name section has one.
    #[must_use]
    pub fn func_name(&self) -> Option<&str> {
        self.module
            .function_name(FunctionIndex::from_u32(self.func_index))
    }

    /// The offset of the operator from the start of the module's bytes.
    ///
    /// It is the operator that trapped, in the innermost frame, and a call elsewhere. `None` if the
    /// module was compiled without an address map (`Config::generate_address_map`).
    #[must_use]
    pub fn module_offset(&self) -> Option<usize> {
        self.module_offset
    }

    /// The offset of the operator from the start of the function's body. None if the module was compiled without an address
    /// map.
    #[must_use]
    pub fn func_offset(&self) -> Option<usize> {
        self.func_offset
    }
}

impl WasmBacktrace {
    /// The Wasm frames on the stack now: those below the host function that calls this. None if
    /// backtraces are off.
    #[must_use]
    pub fn capture(store: impl AsContext) -> Self {
        let store = store.as_context().opaque();
        Self::of_calls(store, store.engine.max_backtrace_frames())
    }

    /// As [`capture`](Self::capture), also if backtraces are off.
    #[must_use]
    pub fn force_capture(store: impl AsContext) -> Self {
        Self::of_calls(store.as_context().opaque(), MAX_FRAMES)
    }

    /// The frames, innermost first.
    #[must_use]
    pub fn frames(&self) -> &[FrameInfo] {
        self.frames.call_once(|| self.resolve())
    }

    /// Where the access was that trapped, if it was to a linear memory and guard pages caught it. One that code checks
    /// itself says nothing of that.
    #[must_use]
    pub fn memory_fault(&self) -> Option<MemoryFault> {
        self.fault
    }

    /// The frames of the calls that the host is in, `limit` of them.
    fn of_calls(store: &StoreOpaque, limit: usize) -> Self {
        let mut trace = Self::empty(limit);
        trace.add_calls(store);
        trace
    }

    /// A backtrace to which at most that many frames can be added.
    pub(crate) fn empty(limit: usize) -> Self {
        Self {
            innermost: None,
            others: Vec::new(),
            pcs: [0; MAX_FRAMES],
            len: 0,
            limit,
            frames: Once::new(),
            fault: None,
        }
    }

    /// Adds the frames of the calls that the host is in.
    pub(crate) fn add_calls(&mut self, store: &StoreOpaque) {
        // SAFETY: the context lives as long as the store.
        let context: &StoreContext = unsafe { store.context.as_ref() };
        // SAFETY: the host is running, so every entry frame has an exit frame below it.
        unsafe { self.walk(context.entry_frame, &stack(store)) };
        self.find_modules(store);
    }

    /// Adds the frames of code that was just left by a trap or failure, and of the calls around it.
    pub(crate) fn add_left(&mut self, store: &StoreOpaque, raised: &RaisedTrap) {
        // SAFETY: the context lives as long as the store.
        let context: &StoreContext = unsafe { store.context.as_ref() };
        self.push(raised.pc);
        let stack = stack(store);
        if let Some(pc) = return_address(store, raised, &stack) {
            // The call is the instruction before the return address.
            self.push(pc.wrapping_sub(1));
        }
        // SAFETY: the frames that were left still stand on the Wasm stack, which has not been entered since; they
        // end at a frame of an entry trampoline, whose record points to the entry frame on the host's stack.
        unsafe {
            self.walk_activation(
                raised.fp as *const u8,
                raised.entry_frame as *const u8,
                &stack,
            );
            self.walk(context.entry_frame, &stack);
        }
        self.find_modules(store);
        if let (Some(Trap::MemoryOutOfBounds), Some(address)) = (raised.trap, raised.address) {
            self.fault = self.find_fault(store, address);
        }
    }

    /// What of the memories of the code that trapped lies at this address.
    #[inline(never)]
    fn find_fault(&self, store: &StoreOpaque, address: usize) -> Option<MemoryFault> {
        let module = self.innermost.as_ref()?;
        let places = store.instances.iter().filter_map(|instance| {
            // SAFETY: the store's own (*owned*); nothing changes it now.
            let instance = unsafe { instance.as_ref() };
            Module::same(&instance.module, module).then(|| instance.memories())
        });
        // SAFETY: all memories of an instance live as long as that (*instance*).
        let mut places = places
            .flatten()
            .filter_map(|memory| unsafe { memory.as_ref() }.place_of(address));
        let (wasm_address, memory_size) = places.next()?;
        Some(MemoryFault {
            wasm_address,
            memory_size,
        })
    }

    fn push(&mut self, pc: usize) {
        if self.len < self.limit {
            self.pcs[self.len] = pc;
            self.len += 1;
        }
    }

    /// Walks the activation of this entry frame, which has called the host, and those around it.
    ///
    /// # Safety
    /// `entry` is null, or a live entry frame with an exit frame below it. `stack` is readable.
    unsafe fn walk(&mut self, mut entry: *const u8, stack: &Range<usize>) {
        while !entry.is_null() && self.len < self.limit {
            // SAFETY: the exit frame starts with the innermost frame record, whose return address lies
            // in a host trampoline; an entry frame keeps the one that was innermost before it.
            unsafe {
                let trampoline = entry.sub(EXIT_FRAME_SIZE).cast::<*const u8>().read();
                self.walk_activation(trampoline, entry, stack);
                entry = (*entry.cast::<EntryFrame>()).previous_entry;
            }
        }
    }

    /// Pushes the return addresses in the frame records from `fp` to that of the entry trampoline,
    /// without the last two: they lie in the trampoline and in `enter`.
    ///
    /// The chain reaches `entry` by the record of an entry trampoline, unless the code was interrupted while it was
    /// moving its own frame, for a tail call. So a record that is not further up the stack than the one
    /// before ends the walk.
    ///
    /// # Safety
    /// `stack` is the store's Wasm stack.
    unsafe fn walk_activation(&mut self, fp: *const u8, entry: *const u8, stack: &Range<usize>) {
        // A frame record is two words: the outer record and the return address.
        let Some(last) = stack.end.checked_sub(16) else {
            return;
        };
        let read = |fp: *const u8| {
            let at = fp.addr();
            let inside = at.is_multiple_of(8) && (stack.start..=last).contains(&at);
            // SAFETY: two words on the stack.
            inside.then(|| unsafe { fp.cast::<(*const u8, usize)>().read() })
        };
        let Some((mut outer, mut pc)) = read(fp) else {
            // The entry trampoline had no frame yet.
            return;
        };
        let mut inner = fp;
        for slot in self.pcs[..self.limit].iter_mut().skip(self.len) {
            if outer == entry || outer <= inner {
                return;
            }
            let Some(record) = read(outer) else {
                return;
            };
            if record.0 == entry {
                return;
            }
            // The call is the instruction before the return address.
            *slot = pc.wrapping_sub(1);
            self.len += 1;
            inner = outer;
            (outer, pc) = record;
        }
    }

    fn find_modules(&mut self, store: &StoreOpaque) {
        // Most often the next frame is of the same module.
        let mut known = 0..0;
        for i in 0..self.len {
            let pc = self.pcs[i];
            if known.contains(&pc) {
                continue;
            }
            if let Some(module) = self.module_at(pc) {
                known = module.code().text_range();
                continue;
            }
            match (store.module_at(pc), &self.innermost) {
                (Some(module), None) => self.innermost = Some(module.clone()),
                // Without room for its module, a frame is left out.
                (Some(module), Some(_)) => {
                    let _ = oom::push(&mut self.others, module.clone());
                }
                // Not a frame of generated code.
                (None, _) => {}
            }
        }
    }

    fn module_at(&self, pc: usize) -> Option<&Module> {
        self.innermost
            .iter()
            .chain(&self.others)
            .find(|module| module.code().text_range().contains(&pc))
    }

    fn resolve(&self) -> Vec<FrameInfo> {
        let frames = self.pcs[..self.len].iter();
        let frames = frames.filter_map(|&pc| FrameInfo::new(self.module_at(pc)?, pc));
        oom::collect(frames).unwrap_or_default()
    }
}

/// Where a function returns to that was interrupted before it had a frame record, or after it had one: then
/// the innermost record is its caller's.
fn return_address(store: &StoreOpaque, raised: &RaisedTrap, stack: &Range<usize>) -> Option<usize> {
    let CutOff { sp, link } = raised.cut_off?;
    let module = store.module_at(raised.pc)?;
    let table = module.code().table();
    let offset = module.code().text_offset(raised.pc)?;
    let function = table.function(table.function_at(offset)?);
    let code = module.text().get(function.start as usize..)?;
    let word = |offset: usize| {
        let at = sp + offset;
        let inside = at.is_multiple_of(8) && stack.contains(&at) && stack.end - at >= 8;
        // SAFETY: a word on the stack.
        inside.then(|| unsafe { (at as *const usize).read() })
    };
    arch::return_address(code, (offset - function.start) as usize, word, link)
}

/// The addresses of the store's Wasm stack; none if it has none.
fn stack(store: &StoreOpaque) -> Range<usize> {
    store.stack.as_ref().map_or(0..0, WasmStack::addresses)
}

impl fmt::Debug for WasmBacktrace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WasmBacktrace")
            .field("frames", &self.frames())
            .finish()
    }
}

impl fmt::Display for WasmBacktrace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error while executing at wasm backtrace:")?;
        for (i, frame) in self.frames().iter().enumerate() {
            write!(f, "\n    {i}: ")?;
            if let Some(offset) = frame.module_offset() {
                write!(f, "{offset:#8x} - ")?;
            }
            write!(
                f,
                "{}!",
                Escaped(frame.module().name().unwrap_or("<unknown>"))
            )?;
            match frame.func_name() {
                Some(name) => write!(f, "{}", Symbol(name))?,
                None => write!(f, "<wasm function {}>", frame.func_index())?,
            }
        }
        match &self.fault {
            Some(fault) => write!(f, "\n{fault}"),
            None => Ok(()),
        }
    }
}
