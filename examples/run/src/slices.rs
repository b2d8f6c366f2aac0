//! Suspends asynchronous calls at random instructions, by time slices of random lengths: most are gone on with, and end
//! as if nobody had disturbed them; the others are dropped where they stand, and nothing may be left of them.

use alloc::{boxed::Box, sync::Arc, task::Wake};
use core::{
    fmt::Write,
    future::poll_fn,
    pin::pin,
    sync::atomic::{AtomicBool, AtomicU32, Ordering::SeqCst},
    task::{Context as Task, Poll, Waker},
    time::Duration,
};

use wasmetal::error::{Context, Result, ensure};
use wasmetal::{
    AsContextMut, Caller, Config, Engine, ExnRef, ExnRefPre, ExnType, Extern, ExternRef, Linker,
    Module, Rooted, Store, TypedFunc, Val,
};

use crate::{
    Machine, Stops,
    load::{in_turn, load},
    look::{leaves_nothing, look},
    random::Random,
    subjects::Subjects,
};

/// One suspension in this many is the last: the call is dropped.
const DROPPED: u32 = 10;
/// How many slices a call that is to end takes at most, more or less.
const MOST_SLICES: u64 = 64;
/// One call in this many has slices that are as short as they get.
const SHORTEST: u64 = 16;
/// Calls that are longer are dropped then.
const SHORT: Duration = Duration::from_micros(200);
/// After how many suspensions they are, at the latest.
const MOST_SHORTEST: u64 = 200;
/// One poll in this many is another thread's, where there is one.
const ELSEWHERE: u64 = 8;
/// One drop in this many is followed by a whole call of the same function.
const CALL_AGAIN: u64 = 16;
/// How many calls fill the pools, but for the slack.
const WARM_UP: u32 = 300;
/// How many bytes of heap, and pages, may be in use after a call beyond what ever was before; in the end it is nothing.
const SLACK: [usize; 2] = [128 << 10, 512];

pub(crate) fn run(
    config: &Config,
    job: &Stops<'_>,
    machine: &Machine,
    out: &mut dyn Write,
) -> Result<()> {
    let mut config = in_turn(config);
    // So that objects are collected often.
    config.gc_heap_initial_size(32 << 10);
    writeln!(out, "{} suspensions, seed {}", job.count, job.seed)?;
    // What the program and its threads have once and keep.
    let first = Stops {
        count: 100,
        modules: job.modules.iter().rev().take(1).cloned().collect(),
        ..job.clone()
    };
    storm(&Engine::new(&config)?, &first, machine, out)?;

    leaves_nothing(machine, out, |out| {
        storm(&Engine::new(&config)?, job, machine, out)?.report(out)
    })
}

fn storm<'a>(
    engine: &'a Engine,
    job: &'a Stops<'a>,
    machine: &'a Machine,
    out: &mut dyn Write,
) -> Result<Storm<'a>> {
    let waits = Arc::new(AtomicU32::new(0));
    let things = Arc::new(());
    let linker = linker(engine, &waits, &things)?;
    let subjects = Subjects::new(
        engine,
        job,
        machine,
        out,
        |store, module, name, argument| undisturbed(&linker, store, module, name, argument),
    )?;
    let mut storm = Storm {
        engine,
        linker,
        probe: load(engine, &job.probe, out)?,
        subjects,
        machine,
        random: Random(job.seed),
        waits,
        things,
        woken: Arc::new(Woken(AtomicBool::new(false))),
        suspensions: 0,
        dropped: 0,
        finished: 0,
        again: 0,
    };
    let mut most = [0; 2];
    let mut calls = 0;
    while storm.suspensions < job.count {
        let before = storm.suspensions;
        let mut case = None;
        let round = storm.round(&mut case);
        let context = || alloc::format!("after {before} suspensions, in {case:?}");
        round.with_context(context)?;
        let now = (machine.resources)();
        for ((most, now), slack) in most.iter_mut().zip(now).zip(SLACK) {
            if calls < WARM_UP {
                *most = now.max(*most);
            }
            ensure!(
                now <= most.saturating_add(slack),
                "{}: {now} in use of heap or pages, never more than {most} before",
                context()
            );
        }
        calls += 1;
    }
    Ok(storm)
}

