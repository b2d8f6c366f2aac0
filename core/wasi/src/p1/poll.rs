//! `poll_oneoff`: waiting for several things at once.

use super::Call;
use super::clocks::{MONOTONIC, REALTIME};
use super::types::{Event, EventType, Subscription};
use crate::Errno;
use crate::descriptors::Descriptor;
use crate::error::{Done, Fault};
use crate::guest::Load;
use crate::wait::Task;
use alloc::vec::Vec;
use core::task::Poll;
use core::time::Duration;

/// The most subscriptions of one call.
const MAX_SUBSCRIPTIONS: u32 = 4096;

/// What is waited for, once the guest's subscriptions have been read.
pub(super) type Waiting = Option<Vec<Awaited>>;

/// One of the things that are waited for.
pub(super) struct Awaited {
    userdata: u64,
    ty: EventType,
    what: What,
}

enum What {
    /// A moment of the clock that only goes on.
    Monotonic(u64),
    /// A moment of the time of day.
    Realtime(u64),
    Descriptor(u32),
    /// It can't be waited for.
    Error(Errno),
}

pub(super) fn poll_oneoff(
    call: &mut Call<'_>,
    task: &mut Task<'_, '_>,
    waiting: &mut Waiting,
    subscriptions: u32,
    events: u32,
    count: u32,
    ready: u32,
) -> Poll<Done> {
    let places = (subscriptions, events, count, ready);
    poll_oneoff_of::<Subscription>(call, task, waiting, places)
}

/// `S`: the record of the version.
pub(super) fn poll_oneoff_of<S: Load + Into<Subscription>>(
    call: &mut Call<'_>,
    task: &mut Task<'_, '_>,
    waiting: &mut Waiting,
    (subscriptions, events, count, ready): (u32, u32, u32, u32),
) -> Poll<Done> {
    match poll::<S>(call, task, waiting, (subscriptions, events, count)) {
        Ok(0) => Poll::Pending,
        Ok(written) => Poll::Ready(call.guest.write(ready, written)),
        Err(fault) => Poll::Ready(Err(fault)),
    }
}

/// How many events were written.
fn poll<S: Load + Into<Subscription>>(
    call: &mut Call<'_>,
    task: &mut Task<'_, '_>,
    waiting: &mut Waiting,
    (subscriptions, events, count): (u32, u32, u32),
) -> Done<u32> {
    let all = match waiting {
        Some(all) => all,
        None => waiting.insert(read::<S>(call, subscriptions, count)?),
    };
    let events = call.guest.array::<Event>(events, count)?;
    let mut written = 0;
    for awaited in all {
        let event = match look(call, task, awaited) {
            Ok(Some(event)) => event,
            Ok(None) => continue,
            Err(Fault::Errno(errno)) => awaited.event(Some(errno), 0, false),
            Err(end) => return Err(end),
        };
        call.guest.write(events.at(written), event)?;
        written += 1;
    }
    Ok(written)
}

/// Reads the subscriptions. What they say of time begins now.
fn read<S: Load + Into<Subscription>>(call: &Call<'_>, at: u32, count: u32) -> Done<Vec<Awaited>> {
    let list = call.guest.array::<S>(at, count)?;
    if count == 0 {
        return Err(Errno::Inval.into());
    }
    if count > MAX_SUBSCRIPTIONS {
        return Err(Errno::Nomem.into());
    }
    let mut all = Vec::new();
    all.try_reserve_exact(count as usize)
        .map_err(|_| Errno::Nomem)?;
    for index in 0..count {
        let Subscription {
            userdata,
            ty,
            id,
            timeout,
            absolute,
        } = call.guest.read::<S>(list.at(index))?.into();
        let what = match (ty, id, absolute) {
            (EventType::FdRead | EventType::FdWrite, fd, _) => What::Descriptor(fd),
            (EventType::Clock, REALTIME, true) => What::Realtime(timeout),
            (EventType::Clock, MONOTONIC, true) => What::Monotonic(timeout),
            (EventType::Clock, REALTIME | MONOTONIC, false) => match call.monotonic() {
                Ok(now) => What::Monotonic(now.saturating_add(timeout)),
                Err(Fault::Errno(errno)) => What::Error(errno),
                Err(end) => return Err(end),
            },
            (EventType::Clock, _, _) => What::Error(Errno::Inval),
        };
        all.push(Awaited { userdata, ty, what });
    }
    Ok(all)
}

impl Awaited {
    fn event(&self, error: Option<Errno>, bytes: u64, hangup: bool) -> Event {
        Event {
            userdata: self.userdata,
            error,
            ty: self.ty,
            bytes,
            hangup,
        }
    }
}

/// The event, if it has come. Otherwise the task is woken when it does.
fn look(call: &mut Call<'_>, task: &mut Task<'_, '_>, awaited: &Awaited) -> Done<Option<Event>> {
    let left = match awaited.what {
        What::Error(errno) => return Err(errno.into()),
        What::Monotonic(at) => at.saturating_sub(call.monotonic()?),
        What::Realtime(at) => at.saturating_sub(call.realtime()?),
        What::Descriptor(fd) => {
            let (bytes, hangup) = match (call.descriptors.get_mut(fd)?, awaited.ty) {
                (Descriptor::Input(stream), EventType::FdRead) => {
                    match stream.poll_ready(task.context) {
                        Poll::Ready(()) => (1, false),
                        Poll::Pending => return Ok(None),
                    }
                }
                (Descriptor::Output(stream), EventType::FdWrite) => {
                    match stream.poll_ready(task.context) {
                        Poll::Ready(()) => (1, false),
                        Poll::Pending => return Ok(None),
                    }
                }
                (Descriptor::File(file), EventType::FdRead) if file.read => {
                    let bytes = file.behind()?;
                    (bytes, bytes == 0)
                }
                (Descriptor::File(file), EventType::FdWrite) if file.write => (1, false),
                _ => return Err(Errno::Badf.into()),
            };
            return Ok(Some(awaited.event(None, bytes, hangup)));
        }
    };
    if left == 0 {
        return Ok(Some(awaited.event(None, 0, false)));
    }
    let left = Duration::from_nanos(left);
    task.at_latest = Some(task.at_latest.map_or(left, |other| other.min(left)));
    Ok(None)
}
