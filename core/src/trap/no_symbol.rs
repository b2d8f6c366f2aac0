//! Twin of `symbol.rs`: names as they are.

pub(super) use crate::escaped::Escaped as Symbol;
