//! What a panic of confined code runs.

use super::check;
use crate::confine::panics::{ROOM, shield_hook, shielded};
use crate::confine::{Ended, Stop, run};
use std::backtrace::Backtrace;
use std::boxed::Box;
use std::cell::RefCell;
use std::format;
use std::panic::{catch_unwind, set_hook, take_hook};
use std::process::Command;
use std::string::{String, ToString};
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::sync::{Mutex, OnceLock};
use std::thread_local;
use std::time::Duration;
use std::vec::Vec;
use wasmetal_platform::Platform as _;

/// Text that panics of these tests begin with.
const OURS: &str = "of this test:";

/// A panic of confined code is an error with its message; the program's hook does not hear of it.
#[test]
fn hooks_of_before_do_not_run() {
    static HEARD: Mutex<Vec<String>> = Mutex::new(Vec::new());
    // What is done once has been done, by whichever test.
    shield_hook();
    let others = take_hook();
    set_hook(shielded(Box::new(move |panic| {
        match panic.payload_as_str().filter(|text| text.starts_with(OURS)) {
            Some(text) => HEARD.lock().expect("no panic inside").push(text.into()),
            None => others(panic),
        }
    })));
    for _ in 0..3 {
        check_panics(|| panic!("{OURS} confined"), "of this test: confined");
    }
    catch_unwind(|| panic!("{OURS} outside")).expect_err("it panics");
    assert_eq!(
        *HEARD.lock().expect("no panic inside"),
        ["of this test: outside"]
    );
}

fn check_panics(job: impl FnOnce(), expected: &str) {
    let ended = check(job);
    let Err(Ended::Panic(message)) = ended else {
        panic!("{ended:?}");
    };
    assert_eq!(message, expected);
}

/// What hooks have kept.
static KEPT: Mutex<Vec<String>> = Mutex::new(Vec::new());
/// Made by the first hook.
static ONCE: OnceLock<String> = OnceLock::new();

thread_local! {
    /// Made by the first hook of a thread, and dropped at its end.
    static OF_THREAD: RefCell<Vec<String>> = RefCell::new(std::vec![format!("{OURS} first")]);
}

/// Uses about `bytes` of stack.
#[inline(never)]
fn deep(bytes: usize) -> u8 {
    let frame = std::hint::black_box([1u8; 1024]);
    match bytes.checked_sub(frame.len()) {
        Some(rest) => deep(rest).max(frame[7]),
        None => frame[9],
    }
}

/// Panics where the room for panics begins, or would if it went on.
#[inline(never)]
fn panic_at(frames: usize) -> usize {
    let frame = std::hint::black_box([frames; 32]);
    let block = std::hint::black_box(Box::new(frame[7]));
    assert!(frames > 0, "at the end");
    panic_at(frames - 1) + frame[3] + *block
}

/// Takes what a hook may take.
fn greedy_hook(panic: &std::panic::PanicHookInfo<'_>) {
    deep(ROOM - (64 << 10));
    let text = format!("{panic}, at {}", Backtrace::force_capture());
    ONCE.get_or_init(|| text.repeat(3));
    OF_THREAD.with_borrow_mut(|kept| kept.push(text.clone()));
    KEPT.lock().expect("no panic inside").push(text);
}

/// In a process of its own: the hook is the process's, and the standard library keeps what it finds first.
fn in_a_child(case: &str, run: fn()) {
    const CASE: &str = "WASMETAL_PANIC_CASE";
    if std::env::var_os(CASE).is_some_and(|asked| asked == case) {
        return run();
    }
    for backtraces in ["0", "1", "full"] {
        let mut child = Command::new(std::env::current_exe().expect("this program"));
        child.args(["--exact", &format!("confine::tests::panics::{case}")]);
        for name in ["RUST_BACKTRACE", "RUST_LIB_BACKTRACE"] {
            child.env(name, backtraces);
        }
        let output = child.env(CASE, case).output().expect("a child");
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(
            output.status.success() && text.contains("1 passed"),
            "RUST_BACKTRACE={backtraces}: {:?}: {text}",
            output.status
        );
    }
}

/// Everything that hooks and the standard library keep works afterwards.
fn check_afterwards() {
    let trace = Backtrace::force_capture().to_string();
    assert!(trace.contains("check_afterwards"), "{trace}");
    catch_unwind(|| panic!("{OURS} outside")).expect_err("it panics");
    check(|| drop(std::vec![1u8; 1000])).expect("ends");
}

