//! `Config` and `Engine`: settings that are refused, and what the others do.

use crate::no_guards::NO_GUARDS;
use crate::support::{check_error, config, instantiate, module};
use std::time::Duration;
use wasmetal::{
    Collector, Config, Engine, Inlining, InstanceAllocationStrategy, Module, ModuleVersionStrategy,
    OptLevel, ProfilingStrategy, RegallocAlgorithm, Store, Strategy, Trap, WasmBacktrace,
};

/// Changes one setting.
type Change = fn(&mut Config) -> &mut Config;

#[track_caller]
fn check(change: impl FnOnce(&mut Config) -> &mut Config, expected: &[&str]) {
    let mut config = config();
    change(&mut config);
    check_error(Engine::new(&config), expected);
}

fn flag<'a>(config: &'a mut Config, name: &str, value: &str) -> &'a mut Config {
    // SAFETY: the engine checks flags against this machine's CPU.
    unsafe { config.cranelift_flag_set(name, value) }
}

#[test]
fn flags() {
    check(
        |c| flag(c, "has_magic", "true"),
        &["has_magic", "no ISA flag"],
    );
    let known = if cfg!(target_arch = "x86_64") {
        "has_avx512vbmi"
    } else {
        "has_pauth"
    };
    check(
        |c| flag(c, known, "maybe"),
        &[known, "maybe", "neither true nor false"],
    );
    if cfg!(target_arch = "x86_64") {
        check(|c| flag(c, "has_sse41", "false"), &["has_sse41"]);
    }
    let mut config = config();
    flag(&mut config, known, "false");
    Engine::new(&config).unwrap();
}

#[test]
fn targets() {
    check_error(config().target("pdp11").map(|_| ()), &["pdp11"]);
    check(
        |c| c.target("riscv64gc-unknown-none-elf").unwrap(),
        &["riscv64"],
    );
    #[cfg(feature = "simd")]
    for target in ["aarch64-unknown-none", "x86_64-unknown-linux-gnu"] {
        let engine = Engine::new(config().target(target).unwrap()).unwrap();
        let vectors = b"(module (func (param v128) (result v128) (f64x2.nearest (local.get 0))))";
        engine.precompile_module(vectors).unwrap();
    }
    check(
        |c| {
            flag(
                c.target("x86_64-unknown-none").unwrap(),
                "has_sse41",
                "false",
            )
        },
        &["has_sse41"],
    );
}

#[test]
fn sizes() {
    check(|c| c.max_wasm_stack(usize::MAX), &["max_wasm_stack"]);
    check(|c| c.memory_reservation(u64::MAX), &["memory_reservation"]);
    check(|c| c.memory_guard_size(u64::MAX), &["memory_guard_size"]);
    check(
        |c| c.explicit_checks(true).memory_guard_size(4096),
        &["memory_guard_size"],
    );
}

/// Settings of programs written for Wasmtime: what can't be kept is refused by its name, until it is set back.
#[test]
fn refused() {
    let cases: [(&str, Change, Change); 11] = [
        (
            "collector",
            |c| c.collector(Collector::Null),
            |c| c.collector(Collector::Copying),
        ),
        (
            "collector",
            |c| c.collector(Collector::DeferredReferenceCounting),
            |c| c.collector(Collector::Auto),
        ),
        (
            "guard_before_linear_memory",
            |c| c.guard_before_linear_memory(true),
            |c| c.guard_before_linear_memory(false),
        ),
        (
            "shared_memory",
            |c| c.shared_memory(false),
            |c| c.shared_memory(true),
        ),
        (
            "allocation_strategy",
            |c| c.allocation_strategy(InstanceAllocationStrategy::pooling()),
            |c| c.allocation_strategy(InstanceAllocationStrategy::OnDemand),
        ),
        (
            "strategy",
            |c| c.strategy(Strategy::Winch),
            |c| c.strategy(Strategy::Cranelift),
        ),
        (
            "gc_support",
            |c| c.gc_support(false),
            |c| c.gc_support(true),
        ),
        (
            "coredump_on_trap",
            |c| c.coredump_on_trap(true),
            |c| c.coredump_on_trap(false),
        ),
        (
            "profiler",
            |c| c.profiler(ProfilingStrategy::PerfMap),
            |c| c.profiler(ProfilingStrategy::None),
        ),
        (
            "memory_may_move",
            |c| c.memory_reservation(0).memory_may_move(false),
            |c| c.memory_may_move(true),
        ),
        (
            "gc_heap_may_move",
            |c| c.gc_heap_reservation(0).gc_heap_may_move(false),
            |c| c.gc_heap_may_move(true),
        ),
    ];
    for (name, bad, good) in cases {
        check(bad, &["invalid configuration", name]);
        let mut config = config();
        Engine::new(good(bad(&mut config))).unwrap();
    }
    let mut config = config();
    let mut version = |strategy| config.module_version(strategy).map(|_| ());
    check_error(version(ModuleVersionStrategy::None), &["module_version"]);
    let own = ModuleVersionStrategy::Custom("mine".into());
    check_error(version(own), &["module_version"]);
    version(ModuleVersionStrategy::WasmtimeVersion).unwrap();
}

