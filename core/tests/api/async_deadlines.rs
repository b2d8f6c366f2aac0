//! Deadlines of calls that wait: they end when the deadline passes, whatever they wait for, and whoever polls.

use crate::asynchronous::{poll_once, run};
use crate::machine::{Like, Machine};
use crate::support::{engine, engines, module};
use std::future::{Future, pending};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;
use std::time::{Duration, Instant};
use wasmetal::{
    AsContextMut, Caller, Config, Engine, Func, Instance, Memory, MemoryType, ResourceLimiterAsync,
    Result, Store, Trap, TypedFunc,
};
use wasmetal_platform::{Capabilities, Platform as _};
use wasmetal_platform_linux::platform;

const SOON: Duration = Duration::from_millis(5);
/// Long enough for a call to begin before, in an emulator, on a busy machine: for tests that see it wait.
pub(crate) const LATER: Duration = Duration::from_millis(300);
/// Longer than anything takes.
const LONG: Duration = Duration::from_secs(60);

/// A call that has begun.
type Call<'a> = Pin<Box<dyn Future<Output = Result<()>> + 'a>>;

/// Unparks a thread, and counts.
pub(crate) struct Unparks {
    thread: thread::Thread,
    pub(crate) woken: AtomicU32,
}

impl Unparks {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self {
            thread: thread::current(),
            woken: AtomicU32::new(0),
        })
    }
}

impl Wake for Unparks {
    fn wake(self: Arc<Self>) {
        self.woken.fetch_add(1, SeqCst);
        self.thread.unpark();
    }
}

/// Waits for a future on this thread, which sleeps until it is woken. That the future is not forgotten is part of it.
pub(crate) fn sleep_on<F: Future>(future: F) -> F::Output {
    let unparks = Unparks::new();
    let waker = Waker::from(unparks.clone());
    let mut future = pin!(future);
    loop {
        let before = unparks.woken.load(SeqCst);
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return output;
        }
        let begin = Instant::now();
        while unparks.woken.load(SeqCst) == before {
            assert!(begin.elapsed() < LONG, "nobody was woken");
            thread::park_timeout(LONG);
        }
    }
}

/// A host function that is never ready.
fn stuck<T: Send + 'static>(store: &mut Store<T>) -> Func {
    Func::wrap_async(store, |_: Caller<'_, T>, ()| Box::new(pending::<()>()))
}

/// A function of Wasm code that calls a host function.
fn calls<T: 'static>(store: &mut Store<T>, host: Func) -> TypedFunc<(), ()> {
    let text = r#"(module (import "" "" (func $f)) (func (export "f") (call $f)))"#;
    let module = module(store.engine(), text);
    let instance = Instance::new(&mut *store, &module, &[host.into()]).unwrap();
    instance.get_typed_func(store, "f").unwrap()
}

/// A store with a deadline, and a function that is never ready.
fn stuck_until(engine: &Engine, deadline: Duration) -> (Store<()>, TypedFunc<(), ()>) {
    let mut store = Store::new(engine, ());
    let host = stuck(&mut store);
    let func = calls(&mut store, host);
    store.set_deadline(Some(deadline)).unwrap();
    (store, func)
}

fn is_interrupt<R: std::fmt::Debug>(result: Result<R>) {
    assert_eq!(result.unwrap_err().downcast_ref(), Some(&Trap::Interrupt));
}

#[test]
fn the_task_is_woken_when_the_deadline_passes() {
    for engine in engines() {
        let mut store = Store::new(&engine, ());
        let host = stuck(&mut store);
        let through = calls(&mut store, host);
        let nested = Func::wrap_async(&mut store, move |mut caller: Caller<'_, ()>, ()| {
            Box::new(async move { through.call_async(&mut caller, ()).await })
        });
        let nested = calls(&mut store, nested);
        let direct = host.typed::<(), ()>(&store).unwrap();
        for func in [through, nested, direct] {
            store.set_deadline(Some(SOON)).unwrap();
            let begin = Instant::now();
            is_interrupt(sleep_on(func.call_async(&mut store, ())));
            assert!(begin.elapsed() >= SOON);
            // Until another is set, nothing begins.
            is_interrupt(sleep_on(func.call_async(&mut store, ())));
        }
    }
}

