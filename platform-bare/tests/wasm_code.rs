//! Published code can't be stored to, data can't be executed, and code that is gone does not run:
//! what the sandbox's W^X looks like from the firmware, which may do more than Wasm.
#![no_std]
#![no_main]

extern crate alloc;

mod common;
#[path = "common/wasm.rs"]
mod wasm;

use alloc::boxed::Box;
use common::{catch, chain};
use core::arch::asm;
use core::ops::Range;
use wasm::{check_trap, func};
use wasmetal::{Config, Engine, Instance, Module, Store, Trap};
use wasmetal_platform::{
    Capabilities, Fault, FaultKind, Platform, Protection, Result as PlatformResult, TrapHook,
};
use wasmetal_platform_bare::{entry, platform, println};
use wasmetal_wat::wat;

entry!(main);

const MODULE: &[u8] = wat!(
    r#"(module
    (memory (export "memory") 1)
    (table 10 funcref)
    (elem (i32.const 0) $wide)
    (type $narrow (func (param i32) (result i32)))
    (type $wide (func (param i64) (result i64)))
    (func $wide (type $wide) (local.get 0))
    (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))
    (func (export "indirect") (param i32) (result i32)
        (call_indirect (type $narrow) (i32.const 1) (local.get 0)))
    (data (i32.const 0) "\a0\0e\80\52\c0\03\5f\d6"))"#
);

/// The platform, but for the hook: Wasm's is asked after the one that catches the firmware's own faults.
struct Chained;

// SAFETY: `platform()` keeps the promises. A fault in Wasm code reaches its hook, since nothing is caught while
// Wasm runs.
unsafe impl Platform for Chained {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            interrupts: false,
            continues: false,
            alarm: false,
            ..platform().capabilities()
        }
    }
    fn cpu_feature(&self, name: &str) -> bool {
        platform().cpu_feature(name)
    }
    fn reserve(&self, size: usize, align: usize) -> PlatformResult<*mut u8> {
        platform().reserve(size, align)
    }
    unsafe fn release(&self, base: *mut u8, size: usize) {
        // SAFETY: the caller's promise, as in the functions below.
        unsafe { platform().release(base, size) }
    }
    unsafe fn commit(&self, base: *mut u8, size: usize) -> PlatformResult<()> {
        // SAFETY: as in `release`.
        unsafe { platform().commit(base, size) }
    }
    unsafe fn decommit(&self, base: *mut u8, size: usize) {
        // SAFETY: as in `release`.
        unsafe { platform().decommit(base, size) }
    }
    unsafe fn protect(
        &self,
        base: *mut u8,
        size: usize,
        protection: Protection,
    ) -> PlatformResult<()> {
        // SAFETY: as in `release`.
        unsafe { platform().protect(base, size, protection) }
    }
    unsafe fn publish(&self, base: *const u8, size: usize) {
        // SAFETY: as in `release`.
        unsafe { platform().publish(base, size) }
    }
    unsafe fn set_trap_hook(&self, hook: TrapHook) -> PlatformResult<()> {
        chain(hook);
        Ok(())
    }
}

fn load(address: usize) -> Result<u8, Fault> {
    // SAFETY: a fault is caught; nothing is stored.
    catch(move || unsafe { (address as *const u8).read_volatile() })
}

fn store(address: usize) -> Result<(), Fault> {
    // SAFETY: callers pass addresses that fault.
    catch(move || unsafe { (address as *mut u8).write_volatile(0) })
}

fn run(address: usize) -> Result<(), Fault> {
    // SAFETY: callers pass addresses that fault, or that hold `mov w0, #117; ret`.
    catch(move || unsafe {
        asm!("adr x30, 2f", "ret x16", "2:", in("x16") address, out("x30") _, clobber_abi("C"));
    })
}

/// Checks that an access or jump ended in a memory fault at `address`.
#[track_caller]
fn check_fault<R>(outcome: Result<R, Fault>, address: usize) {
    let fault = outcome.err().expect("a fault");
    let address = Some(address);
    assert_eq!(fault.kind, FaultKind::Memory { address });
}

fn main() -> i32 {
    // The catching hook is the platform's before the engine asks for one.
    check_fault(load(8), 8);
    let engine = Engine::new(&Config::new(&Chained)).expect("the defaults fit");
    let module = Module::new(&engine, MODULE).expect("a valid module");
    let text = module.text().as_ptr_range();
    let text = text.start as usize..text.end as usize;
    let image = module.image_range();
    let image = image.start as usize..image.end as usize;
    println!("text {text:#x?} in image {image:#x?}");
    let mut store = Store::new(&engine, ());
    let instance = Instance::new(&mut store, &module, &[]).expect("an instance");

    check_works(&mut store, instance);
    code_is_read_only(&text, &image);
    check_works(&mut store, instance);
    let memory = instance.get_memory(&mut store, "memory").expect("memory");
    let base = memory.data_ptr(&store) as usize;
    data_is_no_code(base, memory.data_size(&store));
    check_works(&mut store, instance);

    drop((store, module));
    println!("what is gone does not run, and can't be read");
    for address in [text.start, text.end - 4, image.end - 1] {
        check_fault(load(address), address);
        check_fault(self::store(address), address);
    }
    check_fault(run(text.start), text.start);
    0
}

/// Wasm's own traps still reach Wasm's hook.
fn check_works(store: &mut Store<()>, instance: Instance) {
    let load = func::<u32, i32>(store, instance, "load");
    let word = 0x5280_0ea0;
    assert_eq!(load.call(&mut *store, 0).expect("no trap"), word);
    check_trap(load.call(&mut *store, 65533), Trap::MemoryOutOfBounds);
    let indirect = func::<i32, i32>(store, instance, "indirect");
    check_trap(indirect.call(&mut *store, 0), Trap::BadSignature);
    check_trap(indirect.call(&mut *store, 1), Trap::IndirectCallToNull);
    check_trap(indirect.call(&mut *store, 10), Trap::TableOutOfBounds);
}

fn code_is_read_only(text: &Range<usize>, image: &Range<usize>) {
    println!("stores to code fault");
    assert!(image.start <= text.start && text.end <= image.end);
    for address in (image.start..image.end).step_by(64) {
        let before = load(address).expect("code can be read");
        check_fault(store(address), address);
        assert_eq!(load(address), Ok(before));
    }
    assert_eq!(image.end, text.end.next_multiple_of(4096), "only code");
    println!("the heap, where tables of code are, is no code");
    let tables: Box<[u32]> = Box::new([0xd65f_03c0; 16]);
    let address = tables.as_ptr().addr();
    assert_eq!(load(address), Ok(0xc0));
    check_fault(run(address), address);
}

fn data_is_no_code(memory: usize, size: usize) {
    println!("a linear memory is no code");
    for address in [memory, memory + 4, memory + 4096, memory + size - 4] {
        load(address).expect("a memory can be read");
        check_fault(run(address), address);
    }
    println!("what lies behind a memory can't be used at all");
    for offset in [
        size,
        1 << 31,
        (1 << 32) - 4,
        1 << 32,
        (1 << 32) + (32 << 20) - 4,
    ] {
        let address = memory + offset;
        check_fault(load(address), address);
        check_fault(store(address), address);
        check_fault(run(address), address);
    }
}
