//! What made an image, and whether its code may run on this machine in this engine.

use super::LoadError;
use crate::abi::cpu::{self, CpuFeature};
use crate::abi::layout;
use crate::abi::{features::Features, tunables::Tunables};
use crate::digest::Digest;
use crate::error::Result;
use crate::oom;
use crate::wire::{self, Reader, Wire, shape};
use alloc::vec::Vec;
use target_lexicon::{Architecture, Triple};

/// What made an image: the compiler and everything it was told.
///
/// Flags are there twice: as sets, which are checked, and as text, for those who read it. Texts are decoded for them
/// alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint<'a> {
    pub(super) version: &'a [u8],
    /// [`LAYOUT`]. This and the version come first, whatever else changes.
    pub(super) layout: u64,
    target: &'a [u8],
    /// Bit `n`: the `n`-th of [`REQUIRED`] is as it must be.
    required: u32,
    /// The ISA flags that are on, as [`cpu::set`] has them, and bit 63 if there are more.
    cpu: u64,
    /// What the code takes for granted about the runtime.
    #[doc(hidden)]
    pub tunables: Tunables,
    /// The proposals that were on.
    pub features: Features,
    shared_flags: &'a [u8],
    isa_flags: &'a [u8],
}

impl<'a> Wire<'a> for Fingerprint<'a> {
    const SHAPE: u64 = shape(
        "fingerprint",
        &[
            <(&[u8], u64)>::SHAPE,
            <&[u8]>::SHAPE,
            <(u32, u64)>::SHAPE,
            Tunables::SHAPE,
            Features::SHAPE,
            <(&[u8], &[u8])>::SHAPE,
        ],
    );

    fn write(&self, to: &mut Vec<u8>) {
        let Self {
            version,
            layout,
            target,
            required,
            cpu,
            tunables,
            features,
            shared_flags,
            isa_flags,
        } = self;
        (*version, *layout).write(to);
        target.write(to);
        (*required, *cpu).write(to);
        tunables.write(to);
        features.write(to);
        (*shared_flags, *isa_flags).write(to);
    }

    fn read(from: &mut Reader<'a>) -> Self {
        Self {
            version: Wire::read(from),
            layout: Wire::read(from),
            target: Wire::read(from),
            required: Wire::read(from),
            cpu: Wire::read(from),
            tunables: Wire::read(from),
            features: Wire::read(from),
            shared_flags: Wire::read(from),
            isa_flags: Wire::read(from),
        }
    }
}

/// What an image is to run on.
#[doc(hidden)]
pub struct Host<'a> {
    /// The machine. Code does not depend on the operating system: only the architecture counts.
    pub target: &'a Triple,
    /// The runtime's.
    pub tunables: &'a Tunables,
    /// The proposals that are on.
    pub features: Features,
    /// NaNs must be canonical.
    pub nan_canonicalization: bool,
    /// The ISA flags that code may have and those that it must have, as [`cpu::set`] has them.
    pub cpu: CpuFlags,
}

/// The ISA flags of code for a machine, as [`cpu::set`] has them.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct CpuFlags {
    /// Those that the CPU has what it takes for.
    allowed: u64,
    /// Those without which code does not run.
    needed: u64,
}

impl CpuFlags {
    /// Those for a machine with the features that `has` (as `Platform::cpu_feature`) says. With branch
    /// protection, executable pages are guarded: code without landing pads does not run.
    #[must_use]
    pub fn new(
        architecture: Architecture,
        branch_protection: bool,
        has: impl Fn(&str) -> bool,
    ) -> Self {
        Self {
            allowed: cpu::set(architecture, |f| f.feature.is_empty() || has(f.feature)),
            needed: cpu::set(architecture, |f| branch_protection && f.flag == PADS),
        }
    }
}

/// This version, as fingerprints state it.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What this version agrees on with generated code, as fingerprints state it.
const LAYOUT: u64 = layout::DIGEST
    .number(<Fingerprint<'_> as Wire<'_>>::SHAPE)
    .table(&REQUIRED_TABLE)
    .get();

/// A flag's place is its bit in a fingerprint.
const REQUIRED_TABLE: [(&str, u64); REQUIRED.len()] = {
    let mut table = [("", 0); REQUIRED.len()];
    let mut i = 0;
    while i < table.len() {
        let (name, default, required) = REQUIRED[i];
        table[i] = (name, Digest::EMPTY.text(default).text(required).get());
        i += 1;
    }
    table
};

/// Shared flags that the runtime relies on, with Cranelift's default and the value they must have.
const REQUIRED: [(&str, &str, &str); 7] = [
    ("preserve_frame_pointers", "false", "true"),
    ("enable_multi_ret_implicit_sret", "false", "true"),
    (FUEL_FLAG, "false", "false"),
    ("enable_llvm_abi_extensions", "false", "false"),
    ("tls_model", "none", "none"),
    ("stack_switch_model", "none", "none"),
    (NAN_FLAG, "false", "true"),
];

