//! The settings that change what code is generated. Part of an image's fingerprint.

use crate::abi::layout::Table;
use crate::wire::{Wire, wire};

/// What generated code takes for granted about the runtime.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Tunables {
    /// Bytes of address space reserved for each linear memory, from its base. Memories never move
    /// while they fit. Zero: memories may move, and every access is checked.
    pub memory_reservation: u64,
    /// Inaccessible bytes behind the reservation. An access whose constant offset is below this needs
    /// no check where the index can't exceed the reservation.
    pub memory_guard_size: u64,
    /// Accesses outside a memory's current length fault. Otherwise each access is checked.
    pub memory_faults: bool,
    /// A stack overflow faults in guard pages. Otherwise each function checks in its prologue.
    pub stack_faults: bool,
    /// Frames larger than this touch each step of this many bytes on entry, so that none jumps over
    /// the guard. A power of two.
    pub stack_probe_size: u32,
    /// The garbage-collected heap is reserved as a whole and never moves, and accesses outside it fault.
    /// Otherwise each access is checked.
    pub heap_faults: bool,
    /// Calls have stack maps, so that references can be collected.
    pub stack_maps: bool,
    /// Checked accesses are also masked against misspeculation (Spectre v1).
    pub spectre_mitigation: bool,
    /// Relaxed vector operators have the meaning that the deterministic profile prescribes.
    pub relaxed_simd_deterministic: bool,
    /// Code counts the fuel that it uses, and ends when there is no more.
    pub consume_fuel: bool,
    /// Code asks what is to become of it when its fuel is used up. Otherwise it ends.
    pub fuel_yields: bool,
    /// What each operator costs, as a digest; `None`: code uses no fuel, or (of an engine without a
    /// compiler) any costs will do.
    pub operator_cost: Option<u64>,
    /// Code looks whether its store's deadline has come.
    pub epoch_interruption: bool,
}

wire!(struct Tunables {
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
});

pub(super) const LAYOUT: &[Table] = &[&[("Tunables", <Tunables as Wire<'_>>::SHAPE)]];

impl Tunables {
    /// Whether a memory with an index type of `index_bits` and this minimum and maximum in bytes can
    /// be accessed without a check, but for large offsets.
    #[must_use]
    pub fn memory_needs_no_check(&self, index_bits: u32) -> bool {
        self.memory_faults && index_bits == 32 && self.memory_reservation >= 1 << 32
    }
}