/// What has no effect changes no code.
#[test]
fn without_effect() {
    let image = |config: &Config| Engine::new(config).unwrap().precompile_module(b"(module)");
    let mut changed = config();
    changed
        .memory_may_move(false)
        .memory_reservation_for_growth(1)
        .gc_heap_guard_size(1)
        .gc_heap_reservation_for_growth(1)
        .gc_heap_may_move(false)
        .compiler_inlining(Inlining::Yes)
        .async_stack_size(1)
        .async_support(true)
        .table_lazy_init(false)
        .memory_guaranteed_dense_image_size(1)
        .native_unwind_info(false)
        .wasm_branch_hinting(true);
    assert_eq!(image(&changed).unwrap(), image(&config()).unwrap());
}

/// An engine whose compiler is off has images only.
#[test]
fn compiler_off() {
    let image = Engine::new(&config()).unwrap();
    let image = image.precompile_module(b"(module $stored)").unwrap();
    let engine = Engine::new(config().enable_compiler(false)).unwrap();
    let off = &["enable_compiler"];
    check_error(Module::new(&engine, "(module)"), off);
    check_error(engine.precompile_module(b"(module)"), off);
    check_error(Module::validate(&engine, b"\0asm\x01\0\0\0"), off);
    // SAFETY: the image is what the compiler made.
    let module = unsafe { Module::deserialize_unsigned(&engine, image) }.unwrap();
    assert_eq!(module.name(), Some("stored"));
}

/// Without an address map images are smaller, code is the same, and backtraces have names only.
#[test]
fn address_maps() {
    let wat = r#"(module $m (func $f (export "f") unreachable))"#;
    let [with, without] = [true, false].map(|map| {
        let engine = Engine::new(config().generate_address_map(map)).unwrap();
        let (mut store, instance) = instantiate(&engine, wat, &[]).unwrap();
        let module = instance.module(&store).clone();
        assert_eq!(module.address_map().is_some(), map);
        let f = instance.get_typed_func::<(), ()>(&mut store, "f").unwrap();
        let error = f.call(&mut store, ()).unwrap_err();
        let trace = error.downcast_ref::<WasmBacktrace>().unwrap();
        let [frame] = trace.frames() else {
            panic!("{trace}")
        };
        assert_eq!(frame.module_offset().is_some(), map);
        assert_eq!(frame.func_offset().is_some(), map);
        assert!(trace.to_string().ends_with("m!f"), "{trace}");
        assert_eq!(trace.to_string().contains("0: m!f"), !map, "{trace}");
        module
    });
    assert_eq!(with.text(), without.text());
    assert!(without.serialize().unwrap().len() < with.serialize().unwrap().len());
    // Whichever an image has, an engine of the other kind takes it.
    // SAFETY: the image is what the compiler made.
    let loaded = unsafe {
        Module::deserialize_unsigned(with.engine(), without.serialize().unwrap()).unwrap()
    };
    assert!(loaded.address_map().is_none());
}

const MEMORY: &str = r#"
    (memory (export "m") 1 3)
    (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))
    (func (export "far") (param i32) (result i32) (i32.load offset=0xfffffff0 (local.get 0)))
    (func (export "grow") (result i32) (memory.grow (i32.const 1)))
