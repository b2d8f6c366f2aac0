//! `size`: what takes up room in a firmware, and whether it is more than it may be.

mod budget;
mod weigh;

use anyhow::Result;
use clap::Args;
use xshell::Shell;

use crate::cargo;
use budget::Budget;
use weigh::Weight;

/// Prints the size of the example firmware `loader` by section and by crate, with and without the
/// compiler
#[derive(Args)]
pub(crate) struct Size {
    /// Fail if a section is larger than xtask/size.toml allows
    #[arg(long)]
    check: bool,
    /// Print what each cargo feature adds, instead
    #[arg(long, conflicts_with = "check")]
    features: bool,
    /// How many crates to print
    #[arg(long, default_value_t = 20)]
    crates: usize,
    /// Only the firmware whose name in xtask/size.toml contains this
    #[arg(long, value_name = "NAME", default_value = "")]
    only: String,
}

/// The cargo features that the loader can do without; and those of the proposals, by which a compiler
/// grows too.
const FEATURES: [&str; 5] = ["signatures", "simd", "threads", "gc", "exceptions"];

impl Size {
    pub(crate) fn run(&self, sh: &Shell) -> Result<()> {
        if self.features {
            return features(sh);
        }
        let budget = Budget::read(sh)?;
        let mut problems = Vec::new();
        for firmware in &budget.firmware {
            if !firmware.name.contains(&self.only) {
                continue;
            }
            let weight = Weight::of(&cargo::loader(sh, &firmware.features)?)?;
            println!("\n{}", firmware.name);
            weight.print(self.crates);
            problems.extend(firmware.problems(&weight, budget.tolerance));
        }
        if self.check {
            budget::report(&problems)?;
        }
        Ok(())
    }
}

/// Weighs the loader with each feature alone, without and with the compiler.
fn features(sh: &Shell) -> Result<()> {
    let mut rows = Vec::new();
    let weigh =
        |features: &str| Ok::<_, anyhow::Error>(Weight::of(&cargo::loader(sh, features)?)?.total());
    let base = weigh("")?;
    let compiler = weigh("compile")?;
    for feature in FEATURES {
        let alone = weigh(feature)?;
        let compiled = weigh(&format!("compile,{feature}"))?;
        rows.push((feature, alone - base, compiled - compiler));
    }
    let all = FEATURES.join(",");
    let (all_base, all_compiler) = (weigh(&all)?, weigh(&format!("compile,{all}"))?);
    println!(
        "\n{:<12} {:>16} {:>16}",
        "bytes", "no compiler", "with compiler"
    );
    println!("{:<12} {base:>16} {compiler:>16}", "no feature");
    for (feature, alone, compiled) in rows {
        println!("{feature:<12} {alone:>+16} {compiled:>+16}");
    }
    println!("{:<12} {all_base:>16} {all_compiler:>16}", "all of them");
    Ok(())
}
