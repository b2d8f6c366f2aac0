//! Faults that are not a guest's, in host functions that guests call: the process ends by them, as it would without Wasm
//! code. And guests' faults on threads that Rust has not made. Every case runs in a process of its own, whose end is judged.

#[path = "../../platform-linux/tests/common/child.rs"]
mod child;

use std::ffi::c_void;
use std::hint::black_box;
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};

use child::End::{self, Exit, Signal};
use libc::{SIGABRT, SIGILL, SIGSEGV, SIGUSR1};
use wasmetal::{Caller, Config, Engine, ExternRef, Func, Instance, Module, Store, Trap, bail};

const CASES: &[(&str, fn(), End)] = &[
    ("a host function without a fault", || called(|| {}), Exit(0)),
    ("a store to null", || called(null), Signal(SIGSEGV)),
    ("a store to no memory", || called(wild), Signal(SIGSEGV)),
    ("an illegal instruction", || called(illegal), Signal(SIGILL)),
    (
        "an abort",
        || called(|| std::process::abort()),
        Signal(SIGABRT),
    ),
    (
        "an overflow of the host's stack",
        || called(overflow),
        Signal(SIGABRT),
    ),
    (
        "a store to null where a host value is dropped",
        dropped,
        Signal(SIGSEGV),
    ),
    ("threads of another library", threads, Exit(0)),
    (
        "signals without SA_ONSTACK between host and guest, near the end of its stack",
        signals_near_the_end,
        Exit(0),
    ),
];

fn main() {
    child::check_ends("host faults", CASES.iter().copied());
}

/// Faults of guests, each a function with its trap.
const GUEST: &str = r#"
    (module
        (import "" "host" (func $host))
        (memory 1)
        (table 1 externref)
        (func (export "call") (call $host))
        (func $deep (export "deep") (call $deep))
        (func (export "load") (drop (i32.load (i32.const -1))))
        (func (export "divide") (drop (i32.div_u (i32.const 1) (i32.const 0)))))"#;

const TRAPS: [(&str, Trap); 3] = [
    ("deep", Trap::StackOverflow),
    ("load", Trap::MemoryOutOfBounds),
    ("divide", Trap::IntegerDivisionByZero),
];

