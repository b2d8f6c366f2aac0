//! [`Memory`]: a handle of a linear memory.

use crate::MemoryType;
use crate::error::Result;
use crate::error::bounded::bail;
use crate::instance::{HostMemory, LinearMemory, used_by_memory};
use crate::interrupt::Pieces;
use crate::oom::Watch;
use crate::store::OfStore as _;
use crate::store::{AsContext, AsContextMut, StoreContext, StoreContextMut, StoreId, StoreOpaque};
use core::fmt;
use core::ptr::NonNull;
use core::slice;

/// An access outside a memory.
///
/// ```
/// # use wasmetal::{Config, Engine, Store};
/// use wasmetal::{Memory, MemoryType};
///
/// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
/// # let mut store = Store::new(&engine, ());
/// let memory = Memory::new(&mut store, MemoryType::new(1, None))?;
/// assert!(memory.write(&mut store, 65_535, &[1]).is_ok());
/// let error = memory.write(&mut store, 65_535, &[1, 2]).unwrap_err();
/// assert_eq!(error.to_string(), "out of bounds memory access");
/// # wasmetal::error::Ok(())
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct MemoryAccessError;

impl fmt::Display for MemoryAccessError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("out of bounds memory access")
    }
}

impl core::error::Error for MemoryAccessError {}

/// A linear memory, in a store.
///
/// The safe way to its bytes is through a borrow of the store: no Wasm code runs, and the memory does
/// not grow, as long as a slice of [`data`](Self::data) lives. Code that keeps
/// [`data_ptr`](Self::data_ptr) instead must know that Wasm code may change every byte, and that growth may
/// move the memory.
///
/// All methods panic if the memory does not belong to the store.
///
/// ```
/// # use wasmetal::{Config, Engine};
/// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
/// use wasmetal::{Memory, MemoryType, Store};
///
/// let mut store = Store::new(&engine, ());
/// let memory = Memory::new(&mut store, MemoryType::new(1, Some(2)))?;
/// memory.write(&mut store, 10, b"hello")?;
/// assert_eq!(&memory.data(&store)[9..16], b"\0hello\0");
/// assert!(memory.write(&mut store, 65534, b"hello").is_err());
/// assert_eq!(memory.grow(&mut store, 1)?, 1);
/// assert_eq!(memory.size(&store), 2);
/// # wasmetal::error::Ok(())
/// ```
#[derive(Clone, Copy)]
pub struct Memory {
    pub(crate) store: StoreId,
    pub(crate) memory: NonNull<LinearMemory>,
}

// SAFETY: the pointer is followed only with a borrow of the store (*handle*), which is `Send` itself.
unsafe impl Send for Memory {}
// SAFETY: as for `Send`.
unsafe impl Sync for Memory {}

impl Memory {
    /// Makes a memory of zeroes.
    ///
    /// # Errors
    /// The type is of a shared memory (see [`SharedMemory`](crate::SharedMemory)), a limit of the store is exceeded, or memory is short.
    pub fn new(mut store: impl AsContextMut, ty: MemoryType) -> Result<Self> {
        Self::make(store.as_context_mut().opaque(), &ty)
    }

    pub(super) fn make(store: &mut StoreOpaque, ty: &MemoryType) -> Result<Self> {
        let ty = ty.to_canonical();
        if ty.shared {
            bail!("a shared memory belongs to no store: it is made by `SharedMemory::new`");
        }
        store.allow_memory(&ty)?;
        let used = store.used_with(&used_by_memory(&ty))?;
        let watch = Watch::start()?;
        let memory = HostMemory::new(&store.engine, &ty)?;
        let memory = HostMemory::memory(store.add_memory(memory, watch)?);
        store.used = used;
        Ok(Self {
            store: store.id,
            memory,
        })
    }

