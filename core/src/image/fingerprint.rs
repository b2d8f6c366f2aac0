//! What made an image, and whether its code may run on this machine in this engine.

use crate::abi::wire::{self, Reader, Wire};
use crate::abi::{cpu, features::Features, tunables::Tunables};
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use anyhow::{Context as _, Result, bail, ensure};
use target_lexicon::Triple;

/// What made an image: the compiler and everything it was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint<'a> {
    /// The version of wasmetal.
    pub version: &'a str,
    /// The target triple.
    pub target: &'a str,
    /// Cranelift's shared flags: lines of `name=value`, or `name` for a value of `true`, without those that have the
    /// default of Cranelift as this version of wasmetal uses it.
    pub shared_flags: &'a str,
    /// Cranelift's ISA flags, likewise.
    pub isa_flags: &'a str,
    /// What the code takes for granted about the runtime.
    pub tunables: Tunables,
    /// The proposals that were on.
    pub features: Features,
}

impl<'a> Wire<'a> for Fingerprint<'a> {
    fn write(&self, to: &mut Vec<u8>) {
        let Self {
            version,
            target,
            shared_flags,
            isa_flags,
            tunables,
            features,
        } = self;
        for text in [version, target, shared_flags, isa_flags] {
            text.write(to);
        }
        tunables.write(to);
        features.write(to);
    }

    fn read(from: &mut Reader<'a>) -> Self {
        Self {
            version: Wire::read(from),
            target: Wire::read(from),
            shared_flags: Wire::read(from),
            isa_flags: Wire::read(from),
            tunables: Wire::read(from),
            features: Wire::read(from),
        }
    }
}

/// What an image is to run on.
pub struct Host<'a> {
    /// The machine. Code does not depend on the operating system: only the architecture counts.
    pub target: &'a Triple,
    /// The runtime's.
    pub tunables: &'a Tunables,
    /// The proposals that are on.
    pub features: Features,
    /// NaNs must be canonical.
    pub nan_canonicalization: bool,
    /// Executable pages are guarded: code without landing pads does not run.
    pub branch_protection: bool,
    /// `Platform::cpu_feature`.
    pub cpu_feature: &'a dyn Fn(&str) -> bool,
}

/// This version, as fingerprints state it.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Shared flags that the runtime relies on, with Cranelift's default and the value they must have.
const REQUIRED: [(&str, &str, &str); 7] = [
    ("preserve_frame_pointers", "false", "true"),
    ("enable_multi_ret_implicit_sret", "false", "true"),
    ("enable_pinned_reg", "false", "false"),
    ("enable_llvm_abi_extensions", "false", "false"),
    ("tls_model", "none", "none"),
    ("stack_switch_model", "none", "none"),
    (NAN_FLAG, "false", "true"),
];

/// Required only if the engine is to have canonical NaNs.
const NAN_FLAG: &str = "enable_nan_canonicalization";

impl<'a> Fingerprint<'a> {
    /// Decodes a fingerprint section.
    ///
    /// # Errors
    /// It is no fingerprint.
    pub fn parse(section: &'a [u8]) -> Result<Self> {
        wire::decode(section).context("damaged image: bad fingerprint")
    }

