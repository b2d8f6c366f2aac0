//! Standard streams.

use crate::support::{DATA, Guest, LIST};
use std::task::{Context, Poll};
use wasmetal_wasi::{
    Errno, InputStream, MemoryInputPipe, MemoryOutputPipe, OutputStream, WasiCtxBuilder,
};

#[test]
fn pipes_of_memory() {
    let (output, errors) = (MemoryOutputPipe::new(100), MemoryOutputPipe::new(5));
    let mut builder = WasiCtxBuilder::new();
    builder
        .stdin(MemoryInputPipe::new(*b"one two three"))
        .stdout(output.clone())
        .stderr(errors.clone());
    let mut guest = Guest::new(&mut builder);
    assert_eq!(guest.read(0, 4), Ok(b"one ".to_vec()));
    assert_eq!(guest.read(0, 100), Ok(b"two three".to_vec()));
    assert_eq!(guest.read(0, 100), Ok(vec![]));
    guest.put(DATA, b"hello world");
    guest.buffers(&[(DATA, 5), (DATA + 5, 0), (DATA + 6, 5)]);
    guest.good("fd_write", &[1, LIST.into(), 3, 0]);
    assert_eq!(guest.word(0), 10);
    assert_eq!(&*output.contents(), b"helloworld");
    // As much as there is room for, and no more.
    assert_eq!(guest.write(2, b"too long"), Ok(5));
    assert_eq!(guest.write(2, b"x"), Err(Errno::Pipe as i32));
    assert_eq!(&*errors.contents(), b"too l");
    guest.good("fd_fdstat_get", &[1, 64]);
    assert_eq!(guest.get(64, 1), [0]);
    assert_eq!(guest.long(72) & (1 << 6 | 1 << 1), 1 << 6);
    guest.good("fd_filestat_get", &[0, 64]);
    assert_eq!(guest.get(64, 64), [0; 64]);
    guest.good("fd_close", &[1]);
    assert_eq!(guest.write(1, b"x"), Err(Errno::Badf as i32));
}

/// A terminal that takes three bytes at a time, every second time that it is asked, and fails after ten.
struct Slow {
    asked: u32,
    written: usize,
}

impl OutputStream for Slow {
    fn poll_write(&mut self, task: &mut Context<'_>, bytes: &[u8]) -> Poll<Result<usize, Errno>> {
        self.asked += 1;
        if self.asked % 2 == 1 {
            task.waker().wake_by_ref();
            return Poll::Pending;
        }
        if self.written >= 10 {
            return Poll::Ready(Err(Errno::Io));
        }
        let len = bytes.len().min(3);
        self.written += len;
        Poll::Ready(Ok(len))
    }

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<()> {
        Poll::Ready(())
    }

    fn is_terminal(&self) -> bool {
        true
    }
}

impl InputStream for Slow {
    fn poll_read(&mut self, _: &mut Context<'_>, _: &mut [u8]) -> Poll<Result<usize, Errno>> {
        Poll::Ready(Err(Errno::Io))
    }

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<()> {
        Poll::Ready(())
    }

    fn is_terminal(&self) -> bool {
        true
    }
}

#[test]
fn streams_that_take_their_time() {
    let slow = || Slow {
        asked: 0,
        written: 0,
    };
    let mut builder = WasiCtxBuilder::new();
    builder.stdin(slow()).stdout(slow());
    let mut guest = Guest::new(&mut builder);
    for _ in 0..4 {
        assert_eq!(guest.write(1, b"abcdef"), Ok(3));
    }
    assert_eq!(guest.write(1, b"abcdef"), Err(Errno::Io as i32));
    assert_eq!(guest.read(0, 1), Err(Errno::Io as i32));
    // Terminals are devices of characters.
    for fd in [0, 1] {
        guest.good("fd_fdstat_get", &[fd, 64]);
        assert_eq!(guest.get(64, 1), [2]);
    }
}

#[test]
fn randomness_fills_everything_and_is_not_made_up() {
    let mut guest = Guest::new(&mut WasiCtxBuilder::new());
    guest.good("random_get", &[DATA.into(), 0]);
    // More than is made at once.
    guest.good("random_get", &[0, 0x2_0000]);
    let memory = guest.get(0, 0x2_0000);
    for piece in memory.chunks(1024) {
        let ones: u32 = piece.iter().map(|byte| byte.count_ones()).sum();
        assert!((3_600..4_600).contains(&ones), "{ones}");
    }
    guest.good("random_get", &[0, 1024]);
    assert_ne!(guest.get(0, 1024), memory[..1024]);
}
