//! How families of operators are written down.

/// An enum for each family, and one of all families.
///
/// A family lists its operators without immediates first, then, after a semicolon each, immediates and the operators
/// that have these.
macro_rules! families {
    (
        enum $all:ident { $($more:tt)* }
        $(
            $(#[$doc:meta])*
            $family:ident $(<$life:lifetime>)? {
                $($plain:ident)*
                $(; $immediates:tt $($operator:ident)*)*
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
                $($plain,)*
                $($($operator $immediates,)*)*
            }

            impl<'a> From<$family $(<$life>)?> for $all<'a> {
                fn from(operator: $family $(<$life>)?) -> Self {
                    Self::$family(operator)
                }
            }
        )*
    };
}
pub(super) use families;
