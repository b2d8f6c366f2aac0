//! The executors: one for each core, which sleeps when all its tasks wait.

use core::ptr;
use core::sync::atomic::{AtomicBool, Ordering};

use embassy_executor::{Spawner, raw};
use spin::Once;
use wasmetal_platform_bare::cores;

/// The executor of a core.
///
/// Invariant (*own core*): it is polled on its core only, and only by the one who has set `runs`.
struct Executor {
    raw: raw::Executor,
    runs: AtomicBool,
}

// SAFETY: what is not for other cores is to poll it (*own core*); wakers and their queue are for all.
unsafe impl Send for Executor {}
// SAFETY: as for `Send`.
unsafe impl Sync for Executor {}

/// By the cores' indices. Tasks keep pointers to them.
static EXECUTORS: [Once<Executor>; cores::MAX] = [const { Once::new() }; cores::MAX];

/// Runs tasks on this core until `is_done`, which is looked at whenever tasks were polled. `begin` spawns the first.
///
/// When all tasks wait, the core sleeps (`wfi`). Tasks that are left when it returns go on when it is called again.
///
/// # Panics
/// This core's executor runs already.
pub fn run(begin: impl FnOnce(Spawner), is_done: impl Fn() -> bool) {
    let core = cores::current();
    let executor = EXECUTORS[core].call_once(|| Executor {
        raw: raw::Executor::new(ptr::without_provenance_mut(core)),
        runs: AtomicBool::new(false),
    });
    let runs = executor.runs.swap(true, Ordering::Acquire);
    assert!(!runs, "the executor of this core runs already");
    begin(executor.raw.spawner());
    loop {
        // SAFETY: *own core*.
        unsafe { executor.raw.poll() };
        if is_done() {
            break;
        }
        // Not for long if a task was woken meanwhile: then the core was too.
        cores::sleep_until(None);
    }
    executor.runs.store(false, Ordering::Release);
}

/// Called by wakers, on any core and in handlers: the executor of a core has something to poll.
#[unsafe(export_name = "__pender")]
fn pend(core: *mut ()) {
    cores::wake(core.addr());
}
