//! Modules that are meant to cost the compiler much: each is compiled or refused, in time and memory that are
//! bounded, and nothing is lost. (In a program of its own, for its global allocator.)

use std::time::{Duration, Instant};
use wasmetal::compile::OptLevel;
use wasmetal::{
    CompilationStopped, Config, Engine, Instance, Module, ModuleLimitExceeded, ModuleLimits,
    RegallocAlgorithm, Store,
};
use wasmetal_bombs::BOMBS;
use wasmetal_platform::confine::Allocator;

#[global_allocator]
static HEAP: Allocator<std::alloc::System> = Allocator::new(std::alloc::System);

fn engine(limits: ModuleLimits, memory: usize) -> Engine {
    let mut config = Config::new(wasmetal_platform_linux::platform());
    config.module_limits(limits).compile_memory_limit(memory);
    Engine::new(&config).expect("an engine")
}

#[test]
fn each_is_compiled_or_refused() {
    let engine = engine(ModuleLimits::firmware(), 32 << 20);
    let (mut compiled, mut refused, mut stopped) = (0, 0, 0);
    for bomb in BOMBS {
        for size in [1, 100, 3_000, 30_000] {
            let wasm = bomb.of_size(size);
            let Err(error) = Module::new(&engine, &wasm) else {
                compiled += 1;
                continue;
            };
            match error.downcast_ref::<CompilationStopped>() {
                Some(CompilationStopped::Memory { limit, .. }) => {
                    assert_eq!(*limit, Some(32 << 20));
                    stopped += 1;
                }
                _ => {
                    assert!(
                        error.is::<ModuleLimitExceeded>(),
                        "{}, {size}: {error:?}",
                        bomb.name
                    );
                    refused += 1;
                }
            }
        }
    }
    let all = 4 * BOMBS.len();
    assert_eq!(compiled + refused + stopped, all);
    assert!(compiled > all / 2, "{compiled}");
    assert!(refused > 10 && stopped > 0, "{refused}, {stopped}");
    let good = Module::new(&engine, "(module (func (export \"f\")))").expect("valid");
    let mut store = Store::new(&engine, ());
    let instance = Instance::new(&mut store, &good, &[]).expect("an instance");
    let f = instance.get_typed_func::<(), ()>(&mut store, "f");
    f.expect("exported").call(&mut store, ()).expect("no trap");
}

/// Each of these would take minutes, at least, if it were optimised, or with the allocator of registers that backtracks.
#[test]
fn hard_functions_take_no_longer_than_others() {
    let engine = engine(ModuleLimits::default(), 4 << 30);
    for (name, size) in [
        ("locals, one changed in each if", 80_000),
        ("locals, one changed in each loop", 80_000),
        ("locals that change in nested loops", 30_000),
        ("sums in nested loops", 600_000),
        (
            "imported globals, in the first block and the last of many",
            200_000,
        ),
    ] {
        let start = Instant::now();
        let outcome = Module::new(&engine, wasmetal_bombs::named(name).of_size(size));
        println!("{name}: {:?}", start.elapsed());
        assert!(start.elapsed() < Duration::from_secs(60), "{name}");
        if let Err(error) = outcome {
            assert!(error.is::<CompilationStopped>(), "{name}: {error:?}");
        }
    }
}

/// A function of few instructions is hard too, if each passes many values to the next block: it becomes what the allocator
/// makes of it that works in one pass. With the other one, 6 kB of this kind take a minute.
#[test]
fn few_instructions_can_be_hard() {
    let count = 100;
    let mut wat = String::from("(module (func (param i32)");
    wat += &"(local i32)".repeat(count - 1);
    wat += &"loop ".repeat(count);
    for i in 0..count {
        wat += &format!("(local.set {i} (i32.add (local.get {i}) (i32.const 1)))");
    }
    wat += &"(br_if 0 (local.get 0)) end ".repeat(count);
    wat += "))";
    let text = |algorithm: RegallocAlgorithm| {
        let mut config = Config::new(wasmetal_platform_linux::platform());
        let engine =
            Engine::new(config.cranelift_regalloc_algorithm(algorithm)).expect("an engine");
        let module = Module::new(&engine, &wat).expect("valid");
        module.text().to_vec()
    };
    assert!(text(RegallocAlgorithm::Backtracking) == text(RegallocAlgorithm::SinglePass));
}

/// A module can have any number of small functions whose operators are in many loops. They are not optimised, each by itself,
/// so that all of them take no longer than others.
#[test]
fn small_functions_can_be_nested_too_deep() {
    let is_optimised = |depth: usize| {
        // What the optimiser leaves out.
        let wat = format!(
            "(module (func (param i32) {} {} {}))",
            "loop ".repeat(depth),
            "(local.set 0 (i32.mul (local.get 0) (i32.const 1)))".repeat(depth),
            "(br_if 0 (local.get 0)) end ".repeat(depth),
        );
        let text = |level: OptLevel| {
            let mut config = Config::new(wasmetal_platform_linux::platform());
            let engine = Engine::new(config.cranelift_opt_level(level)).expect("an engine");
            let module = Module::new(&engine, &wat).expect("valid");
            module.text().to_vec()
        };
        text(OptLevel::None) != text(OptLevel::Speed)
    };
    for (depth, expected) in [(1, true), (10, true), (25, true), (50, false), (300, false)] {
        assert_eq!(is_optimised(depth), expected, "{depth}");
    }
}

/// From nothing on: each budget does, or the error says how much was wanted; and the next module compiles.
#[test]
fn budgets_too_small_for_anything() {
    let wasm = wat::parse_str("(module (func (export \"f\")))").expect("valid");
    let mut least = None;
    for budget in (0..).map(|step: usize| match step {
        0..=4 => step,
        _ => (step - 4) << 14,
    }) {
        let engine = engine(ModuleLimits::default(), budget);
        for _ in 0..2 {
            let outcome = Module::new(&engine, &wasm).map(drop);
            let validated = Module::validate(&engine, &wasm);
            let Err(error) = outcome else {
                validated.expect("less than compiling");
                least = Some(budget);
                continue;
            };
            let Some(CompilationStopped::Memory {
                wanted,
                used,
                limit,
            }) = error.downcast_ref()
            else {
                panic!("{budget}: {error:?}");
            };
            assert_eq!(*limit, Some(budget));
            assert!(*used <= budget && *wanted > 0, "{error}");
            assert!(error.to_string().contains(&budget.to_string()), "{error}");
        }
        if least.is_some() || budget > 4 << 20 {
            break;
        }
    }
    let least = least.expect("the smallest module does not take 4 MiB");
    assert!((16 << 10..1 << 20).contains(&least), "{least}");
}
