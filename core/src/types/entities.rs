//! Types of globals, tables and memories, and of whatever can be imported or exported.

use super::{FuncType, Mutability, RefType, ValType};
use crate::abi::TypeId;
use crate::error::bounded::bail;
use crate::module::{self, EntityType, IndexType, Limits};
use crate::{Engine, Result};
use core::fmt;

/// The type of something that can be imported or exported.
///
/// ```
/// # use wasmetal::{Config, Engine};
/// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
/// use wasmetal::{ExternType, Module};
///
/// let module = Module::new(&engine, r#"(module (memory (export "memory") 1 4))"#)?;
/// match module.get_export("memory") {
///     Some(ExternType::Memory(ty)) => assert_eq!((ty.minimum(), ty.maximum()), (1, Some(4))),
///     other => panic!("it is a memory, and not {other:?}"),
/// }
/// # wasmetal::error::Ok(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum ExternType {
    /// A function's.
    Func(FuncType),
    /// A global's.
    Global(GlobalType),
    /// A table's.
    Table(TableType),
    /// A memory's.
    Memory(MemoryType),
    /// An exception tag's.
    Tag(TagType),
}

macro_rules! accessors {
    ($($variant:ident($ty:ty) $get:ident $unwrap:ident $what:literal)*) => {$(
        #[doc = concat!("The type, if it is a ", $what, "'s.")]
        #[must_use]
        pub fn $get(&self) -> Option<&$ty> {
            match self {
                Self::$variant(ty) => Some(ty),
                _ => None,
            }
        }

        #[doc = concat!("The type of a ", $what, ".")]
        ///
        /// # Panics
        #[doc = concat!("If it is no ", $what, "'s.")]
        #[must_use]
        pub fn $unwrap(&self) -> &$ty {
            self.$get().expect(concat!("the type is a ", $what, "'s"))
        }
    )*};
}

impl ExternType {
    accessors! {
        Func(FuncType) func unwrap_func "function"
        Global(GlobalType) global unwrap_global "global"
        Table(TableType) table unwrap_table "table"
        Memory(MemoryType) memory unwrap_memory "memory"
        Tag(TagType) tag unwrap_tag "tag"
    }

    pub(crate) fn from_canonical(engine: &Engine, ty: &EntityType) -> Self {
        match ty {
            EntityType::Function(index) => Self::Func(FuncType::from_id(
                engine,
                TypeId::from_canonical_index(*index),
            )),
            EntityType::Global(ty) => Self::Global(GlobalType::from_canonical(engine, ty)),
            EntityType::Table(ty) => Self::Table(TableType::from_canonical(engine, ty)),
            EntityType::Memory(ty) => Self::Memory(MemoryType::from_canonical(ty)),
            EntityType::Tag(index) => Self::Tag(TagType::new(FuncType::from_id(
                engine,
                TypeId::from_canonical_index(*index),
            ))),
        }
    }
}

macro_rules! into_extern_type {
    ($($variant:ident($ty:ty))*) => {$(
        impl From<$ty> for ExternType {
            fn from(ty: $ty) -> Self {
                Self::$variant(ty)
            }
        }
    )*};
}

into_extern_type! { Func(FuncType) Global(GlobalType) Table(TableType) Memory(MemoryType) Tag(TagType) }

/// As in the text format, for messages.
impl fmt::Display for ExternType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Func(ty) => fmt::Display::fmt(ty, f),
            Self::Global(ty) => fmt::Display::fmt(ty, f),
            Self::Table(ty) => fmt::Display::fmt(ty, f),
            Self::Memory(ty) => fmt::Display::fmt(ty, f),
            Self::Tag(ty) => fmt::Display::fmt(ty, f),
        }
    }
}

