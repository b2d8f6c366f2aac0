//! How much was done.

wasmetal_fuzz::tally! {
    lives: "guests",
    done: "calls that did what they were asked for",
    errors: "calls with an error number",
    ends: "calls that ended the guest",
    stops: "calls that were stopped",
    dropped: "calls that were dropped while they waited",
}
