//! A blob of bytes that the host hands to the firmware.

use core::ops::Range;
use core::slice;

use spin::Once;

use super::board::PAYLOAD;
use crate::frame::FRAME_SIZE;

const MAGIC: [u8; 8] = *b"WMTLBLOB";
/// A page, so that an image that is aligned to pages can be executed where it lies.
const HEADER: usize = FRAME_SIZE;

static BYTES: Once<&'static [u8]> = Once::new();

/// The bytes that the host handed over, if it did. They start at a page, and are read-only.
///
/// The host writes a file that is a header and then the bytes, and QEMU loads it into RAM:
///
/// ```text
/// -device loader,file=FILE,addr=0x50000000,force-raw=on
///
/// offset 0   8 bytes   "WMTLBLOB"
/// offset 8   8 bytes   length of what follows the header, in bytes, little endian
/// offset 16            nothing, up to a page
/// offset 4096          the bytes
/// ```
///
/// The address is 256 MiB into RAM, so with `-m 512M` the file may have up to 256 MiB, with `-m 1G`
/// up to 768 MiB. No frame is handed out of that part of RAM.
#[must_use]
pub fn payload() -> Option<&'static [u8]> {
    BYTES.get().copied()
}

/// Looks for a payload that lies within `ram`, and returns the pages that it takes up.
pub(crate) fn find(ram: Range<usize>) -> Option<Range<usize>> {
    if ram.end < PAYLOAD + HEADER {
        return None;
    }
    // SAFETY: the header lies in RAM, in its first GiB, which the boot table maps.
    let (magic, length) = unsafe { (*(PAYLOAD as *const [u8; 8]), *((PAYLOAD + 8) as *const u64)) };
    let length = usize::try_from(length).ok()?;
    if magic != MAGIC || length > ram.end - PAYLOAD - HEADER {
        return None;
    }
    // SAFETY: the bytes lie in RAM, which is mapped for good before anybody can ask for them, and
    // nobody writes there: these pages are kept from the frame allocator and mapped read-only.
    BYTES.call_once(|| unsafe { slice::from_raw_parts((PAYLOAD + HEADER) as *const u8, length) });
    Some(PAYLOAD..(PAYLOAD + HEADER + length).next_multiple_of(FRAME_SIZE))
}
