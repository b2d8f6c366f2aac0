//! An image that was made with settings loads in an engine with the same ones, and each that the code depends on is
//! asked for.

use alloc::{format, string::String, vec::Vec};

use wasmetal::abi::tunables::Tunables;
use wasmetal::compile::Settings;
use wasmetal::image::View;
use wasmetal::{Config, Engine, Module, WasmFeatures};

use super::values::PROPOSALS;
use super::{SETTINGS, apply, check};

/// A module with something of everything that settings change: `(module (memory 1) (func (param i32) (result i32) ...))`.
const MODULE: &[u8] = b"\0asm\x01\0\0\0\
    \x01\x06\x01\x60\x01\x7f\x01\x7f\
    \x03\x02\x01\0\
    \x05\x03\x01\0\x01\
    \x0a\x09\x01\x07\0\x20\0\x28\x02\0\x0b";

fn engine(settings: &[&str]) -> Engine {
    let mut config = Config::new(wasmetal_platform_linux::platform());
    for setting in settings {
        apply(&mut config, setting).unwrap_or_else(|e| panic!("{setting}: {e:?}"));
    }
    Engine::new(&config).unwrap_or_else(|e| panic!("{settings:?}: {e:?}"))
}

fn image(settings: &[&str]) -> Vec<u8> {
    let image = engine(settings).precompile_module(MODULE);
    image.unwrap_or_else(|e| panic!("{settings:?}: {e:?}"))
}

/// What an engine says of an image; empty: it loads it.
fn load(image: &[u8], settings: &[&str]) -> String {
    // SAFETY: the compiler made the image just now.
    let module = unsafe { Module::deserialize_unsigned(&engine(settings), image) };
    module
        .err()
        .map_or_else(String::new, |error| format!("{error:#}"))
}

fn tunables(image: &[u8]) -> Tunables {
    let view = View::parse(image).expect("an image");
    view.fingerprint().expect("a fingerprint").tunables
}

/// Settings, and a part of what an engine with the defaults says of their image; empty: it loads it.
const CASES: &[(&[&str], &str)] = &[
    (&["consume-fuel"], "fuel consumption"),
    (
        &[
            "consume-fuel",
            "operator-cost=I32Add:9,memory_copy_per_byte:2",
        ],
        "fuel consumption",
    ),
    (&["consume-fuel", "async-support"], "fuel consumption"),
    (&["async-support"], ""),
    (&["epoch-interruption"], "epoch interruption"),
    (&["explicit-checks"], "memory reservation"),
    (&["memory-reservation=65536"], "memory reservation"),
    (&["memory-reservation=0"], "memory reservation"),
    (&["memory-guard-size=65536"], "memory guard size"),
    (&["gc-heap-reservation=0"], "heap faults"),
    (&["spectre-mitigation=off"], "Spectre mitigation"),
    // Such code is right everywhere.
    (&["nan-canonicalization"], ""),
    (&["relaxed-simd-deterministic"], ""),
    (&["proposals=-simd,-threads,multi-memory"], ""),
    (&["cpu-flags="], ""),
    (&["opt-level=none"], ""),
    (&["opt-level=speed-and-size"], ""),
    (&["regalloc=single-pass"], ""),
    (&["address-map=off"], ""),
    (&["module-limits=firmware"], ""),
];

#[test]
fn images_load_with_the_settings_they_were_made_with() {
    for (settings, refused) in CASES {
        let image = image(settings);
        assert_eq!(load(&image, settings), "", "{settings:?}");
        let found = load(&image, &[]);
        let fits = if refused.is_empty() {
            found.is_empty()
        } else {
            found.contains(refused)
        };
        assert!(fits, "{settings:?}: {found}");
    }
}

#[test]
fn engines_ask_for_the_stricter_settings() {
    let default = image(&[]);
    for (settings, refused) in [
        (["nan-canonicalization"], "enable_nan_canonicalization"),
        (["relaxed-simd-deterministic"], "deterministic relaxed SIMD"),
    ] {
        let found = load(&default, &settings);
        assert!(found.contains(refused), "{settings:?}: {found}");
    }
}

