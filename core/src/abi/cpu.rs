//! CPU features: the compiler's name for each, and Rust's, which a platform answers to.

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

const fn feature(flag: &'static str, feature: &'static str) -> CpuFeature {
    CpuFeature { flag, feature }
}

const X86_64: &[CpuFeature] = &[
    feature("has_sse3", "sse3"),
    feature("has_ssse3", "ssse3"),
    feature("has_cmpxchg16b", "cmpxchg16b"),
    feature("has_sse41", "sse4.1"),
    feature("has_sse42", "sse4.2"),
    feature("has_avx", "avx"),
    feature("has_avx2", "avx2"),
    feature("has_fma", "fma"),
    feature("has_avx_vnni", "avxvnni"),
    feature("has_avx512bitalg", "avx512bitalg"),
    feature("has_avx512dq", "avx512dq"),
    feature("has_avx512vl", "avx512vl"),
    feature("has_avx512vbmi", "avx512vbmi"),
    feature("has_avx512f", "avx512f"),
    feature("has_avx512vnni", "avx512vnni"),
    feature("has_popcnt", "popcnt"),
    feature("has_bmi1", "bmi1"),
    feature("has_bmi2", "bmi2"),
    feature("has_lzcnt", "lzcnt"),
];

const AARCH64: &[CpuFeature] = &[
    feature("has_lse", "lse"),
    feature("has_pauth", "paca"),
    feature("has_fp16", "fp16"),
    feature("has_dotprod", "dotprod"),
    feature("has_i8mm", "i8mm"),
    // In the hint space: a CPU without these runs them as `nop`.
    feature("sign_return_address_all", ""),
    feature("sign_return_address", ""),
    feature("sign_return_address_with_bkey", ""),
    feature("use_bti", ""),
    feature("use_csdb", ""),
];

/// All ISA flags of an architecture; empty for one that is not compiled for.
#[must_use]
pub fn features(architecture: Architecture) -> &'static [CpuFeature] {
    match architecture {
        Architecture::X86_64 => X86_64,
        Architecture::Aarch64(_) => AARCH64,
        _ => &[],
    }
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
