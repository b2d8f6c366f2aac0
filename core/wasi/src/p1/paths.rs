//! What is done with paths.

use super::Call;
use super::types::{FdFlags, FileStat, LookupFlags, OFlags, Rights, flags, new_times};
use crate::descriptors::{Descriptor, OpenDirectory, OpenFile};
use crate::error::Done;
use crate::fs::{FilePerms, Open, OpenOptions};
use crate::{Errno, Metadata};

/// Whether the last of a path's symbolic links is followed.
fn follow(bits: u32) -> Done<bool> {
    Ok(flags::<LookupFlags>(bits)?.contains(LookupFlags::SYMLINK_FOLLOW))
}

pub(super) fn path_create_directory(call: &mut Call<'_>, fd: u32, path: u32, len: u32) -> Done {
    let directory = call.descriptors.directory(fd)?;
    let path = call.guest.path(path, len)?;
    Ok(directory.mutable()?.create_directory(path)?)
}

pub(super) fn path_filestat_get(
    call: &mut Call<'_>,
    fd: u32,
    lookup: u32,
    path: u32,
    len: u32,
    stat: u32,
) -> Done {
    let metadata = metadata(call, fd, lookup, (path, len))?;
    call.guest.write(stat, FileStat(metadata))
}

/// What is known of what a path leads to.
pub(super) fn metadata(
    call: &Call<'_>,
    fd: u32,
    lookup: u32,
    (path, len): (u32, u32),
) -> Done<Metadata> {
    let directory = call.descriptors.directory(fd)?;
    let path = call.guest.path(path, len)?;
    Ok(directory.readable()?.metadata_at(path, follow(lookup)?)?)
}

pub(super) fn path_filestat_set_times(
    call: &mut Call<'_>,
    fd: u32,
    lookup: u32,
    path: u32,
    len: u32,
    accessed: u64,
    modified: u64,
    set: u32,
) -> Done {
    let (accessed, modified) = new_times(accessed, modified, set)?;
    let directory = call.descriptors.directory(fd)?;
    let path = call.guest.path(path, len)?;
    let follow = follow(lookup)?;
    Ok(directory
        .mutable()?
        .set_times_at(path, follow, accessed, modified)?)
}

pub(super) fn path_link(
    call: &mut Call<'_>,
    fd: u32,
    lookup: u32,
    path: u32,
    len: u32,
    to_fd: u32,
    to_path: u32,
    to_len: u32,
) -> Done {
    let from = call.descriptors.directory(fd)?;
    let to = call.descriptors.directory(to_fd)?;
    let path = call.guest.path(path, len)?;
    let to_path = call.guest.path(to_path, to_len)?;
    let (from_perms, to_perms) = (from.file_perms, to.file_perms);
    let (from, to) = (from.mutable()?, to.mutable()?);
    if follow(lookup)? {
        return Err(Errno::Inval.into());
    }
    // A further name must not be a way to what the first one forbids.
    if !from_perms.contains(to_perms) {
        return Err(Errno::Perm.into());
    }
    Ok(from.link(path, to, to_path)?)
}

pub(super) fn path_open(
    call: &mut Call<'_>,
    fd: u32,
    lookup: u32,
    path: u32,
    len: u32,
    open: u32,
    base: u64,
    inheriting: u64,
    descriptor: u32,
    opened: u32,
) -> Done {
    let rights: Rights = flags(base)?;
    let _: Rights = flags(inheriting)?;
    let open: OFlags = flags(open)?;
    let descriptor: FdFlags = flags(descriptor)?;
    call.descriptors.room()?;
    let directory = call.descriptors.directory(fd)?;
    let path = call.guest.path(path, len)?;
    let write = rights.contains(Rights::FD_WRITE);
    let options = OpenOptions {
        read: rights.contains(Rights::FD_READ) || !write,
        write,
        create: open.contains(OFlags::CREAT),
        exclusive: open.contains(OFlags::EXCL),
        truncate: open.contains(OFlags::TRUNC),
        directory: open.contains(OFlags::DIRECTORY),
        follow: follow(lookup)?,
        sync: descriptor.sync(),
    };
    let &OpenDirectory {
        dir_perms,
        file_perms,
        ..
    } = directory;
    let file = if options.directory && (options.create || options.exclusive || options.truncate) {
        return Err(Errno::Inval.into());
    } else {
        let host = directory.readable()?;
        if options.create {
            directory.mutable()?;
        }
        if (options.write || options.truncate) && !file_perms.contains(FilePerms::WRITE) {
            return Err(Errno::Perm.into());
        }
        host.open(path, options)?
    };
    let new = match file {
        Open::File(_) if options.read && !file_perms.contains(FilePerms::READ) => {
            return Err(Errno::Perm.into());
        }
        Open::File(file) => Descriptor::File(OpenFile {
            file,
            position: 0,
            read: options.read,
            write,
            append: descriptor.contains(FdFlags::APPEND),
            nonblock: descriptor.contains(FdFlags::NONBLOCK),
            sync: options.sync,
            perms: file_perms,
        }),
        Open::Directory(directory) => Descriptor::Directory(OpenDirectory {
            directory,
            dir_perms,
            file_perms,
            preopened: None,
            listed: None,
        }),
    };
    // Nothing is opened that the guest is not told of.
    call.guest.write(opened, 0_u32)?;
    let number = call.descriptors.insert(new);
    call.guest.write(opened, number)
}

pub(super) fn path_readlink(
    call: &mut Call<'_>,
    fd: u32,
    path: u32,
    len: u32,
    buffer: u32,
    buffer_len: u32,
    used: u32,
) -> Done {
    let directory = call.descriptors.directory(fd)?;
    let path = call.guest.path(path, len)?;
    let target = directory.readable()?.read_link(path)?;
    let place = call.guest.bytes_mut(buffer, buffer_len)?;
    let fits = target.len().min(place.len());
    place[..fits].copy_from_slice(&target.as_bytes()[..fits]);
    call.guest.write(used, fits as u32)
}

pub(super) fn path_remove_directory(call: &mut Call<'_>, fd: u32, path: u32, len: u32) -> Done {
    let directory = call.descriptors.directory(fd)?;
    let path = call.guest.path(path, len)?;
    Ok(directory.mutable()?.remove_directory(path)?)
}

pub(super) fn path_rename(
    call: &mut Call<'_>,
    fd: u32,
    path: u32,
    len: u32,
    to_fd: u32,
    to_path: u32,
    to_len: u32,
) -> Done {
    let from = call.descriptors.directory(fd)?;
    let to = call.descriptors.directory(to_fd)?;
    let path = call.guest.path(path, len)?;
    let to_path = call.guest.path(to_path, to_len)?;
    // Another place must not be a way to what the first one forbids.
    if !from.file_perms.contains(to.file_perms) || !from.dir_perms.contains(to.dir_perms) {
        return Err(Errno::Perm.into());
    }
    Ok(from.mutable()?.rename(path, to.mutable()?, to_path)?)
}

pub(super) fn path_symlink(
    call: &mut Call<'_>,
    target: u32,
    target_len: u32,
    fd: u32,
    path: u32,
    len: u32,
) -> Done {
    let directory = call.descriptors.directory(fd)?;
    let target = call.guest.path(target, target_len)?;
    let path = call.guest.path(path, len)?;
    Ok(directory.mutable()?.symlink(target, path)?)
}

pub(super) fn path_unlink_file(call: &mut Call<'_>, fd: u32, path: u32, len: u32) -> Done {
    let directory = call.descriptors.directory(fd)?;
    let path = call.guest.path(path, len)?;
    Ok(directory.mutable()?.unlink(path)?)
}
