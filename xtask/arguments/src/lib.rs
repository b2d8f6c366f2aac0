//! Arguments of the command line, declared as structs: what clap's `derive` does, as far as this repository needs it, by
//! macros without a compiler for them.
//!
//! [`arguments!`] declares the arguments of a verb, [`verbs!`] an enum of verbs. Both implement clap's own traits, so that
//! what is declared by them and what is declared by `derive` go together.

#![forbid(unsafe_code)]

mod field;
mod texts;

#[cfg(test)]
mod tests;

pub use clap;
pub use field::{Field, Value};
#[doc(hidden)]
pub use texts::argument_texts;
pub use texts::{command_texts, kebab};

/// Declares a struct of arguments.
///
/// Comments are the help: the first paragraph the short one. `#[arg(...)]` makes an option; inside are names of methods of
/// [`clap::Arg`] with their argument after `=`, or `long` or `short` alone, which take the field's name, or
/// `default_value_t`, which takes a value of the field's type. A field without it is what stands by its place, one with
/// `#[command(flatten)]` a struct of more arguments.
///
/// A `bool` is a flag, an `Option` may be left out, a `Vec` may be repeated; anything else must be given, unless it has a
/// default.
///
/// ```
/// use wasmetal_arguments::{arguments, clap::Parser, verbs};
///
/// arguments! {
///     /// Greets
///     struct Greet {
///         /// Whom
///         #[arg(long, default_value_t = "world".to_owned())]
///         name: String,
///         /// How often
///         #[arg(short, long)]
///         times: Option<u32>,
///     }
/// }
/// verbs! {
///     /// Does things
///     enum Verb {
///         Greet(Greet),
///     }
/// }
///
/// let Verb::Greet(greet) = Verb::parse_from(["tool", "greet", "-t", "3"]);
/// assert_eq!((&*greet.name, greet.times), ("world", Some(3)));
/// ```
#[macro_export]
macro_rules! arguments {
    (
        $(#[doc = $about:literal])*
        $(#[derive($($derived:ident),*)])?
        $visible:vis struct $name:ident {
            $(
                $(#[doc = $doc:literal])*
                $(#[arg($($setting:tt)*)])?
                $(#[command($flatten:ident)])?
                $field_visible:vis $field:ident: $ty:ty,
            )*
        }
    ) => {
        $(#[doc = $about])*
        $(#[derive($($derived),*)])?
        $visible struct $name {
            $($(#[doc = $doc])* $field_visible $field: $ty,)*
        }

        impl $crate::clap::Args for $name {
            fn augment_args(command: $crate::clap::Command) -> $crate::clap::Command {
                $(
                    let command = $crate::arguments!(
                        @add command, $field: $ty, [$($doc),*], ($($($setting)*)?) $($flatten)?
                    );
                )*
                $crate::command_texts(command, &[$($about),*])
            }

            fn augment_args_for_update(command: $crate::clap::Command) -> $crate::clap::Command {
                Self::augment_args(command)
            }
        }

        impl $crate::clap::FromArgMatches for $name {
            fn from_arg_matches(
                matches: &$crate::clap::ArgMatches,
            ) -> ::std::result::Result<Self, $crate::clap::Error> {
                Ok(Self {
                    $($field: $crate::arguments!(@take matches, $field: $ty, $($flatten)?),)*
                })
            }

            fn update_from_arg_matches(
                &mut self,
                matches: &$crate::clap::ArgMatches,
            ) -> ::std::result::Result<(), $crate::clap::Error> {
                *self = Self::from_arg_matches(matches)?;
                Ok(())
            }
        }
    };

    (@add $command:ident, $field:ident: $ty:ty, [$($doc:literal),*], () flatten) => {
        <$ty as $crate::clap::Args>::augment_args($command)
    };
    (@add $command:ident, $field:ident: $ty:ty, [$($doc:literal),*], ($($setting:tt)*)) => {{
        let argument = $crate::clap::Arg::new(stringify!($field));
        let argument = <$ty as $crate::Field>::describe(argument);
        let argument = $crate::argument_texts(argument, &[$($doc),*]);
        $command.arg($crate::arguments!(@set argument, $field: $ty, $($setting)*))
    }};

    (@set $argument:expr, $field:ident: $ty:ty, ) => { $argument };
    (@set $argument:expr, $field:ident: $ty:ty, long $(, $($rest:tt)*)?) => {
        $crate::arguments!(
            @set $argument.long($crate::kebab(stringify!($field))), $field: $ty, $($($rest)*)?
        )
    };
    (@set $argument:expr, $field:ident: $ty:ty, short $(, $($rest:tt)*)?) => {
        $crate::arguments!(
            @set $argument.short(stringify!($field).chars().next()), $field: $ty, $($($rest)*)?
        )
    };
    (@set $argument:expr, $field:ident: $ty:ty, default_value_t = $value:expr $(, $($rest:tt)*)?) => {
        $crate::arguments!(
            @set $argument.required(false).default_value({
                let value: $ty = $value;
                value.to_string()
            }),
            $field: $ty, $($($rest)*)?
        )
    };
    (@set $argument:expr, $field:ident: $ty:ty, default_value = $value:expr $(, $($rest:tt)*)?) => {
        $crate::arguments!(
            @set $argument.required(false).default_value($value), $field: $ty, $($($rest)*)?
        )
    };
    (@set $argument:expr, $field:ident: $ty:ty, $method:ident = $value:expr $(, $($rest:tt)*)?) => {
        $crate::arguments!(@set $argument.$method($value), $field: $ty, $($($rest)*)?)
    };

    (@take $matches:ident, $field:ident: $ty:ty, flatten) => {
        <$ty as $crate::clap::FromArgMatches>::from_arg_matches($matches)?
    };
    (@take $matches:ident, $field:ident: $ty:ty, ) => {
        <$ty as $crate::Field>::take($matches, stringify!($field))
    };
}

/// Declares an enum of verbs, each with its arguments: a struct that [`arguments!`] declares, or an enum of more verbs.
///
/// A verb's name is that of the variant in lower case. `#[command(hide = true)]` leaves it out of the help.
#[macro_export]
macro_rules! verbs {
    (
        $(#[doc = $about:literal])*
        $(#[derive($($derived:ident),*)])?
        $visible:vis enum $name:ident {
            $(
                $(#[command(hide = $hide:literal)])?
                $verb:ident($ty:ty),
            )*
        }
    ) => {
        $(#[doc = $about])*
        $(#[derive($($derived),*)])?
        $visible enum $name {
            $(
                #[doc = concat!("The verb `", stringify!($verb), "`.")]
                $verb($ty),
            )*
        }

        impl $crate::clap::Subcommand for $name {
            fn augment_subcommands(command: $crate::clap::Command) -> $crate::clap::Command {
                $(
                    let verb = $crate::clap::Command::new(stringify!($verb).to_lowercase());
                    let verb = <$ty as $crate::clap::Args>::augment_args(verb);
                    let command = command.subcommand(verb$(.hide($hide))?);
                )*
                let command = command.subcommand_required(true).arg_required_else_help(true);
                $crate::command_texts(command, &[$($about),*])
            }

            fn augment_subcommands_for_update(command: $crate::clap::Command) -> $crate::clap::Command {
                Self::augment_subcommands(command)
            }

            fn has_subcommand(name: &str) -> bool {
                [$(stringify!($verb)),*].iter().any(|verb| verb.to_lowercase() == name)
            }
        }

        // A verb with verbs of its own.
        impl $crate::clap::Args for $name {
            fn augment_args(command: $crate::clap::Command) -> $crate::clap::Command {
                <Self as $crate::clap::Subcommand>::augment_subcommands(command)
            }

            fn augment_args_for_update(command: $crate::clap::Command) -> $crate::clap::Command {
                Self::augment_args(command)
            }
        }

        impl $crate::clap::FromArgMatches for $name {
            fn from_arg_matches(
                matches: &$crate::clap::ArgMatches,
            ) -> ::std::result::Result<Self, $crate::clap::Error> {
                let (name, matches) = matches.subcommand().expect("clap asks for one");
                $(
                    if name == stringify!($verb).to_lowercase() {
                        return <$ty as $crate::clap::FromArgMatches>::from_arg_matches(matches).map(Self::$verb);
                    }
                )*
                unreachable!("clap knows no verb but those")
            }

            fn update_from_arg_matches(
                &mut self,
                matches: &$crate::clap::ArgMatches,
            ) -> ::std::result::Result<(), $crate::clap::Error> {
                *self = Self::from_arg_matches(matches)?;
                Ok(())
            }
        }

        impl $crate::clap::CommandFactory for $name {
            fn command() -> $crate::clap::Command {
                let command = $crate::clap::Command::new(env!("CARGO_PKG_NAME"));
                <Self as $crate::clap::Subcommand>::augment_subcommands(command)
            }

            fn command_for_update() -> $crate::clap::Command {
                Self::command()
            }
        }

        impl $crate::clap::Parser for $name {}
    };
}
