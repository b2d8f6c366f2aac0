//! What generated code and the runtime agree on. Each layout and number exists once, here.
//!
//! The calling convention of Wasm functions is Cranelift's `tail`, with the callee's vmctx before the
//! Wasm parameters: `(vmctx, params...) -> results`. A reference to a function is a pointer to a
//! `VMFuncRef` (null for `ref.null func`); any other reference is 32 bits, see `gc` (0 is null).
//!
//! How code meets the runtime:
//!
//! - **In.** `call/entry` switches to the store's Wasm stack and calls an *entry trampoline*
//!   (one per function type, compiled into each image): a C function `(vmctx, code, values)` that
//!   loads the parameters from an array of 16-byte slots, calls `code` with the Wasm convention and
//!   stores the results into the same array.
//! - **Out to the host.** A host function's `code` is a *host trampoline* (one per function type): Wasm
//!   convention in; it stores the parameters into an array of 16-byte slots in its frame, calls the
//!   pointer at `StoreContext::host_call` as a C function `(vmctx, values, context)` and loads the
//!   results from the same array. Its vmctx is a `VMHostContext`. The caller's vmctx is known from
//!   `StoreContext::caller`, which generated code sets before every call that may leave the module.
//! - **Builtins.** The vmctx points to an array of C functions (see `builtins`).
//! - **Queries.** Code that is to ask what becomes of it calls the function that its store's `Query` points to, with the
//!   query; all registers are as before when that returns.
//!
//! Where code counts fuel, Cranelift's pinned register (`r15`, `x21`) is the *fuel register*: it has what is left while
//! Wasm code runs, and is the host's, as a register that callees save, while the host does. Entry and host trampolines
//! change between it and `StoreContext::fuel`, and a function writes that before it calls a builtin. So the trap hook finds
//! the fuel of any instruction.
//!
//! Neither `host_call` nor a builtin returns after an error: they leave Wasm code for the entry frame.

pub mod builtins;
pub mod cpu;
pub mod displays;
pub mod encodings;
pub mod features;
pub mod gc;
pub mod layout;
pub mod sections;
pub mod traps;
pub mod tunables;
mod type_id;
pub mod vmctx;

pub use type_id::TypeId;

/// The size of one slot of a value array between host and trampolines, in bytes.
///
/// A value lies at the slot's start, in native byte order: `i32`, `f32` and handles take 4 bytes,
/// `i64`, `f64` and function references 8, `v128` 16.
pub const VALUE_SIZE: u32 = 16;
