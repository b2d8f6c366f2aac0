//! Errors of format strings.

/// An error of a format string and its arguments, or of one value: an error, which keeps its type, or what else can
/// be printed.
///
/// ```
/// let error = wasmetal::format_err!("channel {} is out of range", 17);
/// assert_eq!(error.to_string(), "channel 17 is out of range");
/// ```
#[macro_export]
macro_rules! format_err {
    ($format:literal $(,)?) => {
        $crate::error::private::formatted(::core::format_args!($format))
    };
    ($error:expr $(,)?) => {{
        #[allow(unused_imports, reason = "it depends on the type which one is used")]
        use $crate::error::private::{OfError as _, OfValue as _};
        match $error {
            error => (&error).kind().error(error),
        }
    }};
    ($format:expr, $($argument:tt)*) => {
        $crate::error::private::formatted(::core::format_args!($format, $($argument)*))
    };
}

/// Returns an error: that of [`format_err!`](crate::format_err) with the same arguments.
#[macro_export]
macro_rules! bail {
    ($($argument:tt)*) => {
        return ::core::result::Result::Err($crate::format_err!($($argument)*))
    };
}

/// Returns an error unless a condition holds: that of [`format_err!`](crate::format_err) with the arguments after the
/// condition, or one that quotes the condition.
#[macro_export]
macro_rules! ensure {
    ($condition:expr $(,)?) => {
        $crate::ensure!(
            $condition,
            ::core::concat!("Condition failed: `", ::core::stringify!($condition), "`")
        )
    };
    ($condition:expr, $($argument:tt)*) => {
        if !$condition {
            $crate::bail!($($argument)*);
        }
    };
}

/// What the macros use.
#[allow(missing_docs, reason = "for the macros' expansions only")]
pub mod private {
    use crate::Error;
    use core::fmt::{Arguments, Debug, Display};

    /// An error of a text, which is not copied if it has no arguments.
    #[cold]
    #[must_use]
    pub fn formatted(text: Arguments<'_>) -> Error {
        match text.as_str() {
            Some(text) => Error::msg(text),
            None => Error::msg(alloc::fmt::format(text)),
        }
    }

    // Of a value's two methods `kind`, the one that needs fewer references wins: that for errors, if it is one.

    pub struct IsError;
    pub trait OfError {
        fn kind(&self) -> IsError {
            IsError
        }
    }
    impl<E: Into<Error>> OfError for E {}
    impl IsError {
        pub fn error(self, error: impl Into<Error>) -> Error {
            error.into()
        }
    }

    pub struct IsValue;
    pub trait OfValue {
        fn kind(&self) -> IsValue {
            IsValue
        }
    }
    impl<T: Display + Debug + Send + Sync + 'static> OfValue for &T {}
    impl IsValue {
        pub fn error(self, value: impl Display + Debug + Send + Sync + 'static) -> Error {
            Error::msg(value)
        }
    }
}
