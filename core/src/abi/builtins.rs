//! The runtime's functions that generated code calls, by index in the array that a vmctx points to.
//!
//! All are C functions whose first parameter is the caller's vmctx. At most six parameters, all
//! integers, so that they travel in registers on every target. At most one result.

/// The type of a builtin's parameter or result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BuiltinType {
    /// 32-bit integer: an index, or a handle of a reference that is no function.
    I32,
    /// 64-bit integer: an address, size or count, or a pointer.
    I64,
}

macro_rules! builtins {
    ($($(#[$doc:meta])* $name:ident($($param:ident: $ty:ident),*) $(-> $result:ident)?;)*) => {
        /// A builtin.
        #[allow(non_camel_case_types, reason = "named as the functions are")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u32)]
        pub enum Builtin {
            $($(#[$doc])* $name,)*
        }

        /// Each builtin's signature, and its place in the array.
        pub(super) const LAYOUT: &[super::layout::Table] = &[&[$((
            concat!(stringify!($name), $(" ", stringify!($ty),)* $("->", stringify!($result))?),
            Builtin::$name as u64,
        )),*]];

        impl Builtin {
            /// All of them, in the order of the array.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// Parameter types after the vmctx.
            #[must_use]
            pub const fn params(self) -> &'static [BuiltinType] {
                match self {
                    $(Self::$name => &[$(BuiltinType::$ty,)*],)*
                }
            }

            /// The result's type.
            #[must_use]
            #[allow(unused_mut, unused_assignments, reason = "most have a result, some have none")]
            pub const fn result(self) -> Option<BuiltinType> {
                match self {
                    $(Self::$name => {
                        let mut result = None;
                        $(result = Some(BuiltinType::$result);)?
                        result
                    })*
                }
            }
        }

        /// Calls `$with!` with the list of builtin names, so that the runtime's array has this order.
        #[allow(unused_macros, reason = "the runtime uses it")]
        macro_rules! for_each_builtin {
            ($with:ident) => { $with! { $($name($($param: $ty),*) $(-> $result)?;)* } };
        }
        #[allow(unused_imports, reason = "the runtime uses it")]
        pub(crate) use for_each_builtin;
    };
}

// Indices of memories, tables, segments and functions are the calling module's own. Addresses, sizes
// and counts are zero-extended to 64 bits. References to functions are pointers as I64; other
// references are handles, zero-extended to I64 where a parameter takes either.
builtins! {
    /// `memory.grow`: the old size in pages, or -1 (as 64 bits; truncated for a 32-bit memory).
    memory_grow(memory: I32, delta: I64) -> I64;
    /// `memory.copy`
    memory_copy(dst_memory: I32, dst: I64, src_memory: I32, src: I64, len: I64);
    /// `memory.fill`
    memory_fill(memory: I32, dst: I64, value: I32, len: I64);
    /// `memory.init`
    memory_init(memory: I32, data: I32, dst: I64, src: I64, len: I64);
    /// `data.drop`
    data_drop(data: I32);
    /// `table.grow`: the old size, or -1.
    table_grow(table: I32, delta: I64, init: I64) -> I64;
    /// `table.fill`
    table_fill(table: I32, dst: I64, value: I64, len: I64);
    /// `table.copy`
    table_copy(dst_table: I32, dst: I64, src_table: I32, src: I64, len: I64);
    /// `table.init`
    table_init(table: I32, element: I32, dst: I64, src: I64, len: I64);
    /// `elem.drop`
    elem_drop(element: I32);
    /// Room for an object of this many bytes, a multiple of 8: its offset in the heap. It may move
    /// all objects. Fails if there is none.
    gc_alloc(size: I64) -> I64;
    /// Whether the type with the first engine-wide id is a subtype of that with the second: 1 or 0.
    is_subtype(sub: I32, sup: I32) -> I64;
    /// `memory.atomic.notify`: how many were notified.
    memory_atomic_notify(memory: I32, address: I64, count: I32) -> I32;
    /// `memory.atomic.wait32`; the timeout is in nanoseconds, for ever if it is negative.
    memory_atomic_wait32(memory: I32, address: I64, expected: I32, timeout: I64) -> I32;
    /// `memory.atomic.wait64`; the timeout likewise.
    memory_atomic_wait64(memory: I32, address: I64, expected: I64, timeout: I64) -> I32;
    /// `throw_ref`: never returns. Called with the convention `preserve_all`, under which a call that throws
    /// keeps no register.
    throw_ref(exception: I32);
    /// `array.copy`
    array_copy(dst_array: I32, dst: I32, src_array: I32, src: I32, len: I32);
    /// `array.new_data`
    array_new_data(ty: I32, data: I32, src: I32, len: I32) -> I64;
    /// `array.new_elem`
    array_new_elem(ty: I32, element: I32, src: I32, len: I32) -> I64;
    /// `array.init_data`
    array_init_data(array: I32, dst: I32, data: I32, src: I32, len: I32);
    /// `array.init_elem`
    array_init_elem(array: I32, dst: I32, element: I32, src: I32, len: I32);
}