#[test]
fn each_store_at_its_own_time() {
    let engine = engine();
    let order = [7, 2, 9, 4, 1, 8, 3, 6, 5, 0_u32];
    let unparks = Unparks::new();
    let waker = Waker::from(unparks);
    let mut stores: Vec<_> = order
        .iter()
        .map(|i| stuck_until(&engine, *i * SOON))
        .collect();
    let mut calls: Vec<Option<Call<'_>>> = stores
        .iter_mut()
        .map(|(store, func)| -> Option<Call<'_>> { Some(Box::pin(func.call_async(store, ()))) })
        .collect();
    let (mut ended, begin) = (Vec::new(), Instant::now());
    while ended.len() < order.len() {
        for (call, i) in calls.iter_mut().zip(order) {
            let polled = call
                .as_mut()
                .map(|call| call.as_mut().poll(&mut Context::from_waker(&waker)));
            if let Some(Poll::Ready(result)) = polled {
                is_interrupt(result);
                *call = None;
                ended.push(i);
            }
        }
        assert!(begin.elapsed() < LONG, "nobody was woken");
        if ended.len() < order.len() {
            thread::park_timeout(LONG);
        }
    }
    ended.sort_unstable();
    assert_eq!(ended, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
}

#[test]
fn polled_by_another_thread_than_before() {
    for engine in engines() {
        let (mut store, func) = stuck_until(&engine, LATER);
        let mut call = Box::pin(func.call_async(&mut store, ()));
        poll_once(call.as_mut());
        thread::scope(|scope| {
            scope.spawn(|| is_interrupt(sleep_on(call)));
        });
        // That thread is gone: its end has taken nothing with it.
        store.set_deadline(Some(LATER)).unwrap();
        is_interrupt(sleep_on(func.call_async(&mut store, ())));
    }
}

#[test]
fn calls_that_are_gone_when_the_deadline_passes() {
    let engine = engine();
    for forgotten in [false, true] {
        let (mut store, func) = stuck_until(&engine, LATER);
        let unparks = Unparks::new();
        let waker = Waker::from(unparks.clone());
        let mut call = Box::pin(func.call_async(&mut store, ()));
        let polled = call.as_mut().poll(&mut Context::from_waker(&waker));
        assert!(polled.is_pending());
        match forgotten {
            true => std::mem::forget(call),
            false => drop(call),
        }
        drop(store);
        // Its time has come when another's has, that was set later.
        let (mut store, func) = stuck_until(&engine, 2 * LATER);
        is_interrupt(sleep_on(func.call_async(&mut store, ())));
        assert_eq!(unparks.woken.load(SeqCst), 0);
    }
}

#[test]
fn a_waker_that_wakes_nobody() {
    for engine in engines() {
        let (mut store, func) = stuck_until(&engine, LATER);
        let mut call = Box::pin(func.call_async(&mut store, ()));
        poll_once(call.as_mut());
        thread::sleep(2 * LATER);
        // It is over at the next poll, though nobody was told.
        is_interrupt(run(call));
    }
}

/// A waker that panics where it is called, and one that drops the store of another call.
#[test]
fn wakers_do_what_they_like() {
    struct Panics;

    impl Wake for Panics {
        fn wake(self: Arc<Self>) {
            panic!("a waker panics");
        }
    }

    let engine = engine();
    let (mut first, func) = stuck_until(&engine, LATER);
    let mut call = Box::pin(func.call_async(&mut first, ()));
    let waker = Waker::from(Arc::new(Panics));
    let polled = call.as_mut().poll(&mut Context::from_waker(&waker));
    assert!(polled.is_pending());
    // Others are woken all the same.
    for after in [1, 2, 3] {
        let (mut second, func) = stuck_until(&engine, after * LATER);
        is_interrupt(sleep_on(func.call_async(&mut second, ())));
    }
    is_interrupt(run(call));
}

/// A machine that can't wake.
#[derive(Debug)]
struct NoAlarm;

static NO_ALARM: Like<NoAlarm> = Like(NoAlarm);

impl Machine for NoAlarm {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            alarm: false,
            ..platform().capabilities()
        }
    }
}

#[test]
fn without_alarms_the_next_poll_ends_the_call() {
    let engine = Engine::new(&Config::new(&NO_ALARM)).unwrap();
    let (mut store, func) = stuck_until(&engine, LATER);
    let unparks = Unparks::new();
    let waker = Waker::from(unparks.clone());
    let mut call = Box::pin(func.call_async(&mut store, ()));
    let polled = call.as_mut().poll(&mut Context::from_waker(&waker));
    assert!(polled.is_pending());
    thread::sleep(2 * LATER);
    assert_eq!(unparks.woken.load(SeqCst), 0);
    is_interrupt(run(call));
}

/// A limiter that never answers.
struct Silent;

type Answer<'a> = Pin<Box<dyn Future<Output = Result<bool>> + Send + 'a>>;

impl ResourceLimiterAsync for Silent {
    fn memory_growing<'a, 'b>(&'a mut self, _: usize, _: usize, _: Option<usize>) -> Answer<'b>
    where
        'a: 'b,
        Self: 'b,
    {
        Box::pin(pending())
    }

    fn table_growing<'a, 'b>(&'a mut self, _: usize, _: usize, _: Option<usize>) -> Answer<'b>
    where
        'a: 'b,
        Self: 'b,
    {
        Box::pin(pending())
    }
}

#[test]
fn a_limiter_that_never_answers() {
    for engine in engines() {
        let text = r#"(module (memory 1) (func (export "f") (drop (memory.grow (i32.const 1)))))"#;
        let module = module(&engine, text);
        let mut store = Store::new(&engine, Silent);
        let instance = Instance::new(&mut store, &module, &[]).unwrap();
        let f = instance.get_typed_func::<(), ()>(&mut store, "f").unwrap();
        store.limiter_async(|silent| silent);
        store.set_deadline(Some(SOON)).unwrap();
        is_interrupt(sleep_on(f.call_async(&mut store, ())));
        store.set_deadline(Some(SOON)).unwrap();
        is_interrupt(sleep_on(Instance::new_async(&mut store, &module, &[])));
        // What the host does has no deadline.
        let ty = MemoryType::new(1, None);
        poll_once(pin!(Memory::new_async(store.as_context_mut(), ty)));
    }
}

#[test]
fn a_deadline_that_is_set_again_while_the_call_waits() {
    let engine = engine();
    let mut store = Store::new(&engine, ());
    // The host function moves the deadline, and waits.
    let moves = Func::wrap_async(&mut store, |mut caller: Caller<'_, ()>, ()| {
        Box::new(async move {
            let mut store = caller.as_context_mut();
            store.set_deadline(Some(SOON)).unwrap();
            pending::<()>().await;
        })
    });
    let func = calls(&mut store, moves);
    for before in [None, Some(LONG)] {
        store.set_deadline(before).unwrap();
        is_interrupt(sleep_on(func.call_async(&mut store, ())));
    }
}
