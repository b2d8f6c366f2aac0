//! What errors say, what is found in them, and what they take.

use super::{Chain, Context as _, Error, OutOfMemory};
use crate::{Trap, bail, ensure, format_err};
use core::error::Error as StdError;
use core::fmt;
use std::boxed::Box;
use std::format;
use std::string::{String, ToString as _};
use std::sync::Arc;
use std::vec::Vec;

/// An error with a cause, and something to count it by.
#[derive(Debug)]
struct Broken(Option<Box<Broken>>, #[expect(dead_code)] Arc<()>);

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() {
            "broken"
        } else {
            "worn\nout"
        })
    }
}

impl StdError for Broken {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.as_deref().map(|cause| cause as _)
    }
}

fn broken(counted: &Arc<()>) -> Broken {
    let cause = Broken(None, counted.clone());
    Broken(Some(Box::new(cause)), counted.clone())
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Place(u32);

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at {}", self.0)
    }
}

#[test]
fn texts() {
    let check = |error: &Error, plain: &str, chain: &str, debug: &str| {
        assert_eq!(format!("{error}"), plain);
        assert_eq!(format!("{error:#}"), chain);
        assert_eq!(format!("{error:?}"), debug);
    };
    let trap = Error::new(Trap::StackOverflow);
    let text = "wasm trap: call stack exhausted";
    check(&trap, text, text, text);
    check(
        &trap.context("plugin"),
        "plugin",
        &format!("plugin: {text}"),
        &format!("plugin\n\nCaused by:\n    {text}"),
    );
    let out = Error::new(OutOfMemory::new(64));
    let text = "out of memory: no room for 64 bytes";
    check(&out, text, text, text);
    let counted = Arc::new(());
    check(
        &Error::new(broken(&counted))
            .context(Place(7))
            .context(String::from("a\nb")),
        "a\nb",
        "a\nb: at 7: broken: worn\nout",
        "a\nb\n\nCaused by:\n    0: at 7\n    1: broken\n    2: worn\n       out",
    );
    check(
        &Error::from_boxed("boxed".into()),
        "boxed",
        "boxed",
        "boxed",
    );
    check(&Error::msg(Place(1)), "at 1", "at 1", "at 1");
}

#[test]
fn types() {
    let counted = Arc::new(());
    let mut error = Error::new(broken(&counted))
        .context("first")
        .context(Place(2))
        .context(Place(3));
    assert!(error.is::<Broken>() && error.is::<&str>() && !error.is::<String>());
    // The outermost of several; and not what the error itself names as its cause.
    assert_eq!(error.downcast_ref(), Some(&Place(3)));
    *error.downcast_mut().expect("a place") = Place(4);
    error.downcast_mut::<Broken>().expect("an error").0 = None;
    assert_eq!(format!("{error:#}"), "at 4: at 2: first: worn\nout");
    let error = error.downcast::<Trap>().expect_err("no trap");
    let worn = error.downcast::<Broken>().expect("an error");
    assert!(worn.0.is_none());
    drop(worn);
    assert_eq!(Arc::strong_count(&counted), 1);

    for trap in Trap::ALL {
        let mut error = Error::new(*trap);
        assert_eq!(error.downcast_ref(), Some(trap));
        assert!(!error.is::<OutOfMemory>() && !error.is::<&str>());
        *error.downcast_mut().expect("a trap") = Trap::Interrupt;
        assert_eq!(error.downcast::<Trap>().ok(), Some(Trap::Interrupt));
    }
    for size in [0, 1, 2, 3, 4, 4096, usize::MAX >> 2] {
        let mut error = Error::new(OutOfMemory::new(size));
        assert_eq!(error.downcast_ref(), Some(&OutOfMemory::new(size)));
        assert!(!error.is::<Trap>());
        *error.downcast_mut().expect("it is there") = OutOfMemory::new(!size);
        let found: OutOfMemory = error.downcast().expect("it is there");
        assert_eq!(
            found.requested_allocation_size(),
            (!size).min(usize::MAX >> 2)
        );
    }
    assert_eq!(Error::msg("text").downcast_ref(), Some(&"text"));
    assert_eq!(Error::msg("text").downcast().ok(), Some("text"));
    assert_eq!(
        Error::msg(String::from("text")).downcast().ok(),
        Some(String::from("text"))
    );
    assert_eq!(Error::msg(Place(5)).downcast().ok(), Some(Place(5)));
    assert_eq!(
        Error::msg("x").context(Place(6)).downcast().ok(),
        Some(Place(6))
    );
    assert_eq!(Error::msg("x").context(Place(6)).downcast().ok(), Some("x"));
}

