//! The tables: ratios to Wasmtime with their spread, and geometric means beside the aims.

use crate::asynchronous::cases as asynchronous;
use crate::cases::{FAMILIES, FUEL};
use crate::rounds::Measured;
use anyhow::{Result, ensure};

/// Of the ratios within each round: the median and the quartiles.
struct Ratio {
    low: f64,
    median: f64,
    high: f64,
}

fn quantile(sorted: &[f64], part: f64) -> f64 {
    let place = part * (sorted.len() - 1) as f64;
    let (below, above) = (
        sorted[place.floor() as usize],
        sorted[place.ceil() as usize],
    );
    below + (above - below) * place.fract()
}

fn sorted(samples: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut samples: Vec<f64> = samples.collect();
    samples.sort_unstable_by(f64::total_cmp);
    samples
}

/// Engine `index` against the engine `base`. An engine that ran in some rounds only is compared by
/// its median.
fn ratio(case: &Measured, index: usize, base: usize) -> Option<Ratio> {
    let (base, samples) = (&case.samples[base], case.samples.get(index)?);
    let middle = quantile(&sorted(base.iter().copied()), 0.5);
    let ratios = if samples.len() == base.len() {
        sorted(samples.iter().zip(base).map(|(sample, base)| sample / base))
    } else {
        sorted(samples.iter().map(|sample| sample / middle))
    };
    (!ratios.is_empty()).then(|| Ratio {
        low: quantile(&ratios, 0.25),
        median: quantile(&ratios, 0.5),
        high: quantile(&ratios, 0.75),
    })
}

fn quantity(family: &str, value: f64) -> String {
    if family == "code size" {
        format!("{:.1} KB", value / 1e3)
    } else if value >= 1e6 {
        format!("{:.2} ms", value / 1e6)
    } else if value >= 1e3 {
        format!("{:.2} us", value / 1e3)
    } else {
        format!("{value:.1} ns")
    }
}

fn mean(values: &[f64]) -> f64 {
    let logarithms = values.iter().map(|value| value.ln());
    (logarithms.sum::<f64>() / values.len() as f64).exp()
}

fn geometric_mean(values: &[f64]) -> String {
    match values {
        [] => "-".to_owned(),
        values => format!("{:.3}", mean(values)),
    }
}

/// Prints what fuel and epochs cost: the ratio of each engine's time to the time of its code without.
///
/// # Errors
/// The engines do not use the same fuel.
pub(crate) fn print_metered(cases: &[Measured]) -> Result<()> {
    // In the order of `engines::METERED`.
    let columns = [("fuel", 2), ("epochs", 4)];
    let mut summary = String::new();
    for family in ["kernels", "guests"] {
        print!("\n{family:<28}{:>14}", "fuel used");
        for (what, _) in columns {
            print!(
                "{:>24}{:>24}",
                format!("wasmtime, {what}"),
                format!("wasmetal, {what}")
            );
        }
        println!();
        let mut ratios = [[const { Vec::new() }; 2], [const { Vec::new() }; 2]];
        for case in cases.iter().filter(|case| case.family == family) {
            let used = cases
                .iter()
                .find(|c| c.family == FUEL && c.name == case.name);
            let used = used.and_then(|c| c.samples[2].first()).copied();
            print!("  {:<26}{:>14}", case.name, used.unwrap_or(f64::NAN));
            for ((_, first), ratios) in columns.iter().zip(&mut ratios) {
                for (plain, ratios) in ratios.iter_mut().enumerate() {
                    match ratio(case, first + plain, plain) {
                        Some(Ratio { low, median, high }) => {
                            ratios.push(median);
                            print!("{:>24}", format!("{median:.3} [{low:.3} {high:.3}]"));
                        }
                        None => print!("{:>24}", "-"),
                    }
                }
            }
            println!();
        }
        for ((what, _), [theirs, ours]) in columns.iter().zip(&ratios) {
            if ours.is_empty() {
                continue;
            }
            let [theirs, ours] = [theirs, ours].map(|ratios| 100.0 * (mean(ratios) - 1.0));
            summary += &format!(
                "  {family:<10}{what:<10}{theirs:>13.1} %{ours:>13.1} %{:>10.2}\n",
                ours / theirs
            );
        }
    }
    println!("\nmore time than without, geometric mean");
    println!(
        "  {:<20}{:>15}{:>15}{:>10}",
        "", "wasmtime", "wasmetal", "ratio"
    );
    print!("{summary}");
    for case in cases.iter().filter(|case| case.family == FUEL) {
        let (theirs, ours) = (&case.samples[2], &case.samples[3]);
        ensure!(
            theirs == ours,
            "{} uses {ours:?} of fuel, and {theirs:?} with Wasmtime",
            case.name
        );
    }
    println!("\nEach uses the same fuel with both, to the unit.");
    Ok(())
}