/// What the modules may import. `waits` counts how often a host function has not been ready; what refers to `things` is
/// alive as long as objects of the host's are.
fn linker(engine: &Engine, waits: &Arc<AtomicU32>, things: &Arc<()>) -> Result<Linker<()>> {
    type Host<'a> = Caller<'a, ()>;
    let mut linker = Linker::new(engine);
    linker.func_wrap("host", "echo", |value: u64| value + 3)?;
    linker.func_wrap("host", "collect", |mut caller: Host<'_>| caller.gc(None))?;
    let waits = || waits.clone();
    let counted = waits();
    linker.func_wrap_async("host", "wait", move |_: Host<'_>, (value,): (u64,)| {
        let waits = counted.clone();
        Box::new(async move {
            pend(value as u32 % 4, &waits).await;
            value ^ 5
        })
    })?;
    let (counted, thing) = (waits(), things.clone());
    linker.func_wrap_async(
        "host",
        "thing",
        move |mut caller: Host<'_>, (value,): (u64,)| {
            let (waits, thing) = (counted.clone(), thing.clone());
            Box::new(async move {
                let object = ExternRef::new(&mut caller, (value, thing))?;
                pend(value as u32 % 2, &waits).await;
                caller.gc(None)?;
                Result::Ok(Some(object))
            })
        },
    )?;
    linker.func_wrap(
        "host",
        "value",
        |caller: Host<'_>, thing: Option<Rooted<ExternRef>>| {
            let data = thing.context("a null")?.data(&caller)?;
            let thing: Option<&(u64, Arc<()>)> = data.and_then(|data| data.downcast_ref());
            Ok(thing.context("another thing")?.0)
        },
    )?;
    let counted = waits();
    linker.func_wrap_async(
        "host",
        "throw",
        move |mut caller: Host<'_>, (value,): (u64,)| {
            let waits = counted.clone();
            Box::new(async move {
                pend(value as u32 % 3, &waits).await;
                let tag = caller.get_export("error").and_then(Extern::into_tag);
                let tag = tag.context("no tag")?;
                let ty = ExnType::from_tag_type(&tag.ty(&caller))?;
                let pre = ExnRefPre::new(&mut caller, ty);
                let exception = ExnRef::new(&mut caller, &pre, &tag, &[Val::I64(value as i64)])?;
                caller.as_context_mut().throw::<()>(exception)
            })
        },
    )?;
    // Of the caller's, by a call that can wait, and by one that can't.
    fn inner(caller: &mut Host<'_>) -> Result<TypedFunc<u64, u64>> {
        let inner = caller.get_export("inner").and_then(Extern::into_func);
        inner.context("no function")?.typed(&*caller)
    }
    linker.func_wrap_async(
        "host",
        "nested",
        |mut caller: Host<'_>, (value,): (u64,)| {
            Box::new(async move { inner(&mut caller)?.call_async(&mut caller, value).await })
        },
    )?;
    linker.func_wrap("host", "inside", |mut caller: Host<'_>, value: u64| {
        inner(&mut caller)?.call(&mut caller, value)
    })?;
    Ok(linker)
}

/// A call in an instance of its own, in a store without slices.
fn undisturbed(
    linker: &Linker<()>,
    store: &mut Store<()>,
    module: &Module,
    name: &str,
    argument: u32,
) -> Result<u64> {
    let instance = linker.instantiate(&mut *store, module)?;
    let run = instance.get_typed_func::<u32, u64>(&mut *store, name)?;
    let mut call = pin!(run.call_async(&mut *store, argument));
    let mut task = Task::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(result) = call.as_mut().poll(&mut task) {
            break result;
        }
    }
}

/// Is not ready this many times.
async fn pend(times: u32, waits: &AtomicU32) {
    let mut left = times;
    poll_fn(|task| {
        if left == 0 {
            return Poll::Ready(());
        }
        left -= 1;
        waits.fetch_add(1, SeqCst);
        task.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// A task that was woken, or not.
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, SeqCst);
    }
}

/// The module, the function, its argument, the length of the slices, and after how many of them the call is dropped.
type Case<'a> = (&'a str, &'a str, u32, Duration, Option<u64>);

struct Storm<'a> {
    engine: &'a Engine,
    linker: Linker<()>,
    probe: Module,
    subjects: Subjects<'a>,
    machine: &'a Machine,
    random: Random,
    /// How often a host function was not ready.
    waits: Arc<AtomicU32>,
    /// What objects of the host's refer to.
    things: Arc<()>,
    woken: Arc<Woken>,
    /// Ends of slices.
    suspensions: u32,
    /// How many of them were a call's last.
    dropped: u32,
    /// Calls that have ended with their results.
    finished: u32,
    /// Whole calls after a drop.
    again: u32,
}

