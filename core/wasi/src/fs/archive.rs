//! File systems from tar archives: names in memory, contents where they lie.

use super::MemoryFileSystem;
use super::memory::{Archive, New, State};
use crate::Errno;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use core::fmt;
use core::time::Duration;
use tar_no_std::{CorruptDataError, PosixHeader, TarArchiveRef, TypeFlag};

/// The granule of archives, in bytes.
const BLOCK: usize = 512;

/// An archive is damaged, or has what can't be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidArchive(Why);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Why {
    Damaged(CorruptDataError),
    LongName,
    NoText,
    /// A path, and what is wrong with it.
    Path(String, Errno),
}

impl fmt::Display for InvalidArchive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Why::Damaged(damage) => write!(f, "{damage}"),
            Why::LongName => f.write_str(
                "the archive has entries of another format: make it with `tar --format=ustar`",
            ),
            Why::NoText => f.write_str("the archive has a name that is not UTF-8"),
            Why::Path(path, errno) => write!(f, "the archive's entry {path:?}: {errno}"),
        }
    }
}

impl core::error::Error for InvalidArchive {}

impl MemoryFileSystem {
    /// A file system with the files, directories and links of a tar archive (POSIX `ustar`).
    ///
    /// Contents are read where they lie, in flash or wherever the archive is; in memory are the names. A guest that may
    /// write ([`FilePerms::WRITE`](crate::FilePerms::WRITE)) has a copy of a file that it writes to, which counts for the
    /// quota as all does that is new.
    ///
    /// ```no_run
    /// use wasmetal_wasi::{DirPerms, FilePerms, MemoryFileSystem, WasiCtxBuilder};
    ///
    /// // include_bytes!("files.tar")
    /// static FILES: &[u8] = &[];
    /// let files = MemoryFileSystem::from_tar(FILES, 0)?;
    /// let ctx = WasiCtxBuilder::new()
    ///     .preopened_directory(files.root(), "/", DirPerms::READ, FilePerms::READ)
    ///     .build_p1();
    /// # Ok::<(), wasmetal_wasi::InvalidArchive>(())
    /// ```
    ///
    /// # Errors
    /// The archive is damaged; it has paths with `..`, such that are no UTF-8 or too long for the format, or a path below
    /// what is no directory; memory is short.
    pub fn from_tar(
        archive: impl AsRef<[u8]> + Send + core::marker::Sync + 'static,
        quota: usize,
    ) -> Result<Self, InvalidArchive> {
        let archive: Archive = Arc::new(archive);
        let mut state = State::new(usize::MAX);
        let bytes = (*archive).as_ref();
        let tar = TarArchiveRef::new(bytes).map_err(|damage| {
            InvalidArchive(match damage {
                // GNU's `L` and `K`, most likely.
                CorruptDataError::InvalidTypeFlag { .. } => Why::LongName,
                damage => Why::Damaged(damage),
            })
        })?;
        for (block, header) in tar.headers() {
            add(&mut state, &archive, block, header)?;
        }
        state.begin(quota);
        Ok(Self::of(state, None))
    }
}

/// Adds what a header is of.
fn add(
    state: &mut State,
    archive: &Archive,
    block: usize,
    header: &PosixHeader,
) -> Result<(), InvalidArchive> {
    let start = (block + 1) * BLOCK;
    let size = header.size.as_number::<usize>().unwrap_or(0);
    let flag = header.typeflag.try_to_type_flag().ok();
    let link = || header.linkname.as_str().map_err(|_| Why::NoText);
    let path = path(header).map_err(InvalidArchive)?;
    let new = match flag {
        Some(TypeFlag::DIRTYPE) => Ok(New::Directory),
        Some(TypeFlag::SYMTYPE) => link().map(|target| New::Link(target.to_string())),
        Some(TypeFlag::LINK) => link().and_then(|to| {
            let added = state.add_link(&path, to, time(header));
            added.map_err(|errno| Why::Path(path.clone(), errno))?;
            Ok(New::File)
        }),
        Some(flag) if flag.is_regular_file() => Ok(New::Lent(archive.clone(), start..start + size)),
        // Records about the next entry, in which its name would be.
        Some(TypeFlag::XHDTYPE) => {
            let records = (**archive).as_ref().get(start..start + size);
            let has = |key: &[u8]| {
                records.is_some_and(|records| records.windows(key.len()).any(|part| part == key))
            };
            match has(b" path=") || has(b" linkpath=") {
                true => Err(Why::LongName),
                false => return Ok(()),
            }
        }
        // Devices, and what nobody knows.
        _ => return Ok(()),
    };
    let new = new.map_err(InvalidArchive)?;
    if matches!(new, New::File) {
        // A further name, which has been added.
        return Ok(());
    }
    let added = state.add(&path, new, time(header));
    added.map_err(|errno| InvalidArchive(Why::Path(path, errno)))
}

/// The path of an entry, in two parts where one is too short.
fn path(header: &PosixHeader) -> Result<String, Why> {
    let name = header.name.as_str().map_err(|_| Why::NoText)?;
    if header.magic.as_str() != Ok("ustar") || header.prefix.is_empty() {
        return Ok(name.to_string());
    }
    let prefix = header.prefix.as_str().map_err(|_| Why::NoText)?;
    Ok([prefix, "/", name].concat())
}

/// When an entry was written: octal seconds.
fn time(header: &PosixHeader) -> Duration {
    let text = header.mtime.as_inner().as_str().unwrap_or_default();
    let digits = text.trim_matches([' ', '\0']);
    Duration::from_secs(u64::from_str_radix(digits, 8).unwrap_or(0))
}
