//! The guest `ed25519` as a module of its own.

wasmetal_guests::guest!(ed25519);
