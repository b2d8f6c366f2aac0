//! Sorting.

use crate::{Random, Scratch};

fn fill(words: &mut [u32]) {
    let mut random = Random::new(3);
    words.fill_with(|| random.bits() as u32);
}

fn checksum(words: &[u32]) -> u64 {
    words.iter().fold(words.len() as u64, |sum, word| {
        sum.wrapping_mul(31).wrapping_add(u64::from(*word))
    })
}

pub(crate) fn sort(size: u32, scratch: &mut Scratch) -> u64 {
    let words = &mut scratch.words[..size as usize];
    fill(words);
    words.sort_unstable();
    checksum(words)
}

pub(crate) fn heap(size: u32, scratch: &mut Scratch) -> u64 {
    let words = &mut scratch.words[..size as usize];
    fill(words);
    for root in (0..words.len() / 2).rev() {
        sift(words, root);
    }
    for end in (1..words.len()).rev() {
        words.swap(0, end);
        sift(&mut words[..end], 0);
    }
    checksum(words)
}

fn sift(words: &mut [u32], mut root: usize) {
    loop {
        let mut child = 2 * root + 1;
        if child >= words.len() {
            return;
        }
        if child + 1 < words.len() && words[child] < words[child + 1] {
            child += 1;
        }
        if words[root] >= words[child] {
            return;
        }
        words.swap(root, child);
        root = child;
    }
}