impl<'a> Storm<'a> {
    /// How long the slices of a call are that takes so long otherwise, and after how many of them it is dropped, or not.
    fn slices(&mut self, time: Duration) -> (Duration, Option<u64>) {
        let mut drops = self.dropped < self.suspensions / DROPPED;
        let (slice, most) = match self.random.below(SHORTEST) {
            0 => {
                drops |= time > SHORT;
                let slice = Duration::from_nanos(self.random.below(2000));
                (slice, 1 + self.random.below(MOST_SHORTEST))
            }
            _ => {
                let magnitude = self.random.below(u64::from(MOST_SLICES.ilog2()));
                let slices = (1 << magnitude) + self.random.below(1 << magnitude);
                (time / slices as u32, slices)
            }
        };
        (slice, drops.then(|| 1 + self.random.below(most)))
    }

    /// One call in a store of its own.
    fn round(&mut self, last: &mut Option<Case<'a>>) -> Result<()> {
        let index = self.random.below(self.subjects.all.len() as u64) as usize;
        let (slice, drop_at) = self.slices(self.subjects.all[index].time);
        let subject = &self.subjects.all[index];
        let (name, argument, expected) = (subject.name, subject.argument, subject.result);
        let (module_name, module) = self.subjects.modules[subject.module].clone();
        *last = Some((module_name, name, argument, slice, drop_at));

        let mut store = Store::new(self.engine, ());
        store.set_time_slice(Some(slice))?;
        let instance = self.linker.instantiate(&mut store, &module)?;
        let run = instance.get_typed_func::<u32, u64>(&mut store, name)?;
        let result = self.drive(run.call_async(&mut store, argument), drop_at)?;
        match result {
            Some(result) => {
                ensure!(result == expected, "{result:#x} instead of {expected:#x}");
                self.finished += 1;
            }
            None => {
                self.dropped += 1;
                if self.random.below(CALL_AGAIN) == 0 {
                    store.set_time_slice(None)?;
                    let result = undisturbed(&self.linker, &mut store, &module, name, argument)?;
                    ensure!(result == expected, "called again: {result:#x}");
                    self.again += 1;
                }
            }
        }
        look(&self.linker, &self.probe, &mut store, Some(instance))?;
        store.gc(None)?;
        // The linker has one.
        let left = Arc::strong_count(&self.things) - 2;
        ensure!(left == 0, "{left} objects of the host's are left");
        Ok(())
    }

    /// Polls a call to its end, or drops it after `drop_at` slices.
    fn drive(
        &mut self,
        call: impl Future<Output = Result<u64>> + Send,
        drop_at: Option<u64>,
    ) -> Result<Option<u64>> {
        let mut call = pin!(call);
        let waker = Waker::from(self.woken.clone());
        let mut slices = 0;
        loop {
            let waits = self.waits.load(SeqCst);
            let mut polled = Poll::Pending;
            let mut poll = || polled = call.as_mut().poll(&mut Task::from_waker(&waker));
            match self.random.below(ELSEWHERE) {
                0 => (self.machine.elsewhere)(&mut poll),
                _ => poll(),
            }
            if let Poll::Ready(result) = polled {
                return result.map(Some);
            }
            ensure!(
                self.woken.0.swap(false, SeqCst),
                "it is not ready, and has woken nobody"
            );
            if self.waits.load(SeqCst) == waits {
                slices += 1;
                self.suspensions += 1;
                if Some(slices) == drop_at {
                    return Ok(None);
                }
            }
        }
    }

    fn report(self, out: &mut dyn Write) -> Result<()> {
        let Self {
            suspensions,
            dropped,
            finished,
            again,
            ..
        } = self;
        let waits = self.waits.load(SeqCst);
        writeln!(
            out,
            "{finished} calls ended with the results that they have undisturbed, after {} suspensions",
            suspensions - dropped
        )?;
        writeln!(
            out,
            "{dropped} calls were dropped at a suspension; after that, {again} whole calls of the same in the same store"
        )?;
        writeln!(
            out,
            "after each: memories, globals, tables read; other code run in the store; no object of the host's left"
        )?;
        writeln!(out, "besides, {waits} waits in host functions")?;
        Ok(())
    }
}
