//! The guest `json` as a module of its own.

wasmetal_guests::guest!(json);
