//! `memory.atomic.wait` in asynchronous calls: the code is suspended, and its thread is free.

use crate::async_deadlines::{Unparks, sleep_on};
use crate::asynchronous::{block_on, poll_once, run};
use crate::support::{engine, engines, module};
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;
use std::task::{Context, Waker};
use std::thread;
use std::time::{Duration, Instant};
use wasmetal::{
    Caller, Engine, Func, Instance, MemoryType, Module, Result, SharedMemory, Store, Trap,
    TypedFunc, WaitResult,
};

const SOON: Duration = Duration::from_millis(5);

const WAITS: &str = r#"(module
    (import "" "memory" (memory 1 1 shared))
    (func (export "wait32") (param i32 i32 i64) (result i32)
        (memory.atomic.wait32 (local.get 0) (local.get 1) (local.get 2)))
    (func (export "wait64") (param i32 i32 i64) (result i32)
        (memory.atomic.wait64 (local.get 0) (i64.extend_i32_s (local.get 1)) (local.get 2)))
    (func (export "notify") (param i32 i32) (result i32)
        (memory.atomic.notify (local.get 0) (local.get 1))))"#;

type Wait = TypedFunc<(i32, i32, i64), i32>;

fn memory(engine: &Engine) -> SharedMemory {
    SharedMemory::new(engine, MemoryType::shared(1, 1)).unwrap()
}

/// A store that waits in this memory.
fn store(module: &Module, memory: &SharedMemory) -> (Store<()>, [Wait; 2]) {
    let mut store = Store::new(module.engine(), ());
    let instance = Instance::new(&mut store, module, &[memory.clone().into()]).unwrap();
    let waits = ["wait32", "wait64"].map(|name| instance.get_typed_func(&mut store, name).unwrap());
    (store, waits)
}

const OK: i32 = WaitResult::Ok as i32;
const MISMATCH: i32 = WaitResult::Mismatch as i32;
const TIMED_OUT: i32 = WaitResult::TimedOut as i32;

#[test]
fn what_ends_at_once_does_not_wait() {
    for engine in engines() {
        let (module, memory) = (module(&engine, WAITS), memory(&engine));
        let (mut store, waits) = store(&module, &memory);
        for wait in &waits {
            let mut check = |params, expected| {
                let (result, polls) = block_on(wait.call_async(&mut store, params));
                assert_eq!((result.unwrap(), polls), (expected, 1));
            };
            check((8, 1, -1), MISMATCH);
            check((8, 1, 1_000_000), MISMATCH);
            check((8, 0, 0), TIMED_OUT);
            let trap = |params, store: &mut Store<()>| {
                let error = run(wait.call_async(store, params)).unwrap_err();
                *error.downcast_ref::<Trap>().unwrap()
            };
            assert_eq!(trap((1, 0, -1), &mut store), Trap::HeapMisaligned);
            assert_eq!(trap((1 << 16, 0, -1), &mut store), Trap::MemoryOutOfBounds);
        }
        assert_eq!(memory.atomic_notify(8, u32::MAX).unwrap(), 0);
    }
}

#[test]
fn notified_from_the_same_thread_and_from_another() {
    for engine in engines() {
        let (module, memory) = (module(&engine, WAITS), memory(&engine));
        let (mut store, waits) = store(&module, &memory);
        for wait in &waits {
            for timeout in [-1, 60_000_000_000] {
                let unparks = Unparks::new();
                let waker = Waker::from(unparks.clone());
                let mut call = Box::pin(wait.call_async(&mut store, (8, 0, timeout)));
                let mut poll = || {
                    call.as_mut()
                        .poll(&mut Context::from_waker(&waker))
                        .map(Result::unwrap)
                };
                for _ in 0..3 {
                    assert!(poll().is_pending());
                }
                // Somewhere else.
                assert_eq!(memory.atomic_notify(16, 1).unwrap(), 0);
                assert_eq!(unparks.woken.load(SeqCst), 0);
                assert_eq!(memory.atomic_notify(8, 7).unwrap(), 1);
                assert_eq!(unparks.woken.load(SeqCst), 1);
                assert_eq!(memory.atomic_notify(8, 7).unwrap(), 0);
                assert_eq!(poll(), std::task::Poll::Ready(OK));
                drop(call);
                thread::scope(|scope| {
                    scope.spawn(|| while memory.atomic_notify(8, 1).unwrap() == 0 {});
                    let result = sleep_on(wait.call_async(&mut store, (8, 0, timeout)));
                    assert_eq!(result.unwrap(), OK);
                });
            }
        }
    }
}

