//! Guests that are suspended while they wait.

use crate::support::{FUNCTIONS, engine, text};
use crate::waiting::{Silent, Sub};
use std::collections::VecDeque;
use std::pin::pin;
use std::sync::{Arc, Condvar, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, Instant};
use wasmetal::{Instance, Linker, Module, Result, Store, Trap};
use wasmetal_wasi::p1::{self, WasiP1Ctx};
use wasmetal_wasi::{Errno, InputStream, WasiCtxBuilder};

/// An executor for one thread.
#[derive(Default)]
struct Parked {
    woken: Mutex<bool>,
    changed: Condvar,
}

impl Wake for Parked {
    fn wake(self: Arc<Self>) {
        *self.woken.lock().unwrap() = true;
        self.changed.notify_one();
    }
}

/// What came of a future, and how often it was polled.
fn block_on<F: Future>(future: F) -> (F::Output, u32) {
    let parked = Arc::new(Parked::default());
    let waker = Waker::from(parked.clone());
    let mut future = pin!(future);
    for polls in 1.. {
        let polled = future.as_mut().poll(&mut Context::from_waker(&waker));
        if let Poll::Ready(output) = polled {
            return (output, polls);
        }
        let woken = parked.woken.lock().unwrap();
        *parked.changed.wait_while(woken, |woken| !*woken).unwrap() = false;
    }
    unreachable!()
}

async fn guest(builder: &mut WasiCtxBuilder) -> Result<(Store<WasiP1Ctx>, Instance)> {
    let engine = engine();
    let mut linker = Linker::new(&engine);
    p1::add_to_linker_async(&mut linker, |ctx| ctx)?;
    let module = Module::new(&engine, text("wasi_snapshot_preview1", &FUNCTIONS))?;
    let mut store = Store::new(&engine, builder.build_p1());
    let instance = linker.instantiate_async(&mut store, &module).await?;
    Ok((store, instance))
}

async fn poll(store: &mut Store<WasiP1Ctx>, instance: Instance, sub: Sub) -> Result<i32> {
    let memory = instance.get_memory(&mut *store, "memory").unwrap();
    memory.write(&mut *store, 0x100, &sub.bytes(7))?;
    let poll = instance.get_typed_func::<(i32, i32, i32, i32), i32>(&mut *store, "poll_oneoff")?;
    poll.call_async(store, (0x100, 0x200, 1, 0)).await
}

#[test]
fn sleep_suspends_and_is_woken_by_the_clock() {
    let start = Instant::now();
    let (done, polls) = block_on(async {
        let (mut store, instance) = guest(&mut WasiCtxBuilder::new()).await?;
        poll(&mut store, instance, Sub::Clock(1, 30_000_000, false)).await
    });
    assert_eq!(done.unwrap(), 0);
    assert!(start.elapsed() >= Duration::from_millis(30));
    // Nobody asks again and again.
    assert!(polls < 10, "{polls}");
}

/// An input that somebody else fills.
#[derive(Clone, Default)]
struct Channel(Arc<Mutex<(VecDeque<u8>, Option<Waker>)>>);

impl Channel {
    fn send(&self, bytes: &[u8]) {
        let mut state = self.0.lock().unwrap();
        state.0.extend(bytes);
        if let Some(waker) = state.1.take() {
            waker.wake();
        }
    }
}

impl InputStream for Channel {
    fn poll_read(
        &mut self,
        task: &mut Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<std::result::Result<usize, Errno>> {
        if self.poll_ready(task).is_pending() {
            return Poll::Pending;
        }
        let mut state = self.0.lock().unwrap();
        let len = buffer.len().min(state.0.len());
        for (place, byte) in buffer.iter_mut().zip(state.0.drain(..len)) {
            *place = byte;
        }
        Poll::Ready(Ok(len))
    }

    fn poll_ready(&mut self, task: &mut Context<'_>) -> Poll<()> {
        let mut state = self.0.lock().unwrap();
        if state.0.is_empty() {
            state.1 = Some(task.waker().clone());
            return Poll::Pending;
        }
        Poll::Ready(())
    }
}

#[test]
fn reading_suspends_until_there_is_something() {
    let channel = Channel::default();
    let sender = channel.clone();
    let (done, _) = block_on(async {
        let (mut store, instance) = guest(WasiCtxBuilder::new().stdin(channel)).await?;
        let memory = instance.get_memory(&mut store, "memory").unwrap();
        memory.write(&mut store, 0x100, &[0, 2, 0, 0, 100, 0, 0, 0])?;
        let read = instance.get_typed_func::<(i32, i32, i32, i32), i32>(&mut store, "fd_read")?;
        std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(20));
            sender.send(b"at last");
        });
        let result = read.call_async(&mut store, (0, 0x100, 1, 0)).await?;
        let mut bytes = [0; 7];
        memory.read(&store, 0x200, &mut bytes)?;
        wasmetal::error::Ok((result, bytes))
    });
    assert_eq!(done.unwrap(), (0, *b"at last"));
}

#[test]
fn who_waits_ends_with_its_store() {
    let (done, _) = block_on(async {
        let (mut store, instance) = guest(WasiCtxBuilder::new().stdin(Silent)).await?;
        store.set_deadline(Some(Duration::from_millis(20)))?;
        poll(&mut store, instance, Sub::Read(0)).await
    });
    let error = done.unwrap_err();
    assert_eq!(error.downcast_ref::<Trap>(), Some(&Trap::Interrupt));
}

#[test]
fn a_yield_lets_others_go_first() {
    let (done, polls) = block_on(async {
        let (mut store, instance) = guest(&mut WasiCtxBuilder::new()).await?;
        let sched_yield = instance.get_typed_func::<(), i32>(&mut store, "sched_yield")?;
        for _ in 0..3 {
            assert_eq!(sched_yield.call_async(&mut store, ()).await?, 0);
        }
        wasmetal::error::Ok(())
    });
    done.unwrap();
    assert_eq!(polls, 4);
}

#[test]
fn who_is_dropped_while_it_waits_leaves_a_store_that_works() {
    let mut kept = None;
    let ((), _) = block_on(async {
        let (mut store, instance) = guest(WasiCtxBuilder::new().stdin(Silent)).await.unwrap();
        let mut waiting = Box::pin(poll(&mut store, instance, Sub::Read(0)));
        let polled = waiting
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()));
        assert!(polled.is_pending());
        drop(waiting);
        kept = Some((store, instance));
    });
    let (mut store, instance) = kept.unwrap();
    let (done, _) = block_on(poll(&mut store, instance, Sub::Clock(1, 0, false)));
    assert_eq!(done.unwrap(), 0);
}