    #[inline]
    #[track_caller]
    pub(crate) fn get<'a>(&self, store: &'a StoreOpaque) -> &'a LinearMemory {
        self.store.assert_store(store);
        // SAFETY: *handle*; it is changed with an exclusive borrow of the store only.
        unsafe { self.memory.as_ref() }
    }

    /// The type that the memory was made with. Its minimum is not the current size.
    pub fn ty(&self, store: impl AsContext) -> MemoryType {
        MemoryType::from_canonical(self.get(&store.as_context().0.opaque).ty())
    }

    /// Reads the bytes from `offset` on that fill `buffer`.
    ///
    /// # Errors
    /// They are not all in the memory; `buffer` is as it was.
    pub fn read(
        &self,
        store: impl AsContext,
        offset: usize,
        buffer: &mut [u8],
    ) -> Result<(), MemoryAccessError> {
        let data = self.data(store.as_context());
        let bytes = data.get(offset..).and_then(|rest| rest.get(..buffer.len()));
        buffer.copy_from_slice(bytes.ok_or(MemoryAccessError)?);
        Ok(())
    }

    /// Writes the bytes of `buffer` from `offset` on.
    ///
    /// # Errors
    /// They would not all lie in the memory; it is as it was.
    pub fn write(
        &self,
        mut store: impl AsContextMut,
        offset: usize,
        buffer: &[u8],
    ) -> Result<(), MemoryAccessError> {
        let data = self.data_mut(store.as_context_mut());
        let bytes = data
            .get_mut(offset..)
            .and_then(|rest| rest.get_mut(..buffer.len()));
        bytes.ok_or(MemoryAccessError)?.copy_from_slice(buffer);
        Ok(())
    }

    /// All bytes.
    pub fn data<'a, T: 'static>(&self, store: impl Into<StoreContext<'a, T>>) -> &'a [u8] {
        let (base, length) = self.get(&store.into().0.opaque).bytes();
        // SAFETY: the bytes are readable (*memory*); nothing changes them while the store is borrowed.
        unsafe { slice::from_raw_parts(base, length) }
    }

    /// All bytes.
    pub fn data_mut<'a, T: 'static>(
        &self,
        store: impl Into<StoreContextMut<'a, T>>,
    ) -> &'a mut [u8] {
        self.data_and_store_mut(store).0
    }

    /// All bytes, and the embedder's data beside them.
    pub fn data_and_store_mut<'a, T: 'static>(
        &self,
        store: impl Into<StoreContextMut<'a, T>>,
    ) -> (&'a mut [u8], &'a mut T) {
        let store = store.into();
        let (base, length) = self.get(&store.raw).bytes();
        // SAFETY: the bytes are writable (*memory*) and no part of the embedder's data; nothing else
        // refers to them while the store is borrowed exclusively.
        (
            unsafe { slice::from_raw_parts_mut(base, length) },
            store.into_data_mut(),
        )
    }

    /// The address of the first byte.
    pub fn data_ptr(&self, store: impl AsContext) -> *mut u8 {
        self.get(&store.as_context().0.opaque).bytes().0
    }

    /// The current size in bytes.
    pub fn data_size(&self, store: impl AsContext) -> usize {
        self.get(&store.as_context().0.opaque).bytes().1
    }

    /// The current size in pages.
    pub fn size(&self, store: impl AsContext) -> u64 {
        self.get(&store.as_context().0.opaque).pages()
    }

    /// The size of a page in bytes.
    pub fn page_size(&self, store: impl AsContext) -> u64 {
        1 << self.page_size_log2(store)
    }

    /// The base-2 logarithm of the size of a page in bytes.
    pub fn page_size_log2(&self, store: impl AsContext) -> u8 {
        self.get(&store.as_context().0.opaque).ty().page_size_log2
    }

    /// Grows the memory by `delta` pages of zeroes, and returns its old size in pages.
    ///
    /// # Errors
    /// The memory can't grow so far, or the store's limiter refuses. It is as it was.
    pub fn grow(&self, mut store: impl AsContextMut, delta: u64) -> Result<u64> {
        self.grow_by(store.as_context_mut().opaque(), delta)
    }

    pub(super) fn grow_by(&self, store: &mut StoreOpaque, delta: u64) -> Result<u64> {
        self.store.assert_store(store);
        // SAFETY: a memory of this store.
        unsafe { store.grow_memory(self.memory, delta, Pieces::ONE) }?.or_error("memory", delta)
    }
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memory")
            .field("store", &self.store)
            .finish_non_exhaustive()
    }
}
