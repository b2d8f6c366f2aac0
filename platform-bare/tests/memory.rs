//! The platform's promises on memory, seen by the processor: what faults, what runs, what it costs.
#![no_std]
#![no_main]

mod common;

use common::catch;
use core::arch::asm;
use wasmetal_platform::{Fault, FaultKind, Platform, Protection};
use wasmetal_platform_bare::{entry, platform, println};

entry!(main);

const PAGE: usize = 4096;
const GIB: usize = 1 << 30;

/// `mov w0, #value; ret`
fn code(value: u16) -> [u32; 2] {
    [0x5280_0000 | u32::from(value) << 5, 0xd65f_03c0]
}

fn reserve(size: usize) -> *mut u8 {
    platform().reserve(size, PAGE).expect("address space")
}

fn committed(size: usize) -> *mut u8 {
    let base = reserve(size);
    // SAFETY: all of a new reservation.
    unsafe { platform().commit(base, size) }.expect("memory");
    base
}

fn release(base: *mut u8, size: usize) {
    // SAFETY: callers are done with the reservation.
    unsafe { platform().release(base, size) };
}

fn protect(base: *mut u8, protection: Protection) {
    // SAFETY: callers pass a committed page that nothing refers to.
    unsafe { platform().protect(base, PAGE, protection) }.expect("no tables to split");
}

/// Writes `code(value)` to a page that is writable, and makes it executable.
fn install(page: *mut u8, value: u16) {
    // SAFETY: callers pass a page that is committed and writable.
    unsafe {
        page.cast::<[u32; 2]>().write(code(value));
        platform().publish(page, 8);
    }
    protect(page, Protection::ReadExecute);
}

/// Calls code at an address with an indirect branch that needs no landing pad (`ret`-like `br x16`
/// is exempt in pages that are not guarded; guarded pages exempt x16 and x17 from BTI c).
fn run(address: usize) -> u32 {
    let result;
    // SAFETY: what runs there, if it runs, is `code`.
    unsafe {
        asm!("adr x30, 2f", "ret x16", "2:", in("x16") address, lateout("w0") result,
            out("x30") _, clobber_abi("C"));
    }
    result
}

fn load(address: usize) -> Result<u8, Fault> {
    // SAFETY: a fault is caught; nothing is stored.
    catch(move || unsafe { (address as *const u8).read_volatile() })
}

fn store(address: usize) -> Result<(), Fault> {
    // SAFETY: callers pass addresses that fault, or that are theirs.
    catch(move || unsafe { (address as *mut u8).write_volatile(1) })
}

/// Whether an access ended in a memory fault at `address`.
fn memory_fault<R>(outcome: Result<R, Fault>, address: usize) -> bool {
    outcome.err().is_some_and(|fault| {
        fault.kind
            == FaultKind::Memory {
                address: Some(address),
            }
    })
}

fn main() -> i32 {
    let start = platform().free_frames();
    let tests: [(&str, fn()); 11] = [
        ("states of a page", states),
        ("accesses that straddle a boundary", straddle),
        ("code", run_code),
        ("stale code", stale_code),
        ("instructions that fault", instructions),
        ("landing pads", landing_pads),
        ("the firmware's own memory", own_memory),
        ("zeroes", zeroes),
        ("large reservations", large),
        ("exhaustion", exhaustion),
        ("rounds", rounds),
    ];
    for (name, test) in tests {
        println!("{name}");
        test();
        assert_eq!(
            platform().free_frames(),
            start,
            "frames are given back: {name}"
        );
    }
    0
}

fn states() {
    let page = reserve(PAGE);
    let address = page as usize + 24;
    assert!(memory_fault(load(address), address), "reserved");
    // SAFETY: the page is reserved.
    unsafe { platform().commit(page, PAGE) }.expect("memory");
    assert_eq!(load(address), Ok(0));
    assert_eq!(store(address), Ok(()));
    protect(page, Protection::Read);
    assert_eq!(load(address), Ok(1));
    assert!(memory_fault(store(address), address), "read-only");
    protect(page, Protection::None);
    assert!(memory_fault(load(address), address), "no access");
    protect(page, Protection::ReadExecute);
    assert!(memory_fault(store(address), address), "executable");
    protect(page, Protection::ReadWrite);
    assert_eq!(load(address), Ok(1), "contents are kept");
    // SAFETY: nothing refers to the contents.
    unsafe { platform().decommit(page, PAGE) };
    assert!(memory_fault(load(address), address), "decommitted");
    release(page, PAGE);
    assert!(memory_fault(load(address), address), "released");
}

