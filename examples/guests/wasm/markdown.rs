//! The guest `markdown` as a module of its own.

wasmetal_guests::guest!(markdown);
