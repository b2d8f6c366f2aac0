//! The suite that every platform passes, with what this one has: a clock, and perhaps a second core.

use core::time::Duration;

use wasmetal_platform::Platform;
use wasmetal_platform::conformance::{CHECKS, Needs, Outcome, Pair, Scope, run};
use wasmetal_platform_bare::{cores, platform, println, timer};

/// Runs the suite on this core. Checks are skipped for known reasons only.
///
/// # Panics
/// If a check fails.
pub(crate) fn conforms(pair: Option<Pair>) {
    const NO_IMAGES: usize = 5;
    const NO_DIVISION_FAULT: usize = 1;
    const NO_SECOND_CORE: usize = 3;
    let no_landing_pads = !platform().capabilities().branch_protection;
    let interrupts = CHECKS
        .iter()
        .filter(|check| check.needs == Needs::Interrupts);
    let no_interrupts = match (platform().capabilities().interrupts, pair) {
        (false, _) => interrupts.count(),
        (true, None) => 2,
        (true, Some(_)) => 0,
    };
    let expected = NO_IMAGES
        + no_interrupts
        + NO_DIVISION_FAULT
        + usize::from(no_landing_pads)
        + if pair.is_some() { 0 } else { NO_SECOND_CORE };
    let scope = Scope {
        now: Some(now),
        pair,
        ..Scope::ALL
    };
    let mut skipped = 0;
    let passed = run(platform(), scope, &mut |name, outcome| {
        println!("core {}: {outcome:?}: {name}", cores::current());
        skipped += usize::from(matches!(outcome, Outcome::Skipped(_)));
    });
    assert!(passed);
    assert_eq!(skipped, expected);
}

fn now() -> Duration {
    timer::duration(timer::now())
}
