//! What is done with descriptors: files, streams, open directories.

use super::Call;
use super::types::{Dirent, FdFlags, FdStat, FileStat, Prestat, Rights, Whence, flags, new_times};
use crate::descriptors::{Descriptor, Listed, OpenDirectory, OpenFile};
use crate::error::{Done, Fault};
use crate::fs::{FilePerms, Times};
use crate::guest::{Guest, Layout, Store};
use crate::wait::Task;
use crate::{Advice, DirPerms, Entry, Errno, FileType, Metadata, heap};
use core::task::Poll;

/// How many bytes one call reads or writes at most, so that others have their turn.
const MAX_TRANSFER: usize = 16 << 20;

/// What a directory's descriptor may be used for.
const DIRECTORY: Rights = Rights::PATH_CREATE_DIRECTORY
    .union(Rights::PATH_CREATE_FILE)
    .union(Rights::PATH_LINK_SOURCE)
    .union(Rights::PATH_LINK_TARGET)
    .union(Rights::PATH_OPEN)
    .union(Rights::FD_READDIR)
    .union(Rights::PATH_READLINK)
    .union(Rights::PATH_RENAME_SOURCE)
    .union(Rights::PATH_RENAME_TARGET)
    .union(Rights::PATH_SYMLINK)
    .union(Rights::PATH_REMOVE_DIRECTORY)
    .union(Rights::PATH_UNLINK_FILE)
    .union(Rights::PATH_FILESTAT_GET)
    .union(Rights::PATH_FILESTAT_SET_TIMES)
    .union(Rights::FD_FILESTAT_GET)
    .union(Rights::FD_FILESTAT_SET_TIMES);

/// What those may be used for that are opened in a directory.
const INHERITING: Rights = DIRECTORY
    .union(Rights::FD_DATASYNC)
    .union(Rights::FD_READ)
    .union(Rights::FD_SEEK)
    .union(Rights::FD_FDSTAT_SET_FLAGS)
    .union(Rights::FD_SYNC)
    .union(Rights::FD_TELL)
    .union(Rights::FD_WRITE)
    .union(Rights::FD_ADVISE)
    .union(Rights::FD_ALLOCATE)
    .union(Rights::FD_FILESTAT_SET_SIZE)
    .union(Rights::POLL_FD_READWRITE);

pub(super) fn fd_advise(call: &mut Call<'_>, fd: u32, offset: u64, len: u64, advice: u32) -> Done {
    let file = call.descriptors.file(fd)?;
    let advice = match advice {
        0 => Advice::Normal,
        1 => Advice::Sequential,
        2 => Advice::Random,
        3 => Advice::WillNeed,
        4 => Advice::DontNeed,
        5 => Advice::NoReuse,
        _ => return Err(Errno::Inval.into()),
    };
    Ok(file.file.advise(offset, len, advice)?)
}

pub(super) fn fd_allocate(call: &mut Call<'_>, fd: u32, offset: u64, len: u64) -> Done {
    let file = call.descriptors.file(fd)?;
    if !file.write {
        return Err(Errno::Badf.into());
    }
    if len == 0 {
        return Err(Errno::Inval.into());
    }
    Ok(file.file.allocate(offset, len)?)
}

pub(super) fn fd_close(call: &mut Call<'_>, fd: u32) -> Done {
    call.descriptors.close(fd)
}

pub(super) fn fd_datasync(call: &mut Call<'_>, fd: u32) -> Done {
    Ok(call.descriptors.file(fd)?.file.sync(true)?)
}

pub(super) fn fd_sync(call: &mut Call<'_>, fd: u32) -> Done {
    Ok(call.descriptors.file(fd)?.file.sync(false)?)
}

/// The type of a stream.
fn stream_type(is_terminal: bool) -> FileType {
    match is_terminal {
        true => FileType::CharacterDevice,
        false => FileType::Unknown,
    }
}

