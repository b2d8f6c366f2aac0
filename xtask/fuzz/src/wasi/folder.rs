//! Directories of this machine that a guest is given, with a secret beside them.

use anyhow::{Context as _, Result};
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

/// What no guest sees.
pub(crate) const SECRET: &[u8] = b"this lies outside, and no guest has seen it";

/// A folder that is gone with this. In it: `given` and `shown`, for the guest, and `secret` beside them.
pub(crate) struct Folder {
    root: PathBuf,
}

impl Folder {
    pub(crate) fn new() -> Result<Self> {
        let name = format!("wasmetal-fuzz-wasi-{}", std::process::id());
        let root = std::env::temp_dir().join(name);
        let _ = fs::remove_dir_all(&root);
        let folder = Self { root };
        fs::create_dir_all(folder.root.join("secret"))?;
        fs::write(folder.root.join("secret/file"), SECRET)?;
        fs::write(folder.root.join("secret.txt"), SECRET)?;
        folder.fill(&folder.shown())?;
        Ok(folder)
    }

    /// What it may do everything with.
    pub(crate) fn given(&self) -> PathBuf {
        self.root.join("given")
    }

    /// What it may read.
    pub(crate) fn shown(&self) -> PathBuf {
        self.root.join("shown")
    }

    /// A new `given`.
    pub(crate) fn renew(&self) -> Result<()> {
        let given = self.given();
        let _ = fs::remove_dir_all(&given);
        self.fill(&given)
    }

    /// Makes a directory with files, and with links that lead out of it, such as no guest can make.
    fn fill(&self, path: &Path) -> Result<()> {
        fs::create_dir_all(path.join("a/b"))?;
        fs::write(path.join("f"), b"0123456789")?;
        fs::write(path.join("a/g"), [b'x'; 5000])?;
        for (target, name) in [
            ("a", "l"),
            ("f", "a/l"),
            ("../f", "a/up"),
            ("loop", "loop"),
            ("nothing", "dangling"),
            ("..", "out"),
            ("../secret", "a/s"),
            ("../../secret", "a/b/s"),
            ("../secret.txt", "s"),
        ] {
            symlink(target, path.join(name))?;
        }
        let outside = self.root.join("secret.txt");
        symlink(&outside, path.join("absolute")).with_context(|| path.display().to_string())?;
        symlink("/", path.join("root"))?;
        Ok(())
    }

    /// What no guest may have changed: names, and contents or targets of links.
    pub(crate) fn outside(&self) -> Result<BTreeMap<PathBuf, Vec<u8>>> {
        let mut seen = BTreeMap::new();
        let mut rest = vec![self.root.clone()];
        while let Some(folder) = rest.pop() {
            for entry in fs::read_dir(&folder)? {
                let (path, ty) = entry.and_then(|it| Ok((it.path(), it.file_type()?)))?;
                let content = if ty.is_symlink() {
                    fs::read_link(&path)?.into_os_string().into_encoded_bytes()
                } else if ty.is_dir() {
                    if path == self.given() {
                        continue;
                    }
                    rest.push(path.clone());
                    Vec::new()
                } else {
                    fs::read(&path)?
                };
                seen.insert(path, content);
            }
        }
        Ok(seen)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.root);
    }
}
