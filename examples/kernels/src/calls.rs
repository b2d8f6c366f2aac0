//! Calls: recursion of several shapes, and calls of the host.

use crate::Scratch;
use core::hint::black_box;

pub(crate) fn fib(size: u32, _: &mut Scratch) -> u64 {
    fn fib(n: u32) -> u64 {
        if n < 2 {
            u64::from(n)
        } else {
            fib(n - 1) + fib(n - 2)
        }
    }
    fib(size)
}

/// Takeuchi's function.
pub(crate) fn tak(size: u32, _: &mut Scratch) -> u64 {
    fn tak(x: i32, y: i32, z: i32) -> i32 {
        if y >= x {
            z
        } else {
            tak(tak(x - 1, y, z), tak(y - 1, z, x), tak(z - 1, x, y))
        }
    }
    let size = size as i32;
    let (low, middle) = (tak(size, size * 2 / 3, size / 3), tak(size, size / 2, 0));
    (low as u64) << 32 | (middle as u64 + size as u64)
}

/// Hofstadter's female and male sequences.
pub(crate) fn mutual(size: u32, _: &mut Scratch) -> u64 {
    #[inline(never)]
    fn female(n: u32) -> u32 {
        if n == 0 { 1 } else { n - male(female(n - 1)) }
    }
    #[inline(never)]
    fn male(n: u32) -> u32 {
        if n == 0 { 0 } else { n - female(male(n - 1)) }
    }
    u64::from(female(size)) << 32 | u64::from(male(size) + size)
}

/// Ways to place queens so that none attacks another. The board is an array in each frame.
pub(crate) fn queens(size: u32, _: &mut Scratch) -> u64 {
    #[inline(never)]
    fn place(row: usize, size: usize, board: &[u8; 16]) -> u64 {
        if row == size {
            return 1;
        }
        let mut ways = 0;
        let mut next = *board;
        for column in 0..size {
            let free = board[..row].iter().enumerate().all(|(other, taken)| {
                let distance = row - other;
                let taken = usize::from(*taken);
                taken != column && taken + distance != column && column + distance != taken
            });
            if free {
                next[row & 15] = column as u8;
                ways += place(row + 1, size, &next);
            }
        }
        ways
    }
    place(0, size.min(16) as usize, &[0; 16]) + u64::from(size)
}

/// Calls `host` again and again, with what it returned last.
pub fn ping(size: u32, mut host: impl FnMut(u64) -> u64) -> u64 {
    (0..size).fold(1, |value, _| host(value))
}

/// [`ping`] with a native function for a host.
pub(crate) fn echo(size: u32, _: &mut Scratch) -> u64 {
    #[inline(never)]
    fn host(value: u64) -> u64 {
        value + 3
    }
    let host: fn(u64) -> u64 = black_box(host);
    ping(size, host)
}
