//! How fields of each type are asked for and read.

use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, builder::ValueParser, value_parser};

/// A type that a field of arguments can have.
pub trait Field: Sized {
    /// Says of an argument how often it is given, and what its values are.
    fn describe(argument: Arg) -> Arg;

    /// The value of the argument with this name.
    fn take(matches: &ArgMatches, name: &str) -> Self;
}

/// The type of an argument's single value.
pub trait Value: Clone + Send + Sync + 'static {
    /// How it is read from text.
    fn parser() -> ValueParser;
}

impl Field for bool {
    fn describe(argument: Arg) -> Arg {
        argument.action(ArgAction::SetTrue)
    }

    fn take(matches: &ArgMatches, name: &str) -> Self {
        matches.get_flag(name)
    }
}

impl<T: Value> Field for Option<T> {
    fn describe(argument: Arg) -> Arg {
        argument.value_parser(T::parser())
    }

    fn take(matches: &ArgMatches, name: &str) -> Self {
        matches.get_one(name).cloned()
    }
}

impl<T: Value> Field for Vec<T> {
    fn describe(argument: Arg) -> Arg {
        // Several words where an argument stands by its place, several arguments otherwise.
        argument.action(ArgAction::Append).value_parser(T::parser())
    }

    fn take(matches: &ArgMatches, name: &str) -> Self {
        matches
            .get_many(name)
            .into_iter()
            .flatten()
            .cloned()
            .collect()
    }
}

/// Makes types values, and fields that must be given.
#[macro_export]
macro_rules! values {
    ($($ty:ty: $parser:expr,)*) => {$(
        impl $crate::Value for $ty {
            fn parser() -> $crate::clap::builder::ValueParser {
                $parser.into()
            }
        }

        impl $crate::Field for $ty {
            fn describe(argument: $crate::clap::Arg) -> $crate::clap::Arg {
                argument.required(true).value_parser(<$ty as $crate::Value>::parser())
            }

            fn take(matches: &$crate::clap::ArgMatches, name: &str) -> Self {
                matches.get_one(name).cloned().expect("it is required, or has a default")
            }
        }
    )*};
}

values! {
    String: value_parser!(String),
    PathBuf: value_parser!(PathBuf),
    u32: value_parser!(u32),
    u64: value_parser!(u64),
    usize: value_parser!(usize),
}
