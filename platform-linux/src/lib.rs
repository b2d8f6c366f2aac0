//! A wasmetal platform.
