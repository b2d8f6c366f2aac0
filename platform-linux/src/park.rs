//! Parking: futexes of this process.
//!
//! The kernel compares the word and queues the thread under one lock, which a waker takes too: so no
//! wake-up is lost. It also wakes for signals, and for wakers of something that was at the same
//! address before; the word is looked at again then.
#![forbid(unsafe_code)]

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use rustix::thread::futex::{self, Flags, Timespec};

pub(crate) fn park(word: &AtomicU32, expected: u32, timeout: Option<Duration>) {
    let end = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
    while word.load(Ordering::Relaxed) == expected {
        let left = end.map(|end| end.saturating_duration_since(Instant::now()));
        if left == Some(Duration::ZERO) {
            return;
        }
        // What does not fit is centuries; the kernel returns when the time has passed, and not before.
        let left = left.and_then(|left| Timespec::try_from(left).ok());
        // The loop looks for itself at what an error (EAGAIN, EINTR, ETIMEDOUT) would say.
        let _ = futex::wait(word, Flags::PRIVATE, expected, left.as_ref());
    }
}

pub(crate) fn unpark(word: &AtomicU32) {
    // The kernel does not look at the word, only for its address: this can't fail.
    let _ = futex::wake(word, Flags::PRIVATE, i32::MAX as u32);
}
