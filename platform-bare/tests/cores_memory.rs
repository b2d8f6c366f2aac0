//! What one core does to memory holds for the other at once: code that is new, replaced or gone, pages
//! that come, go or change. No core may write what it executes.
#![no_std]
#![no_main]

mod common;

use common::catch;
use core::arch::asm;
use core::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use wasmetal_platform::{Fault, FaultKind, Platform, Protection};
use wasmetal_platform_bare::{cores, entry, platform, println, timer};

entry!(main);

const PAGE: usize = 4096;

fn main() -> i32 {
    // The stacks of the second core stay.
    cores::start(1, || {}).expect("it starts").join();
    let frames = platform().free_frames();
    let tests: [(&str, fn()); 7] = [
        ("code of the other core", code_of_the_other),
        ("code that goes", code_that_goes),
        ("code replaced under way", code_under_way),
        ("pages that change", pages_that_change),
        ("pages by the hundred", many_pages),
        ("pages committed under way", commit_under_way),
        ("no write and execute", no_write_and_execute),
    ];
    for (name, test) in tests {
        println!("{name}");
        test();
        assert_eq!(
            platform().free_frames(),
            frames,
            "frames are given back: {name}"
        );
    }
    0
}

/// How long each part goes on, in seconds: on a host that is busy a round takes long, because a core
/// that waits does so by spinning in QEMU.
const BUDGET: u64 = 2;

/// The number of rounds after which all is as before.
const CYCLE: u32 = 6;

/// The rounds of a part: `most`, or as many cycles as begin while there is time.
fn rounds(most: u32) -> impl Iterator<Item = u32> {
    let end = timer::now() + BUDGET * timer::frequency();
    (0..most).take_while(move |round| round % CYCLE != 0 || *round == 0 || timer::now() < end)
}

/// Calls `first(round)` on one core, then `second(round)` on the other, round after round. Who is who
/// changes with `swap`.
fn in_turns(most: u32, swap: bool, first: impl Fn(u32) + Sync, second: impl Fn(u32) + Sync) {
    const END: u32 = u32::MAX;
    // Even: `first` has this round divided by two to do; odd: `second` has.
    let step = AtomicU32::new(0);
    let wait_for = |next: u32| {
        loop {
            match step.load(Ordering::Acquire) {
                END => return false,
                now if now == next => return true,
                now => platform().park(&step, now, None),
            }
        }
    };
    let post = |next: u32| {
        step.store(next, Ordering::Release);
        platform().unpark(&step);
    };
    let play_first = || {
        for round in rounds(most) {
            first(round);
            post(2 * round + 1);
            assert!(wait_for(2 * round + 2));
        }
        post(END);
    };
    let play_second = || {
        for round in 0..most {
            if !wait_for(2 * round + 1) {
                break;
            }
            second(round);
            post(2 * round + 2);
        }
    };
    match swap {
        false => cores::join(1, play_second, play_first),
        true => cores::join(1, play_first, play_second),
    }
    .expect("the core is off");
}

/// Runs `changes` on one core, and `looks` on the other all the while. Then the other way round.
fn meanwhile(changes: impl Fn() + Sync, looks: impl Fn() + Sync) {
    for swap in [false, true] {
        let done = AtomicBool::new(false);
        let change = || {
            changes();
            done.store(true, Ordering::Release);
        };
        let look = || {
            while !done.load(Ordering::Acquire) {
                looks();
            }
        };
        match swap {
            false => cores::join(1, look, change),
            true => cores::join(1, change, look),
        }
        .expect("the core is off");
    }
}

fn reserve(size: usize) -> usize {
    platform().reserve(size, PAGE).expect("address space") as usize
}

fn commit(base: usize, size: usize) {
    // SAFETY: callers pass reserved pages.
    unsafe { platform().commit(base as *mut u8, size) }.expect("memory");
}

fn decommit(base: usize, size: usize) {
    // SAFETY: callers pass part of a reservation, to which no reference exists; the other core only loads.
    unsafe { platform().decommit(base as *mut u8, size) };
}

fn release(base: usize, size: usize) {
    // SAFETY: callers are done with the reservation, on both cores.
    unsafe { platform().release(base as *mut u8, size) };
}

fn protect(base: usize, protection: Protection) {
    // SAFETY: callers pass a committed page to which no reference exists.
    unsafe { platform().protect(base as *mut u8, PAGE, protection) }.expect("no tables to split");
}

/// `bti c; mov w0, #value; ret`
fn code(value: u32) -> [u32; 3] {
    [0xd503_245f, 0x5280_0000 | value << 5, 0xd65f_03c0]
}

/// Makes a committed page hold `code(value)`, and executable.
fn install(page: usize, value: u32) {
    protect(page, Protection::ReadWrite);
    // SAFETY: the page is writable, and no reference to it exists.
    unsafe {
        (page as *mut [u32; 3]).write(code(value));
        platform().publish(page as *const u8, 12);
    }
    protect(page, Protection::ReadExecute);
}

