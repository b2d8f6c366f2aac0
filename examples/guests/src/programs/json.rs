//! JSON parsed, changed and printed (`serde_json`).

use std::fmt::Write;

use serde_json::Value;

use crate::input::Random;

/// Writes a document by hand, parses it, sums what it says, and prints it again.
///
/// # Panics
/// The document did not parse.
#[must_use]
pub fn run(seed: u32) -> Vec<u8> {
    let text = document(&mut Random::new(seed));
    let mut value: Value = serde_json::from_str(&text).expect("a valid document");
    let mut total = 0.0;
    for record in value.as_array_mut().expect("an array") {
        total += record["weight"].as_f64().expect("a number");
        record["tags"].as_array_mut().expect("an array").reverse();
    }
    let mut output = serde_json::to_vec_pretty(&value).expect("strings are its only keys");
    output.extend(format!("\n{total}\n").bytes());
    output
}

fn document(random: &mut Random) -> String {
    let mut text = String::from("[");
    for id in 0..200 {
        let comma = if id == 0 { "" } else { "," };
        let (weight, count) = (random.unit() * 1e6, random.bits() as i64);
        let (name, note) = (random.prose(2), random.prose(12));
        let tags: Vec<String> = (0..4)
            .map(|_| format!("{:?}", random.pick(crate::input::WORDS)))
            .collect();
        write!(
            text,
            r#"{comma}{{"id":{id},"name":"{name}","weight":{weight:e},"count":{count},"ok":{},
            "note":"\u00e9\n{note}\t\"","tags":[{}],"none":null}}"#,
            id % 3 == 0,
            tags.join(", "),
        )
        .expect("a String takes it");
    }
    text.push(']');
    text
}