#[test]
fn time_ends_the_wait() {
    for engine in engines() {
        let (module, memory) = (module(&engine, WAITS), memory(&engine));
        let (mut store, waits) = store(&module, &memory);
        for wait in &waits {
            for timeout in [1, 1_000, 5_000_000] {
                let begin = Instant::now();
                let result = sleep_on(wait.call_async(&mut store, (8, 0, timeout)));
                assert_eq!(result.unwrap(), TIMED_OUT);
                assert!(begin.elapsed() >= Duration::from_nanos(timeout as u64));
                assert_eq!(memory.atomic_notify(8, 1).unwrap(), 0);
            }
        }
    }
}

#[test]
fn the_first_to_wait_is_the_first_to_be_woken() {
    let engine = engine();
    let (module, memory) = (module(&engine, WAITS), memory(&engine));
    let mut stores: Vec<_> = (0..50).map(|_| store(&module, &memory)).collect();
    let wakers: Vec<_> = stores.iter().map(|_| Unparks::new()).collect();
    let mut calls: Vec<Pin<Box<dyn Future<Output = Result<i32>> + '_>>> = Vec::new();
    for ((store, [wait, _]), unparks) in stores.iter_mut().zip(&wakers) {
        let mut call = Box::pin(wait.call_async(store, (8, 0, -1)));
        let waker = Waker::from(unparks.clone());
        let polled = call.as_mut().poll(&mut Context::from_waker(&waker));
        assert!(polled.is_pending());
        calls.push(call);
    }
    // Some are dropped while they wait.
    calls.truncate(40);
    let woken = |wakers: &[Arc<Unparks>]| -> Vec<u32> {
        wakers.iter().map(|it| it.woken.load(SeqCst)).collect()
    };
    assert_eq!(memory.atomic_notify(8, 25).unwrap(), 25);
    assert!(woken(&wakers[..25]).iter().all(|woken| *woken == 1));
    assert!(woken(&wakers[25..]).iter().all(|woken| *woken == 0));
    assert_eq!(memory.atomic_notify(8, u32::MAX).unwrap(), 15);
    assert!(woken(&wakers[25..40]).iter().all(|woken| *woken == 1));
    assert!(woken(&wakers[40..]).iter().all(|woken| *woken == 0));
    for call in calls {
        assert_eq!(run(call).unwrap(), OK);
    }
}

#[test]
fn dropped_or_stopped_while_it_waits() {
    for engine in engines() {
        let (module, memory) = (module(&engine, WAITS), memory(&engine));
        let (mut store, [wait, _]) = store(&module, &memory);
        poll_once(pin!(wait.call_async(&mut store, (8, 0, -1))));
        poll_once(pin!(wait.call_async(&mut store, (8, 0, 60_000_000_000))));
        assert_eq!(memory.atomic_notify(8, 9).unwrap(), 0);
        let is_interrupt = |result: Result<i32>| {
            assert_eq!(result.unwrap_err().downcast_ref(), Some(&Trap::Interrupt));
        };
        for timeout in [-1, 60_000_000_000] {
            store.set_deadline(Some(SOON)).unwrap();
            is_interrupt(sleep_on(wait.call_async(&mut store, (8, 0, timeout))));
            assert_eq!(memory.atomic_notify(8, 9).unwrap(), 0);
        }
        store.set_deadline(None).unwrap();
        let handle = store.interrupt_handle().unwrap();
        thread::scope(|scope| {
            scope.spawn(|| {
                thread::sleep(SOON);
                handle.interrupt();
            });
            is_interrupt(sleep_on(wait.call_async(&mut store, (8, 0, -1))));
        });
        assert_eq!(memory.atomic_notify(8, 9).unwrap(), 0);
        // The store goes on.
        assert_eq!(
            run(wait.call_async(&mut store, (8, 1, -1))).unwrap(),
            MISMATCH
        );
    }
}

/// A call that can't wait, inside of one that can, blocks its thread.
#[test]
fn a_call_that_cannot_wait_blocks() {
    let engine = engine();
    let (module, memory) = (module(&engine, WAITS), memory(&engine));
    let (mut store, [wait, _]) = store(&module, &memory);
    let blocks = Func::wrap_async(&mut store, move |mut caller: Caller<'_, ()>, ()| {
        let result = wait.call(&mut caller, (8, 0, 1_000_000)).unwrap();
        Box::new(async move { result })
    });
    let blocks = blocks.typed::<(), i32>(&store).unwrap();
    let (result, polls) = block_on(blocks.call_async(&mut store, ()));
    assert_eq!((result.unwrap(), polls), (TIMED_OUT, 1));
    // Threads and tasks wait in one queue.
    thread::scope(|scope| {
        let other = scope.spawn(|| memory.atomic_wait32(8, 0, None).unwrap());
        let mut call = Box::pin(wait.call_async(&mut store, (8, 0, -1)));
        poll_once(call.as_mut());
        let mut notified = 0;
        while notified < 2 {
            notified += memory.atomic_notify(8, 9).unwrap();
        }
        assert_eq!(run(call).unwrap(), OK);
        assert_eq!(other.join().unwrap(), WaitResult::Ok);
    });
}
