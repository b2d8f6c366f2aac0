//! Panics of confined code, where they unwind.

use alloc::boxed::Box;
use alloc::string::String;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, set_hook, take_hook};
use std::sync::Once;
use wasmetal_platform::confine;

/// Puts a hook before the program's panic hook, once, which keeps that from running confined: it might allocate, take
/// locks and overflow the stack. A panic of confined code is an error of the compiler's, with the message.
///
/// A hook that the program sets later takes the place of both: it must not count on running to its end.
pub(super) fn shield_hook() {
    static SHIELDED: Once = Once::new();
    // A thread that is panicking, and compiles in a destructor, can't change the hook.
    if !SHIELDED.is_completed() && !is_panicking() {
        SHIELDED.call_once(|| set_hook(shielded(take_hook())));
    }
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

/// Whether this thread is panicking: what it allocates then belongs to the panic, which must not be
/// cut off.
pub(super) fn is_panicking() -> bool {
    std::thread::panicking()
}
