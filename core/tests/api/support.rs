//! What the tests share.

use wasmetal::compile::OptLevel;
use wasmetal::{Config, Engine, Extern, Instance, Module, OperatorCost, Result, Store};

/// Small numbers that look random (xorshift).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize % limit
    }
}

pub(crate) fn config() -> Config {
    Config::new(wasmetal_platform_linux::platform())
}

pub(crate) fn engine() -> Engine {
    Engine::new(&config()).unwrap()
}

/// One engine that relies on guard pages, and one whose code checks for itself.
pub(crate) fn engines() -> [Engine; 2] {
    [
        engine(),
        Engine::new(config().explicit_checks(true)).unwrap(),
    ]
}

/// Settings that are part of what is compiled, each another than [`config`]'s.
pub(crate) const CODE_SETTINGS: &[fn(&mut Config)] = &[
    |config| {
        config.cranelift_opt_level(OptLevel::None);
    },
    |config| {
        config.cranelift_opt_level(OptLevel::SpeedAndSize);
    },
    |config| {
        config.cranelift_nan_canonicalization(true);
    },
    |config| {
        config.explicit_checks(true);
    },
    |config| {
        config.spectre_mitigation(false);
    },
    |config| {
        config.memory_guard_size(1 << 20);
    },
    |config| {
        config.memory_reservation(1 << 33);
    },
    |config| {
        config.wasm_bulk_memory(false);
    },
    |config| {
        config.consume_fuel(true);
    },
    |config| {
        config.consume_fuel(true).operator_cost(OperatorCost {
            I32Const: 2,
            ..OperatorCost::new()
        });
    },
    |config| {
        config.consume_fuel(true).async_support(true);
    },
    |config| {
        config.epoch_interruption(true);
    },
];

pub(crate) fn module(engine: &Engine, wat: &str) -> Module {
    Module::new(engine, wat).unwrap_or_else(|e| panic!("{e:?}\n{wat}"))
}

/// A new store with an instance of a module.
pub(crate) fn instantiate(
    engine: &Engine,
    wat: &str,
    imports: &[Extern],
) -> Result<(Store<()>, Instance)> {
    let mut store = Store::new(engine, ());
    let instance = Instance::new(&mut store, &module(engine, wat), imports)?;
    Ok((store, instance))
}

/// Checks that there is an error whose whole chain of causes contains each of `expected`.
#[track_caller]
pub(crate) fn check_error<T>(result: Result<T>, expected: &[&str]) {
    let Err(error) = result else {
        panic!("no error, expected {expected:?}")
    };
    let text = format!("{error:?}");
    for part in expected {
        assert!(
            text.contains(part),
            "{part:?} is not in this error:\n{text}"
        );
    }
}

/// Checks that `run` panics with a message that contains `expected`.
#[track_caller]
pub(crate) fn check_panic<R>(expected: &str, run: impl FnOnce() -> R) {
    let Err(payload) = std::panic::catch_unwind(std::panic::AssertUnwindSafe(run)) else {
        panic!("no panic, expected {expected:?}")
    };
    let text = payload.downcast_ref::<String>().cloned();
    let text = text.or_else(|| {
        payload
            .downcast_ref::<&str>()
            .map(|text| (*text).to_string())
    });
    let text = text.expect("the panic has a message");
    assert!(text.contains(expected), "{expected:?} is not in {text:?}");
}
