//! Checks that a forbidden access does not complete, and reaches the hook as it was.

use super::pages::Pages;
use super::probe::{self, Caught, Probe};
use super::{Miss, arch, ensure, execution};
use crate::{Fault, FaultKind, Operation, Platform, Protection, Resume};

/// Makes the probes' hook the platform's.
pub(super) fn install(platform: &dyn Platform) -> Result<(), &'static str> {
    // SAFETY: the hook keeps the contract: it neither allocates, locks nor panics.
    unsafe { platform.set_trap_hook(probe::hook) }.map_err(|_| "set_trap_hook failed")
}

/// Checks that an access faulted at `pc`, on memory in the `width` bytes at `address`.
fn memory_fault(
    result: Result<usize, Caught>,
    pc: usize,
    address: usize,
    width: usize,
) -> Result<(), Miss> {
    let Err(Caught { fault, .. }) = result else {
        return Err(Miss::Fail("a forbidden access went through"));
    };
    ensure!(fault.pc == pc, "the fault's pc is wrong");
    match fault.kind {
        FaultKind::Memory { address: None } => Ok(()),
        FaultKind::Memory { address: Some(at) } => {
            ensure!(
                (address..address + width).contains(&at),
                "the fault's address is wrong"
            );
            Ok(())
        }
        _ => Err(Miss::Fail("the fault is of another kind")),
    }
}

/// Checks that a byte access to each of `offsets` (in bytes) faults.
fn forbidden(
    pages: &Pages<'_>,
    probe: Probe,
    offsets: impl IntoIterator<Item = usize>,
) -> Result<(), Miss> {
    for offset in offsets {
        let address = pages.at(0).addr() + offset;
        // SAFETY: the memory is the check's own.
        let result = unsafe { probe.attempt(address) };
        memory_fault(result, probe.pc(), address, 1)?;
    }
    Ok(())
}

/// Checks that calling the start of a page faults.
fn not_executable(pages: &Pages<'_>, page: usize) -> Result<(), Miss> {
    let address = pages.at(page).addr();
    // SAFETY: if it runs at all, it is the constant function that the check wrote there.
    let result = unsafe { probe::attempt(address, [0; 2]) };
    memory_fault(result, address, address, 4)
}

/// The first, a middle and the last byte of a page, by offset.
fn places(pages: &Pages<'_>, page: usize) -> [usize; 3] {
    let size = pages.page_size();
    [0, size / 2 + 3, size - 1].map(|offset| page * size + offset)
}

pub(super) fn hook(platform: &dyn Platform) -> Result<(), Miss> {
    fn other(_: &Fault) -> Option<Resume> {
        None
    }
    install(platform)?;
    install(platform)?;
    // SAFETY: a hook that takes nothing keeps the contract.
    match unsafe { platform.set_trap_hook(other) } {
        Ok(()) => return Err(Miss::Fail("a second hook was installed")),
        Err(error) => ensure!(
            error.operation == Operation::SetTrapHook,
            "the error names another operation"
        ),
    }
    install(platform)?;
    Ok(())
}

pub(super) fn illegal(platform: &dyn Platform) -> Result<(), Miss> {
    install(platform)?;
    let probe = Probe::illegal();
    // SAFETY: there is no access.
    let Err(Caught { fault, .. }) = (unsafe { probe.attempt(0) }) else {
        return Err(Miss::Fail("an illegal instruction went through"));
    };
    ensure!(fault.pc == probe.pc(), "the fault's pc is wrong");
    ensure!(
        fault.kind == FaultKind::IllegalInstruction,
        "the fault is of another kind"
    );
    Ok(())
}

pub(super) fn arithmetic(platform: &dyn Platform) -> Result<(), Miss> {
    install(platform)?;
    let probe = Probe::divide().ok_or(Miss::Skip("division does not fault here"))?;
    // SAFETY: there is no access.
    let Err(Caught { fault, .. }) = (unsafe { probe.attempt(0) }) else {
        return Err(Miss::Fail("a division by zero went through"));
    };
    ensure!(fault.pc == probe.pc(), "the fault's pc is wrong");
    ensure!(
        fault.kind == FaultKind::Arithmetic,
        "the fault is of another kind"
    );
    Ok(())
}

pub(super) fn resume(platform: &dyn Platform) -> Result<(), Miss> {
    install(platform)?;
    // SAFETY: there is no access.
    let Err(Caught { fault, found, .. }) = (unsafe { Probe::illegal().attempt(0) }) else {
        return Err(Miss::Fail("an illegal instruction went through"));
    };
    let answered = probe::answer(&fault);
    ensure!(
        fault.sp == fault.fp - arch::DEPTH,
        "the fault's sp is wrong"
    );
    ensure!(found.sp == answered.sp, "the resumption's sp is wrong");
    ensure!(found.fp == answered.fp, "the resumption's fp is wrong");
    ensure!(
        found.args == answered.args,
        "the resumption's arguments are wrong"
    );
    Ok(())
}