#[test]
fn flags_of_another_machine() {
    let mut config = Config::new(wasmetal_platform_linux::platform());
    config.target("aarch64-unknown-none").expect("a triple");
    apply(&mut config, "cpu-flags=has_lse,-use_bti").expect("a setting");
    let engine = Engine::new(&config).expect("good settings");
    let image = engine.precompile_module(MODULE).expect("a good module");
    let view = View::parse(&image).expect("an image");
    let fingerprint = view.fingerprint().expect("a fingerprint");
    assert_eq!(fingerprint.isa_flags(), "has_lse\n");
}

#[test]
fn every_setting_has_a_case() {
    for setting in SETTINGS {
        let name = |text: &&str| text.split('=').next() == Some(setting.name);
        let has = CASES.iter().any(|(settings, _)| settings.iter().any(name));
        assert!(has, "{} has no case", setting.name);
    }
}

/// What code takes for granted can be set, and so can all that the compiler is told.
#[test]
fn everything_that_images_depend_on_is_a_setting() {
    let default = tunables(&image(&[]));
    let all: Vec<Tunables> = CASES
        .iter()
        .map(|(settings, _)| tunables(&image(settings)))
        .collect();
    let costs = image(&["consume-fuel"]);
    // Every field by name: a new one does not compile until there is a setting for it, or a reason.
    macro_rules! changed {
        ($($field:ident)*; constant: $($constant:ident)*) => {{
            let Tunables { $($field: _,)* $($constant: _,)* } = default;
            [
                $((stringify!($field), true, all.iter().any(|it| it.$field != default.$field)),)*
                $((stringify!($constant), false, all.iter().any(|it| it.$constant != default.$constant)),)*
            ]
        }};
    }
    let changed = changed! {
        memory_reservation
        memory_guard_size
        memory_faults
        stack_faults
        heap_faults
        spectre_mitigation
        relaxed_simd_deterministic
        consume_fuel
        fuel_yields
        operator_cost
        epoch_interruption;
        // The first is the same in all engines, the second in all builds with exceptions or objects.
        constant: stack_probe_size stack_maps
    };
    for (field, settable, is_changed) in changed {
        assert_eq!(is_changed, settable, "{field}");
    }
    let dear = image(&["consume-fuel", "operator-cost=I32Add:9"]);
    assert_ne!(
        tunables(&costs).operator_cost,
        tunables(&dear).operator_cost
    );

    // The compiler's, likewise; `target` is an argument of `compile`, and the verifier changes nothing.
    let _ = |settings: Settings| {
        let Settings {
            target: _,
            opt_level: _,
            regalloc_algorithm: _,
            tunables: _,
            operator_cost: _,
            features: _,
            isa_flags: _,
            nan_canonicalization: _,
            verifier: _,
            address_map: _,
            limits: _,
        } = settings;
    };
    for (_, name) in WasmFeatures::ALL {
        let mut config = Config::new(wasmetal_platform_linux::platform());
        assert!(
            apply(&mut config, &format!("proposals=-{name}")).is_ok(),
            "{name}"
        );
    }
}

#[test]
fn proposals_are_those_of_the_runtime() {
    let names: Vec<&str> = WasmFeatures::ALL.iter().map(|(_, name)| *name).collect();
    assert_eq!(PROPOSALS, names);
}

/// What a host says of a setting, and whether it takes no engine to say so.
#[test]
fn mistakes_are_told() {
    for (setting, expected, at_once) in [
        ("fuel", "no setting is called \"fuel\"", true),
        ("consume-fuel=1", "\"1\" is none of on, off", true),
        ("memory-reservation=4G", "no number of bytes", true),
        ("proposals=simdd", "no proposal is called \"simdd\"", true),
        ("operator-cost=I32Add", "not of the form", true),
        ("operator-cost=I32Add:256", "no cost from 0 to 255", true),
        ("operator-cost=Add:1", "is called \"Add\"", false),
        ("regalloc=fast", "none of backtracking, single-pass", true),
        ("opt-level=Speed", "none of none, speed", true),
        ("module-limits=", "none of default, firmware", true),
    ] {
        let mut config = Config::new(wasmetal_platform_linux::platform());
        let error = apply(&mut config, setting).expect_err(setting);
        let text = format!("{error:#}");
        assert!(text.contains(expected), "{setting}: {text}");
        assert_eq!(check(setting).is_err(), at_once, "{setting}");
    }
}