/// The type of a global.
///
/// ```
/// # use wasmetal::{Config, Engine};
/// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
/// use wasmetal::{Global, GlobalType, Mutability, Store, Val, ValType};
///
/// let mut store = Store::new(&engine, ());
/// let ty = GlobalType::new(ValType::I64, Mutability::Var);
/// let global = Global::new(&mut store, ty.clone(), Val::I64(5))?;
/// assert_eq!(global.ty(&store), ty);
/// # wasmetal::error::Ok(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct GlobalType {
    content: ValType,
    mutability: Mutability,
}

impl GlobalType {
    /// The type of globals that hold a `content`.
    #[must_use]
    pub fn new(content: ValType, mutability: Mutability) -> Self {
        Self {
            content,
            mutability,
        }
    }

    /// The type of its value.
    #[must_use]
    pub fn content(&self) -> &ValType {
        &self.content
    }

    /// Whether it can be set.
    #[must_use]
    pub fn mutability(&self) -> Mutability {
        self.mutability
    }

    pub(crate) fn from_canonical(engine: &Engine, ty: &module::GlobalType) -> Self {
        Self {
            content: ValType::from_canonical(engine, ty.content),
            mutability: match ty.mutable {
                true => Mutability::Var,
                false => Mutability::Const,
            },
        }
    }

    pub(crate) fn to_canonical(&self) -> module::GlobalType {
        module::GlobalType {
            content: self.content.to_canonical(),
            mutable: self.mutability.is_var(),
        }
    }
}

impl fmt::Display for GlobalType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.mutability {
            Mutability::Const => write!(f, "(global {})", self.content),
            Mutability::Var => write!(f, "(global (mut {}))", self.content),
        }
    }
}

fn fmt_limits(f: &mut fmt::Formatter<'_>, index: IndexType, limits: Limits) -> fmt::Result {
    if index == IndexType::I64 {
        f.write_str(" i64")?;
    }
    write!(f, " {}", limits.minimum)?;
    match limits.maximum {
        Some(maximum) => write!(f, " {maximum}"),
        None => Ok(()),
    }
}

/// The type of a table.
///
/// ```
/// use wasmetal::{RefType, TableType};
///
/// let ty = TableType::new(RefType::FUNCREF, 2, Some(8));
/// assert_eq!((ty.minimum(), ty.maximum()), (2, Some(8)));
/// assert_eq!(ty.element(), &RefType::FUNCREF);
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct TableType {
    element: RefType,
    limits: Limits,
    index: IndexType,
}

impl TableType {
    /// The type of tables of `min` elements that may grow to `max`.
    ///
    /// # Panics
    /// If `max` is below `min`.
    #[must_use]
    pub fn new(element: RefType, min: u32, max: Option<u32>) -> Self {
        Self::with_limits(element, min.into(), max.map(u64::from), IndexType::I32)
    }

    /// As [`new`](Self::new), with 64-bit indices.
    ///
    /// # Panics
    /// If `max` is below `min`.
    #[must_use]
    pub fn new64(element: RefType, min: u64, max: Option<u64>) -> Self {
        Self::with_limits(element, min, max, IndexType::I64)
    }

    fn with_limits(element: RefType, minimum: u64, maximum: Option<u64>, index: IndexType) -> Self {
        assert!(
            maximum.is_none_or(|maximum| minimum <= maximum),
            "the minimum of a table type is above its maximum"
        );
        Self {
            element,
            limits: Limits { minimum, maximum },
            index,
        }
    }

    /// Whether its indices have 64 bits.
    #[must_use]
    pub fn is_64(&self) -> bool {
        self.index == IndexType::I64
    }

    /// The type of its elements.
    #[must_use]
    pub fn element(&self) -> &RefType {
        &self.element
    }

    /// The initial size, in elements.
    #[must_use]
    pub fn minimum(&self) -> u64 {
        self.limits.minimum
    }

    /// The size it may grow to, in elements, where one is stated.
    #[must_use]
    pub fn maximum(&self) -> Option<u64> {
        self.limits.maximum
    }

