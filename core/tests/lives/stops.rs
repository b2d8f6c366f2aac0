//! Guests that are stopped: by fuel, epochs, interrupts, deadlines.

use super::failed;
use core::time::Duration;
use wasmetal::*;
use wasmetal_wat::wat;

pub(crate) const GUEST: &[u8] = wat!(
    r#"(module
        (import "host" "stop" (func $stop))
        (memory 1)
        (func (export "five") (result i32) (i32.const 5))
        (func (export "spin") (loop (br 0)))
        (func (export "stop") (call $stop) (loop (br 0)))
        (func (export "fill")
            (loop (memory.fill (i32.const 0) (i32.const 1) (i32.const 65536)) (br 0))))"#
);

/// The trap that a call is to end with, unless memory ran out.
fn stopped<R>(result: Result<R>, trap: Trap) -> Result<()> {
    let error = failed::<Trap, R>(result)?;
    assert_eq!(error.downcast_ref(), Some(&trap), "{error:?}");
    Ok(())
}

/// In an engine with fuel and epochs; `guest` is an image of [`GUEST`].
pub(crate) fn stops(engine: &Engine, guest: &[u8]) -> Result<()> {
    // SAFETY: what the compiler made.
    let module = unsafe { Module::deserialize_unsigned(engine, guest) }?;
    let mut store = Store::try_new(engine, 0_u32)?;
    let handle = store.interrupt_handle()?;
    let mut linker = Linker::new(engine);
    linker.func_wrap("host", "stop", move || handle.interrupt())?;
    store.set_fuel(1000)?;
    store.set_epoch_deadline(1);
    let instance = linker.instantiate(&mut store, &module)?;
    let five = instance.get_typed_func::<(), i32>(&mut store, "five")?;
    let mut func = |name| instance.get_typed_func::<(), ()>(&mut store, name);
    let (spin, stop, fill) = (func("spin")?, func("stop")?, func("fill")?);
    assert_eq!(five.call(&mut store, ())?, 5);

    stopped(spin.call(&mut store, ()), Trap::OutOfFuel)?;
    assert_eq!(store.get_fuel()?, 0);
    store.set_fuel(1 << 60)?;

    engine.increment_epoch();
    stopped(spin.call(&mut store, ()), Trap::Interrupt)?;
    store.epoch_deadline_callback(|mut store| {
        *store.data_mut() += 1;
        Ok(match store.data() {
            4 => UpdateDeadline::Interrupt,
            _ => UpdateDeadline::Continue(0),
        })
    });
    stopped(spin.call(&mut store, ()), Trap::Interrupt)?;
    assert_eq!(*store.data(), 4);
    store.epoch_deadline_trap();
    store.set_epoch_deadline(1 << 60);

    let handle = store.interrupt_handle()?;
    handle.interrupt();
    stopped(five.call(&mut store, ()), Trap::Interrupt)?;
    stopped(stop.call(&mut store, ()), Trap::Interrupt)?;
    assert_eq!(five.call(&mut store, ())?, 5);
    store.set_deadline(Some(Duration::ZERO))?;
    stopped(spin.call(&mut store, ()), Trap::Interrupt)?;
    for name in [spin, fill] {
        store.set_deadline(Some(Duration::from_micros(200)))?;
        stopped(name.call(&mut store, ()), Trap::Interrupt)?;
    }
    store.set_deadline(None)?;
    assert_eq!(five.call(&mut store, ())?, 5);
    drop(store);
    handle.interrupt();
    Ok(())
}
