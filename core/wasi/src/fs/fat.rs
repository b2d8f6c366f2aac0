//! FAT on a block device, to be read.

use super::memory::next_device;
use super::{
    Directory, Entry, File, FileType, Listing, Metadata, NewTime, Open, OpenOptions, Times,
};
use crate::{Errno, heap};
use alloc::boxed::Box;
use alloc::collections::VecDeque;
use alloc::string::{String, ToString as _};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::any::Any;
use core::fmt;
use core::sync::atomic::{AtomicU64, Ordering};
use core::task::{Context, Poll};
use core::time::Duration;
use embedded_io::{ErrorKind, ErrorType, Read, Seek, SeekFrom};
use hadris_fat::sync::read::FileReader;
use hadris_fat::sync::{FatDir, FatVolume, FileEntry};
use hadris_fat::time::FatDateTime;
use spin::{Mutex, MutexGuard};

/// The size of a block, in bytes.
const BLOCK: usize = 512;
/// The largest cluster, in bytes.
const MAX_CLUSTER: usize = 64 << 10;
/// How many entries of a directory are read ahead.
const AHEAD: usize = 32;
/// How often the device is asked at most for an operation on a directory: where clusters go round, it would be for long. The
/// largest directory has 4096 blocks, and entries of the table to be followed.
const PATIENCE: u64 = 1 << 16;

/// A device that is read in blocks of 512 bytes: a card, a disk, or memory.
///
/// ```
/// use wasmetal_wasi::{BlockDevice, Errno};
///
/// /// An image in flash.
/// struct Flash(&'static [u8]);
///
/// impl BlockDevice for Flash {
///     fn blocks(&self) -> u64 {
///         self.0.len() as u64 / 512
///     }
///
///     fn read(&mut self, first: u64, buffer: &mut [u8]) -> Result<(), Errno> {
///         let start = first as usize * 512;
///         let bytes = self.0.get(start..start + buffer.len()).ok_or(Errno::Io)?;
///         buffer.copy_from_slice(bytes);
///         Ok(())
///     }
/// }
/// ```
pub trait BlockDevice: Send {
    /// How many blocks it has.
    fn blocks(&self) -> u64;

    /// Reads blocks from the one with the number `first` on. They are within the device, and fill the buffer.
    ///
    /// # Errors
    /// The medium's.
    fn read(&mut self, first: u64, buffer: &mut [u8]) -> Result<(), Errno>;
}

/// What is on a device is no FAT file system, or a damaged one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidVolume(String);

impl fmt::Display for InvalidVolume {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no FAT file system: {}", self.0)
    }
}

impl core::error::Error for InvalidVolume {}

/// A file system of the kinds FAT12, FAT16 and FAT32, with long names, to be read. A clone is the same one.
///
/// Whatever is on the device, reading ends, with [`Errno::Io`] where it makes no sense. What would change something fails with
/// [`Errno::Rofs`]. Names are found in any case, as FAT has it.
///
/// ```no_run
/// use wasmetal_wasi::{BlockDevice, DirPerms, FatFileSystem, FilePerms, WasiCtxBuilder};
///
/// fn give(builder: &mut WasiCtxBuilder, card: impl BlockDevice + 'static) -> wasmetal::Result<()> {
///     let files = FatFileSystem::new(card)?;
///     builder.preopened_directory(files.root(), "/", DirPerms::READ, FilePerms::READ);
///     Ok(())
/// }
/// ```
#[derive(Clone)]
pub struct FatFileSystem {
    inner: Arc<Inner>,
}

struct Inner {
    device: u32,
    volume: Mutex<FatVolume<Cursor>>,
    /// How often the device may be asked still, for this operation.
    left: Arc<AtomicU64>,
}