#[test]
fn chains() {
    let counted = Arc::new(());
    let error = Error::new(broken(&counted)).context("outer");
    let texts: Vec<_> = error.chain().map(<dyn StdError>::to_string).collect();
    assert_eq!(texts, ["outer", "broken", "worn\nout"]);
    let mut backward: Vec<_> = error.chain().rev().map(<dyn StdError>::to_string).collect();
    backward.reverse();
    assert_eq!(texts, backward);
    assert_eq!(error.chain().len(), 3);
    let mut chain = error.chain();
    assert!(chain.next_back().is_some() && chain.next().is_some() && chain.next_back().is_some());
    assert!(chain.next().is_none() && chain.next_back().is_none());
    assert!(error.root_cause().is::<Broken>());
    assert!(error.chain().any(|cause| cause.is::<Broken>()));
    let trap = Error::new(Trap::OutOfFuel).context("outer");
    assert_eq!(trap.root_cause().downcast_ref(), Some(&Trap::OutOfFuel));
    assert_eq!(Chain::new(&Trap::OutOfFuel).count(), 1);
}

#[test]
fn as_errors_of_the_standard_library() {
    let check = |error: Error, expected: &str| {
        let boxed = error.into_boxed_dyn_error();
        let texts: Vec<_> = Chain::new(&*boxed).map(<dyn StdError>::to_string).collect();
        assert_eq!(texts.join(": "), expected);
        boxed
    };
    let trap = check(Error::new(Trap::Interrupt), "wasm trap: interrupt");
    assert!(trap.is::<Trap>());
    let counted = Arc::new(());
    let boxed = check(Error::new(broken(&counted)), "broken: worn\nout");
    assert!(boxed.is::<Broken>());
    check(Error::msg("a").context(Place(1)), "at 1: a");
    check(Error::new(OutOfMemory::new(0)), "out of memory");
    drop(boxed);
    assert_eq!(Arc::strong_count(&counted), 1);
}

#[test]
fn macros() {
    fn fails(how: u32) -> super::Result<()> {
        let inlined = "inlined";
        match how {
            0 => bail!("literal"),
            1 => bail!("{inlined} and {{braces}}"),
            2 => bail!("{} {x}", 1, x = 2),
            3 => bail!(Trap::StackOverflow),
            4 => bail!(Error::msg("error").context("context")),
            5 => bail!(String::from("value")),
            6 => bail!(Place(6)),
            7 => ensure!(how < 7),
            8 => ensure!(how < 8, "how is {how}"),
            9 => ensure!(how < 9, Trap::Interrupt),
            10 => None.context("nothing")?,
            11 => Err(Trap::OutOfFuel).with_context(|| format!("{how}"))?,
            _ => {}
        }
        super::Ok(())
    }
    let check = |how, expected: &str| {
        assert_eq!(format!("{:#}", fails(how).expect_err("fails")), expected);
    };
    check(0, "literal");
    check(1, "inlined and {braces}");
    check(2, "1 2");
    check(3, "wasm trap: call stack exhausted");
    check(4, "context: error");
    check(5, "value");
    check(6, "at 6");
    check(7, "Condition failed: `how < 7`");
    check(8, "how is 8");
    check(9, "wasm trap: interrupt");
    check(10, "nothing");
    check(11, "11: wasm trap: all fuel consumed by WebAssembly");
    assert!(fails(12).is_ok());
    assert!(fails(3).expect_err("a trap").is::<Trap>());
    assert!(fails(6).expect_err("a place").is::<Place>());
    assert_eq!(format_err!("{}", 1).to_string(), "1");
}

#[test]
fn words() {
    const fn everywhere<T: Send + Sync + Unpin + core::panic::UnwindSafe>() {}
    everywhere::<Error>();
    assert_eq!(size_of::<Error>(), size_of::<usize>());
    assert_eq!(size_of::<super::Result<()>>(), size_of::<usize>());
}

