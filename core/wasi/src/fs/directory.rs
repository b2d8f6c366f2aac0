//! Directories of Linux, by `cap-std`: paths are resolved below the directory, by the kernel where it can (`openat2`).

use super::{
    Advice, Directory, Entry, File, FileType, Listing, Metadata, NewTime, Open, OpenOptions, Times,
};
use crate::Errno;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::sync::Arc;
use cap_fs_ext::{
    DirExt as _, FollowSymlinks, OpenOptionsFollowExt as _, OpenOptionsMaybeDirExt as _,
    OpenOptionsSyncExt as _, SystemTimeSpec,
};
use cap_std::fs::{Dir, MetadataExt as _};
use cap_std::time::SystemTime;
use core::any::Any;
use core::task::{Context, Poll};
use core::time::Duration;
use rustix::fs::{AtFlags, Mode, OFlags, Timespec, Timestamps, UTIME_NOW, UTIME_OMIT};
use rustix::io::ReadWriteFlags;
use std::io::{self, ErrorKind, IoSlice};
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use wasmetal::error::{Context as _, Result as AnyResult};

/// Opens a directory for a guest.
///
/// # Errors
/// It can't be opened.
pub(crate) fn open(path: &Path) -> AnyResult<Arc<dyn Directory>> {
    let opened = Dir::open_ambient_dir(path, cap_std::ambient_authority());
    let opened =
        opened.with_context(|| alloc::format!("cannot open the directory {}", path.display()))?;
    Ok(Arc::new(HostDirectory(opened)))
}

/// What the kernel says, or `cap-std` where a path leads outside.
fn errno(error: io::Error) -> Errno {
    use rustix::io::Errno as Linux;
    let Some(code) = error.raw_os_error() else {
        return match error.kind() {
            ErrorKind::PermissionDenied => Errno::Perm,
            ErrorKind::NotFound => Errno::Noent,
            ErrorKind::AlreadyExists => Errno::Exist,
            ErrorKind::InvalidInput => Errno::Inval,
            _ => Errno::Io,
        };
    };
    linux_errno(Linux::from_raw_os_error(code))
}

fn linux_errno(error: rustix::io::Errno) -> Errno {
    use rustix::io::Errno as Linux;
    match error {
        Linux::ACCESS => Errno::Acces,
        Linux::AGAIN => Errno::Again,
        Linux::BADF => Errno::Badf,
        Linux::BUSY => Errno::Busy,
        Linux::DQUOT => Errno::Dquot,
        Linux::EXIST => Errno::Exist,
        Linux::FBIG => Errno::Fbig,
        Linux::ILSEQ => Errno::Ilseq,
        Linux::INTR => Errno::Intr,
        Linux::INVAL => Errno::Inval,
        Linux::ISDIR => Errno::Isdir,
        Linux::LOOP => Errno::Loop,
        Linux::MFILE => Errno::Mfile,
        Linux::MLINK => Errno::Mlink,
        Linux::NAMETOOLONG => Errno::Nametoolong,
        Linux::NFILE => Errno::Nfile,
        Linux::NODEV => Errno::Nodev,
        Linux::NOENT => Errno::Noent,
        Linux::NOMEM => Errno::Nomem,
        Linux::NOSPC => Errno::Nospc,
        Linux::NOTDIR => Errno::Notdir,
        Linux::NOTEMPTY => Errno::Notempty,
        Linux::NOTSUP => Errno::Notsup,
        Linux::NXIO => Errno::Nxio,
        Linux::OVERFLOW => Errno::Overflow,
        Linux::PERM => Errno::Perm,
        Linux::PIPE => Errno::Pipe,
        Linux::ROFS => Errno::Rofs,
        Linux::SPIPE => Errno::Spipe,
        Linux::TXTBSY => Errno::Txtbsy,
        Linux::XDEV => Errno::Xdev,
        _ => Errno::Io,
    }
}

/// Seconds and nanoseconds since 1970; before that, 1970.
fn time(seconds: i64, nanoseconds: i64) -> Duration {
    let nanoseconds = u32::try_from(nanoseconds).unwrap_or(0);
    u64::try_from(seconds).map_or(Duration::ZERO, |seconds| {
        Duration::new(seconds, nanoseconds)
    })
}

fn file_type(mode: u32) -> FileType {
    match rustix::fs::FileType::from_raw_mode(mode) {
        rustix::fs::FileType::RegularFile => FileType::RegularFile,
        rustix::fs::FileType::Directory => FileType::Directory,
        rustix::fs::FileType::Symlink => FileType::SymbolicLink,
        rustix::fs::FileType::CharacterDevice => FileType::CharacterDevice,
        rustix::fs::FileType::BlockDevice => FileType::BlockDevice,
        _ => FileType::Unknown,
    }
}

