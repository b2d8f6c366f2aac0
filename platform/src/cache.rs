//! A store of bytes by key: what the compiler made, kept from one start to the next.

use core::cell::UnsafeCell;
use core::fmt;
use core::sync::atomic::{AtomicBool, Ordering};

/// The name of an entry: a digest.
pub type CacheKey = [u8; 32];

/// Keeps bytes by key, or loses them: the runtime can always make them anew.
///
/// Both methods may be called from any thread or core at any time. An entry may be gone, or come back
/// damaged (a torn write, worn flash): the caller checks what it gets.
pub trait Cache: Send + Sync {
    /// Calls `found` with the entry of this key, once, if there is one. The bytes stay as they are
    /// while it runs.
    fn get(&self, key: &CacheKey, found: &mut dyn FnMut(&[u8]));

    /// Keeps a copy of `value` under the key, if there is room and nothing goes wrong. An entry that was
    /// there before may be replaced or stay.
    fn put(&self, key: &CacheKey, value: &[u8]);
}

/// A cache in a range of memory, RAM or memory-mapped flash: a log of entries, from its start on, that begins anew
/// when it is full.
///
/// An entry is complete once its mark is written, and that is written last: what a reset cuts short is no
/// entry. What the range holds when the cache is made may be entries from before, or anything.
///
/// | bytes | what |
/// |---|---|
/// | 4 | the mark: `wmca` |
/// | 4 | the value's length, little endian |
/// | 32 | the key |
/// | then | the value, filled up to 4 bytes |
pub struct RegionCache<M> {
    busy: AtomicBool,
    medium: UnsafeCell<M>,
}

/// Memory that a [`RegionCache`] lies in.
pub trait Medium: Send {
    /// All of it.
    fn bytes(&self) -> &[u8];

    /// Makes all of it read as bytes that are 0xff.
    ///
    /// # Errors
    /// It can't be done; what it holds is anything.
    fn erase(&mut self) -> Result<(), MediumError>;

    /// Writes to what has been erased. Offset and length are multiples of 4.
    ///
    /// # Errors
    /// It can't be done; what that part holds is anything.
    fn program(&mut self, offset: usize, bytes: &[u8]) -> Result<(), MediumError>;
}

/// A medium that did not do what it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MediumError;

impl fmt::Display for MediumError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the medium failed")
    }
}

impl core::error::Error for MediumError {}

/// RAM that keeps what it holds until the power goes.
impl Medium for &'static mut [u8] {
    fn bytes(&self) -> &[u8] {
        self
    }

    fn erase(&mut self) -> Result<(), MediumError> {
        self.fill(0xff);
        Ok(())
    }

    fn program(&mut self, offset: usize, bytes: &[u8]) -> Result<(), MediumError> {
        let place = offset
            .checked_add(bytes.len())
            .and_then(|end| self.get_mut(offset..end));
        place.ok_or(MediumError)?.copy_from_slice(bytes);
        Ok(())
    }
}

/// The mark of an entry that is complete.
const MARK: [u8; 4] = *b"wmca";
/// The bytes of an entry before its value.
const HEADER: usize = 40;
/// What erased memory reads as.
const ERASED: [u8; 4] = [0xff; 4];

// SAFETY: the medium is touched by who holds `busy` only.
unsafe impl<M: Medium> Sync for RegionCache<M> {}

impl<M: Medium> RegionCache<M> {
    /// The cache in `medium`, with the entries that it holds.
    pub const fn new(medium: M) -> Self {
        Self {
            busy: AtomicBool::new(false),
            medium: UnsafeCell::new(medium),
        }
    }

    /// Runs `work` on the medium, unless another is at it: a cache may lose what it is given.
    fn with(&self, work: impl FnOnce(&mut M)) {
        if self.busy.swap(true, Ordering::Acquire) {
            return;
        }
        // Also when `work` unwinds.
        let _release = Release(&self.busy);
        // SAFETY: we hold `busy`.
        work(unsafe { &mut *self.medium.get() });
    }
}

struct Release<'a>(&'a AtomicBool);

impl Drop for Release<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

impl<M: Medium> Cache for RegionCache<M> {
    fn get(&self, key: &CacheKey, found: &mut dyn FnMut(&[u8])) {
        self.with(|medium| {
            let mut entries = Entries::of(medium.bytes());
            // The last one written counts.
            if let Some((_, value)) = entries.by_ref().filter(|(known, _)| *known == key).last() {
                found(value);
            }
        });
    }

    fn put(&self, key: &CacheKey, value: &[u8]) {
        self.with(|medium| {
            // Errors lose the entry, and that is all.
            let _ = append(medium, key, value);
        });
    }
}

impl<M> fmt::Debug for RegionCache<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RegionCache").finish_non_exhaustive()
    }
}

/// The entries at the start of a log.
struct Entries<'a> {
    bytes: &'a [u8],
    /// Where the next one begins.
    end: usize,
}

impl<'a> Entries<'a> {
    fn of(bytes: &'a [u8]) -> Self {
        Self { bytes, end: 0 }
    }
}