impl FatFileSystem {
    /// The file system that begins with the device's first block.
    ///
    /// # Errors
    /// There is none, it is damaged, or the device can't be read.
    pub fn new(device: impl BlockDevice + 'static) -> Result<Self, InvalidVolume> {
        let invalid = |why: &dyn fmt::Display| InvalidVolume(why.to_string());
        let mut cursor = Cursor {
            device: Box::new(device),
            at: 0,
            block: None,
            bytes: [0; BLOCK],
            left: Arc::new(AtomicU64::new(PATIENCE)),
        };
        let left = cursor.left.clone();
        cursor.load(0).map_err(|error| invalid(&error))?;
        let sector = usize::from(u16::from_le_bytes([cursor.bytes[11], cursor.bytes[12]]));
        if sector * usize::from(cursor.bytes[13]) > MAX_CLUSTER {
            return Err(invalid(&"the clusters are too large"));
        }
        let volume = FatVolume::open(cursor).map_err(|error| invalid(&error))?;
        Ok(Self {
            inner: Arc::new(Inner {
                device: next_device(),
                volume: Mutex::new(volume),
                left,
            }),
        })
    }

    /// The directory that contains everything.
    #[must_use]
    pub fn root(&self) -> Arc<dyn Directory> {
        Arc::new(FatDirectory {
            fs: self.inner.clone(),
            node: None,
        })
    }
}

impl fmt::Debug for FatFileSystem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FatFileSystem").finish_non_exhaustive()
    }
}

/// A device as a stream of bytes, with the block that was read last.
struct Cursor {
    device: Box<dyn BlockDevice>,
    at: u64,
    block: Option<u64>,
    bytes: [u8; BLOCK],
    left: Arc<AtomicU64>,
}

impl Cursor {
    fn load(&mut self, block: u64) -> Result<(), Errno> {
        if self.block == Some(block) {
            return Ok(());
        }
        if block >= self.device.blocks() {
            return Err(Errno::Io);
        }
        self.block = None;
        self.device.read(block, &mut self.bytes)?;
        self.block = Some(block);
        Ok(())
    }
}

/// The device's error, of which the file system passes on that there was one.
#[derive(Debug)]
struct DeviceError;

impl fmt::Display for DeviceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the device can't be read there")
    }
}

impl core::error::Error for DeviceError {}

impl embedded_io::Error for DeviceError {
    fn kind(&self) -> ErrorKind {
        ErrorKind::Other
    }
}

impl ErrorType for Cursor {
    type Error = DeviceError;
}

impl Read for Cursor {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, DeviceError> {
        let left = self.left.load(Ordering::Relaxed).checked_sub(1);
        self.left.store(left.ok_or(DeviceError)?, Ordering::Relaxed);
        let (block, within) = (self.at / BLOCK as u64, (self.at % BLOCK as u64) as usize);
        // Whole blocks go where they are wanted.
        let whole = buffer.len() / BLOCK;
        let len = if within == 0 && whole > 0 {
            let left = self.device.blocks().saturating_sub(block);
            let blocks = usize::try_from(left).unwrap_or(usize::MAX).min(whole);
            if blocks == 0 {
                return Err(DeviceError);
            }
            let len = blocks * BLOCK;
            let read = self.device.read(block, &mut buffer[..len]);
            read.map_err(|_| DeviceError)?;
            len
        } else {
            self.load(block).map_err(|_| DeviceError)?;
            let len = buffer.len().min(BLOCK - within);
            buffer[..len].copy_from_slice(&self.bytes[within..within + len]);
            len
        };
        self.at = self.at.saturating_add(len as u64);
        Ok(len)
    }
}

impl Seek for Cursor {
    fn seek(&mut self, to: SeekFrom) -> Result<u64, DeviceError> {
        let size = self.device.blocks().saturating_mul(BLOCK as u64);
        let to = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
            SeekFrom::End(by) => size.checked_add_signed(by),
        };
        self.at = to.ok_or(DeviceError)?;
        Ok(self.at)
    }
}

