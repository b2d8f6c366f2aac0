//! Code that is executed where somebody else has mapped it, and the rights that were there before.
//!
//! Linux tells the rights of a page in `/proc/self/maps` and nowhere else. Reading it takes longer than all the rest of
//! loading an image, so who has made the mapping says what the rights are. Where neither tells, nothing is executed in
//! place.

use std::fs::File;
use std::io::{self, Read};
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use rustix::io::Errno;
use rustix::mm::{self, MprotectFlags};
use wasmetal_platform::confine::is_drawn;
use wasmetal_platform::{Error, Operation, Result, Rights};

use crate::memory;

/// What is executed in place, and what has other rights because of that.
static IN_PLACE: Mutex<InPlace> = Mutex::new(InPlace {
    uses: Vec::new(),
    turned: Vec::new(),
});

struct InPlace {
    /// What is executed, as often as it is; whole pages.
    uses: Vec<Range<usize>>,
    /// What could only be read, and can be executed as long as a use overlaps it. No two overlap.
    turned: Vec<Range<usize>>,
}

/// Makes a mapping of somebody else's executable, which can be read and not written.
///
/// # Safety
/// As for `Platform::execute_in_place`.
pub(crate) unsafe fn execute(code: *mut u8, size: usize, rights: Rights) -> Result<()> {
    let range = pages(code, size)?;
    let mut all = IN_PLACE.lock().unwrap_or_else(PoisonError::into_inner);
    let InPlace { uses, turned } = &mut *all;
    let overlaps = |other: &Range<usize>| other.start < range.end && range.start < other.end;
    let mut readable = match rights {
        Rights::ReadOnly if !uses.iter().any(overlaps) => {
            let mut all = Vec::new();
            push(&mut all, range.clone())?;
            all
        }
        Rights::ReadOnly | Rights::Unknown => readable(&range)?,
    };
    reserve(uses, 1)?;
    reserve(turned, readable.len())?;
    for (index, part) in readable.iter().enumerate() {
        let rights = MprotectFlags::READ | MprotectFlags::EXEC;
        // SAFETY: nobody can write there.
        if let Err(errno) = unsafe { protect(code, part, rights) } {
            for part in &readable[..index] {
                // SAFETY: nobody executes there yet, but by rights that it had before.
                let _ = unsafe { protect(code, part, MprotectFlags::READ) };
            }
            return Err(refused(errno));
        }
    }
    turned.append(&mut readable);
    uses.push(range);
    Ok(())
}

/// The parts of a range that can be read and not be executed. All of the range can be read, and nothing written.
fn readable(range: &Range<usize>) -> Result<Vec<Range<usize>>> {
    let mut readable = Vec::new();
    let mut next = range.start;
    each_mapping(|mapping, rights| {
        let part = mapping.start.max(range.start)..mapping.end.min(range.end);
        if part.is_empty() {
            return Ok(mapping.start < range.end);
        }
        if part.start != next || !rights.read || rights.write {
            return Err(refused(Errno::ACCESS));
        }
        next = part.end;
        if !rights.execute {
            push(&mut readable, part)?;
        }
        Ok(next < range.end)
    })?;
    match next == range.end {
        true => Ok(readable),
        false => Err(refused(Errno::ACCESS)),
    }
}

/// Ends a use, and gives back the rights of what is not used any more.
///
/// # Safety
/// As for `Platform::end_in_place`.
pub(crate) unsafe fn end(code: *mut u8, size: usize) {
    let Ok(range) = pages(code, size) else {
        return;
    };
    let mut all = IN_PLACE.lock().unwrap_or_else(PoisonError::into_inner);
    let InPlace { uses, turned } = &mut *all;
    if let Some(at) = uses.iter().position(|other| *other == range) {
        uses.swap_remove(at);
    }
    turned.retain(|part| {
        let overlaps = |other: &Range<usize>| other.start < part.end && part.start < other.end;
        if !overlaps(&range) || uses.iter().any(overlaps) {
            return true;
        }
        // It splits no mapping that `execute` has not split. If it fails all the same, code stays executable that was
        // executable before, and is not writable.
        // SAFETY: nobody executes there any more.
        let _ = unsafe { protect(code, part, MprotectFlags::READ) };
        false
    });
    if uses.is_empty() {
        // Nothing is left behind.
        *uses = Vec::new();
        *turned = Vec::new();
    }
}

fn refused(errno: Errno) -> Error {
    Error::new(Operation::Protect, errno.raw_os_error())
}

