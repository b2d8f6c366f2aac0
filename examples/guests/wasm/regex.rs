//! The guest `regex` as a module of its own.

wasmetal_guests::guest!(regex);
