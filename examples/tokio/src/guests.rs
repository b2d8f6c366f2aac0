//! The guests' module, and the functions of the host, which wait by means of tokio's.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::sync::mpsc::{Receiver, Sender};
use wasmetal::error::{Context as _, Result};
use wasmetal::{Caller, Engine, Instance, InstancePre, Linker, Module, Store};

use crate::measure::Tally;

/// What a guest does.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Sleeps,
    Relays,
    Spins,
}

impl Kind {
    pub(crate) const ALL: [Self; 3] = [Self::Sleeps, Self::Relays, Self::Spins];
}

const GUEST: &str = r#"(module
    (import "host" "sleep" (func $sleep (param i32)))
    (import "host" "receive" (func $receive (result i32)))
    (import "host" "send" (func $send (param i32)))
    (global $count (export "count") (mut i64) (i64.const 0))
    ;; For how many milliseconds it has slept.
    (func (export "sleep") (param $times i32) (param $time i32) (result i32) (local $slept i32)
        (loop $next
            (call $sleep (local.get $time))
            (local.set $slept (i32.add (local.get $slept) (local.get $time)))
            (br_if $next (local.tee $times (i32.sub (local.get $times) (i32.const 1)))))
        (local.get $slept))
    ;; How many numbers it has passed on.
    (func (export "relay") (param $times i32) (param $own i32) (result i32) (local $passed i32)
        (loop $next
            (call $send (i32.add (call $receive) (local.get $own)))
            (local.set $passed (i32.add (local.get $passed) (i32.const 1)))
            (br_if $next (i32.lt_u (local.get $passed) (local.get $times))))
        (local.get $passed))
    (func (export "spin")
        (loop $next
            (global.set $count (i64.add (global.get $count) (i64.const 1)))
            (br $next))))"#;

/// What the host keeps for a guest.
pub(crate) struct State {
    tally: Arc<Tally>,
    channels: Option<(Receiver<u32>, Sender<u32>)>,
}

impl State {
    pub(crate) fn new(tally: &Arc<Tally>, channels: Option<(Receiver<u32>, Sender<u32>)>) -> Self {
        Self {
            tally: tally.clone(),
            channels,
        }
    }

    fn channels(&mut self) -> Result<&mut (Receiver<u32>, Sender<u32>)> {
        self.channels.as_mut().context("the guest has no channels")
    }
}

/// The guests' module with its imports.
pub(crate) struct Linked(InstancePre<State>);

impl Linked {
    pub(crate) fn new(engine: &Engine) -> Result<Self> {
        let mut linker = Linker::new(engine);
        linker.func_wrap_async(
            "host",
            "sleep",
            |caller: Caller<'_, State>, (milliseconds,): (u32,)| {
                Box::new(async move {
                    let due = Instant::now() + Duration::from_millis(milliseconds.into());
                    tokio::time::sleep_until(due.into()).await;
                    caller.data().tally.late(due.elapsed());
                })
            },
        )?;
        linker.func_wrap_async(
            "host",
            "receive",
            |mut caller: Caller<'_, State>, (): ()| {
                Box::new(async move {
                    let (inbox, _) = caller.data_mut().channels()?;
                    inbox.recv().await.context("nobody sends any more")
                })
            },
        )?;
        linker.func_wrap_async(
            "host",
            "send",
            |mut caller: Caller<'_, State>, (number,): (u32,)| {
                Box::new(async move {
                    let (_, outbox) = caller.data_mut().channels()?;
                    let sent = outbox.send(number).await;
                    sent.context("nobody receives any more")
                })
            },
        )?;
        let module = Module::new(engine, GUEST)?;
        Ok(Self(linker.instantiate_pre(&module)?))
    }

    pub(crate) fn store(&self, state: State, slice: Duration) -> Result<Store<State>> {
        let mut store = Store::new(self.0.module().engine(), state);
        store.set_time_slice(Some(slice))?;
        Ok(store)
    }

    pub(crate) async fn instance(&self, store: &mut Store<State>) -> Result<Instance> {
        self.0.instantiate_async(store).await
    }

    /// How far the guest that spins has counted.
    pub(crate) fn counted(&self, store: &mut Store<State>, instance: Instance) -> Result<i64> {
        let count = instance.get_global(&mut *store, "count");
        let count = count.context("no such global")?.get(&mut *store);
        count.i64().context("the global is no i64")
    }
}
