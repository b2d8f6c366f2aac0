//! Digits of pi by a spigot, and a modular power, on big integers (`num-bigint`).

use num_bigint::{BigInt, BigUint};

use crate::input::Random;

const DIGITS: usize = 300;

/// The first digits of pi, then a power of a number drawn from the seed modulo 2^521 - 1.
#[must_use]
pub fn run(seed: u32) -> Vec<u8> {
    let mut output = pi(DIGITS).into_bytes();
    output.push(b'\n');

    let mut random = Random::new(seed);
    let prime = (BigUint::from(1_u8) << 521_u32) - 1_u8;
    let base = BigUint::from_bytes_le(&random.bytes(64));
    let exponent = BigUint::from_bytes_le(&random.bytes(32));
    output.extend(base.modpow(&exponent, &prime).to_string().bytes());
    output
}

/// Gibbons' unbounded spigot algorithm, in the form of the Computer Language Benchmarks Game.
fn pi(digits: usize) -> String {
    let mut result = String::with_capacity(digits);
    let mut numerator = BigInt::from(1);
    let mut accumulator = BigInt::from(0);
    let mut denominator = BigInt::from(1);
    let mut k = 0_u32;
    while result.len() < digits {
        k += 1;
        let odd = 2 * k + 1;
        accumulator = (accumulator + &numerator * 2_u8) * odd;
        numerator *= k;
        denominator *= odd;
        if accumulator < numerator {
            continue;
        }
        let digit = |factor: u8| (&numerator * factor + &accumulator) / &denominator;
        let three = digit(3);
        if three != digit(4) {
            continue;
        }
        accumulator = (accumulator - &three * &denominator) * 10_u8;
        numerator *= 10_u8;
        result.push_str(&three.to_string());
    }
    result
}

#[cfg(test)]
mod tests {
    #[test]
    fn pi_starts_right() {
        assert_eq!(super::pi(20), "31415926535897932384");
    }
}
