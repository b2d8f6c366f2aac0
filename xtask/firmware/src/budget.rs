//! What firmware may weigh: `size.toml`.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use xshell::Shell;

use crate::weigh::Weight;

/// The file, which explains its keys.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Budget {
    pub(crate) tolerance: f64,
    pub(crate) firmware: Vec<Firmware>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Firmware {
    pub(crate) name: String,
    pub(crate) features: String,
    sections: BTreeMap<String, u64>,
}

impl Budget {
    pub(crate) fn read(sh: &Shell) -> Result<Self> {
        let path = xtask::cargo::root().join("xtask").join("size.toml");
        toml::from_str(&sh.read_file(&path)?).with_context(|| format!("in {}", path.display()))
    }
}

impl Firmware {
    /// What is larger than it may be, in words: none, if all is well.
    pub(crate) fn problems(&self, weight: &Weight, tolerance: f64) -> Vec<String> {
        let mut problems = Vec::new();
        for (name, size) in &weight.sections {
            let Some(budget) = self.sections.get(name) else {
                problems.push(format!("{}: no budget for {name}", self.name));
                continue;
            };
            if *size as f64 > *budget as f64 * (1.0 + tolerance / 100.0) {
                problems.push(format!(
                    "{}: {name} is {size} bytes, {} more than the budget of {budget}",
                    self.name,
                    size - budget
                ));
            }
        }
        problems
    }
}

/// Fails if there are problems, and prints them.
pub(crate) fn report(problems: &[String]) -> Result<()> {
    if problems.is_empty() {
        println!("\nno more than xtask/size.toml allows");
        return Ok(());
    }
    println!();
    problems.iter().for_each(|problem| println!("{problem}"));
    bail!("too large; shrink it, or raise the budget in xtask/size.toml and say why")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn larger_than_allowed() {
        let firmware = Firmware {
            name: "f".to_owned(),
            features: String::new(),
            sections: [(".text".to_owned(), 1000)].into(),
        };
        let check = |sections: &[(&str, u64)], expected: usize| {
            let weight = Weight {
                sections: sections
                    .iter()
                    .map(|(name, size)| ((*name).to_owned(), *size))
                    .collect(),
                ..Weight::default()
            };
            let problems = firmware.problems(&weight, 1.0);
            assert_eq!(problems.len(), expected, "{sections:?}: {problems:?}");
        };
        check(&[(".text", 0)], 0);
        check(&[(".text", 1010)], 0);
        check(&[(".text", 1011)], 1);
        check(&[(".text", 1000), (".new", 1)], 1);
    }
}
