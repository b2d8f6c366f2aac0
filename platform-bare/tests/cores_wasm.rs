//! Two cores run Wasm at the same time: stores of one engine compute, trap, overflow and grow on both,
//! while modules are compiled and dropped and timers interrupt. Then stores and functions change cores.
#![no_std]
#![no_main]

extern crate alloc;

#[path = "common/wasm.rs"]
mod wasm;

use alloc::sync::Arc;
use core::sync::atomic::{AtomicU32, Ordering};
use wasm::{check_trap, engine, func, indexed, one_function};
use wasmetal::{Caller, Engine, Func, Instance, Module, Store, Trap, TypedFunc};
use wasmetal_platform_bare::{Interrupted, cores, entry, platform, println, timer};
use wasmetal_wat::wat;

entry!(main);

/// How long both cores go on, in seconds.
const BUDGET: u64 = 10;
/// What they do at least, however busy the host.
const ROUNDS: u32 = 12;

const MODULE: &[u8] = wat!(
    r#"(module
    (import "" "twice" (func $twice (param i32) (result i32)))
    (memory (export "memory") 1 40)
    (table 2 funcref)
    ;; Fills 4096 words by a generator, and folds them back to front.
    (func (export "compute") (param $seed i32) (result i32) (local $at i32) (local $sum i32)
        (loop $fill
            (local.set $seed (i32.add (i32.mul (local.get $seed) (i32.const 1664525)) (i32.const 1013904223)))
            (i32.store (local.get $at) (local.get $seed))
            (br_if $fill (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 4))) (i32.const 16384))))
        (loop $fold
            (local.set $at (i32.sub (local.get $at) (i32.const 4)))
            (local.set $sum (i32.add (i32.rotl (local.get $sum) (i32.const 5)) (i32.load (local.get $at))))
            (br_if $fold (local.get $at)))
        (call $twice (local.get $sum)))
    (func (export "float") (param $x f64) (result f64) (local $n i32)
        (loop $again
            (local.set $x (f64.sqrt (f64.add (f64.mul (local.get $x) (local.get $x)) (f64.const 1.5))))
            (br_if $again (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 3000))))
        (local.get $x))
    (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
    (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))
    (func $deep (export "deep") (param i32) (call $deep (i32.add (local.get 0) (i32.const 1))))
    (func (export "divide") (param i32) (drop (i32.div_u (i32.const 7) (local.get 0))))
    (func (export "null") (param i32) (call_indirect (local.get 0)))
    (func (export "unreachable") (param i32) unreachable))"#
);

const OTHER: &[u8] = wat!(
    r#"(module
    (func (export "f") (param i32) (result i32) (i32.div_u (i32.const 1000) (local.get 0))))"#
);

/// What `compute` returns, without Wasm.
fn computed(mut seed: u32) -> u32 {
    let mut words = [0; 4096];
    for word in &mut words {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        *word = seed;
    }
    let fold = |sum: u32, word: &u32| sum.rotate_left(5).wrapping_add(*word);
    words.iter().rev().fold(0, fold).wrapping_mul(2)
}

static TICKS: [AtomicU32; 2] = [const { AtomicU32::new(0) }; 2];

fn tick(_: &mut Interrupted) {
    TICKS[cores::current()].fetch_add(1, Ordering::Relaxed);
}

fn main() -> i32 {
    // The stacks of the second core stay.
    cores::start(1, || {}).expect("it starts").join();
    let frames = platform().free_frames();
    both_at_once();
    parallel_compilation();
    moves();
    code_of_the_other();
    assert_eq!(platform().free_frames(), frames, "frames are given back");
    0
}

/// An instance of `MODULE`, in a store that counts its calls to the host.
fn instantiate(engine: &Engine, module: &Module) -> (Store<u32>, Instance) {
    let mut store = Store::new(engine, 0);
    let twice = Func::wrap(&mut store, |mut caller: Caller<'_, u32>, n: i32| {
        *caller.data_mut() += 1;
        n.wrapping_mul(2)
    });
    let instance = Instance::new(&mut store, module, &[twice.into()]).expect("an instance");
    (store, instance)
}

