//! Memories that fail to grow, or are interrupted while they do: nothing has changed.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::machine::{Like, Machine};
use crate::support::module;
use wasmetal::{
    Config, Engine, Instance, InterruptHandle, Platform as _, Store, StoreLimitsBuilder, Trap,
};
use wasmetal_platform::{Capabilities, Error, Operation, Result};
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

static SLOW: Like<Slow> = Like(Slow {
    due: Mutex::new(None),
});

impl Machine for Slow {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            commit_piece: PAGE,
            ..platform().capabilities()
        }
    }

    fn commits(&self) -> Result<()> {
        let mut due = self.due.lock().unwrap();
        if let Some((left, event)) = due.take() {
            match (left, event) {
                (0, Event::Fails) => return Err(Error::new(Operation::Commit, -1)),
                (0, Event::Interrupted(handle)) => handle.interrupt(),
                (left, event) => *due = Some((left - 1, event)),
            }
        }
        Ok(())
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
            *SLOW.0.due.lock().unwrap() = Some((left, event));
            let grown = grow.call(&mut store, 8);
            if fails {
                // A memory that moves may have tried again, without room to spare.
                let grown = grown.unwrap();
                *SLOW.0.due.lock().unwrap() = None;
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

/// Linux, which says in pieces of which size it commits soon enough, and counts the commits.
#[derive(Debug)]
struct Counting {
    piece: usize,
    commits: AtomicUsize,
}

impl Machine for Counting {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            commit_piece: self.piece,
            ..platform().capabilities()
        }
    }

    fn commits(&self) -> Result<()> {
        self.commits.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

/// A store that can be interrupted commits in as many pieces as the platform asks for, and others at once.
#[test]
fn in_pieces_as_large_as_the_platform_says() {
    for (piece, interruptible, commits) in [
        (usize::MAX, true, 1),
        (usize::MAX, false, 1),
        (64 * PAGE, true, 4),
        (PAGE, true, 256),
        (PAGE, false, 1),
    ] {
        let machine: &'static Like<Counting> = Box::leak(Box::new(Like(Counting {
            piece,
            commits: AtomicUsize::new(0),
        })));
        let engine = Engine::new(&Config::new(machine)).unwrap();
        let mut store = Store::new(&engine, ());
        if interruptible {
            store.interrupt_handle().unwrap();
        }
        let text = r#"(memory 1) (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))"#;
        let instance = Instance::new(&mut store, &module(&engine, text), &[]).unwrap();
        let grow = instance
            .get_typed_func::<i32, i32>(&mut store, "grow")
            .unwrap();
        // Its stack is there.
        grow.call(&mut store, 0).unwrap();
        let before = machine.0.commits.load(Ordering::Relaxed);
        assert_eq!(grow.call(&mut store, 256).unwrap(), 1);
        let made = machine.0.commits.load(Ordering::Relaxed) - before;
        assert_eq!(made, commits, "{piece}, {interruptible}");
    }
}
