//! Memories that fail to grow, or are interrupted while they do: nothing has changed.

use std::sync::Mutex;
use std::sync::atomic::AtomicU32;
use std::time::Duration;

use crate::support::module;
use wasmetal::{
    Config, Engine, Instance, InterruptHandle, Platform, Store, StoreLimitsBuilder, Trap,
};
use wasmetal_platform::{Capabilities, Error, Operation, Protection, Result, TrapHook};
use wasmetal_platform_linux::platform;

const PAGE: usize = 65_536;

/// Linux, whose commits take long, and meet with something.
#[derive(Debug)]
struct Slow {
    /// So many commits from now.
    due: Mutex<Option<(u32, Event)>>,
}

#[derive(Clone, Debug)]
enum Event {
    Fails,
    /// Another thread interrupts the store.
    Interrupted(InterruptHandle),
}

static SLOW: Slow = Slow {
    due: Mutex::new(None),
};

// SAFETY: it is Linux, which does the work.
unsafe impl Platform for Slow {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            commit_piece: PAGE,
            ..platform().capabilities()
        }
    }

    fn cpu_feature(&self, name: &str) -> bool {
        platform().cpu_feature(name)
    }

    fn reserve(&self, size: usize, align: usize) -> Result<*mut u8> {
        platform().reserve(size, align)
    }

    unsafe fn release(&self, base: *mut u8, size: usize) {
        // SAFETY: the caller's contract is the same.
        unsafe { platform().release(base, size) }
    }

    unsafe fn commit(&self, base: *mut u8, size: usize) -> Result<()> {
        let mut due = self.due.lock().unwrap();
        if let Some((left, event)) = due.take() {
            match (left, event) {
                (0, Event::Fails) => return Err(Error::new(Operation::Commit, -1)),
                (0, Event::Interrupted(handle)) => handle.interrupt(),
                (left, event) => *due = Some((left - 1, event)),
            }
        }
        // SAFETY: the caller's contract is the same.
        unsafe { platform().commit(base, size) }
    }

    unsafe fn decommit(&self, base: *mut u8, size: usize) {
        // SAFETY: the caller's contract is the same.
        unsafe { platform().decommit(base, size) }
    }

    unsafe fn protect(&self, base: *mut u8, size: usize, protection: Protection) -> Result<()> {
        // SAFETY: the caller's contract is the same.
        unsafe { platform().protect(base, size, protection) }
    }

    unsafe fn publish(&self, base: *const u8, size: usize) {
        // SAFETY: the caller's contract is the same.
        unsafe { platform().publish(base, size) }
    }

    unsafe fn set_trap_hook(&self, hook: TrapHook) -> Result<()> {
        // SAFETY: the caller's contract is the same.
        unsafe { platform().set_trap_hook(hook) }
    }

    fn thread_init(&self) -> Option<fn() -> Result<()>> {
        platform().thread_init()
    }

    fn park(&self, word: &AtomicU32, expected: u32, timeout: Option<Duration>) {
        platform().park(word, expected, timeout);
    }

    fn unpark(&self, word: &AtomicU32) {
        platform().unpark(word);
    }

    fn now(&self) -> Duration {
        platform().now()
    }

    fn current_thread(&self) -> u64 {
        platform().current_thread()
    }

    fn interrupt(&self, thread: u64) {
        platform().interrupt(thread);
    }

    fn set_timer(&self, after: Option<Duration>) -> Result<()> {
        platform().set_timer(after)
    }
}

/// Eight pages more are asked for, of which some are there when something happens.
fn check(config: &Config, memory: &str, may_move: bool, may_touch: bool) {
    let engine = Engine::new(config).unwrap();
    let text = format!(
        r#"(memory {memory})
        (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
        (func (export "size") (result i32) (memory.size))
        (func (export "store") (param i32) (result i32)
            (i32.store8 (local.get 0) (i32.const 7))
            (i32.const 0))
        (func (export "load") (param i32) (result i32) (i32.load8_u (local.get 0)))"#
    );
    let module = module(&engine, &text);
    for left in [0, 1, 4, 6] {
        for fails in [true, false] {
            let limits = StoreLimitsBuilder::new()
                .total_memory_size(12 * PAGE)
                .build();
            let mut store = Store::new(&engine, limits);
            store.limiter(|limits| limits);
            let handle = store.interrupt_handle().unwrap();
            let instance = Instance::new(&mut store, &module, &[]).unwrap();
            let used = store.resources_used();
            let f = |store: &mut Store<_>, name| {
                instance.get_typed_func::<i32, i32>(store, name).unwrap()
            };
            let grow = f(&mut store, "grow");
            let [load, write] = ["load", "store"].map(|name| f(&mut store, name));
            let size = instance
                .get_typed_func::<(), i32>(&mut store, "size")
                .unwrap();
            // Its stack is there.
            size.call(&mut store, ()).unwrap();
            let what = format!("{memory}, {left} commits, fails: {fails}");
            let event = match fails {
                true => Event::Fails,
                false => Event::Interrupted(handle.clone()),
            };
            *SLOW.due.lock().unwrap() = Some((left, event));
            let grown = grow.call(&mut store, 8);
            if fails {
                // A memory that moves may have tried again, without room to spare.
                let grown = grown.unwrap();
                *SLOW.due.lock().unwrap() = None;
                if grown != -1 {
                    assert!(may_move, "{what}");
                    continue;
                }
            } else {
                let error = grown.unwrap_err();
                assert_eq!(error.downcast_ref(), Some(&Trap::Interrupt), "{what}");
            }
            assert_eq!(size.call(&mut store, ()).unwrap(), 2, "{what}");
            assert_eq!(store.resources_used(), used, "{what}");
            for page in 2..10 {
                let address = (page * PAGE) as i32;
                for f in [&load, &write] {
                    let error = f.call(&mut store, address).unwrap_err();
                    assert_eq!(
                        error.downcast_ref(),
                        Some(&Trap::MemoryOutOfBounds),
                        "{what}"
                    );
                }
            }
            assert_eq!(grow.call(&mut store, 8).unwrap(), 2, "{what}");
            for page in 0..10 {
                let address = (page * PAGE) as i32;
                assert_eq!(load.call(&mut store, address).unwrap(), 0, "{what}");
                write.call(&mut store, address).unwrap();
            }
            // The limit is that of what there is.
            if may_touch {
                assert_eq!(grow.call(&mut store, 3).unwrap(), -1, "{what}");
                assert_eq!(grow.call(&mut store, 2).unwrap(), 10, "{what}");
            }
        }
    }
}

#[test]
fn that_fails_changes_nothing() {
    let config = || Config::new(&SLOW);
    check(&config(), "2", false, true);
    check(config().explicit_checks(true), "2", true, true);
    check(config().memory_reservation(0), "2 100", true, true);
    #[cfg(feature = "threads")]
    check(&config(), "2 12 shared", false, false);
}
