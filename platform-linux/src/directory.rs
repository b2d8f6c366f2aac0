//! A cache in a directory.

use std::fs::{self, DirEntry};
use std::io;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use wasmetal_platform::{Cache, CacheKey, confine};

/// A [`Cache`] in a directory, a file per entry, for any number of processes at once.
///
/// An entry appears as a whole or not at all: it is written beside and then renamed. When the entries
/// take more room than allowed, those that were written first go.
#[derive(Debug)]
pub struct DirectoryCache {
    directory: PathBuf,
    limit: u64,
}

impl DirectoryCache {
    /// The cache in a directory, which is made if it is not there. Its entries take at most `limit` bytes,
    /// give or take those that are being written.
    ///
    /// # Errors
    /// The directory can't be made.
    pub fn new(directory: impl AsRef<Path>, limit: u64) -> io::Result<Self> {
        let directory = directory.as_ref().to_owned();
        fs::create_dir_all(&directory)?;
        Ok(Self { directory, limit })
    }

    fn path(&self, key: &CacheKey) -> PathBuf {
        let name: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
        self.directory.join(name)
    }

    fn write(&self, key: &CacheKey, value: &[u8]) -> io::Result<()> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("unfinished-{}-{number}", process::id());
        let unfinished = self.directory.join(name);
        let done =
            fs::write(&unfinished, value).and_then(|()| fs::rename(&unfinished, self.path(key)));
        if done.is_err() {
            let _ = fs::remove_file(&unfinished);
        }
        done
    }

    /// Removes what was written first until the rest is within the limit.
    fn trim(&self) -> io::Result<()> {
        let entry = |entry: io::Result<DirEntry>| -> io::Result<(SystemTime, u64, PathBuf)> {
            let entry = entry?;
            let metadata = entry.metadata()?;
            Ok((metadata.modified()?, metadata.len(), entry.path()))
        };
        // What is gone by the time we look is no concern.
        let mut entries = Vec::new();
        let draws = confine::draws();
        for entry in fs::read_dir(&self.directory)?.flat_map(entry) {
            if entries.try_reserve(1).is_err() || confine::draws() != draws {
                return Err(io::ErrorKind::OutOfMemory.into());
            }
            entries.push(entry);
        }
        let mut total: u64 = entries.iter().map(|(_, size, _)| size).sum();
        entries.sort_unstable();
        for (_, size, path) in entries {
            if total <= self.limit {
                break;
            }
            if fs::remove_file(path).is_ok() {
                total -= size;
            }
        }
        Ok(())
    }
}

impl Cache for DirectoryCache {
    fn get(&self, key: &CacheKey, found: &mut dyn FnMut(&[u8])) {
        if let Ok(bytes) = fs::read(self.path(key)) {
            found(&bytes);
        }
    }

    fn put(&self, key: &CacheKey, value: &[u8]) {
        if value.len() as u64 <= self.limit && self.write(key, value).is_ok() {
            let _ = self.trim();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{env, thread};

    fn get(cache: &DirectoryCache, key: u8) -> Option<Vec<u8>> {
        let mut entry = None;
        cache.get(&[key; 32], &mut |bytes| entry = Some(bytes.to_vec()));
        entry
    }

    #[test]
    fn entries() {
        let directory = env::temp_dir().join(format!("wasmetal-cache-{}", process::id()));
        let cache = DirectoryCache::new(directory.join("made"), 1000).expect("a directory");
        assert_eq!(get(&cache, 1), None);
        cache.put(&[1; 32], b"value");
        cache.put(&[2; 32], b"");
        assert_eq!(get(&cache, 1).as_deref(), Some(&b"value"[..]));
        assert_eq!(get(&cache, 2).as_deref(), Some(&b""[..]));
        // Another process finds them.
        let other = DirectoryCache::new(directory.join("made"), 1000).expect("a directory");
        assert_eq!(get(&other, 1).as_deref(), Some(&b"value"[..]));
        // The limit holds, and the newest entry is there.
        for key in 10..30 {
            cache.put(&[key; 32], &[key; 300]);
            assert_eq!(get(&cache, key), Some(vec![key; 300]));
        }
        let size = |directory: &Path| -> u64 {
            let entries = fs::read_dir(directory).expect("it is there");
            entries
                .map(|entry| entry.expect("one").metadata().expect("a file").len())
                .sum()
        };
        assert!(size(&directory.join("made")) <= 1000);
        cache.put(&[5; 32], &[5; 1001]);
        assert_eq!(get(&cache, 5), None);
        // No torn entries, whoever writes at the same time.
        thread::scope(|scope| {
            for writer in 0..4u8 {
                let cache = &cache;
                scope.spawn(move || {
                    for _ in 0..100 {
                        cache.put(&[99; 32], &[writer; 200]);
                        if let Some(entry) = get(cache, 99) {
                            assert!(entry.len() == 200 && entry.iter().all(|b| *b == entry[0]));
                        }
                    }
                });
            }
        });
        // A directory that is gone is an empty cache.
        fs::remove_dir_all(&directory).expect("ours");
        assert_eq!(get(&cache, 1), None);
        cache.put(&[1; 32], b"value");
    }
}
