//! Memories that threads share, and waiting in them.

use super::{Exhausted, grown};
use core::time::Duration;
use wasmetal::*;
use wasmetal_wat::wat;

pub(crate) const GUEST: &[u8] = wat!(
    r#"(module
        (import "env" "memory" (memory 1 4 shared))
        (memory $own (export "own") 1 2 shared)
        (func (export "wait") (param i32 i64) (result i32)
            (memory.atomic.wait32 (i32.const 0) (local.get 0) (local.get 1)))
        (func (export "wait_own") (result i32)
            (memory.atomic.wait64 $own (i32.const 8) (i64.const 0) (i64.const 1000)))
        (func (export "notify") (result i32)
            (memory.atomic.notify (i32.const 0) (i32.const 1)))
        (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))"#
);

/// What waiting in a memory came to. Where there is no room for one more who waits, it is no trap of memory.
pub(crate) fn waited(result: core::result::Result<WaitResult, Trap>) -> Result<WaitResult> {
    result.map_err(|trap| match trap {
        Trap::CannotBlock => Exhausted.into(),
        trap => trap.into(),
    })
}

/// `guest` is an image of [`GUEST`]; `park` is given the memory to have another thread wait in it, if there is one.
pub(crate) fn sharing(
    engine: &Engine,
    guest: &[u8],
    park: &dyn Fn(&SharedMemory) -> Result<()>,
) -> Result<()> {
    // SAFETY: what the compiler made.
    let module = unsafe { Module::deserialize_unsigned(engine, guest) }?;
    let memory = SharedMemory::new(engine, MemoryType::shared(1, 4))?;
    let short = Some(Duration::from_micros(1));
    assert_eq!(
        waited(memory.atomic_wait32(0, 0, short))?,
        WaitResult::TimedOut
    );
    assert_eq!(
        waited(memory.atomic_wait32(0, 1, short))?,
        WaitResult::Mismatch
    );
    park(&memory)?;
    for interruptible in [false, true] {
        let mut store = Store::try_new(engine, ())?;
        if interruptible {
            store.set_deadline(Some(Duration::from_secs(3600)))?;
        }
        let import = memory.clone().into();
        let instance = Instance::new(&mut store, &module, &[import])?;
        let wait = instance.get_typed_func::<(i32, i64), i32>(&mut store, "wait")?;
        assert_eq!(wait.call(&mut store, (1, -1))?, 1);
        assert_eq!(wait.call(&mut store, (0, 1000))?, 2);
        let wait = instance.get_typed_func::<(), i32>(&mut store, "wait_own")?;
        assert_eq!(wait.call(&mut store, ())?, 2);
        let notify = instance.get_typed_func::<(), i32>(&mut store, "notify")?;
        assert_eq!(notify.call(&mut store, ())?, 0);
        let grow = instance.get_typed_func::<i32, i32>(&mut store, "grow")?;
        grown(grow.call(&mut store, 1)?, 1 + i32::from(interruptible))?;
        let own = instance.get_shared_memory(&mut store, "own");
        let own = own.expect("exported");
        drop(store);
        // It outlives its store.
        assert_eq!(own.grow(1)?, 1);
    }
    assert_eq!(memory.grow(1)?, 3);
    park(&memory)
}
