//! Faults on threads of every origin, many at a time, and code that other threads replace.

use core::ffi::c_void;
use core::ptr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use wasmetal_platform::conformance::probe::{self, Probe};
use wasmetal_platform::{FaultKind, Platform, Protection};
use wasmetal_platform_linux::platform;

fn prepare() {
    // SAFETY: the probes' hook keeps the contract.
    unsafe { platform().set_trap_hook(probe::hook) }.unwrap();
    platform().thread_init().unwrap()().unwrap();
}

/// The thread's alternate stack, as its address and size; none is (0, 0).
fn alternate_stack() -> (usize, usize) {
    // SAFETY: all zero is a valid value of this plain data.
    let mut stack: libc::stack_t = unsafe { core::mem::zeroed() };
    // SAFETY: asks only, and writes to `stack`.
    assert_eq!(unsafe { libc::sigaltstack(ptr::null(), &mut stack) }, 0);
    match stack.ss_flags & libc::SS_DISABLE {
        0 => (stack.ss_sp.addr(), stack.ss_size),
        _ => (0, 0),
    }
}

/// Faults in several ways. The overflow of a stack is one that only a handler on another survives.
fn fault(rounds: usize) {
    let page = platform().capabilities().page_size;
    let stack = platform().reserve(2 * page, page).unwrap();
    let (guard, top) = (stack.addr(), stack.addr() + 2 * page);
    // SAFETY: the second page is reserved.
    unsafe { platform().commit(stack.wrapping_add(page), page) }.unwrap();
    for _ in 0..rounds {
        // SAFETY: the page is reserved, so the access faults.
        let caught = unsafe { Probe::store().attempt(guard + 7) }.unwrap_err();
        let address = Some(guard + 7);
        assert_eq!(caught.fault.kind, FaultKind::Memory { address });
        // SAFETY: there is no access.
        let caught = unsafe { Probe::illegal().attempt(0) }.unwrap_err();
        assert_eq!(caught.fault.kind, FaultKind::IllegalInstruction);
        assert_eq!(caught.fault.pc, Probe::illegal().pc());
        // SAFETY: it pushes to our page, and faults below it.
        let caught = unsafe { Probe::overflow().attempt(top) }.unwrap_err();
        assert_eq!(caught.fault.pc, Probe::overflow().pc());
    }
    // SAFETY: it is whole, and nothing refers into it.
    unsafe { platform().release(stack, 2 * page) };
}

#[test]
fn concurrent_faults() {
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                prepare();
                fault(2_000);
            });
        }
    });
}

#[test]
fn threads_come_and_go() {
    check_stacks_go(200, || {
        let stack = thread::spawn(|| {
            prepare();
            let (stack, size) = alternate_stack();
            assert!(size >= 64 << 10, "{size}");
            // Again changes nothing.
            prepare();
            assert_eq!(alternate_stack(), (stack, size));
            fault(1);
            stack
        });
        stack.join().unwrap()
    });
}

/// Runs threads, each of which tells where its alternate stack was, and checks that these do not
/// outlive them.
///
/// Another test may map memory at the very place in between, so one address proves nothing; a leak
/// leaves all of them mapped.
fn check_stacks_go(threads: usize, mut run: impl FnMut() -> usize) {
    let mapped = (0..threads).filter(|_| is_mapped(run())).count();
    assert!(
        mapped < threads / 2,
        "{mapped} alternate stacks outlive their threads"
    );
}

/// Whether there is memory at an address.
fn is_mapped(address: usize) -> bool {
    let mut resident = 0;
    // SAFETY: asks only; `mincore` writes one byte for one page.
    unsafe { libc::mincore(address as *mut c_void, 1, &mut resident) == 0 }
}