/// A store with a guest whose faults come back as errors, which calls `host`.
fn guest(host: impl Fn(Caller<'_, ()>) + Send + Sync + 'static) -> (Store<()>, Instance) {
    let config = Config::new(wasmetal_platform_linux::platform());
    let engine = Engine::new(&config).unwrap();
    let module = Module::new(&engine, GUEST).unwrap();
    let mut store = Store::new(&engine, ());
    let host = Func::wrap(&mut store, host);
    let instance = Instance::new(&mut store, &module, &[host.into()]).unwrap();
    check_traps(&mut store, instance);
    (store, instance)
}

fn check_traps(store: &mut Store<()>, instance: Instance) {
    for (name, trap) in TRAPS {
        let f = instance.get_typed_func::<(), ()>(&mut *store, name);
        let error = f.unwrap().call(&mut *store, ()).unwrap_err();
        assert_eq!(error.downcast_ref(), Some(&trap));
    }
}

/// Does `what` in a host function that a guest calls.
fn called(what: fn()) {
    let (mut store, instance) = guest(move |_| what());
    let call = instance.get_typed_func::<(), ()>(&mut store, "call");
    call.unwrap().call(&mut store, ()).unwrap();
    check_traps(&mut store, instance);
}

fn null() {
    // SAFETY: not at all: the process ends here.
    unsafe { black_box(ptr::null_mut::<u8>()).write_volatile(1) }
}

fn wild() {
    let nowhere = ptr::without_provenance_mut::<u8>(0x1234_5678_9000);
    // SAFETY: not at all: the process ends here.
    unsafe { black_box(nowhere).write_volatile(1) }
}

fn illegal() {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: the process ends here.
    unsafe {
        std::arch::asm!("ud2")
    }
    #[cfg(target_arch = "aarch64")]
    // SAFETY: the process ends here.
    unsafe {
        std::arch::asm!("udf #0")
    }
}

fn overflow() {
    fn deep(n: u64) -> u64 {
        let frame = black_box([n; 100]);
        if n == 0 {
            return 0;
        }
        deep(n - 1) + frame[(n % 100) as usize]
    }
    black_box(deep(u64::MAX));
}

/// The collector drops a value while a guest allocates.
fn dropped() {
    struct Faults;
    impl Drop for Faults {
        fn drop(&mut self) {
            null();
        }
    }
    let (mut store, instance) = guest(|mut caller| {
        ExternRef::new(&mut caller, Faults).unwrap();
        caller.gc(None).unwrap();
    });
    let call = instance.get_typed_func::<(), ()>(&mut store, "call");
    let call = call.unwrap();
    // What a call has made is garbage at the next one.
    for _ in 0..2 {
        call.call(&mut store, ()).unwrap();
    }
}

/// They have no stack for signals.
fn threads() {
    extern "C" fn run(_: *mut c_void) -> *mut c_void {
        let (mut store, instance) = guest(|_| {});
        for _ in 0..3 {
            check_traps(&mut store, instance);
        }
        ptr::null_mut()
    }
    for _ in 0..3 {
        // SAFETY: the attributes may be null, and the function needs no argument.
        unsafe {
            let mut thread = std::mem::zeroed();
            let made = libc::pthread_create(&mut thread, ptr::null(), run, ptr::null_mut());
            assert_eq!(made, 0);
            assert_eq!(libc::pthread_join(thread, ptr::null_mut()), 0);
        }
    }
}

/// A guest that calls the host and the runtime for ever, with hardly any stack left, and gets signals whose handler runs on
/// the stack that the thread is on. Wherever it is, its stack overflows, and nothing else happens.
fn signals_near_the_end() {
    extern "C" fn handler(_: i32) {}
    const GUEST: &str = r#"
        (module
            (import "" "host" (func $host))
            (memory 1)
            (table 1 funcref)
            (func $calls (loop
                (call $host)
                (drop (table.grow (ref.null func) (i32.const 0)))
                (call $host)
                (memory.fill (i32.const 0) (i32.const 0) (i32.const 1))
                (br 0)))
            (func $deep (export "deep") (param i32)
                (if (local.get 0)
                    (then (call $deep (i32.sub (local.get 0) (i32.const 1))))
                    (else (call $calls)))))"#;
    const ENOUGH: &str = "deep enough";
    /// How often the host may still be called; where it is more, signals are to be sent instead.
    static CALLS: AtomicU32 = AtomicU32::new(0);
    static SEND: AtomicBool = AtomicBool::new(false);

    let mut config = Config::new(wasmetal_platform_linux::platform());
    config.max_wasm_stack(64 << 10);
    let engine = Engine::new(&config).unwrap();
    let module = Module::new(&engine, GUEST).unwrap();
    let mut store = Store::new(&engine, ());
    let host = Func::wrap(&mut store, || {
        match CALLS.load(Relaxed) {
            u32::MAX => SEND.store(true, Relaxed),
            0 => bail!(ENOUGH),
            calls => CALLS.store(calls - 1, Relaxed),
        }
        Ok(())
    });
    let instance = Instance::new(&mut store, &module, &[host.into()]).unwrap();
    let deep = instance
        .get_typed_func::<i32, ()>(&mut store, "deep")
        .unwrap();
    let mut overflows = |levels, calls| {
        CALLS.store(calls, Relaxed);
        let error = deep.call(&mut store, levels).unwrap_err();
        let overflow = error.downcast_ref() == Some(&Trap::StackOverflow);
        assert!(
            overflow || error.root_cause().to_string() == ENOUGH,
            "{error:?}"
        );
        overflow
    };
    // As deep as it may go to call all that it calls.
    let deepest = (0..10_000).find(|levels| overflows(*levels, 4)).unwrap() - 1;

    // SAFETY: all zero is a valid `sigaction`; a number names this thread, since some C libraries name threads by pointers.
    let this = unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = handler as *const () as usize;
        assert_eq!(libc::sigaction(SIGUSR1, &action, ptr::null_mut()), 0);
        libc::pthread_self() as usize
    };
    std::thread::spawn(move || {
        for delay in (0..).step_by(37) {
            while !SEND.load(Relaxed) {
                std::hint::spin_loop();
            }
            for _ in 0..black_box(delay % 1000) {
                std::hint::spin_loop();
            }
            SEND.store(false, Relaxed);
            // SAFETY: that thread does not end before the process.
            unsafe { libc::pthread_kill(this as libc::pthread_t, SIGUSR1) };
        }
    });
    for _ in 0..500 {
        assert!(overflows(deepest, u32::MAX));
    }
}
