//! A guest's life: what it calls, and what must hold meanwhile and afterwards.

use crate::folder::{Folder, SECRET};
use crate::generate::{self, Call};
use crate::given::{Clock, Moody};
use crate::guest;
use crate::tally::Counts;
use anyhow::{Context as _, Result};
use fastrand::Rng;
use peak_alloc::PeakAlloc;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use wasmetal::{Config, Engine, Func, Instance, Linker, Memory, Module, Store, Trap, Val};
use wasmetal_wasi::p1::{self, WasiP1Ctx};
use wasmetal_wasi::{
    DirPerms, Directory, FilePerms, FileType, I32Exit, MemoryFileSystem, MemoryInputPipe, Open,
    OpenOptions, WasiCtxBuilder,
};

/// How many calls a guest makes at most.
const CALLS: u32 = 120;
/// No call takes as long.
const LIMIT: Duration = Duration::from_secs(20);
/// The largest quota of a file system in memory, in bytes.
const QUOTA: usize = 200_000;

/// What lives have in common.
pub(crate) struct Lives {
    heap: &'static PeakAlloc,
    engine: Engine,
    module: Module,
    linker: Linker<WasiP1Ctx>,
    linker_async: Linker<WasiP1Ctx>,
    folder: Folder,
    outside: BTreeMap<PathBuf, Vec<u8>>,
}

/// What differs from what must be, if anything does.
type Verdict = Option<String>;

impl Lives {
    pub(crate) fn new(heap: &'static PeakAlloc) -> Result<Self> {
        let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
        // Only its binary form is known here.
        let module = Module::new(&engine, wat::parse_str(guest::text())?)?;
        let mut linker = Linker::new(&engine);
        p1::add_to_linker_sync(&mut linker, |ctx| ctx)?;
        let mut linker_async = Linker::new(&engine);
        p1::add_to_linker_async(&mut linker_async, |ctx| ctx)?;
        let folder = Folder::new()?;
        let mut lives = Self {
            heap,
            engine,
            module,
            linker,
            linker_async,
            outside: folder.outside()?,
            folder,
        };
        // What is made once is made now.
        for seed in 0..8 {
            lives.once(seed, &mut Counts::default(), &mut |_| {})?;
        }
        Ok(lives)
    }

    /// Lives the life that a seed stands for, and looks whether anything is lost.
    pub(crate) fn live(
        &mut self,
        seed: u64,
        counts: &mut Counts,
        show: &mut dyn FnMut(&str),
    ) -> Result<Verdict> {
        let before = self.books()?;
        if let Some(amiss) = self.once(seed, counts, show)? {
            return Ok(Some(amiss));
        }
        if self.books()? == before {
            return Ok(None);
        }
        // Something may have been made once after all; twice it is not.
        let before = self.books()?;
        let again = self.once(seed, &mut Counts::default(), &mut |_| {})?;
        let after = self.books()?;
        Ok(again.or_else(|| {
            let lost = format!("\nbytes and descriptors were {before:?}, and are {after:?}");
            (after != before).then_some(lost)
        }))
    }

    /// How many bytes of the heap and how many descriptors are in use.
    fn books(&self) -> Result<(usize, usize)> {
        let descriptors = std::fs::read_dir("/proc/self/fd")?.count();
        Ok((self.heap.current_usage(), descriptors))
    }

    fn once(
        &mut self,
        seed: u64,
        counts: &mut Counts,
        show: &mut dyn FnMut(&str),
    ) -> Result<Verdict> {
        let mut rng = Rng::with_seed(seed);
        counts.lives += 1;
        self.folder.renew()?;
        let quota = rng.usize(..QUOTA);
        let memory = MemoryFileSystem::new(quota).with_clock(Clock::default());
        let amiss = self.guest(&mut rng, &memory, counts, show)?;
        if amiss.is_some() {
            return Ok(amiss);
        }
        if memory.used() > quota {
            let used = memory.used();
            return Ok(Some(format!("\n{used} bytes are used, of {quota}")));
        }
        empty(&*memory.root())?;
        if memory.used() > 0 {
            let used = memory.used();
            return Ok(Some(format!("\n{used} bytes are used by nothing")));
        }
        let outside = self.folder.outside()?;
        if outside != self.outside {
            return Ok(Some("\nwhat lies outside was changed".to_owned()));
        }
        Ok(None)
    }

