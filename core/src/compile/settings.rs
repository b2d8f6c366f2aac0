//! What the compiler is told, and Cranelift's settings for it.

use super::limits::ModuleLimits;
use crate::abi::{cpu, features::Features, tunables::Tunables};
use crate::compile::OperatorCost;
use crate::error::bounded::{bail, ensure, format_err};
use crate::error::{Context as _, Result};
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;
use cranelift_codegen::isa::{self, OwnedTargetIsa};
use cranelift_codegen::settings::{self, Configurable as _, Flags, SetError, Value};
use target_lexicon::{Architecture, Triple};

/// How hard the compiler tries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum OptLevel {
    /// Compile fast: no optimisation beyond what costs nothing.
    None,
    /// Make fast code.
    #[default]
    Speed,
    /// Make fast code, and less of it where that costs nothing.
    SpeedAndSize,
}

/// How registers are allocated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum RegallocAlgorithm {
    /// With live-range splitting and backtracking: the best code.
    #[default]
    Backtracking,
    /// In one pass: about twice as fast to compile, about twice as slow to run.
    SinglePass,
}

/// Everything that decides what code is made of a module, and of which.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The machine to compile for.
    pub target: Triple,
    /// How hard to try.
    pub opt_level: OptLevel,
    /// How registers are allocated.
    pub regalloc_algorithm: RegallocAlgorithm,
    /// What the code may take for granted about the runtime.
    pub tunables: Tunables,
    /// What operators cost, if code uses fuel: `tunables` have the digest.
    pub operator_cost: Arc<OperatorCost>,
    /// The proposals that are on.
    pub features: Features,
    /// ISA flags by Cranelift's name. [`cpu::isa_flags`] gives those of a CPU.
    pub isa_flags: Vec<(String, bool)>,
    /// Make every NaN that an operator produces the canonical one.
    pub nan_canonicalization: bool,
    /// Check Cranelift's IR between passes: a debugging aid that nearly doubles compile time.
    pub verifier: bool,
    /// Put into images which operator each piece of code was made of. No code depends on it.
    pub address_map: bool,
    /// How large modules may be. No code depends on it.
    pub limits: ModuleLimits,
}

impl Settings {
    /// As [`target_isa`](Self::target_isa), for functions on which optimisation, or
    /// [`RegallocAlgorithm::Backtracking`], would take too long.
    pub(super) fn hard_isa(&self) -> Result<OwnedTargetIsa> {
        let settings = Self {
            opt_level: OptLevel::None,
            regalloc_algorithm: RegallocAlgorithm::SinglePass,
            ..self.clone()
        };
        settings.target_isa()
    }

    /// Checks the settings and builds Cranelift's target from them.
    pub(super) fn target_isa(&self) -> Result<OwnedTargetIsa> {
        let architecture = self.target.architecture;
        self.features.check()?;
        if !matches!(
            architecture,
            Architecture::X86_64 | Architecture::Aarch64(_)
        ) {
            bail!(
                "cannot compile for {}: x86_64 and aarch64 only",
                self.target
            );
        }
        let mut builder = isa::lookup(self.target.clone())
            .map_err(|e| format_err!("cannot compile for {}: {e}", self.target))?;
        for (name, on) in &self.isa_flags {
            if !cpu::features(architecture).iter().any(|f| f.flag == name) {
                bail!("unknown ISA flag {name:?} for {}", self.target);
            }
            builder
                .set(name, if *on { "true" } else { "false" })
                .map_err(|e| format_err!("ISA flag {name:?}: {e}"))?;
        }
        let isa = builder
            .finish(self.flags()?)
            .map_err(|e| format_err!("cannot compile for {}: {e}", self.target))?;
        let flags = isa.isa_flags();
        for (name, _) in cpu::required(architecture) {
            let on = flags
                .iter()
                .any(|f| f.name == name && f.as_bool() == Some(true));
            ensure!(on, "{} needs the ISA flag {name:?}", self.target);
        }
        Ok(isa)
    }

    /// Cranelift's flags for every target.
    fn flags(&self) -> Result<Flags> {
        let tunables = &self.tunables;
        let probe = tunables.stack_probe_size;
        ensure!(
            probe.is_power_of_two() && (256..=1 << 20).contains(&probe),
            "stack probe size {probe} is no power of two from 256 to 1048576"
        );
        let on_off = |on| if on { "true" } else { "false" };
        let flags = [
            (
                "opt_level",
                match self.opt_level {
                    OptLevel::None => "none",
                    OptLevel::Speed => "speed",
                    OptLevel::SpeedAndSize => "speed_and_size",
                },
            ),
            (
                "regalloc_algorithm",
                match self.regalloc_algorithm {
                    RegallocAlgorithm::Backtracking => "backtracking",
                    RegallocAlgorithm::SinglePass => "single_pass",
                },
            ),
            ("enable_verifier", on_off(self.verifier)),
            // It has what is left of the fuel (`abi`).
            ("enable_pinned_reg", on_off(tunables.consume_fuel)),
            (
                "enable_nan_canonicalization",
                on_off(self.nan_canonicalization),
            ),
            // Backtraces walk frame pointers; nothing unwinds by tables.
            ("preserve_frame_pointers", "true"),
            ("unwind_info", "false"),
            // Results that do not fit in registers go through memory.
            ("enable_multi_ret_implicit_sret", "true"),
            // A large frame must not jump over the stack's guard.
            ("enable_probestack", on_off(tunables.stack_faults)),
            ("probestack_strategy", "inline"),
            ("probestack_size_log2", &probe.ilog2().to_string()),
            (
                "enable_heap_access_spectre_mitigation",
                on_off(tunables.spectre_mitigation),
            ),
            (
                "enable_table_access_spectre_mitigation",
                on_off(tunables.spectre_mitigation),
            ),
        ];
        let mut builder = settings::builder();
        for (name, value) in flags {
            builder
                .set(name, value)
                .map_err(|e: SetError| format_err!("{e}"))
                .with_context(|| alloc::format!("flag {name:?}"))?;
        }
        Ok(Flags::new(builder))
    }
}

/// Flags as a fingerprint states them: those that differ from Cranelift's defaults.
pub(super) fn flag_lines(
    flags: impl IntoIterator<Item = Value>,
    defaults: impl IntoIterator<Item = Value>,
) -> String {
    let mut lines = String::new();
    for (flag, default) in flags.into_iter().zip(defaults) {
        debug_assert_eq!(flag.name, default.name);
        let value = flag.value_string();
        if value != default.value_string() {
            lines.push_str(flag.name);
            if value != "true" {
                lines.push('=');
                lines.push_str(&value);
            }
            lines.push('\n');
        }
    }
    lines
}

/// Cranelift's defaults of a target.
pub(super) fn defaults(target: &Triple) -> Result<OwnedTargetIsa> {
    let flags = Flags::new(settings::builder());
    let isa = isa::lookup(target.clone()).map_err(|e| format_err!("{target}: {e}"))?;
    isa.finish(flags).map_err(|e| format_err!("{target}: {e}"))
}