pub(super) fn pinned(platform: &dyn Platform) -> Result<(), Miss> {
    install(platform)?;
    let code = arch::pin as *const () as usize;
    // The second has the bits that the first has not.
    for value in [0x0123_4567_89ab_cdef, !0x0123_4567_89ab_cdef] {
        // SAFETY: the function has no frame, and the attempt restores the register that it sets.
        let Err(caught) = (unsafe { probe::attempt(code, [value, 0]) }) else {
            return Err(Miss::Fail("an illegal instruction went through"));
        };
        ensure!(
            caught.fault.pinned == value,
            "the fault's pinned register is wrong"
        );
    }
    Ok(())
}

pub(super) fn rounding(platform: &dyn Platform) -> Result<(), Miss> {
    install(platform)?;
    let code = arch::set_rounding as *const () as usize;
    // SAFETY: the attempt restores the mode that it found.
    let result = unsafe { probe::attempt(code, [arch::ROUND_TO_ZERO, 0]) };
    let Err(caught) = result else {
        return Err(Miss::Fail("an illegal instruction went through"));
    };
    ensure!(
        caught.control == arch::ROUND_TO_ZERO,
        "the rounding mode changed"
    );
    Ok(())
}

pub(super) fn repeated(platform: &dyn Platform) -> Result<(), Miss> {
    for _ in 0..10_000 {
        illegal(platform)?;
    }
    Ok(())
}

pub(super) fn load_reserved(platform: &dyn Platform) -> Result<(), Miss> {
    install(platform)?;
    let pages = Pages::reserve(platform, 3)?;
    pages.commit(1, 1)?;
    for page in [0, 2] {
        forbidden(&pages, Probe::load(), places(&pages, page))?;
    }
    Ok(())
}

pub(super) fn store_reserved(platform: &dyn Platform) -> Result<(), Miss> {
    install(platform)?;
    let pages = Pages::reserve(platform, 3)?;
    pages.commit(1, 1)?;
    for page in [0, 2] {
        forbidden(&pages, Probe::store(), places(&pages, page))?;
    }
    pages.commit(2, 1)?;
    ensure!(pages.all(1, 2, 0), "a forbidden store was done");
    Ok(())
}

/// As far as a 32-bit index with a 32-bit offset reaches.
pub(super) fn far(platform: &dyn Platform) -> Result<(), Miss> {
    const SIZE: usize = (8 << 30) + (64 << 10);
    install(platform)?;
    let pages = Pages::reserve(platform, SIZE / platform.capabilities().page_size)?;
    pages.commit(0, 1)?;
    let offsets = [pages.page_size(), 2 << 30, (4 << 30) - 1, 4 << 30, SIZE - 1];
    forbidden(&pages, Probe::load(), offsets)?;
    forbidden(&pages, Probe::store(), offsets)
}

pub(super) fn straddle(platform: &dyn Platform) -> Result<(), Miss> {
    install(platform)?;
    let pages = Pages::reserve(platform, 2)?;
    pages.commit(0, 1)?;
    for beyond in 1..8 {
        let address = pages.at(1).addr() - 8 + beyond;
        let probe = Probe::load_wide();
        // SAFETY: the memory is the check's own.
        memory_fault(unsafe { probe.attempt(address) }, probe.pc(), address, 8)?;
    }
    // SAFETY: the memory is the check's own.
    let within = unsafe { Probe::load_wide().attempt(pages.at(1).addr() - 8) };
    ensure!(matches!(within, Ok(0)), "an access up to the guard faults");
    Ok(())
}

pub(super) fn none(platform: &dyn Platform) -> Result<(), Miss> {
    install(platform)?;
    let pages = Pages::commit_new(platform, 1)?;
    execution::emit(&pages, 0, &arch::code(1));
    pages.protect(0, 1, Protection::None)?;
    forbidden(&pages, Probe::load(), places(&pages, 0))?;
    forbidden(&pages, Probe::store(), places(&pages, 0))?;
    not_executable(&pages, 0)
}

pub(super) fn read_only(platform: &dyn Platform) -> Result<(), Miss> {
    install(platform)?;
    let pages = Pages::commit_new(platform, 3)?;
    pages.fill(0, 3, 3);
    pages.protect(1, 1, Protection::Read)?;
    forbidden(&pages, Probe::store(), places(&pages, 1))?;
    ensure!(pages.all(1, 1, 3), "a forbidden store was done");
    pages.fill(0, 1, 4);
    pages.fill(2, 1, 4);
    Ok(())
}

