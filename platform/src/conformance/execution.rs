//! Checks of publishing code and running it.

use super::faults::install;
use super::pages::Pages;
use super::{Miss, arch, ensure, probe};
use crate::{Platform, Protection, Rights};

/// Calls the code at `offset` bytes, which returns a value.
pub(super) fn call(pages: &Pages<'_>, offset: usize) -> Result<u16, &'static str> {
    let code = pages.at(0).addr() + offset;
    // SAFETY: the checks call what they wrote: functions that return a constant.
    match unsafe { probe::attempt(code, [0; 2]) } {
        Ok(value) => Ok(value as u16),
        Err(_) => Err("published code faults"),
    }
}

/// Writes code at `offset` bytes, and publishes just that.
pub(super) fn emit(pages: &Pages<'_>, offset: usize, code: &[u8]) {
    for (at, &byte) in (offset..).zip(code) {
        pages.write(at, byte);
    }
    pages.publish(offset, code.len());
}

pub(super) fn publish(platform: &dyn Platform) -> Result<(), Miss> {
    install(platform)?;
    let pages = Pages::commit_new(platform, 3)?;
    emit(&pages, pages.page_size(), &arch::code(42));
    pages.protect(1, 1, Protection::ReadExecute)?;
    let value = call(&pages, pages.page_size())?;
    ensure!(value == 42, "code returns another value");
    Ok(())
}

pub(super) fn unaligned(platform: &dyn Platform) -> Result<(), Miss> {
    install(platform)?;
    let pages = Pages::commit_new(platform, 2)?;
    // Apart from each other by a number that is coprime to any line size.
    let step = ((arch::CODE_SIZE / arch::CODE_ALIGN) | 1) * arch::CODE_ALIGN;
    let offsets = || (0..2 * pages.page_size() - step).step_by(step);
    for (value, offset) in (0..).zip(offsets()) {
        emit(&pages, offset, &arch::code(value));
    }
    pages.protect(0, 2, Protection::ReadExecute)?;
    for (value, offset) in (0..).zip(offsets()) {
        let returned = call(&pages, offset)?;
        ensure!(returned == value, "code returns another value");
    }
    Ok(())
}

/// What can be written is refused, and stays as it was; the rights of what is taken come back. A platform may refuse all
/// memory of its own.
pub(super) fn in_place(platform: &dyn Platform) -> Result<(), Miss> {
    install(platform)?;
    let pages = Pages::commit_new(platform, 2)?;
    let page = pages.page_size();
    for at in [0, page] {
        emit(&pages, at, &arch::code(42));
    }
    let execute_with = |size: usize, rights: Rights| {
        // SAFETY: the pages can be read, and nobody writes there until the use ends. What the rights are is known where
        // the pages are `Protection::Read`.
        unsafe { platform.execute_in_place(pages.at(0), size, rights) }
    };
    let execute = |size| execute_with(size, Rights::Unknown);
    ensure!(execute(page).is_err(), "what can be written is executed");
    // The second page, of which the code takes one byte, is a neighbour's.
    pages.protect(0, 1, Protection::Read)?;
    ensure!(
        execute(page + 1).is_err(),
        "what can be written is executed"
    );
    pages.write(2 * page - 1, 7);
    ensure!(pages.read(2 * page - 1) == 7, "a neighbour has changed");
    let Ok(first) = execute(page) else {
        return Ok(());
    };
    let run = |code: *const u8| {
        // SAFETY: the checks call what they wrote: a function that returns a constant.
        unsafe { probe::attempt(code.addr(), [0; 2]) }
    };
    let second = execute(page).map_err(|_| "a second use is refused")?;
    pages.write(2 * page - 1, 8);
    ensure!(run(first).ok() == Some(42), "code returns another value");
    // SAFETY: it came from there, and nobody executes it.
    unsafe { platform.end_in_place(first, page) };
    ensure!(run(second).ok() == Some(42), "a use has ended another");
    // SAFETY: `second` came from `execute_in_place`, and nobody executes it.
    unsafe { platform.end_in_place(second, page) };
    let guarded = platform.capabilities().guard_pages;
    ensure!(
        !guarded || run(second).is_err(),
        "what was readable stays executable"
    );
    // The caller knows the rights; the second use finds what the first has made of them.
    let [first, second] = [page, page].map(|size| execute_with(size, Rights::ReadOnly));
    let first = first.map_err(|_| "what is known to be read-only is refused")?;
    let second = second.map_err(|_| "a second use is refused")?;
    // SAFETY: `second` came from `execute_in_place`, and nobody executes it.
    unsafe { platform.end_in_place(second, page) };
    ensure!(run(first).ok() == Some(42), "a use has ended another");
    // SAFETY: `first` came from `execute_in_place`, and nobody executes it.
    unsafe { platform.end_in_place(first, page) };
    ensure!(
        !guarded || run(first).is_err(),
        "what was readable stays executable"
    );
    pages.protect(0, 1, Protection::ReadWrite)?;
    pages.write(0, 0);
    Ok(())
}

pub(super) fn stale(platform: &dyn Platform) -> Result<(), Miss> {
    install(platform)?;
    let pages = Pages::commit_new(platform, 1)?;
    for value in 0..1000 {
        pages.protect(0, 1, Protection::ReadWrite)?;
        emit(&pages, 0, &arch::code(value));
        pages.protect(0, 1, Protection::ReadExecute)?;
        let fresh = (0..3).all(|_| call(&pages, 0) == Ok(value));
        ensure!(fresh, "stale code runs");
    }
    Ok(())
}

pub(super) fn stale_address(platform: &dyn Platform) -> Result<(), Miss> {
    install(platform)?;
    let kept = Pages::reserve(platform, 1)?;
    for value in 0..500 {
        // The address of what was just released, most likely.
        let pages = Pages::reserve(platform, 1)?;
        for pages in [&pages, &kept] {
            pages.commit(0, 1)?;
            emit(pages, 0, &arch::code(value));
            pages.protect(0, 1, Protection::ReadExecute)?;
            ensure!(call(pages, 0) == Ok(value), "stale code runs");
        }
        kept.decommit(0, 1);
    }
    Ok(())
}
