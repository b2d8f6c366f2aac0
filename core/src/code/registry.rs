//! From a pc to the published code that it lies in, for the whole program.

use super::CodeMemory;
use alloc::{
    sync::{Arc, Weak},
    vec::Vec,
};
use core::ops::Range;
use core::sync::atomic::{AtomicUsize, Ordering};
use spin::RwLock;

/// Published code by address, sorted; ranges do not overlap.
static REGISTRY: RwLock<Vec<Registered>> = RwLock::new(Vec::new());

/// Where all code lies that was ever published: a fault elsewhere is not Wasm's, and takes no lock.
static LOWEST: AtomicUsize = AtomicUsize::new(usize::MAX);
static HIGHEST: AtomicUsize = AtomicUsize::new(0);

/// How often the trap hook tries for the lock: for seconds. Whoever holds it is done within a few hundred
/// instructions, but its thread, or its core under an emulator, may have to wait for its turn. Wasm code
/// never holds it; code that lies among Wasm's, and faults while it does, is not waited for for ever.
const ATTEMPTS: usize = 1 << 28;

struct Registered {
    text: Range<usize>,
    code: Weak<CodeMemory>,
}

/// Adds code, just published.
///
/// # Errors
/// The heap is exhausted.
pub(crate) fn register(code: &Arc<CodeMemory>) -> crate::Result<()> {
    let text = code.text_range();
    let mut registry = REGISTRY.write();
    registry
        .try_reserve(1)
        .map_err(|_| anyhow::anyhow!("out of memory: code registry"))?;
    LOWEST.fetch_min(text.start, Ordering::Relaxed);
    HIGHEST.fetch_max(text.end, Ordering::Relaxed);
    let at = registry.partition_point(|other| other.text.start < text.start);
    registry.insert(
        at,
        Registered {
            text,
            code: Arc::downgrade(code),
        },
    );
    Ok(())
}

/// Removes code that is about to be unmapped. Code that was never added is no error.
pub(crate) fn unregister(text: &Range<usize>) {
    let mut registry = REGISTRY.write();
    let at = registry.partition_point(|other| other.text.start < text.start);
    if registry.get(at).is_some_and(|found| found.text == *text) {
        registry.remove(at);
    }
}

/// Somebody changes the registry now.
#[derive(Debug)]
pub(crate) struct Busy;

/// Calls `then` with the code that `pc` lies in. Fit for the trap hook after a fault: no allocation, no
/// unbounded wait.
pub(crate) fn with_code_at<R>(pc: usize, then: impl FnOnce(&CodeMemory) -> R) -> Option<R> {
    with_code(pc, ATTEMPTS, then).ok().flatten()
}

/// As [`with_code_at`], without any wait: fit for the trap hook after an interrupt, which may have stopped
/// whoever changes the registry.
///
/// # Errors
/// It can't be told now.
pub(crate) fn try_with_code_at<R>(
    pc: usize,
    then: impl FnOnce(&CodeMemory) -> R,
) -> Result<Option<R>, Busy> {
    with_code(pc, 1, then)
}

fn with_code<R>(
    pc: usize,
    attempts: usize,
    then: impl FnOnce(&CodeMemory) -> R,
) -> Result<Option<R>, Busy> {
    // Whoever runs code was handed it after it was registered.
    if !(LOWEST.load(Ordering::Relaxed)..HIGHEST.load(Ordering::Relaxed)).contains(&pc) {
        return Ok(None);
    }
    let registry = (0..attempts).find_map(|_| {
        let guard = REGISTRY.try_read();
        if guard.is_none() {
            core::hint::spin_loop();
        }
        guard
    });
    let registry = registry.ok_or(Busy)?;
    let at = registry.partition_point(|other| other.text.end <= pc);
    let found = registry.get(at).filter(|found| found.text.contains(&pc));
    // SAFETY: registered code is alive: its destructor unregisters it first, for which it waits until
    // this read lock is free. (`Weak::upgrade` would be as right, but its drop could free memory.)
    Ok(found.map(|found| then(unsafe { &*found.code.as_ptr() })))
}
