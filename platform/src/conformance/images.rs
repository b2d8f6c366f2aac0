//! Checks of initial images, mapped copy-on-write.

use super::pages::Pages;
use super::{Miss, ensure};
use crate::{Image, Platform};

/// An image that is dropped when the check ends.
struct Owned<'a> {
    platform: &'a dyn Platform,
    image: Option<Image>,
}

impl<'a> Owned<'a> {
    fn new(platform: &'a dyn Platform, bytes: &[u8]) -> Result<Self, Miss> {
        let image = platform.create_image(bytes, &mut || true);
        let image = image.ok_or(Miss::Skip("the platform has no images"))?;
        ensure!(image.len == bytes.len(), "the image has another length");
        Ok(Self {
            platform,
            image: Some(image),
        })
    }

    fn map(&self, pages: &Pages<'_>, at: usize) -> Result<(), &'static str> {
        let image = self.image.as_ref().ok_or("the image is gone")?;
        // SAFETY: the image is live; the checks give it room for its pages, and hold no reference
        // into them.
        unsafe { self.platform.map_image(image, pages.at(at)) }.map_err(|_| "map_image failed")
    }
}

impl Drop for Owned<'_> {
    fn drop(&mut self) {
        if let Some(image) = self.image.take() {
            // SAFETY: it came from this platform, and this is its one owner.
            unsafe { self.platform.drop_image(image) }
        }
    }
}

/// Somewhat more than two small pages, with no byte zero; a large page holds it whole.
const BYTES: [u8; 8200] = {
    let mut bytes = [1; 8200];
    let mut at = 0;
    while at < bytes.len() {
        bytes[at] = (at % 251) as u8 + 1;
        at += 1;
    }
    bytes
};

/// Bytes of the pages that the image takes up, and their number.
fn extent(platform: &dyn Platform) -> (usize, usize) {
    let page = platform.capabilities().page_size;
    let size = BYTES.len().next_multiple_of(page);
    (size, size / page)
}

/// Whether the pages from `at` on are as the image says.
fn pristine(pages: &Pages<'_>, at: usize, size: usize) -> bool {
    let start = at * pages.page_size();
    (0..size).all(|byte| pages.read(start + byte) == BYTES.get(byte).copied().unwrap_or(0))
}

/// An image is made in pieces, and not at all where it is not to go on.
pub(super) fn pieces(platform: &dyn Platform) -> Result<(), Miss> {
    drop(Owned::new(platform, &BYTES)?);
    const SIZE: usize = 1 << 20;
    let page = platform.capabilities().page_size;
    let pages = Pages::commit_new(platform, SIZE.div_ceil(page))?;
    // SAFETY: `SIZE` bytes have just been committed, and nobody writes to them.
    let large = unsafe { core::slice::from_raw_parts(pages.at(0), SIZE) };
    let mut asked = 0_usize;
    let image = platform.create_image(large, &mut || {
        asked += 1;
        true
    });
    let image = image.ok_or("no large image")?;
    // SAFETY: it came from this platform, and nobody uses it again.
    unsafe { platform.drop_image(image) };
    ensure!(asked >= 3, "a large image is made in one piece");
    for last in 0..asked {
        let mut left = last;
        let image = platform.create_image(large, &mut || {
            let go_on = left > 0;
            left = left.saturating_sub(1);
            go_on
        });
        if let Some(image) = image {
            // SAFETY: the image came from this platform, and nobody uses it again.
            unsafe { platform.drop_image(image) };
            return Err(Miss::from("an image went on that was to stop"));
        }
    }
    Ok(())
}

pub(super) fn views(platform: &dyn Platform) -> Result<(), Miss> {
    let (size, count) = extent(platform);
    let image = Owned::new(platform, &BYTES)?;
    let (one, two) = (
        Pages::reserve(platform, count)?,
        Pages::reserve(platform, count + 1)?,
    );
    image.map(&one, 0)?;
    ensure!(pristine(&one, 0, size), "a view differs from its image");
    one.fill(0, count, 0xee);
    image.map(&two, 1)?;
    ensure!(pristine(&two, 1, size), "a write reached the image");
    two.fill(1, count, 0xdd);
    ensure!(one.all(0, count, 0xee), "a write reached another view");
    Ok(())
}

pub(super) fn replaces(platform: &dyn Platform) -> Result<(), Miss> {
    let (size, count) = extent(platform);
    let image = Owned::new(platform, &BYTES)?;
    let pages = Pages::commit_new(platform, count + 2)?;
    pages.fill(0, count + 2, 0xee);
    image.map(&pages, 1)?;
    ensure!(pristine(&pages, 1, size), "a view differs from its image");
    ensure!(
        pages.all(0, 1, 0xee) && pages.all(count + 1, 1, 0xee),
        "mapping changed a neighbour"
    );
    pages.fill(1, count, 0xee);
    image.map(&pages, 1)?;
    ensure!(pristine(&pages, 1, size), "a view kept what was written");
    pages.decommit(0, count + 2);
    pages.commit(0, count + 2)?;
    ensure!(pages.all(0, count + 2, 0), "a recommitted page is not zero");
    Ok(())
}

pub(super) fn outlive(platform: &dyn Platform) -> Result<(), Miss> {
    let (size, count) = extent(platform);
    let pages = Pages::reserve(platform, count)?;
    for _ in 0..1000 {
        let image = Owned::new(platform, &BYTES)?;
        image.map(&pages, 0)?;
        drop(image);
        // Another image may take its place; the view must not notice.
        let other = Owned::new(platform, &[0xee; BYTES.len()])?;
        ensure!(pages.read(0) == BYTES[0], "a view changed with its image");
        drop(other);
    }
    ensure!(pristine(&pages, 0, size), "a view changed with its image");
    Ok(())
}
