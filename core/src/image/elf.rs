//! As much of ELF as an image needs: the headers of its sections (System V ABI, "Object Files"; 64 bits, little
//! endian). The file may lie at any address, and none of it is trusted.

use core::ops::Range;

/// `e_machine`: x86-64.
pub(super) const X86_64: u16 = 62;
/// `e_machine`: AArch64.
pub(super) const AARCH64: u16 = 183;

/// `sh_type` of a section that is not in the file.
const NOBITS: u32 = 8;

/// The size of a section header.
const HEADER: usize = 64;

/// The size of the file's own header.
const FILE_HEADER: u64 = 64;

/// What a file begins with.
pub(super) const MAGIC: &[u8] = b"\x7fELF\x02\x01";

/// How many bytes a file has at least that begins like this; `None` if it is none.
#[cold]
pub(super) fn least_len(file: &[u8]) -> Option<u64> {
    if MAGIC.starts_with(file) {
        return Some(FILE_HEADER);
    }
    let rest = file.strip_prefix(MAGIC)?;
    let (Some(start), Some(count)) = (word::<8>(rest, 40 - 6), word::<2>(rest, 60 - 6)) else {
        return Some(FILE_HEADER);
    };
    let headers = start.checked_add(count * HEADER as u64)?;
    let (known, _) = file
        .get(usize::try_from(start).ok()?..)
        .unwrap_or_default()
        .as_chunks();
    let known = known.iter().take(count as usize);
    let ends = known.filter_map(|header: &[u8; HEADER]| {
        let is_there = word::<4>(header, 4)? != NOBITS.into();
        let end = word::<8>(header, 24)?.checked_add(word::<8>(header, 32)?)?;
        is_there.then_some(end)
    });
    ends.chain([headers, FILE_HEADER]).max()
}

/// A file with the headers of its sections.
pub(super) struct Elf<'a> {
    file: &'a [u8],
    /// What it is for: `e_machine`.
    pub(super) machine: u16,
    headers: &'a [[u8; HEADER]],
    /// The names of sections, each with a 0 behind it.
    names: &'a [u8],
}

/// A section, by its header.
pub(super) struct Section<'a> {
    header: &'a [u8; HEADER],
    elf: &'a Elf<'a>,
}

impl<'a> Elf<'a> {
    /// Finds the headers; `None` if this is no such file.
    pub(super) fn parse(file: &'a [u8]) -> Option<Self> {
        let class = file.strip_prefix(MAGIC)?;
        let (start, size) = (word::<8>(class, 40 - 6)?, word::<2>(class, 58 - 6)?);
        let (count, names) = (word::<2>(class, 60 - 6)?, word::<2>(class, 62 - 6)?);
        let start = usize::try_from(start).ok()?;
        let (headers, _) = file.get(start..)?.as_chunks();
        let mut this = Self {
            file,
            machine: word::<2>(class, 18 - 6)? as u16,
            headers: headers.get(..count as usize)?,
            names: &[],
        };
        let names = Section {
            header: this.headers.get(names as usize)?,
            elf: &this,
        };
        let names = file.get(names.range()?)?;
        this.names = names;
        (size == HEADER as u64).then_some(this)
    }

    pub(super) fn sections(&'a self) -> impl Iterator<Item = Section<'a>> {
        let headers = self.headers.iter();
        headers.map(|header| Section { header, elf: self })
    }
}

impl Section<'_> {
    /// Whether that is its name.
    #[inline(always)]
    pub(super) fn is_called(&self, name: &str) -> bool {
        let start = word::<4>(self.header, 0).unwrap_or_default() as usize;
        let rest = self.elf.names.get(start..);
        let behind = rest.and_then(|rest| rest.strip_prefix(name.as_bytes()));
        behind.is_some_and(|behind| behind.first() == Some(&0))
    }

    /// Where it lies in the file; `None` if it does not.
    pub(super) fn range(&self) -> Option<Range<usize>> {
        let start = usize::try_from(word::<8>(self.header, 24)?).ok()?;
        let end = start.checked_add(usize::try_from(word::<8>(self.header, 32)?).ok()?)?;
        let is_there = end <= self.elf.file.len() && word::<4>(self.header, 4)? != NOBITS.into();
        is_there.then_some(start..end)
    }
}

/// The number in `SIZE` bytes, at most 8.
#[inline(always)]
fn word<const SIZE: usize>(bytes: &[u8], at: usize) -> Option<u64> {
    let mut word = [0; 8];
    word[..SIZE].copy_from_slice(bytes.get(at..)?.first_chunk::<SIZE>()?);
    Some(u64::from_le_bytes(word))
}
