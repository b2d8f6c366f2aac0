//! Checks of what protection changes leave as it was. What they forbid is in `faults`.

use super::pages::Pages;
use super::{Miss, ensure};
use crate::Platform;
use crate::Protection::{None, Read, ReadExecute, ReadWrite};

pub(super) fn keeps_contents(platform: &dyn Platform) -> Result<(), Miss> {
    let pages = Pages::commit_new(platform, 2)?;
    let all = [None, Read, ReadWrite, ReadExecute];
    for (value, (from, to)) in (1..).zip(all.iter().flat_map(|f| all.iter().map(move |t| (*f, *t))))
    {
        pages.fill(0, 2, value);
        for protection in [from, to, Read] {
            if protection == ReadExecute {
                // Readable for publishing, whatever it was.
                pages.protect(0, 2, Read)?;
                pages.publish(0, 2 * pages.page_size());
            }
            pages.protect(0, 2, protection)?;
        }
        ensure!(pages.all(0, 2, value), "a protection change lost contents");
        pages.protect(0, 2, ReadWrite)?;
        ensure!(pages.all(0, 2, value), "a protection change lost contents");
    }
    Ok(())
}

pub(super) fn neighbours(platform: &dyn Platform) -> Result<(), Miss> {
    let pages = Pages::commit_new(platform, 8)?;
    for (first, count) in [(3, 2), (0, 1), (7, 1), (2, 5)] {
        for protection in [Read, None] {
            pages.fill(0, 8, 1);
            pages.protect(first, count, protection)?;
            // Still writable on both sides.
            pages.fill(0, first, 2);
            pages.fill(first + count, 8 - first - count, 2);
            pages.protect(first, count, ReadWrite)?;
            ensure!(pages.all(first, count, 1), "a page changed");
        }
    }
    Ok(())
}
