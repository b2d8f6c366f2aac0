//! What the conformance suite may do in a Linux process.

use std::sync::LazyLock;
use std::thread;
use std::time::{Duration, Instant};

use wasmetal_platform::conformance::Scope;

pub(crate) const SCOPE: Scope = Scope {
    executes: true,
    // For aarch64 these tests mostly run under qemu-user.
    address_space: !cfg!(target_arch = "aarch64"),
    now: Some(now),
    pair: Some(pair),
};

fn now() -> Duration {
    static BEGIN: LazyLock<Instant> = LazyLock::new(Instant::now);
    BEGIN.elapsed()
}

fn pair(job: &(dyn Fn(usize) + Sync)) {
    thread::scope(|scope| {
        scope.spawn(|| job(1));
        job(0);
    });
}
