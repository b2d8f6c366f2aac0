//! The guests: what each does, what it may use, and how it must end.

use alloc::{borrow::ToOwned, string::String, vec, vec::Vec};
use core::time::Duration;

use wasmetal::error::{Error, Result};
use wasmetal::{CompilationStopped, Module, Trap};
use wasmetal_bombs::named;
use wasmetal_platform_bare::cores;
use wasmetal_wat::wat;

use crate::sandbox::{Run, Sandbox};

/// A guest.
pub(crate) struct Guest {
    pub(crate) name: String,
    pub(crate) code: Code,
    pub(crate) quota: Quota,
    pub(crate) expected: Expected,
}

/// A guest's module: it exports `run: (i32) -> i64`.
pub(crate) enum Code {
    /// Compiled when the board starts.
    Compiled(Module),
    /// Compiled each time that it is started.
    Wasm(Vec<u8>),
}

/// What a guest may use.
#[derive(Clone, Copy)]
pub(crate) struct Quota {
    /// Time that it has the core for.
    pub(crate) time: Duration,
    /// Time that passes.
    pub(crate) deadline: Duration,
    /// Bytes of memory.
    pub(crate) memory: usize,
    /// Elements of a table.
    pub(crate) table: usize,
    /// Instances.
    pub(crate) instances: usize,
}

/// How a guest must end.
pub(crate) enum Expected {
    /// With this output: it is a good one.
    Output(Vec<u8>),
    /// When its time is up, and not before.
    OutOfTime,
    /// When it is too late, and not before.
    TooLate,
    /// With this trap.
    Trap(Trap),
    /// When its time is up, by then in the compiler.
    CompilerOutOfTime,
    /// The compiler has had enough.
    CompilerOutOfMemory,
    /// With an error that says this.
    Error(&'static str),
}

const QUOTA: Quota = Quota {
    time: Duration::from_millis(250),
    deadline: Duration::from_secs(60),
    memory: 4 << 20,
    table: 1_000,
    instances: 10,
};

/// How much later than its quota says a guest may be stopped, in time that it has the core for.
const GRACE: Duration = Duration::from_millis(5);

impl Guest {
    /// A guest that does real work.
    pub(crate) fn good(sandbox: &Sandbox, guest: &wasmetal_run::Guest<'_>) -> Result<Self> {
        Ok(Self {
            name: guest.name.clone(),
            code: Code::Compiled(sandbox.compile(&guest.wasm)?),
            quota: Quota {
                time: Duration::from_secs(10),
                deadline: Duration::from_secs(120),
                memory: 16 << 20,
                ..QUOTA
            },
            expected: Expected::Output(guest.expected.to_vec()),
        })
    }

    pub(crate) fn is_good(&self) -> bool {
        matches!(self.expected, Expected::Output(_))
    }

