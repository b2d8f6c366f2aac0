//! The guests, a file each.

pub mod bignum;
pub mod chess;
pub mod deflate;
pub mod ed25519;
pub mod json;
pub mod lz4;
pub mod markdown;
pub mod nbody;
pub mod png;
pub mod regex;
pub mod sha2;
