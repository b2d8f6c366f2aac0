//! Activations that wait: what is kept of one whose Wasm code has called the host, and what it waits for.
//!
//! A host function that can't finish yet leaves a [`Waits`] in the context, and returns `STATUS_SUSPENDED`. Assembly
//! then keeps in a [`Suspension`] of who polls what the way back to the Wasm code takes, and leaves. The frames stay on the Wasm
//! stack; nothing of the activation is on the host's. To go on, `arch::resume` makes an entry frame and an exit frame as
//! they were, wherever on a host's stack it is called, and polls from there. So whoever walks the frames, throws, calls
//! into Wasm code or ends the activation finds what a host function that has never waited would have left.
//!
//! Invariant (*suspended*): as long as a [`Suspension`] is to be resumed, the Wasm stack from its `stack_pointer` on is as
//! it was left. What resumes it has borrowed the store, so that nobody enters the store but what it polls; that enters
//! below. The entry trampoline's frame record is the first thing of the activation on the Wasm stack: the two words below
//! `StoreContext::stack_pointer` as it was when the activation began, and is again whenever it is resumed.

use super::arch::{CALLEE_SAVED, PRESERVED};
use super::context::{StoreContext, VMHostContext};
use super::frames::{EXIT_FRAME_SIZE, EntryFrame};
use super::values::{HostResult, ValRaw};
use crate::error::OutOfMemory;
use crate::oom;
use alloc::boxed::Box;
use core::mem::MaybeUninit;
use core::ptr;
use core::task::{Context, Poll, Waker};

/// The way back into Wasm code that has called out.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(crate) struct Suspension {
    /// The frame pointer of the code that has called.
    pub fp: *const u8,
    /// Where the call returns to.
    pub return_address: *const u8,
    /// [`StoreContext::stack_pointer`] during the call.
    pub stack_pointer: *mut u8,
    /// The registers that the called function must save.
    pub registers: [usize; CALLEE_SAVED],
}

/// What has been called and waits: a host function's future, with what becomes of its output, or a builtin.
pub(crate) trait Waiting: Send {
    /// Goes on. When it is ready, the results are in their slots, or it is the result of a builtin; it is not polled again.
    ///
    /// # Safety
    /// The activation that has called the host function is linked in this context, or none was between it and the host
    /// that called it.
    unsafe fn poll(
        &mut self,
        context: *mut StoreContext,
        task: &mut Context<'_>,
    ) -> Poll<crate::Result<u64>>;

    /// Who has to wait, for an error.
    fn who(&self) -> &'static str {
        "a host function"
    }
}

/// What an [`AnyWaiting`] has in place: a function's future and the address of its slots.
type Words = [*mut (); 3];

/// A [`Waiting`] of any type. A small one is in place, so that a wait of a typed host function allocates nothing.
pub(crate) struct AnyWaiting {
    /// A value of the type that `methods` are of. It is not used as anything else, nor copied.
    words: MaybeUninit<Words>,
    methods: &'static Methods,
}

/// What is done with a value of some type, at an address.
struct Methods {
    poll: unsafe fn(*mut (), *mut StoreContext, &mut Context<'_>) -> Poll<crate::Result<u64>>,
    drop: unsafe fn(*mut ()),
    who: unsafe fn(*const ()) -> &'static str,
}

// SAFETY: it is a value of a type that is `Send`.
unsafe impl Send for AnyWaiting {}

impl AnyWaiting {
    /// # Errors
    /// It is not small, and memory is exhausted.
    pub(crate) fn new<W: Waiting + 'static>(what: W) -> Result<Self, OutOfMemory> {
        match size_of::<W>() <= size_of::<Words>() && align_of::<W>() <= align_of::<Words>() {
            true => Ok(Self::in_place(what)),
            false => {
                let what = oom::place(what).map_err(|_| OutOfMemory::new(size_of::<W>()))?;
                Ok(Self::in_place(what))
            }
        }
    }

    fn in_place<W: Waiting + 'static>(what: W) -> Self {
        assert!(size_of::<W>() <= size_of::<Words>() && align_of::<W>() <= align_of::<Words>());
        let mut words = MaybeUninit::<Words>::uninit();
        // SAFETY: there is room.
        unsafe { words.as_mut_ptr().cast::<W>().write(what) };
        Self {
            words,
            methods: W::METHODS,
        }
    }

    /// As [`Waiting::poll`].
    ///
    /// # Safety
    /// As for [`Waiting::poll`].
    pub(crate) unsafe fn poll(
        &mut self,
        context: *mut StoreContext,
        task: &mut Context<'_>,
    ) -> Poll<crate::Result<u64>> {
        // SAFETY: the words are a value of that type; the rest is the caller's promise.
        unsafe { (self.methods.poll)(self.words.as_mut_ptr().cast(), context, task) }
    }

    /// As [`Waiting::who`].
    pub(crate) fn who(&self) -> &'static str {
        // SAFETY: the words are a value of that type.
        unsafe { (self.methods.who)(self.words.as_ptr().cast()) }
    }
}

