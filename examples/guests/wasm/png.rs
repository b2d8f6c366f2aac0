//! The guest `png` as a module of its own.

wasmetal_guests::guest!(png);
