//! Activations that wait: what is kept of one whose Wasm code has called the host, and what it waits for.
//!
//! As long as an asynchronous call is polled, the context has the call's [`Poller`]. A host function that can't finish yet
//! leaves a [`Waits`] there, and returns `STATUS_SUSPENDED`. Assembly then keeps in the poller's [`Suspension`] what the way
//! back to the Wasm code takes, and leaves. The frames stay on the Wasm stack; nothing of the activation is on the host's.
//! To go on, `arch::resume` makes an entry frame and an exit frame as they were, wherever on a host's stack it is called,
//! and polls from there. So whoever walks the frames, throws, calls into Wasm code or ends the activation finds what a host
//! function that has never waited would have left.
//!
//! Invariant (*suspended*): as long as a [`Suspension`] is to be resumed, the Wasm stack from its `stack_pointer` on is as
//! it was left. What resumes it has borrowed the store, so that nobody enters the store but what it polls; that enters
//! below. The entry trampoline's frame record is the first thing of the activation on the Wasm stack: the two words below
//! `StoreContext::stack_pointer` as it was when the activation began, and is again whenever it is resumed.

use super::arch::{CALLEE_SAVED, PRESERVED};
use super::context::{StoreContext, VMHostContext};
use super::frames::{EXIT_FRAME_SIZE, EntryFrame};
use super::values::{HostResult, ValRaw};
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

/// A small [`Waiting`] of any type, in place: so a wait of a typed host function allocates nothing.
pub(crate) struct AnyWaiting {
    /// A value of the type that `drop` is of. It is not used as anything else, nor copied.
    words: MaybeUninit<Words>,
    drop: unsafe fn(*mut ()),
}

// SAFETY: it is a value of a type that is `Send`.
unsafe impl Send for AnyWaiting {}

impl AnyWaiting {
    /// Whether values of this type are small.
    pub(crate) const fn is_small<W>() -> bool {
        size_of::<W>() <= size_of::<Words>() && align_of::<W>() <= align_of::<Words>()
    }

    /// # Panics
    /// If it is not small.
    pub(crate) fn new<W: Waiting + 'static>(what: W) -> Self {
        assert!(Self::is_small::<W>());
        let mut words = MaybeUninit::<Words>::uninit();
        // SAFETY: there is room.
        unsafe { words.as_mut_ptr().cast::<W>().write(what) };
        Self {
            words,
            // SAFETY: it is called with the address of a value of this type, once.
            drop: |it| unsafe { it.cast::<W>().drop_in_place() },
        }
    }

    /// The value.
    ///
    /// # Safety
    /// It is of this type.
    pub(crate) unsafe fn get_mut<W>(&mut self) -> &mut W {
        // SAFETY: the caller's promise.
        unsafe { &mut *self.words.as_mut_ptr().cast() }
    }
}

impl Drop for AnyWaiting {
    fn drop(&mut self) {
        // SAFETY: the words are a value of that type, which nobody uses again.
        unsafe { (self.drop)(self.words.as_mut_ptr().cast()) };
    }
}

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
    /// What polls it, of its type.
    pub go_on: GoOn,
    /// The host function.
    pub what: AnyWaiting,
    /// The scope of what the host function has rooted.
    pub scope: usize,
    /// What is kept of a call for a query; `None` for any other.
    pub preserved: Option<Box<Preserved>>,
    /// Who is told when the host function returns; `None` if nobody is.
    pub told: Option<Told>,
}

/// What polls the host function that waits in this place, as the one that it was when it was called: what that returns then.
/// If it waits no longer, it is gone, and the place empty.
pub(crate) type GoOn = unsafe extern "C" fn(*mut StoreContext, *mut Option<Waits>) -> HostResult;

/// What is called when a host function that has waited returns: with its context and values, and what it returns; what it
/// returns then.
#[derive(Clone, Copy)]
pub(crate) struct Told {
    pub host: *mut VMHostContext,
    pub values: *mut ValRaw,
    pub returned: unsafe fn(*mut VMHostContext, *mut ValRaw, HostResult) -> HostResult,
}

/// What those that it calls see of an asynchronous call, as long as it is polled. It is part of the call's future. No
/// reference is made to all of it: what waits in it is in use while it is polled.
#[repr(C)]
pub(crate) struct Poller {
    /// The way back into the code that has called a host function which waits: written by assembly.
    pub suspension: MaybeUninit<Suspension>,
    /// That host function, until it waits no longer.
    pub waits: Option<Waits>,
    /// The innermost entry frame, or null, at the poll of the innermost asynchronous call of Wasm code: only the activation
    /// right above it can be left at the end of a time slice.
    pub from: *mut u8,
    /// The innermost entry frame, or null, where the host calls a host function asynchronously; else no frame's address.
    pub host_at: *mut u8,
    /// Whether what it calls may wait: not while a host function that it has called calls another one, which can't.
    pub is_open: bool,
}

