//! Threads of scripts as tasks that share the core.

use alloc::{boxed::Box, sync::Arc, vec::Vec};
use core::time::Duration;

use spin::Mutex;
use wasmetal::error::Result;
use wasmetal_platform_bare::tasks;
use wasmetal_script::{Join, Log, Threads, Work};

/// How long a task has the core while others could run, and how often one looks whether another has ended.
const SLICE: Duration = Duration::from_millis(1);
/// The stack of a task: the Wasm code and the compiler have stacks of their own.
const STACK: usize = 256 << 10;

/// What is to be started, and where its result goes: only the task that opened the scope can start others.
static REQUESTED: Mutex<Vec<(Work, Arc<Place>)>> = Mutex::new(Vec::new());

type Place = Mutex<Option<Log>>;

/// The tasks of this core.
pub(crate) struct Tasks;

impl Threads for Tasks {
    fn start(&self, work: Work) -> Result<Join> {
        let place = Arc::new(Place::new(None));
        REQUESTED.lock().push((work, place.clone()));
        Ok(Box::new(move || {
            loop {
                if let Some(log) = place.lock().take() {
                    return log;
                }
                tasks::sleep(SLICE);
            }
        }))
    }
}

/// Does `main` as a task, and starts those that it asks for.
///
/// # Errors
/// No memory for the first task.
pub(crate) fn run<R: Send>(main: impl FnOnce() -> R + Send) -> Result<R> {
    tasks::scope(SLICE, |scope| {
        let main = scope.spawn(STACK, main)?;
        let mut running = Vec::new();
        while !main.is_finished() {
            let requested = core::mem::take(&mut *REQUESTED.lock());
            for (work, place) in requested {
                match scope.spawn(STACK, work) {
                    Ok(task) => running.push((task, place)),
                    Err(error) => *place.lock() = Some(Log::not_started(&error)),
                }
            }
            // A task that has ended makes room for another one when it is joined.
            while let Some(ended) = running.iter().position(|(task, _)| task.is_finished()) {
                let (task, place) = running.swap_remove(ended);
                *place.lock() = Some(task.join());
            }
            tasks::sleep(SLICE);
        }
        Ok(main.join())
    })
}
