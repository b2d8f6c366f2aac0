//! The handler table: where calls in a `try_table` go on when they throw.
//!
//! Layout: nothing if there are no such calls, else
//! - `n: u32`, the number of calls;
//! - `n` return addresses, ascending;
//! - `n` times two words: the distance from the frame's stack pointer up to its frame pointer, and how
//!   many clauses this call and those before it have;
//! - for each clause three words: where its code begins, where the tag that it catches lies in the
//!   vmctx (0: it catches everything), and the distance from the frame's stack pointer up to where the
//!   frame keeps its vmctx.
//!
//! Words are `u32`, little endian; places in the code are text offsets, distances are in bytes. The clauses
//! of a call are in the order in which they are tried.

use super::CodeTable;
use crate::abi::vmctx::VmctxLayout;
use crate::error::bounded::ensure;
use crate::error::{Context as _, Result};
use crate::module::{ModuleInfo, TagIndex};
use cranelift_entity::EntityRef;

type Word = [u8; 4];

/// A handler table.
#[derive(Clone, Copy, Debug)]
pub struct Handlers<'a> {
    return_addresses: &'a [Word],
    sites: &'a [[Word; 2]],
    clauses: &'a [[Word; 3]],
}

/// A call with catch clauses.
#[derive(Clone, Copy, Debug)]
pub struct CallSite<'a> {
    /// The distance from the frame's stack pointer up to its frame pointer, in bytes.
    pub frame_size: u32,
    clauses: &'a [[Word; 3]],
}

/// A catch clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clause {
    /// The text offset of its code.
    pub code: u32,
    /// What it catches; `None`: everything.
    pub tag: Option<Tag>,
}

/// A tag, as the code of a frame names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tag {
    /// Where its number lies in the vmctx.
    pub slot: u32,
    /// Where the frame keeps its vmctx: the distance up from its stack pointer, in bytes.
    pub vmctx: u32,
}

impl<'a> Handlers<'a> {
    /// The table in a section; `None` if it is empty or too short.
    #[must_use]
    pub fn new(section: &'a [u8]) -> Option<Self> {
        let (words, _) = section.as_chunks::<4>();
        let (count, words) = words.split_first()?;
        let count = u32::from_le_bytes(*count) as usize;
        let (return_addresses, words) = words.split_at_checked(count)?;
        let (sites, clauses) = words.split_at_checked(count.checked_mul(2)?)?;
        Some(Self {
            return_addresses,
            sites: sites.as_chunks().0,
            clauses: clauses.as_chunks().0,
        })
    }

    /// The call that returns to `text_offset`, if it has catch clauses.
    #[inline]
    #[must_use]
    pub fn find(&self, text_offset: u32) -> Option<CallSite<'a>> {
        let addresses = self.return_addresses;
        let i = addresses.binary_search_by_key(&text_offset, |word| u32::from_le_bytes(*word));
        self.get(i.ok()?)
    }

    fn get(&self, i: usize) -> Option<CallSite<'a>> {
        let [frame_size, end] = self.sites.get(i)?.map(u32::from_le_bytes);
        let start = match i.checked_sub(1) {
            Some(before) => u32::from_le_bytes(self.sites.get(before)?[1]),
            None => 0,
        };
        Some(CallSite {
            frame_size,
            clauses: self.clauses.get(start as usize..end as usize)?,
        })
    }

    /// All calls by ascending return address, which comes first.
    pub fn iter(&self) -> impl Iterator<Item = (u32, CallSite<'a>)> {
        let addresses = self.return_addresses.iter().enumerate();
        addresses.filter_map(|(i, word)| Some((u32::from_le_bytes(*word), self.get(i)?)))
    }
}

impl CallSite<'_> {
    /// The clauses, in the order in which they are tried.
    #[inline]
    pub fn clauses(&self) -> impl Iterator<Item = Clause> {
        self.clauses.iter().map(|clause| {
            let [code, slot, vmctx] = clause.map(u32::from_le_bytes);
            let tag = (slot != 0).then_some(Tag { slot, vmctx });
            Clause { code, tag }
        })
    }
}

/// Checks a section: its table is complete and sorted, a call and its clauses are in one function, a vmctx is
/// within the frame, and a tag is one of the module's.
pub(super) fn check(section: &[u8], info: &ModuleInfo, code: &CodeTable) -> Result<()> {
    if section.is_empty() {
        return Ok(());
    }
    let table = Handlers::new(section).context("it is too short")?;
    let layout = VmctxLayout::new(info).context("too large an instance")?;
    let first_tag = layout.tag(TagIndex::new(0));
    let tags = first_tag..layout.tag(TagIndex::new(info.tags.len()));
    let words = 1 + 3 * table.return_addresses.len() + 3 * table.clauses.len();
    ensure!(section.len() == 4 * words, "it has a rest");
    let (mut last, mut clauses) = (0, 0);
    for (i, word) in table.return_addresses.iter().enumerate() {
        let address = u32::from_le_bytes(*word);
        ensure!(address > last, "calls are not in order");
        last = address;
        let function = code.function_at(address - 1).map(|i| code.function(i));
        let function = function.context("a call in no function")?;
        let site = table.get(i).context("clauses are not in order")?;
        clauses += site.clauses.len();
        ensure!(!site.clauses.is_empty(), "a call without clauses");
        ensure!(site.frame_size.is_multiple_of(8), "a frame is misaligned");
        for clause in site.clauses() {
            ensure!(
                function.contains(clause.code),
                "a clause outside its function"
            );
            if let Some(Tag { slot, vmctx }) = clause.tag {
                ensure!(
                    tags.contains(&slot) && (slot - first_tag).is_multiple_of(4),
                    "an unknown tag"
                );
                ensure!(
                    vmctx.is_multiple_of(8) && vmctx < site.frame_size,
                    "a vmctx outside its frame"
                );
            }
        }
    }
    ensure!(clauses == table.clauses.len(), "clauses of no call");
    Ok(())
}

