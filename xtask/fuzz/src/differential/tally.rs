//! How much was done.

use crate::observe::{Event, Outcome};

wasmetal_fuzz::tally! {
    none: "seeds without a module",
    modules: "modules",
    refused: "refused",
    instances: "instances",
    unlinkable: "without a fitting import",
    returns: "calls that returned",
    traps: "traps",
    other: "other failures",
    exceptions: "exceptions",
    host_calls: "calls of the host",
    limits: "ended by a limit",
    suspensions: "times not ready",
}

impl Counts {
    /// Counts what was seen of one module.
    pub(crate) fn count(&mut self, events: &[Event]) {
        self.modules += 1;
        for event in events {
            match event {
                Event::Refused(_) => self.refused += 1,
                Event::Unlinkable => self.unlinkable += 1,
                Event::HostCall(..) => self.host_calls += 1,
                Event::Instantiated(Outcome::Returned(_)) => self.instances += 1,
                Event::Instantiated(outcome) | Event::Called(_, outcome, _) => match outcome {
                    Outcome::Returned(_) => self.returns += 1,
                    Outcome::Trap(_) => self.traps += 1,
                    Outcome::HostFailed | Outcome::Failed(_) => self.other += 1,
                    Outcome::Exception(_) => self.exceptions += 1,
                    Outcome::Limit => self.limits += 1,
                },
                Event::Compiled | Event::Memory(..) | Event::Global(_) | Event::Table(_) => {}
            }
        }
    }
}