pub(super) fn fd_fdstat_get(call: &mut Call<'_>, fd: u32, stat: u32) -> Done {
    let plain = |file_type, rights| FdStat {
        file_type,
        flags: FdFlags::empty(),
        base: rights,
        inheriting: rights,
    };
    let fd_stat = match call.descriptors.get(fd)? {
        Descriptor::Input(stream) => plain(
            stream_type(stream.is_terminal()),
            Rights::FD_READ | Rights::POLL_FD_READWRITE,
        ),
        Descriptor::Output(stream) => plain(
            stream_type(stream.is_terminal()),
            Rights::FD_WRITE | Rights::POLL_FD_READWRITE,
        ),
        Descriptor::Directory(_) => FdStat {
            inheriting: INHERITING,
            ..plain(FileType::Directory, DIRECTORY)
        },
        Descriptor::File(file) => {
            let mut rights = Rights::all();
            if !file.read {
                rights.remove(Rights::FD_READ | Rights::FD_READDIR);
            }
            if !file.write {
                rights.remove(Rights::FD_WRITE);
            }
            let mut flags = FdFlags::of_sync(file.sync);
            flags.set(FdFlags::APPEND, file.append);
            flags.set(FdFlags::NONBLOCK, file.nonblock);
            FdStat {
                flags,
                ..plain(file.file.metadata()?.file_type, rights)
            }
        }
    };
    call.guest.write(stat, fd_stat)
}

pub(super) fn fd_fdstat_set_flags(call: &mut Call<'_>, fd: u32, bits: u32) -> Done {
    let file = call.descriptors.file(fd)?;
    let flags: FdFlags = flags(bits)?;
    if flags.intersects(FdFlags::DSYNC | FdFlags::RSYNC | FdFlags::SYNC) {
        return Err(Errno::Inval.into());
    }
    file.append = flags.contains(FdFlags::APPEND);
    file.nonblock = flags.contains(FdFlags::NONBLOCK);
    Ok(())
}

pub(super) fn fd_fdstat_set_rights(
    call: &mut Call<'_>,
    fd: u32,
    _base: u64,
    _inheriting: u64,
) -> Done {
    call.descriptors.get(fd)?;
    Err(Errno::Notsup.into())
}

pub(super) fn fd_filestat_get(call: &mut Call<'_>, fd: u32, stat: u32) -> Done {
    let metadata = metadata(call, fd)?;
    call.guest.write(stat, FileStat(metadata))
}

/// What is known of what a descriptor is of.
pub(super) fn metadata(call: &Call<'_>, fd: u32) -> Done<Metadata> {
    let of_stream = |is_terminal| Metadata {
        device: 0,
        inode: 0,
        file_type: stream_type(is_terminal),
        links: 0,
        size: 0,
        times: Times::default(),
    };
    Ok(match call.descriptors.get(fd)? {
        Descriptor::Input(stream) => of_stream(stream.is_terminal()),
        Descriptor::Output(stream) => of_stream(stream.is_terminal()),
        Descriptor::Directory(directory) => directory.directory.metadata()?,
        Descriptor::File(file) => file.file.metadata()?,
    })
}

pub(super) fn fd_filestat_set_size(call: &mut Call<'_>, fd: u32, size: u64) -> Done {
    let file = call.descriptors.file(fd)?;
    if !file.write {
        return Err(Errno::Inval.into());
    }
    Ok(file.file.set_size(size)?)
}

pub(super) fn fd_filestat_set_times(
    call: &mut Call<'_>,
    fd: u32,
    accessed: u64,
    modified: u64,
    set: u32,
) -> Done {
    let (accessed, modified) = new_times(accessed, modified, set)?;
    match call.descriptors.get_mut(fd)? {
        Descriptor::File(file) if file.perms.contains(FilePerms::WRITE) => {
            file.file.set_times(accessed, modified)?;
        }
        Descriptor::Directory(directory) if directory.dir_perms.contains(DirPerms::MUTATE) => {
            directory.directory.set_times(accessed, modified)?;
        }
        Descriptor::File(_) | Descriptor::Directory(_) => return Err(Errno::Perm.into()),
        Descriptor::Input(_) | Descriptor::Output(_) => return Err(Errno::Badf.into()),
    }
    Ok(())
}

/// How a transfer has gone: it ends with the first piece that is not done in full.
struct Transfer {
    bytes: usize,
    ended: bool,
}

