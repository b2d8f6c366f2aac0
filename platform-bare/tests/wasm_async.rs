//! Guests whose host functions wait, and guests that are left at the end of their time slices, at any instruction: all end
//! with what they would have computed alone. With the argument `cost`: how many instructions a switch takes.
#![no_std]
#![no_main]

extern crate alloc;

#[path = "common/wasm.rs"]
mod wasm;

use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::task::Wake;
use alloc::vec::Vec;
use core::future::Future;
use core::pin::Pin;
use core::sync::atomic::{AtomicU32, Ordering};
use core::task::{Context, Poll, Waker};
use core::time::Duration;

use wasm::{check_trap, engine, func};
use wasmetal::{Caller, Engine, Func, Instance, Module, Platform, Store, Trap, TypedFunc};
use wasmetal_platform_bare::{cores, entry, heap, payload, platform, println};
use wasmetal_wat::wat;

entry!(main);

const GUEST: &[u8] = wat!(
    r#"(module
    (import "" "wait" (func $wait (param i32) (result i32)))
    (import "" "ready" (func $ready (param i32) (result i32)))
    (import "" "sync" (func $sync (param i32) (result i32)))
    (memory 1)
    ;; More values than there are registers, of both kinds.
    (func (export "mix") (param $n i32) (result i64)
        (local $a i64) (local $b i64) (local $c i64) (local $d i64) (local $e i64) (local $f i64) (local $g i64)
        (local $v f64) (local $w f64) (local $x f64) (local $y f64) (local $z v128)
        (local.set $v (f64.const 1))
        (local.set $z (v128.const i32x4 1 2 3 4))
        (loop
            (local.set $a (i64.add (local.get $a) (i64.extend_i32_u (local.get $n))))
            (local.set $b (i64.xor (local.get $b) (local.get $a)))
            (local.set $c (i64.rotl (i64.add (local.get $c) (local.get $b)) (i64.const 7)))
            (local.set $d (i64.sub (local.get $c) (local.get $d)))
            (local.set $e (i64.mul (i64.add (local.get $e) (local.get $d)) (i64.const 0x9e3779b97f4a7c15)))
            (local.set $f (i64.xor (i64.rotl (local.get $f) (i64.const 13)) (local.get $e)))
            (local.set $g (i64.add (local.get $g) (local.get $f)))
            (local.set $v (f64.add (local.get $v) (f64.convert_i32_u (local.get $n))))
            (local.set $w (f64.sqrt (f64.add (local.get $w) (local.get $v))))
            (local.set $x (f64.div (f64.add (local.get $x) (local.get $w)) (f64.const 3)))
            (local.set $y (f64.sub (local.get $x) (local.get $y)))
            (local.set $z (i32x4.add (local.get $z) (i32x4.splat (local.get $n))))
            (i32.store (i32.and (local.get $n) (i32.const 0xfffc)) (i32x4.extract_lane 2 (local.get $z)))
            (br_if 0 (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
        (i64.xor (i64.xor (local.get $g) (local.get $d))
            (i64.xor (i64.reinterpret_f64 (local.get $y)) (i64x2.extract_lane 1 (local.get $z)))))
    (func (export "waits") (param $n i32) (result i64) (local $sum i32)
        (loop
            (local.set $sum (i32.add (i32.mul (local.get $sum) (i32.const 31)) (call $wait (local.get $n))))
            (br_if 0 (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
        (i64.extend_i32_u (local.get $sum)))
    (func (export "ready") (param $n i32) (result i64)
        (loop (drop (call $ready (i32.const 1)))
            (br_if 0 (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
        (i64.const 0))
    (func (export "sync") (param $n i32) (result i64)
        (loop (drop (call $sync (i32.const 1)))
            (br_if 0 (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
        (i64.const 0))
    (func (export "spin") (param i32) (result i64) (loop br 0) (unreachable)))"#
);

/// Not ready once.
struct Once(bool);

impl Future for Once {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<()> {
        if core::mem::replace(&mut self.0, true) {
            return Poll::Ready(());
        }
        task.waker().wake_by_ref();
        Poll::Pending
    }
}

struct Guest {
    store: Store<()>,
    instance: Instance,
}

impl Guest {
    fn new(engine: &Engine, module: &Module) -> Self {
        let mut store = Store::new(engine, ());
        let wait = Func::wrap_async(&mut store, |_: Caller<'_, ()>, (x,): (i32,)| {
            Box::new(async move {
                Once(false).await;
                x ^ 7
            })
        });
        let ready = Func::wrap_async(&mut store, |_: Caller<'_, ()>, (x,): (i32,)| {
            Box::new(core::future::ready(x))
        });
        let sync = Func::wrap(&mut store, |x: i32| x);
        let imports = [wait, ready, sync].map(Into::into);
        let instance = Instance::new(&mut store, module, &imports).expect("an instance");
        Self { store, instance }
    }

    fn func(&mut self, name: &str) -> TypedFunc<i32, i64> {
        func(&mut self.store, self.instance, name)
    }

    /// The result of a call, and how often it was polled.
    fn run(&mut self, name: &str, n: i32) -> (i64, u64) {
        let f = self.func(name);
        let mut call = core::pin::pin!(f.call_async(&mut self.store, n));
        let mut task = Context::from_waker(Waker::noop());
        for polls in 1.. {
            if let Poll::Ready(result) = call.as_mut().poll(&mut task) {
                return (result.expect("no trap"), polls);
            }
        }
        unreachable!()
    }
}

/// All guests in turn, until each has ended.
fn in_turn(engine: &Engine, module: &Module, slice: Duration) {
    const CALLS: [(&str, i32); 4] = [
        ("mix", 20_000),
        ("waits", 300),
        ("mix", 9_999),
        ("waits", 77),
    ];
    let expected = CALLS.map(|(name, n)| Guest::new(engine, module).run(name, n).0);
    let mut guests: Vec<_> = CALLS.iter().map(|_| Guest::new(engine, module)).collect();
    let mut calls: Vec<_> = guests
        .iter_mut()
        .zip(CALLS)
        .map(|(guest, (name, n))| {
            guest.store.set_time_slice(Some(slice)).expect("a timer");
            let f = guest.func(name);
            let store = &mut guest.store;
            Some(Box::pin(async move { f.call_async(store, n).await }))
        })
        .collect();
    let mut task = Context::from_waker(Waker::noop());
    let (mut left, mut polls) = (calls.len(), 0_u64);
    while left > 0 {
        for (call, expected) in calls.iter_mut().zip(expected) {
            let Some(pending) = call else { continue };
            polls += 1;
            if let Poll::Ready(result) = pending.as_mut().poll(&mut task) {
                assert_eq!(result.expect("no trap"), expected);
                *call = None;
                left -= 1;
            }
        }
    }
    println!("slices of {slice:?}: {polls} polls");
    // Where time is instructions: a round of `mix` takes some 40.
    let exact = payload() == Some(b"exact") && slice <= Duration::from_micros(20);
    assert!(!exact || polls > 400, "nobody's slice has ended");
}

/// What is dropped while it waits, or at the end of a slice, leaves nothing.
fn dropped(engine: &Engine, module: &Module) {
    let mut guest = Guest::new(engine, module);
    let slice = Some(Duration::from_micros(50));
    guest.store.set_time_slice(slice).expect("a timer");
    for name in ["spin", "waits"] {
        for polls in 0..20 {
            let f = guest.func(name);
            let mut call = core::pin::pin!(f.call_async(&mut guest.store, i32::MAX));
            let mut task = Context::from_waker(Waker::noop());
            for _ in 0..polls {
                assert!(call.as_mut().poll(&mut task).is_pending());
            }
        }
        assert_eq!(guest.run("waits", 1).0, 1 ^ 7);
    }
    let deadline = Some(Duration::from_millis(2));
    guest.store.set_deadline(deadline).expect("a timer");
    let f = guest.func("spin");
    let mut call = core::pin::pin!(f.call_async(&mut guest.store, 0));
    let mut task = Context::from_waker(Waker::noop());
    let result = loop {
        if let Poll::Ready(result) = call.as_mut().poll(&mut task) {
            break result;
        }
    };
    check_trap(result, Trap::Interrupt);
}

/// Wakes the core that polls, which sleeps meanwhile.
struct Sleeper(usize);

impl Wake for Sleeper {
    fn wake(self: Arc<Self>) {
        cores::wake(self.0);
    }
}

/// Wakes who is parked on this.
struct Parker(AtomicU32);

impl Wake for Parker {
    fn wake(self: Arc<Self>) {
        self.0.store(1, Ordering::SeqCst);
        platform().unpark(&self.0);
    }
}

/// The time of a call that is polled only when it was woken; and its result.
fn woken<F: Future>(call: F, parks: bool) -> (Duration, F::Output) {
    let mut call = core::pin::pin!(call);
    let begin = platform().now();
    let parker = Arc::new(Parker(AtomicU32::new(0)));
    let waker = match parks {
        true => parker.clone().into(),
        false => Waker::from(Arc::new(Sleeper(cores::current()))),
    };
    for _ in 0..10 {
        parker.0.store(0, Ordering::SeqCst);
        if let Poll::Ready(result) = call.as_mut().poll(&mut Context::from_waker(&waker)) {
            return (platform().now() - begin, result);
        }
        match parks {
            true => platform().park(&parker.0, 0, None),
            false => cores::sleep_until(None),
        }
    }
    panic!("it was woken for nothing");
}

/// Nothing but its deadline wakes a guest that waits for ever in the host; nothing but its timeout one that waits in a
/// shared memory.
fn alarms(engine: &Engine) {
    let module = Module::new(engine, WAITS).expect("a valid module");
    for parks in [false, true] {
        let mut store = Store::new(engine, ());
        let never = Func::wrap_async(&mut store, |_: Caller<'_, ()>, (): ()| {
            Box::new(core::future::pending::<()>())
        });
        let instance = Instance::new(&mut store, &module, &[never.into()]).expect("an instance");
        let time = Duration::from_millis(3);

        let wait = func::<i64, i32>(&mut store, instance, "wait");
        let (took, result) = woken(wait.call_async(&mut store, time.as_nanos() as i64), parks);
        assert_eq!(result.expect("no trap"), 2, "it has timed out");
        assert!(took >= time);

        store.set_deadline(Some(time)).expect("a timer");
        let never = func::<(), ()>(&mut store, instance, "never");
        let (took, result) = woken(never.call_async(&mut store, ()), parks);
        check_trap(result, Trap::Interrupt);
        // It counts from when it was set.
        assert!(took >= time / 2);
    }
}

const WAITS: &[u8] = wat!(
    r#"(module
    (import "" "never" (func $never))
    (memory 1 1 shared)
    (func (export "never") (call $never))
    (func (export "wait") (param i64) (result i32)
        (memory.atomic.wait32 (i32.const 0) (i32.const 0) (local.get 0))))"#
);

/// The most instructions of a call of a host function that waits and is polled once more, of how much more one takes that
/// is ready at once than one that can't wait, and of a switch at the end of a slice.
const MOST: [u64; 3] = [450, 20, 1_500];

fn cost(engine: &Engine, module: &Module) {
    const ROUNDS: i32 = 1_000;
    let mut guest = Guest::new(engine, module);
    let measure = |guest: &mut Guest, name: &str, n: i32| {
        guest.run(name, n);
        let begin = platform().now();
        let (_, polls) = guest.run(name, n);
        ((platform().now() - begin).as_nanos() as u64, polls)
    };
    let [waits, ready, sync] =
        ["waits", "ready", "sync"].map(|name| measure(&mut guest, name, ROUNDS).0);
    let waits = (waits - sync) / ROUNDS as u64;
    let ready = (ready - sync) / ROUNDS as u64;
    let (alone, _) = measure(&mut guest, "mix", 200_000);
    let slice = Some(Duration::from_micros(20));
    guest.store.set_time_slice(slice).expect("a timer");
    let (sliced, polls) = measure(&mut guest, "mix", 200_000);
    let switch = (sliced - alone) / (polls - 1);
    println!(
        "a call that waits, and is polled again: {waits} instructions more than one that can't"
    );
    println!("a call that is ready: {ready} more");
    println!("a switch at the end of a slice: {switch} ({polls} polls)");
    for (found, most) in [waits, ready, switch].into_iter().zip(MOST) {
        assert!(found <= most, "{found} instructions instead of {most}");
    }
}

fn main() -> i32 {
    let engine = engine();
    let module = Module::new(&engine, GUEST).expect("a valid module");
    if payload() == Some(b"cost") {
        cost(&engine, &module);
        return 0;
    }
    let mut before = None;
    for _ in 0..2 {
        for slice in [0, 20, 300] {
            in_turn(&engine, &module, Duration::from_micros(slice));
        }
        dropped(&engine, &module);
        alarms(&engine);
        let now = (heap::used(), platform().free_frames());
        assert_eq!(*before.get_or_insert(now), now, "lost");
    }
    0
}
