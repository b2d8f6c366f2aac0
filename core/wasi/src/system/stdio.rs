//! The standard streams of this process. What reads is a thread, so that nobody else waits for who types.

use crate::{Errno, InputStream, OutputStream};
use alloc::vec::Vec;
use core::task::{Context, Poll, Waker};
use std::io::{self, ErrorKind, IsTerminal as _, Read as _, Write};
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread;

/// How much is read ahead, once somebody has asked.
const AHEAD: usize = 8192;

static INPUT: Mutex<Input> = Mutex::new(Input {
    state: Reader::NotThere,
    bytes: Vec::new(),
    at: 0,
    waiting: Vec::new(),
});
static WANTED: Condvar = Condvar::new();

/// What was read of the standard input, and who waits for more.
struct Input {
    state: Reader,
    bytes: Vec<u8>,
    /// How much of them guests have had.
    at: usize,
    waiting: Vec<Waker>,
}

/// What the thread does.
#[derive(Clone, Copy, PartialEq)]
enum Reader {
    NotThere,
    /// It waits until somebody wants something.
    Idle,
    Reads,
    /// The input has ended, or failed.
    Ended(Result<(), Errno>),
}

fn input() -> std::sync::MutexGuard<'static, Input> {
    INPUT.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Input {
    /// Whether there is something, or the end; otherwise the task is woken when there is.
    fn poll_ready(&mut self, task: &mut Context<'_>) -> Poll<()> {
        if self.at < self.bytes.len() || matches!(self.state, Reader::Ended(_)) {
            return Poll::Ready(());
        }
        if self.state == Reader::NotThere {
            let thread = thread::Builder::new().name("wasmetal-wasi-stdin".into());
            if thread.spawn(read_ahead).is_err() {
                self.state = Reader::Ended(Err(Errno::Nomem));
                return Poll::Ready(());
            }
        }
        self.state = Reader::Reads;
        WANTED.notify_one();
        if !self.waiting.iter().any(|it| it.will_wake(task.waker())) {
            self.waiting.push(task.waker().clone());
        }
        Poll::Pending
    }
}

/// What the thread does.
fn read_ahead() {
    loop {
        let mut bytes = Vec::from([0; AHEAD]);
        let read = loop {
            match io::stdin().lock().read(&mut bytes) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                read => break read,
            }
        };
        let mut input = input();
        input.state = match read {
            Ok(0) => Reader::Ended(Ok(())),
            Err(_) => Reader::Ended(Err(Errno::Io)),
            Ok(len) => {
                bytes.truncate(len);
                input.bytes = bytes;
                input.at = 0;
                Reader::Idle
            }
        };
        let (waiting, ended) = (core::mem::take(&mut input.waiting), input.state);
        drop(input);
        waiting.into_iter().for_each(Waker::wake);
        if matches!(ended, Reader::Ended(_)) {
            return;
        }
        let mut input = self::input();
        while input.state == Reader::Idle {
            input = WANTED.wait(input).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// The standard input: one for all guests.
pub(crate) struct Stdin;

impl InputStream for Stdin {
    fn poll_read(
        &mut self,
        task: &mut Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<Result<usize, Errno>> {
        if buffer.is_empty() {
            return Poll::Ready(Ok(0));
        }
        let mut input = input();
        if input.poll_ready(task).is_pending() {
            return Poll::Pending;
        }
        let at = input.at;
        let rest = &input.bytes[at..];
        if let (true, Reader::Ended(how)) = (rest.is_empty(), input.state) {
            return Poll::Ready(how.map(|()| 0));
        }
        let len = rest.len().min(buffer.len());
        buffer[..len].copy_from_slice(&rest[..len]);
        input.at += len;
        Poll::Ready(Ok(len))
    }

    fn poll_ready(&mut self, task: &mut Context<'_>) -> Poll<()> {
        input().poll_ready(task)
    }

    fn is_terminal(&self) -> bool {
        io::stdin().is_terminal()
    }
}

/// Writes, as far as it goes, and sees to it that it is not kept.
fn write(mut stream: impl Write, bytes: &[u8]) -> Poll<Result<usize, Errno>> {
    let written = loop {
        match stream.write(bytes) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            written => break written,
        }
    };
    let written = written.and_then(|len| stream.flush().map(|()| len));
    Poll::Ready(written.map_err(|error| match error.kind() {
        ErrorKind::BrokenPipe => Errno::Pipe,
        ErrorKind::StorageFull => Errno::Nospc,
        _ => Errno::Io,
    }))
}

/// The standard output.
pub(crate) struct Stdout;

impl OutputStream for Stdout {
    fn poll_write(&mut self, _: &mut Context<'_>, bytes: &[u8]) -> Poll<Result<usize, Errno>> {
        write(io::stdout().lock(), bytes)
    }

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<()> {
        Poll::Ready(())
    }

    fn is_terminal(&self) -> bool {
        io::stdout().is_terminal()
    }
}

/// The standard output for errors.
pub(crate) struct Stderr;

impl OutputStream for Stderr {
    fn poll_write(&mut self, _: &mut Context<'_>, bytes: &[u8]) -> Poll<Result<usize, Errno>> {
        write(io::stderr().lock(), bytes)
    }

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<()> {
        Poll::Ready(())
    }

    fn is_terminal(&self) -> bool {
        io::stderr().is_terminal()
    }
}