impl Drop for AnyWaiting {
    fn drop(&mut self) {
        // SAFETY: the words are a value of that type, which nobody uses again.
        unsafe { (self.methods.drop)(self.words.as_mut_ptr().cast()) };
    }
}

/// The [`Methods`] of a type.
trait HasMethods: Waiting + Sized {
    const METHODS: &'static Methods = &Methods {
        // SAFETY: an `AnyWaiting` passes the address of a value of this type, and its own caller's promise on.
        poll: |it, context, task| unsafe { (*it.cast::<Self>()).poll(context, task) },
        // SAFETY: an `AnyWaiting` passes the address of a value of this type, once.
        drop: |it| unsafe { it.cast::<Self>().drop_in_place() },
        // SAFETY: an `AnyWaiting` passes the address of a value of this type.
        who: |it| unsafe { (*it.cast::<Self>()).who() },
    };
}

impl<W: Waiting> HasMethods for W {}

impl<W: Waiting + ?Sized> Waiting for Box<W> {
    unsafe fn poll(
        &mut self,
        context: *mut StoreContext,
        task: &mut Context<'_>,
    ) -> Poll<crate::Result<u64>> {
        // SAFETY: the caller's promise.
        unsafe { (**self).poll(context, task) }
    }

    fn who(&self) -> &'static str {
        (**self).who()
    }
}

/// The registers that `arch::exit_to_query` keeps below its exit frame.
#[derive(Clone)]
#[repr(C, align(16))]
pub(crate) struct Preserved([u8; PRESERVED]);

impl Preserved {
    /// Those that `fill` puts, at so many bytes below the exit frame.
    #[cfg_attr(miri, expect(dead_code, reason = "no code is left at a call"))]
    pub(crate) fn new(fill: impl FnOnce(&mut dyn FnMut(usize, &[u8]))) -> Self {
        let mut bytes = [0; PRESERVED];
        fill(&mut |below, from| {
            let start = PRESERVED - below;
            bytes[start..start + from.len()].copy_from_slice(from);
        });
        Self(bytes)
    }

    /// Those of the call for a query that this entry frame's exit frame belongs to.
    ///
    /// # Safety
    /// There is such a call, and the calling code runs on its behalf.
    pub(crate) unsafe fn below(entry_frame: *const u8) -> Self {
        // SAFETY: the caller's promise: they lie right below the exit frame.
        unsafe {
            entry_frame
                .sub(EXIT_FRAME_SIZE + PRESERVED)
                .cast::<Self>()
                .read()
        }
    }
}

/// What an activation waits for.
pub(crate) struct Waits {
    /// What is kept of a call for a query; `None` for any other.
    pub preserved: Option<Box<Preserved>>,
    /// Who is told when the host function returns; `None` if nobody is.
    pub told: Option<Told>,
    /// The scope of what the host function has rooted.
    pub scope: usize,
    /// The host function.
    pub what: AnyWaiting,
}

/// What is called when a host function that has waited returns: with its context and values, and what it returns; what it
/// returns then.
#[derive(Clone, Copy)]
pub(crate) struct Told {
    pub host: *mut VMHostContext,
    pub values: *mut ValRaw,
    pub returned: unsafe fn(*mut VMHostContext, *mut ValRaw, HostResult) -> HostResult,
}

impl core::fmt::Debug for Waits {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Waits").finish_non_exhaustive()
    }
}

/// Says whom to wake as long as it lives: who polls, of the store of this context.
pub(crate) struct Polling {
    context: *mut StoreContext,
    before: *const Waker,
}

impl Polling {
    /// # Safety
    /// The context is a live store's, which the caller has borrowed, and stays so as long as this lives; so does the
    /// waker.
    pub(crate) unsafe fn begin(context: *mut StoreContext, waker: &Waker) -> Self {
        // SAFETY: the caller's promise.
        let before = unsafe { ptr::replace(&raw mut (*context).waker, waker) };
        Self { context, before }
    }
}

impl Drop for Polling {
    fn drop(&mut self) {
        // SAFETY: the promise of `begin`.
        unsafe { (*self.context).waker = self.before };
    }
}

/// The waker of who polls now; one that does nothing where nobody does.
///
/// # Safety
/// The context is a live store's, on whose behalf the calling code runs; what is returned is used no longer than that.
pub(crate) unsafe fn waker<'a>(context: *const StoreContext) -> &'a Waker {
    // SAFETY: `Polling` leaves one that lives, or null.
    unsafe { (*context).waker.as_ref() }.unwrap_or(Waker::noop())
}

/// Whether the innermost activation is that of an asynchronous call which is polled: it can be left and gone on with.
///
/// # Safety
/// The context is a live store's that this thread runs. Wasm code is on the stack.
pub(crate) unsafe fn is_polled(context: *const StoreContext) -> bool {
    // SAFETY: the caller's promise: the entry frame is linked.
    unsafe {
        let innermost = (*context).entry_frame.cast::<EntryFrame>();
        (*innermost).previous_entry == (*context).polled_from
    }
}
