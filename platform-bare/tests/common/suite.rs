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
    let has = platform().capabilities();
    let no_landing_pads = !has.branch_protection;
    let without = |it: bool, needs| match it {
        true => 0,
        false => CHECKS.iter().filter(|check| check.needs == needs).count(),
    };
    let no_interrupts = match (has.interrupts, pair) {
        (true, None) => 2,
        (has, _) => without(has, Needs::Interrupts),
    };
    let no_alarms = match (has.alarm, pair) {
        (true, None) => 1,
        (has, _) => without(has, Needs::Alarm),
    };
    let expected = NO_IMAGES
        + no_interrupts
        + without(has.continues, Needs::Continues)
        + no_alarms
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
