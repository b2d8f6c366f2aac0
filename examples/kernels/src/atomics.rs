//! Atomic operators: counters, a spin lock, a maximum by compare-and-exchange, exchanges, narrow ones.

use crate::Scratch;
use core::hint::spin_loop;
use core::sync::atomic::{AtomicU8, AtomicU32, AtomicU64, Ordering::Relaxed, Ordering::SeqCst};

static COUNTERS: [AtomicU64; 64] = [const { AtomicU64::new(0) }; 64];
static LOCK: AtomicU32 = AtomicU32::new(0);
/// Protected by the lock.
static SUM: AtomicU64 = AtomicU64::new(0);
static MAXIMUM: AtomicU32 = AtomicU32::new(0);
static WORDS: [AtomicU32; 64] = [const { AtomicU32::new(0) }; 64];
static BYTES: [AtomicU8; 256] = [const { AtomicU8::new(0) }; 256];

fn raise(value: u32) {
    let mut old = MAXIMUM.load(SeqCst);
    while old < value {
        match MAXIMUM.compare_exchange(old, value, SeqCst, SeqCst) {
            Ok(_) => return,
            Err(found) => old = found,
        }
    }
}

fn add(value: u64) {
    while LOCK.compare_exchange(0, 1, SeqCst, SeqCst).is_err() {
        spin_loop();
    }
    SUM.store(SUM.load(Relaxed).wrapping_add(value), Relaxed);
    LOCK.store(0, SeqCst);
}

/// `size` rounds by one thread: no atomic operation meets another one's.
pub(crate) fn atomics(size: u32, _: &mut Scratch) -> u64 {
    COUNTERS
        .iter()
        .for_each(|counter| counter.store(0, Relaxed));
    WORDS.iter().for_each(|word| word.store(0, Relaxed));
    BYTES.iter().for_each(|byte| byte.store(0, Relaxed));
    SUM.store(0, Relaxed);
    MAXIMUM.store(0, Relaxed);
    let mut x = 0x9e37_79b9_u32;
    for left in (0..size).rev() {
        x ^= x << 13;
        x ^= x >> 17;
        x ^= x << 5;
        let slot = (x & 63) as usize;
        COUNTERS[slot].fetch_add(x.into(), SeqCst);
        add(WORDS[slot].swap(x, SeqCst).into());
        raise(x.wrapping_sub(left));
        BYTES[(x >> 24) as usize].fetch_xor(x as u8, SeqCst);
    }
    let counters = COUNTERS.iter().map(|counter| counter.load(SeqCst));
    let bytes = BYTES.iter().map(|byte| byte.load(SeqCst).into());
    let first = SUM.load(SeqCst).wrapping_add(MAXIMUM.load(SeqCst).into());
    counters.chain(bytes).fold(first, |sum: u64, next: u64| {
        sum.wrapping_mul(31).wrapping_add(next)
    })
}
