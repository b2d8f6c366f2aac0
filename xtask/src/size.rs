//! `size`: what takes up room in a firmware, by section and by crate.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result};
use clap::Args;
use object::{File, Object, ObjectSection, ObjectSymbol, SectionKind, SymbolKind};
use rustc_demangle::demangle;
use xshell::Shell;

use crate::cargo;

/// Prints the size of the example firmware by section and by crate, with and without the compiler
#[derive(Args)]
pub(crate) struct Size {
    /// How many crates to print
    #[arg(long, default_value_t = 20)]
    crates: usize,
}

impl Size {
    pub(crate) fn run(&self, sh: &Shell) -> Result<()> {
        println!("\nwith the compiler");
        self.print(&cargo::firmware(sh, "wasmetal-bare")?)?;
        println!("\nwithout the compiler");
        let flags = "--package wasmetal-bare --no-default-features --features device";
        let flags: Vec<&str> = flags.split(' ').collect();
        self.print(&cargo::firmware_with(sh, "wasmetal-bare", &flags)?)?;
        Ok(())
    }

    fn print(&self, firmware: &Path) -> Result<()> {
        let bytes =
            fs::read(firmware).with_context(|| format!("cannot read {}", firmware.display()))?;
        let file = File::parse(&*bytes)?;

        let mut loaded = 0;
        println!("{:>10}  section", "bytes");
        for section in file.sections() {
            let in_image = match section.kind() {
                SectionKind::Text | SectionKind::Data | SectionKind::ReadOnlyData => true,
                SectionKind::UninitializedData => false,
                _ => continue,
            };
            loaded += if in_image { section.size() } else { 0 };
            println!("{:>10}  {}", section.size(), section.name()?);
        }
        println!("{loaded:>10}  total, without zeroed memory");

        let mut crates = BTreeMap::<String, u64>::new();
        for symbol in file
            .symbols()
            .filter(|symbol| symbol.kind() == SymbolKind::Text)
        {
            *crates.entry(owner(symbol.name()?)).or_default() += symbol.size();
        }
        let mut crates: Vec<_> = crates.into_iter().collect();
        crates.sort_by_key(|(_, size)| std::cmp::Reverse(*size));
        println!("\n{:>10}  crate (code)", "bytes");
        for (name, size) in crates.iter().take(self.crates) {
            println!("{size:>10}  {name}");
        }
        let rest: u64 = crates.iter().skip(self.crates).map(|(_, size)| size).sum();
        println!(
            "{rest:>10}  {} others",
            crates.len().saturating_sub(self.crates)
        );
        Ok(())
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
