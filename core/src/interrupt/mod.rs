//! Interrupts: how a store is stopped from outside, without any check in the code that it runs.
//!
//! A thread, core or handler that interrupts a store leaves a mark in its [`Interrupts`] and has the platform ask the
//! trap hook on the thread that runs the store (`crate::hook`), which [looks](look()) at what the thread runs. A
//! deadline does the same by that thread's timer. Only stores that have a handle or a deadline take part. Each of their
//! entries goes the slow way (`call::interrupts`); all else costs them nothing.
//!
//! # What a store does
//! [`StoreContext::doing`](crate::activation::context::StoreContext::doing) says it, of the innermost entry frame, of
//! which entry is on its way, and of whether the exit frame is diverted. Only the store's thread changes these, and the
//! hook while it interrupts that.
//!
//! | state | becomes this | if the store must stop, the hook |
//! |---|---|---|
//! | [`Idle`](Doing::Idle) | when the outermost call has ended, by whatever way | does nothing: the next call finds the mark |
//! | [`Entering`](Doing::Entering) | when an entry begins (`call::interrupts::enter`), until assembly links its frame; and mostly again when that is unlinked, until the call has ended | comes back some microseconds later |
//! | [`Running`](Doing::Running), in Wasm code | when assembly has linked the entry frame | leaves the code there and then, as after a trap |
//! | [`Running`](Doing::Running), in a host function or builtin | when code calls out; when a call from there has ended | diverts the exit frame: then it is [`Diverted`](Doing::Diverted) |
//! | [`Running`](Doing::Running), in the few instructions between | when code calls out, or comes back | comes back some microseconds later |
//! | [`Diverted`](Doing::Diverted) | by the hook; or by the store's thread, when a call ends in an outer one, or a deadline is set in a host function, and there is a reason to stop | does nothing: the return leads out |
//!
//! Who owns the store takes a diversion back when the reason is gone (`Store::take_interrupt`, another deadline).
//!
//! # Why it stops
//! | mark | set by | taken away by |
//! |---|---|---|
//! | pending | any thread: [`Interrupts::interrupt`] | `Store::take_interrupt`; the end of the outermost call, instantiation or compilation, if it was delivered |
//! | deadline passed | time; `Store::set_deadline` says when | another deadline |
//! | delivered: a call has ended because of one of these, and there are calls around it | the end of an inner call | the end of the outermost call; who takes the reason away |
//!
//! # Time slices
//! An asynchronous call may have a time slice (`Store::set_time_slice`). When that is over and the store need not stop, the
//! hook has the innermost activation, if it is such a call's, be left in a way that it can be gone on with: at once in a
//! function, with all registers kept by the platform; on the way back where it has called the host, by another diversion
//! of the exit frame. That is no reason to stop: a throw goes over it, and a stop takes its place. So the hook comes back as
//! long as the slice is over and a call is on the stack.
//!
//! # Where it is found
//! A store that is not idle is in the list of its thread (`stores`: *listed*), so that the hook, and each entry, look at
//! what their own thread runs. The hook takes no lock that it can't have at once. If it can't, the timer brings it
//! back; the same where a confined computation, which has no store's frames, is to be looked at again.
//!
//! # Who may write what
//! The store's thread is the one that has borrowed it; "the hook" is the trap hook on that thread.
//!
//! | word | says | written by | read by |
//! |---|---|---|---|
//! | `StoreContext::entry_frame` | the innermost entry frame | assembly, on the store's thread | both |
//! | `StoreContext::entering` | from which frame an entry is on its way | the store's thread | both |
//! | `StoreContext::diverted` | whether the exit frame below is diverted, and whether to stop or because a slice is over | both | both |
//! | `StoreContext::poller`, and its `from` | above which entry frame the activation lies that a slice can end | the store's thread, while no code runs | the hook |
//! | `StoreContext::registers`, and what it points to | the registers of code whose slice was over | the platform, for the hook; the end of a diverted call | the platform, which goes on with them |
//! | `StoreContext::looks_in_vain` | how often the hook has not ended a slice that was over, since the code goes on | the hook | the hook |
//! | `Interrupts::slice` | when the time slice ends | the store's thread | any thread |
//! | `Interrupts::pending` | somebody has interrupted it | any thread | any thread |
//! | `Interrupts::deadline` | when it is to stop | the store's thread | any thread |
//! | `Interrupts::delivered` | a call has ended because of that, calls around it have not | the store's thread | the same |
//! | `Interrupts::retries` | how often the hook came at a bad moment since the outermost call began | the hook; that call, at its begin | the hook |
//! | `Interrupts::parking` | whether its thread waits in a shared memory, is awake, or interrupted | that thread, who notifies, who interrupts | the platform, parking |
//! | `Place::thread`, `next` | whose list it is in, and what comes after it there | who has the lock of the list | any thread the first, that one the second |
//! | `Place::held` | whether who has put it in the list takes it out | the store's thread | the same |
//! | `List::set_by_hook`, `in_vain` | how often the hook has set the timer, and not had the lock since it last had it | the hook | a thread of the list, to set the timer again; the hook |

mod look;
pub(crate) mod pieces;
mod stores;

pub(crate) use crate::activation::signals::Interrupts;
#[cfg(feature = "threads")]
pub(crate) use crate::activation::signals::{AWAKE, WAITING};
pub(crate) use look::{At, look};
pub(crate) use pieces::Pieces;
#[cfg(feature = "compile")]
pub(crate) use stores::{Named, prepare_timer, reset_timer};
pub(crate) use stores::{begin, end, give_back, hand_over, know, set_timer, withdraw};

#[cfg(doc)]
use crate::activation::signals::Doing;
