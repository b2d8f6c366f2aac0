//! The guest `deflate` as a module of its own.

wasmetal_guests::guest!(deflate);
