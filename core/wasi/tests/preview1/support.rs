//! A guest that does what a test says: it exports each function of WASI under its own name.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

use wasmetal::{Config, Engine, Instance, Linker, Memory, Module, Result, Store, Val};
use wasmetal_wasi::p1::{self, WasiP1Ctx};
use wasmetal_wasi::{
    DirPerms, Directory, FilePerms, HostWallClock, MemoryFileSystem, WasiCtxBuilder,
};

/// All functions: `i` is an `i32`, `I` an `i64`; all but `proc_exit` return an errno.
pub(crate) const FUNCTIONS: [(&str, &str); 46] = [
    ("args_get", "ii"),
    ("args_sizes_get", "ii"),
    ("environ_get", "ii"),
    ("environ_sizes_get", "ii"),
    ("clock_res_get", "ii"),
    ("clock_time_get", "iIi"),
    ("fd_advise", "iIIi"),
    ("fd_allocate", "iII"),
    ("fd_close", "i"),
    ("fd_datasync", "i"),
    ("fd_fdstat_get", "ii"),
    ("fd_fdstat_set_flags", "ii"),
    ("fd_fdstat_set_rights", "iII"),
    ("fd_filestat_get", "ii"),
    ("fd_filestat_set_size", "iI"),
    ("fd_filestat_set_times", "iIIi"),
    ("fd_pread", "iiiIi"),
    ("fd_prestat_get", "ii"),
    ("fd_prestat_dir_name", "iii"),
    ("fd_pwrite", "iiiIi"),
    ("fd_read", "iiii"),
    ("fd_readdir", "iiiIi"),
    ("fd_renumber", "ii"),
    ("fd_seek", "iIii"),
    ("fd_sync", "i"),
    ("fd_tell", "ii"),
    ("fd_write", "iiii"),
    ("path_create_directory", "iii"),
    ("path_filestat_get", "iiiii"),
    ("path_filestat_set_times", "iiiiIIi"),
    ("path_link", "iiiiiii"),
    ("path_open", "iiiiiIIii"),
    ("path_readlink", "iiiiii"),
    ("path_remove_directory", "iii"),
    ("path_rename", "iiiiii"),
    ("path_symlink", "iiiii"),
    ("path_unlink_file", "iii"),
    ("poll_oneoff", "iiii"),
    ("proc_exit", "i"),
    ("proc_raise", "i"),
    ("random_get", "ii"),
    ("sched_yield", ""),
    ("sock_accept", "iii"),
    ("sock_recv", "iiiiii"),
    ("sock_send", "iiiii"),
    ("sock_shutdown", "ii"),
];

/// The names of the versions.
pub(crate) const SNAPSHOT: &str = "wasi_snapshot_preview1";
pub(crate) const UNSTABLE: &str = "wasi_unstable";

/// What the older version has: all but one.
pub(crate) fn unstable_functions() -> Vec<(&'static str, &'static str)> {
    let all = FUNCTIONS.into_iter();
    all.filter(|(name, _)| *name != "sock_accept").collect()
}

/// The text of the guest.
pub(crate) fn text(version: &str, functions: &[(&str, &str)]) -> String {
    let mut text = String::from("(module\n");
    let ty = |name: &str, parameters: &str| {
        let mut ty = String::new();
        for parameter in parameters.chars() {
            ty += if parameter == 'i' {
                "(param i32)"
            } else {
                "(param i64)"
            };
        }
        if name != "proc_exit" {
            ty += "(result i32)";
        }
        ty
    };
    for (name, parameters) in functions {
        let ty = ty(name, parameters);
        writeln!(text, "(import {version:?} {name:?} (func ${name} {ty}))").unwrap();
    }
    text += "(memory (export \"memory\") 2)\n";
    for (name, parameters) in functions {
        let ty = ty(name, parameters);
        let gets: String = (0..parameters.len())
            .map(|index| format!("(local.get {index})"))
            .collect();
        writeln!(text, "(func (export {name:?}) {ty} (call ${name} {gets}))").unwrap();
    }
    text + ")"
}

pub(crate) fn engine() -> Engine {
    Engine::new(&Config::new(wasmetal_platform_linux::platform())).unwrap()
}

/// A guest and its memory.
pub(crate) struct Guest {
    pub(crate) store: Store<WasiP1Ctx>,
    instance: Instance,
    memory: Memory,
}

