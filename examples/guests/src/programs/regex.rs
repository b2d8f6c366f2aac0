//! Regular expressions over a log (`regex`).

use std::collections::BTreeMap;

use regex::Regex;

use crate::input::Random;

/// Finds, counts and rewrites fields of log lines.
///
/// # Panics
/// A pattern did not compile.
#[must_use]
pub fn run(seed: u32) -> Vec<u8> {
    let log = log(&mut Random::new(seed));
    let pattern = |text: &str| Regex::new(text).expect("a valid pattern");
    let line =
        pattern(r"(?m)^(?<address>\d+(?:\.\d+){3}) \[(?<level>INFO|WARN|ERROR)\] (?<text>.*)$");
    let number = pattern(r"\b0x[0-9a-f]{4,16}\b");
    let phrase = pattern(r"(?i)(memory|stack|page)\s+(?:\w+\s+){0,3}?(fault|guard|frame)");

    let mut counts = BTreeMap::new();
    let mut output = String::new();
    for found in line.captures_iter(&log) {
        *counts.entry(found["level"].to_owned()).or_insert(0) += 1;
        if let Some(words) = phrase.captures(&found["text"]) {
            output.push_str(&format!(
                "{} {}-{}\n",
                &found["address"], &words[1], &words[2]
            ));
        }
    }
    output.push_str(&format!("{counts:?}\n"));
    output.push_str(&number.replace_all(&log, "<$0>"));
    output.into_bytes()
}

fn log(random: &mut Random) -> String {
    let mut log = String::new();
    for _ in 0..150 {
        let address = [(); 4].map(|()| random.below(256).to_string()).join(".");
        let level = random.pick(&["INFO", "WARN", "ERROR", "TRACE"]);
        let (text, at) = (random.prose(14), random.bits() >> random.below(48));
        log.push_str(&format!("{address} [{level}] {text} at 0x{at:x}\n"));
    }
    log
}
