//! Small computations to measure: the same source natively and as WebAssembly.
//!
//! A kernel is a function from a size to a checksum. It works in the [`Scratch`] it is given, sets up
//! what it reads, and has the same result everywhere.

#![no_std]
#![forbid(unsafe_code)]

mod atomics;
mod calls;
mod floats;
mod hashing;
mod machines;
mod memory;
mod numbers;
mod random;
mod sorting;
mod text;
mod vectors;

pub use calls::ping;
pub use random::Random;

/// Memory that kernels work in. What a kernel finds there is undefined.
#[derive(Debug)]
pub struct Scratch {
    /// 256 KiB.
    pub bytes: [u8; 1 << 18],
    /// 512 KiB.
    pub words: [u32; 1 << 17],
    /// 256 KiB.
    pub longs: [u64; 1 << 15],
    /// 256 KiB.
    pub floats: [f64; 1 << 15],
}

impl Scratch {
    /// All zero.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            bytes: [0; 1 << 18],
            words: [0; 1 << 17],
            longs: [0; 1 << 15],
            floats: [0.0; 1 << 15],
        }
    }
}

impl Default for Scratch {
    fn default() -> Self {
        Self::new()
    }
}

/// A kernel, as the native build runs it.
#[derive(Clone, Copy, Debug)]
pub struct Kernel {
    /// Its name: that of its export, too.
    pub name: &'static str,
    /// What it is made of.
    pub about: &'static str,
    /// Computes: size to checksum.
    pub run: fn(u32, &mut Scratch) -> u64,
    /// The size that takes some 20 ms on a desktop machine.
    pub large: u32,
    /// The size that takes some millions of instructions.
    pub small: u32,
}

/// Hands every kernel to the macro `$each`, as `module::name "about" large small`.
#[macro_export]
macro_rules! kernels {
    ($each:ident) => {
        $each! {
            calls::fib "recursion, one parameter" 34 22,
            calls::tak "recursion, three parameters" 19 12,
            calls::mutual "mutual recursion" 100 40,
            calls::queens "recursion, arrays on the stack" 10 6,
            calls::echo "calls of a host function" 5_000_000 50_000,
            hashing::sha256 "rotations and additions" 80_000 600,
            hashing::crc32 "byte loads, table look-up" 8_000_000 200_000,
            hashing::map "open addressing, 64-bit keys" 5_000_000 20_000,
            sorting::sort "core's unstable sort" 130_000 8_000,
            sorting::heap "heap sort" 130_000 8_000,
            numbers::sieve "strided byte stores" 30 1,
            numbers::collatz "64-bit arithmetic, branches" 150_000 5_000,
            numbers::power "64-bit remainders" 400_000 3_000,
            numbers::bigmul "64 by 64 to 128 bit products" 4_000 60,
            floats::matrix "double precision, three loops" 1_000 40,
            floats::mandelbrot "double precision, one loop" 350 40,
            floats::nbody "double precision, square roots" 120_000 5_000,
            machines::bytecode "an interpreter: br_table" 8_000_000 40_000,
            machines::indirect "calls through a table" 8_000_000 80_000,
            memory::copy "memory.copy and memory.fill" 400_000 1_000,
            memory::chase "dependent loads" 6_000_000 300_000,
            memory::life "neighbours in a grid of bytes" 60 3,
            text::parse "expressions, recursive descent" 200 2,
            text::scan "UTF-8, words, a substring" 80 2,
            text::distance "dynamic programming" 4_500 300,
            vectors::dot "vectors: single precision" 40_000 1_000,
            vectors::convolve "vectors: bytes widened and narrowed" 500 20,
            vectors::special "vectors: comparisons of bytes" 2_000 50,
        }
    };
}

macro_rules! list {
    ($($module:ident::$name:ident $about:literal $large:literal $small:literal,)*) => {
        /// Every kernel.
        pub const KERNELS: &[Kernel] = &[$(Kernel {
            name: stringify!($name),
            about: $about,
            run: $module::$name,
            large: $large,
            small: $small,
        }),*];
    };
}
kernels!(list);

/// Kernels of proposals that rustc does not compile to, each beside the text of a module that exports it.
pub const BY_HAND: &[(Kernel, &str)] = &[(
    Kernel {
        name: "atomics",
        about: "atomic operators, a spin lock",
        run: atomics::atomics,
        large: 400_000,
        small: 50_000,
    },
    include_str!("../wat/atomics.wat"),
)];

#[cfg(test)]
mod tests {
    extern crate std;

    use super::{BY_HAND, KERNELS, Scratch};
    use std::{boxed::Box, thread};

    #[test]
    fn a_kernel_is_a_function_of_its_size() {
        let body = || {
            let mut scratch = Box::new(Scratch::new());
            for kernel in KERNELS
                .iter()
                .chain(BY_HAND.iter().map(|(kernel, _)| kernel))
            {
                let mut run = |size| (kernel.run)(size, &mut scratch);
                let first = run(kernel.small);
                assert_ne!(
                    first,
                    run(kernel.small - 1),
                    "{} ignores its size",
                    kernel.name
                );
                assert_eq!(first, run(kernel.small), "{} varies", kernel.name);
            }
        };
        let thread = thread::Builder::new().stack_size(64 << 20).spawn(body);
        thread.expect("a thread").join().expect("no kernel panics");
    }
}
