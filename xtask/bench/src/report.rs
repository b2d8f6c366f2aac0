//! The tables: ratios to Wasmtime with their spread, and geometric means beside the aims.

use crate::cases::FAMILIES;
use crate::rounds::Measured;

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

/// Engine `index` against the first engine. An engine that ran in some rounds only is compared by
/// its median.
fn ratio(case: &Measured, index: usize) -> Option<Ratio> {
    let (base, samples) = (&case.samples[0], case.samples.get(index)?);
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

fn geometric_mean(values: &[f64]) -> String {
    if values.is_empty() {
        return "-".to_owned();
    }
    let logarithms = values.iter().map(|value| value.ln());
    let mean = (logarithms.sum::<f64>() / values.len() as f64).exp();
    format!("{mean:.3}")
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
                match ratio(case, index) {
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
        print!("  {family:<14}{:>8}", format!("<= {aim:.2}"));
        for ratios in &ratios[1..] {
            print!("{:>18}", geometric_mean(ratios));
        }
        println!();
    }
    println!("\nIn brackets: the quartiles. \"wasmtime again\" is the machine's noise.");
}