/// What the file system's errors are for guests.
fn errno(error: hadris_fat::Error) -> Errno {
    match error {
        hadris_fat::Error::NotADirectory => Errno::Notdir,
        hadris_fat::Error::NotAFile => Errno::Isdir,
        hadris_fat::Error::EntryNotFound => Errno::Noent,
        _ => Errno::Io,
    }
}

/// What is in a directory, or is the root (`None`).
type Node = Option<FileEntry>;

fn is_directory(node: &Node) -> bool {
    node.as_ref().is_none_or(FileEntry::is_directory)
}

/// A directory, which its reader takes a buffer for.
fn open<'a>(volume: &'a FatVolume<Cursor>, node: &Node) -> Result<FatDir<'a, Cursor>, Errno> {
    let mut buffer = Vec::<u8>::new();
    let room = buffer.try_reserve_exact(MAX_CLUSTER + BLOCK);
    room.map_err(|_| Errno::Nomem)?;
    match node {
        None => Ok(volume.root_dir()),
        Some(entry) => volume.open_dir_entry(entry).map_err(errno),
    }
}

/// What a path leads to.
fn walk(volume: &FatVolume<Cursor>, base: &Node, path: &str) -> Result<Node, Errno> {
    if path.is_empty() {
        return Err(Errno::Noent);
    }
    if path.starts_with('/') {
        return Err(Errno::Perm);
    }
    // The way from the base, for `..`.
    let mut above: Vec<Node> = Vec::new();
    let mut here = base.clone();
    for part in path.split('/') {
        if !is_directory(&here) {
            // Behind a slash, too.
            return Err(Errno::Notdir);
        }
        match part {
            "" | "." => {}
            ".." => here = above.pop().ok_or(Errno::Perm)?,
            name if name.len() > 255 => return Err(Errno::Nametoolong),
            name => {
                let found = open(volume, &here)?.find(name).map_err(errno)?;
                heap::push(&mut above, here)?;
                here = Some(found.ok_or(Errno::Noent)?);
            }
        }
    }
    Ok(here)
}

/// Seconds since 1970, as far as they make sense; a file without a date has none.
fn time(stamp: FatDateTime) -> Duration {
    if stamp.date == 0 {
        return Duration::ZERO;
    }
    let (date, clock) = (u64::from(stamp.date), u64::from(stamp.time));
    let (year, month, day) = (1980 + (date >> 9), date >> 5 & 15, date & 31);
    // Years begin in March, so that a leap day is their last.
    let (year, month) = match month {
        0..=2 => (year - 1, month + 9),
        _ => (year, month - 3),
    };
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day;
    // 1970 began so many days after the 29th of February of the year 0.
    let days = days.saturating_sub(719_469);
    let seconds = (clock >> 11) * 3600 + (clock >> 5 & 63) * 60 + (clock & 31) * 2;
    Duration::from_secs(days * 86_400 + seconds)
}

impl Inner {
    /// Begins an operation.
    fn begin(&self, patience: u64) -> MutexGuard<'_, FatVolume<Cursor>> {
        let volume = self.volume.lock();
        self.left.store(patience, Ordering::Relaxed);
        volume
    }

    fn metadata(&self, node: &Node) -> Metadata {
        let Some(entry) = node else {
            return Metadata {
                device: self.device.into(),
                inode: 1,
                file_type: FileType::Directory,
                links: 1,
                size: 0,
                times: Times::default(),
            };
        };
        Metadata {
            device: self.device.into(),
            inode: inode(entry),
            file_type: file_type(entry),
            links: 1,
            size: entry.len(),
            times: Times {
                accessed: time(FatDateTime::from_raw(entry.accessed_date(), 0, 0)),
                modified: time(entry.modified()),
                changed: time(entry.modified()),
            },
        }
    }
}

fn file_type(entry: &FileEntry) -> FileType {
    match entry.is_directory() {
        true => FileType::Directory,
        false => FileType::RegularFile,
    }
}

