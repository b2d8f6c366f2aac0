//! The kernels: natively, as WebAssembly, as WebAssembly with explicit checks.

use crate::Input;
use crate::counter::count;
use spin::Mutex;
use wasmetal::error::{Result, ensure};
use wasmetal::{Engine, Instance, Linker, Module, Store};
use wasmetal_kernels::{BY_HAND, KERNELS, Scratch};
use wasmetal_platform_bare::println;

static SCRATCH: Mutex<Scratch> = Mutex::new(Scratch::new());

/// Sums of logarithms: the geometric mean of ratios, in a fixed point that needs no `libm`.
#[derive(Default)]
struct Mean {
    product: f64,
    count: u32,
}

impl Mean {
    fn add(&mut self, ratio: f64) {
        self.product = if self.count == 0 {
            ratio
        } else {
            self.product * ratio
        };
        self.count += 1;
    }

    /// The root of the product, by bisection.
    fn value(&self) -> f64 {
        let (mut low, mut high) = (0.0, 1e6);
        for _ in 0..100 {
            let middle = (low + high) / 2.0;
            let power = (0..self.count).fold(1.0, |power: f64, _| power * middle);
            if power < self.product {
                low = middle;
            } else {
                high = middle;
            }
        }
        low
    }
}

pub(crate) fn print(guarded: &Engine, checked: &Engine, input: &Input<'_>) -> Result<()> {
    println!("\nkernels: instructions, and ratio to native (aim 1.75)");
    println!(
        "{:<12}{:>12}{:>12}{:>8}{:>18}{:>8}",
        "", "native", "wasm", "ratio", "explicit checks", "ratio"
    );
    let (mut mean, mut checked_mean) = (Mean::default(), Mean::default());
    let kernels = KERNELS.iter().map(|kernel| (kernel, "kernels"));
    let by_hand = BY_HAND.iter().map(|(kernel, _)| (kernel, kernel.name));
    let mut latest = "";
    let mut instances = None;
    for (kernel, module) in kernels.chain(by_hand) {
        if module != latest {
            let wasm = input.get(module)?;
            instances = Some((instantiate(guarded, wasm)?, instantiate(checked, wasm)?));
            latest = module;
        }
        let Some(((store, instance), (checked_store, checked_instance))) = &mut instances else {
            continue;
        };
        let (native, expected) = {
            let scratch = &mut SCRATCH.lock();
            count(|| (kernel.run)(kernel.small, scratch))
        };
        let measure = |store: &mut Store<()>, instance: &Instance| -> Result<u64> {
            let run = instance.get_typed_func::<u32, u64>(&mut *store, kernel.name)?;
            let (count, result) = count(|| run.call(&mut *store, kernel.small));
            let result = result?;
            ensure!(
                result == expected,
                "{}: {result:#x}, natively {expected:#x}",
                kernel.name
            );
            Ok(count)
        };
        let wasm = measure(store, instance)?;
        let with_checks = measure(checked_store, checked_instance)?;
        let (ratio, checked_ratio) = (
            wasm as f64 / native as f64,
            with_checks as f64 / native as f64,
        );
        mean.add(ratio);
        checked_mean.add(checked_ratio);
        println!(
            "{:<12}{native:>12}{wasm:>12}{ratio:>8.2}{with_checks:>18}{checked_ratio:>8.2}",
            kernel.name
        );
    }
    println!(
        "{:<12}{:>12}{:>12}{:>8.3}{:>18}{:>8.3}",
        "geo. mean",
        "",
        "",
        mean.value(),
        "",
        checked_mean.value()
    );
    Ok(())
}

fn instantiate(engine: &Engine, wasm: &[u8]) -> Result<(Store<()>, Instance)> {
    let module = Module::new(engine, wasm)?;
    let mut linker = Linker::new(engine);
    linker.func_wrap("host", "echo", |value: u64| value + 3)?;
    let mut store = Store::new(engine, ());
    let instance = linker.instantiate(&mut store, &module)?;
    Ok((store, instance))
}