    /// A shared flag's value; `None` if it has the default.
    #[must_use]
    pub fn shared_flag(&self, name: &str) -> Option<&'a str> {
        flags(self.shared_flags).find_map(|(n, value)| (n == name).then_some(value))
    }

    /// Whether an ISA flag is on.
    #[must_use]
    pub fn isa_flag(&self, name: &str) -> bool {
        flags(self.isa_flags).any(|flag| flag == (name, "true"))
    }

    /// Whether the code marks its branch targets (BTI), so that it may be mapped guarded.
    #[must_use]
    pub fn branch_protection(&self) -> bool {
        self.isa_flag("use_bti")
    }

    /// Whether code with this fingerprint may run on `host`.
    ///
    /// # Errors
    /// Names the first thing that differs, with the image's value and the host's.
    pub fn check(&self, host: &Host<'_>) -> Result<()> {
        ensure!(
            self.version == VERSION,
            differs("version", self.version, VERSION)
        );
        // The triple is not parsed: that takes more code, and longer, than all else here.
        let architecture = self.target.split('-').next().unwrap_or_default();
        ensure!(
            architecture == host.target.architecture.into_str(),
            differs("target", self.target, host.target)
        );
        self.check_shared_flags(host)?;
        self.check_isa_flags(host)?;
        self.check_tunables(host.tunables)?;
        let missing = self.features.without(host.features);
        ensure!(
            missing.is_empty(),
            "image does not fit this engine: it was compiled with the proposals {}, which are off here",
            missing.names()
        );
        Ok(())
    }

    fn check_shared_flags(&self, host: &Host<'_>) -> Result<()> {
        let mut found = REQUIRED.map(|(_, default, _)| default);
        // Once through the text: that is most of what a small image costs.
        for (name, value) in flags(self.shared_flags) {
            if let Some(at) = REQUIRED.iter().position(|(known, ..)| *known == name) {
                found[at] = value;
            }
        }
        for ((name, _, required), value) in REQUIRED.iter().zip(found) {
            let free = *name == NAN_FLAG && !host.nan_canonicalization;
            ensure!(free || value == *required, differs(name, value, required));
        }
        Ok(())
    }

    fn check_isa_flags(&self, host: &Host<'_>) -> Result<()> {
        let known = cpu::features(host.target.architecture);
        let pads = known.iter().any(|f| f.flag == "use_bti") && host.branch_protection;
        ensure!(
            self.branch_protection() || !pads,
            differs("use_bti", false, true)
        );
        for (name, value) in flags(self.isa_flags) {
            if value == "false" {
                continue;
            }
            let flag = known
                .iter()
                .find(|f| f.flag == name)
                .with_context(|| differs(name, value, "an unknown flag"))?;
            ensure!(
                flag.feature.is_empty() || (host.cpu_feature)(flag.feature),
                "image does not fit this machine: its code needs the CPU feature {:?} \
                 ({name} is {value}), which is absent here",
                flag.feature
            );
        }
        Ok(())
    }

    fn check_tunables(&self, host: &Tunables) -> Result<()> {
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
        } = self.tunables;
        // An image may be stricter than the engine.
        let relaxed_simd_deterministic =
            relaxed_simd_deterministic || !host.relaxed_simd_deterministic;
        let stack_maps = stack_maps || !host.stack_maps;
        let pairs = [
            (
                "memory reservation",
                memory_reservation,
                host.memory_reservation,
            ),
            (
                "memory guard size",
                memory_guard_size,
                host.memory_guard_size,
            ),
            (
                "memory faults",
                memory_faults.into(),
                host.memory_faults.into(),
            ),
            (
                "stack faults",
                stack_faults.into(),
                host.stack_faults.into(),
            ),
            (
                "stack probe size",
                stack_probe_size.into(),
                host.stack_probe_size.into(),
            ),
            ("heap faults", heap_faults.into(), host.heap_faults.into()),
            ("stack maps", stack_maps.into(), true.into()),
            (
                "Spectre mitigation",
                spectre_mitigation.into(),
                host.spectre_mitigation.into(),
            ),
            (
                "deterministic relaxed SIMD",
                relaxed_simd_deterministic.into(),
                true.into(),
            ),
        ];
        for (name, image, host) in pairs {
            if image != host {
                bail!(differs(name, image, host));
            }
        }
        Ok(())
    }
}

fn flags(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = text;
    core::iter::from_fn(move || {
        let line = up_to(rest, b'\n');
        rest = rest.get(line.len() + 1..).unwrap_or_default();
        let name = up_to(line, b'=');
        let value = line.get(name.len() + 1..).unwrap_or("true");
        (!line.is_empty()).then_some((name, value))
    })
}

/// The text before the first such byte (ASCII), or all of it. Short texts: std's search is slower.
fn up_to(text: &str, byte: u8) -> &str {
    let end = text.bytes().position(|other| other == byte);
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}

fn differs(what: &str, image: impl ToString, host: impl ToString) -> String {
    alloc::format!(
        "image does not fit this engine: {what} is {} in the image, {} here",
        image.to_string(),
        host.to_string()
    )
}
