//! Interpreters: dispatch by a jump table and by a table of functions.

use crate::{Random, Scratch};
use core::hint::black_box;

/// A register machine that runs `size` instructions.
pub(crate) fn bytecode(size: u32, scratch: &mut Scratch) -> u64 {
    let code = &mut scratch.bytes[..1024];
    let mut random = Random::new(8);
    code.fill_with(|| random.bits() as u8);
    let mut registers = [1_u64, 2, 3, 5, 7, 11, 13, 17];
    let mut pc = 0_usize;
    for step in 0..size {
        let (operator, operands) = (code[pc & 1023], code[(pc + 1) & 1023]);
        let (to, from) = (usize::from(operands & 7), usize::from(operands >> 3 & 7));
        pc += 2;
        let (x, y) = (registers[to], registers[from]);
        registers[to] = match operator % 16 {
            0 => x.wrapping_add(y),
            1 => x.wrapping_sub(y),
            2 => x.wrapping_mul(y | 1),
            3 => x & y,
            4 => x | y,
            5 => x ^ y,
            6 => x.rotate_left(y as u32),
            7 => x << (y & 31),
            8 => x >> (y & 31),
            9 => u64::from(operands),
            10 => y,
            11 => {
                pc += usize::from(x < y) * 2;
                continue;
            }
            12 => {
                pc += usize::from(operands);
                continue;
            }
            13 => !x,
            14 => u64::from(x.count_ones()),
            _ => x.wrapping_add(u64::from(step)),
        };
    }
    registers
        .iter()
        .fold(0, |sum, value| sum.rotate_left(7) ^ value)
}

type Operation = fn(u64, u64) -> u64;

const OPERATIONS: [Operation; 8] = [
    |x, y| x.wrapping_add(y),
    |x, y| x.wrapping_sub(y),
    |x, y| x.wrapping_mul(y | 1),
    |x, y| x ^ y,
    |x, y| x | y >> 7,
    |x, y| x & !y,
    |x, y| x.rotate_left(y as u32),
    |x, _| x >> 1,
];

/// `size` calls through a table of eight functions.
pub(crate) fn indirect(size: u32, scratch: &mut Scratch) -> u64 {
    let program = &mut scratch.bytes[..256];
    let mut random = Random::new(9);
    program.fill_with(|| random.bits() as u8 & 7);
    let operations = black_box(OPERATIONS);
    (0..size).fold(u64::from(size), |value, step| {
        let operation = operations[usize::from(program[step as usize % 256]) & 7];
        operation(value, u64::from(step) | 0x55 << 40)
    })
}
