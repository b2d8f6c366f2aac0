//! `wasi_unstable`, where it is other than the snapshot that came after it: three records, one of which has other numbers.

use super::Call;
use super::types::{EventType, Subscription, Whence, file_type, timestamp};
use super::{files, paths, poll};
use crate::error::Done;
use crate::guest::{Layout, Load, Store, field, set_field};
use crate::wait::Task;
use crate::{Errno, Metadata, Times};
use core::task::Poll;

pub(super) fn fd_filestat_get(call: &mut Call<'_>, fd: u32, stat: u32) -> Done {
    let metadata = FileStat::of(files::metadata(call, fd)?)?;
    call.guest.write(stat, metadata)
}

pub(super) fn path_filestat_get(
    call: &mut Call<'_>,
    fd: u32,
    lookup: u32,
    path: u32,
    len: u32,
    stat: u32,
) -> Done {
    let metadata = FileStat::of(paths::metadata(call, fd, lookup, (path, len))?)?;
    call.guest.write(stat, metadata)
}

pub(super) fn fd_seek(
    call: &mut Call<'_>,
    fd: u32,
    offset: u64,
    whence: u32,
    position: u32,
) -> Done {
    let whence = match whence {
        0 => Some(Whence::Position),
        1 => Some(Whence::End),
        2 => Some(Whence::Start),
        _ => None,
    };
    files::seek(call, fd, offset, whence, position)
}

pub(super) fn poll_oneoff(
    call: &mut Call<'_>,
    task: &mut Task<'_, '_>,
    waiting: &mut poll::Waiting,
    subscriptions: u32,
    events: u32,
    count: u32,
    ready: u32,
) -> Poll<Done> {
    let places = (subscriptions, events, count, ready);
    poll::poll_oneoff_of::<LongSubscription>(call, task, waiting, places)
}

/// `filestat`, with a shorter count of names.
struct FileStat {
    metadata: Metadata,
    links: u32,
}

impl FileStat {
    fn of(metadata: Metadata) -> Done<Self> {
        let links = u32::try_from(metadata.links).map_err(|_| Errno::Overflow)?;
        Ok(Self { metadata, links })
    }
}

impl Layout for FileStat {
    const SIZE: u32 = 56;
    const ALIGN: u32 = 8;
}

impl Store for FileStat {
    fn store(&self, bytes: &mut [u8]) {
        let Metadata {
            device,
            inode,
            file_type: ty,
            links: _,
            size,
            times:
                Times {
                    accessed,
                    modified,
                    changed,
                },
        } = self.metadata;
        set_field(bytes, 0, device);
        set_field(bytes, 8, inode);
        set_field(bytes, 16, file_type(ty));
        set_field(bytes, 20, self.links);
        set_field(bytes, 24, size);
        set_field(bytes, 32, timestamp(accessed));
        set_field(bytes, 40, timestamp(modified));
        set_field(bytes, 48, timestamp(changed));
    }
}

/// `subscription`, in which a clock has a further number (`identifier`), of no use.
struct LongSubscription(Subscription);

impl From<LongSubscription> for Subscription {
    fn from(long: LongSubscription) -> Self {
        long.0
    }
}

impl Layout for LongSubscription {
    const SIZE: u32 = 56;
    const ALIGN: u32 = 8;
}

impl Load for LongSubscription {
    fn load(bytes: &[u8]) -> Done<Self> {
        let ty = EventType::of(field(bytes, 8)?)?;
        let (id, flags) = match ty {
            EventType::Clock => (field(bytes, 24)?, field(bytes, 48)?),
            EventType::FdRead | EventType::FdWrite => (field(bytes, 16)?, 0),
        };
        let timeout = field(bytes, 32)?;
        Ok(Self(Subscription::new(
            field(bytes, 0)?,
            ty,
            id,
            timeout,
            flags,
        )?))
    }
}
