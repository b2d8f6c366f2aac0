//! Checks of reserving, committing, decommitting and releasing.

use super::pages::Pages;
use super::{Miss, ensure};
use crate::{Operation, Platform};

/// More than a 32-bit memory with its guards takes, and more than most machines have.
const HUGE: usize = 6 << 30;

pub(super) fn capabilities(platform: &dyn Platform) -> Result<(), Miss> {
    let capabilities = platform.capabilities();
    ensure!(
        capabilities.page_size.is_power_of_two(),
        "the page size is not a power of two"
    );
    let piece = capabilities.commit_piece;
    ensure!(
        piece > 0 && (piece == usize::MAX || piece.is_multiple_of(capabilities.page_size)),
        "a piece of a commit is not of whole pages"
    );
    ensure!(
        capabilities == platform.capabilities(),
        "capabilities change"
    );
    Ok(())
}

pub(super) fn unknown_features(platform: &dyn Platform) -> Result<(), Miss> {
    for name in ["", "no such feature", "sse5", "lse\0", "LSE", "AVX2"] {
        ensure!(!platform.cpu_feature(name), "an unknown name is present");
    }
    Ok(())
}

pub(super) fn alignment(platform: &dyn Platform) -> Result<(), Miss> {
    let page = platform.capabilities().page_size;
    for shift in 0..12 {
        for count in [1, 3, 1000] {
            let pages = Pages::aligned(platform, count, page << shift)?;
            let misaligned = pages.at(0).addr() & ((page << shift) - 1);
            ensure!(misaligned == 0, "a reservation is not aligned");
            pages.commit(0, 1)?;
            if count > 1 {
                pages.commit(count - 1, 1)?;
            }
        }
    }
    Ok(())
}

pub(super) fn zeroed(platform: &dyn Platform) -> Result<(), Miss> {
    let pages = Pages::reserve(platform, 8)?;
    pages.commit(1, 3)?;
    pages.commit(5, 2)?;
    for (first, count) in [(1, 3), (5, 2)] {
        ensure!(pages.all(first, count, 0), "a committed page is not zero");
        pages.fill(first, count, 0xff);
    }
    pages.commit(4, 1)?;
    ensure!(pages.all(4, 1, 0), "a committed page is not zero");
    for (first, count) in [(1, 3), (5, 2)] {
        let kept = pages.all(first, count, 0xff);
        ensure!(kept, "a page lost its contents when another was committed");
    }
    Ok(())
}

pub(super) fn recommit(platform: &dyn Platform) -> Result<(), Miss> {
    let pages = Pages::commit_new(platform, 4)?;
    for round in 1..8 {
        pages.fill(0, 4, round);
        pages.decommit(1, 2);
        ensure!(
            pages.all(0, 1, round) && pages.all(3, 1, round),
            "decommit changed a neighbour"
        );
        pages.commit(1, 2)?;
        ensure!(pages.all(1, 2, 0), "a recommitted page is not zero");
    }
    Ok(())
}

pub(super) fn decommit_twice(platform: &dyn Platform) -> Result<(), Miss> {
    let pages = Pages::reserve(platform, 4)?;
    pages.decommit(0, 4);
    pages.commit(1, 1)?;
    pages.fill(1, 1, 7);
    pages.decommit(2, 2);
    ensure!(pages.all(1, 1, 7), "decommit changed a neighbour");
    pages.decommit(0, 4);
    pages.decommit(0, 4);
    pages.commit(0, 4)?;
    ensure!(pages.all(0, 4, 0), "a recommitted page is not zero");
    Ok(())
}

/// Uses more memory, one piece after another, than a small machine has.
pub(super) fn frees_memory(platform: &dyn Platform) -> Result<(), Miss> {
    const PIECE: usize = 4 << 20;
    let page = platform.capabilities().page_size;
    let count = PIECE / page;
    let kept = Pages::reserve(platform, count)?;
    for round in 0..160 {
        let pages = Pages::commit_new(platform, count)?;
        kept.commit(0, count)?;
        for at in (0..PIECE).step_by(page) {
            pages.write(at, round);
            kept.write(at, round);
        }
        kept.decommit(0, count);
    }
    Ok(())
}

pub(super) fn sparse(platform: &dyn Platform) -> Result<(), Miss> {
    let page = platform.capabilities().page_size;
    let count = HUGE / page;
    let pages = Pages::reserve(platform, count)?;
    let places = [0, 1, count / 3, count / 2, count - 1];
    for (value, &place) in (1..).zip(&places) {
        pages.commit(place, 1)?;
        pages.fill(place, 1, value);
    }
    for (value, &place) in (1..).zip(&places) {
        ensure!(pages.all(place, 1, value), "pages share memory");
    }
    Ok(())
}

