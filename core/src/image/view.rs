//! The sections of an image.

use super::elf::{self, Elf};
use super::{CodeTable, Fingerprint, LoadError, check};
use crate::abi::sections::{self, Part};
use crate::error::bounded::{bail, ensure};
use crate::error::{Context as _, Result};
use crate::module::ModuleInfo;
use crate::wire::{self, Undecoded, Wire};
use core::ops::Range;
use target_lexicon::{Aarch64Architecture, Architecture};

/// Where everything in an image lies: ranges of its bytes, all within them.
#[doc(hidden)]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sections {
    /// The parts of the metadata, by [`Part`].
    pub parts: [Range<usize>; Part::ALL.len()],
    /// The module's Wasm bytes, if the image carries them.
    pub wasm: Option<Range<usize>>,
    /// Machine code.
    pub text: Range<usize>,
    /// What proves all that is before it: see [`super::seal`].
    pub seal: Range<usize>,
}

/// An image whose container is known to be well-formed.
///
/// Cheap to make: only the ELF headers are read.
#[derive(Clone, Debug)]
pub struct View<'a> {
    bytes: &'a [u8],
    architecture: Architecture,
    sections: Sections,
}

impl<'a> View<'a> {
    /// Finds the sections of an image. `bytes` need no alignment.
    ///
    /// # Errors
    /// The bytes are no image, or a section is missing or reaches outside them.
    pub fn parse(bytes: &'a [u8]) -> Result<Self> {
        let (architecture, sections) = find(bytes).map_err(|error| error.context(damage(bytes)))?;
        Ok(Self {
            bytes,
            architecture,
            sections,
        })
    }

    /// How many bytes show whether they begin as an image does.
    #[cfg(feature = "std")]
    pub(crate) const HEAD: u64 = elf::MAGIC.len() as u64;

    /// Whether the bytes begin as an image does, whole or not.
    pub(crate) fn begins(bytes: &[u8]) -> bool {
        bytes.starts_with(elf::MAGIC)
    }

    /// The image.
    #[must_use]
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Where everything lies.
    #[doc(hidden)]
    #[must_use]
    pub fn sections(&self) -> &Sections {
        &self.sections
    }

    /// The architecture that the container names.
    #[must_use]
    pub fn architecture(&self) -> Architecture {
        self.architecture
    }

    /// The bytes of a part of the metadata.
    #[doc(hidden)]
    #[must_use]
    pub fn part(&self, part: Part) -> &'a [u8] {
        &self.bytes[self.sections.parts[part as usize].clone()]
    }

    /// Where a part of the metadata lies.
    #[doc(hidden)]
    #[must_use]
    pub fn range(&self, part: Part) -> Range<usize> {
        self.sections.parts[part as usize].clone()
    }

    /// The module's Wasm bytes, if the image carries them.
    #[must_use]
    pub fn wasm(&self) -> Option<&'a [u8]> {
        let wasm = self.sections.wasm.as_ref()?;
        Some(&self.bytes[wasm.clone()])
    }

    /// The seal: see [`super::seal`].
    #[doc(hidden)]
    #[must_use]
    pub fn seal(&self) -> &'a [u8] {
        &self.bytes[self.sections.seal.clone()]
    }

    /// What made the image. To be [checked](Fingerprint::check) before anything else is used.
    ///
    /// # Errors
    /// The fingerprint can't be decoded.
    pub fn fingerprint(&self) -> Result<Fingerprint<'a>> {
        Fingerprint::parse(self.part(Part::Fingerprint))
    }

    /// The module. Every index and range in it is within bounds.
    ///
    /// # Errors
    /// It can't be decoded, or contradicts itself.
    #[doc(hidden)]
    #[inline]
    pub fn info(&self) -> Result<ModuleInfo> {
        let info = decode(self.part(Part::Info), LoadError::damaged("module"))?;
        check::module(&info, self.part(Part::Data).len()).context(LoadError::damaged("module"))?;
        Ok(info)
    }

    /// Where the code lies. Every range is within the text, and what `info` needs is there.
    ///
    /// # Errors
    /// It can't be decoded, or contradicts itself or `info`.
    #[doc(hidden)]
    pub fn code(&self, info: &ModuleInfo) -> Result<CodeTable> {
        let code: CodeTable = decode(self.part(Part::Code), LoadError::damaged("code table"))?;
        code.check(info, self.sections.text.len())
            .context(LoadError::damaged("code table"))?;
        Ok(code)
    }

    /// Machine code.
    #[doc(hidden)]
    #[must_use]
    pub fn text(&self) -> &'a [u8] {
        &self.bytes[self.sections.text.clone()]
    }

    /// The trap table: see [`super::traps`].
    #[doc(hidden)]
    #[must_use]
    pub fn traps(&self) -> &'a [u8] {
        self.part(Part::Traps)
    }

    /// The address map: see [`super::addresses`].
    #[doc(hidden)]
    #[must_use]
    pub fn addresses(&self) -> &'a [u8] {
        self.part(Part::Addresses)
    }

    /// The stack maps: see [`super::stack_maps`].
    #[doc(hidden)]
    #[must_use]
    pub fn stack_maps(&self) -> &'a [u8] {
        self.part(Part::StackMaps)
    }

    /// The handler table: see `super::handlers`.
    #[doc(hidden)]
    #[must_use]
    pub fn handlers(&self) -> &'a [u8] {
        self.part(Part::Handlers)
    }

    /// Checks the handler table.
    ///
    /// # Errors
    /// It contradicts itself, `info` or `code`.
    #[doc(hidden)]
    #[cfg(feature = "exceptions")]
    pub fn check_handlers(&self, info: &ModuleInfo, code: &CodeTable) -> Result<()> {
        super::handlers::check(self.handlers(), info, code)
            .context(LoadError::damaged("handler table"))
    }

    /// The bytes of data segments.
    #[doc(hidden)]
    #[must_use]
    pub fn data(&self) -> &'a [u8] {
        self.part(Part::Data)
    }

    /// Function names: see [`super::names`].
    #[doc(hidden)]
    #[must_use]
    pub fn names(&self) -> &'a [u8] {
        self.part(Part::Names)
    }
}