/// The whole pages that code lies in.
fn pages(code: *const u8, size: usize) -> Result<Range<usize>> {
    let page = memory::page_size();
    let size = size.max(1).checked_next_multiple_of(page);
    let end = size.and_then(|size| code.addr().checked_add(size));
    match (code.addr().is_multiple_of(page), end) {
        (true, Some(end)) => Ok(code.addr()..end),
        _ => Err(refused(Errno::INVAL)),
    }
}

/// # Safety
/// Nobody relies on a right that is taken away; `code` is of the mapping that the range is a part of.
unsafe fn protect(
    code: *mut u8,
    range: &Range<usize>,
    rights: MprotectFlags,
) -> rustix::io::Result<()> {
    // SAFETY: the caller's promise.
    unsafe { mm::mprotect(code.with_addr(range.start).cast(), range.len(), rights) }
}

/// Makes room for more, outside the reserve.
fn reserve(ranges: &mut Vec<Range<usize>>, more: usize) -> Result<()> {
    let mut larger = Vec::<Range<usize>>::new();
    let room = larger.try_reserve_exact(ranges.len() + more);
    if room.is_err() || is_drawn(larger.as_ptr().cast()) {
        return Err(refused(Errno::NOMEM));
    }
    larger.append(ranges);
    *ranges = larger;
    Ok(())
}

fn push(ranges: &mut Vec<Range<usize>>, range: Range<usize>) -> Result<()> {
    reserve(ranges, 1)?;
    ranges.push(range);
    Ok(())
}

/// The rights of a mapping, as its line has them.
#[derive(Debug, PartialEq)]
struct Line {
    read: bool,
    write: bool,
    execute: bool,
}

/// Visits the mappings of this process, from the lowest, until told not to go on.
fn each_mapping(mut visit: impl FnMut(Range<usize>, Line) -> Result<bool>) -> Result<()> {
    let failed = |error: io::Error| refused(Errno::from_io_error(&error).unwrap_or(Errno::IO));
    let mut file = File::open("/proc/self/maps").map_err(failed)?;
    // The kernel hands out whole lines, as many as fit in a page.
    let mut buffer = [0; 8 << 10];
    let mut filled = 0;
    loop {
        let read = file.read(&mut buffer[filled..]).map_err(failed)?;
        filled += read;
        let mut rest = &buffer[..filled];
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            let (mapping, rights) = line(&rest[..end]).ok_or(refused(Errno::IO))?;
            if !visit(mapping, rights)? {
                return Ok(());
            }
            rest = &rest[end + 1..];
        }
        let left = rest.len();
        if read == 0 || left == buffer.len() {
            return Ok(());
        }
        buffer.copy_within(filled - left..filled, 0);
        filled = left;
    }
}