/// Prints a table for each family, then the means.
pub(crate) fn print(engines: &[&str], cases: &[Measured]) {
    let mut means = Vec::new();
    for (family, aim) in FAMILIES {
        let of_family: Vec<_> = cases.iter().filter(|case| case.family == *family).collect();
        if of_family.is_empty() {
            continue;
        }
        print!("\n{family:<28}{:>12}", engines[0]);
        for engine in &engines[1..] {
            print!("{:>24}", engine);
        }
        println!();
        let mut ratios = vec![Vec::new(); engines.len()];
        for case in of_family {
            let base = quantile(&sorted(case.samples[0].iter().copied()), 0.5);
            print!("  {:<26}{:>12}", case.name, quantity(family, base));
            for (index, ratios) in ratios.iter_mut().enumerate().skip(1) {
                match ratio(case, index, 0) {
                    Some(Ratio { low, median, high }) => {
                        ratios.push(median);
                        print!("{:>24}", format!("{median:.3} [{low:.3} {high:.3}]"));
                    }
                    None => print!("{:>24}", "-"),
                }
            }
            println!();
        }
        print!("  {:<26}{:>12}", "geometric mean", "");
        for ratios in &ratios[1..] {
            print!("{:>24}", format!("{}{:14}", geometric_mean(ratios), ""));
        }
        println!();
        means.push((family, aim, ratios));
    }
    println!("\nratio to {}, geometric mean", engines[0]);
    print!("  {:<14}{:>8}", "", "aim");
    for engine in &engines[1..] {
        print!("{:>18}", engine);
    }
    println!();
    for (family, aim, ratios) in means {
        let Some(aim) = aim else { continue };
        print!("  {family:<14}{:>8}", format!("<= {aim:.2}"));
        for ratios in &ratios[1..] {
            print!("{:>18}", geometric_mean(ratios));
        }
        println!();
    }
    println!("\nIn brackets: the quartiles. \"wasmtime again\" is the machine's noise.");
    print_at_best(engines, cases);
}

/// What asynchronous calls are to take at most, in words.
const ASYNCHRONOUS: &[(&str, &str)] = &[
    (asynchronous::WAITS, "<= 100 ns"),
    (asynchronous::SLICE, "<= 3 us"),
];

/// Prints the best time of each case of asynchronous calls: what the machine does besides makes none faster.
fn print_at_best(engines: &[&str], cases: &[Measured]) {
    let best = |case: &Measured, engine: usize| {
        let samples = case.samples.get(engine)?;
        samples.iter().copied().reduce(f64::min)
    };
    let cell = |time: Option<f64>| match time {
        Some(time) => quantity(asynchronous::FAMILY, time),
        None => "-".to_owned(),
    };
    let of_family =
        |case: &&Measured| [asynchronous::FAMILY, asynchronous::TURNS].contains(&&*case.family);
    let cases: Vec<_> = cases.iter().filter(of_family).collect();
    if cases.is_empty() {
        return;
    }
    print!("\n{:<28}{:>12}", "asynchronous, at best", "aim");
    for engine in engines {
        print!("{engine:>18}");
    }
    println!();
    for case in &cases {
        let aim = ASYNCHRONOUS.iter().find(|(name, _)| *name == case.name);
        print!("  {:<26}{:>12}", case.name, aim.map_or("", |(_, aim)| aim));
        for engine in 0..engines.len() {
            print!("{:>18}", cell(best(case, engine)));
        }
        println!();
    }
    let named = |name: &str| cases.iter().find(|case| case.name == name);
    if let (Some(ready), Some(other)) =
        (named(asynchronous::READY), named(asynchronous::SYNCHRONOUS))
    {
        print!("  {:<26}{:>12}", "ready, to can't wait", "");
        for engine in 0..engines.len() {
            let more = best(ready, engine).zip(best(other, engine));
            print!("{:>18}", cell(more.map(|(ready, other)| ready - other)));
        }
        println!();
    }
}
