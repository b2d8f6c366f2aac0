//! Text to and from the PL011 serial port.

use core::fmt::{self, Write};

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
