//! Timer interrupts that arrive at any instruction of generated code, and clobber what a handler
//! may, leave every result as it is without them.
//!
//! The payload "exact" says that QEMU counts instructions (`-icount`): only then can an interrupt come
//! at any of them. Else it comes between blocks.
#![no_std]
#![no_main]

extern crate alloc;

#[path = "common/wasm.rs"]
mod wasm;

use core::arch::asm;
use core::ops::Range;
use core::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::Relaxed};
use wasm::{check_trap, engine, func};
use wasmetal::{Func, Instance, Module, Store, Trap, TypedFunc};
use wasmetal_platform_bare::{Interrupted, entry, payload, println, timer};
use wasmetal_wat::wat;

entry!(main);

const WORK: &[u8] = wat!(
    r#"(module
    (import "" "host" (func $host (param f64 i64) (result f64)))
    (type $step (func (param i64) (result i64)))
    (memory 4)
    (table funcref (elem $step0 $step1 $step2))

    ;; Twelve floats that live in registers all along, and a few more in flight.
    (func $floats (param $n i32) (result f64)
        (local $a f64) (local $b f64) (local $c f64) (local $d f64) (local $e f64) (local $f f64)
        (local $g f64) (local $h f64) (local $i f64) (local $j f64) (local $k f64) (local $l f64)
        (local $s f32)
        (local.set $a (f64.const 0.1)) (local.set $b (f64.const 0.2)) (local.set $c (f64.const 0.3))
        (local.set $d (f64.const 0.4)) (local.set $e (f64.const 0.5)) (local.set $f (f64.const 0.6))
        (local.set $g (f64.const 1.1)) (local.set $h (f64.const 1.2)) (local.set $i (f64.const 1.3))
        (local.set $j (f64.const 1.4)) (local.set $k (f64.const 1.5)) (local.set $l (f64.const 1.6))
        (local.set $s (f32.const 1.7))
        (loop $next
            (local.set $a (f64.add (f64.mul (local.get $a) (local.get $g)) (f64.sub (local.get $b) (local.get $c))))
            (local.set $b (f64.sub (f64.mul (local.get $b) (local.get $h)) (local.get $d)))
            (local.set $c (f64.div (f64.add (local.get $c) (local.get $i)) (f64.const 1.7)))
            (local.set $d (f64.sqrt (f64.abs (f64.add (local.get $d) (local.get $j)))))
            (local.set $e (f64.add (local.get $e) (f64.div (local.get $k) (f64.const 3))))
            (local.set $f (f64.sub (local.get $e) (f64.floor (f64.mul (local.get $f) (local.get $l)))))
            (local.set $g (f64.div (local.get $a) (f64.add (f64.abs (local.get $a)) (f64.const 1))))
            (local.set $h (f64.copysign (local.get $h) (local.get $b)))
            (local.set $b (f64.div (local.get $b) (f64.add (f64.abs (local.get $b)) (f64.const 0.7))))
            (local.set $s (f32.add (f32.mul (local.get $s) (f32.const 0.9)) (f32.demote_f64 (local.get $g))))
            (local.set $e (f64.nearest (f64.mul (local.get $e) (f64.const 0.99))))
            (local.set $n (i32.sub (local.get $n) (i32.const 1)))
            (br_if $next (local.get $n)))
        (f64.add (f64.promote_f32 (local.get $s))
            (f64.add (f64.add (f64.add (local.get $a) (local.get $b)) (f64.add (local.get $c) (local.get $d)))
                (f64.add (f64.add (local.get $e) (local.get $f)) (f64.add (local.get $g) (local.get $h))))))

    (func $step0 (type $step) (i64.mul (i64.xor (local.get 0) (i64.shr_u (local.get 0) (i64.const 29)))
        (i64.const 0x9e3779b97f4a7c15)))
    (func $step1 (type $step) (i64.rotl (i64.add (local.get 0) (i64.const 12345)) (i64.const 17)))
    (func $step2 (type $step) (i64.add (i64.rem_u (local.get 0) (i64.const 1000003)) (i64.div_u (local.get 0) (i64.const 7))))

    ;; Memory, indirect calls, builtins, host calls: sorts, copies and sums words.
    (func $words (param $n i32) (result i64)
        (local $x i64) (local $i i32) (local $j i32) (local $v i64) (local $sum i64)
        (local.set $x (i64.const 88172645463325252))
        (loop $fill
            (local.set $x (call_indirect (type $step) (local.get $x)
                (i32.rem_u (local.get $i) (i32.const 3))))
            (i64.store (i32.shl (local.get $i) (i32.const 3)) (local.get $x))
            (local.set $i (i32.add (local.get $i) (i32.const 1)))
            (br_if $fill (i32.lt_u (local.get $i) (local.get $n))))
        (local.set $i (i32.const 1))
        (loop $insert
            (local.set $v (i64.load (i32.shl (local.get $i) (i32.const 3))))
            (local.set $j (local.get $i))
            (block $found
                (loop $shift
                    (br_if $found (i32.eqz (local.get $j)))
                    (br_if $found (i64.le_u
                        (i64.load (i32.shl (i32.sub (local.get $j) (i32.const 1)) (i32.const 3)))
                        (local.get $v)))
                    (i64.store (i32.shl (local.get $j) (i32.const 3))
                        (i64.load (i32.shl (i32.sub (local.get $j) (i32.const 1)) (i32.const 3))))
                    (local.set $j (i32.sub (local.get $j) (i32.const 1)))
                    (br $shift)))
            (i64.store (i32.shl (local.get $j) (i32.const 3)) (local.get $v))
            (local.set $i (i32.add (local.get $i) (i32.const 1)))
            (br_if $insert (i32.lt_u (local.get $i) (local.get $n))))
        (memory.copy (i32.const 65531) (i32.const 0) (i32.shl (local.get $n) (i32.const 3)))
        (memory.fill (i32.const 3) (i32.const 0xa5) (local.get $n))
        (local.set $i (i32.const 0))
        (loop $add
            (local.set $sum (i64.add (i64.rotl (local.get $sum) (i64.const 5))
                (i64.xor (i64.load offset=65531 (i32.shl (local.get $i) (i32.const 3)))
                    (i64.load (i32.shl (local.get $i) (i32.const 3))))))
            (local.set $i (i32.add (local.get $i) (i32.const 1)))
            (br_if $add (i32.lt_u (local.get $i) (local.get $n))))
        (local.get $sum))

    (func $fibonacci (param i32) (result i32)
        (if (result i32) (i32.lt_u (local.get 0) (i32.const 2))
            (then (local.get 0))
            (else (i32.add (call $fibonacci (i32.sub (local.get 0) (i32.const 1)))
                (call $fibonacci (i32.sub (local.get 0) (i32.const 2)))))))

    (func (export "run") (param $n i32) (result f64 i64 i32)
        (local $f f64) (local $w i64)
        (local.set $w (call $words (i32.add (i32.and (local.get $n) (i32.const 63)) (i32.const 40))))
        (local.set $f (call $host (call $floats (local.get $n)) (local.get $w)))
        (local.get $f)
        (local.get $w)
        (call $fibonacci (i32.const 12)))
    (func (export "trap") (param i32) (result i32)
        (i32.load (i32.add (i32.const 0x40000) (i32.mul (local.get 0) (i32.const 4096))))))"#
);

