//! A thousand guests as tasks of tokio's, on two threads: some sleep, some wait for each other by channels, and one spins.
//!
//! Each has a time slice, so that the one that spins leaves its thread to the others, at whatever instruction it stands.
//! The program prints how the threads were shared, and fails if a guest did not return what it must.

#![forbid(unsafe_code)]

mod guests;
mod measure;

use std::{process::ExitCode, sync::Arc, time::Duration};

use guests::{Kind, Linked, State};
use measure::{Metered, Tally};
use tokio::{runtime, sync::mpsc, task::JoinHandle};
use wasmetal::error::{Context as _, Error, Result, bail, ensure};
use wasmetal::{Config, Engine, Store, Trap};

/// How many guests sleep, and how many wait for each other. With the one that spins there are a thousand.
const SLEEPERS: u32 = 499;
const RELAYS: u32 = 500;
/// How often each relay passes a number on.
const ROUNDS: u32 = 20;
/// After this time a guest leaves its thread to others.
const SLICE: Duration = Duration::from_millis(1);

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let mut config = Config::new(wasmetal_platform_linux::platform());
    // A guest takes address space for the largest stack, and memory for what it uses of that.
    config.max_wasm_stack(64 << 10);
    let engine = Engine::new(&config)?;
    let linked = Arc::new(Linked::new(&engine)?);
    let runtime = runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_time()
        .build()
        .context("no threads")?;
    let tallies = runtime.block_on(all(&linked))?;
    measure::print(&tallies);
    Ok(())
}

async fn all(linked: &Arc<Linked>) -> Result<[Arc<Tally>; 3]> {
    let tallies = Kind::ALL.map(|kind| Arc::new(Tally::new(kind)));
    let [sleeping, relaying, spinning] = &tallies;
    let start = |tally: &Arc<Tally>, state, call: (&'static str, u32, u32)| {
        tokio::spawn(guest(linked.clone(), tally.clone(), state, call))
    };

    let mut spinner = linked.store(State::new(spinning, None), SLICE)?;
    let stop = spinner.interrupt_handle()?;
    let instance = linked.instance(&mut spinner).await?;
    let spin = instance.get_typed_func::<(), ()>(&mut spinner, "spin")?;
    let tally = spinning.clone();
    let spinner = tokio::spawn(async move {
        let result = Metered::new(tally, spin.call_async(&mut spinner, ())).await;
        (spinner, result)
    });

    // Each relay passes on to the next, and the last one back to here.
    let (first, mut inbox) = mpsc::channel(1);
    let relays: Vec<JoinHandle<_>> = (0..RELAYS)
        .map(|index| {
            let (outbox, next) = mpsc::channel(1);
            let channels = (std::mem::replace(&mut inbox, next), outbox);
            let state = State::new(relaying, Some(channels));
            start(relaying, state, ("relay", ROUNDS, index))
        })
        .collect();
    // From 1 to 10 ms, ten times.
    let times = |index| (10, 1 + index % 10);
    let sleepers: Vec<JoinHandle<_>> = (0..SLEEPERS)
        .map(|index| {
            let (count, time) = times(index);
            start(sleeping, State::new(sleeping, None), ("sleep", count, time))
        })
        .collect();

    let mut number = 0;
    for _ in 0..ROUNDS {
        first.send(number).await.context("a relay has ended")?;
        number = inbox.recv().await.context("a relay has ended")?;
    }
    let expected = ROUNDS * (0..RELAYS).sum::<u32>();
    ensure!(
        number == expected,
        "the number is {number} instead of {expected}"
    );
    for relay in relays {
        let passed = relay.await.context("a guest has panicked")??;
        ensure!(passed == ROUNDS, "a relay has passed on {passed} numbers");
    }
    for (index, sleeper) in (0..).zip(sleepers) {
        let slept = sleeper.await.context("a guest has panicked")??;
        let (count, time) = times(index);
        ensure!(slept == count * time, "{index} has slept {slept} ms");
    }

    // Nothing but this ends it; what it has counted is there.
    stop.interrupt();
    let (mut store, result) = spinner.await.context("a guest has panicked")?;
    let trap = result.map_err(|error: Error| error.downcast_ref::<Trap>().copied());
    let Err(Some(Trap::Interrupt)) = trap else {
        bail!("the guest that spins has ended by itself: {trap:?}");
    };
    let counted = linked.counted(&mut store, instance)?;
    ensure!(counted > 0, "the guest that spins had no turn");
    println!("the guest that spins has counted to {counted}");
    Ok(tallies)
}

/// A guest from its start to its end.
async fn guest(
    linked: Arc<Linked>,
    tally: Arc<Tally>,
    state: State,
    (name, first, second): (&'static str, u32, u32),
) -> Result<u32> {
    let run = async {
        let mut store: Store<State> = linked.store(state, SLICE)?;
        let instance = linked.instance(&mut store).await?;
        let run = instance.get_typed_func::<(u32, u32), u32>(&mut store, name)?;
        run.call_async(&mut store, (first, second)).await
    };
    Metered::new(tally, run).await
}
