//! What bombs cost the compiler: time and memory, for each kind the largest module that the limits let through.

mod arguments;
mod heap;

use arguments::Bombs;
use clap::Parser;
use std::time::{Duration, Instant};
use wasmetal::error::{Result, bail};
use wasmetal::{
    CompilationStopped, Config, Engine, ModuleLimitExceeded, ModuleLimits, RegallocAlgorithm,
};
use wasmetal_bombs::BOMBS;

#[derive(Parser)]
#[command(name = "cargo xtask bombs", max_term_width = 100)]
struct Command {
    #[command(flatten)]
    arguments: Bombs,
}

/// What compiling a module has cost.
#[derive(Clone, Copy)]
struct Cost {
    bytes: usize,
    time: Duration,
    /// The most memory that the compiler had, in bytes.
    memory: usize,
}

/// How compiling ended.
enum Outcome {
    Compiled(Cost),
    /// A limit refused it, and after how long.
    Refused(ModuleLimitExceeded, Duration),
    /// The budget did not do.
    Stopped(Cost),
    /// The compiler does not take it.
    Failed(String),
}

fn main() -> Result<()> {
    let Command { arguments } = Command::parse();
    let limits = match arguments.unlimited {
        true => ModuleLimits::default(),
        false => ModuleLimits::firmware(),
    };
    let engine = engine(limits, &arguments)?;
    println!(
        "{:48} {:>9} {:>9} {:>8} {:>9} {:>6}  {:5}",
        "kind",
        "bytes",
        "ms",
        "ns/byte",
        "KiB",
        "B/byte",
        "ended by (time, memory when twice as large)"
    );
    for path in &arguments.modules {
        let wasm = std::fs::read(path)?;
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        if let Outcome::Refused(exceeded, _) = compile(&engine, &wasm)? {
            println!("{name:48} {:>9} {exceeded}", wasm.len());
        }
        let (needed, cost) = needed(&wasm, &arguments)?;
        print_row(&name, &cost, &needed);
    }
    let wanted = |name: &str| {
        arguments
            .filter
            .as_deref()
            .is_none_or(|part| name.contains(part))
    };
    let mut slowest: Option<(&str, Cost)> = None;
    let mut largest: Option<(&str, Cost)> = None;
    for bomb in BOMBS.iter().filter(|bomb| wanted(bomb.name)) {
        let (worst, end) = explode(&arguments, &engine, |bytes| bomb.of_size(bytes))?;
        print_row(bomb.name, &worst, &end);
        if slowest.is_none_or(|(_, slowest)| slowest.time < worst.time) {
            slowest = Some((bomb.name, worst));
        }
        if largest.is_none_or(|(_, largest)| largest.memory < worst.memory) {
            largest = Some((bomb.name, worst));
        }
    }
    for (what, worst) in [("slowest", slowest), ("largest", largest)] {
        if let Some((name, cost)) = worst {
            print_row(&format!("{what}: {name}"), &cost, "");
        }
    }
    Ok(())
}

/// Tries larger and larger modules of a kind: the most expensive one that was compiled (or stopped), and what
/// came in the way of larger ones.
fn explode(
    arguments: &Bombs,
    engine: &Engine,
    of_size: impl Fn(usize) -> Vec<u8>,
) -> Result<(Cost, String)> {
    let mut worst: Option<Cost> = None;
    let mut previous: Option<Cost> = None;
    let mut growth = String::new();
    let (mut size, mut step) = (1000.min(arguments.bytes), 2.0);
    let mut end = String::from("size");
    let mut last = 0;
    loop {
        let wasm = of_size(size);
        if wasm.len().max(size) > arguments.bytes + arguments.bytes / 50 {
            break;
        }
        if wasm.len() <= last {
            // There is none of this size; or none that is larger at all.
            size *= 2;
            continue;
        }
        match compile(engine, &wasm)? {
            Outcome::Compiled(cost) => {
                last = wasm.len();
                if worst.is_none_or(|worst| worst.time < cost.time) {
                    worst = Some(cost);
                }
                if let Some(previous) = previous.filter(|_| step == 2.0) {
                    growth = format!(
                        " (x {:.1}, x {:.1})",
                        cost.time.as_secs_f64() / previous.time.as_secs_f64(),
                        cost.memory as f64 / previous.memory as f64
                    );
                }
                previous = Some(cost);
                if cost.time > Duration::from_secs(arguments.seconds) {
                    end = "time".to_owned();
                    break;
                }
                size = (size as f64 * step) as usize;
            }
            Outcome::Refused(exceeded, time) => {
                end = format!("{}, in {} ms", exceeded.limit, time.as_millis());
                if step < 1.1 {
                    break;
                }
                size = (size as f64 / step) as usize;
                step = step.sqrt();
                size = (size as f64 * step) as usize;
            }
            Outcome::Stopped(cost) => {
                worst = Some(cost);
                end = "memory".to_owned();
                break;
            }
            Outcome::Failed(error) => {
                end = error;
                break;
            }
        }
    }
    let none = Cost {
        bytes: 0,
        time: Duration::ZERO,
        memory: 0,
    };
    Ok((worst.unwrap_or(none), end + &growth))
}

