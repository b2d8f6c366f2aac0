//! Text to and from the PL011 serial port.

use core::fmt::{self, Write};
use core::mem;
use core::ptr::null_mut;
use core::sync::atomic::{AtomicPtr, Ordering};

use super::lock::Lock;
use super::{board, exit};

/// One writer at a time, among all cores. An interrupt handler must not print: it may have stopped a writer.
static CONSOLE: Lock<()> = Lock::new(());

/// The console for those who cannot wait: panics and faults, which may have stopped a writer.
pub(crate) struct Unlocked(());

impl Unlocked {
    pub(crate) const fn new() -> Self {
        Self(())
    }
}

impl Write for Unlocked {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for byte in text.bytes() {
            if byte == b'\n' {
                put(b'\r');
            }
            put(byte);
        }
        Ok(())
    }
}

fn put(byte: u8) {
    exit::give_way();
    board::console_write(byte);
}

/// Writes bytes as they are, with no line-end conversion.
pub fn write_bytes(bytes: &[u8]) {
    let _guard = CONSOLE.lock();
    bytes.iter().for_each(|byte| put(*byte));
}

#[doc(hidden)]
pub fn write(arguments: fmt::Arguments<'_>) {
    let _guard = CONSOLE.lock();
    let _ = Unlocked::new().write_fmt(arguments);
}

/// Who takes bytes from the queue: one at a time.
static INPUT: Lock<()> = Lock::new(());

/// Who is to be told that there is something to read, as a pointer to a `fn()`; null for nobody.
static ONCE_READABLE: AtomicPtr<()> = AtomicPtr::new(null_mut());

/// The next byte that has come in, if there is one. Not for interrupt handlers.
///
/// The port keeps a few bytes (a PL011 has room for 16 or 32); what comes in when there is no room is lost.
#[must_use]
pub fn read() -> Option<u8> {
    let _guard = INPUT.lock();
    board::console_read()
}

/// Has `then` called once, when there is something to [`read`]: at once, if there is already. Replaces what was to be
/// called before.
///
/// It is called by the interrupt's handler, on the first core, so it does only what a
/// [`timer::Handler`](super::timer::Handler) may: above all it wakes a task, or a [core](super::cores::wake).
///
/// ```ignore
/// static READER: AtomicWaker = AtomicWaker::new();
///
/// async fn byte() -> u8 {
///     core::future::poll_fn(|task| {
///         READER.register(task.waker());
///         match console::read() {
///             Some(byte) => Poll::Ready(byte),
///             None => {
///                 console::once_readable(|| READER.wake());
///                 Poll::Pending
///             }
///         }
///     })
///     .await
/// }
/// ```
pub fn once_readable(then: fn()) {
    ONCE_READABLE.store(then as *mut (), Ordering::Release);
    board::console_interrupt(true);
}

/// There is something to read, and somebody has asked for it.
pub(crate) fn interrupt() {
    // It comes again and again until all is read; and off before `then` may ask for it once more.
    board::console_interrupt(false);
    let then = ONCE_READABLE.swap(null_mut(), Ordering::Acquire);
    if !then.is_null() {
        // SAFETY: only `once_readable` stores here, and it stores a `fn()`.
        let then = unsafe { mem::transmute::<*mut (), fn()>(then) };
        then();
    }
}

/// Prints to the serial port. Not for interrupt handlers.
#[macro_export]
macro_rules! print {
    ($($argument:tt)*) => { $crate::console::write(::core::format_args!($($argument)*)) };
}

/// Prints to the serial port, with a line end. Not for interrupt handlers.
#[macro_export]
macro_rules! println {
    () => { $crate::print!("\n") };
    ($($argument:tt)*) => {
        $crate::console::write(::core::format_args!("{}\n", ::core::format_args!($($argument)*)))
    };
}
