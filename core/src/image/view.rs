//! The sections of an image.

use super::{CodeTable, Fingerprint, check};
use crate::abi::sections;
use crate::module::ModuleInfo;
use anyhow::{Context as _, Result, anyhow, ensure};
use core::ops::Range;
use object::LittleEndian;
use object::elf::{EM_AARCH64, EM_X86_64, FileHeader64, SHT_NOBITS};
use object::read::elf::{FileHeader as _, SectionHeader as _};

/// Where the sections of an image lie: ranges of its bytes, all within them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sections {
    /// Machine code.
    pub text: Range<usize>,
    /// See [`Fingerprint`].
    pub fingerprint: Range<usize>,
    /// See [`ModuleInfo`].
    pub info: Range<usize>,
    /// See [`CodeTable`].
    pub code: Range<usize>,
    /// See [`super::traps`].
    pub traps: Range<usize>,
    /// See [`super::addresses`].
    pub addresses: Range<usize>,
    /// See [`super::stack_maps`].
    pub stack_maps: Range<usize>,
    /// The bytes of data segments.
    pub data: Range<usize>,
    /// See [`super::names`].
    pub names: Range<usize>,
}

/// An image whose container is known to be well-formed.
///
/// Cheap to make: only the ELF headers are read.
#[derive(Clone, Debug)]
pub struct View<'a> {
    bytes: &'a [u8],
    sections: Sections,
}

impl<'a> View<'a> {
    /// Finds the sections of an image. `bytes` need no alignment.
    ///
    /// # Errors
    /// The bytes are no image, or a section is missing or reaches outside them.
    pub fn parse(bytes: &'a [u8]) -> Result<Self> {
        let sections = find(bytes).context("damaged image")?;
        Ok(Self { bytes, sections })
    }

    /// Where the sections lie.
    #[must_use]
    pub fn sections(&self) -> &Sections {
        &self.sections
    }

    /// What made the image. To be [checked](Fingerprint::check) before anything else is used.
    ///
    /// # Errors
    /// The fingerprint can't be decoded.
    pub fn fingerprint(&self) -> Result<Fingerprint<'a>> {
        Fingerprint::parse(&self.bytes[self.sections.fingerprint.clone()])
    }

    /// The module. Every index and range in it is within bounds.
    ///
    /// # Errors
    /// It can't be decoded, or contradicts itself.
    pub fn info(&self) -> Result<ModuleInfo> {
        let info = postcard::from_bytes(&self.bytes[self.sections.info.clone()])
            .map_err(|e| anyhow!("damaged image: bad module: {e}"))?;
        check::module(&info, self.sections.data.len()).context("damaged image: bad module")?;
        Ok(info)
    }

    /// Where the code lies. Every range is within the text, and what `info` needs is there.
    ///
    /// # Errors
    /// It can't be decoded, or contradicts itself or `info`.
    pub fn code(&self, info: &ModuleInfo) -> Result<CodeTable> {
        let code: CodeTable = postcard::from_bytes(&self.bytes[self.sections.code.clone()])
            .map_err(|e| anyhow!("damaged image: bad code table: {e}"))?;
        code.check(info, self.sections.text.len())
            .context("damaged image: bad code table")?;
        Ok(code)
    }

    /// Machine code.
    #[must_use]
    pub fn text(&self) -> &'a [u8] {
        &self.bytes[self.sections.text.clone()]
    }

    /// The trap table: see [`super::traps`].
    #[must_use]
    pub fn traps(&self) -> &'a [u8] {
        &self.bytes[self.sections.traps.clone()]
    }

    /// The address map: see [`super::addresses`].
    #[must_use]
    pub fn addresses(&self) -> &'a [u8] {
        &self.bytes[self.sections.addresses.clone()]
    }

    /// The stack maps: see [`super::stack_maps`].
    #[must_use]
    pub fn stack_maps(&self) -> &'a [u8] {
        &self.bytes[self.sections.stack_maps.clone()]
    }

    /// The bytes of data segments.
    #[must_use]
    pub fn data(&self) -> &'a [u8] {
        &self.bytes[self.sections.data.clone()]
    }

    /// Function names: see [`super::names`].
    #[must_use]
    pub fn names(&self) -> &'a [u8] {
        &self.bytes[self.sections.names.clone()]
    }
}

fn find(bytes: &[u8]) -> Result<Sections> {
    let header = FileHeader64::<LittleEndian>::parse(bytes)?;
    let endian = header.endian()?;
    ensure!(
        matches!(header.e_machine(endian), EM_AARCH64 | EM_X86_64),
        "unknown machine {}",
        header.e_machine(endian)
    );
    let table = header.sections(endian, bytes)?;
    let find = |name: &str| -> Result<Range<usize>> {
        let (_, section) = table
            .section_by_name(endian, name.as_bytes())
            .with_context(|| alloc::format!("no section {name}"))?;
        let start = usize::try_from(section.sh_offset(endian)).ok();
        let len = usize::try_from(section.sh_size(endian)).ok();
        start
            .zip(len)
            .and_then(|(start, len)| Some(start..start.checked_add(len)?))
            .filter(|range| range.end <= bytes.len() && section.sh_type(endian) != SHT_NOBITS)
            .with_context(|| alloc::format!("section {name} is outside the image"))
    };
    Ok(Sections {
        text: find(sections::TEXT)?,
        fingerprint: find(sections::FINGERPRINT)?,
        info: find(sections::INFO)?,
        code: find(sections::CODE)?,
        traps: find(sections::TRAPS)?,
        addresses: find(sections::ADDRESSES)?,
        stack_maps: find(sections::STACK_MAPS)?,
        data: find(sections::DATA)?,
        names: find(sections::NAMES)?,
    })
}