/// What no field in front of it is aligned like.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(align(64))]
struct Aligned(u8);

/// What takes no room.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Nothing;

/// What counts how often it is dropped.
#[derive(Debug)]
struct Counted(#[expect(dead_code)] Arc<()>);

macro_rules! printed {
    ($($ty:ident)*) => {$(
        impl fmt::Display for $ty {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(stringify!($ty))
            }
        }
        impl StdError for $ty {}
    )*};
}
printed!(Aligned Nothing Counted);

#[test]
fn values_of_any_layout() {
    fn check<E>(value: E, other: E, text: &str)
    where
        E: StdError + Copy + PartialEq + Send + Sync + 'static,
    {
        let trap = || Error::new(Trap::Interrupt);
        for made in [
            Error::new(value),
            Error::msg(value),
            trap().context(value),
            trap().context(value).context(Place(1)),
        ] {
            let mut error = made;
            assert!(format!("{error:#}").contains(text));
            assert_eq!(error.downcast_ref::<E>(), Some(&value));
            *error.downcast_mut::<E>().expect("it is there") = other;
            assert_eq!(error.downcast::<E>().ok(), Some(other));
        }
        let boxed = Error::new(value).into_boxed_dyn_error();
        assert_eq!(boxed.downcast_ref::<E>(), Some(&value));
        for made in [Error::msg(value), trap().context(value)] {
            assert_eq!(made.into_boxed_dyn_error().to_string(), text);
        }
    }
    check(Aligned(1), Aligned(2), "Aligned");
    check(Nothing, Nothing, "Nothing");
}

#[test]
fn what_is_not_taken_is_dropped() {
    let counted = Arc::new(());
    let made = || {
        let error = Error::new(Counted(counted.clone()));
        error.context(Counted(counted.clone())).context(Place(1))
    };
    drop(made());
    assert_eq!(Arc::strong_count(&counted), 1);
    assert_eq!(made().downcast::<Place>().ok(), Some(Place(1)));
    assert_eq!(Arc::strong_count(&counted), 1);
    let outer = made().downcast::<Counted>().expect("it is there");
    assert_eq!(Arc::strong_count(&counted), 2);
    drop(outer);
    let boxed = made().into_boxed_dyn_error();
    assert_eq!(Arc::strong_count(&counted), 3);
    drop(boxed);
    assert_eq!(Arc::strong_count(&counted), 1);
}

#[cfg(feature = "anyhow")]
#[test]
fn anyhow_and_back() {
    let counted = Arc::new(());
    let error = Error::new(broken(&counted))
        .context("text")
        .context(Place(1));
    let error = anyhow::Error::from(error).context(Place(2));
    assert!(error.is::<Broken>() && error.is::<&str>());
    assert_eq!(error.downcast_ref(), Some(&Place(2)));
    assert_eq!(format!("{error:#}"), "at 2: at 1: text: broken: worn\nout");
    let mut error = Error::from_anyhow(error).context(Trap::Interrupt);
    assert!(error.is::<Broken>() && error.is::<Trap>() && !error.is::<String>());
    assert_eq!(
        format!("{error:#}"),
        "wasm trap: interrupt: at 2: at 1: text: broken: worn\nout"
    );
    *error.downcast_mut().expect("a place") = Place(3);
    assert_eq!(error.downcast::<Place>().ok(), Some(Place(3)));
    assert_eq!(Arc::strong_count(&counted), 1);
    let error = Error::from_anyhow(anyhow::Error::new(Nothing));
    assert!(error.root_cause().is::<Nothing>() && error.chain().len() == 1);
    assert!(anyhow::Error::from(error).is::<Nothing>());
    for error in [Error::new(Nothing), Error::msg(Nothing)] {
        assert!(anyhow::Error::from(error).is::<Nothing>());
    }
    for trap in Trap::ALL {
        let error = anyhow::Error::from(Error::new(*trap));
        assert_eq!(error.downcast_ref(), Some(trap));
        assert_eq!(Error::from_anyhow(error).downcast_ref(), Some(trap));
    }
}
