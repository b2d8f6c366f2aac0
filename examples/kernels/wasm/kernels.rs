//! The kernels as one module: each is exported by its name, `(size: i32) -> i64`.
//!
//! `echo` calls the import `host.echo: (i64) -> i64`, which adds 3 to its argument.

use std::sync::Mutex;
use wasmetal_kernels::{KERNELS, Scratch, kernels, ping};

static SCRATCH: Mutex<Scratch> = Mutex::new(Scratch::new());

#[link(wasm_import_module = "host")]
unsafe extern "C" {
    #[link_name = "echo"]
    safe fn host_echo(value: u64) -> u64;
}

macro_rules! export {
    ($($module:ident::$name:ident $about:literal $large:literal $small:literal,)*) => {
        $(#[unsafe(no_mangle)]
        extern "C" fn $name(size: u32) -> u64 {
            if stringify!($name) == "echo" {
                return ping(size, |value| host_echo(value));
            }
            let index = const { index(stringify!($name)) };
            let mut scratch = SCRATCH.lock().expect("a module has one thread");
            (KERNELS[index].run)(size, &mut scratch)
        })*
    };
}
kernels!(export);

/// Where in the list a kernel is.
const fn index(name: &str) -> usize {
    let mut index = 0;
    while !same(KERNELS[index].name.as_bytes(), name.as_bytes()) {
        index += 1;
    }
    index
}

const fn same(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let mut index = 0;
    while index < a.len() {
        if a[index] != b[index] {
            return false;
        }
        index += 1;
    }
    true
}
