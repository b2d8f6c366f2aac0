//! The guest `chess` as a module of its own.

wasmetal_guests::guest!(chess);
