//! What of an error does not fit into a word: one allocation, in front of which lies what is known of its type.

use super::Error;
use super::display::report;
use crate::abi::traps::Trap;
use crate::oom::OutOfMemory;
use alloc::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use alloc::boxed::Box;
use core::any::TypeId;
use core::error::Error as StdError;
use core::fmt::{self, Debug, Display};
use core::marker::PhantomData;
use core::mem::{self, ManuallyDrop, offset_of};
use core::ptr::{self, NonNull};

/// Any error.
pub(super) type AnyError = dyn StdError + Send + Sync + 'static;

/// A pointer to a [`Node`] of a type that only the node itself knows.
///
/// Invariant (*error nodes*): it comes from the allocator and is valid for the whole node, whose table is that of its
/// type, and which lives as long as its [`OwnedNode`].
#[derive(Clone, Copy)]
pub(super) struct NodePointer(NonNull<&'static Table>);

/// A pointer to a [`Node`] that is nobody else's.
pub(super) struct OwnedNode(NodePointer);

/// The order of the fields matters: the table lies at the beginning of every node.
#[repr(C)]
struct Node<V> {
    table: &'static Table,
    value: V,
}

/// What is known of the type of a [`Node`]. One for each type costs less than functions for each would.
struct Table {
    /// By which type the node is found.
    found_by: TypeId,
    /// Where what is found lies in the node.
    found: u32,
    /// Where the value lies, which is an error. The alignment of the node too, since only the table lies in front of it.
    value: u32,
    /// A pointer to the value as one to an error.
    as_error: fn(NonNull<()>) -> NonNull<AnyError>,
    #[cfg(feature = "anyhow")]
    into_anyhow: fn(OwnedNode) -> ::anyhow::Error,
}

/// What can be printed, as an error.
#[repr(transparent)]
struct Message<M>(M);

/// What an error meant to the function that passed it on. The order of the fields matters: the error lies at the beginning,
/// whatever the context is.
#[repr(C)]
struct Contextual<C> {
    error: Error,
    context: C,
}

struct TableOf<T>(PhantomData<T>);

/// Where the value of a node lies in it.
const fn value<V>() -> u32 {
    let value = offset_of!(Node<V>, value);
    assert!(value == align_of::<Node<V>>());
    offset::<V>(value)
}

const fn offset<V>(offset: usize) -> u32 {
    assert!(size_of::<Node<V>>() <= u32::MAX as usize);
    offset as u32
}

impl<E: StdError + Send + Sync + 'static> TableOf<E> {
    const ERROR: &'static Table = &Table {
        found_by: TypeId::of::<E>(),
        found: value::<E>(),
        value: value::<E>(),
        as_error: |value| value.cast::<E>(),
        #[cfg(feature = "anyhow")]
        into_anyhow: |node| ::anyhow::Error::new(unwrap(node.take::<E>())),
    };
}

impl<M: Display + Debug + Send + Sync + 'static> TableOf<M> {
    const MESSAGE: &'static Table = &Table {
        found_by: TypeId::of::<M>(),
        found: value::<Message<M>>(),
        value: value::<Message<M>>(),
        as_error: |value| value.cast::<Message<M>>(),
        #[cfg(feature = "anyhow")]
        into_anyhow: |node| ::anyhow::Error::msg(unwrap(node.take::<M>())),
    };

    const CONTEXT: &'static Table = &Table {
        found_by: TypeId::of::<M>(),
        found: offset::<Contextual<M>>(offset_of!(Node<Contextual<M>>, value.context)),
        value: value::<Contextual<M>>(),
        as_error: |value| value.cast::<Contextual<M>>(),
        #[cfg(feature = "anyhow")]
        into_anyhow: |node| {
            // SAFETY: *error nodes*: the table is that of such a context.
            let Contextual { error, context } = unsafe { node.into_value::<Contextual<M>>() };
            ::anyhow::Error::from(error).context(context)
        },
    };
}

impl Table {
    /// Whether the value is a [`Contextual`]: then another error lies in front of what is found.
    fn is_context(&self) -> bool {
        self.found != self.value
    }
}

