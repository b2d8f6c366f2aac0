//! A cache in a directory.

use std::fs::{self, DirEntry, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use wasmetal_platform::{Cache, CacheKey, confine};

/// A [`Cache`] in a directory, a file per entry, for any number of processes at once.
///
/// An entry appears as a whole or not at all: it is written beside and then renamed. When the entries
/// take more room than allowed, those that were written first go. Nothing else in the directory is counted, removed
/// or written to: entries are regular files, with names of 64 hexadecimal digits and `.wasmetal`, or of
/// `unfinished-`, two numbers and `.wasmetal` while they are being written.
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
        self.directory.join(name + SUFFIX)
    }

    /// A new file for an entry that is being written.
    fn unfinished(&self) -> io::Result<(File, PathBuf)> {
        loop {
            let number = NEXT.fetch_add(1, Ordering::Relaxed);
            let name = format!("{UNFINISHED}{}-{number}{SUFFIX}", process::id());
            let path = self.directory.join(name);
            match File::create_new(&path) {
                // A process that is no more, or has the same number elsewhere.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                file => return Ok((file?, path)),
            }
        }
    }

    fn write(&self, key: &CacheKey, value: &[u8]) -> io::Result<()> {
        let (mut file, unfinished) = self.unfinished()?;
        let done = file
            .write_all(value)
            .and_then(|()| fs::rename(&unfinished, self.path(key)));
        if done.is_err() {
            let _ = fs::remove_file(&unfinished);
        }
        done
    }

    /// Removes what was written first until the rest is within the limit.
    fn trim(&self) -> io::Result<()> {
        let entry = |entry: io::Result<DirEntry>| -> Option<(SystemTime, u64, PathBuf)> {
            let entry = entry.ok()?;
            // Of a link, not of what it leads to.
            let metadata = entry.metadata().ok()?;
            let is_ours = is_name(entry.file_name().to_str()?) && metadata.is_file();
            is_ours.then_some((metadata.modified().ok()?, metadata.len(), entry.path()))
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

/// What the names of all files of a cache end with.
const SUFFIX: &str = ".wasmetal";
/// What the names of those that are being written begin with.
const UNFINISHED: &str = "unfinished-";
/// The number of the next of those that this process writes.
static NEXT: AtomicU64 = AtomicU64::new(0);

/// Whether a cache gives such names to its files.
fn is_name(name: &str) -> bool {
    let Some(name) = name.strip_suffix(SUFFIX) else {
        return false;
    };
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match name.strip_prefix(UNFINISHED) {
        Some(numbers) => numbers
            .split_once('-')
            .is_some_and(|(process, number)| is_number(process) && is_number(number)),
        None => {
            let is_digit = |byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
            name.len() == 2 * size_of::<CacheKey>() && name.bytes().all(is_digit)
        }
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
        // No torn entries, though other processes may write at the same time.
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

    #[test]
    fn names() {
        let key = "0123456789abcdef".repeat(4);
        for (name, expected) in [
            (format!("{key}.wasmetal"), true),
            ("unfinished-12-0.wasmetal".into(), true),
            (key.clone(), false),
            (format!("{key}0.wasmetal"), false),
            (format!("{}.wasmetal", key.to_uppercase()), false),
            (format!("{}.wasmetal", &key[1..]), false),
            (format!("{key}.wasm"), false),
            ("unfinished-12.wasmetal".into(), false),
            ("unfinished--1.wasmetal".into(), false),
            ("unfinished-1-2-3.wasmetal".into(), false),
            ("unfinished-x-1.wasmetal".into(), false),
            ("unfinished-1-2".into(), false),
            (".wasmetal".into(), false),
            ("".into(), false),
        ] {
            assert_eq!(is_name(&name), expected, "{name}");
        }
    }

    /// What others have in the directory stays, whatever the limit.
    #[test]
    fn files_of_others() {
        let directory = env::temp_dir().join(format!("wasmetal-others-{}", process::id()));
        let elsewhere = directory.join("elsewhere");
        let cached = directory.join("cached");
        let cache = DirectoryCache::new(&cached, 1000).expect("a directory");
        fs::create_dir_all(&elsewhere).expect("ours");
        let others: Vec<PathBuf> = [
            "notes.txt".into(),
            "ab".repeat(32),
            "unfinished-1-2".into(),
            "elsewhere".into(),
        ]
        .into_iter()
        .map(|name: String| cached.join(name))
        .collect();
        for path in &others {
            fs::write(path, [7; 5000]).expect("a file");
        }
        // A folder and a link with names of entries.
        let [folder, link] =
            ["00", "01"].map(|digits| cached.join(format!("{}{SUFFIX}", digits.repeat(32))));
        let target = elsewhere.join("target");
        fs::write(&target, [7; 5000]).expect("a file");
        fs::create_dir(&folder).expect("a folder");
        // Links that an unfinished entry would be written through.
        let next = NEXT.load(Ordering::Relaxed);
        let next = (next..next + 20)
            .map(|number| cached.join(format!("{UNFINISHED}{}-{number}{SUFFIX}", process::id())));
        let links: Vec<PathBuf> = next.chain([link]).collect();
        for link in &links {
            std::os::unix::fs::symlink(&target, link).expect("a link");
        }
        for key in 10..40 {
            cache.put(&[key; 32], &[key; 300]);
            assert_eq!(get(&cache, key), Some(vec![key; 300]));
        }
        // One that was left unfinished goes like the others.
        let left = cached.join(format!("{UNFINISHED}1-0{SUFFIX}"));
        fs::write(&left, [0; 900]).expect("a file");
        for key in 40..50 {
            cache.put(&[key; 32], &[key; 300]);
        }
        assert!(!left.exists());
        for path in others.iter().chain([&target]) {
            assert_eq!(fs::read(path).expect("it is there"), [7; 5000], "{path:?}");
        }
        assert!(folder.is_dir() && links.iter().all(|link| link.is_symlink()));
        fs::remove_dir_all(&directory).expect("ours");
    }
}
