//! Running out of memory is an error.
//!
//! What grows with the input is asked for by calls that may fail. All else is small, and infallible: where
//! the program's allocator is a [`confine::Allocator`], such an allocation draws on its reserve when the heap
//! has no more. So each operation of the API that may fail keeps a [`Watch`]: when the reserve was drawn on
//! meanwhile, it backs out, as it does from any error, and what it drew goes back as it drops what it made.
//! An operation changes nothing that outlives it before its last look, but by [`Room`], which never
//! leaves anything in the reserve.
//!
//! Calls that can't fail leave in the reserve what they make. The next operation goes on if the heap serves
//! again, as it does where no more than an error lives in the reserve, and fails where it does not.

use crate::error::{Result, debug_is_display};
use crate::escaped::write_escaped;
use alloc::alloc::{Layout, alloc, handle_alloc_error};
use alloc::{boxed::Box, string::String, vec::Vec};
use core::fmt::{self, Write as _};
use core::num::NonZero;
use wasmetal_platform::confine;

/// Memory is exhausted. Nothing has changed, and what the operation took is given back.
///
/// Found by [`Error::downcast_ref`](crate::Error::downcast_ref). The error takes a little memory itself, if need
/// be from the reserve of the program's [allocator](wasmetal_platform::confine::Allocator): drop it before long.
/// Without that allocator, an exhausted heap is an error where much is asked for at once, and elsewhere what
/// Rust makes of it.
///
/// Where the platform is out of pages or address space, the error is a [`wasmetal_platform::Error`] instead; where
/// the compiler was cut off, a `CompilationStopped`.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(transparent)]
pub struct OutOfMemory(
    /// The size, and two bits by which an [`Error`](crate::Error) knows it (invariant *error words*).
    NonZero<usize>,
);

impl OutOfMemory {
    /// An allocation of that many bytes has failed; 0: it is not known how many.
    #[must_use]
    pub const fn new(requested_allocation_size: usize) -> Self {
        let size = match requested_allocation_size > usize::MAX >> 2 {
            true => usize::MAX >> 2,
            false => requested_allocation_size,
        };
        match NonZero::new(size << 2 | 0b11) {
            Some(bits) => Self(bits),
            None => unreachable!(),
        }
    }

    /// The value as a word, of which the lowest two bits are ones.
    pub(crate) const fn bits(self) -> NonZero<usize> {
        self.0
    }

    /// The size of the allocation that failed, in bytes; 0 if it was small, and served from the reserve.
    #[must_use]
    pub const fn requested_allocation_size(&self) -> usize {
        self.0.get() >> 2
    }
}

impl fmt::Display for OutOfMemory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.requested_allocation_size() {
            0 => f.write_str("out of memory"),
            size => write!(f, "out of memory: no room for {size} bytes"),
        }
    }
}

debug_is_display!(OutOfMemory);

impl core::error::Error for OutOfMemory {}

/// A look at the reserve at the beginning of an operation, or none for an operation that can't fail.
#[derive(Clone, Copy, Debug)]
#[doc(hidden)]
pub struct Watch(Option<usize>);

impl Watch {
    /// Nobody looks: what is made may stay in the reserve.
    pub(crate) const OFF: Self = Self(None);

    /// Begins an operation.
    ///
    /// # Errors
    /// Something lies in the reserve, and the heap has not recovered.
    #[inline]
    pub(crate) fn start() -> Result<Self, OutOfMemory> {
        if confine::drawn() != 0 {
            recovered()?;
        }
        Ok(Self::now())
    }

    /// Begins a part of an operation.
    #[inline]
    pub(crate) fn now() -> Self {
        Self(Some(confine::draws()))
    }

    /// Begins a part of an operation, that of this watch.
    #[inline]
    pub(crate) fn part(self) -> Self {
        Self(self.0.map(|_| confine::draws()))
    }

    /// # Errors
    /// The reserve was drawn on since the beginning.
    #[inline]
    pub(crate) fn check(self) -> Result<(), OutOfMemory> {
        match self.0.is_none_or(|before| confine::draws() == before) {
            true => Ok(()),
            false => Err(OutOfMemory::new(0)),
        }
    }

    /// What was made since the beginning, if no part of it lies in the reserve.
    #[inline]
    pub(crate) fn passed<R>(self, made: R) -> Result<R, OutOfMemory> {
        self.check()?;
        Ok(made)
    }
}

/// An operation under watch.
#[inline]
pub(crate) fn watched<R>(operation: impl FnOnce() -> Result<R>) -> Result<R> {
    let watch = Watch::start()?;
    let made = operation()?;
    Ok(watch.passed(made)?)
}

/// Whether the heap serves again, and enough of the reserve is left for the next operation.
#[cold]
fn recovered() -> Result<(), OutOfMemory> {
    // More than the reserve would serve.
    let probe = Vec::<u8>::new().try_reserve_exact(confine::LARGEST_DRAW + 1);
    match probe.is_ok() && confine::drawn() <= confine::RESERVE / 2 {
        true => Ok(()),
        false => Err(OutOfMemory::new(0)),
    }
}

/// What a call that can't fail has made.
pub(crate) fn infallible<R>(made: Result<R>) -> R {
    // Nobody was watching, so the reserve is used up, or much more was asked for than it serves.
    made.unwrap_or_else(|_| handle_alloc_error(Layout::new::<R>()))
}