#[cfg(all(test, feature = "compile"))]
mod tests {
    use super::*;
    use crate::abi::sections::Part;
    use crate::compile::tests::{AARCH64, X86_64, compiler};
    use crate::image::View;
    use alloc::{format, vec, vec::Vec};

    /// Six calls in two functions, all but one of them with clauses.
    const MODULE: &str = r#"
        (import "" "t" (tag $imported)) (tag $own (param i32))
        (func $f (call $g) (block (try_table (catch_all 0) (call $g))))
        (func $g (param) (block $a (block $b (result i32) (block $c
            (try_table (catch $imported $a) (catch $own $b)
                (call $f)
                (try_table (catch $imported $c) (catch_all $c) (call $f) (call $f))
                (throw $imported)))
            (i32.const 0))
            drop))
    "#;

    fn image(target: &str) -> Vec<u8> {
        let module = wat::parse_str(MODULE).unwrap();
        compiler(target).compile(&module, None).unwrap()
    }

    fn read(image: &[u8]) -> Result<Vec<(u32, Vec<Clause>)>> {
        let view = View::parse(image)?;
        let info = view.info()?;
        view.check_handlers(&info, &view.code(&info)?)?;
        let table = Handlers::new(view.handlers()).context("empty")?;
        let sites = table.iter();
        Ok(sites
            .map(|(at, site)| (at, site.clauses().collect()))
            .collect())
    }

    #[test]
    fn calls_are_found_again() {
        for target in [X86_64, AARCH64] {
            let image = image(target);
            let sites = read(&image).unwrap();
            let view = View::parse(&image).unwrap();
            let table = Handlers::new(view.handlers()).unwrap();
            let layout = VmctxLayout::new(&view.info().unwrap()).unwrap();
            let slots = [0, 1].map(|i| layout.tag(TagIndex::new(i)));
            let tags = |clauses: &[Clause]| -> Vec<Option<u32>> {
                clauses
                    .iter()
                    .map(|clause| clause.tag.map(|tag| tag.slot))
                    .collect()
            };
            let (imported, own) = (Some(slots[0]), Some(slots[1]));
            // The throw is a jump: no call.
            let expected = [
                vec![None],
                vec![imported, own],
                vec![imported, None],
                vec![imported, None],
            ];
            let found: Vec<_> = sites.iter().map(|(_, clauses)| tags(clauses)).collect();
            assert_eq!(found, expected, "{target}");
            for (at, clauses) in sites {
                let site = table.find(at).unwrap();
                assert_eq!(site.clauses().collect::<Vec<_>>(), clauses);
                for near in [at - 1, at + 1] {
                    assert!(table.find(near).is_none());
                }
            }
        }
    }

    #[test]
    fn a_table_that_lies_is_an_error() {
        let image = image(X86_64);
        let range = View::parse(&image).unwrap().sections().parts[Part::Handlers as usize].clone();
        assert!(range.len().is_multiple_of(4) && !range.is_empty());
        let sites = read(&image).unwrap().len();
        for at in range.clone().step_by(4) {
            let word = |image: &[u8]| u32::from_le_bytes(image[at..at + 4].try_into().unwrap());
            let original = word(&image);
            for lie in [
                0,
                1,
                original ^ 1,
                original ^ 4,
                original + 8,
                1 << 20,
                u32::MAX,
            ] {
                let mut damaged = image.clone();
                damaged[at..at + 4].copy_from_slice(&lie.to_le_bytes());
                // What is not refused still is a table of calls in order, with clauses in their functions.
                if let Ok(read) = read(&damaged) {
                    let index = (at - range.start) / 4;
                    assert!(index > 0 && read.len() == sites, "{index}: {lie}");
                }
            }
        }
        let table = &image[range];
        let check = |section: &[u8], expected: &str| {
            let view = View::parse(&image).unwrap();
            let info = view.info().unwrap();
            let error = check(section, &info, &view.code(&info).unwrap()).unwrap_err();
            let error = format!("{error:#}");
            assert!(error.contains(expected), "{error} | {expected}");
        };
        check(&table[..table.len() - 4], "it has a rest");
        check(&table[..table.len() - 12], "not in order");
        check(&table[..3], "too short");
        check(&table[..12], "too short");
        check(&[table, &[0; 12]].concat(), "clauses of no call");
        // One that is cut off is no panic.
        for len in 0..table.len() {
            let table = Handlers::new(&table[..len]);
            for (at, _) in table.iter().flat_map(Handlers::iter) {
                let _ = table.unwrap().find(at);
            }
        }
    }
}
