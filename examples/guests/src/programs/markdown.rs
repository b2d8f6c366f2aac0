//! CommonMark to HTML (`pulldown-cmark`).

use pulldown_cmark::{Options, Parser, html};

use crate::input::Random;

/// A document with every common block and inline element, as HTML.
#[must_use]
pub fn run(seed: u32) -> Vec<u8> {
    let text = document(&mut Random::new(seed));
    let mut output = String::new();
    html::push_html(&mut output, Parser::new_ext(&text, Options::all()));
    output.into_bytes()
}

fn document(random: &mut Random) -> String {
    let mut text = String::new();
    for chapter in 0..30 {
        let title = random.prose(3);
        let (link, code) = (
            random.pick(crate::input::WORDS),
            random.pick(crate::input::WORDS),
        );
        text.push_str(&format!(
            "## {chapter}. {title}\n\n{}\n[{link}](https://example.org/{link}?a=1&b=2 \"{title}\") \
             **{}** *{}* `{code}` ~~{}~~ &amp; <em>raw</em>\n\n> {}\n> - {}\n\n",
            random.prose(60),
            random.prose(4),
            random.prose(4),
            random.prose(3),
            random.prose(20),
            random.prose(8),
        ));
        text.push_str("| a | b |\n|---|:-:|\n");
        for row in 0..4 {
            text.push_str(&format!("| {row} | {} |\n", random.prose(3)));
        }
        text.push_str("\n```rust\nfn main() { 1 < 2; }\n```\n\n");
        for item in 1..5 {
            text.push_str(&format!(
                "{item}. {}\n   * [x] {}\n",
                random.prose(6),
                random.prose(5)
            ));
        }
        text.push_str(&format!(
            "\nA note[^{chapter}].\n\n[^{chapter}]: {}\n\n",
            random.prose(9)
        ));
    }
    text
}