fn run(address: usize) -> Result<u32, Fault> {
    catch(move || {
        // SAFETY: what runs there, if anything, is `code`.
        let function: extern "C" fn() -> u32 = unsafe { core::mem::transmute(address) };
        function()
    })
}

fn load(address: usize) -> Result<u8, Fault> {
    // SAFETY: a fault is caught; nothing is stored.
    catch(move || unsafe { (address as *const u8).read_volatile() })
}

fn store(address: usize, value: u8) -> Result<(), Fault> {
    // SAFETY: callers pass addresses that fault, or pages to which no reference exists.
    catch(move || unsafe { (address as *mut u8).write_volatile(value) })
}

/// Whether an access ended in a memory fault at `address`.
fn faulted<R>(outcome: Result<R, Fault>, address: usize) -> bool {
    let expected = FaultKind::Memory {
        address: Some(address),
    };
    outcome.err().is_some_and(|fault| fault.kind == expected)
}

fn code_of_the_other() {
    let page = reserve(PAGE);
    commit(page, PAGE);
    for swap in [false, true] {
        in_turns(
            2000,
            swap,
            |round| install(page, round),
            |round| assert_eq!(run(page), Ok(round)),
        );
    }
    // Each replaces what the other has just run, and has itself run before.
    in_turns(
        2000,
        false,
        |round| {
            assert!(round == 0 || run(page) == Ok(2 * round - 1));
            install(page, 2 * round);
        },
        |round| {
            assert_eq!(run(page), Ok(2 * round));
            install(page, 2 * round + 1);
        },
    );
    release(page, PAGE);
}

fn code_that_goes() {
    let page = reserve(PAGE);
    for swap in [false, true] {
        // The same address, most often another frame: one is taken in between.
        in_turns(
            2000,
            swap,
            |round| match round % 2 {
                0 => {
                    commit(page, PAGE);
                    install(page, round);
                }
                _ => decommit(page, PAGE),
            },
            |round| match round % 2 {
                0 => assert_eq!(run(page), Ok(round)),
                _ => {
                    assert!(faulted(run(page), page), "code that is gone");
                    let other = reserve(PAGE);
                    commit(other, PAGE);
                    assert_eq!(load(other), Ok(0));
                    release(other, PAGE);
                }
            },
        );
    }
    release(page, PAGE);
}

fn code_under_way() {
    let page = reserve(PAGE);
    commit(page, PAGE);
    install(page, 0);
    let installed = AtomicU32::new(0);
    let ran = AtomicU32::new(0);
    meanwhile(
        || {
            for round in rounds(3000) {
                install(page, round);
                installed.store(round, Ordering::Release);
            }
            install(page, 0);
            installed.store(0, Ordering::Release);
        },
        || {
            let before = installed.load(Ordering::Acquire);
            let outcome = run(page);
            let after = installed.load(Ordering::Acquire);
            match outcome {
                // The next one may run before it is announced. (0 is the last as well as the first.)
                Ok(value) if after >= before && value != 0 => {
                    assert!((before..=after + 1).contains(&value), "stale code");
                    ran.fetch_add(1, Ordering::Relaxed);
                }
                Ok(_) => {}
                // While it is replaced, it is not executable.
                Err(_) => assert!(faulted(outcome, page)),
            }
        },
    );
    println!("  {} runs", ran.load(Ordering::Relaxed));
    release(page, PAGE);
}

fn pages_that_change() {
    let page = reserve(PAGE);
    let address = page + 40;
    for swap in [false, true] {
        in_turns(
            1200,
            swap,
            |round| match round % 6 {
                0 => commit(page, PAGE),
                1 => protect(page, Protection::Read),
                2 => protect(page, Protection::None),
                3 => protect(page, Protection::ReadWrite),
                4 => protect(page, Protection::Read),
                _ => decommit(page, PAGE),
            },
            |round| match round % 6 {
                0 | 3 => {
                    let stored = (round % 6 / 3) as u8;
                    assert_eq!(load(address), Ok(stored));
                    assert_eq!(store(address, stored + 1), Ok(()));
                }
                1 | 4 => {
                    let stored = (1 + round % 6 / 4) as u8;
                    assert_eq!(load(address), Ok(stored));
                    assert!(
                        faulted(store(address, 9), address),
                        "a store to a page to read"
                    );
                }
                _ => {
                    assert!(faulted(load(address), address), "a load from a closed page");
                    assert!(
                        faulted(store(address, 9), address),
                        "a store to a closed page"
                    );
                }
            },
        );
    }
    release(page, PAGE);
}

fn many_pages() {
    const COUNT: usize = 300;
    let base = reserve(COUNT * PAGE);
    let all = || (0..COUNT).map(|page| base + page * PAGE + page);
    for swap in [false, true] {
        in_turns(
            40,
            swap,
            |round| match round % 2 {
                0 => commit(base, COUNT * PAGE),
                _ => decommit(base, COUNT * PAGE),
            },
            |round| match round % 2 {
                0 => assert!(all().all(|address| load(address) == Ok(0))),
                _ => assert!(all().all(|address| faulted(load(address), address))),
            },
        );
    }
    release(base, COUNT * PAGE);
}