/// No frame's address.
const NO_FRAME: *mut u8 = ptr::without_provenance_mut(usize::MAX);

impl Poller {
    pub(crate) const fn new() -> Self {
        Self {
            suspension: MaybeUninit::uninit(),
            waits: None,
            from: NO_FRAME,
            host_at: NO_FRAME,
            is_open: true,
        }
    }

    /// One that takes the place of this context's for a while, for another host function that may wait.
    ///
    /// # Safety
    /// The context is a live store's, and has one.
    pub(crate) unsafe fn within(context: *const StoreContext) -> Self {
        // SAFETY: the caller's promise.
        unsafe {
            let outer = (*context).poller;
            Self {
                from: (*outer).from,
                host_at: (*outer).host_at,
                is_open: (*outer).is_open,
                ..Self::new()
            }
        }
    }

    /// It is Wasm code that is called, from here.
    ///
    /// # Safety
    /// Both are live, and nobody else uses them now.
    #[inline(always)]
    pub(crate) unsafe fn calls_wasm(this: *mut Self, context: *const StoreContext) {
        // SAFETY: the caller's promise.
        unsafe { (*this).from = (*context).entry_frame };
    }

    /// It is a host function that the host calls, from here. What can be left at the end of a time slice stays the same.
    ///
    /// # Safety
    /// As for [`calls_wasm`](Self::calls_wasm).
    pub(crate) unsafe fn calls_host(this: *mut Self, context: *const StoreContext) {
        // SAFETY: the caller's promise; the context has a poller that lives, or null.
        unsafe {
            let outer = (*context).poller;
            (*this).from = match outer.is_null() {
                true => NO_FRAME,
                false => (*outer).from,
            };
            (*this).host_at = (*context).entry_frame;
        }
    }
}

/// The context's poller, as long as this lives.
pub(crate) struct Within {
    context: *mut StoreContext,
    before: *mut Poller,
}

impl Within {
    /// # Safety
    /// The context is a live store's, which the caller has borrowed, and stays so as long as this lives; so does the
    /// poller, which nobody else uses meanwhile.
    #[inline(always)]
    pub(crate) unsafe fn begin(context: *mut StoreContext, poller: *mut Poller) -> Self {
        // SAFETY: the caller's promise.
        let before = unsafe { ptr::replace(&raw mut (*context).poller, poller) };
        Self { context, before }
    }
}

impl Drop for Within {
    #[inline(always)]
    fn drop(&mut self) {
        // SAFETY: the promise of `begin`.
        unsafe { (*self.context).poller = self.before };
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
    // SAFETY: the caller's promise: the entry frame is linked, and the poller lives, if there is one.
    unsafe {
        let innermost = (*context).entry_frame.cast::<EntryFrame>();
        let poller = (*context).poller;
        !poller.is_null() && (*innermost).previous_entry == (*poller).from
    }
}

/// Whether the host function or builtin that is being called may wait: an asynchronous call is polled, and nothing stands
/// between the two that can't.
///
/// # Safety
/// The context is a live store's that this thread runs.
pub(crate) unsafe fn can_wait(context: *const StoreContext) -> bool {
    // SAFETY: the caller's promise: the poller lives, if there is one. Where there is no entry frame, it is the host's.
    unsafe {
        let poller = (*context).poller;
        !poller.is_null()
            && (*poller).is_open
            && match (*poller).host_at {
                NO_FRAME => is_polled(context),
                host_at => host_at == (*context).entry_frame,
            }
    }
}

/// As long as it lives, the host function that is being called can't wait: a call that can't has called it.
pub(crate) struct Closed {
    /// The context's, or null.
    poller: *mut Poller,
    was_open: bool,
}

impl Closed {
    /// # Safety
    /// The context is a live store's, which the caller has borrowed.
    pub(crate) unsafe fn begin(context: *mut StoreContext) -> Self {
        // SAFETY: the caller's promise; a poller lives as long as what it polls.
        unsafe {
            let poller = (*context).poller;
            let was_open = !poller.is_null() && ptr::replace(&raw mut (*poller).is_open, false);
            Self { poller, was_open }
        }
    }
}

impl Drop for Closed {
    fn drop(&mut self) {
        if self.was_open {
            // SAFETY: a poller lives as long as what it polls.
            unsafe { (*self.poller).is_open = true };
        }
    }
}
