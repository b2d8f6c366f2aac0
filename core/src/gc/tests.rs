//! What collections cost, whatever refuses the heap to grow: counted in collections and bytes, not in time.

use crate::abi::TypeId;
use crate::abi::gc::{ArrayLayout, Slot};
use crate::error::Result;
use crate::store::{GcHeapOutOfMemory, StoreOpaque};
use crate::{AsContextMut as _, Config, Engine, ResourceLimiter, Store, StoreLimitsBuilder};
use alloc::boxed::Box;
use alloc::string::{String, ToString as _};
use std::env;
use std::process::Command;
use wasmetal_platform::fake::Fake;

const MIB: u64 = 1 << 20;
/// As much as the heap may have in these tests, both halves together: no power of two.
const MOST: u64 = MIB / 2 + 19 * 4096;

/// Who refuses the heap to grow further.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Refuses {
    /// A limiter that just says no.
    Limiter,
    /// A limit that is known.
    Limit,
    /// The address space that is reserved.
    Reservation,
    Machine,
}

/// Who refuses, and whether the heap moves and has guard pages.
const CASES: [(Refuses, bool, bool); 9] = [
    (Refuses::Limiter, true, false),
    (Refuses::Limiter, false, false),
    (Refuses::Limiter, false, true),
    (Refuses::Limit, true, false),
    (Refuses::Limit, false, false),
    (Refuses::Limit, false, true),
    (Refuses::Reservation, false, false),
    (Refuses::Machine, true, false),
    (Refuses::Machine, false, false),
];

/// A limiter that says no above a size.
struct Strict(u64);

impl ResourceLimiter for Strict {
    fn memory_growing(&mut self, _: usize, desired: usize, _: Option<usize>) -> Result<bool> {
        Ok(desired as u64 <= self.0)
    }

    fn table_growing(&mut self, _: usize, _: usize, _: Option<usize>) -> Result<bool> {
        Ok(true)
    }
}

type Data = Box<dyn ResourceLimiter + Sync>;

/// A store whose heap can have [`MOST`] bytes, and no more. One that moves needs room for the old and the new heap.
fn store(refuses: Refuses, moves: bool, guards: bool) -> Store<Data> {
    let fake: &Fake = Box::leak(Box::new(Fake::over(wasmetal_platform_linux::platform())));
    let mut config = match guards {
        true => Config::new(wasmetal_platform_linux::platform()),
        false => Config::new(fake),
    };
    config.gc_heap_initial_size(1 << 14);
    if !moves && !guards {
        config.gc_heap_reservation(16 * MIB);
    }
    let mut data: Data = Box::new(StoreLimitsBuilder::new().build());
    match refuses {
        Refuses::Limiter => data = Box::new(Strict(MOST)),
        Refuses::Limit => {
            data = Box::new(
                StoreLimitsBuilder::new()
                    .gc_heap_size(MOST as usize)
                    .build(),
            );
        }
        Refuses::Reservation => {
            config.gc_heap_reservation(MOST);
        }
        Refuses::Machine => {}
    }
    let mut store = Store::new(&Engine::new(&config).unwrap(), data);
    store.limiter(|data| &mut **data);
    if refuses == Refuses::Machine {
        fake.limit_committed_pages(fake.committed_pages() + MOST as usize / 4096);
    }
    store
}

/// The size of each object here: a header, the length, the element, what aligns it.
const CELL: u64 = 16;

/// An array of one reference.
fn cell(store: &mut StoreOpaque, mut next: u32) -> Result<u32> {
    let layout = ArrayLayout {
        element: Slot::Reference,
    };
    assert_eq!(layout.size(1), CELL);
    let cell = store.new_array(TypeId::from_u32(0), layout.element, 1, &mut [&mut next])?;
    store.write_slot(cell + layout.start(), layout.element, next.into())?;
    Ok(cell)
}

/// Makes objects until there is no more memory, at most `most`; returns how many. If `keep`, each refers to the one
/// before, and the last stands where an exception would, which is a root.
fn make(store: &mut StoreOpaque, most: u64, keep: bool) -> u64 {
    for count in 0..most {
        let next = if keep { store.gc.pending_exception } else { 0 };
        match cell(store, next) {
            Ok(cell) if keep => store.gc.pending_exception = cell,
            Ok(_) => {}
            Err(error) => {
                assert!(error.is::<GcHeapOutOfMemory<()>>(), "{error:?}");
                return count;
            }
        }
    }
    most
}

/// Fills a heap, which can have `most` bytes, with objects that live: what that costs.
fn check_full(what: &dyn core::fmt::Debug, store: &mut StoreOpaque, most: u64) {
    // What is full once is not so for ever.
    for round in 0..3 {
        store.gc.pending_exception = 0;
        store.gc.work = (0, 0);
        let bytes = CELL * make(store, u64::MAX, true);
        let (collections, copied) = store.gc.work;
        let least = most / 2 * 3 / 4;
        assert!(bytes > least, "{what:?}, {round}: {bytes} of {least}");
        assert!(collections < 60, "{what:?}, {round}: {collections}");
        assert!(
            copied < 16 * bytes,
            "{what:?}, {round}: {copied} of {bytes}"
        );
    }
}

#[test]
fn a_heap_that_fills_up_costs_in_proportion_to_its_size() {
    for (refuses, moves, guards) in CASES {
        let what = (refuses, moves, guards);
        let mut store = store(refuses, moves, guards);
        let store = store.as_context_mut().opaque();
        // One that moves needs room for the old heap beside the new one.
        let most = match (refuses, moves) {
            (Refuses::Machine, true) => MOST / 2,
            _ => MOST,
        };
        check_full(&what, store, most);
    }
}