pub(super) fn store_code(platform: &dyn Platform) -> Result<(), Miss> {
    install(platform)?;
    let pages = Pages::commit_new(platform, 1)?;
    execution::emit(&pages, 0, &arch::code(7));
    pages.protect(0, 1, Protection::ReadExecute)?;
    forbidden(&pages, Probe::store(), places(&pages, 0))?;
    ensure!(
        execution::call(&pages, 0) == Ok(7),
        "a forbidden store was done"
    );
    Ok(())
}

pub(super) fn execute_data(platform: &dyn Platform) -> Result<(), Miss> {
    install(platform)?;
    let pages = Pages::commit_new(platform, 1)?;
    execution::emit(&pages, 0, &arch::code(7));
    not_executable(&pages, 0)?;
    // It was executable, and is not any more.
    pages.protect(0, 1, Protection::ReadExecute)?;
    ensure!(execution::call(&pages, 0) == Ok(7), "published code faults");
    pages.protect(0, 1, Protection::ReadWrite)?;
    not_executable(&pages, 0)
}

pub(super) fn execute_read_only(platform: &dyn Platform) -> Result<(), Miss> {
    install(platform)?;
    let pages = Pages::commit_new(platform, 1)?;
    execution::emit(&pages, 0, &arch::code(7));
    pages.protect(0, 1, Protection::Read)?;
    not_executable(&pages, 0)
}

pub(super) fn execute_reserved(platform: &dyn Platform) -> Result<(), Miss> {
    install(platform)?;
    let pages = Pages::reserve(platform, 2)?;
    not_executable(&pages, 0)?;
    pages.commit(0, 1)?;
    execution::emit(&pages, 0, &arch::code(7));
    pages.protect(0, 1, Protection::ReadExecute)?;
    ensure!(execution::call(&pages, 0) == Ok(7), "published code faults");
    pages.decommit(0, 1);
    not_executable(&pages, 0)
}

pub(super) fn decommitted(platform: &dyn Platform) -> Result<(), Miss> {
    install(platform)?;
    let pages = Pages::commit_new(platform, 3)?;
    for protection in [
        Protection::None,
        Protection::Read,
        Protection::ReadWrite,
        Protection::ReadExecute,
    ] {
        pages.publish(pages.page_size(), pages.page_size());
        pages.protect(1, 1, protection)?;
        pages.decommit(1, 1);
        forbidden(&pages, Probe::load(), places(&pages, 1))?;
        forbidden(&pages, Probe::store(), places(&pages, 1))?;
        pages.commit(1, 1)?;
        ensure!(pages.all(1, 1, 0), "a recommitted page is not zero");
    }
    Ok(())
}

pub(super) fn image_view(platform: &dyn Platform) -> Result<(), Miss> {
    install(platform)?;
    let Some(image) = platform.create_image(&arch::code(7), &mut || true) else {
        return Err(Miss::Skip("the platform has no images"));
    };
    let check = || {
        let pages = Pages::reserve(platform, 2)?;
        // SAFETY: the image is live, and takes up one page.
        unsafe { platform.map_image(&image, pages.at(0)) }.map_err(|_| "map_image failed")?;
        not_executable(&pages, 0)?;
        forbidden(&pages, Probe::load(), places(&pages, 1))?;
        pages.protect(0, 1, Protection::Read)?;
        forbidden(&pages, Probe::store(), places(&pages, 0))?;
        pages.decommit(0, 1);
        forbidden(&pages, Probe::load(), places(&pages, 0))
    };
    let result = check();
    // SAFETY: it came from this platform, and nobody uses it again.
    unsafe { platform.drop_image(image) };
    result
}

pub(super) fn stack_overflow(platform: &dyn Platform) -> Result<(), Miss> {
    install(platform)?;
    let pages = Pages::reserve(platform, 17)?;
    pages.commit(1, 16)?;
    let probe = Probe::overflow();
    for _ in 0..2 {
        // SAFETY: the probe writes to its stack, which is the check's own memory, and then faults.
        let result = unsafe { probe.attempt(pages.at(17).addr()) };
        memory_fault(result, probe.pc(), pages.at(0).addr(), pages.page_size())?;
    }
    Ok(())
}

pub(super) fn branch_target(platform: &dyn Platform) -> Result<(), Miss> {
    install(platform)?;
    let pages = Pages::commit_new(platform, 1)?;
    execution::emit(&pages, 0, &arch::code_without_target(7));
    pages.protect(0, 1, Protection::ReadExecute)?;
    let address = pages.at(0).addr();
    // SAFETY: if it runs at all, it is the constant function just written.
    match unsafe { probe::attempt(address, [0; 2]) } {
        Err(caught) => {
            ensure!(caught.fault.pc == address, "the fault's pc is wrong");
            Ok(())
        }
        Ok(_) => Err(Miss::Fail(
            "a call to what is no branch target went through",
        )),
    }
}
