//! The host's memory, which may run out: who asked for it is told.

use crate::Errno;
use alloc::string::String;
use alloc::vec::Vec;
use wasmetal_platform::confine::{LARGEST_DRAW, RESERVE, drawn};

/// Looks before something is made that outlives the call: an open file, a listing, a name.
///
/// Small things come from the reserve of the program's allocator when the heap has no more. So that no guest uses it up, a
/// call may leave something there, and the next one fails until the heap serves again.
///
/// # Errors
/// [`Errno::Nomem`].
pub(crate) fn look() -> Result<(), Errno> {
    if drawn() == 0 {
        return Ok(());
    }
    // More than the reserve would serve.
    let probe = Vec::<u8>::new().try_reserve_exact(LARGEST_DRAW + 1);
    match probe.is_ok() && drawn() <= RESERVE / 2 {
        true => Ok(()),
        false => Err(Errno::Nomem),
    }
}

/// A text of these parts.
///
/// # Errors
/// [`Errno::Nomem`].
pub(crate) fn text(parts: &[&str]) -> Result<String, Errno> {
    let mut text = String::new();
    let len = parts.iter().map(|part| part.len()).sum();
    text.try_reserve_exact(len).map_err(|_| Errno::Nomem)?;
    parts.iter().for_each(|part| text.push_str(part));
    Ok(text)
}

/// Adds an item to a list.
///
/// # Errors
/// [`Errno::Nomem`].
pub(crate) fn push<T>(list: &mut Vec<T>, item: T) -> Result<(), Errno> {
    list.try_reserve(1).map_err(|_| Errno::Nomem)?;
    list.push(item);
    Ok(())
}
