//! Runs every guest natively: `wasmetal-guests SEED DIR` writes each one's output to
//! `DIR/NAME.out`, and prints its name.

#![forbid(unsafe_code)]

use std::{env, fs, path::PathBuf, process::ExitCode};

use wasmetal_guests::GUESTS;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [seed, directory] = arguments.as_slice() else {
        eprintln!("usage: wasmetal-guests SEED DIR");
        return ExitCode::FAILURE;
    };
    let Ok(seed) = seed.parse() else {
        eprintln!("the seed {seed:?} is not a number from 0 to {}", u32::MAX);
        return ExitCode::FAILURE;
    };
    for guest in GUESTS {
        let path = PathBuf::from(directory).join(format!("{}.out", guest.name));
        if let Err(error) = fs::write(&path, (guest.run)(seed)) {
            eprintln!("cannot write {}: {error}", path.display());
            return ExitCode::FAILURE;
        }
        println!("{}", guest.name);
    }
    ExitCode::SUCCESS
}
