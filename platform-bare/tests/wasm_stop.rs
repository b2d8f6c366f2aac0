//! Guests that would run for ever are stopped: by a deadline, by a handle in an interrupt handler, by another task and
//! by another core; in Wasm code, in a host function, in a builtin, and where they wait.
#![no_std]
#![no_main]

extern crate alloc;

#[path = "common/wasm.rs"]
mod wasm;

use core::sync::atomic::{AtomicU32, Ordering::Relaxed};
use core::time::Duration;

use spin::Once;
use wasm::{check_trap, config, func};
use wasmetal::{
    Caller, Engine, Func, Instance, InterruptHandle, Module, SharedMemory, Store, Trap, TypedFunc,
    WasmBacktrace,
};
use wasmetal_platform_bare::{Interrupted, cores, entry, heap, platform, println, tasks, timer};
use wasmetal_wat::wat;

entry!(main);

const GUEST: &[u8] = wat!(
    r#"(module
    (import "" "memory" (memory $shared 1 1 shared))
    (import "" "host" (func $host))
    (memory $own 300)
    (global $rounds (export "rounds") (mut i64) (i64.const 0))
    (func $spin (export "spin")
        (loop $next
            (global.set $rounds (i64.add (global.get $rounds) (i64.const 1)))
            (br $next)))
    (func (export "tight") (loop $next (br $next)))
    (func (export "outer") (call $spin))
    (func (export "host") (loop $next (call $host) (br $next)))
    (func (export "fill") (loop $next
        (memory.fill $own (i32.const 0) (i32.const 7) (i32.const 19660800)) (br $next)))
    (func (export "wait") (loop $next
        (drop (memory.atomic.wait32 $shared (i32.const 0) (i32.const 0) (i64.const -1))) (br $next)))
    (func (export "nested") (loop $next (call $host) (br $next)))
    (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))"#
);

/// All of these run for ever.
const ENDLESS: [&str; 6] = ["spin", "tight", "outer", "host", "fill", "wait"];

struct Guest {
    store: Store<()>,
    instance: Instance,
}

impl Guest {
    fn new(engine: &Engine, module: &Module) -> Self {
        let mut store = Store::new(engine, ());
        let shared = wasmetal::MemoryType::shared(1, 1);
        let shared = SharedMemory::new(engine, shared).expect("room");
        // As long as a few slices of a task.
        let host = Func::wrap(&mut store, |_: Caller<'_, ()>| {
            let begin = timer::now();
            while timer::duration(timer::now() - begin) < Duration::from_micros(300) {}
        });
        let imports = [shared.into(), host.into()];
        let instance = Instance::new(&mut store, module, &imports).expect("an instance");
        Self { store, instance }
    }

    fn handle(&mut self) -> InterruptHandle {
        self.store
            .interrupt_handle()
            .expect("the device has a timer")
    }

    /// Calls a function that only an interrupt ends, and sees that the store is as good as before.
    fn check_stopped(&mut self, name: &str) {
        let endless: TypedFunc<(), ()> = func(&mut self.store, self.instance, name);
        let result = endless.call(&mut self.store, ());
        let error = wasm::failed(result);
        let trace = error.downcast_ref::<WasmBacktrace>();
        let frames = trace.expect("a backtrace").frames().len();
        // None if it came before the call.
        let expected = [0, if name == "outer" { 2 } else { 1 }];
        assert!(expected.contains(&frames), "{name}: {error:?}");
        check_trap::<()>(Err(error), Trap::Interrupt);
        self.check_alive();
    }

    fn check_alive(&mut self) {
        self.store.set_deadline(None).expect("it takes one back");
        let add: TypedFunc<(i32, i32), i32> = func(&mut self.store, self.instance, "add");
        assert_eq!(add.call(&mut self.store, (40, 2)).expect("no trap"), 42);
    }
}

/// The handle that the timer's handler uses.
static HANDLE: Once<InterruptHandle> = Once::new();

fn handler(_: &mut Interrupted) {
    if let Some(handle) = HANDLE.get() {
        handle.interrupt();
    }
}

fn main() -> i32 {
    let engine = Engine::new(&config()).expect("the defaults fit");
    let module = Module::new(&engine, GUEST).expect("a valid module");
    by_handler(&engine, &module);
    let mut before = None;
    for _ in 0..2 {
        by_deadline(&engine, &module);
        by_itself(&engine, &module);
        by_a_task(&engine, &module);
        deadlines_of_tasks(&engine, &module);
        if cores::count() > 1 {
            by_a_core(&engine, &module);
        }
        let now = (heap::used(), platform().free_frames());
        assert_eq!(*before.get_or_insert(now), now, "lost");
    }
    0
}

