//! The guest `nbody` as a module of its own.

wasmetal_guests::guest!(nbody);
