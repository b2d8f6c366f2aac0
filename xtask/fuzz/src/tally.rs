//! How much was done.

use std::fmt::Display;
use std::ops::AddAssign;

/// Counts, which go from worker to worker as a line of text.
pub trait Tally: AddAssign + Copy + Default + Display + Send {
    /// The counts, as text.
    fn to_line(self) -> String;

    /// From [`to_line`](Self::to_line).
    fn from_line(line: &str) -> Option<Self>;
}

/// Declares a [`Tally`]: its fields, and what to call them.
#[macro_export]
macro_rules! tally {
    ($($(#[$doc:meta])* $name:ident: $text:literal,)*) => {
        /// Counts of what was done.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub(crate) struct Counts {
            $($(#[$doc])* pub(crate) $name: u64,)*
        }

        impl $crate::Tally for Counts {
            fn to_line(self) -> String {
                [$(self.$name.to_string()),*].join(" ")
            }

            fn from_line(line: &str) -> Option<Self> {
                let mut counts = line.split(' ').map(|count| count.parse().ok());
                let counted = Self { $($name: counts.next()??,)* };
                counts.next().is_none().then_some(counted)
            }
        }

        impl std::ops::AddAssign for Counts {
            fn add_assign(&mut self, other: Self) {
                $(self.$name += other.$name;)*
            }
        }

        impl std::fmt::Display for Counts {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
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

#[cfg(test)]
mod tests {
    use crate::Tally as _;

    crate::tally! {
        these: "of these",
        those: "of those",
    }

    #[test]
    fn lines_come_back() {
        let tally = Counts { these: 1, those: 2 };
        assert_eq!(Counts::from_line(&tally.to_line()), Some(tally));
        for bad in ["", "1", "1 2 3", "a b"] {
            assert_eq!(Counts::from_line(bad), None, "{bad:?}");
        }
    }
}
