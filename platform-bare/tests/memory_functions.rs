//! `memcpy`, `memmove`, `memset`, `memcmp`: every small length, alignment and overlap, larger
//! lengths around every block size, and how many instructions they take.
#![no_std]
#![no_main]

use core::ffi::c_void;
use core::hint::black_box;
use wasmetal_platform_bare::{entry, perf, println};

entry!(main);

unsafe extern "C" {
    fn memcpy(target: *mut c_void, source: *const c_void, n: usize) -> *mut c_void;
    fn memmove(target: *mut c_void, source: *const c_void, n: usize) -> *mut c_void;
    fn memset(target: *mut c_void, value: i32, n: usize) -> *mut c_void;
    fn memcmp(a: *const c_void, b: *const c_void, n: usize) -> i32;
}

const SIZE: usize = 16384;

/// A buffer that pages and `dc zva` blocks start in at known places.
#[repr(align(4096))]
struct Buffer {
    _bytes: [u8; SIZE],
}

static mut ONE: Buffer = Buffer { _bytes: [0; SIZE] };
static mut TWO: Buffer = Buffer { _bytes: [0; SIZE] };

/// A byte that depends on its place. Neighbours differ, and so do bytes a power of two apart.
fn pattern(place: usize) -> u8 {
    (place.wrapping_mul(0x9e37_79b9) >> 11) as u8 | 1
}

/// Byte by byte, so that no function under test has a part in it.
fn fill(buffer: *mut u8, size: usize) {
    for place in 0..size {
        // SAFETY: callers pass buffers of at least `size` bytes.
        unsafe { buffer.add(place).write_volatile(pattern(place)) };
    }
}

/// Checks that a buffer holds its pattern but for `[at, at + n)`, which holds `expected(offset)`.
fn check(buffer: *const u8, size: usize, at: usize, n: usize, expected: impl Fn(usize) -> u8) {
    for place in 0..size {
        // SAFETY: callers pass buffers of at least `size` bytes.
        let byte = unsafe { buffer.add(place).read_volatile() };
        let inside = (at..at + n).contains(&place);
        let wanted = if inside {
            expected(place - at)
        } else {
            pattern(place)
        };
        assert_eq!(byte, wanted, "byte {place} after {n} bytes at {at}");
    }
}

/// Lengths around the block sizes of the loops, and of `dc zva` (16 to 2048 bytes).
const LENGTHS: [usize; 18] = [
    127, 128, 129, 191, 192, 255, 256, 257, 511, 512, 1000, 1023, 1024, 1025, 2048, 3000, 4096,
    5000,
];

fn lengths() -> impl Iterator<Item = usize> {
    (0..100).chain(LENGTHS)
}

fn main() -> i32 {
    let (one, two) = ((&raw mut ONE).cast::<u8>(), (&raw mut TWO).cast::<u8>());
    for n in lengths() {
        // All alignments within a vector register, and around a page's start.
        for at in [0, 1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 4095] {
            let size = (at + n + 80).min(SIZE);
            for from in [64, 65, 71, 79] {
                fill(one, size);
                fill(two, SIZE);
                // SAFETY: both ranges lie in their buffers.
                let target = unsafe { memcpy(one.add(at).cast(), two.add(from).cast(), n) };
                assert_eq!(target, one.wrapping_add(at).cast());
                check(one, size, at, n, |offset| pattern(from + offset));
                if n > 1000 {
                    break;
                }
            }
            for value in [0, 0x1a5] {
                fill(one, size);
                // SAFETY: the range lies in the buffer.
                let target = unsafe { memset(one.add(at).cast(), value, n) };
                assert_eq!(target, one.wrapping_add(at).cast());
                check(one, size, at, n, |_| value as u8);
            }
        }
        // Overlaps in both directions.
        for distance in [
            0, 1, 2, 7, 8, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 127, 128, 129,
        ] {
            for (from, to) in [(200, 200 + distance), (200, 200 - distance)] {
                let size = (n + 500).min(SIZE);
                fill(one, size);
                // SAFETY: both ranges lie in the buffer.
                unsafe { memmove(one.add(to).cast(), one.add(from).cast(), n) };
                check(one, size, to, n, |offset| pattern(from + offset));
            }
        }
    }
    compare(one, two);
    cost(one, two);
    0
}

fn compare(one: *mut u8, two: *mut u8) {
    fill(one, SIZE);
    for n in lengths() {
        for at in [0, 1, 7, 8, 15] {
            let compare = |expected: i32| {
                // SAFETY: both ranges lie in their buffers.
                let order = unsafe { memcmp(one.add(at).cast(), two.add(at).cast(), n) };
                assert_eq!(order.signum(), expected, "memcmp of {n} bytes at {at}");
            };
            fill(two, SIZE);
            compare(0);
            let places = (0..n.min(20)).chain(n.saturating_sub(20)..n);
            for place in places.map(|place| at + place) {
                // SAFETY: the place lies in the buffer.
                let set = |byte: u8| unsafe { two.add(place).write_volatile(byte) };
                set(pattern(place) ^ 0x80);
                compare(if pattern(place) & 0x80 != 0 { 1 } else { -1 });
                // What follows must not outweigh the first difference.
                // SAFETY: the byte behind the place lies in the buffer too.
                unsafe { two.add(place + 1).write_volatile(pattern(place + 1) ^ 0xff) };
                compare(if pattern(place) & 0x80 != 0 { 1 } else { -1 });
                set(pattern(place));
                // SAFETY: the byte behind the place lies in the buffer too.
                unsafe { two.add(place + 1).write_volatile(pattern(place + 1)) };
            }
        }
    }
}

/// Under icount, cycles are instructions.
fn cost(one: *mut u8, two: *mut u8) {
    let instructions = |work: &dyn Fn() -> *mut c_void| {
        let start = perf::instructions();
        black_box(work)();
        perf::instructions() - start
    };
    // SAFETY: all ranges lie in their buffers.
    let copy = instructions(&|| unsafe { memcpy(one.cast(), two.cast(), SIZE) });
    // SAFETY: the range is the buffer.
    let zero = instructions(&|| unsafe { memset(one.cast(), 0, SIZE) });
    // SAFETY: the range is the buffer.
    let set = instructions(&|| unsafe { memset(one.cast(), 1, SIZE) });
    println!("instructions for {SIZE} bytes: memcpy {copy}, memset 0 {zero}, memset 1 {set}");
    assert!(copy <= SIZE as u64 / 10 && zero <= SIZE as u64 / 25 && set <= SIZE as u64 / 15);
}
