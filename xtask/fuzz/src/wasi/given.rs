//! What a guest is given besides directories: clocks on which time flies, and streams that take their time.

use fastrand::Rng;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::task::{Context, Poll};
use std::time::Duration;
use wasmetal_wasi::{Errno, HostMonotonicClock, HostWallClock, InputStream, OutputStream, Random};

/// Whenever somebody asks, much time has passed: who sleeps, wakes.
#[derive(Default)]
pub(crate) struct Clock(AtomicU64);

impl Clock {
    fn next(&self) -> u64 {
        let asked = self.0.fetch_add(1, Relaxed);
        asked.saturating_mul(u64::MAX / 16)
    }
}

impl HostMonotonicClock for Clock {
    fn resolution(&self) -> u64 {
        1
    }

    fn now(&self) -> u64 {
        self.next()
    }
}

impl HostWallClock for Clock {
    fn resolution(&self) -> Duration {
        Duration::MAX
    }

    fn now(&self) -> Duration {
        Duration::from_nanos(self.next())
    }
}

/// A stream that is ready now and then, and fails now and then.
pub(crate) struct Moody(pub(crate) Rng);

impl Moody {
    /// What comes of a transfer of so many bytes.
    fn transfer(&mut self, task: &Context<'_>, len: usize) -> Poll<Result<usize, Errno>> {
        match self.0.u8(..8) {
            0 => Poll::Ready(Err(Errno::Io)),
            1 | 2 => {
                task.waker().wake_by_ref();
                Poll::Pending
            }
            // Who implements the trait may be wrong.
            3 => Poll::Ready(Ok(self.0.usize(..len.saturating_mul(2).saturating_add(2)))),
            4 => Poll::Ready(Ok(0)),
            _ => Poll::Ready(Ok(self.0.usize(..=len))),
        }
    }

    fn ready(&mut self, task: &Context<'_>) -> Poll<()> {
        if self.0.bool() {
            return Poll::Ready(());
        }
        task.waker().wake_by_ref();
        Poll::Pending
    }
}

impl InputStream for Moody {
    fn poll_read(
        &mut self,
        task: &mut Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<Result<usize, Errno>> {
        self.0.fill(buffer);
        self.transfer(task, buffer.len())
    }

    fn poll_ready(&mut self, task: &mut Context<'_>) -> Poll<()> {
        self.ready(task)
    }
}

impl OutputStream for Moody {
    fn poll_write(&mut self, task: &mut Context<'_>, bytes: &[u8]) -> Poll<Result<usize, Errno>> {
        self.transfer(task, bytes.len())
    }

    fn poll_ready(&mut self, task: &mut Context<'_>) -> Poll<()> {
        self.ready(task)
    }
}

impl Random for Moody {
    fn fill(&mut self, buffer: &mut [u8]) -> Result<(), Errno> {
        self.0.fill(buffer);
        match self.0.u8(..8) {
            0 => Err(Errno::Io),
            _ => Ok(()),
        }
    }
}
