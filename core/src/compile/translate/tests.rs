//! Snapshot tests: `core/tests/filetests/**/*.wat` with the expected code as comments.
//!
//! A line `;;! TARGET STAGE MODE` asks for one listing of all functions. Targets: `x86_64`,
//! `aarch64`. Stages: `clif` (as translated), `optimized` (the same after the optimiser), `machine`
//! (as compiled), `helpers` (what functions share, as compiled). Modes: see [`tunables`]. Everything from the first `;;=` on is expected output;
//! `WASMETAL_BLESS=1 cargo test -p wasmetal filetests` writes it anew.

extern crate std;

use super::{Environment, Helper, TypeFacts, build_helper, translate};
use crate::abi::features::Features;
use crate::abi::tunables::Tunables;
use crate::abi::vmctx::VmctxLayout;
use crate::compile::{ModuleLimits, OperatorCost, frontend};
use crate::module::DefinedFunctionIndex;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use cranelift_codegen::isa::{self, OwnedTargetIsa};
use cranelift_codegen::settings::{self, Configurable as _};
use cranelift_codegen::{Context, control::ControlPlane};
use cranelift_entity::EntityRef;
use cranelift_frontend::FunctionBuilderContext;
use std::path::Path;
use std::{env, fs};

#[test]
fn filetests() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/filetests");
    let bless = env::var_os("WASMETAL_BLESS").is_some();
    // What needs a cargo feature is in a folder of its name.
    let folders = [
        ("", true),
        ("exceptions", cfg!(feature = "exceptions")),
        ("gc", cfg!(feature = "gc")),
        ("simd", cfg!(feature = "simd")),
        ("threads", cfg!(feature = "threads")),
    ];
    let mut files: Vec<_> = folders
        .iter()
        .filter(|(_, built)| *built)
        .flat_map(|(folder, _)| fs::read_dir(dir.join(folder)).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .collect();
    files.sort();
    assert!(!files.is_empty());
    let mut wrong = Vec::new();
    for path in files {
        let text = fs::read_to_string(&path).unwrap();
        let input = match text.find("\n;;= ") {
            Some(end) => &text[..=end],
            None => &text,
        };
        let found = run(input);
        if bless {
            fs::write(&path, found).unwrap();
        } else if let Some((line, expected, found)) = difference(&text, &found) {
            wrong.push(format!(
                "{}:{line}:\n  expected: {expected}\n     found: {found}",
                path.display()
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The first line that differs.
fn difference<'a>(expected: &'a str, found: &'a str) -> Option<(usize, &'a str, &'a str)> {
    if expected == found {
        return None;
    }
    let (mut expected, mut found) = (expected.lines(), found.lines());
    for line in 1.. {
        match (expected.next(), found.next()) {
            (None, None) => return Some((line, "(the end of the file)", "(the end of the file)")),
            (a, b) if a == b => {}
            (a, b) => return Some((line, a.unwrap_or("(nothing)"), b.unwrap_or("(nothing)"))),
        }
    }
    None
}

/// The input with the listings it asks for.
fn run(input: &str) -> String {
    let wasm = wat::parse_str(input).unwrap();
    let mut out = input.to_string();
    for line in input.lines() {
        let Some(request) = line.strip_prefix(";;! ") else {
            continue;
        };
        let [target, stage, mode] = request.split(' ').collect::<Vec<_>>()[..] else {
            panic!("{line:?}: a target, a stage and a mode are needed");
        };
        out.push_str(&format!(";;= {request}\n"));
        for function in compile(&wasm, target, stage, mode) {
            for line in function.lines() {
                out.push_str(format!(";; {line}").trim_end());
                out.push('\n');
            }
        }
    }
    out
}

/// What the code may take for granted. `faults`: memories that never move, with guards that spare all
/// checks. `moving`: memories that move, with short guards. `checks`: nothing.
fn tunables(mode: &str) -> Tunables {
    let faults = Tunables {
        memory_reservation: 1 << 32,
        memory_guard_size: 1 << 31,
        memory_faults: true,
        stack_faults: true,
        stack_probe_size: 4096,
        heap_faults: true,
        stack_maps: true,
        spectre_mitigation: true,
        relaxed_simd_deterministic: false,
        consume_fuel: false,
        fuel_yields: false,
        operator_cost: None,
        epoch_interruption: false,
    };
    match mode {
        "faults" => faults,
        "moving" => Tunables {
            memory_reservation: 0,
            memory_guard_size: 1 << 16,
            ..faults
        },
        "checks" => Tunables {
            memory_reservation: 0,
            memory_guard_size: 0,
            memory_faults: false,
            stack_faults: false,
            heap_faults: false,
            ..faults
        },
        "fuel" => Tunables {
            consume_fuel: true,
            ..faults
        },
        "turns" => Tunables {
            consume_fuel: true,
            fuel_yields: true,
            ..faults
        },
        "epochs" => Tunables {
            epoch_interruption: true,
            ..faults
        },
        _ => panic!("no mode {mode:?}"),
    }
}

fn target(name: &str, tunables: &Tunables) -> OwnedTargetIsa {
    let mut flags = settings::builder();
    for (name, value) in [
        ("opt_level", "speed"),
        ("enable_multi_ret_implicit_sret", "true"),
        ("preserve_frame_pointers", "true"),
        ("enable_verifier", "true"),
        (
            "enable_pinned_reg",
            if tunables.consume_fuel {
                "true"
            } else {
                "false"
            },
        ),
    ] {
        flags.set(name, value).unwrap();
    }
    let triple = format!("{name}-unknown-linux-gnu").parse().unwrap();
    let mut builder = isa::lookup(triple).unwrap();
    if name == "x86_64" {
        for flag in ["has_sse3", "has_ssse3", "has_sse41"] {
            builder.enable(flag).unwrap();
        }
    }
    builder.finish(settings::Flags::new(flags)).unwrap()
}

/// A listing of each function.
fn compile(wasm: &[u8], name: &str, stage: &str, mode: &str) -> Vec<String> {
    let tunables = tunables(mode);
    let isa = target(name, &tunables);
    let costs = OperatorCost::new();
    let module = frontend::translate(wasm, Features::SUPPORTED, &ModuleLimits::default()).unwrap();
    let layout = VmctxLayout::new(&module.info).unwrap();
    let env = Environment {
        info: &module.info,
        layout: &layout,
        tunables: &tunables,
        costs: &costs,
        isa: &*isa,
        references: module.info.has_references(),
        types: TypeFacts::new(&module.info),
    };
    let mut scratch = FunctionBuilderContext::new();
    let mut listings = Vec::new();
    if stage == "helpers" {
        for helper in Helper::ALL {
            let mut context = Context::new();
            build_helper(&env, helper, &mut scratch, &mut context.func);
            context.set_disasm(true);
            let code = context
                .compile(&*isa, &mut ControlPlane::default())
                .unwrap();
            listings.push(code.vcode.clone().unwrap());
        }
        return listings;
    }
    for (i, body) in module.bodies.into_iter().enumerate() {
        let mut validator = body.validation.into_validator(Default::default());
        let mut context = Context::new();
        translate(
            &env,
            DefinedFunctionIndex::new(i),
            &mut validator,
            &body.code,
            &mut scratch,
            &mut context.func,
        )
        .unwrap();
        context.verify_if(&*isa).unwrap();
        if stage == "clif" {
            listings.push(context.func.display().to_string());
            continue;
        }
        context.set_disasm(stage == "machine");
        let code = context
            .compile(&*isa, &mut ControlPlane::default())
            .unwrap();
        listings.push(match stage {
            "optimized" => context.func.display().to_string(),
            "machine" => code.vcode.clone().unwrap(),
            _ => panic!("no stage {stage:?}"),
        });
    }
    listings
}