type Run = TypedFunc<i32, (f64, i64, i32)>;
type Results = (u64, i64, i32);

static TICKS: AtomicU64 = AtomicU64::new(0);
/// Interrupts of generated code.
static IN_CODE: AtomicU64 = AtomicU64::new(0);
/// Ticks until the next interrupt, before what is added to it.
static INTERVAL: AtomicU64 = AtomicU64::new(0);
static RANDOM: AtomicU64 = AtomicU64::new(1);
static CODE_START: AtomicUsize = AtomicUsize::new(0);
static CODE_END: AtomicUsize = AtomicUsize::new(0);
/// Which instructions of the code have been interrupted.
static SEEN: [AtomicBool; 4096] = [const { AtomicBool::new(false) }; 4096];

/// Clobbers what a handler may, and comes back.
fn tick(interrupted: &mut Interrupted) {
    TICKS.fetch_add(1, Relaxed);
    let pc = interrupted.registers.pc as usize;
    let start = CODE_START.load(Relaxed);
    if (start..CODE_END.load(Relaxed)).contains(&pc) {
        IN_CODE.fetch_add(1, Relaxed);
        if let Some(seen) = SEEN.get((pc - start) / 4) {
            seen.store(true, Relaxed);
        }
    }
    // SAFETY: the vectors save and restore all of these.
    unsafe {
        asm!(
            "msr fpcr, {rounding}",
            ".irp n,0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31",
            "movi v\\n\\().16b, #0xee",
            ".endr",
            "fmov d0, #3.0", "fmov d1, #1.0", "fdiv d0, d1, d0",
            "msr fpsr, {rounding}",
            ".irp n,0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17",
            "mov x\\n, #-1",
            ".endr",
            "cmp x0, #0",
            "msr fpcr, xzr",
            rounding = in(reg) 3_u64 << 22,
            out("v8") _, out("v9") _, out("v10") _, out("v11") _, out("v12") _, out("v13") _,
            out("v14") _, out("v15") _,
            clobber_abi("C"),
        );
    }
    // Intervals without a pattern, so that no loop keeps step with them.
    let random = RANDOM.load(Relaxed).wrapping_mul(6_364_136_223_846_793_005) + 1;
    RANDOM.store(random, Relaxed);
    let interval = INTERVAL.load(Relaxed);
    timer::once(interval + (random >> 33) % interval, tick);
}

