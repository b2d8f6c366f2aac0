//! What memory guests take that wait: a process for each engine, which is not measured as times are.

use anyhow::{Context as _, Result, ensure};
use std::process::Command;

/// Guests in a process.
const GUESTS: usize = 10_000;

/// What `wasmetal-suspended` prints, in its order; and what is aimed at.
const ROWS: [(&str, &str); 4] = [
    ("heap, of the call", "<= 512"),
    ("resident, of the call", ""),
    ("resident, all", ""),
    ("page tables, all", ""),
];

/// The engines, as the program calls them.
const ENGINES: [&str; 3] = ["wasmtime", "wasmetal", "wasmtime-pooling"];

/// What the table is called in a filter.
pub(crate) const NAME: &str = "suspended";

/// Measures and prints.
///
/// # Errors
/// A process failed.
pub(crate) fn print() -> Result<()> {
    let columns = ENGINES.map(measure);
    print!(
        "\n{:<28}{:>12}",
        format!("{GUESTS} guests that wait"),
        "aim"
    );
    for engine in ENGINES {
        print!("{engine:>18}");
    }
    println!("{:>18}", "ratio");
    let columns = columns.into_iter().collect::<Result<Vec<_>>>()?;
    for (row, (name, aim)) in ROWS.iter().enumerate() {
        print!("  {name:<26}{aim:>12}");
        for column in &columns {
            print!("{:>18}", format!("{:.0} bytes", column[row]));
        }
        println!("{:>18.3}", columns[1][row] / columns[0][row]);
    }
    println!(
        "\nBytes for each guest. \"Of the call\": what it takes more than its idle store and instance."
    );
    Ok(())
}

/// What one engine takes, in bytes for each guest.
fn measure(engine: &str) -> Result<[f64; ROWS.len()]> {
    let program = std::env::current_exe()?.with_file_name("wasmetal-suspended");
    let output = Command::new(program)
        .args([engine, &GUESTS.to_string()])
        .output()
        .context("cannot start wasmetal-suspended, which is built with this program")?;
    ensure!(
        output.status.success(),
        "{engine}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout)?;
    let values = text
        .lines()
        .map(str::parse)
        .collect::<Result<Vec<_>, _>>()?;
    values.try_into().ok().context("four lines were expected")
}
