//! The word that an error is.

#[cfg(feature = "anyhow")]
use super::anyhow::Foreign;
use super::node::{AnyError, NodePointer, OwnedNode};
use crate::{abi::traps::Trap, oom::OutOfMemory};
use core::any::TypeId;
use core::mem::ManuallyDrop;
use core::num::NonZero;
use core::ptr::NonNull;

/// The word of an error (invariant *error words*). Its lowest two bits tell what it is:
///
/// | bits | the word is |
/// |---|---|
/// | 00 | a pointer to a node, which this word owns |
/// | 01 | a trap, whose number is the second byte |
/// | 11 | an [`OutOfMemory`]: its own lowest bits are these |
///
/// So the second byte of a word in memory is a [`Trap`], and a whole word an [`OutOfMemory`], to which references can be
/// given. Whatever is written through these is of the same type, and leaves the lowest bits as they
/// are.
#[repr(transparent)]
pub(super) struct Repr(NonNull<u8>);

const TAG: usize = 0b11;
const NODE: usize = 0b00;
const TRAP: usize = 0b01;

const _: () = {
    assert!(
        align_of::<usize>() > TAG,
        "the lowest bits of a node's address are zero"
    );
    assert!(
        cfg!(target_endian = "little"),
        "the second byte in memory is bits 8 to 15"
    );
    assert!(size_of::<Trap>() == 1 && size_of::<OutOfMemory>() == size_of::<usize>());
    assert!(OutOfMemory::new(0).bits().get() & TAG == TAG);
};

/// Where lies what an error is.
#[derive(Clone, Copy)]
enum Place {
    Trap(NonNull<Trap>),
    OutOfMemory(NonNull<OutOfMemory>),
    Node(NodePointer),
}

/// What an error is.
pub(super) enum Owned {
    Trap(Trap),
    OutOfMemory(OutOfMemory),
    Node(OwnedNode),
}

// SAFETY: a trap and an `OutOfMemory` are plain numbers, and what is in a node may go to other threads (`node.rs` makes no
// other ones), so the word may.
unsafe impl Send for Repr {}
// SAFETY: as for `Send`: a shared word gives shared references to these only.
unsafe impl Sync for Repr {}

impl Repr {
    pub(super) fn trap(trap: Trap) -> Self {
        let word = const { NonZero::new(TRAP).unwrap() } | ((trap as usize) << 8);
        Self(NonNull::without_provenance(word))
    }

    pub(super) fn out_of_memory(out_of_memory: OutOfMemory) -> Self {
        Self(NonNull::without_provenance(out_of_memory.bits()))
    }

    pub(super) fn node(node: OwnedNode) -> Self {
        Self(node.into_pointer().into_raw())
    }

    /// # Safety
    /// `word` is one that lives. What is done with the result is done within a borrow of that word: a mutable one, if it
    /// is changed.
    unsafe fn place(word: NonNull<Self>) -> Place {
        // SAFETY: the caller's promise, and *error words*: the tag says what the word is.
        unsafe {
            let pointer = word.as_ref().0;
            match pointer.addr().get() & TAG {
                NODE => Place::Node(NodePointer::from_raw(pointer)),
                TRAP => Place::Trap(word.cast::<Trap>().add(1)),
                _ => Place::OutOfMemory(word.cast()),
            }
        }
    }

    /// # Safety
    /// As for [`place`](Self::place).
    unsafe fn as_error(word: NonNull<Self>) -> NonNull<AnyError> {
        // SAFETY: the caller's promise, and *error words*: nodes live as long as their words.
        unsafe {
            match Self::place(word) {
                Place::Trap(trap) => trap,
                Place::OutOfMemory(out_of_memory) => out_of_memory,
                Place::Node(node) => node.as_error(),
            }
        }
    }

    pub(super) fn error(&self) -> &AnyError {
        // SAFETY: borrowed as long as `self`.
        unsafe {
            let word = NonNull::from(self);
            #[cfg(feature = "anyhow")]
            if let Some(foreign) = Self::foreign(word) {
                return &*foreign.as_ref().0;
            }
            Self::as_error(word).as_ref()
        }
    }

    pub(super) fn error_mut(&mut self) -> &mut AnyError {
        // SAFETY: borrowed as long as `self`.
        unsafe {
            let word = NonNull::from(self);
            #[cfg(feature = "anyhow")]
            if let Some(mut foreign) = Self::foreign(word) {
                return &mut *foreign.as_mut().0;
            }
            Self::as_error(word).as_mut()
        }
    }

    /// The error of `anyhow` that this one was made of.
    ///
    /// # Safety
    /// As for [`place`](Self::place).
    #[cfg(feature = "anyhow")]
    unsafe fn foreign(word: NonNull<Self>) -> Option<NonNull<Foreign>> {
        // SAFETY: the caller's promise, and *error words*: nodes live as long as their words.
        unsafe {
            match Self::place(word) {
                Place::Node(node) => node.find(TypeId::of::<Foreign>()).map(NonNull::cast),
                Place::Trap(_) | Place::OutOfMemory(_) => None,
            }
        }
    }

    /// The outermost value of a type, which is what the result points to.
    ///
    /// # Safety
    /// As for [`place`](Self::place).
    pub(super) unsafe fn find(mut word: NonNull<Self>, wanted: TypeId) -> Option<NonNull<()>> {
        // SAFETY: the caller's promise, and *error words*: nodes live as long as their words, and what is in them is
        // borrowed with these.
        unsafe {
            loop {
                let (ty, value) = match Self::place(word) {
                    Place::Trap(trap) => (TypeId::of::<Trap>(), trap.cast()),
                    Place::OutOfMemory(out_of_memory) => {
                        (TypeId::of::<OutOfMemory>(), out_of_memory.cast())
                    }
                    Place::Node(node) => match (node.find(wanted), node.cause()) {
                        (None, Some(cause)) => {
                            word = cause.cast();
                            continue;
                        }
                        (found, _) => return found,
                    },
                };
                return (ty == wanted).then_some(value);
            }
        }
    }

    pub(super) fn into_owned(self) -> Owned {
        let word = ManuallyDrop::new(self);
        // SAFETY: the word lives, and is read only; it owned the node (*error words*), and is forgotten.
        unsafe {
            match Self::place(NonNull::from(&*word)) {
                Place::Trap(trap) => Owned::Trap(trap.read()),
                Place::OutOfMemory(out_of_memory) => Owned::OutOfMemory(out_of_memory.read()),
                Place::Node(node) => Owned::Node(OwnedNode::from_pointer(node)),
            }
        }
    }
}

impl Drop for Repr {
    fn drop(&mut self) {
        // SAFETY: *error words*: the word owns the node, and nobody uses it after this.
        unsafe {
            if let Place::Node(node) = Self::place(NonNull::from(self)) {
                drop(OwnedNode::from_pointer(node));
            }
        }
    }
}
