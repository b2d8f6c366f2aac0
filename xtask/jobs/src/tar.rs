//! Directories as archives, for the device.

use std::{
    fs,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use tar::{Builder, EntryType, Header};

/// The files, directories and symbolic links of a directory, in the order of their names.
///
/// # Errors
/// Something can't be read, or has a name that is too long for the format.
pub(crate) fn pack(directory: &Path) -> Result<Vec<u8>> {
    let mut archive = Builder::new(Vec::new());
    add(&mut archive, directory, Path::new(""))?;
    Ok(archive.into_inner()?)
}

fn add(archive: &mut Builder<Vec<u8>>, directory: &Path, below: &Path) -> Result<()> {
    let mut entries: Vec<PathBuf> = fs::read_dir(directory)
        .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect())
        .with_context(|| format!("cannot read {}", directory.display()))?;
    entries.sort();
    for path in entries {
        let name = below.join(path.file_name().context("an entry without a name")?);
        let metadata = fs::symlink_metadata(&path)?;
        let mut header = Header::new_ustar();
        header
            .set_path(&name)
            .with_context(|| format!("the archive can't have {}", path.display()))?;
        header.set_mode(0o644);
        header.set_mtime(u64::try_from(metadata.mtime()).unwrap_or(0));
        let mut content = Vec::new();
        if metadata.is_dir() {
            header.set_entry_type(EntryType::Directory);
        } else if metadata.is_symlink() {
            header.set_entry_type(EntryType::Symlink);
            header.set_link_name(fs::read_link(&path)?)?;
        } else if metadata.is_file() {
            header.set_entry_type(EntryType::Regular);
            content = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        } else {
            continue;
        }
        header.set_size(content.len() as u64);
        header.set_cksum();
        archive.append(&header, &content[..])?;
        if metadata.is_dir() {
            add(archive, &path, &name)?;
        }
    }
    Ok(())
}
