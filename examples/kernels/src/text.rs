//! Text: parsing, scanning, comparing.

use crate::{Random, Scratch};

/// Evaluates a text of arithmetic expressions, one on a line, `size` times.
pub(crate) fn parse(size: u32, scratch: &mut Scratch) -> u64 {
    let text = &mut scratch.bytes;
    let mut random = Random::new(13);
    let mut len = 0;
    while len < 32_000 {
        let mut depth = 0;
        for term in 0..12 {
            if random.below(3) == 0 {
                text[len] = b'(';
                len += 1;
                depth += 1;
            }
            for _ in 0..=random.below(5) {
                text[len] = b'0' + random.below(10) as u8;
                len += 1;
            }
            if depth > 0 && random.below(2) == 0 {
                text[len] = b')';
                len += 1;
                depth -= 1;
            }
            if term < 11 {
                text[len] = b"+-*+"[random.below(4) as usize];
                text[len + 1] = b' ';
                len += 2;
            }
        }
        text[len..len + depth].fill(b')');
        text[len + depth] = b'\n';
        len += depth + 1;
    }
    let text = &text[..len];
    let mut sum = 0_u64;
    for round in 0..size {
        for line in text.split(|byte| *byte == b'\n') {
            let mut rest = line;
            sum = sum
                .wrapping_mul(31)
                .wrapping_add(expression(&mut rest) ^ u64::from(round));
        }
    }
    sum
}

fn expression(text: &mut &[u8]) -> u64 {
    let mut value = term(text);
    while let [operator @ (b'+' | b'-'), rest @ ..] = *text {
        *text = rest;
        let right = term(text);
        value = if *operator == b'+' {
            value.wrapping_add(right)
        } else {
            value.wrapping_sub(right)
        };
    }
    value
}

fn term(text: &mut &[u8]) -> u64 {
    let mut value = atom(text);
    while let [b'*', rest @ ..] = *text {
        *text = rest;
        value = value.wrapping_mul(atom(text));
    }
    value
}

fn atom(text: &mut &[u8]) -> u64 {
    *text = text.trim_ascii_start();
    if let [b'(', rest @ ..] = *text {
        *text = rest;
        let value = expression(text);
        if let [b')', rest @ ..] = *text {
            *text = rest;
        }
        return value;
    }
    let mut value = 0_u64;
    while let [digit @ b'0'..=b'9', rest @ ..] = *text {
        *text = rest;
        value = value.wrapping_mul(10).wrapping_add(u64::from(digit - b'0'));
    }
    value
}

/// Checks a text's UTF-8, counts its words, and looks for a word, `size` times.
pub(crate) fn scan(size: u32, scratch: &mut Scratch) -> u64 {
    const WORDS: [&str; 8] = [
        "module", "Größe", "of", "trap", "naïve", "wasm", "a", "記憶",
    ];
    let text = &mut scratch.bytes;
    let mut random = Random::new(14);
    let mut len = 0;
    while len < 32_000 {
        let word = WORDS[random.below(8) as usize].as_bytes();
        text[len..len + word.len()].copy_from_slice(word);
        len += word.len();
        text[len] = if random.below(10) == 0 { b'\n' } else { b' ' };
        len += 1;
    }
    let text = &text[..len];
    let mut sum = 0_u64;
    for round in 0..size as usize {
        let text = &text[..len - round % 2];
        let Ok(checked) = core::str::from_utf8(text) else {
            return sum;
        };
        let words = checked.split_ascii_whitespace().count();
        let found = text.windows(4).filter(|window| *window == b"trap").count();
        let letters = checked
            .chars()
            .filter(|letter| letter.is_alphabetic())
            .count();
        sum = [words, found, letters].iter().fold(sum, |sum, count| {
            sum.wrapping_mul(31).wrapping_add(*count as u64)
        });
    }
    sum
}

/// Levenshtein's distance of two texts of `size` letters.
pub(crate) fn distance(size: u32, scratch: &mut Scratch) -> u64 {
    let size = (size as usize).min(1 << 16);
    let mut random = Random::new(15);
    let (one, rest) = scratch.bytes.split_at_mut(size);
    let two = &mut rest[..size];
    one.fill_with(|| b'a' + random.below(4) as u8);
    two.fill_with(|| b'a' + random.below(4) as u8);
    let row = &mut scratch.words[..=size];
    for (index, cell) in row.iter_mut().enumerate() {
        *cell = index as u32;
    }
    let mut sum = 0;
    for (index, x) in one.iter().enumerate() {
        let (mut diagonal, mut left) = (row[0], index as u32 + 1);
        row[0] = left;
        for (cell, y) in row[1..].iter_mut().zip(two.iter()) {
            let above = *cell;
            left = (diagonal + u32::from(x != y)).min(above + 1).min(left + 1);
            *cell = left;
            diagonal = above;
        }
        sum += u64::from(left);
    }
    sum
}