/// What keeps a register for the fuel: where code counts some.
const FUEL_FLAG: &str = "enable_pinned_reg";

/// The value that a flag of [`REQUIRED`] must have.
fn required_of<'a>(name: &str, required: &'a str, tunables: &Tunables) -> &'a str {
    match name {
        FUEL_FLAG if tunables.consume_fuel => "true",
        _ => required,
    }
}

/// Required only if the engine is to have canonical NaNs.
const NAN_FLAG: &str = "enable_nan_canonicalization";

/// The ISA flag of code that marks its branch targets.
const PADS: &str = "use_bti";

/// Its place in [`REQUIRED`].
const NAN_BIT: usize = REQUIRED.len() - 1;

impl<'a> Fingerprint<'a> {
    /// States what made an image. Flags are lines of `name=value`, or `name` for a value of `true`, without those
    /// that have the default of Cranelift as this version of wasmetal uses it.
    #[cfg(feature = "compile")]
    pub(crate) fn new(
        target: (&'a str, Architecture),
        shared_flags: &'a str,
        isa_flags: &'a str,
        tunables: Tunables,
        features: Features,
    ) -> Self {
        let (target, architecture) = target;
        let mut this = Self {
            version: VERSION.as_bytes(),
            layout: LAYOUT,
            target: target.as_bytes(),
            required: 0,
            cpu: cpu::set(architecture, |known| is_on(isa_flags, known.flag)),
            tunables,
            features,
            shared_flags: shared_flags.as_bytes(),
            isa_flags: isa_flags.as_bytes(),
        };
        for (bit, (name, default, required)) in REQUIRED.iter().enumerate() {
            let required = required_of(name, required, &tunables);
            let is_met = this.shared_flag(name).unwrap_or(default) == required;
            this.required |= u32::from(is_met) << bit;
        }
        let known = cpu::features(architecture);
        if flags(isa_flags)
            .any(|(name, value)| value != "false" && known.iter().all(|f| f.flag != name))
        {
            this.cpu |= 1 << 63;
        }
        this
    }

    /// Decodes a fingerprint section.
    ///
    /// # Errors
    /// It is no fingerprint, or one of another version of wasmetal, which has others.
    #[doc(hidden)]
    pub fn parse(section: &'a [u8]) -> Result<Self> {
        if let Ok(fingerprint) = wire::decode(section) {
            return Ok(fingerprint);
        }
        if let Some((version, layout)) = wire::first::<(&[u8], u64)>(section) {
            check_version(version, layout)?;
        }
        Err(LoadError::damaged("fingerprint").into())
    }

    /// The version of wasmetal.
    #[must_use]
    pub fn version(&self) -> &'a str {
        text(self.version)
    }

    /// A digest of what the code and the runtime agree on: offsets, builtins, traps, the encoding of the image.
    #[must_use]
    pub fn layout(&self) -> u64 {
        self.layout
    }

