//! The PL011 serial port.

use core::ptr::NonNull;

use arm_pl011_uart::{
    DataBits, LineConfig, PL011Registers, Parity, StopBits, Uart, UniqueMmioPointer,
};

use super::UART;

/// The driver. Its one register that matters here takes a byte per store, so several drivers at
/// once can at worst mix up their bytes.
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