fn metadata(metadata: &cap_std::fs::Metadata) -> Metadata {
    Metadata {
        device: metadata.dev(),
        inode: metadata.ino(),
        file_type: file_type(metadata.mode()),
        links: metadata.nlink(),
        size: metadata.size(),
        times: Times {
            accessed: time(metadata.atime(), metadata.atime_nsec()),
            modified: time(metadata.mtime(), metadata.mtime_nsec()),
            changed: time(metadata.ctime(), metadata.ctime_nsec()),
        },
    }
}

/// As `futimens` takes both.
fn timestamps(accessed: NewTime, modified: NewTime) -> Result<Timestamps, Errno> {
    let one = |time| {
        Ok(match time {
            NewTime::Keep => Timespec {
                tv_sec: 0,
                tv_nsec: UTIME_OMIT,
            },
            NewTime::Now => Timespec {
                tv_sec: 0,
                tv_nsec: UTIME_NOW,
            },
            NewTime::At(at) => Timespec {
                tv_sec: i64::try_from(at.as_secs()).map_err(|_| Errno::Overflow)?,
                tv_nsec: at.subsec_nanos().into(),
            },
        })
    };
    Ok(Timestamps {
        last_access: one(accessed)?,
        last_modification: one(modified)?,
    })
}

/// As `cap-std` takes one.
fn spec(time: NewTime) -> Result<Option<SystemTimeSpec>, Errno> {
    Ok(match time {
        NewTime::Keep => None,
        NewTime::Now => Some(SystemTimeSpec::SymbolicNow),
        NewTime::At(at) => {
            let at = SystemTime::from_std(std::time::SystemTime::UNIX_EPOCH + at);
            Some(SystemTimeSpec::Absolute(at))
        }
    })
}

struct HostFile(std::fs::File);

impl File for HostFile {
    fn poll_read(
        &mut self,
        _: &mut Context<'_>,
        buffer: &mut [u8],
        offset: u64,
    ) -> Poll<Result<usize, Errno>> {
        Poll::Ready(self.0.read_at(buffer, offset).map_err(errno))
    }

    fn poll_write(
        &mut self,
        _: &mut Context<'_>,
        bytes: &[u8],
        offset: Option<u64>,
    ) -> Poll<Result<usize, Errno>> {
        Poll::Ready(match offset {
            Some(offset) => self.0.write_at(bytes, offset).map_err(errno),
            None => {
                let bytes = [IoSlice::new(bytes)];
                rustix::io::pwritev2(&self.0, &bytes, 0, ReadWriteFlags::APPEND)
                    .map_err(linux_errno)
            }
        })
    }

    fn metadata(&self) -> Result<Metadata, Errno> {
        let file = self.0.metadata().map_err(errno)?;
        Ok(metadata(&cap_std::fs::Metadata::from_just_metadata(file)))
    }

    fn set_size(&mut self, size: u64) -> Result<(), Errno> {
        self.0.set_len(size).map_err(errno)
    }

    fn allocate(&mut self, offset: u64, len: u64) -> Result<(), Errno> {
        let mode = rustix::fs::FallocateFlags::empty();
        rustix::fs::fallocate(&self.0, mode, offset, len).map_err(linux_errno)
    }

    fn set_times(&mut self, accessed: NewTime, modified: NewTime) -> Result<(), Errno> {
        let times = timestamps(accessed, modified)?;
        rustix::fs::futimens(&self.0, &times).map_err(linux_errno)
    }

    fn sync(&mut self, data_only: bool) -> Result<(), Errno> {
        match data_only {
            true => self.0.sync_data(),
            false => self.0.sync_all(),
        }
        .map_err(errno)
    }

    fn advise(&mut self, offset: u64, len: u64, advice: Advice) -> Result<(), Errno> {
        let advice = match advice {
            Advice::Normal => rustix::fs::Advice::Normal,
            Advice::Sequential => rustix::fs::Advice::Sequential,
            Advice::Random => rustix::fs::Advice::Random,
            Advice::WillNeed => rustix::fs::Advice::WillNeed,
            Advice::DontNeed => rustix::fs::Advice::DontNeed,
            Advice::NoReuse => rustix::fs::Advice::NoReuse,
        };
        let len = core::num::NonZeroU64::new(len);
        rustix::fs::fadvise(&self.0, offset, len, advice).map_err(linux_errno)
    }
}

struct HostDirectory(Dir);

impl HostDirectory {
    fn of_same(other: &dyn Directory) -> Result<&Self, Errno> {
        let other = (other as &dyn Any).downcast_ref::<Self>();
        other.ok_or(Errno::Xdev)
    }
}

