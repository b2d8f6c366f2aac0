//! What is no file and no clock: the end, signals, turns, randomness; sockets, which are not there.

use super::Call;
use crate::error::Done;
use crate::wait::Task;
use crate::{Errno, I32Exit};
use core::task::Poll;
use wasmetal::error::{Error, Result, bail};

/// How much randomness is made at once.
const PIECE: u32 = 1 << 16;

/// # Errors
/// Always.
pub(super) fn proc_exit(status: u32) -> Result<()> {
    if status >= 126 {
        bail!("exit with invalid exit status outside of [0..126)");
    }
    Err(Error::new(I32Exit(status as i32)))
}

pub(super) fn proc_raise(_: &mut Call<'_>, _signal: u32) -> Done {
    Err(Errno::Notsup.into())
}

/// Others have had their turn.
#[derive(Default)]
pub(super) struct Yielded(bool);

pub(super) fn sched_yield(
    _: &mut Call<'_>,
    task: &mut Task<'_, '_>,
    yielded: &mut Yielded,
) -> Poll<Done> {
    if core::mem::replace(&mut yielded.0, true) {
        return Poll::Ready(Ok(()));
    }
    task.context.waker().wake_by_ref();
    Poll::Pending
}

/// How much of the buffer is filled.
#[derive(Default)]
pub(super) struct Filled(u32);

pub(super) fn random_get(
    call: &mut Call<'_>,
    task: &mut Task<'_, '_>,
    filled: &mut Filled,
    buffer: u32,
    len: u32,
) -> Poll<Done> {
    match fill(call, filled, buffer, len) {
        Ok(()) if filled.0 < len => {
            task.context.waker().wake_by_ref();
            Poll::Pending
        }
        done => Poll::Ready(done),
    }
}

/// Fills the next piece.
fn fill(call: &mut Call<'_>, filled: &mut Filled, buffer: u32, len: u32) -> Done {
    let buffer = call.guest.bytes_mut(buffer, len)?;
    let random = call.ctx.random.as_mut().ok_or(Errno::Notsup)?;
    let rest = &mut buffer[filled.0 as usize..];
    let piece = rest.len().min(PIECE as usize);
    random.fill(&mut rest[..piece])?;
    filled.0 += piece as u32;
    Ok(())
}

pub(super) fn sock_accept(call: &mut Call<'_>, fd: u32, _flags: u32, _accepted: u32) -> Done {
    no_socket(call, fd)
}

pub(super) fn sock_recv(
    call: &mut Call<'_>,
    fd: u32,
    _buffers: u32,
    _count: u32,
    _flags: u32,
    _received: u32,
    _how: u32,
) -> Done {
    no_socket(call, fd)
}

pub(super) fn sock_send(
    call: &mut Call<'_>,
    fd: u32,
    _buffers: u32,
    _count: u32,
    _flags: u32,
    _sent: u32,
) -> Done {
    no_socket(call, fd)
}

pub(super) fn sock_shutdown(call: &mut Call<'_>, fd: u32, _how: u32) -> Done {
    no_socket(call, fd)
}

fn no_socket(call: &mut Call<'_>, fd: u32) -> Done {
    call.descriptors.get(fd)?;
    Err(Errno::Notsock.into())
}