impl Transfer {
    /// Adds what came of a piece of `len` bytes. `Pending`: nothing was transferred so far.
    fn add(&mut self, polled: Poll<Result<usize, Errno>>, len: usize) -> Poll<Done> {
        match polled {
            Poll::Ready(Ok(bytes)) => {
                self.bytes += bytes.min(len);
                self.ended = bytes < len;
            }
            // The guest is told next time.
            Poll::Ready(Err(_)) | Poll::Pending if self.bytes > 0 => self.ended = true,
            Poll::Ready(Err(errno)) => return Poll::Ready(Err(errno.into())),
            Poll::Pending => return Poll::Pending,
        }
        Poll::Ready(Ok(()))
    }
}

/// Where a position leads after so many bytes.
fn after(position: u64, bytes: usize) -> Done<u64> {
    Ok(position.checked_add(bytes as u64).ok_or(Errno::Overflow)?)
}

/// Reads into a list of buffers: how many bytes, or not yet.
fn read(
    call: &mut Call<'_>,
    task: &mut Task<'_, '_>,
    fd: u32,
    (list, count): (u32, u32),
    offset: Option<u64>,
) -> Done<Poll<usize>> {
    let buffers = call.guest.buffers(list, count)?;
    let descriptor = match offset {
        None => call.descriptors.get_mut(fd)?,
        Some(_) => {
            call.descriptors.seekable(fd)?;
            call.descriptors.get_mut(fd)?
        }
    };
    match descriptor {
        Descriptor::Input(_) => {}
        Descriptor::File(file) if file.read => {}
        _ => return Err(Errno::Badf.into()),
    }
    let mut transfer = Transfer {
        bytes: 0,
        ended: false,
    };
    for mut range in buffers.iter().filter(|range| !range.is_empty()) {
        if transfer.ended || transfer.bytes == MAX_TRANSFER {
            break;
        }
        range.end = range.end.min(range.start + MAX_TRANSFER - transfer.bytes);
        let buffer = call.guest.checked_mut(range);
        let len = buffer.len();
        let polled = match descriptor {
            Descriptor::Input(stream) => stream.poll_read(task.context, buffer),
            Descriptor::File(file) => {
                let from = after(offset.unwrap_or(file.position), transfer.bytes)?;
                file.file.poll_read(task.context, buffer, from)
            }
            _ => break,
        };
        match transfer.add(polled, len) {
            Poll::Ready(done) => done?,
            Poll::Pending => return Ok(Poll::Pending),
        }
    }
    if let (Descriptor::File(file), None) = (descriptor, offset) {
        file.position = after(file.position, transfer.bytes)?;
    }
    Ok(Poll::Ready(transfer.bytes))
}

/// Writes from a list of buffers: how many bytes, or not yet.
fn write(
    call: &mut Call<'_>,
    task: &mut Task<'_, '_>,
    fd: u32,
    (list, count): (u32, u32),
    offset: Option<u64>,
) -> Done<Poll<usize>> {
    let buffers = call.guest.buffers(list, count)?;
    let descriptor = match offset {
        None => call.descriptors.get_mut(fd)?,
        Some(_) => {
            call.descriptors.seekable(fd)?;
            call.descriptors.get_mut(fd)?
        }
    };
    match descriptor {
        Descriptor::Output(_) => {}
        Descriptor::File(file) if file.write => {}
        _ => return Err(Errno::Badf.into()),
    }
    let mut transfer = Transfer {
        bytes: 0,
        ended: false,
    };
    for mut range in buffers.iter().filter(|range| !range.is_empty()) {
        if transfer.ended || transfer.bytes == MAX_TRANSFER {
            break;
        }
        range.end = range.end.min(range.start + MAX_TRANSFER - transfer.bytes);
        let bytes = call.guest.checked(range);
        let len = bytes.len();
        let polled = match descriptor {
            Descriptor::Output(stream) => stream.poll_write(task.context, bytes),
            Descriptor::File(file) => {
                let at = match file.append {
                    true => None,
                    false => Some(after(offset.unwrap_or(file.position), transfer.bytes)?),
                };
                file.file.poll_write(task.context, bytes, at)
            }
            _ => break,
        };
        match transfer.add(polled, len) {
            Poll::Ready(done) => done?,
            Poll::Pending => return Ok(Poll::Pending),
        }
    }
    if let (Descriptor::File(file), None) = (descriptor, offset) {
        file.position = match file.append {
            true => file.file.metadata()?.size,
            false => after(file.position, transfer.bytes)?,
        };
    }
    Ok(Poll::Ready(transfer.bytes))
}