    /// The target triple.
    #[must_use]
    pub fn target(&self) -> &'a str {
        text(self.target)
    }

    /// Cranelift's shared flags: lines of `name=value`, or `name` for a value of `true`, without those that have the
    /// default of Cranelift as this version of wasmetal uses it.
    #[must_use]
    pub fn shared_flags(&self) -> &'a str {
        text(self.shared_flags)
    }

    /// Cranelift's ISA flags, likewise.
    #[must_use]
    pub fn isa_flags(&self) -> &'a str {
        text(self.isa_flags)
    }

    /// A shared flag's value; `None` if it has the default.
    #[must_use]
    pub fn shared_flag(&self, name: &str) -> Option<&'a str> {
        flags(self.shared_flags()).find_map(|(n, value)| (n == name).then_some(value))
    }

    /// Whether the code marks its branch targets (BTI), so that it may be mapped guarded.
    #[must_use]
    pub fn branch_protection(&self) -> bool {
        is_on(self.isa_flags(), PADS)
    }

    /// Whether code with this fingerprint may run on `host`.
    ///
    /// # Errors
    /// Names the first thing that differs, with the image's value and the host's.
    #[doc(hidden)]
    pub fn check(&self, host: &Host<'_>) -> Result<()> {
        check_version(self.version, self.layout)?;
        // The triple is not parsed: that takes more code, and longer, than all else here.
        let architecture = &*host.target.architecture.into_str();
        let rest = self.target.strip_prefix(architecture.as_bytes());
        if !rest.is_some_and(|rest| matches!(rest.first(), None | Some(b'-'))) {
            return Err(LoadError::Target {
                image: oom::text(format_args!("{}", self.target())),
                engine: architecture.into(),
            }
            .into());
        }
        self.check_shared_flags(host)?;
        self.check_isa_flags(host)?;
        self.check_tunables(host.tunables)?;
        let missing = self.features.without(host.features);
        match missing.is_empty() {
            true => Ok(()),
            false => Err(LoadError::Proposals { missing }.into()),
        }
    }

    fn check_shared_flags(&self, host: &Host<'_>) -> Result<()> {
        let free = u32::from(!host.nan_canonicalization) << NAN_BIT;
        let missing = !(self.required | free);
        if let Some((name, default, required)) = REQUIRED.get(missing.trailing_zeros() as usize) {
            let found = self.shared_flag(name).unwrap_or(default);
            let required = required_of(name, required, host.tunables);
            return Err(LoadError::setting(name, &found, &required).into());
        }
        Ok(())
    }

    fn check_isa_flags(&self, host: &Host<'_>) -> Result<()> {
        let known = cpu::features(host.target.architecture);
        let first = |set: u64| known.get(set.trailing_zeros() as usize);
        if let Some(needed) = first(host.cpu.needed & !self.cpu) {
            return Err(LoadError::setting(needed.flag, &false, &true).into());
        }
        let foreign = self.cpu & !host.cpu.allowed;
        match first(foreign) {
            Some(&CpuFeature { flag, feature }) => {
                Err(LoadError::CpuFeature { feature, flag }.into())
            }
            None if foreign != 0 => {
                Err(
                    LoadError::setting("the ISA", &self.isa_flags(), &"without one of these flags")
                        .into(),
                )
            }
            None => Ok(()),
        }
    }

    fn check_tunables(&self, host: &Tunables) -> Result<()> {
        use Setting::{Number, Switch};

        if self.tunables == *host {
            return Ok(());
        }
        // Every field by name: a new one does not compile until it is compared.
        let Tunables {
            memory_reservation,
            memory_guard_size,
            memory_faults,
            stack_faults,
            stack_probe_size,
            heap_faults,
            stack_maps,
            spectre_mitigation,
            relaxed_simd_deterministic,
            consume_fuel,
            fuel_yields,
            operator_cost,
            epoch_interruption,
        } = self.tunables;
        // An image may be stricter than the engine.
        let relaxed_simd_deterministic =
            relaxed_simd_deterministic || !host.relaxed_simd_deterministic;
        let stack_maps = stack_maps || !host.stack_maps;
        let fuel_yields = fuel_yields || !host.fuel_yields;
        let pairs: [(Setting, u64, u64); 13] = [
            (
                Number("memory reservation"),
                memory_reservation,
                host.memory_reservation,
            ),
            (
                Number("memory guard size"),
                memory_guard_size,
                host.memory_guard_size,
            ),
            (
                Switch("memory faults"),
                memory_faults.into(),
                host.memory_faults.into(),
            ),
            (
                Switch("stack faults"),
                stack_faults.into(),
                host.stack_faults.into(),
            ),
            (
                Number("stack probe size"),
                stack_probe_size.into(),
                host.stack_probe_size.into(),
            ),
            (
                Switch("heap faults"),
                heap_faults.into(),
                host.heap_faults.into(),
            ),
            (Switch("stack maps"), stack_maps.into(), true.into()),
            (
                Switch("Spectre mitigation"),
                spectre_mitigation.into(),
                host.spectre_mitigation.into(),
            ),
            (
                Switch("deterministic relaxed SIMD"),
                relaxed_simd_deterministic.into(),
                true.into(),
            ),
            (
                Switch("fuel consumption"),
                consume_fuel.into(),
                host.consume_fuel.into(),
            ),
            (Switch("turns by fuel"), fuel_yields.into(), true.into()),
            (
                Number("the digest of operator costs"),
                operator_cost.unwrap_or_default(),
                host.operator_cost.or(operator_cost).unwrap_or_default(),
            ),
            (
                Switch("epoch interruption"),
                epoch_interruption.into(),
                host.epoch_interruption.into(),
            ),
        ];
        for (setting, image, host) in pairs {
            if image != host {
                let error = match setting {
                    Number(name) => LoadError::setting(name, &image, &host),
                    Switch(name) => LoadError::setting(name, &on_off(image), &on_off(host)),
                };
                return Err(error.into());
            }
        }
        Ok(())
    }
}

/// Whether code of this version and layout is code of ours.
fn check_version(version: &[u8], layout: u64) -> Result<()> {
    if version != VERSION.as_bytes() {
        let image = oom::text(format_args!("{}", text(version)));
        let engine = VERSION;
        return Err(LoadError::Version { image, engine }.into());
    }
    match layout == LAYOUT {
        true => Ok(()),
        false => Err(LoadError::Layout {
            image: layout,
            engine: LAYOUT,
        }
        .into()),
    }
}

/// Nothing, if it is no text.
fn text(bytes: &[u8]) -> &str {
    core::str::from_utf8(bytes).unwrap_or_default()
}

fn is_on(text: &str, flag: &str) -> bool {
    flags(text).any(|found| found == (flag, "true"))
}

fn flags(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.lines()
        .map(|line| line.split_once('=').unwrap_or((line, "true")))
}

/// A setting by its name, and how errors show its values.
enum Setting {
    Number(&'static str),
    Switch(&'static str),
}

/// The value of a switch, as errors show it.
fn on_off(value: u64) -> &'static str {
    match value {
        0 => "off",
        _ => "on",
    }
}
