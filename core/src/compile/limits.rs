//! Limits on the modules that are compiled, checked before work is spent on them.

use crate::error::Result;
use core::fmt;

/// Where a limit was exceeded.
#[derive(Clone, Copy)]
pub(super) struct Place {
    /// A function's index.
    pub(super) function: Option<u32>,
    /// An offset in the module's bytes.
    pub(super) offset: usize,
}

impl From<usize> for Place {
    fn from(offset: usize) -> Self {
        Self {
            function: None,
            offset,
        }
    }
}

macro_rules! limits {
    ($($(#[$doc:meta])* $name:ident: $default:expr, $firmware:expr;)*) => {
        /// The largest modules that are compiled: [`Config::module_limits`](crate::Config::module_limits).
        ///
        /// A module that exceeds a limit is refused with a [`ModuleLimitExceeded`] while it is decoded: counts
        /// before a section is read, what is in function bodies before any is compiled. By default the limits
        /// are those that all engines have in common (JavaScript API, "Implementation-defined Limits"), and far
        /// above what a small machine can compile; [`firmware`](Self::firmware) is for one. A limit above its
        /// default has no effect.
        ///
        /// ```
        /// use wasmetal::{Config, Engine, Module, ModuleLimits, ModuleLimitExceeded};
        ///
        /// let mut limits = ModuleLimits::firmware();
        /// limits.locals = 2;
        /// let mut config = Config::new(wasmetal_platform_linux::platform());
        /// config.module_limits(limits);
        /// let error = Module::new(&Engine::new(&config)?, "(module (func (local i32 i32 i64)))").unwrap_err();
        /// let exceeded = error.downcast_ref::<ModuleLimitExceeded>().unwrap();
        /// assert_eq!((exceeded.limit, exceeded.maximum, exceeded.found), ("locals", 2, 3));
        /// # wasmetal::error::Ok(())
        /// ```
        ///
        /// # Complexity
        /// Most of compiling takes time and memory in proportion to the bytes of a function. What does not is in
        /// proportion to the values that pass its branches, calls and joins: a function of 30,000 bytes can have
        /// 5,000 locals and 5,000 loops in which each of them has a value. These are counted as the complexity of
        /// a function:
        ///
        /// - its parameters, its locals and the operands on the stack, at every operator that begins or ends a
        ///   block, branches, or needs a branch in machine code;
        /// - at every call its parameters and results; at every `br_table` what its targets take, for each of
        ///   them; the fields of a struct that is made;
        /// - where a collection may happen, eight for each parameter, local or operand that is a reference.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub struct ModuleLimits {
            $($(#[$doc])* #[doc = concat!("\n\nDefault: ", stringify!($default), "; firmware: ", stringify!($firmware), ".")] pub $name: u32,)*
        }

        impl Default for ModuleLimits {
            fn default() -> Self {
                Self::DEFAULT
            }
        }

        impl ModuleLimits {
            const DEFAULT: Self = Self { $($name: $default,)* };

            /// Limits for a machine of some 64 MiB of memory: several times what programs in Rust and C have that
            /// fit it, and small enough that no module takes the compiler longer than some twenty ordinary ones of
            /// its size (`cargo xtask bombs` shows the worst).
            ///
            /// Memory has a limit of its own: [`Config::compile_memory_limit`](crate::Config::compile_memory_limit).
            #[must_use]
            pub const fn firmware() -> Self {
                Self { $($name: $firmware,)* }
            }

            /// Every limit, by its name.
            pub fn iter(&self) -> impl ExactSizeIterator<Item = (&'static str, u32)> + use<> {
                [$((stringify!($name), self.$name)),*].into_iter()
            }

            /// The limit of this name.
            pub fn get_mut(&mut self, name: &str) -> Option<&mut u32> {
                match name {
                    $(stringify!($name) => Some(&mut self.$name),)*
                    _ => None,
                }
            }
        }
    };
}

limits! {
    /// The size of a module in bytes; of one in the text format, that of the text too.
    module_size: 4294967294, 4194304;
    /// Types.
    types: 1000000, 10000;
    /// Types in one recursion group.
    rec_group_types: 1000000, 1000;
    /// Fields of a struct.
    fields: 10000, 1000;
    /// Parameters of a function or block type.
    params: 1000, 128;
    /// Results of a function or block type.
    results: 1000, 32;
    /// Imports.
    imports: 1000000, 1000;
    /// Functions, those imported among them.
    functions: 1000000, 20000;
    /// Tables, those imported among them.
    tables: 100, 16;
    /// Memories, those imported among them.
    memories: 100, 16;
    /// Tags, those imported among them.
    tags: 1000000, 1000;
    /// Globals, those imported among them.
    globals: 1000000, 10000;
    /// Exports.
    exports: 1000000, 5000;
    /// Element segments.
    element_segments: 100000, 1000;
    /// Items of an element segment.
    segment_items: 10000000, 20000;
    /// Data segments.
    data_segments: 100000, 5000;
    /// The length of the names of an import or export, in bytes.
    name_size: 100000, 1000;
    /// The size of a constant expression in bytes.
    const_expr_size: 7654321, 4096;
    /// The size of a function body in bytes.
    function_size: 7654321, 131072;
    /// Parameters and locals of a function.
    locals: 50000, 5000;
    /// How deep blocks are nested in a function.
    block_depth: 7654321, 1000;
    /// Targets of a `br_table`, without the default.
    br_table_targets: 7654321, 10000;
    /// Catch clauses of a `try_table`.
    catches: 10000, 100;
    /// The complexity of a function: see above.
    function_complexity: 4294967295, 1000000;
    /// The complexity of all functions of a module together.
    module_complexity: 4294967295, 10000000;
}

impl ModuleLimits {
    /// Whether any limit on what is in a body is stricter than validation's.
    pub(super) fn bound_bodies(&self) -> bool {
        let default = Self::DEFAULT;
        self.locals < default.locals
            || self.block_depth < default.block_depth
            || self.br_table_targets < default.br_table_targets
            || self.catches < default.catches
            || self.function_complexity < default.function_complexity
            || self.module_complexity < default.module_complexity
    }
}

/// Checks what is found against the limit of this name.
macro_rules! check {
    ($limits:expr, $name:ident, $found:expr, $place:expr) => {
        $crate::compile::limits::within(stringify!($name), $limits.$name, $found as u64, $place)
    };
}
pub(super) use check;

/// Checks the size of a module, in either format.
pub(crate) fn check_size(limits: &ModuleLimits, bytes: usize) -> Result<()> {
    check!(limits, module_size, bytes, 0)
}

#[inline]
pub(super) fn within(
    limit: &'static str,
    maximum: u32,
    found: u64,
    place: impl Into<Place>,
) -> Result<()> {
    if found <= u64::from(maximum) {
        return Ok(());
    }
    exceeded(limit, maximum, found, place.into())
}

#[cold]
fn exceeded(limit: &'static str, maximum: u32, found: u64, place: Place) -> Result<()> {
    Err(ModuleLimitExceeded {
        limit,
        maximum,
        found,
        function: place.function,
        offset: place.offset,
    }
    .into())
}

/// A module exceeds one of the [`ModuleLimits`].
///
/// ```
/// use wasmetal::{Config, Engine, Module, ModuleLimitExceeded, ModuleLimits};
///
/// let mut limits = ModuleLimits::default();
/// limits.block_depth = 2;
/// let mut config = Config::new(wasmetal_platform_linux::platform());
/// config.module_limits(limits);
/// let deep = "(module (func) (func (block (block (block)))))";
/// let error = Module::new(&Engine::new(&config)?, deep).unwrap_err();
/// let exceeded = error.downcast_ref::<ModuleLimitExceeded>().unwrap();
/// assert_eq!((exceeded.limit, exceeded.maximum), ("block_depth", 2));
/// assert_eq!(exceeded.function, Some(1));
/// # wasmetal::error::Ok(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ModuleLimitExceeded {
    /// The limit, as the field of [`ModuleLimits`] is called.
    pub limit: &'static str,
    /// Its value.
    pub maximum: u32,
    /// What the module has; of complexity, what it has up to this place.
    pub found: u64,
    /// The index of the function, for what is in a function.
    pub function: Option<u32>,
    /// Where, in the module's bytes.
    pub offset: usize,
}

impl fmt::Display for ModuleLimitExceeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            limit,
            maximum,
            found,
            function,
            offset,
        } = self;
        write!(
            f,
            "module limit exceeded: `{limit}` is {maximum}, but there are {found}"
        )?;
        if let Some(function) = function {
            write!(f, " in function {function}")?;
        }
        write!(f, " (at offset {offset:#x})")
    }
}

impl core::error::Error for ModuleLimitExceeded {}
