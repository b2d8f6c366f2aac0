//! How the two engines are set up: a few dozen ways, each with a number, so that engines are kept.

use fastrand::Rng;
use wasmetal::WasmFeatures as Features;

/// Both engines' settings.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// The proposals that are on.
    pub features: Features,
    /// `Config::relaxed_simd_deterministic`; without it, both do what this machine does fastest.
    pub deterministic: bool,
    /// `Config::consume_fuel`: code uses as much in both, to the unit.
    pub fuel: bool,
    /// What wasmetal is told besides.
    pub wasmetal: Wasmetal,
    /// What Wasmtime is told besides.
    pub wasmtime: Wasmtime,
}

/// What only wasmetal is told.
#[derive(Clone, Copy, Debug)]
pub struct Wasmetal {
    /// `Config::explicit_checks`.
    pub explicit_checks: bool,
    /// `Config::spectre_mitigation`.
    pub spectre_mitigation: bool,
    /// `Config::memory_init_cow`.
    pub memory_init_cow: bool,
    /// Whether the compiler tries hard.
    pub optimize: bool,
    /// `Config::cranelift_debug_verifier`.
    pub verifier: bool,
    /// In time slices, there is a collection at one allocation in this many; 0 for none.
    pub zeal: u32,
}

/// What only Wasmtime is told.
#[derive(Clone, Copy, Debug)]
pub struct Wasmtime {
    /// Whether the compiler tries hard.
    pub optimize: bool,
    /// `Config::signals_based_traps`.
    pub signals: bool,
}

/// How many settings there are.
pub(crate) const COUNT: u64 = 32;

/// Proposals that can't be on without another.
const NEEDS: &[(Features, Features)] = &[
    (Features::RELAXED_SIMD, Features::SIMD),
    (Features::GC, Features::FUNCTION_REFERENCES),
    (Features::FUNCTION_REFERENCES, Features::REFERENCE_TYPES),
    (Features::EXCEPTIONS, Features::REFERENCE_TYPES),
    // The text of reference types begins with bulk operations on tables.
    (Features::REFERENCE_TYPES, Features::BULK_MEMORY),
];

impl Settings {
    /// The settings with a number below `COUNT`. In the first half every proposal is on.
    pub fn numbered(number: u64) -> Self {
        let mut rng = Rng::with_seed(number);
        Self {
            features: if number < COUNT / 2 {
                Features::default()
            } else {
                some_of(Features::default(), &mut rng)
            },
            deterministic: number % 4 < 2,
            fuel: number / 4 % 4 == 1,
            wasmetal: Wasmetal {
                explicit_checks: number % 2 == 1,
                spectre_mitigation: rng.bool(),
                memory_init_cow: rng.bool(),
                optimize: rng.u8(..4) > 0,
                verifier: rng.u8(..8) == 0,
                zeal: [0, 1, 7][number as usize % 3],
            },
            wasmtime: Wasmtime {
                optimize: rng.u8(..4) == 0,
                signals: rng.bool(),
            },
        }
    }
}

/// Some of the proposals in a set, each with what it needs.
pub(crate) fn some_of(set: Features, rng: &mut Rng) -> Features {
    let mut some = Features::MUTABLE_GLOBAL;
    for (feature, _) in Features::ALL {
        some.set(*feature, set.contains(*feature) && rng.u8(..4) > 0);
    }
    some.set(Features::MUTABLE_GLOBAL, true);
    for _ in NEEDS {
        for (feature, needed) in NEEDS {
            if !some.contains(*needed) {
                some.set(*feature, false);
            }
        }
    }
    some
}