    pub(crate) fn from_canonical(engine: &Engine, ty: &module::TableType) -> Self {
        Self {
            element: RefType::from_canonical(engine, ty.element),
            limits: ty.limits,
            index: ty.index,
        }
    }

    pub(crate) fn to_canonical(&self) -> module::TableType {
        module::TableType {
            element: self.element.to_canonical(),
            limits: self.limits,
            index: self.index,
        }
    }
}

impl fmt::Display for TableType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(table")?;
        fmt_limits(f, self.index, self.limits)?;
        write!(f, " {})", self.element)
    }
}

/// The type of an exception tag: a function type whose parameters are what its exceptions hold.
///
/// ```
/// # use wasmetal::{Config, Engine};
/// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
/// use wasmetal::{FuncType, TagType, ValType};
///
/// // What an exception of this type holds: a number.
/// let ty = TagType::new(FuncType::new(&engine, [ValType::I32], []));
/// assert_eq!(ty.ty().params().len(), 1);
/// # wasmetal::error::Ok(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct TagType {
    ty: FuncType,
}

impl TagType {
    /// The type of tags with this function type.
    #[must_use]
    pub fn new(ty: FuncType) -> Self {
        Self { ty }
    }

    /// The function type.
    #[must_use]
    pub fn ty(&self) -> &FuncType {
        &self.ty
    }
}

impl fmt::Display for TagType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "(tag {})", self.ty)
    }
}

/// The type of a linear memory. Sizes are in pages, of 64 KiB unless the type says otherwise.
///
/// ```
/// use wasmetal::MemoryType;
///
/// let ty = MemoryType::new(1, Some(16));
/// assert_eq!((ty.minimum(), ty.maximum()), (1, Some(16)));
/// assert_eq!(ty.page_size(), 64 << 10);
/// assert!(!ty.is_64() && !ty.is_shared());
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct MemoryType(module::MemoryType);

impl MemoryType {
    /// The type of memories of `minimum` pages of 64 KiB that may grow to `maximum`.
    ///
    /// # Panics
    /// If `maximum` is below `minimum`, or one is above 65,536.
    #[must_use]
    pub fn new(minimum: u32, maximum: Option<u32>) -> Self {
        Self::builder()
            .min(minimum.into())
            .max(maximum.map(u64::from))
            .build()
            .expect("the limits fit a 32-bit memory")
    }

    /// As [`new`](Self::new), with 64-bit addresses.
    ///
    /// # Panics
    /// If `maximum` is below `minimum`, or one is above 2^48.
    #[must_use]
    pub fn new64(minimum: u64, maximum: Option<u64>) -> Self {
        Self::builder()
            .memory64(true)
            .min(minimum)
            .max(maximum)
            .build()
            .expect("the limits fit a 64-bit memory")
    }

    /// The type of memories that threads share.
    ///
    /// # Panics
    /// As [`new`](Self::new).
    #[must_use]
    pub fn shared(minimum: u32, maximum: u32) -> Self {
        Self::builder()
            .shared(true)
            .min(minimum.into())
            .max(Some(maximum.into()))
            .build()
            .expect("the limits fit a 32-bit memory")
    }

    /// A builder for the types that the other constructors don't reach.
    #[must_use]
    pub fn builder() -> MemoryTypeBuilder {
        MemoryTypeBuilder::default()
    }

    /// Whether its addresses have 64 bits.
    #[must_use]
    pub fn is_64(&self) -> bool {
        self.0.index == IndexType::I64
    }

