//! A program as people write them, which uses all of the standard library that WASI's preview 1 has something for.
//!
//! What it prints, and its exit code, are the same wherever it runs: compiled for this machine, or for `wasm32-wasip1`.

use std::{
    collections::HashMap,
    env, fs,
    io::{self, BufRead as _, Read as _, Seek as _, SeekFrom, Write as _},
    path::Path,
    process::ExitCode,
    thread,
    time::{Duration, Instant, SystemTime},
};

fn main() -> ExitCode {
    let result = given()
        .and_then(|()| files(Path::new(&env::var("ROOT").unwrap_or_default())))
        .and_then(|()| time());
    match result {
        // What shells see.
        Ok(()) => ExitCode::from(7),
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Arguments, environment, input.
fn given() -> io::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    println!("arguments: {arguments:?}");
    println!("variable: {:?}", env::var("GREETING"));
    let mut words: HashMap<String, usize> = HashMap::new();
    for line in io::stdin().lock().lines() {
        for word in line?.split_whitespace() {
            *words.entry(word.to_owned()).or_default() += 1;
        }
    }
    let mut words: Vec<_> = words.into_iter().collect();
    words.sort();
    println!("words: {words:?}");
    Ok(())
}

/// Files and directories.
fn files(root: &Path) -> io::Result<()> {
    let config = fs::read_to_string(root.join("config.txt"))?;
    println!("config: {config:?}");
    let folder = root.join("made");
    fs::create_dir_all(folder.join("below"))?;
    for number in 0..20 {
        fs::write(
            folder.join(format!("file {number}")),
            vec![b'x'; number * 1000],
        )?;
    }
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder)? {
        let entry = entry?;
        let metadata = entry.metadata()?;
        let size = if metadata.is_dir() { 0 } else { metadata.len() };
        names.push((entry.file_name().into_string(), metadata.is_dir(), size));
    }
    names.sort();
    println!("names: {names:?}");

    let path = folder.join("log");
    let mut log = fs::File::options()
        .read(true)
        .append(true)
        .create(true)
        .open(&path)?;
    for number in 0..3 {
        writeln!(log, "line {number}")?;
    }
    log.seek(SeekFrom::Start(5))?;
    let mut rest = String::new();
    log.read_to_string(&mut rest)?;
    println!("rest: {rest:?}");
    log.set_len(4)?;
    log.sync_all()?;
    fs::rename(&path, folder.join("below/renamed"))?;
    fs::hard_link(folder.join("below/renamed"), folder.join("linked"))?;
    println!("linked: {:?}", fs::read_to_string(folder.join("linked"))?);
    let kinds = [
        fs::read(folder.join("none")).err(),
        fs::create_dir(&folder).err(),
        fs::read_to_string(folder.join("file 1/x")).err(),
    ];
    println!("errors: {:?}", kinds.map(|error| error.map(|it| it.kind())));
    let modified = fs::metadata(folder.join("linked"))?.modified()?;
    let age = SystemTime::now()
        .duration_since(modified)
        .unwrap_or_default();
    println!("written just now: {}", age < Duration::from_secs(3600));
    fs::remove_dir_all(&folder)?;
    println!("gone: {}", !folder.exists());
    Ok(())
}

/// Time passes.
fn time() -> io::Result<()> {
    let start = Instant::now();
    thread::sleep(Duration::from_millis(20));
    println!("slept: {}", start.elapsed() >= Duration::from_millis(20));
    io::stdout().flush()
}
