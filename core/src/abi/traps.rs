//! Trap codes: what can end Wasm code, and the byte that stands for each in an image.

use core::fmt;

macro_rules! traps {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $message:literal;)*) => {
        /// Why Wasm code was ended (spec: "Traps").
        ///
        /// The numbers are part of the image format.
        ///
        /// ```
        /// # use wasmetal::{Config, Engine};
        /// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
        /// use wasmetal::{Instance, Module, Store, Trap};
        ///
        /// let module = Module::new(&engine, r#"
        ///     (module (func (export "div") (param i32 i32) (result i32)
        ///         (i32.div_s (local.get 0) (local.get 1))))
        /// "#)?;
        /// let mut store = Store::new(&engine, ());
        /// let instance = Instance::new(&mut store, &module, &[])?;
        /// let div = instance.get_typed_func::<(i32, i32), i32>(&mut store, "div")?;
        ///
        /// assert_eq!(div.call(&mut store, (7, 2))?, 3);
        /// let error = div.call(&mut store, (7, 0)).unwrap_err();
        /// assert_eq!(error.downcast_ref(), Some(&Trap::IntegerDivisionByZero));
        /// # wasmetal::error::Ok(())
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        #[repr(u8)]
        pub enum Trap {
            $($(#[$doc])* $name = $code,)*
        }

        /// Each trap's number.
        pub(super) const LAYOUT: &[super::layout::Table] = &[&[$((stringify!($name), $code)),*]];

        impl Trap {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The trap that a byte of a trap table stands for.
            #[must_use]
            pub const fn from_u8(code: u8) -> Option<Self> {
                match code {
                    $($code => Some(Self::$name),)*
                    _ => None,
                }
            }

            /// The spec's words for it.
            #[must_use]
            pub const fn message(self) -> &'static str {
                match self {
                    $(Self::$name => $message,)*
                }
            }
        }
    };
}

traps! {
    /// The Wasm stack is exhausted.
    StackOverflow = 1, "call stack exhausted";
    /// An access outside a memory.
    MemoryOutOfBounds = 2, "out of bounds memory access";
    /// An atomic access that is not naturally aligned.
    HeapMisaligned = 3, "unaligned atomic";
    /// An access outside a table.
    TableOutOfBounds = 4, "undefined element: out of bounds table access";
    /// `call_indirect` of a null element.
    IndirectCallToNull = 5, "uninitialized element";
    /// `call_indirect` of a function of another type.
    BadSignature = 6, "indirect call type mismatch";
    /// The result of an integer operation does not fit.
    IntegerOverflow = 7, "integer overflow";
    /// An integer division by zero.
    IntegerDivisionByZero = 8, "integer divide by zero";
    /// A conversion of a NaN to an integer.
    BadConversionToInteger = 9, "invalid conversion to integer";
    /// `unreachable`.
    UnreachableCodeReached = 10, "wasm `unreachable` instruction executed";
    /// The store was interrupted.
    Interrupt = 11, "interrupt";
    /// The store is out of fuel.
    OutOfFuel = 12, "all fuel consumed by WebAssembly";
    /// `memory.atomic.wait` on a memory that is not shared.
    AtomicWaitNonSharedMemory = 13, "atomic wait on non-shared memory";
    /// A null reference where a value is needed.
    NullReference = 14, "null reference";
    /// An access outside an array.
    ArrayOutOfBounds = 15, "out of bounds array access";
    /// An array of 4 GiB or more, for which no heap has room.
    AllocationTooLarge = 16, "allocation size too large";
    /// A cast to a type that the value has not.
    CastFailure = 17, "cast failure";
    /// `memory.atomic.wait` that would have to wait, on a platform that can't park.
    CannotBlock = 18, "atomic wait where nothing can wait";
    /// An object refers to what it can't refer to: a fault of this library, or of an image.
    GcHeapCorrupt = 19, "the garbage-collected heap is damaged";
}

impl fmt::Display for Trap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "wasm trap: {}", self.message())
    }
}

impl core::error::Error for Trap {}
