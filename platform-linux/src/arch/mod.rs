//! What differs between the two architectures. Both modules offer the same names.

#[cfg(target_arch = "aarch64")]
mod aarch64;
#[cfg(target_arch = "aarch64")]
pub(crate) use aarch64::*;

#[cfg(target_arch = "x86_64")]
mod x86_64;
#[cfg(target_arch = "x86_64")]
pub(crate) use x86_64::*;

/// `feature(name)`: whether the CPU has the feature, out of those listed. Detection takes literals
/// only, so the list stands here.
macro_rules! features {
    ($detect:ident: $($name:tt)*) => {
        pub(crate) fn feature(name: &str) -> bool {
            match name {
                $($name => std::arch::$detect!($name),)*
                _ => false,
            }
        }
    };
}
use features;