impl NodePointer {
    /// # Safety
    /// The node lives.
    unsafe fn table(self) -> &'static Table {
        // SAFETY: *error nodes*: a table lies at the beginning.
        unsafe { *self.0.as_ptr() }
    }

    /// A part of the node.
    ///
    /// # Safety
    /// The node lives, and `offset` is from its table.
    unsafe fn at(self, offset: u32) -> NonNull<()> {
        // SAFETY: *error nodes*: it lies in the node, for which the pointer is valid.
        unsafe { self.0.byte_add(offset as usize).cast() }
    }

    /// Of the whole node.
    ///
    /// # Safety
    /// The node lives.
    unsafe fn layout(self) -> Layout {
        // SAFETY: the caller's promise; it is the layout of a node of this type, as the compiler makes it: the value is
        // the last field, and the size a multiple of the alignment.
        unsafe {
            let align = self.table().value as usize;
            let value = size_of_val(self.as_error().as_ref());
            Layout::from_size_align_unchecked(align + value, align).pad_to_align()
        }
    }

    /// Gives the memory of the node back, without a look at what is in it.
    ///
    /// # Safety
    /// `layout` is that of the node, to which nobody comes back.
    unsafe fn free(self, layout: Layout) {
        // SAFETY: the caller's promise, and *error nodes*.
        unsafe { dealloc(self.0.as_ptr().cast(), layout) };
    }

    /// The node as an error.
    ///
    /// # Safety
    /// The node lives.
    pub(super) unsafe fn as_error(self) -> NonNull<AnyError> {
        // SAFETY: the caller's promise.
        unsafe {
            let table = self.table();
            (table.as_error)(self.at(table.value))
        }
    }

    /// What is found by this type, if that is this node's: a pointer to a value of the type.
    ///
    /// # Safety
    /// The node lives.
    pub(super) unsafe fn find(self, wanted: TypeId) -> Option<NonNull<()>> {
        // SAFETY: the caller's promise.
        unsafe {
            let table = self.table();
            (table.found_by == wanted).then(|| self.at(table.found))
        }
    }

    /// The error whose context this is.
    ///
    /// # Safety
    /// The node lives.
    pub(super) unsafe fn cause(self) -> Option<NonNull<Error>> {
        // SAFETY: the caller's promise; the error lies where the `Contextual` does.
        unsafe {
            let table = self.table();
            table.is_context().then(|| self.at(table.value).cast())
        }
    }

    pub(super) fn into_raw(self) -> NonNull<u8> {
        self.0.cast()
    }

    /// A pointer that [`into_raw`](Self::into_raw) has returned.
    pub(super) fn from_raw(node: NonNull<u8>) -> Self {
        Self(node.cast())
    }
}

impl OwnedNode {
    /// # Errors
    /// There is no memory for it.
    pub(super) fn error<E>(error: E) -> Result<Self, OutOfMemory>
    where
        E: StdError + Send + Sync + 'static,
    {
        // SAFETY: the table of that node.
        unsafe { Self::new(TableOf::<E>::ERROR, error) }
    }

    /// # Errors
    /// There is no memory for it.
    pub(super) fn message<M>(message: M) -> Result<Self, OutOfMemory>
    where
        M: Display + Debug + Send + Sync + 'static,
    {
        // SAFETY: the table of that node.
        unsafe { Self::new(TableOf::<M>::MESSAGE, Message(message)) }
    }

    /// # Errors
    /// There is no memory for it.
    pub(super) fn context<C>(error: Error, context: C) -> Result<Self, OutOfMemory>
    where
        C: Display + Debug + Send + Sync + 'static,
    {
        // SAFETY: the table of that node.
        unsafe { Self::new(TableOf::<C>::CONTEXT, Contextual { error, context }) }
    }

    /// # Safety
    /// `table` is that of a `Node<V>`.
    #[inline(always)]
    unsafe fn new<V>(table: &'static Table, value: V) -> Result<Self, OutOfMemory> {
        let node = allocate(Layout::new::<Node<V>>())?.cast::<Node<V>>();
        // SAFETY: allocated for such a node, and nobody else's.
        unsafe { node.write(Node { table, value }) };
        Ok(Self(NodePointer(node.cast())))
    }

