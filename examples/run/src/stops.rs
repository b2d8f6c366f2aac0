//! Stops modules at random instructions, and looks at what is left: everything must be as good as before.

use alloc::vec::Vec;
use core::{fmt::Write, time::Duration};

use wasmetal::error::{Context, Result, ensure};
use wasmetal::{Config, Engine, Linker, Module, Store, Trap, WasmBacktrace};

use crate::{
    Machine, Stops,
    load::{in_turn, load},
    look::{leaves_nothing, look},
    random::Random,
    subjects::Subjects,
};

/// Calls longer than this are seldom let run for so long.
const LONG: Duration = Duration::from_millis(4);

/// One stop in this many is followed by a whole call of the same function.
const CALL_AGAIN: u64 = 16;
/// The same where calls are long.
const CALL_LONG_AGAIN: u64 = 400;

/// So many stops fill the pools; from then on no more is in use after a stop than ever before.
const WARM_UP: u32 = 300;

pub(crate) fn run(
    config: &Config,
    job: &Stops<'_>,
    machine: &Machine,
    out: &mut dyn Write,
) -> Result<()> {
    let config = &in_turn(config);
    writeln!(out, "{} stops, seed {}", job.count, job.seed)?;
    // What the program and its thread have once and keep.
    Store::new(&Engine::new(config)?, ()).set_deadline(Some(Duration::ZERO))?;
    let first = Stops {
        count: 1,
        seed: job.seed,
        probe: job.probe.clone(),
        modules: job.modules.iter().rev().take(1).cloned().collect(),
    };
    storm(&Engine::new(config)?, &first, machine, out)?;

    leaves_nothing(machine, out, |out| {
        storm(&Engine::new(config)?, job, machine, out)?.report(out)
    })
}

fn storm<'a>(
    engine: &'a Engine,
    job: &'a Stops<'a>,
    machine: &'a Machine,
    out: &mut dyn Write,
) -> Result<Storm<'a>> {
    let (count, seed) = (job.count, job.seed);
    let mut linker = Linker::new(engine);
    linker.func_wrap("host", "echo", |value: u64| value + 3)?;
    let undisturbed = |store: &mut Store<()>, module: &Module, name: &str, argument: u32| {
        let instance = linker.instantiate(&mut *store, module)?;
        let run = instance.get_typed_func::<u32, u64>(&mut *store, name)?;
        run.call(store, argument)
    };
    let mut storm = Storm {
        engine,
        probe: load(engine, &job.probe, out)?,
        subjects: Subjects::new(engine, job, machine, out, undisturbed)?,
        linker,
        machine,
        random: Random(seed),
        latencies: Vec::with_capacity(count as usize),
        finished: 0,
        refused: 0,
        again: 0,
    };
    let mut most = [0; 3];
    let mut stops = 0;
    while stops < count {
        let (subject, again) = storm.next();
        let mut case = None;
        let round = storm.round(subject, again, &mut case);
        let context = || alloc::format!("after {stops} stops, in {case:?}");
        let stopped = round.with_context(context)?;
        let now = (machine.resources)();
        for (most, now) in most.iter_mut().zip(now) {
            ensure!(
                now <= *most || stops < WARM_UP,
                "{}: {now} in use of heap, pages or address space, never more than {most} before",
                context()
            );
            *most = now.max(*most);
        }
        stops += u32::from(stopped);
    }
    Ok(storm)
}

/// The module, the function, and the time after which it is stopped.
type Case<'a> = (&'a str, &'a str, Duration);

/// Where it was stopped: the index of the innermost function, and the offset in it.
type Place = (u32, Option<usize>);

struct Storm<'a> {
    engine: &'a Engine,
    linker: Linker<()>,
    probe: Module,
    subjects: Subjects<'a>,
    machine: &'a Machine,
    random: Random,
    /// From the deadline to the error, with what was stopped.
    latencies: Vec<(Duration, Case<'a>, Place)>,
    /// Calls that had ended before their time was up.
    finished: u32,
    /// Stops before any code was under way.
    refused: u32,
    /// Whole calls after a stop.
    again: u32,
}

