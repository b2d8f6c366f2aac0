//! How much was done.

use crate::observe::{Event, Outcome};
use std::fmt;
use std::ops::AddAssign;

macro_rules! tally {
    ($($(#[$doc:meta])* $name:ident: $text:literal,)*) => {
        /// Counts of what Wasmtime did.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub(crate) struct Tally {
            $($(#[$doc])* pub(crate) $name: u64,)*
        }

        impl Tally {
            /// The counts, as text.
            pub(crate) fn to_line(self) -> String {
                [$(self.$name.to_string()),*].join(" ")
            }

            /// From [`to_line`](Self::to_line).
            pub(crate) fn from_line(line: &str) -> Option<Self> {
                let mut counts = line.split(' ').map(|count| count.parse().ok());
                let tally = Self { $($name: counts.next()??,)* };
                counts.next().is_none().then_some(tally)
            }
        }

        impl AddAssign for Tally {
            fn add_assign(&mut self, other: Self) {
                $(self.$name += other.$name;)*
            }
        }

        impl fmt::Display for Tally {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let counts = [$((self.$name, $text)),*];
                for (index, (count, text)) in counts.iter().enumerate() {
                    let comma = if index > 0 { ", " } else { "" };
                    write!(f, "{comma}{count} {text}")?;
                }
                Ok(())
            }
        }
    };
}

tally! {
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
}

impl Tally {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_back() {
        let mut tally = Tally::default();
        tally.count(&[Event::Compiled, Event::Unlinkable]);
        assert_eq!(Tally::from_line(&tally.to_line()), Some(tally));
        for bad in ["", "1 2", "a"] {
            assert_eq!(Tally::from_line(bad), None, "{bad:?}");
        }
    }
}