/// A line of `/proc/self/maps`: `7f12a000-7f12b000 r-xp ...`.
fn line(line: &[u8]) -> Option<(Range<usize>, Line)> {
    let mut fields = line.split(|byte| *byte == b' ');
    let mut ends = fields.next()?.split(|byte| *byte == b'-');
    let mut address = || usize::from_str_radix(str::from_utf8(ends.next()?).ok()?, 16).ok();
    let range = address()?..address()?;
    let [read, write, execute, ..] = *fields.next()? else {
        return None;
    };
    let rights = Line {
        read: read == b'r',
        write: write == b'w',
        execute: execute == b'x',
    };
    Some((range, rights))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustix::mm::{MapFlags, ProtFlags};
    use std::ptr;

    #[test]
    fn lines() {
        let check = |text: &str, expected: Option<(Range<usize>, &str)>| {
            let expected = expected.map(|(range, rights)| {
                let has = |right| rights.contains(right);
                let (read, write, execute) = (has('r'), has('w'), has('x'));
                let rights = Line {
                    read,
                    write,
                    execute,
                };
                (range, rights)
            });
            assert_eq!(line(text.as_bytes()), expected, "{text}");
        };
        check(
            "7f01000-7f02000 r-xp 00000000 08:01 42    /lib/a b",
            Some((0x7f01000..0x7f02000, "rx")),
        );
        check(
            "1000-3000 rw-s 00000000 00:00 0",
            Some((0x1000..0x3000, "rw")),
        );
        check("ff-100 ---p", Some((0xff..0x100, "")));
        check("", None);
        check("1000 r--p", None);
        check("1000-z r--p", None);
        check("1000-2000 r", None);
    }

    fn rights_at(address: usize) -> String {
        let mut found = String::new();
        each_mapping(|mapping, rights| {
            if mapping.contains(&address) {
                for (has, right) in [
                    (rights.read, 'r'),
                    (rights.write, 'w'),
                    (rights.execute, 'x'),
                ] {
                    found.extend(has.then_some(right));
                }
            }
            Ok(true)
        })
        .expect("they can be read");
        found
    }

    /// New pages with these rights.
    fn pages_with(all: &[&str]) -> *mut u8 {
        let page = memory::page_size();
        // SAFETY: a new mapping; each page gets the rights that are asked for.
        unsafe {
            let flags = MapFlags::PRIVATE;
            let size = all.len() * page;
            let base =
                mm::mmap_anonymous(ptr::null_mut(), size, ProtFlags::empty(), flags).unwrap();
            for (index, rights) in all.iter().enumerate() {
                let mut flags = MprotectFlags::empty();
                for (right, flag) in [
                    ('r', MprotectFlags::READ),
                    ('w', MprotectFlags::WRITE),
                    ('x', MprotectFlags::EXEC),
                ] {
                    flags.set(flag, flags.contains(flag) || rights.contains(right));
                }
                mm::mprotect(base.byte_add(index * page), page, flags).unwrap();
            }
            base.cast()
        }
    }

    /// Whether the rights to execute of neighbours are told apart. QEMU's emulation of programs does not: it takes the
    /// lines of its own mappings, where nothing of the program can be executed, and the rights of each line's first page.
    fn neighbours_are_told_apart() -> bool {
        let page = memory::page_size();
        let base = pages_with(&["r", "rx"]);
        let rights = [0, page].map(|offset| rights_at(base.addr() + offset));
        // SAFETY: nobody uses the pages.
        unsafe { memory::release(base, 2 * page) };
        rights == ["r", "rx"]
    }

    /// Pages with these rights; what is executed in place of them, in which order it ends, and what the rights are
    /// after each step: none for what is refused.
    #[test]
    fn rights_come_back() {
        let page = memory::page_size();
        let told_apart = neighbours_are_told_apart();
        assert!(told_apart || cfg!(target_arch = "aarch64"));
        let check_with = |known, before: &[&str], uses: &[(Range<usize>, Option<&[&str]>)]| {
            if before.len() > 1 && !told_apart {
                return;
            }
            let size = before.len() * page;
            let base = pages_with(before);
            let now = || -> Vec<String> {
                (0..before.len())
                    .map(|index| rights_at(base.addr() + index * page))
                    .collect()
            };
            let place =
                |range: &Range<usize>| (base.wrapping_add(range.start * page), range.len() * page);
            for (range, expected) in uses {
                let (code, size) = place(range);
                // SAFETY: nobody uses the pages, and `known` is true of them.
                let done = unsafe { execute(code, size, known) };
                assert_eq!(done.is_ok(), expected.is_some(), "{before:?} {range:?}");
                assert_eq!(now(), expected.unwrap_or(before), "{before:?} {range:?}");
            }
            for (range, _) in uses.iter().filter(|(_, expected)| expected.is_some()) {
                let (code, size) = place(range);
                // SAFETY: nobody uses the pages, and `execute` has succeeded for this range.
                unsafe { end(code, size) };
            }
            assert_eq!(now(), before, "{before:?}");
            // SAFETY: nobody uses the pages any more.
            unsafe { memory::release(base, size) };
        };
        let check = |before: &[&str], uses: &[(Range<usize>, Option<&[&str]>)]| {
            check_with(Rights::Unknown, before, uses);
            let mut all = uses.iter().flat_map(|(range, _)| range.clone());
            if all.all(|page| before[page] == "r") {
                check_with(Rights::ReadOnly, before, uses);
            }
        };
        check(&["r"], &[(0..1, Some(&["rx"]))]);
        // Beside each other, and both at once.
        check(
            &["r", "r"],
            &[
                (0..1, Some(&["rx", "r"])),
                (1..2, Some(&["rx", "rx"])),
                (0..2, Some(&["rx", "rx"])),
            ],
        );
        // Twice, and overlapping.
        check(
            &["r", "r", "rw"],
            &[
                (0..1, Some(&["rx", "r", "rw"])),
                (0..2, Some(&["rx", "rx", "rw"])),
                (1..2, Some(&["rx", "rx", "rw"])),
            ],
        );
        // What could be executed already still can be.
        check(&["r", "rx"], &[(0..2, Some(&["rx", "rx"]))]);
        check(&["rx"], &[(0..1, Some(&["rx"])), (0..1, Some(&["rx"]))]);
        // Nothing changes where a page can be written, or not be read.
        for other in ["rw", "w", "", "x"] {
            check(&["r", other], &[(0..2, None)]);
            check(&[other, "r"], &[(0..2, None)]);
            check(&[other], &[(0..1, None)]);
        }
    }
}
