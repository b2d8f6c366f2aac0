//! Integer arithmetic.

use crate::{Random, Scratch};

/// Primes below 2^18, `size` times over.
pub(crate) fn sieve(size: u32, scratch: &mut Scratch) -> u64 {
    let composite = &mut scratch.bytes;
    let mut primes = 0;
    for _ in 0..size {
        composite.fill(0);
        for number in 2..composite.len() {
            if composite[number] == 0 {
                primes += number as u64;
                for multiple in (2 * number..composite.len()).step_by(number) {
                    composite[multiple] = 1;
                }
            }
        }
    }
    primes
}

/// Steps that all numbers below `size` take to 1.
pub(crate) fn collatz(size: u32, _: &mut Scratch) -> u64 {
    let steps = |start: u64| {
        let (mut value, mut steps) = (start, 0);
        while value != 1 {
            value = if value % 2 == 0 {
                value / 2
            } else {
                3 * value + 1
            };
            steps += 1;
        }
        steps
    };
    (1..u64::from(size)).map(steps).sum()
}

/// Powers modulo a number of 32 bits.
pub(crate) fn power(size: u32, _: &mut Scratch) -> u64 {
    let power = |mut base: u64, mut exponent: u32, modulus: u64| {
        let mut result = 1;
        while exponent > 0 {
            if exponent % 2 == 1 {
                result = result * base % modulus;
            }
            base = base * base % modulus;
            exponent /= 2;
        }
        result
    };
    let mut random = Random::new(4);
    (0..size).fold(0, |sum, _| {
        let bits = random.bits();
        let modulus = (bits >> 32) | 1;
        sum ^ (power(bits & 0xffff_ffff, 65_537, modulus) + modulus)
    })
}

/// Products of numbers of 2,048 bits, added up.
pub(crate) fn bigmul(size: u32, _: &mut Scratch) -> u64 {
    const LIMBS: usize = 32;
    let mut random = Random::new(5);
    let mut a = [(); LIMBS].map(|()| random.bits());
    let b = [(); LIMBS].map(|()| random.bits());
    for _ in 0..size {
        let mut product = [0_u64; 2 * LIMBS];
        for (i, x) in a.iter().enumerate() {
            let mut carry = 0;
            for (j, y) in b.iter().enumerate() {
                let sum = u128::from(*x) * u128::from(*y)
                    + u128::from(product[i + j])
                    + u128::from(carry);
                product[i + j] = sum as u64;
                carry = (sum >> 64) as u64;
            }
            product[i + LIMBS] = carry;
        }
        for (limb, high) in a.iter_mut().zip(&product[LIMBS / 2..]) {
            *limb = limb.wrapping_add(*high);
        }
    }
    a.iter().fold(0, |sum, limb| sum ^ limb)
}
