//! CPU features: the compiler's name for each, and Rust's, which a platform answers to.

use super::layout::Table;
use alloc::{string::String, vec::Vec};
use target_lexicon::Architecture;

/// A flag of the compiler that makes it use an extension of the instruction set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CpuFeature {
    /// Cranelift's name of the ISA flag.
    pub flag: &'static str,
    /// The name of Rust's `target_feature`; empty for a flag that runs on every CPU of the
    /// architecture and is off unless asked for.
    pub feature: &'static str,
}

macro_rules! flags {
    ($name:ident, $table:ident: $($flag:literal $feature:literal;)*) => {
        const $name: &[CpuFeature] = &[$(CpuFeature { flag: $flag, feature: $feature }),*];

        /// A flag's place is its bit in an image.
        const $table: Table = &[$((concat!($flag, " ", $feature), 0)),*];
    };
}

flags! { X86_64, X86_64_TABLE:
    "has_sse3" "sse3";
    "has_ssse3" "ssse3";
    "has_cmpxchg16b" "cmpxchg16b";
    "has_sse41" "sse4.1";
    "has_sse42" "sse4.2";
    "has_avx" "avx";
    "has_avx2" "avx2";
    "has_fma" "fma";
    "has_avx_vnni" "avxvnni";
    "has_avx512bitalg" "avx512bitalg";
    "has_avx512dq" "avx512dq";
    "has_avx512vl" "avx512vl";
    "has_avx512vbmi" "avx512vbmi";
    "has_avx512f" "avx512f";
    "has_avx512vnni" "avx512vnni";
    "has_popcnt" "popcnt";
    "has_bmi1" "bmi1";
    "has_bmi2" "bmi2";
    "has_lzcnt" "lzcnt";
}

flags! { AARCH64, AARCH64_TABLE:
    "has_lse" "lse";
    "has_pauth" "paca";
    "has_fp16" "fp16";
    "has_dotprod" "dotprod";
    "has_i8mm" "i8mm";
    // In the hint space: a CPU without these runs them as `nop`.
    "sign_return_address_all" "";
    "sign_return_address" "";
    "sign_return_address_with_bkey" "";
    "use_bti" "";
    "use_csdb" "";
}

pub(super) const LAYOUT: &[Table] = &[X86_64_TABLE, AARCH64_TABLE];

/// All ISA flags of an architecture; empty for one that is not compiled for.
#[must_use]
pub fn features(architecture: Architecture) -> &'static [CpuFeature] {
    match architecture {
        Architecture::X86_64 => X86_64,
        Architecture::Aarch64(_) => AARCH64,
        _ => &[],
    }
}

/// x86-64 extensions without which some operators would need a library function.
const X86_64_REQUIRED: &[&str] = &["has_sse3", "has_ssse3", "has_sse41"];

/// The ISA flags without which nothing is compiled for an architecture.
#[must_use]
pub fn required(architecture: Architecture) -> Vec<(String, bool)> {
    let flags = match architecture {
        Architecture::X86_64 => X86_64_REQUIRED,
        _ => &[],
    };
    flags.iter().map(|&flag| (flag.into(), true)).collect()
}

/// The set of those ISA flags of an architecture that are `wanted`: bit `n` for the `n`-th of [`features`].
#[must_use]
pub fn set(architecture: Architecture, wanted: impl Fn(&CpuFeature) -> bool) -> u64 {
    let all = features(architecture).iter().enumerate();
    all.fold(0, |set, (n, flag)| set | u64::from(wanted(flag)) << n)
}

/// The ISA flags for a CPU that has the features that `has` (as `Platform::cpu_feature`) says.
#[must_use]
pub fn isa_flags(architecture: Architecture, has: impl Fn(&str) -> bool) -> Vec<(String, bool)> {
    features(architecture)
        .iter()
        .filter(|f| !f.feature.is_empty() && has(f.feature))
        .map(|f| (f.flag.into(), true))
        .collect()
}
