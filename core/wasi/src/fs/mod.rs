//! Directories and files, as a host gives them.

#[cfg(feature = "archive")]
mod archive;
#[cfg(feature = "directories")]
mod directory;
#[cfg(feature = "fat")]
mod fat;
mod memory;
mod path;

#[cfg(feature = "archive")]
pub use archive::InvalidArchive;
#[cfg(feature = "directories")]
pub(crate) use directory::open as open_directory;
#[cfg(feature = "fat")]
pub use fat::{BlockDevice, FatFileSystem, InvalidVolume};
pub use memory::MemoryFileSystem;

use crate::Errno;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::sync::Arc;
use bitflags::bitflags;
use core::any::Any;
use core::task::{Context, Poll};
use core::time::Duration;

bitflags! {
    /// What a guest may do with a directory, and with those in it.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub struct DirPerms: usize {
        /// Look what is in it, and open that.
        const READ = 1;
        /// Create, rename and remove what is in it.
        const MUTATE = 2;
    }
}

bitflags! {
    /// What a guest may do with the files of a directory.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub struct FilePerms: usize {
        /// Read them.
        const READ = 1;
        /// Write them.
        const WRITE = 2;
    }
}

/// What something in a directory is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FileType {
    /// None of the others.
    Unknown,
    /// A device of blocks.
    BlockDevice,
    /// A device of characters.
    CharacterDevice,
    /// A directory.
    Directory,
    /// A regular file.
    RegularFile,
    /// A symbolic link.
    SymbolicLink,
}

/// When a file was used, since the beginning of 1970.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Times {
    /// Read, as far as the file system keeps that.
    pub accessed: Duration,
    /// Written.
    pub modified: Duration,
    /// Changed in any way.
    pub changed: Duration,
}

/// What is known of a file or directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Metadata {
    /// The number of the file system.
    pub device: u64,
    /// Its number in it: with `device`, no other file has the same.
    pub inode: u64,
    /// What it is.
    pub file_type: FileType,
    /// How many names it has.
    pub links: u64,
    /// Its size in bytes.
    pub size: u64,
    /// When it was used.
    pub times: Times,
}

/// What a time is set to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewTime {
    /// It stays.
    Keep,
    /// The present time.
    Now,
    /// This time since the beginning of 1970.
    At(Duration),
}

/// How far a write has gone when it is answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sync {
    /// The data is on the medium.
    pub data: bool,
    /// So is what is known of the file.
    pub file: bool,
    /// Reads wait for both.
    pub read: bool,
}

/// How a path is opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OpenOptions {
    /// To be read.
    pub read: bool,
    /// To be written.
    pub write: bool,
    /// Made, if it is not there.
    pub create: bool,
    /// With `create`: it must not have been there.
    pub exclusive: bool,
    /// Emptied.
    pub truncate: bool,
    /// It must be a directory.
    pub directory: bool,
    /// If the path ends in a symbolic link, what that leads to is opened.
    pub follow: bool,
    /// How writes are answered.
    pub sync: Sync,
}

/// What a path has led to.
pub enum Open {
    /// A file.
    File(Box<dyn File>),
    /// A directory.
    Directory(Arc<dyn Directory>),
}

/// What will be done with a part of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Advice {
    /// Nothing is known of it.
    Normal,
    /// It is read from front to back.
    Sequential,
    /// It is read in any order.
    Random,
    /// It is read soon.
    WillNeed,
    /// It is not read soon.
    DontNeed,
    /// It is read once.
    NoReuse,
}

/// An entry of a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// As in [`Metadata::inode`].
    pub inode: u64,
    /// What it is.
    pub file_type: FileType,
}

/// The entries of a directory, `.` and `..` left out, one after the other. What is created or removed meanwhile may be
/// among them; all else is, once.
pub trait Listing: Send {
    /// The next one.
    ///
    /// # Errors
    /// The medium's.
    fn next(&mut self) -> Result<Option<Entry>, Errno>;
}

/// An open file. It knows no position: guests' descriptors do.
pub trait File: Send {
    /// Reads from there on what there is, as far as the buffer has room, and returns how much; 0: the file ends before.
    /// Until the medium has answered, it returns [`Poll::Pending`] and wakes the task later; it may be asked for something
    /// else then.
    ///
    /// # Errors
    /// The medium's.
    fn poll_read(
        &mut self,
        task: &mut Context<'_>,
        buffer: &mut [u8],
        offset: u64,
    ) -> Poll<Result<usize, Errno>>;

    /// Writes as much of the bytes as it can, one at least, there, or at the end of the file (`None`), and returns how much.
    /// Waits as [`poll_read`](Self::poll_read) does.
    ///
    /// # Errors
    /// The medium's; [`Errno::Nospc`] if it is full.
    fn poll_write(
        &mut self,
        task: &mut Context<'_>,
        bytes: &[u8],
        offset: Option<u64>,
    ) -> Poll<Result<usize, Errno>>;

