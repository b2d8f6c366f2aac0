//! The container: an ELF file with sections and nothing else.

use crate::abi::sections;
use crate::error::Result;
use crate::error::bounded::{bail, ensure, format_err};
use crate::oom;
use alloc::vec::Vec;
use object::Endianness;
use object::elf::{
    ELFOSABI_NONE, EM_AARCH64, EM_X86_64, ET_REL, FileFlags, SHF_ALLOC, SHF_EXECINSTR,
    SHT_PROGBITS, SectionFlags,
};
use object::write::elf::{FileHeader, SectionHeader, Writer};
use target_lexicon::Architecture;

/// More than the headers and names of all sections take, in bytes.
const HEADERS: usize = 2048;

/// A section to be written.
pub(super) struct Section<'a> {
    pub(super) name: &'static str,
    /// Its bytes, in pieces.
    pub(super) pieces: &'a [&'a [u8]],
    pub(super) align: usize,
}

/// Writes an ELF file with these sections, in this order, and nothing behind the last.
pub(super) fn write(architecture: Architecture, contents: &[Section<'_>]) -> Result<Vec<u8>> {
    let e_machine = match architecture {
        Architecture::X86_64 => EM_X86_64,
        Architecture::Aarch64(_) => EM_AARCH64,
        other => bail!("no ELF machine for {other}"),
    };
    let size = contents.iter().map(|section| {
        let pieces = section.pieces.iter().map(|piece| piece.len());
        pieces.sum::<usize>().saturating_add(section.align)
    });
    // The writer, which allocates infallibly, finds room for all of it.
    let mut file = oom::vec(size.fold(HEADERS, usize::saturating_add))?;
    let mut writer = Writer::new(Endianness::Little, true, &mut file);

    writer.reserve_null_section_index();
    let names: Vec<_> = contents
        .iter()
        .map(|section| {
            writer.reserve_section_index();
            writer.add_section_name(section.name.as_bytes())
        })
        .collect();
    writer.reserve_shstrtab_section_index();
    writer.reserve_file_header();
    writer.reserve_section_headers();
    writer
        .reserve_shstrtab()
        .map_err(|e| format_err!("cannot write the image: {e}"))?;
    let mut places = Vec::with_capacity(contents.len());
    for section in contents {
        let len = section.pieces.iter().map(|piece| piece.len() as u64).sum();
        let align = section.align as u64;
        ensure!(align.is_power_of_two(), "{align} is no alignment");
        places.push((writer.reserve(len, align), len, align));
    }

    writer
        .write_file_header(&FileHeader {
            os_abi: ELFOSABI_NONE,
            abi_version: 0,
            e_type: ET_REL,
            e_machine,
            e_entry: 0,
            e_flags: FileFlags(0),
        })
        .map_err(|e| format_err!("cannot write the image: {e}"))?;
    writer.write_null_section_header();
    for ((section, name_id), (offset, len, align)) in contents.iter().zip(names).zip(&places) {
        let flags = if section.name == sections::TEXT {
            SHF_ALLOC | SHF_EXECINSTR
        } else {
            SectionFlags(0)
        };
        let sh_name = writer.section_name_offset(Some(name_id));
        writer.write_section_header(&SectionHeader {
            sh_name,
            sh_type: SHT_PROGBITS,
            sh_flags: flags,
            sh_addr: 0,
            sh_offset: *offset,
            sh_size: *len,
            sh_link: 0,
            sh_info: 0,
            sh_addralign: *align,
            sh_entsize: 0,
        });
    }
    writer.write_shstrtab_section_header();
    writer.write_shstrtab();
    for (section, (offset, ..)) in contents.iter().zip(places) {
        writer.pad_until(offset);
        for piece in section.pieces {
            writer.write(piece);
        }
    }
    Ok(file)
}
