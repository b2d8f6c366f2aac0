//! The guests' module, and the functions of the host, which wait by means of Embassy's.

use alloc::{boxed::Box, vec::Vec};
use core::future::poll_fn;
use core::task::Poll;

use embassy_sync::waitqueue::AtomicWaker;
use embassy_time::{Duration, Instant, Timer};
use wasmetal::error::{Context as _, Result};
use wasmetal::{Caller, Engine, InstancePre, Linker, Module, Store};
use wasmetal_platform_bare::console;
use wasmetal_wat::wat;

const GUEST: &[u8] = wat!(
    r#"(module
    (import "host" "sleep" (func $sleep (param i32)))
    (import "host" "read" (func $read (result i32)))
    (import "host" "never" (func $never))
    (import "host" "write" (func $write (param i32 i32)))
    (memory (export "memory") 1)
    (data (i32.const 0) "What is your name?\0a")
    (data (i32.const 32) "Hello, ")
    ;; For how many milliseconds it has slept.
    (func (export "sleep") (param $times i32) (param $time i32) (result i32) (local $slept i32)
        (loop $next
            (call $sleep (local.get $time))
            (local.set $slept (i32.add (local.get $slept) (local.get $time)))
            (br_if $next (local.tee $times (i32.sub (local.get $times) (i32.const 1)))))
        (local.get $slept))
    (func (export "never") (param i32 i32) (result i32) (call $never) (i32.const 0))
    ;; How many bytes the name has.
    (func (export "greet") (param i32 i32) (result i32) (local $byte i32) (local $length i32)
        (call $write (i32.const 0) (i32.const 19))
        (block $end
            (loop $next
                (br_if $end (i32.lt_u (local.tee $byte (call $read)) (i32.const 32)))
                (i32.store8 offset=39 (local.get $length) (local.get $byte))
                (local.set $length (i32.add (local.get $length) (i32.const 1)))
                (br_if $next (i32.lt_u (local.get $length) (i32.const 100)))))
        (i32.store8 offset=39 (local.get $length) (i32.const 10))
        (call $write (i32.const 32) (i32.add (local.get $length) (i32.const 8)))
        (local.get $length)))"#
);

/// What the host keeps for a guest.
#[derive(Default)]
pub(crate) struct State {
    /// How much later than it was due it went on at most, after it had slept.
    pub(crate) late: Duration,
}

/// The guests' module with its imports.
pub(crate) struct Linked(InstancePre<State>);

impl Linked {
    pub(crate) fn new(engine: &Engine) -> Result<Self> {
        let mut linker = Linker::new(engine);
        linker.func_wrap_async(
            "host",
            "sleep",
            |mut caller: Caller<'_, State>, (milliseconds,): (u32,)| {
                Box::new(async move {
                    let due = Instant::now() + Duration::from_millis(milliseconds.into());
                    Timer::at(due).await;
                    let late = &mut caller.data_mut().late;
                    *late = due.elapsed().max(*late);
                })
            },
        )?;
        linker.func_wrap_async("host", "read", |_: Caller<'_, State>, (): ()| {
            Box::new(async { u32::from(read().await) })
        })?;
        linker.func_wrap_async("host", "never", |_: Caller<'_, State>, (): ()| {
            Box::new(core::future::pending::<()>())
        })?;
        linker.func_wrap("host", "write", write)?;
        let module = Module::new(engine, GUEST)?;
        Ok(Self(linker.instantiate_pre(&module)?))
    }

    /// Runs a guest from its start to its end, or its deadline; what its function returns, and how late it was.
    pub(crate) async fn run(
        &self,
        (name, first, second): (&str, u32, u32),
        deadline: Option<core::time::Duration>,
    ) -> Result<(u32, Duration)> {
        let mut store = Store::new(self.0.module().engine(), State::default());
        store.set_deadline(deadline)?;
        let instance = self.0.instantiate_async(&mut store).await?;
        let run = instance.get_typed_func::<(u32, u32), u32>(&mut store, name)?;
        let result = run.call_async(&mut store, (first, second)).await?;
        Ok((result, store.data().late))
    }
}

/// Waits for a byte from the console.
async fn read() -> u8 {
    static READER: AtomicWaker = AtomicWaker::new();
    poll_fn(|task| {
        READER.register(task.waker());
        match console::read() {
            Some(byte) => Poll::Ready(byte),
            None => {
                console::once_readable(|| READER.wake());
                Poll::Pending
            }
        }
    })
    .await
}

fn write(mut caller: Caller<'_, State>, start: u32, length: u32) -> Result<()> {
    let memory = caller.get_export("memory").and_then(|it| it.into_memory());
    let memory = memory.context("no memory is exported")?;
    let bytes: Vec<u8> = (memory.data(&caller).get(start as usize..))
        .and_then(|rest| rest.get(..length as usize))
        .context("what it writes lies outside its memory")?
        .into();
    console::write_bytes(&bytes);
    Ok(())
}