impl<'a> Storm<'a> {
    /// What to call next, and whether to call it again after a stop.
    fn next(&mut self) -> (usize, bool) {
        let subject = self.random.below(self.subjects.all.len() as u64) as usize;
        let odds = match self.subjects.all[subject].time > LONG {
            true => CALL_LONG_AGAIN,
            false => CALL_AGAIN,
        };
        (subject, self.random.below(odds) == 0)
    }

    /// One call in a store of its own; whether it was stopped under way.
    fn round(&mut self, subject: usize, again: bool, last: &mut Option<Case<'a>>) -> Result<bool> {
        let subject = &self.subjects.all[subject];
        let (name, module) = &self.subjects.modules[subject.module];
        let longest = match self.random.below(16) {
            0 => subject.time,
            _ => subject.time.min(LONG),
        };
        let time = self.random.up_to(longest);
        let case = (*name, subject.name, time);
        *last = Some(case);

        let mut store = Store::new(self.engine, ());
        // What it takes to make the store one that can be interrupted is no part of the latency.
        store.interrupt_handle()?;
        let early = !again && self.random.below(8) == 0;
        let mut start = (self.machine.now)();
        if early {
            store.set_deadline(Some(time))?;
        }
        let instance = match self.linker.instantiate(&mut store, module) {
            Ok(instance) => instance,
            Err(error) if early && is_interrupt(&error) => {
                self.refused += 1;
                return look(&self.linker, &self.probe, &mut store, None).map(|()| false);
            }
            Err(error) => return Err(error),
        };
        let run = instance.get_typed_func::<u32, u64>(&mut store, subject.name)?;
        if !early {
            start = (self.machine.now)();
            store.set_deadline(Some(time))?;
        }
        let result = run.call(&mut store, subject.argument);
        let end = (self.machine.now)();
        let stopped = match result {
            Ok(result) => {
                ensure!(
                    result == subject.result,
                    "{result:#x} instead of {:#x}",
                    subject.result
                );
                self.finished += 1;
                false
            }
            Err(error) => {
                ensure!(is_interrupt(&error), "stopped by something else: {error:?}");
                ensure!(end >= start + time, "stopped before its time");
                let trace: Option<&WasmBacktrace> = error.downcast_ref();
                let frames = trace.context("no backtrace")?.frames();
                let functions = module.imports().len() + module.functions().len();
                for frame in frames {
                    let function = frame.func_index() as usize;
                    ensure!(function < functions, "there is no function {function}");
                }
                match frames.first() {
                    Some(frame) => {
                        let place = (frame.func_index(), frame.func_offset());
                        self.latencies.push((end - (start + time), case, place));
                    }
                    None => self.refused += 1,
                }
                !frames.is_empty()
            }
        };
        store.set_deadline(None)?;
        if again {
            let instance = self.linker.instantiate(&mut store, module)?;
            let run = instance.get_typed_func::<u32, u64>(&mut store, subject.name)?;
            let result = run.call(&mut store, subject.argument)?;
            ensure!(result == subject.result, "called again: {result:#x}");
            self.again += 1;
        }
        look(&self.linker, &self.probe, &mut store, Some(instance))?;
        Ok(stopped)
    }

    fn report(mut self, out: &mut dyn Write) -> Result<()> {
        let Self {
            finished,
            refused,
            again,
            ..
        } = self;
        writeln!(
            out,
            "besides, {refused} calls stopped before their first instruction, and {finished} that had ended"
        )?;
        writeln!(
            out,
            "after each: memories, globals, tables read; other code run in the store; {again} whole calls of the same"
        )?;
        self.latencies.sort_unstable();
        let last = self.latencies.len() - 1;
        let at = |hundredths: usize| self.latencies[last * hundredths / 100].0.as_nanos();
        let (median, most, (worst, case, place)) = (at(50), at(99), &self.latencies[last]);
        writeln!(
            out,
            "from the deadline to the error: median {median} ns, 99 of 100 within {most} ns, worst {} ns",
            worst.as_nanos()
        )?;
        writeln!(out, "the worst: {case:?}, function and offset {place:?}")?;
        Ok(())
    }
}

fn is_interrupt(error: &wasmetal::Error) -> bool {
    error.downcast_ref::<Trap>() == Some(&Trap::Interrupt)
}