/// Loads a byte with all registers in use, and counts those that have changed.
fn load_and_compare(address: usize) -> (u64, u64) {
    let (value, differences): (u64, u64);
    // SAFETY: a fault is caught; nothing but the registers named is changed.
    unsafe {
        asm!(
            ".irp n,0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31",
            "add {t}, {address}, #\\n",
            "dup v\\n\\().2d, {t}",
            ".endr",
            ".irp n,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,30",
            "add x\\n, {address}, #\\n",
            ".endr",
            "mov {d}, #0",
            "cmp {address}, {address}",
            "ldrb {value:w}, [{address}]",
            "cset {d}, ne",
            "cinc {d}, {d}, lo",
            ".irp n,0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31",
            "add {t}, {address}, #\\n",
            "mov {u}, v\\n\\().d[1]",
            "cmp {t}, {u}",
            "cinc {d}, {d}, ne",
            ".endr",
            ".irp n,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,30",
            "add {t}, {address}, #\\n",
            "cmp {t}, x\\n",
            "cinc {d}, {d}, ne",
            ".endr",
            address = in(reg) address, value = out(reg) value, d = out(reg) differences,
            t = out(reg) _, u = out(reg) _,
            out("x1") _, out("x2") _, out("x3") _, out("x4") _, out("x5") _, out("x6") _,
            out("x7") _, out("x8") _, out("x9") _, out("x10") _, out("x11") _, out("x12") _,
            out("x13") _, out("x14") _, out("x15") _, out("x16") _, out("x17") _, out("x30") _,
            out("v0") _, out("v1") _, out("v2") _, out("v3") _, out("v4") _, out("v5") _,
            out("v6") _, out("v7") _, out("v8") _, out("v9") _, out("v10") _, out("v11") _,
            out("v12") _, out("v13") _, out("v14") _, out("v15") _, out("v16") _, out("v17") _,
            out("v18") _, out("v19") _, out("v20") _, out("v21") _, out("v22") _, out("v23") _,
            out("v24") _, out("v25") _, out("v26") _, out("v27") _, out("v28") _, out("v29") _,
            out("v30") _, out("v31") _,
        );
    }
    (value, differences)
}

/// A page comes while the other core loads from it: a fault that is over when it is looked at is none,
/// and the load is done again as if nothing had been.
fn commit_under_way() {
    let page = reserve(PAGE);
    // Odd while the page is there.
    let changes = AtomicU32::new(0);
    let (there, gone) = (AtomicU32::new(0), AtomicU32::new(0));
    let wait_for = |count: &AtomicU32, round: u32| {
        let begin = count.load(Ordering::Relaxed);
        while count.load(Ordering::Relaxed).wrapping_sub(begin) <= round % 3 {
            core::hint::spin_loop();
        }
        (0..round % 61).for_each(|_| core::hint::spin_loop());
    };
    meanwhile(
        || {
            for round in rounds(3000) {
                wait_for(&gone, round);
                commit(page, PAGE);
                changes.fetch_add(1, Ordering::AcqRel);
                wait_for(&there, round);
                changes.fetch_add(1, Ordering::AcqRel);
                decommit(page, PAGE);
            }
        },
        || {
            let before = changes.load(Ordering::Acquire);
            let outcome = catch(move || load_and_compare(page));
            let after = changes.load(Ordering::Acquire);
            match outcome {
                Ok(found) => {
                    assert_eq!(found, (0, 0), "a value, and registers that changed");
                    there.fetch_add(1, Ordering::Relaxed);
                }
                Err(_) => {
                    assert!(faulted(outcome, page));
                    assert!(
                        before != after || before.is_multiple_of(2),
                        "the page was there"
                    );
                    gone.fetch_add(1, Ordering::Relaxed);
                }
            }
        },
    );
    println!(
        "  loaded {}, faulted {}",
        there.into_inner(),
        gone.into_inner()
    );
    release(page, PAGE);
}

fn no_write_and_execute() {
    static CONSTANT: u32 = 0x5280_0000;
    static VARIABLE: AtomicU32 = AtomicU32::new(0);
    let check = || {
        let page = reserve(PAGE);
        commit(page, PAGE);
        install(page, 5);
        assert_eq!(run(page), Ok(5));
        assert!(faulted(store(page, 0), page), "a store to code");
        protect(page, Protection::ReadWrite);
        assert!(faulted(run(page), page), "execution of data");
        release(page, PAGE);
        let text = main as *const () as usize;
        assert!(load(text).is_ok());
        assert!(faulted(store(text, 0), text), "a store to the firmware");
        let constant = &raw const CONSTANT as usize;
        assert!(
            faulted(store(constant, 0), constant),
            "a store to a constant"
        );
        let local = code(3);
        for data in [
            &raw const local as usize,
            VARIABLE.as_ptr() as usize,
            constant,
        ] {
            assert!(faulted(run(data), data), "execution of the firmware's data");
        }
        assert!(faulted(load(8), 8), "null");
    };
    cores::join(1, check, check).expect("the core is off");
}