fn engine(limits: ModuleLimits, arguments: &Bombs) -> Result<Engine> {
    let mut config = Config::new(wasmetal_platform_linux::platform());
    config
        .module_limits(limits)
        .compile_memory_limit(arguments.memory << 20);
    if arguments.single_pass {
        config.cranelift_regalloc_algorithm(RegallocAlgorithm::SinglePass);
    }
    Engine::new(&config)
}

fn compile(engine: &Engine, wasm: &[u8]) -> Result<Outcome> {
    let before = heap::reset_peak();
    let start = Instant::now();
    let outcome = engine.precompile_module(wasm);
    let cost = Cost {
        bytes: wasm.len(),
        time: start.elapsed(),
        memory: heap::peak().saturating_sub(before),
    };
    let Err(error) = outcome else {
        return Ok(Outcome::Compiled(cost));
    };
    if let Some(exceeded) = error.downcast_ref::<ModuleLimitExceeded>() {
        return Ok(Outcome::Refused(*exceeded, cost.time));
    }
    match error.downcast_ref::<CompilationStopped>() {
        Some(CompilationStopped::Memory { .. }) => Ok(Outcome::Stopped(cost)),
        _ => Ok(Outcome::Failed(format!("{error:#}"))),
    }
}

/// The limits that a module needs, where they are more than a tenth of the preset for firmware.
fn needed(wasm: &[u8], arguments: &Bombs) -> Result<(String, Cost)> {
    let mut limits = ModuleLimits::firmware();
    for (name, _) in limits.iter() {
        if let Some(limit) = limits.get_mut(name) {
            *limit = limit.div_ceil(10);
        }
    }
    let mut needed = String::new();
    loop {
        match compile(&engine(limits, arguments)?, wasm)? {
            Outcome::Compiled(cost) | Outcome::Stopped(cost) => {
                let firmware = ModuleLimits::firmware();
                for ((name, value), (_, tenth)) in limits.iter().zip(firmware.iter()) {
                    if value > tenth.div_ceil(10) {
                        needed.push_str(&format!("{name} {value}, "));
                    }
                }
                return Ok((needed, cost));
            }
            Outcome::Refused(exceeded, _) => {
                if let Some(limit) = limits.get_mut(exceeded.limit) {
                    // Complexity is known up to the place of the error.
                    let found = u32::try_from(exceeded.found)?;
                    *limit = match exceeded.limit.ends_with("complexity") {
                        true => found + found / 20,
                        false => found,
                    };
                }
            }
            Outcome::Failed(error) => bail!("{error}"),
        }
    }
}

fn print_row(name: &str, cost: &Cost, end: &str) {
    let bytes = cost.bytes.max(1);
    println!(
        "{name:48} {:>9} {:>9.1} {:>8} {:>9} {:>6}  {end}",
        cost.bytes,
        cost.time.as_secs_f64() * 1e3,
        cost.time.as_nanos() / bytes as u128,
        cost.memory >> 10,
        cost.memory / bytes
    );
}