    /// Whether threads share it.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.0.shared
    }

    /// The initial size, in pages.
    #[must_use]
    pub fn minimum(&self) -> u64 {
        self.0.limits.minimum
    }

    /// The size it may grow to, in pages, where one is stated.
    #[must_use]
    pub fn maximum(&self) -> Option<u64> {
        self.0.limits.maximum
    }

    /// The size of a page, in bytes.
    #[must_use]
    pub fn page_size(&self) -> u64 {
        1 << self.0.page_size_log2
    }

    /// The base-2 logarithm of the page size in bytes.
    #[must_use]
    pub fn page_size_log2(&self) -> u8 {
        self.0.page_size_log2
    }

    pub(crate) fn from_canonical(ty: &module::MemoryType) -> Self {
        Self(ty.clone())
    }

    pub(crate) fn to_canonical(&self) -> module::MemoryType {
        self.0.clone()
    }
}

impl fmt::Display for MemoryType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(memory")?;
        fmt_limits(f, self.0.index, self.0.limits)?;
        if self.0.shared {
            f.write_str(" shared")?;
        }
        if self.0.page_size_log2 != 16 {
            write!(f, " (pagesize {})", self.page_size())?;
        }
        f.write_str(")")
    }
}

/// Builds a [`MemoryType`]: by default 32-bit, not shared, 0 pages of 64 KiB, no maximum.
///
/// ```
/// use wasmetal::MemoryType;
///
/// // Ten bytes, as the proposal for custom page sizes has them.
/// let ty = MemoryType::builder().min(10).page_size_log2(0).build()?;
/// assert_eq!(ty.page_size() * ty.minimum(), 10);
/// # wasmetal::error::Ok(())
/// ```
#[derive(Clone, Debug)]
pub struct MemoryTypeBuilder(module::MemoryType);

impl Default for MemoryTypeBuilder {
    fn default() -> Self {
        Self(module::MemoryType {
            limits: Limits {
                minimum: 0,
                maximum: None,
            },
            index: IndexType::I32,
            shared: false,
            page_size_log2: 16,
        })
    }
}

impl MemoryTypeBuilder {
    /// The same as `default`.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the initial size, in pages.
    pub fn min(&mut self, minimum: u64) -> &mut Self {
        self.0.limits.minimum = minimum;
        self
    }

    /// Sets the size it may grow to, in pages.
    pub fn max(&mut self, maximum: Option<u64>) -> &mut Self {
        self.0.limits.maximum = maximum;
        self
    }

    /// Sets whether its addresses have 64 bits.
    pub fn memory64(&mut self, memory64: bool) -> &mut Self {
        self.0.index = match memory64 {
            true => IndexType::I64,
            false => IndexType::I32,
        };
        self
    }

    /// Sets whether threads share it.
    pub fn shared(&mut self, shared: bool) -> &mut Self {
        self.0.shared = shared;
        self
    }

    /// Sets the base-2 logarithm of the page size in bytes: 16 or 0.
    pub fn page_size_log2(&mut self, page_size_log2: u8) -> &mut Self {
        self.0.page_size_log2 = page_size_log2;
        self
    }

    /// The type.
    ///
    /// # Errors
    /// The limits are out of order or out of range, the page size is not one of the two, or a shared
    /// memory has no maximum.
    pub fn build(&self) -> Result<MemoryType> {
        let ty = &self.0;
        let most: u64 = match (ty.page_size_log2, ty.index) {
            (16, IndexType::I32) => 1 << 16,
            (16, IndexType::I64) => 1 << 48,
            (0, IndexType::I32) => u32::MAX.into(),
            (0, IndexType::I64) => u64::MAX,
            (log2, _) => bail!("a page size of 2^{log2} bytes: it must be 2^16 or 2^0"),
        };
        let Limits { minimum, maximum } = ty.limits;
        if minimum > most {
            bail!("a minimum of {minimum} pages: the most is {most}");
        }
        match maximum {
            Some(maximum) if maximum > most => {
                bail!("a maximum of {maximum} pages: the most is {most}")
            }
            Some(maximum) if maximum < minimum => {
                bail!("a maximum of {maximum} pages is below the minimum of {minimum}")
            }
            None if ty.shared => bail!("a shared memory must have a maximum"),
            _ => Ok(MemoryType(ty.clone())),
        }
    }
}