    /// Whether a run ended as it must.
    ///
    /// QEMU runs one of several cores at a time, and each for as long as no timer is due and it waits for none. So time passes
    /// for guests while they stand still: with more than one core, they are stopped later, and may be for
    /// the time that their cores had, whatever else they do.
    pub(crate) fn is_as_expected(&self, run: &Run) -> bool {
        let trap = |error: &Error| error.downcast_ref::<Trap>().copied();
        let is_alone = cores::count() == 1;
        let error = match &run.ending {
            Ok(()) => return self.is_good(),
            Err(error) => error,
        };
        let Quota { time, deadline, .. } = self.quota;
        let stopped = error.downcast_ref::<CompilationStopped>();
        let is_over = match is_alone {
            true => (time..=time + GRACE).contains(&run.used),
            false => run.used >= time,
        };
        let is_interrupted = trap(error) == Some(Trap::Interrupt)
            || matches!(stopped, Some(CompilationStopped::Interrupted { .. }));
        if !is_alone && is_interrupted && is_over {
            return !self.is_good();
        }
        match &self.expected {
            Expected::Output(_) => false,
            Expected::OutOfTime => trap(error) == Some(Trap::Interrupt) && is_over,
            Expected::TooLate => {
                trap(error) == Some(Trap::Interrupt) && run.took >= deadline && run.used < time
            }
            Expected::Trap(expected) => trap(error) == Some(*expected),
            Expected::CompilerOutOfTime => {
                matches!(stopped, Some(CompilationStopped::Interrupted { .. })) && is_over
            }
            Expected::CompilerOutOfMemory => {
                matches!(stopped, Some(CompilationStopped::Memory { .. })) && run.used < time
            }
            Expected::Error(part) => alloc::format!("{error:#}").contains(part),
        }
    }
}

/// One hostile guest of every kind.
pub(crate) fn hostile() -> Vec<Guest> {
    let mut guests = vec![
        hostile_guest("endless loop", LOOP.to_vec(), Expected::OutOfTime),
        hostile_guest("floods the host", FLOOD.to_vec(), Expected::OutOfTime),
        hostile_guest("fills memory", FILL.to_vec(), Expected::OutOfTime),
        hostile_guest("waits for ever", WAIT.to_vec(), Expected::TooLate),
        hostile_guest(
            "memory hog",
            HOG.to_vec(),
            Expected::Error("over the limit"),
        ),
        hostile_guest(
            "table hog",
            TABLE.to_vec(),
            Expected::Error("over the limit"),
        ),
        hostile_guest(
            "instance hog",
            INSTANCES.to_vec(),
            Expected::Error("instance count"),
        ),
        hostile_guest(
            "stack bomb",
            STACK.to_vec(),
            Expected::Trap(Trap::StackOverflow),
        ),
        hostile_guest(
            "traps at once",
            TRAP.to_vec(),
            Expected::Trap(Trap::UnreachableCodeReached),
        ),
        hostile_guest(
            "deep module",
            named("nested ifs").module(20_000),
            Expected::Error("module limit"),
        ),
        hostile_guest(
            "time bomb",
            named("loops in a row").of_size(12_000),
            Expected::CompilerOutOfTime,
        ),
        hostile_guest(
            "memory bomb",
            named("ifs in a row").of_size(100_000),
            Expected::CompilerOutOfMemory,
        ),
        hostile_guest("corrupt module", corrupt(), Expected::Error("offset")),
    ];
    for guest in &mut guests {
        match guest.expected {
            Expected::TooLate => guest.quota.deadline = Duration::from_millis(500),
            // It takes a while until it has all the memory.
            Expected::CompilerOutOfMemory => guest.quota.time = Duration::from_secs(2),
            _ => {}
        }
    }
    guests
}

/// A module whose last byte is missing.
fn corrupt() -> Vec<u8> {
    let mut module = named("nested ifs").module(1);
    module.pop();
    module
}

fn hostile_guest(name: &str, wasm: Vec<u8>, expected: Expected) -> Guest {
    Guest {
        name: name.to_owned(),
        code: Code::Wasm(wasm),
        quota: QUOTA,
        expected,
    }
}

const LOOP: &[u8] = wat!(
    r#"(module (func (export "run") (param i32) (result i64) (loop $next (br $next)) unreachable))"#
);

const FLOOD: &[u8] = wat!(
    r#"(module
    (import "host" "log" (func $log (param i32)))
    (func (export "run") (param i32) (result i64)
        (loop $next
            (call $log (local.get 0))
            (local.set 0 (i32.add (local.get 0) (i32.const 1)))
            (br $next))
        unreachable))"#
);

const FILL: &[u8] = wat!(
    r#"(module
    (memory 64)
    (func (export "run") (param i32) (result i64)
        (loop $next
            (memory.fill (i32.const 0) (local.get 0) (i32.const 0x400000))
            (memory.copy (i32.const 1) (i32.const 0) (i32.const 0x3fffff))
            (br $next))
        unreachable))"#
);

const WAIT: &[u8] = wat!(
    r#"(module
    (memory 1 1 shared)
    (func (export "run") (param i32) (result i64)
        (loop $next
            (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)))
            (br $next))
        unreachable))"#
);

const HOG: &[u8] = wat!(
    r#"(module
    (memory 1)
    (func (export "run") (param i32) (result i64)
        (loop $next
            (i32.store (i32.shl (i32.sub (memory.size) (i32.const 1)) (i32.const 16)) (i32.const 1))
            (drop (memory.grow (i32.const 1)))
            (br $next))
        unreachable))"#
);

const TABLE: &[u8] = wat!(
    r#"(module
    (table 1 funcref)
    (func (export "run") (param i32) (result i64)
        (loop $next (drop (table.grow (ref.null func) (i32.const 100))) (br $next))
        unreachable))"#
);

const INSTANCES: &[u8] = wat!(
    r#"(module
    (import "host" "load" (func $load))
    (func (export "run") (param i32) (result i64)
        (loop $next (call $load) (br $next))
        unreachable))"#
);

const STACK: &[u8] = wat!(
    r#"(module
    (func $deeper (export "run") (param i32) (result i64)
        (i64.add (call $deeper (i32.add (local.get 0) (i32.const 1))) (i64.const 1))))"#
);

const TRAP: &[u8] = wat!(r#"(module (func (export "run") (param i32) (result i64) unreachable))"#);
