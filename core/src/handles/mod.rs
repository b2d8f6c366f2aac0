//! The public handles of what a store owns: one floor above all that they are handles of.
//!
//! Invariant (*handle*): the pointer in a handle is valid as long as the store with the handle's id lives.
//! Each use proves that it does: code that has a borrow of a store with that id may follow the
//! pointer. With another store the API panics, or fails where Wasmtime does.

mod anyref;
mod arrayref;
#[cfg(feature = "async")]
mod asynchronous;
mod bottoms;
mod caller;
mod default_value;
#[cfg(feature = "exceptions")]
mod exception;
#[cfg(feature = "exceptions")]
mod exception_object;
mod exnref;
mod externref;
mod externs;
mod fields;
mod func;
mod global;
mod i31;
mod instance;
#[cfg(feature = "async")]
mod limited;
mod memory;
mod owner;
mod rooted;
mod structref;
mod table;
mod tag;
mod typed;
mod val;

pub use anyref::{AnyRef, EqRef};
pub use arrayref::{ArrayRef, ArrayRefPre};
#[cfg(feature = "async")]
pub(crate) use asynchronous::instantiate_async;
pub use bottoms::{NoExtern, NoFunc, NoneRef};
pub use caller::{Caller, IntoFunc};
#[cfg(feature = "exceptions")]
pub use exception::ExnRefPre;
pub use exnref::ExnRef;
pub use externref::ExternRef;
pub use externs::{Export, Extern};
pub use func::Func;
pub use global::Global;
pub use i31::I31;
pub use instance::Instance;
pub use memory::{Memory, MemoryAccessError};
pub use rooted::{GcRef, OwnedRooted, RootScope, Rooted, RootedGcRef};
pub use structref::{StructRef, StructRefPre};
pub use table::Table;
pub use tag::Tag;
pub use typed::{TypedFunc, WasmParams, WasmResults, WasmRet, WasmTy};
pub use val::{Ref, V128, Val};
