//! Arguments and environment.

use super::Call;
use crate::Errno;
use crate::error::Done;
use crate::guest::Guest;
use alloc::string::String;

pub(super) fn args_get(call: &mut Call<'_>, argv: u32, text: u32) -> Done {
    put(&mut call.guest, &call.ctx.args, argv, text)
}

pub(super) fn args_sizes_get(call: &mut Call<'_>, count: u32, size: u32) -> Done {
    put_sizes(&mut call.guest, &call.ctx.args, count, size)
}

pub(super) fn environ_get(call: &mut Call<'_>, environ: u32, text: u32) -> Done {
    put(&mut call.guest, &call.ctx.env, environ, text)
}

pub(super) fn environ_sizes_get(call: &mut Call<'_>, count: u32, size: u32) -> Done {
    put_sizes(&mut call.guest, &call.ctx.env, count, size)
}

/// Writes all texts, each with a zero at its end, and the address of each.
fn put(guest: &mut Guest<'_>, all: &[String], addresses: u32, text: u32) -> Done {
    let count = u32::try_from(all.len()).map_err(|_| Errno::Overflow)?;
    let addresses = guest.array::<u32>(addresses, count)?;
    let mut at = text;
    for (index, one) in (0..count).zip(all) {
        let len = u32::try_from(one.len()).ok();
        let len = len.and_then(|len| len.checked_add(1));
        let len = len.ok_or(Errno::Overflow)?;
        let place = guest.bytes_mut(at, len)?;
        place[..one.len()].copy_from_slice(one.as_bytes());
        place[one.len()] = 0;
        guest.write(addresses.at(index), at)?;
        at = at.checked_add(len).ok_or(Errno::Overflow)?;
    }
    Ok(())
}

fn put_sizes(guest: &mut Guest<'_>, all: &[String], count: u32, size: u32) -> Done {
    let bytes: usize = all.iter().map(|one| one.len() + 1).sum();
    guest.write(
        count,
        u32::try_from(all.len()).map_err(|_| Errno::Overflow)?,
    )?;
    guest.write(size, u32::try_from(bytes).map_err(|_| Errno::Overflow)?)
}