#[test]
fn garbage_beside_what_is_alive_costs_in_proportion_to_itself() {
    for (refuses, moves, guards) in CASES {
        // So many hundredths of what there is room for are alive.
        for alive in [50, 90, 97, 99] {
            let what = (refuses, moves, guards, alive);
            let mut store = store(refuses, moves, guards);
            let store = store.as_context_mut().opaque();
            let fits = make(store, u64::MAX, true);
            store.gc.pending_exception = 0;
            assert_eq!(make(store, fits / 100 * alive, true), fits / 100 * alive);
            store.gc.work = (0, 0);
            let many = fits * 10;
            let made = CELL * make(store, many, false);
            assert!(alive > 90 || made == many * CELL, "{what:?}: {made}");
            let (collections, copied) = store.gc.work;
            let once = fits * CELL;
            assert!(
                copied <= 32 * made + 4 * once,
                "{what:?}: {collections} copied {copied} for {made}"
            );
        }
    }
}

/// The half of a heap that begins small is mostly no room for objects, where null is to fault.
#[test]
fn a_small_heap_grows_before_memory_is_scarce() {
    for (refuses, moves, guards) in CASES {
        for alive in [100, 127, 200, 240, 250, 255, 256, 500] {
            let what = (refuses, moves, guards, alive);
            let mut store = store(refuses, moves, guards);
            let store = store.as_context_mut().opaque();
            assert_eq!(make(store, alive, true), alive, "{what:?}");
            assert_eq!(make(store, 2_000, false), 2_000, "{what:?}");
        }
    }
}

#[test]
fn what_fits_exactly_is_allocated() {
    for (refuses, moves, guards) in CASES {
        let what = (refuses, moves, guards);
        let mut store = store(refuses, moves, guards);
        let store = store.as_context_mut().opaque();
        make(store, u64::MAX, true);
        store.gc.pending_exception = 0;
        store.collect(&mut []).unwrap();
        for _ in 0..3 {
            let all = store.gc.heap.free();
            store.gc_room(all, &mut []).unwrap();
            assert!(store.gc_room(8, &mut []).is_ok(), "{what:?}");
            assert!(store.gc_room(1 << 40, &mut []).is_err(), "{what:?}");
        }
    }
}

/// Says to a process that it is the one with little memory.
const CHILD: &str = "WASMETAL_TESTS_WITH_LITTLE_MEMORY";

/// The same of Linux itself, which refuses pages to a process that has as many as it may: processes of their own.
#[test]
#[cfg_attr(
    target_arch = "aarch64",
    ignore = "QEMU's emulation of programs starts no others"
)]
fn a_heap_that_linux_refuses_to_grow_costs_in_proportion_to_its_size() {
    if env::var_os(CHILD).is_some() {
        return fill_what_linux_gives();
    }
    let own_name = "gc::tests::a_heap_that_linux_refuses_to_grow_costs_in_proportion_to_its_size";
    for mib in [12_u64, 25, 50] {
        let mut child = Command::new(env::current_exe().unwrap());
        let child = child.args([own_name, "--exact", "--nocapture", "--test-threads=1"]);
        let output = child.env(CHILD, mib.to_string()).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(
            output.status.success(),
            "{mib} MiB: {said} {}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert!(said.contains("1 passed"), "{said}");
    }
}

/// Fills heaps as far as Linux lets this process have pages that it can write.
fn fill_what_linux_gives() {
    let most = env::var(CHILD).unwrap().parse::<u64>().unwrap() * MIB;
    // With guard pages, without them, and one that moves.
    for (explicit, reservation) in [(false, None), (true, Some(1 << 30)), (true, Some(0))] {
        let mut config = Config::new(wasmetal_platform_linux::platform());
        config.explicit_checks(explicit);
        if let Some(reservation) = reservation {
            config.gc_heap_reservation(reservation);
        }
        let data: Data = Box::new(StoreLimitsBuilder::new().build());
        let mut store = Store::new(&Engine::new(&config).unwrap(), data);
        let store = store.as_context_mut().opaque();
        let Some(limit) = DataLimit::lower(most) else {
            // An emulator of processes, which has none of its own.
            return;
        };
        let within = match reservation {
            Some(0) => most / 2,
            _ => most,
        };
        check_full(&(explicit, reservation), store, within);
        drop(limit);
    }
}

/// How many bytes this process can have that it can write (`RLIMIT_DATA`), lowered until this is dropped.
struct DataLimit(libc::rlimit);

impl DataLimit {
    /// So many bytes more than there are now; `None` where that has no effect.
    fn lower(more: u64) -> Option<Self> {
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let line = status.lines().find(|line| line.starts_with("VmData:"));
        let kib: u64 = line
            .and_then(|line| line.split_whitespace().nth(1))
            .unwrap()
            .parse()
            .unwrap();
        let before = Self::get();
        let wanted = libc::rlimit {
            rlim_cur: (kib << 10) + more,
            ..before
        };
        Self::set(&wanted);
        (Self::get().rlim_cur == wanted.rlim_cur).then_some(Self(before))
    }

    fn get() -> libc::rlimit {
        let mut limit = libc::rlimit {
            rlim_cur: 0,
            rlim_max: 0,
        };
        // SAFETY: it is written to a variable.
        assert_eq!(unsafe { libc::getrlimit(libc::RLIMIT_DATA, &mut limit) }, 0);
        limit
    }

    fn set(limit: &libc::rlimit) {
        // SAFETY: it is read from a variable.
        assert_eq!(unsafe { libc::setrlimit(libc::RLIMIT_DATA, limit) }, 0);
    }
}

impl Drop for DataLimit {
    fn drop(&mut self) {
        Self::set(&self.0);
    }
}
