//! Linux as the program's default platform.

use crate::platform;

/// Called by the C library before `main`.
#[used]
#[unsafe(link_section = ".init_array")]
static AT_START: extern "C" fn() = start;

extern "C" fn start() {
    wasmetal_platform::set_default(|| platform());
}
