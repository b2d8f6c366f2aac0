//! From a pc to the published code that it lies in, for the whole program.
//!
//! The trap hook looks here, wherever a fault or an interrupt has stopped the program: in a thread that changes the
//! registry, too. So there are two tables, of which one can be read at any time. Who changes them changes the other
//! one, has it read from then on, and waits for those who still read the first before changing that.

use super::CodeMemory;
use crate::oom::{self, Watch};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::cell::UnsafeCell;
use core::mem;
use core::ops::Range;
use core::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use spin::Mutex;

/// Published code by address, sorted; ranges do not overlap, but where one image runs in place several times: these are
/// equal.
///
/// Invariant (*not while read*): a table is changed by the holder of [`WRITER`] only, while [`CURRENT`] is the other one
/// and it has no readers. A reader has counted itself and has found the table current after that.
static TABLES: [Table; 2] = [const {
    Table {
        readers: AtomicUsize::new(0),
        entries: UnsafeCell::new(Vec::new()),
    }
}; 2];

/// Which table is read.
static CURRENT: AtomicUsize = AtomicUsize::new(0);

/// One change at a time.
static WRITER: Mutex<()> = Mutex::new(());

/// Where all code lies that was ever published: a pc elsewhere is not Wasm's.
static LOWEST: AtomicUsize = AtomicUsize::new(usize::MAX);
static HIGHEST: AtomicUsize = AtomicUsize::new(0);

struct Table {
    readers: AtomicUsize,
    entries: UnsafeCell<Vec<Registered>>,
}

// SAFETY: *not while read*.
unsafe impl Sync for Table {}

#[derive(Clone)]
struct Registered {
    text: Range<usize>,
    /// Alive: its destructor unregisters it first, which waits for readers.
    code: *const CodeMemory,
}

// SAFETY: code can be used from any thread.
unsafe impl Send for Registered {}

/// Adds code, just published.
///
/// # Errors
/// The heap is exhausted.
pub(crate) fn register(code: &Arc<CodeMemory>) -> crate::Result<()> {
    let entry = Registered {
        text: code.text_range(),
        code: Arc::as_ptr(code),
    };
    let writer = WRITER.lock();
    // SAFETY: who holds the lock is the only one who changes a table.
    let len = unsafe { (*TABLES[0].entries.get()).len() };
    // All memory that is needed, before anything changes.
    let watch = Watch::now();
    let mut room = [const { Vec::new() }; 2];
    for (room, table) in room.iter_mut().zip(&TABLES) {
        // SAFETY: `WRITER` is locked: nobody else changes a table.
        if unsafe { (*table.entries.get()).capacity() } == len {
            *room = oom::vec((2 * len).max(4))?;
        }
    }
    watch.check()?;
    LOWEST.fetch_min(entry.text.start, SeqCst);
    HIGHEST.fetch_max(entry.text.end, SeqCst);
    change(|table, entries| {
        if entries.len() == entries.capacity() {
            let mut larger = mem::take(&mut room[table]);
            larger.append(entries);
            *entries = larger;
        }
        let at = entries.partition_point(|other| other.text.start < entry.text.start);
        entries.insert(at, entry.clone());
    });
    drop(writer);
    Ok(())
}

/// Removes code that is about to be unmapped. Code that was never added is no error.
pub(crate) fn unregister(code: &CodeMemory) {
    let text = code.text_range();
    let _writer = WRITER.lock();
    change(|_, entries| {
        let at = entries.partition_point(|other| other.text.start < text.start);
        let mut same = entries[at..].iter().take_while(|found| found.text == text);
        if let Some(found) = same.position(|found| core::ptr::eq(found.code, code)) {
            entries.remove(at + found);
        }
        if entries.is_empty() {
            // An empty registry owns no memory: a program that has dropped all modules has all of its heap back.
            *entries = Vec::new();
        }
    });
}

/// Changes both tables, one after the other. The caller holds [`WRITER`].
fn change(mut edit: impl FnMut(usize, &mut Vec<Registered>)) {
    for _ in 0..2 {
        let current = CURRENT.load(SeqCst);
        let other = 1 - current;
        while TABLES[other].readers.load(SeqCst) != 0 {
            core::hint::spin_loop();
        }
        // SAFETY: *not while read*: a reader that counts itself from now on finds the table not current.
        edit(other, unsafe { &mut *TABLES[other].entries.get() });
        CURRENT.store(other, SeqCst);
    }
}

/// Calls `then` with the code that `pc` lies in. Fit for the trap hook: no allocation, no lock.
#[inline]
pub(crate) fn with_code_at<R>(pc: usize, then: impl FnOnce(&CodeMemory) -> R) -> Option<R> {
    // A thread that runs code was handed it after it was registered.
    if !(LOWEST.load(SeqCst)..HIGHEST.load(SeqCst)).contains(&pc) {
        return None;
    }
    read(|entries| {
        let at = entries.partition_point(|other| other.text.end <= pc);
        let found = entries.get(at).filter(|found| found.text.contains(&pc));
        // SAFETY: registered code is alive as long as its table is read.
        found.map(|found| then(unsafe { &*found.code }))
    })
}

/// The first answer of `ask` about published code. Fit for the trap hook.
pub(crate) fn find<R>(mut ask: impl FnMut(&CodeMemory) -> Option<R>) -> Option<R> {
    read(|entries| {
        entries.iter().find_map(|entry| {
            // SAFETY: registered code is alive as long as its table is read.
            ask(unsafe { &*entry.code })
        })
    })
}

/// Reads the current table.
#[inline]
fn read<R>(then: impl FnOnce(&[Registered]) -> R) -> R {
    let table = loop {
        let current = CURRENT.load(SeqCst);
        let table = &TABLES[current];
        table.readers.fetch_add(1, SeqCst);
        if CURRENT.load(SeqCst) == current {
            break table;
        }
        // The tables have changed places in between; on this thread nobody can have done that.
        table.readers.fetch_sub(1, SeqCst);
    };
    // SAFETY: *not while read*: this reader is counted.
    let result = then(unsafe { &*table.entries.get() });
    table.readers.fetch_sub(1, SeqCst);
    result
}
