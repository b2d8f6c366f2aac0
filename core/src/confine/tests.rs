use super::{Ended, run};
use crate::hook;
use std::alloc::{GlobalAlloc, Layout, System};
use std::boxed::Box;
use std::string::ToString;
use std::vec::Vec;
use wasmetal_platform::Platform;
use wasmetal_platform::confine::Allocator;

/// The system's, which spoils what is freed, so that nobody goes on with it unnoticed.
struct Spoiling;

// SAFETY: blocks are the system's.
unsafe impl GlobalAlloc for Spoiling {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: passed on; the block has that many bytes, and nobody uses it.
        unsafe {
            block.write_bytes(0xa5, layout.size());
            System.dealloc(block, layout);
        }
    }
}

#[global_allocator]
static HEAP: Allocator<Spoiling> = Allocator::new(Spoiling);

/// Runs `job` confined to a MiB.
fn check<R>(job: impl FnOnce() -> R) -> Result<(), Ended> {
    let platform = wasmetal_platform_linux::platform();
    // SAFETY: the core's own hook.
    unsafe { platform.set_trap_hook(hook::hook) }.expect("the only hook");
    if let Some(init) = platform.thread_init() {
        init().expect("an alternate stack");
    }
    // SAFETY: the jobs here own nothing but what they allocate.
    unsafe { run(platform, Some(1 << 20), None, job, |_| ()) }
}

#[test]
fn ends_by_itself() {
    for _ in 0..100 {
        check(|| {
            let blocks: Vec<Vec<u8>> = (0..1000).map(|size| std::vec![7; size % 50]).collect();
            assert!(blocks.iter().flatten().all(|byte| *byte == 7));
            drop(blocks);
        })
        .expect("ends");
    }
}

#[test]
fn freed_memory_is_used_again() {
    check(|| {
        for round in 0..10_000usize {
            let block = std::vec![1u8; 100_000 + round];
            assert_eq!(block[round], 1);
        }
    })
    .expect("ends");
}

#[test]
fn out_of_memory() {
    let ended = check(|| {
        let mut kept = Vec::new();
        loop {
            kept.push(Box::new([0u8; 1000]));
        }
    });
    assert!(
        matches!(
            ended,
            Err(Ended::Memory {
                wanted: 1..=10_000_000,
                used: 1..=1_048_576
            })
        ),
        "{ended:?}"
    );
    let ended = check(|| Vec::<u8>::with_capacity(isize::MAX as usize));
    let Err(Ended::Memory { wanted, .. }) = ended else {
        panic!("{ended:?}");
    };
    assert_eq!(wanted, isize::MAX as usize);
}

#[test]
fn stack_overflow() {
    fn deeper(level: usize) -> usize {
        let frame = core::hint::black_box([level; 100]);
        if frame[0] == usize::MAX {
            return 0;
        }
        deeper(level + 1) + frame[level % 100]
    }
    for _ in 0..3 {
        let ended = check(|| deeper(0));
        assert!(matches!(ended, Err(Ended::Stack)), "{ended:?}");
    }
}

#[test]
fn panic() {
    let ended = check(|| -> usize { panic!("number {}", 42) });
    let Err(Ended::Panic(message)) = ended else {
        panic!("{ended:?}");
    };
    assert_eq!(message, "number 42".to_string());
}

#[test]
fn nested() {
    let ended = check(|| check(|| std::vec![1u8; 2 << 20]).is_err());
    ended.expect("the inner one's end is not the outer one's");
}

#[cfg(feature = "std")]
mod panics;