fn by_deadline(engine: &Engine, module: &Module) {
    let mut guest = Guest::new(engine, module);
    for name in ENDLESS {
        for micros in [0, 1, 10, 1_000, 5_000] {
            let time = Duration::from_micros(micros);
            let begin = timer::now();
            guest.store.set_deadline(Some(time)).expect("a timer");
            let endless: TypedFunc<(), ()> = func(&mut guest.store, guest.instance, name);
            check_trap(endless.call(&mut guest.store, ()), Trap::Interrupt);
            let took = timer::duration(timer::now() - begin);
            assert!(took >= time, "{name}: {took:?} instead of {time:?}");
            guest.check_alive();
        }
        guest
            .store
            .set_deadline(Some(Duration::from_millis(1)))
            .expect("a timer");
        guest.check_stopped(name);
    }
    println!("stopped by deadlines");
}

/// The only test with this handle, which lives for ever.
fn by_handler(engine: &Engine, module: &Module) {
    let mut guest = Guest::new(engine, module);
    HANDLE.call_once(|| guest.handle());
    for name in ENDLESS {
        for ticks in [1, 100, 1_000, 10_000, 100_000] {
            timer::once(ticks, handler);
            let endless: TypedFunc<(), ()> = func(&mut guest.store, guest.instance, name);
            check_trap(endless.call(&mut guest.store, ()), Trap::Interrupt);
            guest.check_alive();
        }
        timer::once(100_000, handler);
        guest.check_stopped(name);
    }
    println!("stopped by an interrupt handler");
}

/// A host function interrupts its own store.
fn by_itself(engine: &Engine, module: &Module) {
    let mut store = Store::new(engine, ());
    let shared = SharedMemory::new(engine, wasmetal::MemoryType::shared(1, 1)).expect("room");
    let handle = store.interrupt_handle().expect("a timer");
    let host = Func::wrap(&mut store, move || handle.interrupt());
    let instance =
        Instance::new(&mut store, module, &[shared.into(), host.into()]).expect("an instance");
    Guest { store, instance }.check_stopped("host");
}

/// Another task of the same core.
fn by_a_task(engine: &Engine, module: &Module) {
    tasks::scope(Duration::from_micros(200), |scope| {
        let mut guests = ENDLESS.map(|_| Guest::new(engine, module));
        let handles = guests.each_mut().map(Guest::handle);
        let mut tasks = ENDLESS
            .into_iter()
            .zip(guests)
            .map(|(name, mut guest)| {
                let task = scope.spawn(64 << 10, move || guest.check_stopped(name));
                (name, task.expect("room"))
            })
            .collect::<alloc::vec::Vec<_>>()
            .into_iter();
        tasks::sleep(Duration::from_millis(5));
        for handle in handles {
            let (name, task) = tasks.next().expect("one for each");
            assert!(!task.is_finished(), "{name}");
            handle.interrupt();
            task.join();
        }
    });
    println!("stopped by another task");
}

/// Each task has a deadline of its own.
fn deadlines_of_tasks(engine: &Engine, module: &Module) {
    let over = &AtomicU32::new(0);
    tasks::scope(Duration::from_micros(200), |scope| {
        for (index, name) in ENDLESS.into_iter().enumerate() {
            let mut guest = Guest::new(engine, module);
            let task = move || {
                let time = Duration::from_millis(25 - 4 * index as u64);
                let begin = timer::now();
                guest.store.set_deadline(Some(time)).expect("a timer");
                guest.check_stopped(name);
                assert!(timer::duration(timer::now() - begin) >= time, "{name}");
                over.fetch_add(1, Relaxed);
            };
            let _ = scope.spawn(64 << 10, task).expect("room");
        }
    });
    assert_eq!(over.load(Relaxed), ENDLESS.len() as u32);
    println!("stopped by deadlines of tasks");
}

fn by_a_core(engine: &Engine, module: &Module) {
    for name in ENDLESS {
        let mut guest = Guest::new(engine, module);
        let handle = guest.handle();
        let interrupt = move || {
            tasks::sleep(Duration::from_millis(3));
            handle.interrupt();
        };
        cores::join(1, interrupt, || guest.check_stopped(name)).expect("the core starts");
        // And one that runs there.
        let handle = guest.handle();
        let interrupt = || {
            tasks::sleep(Duration::from_millis(3));
            handle.interrupt();
        };
        cores::join(1, move || guest.check_stopped(name), interrupt).expect("the core starts");
    }
    println!("stopped by another core");
}