fn straddle() {
    let base = reserve(3 * PAGE);
    // SAFETY: the page in the middle is reserved.
    unsafe { platform().commit(base.add(PAGE), PAGE) }.expect("memory");
    let (first, last) = (base as usize + PAGE, base as usize + 2 * PAGE);
    // SAFETY: faults are caught.
    let wide = |address: usize| catch(move || unsafe { (address as *const u64).read_unaligned() });
    assert!(wide(first).is_ok() && wide(last - 8).is_ok());
    assert!(memory_fault(wide(last - 4), last));
    assert!(memory_fault(wide(first - 4), first - 4));
    assert!(memory_fault(load(first - 1), first - 1));
    assert!(memory_fault(load(last), last));
    release(base, 3 * PAGE);
}

fn run_code() {
    let page = committed(PAGE);
    let address = page as usize;
    // SAFETY: the page is writable.
    unsafe { page.cast::<[u32; 2]>().write(code(1)) };
    for protection in [Protection::ReadWrite, Protection::Read, Protection::None] {
        protect(page, protection);
        let outcome = catch(move || run(address));
        assert!(outcome.as_ref().is_err_and(|fault| fault.pc == address));
        assert!(memory_fault(outcome, address), "execution of data");
    }
    protect(page, Protection::ReadWrite);
    install(page, 77);
    assert_eq!(catch(move || run(address)), Ok(77));
    assert!(memory_fault(store(address), address), "store to code");
    assert_eq!(catch(move || run(address)), Ok(77));
    release(page, PAGE);
}

fn stale_code() {
    let page = committed(PAGE);
    for value in 0..1000 {
        protect(page, Protection::ReadWrite);
        install(page, value);
        assert_eq!(run(page as usize), u32::from(value));
    }
    release(page, PAGE);
    // The same addresses, other frames.
    for value in 0..1000 {
        let page = committed(2 * PAGE);
        let page = page.wrapping_add(PAGE * usize::from(value % 2));
        install(page, value);
        assert_eq!(run(page as usize), u32::from(value));
        release(page.wrapping_sub(PAGE * usize::from(value % 2)), 2 * PAGE);
    }
}

fn instructions() {
    let udf = catch(|| {
        let pc: usize;
        // SAFETY: the fault is caught.
        unsafe { asm!("adr {0}, 2f", "2:", "udf #1", out(reg) pc) };
        pc
    });
    let fault = udf.expect_err("udf faults");
    assert_eq!(fault.kind, FaultKind::IllegalInstruction);
    // SAFETY: pc is in this firmware's code.
    let faulted = unsafe { (fault.pc as *const u32).read() };
    assert_eq!(faulted, 1, "pc is at the udf");
    let stack = &raw const fault as usize;
    assert!(fault.sp.abs_diff(stack) < 4096 && fault.fp.abs_diff(stack) < 4096);
}

fn landing_pads() {
    if !platform().capabilities().branch_protection {
        return;
    }
    let page = committed(PAGE);
    // bti c; mov w0, #5; ret; mov w0, #6; ret
    let bytes = [0xd503_245f, code(5)[0], code(5)[1], code(6)[0], code(6)[1]];
    // SAFETY: the page is writable.
    unsafe {
        page.cast::<[u32; 5]>().write(bytes);
        platform().publish(page, 20);
    }
    protect(page, Protection::ReadExecute);
    let call = |address: usize| {
        catch(move || {
            // SAFETY: `bytes` above is code for this type.
            let function: extern "C" fn() -> u32 = unsafe { core::mem::transmute(address) };
            function()
        })
    };
    assert_eq!(call(page as usize), Ok(5));
    let fault = call(page as usize + 12).expect_err("no landing pad");
    assert_eq!(
        (fault.kind, fault.pc),
        (FaultKind::IllegalInstruction, page as usize + 12)
    );
    assert_eq!(call(page as usize), Ok(5));
    release(page, PAGE);
}

unsafe extern "C" {
    static __thread_stack_start: u8;
    static __exception_stack_start: u8;
    static __emergency_stack_start: u8;
}

