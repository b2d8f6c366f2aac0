//! Lays out the text, and with it everything that is addressed by text offset.

use super::Text;
use super::addresses::Addresses;
use super::handlers::Handlers;
use super::stack_maps::StackMaps;
use super::traps::Traps;
use crate::compile::codegen::{Code, Trampolines};
use crate::error::Result;
use crate::error::bounded::ensure;
use crate::image::traps::TrapSite;
use crate::image::{CodeRange, CodeTable};
use crate::module::TypeIndex;
use alloc::vec::Vec;
use cranelift_codegen::control::ControlPlane;
use cranelift_codegen::isa::TargetIsa;
use cranelift_entity::PrimaryMap;

/// The most code that one image may hold, in bytes, so that offsets into it and into the tables about
/// it fit in 32 bits, veneers included.
const MAX_CODE: u64 = 512 << 20;

/// Lays out functions in the order of their indices, then helpers, then trampolines: the order of
/// `code`, which ends with `trampolines.all`. Without an `address_map`, that part is empty.
pub(in crate::compile) fn text(
    isa: &dyn TargetIsa,
    functions: usize,
    trampolines: &Trampolines,
    code: Vec<Code>,
    address_map: bool,
) -> Result<Text> {
    let size: u64 = code
        .iter()
        .map(|c| (c.bytes.len() as u64).next_multiple_of(c.alignment.into()))
        .sum();
    ensure!(
        size <= MAX_CODE,
        "module too large: {size} bytes of machine code"
    );
    let plane = &mut ControlPlane::default();
    // Functions and helpers are what relocations refer to.
    let targets = code.len() - trampolines.all.len();
    let mut text = isa.text_section_builder(targets);
    let mut ranges = Vec::with_capacity(code.len());
    let mut traps = Traps::default();
    let mut addresses = address_map.then(Addresses::default);
    let mut stack_maps = StackMaps::default();
    let mut uses_heap = false;
    let mut handlers = Handlers::default();
    for (i, code) in code.into_iter().enumerate() {
        let start = text.append(i < targets, &code.bytes, code.alignment, plane);
        for relocation in &code.relocations {
            let done = text.resolve_reloc(
                start + u64::from(relocation.offset),
                relocation.kind,
                relocation.addend,
                relocation.target,
            );
            ensure!(done, "cannot resolve a relocation {:?}", relocation.kind);
        }
        // By the check above.
        let start = start as u32;
        for site in code.traps {
            traps.push(TrapSite {
                offset: start + site.offset,
                ..site
            });
        }
        if let Some(addresses) = &mut addresses {
            addresses.push(start, &code.addresses);
        }
        for (offset, references) in &code.stack_maps {
            stack_maps.push(start + offset, references);
        }
        uses_heap |= code.uses_heap;
        handlers.push(start, &code.handlers);
        ranges.push(CodeRange {
            start,
            len: code.bytes.len() as u32,
        });
    }
    let of_types = |list: &[(TypeIndex, usize)]| {
        list.iter()
            .map(|(ty, i)| (*ty, ranges[targets + i]))
            .collect()
    };
    Ok(Text {
        bytes: text.finish(plane),
        code: CodeTable {
            entries: of_types(&trampolines.entries),
            hosts: of_types(&trampolines.hosts),
            functions: PrimaryMap::from_iter(ranges.into_iter().take(functions)),
            uses_heap,
        },
        traps: traps.finish(),
        addresses: addresses.map_or_else(Vec::new, Addresses::finish),
        stack_maps: stack_maps.finish(),
        handlers: handlers.finish(),
    })
}