/// Collections that outlive an operation.
pub(crate) trait Room {
    /// Makes room for `additional` items: outside the reserve, if `watch` is on.
    fn room(&mut self, additional: usize, watch: Watch) -> Result<(), OutOfMemory>;
}

/// How much room to make for `additional` items.
fn larger(len: usize, capacity: usize, additional: usize) -> usize {
    let least = len.saturating_add(additional);
    least.max(capacity.saturating_mul(2)).max(4)
}

impl<T> Room for Vec<T> {
    #[inline]
    fn room(&mut self, additional: usize, watch: Watch) -> Result<(), OutOfMemory> {
        if let Some(mut new) = larger_vec(self, additional, watch)? {
            new.append(self);
            *self = new;
        }
        Ok(())
    }
}

/// A vector with room for the items of `old` and `additional` ones, to move them to; `None` if `old` has the room.
#[inline]
pub(crate) fn larger_vec<T>(
    old: &Vec<T>,
    additional: usize,
    watch: Watch,
) -> Result<Option<Vec<T>>, OutOfMemory> {
    if old.capacity() - old.len() >= additional {
        return Ok(None);
    }
    let watch = watch.part();
    let new = vec(larger(old.len(), old.capacity(), additional))?;
    watch.check()?;
    Ok(Some(new))
}

/// An empty vector with room for `capacity` items.
pub(crate) fn vec<T>(capacity: usize) -> Result<Vec<T>, OutOfMemory> {
    let mut vec = Vec::new();
    match vec.try_reserve_exact(capacity) {
        Ok(()) => Ok(vec),
        Err(_) => Err(OutOfMemory::new(capacity.saturating_mul(size_of::<T>()))),
    }
}

/// The items, for which there is room at once if the iterator knows how many they are.
pub(crate) fn collect<T>(items: impl Iterator<Item = T>) -> Result<Vec<T>, OutOfMemory> {
    let mut all = vec(items.size_hint().0)?;
    for item in items {
        push(&mut all, item)?;
    }
    Ok(all)
}

/// As [`collect`], of an iterator that knows.
pub(crate) fn boxed<T>(items: impl ExactSizeIterator<Item = T>) -> Result<Box<[T]>, OutOfMemory> {
    // It fits, so this allocates nothing.
    Ok(collect(items)?.into_boxed_slice())
}

/// Adds an item.
pub(crate) fn push<T>(vec: &mut Vec<T>, item: T) -> Result<(), OutOfMemory> {
    if vec.len() == vec.capacity() {
        let more = vec.try_reserve(1);
        more.map_err(|_| OutOfMemory::new(vec.len().saturating_mul(2 * size_of::<T>())))?;
    }
    vec.push(item);
    Ok(())
}

/// So many times the same.
pub(crate) fn repeated<T: Clone>(item: T, count: usize) -> Result<Vec<T>, OutOfMemory> {
    let mut all = vec(count)?;
    all.resize(count, item);
    Ok(all)
}

/// A value in a box of its own, or the value.
pub(crate) fn place<T>(value: T) -> Result<Box<T>, T> {
    let layout = Layout::new::<T>();
    if layout.size() == 0 {
        return Ok(Box::new(value));
    }
    // SAFETY: the size is not zero.
    let place = unsafe { alloc(layout) }.cast::<T>();
    if place.is_null() {
        return Err(value);
    }
    // SAFETY: allocated for a `T`, and nobody else's.
    unsafe {
        place.write(value);
        Ok(Box::from_raw(place))
    }
}

/// A copy of a text.
pub(crate) fn string(text: &str) -> Result<String, OutOfMemory> {
    let mut copy = String::new();
    let reserved = copy.try_reserve_exact(text.len());
    reserved.map_err(|_| OutOfMemory::new(text.len()))?;
    copy.push_str(text);
    Ok(copy)
}

/// The longest text of an error that is made of what may be of any length (names, types, other errors), in bytes:
/// far less than the reserve serves.
const LONGEST_TEXT: usize = 1000;

/// The text of an error. Where it is long, the end is left out. What a terminal would obey is escaped, since much of
/// it is a guest's.
pub(crate) fn text(of: fmt::Arguments<'_>) -> String {
    let mut text = Text(String::new());
    // It fails where it is cut off.
    let _ = Escaping(&mut text).write_fmt(of);
    text.0
}

struct Escaping<'a>(&'a mut Text);

impl fmt::Write for Escaping<'_> {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        write_escaped(self.0, part)
    }
}

struct Text(String);

impl fmt::Write for Text {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        let room = LONGEST_TEXT - self.0.len().min(LONGEST_TEXT);
        if part.len() <= room {
            self.0.push_str(part);
            return Ok(());
        }
        self.0.push_str(&part[..part.floor_char_boundary(room)]);
        self.0.push('\u{2026}');
        Err(fmt::Error)
    }
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_TEXT, text};
    use std::string::String;

    #[test]
    fn long_texts_are_cut_off() {
        let check = |name: &str, expected: &str| {
            assert_eq!(text(format_args!("`{name}` is {}", 5)), expected);
        };
        check("short", "`short` is 5");
        check("\x1b[31m\n", r"`\u{1b}[31m\n` is 5");
        // A character of two bytes is not taken apart.
        let long = "\u{e9}".repeat(9000);
        let mut cut = String::from("`");
        cut.extend(long.chars().take((LONGEST_TEXT - 1) / 2));
        check(&long, &(cut + "\u{2026}"));
    }
}
