//! The conformance suite on Linux, and on the fake in front of it.

mod common;

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use common::SCOPE;
use wasmetal_platform::Platform;
use wasmetal_platform::conformance::{CHECKS, Needs, Outcome, run};
use wasmetal_platform::fake::Fake;
use wasmetal_platform_linux::platform;

/// Runs all checks. As many as given are skipped for each reason given, and none for another.
fn conforms(platform: &dyn Platform, skips: &[(&str, usize)]) {
    // The process has one alarm and one trap hook: what one run sets, another would hear.
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _alone = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let mut failed = Vec::new();
    let mut skipped = vec![0; skips.len()];
    let mut last = Instant::now();
    run(platform, SCOPE, &mut |name, outcome| {
        println!("{:>6} ms  {outcome:?}  {name}", last.elapsed().as_millis());
        last = Instant::now();
        match outcome {
            Outcome::Passed => {}
            Outcome::Failed(_) => failed.push((name, outcome)),
            Outcome::Skipped(reason) => {
                match skips.iter().position(|(known, _)| *known == reason) {
                    Some(index) => skipped[index] += 1,
                    None => failed.push((name, outcome)),
                }
            }
        }
    });
    assert_eq!(failed, []);
    let expected: Vec<_> = skips.iter().map(|(_, count)| *count).collect();
    assert_eq!(skipped, expected, "{skips:?}");
}

const NO_DIVISION_FAULT: (&str, usize) = (
    "division does not fault here",
    cfg!(target_arch = "aarch64") as usize,
);

const NO_ADDRESS_SPACE: (&str, usize) = (
    "address space is not free here",
    !SCOPE.address_space as usize,
);

fn no_branch_protection() -> (&'static str, usize) {
    let branch_protection = platform().capabilities().branch_protection;
    ("no branch protection", usize::from(!branch_protection))
}

#[test]
fn linux() {
    conforms(
        platform(),
        &[NO_ADDRESS_SPACE, NO_DIVISION_FAULT, no_branch_protection()],
    );
}

#[test]
fn fake_over_linux() {
    let fake = Fake::over(platform());
    let guards = CHECKS
        .iter()
        .filter(|check| matches!(check.needs, Needs::GuardPages));
    let no_guards = ("no guard pages", guards.count());
    conforms(
        &fake,
        &[
            NO_ADDRESS_SPACE,
            NO_DIVISION_FAULT,
            no_branch_protection(),
            no_guards,
        ],
    );
    assert_eq!(fake.live_reservations(), 0);
    assert_eq!(fake.committed_pages(), 0);
    assert_eq!(fake.live_images(), 0);
}
