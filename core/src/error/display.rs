//! How an error and its causes are printed.

use super::{Chain, Error};
use core::error::Error as StdError;
use core::fmt::{self, Debug, Display, Write};

impl Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", &**self)?;
        if f.alternate() {
            for cause in self.chain().skip(1) {
                write!(f, ": {cause}")?;
            }
        }
        Ok(())
    }
}

impl Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match f.alternate() {
            true => Debug::fmt(&**self, f),
            false => report(&**self, f),
        }
    }
}

/// An error and its causes, each on lines of its own.
pub(super) fn report(error: &(dyn StdError + 'static), f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "{error}")?;
    let causes = Chain::new(error).skip(1);
    let one = causes.clone().nth(1).is_none();
    for (index, cause) in causes.enumerate() {
        f.write_str(if index == 0 { "\n\nCaused by:\n" } else { "\n" })?;
        match one {
            true => f.write_str("    ")?,
            false => write!(f, "{index:>5}: ")?,
        }
        let further = if one { "    " } else { "       " };
        write!(Indented { f, further }, "{cause}")?;
    }
    Ok(())
}

/// Implements `Debug` for errors whose text says what they hold. A derived one would be in every firmware, with the
/// formatting of all fields, since every error has it in its vtable.
macro_rules! debug_is_display {
    ($($error:ty)*) => {$(
        impl ::core::fmt::Debug for $error {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(self, f)
            }
        }
    )*};
}
pub(crate) use debug_is_display;

/// Puts a text before all lines but the first.
struct Indented<'a, 'f> {
    f: &'a mut fmt::Formatter<'f>,
    further: &'static str,
}

impl Write for Indented<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for (index, line) in text.split('\n').enumerate() {
            if index != 0 {
                self.f.write_char('\n')?;
                self.f.write_str(self.further)?;
            }
            self.f.write_str(line)?;
        }
        Ok(())
    }
}