fn both_at_once() {
    let engine = engine();
    let module = Module::new(&engine, MODULE).expect("a valid module");
    let end = timer::now() + BUDGET * timer::frequency();
    let work = || {
        timer::periodic(timer::frequency() / 1000, tick);
        let mut rounds = 0;
        while rounds < ROUNDS || timer::now() < end {
            round(&engine, &module, rounds * 2 + cores::current() as u32);
            rounds += 1;
        }
        timer::stop();
        rounds
    };
    let (there, here) = cores::join(1, work, work).expect("the core is off");
    let ticks = TICKS.each_ref().map(|ticks| ticks.load(Ordering::Relaxed));
    assert!(ticks.iter().all(|ticks| *ticks > 0), "interrupts");
    println!("{here} and {there} rounds, {ticks:?} interrupts");
}

/// A store's life.
fn round(engine: &Engine, module: &Module, seed: u32) {
    let (mut store, instance) = instantiate(engine, module);
    let compute: TypedFunc<i32, i32> = typed(&mut store, instance, "compute");
    let float: TypedFunc<f64, f64> = typed(&mut store, instance, "float");
    let root = f64::from(seed % 5 + 1);
    let expected = (0..3000).fold(root, |x, _| sqrt(x * x + 1.5));
    for n in 0..10 {
        let seed = seed * 100 + n;
        let result = compute.call(&mut store, seed as i32).expect("no trap");
        assert_eq!(result as u32, computed(seed));
        traps(&mut store, instance, n);
        let result = float.call(&mut store, root).expect("no trap");
        assert_eq!(result.to_bits(), expected.to_bits());
        let grow: TypedFunc<i32, i32> = typed(&mut store, instance, "grow");
        assert_eq!(grow.call(&mut store, 1).expect("no trap") as u32, 1 + n);
    }
    assert_eq!(*store.data(), 10);
    // Publishes code, and takes it away again.
    let other = Module::new(engine, OTHER).expect("a valid module");
    let mut store = Store::new(engine, ());
    let instance = Instance::new(&mut store, &other, &[]).expect("an instance");
    let f: TypedFunc<i32, i32> = func(&mut store, instance, "f");
    assert_eq!(f.call(&mut store, 8).expect("no trap"), 125);
    check_trap(f.call(&mut store, 0), Trap::IntegerDivisionByZero);
}

fn typed<P: wasmetal::WasmParams, R: wasmetal::WasmResults>(
    store: &mut Store<u32>,
    instance: Instance,
    name: &str,
) -> TypedFunc<P, R> {
    instance.get_typed_func(store, name).expect(name)
}

fn sqrt(x: f64) -> f64 {
    let root;
    // SAFETY: a floating-point instruction.
    unsafe {
        core::arch::asm!("fsqrt {0:d}, {1:d}", out(vreg) root, in(vreg) x, options(pure, nomem, nostack))
    };
    root
}

fn traps(store: &mut Store<u32>, instance: Instance, grown: u32) {
    let end = (1 + grown) * 65536;
    let load: TypedFunc<i32, i32> = typed(store, instance, "load");
    assert!(load.call(&mut *store, end as i32 - 4).is_ok());
    for address in [end as i32 - 3, end as i32, i32::MAX, -1] {
        check_trap(load.call(&mut *store, address), Trap::MemoryOutOfBounds);
    }
    let expected = [
        ("deep", 0, Trap::StackOverflow),
        ("divide", 0, Trap::IntegerDivisionByZero),
        ("null", 1, Trap::IndirectCallToNull),
        ("null", 2, Trap::TableOutOfBounds),
        ("unreachable", 0, Trap::UnreachableCodeReached),
    ];
    for (name, argument, trap) in expected {
        let f: TypedFunc<i32, ()> = typed(store, instance, name);
        check_trap(f.call(&mut *store, argument), trap);
    }
}

