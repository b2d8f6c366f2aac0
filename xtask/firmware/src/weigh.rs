//! What is in a firmware: sections, and the crates that the code is from.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result};
use object::{File, Object, ObjectSection, ObjectSymbol, SectionKind, SymbolKind};
use rustc_demangle::demangle;

/// The sizes of a firmware's parts, in bytes.
#[derive(Debug, Default)]
pub(crate) struct Weight {
    /// The sections that are in the firmware's file, in its order.
    pub(crate) sections: Vec<(String, u64)>,
    /// The code of each crate, largest first.
    pub(crate) crates: Vec<(String, u64)>,
}

impl Weight {
    /// Weighs an ELF file.
    pub(crate) fn of(firmware: &Path) -> Result<Self> {
        let bytes =
            fs::read(firmware).with_context(|| format!("cannot read {}", firmware.display()))?;
        let file = File::parse(&*bytes)?;
        let mut sections = Vec::new();
        for section in file.sections() {
            use SectionKind::{Data, ReadOnlyData, Text};
            if matches!(section.kind(), Text | Data | ReadOnlyData) {
                sections.push((section.name()?.to_owned(), section.size()));
            }
        }
        let mut crates = BTreeMap::<String, u64>::new();
        for symbol in file
            .symbols()
            .filter(|symbol| symbol.kind() == SymbolKind::Text)
        {
            *crates.entry(owner(symbol.name()?)).or_default() += symbol.size();
        }
        let mut crates: Vec<_> = crates.into_iter().collect();
        crates.sort_by_key(|(_, size)| std::cmp::Reverse(*size));
        Ok(Self { sections, crates })
    }

    /// All sections together.
    pub(crate) fn total(&self) -> i64 {
        self.sections.iter().map(|(_, size)| *size as i64).sum()
    }

    /// Prints sections and the largest crates.
    pub(crate) fn print(&self, crates: usize) {
        println!("{:>10}  section", "bytes");
        for (name, size) in &self.sections {
            println!("{size:>10}  {name}");
        }
        println!("{:>10}  total", self.total());
        println!("\n{:>10}  crate (code)", "bytes");
        for (name, size) in self.crates.iter().take(crates) {
            println!("{size:>10}  {name}");
        }
        let rest = self.crates.get(crates..).unwrap_or_default();
        let size: u64 = rest.iter().map(|(_, size)| size).sum();
        println!("{size:>10}  {} others", rest.len());
    }
}

/// The crate that a function belongs to: the first in its path, that of the type for a trait's
/// implementation.
fn owner(symbol: &str) -> String {
    let name = format!("{:#}", demangle(symbol));
    let path = name.trim_start_matches(|c: char| "<&*[(".contains(c));
    let path = path.trim_start_matches("mut ").trim_start_matches("dyn ");
    match path.split_once("::") {
        Some((owner, _)) if owner.chars().all(|c| c.is_alphanumeric() || c == '_') => {
            owner.to_owned()
        }
        _ => "(no crate)".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::owner;

    #[test]
    fn owners() {
        let check = |symbol: &str, expected: &str| assert_eq!(owner(symbol), expected, "{symbol}");
        check("_ZN4core3fmt5write17h0123456789abcdefE", "core");
        check("_RNvCs1234_7mycrate3foo", "mycrate");
        check(
            "_ZN58_$LT$alloc..string..String$u20$as$u20$core..fmt..Write$GT$9write_str17h0123456789abcdefE",
            "alloc",
        );
        check("memcpy", "(no crate)");
    }
}
