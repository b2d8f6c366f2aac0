//! Records and flags of preview 1, as guests have them (`wasi_snapshot_preview1`).

use crate::error::Done;
use crate::fs::Sync;
use crate::guest::{Layout, Load, Store, field, set_field};
use crate::{Errno, FileType, Metadata, NewTime, Times};
use bitflags::bitflags;
use core::time::Duration;

bitflags! {
    /// `rights`.
    #[derive(Clone, Copy)]
    pub(super) struct Rights: u64 {
        const FD_DATASYNC = 1 << 0;
        const FD_READ = 1 << 1;
        const FD_SEEK = 1 << 2;
        const FD_FDSTAT_SET_FLAGS = 1 << 3;
        const FD_SYNC = 1 << 4;
        const FD_TELL = 1 << 5;
        const FD_WRITE = 1 << 6;
        const FD_ADVISE = 1 << 7;
        const FD_ALLOCATE = 1 << 8;
        const PATH_CREATE_DIRECTORY = 1 << 9;
        const PATH_CREATE_FILE = 1 << 10;
        const PATH_LINK_SOURCE = 1 << 11;
        const PATH_LINK_TARGET = 1 << 12;
        const PATH_OPEN = 1 << 13;
        const FD_READDIR = 1 << 14;
        const PATH_READLINK = 1 << 15;
        const PATH_RENAME_SOURCE = 1 << 16;
        const PATH_RENAME_TARGET = 1 << 17;
        const PATH_FILESTAT_GET = 1 << 18;
        const PATH_FILESTAT_SET_SIZE = 1 << 19;
        const PATH_FILESTAT_SET_TIMES = 1 << 20;
        const FD_FILESTAT_GET = 1 << 21;
        const FD_FILESTAT_SET_SIZE = 1 << 22;
        const FD_FILESTAT_SET_TIMES = 1 << 23;
        const PATH_SYMLINK = 1 << 24;
        const PATH_REMOVE_DIRECTORY = 1 << 25;
        const PATH_UNLINK_FILE = 1 << 26;
        const POLL_FD_READWRITE = 1 << 27;
        const SOCK_SHUTDOWN = 1 << 28;
        const SOCK_ACCEPT = 1 << 29;
    }
}

bitflags! {
    /// `fdflags`.
    #[derive(Clone, Copy)]
    pub(super) struct FdFlags: u32 {
        const APPEND = 1;
        const DSYNC = 2;
        const NONBLOCK = 4;
        const RSYNC = 8;
        const SYNC = 16;
    }
}

bitflags! {
    /// `oflags`.
    #[derive(Clone, Copy)]
    pub(super) struct OFlags: u32 {
        const CREAT = 1;
        const DIRECTORY = 2;
        const EXCL = 4;
        const TRUNC = 8;
    }
}

bitflags! {
    /// `lookupflags`.
    #[derive(Clone, Copy)]
    pub(super) struct LookupFlags: u32 {
        const SYMLINK_FOLLOW = 1;
    }
}

bitflags! {
    /// `fstflags`.
    #[derive(Clone, Copy)]
    pub(super) struct FstFlags: u32 {
        const ATIM = 1;
        const ATIM_NOW = 2;
        const MTIM = 4;
        const MTIM_NOW = 8;
    }
}

/// Flags that a guest hands over, of which there are no others.
pub(super) fn flags<F: bitflags::Flags>(bits: F::Bits) -> Done<F> {
    Ok(F::from_bits(bits).ok_or(Errno::Inval)?)
}

impl FdFlags {
    pub(super) fn sync(self) -> Sync {
        Sync {
            data: self.contains(Self::DSYNC),
            file: self.contains(Self::SYNC),
            read: self.contains(Self::RSYNC),
        }
    }

    pub(super) fn of_sync(sync: Sync) -> Self {
        let mut flags = Self::empty();
        flags.set(Self::DSYNC, sync.data);
        flags.set(Self::SYNC, sync.file);
        flags.set(Self::RSYNC, sync.read);
        flags
    }
}

/// What the flags say of both times.
pub(super) fn new_times(accessed: u64, modified: u64, bits: u32) -> Done<(NewTime, NewTime)> {
    let flags: FstFlags = flags(bits)?;
    let time = |set, now, time| match (flags.contains(set), flags.contains(now)) {
        (true, true) => Err(Errno::Inval),
        (true, false) => Ok(NewTime::At(Duration::from_nanos(time))),
        (false, true) => Ok(NewTime::Now),
        (false, false) => Ok(NewTime::Keep),
    };
    Ok((
        time(FstFlags::ATIM, FstFlags::ATIM_NOW, accessed)?,
        time(FstFlags::MTIM, FstFlags::MTIM_NOW, modified)?,
    ))
}

/// `filetype`.
pub(super) fn file_type(ty: FileType) -> u8 {
    match ty {
        FileType::Unknown => 0,
        FileType::BlockDevice => 1,
        FileType::CharacterDevice => 2,
        FileType::Directory => 3,
        FileType::RegularFile => 4,
        FileType::SymbolicLink => 7,
    }
}

