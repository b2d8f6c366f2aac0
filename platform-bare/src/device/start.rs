//! From the first Rust instruction to the firmware's `main`.

use super::{board, cores, exit, heap, memory, platform};

/// What [`entry!`](crate::entry) hands to the start-up code.
#[doc(hidden)]
#[derive(Debug)]
pub struct Entry {
    /// The firmware's main function; it returns the exit code.
    pub main: fn() -> i32,
    /// Bytes of heap; 0 stands for half of the RAM that is free.
    pub heap: usize,
    /// Nothing reads it. The reference fails to link where the linker script is missing, and among what the linker does
    /// not find then, the name of this symbol says why.
    pub script: &'static Script,
}

/// What the linker script defines to say that it is there. It has no bytes.
#[doc(hidden)]
#[derive(Debug)]
#[repr(C)]
pub struct Script([u8; 0]);

unsafe extern "Rust" {
    /// Defined by `entry!`.
    safe static WASMETAL_ENTRY: Entry;
}

/// Names the firmware's main function: `fn() -> i32`, which returns the exit code (0 is success),
/// or `fn() -> !`.
///
/// The heap takes half of the free RAM, or the number of bytes given as `heap`.
///
/// ```ignore
/// #![no_std]
/// #![no_main]
///
/// wasmetal_platform_bare::entry!(main, heap = 64 << 20);
///
/// fn main() -> i32 {
///     wasmetal_platform_bare::println!("hello");
///     0
/// }
/// ```
#[macro_export]
macro_rules! entry {
    ($main:path) => {
        $crate::entry!($main, heap = 0);
    };
    ($main:path, heap = $heap:expr) => {
        #[unsafe(no_mangle)]
        static WASMETAL_ENTRY: $crate::Entry = {
            unsafe extern "C" {
                #[link_name = "the_linker_script_link_ld_is_missing__see_wasmetal_docs_outside_md"]
                safe static SCRIPT: $crate::Script;
            }
            $crate::Entry {
                main: || $main(),
                heap: $heap,
                script: &SCRIPT,
            }
        };
    };
}

/// Called once by the boot code, with the boot table, stacks and vectors in place.
pub(crate) extern "C" fn start() -> ! {
    board::console_start();
    cores::find();
    let heap_range = memory::start(WASMETAL_ENTRY.heap);
    // SAFETY: the range is fresh RAM, mapped, and nobody else's.
    unsafe { heap::start(heap_range) };
    memory::open_window();
    cores::set_up();
    if cfg!(feature = "default-platform") {
        wasmetal_platform::set_default(|| platform());
    }
    exit::exit((WASMETAL_ENTRY.main)())
}
