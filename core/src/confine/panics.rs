//! Panics of confined code, where they unwind.
//!
//! A panic runs code of others on the confined stack: the program's panic hook, std's with its backtrace, the unwinder.
//! They take locks and fill in statics. So none of that is confined: from where the panic begins to where it is
//! [caught](catch),
//!
//! - what is allocated comes from the heap, and stays;
//! - the computation is not cut off, by time or by an interrupt;
//! - there is [`ROOM`] on the stack: a computation that comes near to it is ended by its next allocation.

use alloc::boxed::Box;
use alloc::string::String;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, set_hook, take_hook};
use std::sync::Once;
use wasmetal_platform::confine;

/// What a panic finds on the stack at least, in bytes.
pub(super) const ROOM: usize = 448 << 10;

/// Puts a hook before the program's panic hook, once, which keeps that from hearing of the compiler's panics: they
/// are errors, with the message. A hook that the program sets later takes the place of both, and hears of them.
pub(super) fn shield_hook() {
    static SHIELDED: Once = Once::new();
    SHIELDED.call_once(|| set_hook(shielded(take_hook())));
}

type Hook = Box<dyn Fn(&PanicHookInfo<'_>) + Send + Sync>;

/// A hook that calls this one where the code that panics is not confined.
pub(super) fn shielded(hook: Hook) -> Hook {
    Box::new(move |panic| {
        if confine::current().is_none() {
            hook(panic);
        }
    })
}

/// Runs a job; its panic is an error with the message.
pub(super) fn catch<R>(job: impl FnOnce() -> R) -> Result<R, String> {
    catch_unwind(AssertUnwindSafe(job)).map_err(|panic| {
        let text = panic.downcast_ref::<&str>().copied();
        let text = text.or(panic.downcast_ref::<String>().map(String::as_str));
        text.unwrap_or("a panic without a message").into()
    })
}

/// Whether this thread is panicking. No computation begins where it is.
pub(super) fn is_panicking() -> bool {
    std::thread::panicking()
}
