//! The guest `sha2` as a module of its own.

wasmetal_guests::guest!(sha2);