#[test]
fn a_thread_that_rust_did_not_start() {
    extern "C" fn body(_: *mut c_void) -> *mut c_void {
        assert_eq!(
            alternate_stack(),
            (0, 0),
            "pthreads have no alternate stack"
        );
        prepare();
        assert!(alternate_stack().1 >= 64 << 10);
        fault(100);
        ptr::without_provenance_mut(alternate_stack().0)
    }
    check_stacks_go(20, || {
        let mut thread = core::mem::MaybeUninit::uninit();
        let (mut stack, nothing) = (ptr::null_mut(), ptr::null_mut());
        // SAFETY: starts a thread with no data, and joins it.
        unsafe {
            let started = libc::pthread_create(thread.as_mut_ptr(), ptr::null(), body, nothing);
            assert_eq!(started, 0);
            assert_eq!(libc::pthread_join(thread.assume_init(), &mut stack), 0);
        }
        stack.addr()
    });
}

#[test]
fn a_large_stack_that_is_there_stays() {
    thread::spawn(|| {
        const SIZE: usize = 1 << 20;
        let memory = vec![0_u8; SIZE].leak();
        let stack = libc::stack_t {
            ss_sp: memory.as_mut_ptr().cast(),
            ss_flags: 0,
            ss_size: SIZE,
        };
        // SAFETY: the memory is leaked, for the kernel alone.
        assert_eq!(unsafe { libc::sigaltstack(&stack, ptr::null_mut()) }, 0);
        prepare();
        assert_eq!(alternate_stack(), (memory.as_ptr().addr(), SIZE));
        fault(10);
        // The thread's end takes the stack away, no matter whose it is.
    })
    .join()
    .unwrap();
}

/// One thread replaces code, another runs it as soon as it is told.
#[test]
fn code_replaced_by_another_thread() {
    prepare();
    let platform = platform();
    let page = platform.capabilities().page_size;
    let code = platform.reserve(page, page).unwrap();
    // SAFETY: the page is ours and reserved.
    unsafe { platform.commit(code, page) }.unwrap();
    let code = code.expose_provenance();
    let (published, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    const ROUNDS: usize = 500;
    thread::scope(|scope| {
        scope.spawn(|| {
            prepare();
            for round in 1..=ROUNDS {
                while published.load(Ordering::Acquire) < round {
                    std::hint::spin_loop();
                }
                // SAFETY: the function there returns a constant.
                let value = unsafe { probe::attempt(code, [0; 2]) };
                assert_eq!(value.ok(), Some(round));
                done.store(round, Ordering::Release);
            }
        });
        let memory = ptr::with_exposed_provenance_mut::<u8>(code);
        for round in 1..=ROUNDS {
            let bytes = returns(round as u16);
            // SAFETY: the page is ours, and the other thread waits until it may run it.
            unsafe {
                platform
                    .protect(memory, page, Protection::ReadWrite)
                    .unwrap();
                memory.copy_from(bytes.as_ptr(), bytes.len());
                platform.publish(memory, bytes.len());
                platform
                    .protect(memory, page, Protection::ReadExecute)
                    .unwrap();
            }
            published.store(round, Ordering::Release);
            while done.load(Ordering::Acquire) < round {
                std::hint::spin_loop();
            }
        }
    });
    // SAFETY: it is whole, and nobody runs it any more.
    unsafe { platform.release(ptr::with_exposed_provenance_mut(code), page) };
}

/// A function that returns `value`.
#[cfg(target_arch = "x86_64")]
fn returns(value: u16) -> Vec<u8> {
    let [low, high] = value.to_le_bytes();
    vec![0xb8, low, high, 0, 0, 0xc3]
}

/// A function that returns `value`.
#[cfg(target_arch = "aarch64")]
fn returns(value: u16) -> Vec<u8> {
    // bti c; mov w0, #value; ret
    [
        0xd503_245f,
        0x5280_0000 | u32::from(value) << 5,
        0xd65f_03c0_u32,
    ]
    .iter()
    .flat_map(|instruction| instruction.to_le_bytes())
    .collect()
}