    /// # Safety
    /// The pointer is an owned one's that was forgotten.
    pub(super) unsafe fn from_pointer(node: NodePointer) -> Self {
        Self(node)
    }

    /// The same, without an owner.
    pub(super) fn into_pointer(self) -> NodePointer {
        ManuallyDrop::new(self).0
    }

    /// What is found by this type, if that is this node's. All else in it is dropped.
    ///
    /// # Errors
    /// It is not: the node.
    pub(super) fn take<E: 'static>(self) -> Result<E, Self> {
        // SAFETY: an owned node lives. Of what type it is, the table says (*error nodes*); a node with a `Message<E>` is
        // like one with an `E`.
        unsafe {
            let table = self.0.table();
            match table.found_by == TypeId::of::<E>() {
                true if table.is_context() => Ok(self.into_value::<Contextual<E>>().context),
                true => Ok(self.into_value()),
                false => Err(self),
            }
        }
    }

    /// # Safety
    /// The node is a `Node<V>`.
    unsafe fn into_value<V>(self) -> V {
        // SAFETY: the caller's promise, and *error nodes*: allocated with the layout of a `Node<V>`, and nobody else's.
        let node = unsafe { Box::from_raw(self.into_pointer().0.as_ptr().cast::<Node<V>>()) };
        node.value
    }

    /// The error whose context this was, if it was one.
    pub(super) fn into_cause(self) -> Option<Error> {
        // SAFETY: an owned node lives, and nobody else looks at it. What is left in it is an error too.
        unsafe {
            let mut cause = self.0.cause()?;
            Some(mem::replace(cause.as_mut(), Error::new(Trap::Interrupt)))
        }
    }

    #[cfg(feature = "anyhow")]
    pub(super) fn into_anyhow(self) -> ::anyhow::Error {
        // SAFETY: an owned node lives.
        let table = unsafe { self.0.table() };
        (table.into_anyhow)(self)
    }

    /// The value in a box of its own.
    pub(super) fn into_boxed_dyn_error(self) -> Box<AnyError> {
        let node = self.into_pointer();
        // SAFETY: the node was an owned one (*error nodes*). Its value is moved as bytes, into memory with its layout, and
        // is not looked at again where it was, which is freed without dropping it.
        unsafe {
            let (table, whole) = (node.table(), node.layout());
            let layout = Layout::for_value(node.as_error().as_ref());
            let place = match layout.size() {
                0 => ptr::without_provenance_mut(layout.align()),
                _ => alloc(layout),
            };
            let Some(place) = NonNull::new(place) else {
                handle_alloc_error(layout)
            };
            let value = node.at(table.value).cast::<u8>();
            place.copy_from_nonoverlapping(value, layout.size());
            node.free(whole);
            Box::from_raw((table.as_error)(place.cast()).as_ptr())
        }
    }
}

impl Drop for OwnedNode {
    fn drop(&mut self) {
        // SAFETY: an owned node lives, and nobody looks at it after this.
        unsafe {
            let layout = self.0.layout();
            self.0.as_error().drop_in_place();
            self.0.free(layout);
        }
    }
}

/// Memory for a node.
fn allocate(node: Layout) -> Result<NonNull<u8>, OutOfMemory> {
    // SAFETY: every node has a size, since its table is in it.
    NonNull::new(unsafe { alloc(node) }).ok_or_else(|| OutOfMemory::new(node.size()))
}

/// What was found in a node that is known to have it.
#[cfg(feature = "anyhow")]
fn unwrap<E>(taken: Result<E, OwnedNode>) -> E {
    taken.unwrap_or_else(|_| unreachable!("the table is that of its type"))
}

impl<M: Display> Display for Message<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

// The texts, in both cases: what `M` and `C` have for programmers would be in every firmware.
impl<M: Display> Debug for Message<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<M: Display> StdError for Message<M> {}

impl<C: Display> Display for Contextual<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.context.fmt(f)
    }
}

impl<C: Display + 'static> Debug for Contextual<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        report(self, f)
    }
}

impl<C: Display + 'static> StdError for Contextual<C> {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&*self.error)
    }
}
