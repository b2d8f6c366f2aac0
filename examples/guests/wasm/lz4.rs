//! The guest `lz4` as a module of its own.

wasmetal_guests::guest!(lz4);
