//! The PL011 serial port.

use core::ptr::NonNull;

use arm_pl011_uart::{
    DataBits, Interrupts, LineConfig, PL011Registers, Parity, StopBits, Uart, UniqueMmioPointer,
};

use super::UART;

/// The driver. Several at once can at worst mix up their bytes: a store to its data register sends one, and each other
/// register is written as a whole, in one store.
fn uart() -> Uart<'static> {
    let registers = NonNull::new(UART as *mut PL011Registers).expect("the address is not 0");
    // SAFETY: the board has a PL011 there, mapped as device memory by every table in use. Drivers
    // are short-lived and hold no state.
    Uart::new(unsafe { UniqueMmioPointer::new(registers) })
}

/// Configures the port: 115200 baud, 8 data bits, no parity, one stop bit.
pub(crate) fn start() {
    let line = LineConfig {
        data_bits: DataBits::Bits8,
        parity: Parity::None,
        stop_bits: StopBits::One,
    };
    // The board's clock is 24 MHz, for which the rate is valid.
    let _ = uart().enable(line, 115_200, 24_000_000);
}

/// Sends a byte, waiting for room in the queue.
pub(crate) fn write(byte: u8) {
    let mut uart = uart();
    while uart.is_tx_fifo_full() {
        core::hint::spin_loop();
    }
    uart.write_word(byte);
}

/// Takes a byte from the queue of those that have come in, if there is one; not from several cores at once. One that came
/// in damaged is left out.
pub(crate) fn read() -> Option<u8> {
    let mut uart = uart();
    loop {
        if let Ok(byte) = uart.read_word() {
            return byte;
        }
    }
}

/// Whether there is an interrupt as long as bytes are in the queue: at once if it is filled so far, or when no more follow.
pub(crate) fn interrupt_when_readable(on: bool) {
    uart().set_interrupt_masks(match on {
        true => Interrupts::RXI | Interrupts::RTI,
        false => Interrupts::empty(),
    });
}
