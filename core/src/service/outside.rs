//! Errors of the confined compiler lie in its arena, and are gone with it: a copy is made outside.

use crate::compile::{Halted, InvalidModule, ModuleLimitExceeded};
use crate::error::OutOfMemory;
use crate::{Error, oom};

/// An error that keeps its type when it is copied out of the arena.
trait Copied: core::error::Error + Send + Sync + Sized + 'static {
    fn copied(&self) -> Result<Self, OutOfMemory>;

    /// A copy of the error that all began with, if it is of this type.
    fn of(root: &(dyn core::error::Error + 'static)) -> Option<Error> {
        Some(match root.downcast_ref::<Self>()?.copied() {
            Ok(copy) => copy.into(),
            Err(out_of_memory) => out_of_memory.into(),
        })
    }
}

macro_rules! copied {
    ($($(#[$when:meta])? $error:ty => $copy:expr;)*) => {
        $(
            $(#[$when])?
            impl Copied for $error {
                fn copied(&self) -> Result<Self, OutOfMemory> {
                    $copy(self)
                }
            }
        )*

        /// All of them.
        const COPIED: &[fn(&(dyn core::error::Error + 'static)) -> Option<Error>] =
            &[$($(#[$when])? <$error>::of),*];
    };
}

copied! {
    InvalidModule => InvalidModule::try_clone;
    #[cfg(feature = "wat")]
    super::InvalidText => Self::try_clone;
    ModuleLimitExceeded => |error: &Self| Ok(*error);
    Halted => |error: &Self| Ok(*error);
    OutOfMemory => |error: &Self| Ok(*error);
}

/// A copy of an error of the compiler. Of errors that are not listed above, the texts are copied only.
#[cold]
pub(super) fn outside(error: &Error) -> Error {
    let mut causes = error.chain().rev();
    let Some(root) = causes.next() else {
        return Error::msg("internal error");
    };
    let copy = COPIED.iter().find_map(|copied| copied(root));
    let root = copy.unwrap_or_else(|| Error::msg(oom::text(format_args!("{root}"))));
    causes.fold(root, |error, context| {
        error.context(oom::text(format_args!("{context}")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Context as _;
    use std::format;

    #[test]
    fn copies_say_the_same() {
        let check = |error: Error, expected: &str| {
            let copy = outside(&error);
            assert_eq!(format!("{copy:#}"), expected);
            assert_eq!(copy.is::<Halted>(), error.is::<Halted>());
            assert_eq!(copy.is::<OutOfMemory>(), error.is::<OutOfMemory>());
            let invalid = |error: &Error| error.downcast_ref::<InvalidModule>()?.try_clone().ok();
            assert_eq!(invalid(&copy), invalid(&error));
        };
        check(Error::msg("number 5"), "number 5");
        check(
            Error::from(Halted).context("one").context(format!("{}", 2)),
            "2: one: the compiler was stopped",
        );
        check(None::<()>.context("nothing").unwrap_err(), "nothing");
        let compiler = crate::compile::tests::compiler("x86_64");
        check(
            compiler.validate(b"").unwrap_err().context("one"),
            "one: invalid module: unexpected end-of-file (at offset 0x0)",
        );
        check(
            OutOfMemory::new(5).into(),
            "out of memory: no room for 5 bytes",
        );
    }
}
