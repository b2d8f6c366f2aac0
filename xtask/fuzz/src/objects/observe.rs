//! What can be seen of a program, free of the engine that ran it.

use std::fmt::Write as _;
use wasmetal_fuzz::Value;

/// One thing that was seen.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Event {
    /// A module was refused; with the message.
    Refused(String),
    /// Instantiation ended.
    Instantiated(Outcome),
    /// A call ended; what the host was told meanwhile.
    Called(Outcome, Vec<i32>),
    /// The value of a global at the end.
    Global(Value),
    /// The elements of a table at the end.
    Table(Vec<Value>),
}

/// How a call ended.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Outcome {
    Returned(i64),
    Trap(String),
    /// An exception came out, with its values.
    Exception(Vec<Value>),
    /// Another failure, with its message. There is none that is right.
    Failed(String),
    /// The heap or the stack is full. How much there is of it differs.
    Limit,
}

impl Event {
    fn is_limit(&self) -> bool {
        matches!(
            self,
            Self::Instantiated(Outcome::Limit) | Self::Called(Outcome::Limit, _)
        )
    }

    fn is_wrong(&self) -> bool {
        matches!(
            self,
            Self::Refused(_)
                | Self::Instantiated(Outcome::Failed(_))
                | Self::Called(Outcome::Failed(_), _)
        )
    }
}

/// What someone saw.
pub(crate) type Seen = (&'static str, Vec<Event>);

/// How the others differ from the first; none if all saw the same, up to a limit, and nothing wrong.
pub(crate) fn compare(seen: &[Seen]) -> Option<String> {
    let (first, others) = seen.split_first()?;
    others.iter().find_map(|other| differ(first, other))
}

fn differ(first: &Seen, other: &Seen) -> Option<String> {
    for index in 0..first.1.len().max(other.1.len()) {
        let (a, b) = (first.1.get(index), other.1.get(index));
        if [a, b].into_iter().flatten().any(Event::is_limit) {
            return None;
        }
        if a != b || [a, b].into_iter().flatten().any(Event::is_wrong) {
            let mut text = String::new();
            for (name, event) in [(first.0, a), (other.0, b)] {
                let event = event.map_or("nothing more".to_owned(), |event| format!("{event:?}"));
                let _ = write!(text, "\n  {name}, event {index}: {event}");
            }
            return Some(text);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences() {
        let called = |outcome| Event::Called(outcome, Vec::new());
        let returned = |value| called(Outcome::Returned(value));
        let wrong = || called(Outcome::Failed("damaged".to_owned()));
        let limit = || called(Outcome::Limit);
        #[rustfmt::skip]
        let cases = [
            (vec![returned(1)], vec![returned(1)], true),
            (vec![returned(1)], vec![returned(2)], false),
            (vec![returned(1)], vec![], false),
            (vec![returned(1), returned(2)], vec![limit()], true),
            (vec![limit()], vec![returned(2)], true),
            (vec![returned(1), limit()], vec![returned(2), limit()], false),
            (vec![wrong()], vec![wrong()], false),
        ];
        for (a, b, same) in cases {
            let text = format!("{a:?} {b:?}");
            assert_eq!(compare(&[("a", a), ("b", b)]).is_none(), same, "{text}");
        }
    }
}
