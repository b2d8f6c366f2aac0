//! `size`: what takes up room in a firmware, and whether it is more than it may be.

use anyhow::Result;
use xshell::Shell;
use xtask::{cargo, size::Size};

use crate::budget::{self, Budget};
use crate::weigh::Weight;

/// The cargo features that the loader can do without; and those of the proposals, by which a compiler
/// grows too.
const FEATURES: [&str; 6] = ["signatures", "simd", "threads", "gc", "exceptions", "async"];

pub(crate) fn run(verb: &Size, sh: &Shell) -> Result<()> {
    if verb.features {
        return features(sh);
    }
    let budget = Budget::read(sh)?;
    let mut problems = Vec::new();
    for firmware in &budget.firmware {
        if !firmware.name.contains(&verb.only) {
            continue;
        }
        let weight = Weight::of(&cargo::loader(sh, &firmware.features)?)?;
        println!("\n{}", firmware.name);
        weight.print(verb.crates);
        problems.extend(firmware.problems(&weight, budget.tolerance));
    }
    if verb.check {
        budget::report(&problems)?;
    }
    Ok(())
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