/// Decodes a part of the metadata.
#[inline]
fn decode<'a, T: Wire<'a>>(part: &'a [u8], damaged: LoadError) -> Result<T> {
    wire::decode(part).map_err(|error| match error {
        Undecoded::OutOfMemory(exhausted) => exhausted.into(),
        Undecoded::Damaged => damaged.into(),
    })
}

/// What is wrong with bytes that are no image: perhaps only that the rest is missing.
#[cold]
fn damage(bytes: &[u8]) -> LoadError {
    match (elf::least_len(bytes), bytes.len()) {
        (Some(needed), len) if needed > len as u64 => LoadError::Truncated { len, needed },
        _ => LoadError::DAMAGED,
    }
}

fn find(bytes: &[u8]) -> Result<(Architecture, Sections)> {
    let elf = Elf::parse(bytes).context("no ELF file of 64 bits, little endian")?;
    let architecture = match elf.machine {
        elf::AARCH64 => Architecture::Aarch64(Aarch64Architecture::Aarch64),
        elf::X86_64 => Architecture::X86_64,
        other => bail!("unknown machine {other}"),
    };
    // One look at each section: finding them takes a good part of loading a small image.
    let names = [
        sections::META,
        sections::WASM,
        sections::TEXT,
        sections::SEAL,
    ];
    let mut found = [const { None }; 4];
    for section in elf.sections() {
        // Each name by itself: it is a constant then, which makes this several times as fast.
        let place = if section.is_called(sections::META) {
            0
        } else if section.is_called(sections::WASM) {
            1
        } else if section.is_called(sections::TEXT) {
            2
        } else if section.is_called(sections::SEAL) {
            3
        } else {
            continue;
        };
        if found[place].is_some() {
            continue;
        }
        let range = section.range();
        found[place] =
            Some(range.with_context(|| {
                alloc::format!("section {} is outside the image", names[place])
            })?);
    }
    let need = |found: Option<Range<usize>>, name: &str| {
        found.with_context(|| alloc::format!("no section {name}"))
    };
    let [meta, wasm, text, seal] = found;
    let seal = need(seal, sections::SEAL)?;
    ensure!(
        seal.end == bytes.len(),
        "{} bytes behind the seal",
        bytes.len() - seal.end
    );
    let sections = Sections {
        parts: parts(bytes, need(meta, sections::META)?)?,
        wasm,
        text: need(text, sections::TEXT)?,
        seal,
    };
    for range in sections.wasm.iter().chain([&sections.text]) {
        ensure!(
            range.end <= sections.seal.start,
            "a section reaches into the seal"
        );
    }
    Ok((architecture, sections))
}

/// Splits the metadata.
fn parts(bytes: &[u8], meta: Range<usize>) -> Result<[Range<usize>; Part::ALL.len()]> {
    let (lengths, _) = bytes[meta.clone()]
        .split_first_chunk::<{ sections::LENGTHS }>()
        .context("the metadata is too short")?;
    let mut parts = [const { 0..0 }; Part::ALL.len()];
    let mut start = meta.start + lengths.len();
    let (lengths, _) = lengths.as_chunks::<4>();
    for (part, len) in parts.iter_mut().zip(lengths) {
        let len = u32::from_le_bytes(*len) as usize;
        let end = start.checked_add(len).filter(|end| *end <= meta.end);
        *part = start..end.context("the metadata is too short")?;
        start = part.end;
    }
    ensure!(
        start == meta.end,
        "{} bytes behind the metadata",
        meta.end - start
    );
    Ok(parts)
}