    /// Makes a guest, which makes its calls.
    fn guest(
        &self,
        rng: &mut Rng,
        memory: &MemoryFileSystem,
        counts: &mut Counts,
        show: &mut dyn FnMut(&str),
    ) -> Result<Verdict> {
        let waits = rng.bool();
        let linker = if waits {
            &self.linker_async
        } else {
            &self.linker
        };
        let mut store = Store::new(&self.engine, self.give(rng, memory)?);
        let instance = linker.instantiate(&mut store, &self.module)?;
        let mut alive = Alive {
            memory: instance
                .get_memory(&mut store, "memory")
                .context("it is there")?,
            instance,
            store,
            waits,
        };
        for number in 0..rng.u32(..CALLS) {
            let call = generate::call(rng);
            show(&format!("{number}: {call:?}"));
            let outcome = alive.call(&call, rng)?;
            show(&format!("    {outcome:?}"));
            let amiss = match outcome {
                Outcome::Answered(0) => {
                    counts.done += 1;
                    None
                }
                Outcome::Answered(1..=76) => {
                    counts.errors += 1;
                    None
                }
                Outcome::Answered(_) => Some("it returned what is no error number"),
                Outcome::Ended => {
                    counts.ends += 1;
                    None
                }
                Outcome::Stopped(true) => {
                    counts.stops += 1;
                    None
                }
                Outcome::Stopped(false) => Some("it took too long"),
                Outcome::Dropped => {
                    counts.dropped += 1;
                    None
                }
                Outcome::Other(ref text) => {
                    show(text);
                    Some("it failed with an error of another kind")
                }
            };
            let amiss = amiss.or_else(|| alive.knows_the_secret());
            if let Some(amiss) = amiss {
                return Ok(Some(format!("\n{amiss}: {call:?}: {outcome:?}")));
            }
        }
        Ok(None)
    }

    /// Three directories to do everything with, in any order, and one to be read.
    fn give(&self, rng: &mut Rng, memory: &MemoryFileSystem) -> Result<WasiP1Ctx> {
        let mut builder = WasiCtxBuilder::new();
        builder
            .max_descriptors(rng.u32(8..40))
            .args(&["program", "argument"])
            .env("NAME", "value")
            .stderr(Moody(rng.fork()))
            .secure_random(Moody(rng.fork()))
            .monotonic_clock(Clock::default())
            .wall_clock(Clock::default());
        if rng.bool() {
            builder.stdin(Moody(rng.fork())).stdout(Moody(rng.fork()));
        } else {
            builder.stdin(MemoryInputPipe::new(*b"a line\n"));
        }
        let (dirs, files) = (DirPerms::all(), FilePerms::all());
        let archive = MemoryFileSystem::from_tar(archive(), rng.usize(..QUOTA))?;
        let mut order = [0, 1, 2];
        rng.shuffle(&mut order);
        for which in order {
            match which {
                0 => builder.preopened_dir(self.folder.given(), "/given", dirs, files)?,
                1 => builder.preopened_directory(memory.root(), "/tmp", dirs, files),
                _ => builder.preopened_directory(archive.root(), "/flash", dirs, files),
            };
        }
        let shown = self.folder.shown();
        builder.preopened_dir(shown, "/shown", DirPerms::READ, FilePerms::READ)?;
        Ok(builder.build_p1())
    }
}

/// A guest that calls.
struct Alive {
    store: Store<WasiP1Ctx>,
    instance: Instance,
    memory: Memory,
    /// It is called asynchronously.
    waits: bool,
}

/// What came of a call.
#[derive(Debug)]
enum Outcome {
    Answered(i32),
    /// By `proc_exit`, or by a wrong pointer.
    Ended,
    /// In time, or late.
    Stopped(bool),
    Dropped,
    Other(String),
}

