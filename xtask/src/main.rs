//! The one tool of this repository.

fn main() {}
