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

#[cfg(test)]
mod tests {
    #[test]
    fn features_by_name() {
        let baseline = match cfg!(target_arch = "x86_64") {
            true => ["fxsr", "sse", "sse2"],
            false => ["asimd", "fp", "neon"],
        };
        for (name, expected) in [(baseline, true), (["", "SSE2", "sse 2"], false)]
            .into_iter()
            .flat_map(|(names, expected)| names.map(|name| (name, expected)))
        {
            assert_eq!(super::feature(name), expected, "{name}");
        }
    }
}