fn own_memory() {
    static CONSTANT: u64 = 0x5280_0000;
    static mut VARIABLE: [u32; 2] = [0; 2];
    let text = main as *const () as usize;
    assert!(load(text).is_ok());
    assert!(
        memory_fault(store(text), text),
        "store to the firmware's code"
    );
    let constant = &raw const CONSTANT as usize;
    assert!(
        memory_fault(store(constant), constant),
        "store to a constant"
    );
    let on_stack = code(3);
    for data in [
        &raw mut VARIABLE as usize,
        &raw const on_stack as usize,
        constant,
    ] {
        assert!(
            memory_fault(catch(move || run(data)), data),
            "execution of the firmware's data"
        );
    }
    assert!(memory_fault(load(8), 8), "null");
    let stacks = [
        &raw const __thread_stack_start,
        &raw const __exception_stack_start,
        &raw const __emergency_stack_start,
    ];
    for stack in stacks.map(|start| start as usize) {
        assert!(load(stack).is_ok());
        assert!(memory_fault(load(stack - 1), stack - 1), "a stack's guard");
    }
}

fn zeroes() {
    const SIZE: usize = 40 * PAGE;
    let base = reserve(SIZE);
    for round in 0..3 {
        // SAFETY: the reservation is all reserved at the start of a round, committed in between.
        unsafe {
            platform().commit(base, SIZE).expect("memory");
            let bytes = core::slice::from_raw_parts_mut(base, SIZE);
            assert!(bytes.iter().all(|byte| *byte == 0), "round {round}");
            bytes.fill(0xa5);
            platform().decommit(base, SIZE);
            // What is reserved already stays so.
            platform().decommit(base, SIZE);
        }
    }
    release(base, SIZE);
}

fn large() {
    let start = platform().free_frames();
    let mut bases = [core::ptr::null_mut(); 50];
    for base in &mut bases {
        *base = platform()
            .reserve(4 * GIB + (2 << 20), 2 << 20)
            .expect("address space");
        assert_eq!(*base as usize % (2 << 20), 0);
        assert_eq!(
            platform().free_frames(),
            start,
            "a reservation costs no frame"
        );
    }
    for base in bases {
        let before = platform().free_frames();
        // SAFETY: pages of the reservation, none of them committed: at its start and near its end.
        unsafe {
            platform().commit(base, 16 * PAGE).expect("memory");
            platform().commit(base.add(4 * GIB), PAGE).expect("memory");
        }
        // At most a table of each of levels 1, 2 and 3 at both places.
        assert!(before - platform().free_frames() <= 17 + 6, "page tables");
        for offset in [
            16 * PAGE,
            GIB,
            2 * GIB,
            4 * GIB - 1,
            4 * GIB + PAGE,
            4 * GIB + (2 << 20) - 1,
        ] {
            let address = base as usize + offset;
            assert!(memory_fault(load(address), address) && memory_fault(store(address), address));
        }
    }
    for base in bases {
        release(base, 4 * GIB + (2 << 20));
    }
}

fn exhaustion() {
    let start = platform().free_frames();
    assert!(platform().reserve(usize::MAX & !(PAGE - 1), PAGE).is_err());
    let (size, half) = (64 * GIB, (start / 2) * PAGE);
    let base = reserve(size);
    // SAFETY: the whole reservation is reserved.
    assert!(unsafe { platform().commit(base, size) }.is_err());
    assert_eq!(platform().free_frames(), start, "nothing has changed");
    assert!(load(base as usize).is_err());
    // SAFETY: two ranges of the reservation that do not overlap.
    unsafe {
        platform().commit(base, half).expect("half of what is free");
        assert!(
            platform().commit(base.add(half), half).is_err(),
            "tables take a few"
        );
        platform()
            .commit(base.add(half), half / 2)
            .expect("half of the rest");
    }
    release(base, size);
}

fn rounds() {
    let start = platform().free_frames();
    let mut bases = [core::ptr::null_mut(); 7];
    for round in 0..200 {
        for (index, base) in bases.iter_mut().enumerate() {
            *base = platform().reserve(6 * GIB, 2 << 20).expect("address space");
            // SAFETY: the start of a new reservation.
            unsafe { platform().commit(*base, (index + 1) * 3 * PAGE) }.expect("memory");
        }
        for index in 0..7 {
            release(bases[(index * 3 + round) % 7], 6 * GIB);
        }
        assert_eq!(platform().free_frames(), start, "round {round}");
    }
}
