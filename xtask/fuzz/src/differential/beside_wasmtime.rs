//! When what wasmetal did is as it should be beside what Wasmtime did.

use crate::observe::{Difference, Event, Outcome};

/// Both sides, in the order of the arguments.
pub(crate) const NAMES: [&str; 2] = ["Wasmtime", "wasmetal"];

/// What both engines did, if it is the same; else the first difference. Each call was given `units` of fuel.
pub(crate) fn compare(
    wasmtime: &[Event],
    wasmetal: &[Event],
    units: u64,
) -> Result<(), Difference> {
    let pairs = wasmtime.iter().zip(wasmetal);
    // Each engine looks at the fuel at places of its own: what a call has done until it ended may differ.
    let mut ended_early = false;
    for (index, (a, b)) in pairs.enumerate() {
        if a.is_limit() || b.is_limit() || end_of_fuel(a, b) || a.has_more_than(units) {
            // From here on they may differ.
            return Ok(());
        }
        if !a.agrees_with(b) {
            return match ended_early {
                true => Ok(()),
                false => Err(Difference::new(NAMES, index, Some(a), Some(b))),
            };
        }
        ended_early |= a.is_out_of_fuel() == Some(true);
    }
    let common = wasmtime.len().min(wasmetal.len());
    let (a, b) = (wasmtime.get(common), wasmetal.get(common));
    if a.is_none() && b.is_none() || [a, b].into_iter().flatten().any(Event::is_limit) {
        return Ok(());
    }
    Err(Difference::new(NAMES, common, a, b))
}

/// Whether one found that there is no fuel left where the other did not look, at an operator on a range that only one
/// of them knows to be short: the other has none left either, or went on to a trap, and what that leaves is what was
/// written last.
fn end_of_fuel(a: &Event, b: &Event) -> bool {
    let ends = a.is_out_of_fuel().zip(b.is_out_of_fuel());
    ends.is_some_and(|(a, b)| a != b)
}

/// [`Trap::OutOfFuel`](wasmetal::Trap::OutOfFuel).
const OUT_OF_FUEL: &str = "OutOfFuel";
/// [`Trap::UnreachableCodeReached`](wasmetal::Trap::UnreachableCodeReached).
const UNREACHABLE: &str = "UnreachableCodeReached";

impl Event {
    /// Whether wasmetal's event is as it should be beside this one of Wasmtime's, which does not count what the innermost
    /// function used before a trap, but `unreachable`.
    fn agrees_with(&self, wasmetal: &Self) -> bool {
        if let (Self::Called(name, trap, Some(left)), Self::Called(other_name, other, Some(less))) =
            (self, wasmetal)
            && matches!(trap, Outcome::Trap(trap) if trap != OUT_OF_FUEL && trap != UNREACHABLE)
        {
            return (name, trap) == (other_name, other) && less <= left;
        }
        self == wasmetal
    }

    /// Whether a call ended since there was no fuel left; `None` if it did not, and did not trap, and has some left.
    fn is_out_of_fuel(&self) -> Option<bool> {
        match self {
            Self::Called(_, Outcome::Trap(trap), _) if trap == OUT_OF_FUEL => Some(true),
            Self::Called(_, Outcome::Trap(_), Some(_)) | Self::Called(_, _, Some(0)) => Some(false),
            _ => None,
        }
    }

    /// Whether a call left more fuel than it was given: Wasmtime counts without saturation, and a range of 2^63 units
    /// makes it wrap round.
    fn has_more_than(&self, units: u64) -> bool {
        matches!(self, Self::Called(.., Some(left)) if *left > units)
    }
}