/// What is populated looks as if it had not been, and so does what is beside it.
pub(super) fn populated(platform: &dyn Platform) -> Result<(), Miss> {
    let pages = Pages::reserve(platform, 40)?;
    pages.commit(0, 36)?;
    pages.fill(0, 1, 7);
    pages.populate(1, 30);
    ensure!(pages.all(1, 35, 0), "a populated page is not zero");
    ensure!(pages.all(0, 1, 7), "a neighbour was changed");
    pages.fill(1, 30, 9);
    pages.decommit(1, 30);
    pages.commit(1, 30)?;
    ensure!(
        pages.all(1, 30, 0),
        "a populated page is not given back by decommit"
    );
    ensure!(pages.all(0, 1, 7), "a neighbour was changed");
    // Nothing else is committed by it.
    pages.commit(36, 4)?;
    pages.populate(36, 4);
    ensure!(pages.all(31, 9, 0), "a populated page is not zero");
    Ok(())
}

pub(super) fn many(platform: &dyn Platform) -> Result<(), Miss> {
    let mut live = [const { None }; 256];
    for round in 0..3 {
        for (index, slot) in live.iter_mut().enumerate() {
            // Every round gives back some and takes others.
            if index % 3 == round || slot.is_none() {
                *slot = None;
                let pages = Pages::commit_new(platform, 1 + index % 7)?;
                pages.fill(0, 1, index as u8);
                *slot = Some(pages);
            }
        }
        for (index, slot) in live.iter().enumerate() {
            let kept = slot
                .as_ref()
                .is_some_and(|pages| pages.all(0, 1, index as u8));
            ensure!(kept, "reservations overlap");
        }
    }
    Ok(())
}

/// More reservations, one after another, than a 48-bit address space holds at a time.
pub(super) fn reuse(platform: &dyn Platform) -> Result<(), Miss> {
    let page = platform.capabilities().page_size;
    for round in 0..50_000 {
        let pages = Pages::reserve(platform, HUGE / page)?;
        if round % 64 == 0 {
            pages.commit(HUGE / page - 1, 1)?;
            ensure!(
                pages.all(HUGE / page - 1, 1, 0),
                "a committed page is not zero"
            );
            pages.write(HUGE - 1, 1);
        }
    }
    Ok(())
}

pub(super) fn absurd(platform: &dyn Platform) -> Result<(), Miss> {
    let page = platform.capabilities().page_size;
    let kept = Pages::commit_new(platform, 1)?;
    kept.fill(0, 1, 9);
    let most = usize::MAX & !(page - 1);
    let top = 1 << (usize::BITS - 1);
    let absurd = [
        (most, page),
        (most, top),
        (top, page),
        (top - page, page),
        (page, top),
        (1 << 56, 1 << 20),
        (1 << 20, 1 << 56),
    ];
    for (size, align) in absurd {
        match platform.reserve(size, align) {
            Ok(_) => return Err(Miss::Fail("an absurd reservation was given")),
            Err(error) => ensure!(
                error.operation == Operation::Reserve,
                "the error names another operation"
            ),
        }
    }
    ensure!(kept.all(0, 1, 9), "a page changed");
    Pages::commit_new(platform, 1)?;
    Ok(())
}

/// Commits more than a small machine has, or more than any should have to show for a commit.
pub(super) fn absurd_commit(platform: &dyn Platform) -> Result<(), Miss> {
    const SIZE: usize = 16 << 30;
    let count = SIZE / platform.capabilities().page_size;
    let Ok(pages) = Pages::reserve(platform, count) else {
        return Err(Miss::Skip("no room for the reservation"));
    };
    pages.commit(0, 1)?;
    pages.fill(0, 1, 5);
    // A machine that counts its memory refuses; one that overcommits may give.
    if pages.commit(1, count - 1).is_ok() {
        pages.decommit(1, count - 1);
    }
    ensure!(pages.all(0, 1, 5), "a page changed");
    // Every page is reserved again, so each can be committed, and memory is there for it.
    for page in [1, 2, count / 2, count - 1] {
        pages.commit(page, 1)?;
        ensure!(pages.all(page, 1, 0), "a committed page is not zero");
    }
    Ok(())
}
