//! What can be seen of a module at work, free of the engine that did it.

use std::fmt::{self, Write as _};
use wasmetal_fuzz::Value;

/// One thing that was seen.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Event {
    /// The module was compiled.
    Compiled,
    /// The module was refused.
    Refused(Message),
    /// Nothing suits an import.
    Unlinkable,
    /// Instantiation ended.
    Instantiated(Outcome),
    /// A host function was called, with this fuel left.
    HostCall(usize, Vec<Value>, Option<u64>),
    /// An export was called; then this fuel was left.
    Called(String, Outcome, Option<u64>),
    /// The content of a memory at the end: its size in pages, and a hash.
    Memory(u64, u64),
    /// The value of a global at the end.
    Global(Value),
    /// The elements of a table at the end.
    Table(Vec<Value>),
}

/// How a call ended.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Outcome {
    Returned(Vec<Value>),
    Trap(String),
    /// The host function that this module calls failed.
    HostFailed,
    /// An exception came out, with its values.
    Exception(Vec<Value>),
    /// Another failure.
    Failed(Message),
    /// A resource is at an end. How much there is of it differs from engine to engine.
    Limit,
}

/// Words, for the reader of a finding: they differ from engine to engine.
#[derive(Clone, Debug)]
#[allow(
    dead_code,
    reason = "it is read as a part of others, when they are printed"
)]
pub(crate) struct Message(pub(crate) String);

impl PartialEq for Message {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// What one engine did twice, if it is the same; else the first difference.
pub(crate) fn compare_alike(names: [&str; 2], seen: [&[Event]; 2]) -> Result<(), Difference> {
    for index in 0.. {
        let [a, b] = seen.map(|events| events.get(index));
        if [a, b].into_iter().flatten().any(Event::is_limit) || (a, b) == (None, None) {
            // From a limit on they may differ: how much garbage there is is not the same.
            break;
        }
        if a != b {
            return Err(Difference::new(names, index, a, b));
        }
    }
    Ok(())
}

impl Event {
    pub(crate) fn is_limit(&self) -> bool {
        matches!(
            self,
            Self::Called(_, Outcome::Limit, _) | Self::Instantiated(Outcome::Limit)
        )
    }
}

/// The first difference.
#[derive(Debug)]
pub(crate) struct Difference(String);

impl Difference {
    pub(crate) fn new(
        names: [&str; 2],
        index: usize,
        one: Option<&Event>,
        other: Option<&Event>,
    ) -> Self {
        let mut text = String::new();
        for (name, event) in names.into_iter().zip([one, other]) {
            let event = event.map_or("nothing more".to_owned(), |event| format!("{event:?}"));
            let _ = write!(text, "\n  {name}, event {index}: {event}");
        }
        Self(text)
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
