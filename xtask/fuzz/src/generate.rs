//! From a seed to a module, the settings of the engines, and what is done with the module.

use crate::edit;
use crate::settings::{self, Settings, some_of};
use arbitrary::Unstructured;
use fastrand::Rng;
use wasm_smith::{Config, InstructionKind, InstructionKinds, MemoryOffsetChoices, Module};
use wasmetal::WasmFeatures as Features;

/// What a seed stands for.
pub struct Case {
    /// The number of the engines' settings.
    pub settings: u64,
    /// The module; it may be invalid.
    pub wasm: Vec<u8>,
    /// Whether it ends by itself, so that it can be run.
    pub runs: bool,
    /// How many calls and rounds of loops each call of an export gets, in the global [`FUEL`].
    pub fuel: i32,
    /// How many units of the engine's own fuel it gets, where that is on.
    pub units: u64,
    /// What arguments, and the results of host functions, are made from.
    pub values: u64,
}

/// The export that holds what is left of the fuel.
pub const FUEL: &str = "wasmetal: fuel";

/// The case of a seed; none if the generator can't make one of it.
pub fn case(seed: u64) -> Option<Case> {
    let mut rng = Rng::with_seed(seed);
    let settings = match rng.u8(..4) {
        0 => rng.u64(..settings::COUNT),
        _ => rng.u64(..settings::COUNT / 2),
    };
    let on = Settings::numbered(settings).features;
    let of = if rng.u8(..32) == 0 {
        Features::default()
    } else {
        on
    };
    let kind = rng.u8(..16);
    let (invalid, mutated) = (kind == 0, kind == 1);
    let mut config = config(some_of(of, &mut rng), &mut rng);
    config.allow_invalid_funcs = invalid;
    let fuel = [100, 1000, 10_000][rng.usize(..3)];

    let mut bytes = vec![0; 1 << rng.u32(10..17)];
    rng.fill(&mut bytes);
    let mut module = Module::new(config, &mut Unstructured::new(&bytes)).ok()?;
    let mut runs = !invalid && !mutated;
    let global = match module.ensure_termination(fuel as u32) {
        Ok(global) => Some(global),
        Err(_) => {
            runs = false;
            None
        }
    };
    let mut wasm = module.to_bytes();
    if let Some(global) = global {
        wasm = edit::export_global(&wasm, FUEL, global);
        // The specification's deterministic profile rounds twice, Wasmtime's once.
        runs &= !(Settings::numbered(settings).deterministic && edit::may_fuse(&wasm));
        if of.contains(Features::THREADS) {
            wasm = edit::wait_no_time(&wasm);
        }
    }
    if mutated {
        for _ in 0..rng.u8(1..4) {
            let at = rng.usize(..wasm.len());
            match rng.u8(..4) {
                0 => wasm[at] = rng.u8(..),
                1 => wasm[at] ^= 1 << rng.u8(..8),
                2 => wasm.truncate(at.max(1)),
                _ => wasm.insert(at, rng.u8(..)),
            }
        }
    }
    let values = rng.u64(..);
    let bits = rng.u32(1..16);
    let units = match rng.u8(..4) {
        // The most that is ever used.
        0 => 1 << 62,
        1 => 1 << 30,
        // Seldom enough.
        _ => rng.u64(..1 << bits),
    };
    Some(Case {
        settings,
        wasm,
        runs,
        fuel,
        units,
        values,
    })
}

/// How the generator is set up.
fn config(features: Features, rng: &mut Rng) -> Config {
    let on = |feature| features.contains(feature);
    let mut config = Config {
        saturating_float_to_int_enabled: on(Features::SATURATING_FLOAT_TO_INT),
        sign_extension_ops_enabled: on(Features::SIGN_EXTENSION),
        multi_value_enabled: on(Features::MULTI_VALUE),
        bulk_memory_enabled: on(Features::BULK_MEMORY),
        reference_types_enabled: on(Features::REFERENCE_TYPES),
        simd_enabled: on(Features::SIMD),
        relaxed_simd_enabled: on(Features::RELAXED_SIMD),
        threads_enabled: on(Features::THREADS),
        tail_call_enabled: on(Features::TAIL_CALL),
        exceptions_enabled: on(Features::EXCEPTIONS),
        memory64_enabled: on(Features::MEMORY64),
        extended_const_enabled: on(Features::EXTENDED_CONST),
        gc_enabled: on(Features::GC),
        custom_page_sizes_enabled: on(Features::CUSTOM_PAGE_SIZES),
        wide_arithmetic_enabled: on(Features::WIDE_ARITHMETIC),
        ..Config::default()
    };
    config.export_everything = true;
    config.allow_start_export = rng.bool();
    config.allow_floats = rng.u8(..8) > 0;
    config.disallow_traps = rng.bool();
    config.limit_arrays_in_const_exprs = true;
    config.const_expr_fuel = rng.u32(..30);
    config.generate_custom_sections = rng.u8(..16) == 0;
    config.min_uleb_size = if rng.u8(..16) == 0 { rng.u8(1..6) } else { 1 };

    config.min_types = rng.usize(..6);
    config.max_types = 20;
    config.max_imports = if rng.bool() { 0 } else { rng.usize(1..8) };
    config.min_funcs = rng.usize(1..6);
    config.max_funcs = 12;
    config.max_instructions = 1 << rng.u32(3..10);
    config.min_globals = rng.usize(..4);
    config.max_globals = 6;
    config.min_tags = if on(Features::EXCEPTIONS) {
        rng.usize(..3)
    } else {
        0
    };
    config.max_tags = 4;
    config.max_element_segments = rng.usize(..4);
    config.max_elements = rng.usize(..20);
    config.max_data_segments = rng.usize(..4);
    config.max_tables = if on(Features::REFERENCE_TYPES) { 4 } else { 1 };
    config.min_tables = rng.u32(..2);
    config.max_table_elements = 1 << rng.u32(0..10);
    config.table_max_size_required = rng.bool();
    config.max_memories = if on(Features::MULTI_MEMORY) { 4 } else { 1 };
    config.min_memories = rng.u32(..2);
    config.max_memory32_bytes = rng.u64(1..9) << 16;
    config.max_memory64_bytes = u128::from(rng.u64(1..9) << 16);
    config.memory_max_size_required = rng.bool();
    config.memory_offset_choices = match rng.u8(..4) {
        0 => MemoryOffsetChoices(1, 1, 1),
        1 => MemoryOffsetChoices(1, 0, 0),
        _ => MemoryOffsetChoices::default(),
    };
    if rng.bool() {
        config.allowed_instructions = instructions(rng);
    }
    config
}

/// Some kinds of instructions.
fn instructions(rng: &mut Rng) -> InstructionKinds {
    use InstructionKind as Kind;
    let kinds = [
        Kind::Numeric,
        Kind::Vector,
        Kind::Reference,
        Kind::Parametric,
        Kind::Variable,
        Kind::Table,
        Kind::Memory,
        Kind::Control,
        Kind::Aggregate,
    ];
    let some: Vec<Kind> = kinds.into_iter().filter(|_| rng.bool()).collect();
    InstructionKinds::new(&some)
}