"#;

/// Bounds hold whatever way they are checked.
#[test]
fn memories() {
    // The setting, and how many pages a memory grows to.
    let changes: [(Change, i32); 8] = [
        (|config| config, 3),
        (|c| c.explicit_checks(true), 3),
        (|c| c.explicit_checks(true).spectre_mitigation(false), 3),
        (|c| c.memory_reservation(0), 3),
        (|c| c.memory_reservation(0).memory_guard_size(0), 3),
        (|c| c.memory_reservation(1 << 17), 2),
        (|c| c.memory_guard_size(0), 3),
        (|c| c.memory_reservation(1 << 17).memory_guard_size(0), 2),
    ];
    for (i, (change, most)) in changes.into_iter().enumerate() {
        let mut config = config();
        change(&mut config);
        let engine = Engine::new(&config).unwrap();
        let (mut store, instance) = instantiate(&engine, MEMORY, &[]).unwrap();
        let load = instance
            .get_typed_func::<i32, i32>(&mut store, "load")
            .unwrap();
        let far = instance
            .get_typed_func::<i32, i32>(&mut store, "far")
            .unwrap();
        let grow = instance
            .get_typed_func::<(), i32>(&mut store, "grow")
            .unwrap();
        for pages in 1..=most {
            let size = pages << 16;
            assert_eq!(load.call(&mut store, size - 4).unwrap(), 0, "{i}");
            for address in [
                size - 3,
                size - 1,
                size,
                size + 4096,
                i32::MAX,
                i32::MIN,
                -4,
                -1,
            ] {
                let error = load.call(&mut store, address).unwrap_err();
                let trap = error.downcast_ref::<Trap>();
                assert_eq!(
                    trap,
                    Some(&Trap::MemoryOutOfBounds),
                    "{i} {address}: {error:?}"
                );
            }
            for address in [0, 16, size, -1] {
                check_error(
                    far.call(&mut store, address),
                    &["out of bounds memory access"],
                );
            }
            let expected = if pages < most { pages } else { -1 };
            assert_eq!(grow.call(&mut store, ()).unwrap(), expected, "{i}");
        }
    }
}

#[test]
fn stack_sizes() {
    let wat = r#"
        (func $f (export "f") (param i32) (result i32)
            (if (result i32) (local.get 0)
                (then (i32.add (call $f (i32.sub (local.get 0) (i32.const 1))) (i32.const 1)))
                (else (i32.const 0))))
    "#;
    let depth = |config: &Config| {
        let engine = Engine::new(config).unwrap();
        let (mut store, instance) = instantiate(&engine, wat, &[]).unwrap();
        let f = instance
            .get_typed_func::<i32, i32>(&mut store, "f")
            .unwrap();
        let mut fits = |depth| f.call(&mut store, depth).is_ok();
        let (mut low, mut high) = (0, 1 << 24);
        while high - low > 1 {
            let middle = (low + high) / 2;
            if fits(middle) {
                low = middle
            } else {
                high = middle
            }
        }
        low
    };
    for explicit in [false, true] {
        let mut config = config();
        config.explicit_checks(explicit);
        let small = depth(config.max_wasm_stack(64 << 10));
        let large = depth(config.max_wasm_stack(1 << 20));
        assert!(small > 500 && large > 10 * small, "{small} {large}");
        // As small as can be: whatever does not fit is an overflow.
        depth(config.max_wasm_stack(0));
    }
}

/// The settings that change the code, but not what it does.
#[test]
fn code_settings() {
    let wat = r#"(func (export "f") (param f64) (result f64)
        (f64.div (f64.mul (local.get 0) (local.get 0)) (f64.const 2)))"#;
    let changes: [Change; 6] = [
        |c| c.cranelift_opt_level(OptLevel::None),
        |c| c.cranelift_opt_level(OptLevel::SpeedAndSize),
        |c| c.cranelift_regalloc_algorithm(RegallocAlgorithm::SinglePass),
        |c| c.cranelift_nan_canonicalization(true),
        |c| c.cranelift_debug_verifier(true),
        |c| c.parallel_compilation(wasmetal_platform_linux::for_each),
    ];
    for change in changes {
        let mut config = config();
        change(&mut config);
        let engine = Engine::new(&config).unwrap();
        let (mut store, instance) = instantiate(&engine, wat, &[]).unwrap();
        let f = instance
            .get_typed_func::<f64, f64>(&mut store, "f")
            .unwrap();
        assert_eq!(f.call(&mut store, 6.0).unwrap(), 18.0);
    }
}