impl<'a> Iterator for Entries<'a> {
    type Item = (&'a CacheKey, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.bytes.get(self.end..)?;
        let (header, values) = rest.split_first_chunk::<HEADER>()?;
        let (mark, header) = header.split_first_chunk::<4>()?;
        let (len, key) = header.split_first_chunk::<4>()?;
        let len = u32::from_le_bytes(*len) as usize;
        let value = values.get(..len).filter(|_| *mark == MARK)?;
        self.end += HEADER + len.next_multiple_of(4);
        Some((key.first_chunk()?, value))
    }
}

fn append<M: Medium>(medium: &mut M, key: &CacheKey, value: &[u8]) -> Result<(), MediumError> {
    let size = value.len().checked_next_multiple_of(4).ok_or(MediumError)?;
    let size = size.checked_add(HEADER).ok_or(MediumError)?;
    let len = u32::try_from(value.len()).map_err(|_| MediumError)?;
    if size > medium.bytes().len() {
        return Err(MediumError);
    }
    let mut entries = Entries::of(medium.bytes());
    entries.by_ref().for_each(drop);
    let mut start = entries.end;
    let erased = |range: &[u8]| range.iter().all(|byte| *byte == ERASED[0]);
    let place = medium.bytes().get(start..start + size);
    if !place.is_some_and(erased) {
        medium.erase()?;
        start = 0;
    }
    medium.program(start + 4, &len.to_le_bytes())?;
    medium.program(start + 8, key)?;
    let (words, tail) = value.split_at(value.len() & !3);
    medium.program(start + HEADER, words)?;
    if !tail.is_empty() {
        let mut word = ERASED;
        word[..tail.len()].copy_from_slice(tail);
        medium.program(start + HEADER + words.len(), &word)?;
    }
    medium.program(start, &MARK)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{boxed::Box, vec, vec::Vec};

    fn region(len: usize) -> &'static mut [u8] {
        Box::leak(vec![0xa5; len].into_boxed_slice())
    }

    fn get<M: Medium>(cache: &RegionCache<M>, key: u8) -> Option<Vec<u8>> {
        let mut entry = None;
        cache.get(&[key; 32], &mut |bytes| entry = Some(bytes.to_vec()));
        entry
    }

    #[test]
    fn keeps_until_full() {
        let cache = RegionCache::new(region(1000));
        assert_eq!(get(&cache, 1), None);
        for (key, len) in [(1, 0), (2, 1), (3, 4), (4, 333)] {
            cache.put(&[key; 32], &vec![key; len]);
            assert_eq!(get(&cache, key), Some(vec![key; len]));
        }
        assert_eq!(get(&cache, 1), Some(vec![]));
        // It replaces, and begins anew when it must.
        cache.put(&[2; 32], b"other");
        assert_eq!(get(&cache, 2).as_deref(), Some(&b"other"[..]));
        cache.put(&[5; 32], &[5; 600]);
        assert_eq!(get(&cache, 5), Some(vec![5; 600]));
        assert_eq!(get(&cache, 2), None);
        // What never fits is not kept, and nothing else is lost.
        cache.put(&[6; 32], &[6; 961]);
        assert_eq!(get(&cache, 6), None);
        assert_eq!(get(&cache, 5), Some(vec![5; 600]));
        cache.put(&[6; 32], &[6; 960]);
        assert_eq!(get(&cache, 6), Some(vec![6; 960]));
    }

    /// A medium that loses power after `left` writes.
    struct Torn {
        bytes: Vec<u8>,
        left: usize,
    }

    impl Medium for Torn {
        fn bytes(&self) -> &[u8] {
            &self.bytes
        }

        fn erase(&mut self) -> Result<(), MediumError> {
            self.bytes.fill(0xff);
            Ok(())
        }

        fn program(&mut self, offset: usize, bytes: &[u8]) -> Result<(), MediumError> {
            for (at, byte) in (offset..).zip(bytes) {
                self.left = self.left.checked_sub(1).ok_or(MediumError)?;
                assert_eq!(self.bytes[at], 0xff, "written without erasing");
                self.bytes[at] = *byte;
            }
            Ok(())
        }
    }

    #[test]
    fn a_torn_write_is_no_entry() {
        for left in 0..140 {
            let cache = RegionCache::new(Torn {
                bytes: vec![0xff; 400],
                left,
            });
            cache.put(&[1; 32], &[1; 30]);
            cache.put(&[2; 32], &[2; 20]);
            // Power is back.
            let bytes = cache.medium.into_inner().bytes;
            let cache = RegionCache::new(Torn { bytes, left: 9999 });
            for (key, len, complete) in [(1, 30, 72), (2, 20, 132)] {
                let entry = (left >= complete).then(|| vec![key; len]);
                assert_eq!(get(&cache, key), entry, "{key} after {left}");
            }
            cache.put(&[3; 32], &[3; 33]);
            assert_eq!(get(&cache, 3), Some(vec![3; 33]), "after {left}");
        }
    }

    #[test]
    fn garbage_is_no_entry() {
        for seed in 0..2000u32 {
            let mut state = seed;
            let mut random = || {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (state >> 24) as u8
            };
            let bytes = region(200);
            bytes.fill_with(&mut random);
            bytes[..4].copy_from_slice(&MARK);
            let cache = RegionCache::new(bytes);
            assert_eq!(get(&cache, 1), None);
            cache.put(&[1; 32], b"value");
            assert_eq!(get(&cache, 1).as_deref(), Some(&b"value"[..]));
        }
    }
}
