//! Ending the machine, with an exit code for the host (semihosting).

/// A panic.
pub const PANIC: i32 = 101;
/// A fault outside WebAssembly code.
pub const FAULT: i32 = 102;
/// A fault while a fault was being reported.
pub const DOUBLE_FAULT: i32 = 103;
/// The board lacks something that the firmware needs to start.
pub const BOOT: i32 = 104;

/// An overflow of one of the firmware's stacks.
pub const STACK_OVERFLOW: i32 = 105;

/// Ends the machine. QEMU needs `-semihosting-config enable=on,target=native` and then exits with
/// the low eight bits of `code`.
pub fn exit(code: i32) -> ! {
    semihosting::process::exit(code)
}

/// Ends the machine because it can't start.
pub(crate) fn fail(reason: &str) -> ! {
    super::console::write(format_args!("cannot start: {reason}\n"));
    exit(BOOT)
}

#[panic_handler]
fn panic(info: &core::panic::PanicInfo<'_>) -> ! {
    use core::fmt::Write;
    if let Some(confinement) = wasmetal_platform::confine::current() {
        confinement.panicked(info);
    }
    let mut console = super::console::Unlocked::new();
    let _ = writeln!(console, "\n{info}");
    super::fault::backtrace(&mut console, super::fault::frame_pointer());
    exit(PANIC)
}