/// Nanoseconds, as far as they can be told (584 years).
pub(super) fn timestamp(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

/// `fdstat`.
pub(super) struct FdStat {
    pub(super) file_type: FileType,
    pub(super) flags: FdFlags,
    pub(super) base: Rights,
    pub(super) inheriting: Rights,
}

impl Layout for FdStat {
    const SIZE: u32 = 24;
    const ALIGN: u32 = 8;
}

impl Store for FdStat {
    fn store(&self, bytes: &mut [u8]) {
        set_field(bytes, 0, file_type(self.file_type));
        set_field(bytes, 2, self.flags.bits() as u16);
        set_field(bytes, 8, self.base.bits());
        set_field(bytes, 16, self.inheriting.bits());
    }
}

/// `filestat`.
pub(super) struct FileStat(pub(super) Metadata);

impl Layout for FileStat {
    const SIZE: u32 = 64;
    const ALIGN: u32 = 8;
}

impl Store for FileStat {
    fn store(&self, bytes: &mut [u8]) {
        let Metadata {
            device,
            inode,
            file_type: ty,
            links,
            size,
            times:
                Times {
                    accessed,
                    modified,
                    changed,
                },
        } = self.0;
        set_field(bytes, 0, device);
        set_field(bytes, 8, inode);
        set_field(bytes, 16, file_type(ty));
        set_field(bytes, 24, links);
        set_field(bytes, 32, size);
        set_field(bytes, 40, timestamp(accessed));
        set_field(bytes, 48, timestamp(modified));
        set_field(bytes, 56, timestamp(changed));
    }
}

/// `prestat`, of a directory.
pub(super) struct Prestat {
    pub(super) name_len: u32,
}

impl Layout for Prestat {
    const SIZE: u32 = 8;
    const ALIGN: u32 = 4;
}

impl Store for Prestat {
    fn store(&self, bytes: &mut [u8]) {
        set_field(bytes, 4, self.name_len);
    }
}

/// `dirent`.
pub(super) struct Dirent {
    pub(super) next: u64,
    pub(super) inode: u64,
    pub(super) name_len: u32,
    pub(super) file_type: FileType,
}

impl Layout for Dirent {
    const SIZE: u32 = 24;
    const ALIGN: u32 = 8;
}

impl Store for Dirent {
    fn store(&self, bytes: &mut [u8]) {
        set_field(bytes, 0, self.next);
        set_field(bytes, 8, self.inode);
        set_field(bytes, 16, self.name_len);
        set_field(bytes, 20, file_type(self.file_type));
    }
}

/// `eventtype`.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum EventType {
    Clock,
    FdRead,
    FdWrite,
}

impl EventType {
    pub(super) fn of(number: u8) -> Done<Self> {
        match number {
            0 => Ok(Self::Clock),
            1 => Ok(Self::FdRead),
            2 => Ok(Self::FdWrite),
            _ => Err(Errno::Inval.into()),
        }
    }
}

/// `whence`: what a position is counted from.
#[derive(Clone, Copy)]
pub(super) enum Whence {
    Start,
    Position,
    End,
}

/// `subscription`, of whatever type.
pub(super) struct Subscription {
    pub(super) userdata: u64,
    pub(super) ty: EventType,
    /// A clock, or a descriptor.
    pub(super) id: u32,
    pub(super) timeout: u64,
    pub(super) absolute: bool,
}

impl Layout for Subscription {
    const SIZE: u32 = 48;
    const ALIGN: u32 = 8;
}

impl Subscription {
    /// `flags`: `subclockflags`, 0 for what is no clock.
    pub(super) fn new(
        userdata: u64,
        ty: EventType,
        id: u32,
        timeout: u64,
        flags: u16,
    ) -> Done<Self> {
        if flags > 1 {
            return Err(Errno::Inval.into());
        }
        Ok(Self {
            userdata,
            ty,
            id,
            timeout,
            absolute: flags == 1,
        })
    }
}

impl Load for Subscription {
    fn load(bytes: &[u8]) -> Done<Self> {
        let ty = EventType::of(field(bytes, 8)?)?;
        let flags = match ty {
            EventType::Clock => field(bytes, 40)?,
            EventType::FdRead | EventType::FdWrite => 0,
        };
        let (userdata, id, timeout) = (field(bytes, 0)?, field(bytes, 16)?, field(bytes, 24)?);
        Self::new(userdata, ty, id, timeout, flags)
    }
}

/// `event`.
pub(super) struct Event {
    pub(super) userdata: u64,
    pub(super) error: Option<Errno>,
    pub(super) ty: EventType,
    pub(super) bytes: u64,
    pub(super) hangup: bool,
}

impl Layout for Event {
    const SIZE: u32 = 32;
    const ALIGN: u32 = 8;
}

impl Store for Event {
    fn store(&self, bytes: &mut [u8]) {
        set_field(bytes, 0, self.userdata);
        set_field(bytes, 8, self.error.map_or(0, |errno| errno as u16));
        set_field(bytes, 10, self.ty as u8);
        set_field(bytes, 16, self.bytes);
        set_field(bytes, 24, u16::from(self.hangup));
    }
}