/// Tells the guest how many bytes it were.
fn transferred(guest: &mut Guest<'_>, at: u32, done: Done<Poll<usize>>) -> Poll<Done> {
    match done {
        Ok(Poll::Ready(bytes)) => Poll::Ready(guest.write(at, bytes as u32)),
        Ok(Poll::Pending) => Poll::Pending,
        Err(fault) => Poll::Ready(Err(fault)),
    }
}

pub(super) fn fd_read(
    call: &mut Call<'_>,
    task: &mut Task<'_, '_>,
    (): &mut (),
    fd: u32,
    buffers: u32,
    count: u32,
    bytes: u32,
) -> Poll<Done> {
    let done = read(call, task, fd, (buffers, count), None);
    transferred(&mut call.guest, bytes, done)
}

pub(super) fn fd_pread(
    call: &mut Call<'_>,
    task: &mut Task<'_, '_>,
    (): &mut (),
    fd: u32,
    buffers: u32,
    count: u32,
    offset: u64,
    bytes: u32,
) -> Poll<Done> {
    let done = read(call, task, fd, (buffers, count), Some(offset));
    transferred(&mut call.guest, bytes, done)
}

pub(super) fn fd_write(
    call: &mut Call<'_>,
    task: &mut Task<'_, '_>,
    (): &mut (),
    fd: u32,
    buffers: u32,
    count: u32,
    bytes: u32,
) -> Poll<Done> {
    let done = write(call, task, fd, (buffers, count), None);
    transferred(&mut call.guest, bytes, done)
}

pub(super) fn fd_pwrite(
    call: &mut Call<'_>,
    task: &mut Task<'_, '_>,
    (): &mut (),
    fd: u32,
    buffers: u32,
    count: u32,
    offset: u64,
    bytes: u32,
) -> Poll<Done> {
    let done = write(call, task, fd, (buffers, count), Some(offset));
    transferred(&mut call.guest, bytes, done)
}

/// The path that a directory was given by.
fn preopened<'a>(call: &'a Call<'_>, fd: u32, other: Errno) -> Done<&'a str> {
    match call.descriptors.get(fd)? {
        Descriptor::Directory(OpenDirectory {
            preopened: Some(path),
            ..
        }) => Ok(path),
        _ => Err(other.into()),
    }
}

pub(super) fn fd_prestat_get(call: &mut Call<'_>, fd: u32, stat: u32) -> Done {
    let path = preopened(call, fd, Errno::Badf)?;
    let name_len = u32::try_from(path.len()).map_err(|_| Errno::Overflow)?;
    call.guest.write(stat, Prestat { name_len })
}

pub(super) fn fd_prestat_dir_name(call: &mut Call<'_>, fd: u32, path: u32, len: u32) -> Done {
    let name_len = preopened(call, fd, Errno::Notdir)?.len();
    if name_len > len as usize {
        return Err(Errno::Nametoolong.into());
    }
    let Call {
        descriptors, guest, ..
    } = call;
    let place = guest.bytes_mut(path, name_len as u32)?;
    if let Descriptor::Directory(OpenDirectory {
        preopened: Some(name),
        ..
    }) = descriptors.get(fd)?
    {
        place.copy_from_slice(name.as_bytes());
    }
    Ok(())
}

