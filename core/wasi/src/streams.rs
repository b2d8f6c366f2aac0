//! Streams of bytes, as a host gives them: traits, and pipes of memory.

use crate::{Errno, heap};
use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::task::{Context, Poll};
use spin::Mutex;

/// Where a guest reads from: its standard input.
pub trait InputStream: Send {
    /// Reads what there is, as far as the buffer has room, and returns how much; 0: the stream has ended, or the buffer is
    /// empty. While there is nothing, it returns [`Poll::Pending`] and wakes the task later.
    ///
    /// # Errors
    /// The device's.
    fn poll_read(
        &mut self,
        task: &mut Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<Result<usize, Errno>>;

    /// Whether a read would be answered: ready, if so. Otherwise it wakes the task later.
    fn poll_ready(&mut self, task: &mut Context<'_>) -> Poll<()>;

    /// Whether somebody sits there and types.
    fn is_terminal(&self) -> bool {
        false
    }
}

/// Where a guest writes to: its standard output, and that for errors.
pub trait OutputStream: Send {
    /// Writes as much of the bytes as there is room for, one at least, and returns how much. While there is no room, it
    /// returns [`Poll::Pending`] and wakes the task later.
    ///
    /// # Errors
    /// The device's; [`Errno::Pipe`] if nobody reads any more.
    fn poll_write(&mut self, task: &mut Context<'_>, bytes: &[u8]) -> Poll<Result<usize, Errno>>;

    /// Whether a write would be answered: ready, if so. Otherwise it wakes the task later.
    fn poll_ready(&mut self, task: &mut Context<'_>) -> Poll<()>;

    /// Whether somebody sits there and reads.
    fn is_terminal(&self) -> bool {
        false
    }
}

/// An input that has ended.
pub(crate) struct Ended;

impl InputStream for Ended {
    fn poll_read(&mut self, _: &mut Context<'_>, _: &mut [u8]) -> Poll<Result<usize, Errno>> {
        Poll::Ready(Ok(0))
    }

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<()> {
        Poll::Ready(())
    }
}

/// An output that goes nowhere.
pub(crate) struct Nowhere;

impl OutputStream for Nowhere {
    fn poll_write(&mut self, _: &mut Context<'_>, bytes: &[u8]) -> Poll<Result<usize, Errno>> {
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<()> {
        Poll::Ready(())
    }
}

/// An input of bytes that are there already. A clone is the same input.
#[derive(Clone)]
pub struct MemoryInputPipe {
    bytes: Arc<[u8]>,
    position: Arc<Mutex<usize>>,
}

impl MemoryInputPipe {
    /// An input of these bytes.
    #[must_use]
    pub fn new(bytes: impl Into<Arc<[u8]>>) -> Self {
        Self {
            bytes: bytes.into(),
            position: Arc::default(),
        }
    }
}

impl fmt::Debug for MemoryInputPipe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryInputPipe").finish_non_exhaustive()
    }
}

impl InputStream for MemoryInputPipe {
    fn poll_read(&mut self, _: &mut Context<'_>, buffer: &mut [u8]) -> Poll<Result<usize, Errno>> {
        let mut position = self.position.lock();
        let rest = &self.bytes[*position..];
        let len = rest.len().min(buffer.len());
        buffer[..len].copy_from_slice(&rest[..len]);
        *position += len;
        Poll::Ready(Ok(len))
    }

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<()> {
        Poll::Ready(())
    }
}

/// An output that is kept, up to so many bytes; what comes then fails with [`Errno::Pipe`]. A clone is the same output.
#[derive(Clone)]
pub struct MemoryOutputPipe {
    capacity: usize,
    bytes: Arc<Mutex<Vec<u8>>>,
}

impl MemoryOutputPipe {
    /// An output of at most so many bytes.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self {
            capacity,
            bytes: Arc::default(),
        }
    }

    /// What was written.
    #[must_use]
    pub fn contents(&self) -> Box<[u8]> {
        self.bytes.lock().as_slice().into()
    }
}

impl fmt::Debug for MemoryOutputPipe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryOutputPipe").finish_non_exhaustive()
    }
}

impl OutputStream for MemoryOutputPipe {
    fn poll_write(&mut self, _: &mut Context<'_>, bytes: &[u8]) -> Poll<Result<usize, Errno>> {
        if bytes.is_empty() {
            return Poll::Ready(Ok(0));
        }
        let mut kept = self.bytes.lock();
        let len = bytes.len().min(self.capacity - kept.len());
        if len == 0 {
            return Poll::Ready(Err(Errno::Pipe));
        }
        if heap::look().is_err() || kept.try_reserve(len).is_err() {
            return Poll::Ready(Err(Errno::Nomem));
        }
        kept.extend_from_slice(&bytes[..len]);
        Poll::Ready(Ok(len))
    }

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<()> {
        Poll::Ready(())
    }
}