/// All cores compile one module. The image is the same.
fn parallel_compilation() {
    let alone = engine().precompile_module(MODULE).expect("a valid module");
    let mut config = wasm::config();
    config.parallel_compilation(cores::for_each);
    let together = Engine::new(&config).expect("it fits");
    for _ in 0..5 {
        let image = together.precompile_module(MODULE);
        assert!(image.expect("a valid module") == alone, "another image");
    }
}

/// A store runs on one core, then on the other, and so on.
fn moves() {
    let engine = engine();
    let module = Module::new(&engine, MODULE).expect("a valid module");
    let (mut store, instance) = instantiate(&engine, &module);
    for n in 0..20 {
        let step = move |mut store: Store<u32>| {
            let compute: TypedFunc<i32, i32> = typed(&mut store, instance, "compute");
            let result = compute.call(&mut store, n).expect("no trap");
            assert_eq!(result as u32, computed(n as u32));
            traps(&mut store, instance, 0);
            store
        };
        store = step(store);
        store = cores::start(1, move || step(store))
            .expect("the core is off")
            .join();
    }
    assert_eq!(*store.data(), 40);
}

/// A host function, called by Wasm on one core, waits for the other to compile a module, and calls that.
/// No core enters Wasm anew in between.
fn code_of_the_other() {
    const CALLER: &[u8] = wat!(
        r#"(module
        (import "" "make" (func $make (param i32)))
        (table (export "table") 1 funcref)
        (type $t (func (param i32) (result i32)))
        (func (export "run") (param $n i32) (result i32) (local $sum i32)
            (loop $again
                (call $make (local.get $n))
                (local.set $sum (i32.add (local.get $sum)
                    (call_indirect (type $t) (local.get $n) (i32.const 0))))
                (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
            (local.get $sum)))"#
    );
    let engine = engine();
    let caller = Module::new(&engine, CALLER).expect("a valid module");
    let modules = Arc::new(spin::Mutex::new(None));
    let wanted = Arc::new(AtomicU32::new(0));
    let mut store = Store::new(&engine, ());
    let make = {
        let (modules, wanted) = (modules.clone(), wanted.clone());
        Func::wrap(&mut store, move |mut caller: Caller<'_, ()>, n: i32| {
            wanted.store(n as u32, Ordering::Release);
            let module: Module = loop {
                match modules.lock().take() {
                    Some(module) => break module,
                    None => core::hint::spin_loop(),
                }
            };
            let instance = Instance::new(&mut caller, &module, &[]).expect("an instance");
            let f = instance.get_func(&mut caller, "f").expect("exported");
            let table = caller.get_export("table").expect("exported");
            let table = table.into_table().expect("a table");
            table.set(&mut caller, 0, f.into()).expect("in bounds");
        })
    };
    let instance = Instance::new(&mut store, &caller, &[make.into()]).expect("an instance");
    let run: TypedFunc<i32, i32> = func(&mut store, instance, "run");
    const COUNT: u32 = 20;
    let compile = || {
        for n in (1..=COUNT).rev() {
            while wanted.load(Ordering::Acquire) != n {
                core::hint::spin_loop();
            }
            // (i32.add (i32.const n * 1000) (local.get 0))
            let mut operators = indexed(0x41, n as usize * 1000).to_vec();
            operators.extend([0x20, 0, 0x6a]);
            let wasm = one_function(&[0x60, 1, 0x7f, 1, 0x7f], &[0], &operators);
            let module = Module::new(&engine, wasm).expect("a valid module");
            *modules.lock() = Some(module);
        }
    };
    let (sum, ()) =
        cores::join(1, || run.call(&mut store, COUNT as i32), compile).expect("the core is off");
    let expected: u32 = (1..=COUNT).map(|n| n * 1000 + n).sum();
    assert_eq!(sum.expect("no trap") as u32, expected);
}