/// Where tests put things in the guest's memory: paths, other paths, lists of buffers, data; results are at 0.
pub(crate) const PATH: u32 = 0x1000;
pub(crate) const OTHER: u32 = 0x8000;
pub(crate) const LIST: u32 = 0xf000;
pub(crate) const DATA: u32 = 0x1_0000;
pub(crate) const MEMORY: u32 = 0x2_0000;

impl Guest {
    pub(crate) fn new(builder: &mut WasiCtxBuilder) -> Self {
        Self::of_version(SNAPSHOT, &FUNCTIONS, builder)
    }

    /// A guest that has some functions of a version.
    pub(crate) fn of_version(
        version: &str,
        functions: &[(&str, &str)],
        builder: &mut WasiCtxBuilder,
    ) -> Self {
        let engine = engine();
        let mut linker = Linker::new(&engine);
        p1::add_to_linker_sync(&mut linker, |ctx| ctx).unwrap();
        let module = Module::new(&engine, text(version, functions)).unwrap();
        let mut store = Store::new(&engine, builder.build_p1());
        let instance = linker.instantiate(&mut store, &module).unwrap();
        let memory = instance.get_memory(&mut store, "memory").unwrap();
        Self {
            store,
            instance,
            memory,
        }
    }

    /// With a directory as descriptor 3, and everything permitted.
    pub(crate) fn with(directory: Arc<dyn Directory>) -> Self {
        let (dirs, files) = (DirPerms::all(), FilePerms::all());
        Self::new(WasiCtxBuilder::new().preopened_directory(directory, "/", dirs, files))
    }

    /// Calls a function; numbers become what the function takes.
    pub(crate) fn try_call(&mut self, name: &str, arguments: &[u64]) -> Result<i32> {
        let function = self.instance.get_func(&mut self.store, name).unwrap();
        let (_, types) = FUNCTIONS.iter().find(|(it, _)| *it == name).unwrap();
        assert_eq!(types.len(), arguments.len(), "{name}");
        let arguments: Vec<Val> = types
            .chars()
            .zip(arguments)
            .map(|(ty, argument)| match ty {
                'i' => Val::I32(*argument as i32),
                _ => Val::I64(*argument as i64),
            })
            .collect();
        let mut results = vec![Val::I32(0); usize::from(name != "proc_exit")];
        function.call(&mut self.store, &arguments, &mut results)?;
        Ok(results.first().map_or(0, |result| result.unwrap_i32()))
    }

    /// Calls a function that does not end the guest.
    pub(crate) fn call(&mut self, name: &str, arguments: &[u64]) -> i32 {
        let result = self.try_call(name, arguments);
        result.unwrap_or_else(|error| panic!("{name} {arguments:?}: {error:?}"))
    }

    /// Calls a function that succeeds.
    pub(crate) fn good(&mut self, name: &str, arguments: &[u64]) {
        assert_eq!(self.call(name, arguments), 0, "{name} {arguments:?}");
    }

    pub(crate) fn put(&mut self, at: u32, bytes: &[u8]) {
        self.memory
            .write(&mut self.store, at as usize, bytes)
            .unwrap();
    }

    pub(crate) fn get(&self, at: u32, len: u32) -> Vec<u8> {
        let mut bytes = vec![0; len as usize];
        self.memory
            .read(&self.store, at as usize, &mut bytes)
            .unwrap();
        bytes
    }

    pub(crate) fn word(&self, at: u32) -> u32 {
        u32::from_le_bytes(self.get(at, 4).try_into().unwrap())
    }

    pub(crate) fn long(&self, at: u32) -> u64 {
        u64::from_le_bytes(self.get(at, 8).try_into().unwrap())
    }

    /// Puts a list of buffers at `LIST`.
    pub(crate) fn buffers(&mut self, buffers: &[(u32, u32)]) {
        let words = buffers.iter().flat_map(|&(at, len)| [at, len]);
        let bytes: Vec<u8> = words.flat_map(u32::to_le_bytes).collect();
        self.put(LIST, &bytes);
    }

    /// Opens a path below descriptor 3: its descriptor, or the errno.
    pub(crate) fn open(&mut self, path: &str, flags: u64, rights: u64) -> Result<u32, i32> {
        self.open_at(3, 1, path, flags, rights, 0)
    }

    pub(crate) fn open_at(
        &mut self,
        fd: u32,
        lookup: u64,
        path: &str,
        flags: u64,
        rights: u64,
        descriptor: u64,
    ) -> Result<u32, i32> {
        self.put(PATH, path.as_bytes());
        let (fd, len) = (fd.into(), path.len() as u64);
        let all = [
            fd,
            lookup,
            PATH.into(),
            len,
            flags,
            rights,
            0,
            descriptor,
            0,
        ];
        match self.call("path_open", &all) {
            0 => Ok(self.word(0)),
            errno => Err(errno),
        }
    }