#[test]
fn parallel_code_is_the_same() {
    let functions: String = (0..200)
        .map(|i| format!("(func (param i32) (result i32) (i32.const {i}))"))
        .collect();
    let mut parallel = config();
    parallel.parallel_compilation(wasmetal_platform_linux::for_each);
    let compile = |config: &Config| {
        Engine::new(config)
            .unwrap()
            .precompile_module(functions.as_bytes())
            .unwrap()
    };
    assert_eq!(compile(&config()), compile(&parallel));
}

#[test]
fn engines() {
    let engine = Engine::new(&config()).unwrap();
    let weak = engine.weak();
    let clone = engine.clone();
    assert!(Engine::same(&engine, &clone));
    assert!(!Engine::same(&engine, &Engine::new(&config()).unwrap()));
    assert!(format!("{:?}", engine.config()).contains("max_wasm_stack"));
    drop(engine);
    assert!(Engine::same(&weak.upgrade().unwrap(), &clone));
    drop(clone);
    assert!(weak.upgrade().is_none());
}

/// The platform that `default-platform` has made the program's, before `main`.
#[test]
fn defaults() {
    assert!(!wasmetal_platform::set_default(|| unreachable!()));
    let mut store = Store::<Vec<i32>>::default();
    let module = module(
        store.engine(),
        r#"(func (export "f") (result i32) (i32.const 5))"#,
    );
    let instance = wasmetal::Instance::new(&mut store, &module, &[]).unwrap();
    let f = instance.get_typed_func::<(), i32>(&mut store, "f").unwrap();
    assert_eq!(f.call(&mut store, ()).unwrap(), 5);
    assert!(!Engine::same(store.engine(), &Engine::default()));
    assert_eq!(
        format!("{:?}", Config::default()),
        format!("{:?}", config())
    );
}

/// A store keeps alive all that it needs.
#[test]
fn order_of_drops() {
    let engine = Engine::new(&config()).unwrap();
    let weak = engine.weak();
    let compiled = module(&engine, r#"(func (export "f") (result i32) (i32.const 5))"#);
    let mut store = Store::new(&engine, ());
    let instance = wasmetal::Instance::new(&mut store, &compiled, &[]).unwrap();
    drop((engine, compiled));
    let f = instance.get_typed_func::<(), i32>(&mut store, "f").unwrap();
    assert_eq!(f.call(&mut store, ()).unwrap(), 5);
    drop(store);
    assert!(weak.upgrade().is_none());
}

/// Garbage does not stop what comes after it.
#[test]
fn engines_survive_errors() {
    let engine = Engine::new(&config()).unwrap();
    for _ in 0..100 {
        Module::new(&engine, "(module (func (result i32)))").unwrap_err();
    }
    instantiate(&engine, MEMORY, &[]).unwrap();
}

/// The preset for firmware, and what is set afterwards. (`confined` compiles under it.)
#[test]
fn firmware() {
    let mut config = Config::firmware(wasmetal_platform_linux::platform());
    let engine = Engine::new(&config).unwrap();
    // With the allocator of this program memory can't be bounded.
    check_error(Module::new(&engine, "(module)"), &["global allocator"]);
    let text = format!("{config:?}");
    for part in [
        "max_wasm_stack: 131072",
        "max_host_stack: 65536",
        "memory_limit: Some(25165824)",
        "time_limit: Some(10s)",
    ] {
        assert!(text.contains(part), "{text}");
    }

    config
        .max_wasm_stack(16 << 10)
        .compile_time_limit(Duration::ZERO);
    let text = format!("{config:?}");
    assert!(text.contains("max_wasm_stack: 16384") && text.contains("time_limit: Some(0ns)"));

    // A platform without a timer does without the limit of time.
    let text = format!("{:?}", Config::firmware(&NO_GUARDS));
    assert!(text.contains("time_limit: None"), "{text}");
}