    /// What is known of it.
    ///
    /// # Errors
    /// The medium's.
    fn metadata(&self) -> Result<Metadata, Errno>;

    /// Cuts it off, or adds zeroes.
    ///
    /// # Errors
    /// As for [`poll_write`](Self::poll_write).
    fn set_size(&mut self, size: u64) -> Result<(), Errno>;

    /// Sees to it that writes to that range do not find the medium full, and that the file goes as far.
    ///
    /// # Errors
    /// As for [`poll_write`](Self::poll_write); [`Errno::Notsup`] where there is no such thing.
    fn allocate(&mut self, offset: u64, len: u64) -> Result<(), Errno> {
        let _ = (offset, len);
        Err(Errno::Notsup)
    }

    /// Sets its times.
    ///
    /// # Errors
    /// As for [`poll_write`](Self::poll_write).
    fn set_times(&mut self, accessed: NewTime, modified: NewTime) -> Result<(), Errno>;

    /// Returns when what was written is on the medium.
    ///
    /// # Errors
    /// The medium's.
    fn sync(&mut self, data_only: bool) -> Result<(), Errno> {
        let _ = data_only;
        Ok(())
    }

    /// Says what will be done with it.
    ///
    /// # Errors
    /// The medium's.
    fn advise(&mut self, offset: u64, len: u64, advice: Advice) -> Result<(), Errno> {
        let (_, _, _) = (offset, len, advice);
        Ok(())
    }
}

/// An open directory, by which guests reach what is in it and below, and nothing else.
///
/// Paths are relative to it, UTF-8 without NUL, and have at most 4096 bytes. Such that begin with `/`, or lead out of the
/// directory by `..` or a symbolic link, are refused with [`Errno::Perm`], whatever anybody else does meanwhile. Names that
/// WASI has for errors are those of POSIX.
///
/// Whether a guest may do what it asks for was checked before. Methods answer at once.
pub trait Directory: Any + Send + core::marker::Sync {
    /// Opens what is there.
    ///
    /// # Errors
    /// As POSIX says for `openat`.
    fn open(&self, path: &str, options: OpenOptions) -> Result<Open, Errno>;

    /// What is in it.
    ///
    /// # Errors
    /// The medium's.
    fn list(&self) -> Result<Box<dyn Listing>, Errno>;

    /// What is known of the directory itself.
    ///
    /// # Errors
    /// The medium's.
    fn metadata(&self) -> Result<Metadata, Errno>;

    /// Sets the directory's own times.
    ///
    /// # Errors
    /// As POSIX says for `futimens`.
    fn set_times(&self, accessed: NewTime, modified: NewTime) -> Result<(), Errno>;

    /// What is known of what is there. `follow`: if the path ends in a symbolic link, of what that leads to.
    ///
    /// # Errors
    /// As POSIX says for `fstatat`.
    fn metadata_at(&self, path: &str, follow: bool) -> Result<Metadata, Errno>;

    /// Sets the times of what is there; `follow` as in [`metadata_at`](Self::metadata_at).
    ///
    /// # Errors
    /// As POSIX says for `utimensat`.
    fn set_times_at(
        &self,
        path: &str,
        follow: bool,
        accessed: NewTime,
        modified: NewTime,
    ) -> Result<(), Errno>;

    /// What the symbolic link there says.
    ///
    /// # Errors
    /// As POSIX says for `readlinkat`.
    fn read_link(&self, path: &str) -> Result<String, Errno>;

    /// Makes a directory.
    ///
    /// # Errors
    /// As POSIX says for `mkdirat`.
    fn create_directory(&self, path: &str) -> Result<(), Errno>;

    /// Removes an empty directory.
    ///
    /// # Errors
    /// As POSIX says for `unlinkat` with `AT_REMOVEDIR`.
    fn remove_directory(&self, path: &str) -> Result<(), Errno>;

    /// Removes a name of what is no directory.
    ///
    /// # Errors
    /// As POSIX says for `unlinkat`.
    fn unlink(&self, path: &str) -> Result<(), Errno>;

    /// Makes a symbolic link. One that begins with `/` is refused.
    ///
    /// # Errors
    /// As POSIX says for `symlinkat`.
    fn symlink(&self, target: &str, path: &str) -> Result<(), Errno>;

    /// Gives something another name, in another directory perhaps.
    ///
    /// # Errors
    /// As POSIX says for `renameat`; [`Errno::Xdev`] if the other is of another kind or file system.
    fn rename(&self, from: &str, other: &dyn Directory, to: &str) -> Result<(), Errno>;

    /// Gives what is no directory a further name, in another directory perhaps. Symbolic links are not followed.
    ///
    /// # Errors
    /// As POSIX says for `linkat`; [`Errno::Xdev`] as for [`rename`](Self::rename).
    fn link(&self, from: &str, other: &dyn Directory, to: &str) -> Result<(), Errno>;
}
