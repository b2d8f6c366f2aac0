//! Guests that are stopped at any moment, in every function: what they have is whole afterwards.

use crate::support::{
    DATA, FUNCTIONS, Folder, Guest, LIST, OTHER, PATH, SNAPSHOT, engine, memory, text,
};
use crate::waiting::Sub;
use std::fs;
use std::time::Duration;
use wasmetal::{Instance, Linker, Module, Result, Store, Trap, Val};
use wasmetal_wasi::p1::{self, WasiP1Ctx};
use wasmetal_wasi::{DirPerms, FilePerms, MemoryInputPipe, WasiCtxBuilder};

/// How often each function is stopped.
const STOPS: u32 = 25;
const MAX_DESCRIPTORS: u32 = 16;
/// Where a subscription lies.
const SUBSCRIPTION: u64 = 0x200;

/// What each function is called with, again and again, in a directory that is descriptor 3 and has a file `f`, and most
/// likely no descriptor 5.
fn arguments(name: &str) -> &'static [u64] {
    const PATH_0: u64 = PATH as u64;
    const OTHER_0: u64 = OTHER as u64;
    const LIST_0: u64 = LIST as u64;
    const DATA_0: u64 = DATA as u64;
    match name {
        "args_get" | "environ_get" => &[0, DATA_0],
        "args_sizes_get" | "environ_sizes_get" => &[0, 8],
        "clock_res_get" => &[1, 0],
        "clock_time_get" => &[1, 0, 0],
        "fd_advise" => &[4, 0, 10, 1],
        "fd_allocate" => &[4, 0, 10_000],
        "fd_close" => &[5],
        "fd_datasync" | "fd_sync" => &[4],
        "fd_fdstat_set_flags" => &[4, 0],
        "fd_fdstat_set_rights" => &[4, 0, 0],
        "fd_filestat_set_size" => &[4, 100],
        "fd_filestat_set_times" => &[4, 0, 0, 10],
        "fd_fdstat_get" | "fd_filestat_get" | "fd_tell" => &[4, 0],
        "fd_pread" | "fd_pwrite" => &[4, LIST_0, 1, 50, 0],
        "fd_prestat_dir_name" => &[3, DATA_0, 10],
        "fd_prestat_get" => &[3, 0],
        "fd_read" => &[0, LIST_0, 1, 0],
        "fd_readdir" => &[3, DATA_0, 100, 0, 0],
        "fd_renumber" => &[4, 4],
        "fd_seek" => &[4, 0, 0, 0],
        "fd_write" => &[1, LIST_0, 1, 0],
        "path_create_directory" | "path_remove_directory" | "path_unlink_file" => &[3, OTHER_0, 1],
        "path_filestat_get" => &[3, 1, PATH_0, 1, 0],
        "path_filestat_set_times" => &[3, 1, PATH_0, 1, 0, 0, 10],
        "path_link" => &[3, 0, PATH_0, 1, 3, OTHER_0, 1],
        "path_open" => &[3, 1, PATH_0, 1, 0, 66, 0, 0, 0],
        "path_readlink" => &[3, PATH_0, 1, DATA_0, 10, 0],
        "path_rename" => &[3, OTHER_0, 1, 3, OTHER_0, 1],
        "path_symlink" => &[PATH_0, 1, 3, OTHER_0, 1],
        "poll_oneoff" => &[SUBSCRIPTION, DATA_0, 1, 0],
        "proc_raise" => &[1],
        "random_get" => &[DATA_0, 0x8000],
        "sched_yield" => &[],
        "sock_accept" => &[1, 0, 0],
        "sock_recv" => &[1, 0, 0, 0, 0, 0],
        "sock_send" => &[1, 0, 0, 0, 0],
        "sock_shutdown" => &[1, 0],
        _ => panic!("what is {name} called with?"),
    }
}