/// The number of its first cluster, or what an empty file has in its place: its name.
fn inode(entry: &FileEntry) -> u64 {
    match entry.cluster().0 as u64 {
        0 => {
            let name = entry.short_name().raw_bytes();
            let hash = name.iter().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
                (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
            });
            hash | 1 << 63
        }
        cluster => cluster,
    }
}

struct FatFile {
    fs: Arc<Inner>,
    entry: FileEntry,
}

impl FatFile {
    fn read(&self, buffer: &mut [u8], offset: u64) -> Result<usize, Errno> {
        // At most every entry of the table that is the file's, and what is read.
        let asked = self.entry.len() / BLOCK as u64 + buffer.len() as u64 / BLOCK as u64;
        let volume = self
            .fs
            .begin(PATIENCE.saturating_add(asked.saturating_mul(2)));
        let mut reader = FileReader::new(&volume, &self.entry).map_err(errno)?;
        if offset >= self.entry.len() {
            return Ok(0);
        }
        reader
            .seek(hadris_fat::sync::SeekFrom::Start(offset))
            .map_err(errno)?;
        let mut len = 0;
        while len < buffer.len() {
            match reader.read(&mut buffer[len..]).map_err(errno)? {
                0 => break,
                more => len += more,
            }
        }
        Ok(len)
    }
}

impl File for FatFile {
    fn poll_read(
        &mut self,
        _: &mut Context<'_>,
        buffer: &mut [u8],
        offset: u64,
    ) -> Poll<Result<usize, Errno>> {
        Poll::Ready(self.read(buffer, offset))
    }

    fn poll_write(
        &mut self,
        _: &mut Context<'_>,
        _: &[u8],
        _: Option<u64>,
    ) -> Poll<Result<usize, Errno>> {
        Poll::Ready(Err(Errno::Rofs))
    }

    fn metadata(&self) -> Result<Metadata, Errno> {
        Ok(self.fs.metadata(&Some(self.entry.clone())))
    }

    fn set_size(&mut self, _: u64) -> Result<(), Errno> {
        Err(Errno::Rofs)
    }

    fn set_times(&mut self, _: NewTime, _: NewTime) -> Result<(), Errno> {
        Err(Errno::Rofs)
    }
}

struct FatDirectory {
    fs: Arc<Inner>,
    node: Node,
}

impl FatDirectory {
    fn find(&self, path: &str) -> Result<Node, Errno> {
        walk(&self.fs.begin(PATIENCE), &self.node, path)
    }

    /// What is to be made or changed: it is there, or may not come.
    fn change(&self, path: &str) -> Result<(), Errno> {
        match self.find(path) {
            Ok(_) | Err(Errno::Noent) => Err(Errno::Rofs),
            Err(errno) => Err(errno),
        }
    }
}

impl Directory for FatDirectory {
    fn open(&self, path: &str, options: OpenOptions) -> Result<Open, Errno> {
        let node = match self.find(path) {
            Ok(_) if options.create && options.exclusive => return Err(Errno::Exist),
            Err(Errno::Noent) if options.create => return Err(Errno::Rofs),
            found => found?,
        };
        let changes = options.write || options.truncate;
        let fs = self.fs.clone();
        match node {
            Some(entry) if entry.is_file() => match (options.directory, changes) {
                (true, _) => Err(Errno::Notdir),
                (false, true) => Err(Errno::Rofs),
                (false, false) => Ok(Open::File(Box::new(FatFile { fs, entry }))),
            },
            _ if changes || options.create => Err(Errno::Isdir),
            node => Ok(Open::Directory(Arc::new(Self { fs, node }))),
        }
    }

    fn list(&self) -> Result<Box<dyn Listing>, Errno> {
        Ok(Box::new(FatListing {
            fs: self.fs.clone(),
            node: self.node.clone(),
            seen: 0,
            ahead: VecDeque::new(),
        }))
    }