    /// Calls a function of a descriptor (3) and one path.
    pub(crate) fn path(&mut self, name: &str, path: &str) -> i32 {
        self.put(PATH, path.as_bytes());
        self.call(name, &[3, PATH.into(), path.len() as u64])
    }

    /// Calls a function of two paths, both below descriptor 3.
    pub(crate) fn two_paths(&mut self, name: &str, from: &str, to: &str) -> i32 {
        self.put(PATH, from.as_bytes());
        self.put(OTHER, to.as_bytes());
        let (path, len) = (u64::from(PATH), from.len() as u64);
        let (other, other_len) = (u64::from(OTHER), to.len() as u64);
        match name {
            "path_rename" => self.call(name, &[3, path, len, 3, other, other_len]),
            "path_link" => self.call(name, &[3, 0, path, len, 3, other, other_len]),
            "path_symlink" => self.call(name, &[path, len, 3, other, other_len]),
            _ => panic!("{name}"),
        }
    }

    pub(crate) fn write(&mut self, fd: u32, bytes: &[u8]) -> Result<u32, i32> {
        self.put(DATA, bytes);
        self.buffers(&[(DATA, bytes.len() as u32)]);
        match self.call("fd_write", &[fd.into(), LIST.into(), 1, 0]) {
            0 => Ok(self.word(0)),
            errno => Err(errno),
        }
    }

    pub(crate) fn read(&mut self, fd: u32, len: u32) -> Result<Vec<u8>, i32> {
        self.buffers(&[(DATA, len)]);
        match self.call("fd_read", &[fd.into(), LIST.into(), 1, 0]) {
            0 => Ok(self.get(DATA, self.word(0))),
            errno => Err(errno),
        }
    }

    /// Makes a file with this content.
    pub(crate) fn make(&mut self, path: &str, content: &[u8]) {
        let fd = self.open(path, CREAT | TRUNC, WRITE).unwrap();
        assert_eq!(self.write(fd, content), Ok(content.len() as u32));
        self.good("fd_close", &[fd.into()]);
    }

    /// The names in a directory, by a buffer of so many bytes.
    pub(crate) fn list(&mut self, fd: u32, room: u32) -> Vec<String> {
        let (mut names, mut cookie) = (Vec::new(), 0);
        loop {
            self.good(
                "fd_readdir",
                &[fd.into(), DATA.into(), room.into(), cookie, 0],
            );
            let used = self.word(0);
            let mut at = DATA;
            while at + 24 <= DATA + used {
                let (next, len) = (self.long(at), self.word(at + 16));
                if at + 24 + len > DATA + used {
                    break;
                }
                names.push(String::from_utf8(self.get(at + 24, len)).unwrap());
                cookie = next;
                at += 24 + len;
            }
            if used < room {
                return names;
            }
        }
    }
}

/// Flags and rights.
pub(crate) const CREAT: u64 = 1;
pub(crate) const DIRECTORY: u64 = 2;
pub(crate) const EXCL: u64 = 4;
pub(crate) const TRUNC: u64 = 8;
pub(crate) const READ: u64 = 1 << 1;
pub(crate) const WRITE: u64 = 1 << 6;
pub(crate) const APPEND: u64 = 1;

struct Clock;

impl HostWallClock for Clock {
    fn resolution(&self) -> Duration {
        Duration::from_nanos(1)
    }

    fn now(&self) -> Duration {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        since.unwrap()
    }
}

/// A folder that is gone with this.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("wasmetal-wasi-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(folder.join("inside")).unwrap();
        Self(folder)
    }

    /// What guests get.
    pub(crate) fn inside(&self) -> PathBuf {
        self.0.join("inside")
    }

    pub(crate) fn guest(&self) -> Guest {
        let mut builder = WasiCtxBuilder::new();
        builder
            .preopened_dir(self.inside(), "/", DirPerms::all(), FilePerms::all())
            .unwrap();
        Guest::new(&mut builder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

pub(crate) fn memory() -> MemoryFileSystem {
    MemoryFileSystem::new(1 << 20).with_clock(Clock)
}

/// Does this with an empty directory of each kind.
pub(crate) fn each(test: impl Fn(&mut Guest)) {
    let folder = Folder::new();
    test(&mut folder.guest());
    test(&mut Guest::with(memory().root()));
}
