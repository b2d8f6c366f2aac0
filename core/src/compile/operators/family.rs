//! How families of operators are written down.

/// An enum for each family, and one of all families; and in `default_costs` what each operator costs in fuel, by its
/// name.
///
/// A family lists operators in groups: first those without immediates, then those with. A group says what each of its
/// operators costs, unless a configuration says otherwise, so none is here without a cost. As in Wasmtime that is 1, but
/// 0 for what makes no code, and for the ends of blocks.
macro_rules! families {
    (
        enum $all:ident { $($more:tt)* }
        $(
            $(#[$doc:meta])*
            $family:ident $(<$life:lifetime>)? {
                $(costs $plain_cost:literal: $($plain:ident)+;)*
                $(with $immediates:tt costs $cost:literal: $($operator:ident)+;)*
            }
        )*
    ) => {
        /// An operator, by its family.
        #[derive(Clone, Copy)]
        pub(in crate::compile) enum $all<'a> {
            $($more)*
            $($(#[$doc])* $family($family $(<$life>)?),)*
        }

        $(
            $(#[$doc])*
            #[derive(Clone, Copy)]
            #[allow(
                dead_code,
                reason = "some builds leave its translator out, and some immediates only validation asks for"
            )]
            #[allow(clippy::enum_variant_names, reason = "they are `wasmparser`'s")]
            pub(in crate::compile) enum $family $(<$life>)? {
                $($($plain,)+)*
                $($($operator $immediates,)+)*
            }

            impl<'a> From<$family $(<$life>)?> for $all<'a> {
                fn from(operator: $family $(<$life>)?) -> Self {
                    Self::$family(operator)
                }
            }
        )*

        #[allow(non_upper_case_globals, reason = "they are operators")]
        pub(in crate::compile) mod default_costs {
            $(
                $($(pub(in crate::compile) const $plain: u8 = $plain_cost;)+)*
                $($(pub(in crate::compile) const $operator: u8 = $cost;)+)*
            )*
        }
    };
}
pub(super) use families;
