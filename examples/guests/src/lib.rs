//! Real programs that run as WebAssembly in a sandbox, and natively to compare.
//!
//! A guest is a function from a seed to bytes. It reads no clock, draws no randomness and prints
//! nothing, and its floating-point code keeps to operations whose result IEEE 754 fixes to the bit
//! (`libm` instead of the system's), so both builds give the same bytes.

#![forbid(unsafe_code)]

pub mod input;
mod programs;

pub use programs::{bignum, chess, deflate, ed25519, json, lz4, markdown, nbody, png, regex, sha2};

/// A guest, as the native build runs it.
#[derive(Debug)]
pub struct Guest {
    /// Its name: that of its module, and of its `.wasm` file.
    pub name: &'static str,
    /// What it computes.
    pub run: fn(seed: u32) -> Vec<u8>,
}

macro_rules! guests {
    ($($name:ident),*) => {
        /// Every guest.
        pub const GUESTS: &[Guest] =
            &[$(Guest { name: stringify!($name), run: $name::run }),*];
    };
}

guests!(
    bignum, chess, deflate, ed25519, json, lz4, markdown, nbody, png, regex, sha2
);

/// The FNV-1a hash of a guest's output: a result that fits a register.
#[must_use]
pub fn digest(output: &[u8]) -> u64 {
    output.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Exports a guest from a WebAssembly module.
///
/// - `run(seed: i32) -> i64` runs it and returns the [`digest`] of its output;
/// - `output_ptr() -> i32` and `output_len() -> i32` tell where in `memory` that output is.
#[macro_export]
macro_rules! guest {
    ($name:ident) => {
        static OUTPUT: std::sync::Mutex<Vec<u8>> = std::sync::Mutex::new(Vec::new());

        fn output() -> std::sync::MutexGuard<'static, Vec<u8>> {
            OUTPUT.lock().expect("a guest has one thread")
        }

        #[unsafe(no_mangle)]
        extern "C" fn run(seed: u32) -> u64 {
            let bytes = $crate::$name::run(seed);
            let digest = $crate::digest(&bytes);
            *output() = bytes;
            digest
        }

        #[unsafe(no_mangle)]
        extern "C" fn output_ptr() -> *const u8 {
            output().as_ptr()
        }

        #[unsafe(no_mangle)]
        extern "C" fn output_len() -> usize {
            output().len()
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guest_is_a_function_of_its_seed() {
        for guest in GUESTS {
            let first = (guest.run)(1);
            assert!(!first.is_empty(), "{} has no output", guest.name);
            assert_eq!(first, (guest.run)(1), "{} varies", guest.name);
            assert_ne!(first, (guest.run)(2), "{} ignores its seed", guest.name);
        }
    }
}
