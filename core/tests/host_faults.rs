//! Faults that are not a guest's, in host functions that guests call: the process ends by them, as it would without Wasm
//! code. And guests' faults on threads that Rust has not made. Every case runs in a process of its own, whose end is judged.

use std::ffi::c_void;
use std::hint::black_box;
use std::ptr;

use libc::{SIGABRT, SIGILL, SIGSEGV};
use wasmetal::{Caller, Config, Engine, ExternRef, Func, Instance, Module, Store, Trap};

/// How a process ends.
#[derive(Debug, PartialEq)]
enum End {
    Exit(i32),
    Signal(i32),
}
use End::{Exit, Signal};

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
];

fn main() {
    let mut failed = 0;
    for (name, case, expected) in CASES {
        let end = end_of(*case);
        let verdict = if end == *expected { "ok" } else { "FAILED" };
        println!("host faults: {name} ... {verdict} ({end:?})");
        failed += u32::from(end != *expected);
    }
    assert!(failed == 0, "{failed} cases failed");
}

/// Runs `case` in a child.
fn end_of(case: fn()) -> End {
    let mut status = 0;
    // SAFETY: the process has one thread, so the child may do anything.
    unsafe {
        let child = libc::fork();
        assert!(child >= 0);
        if child == 0 {
            // Ended where it hangs, and dead without a core.
            libc::alarm(60);
            let no_core = libc::rlimit {
                rlim_cur: 0,
                rlim_max: 0,
            };
            libc::setrlimit(libc::RLIMIT_CORE, &no_core);
            case();
            libc::_exit(0);
        }
        assert_eq!(libc::waitpid(child, &mut status, 0), child);
    }
    match libc::WIFSIGNALED(status) {
        true => Signal(libc::WTERMSIG(status)),
        false => Exit(libc::WEXITSTATUS(status)),
    }
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
