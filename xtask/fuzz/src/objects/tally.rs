//! How much was done.

use crate::observe::{Event, Outcome, Seen};

wasmetal_fuzz::tally! {
    programs: "programs",
    returns: "calls that returned",
    traps: "traps",
    exceptions: "exceptions",
    limits: "programs that a full heap ended for someone",
}

impl Counts {
    /// Counts what was seen of one program.
    pub(crate) fn count(&mut self, seen: &[Seen]) {
        self.programs += 1;
        let outcome = |event: &Event| match event {
            Event::Instantiated(outcome) | Event::Called(outcome, _) => Some(outcome.clone()),
            _ => None,
        };
        for outcome in seen[0].1.iter().filter_map(outcome) {
            match outcome {
                Outcome::Returned(_) => self.returns += 1,
                Outcome::Trap(_) => self.traps += 1,
                Outcome::Exception(_) => self.exceptions += 1,
                Outcome::Limit | Outcome::Failed(_) => {}
            }
        }
        let mut events = seen.iter().flat_map(|(_, events)| events);
        let limit = events.any(|event| outcome(event) == Some(Outcome::Limit));
        self.limits += u64::from(limit);
    }
}