#[test]
#[cfg_attr(
    target_arch = "aarch64",
    ignore = "QEMU's emulation of programs starts no others"
)]
fn a_later_hook_is_not_confined() {
    in_a_child("a_later_hook_is_not_confined", || {
        check(|| ()).expect("ends");
        set_hook(Box::new(greedy_hook));
        for round in 0..3 {
            check_panics(|| panic!("{OURS} {round}"), &format!("{OURS} {round}"));
        }
        check_panics(|| panic!("literal"), "literal");
        // As deep as it gets, and deeper.
        let mut overflown = 0;
        for frames in (0..4000).step_by(50) {
            match check(|| {
                panic_at(frames);
            }) {
                Err(Ended::Panic(text)) => assert!(overflown == 0 && text == "at the end"),
                Err(Ended::Stack) => overflown += 1,
                ended => panic!("{ended:?}"),
            }
        }
        assert!((1..80).contains(&overflown), "{overflown}");
        let kept = KEPT.lock().expect("no panic inside").clone();
        assert_eq!(kept.len(), 3 + 1 + 80 - overflown);
        assert!(
            kept[0].contains(OURS) && kept[0].contains("deep") || kept[0].contains("greedy_hook")
        );
        assert_eq!(*ONCE.get().expect("made"), kept[0].repeat(3));
        assert_eq!(OF_THREAD.with_borrow(|all| all[1..].to_vec()), kept);
        check_afterwards();
    });
}

#[test]
#[cfg_attr(
    target_arch = "aarch64",
    ignore = "QEMU's emulation of programs starts no others"
)]
fn the_default_hook_is_not_confined() {
    in_a_child("the_default_hook_is_not_confined", || {
        check(|| ()).expect("ends");
        drop(take_hook());
        for _ in 0..3 {
            check_panics(|| panic!("{OURS} confined"), "of this test: confined");
            check_panics(|| assert!(panic_at(500) > 0), "at the end");
        }
        check_afterwards();
    });
}

#[test]
#[cfg_attr(
    target_arch = "aarch64",
    ignore = "QEMU's emulation of programs starts no others"
)]
fn a_hook_is_not_cut_off() {
    in_a_child("a_hook_is_not_cut_off", || {
        static BEGUN: AtomicU32 = AtomicU32::new(0);
        static FINISHED: AtomicU32 = AtomicU32::new(0);
        check(|| ()).expect("ends");
        set_hook(Box::new(|_| {
            BEGUN.fetch_add(1, SeqCst);
            let platform = wasmetal_platform_linux::platform();
            let end = platform.now() + Duration::from_millis(20);
            while platform.now() < end {}
            FINISHED.fetch_add(1, SeqCst);
        }));
        let platform = wasmetal_platform_linux::platform();
        // On a busy machine, the time may be over before the job panics: then no hook is called.
        while FINISHED.load(SeqCst) < 5 {
            let stop = Stop::new(platform, Some(Duration::from_millis(5)), None);
            // SAFETY: the job owns nothing.
            let ended = unsafe { run(platform, None, stop.as_ref(), || panic!("{OURS}"), |()| ()) };
            let (begun, finished) = (BEGUN.load(SeqCst), FINISHED.load(SeqCst));
            assert!(
                matches!(ended, Err(Ended::Panic(_) | Ended::Stopped)),
                "{ended:?}"
            );
            assert_eq!(begun, finished);
        }
    });
}

/// Where a destructor compiles while the thread panics already, what is allocated would seem to be the panic's.
#[test]
fn nobody_is_confined_while_the_thread_panics() {
    struct Compiles;
    impl Drop for Compiles {
        fn drop(&mut self) {
            assert!(!crate::confine::is_available());
            let platform = wasmetal_platform_linux::platform();
            // SAFETY: the job owns nothing.
            let ended = unsafe { run(platform, None, None, || (), |()| ()) };
            assert!(matches!(ended, Err(Ended::NotBegun(_))), "{ended:?}");
        }
    }
    check(|| ()).expect("ends");
    let message = catch_unwind(|| {
        let _compiles = Compiles;
        std::panic::resume_unwind(Box::new("on its way"));
    });
    let message = message.expect_err("it panics");
    assert_eq!(message.downcast_ref(), Some(&"on its way"));
}
