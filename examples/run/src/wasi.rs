//! As little of `wasi_snapshot_preview1` as a program needs that computes and prints.

use alloc::vec::Vec;

use wasmetal::error::{Context, Result};
use wasmetal::{Caller, Engine, Linker};

/// Errors of WASI, by their names in it.
const SUCCESS: i32 = 0;
const BADF: i32 = 8;
const FAULT: i32 = 21;
const NOSYS: i32 = 52;

/// What a store holds: what was printed.
#[derive(Default)]
pub(crate) struct Printed(pub(crate) Vec<u8>);

/// `fd_write` to the standard output and to that for errors; what else there is says that it is not.
pub(crate) fn linker(engine: &Engine) -> Result<Linker<Printed>> {
    const WASI: &str = "wasi_snapshot_preview1";
    let mut linker = Linker::new(engine);
    linker.func_wrap(WASI, "fd_write", fd_write)?;
    linker.func_wrap(WASI, "poll_oneoff", |_: i32, _: i32, _: i32, _: i32| NOSYS)?;
    linker.func_wrap(WASI, "random_get", |_: i32, _: i32| NOSYS)?;
    Ok(linker)
}

/// `ciovec`s are an address and a length each.
fn fd_write(
    mut caller: Caller<'_, Printed>,
    descriptor: u32,
    vectors: u32,
    count: u32,
    written: u32,
) -> Result<i32> {
    if !(1..=2).contains(&descriptor) {
        return Ok(BADF);
    }
    let memory = caller.get_export("memory");
    let memory = memory.and_then(|it| it.into_memory());
    let memory = memory.context("no memory is exported")?;
    let (data, printed) = memory.data_and_store_mut(&mut caller);
    let from = printed.0.len();
    Ok(match write(data, vectors, count, written, &mut printed.0) {
        Some(()) => SUCCESS,
        None => {
            printed.0.truncate(from);
            FAULT
        }
    })
}

/// None: something lies outside the memory.
fn write(data: &mut [u8], vectors: u32, count: u32, written: u32, out: &mut Vec<u8>) -> Option<()> {
    let from = out.len();
    let vectors = data.get(vectors as usize..)?;
    let (vectors, _) = vectors.get(..(count as usize).checked_mul(8)?)?.as_chunks();
    for [a, b, c, d, e, f, g, h] in vectors {
        let start = u32::from_le_bytes([*a, *b, *c, *d]) as usize;
        let len = u32::from_le_bytes([*e, *f, *g, *h]) as usize;
        out.extend_from_slice(data.get(start..)?.get(..len)?);
    }
    let len = (out.len() - from) as u32;
    let written = data.get_mut(written as usize..)?.get_mut(..4)?;
    written.copy_from_slice(&len.to_le_bytes());
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_gathered_or_nothing_is_written() {
        // Two vectors at 0, the length at 16, then text.
        let mut data = *b"\x14\0\0\0\x02\0\0\0\x17\0\0\0\x01\0\0\0____ab-c";
        let mut check = |vectors, count, written, expected: Option<&[u8]>| {
            let mut out = Vec::new();
            let done = write(&mut data, vectors, count, written, &mut out);
            assert_eq!(
                done.map(|()| &*out),
                expected,
                "{vectors} {count} {written}"
            );
        };
        check(0, 2, 16, Some(b"abc"));
        check(8, 1, 16, Some(b"c"));
        check(0, 0, 16, Some(b""));
        check(0, 2, 21, None);
        check(16, 2, 16, None);
        check(0, u32::MAX, 16, None);
        assert_eq!(data[16..20], [0; 4]);
    }
}
