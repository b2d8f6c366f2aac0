//! The guest `bignum` as a module of its own.

wasmetal_guests::guest!(bignum);