    fn metadata(&self) -> Result<Metadata, Errno> {
        Ok(self.fs.metadata(&self.node))
    }

    fn set_times(&self, _: NewTime, _: NewTime) -> Result<(), Errno> {
        Err(Errno::Rofs)
    }

    fn metadata_at(&self, path: &str, _: bool) -> Result<Metadata, Errno> {
        Ok(self.fs.metadata(&self.find(path)?))
    }

    fn set_times_at(&self, path: &str, _: bool, _: NewTime, _: NewTime) -> Result<(), Errno> {
        self.find(path)?;
        Err(Errno::Rofs)
    }

    fn read_link(&self, path: &str) -> Result<String, Errno> {
        self.find(path)?;
        Err(Errno::Inval)
    }

    fn create_directory(&self, path: &str) -> Result<(), Errno> {
        match self.find(path) {
            Ok(_) => Err(Errno::Exist),
            Err(_) => self.change(path),
        }
    }

    fn remove_directory(&self, path: &str) -> Result<(), Errno> {
        self.find(path)?;
        Err(Errno::Rofs)
    }

    fn unlink(&self, path: &str) -> Result<(), Errno> {
        self.find(path)?;
        Err(Errno::Rofs)
    }

    fn symlink(&self, _: &str, path: &str) -> Result<(), Errno> {
        self.change(path)
    }

    fn rename(&self, from: &str, other: &dyn Directory, _: &str) -> Result<(), Errno> {
        self.find(from)?;
        match (other as &dyn Any).is::<Self>() {
            true => Err(Errno::Rofs),
            false => Err(Errno::Xdev),
        }
    }

    fn link(&self, from: &str, other: &dyn Directory, to: &str) -> Result<(), Errno> {
        self.rename(from, other, to)
    }
}

/// The entries in the order in which they lie, some read ahead.
struct FatListing {
    fs: Arc<Inner>,
    node: Node,
    /// How many have been read.
    seen: usize,
    ahead: VecDeque<Entry>,
}

impl FatListing {
    fn read_ahead(&mut self) -> Result<(), Errno> {
        self.ahead.try_reserve(AHEAD).map_err(|_| Errno::Nomem)?;
        let volume = self.fs.begin(PATIENCE);
        let mut entries = open(&volume, &self.node)?.entries().skip(self.seen);
        while self.ahead.len() < AHEAD
            && let Some(entry) = entries.next()
        {
            self.seen += 1;
            let entry = entry.map_err(errno)?;
            let Some(entry) = entry.as_entry() else {
                continue;
            };
            let name = entry.name();
            // What no path can name is not there.
            if matches!(&*name, "" | "." | "..") || name.contains(['/', '\0']) {
                continue;
            }
            self.ahead.push_back(Entry {
                name: heap::text(&[&name])?,
                inode: inode(entry),
                file_type: file_type(entry),
            });
        }
        Ok(())
    }
}

impl Listing for FatListing {
    fn next(&mut self) -> Result<Option<Entry>, Errno> {
        if self.ahead.is_empty() {
            self.read_ahead()?;
        }
        Ok(self.ahead.pop_front())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_counted_from_1970() {
        let check = |(year, month, day), (hour, minute, second), expected| {
            let stamp = FatDateTime::new(year, month, day, hour, minute, second);
            assert_eq!(time(stamp).as_secs(), expected, "{year}-{month}-{day}");
        };
        check((1980, 1, 1), (0, 0, 0), 315_532_800);
        check((2000, 2, 29), (23, 59, 58), 951_868_798);
        check((2100, 3, 1), (12, 0, 0), 4_107_585_600);
        assert_eq!(time(FatDateTime::from_raw(0, 0, 0)), Duration::ZERO);
        // No month, no day, and too many seconds.
        time(FatDateTime::from_raw(1 << 9, u16::MAX, u8::MAX));
    }
}