fn main() -> i32 {
    let engine = engine();
    let module = Module::new(&engine, WORK).expect("a valid module");
    let mut store = Store::new(&engine, ());
    let host = |float: f64, word: i64| float + (word % 1000) as f64 / 3.0;
    let host = Func::wrap(&mut store, host);
    let instance = Instance::new(&mut store, &module, &[host.into()]).expect("an instance");
    let run = func::<i32, (f64, i64, i32)>(&mut store, instance, "run");
    let trap = func::<i32, i32>(&mut store, instance, "trap");
    let text = module.text().as_ptr_range();
    let text = text.start as usize..text.end as usize;

    const SIZES: Range<i32> = 50..66;
    let undisturbed: [Results; 16] =
        core::array::from_fn(|i| call(&run, &mut store, SIZES.start + i as i32));
    assert_eq!(undisturbed[0].2, 144);

    CODE_START.store(text.start, Relaxed);
    CODE_END.store(text.end, Relaxed);
    let frequency = timer::frequency();
    let exact = payload() == Some(b"exact");
    let rates = [
        (1_000, 100),
        (10_000, 500),
        (50_000, 2_000),
        (1_000_000, 50_000),
    ];
    for (hertz, needed) in &rates[..if exact { 4 } else { 3 }] {
        let ticks = (frequency / hertz).max(1);
        INTERVAL.store((ticks / 2).max(1), Relaxed);
        IN_CODE.store(0, Relaxed);
        TICKS.store(0, Relaxed);
        timer::once(ticks, tick);
        let mut calls = 0;
        while IN_CODE.load(Relaxed) < *needed {
            for (size, expected) in SIZES.zip(undisturbed) {
                assert_eq!(call(&run, &mut store, size), expected, "{size}");
                check_trap(trap.call(&mut store, size - 50), Trap::MemoryOutOfBounds);
                calls += 1;
            }
        }
        timer::stop();
        println!(
            "{hertz} Hz: {} interrupts, {} of them in generated code, in {calls} calls",
            TICKS.load(Relaxed),
            IN_CODE.load(Relaxed),
        );
    }
    let seen = SEEN.iter().filter(|seen| seen.load(Relaxed)).count();
    println!(
        "{seen} of {} words of code were interrupted",
        text.len() / 4
    );
    let expected = if exact { 200 } else { 10 };
    assert!(seen >= expected, "interrupts in many places");
    0
}

fn call(run: &Run, store: &mut Store<()>, size: i32) -> Results {
    let (float, word, number) = run.call(store, size).expect("no trap");
    assert!(float.is_finite());
    (float.to_bits(), word, number)
}