impl Directory for HostDirectory {
    fn open(&self, path: &str, options: OpenOptions) -> Result<Open, Errno> {
        let mut how = cap_std::fs::OpenOptions::new();
        how.maybe_dir(true);
        match (options.create, options.exclusive) {
            (true, true) => how.create_new(true).write(true),
            (true, false) => how.create(true).write(true),
            (false, _) => &mut how,
        };
        if options.truncate {
            how.truncate(true).write(true);
        }
        if options.write {
            how.write(true);
        }
        if options.read {
            how.read(true);
        }
        how.follow(match options.follow {
            true => FollowSymlinks::Yes,
            false => FollowSymlinks::No,
        });
        how.sync(options.sync.file)
            .dsync(options.sync.data)
            .rsync(options.sync.read)
            // A pipe without another end does not hold anybody up.
            .nonblock(true);
        let file = self.0.open_with(path, &how).map_err(errno)?.into_std();
        let is_directory = file.metadata().map_err(errno)?.is_dir();
        match (is_directory, options.directory) {
            (true, _) => Ok(Open::Directory(Arc::new(Self(Dir::from_std_file(file))))),
            (false, true) => Err(Errno::Notdir),
            (false, false) => Ok(Open::File(Box::new(HostFile(file)))),
        }
    }

    fn list(&self) -> Result<Box<dyn Listing>, Errno> {
        // The descriptor may be one that is for paths only, which can't be read.
        let how = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let opened = rustix::fs::openat(&self.0, ".", how, Mode::empty());
        match opened.and_then(rustix::fs::Dir::new) {
            Ok(listing) => Ok(Box::new(HostListing(Some(listing)))),
            // It was removed while it is open.
            Err(rustix::io::Errno::NOENT) => Ok(Box::new(HostListing(None))),
            Err(error) => Err(linux_errno(error)),
        }
    }

    fn metadata(&self) -> Result<Metadata, Errno> {
        Ok(metadata(&self.0.dir_metadata().map_err(errno)?))
    }

    fn set_times(&self, accessed: NewTime, modified: NewTime) -> Result<(), Errno> {
        // The descriptor may be one that is for paths only.
        let times = timestamps(accessed, modified)?;
        rustix::fs::utimensat(&self.0, ".", &times, AtFlags::empty()).map_err(linux_errno)
    }

    fn metadata_at(&self, path: &str, follow: bool) -> Result<Metadata, Errno> {
        let found = match follow {
            true => self.0.metadata(path),
            false => self.0.symlink_metadata(path),
        };
        Ok(metadata(&found.map_err(errno)?))
    }

    fn set_times_at(
        &self,
        path: &str,
        follow: bool,
        accessed: NewTime,
        modified: NewTime,
    ) -> Result<(), Errno> {
        let (accessed, modified) = (spec(accessed)?, spec(modified)?);
        match follow {
            true => self.0.set_times(path, accessed, modified),
            false => self.0.set_symlink_times(path, accessed, modified),
        }
        .map_err(errno)
    }

    fn read_link(&self, path: &str) -> Result<String, Errno> {
        let target = self.0.read_link(path).map_err(errno)?;
        target
            .into_os_string()
            .into_string()
            .map_err(|_| Errno::Ilseq)
    }

    fn create_directory(&self, path: &str) -> Result<(), Errno> {
        self.0.create_dir(path).map_err(errno)
    }

    fn remove_directory(&self, path: &str) -> Result<(), Errno> {
        self.0.remove_dir(path).map_err(errno)
    }

    fn unlink(&self, path: &str) -> Result<(), Errno> {
        self.0.remove_file_or_symlink(path).map_err(errno)
    }

    fn symlink(&self, target: &str, path: &str) -> Result<(), Errno> {
        cap_fs_ext::DirExt::symlink(&self.0, target, path).map_err(errno)
    }

    fn rename(&self, from: &str, other: &dyn Directory, to: &str) -> Result<(), Errno> {
        let other = Self::of_same(other)?;
        self.0.rename(from, &other.0, to).map_err(errno)
    }

    fn link(&self, from: &str, other: &dyn Directory, to: &str) -> Result<(), Errno> {
        let other = Self::of_same(other)?;
        self.0.hard_link(from, &other.0, to).map_err(errno)
    }
}

/// `None`: nothing is in it.
struct HostListing(Option<rustix::fs::Dir>);

impl Listing for HostListing {
    fn next(&mut self) -> Result<Option<Entry>, Errno> {
        loop {
            let Some(entry) = self.0.as_mut().and_then(rustix::fs::Dir::read) else {
                return Ok(None);
            };
            let entry = entry.map_err(linux_errno)?;
            let name = entry.file_name().to_bytes();
            if matches!(name, b"." | b"..") {
                continue;
            }
            // As elsewhere: what has no name in UTF-8 can't be named.
            let name = core::str::from_utf8(name).map_err(|_| Errno::Ilseq)?;
            return Ok(Some(Entry {
                name: name.into(),
                inode: entry.ino(),
                file_type: match entry.file_type() {
                    rustix::fs::FileType::RegularFile => FileType::RegularFile,
                    rustix::fs::FileType::Directory => FileType::Directory,
                    rustix::fs::FileType::Symlink => FileType::SymbolicLink,
                    rustix::fs::FileType::CharacterDevice => FileType::CharacterDevice,
                    rustix::fs::FileType::BlockDevice => FileType::BlockDevice,
                    _ => FileType::Unknown,
                },
            }));
        }
    }
}