impl Alive {
    fn call(&mut self, call: &Call, rng: &mut Rng) -> Result<Outcome> {
        for (at, bytes) in &call.puts {
            let at = *at as usize;
            let room = self.memory.data_size(&self.store) - at;
            let bytes = &bytes[..bytes.len().min(room)];
            self.memory.write(&mut self.store, at, bytes)?;
        }
        let name = format!("{}.{}", call.version, call.name);
        let function = self.instance.get_func(&mut self.store, &name);
        let function = function.context(name)?;
        let arguments: Vec<Val> = call
            .types
            .chars()
            .zip(&call.arguments)
            .map(|(ty, argument)| match ty {
                'i' => Val::I32(*argument as i32),
                _ => Val::I64(*argument as i64),
            })
            .collect();
        let mut results = [Val::I32(0)];
        let results = &mut results[..usize::from(call.name != "proc_exit")];
        let stops = rng.u8(..16) == 0;
        let deadline = match stops {
            true => Duration::from_nanos(rng.u64(..40_000)),
            false => LIMIT,
        };
        self.store.set_deadline(Some(deadline))?;
        let done = match self.waits {
            false => function.call(&mut self.store, &arguments, results),
            true => match self.poll(function, &arguments, results, rng.u32(..40)) {
                Poll::Ready(done) => done,
                Poll::Pending => return Ok(Outcome::Dropped),
            },
        };
        let Err(error) = done else {
            let errno = results.first().and_then(Val::i32);
            return Ok(Outcome::Answered(errno.unwrap_or(-1)));
        };
        let text = format!("{error:#}");
        Ok(match error.downcast_ref::<Trap>() {
            Some(Trap::Interrupt) => Outcome::Stopped(stops),
            None if error.is::<I32Exit>() => Outcome::Ended,
            None if text.contains("a pointer of the guest") || text.contains("exit status") => {
                Outcome::Ended
            }
            _ => Outcome::Other(text),
        })
    }

    /// Polls so often at most, then drops the call.
    fn poll(
        &mut self,
        function: Func,
        arguments: &[Val],
        results: &mut [Val],
        polls: u32,
    ) -> Poll<wasmetal::Result<()>> {
        let mut future = pin!(function.call_async(&mut self.store, arguments, results));
        let mut context = Context::from_waker(Waker::noop());
        (0..=polls)
            .map(|_| future.as_mut().poll(&mut context))
            .find(Poll::is_ready)
            .unwrap_or(Poll::Pending)
    }

    fn knows_the_secret(&self) -> Option<&'static str> {
        let memory = self.memory.data(&self.store);
        let mut parts = memory.windows(SECRET.len());
        parts
            .any(|part| part == SECRET)
            .then_some("it has read what lies outside")
    }
}

/// Removes everything that is in a directory.
fn empty(directory: &dyn Directory) -> Result<()> {
    let mut listing = directory.list()?;
    let mut entries = Vec::new();
    while let Some(entry) = listing.next()? {
        entries.push(entry);
    }
    drop(listing);
    for entry in entries {
        if entry.file_type != FileType::Directory {
            directory.unlink(&entry.name)?;
            continue;
        }
        let options = OpenOptions {
            read: true,
            directory: true,
            ..OpenOptions::default()
        };
        if let Open::Directory(below) = directory.open(&entry.name, options)? {
            empty(&*below)?;
        }
        directory.remove_directory(&entry.name)?;
    }
    Ok(())
}

/// An archive with a file, a directory with a file, and a link.
fn archive() -> Vec<u8> {
    let entries: [(&str, u8, &str, &[u8]); 4] = [
        ("f", b'0', "", b"0123456789"),
        ("a/", b'5', "", b""),
        ("a/g", b'0', "", &[b'y'; 3000]),
        ("l", b'2', "a", b""),
    ];
    let mut archive = Vec::new();
    for (path, ty, link, content) in entries {
        let mut header = [0_u8; 512];
        header[..path.len()].copy_from_slice(path.as_bytes());
        header[100..107].copy_from_slice(b"0000644");
        header[124..135].copy_from_slice(format!("{:011o}", content.len()).as_bytes());
        header[148..156].fill(b' ');
        header[156] = ty;
        header[157..157 + link.len()].copy_from_slice(link.as_bytes());
        header[257..265].copy_from_slice(b"ustar\x0000");
        let sum: u32 = header.iter().map(|&byte| u32::from(byte)).sum();
        header[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
        archive.extend(header);
        archive.extend(content);
        archive.resize(archive.len().next_multiple_of(512), 0);
    }
    archive.resize(archive.len() + 1024, 0);
    archive
}
