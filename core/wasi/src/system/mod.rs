//! What this process has of its system: streams, clocks, randomness.

mod clocks;
mod stdio;

pub(crate) use stdio::{Stderr, Stdin, Stdout};

use crate::{Errno, Random, WasiCtx};
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use std::env;

/// Gives a guest the clocks and the randomness.
pub(crate) fn give(ctx: &mut WasiCtx) {
    ctx.wall_clock = Some(Box::new(clocks::Wall));
    ctx.monotonic_clock = Some(Box::new(clocks::Monotonic::new()));
    ctx.random = Some(Box::new(System));
}

/// The arguments, as far as they are UTF-8.
pub(crate) fn args() -> Vec<String> {
    env::args_os()
        .map(|arg| arg.to_string_lossy().into_owned())
        .collect()
}

/// The environment, but for what is not UTF-8.
pub(crate) fn env() -> Vec<(String, String)> {
    let text = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
        Some((name.into_string().ok()?, value.into_string().ok()?))
    };
    env::vars_os().filter_map(text).collect()
}

struct System;

impl Random for System {
    fn fill(&mut self, buffer: &mut [u8]) -> Result<(), Errno> {
        getrandom::fill(buffer).map_err(|_| Errno::Io)
    }
}