/// The guest, in which each function is called for ever.
fn for_ever() -> String {
    let all: Vec<_> = FUNCTIONS
        .into_iter()
        .filter(|(name, _)| *name != "proc_exit")
        .collect();
    let text = text(SNAPSHOT, &all);
    let lines = text.lines().map(|line| {
        let (head, call) = match line.split_once(" (call ") {
            Some((head, call)) => (head, call.strip_suffix(')').unwrap()),
            None => return line.to_owned(),
        };
        format!("{head} (loop (drop (call {call}) (br 0)) unreachable)")
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// A guest that calls for ever, and one that calls once, with the same descriptors.
struct Guests {
    store: Store<WasiP1Ctx>,
    for_ever: Instance,
    once: Instance,
}

impl Guests {
    /// Their memories are as [`arguments`] want them.
    fn new(builder: &mut WasiCtxBuilder) -> Self {
        let engine = engine();
        let mut linker = Linker::new(&engine);
        p1::add_to_linker_sync(&mut linker, |ctx| ctx).unwrap();
        builder
            .args(&["program"])
            .env("NAME", "value")
            .stdin(MemoryInputPipe::new(vec![b'x'; 1 << 20]))
            .max_descriptors(MAX_DESCRIPTORS);
        let mut store = Store::new(&engine, builder.build_p1());
        let [for_ever, once] = [for_ever(), text(SNAPSHOT, &FUNCTIONS)].map(|text| {
            let module = Module::new(&engine, text).unwrap();
            let instance = linker.instantiate(&mut store, &module).unwrap();
            let memory = instance.get_memory(&mut store, "memory").unwrap();
            let mut put = |at: u64, bytes: &[u8]| {
                memory.write(&mut store, at as usize, bytes).unwrap();
            };
            put(PATH.into(), b"f");
            put(OTHER.into(), b"n");
            put(
                LIST.into(),
                &[DATA.to_le_bytes(), 100_u32.to_le_bytes()].concat(),
            );
            put(SUBSCRIPTION, &Sub::Clock(1, u64::MAX / 2, false).bytes(1));
            instance
        });
        Self {
            store,
            for_ever,
            once,
        }
    }

    fn call(&mut self, guest: Instance, name: &str, arguments: &[u64]) -> Result<i32> {
        let (_, types) = FUNCTIONS.iter().find(|(it, _)| *it == name).unwrap();
        let function = guest.get_func(&mut self.store, name).unwrap();
        let arguments: Vec<Val> = types
            .chars()
            .zip(arguments)
            .map(|(ty, argument)| match ty {
                'i' => Val::I32(*argument as i32),
                _ => Val::I64(*argument as i64),
            })
            .collect();
        let mut results = [Val::I32(0)];
        function.call(&mut self.store, &arguments, &mut results)?;
        Ok(results[0].unwrap_i32())
    }

    /// Descriptor 4 is of `f`, and those behind it are closed.
    fn begin(&mut self) {
        self.store.set_deadline(None).unwrap();
        for fd in 4..MAX_DESCRIPTORS.into() {
            let _ = self.call(self.once, "fd_close", &[fd]).unwrap();
        }
        let opened = self.call(self.once, "path_open", arguments("path_open"));
        assert_eq!(opened.unwrap(), 0);
        assert_eq!(self.call(self.once, "fd_tell", &[4, 0]).unwrap(), 0);
    }
}

/// `look`: whether what is in the directory is whole; it removes `n`.
fn stop_everywhere(builder: &mut WasiCtxBuilder, look: &dyn Fn()) {
    let mut guests = Guests::new(builder);
    let mut random: u64 = 0x5eed;
    for (name, _) in FUNCTIONS {
        if name == "proc_exit" {
            continue;
        }
        for _ in 0..STOPS {
            guests.begin();
            // Marsaglia's xorshift.
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            let deadline = Duration::from_nanos(random % 100_000);
            guests.store.set_deadline(Some(deadline)).unwrap();
            let stopped = guests.call(guests.for_ever, name, arguments(name));
            let error = stopped.unwrap_err();
            let trap = error.downcast_ref::<Trap>();
            assert_eq!(trap, Some(&Trap::Interrupt), "{name}: {error:?}");
            look();
        }
    }
}

#[test]
fn in_a_file_system_in_memory() {
    let files = memory();
    let root = files.root();
    Guest::with(files.root()).make("f", &[b'f'; 1000]);
    let mut builder = WasiCtxBuilder::new();
    let (dirs, perms) = (DirPerms::all(), FilePerms::all());
    builder.preopened_directory(files.root(), "/", dirs, perms);
    stop_everywhere(&mut builder, &|| {
        let mut listing = root.list().unwrap();
        while let Some(entry) = listing.next().unwrap() {
            root.metadata_at(&entry.name, false).unwrap();
        }
        let _ = root.unlink("n").or_else(|_| root.remove_directory("n"));
        root.metadata_at("n", false).unwrap_err();
    });
    root.unlink("f").unwrap();
    assert_eq!(files.used(), 0);
}

#[test]
fn in_a_directory_of_this_machine() {
    let folder = Folder::new();
    folder.guest().make("f", &[b'f'; 1000]);
    let mut builder = WasiCtxBuilder::new();
    let (dirs, perms) = (DirPerms::all(), FilePerms::all());
    builder
        .preopened_dir(folder.inside(), "/", dirs, perms)
        .unwrap();
    let name = folder.inside().join("n");
    let descriptors = || fs::read_dir("/proc/self/fd").unwrap().count();
    stop_everywhere(&mut builder, &|| {
        let _ = fs::remove_file(&name).or_else(|_| fs::remove_dir(&name));
        assert_eq!(fs::read_dir(folder.inside()).unwrap().count(), 1);
        // Other tests have theirs.
        assert!(descriptors() < 1000);
    });
}