impl OpenDirectory {
    /// The entry with this number, and what is left of the listing is kept for the next.
    fn entry(&mut self, number: u64) -> Done<Option<Entry>> {
        if let Some(name) = [".", ".."].get(number as usize) {
            let Metadata { inode, .. } = self.directory.metadata()?;
            return Ok(Some(Entry {
                name: (*name).into(),
                inode,
                file_type: FileType::Directory,
            }));
        }
        // The numbers of the listing's entries follow.
        let number = number - 2;
        let listed = match &mut self.listed {
            Some(listed) if listed.next <= number => listed,
            place => place.insert(Listed {
                listing: self.directory.list()?,
                next: 0,
                kept: None,
            }),
        };
        loop {
            let entry = match listed.kept.take() {
                Some(entry) => entry,
                None => match listed.listing.next()? {
                    Some(entry) => entry,
                    None => return Ok(None),
                },
            };
            listed.next += 1;
            if listed.next > number {
                return Ok(Some(entry));
            }
        }
    }

    /// Keeps an entry for the next call, which asks for it again.
    fn keep(&mut self, number: u64, entry: Entry) {
        if let (Some(listed), 2..) = (&mut self.listed, number) {
            listed.next -= 1;
            listed.kept = Some(entry);
        }
    }
}

pub(super) fn fd_readdir(
    call: &mut Call<'_>,
    fd: u32,
    buffer: u32,
    len: u32,
    cookie: u64,
    used: u32,
) -> Done {
    // A listing stays with its descriptor.
    heap::look()?;
    let directory = call.descriptors.directory_mut(fd)?;
    directory.readable()?;
    let mut rest = call.guest.bytes_mut(buffer, len)?;
    if cookie == 0 {
        // From the beginning: as the directory is now.
        directory.listed = None;
    }
    let mut number = cookie;
    while !rest.is_empty()
        && let Some(entry) = directory.entry(number)?
    {
        let next = number.checked_add(1).ok_or(Errno::Overflow)?;
        let mut head = [0; Dirent::SIZE as usize];
        Dirent {
            next,
            inode: entry.inode,
            name_len: u32::try_from(entry.name.len()).map_err(|_| Errno::Overflow)?,
            file_type: entry.file_type,
        }
        .store(&mut head);
        let whole = head.len() + entry.name.len() <= rest.len();
        for part in [&head[..], entry.name.as_bytes()] {
            let fits = part.len().min(rest.len());
            let (place, after) = rest.split_at_mut(fits);
            place.copy_from_slice(&part[..fits]);
            rest = after;
        }
        if !whole {
            directory.keep(number, entry);
            break;
        }
        number = next;
    }
    let rest = rest.len() as u32;
    call.guest.write(used, len - rest)
}

pub(super) fn fd_renumber(call: &mut Call<'_>, from: u32, to: u32) -> Done {
    call.descriptors.renumber(from, to)
}

pub(super) fn fd_seek(
    call: &mut Call<'_>,
    fd: u32,
    offset: u64,
    whence: u32,
    position: u32,
) -> Done {
    let whence = match whence {
        0 => Some(Whence::Start),
        1 => Some(Whence::Position),
        2 => Some(Whence::End),
        _ => None,
    };
    seek(call, fd, offset, whence, position)
}

/// Moves a position; `None`: from nobody knows where.
pub(super) fn seek(
    call: &mut Call<'_>,
    fd: u32,
    offset: u64,
    whence: Option<Whence>,
    position: u32,
) -> Done {
    let file = call.descriptors.seekable(fd)?;
    let from = match whence.ok_or(Errno::Inval)? {
        Whence::Start => 0,
        Whence::Position => file.position,
        Whence::End => file.file.metadata()?.size,
    };
    let to = from.checked_add_signed(offset as i64);
    // As POSIX has it: positions are signed.
    let to = to.filter(|to| i64::try_from(*to).is_ok());
    file.position = to.ok_or(Errno::Inval)?;
    let to = file.position;
    call.guest.write(position, to)
}

pub(super) fn fd_tell(call: &mut Call<'_>, fd: u32, position: u32) -> Done {
    let at = call.descriptors.seekable(fd)?.position;
    call.guest.write(position, at)
}

impl OpenFile {
    /// How many bytes lie behind the position.
    pub(super) fn behind(&self) -> Result<u64, Fault> {
        Ok(self.file.metadata()?.size.saturating_sub(self.position))
    }
}
