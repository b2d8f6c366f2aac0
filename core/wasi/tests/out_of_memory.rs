//! Memory that runs out at any point of a guest's life: always an error, for the guest or for the host, nothing lost, and life
//! goes on.
//!
//! Every allocation fails, alone and with all that follow, and every mapping. (A program of its own, for its allocator.)

#[path = "../../tests/lives/heap.rs"]
mod heap;
mod lives;

use heap::Heap;
use lives::walk::{Fails as _, Machine, World};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::Ordering::Relaxed;
use wasmetal::{Config, Engine, Instance, Linker, Module, Result, Store};
use wasmetal_platform::confine::{self, Allocator};
use wasmetal_wasi::p1::{self, WasiP1Ctx};
use wasmetal_wasi::{
    DirPerms, Errno, FilePerms, MemoryFileSystem, MemoryInputPipe, MemoryOutputPipe, WasiCtxBuilder,
};
use wasmetal_wat::wat;

#[global_allocator]
static HEAP: Allocator<Heap> = Allocator::new(Heap::new());

fn machine() -> &'static Machine {
    static MACHINE: OnceLock<Machine> = OnceLock::new();
    MACHINE.get_or_init(|| Machine::over(wasmetal_platform_linux::platform()))
}

fn books() -> [usize; 5] {
    let (heap, machine) = (HEAP.get(), machine());
    [
        heap.blocks.load(Relaxed),
        heap.bytes.load(Relaxed),
        confine::drawn(),
        machine.reserved.load(Relaxed),
        machine.images.load(Relaxed),
    ]
}

/// A guest was told that there is no more memory.
#[derive(Clone, Copy, Debug)]
struct Exhausted;

impl core::fmt::Display for Exhausted {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("the guest was told")
    }
}

impl core::error::Error for Exhausted {}

const SMALL: &[u8] = wat!(r#"(module (memory 1))"#);

/// It does by itself what takes memory; everything is at fixed places.
const GUEST: &[u8] = wat!(
    r#"(module
        (import "wasi_snapshot_preview1" "fd_close" (func $close (param i32) (result i32)))
        (import "wasi_snapshot_preview1" "fd_read"
            (func $read (param i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "fd_write"
            (func $write (param i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "fd_readdir"
            (func $readdir (param i32 i32 i32 i64 i32) (result i32)))
        (import "wasi_snapshot_preview1" "fd_allocate"
            (func $allocate (param i32 i64 i64) (result i32)))
        (import "wasi_snapshot_preview1" "fd_filestat_set_size"
            (func $set_size (param i32 i64) (result i32)))
        (import "wasi_snapshot_preview1" "path_create_directory"
            (func $mkdir (param i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "path_open"
            (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "path_link"
            (func $link (param i32 i32 i32 i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "path_symlink"
            (func $symlink (param i32 i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "path_readlink"
            (func $readlink (param i32 i32 i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "path_rename"
            (func $rename (param i32 i32 i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "path_unlink_file"
            (func $unlink (param i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "path_remove_directory"
            (func $rmdir (param i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "poll_oneoff"
            (func $poll (param i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "args_get" (func $args (param i32 i32) (result i32)))
        (memory (export "memory") 1)
        (data (i32.const 0x100) "dir")
        (data (i32.const 0x110) "dir/file")
        (data (i32.const 0x120) "dir/../dir/./other")
        (data (i32.const 0x140) "link")
        (data (i32.const 0x150) "link/file")
        ;; A buffer of 20000 bytes at 0x1000.
        (data (i32.const 0x200) "\00\10\00\00\20\4e\00\00")
        ;; 2000 bytes of it.
        (data (i32.const 0x210) "\00\10\00\00\d0\07\00\00")
        ;; The time has come long ago, and the input is there.
        (data (i32.const 0x300) "\01\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\01")
        (data (i32.const 0x330) "\02\00\00\00\00\00\00\00\01")
        (func (export "files") (param $root i32) (result i32)
            (local $errno i32) (local $fd i32)
            (block $failed
                (br_if $failed (local.tee $errno
                    (call $mkdir (local.get $root) (i32.const 0x100) (i32.const 3))))
                ;; By way of a link, to be made; to be read and written.
                (br_if $failed (local.tee $errno
                    (call $symlink (i32.const 0x100) (i32.const 3)
                        (local.get $root) (i32.const 0x140) (i32.const 4))))
                (br_if $failed (local.tee $errno
                    (call $open (local.get $root) (i32.const 1) (i32.const 0x150) (i32.const 9)
                        (i32.const 1) (i64.const 0x42) (i64.const 0) (i32.const 0) (i32.const 0))))
                (local.set $fd (i32.load (i32.const 0)))
                (br_if $failed (local.tee $errno
                    (call $write (local.get $fd) (i32.const 0x200) (i32.const 1) (i32.const 0))))
                (br_if $failed (local.tee $errno
                    (call $allocate (local.get $fd) (i64.const 0) (i64.const 40000))))
                (br_if $failed (local.tee $errno
                    (call $set_size (local.get $fd) (i64.const 100))))
                (br_if $failed (local.tee $errno (call $close (local.get $fd))))
                (br_if $failed (local.tee $errno
                    (call $link (local.get $root) (i32.const 0) (i32.const 0x110) (i32.const 8)
                        (local.get $root) (i32.const 0x120) (i32.const 18))))
                (br_if $failed (local.tee $errno
                    (call $open (local.get $root) (i32.const 1) (i32.const 0x100) (i32.const 3)
                        (i32.const 2) (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 0))))
                (local.set $fd (i32.load (i32.const 0)))
                ;; In a buffer that ends within an entry.
                (br_if $failed (local.tee $errno
                    (call $readdir (local.get $fd) (i32.const 0x1000) (i32.const 90)
                        (i64.const 0) (i32.const 0))))
                (br_if $failed (local.tee $errno
                    (call $readdir (local.get $fd) (i32.const 0x1000) (i32.const 1000)
                        (i64.const 2) (i32.const 0))))
                (br_if $failed (local.tee $errno (call $close (local.get $fd))))
                (br_if $failed (local.tee $errno
                    (call $readlink (local.get $root) (i32.const 0x140) (i32.const 4)
                        (i32.const 0x1000) (i32.const 100) (i32.const 0))))
                (br_if $failed (local.tee $errno
                    (call $rename (local.get $root) (i32.const 0x120) (i32.const 18)
                        (local.get $root) (i32.const 0x110) (i32.const 7))))
                (br_if $failed (local.tee $errno
                    (call $unlink (local.get $root) (i32.const 0x110) (i32.const 7))))
                (br_if $failed (local.tee $errno
                    (call $unlink (local.get $root) (i32.const 0x110) (i32.const 8))))
                (br_if $failed (local.tee $errno
                    (call $unlink (local.get $root) (i32.const 0x140) (i32.const 4))))
                (local.set $errno
                    (call $rmdir (local.get $root) (i32.const 0x100) (i32.const 3))))
            (local.get $errno))
        (func (export "streams") (result i32)
            (local $errno i32)
            (block $failed
                (br_if $failed (local.tee $errno
                    (call $read (i32.const 0) (i32.const 0x200) (i32.const 1) (i32.const 0))))
                (br_if $failed (local.tee $errno
                    (call $write (i32.const 1) (i32.const 0x210) (i32.const 1) (i32.const 0))))
                (br_if $failed (local.tee $errno
                    (call $poll (i32.const 0x300) (i32.const 0x400) (i32.const 2) (i32.const 0))))
                (br_if $failed (local.tee $errno
                    (call $random (i32.const 0x1000) (i32.const 100))))
                (local.set $errno (call $args (i32.const 0x1000) (i32.const 0x2000))))
            (local.get $errno)))"#
);

/// The guest has done everything, or was told that there is no memory.
fn told(errno: i32) -> Result<()> {
    match errno {
        0 => Ok(()),
        errno if errno == Errno::Nomem as i32 => Err(Exhausted.into()),
        errno => panic!("errno {errno}"),
    }
}

/// `guest` is an image of [`GUEST`].
fn life(engine: &Engine, guest: &[u8], folder: &Path) -> Result<()> {
    // SAFETY: what the compiler made.
    let module = unsafe { Module::deserialize_unsigned(engine, guest) }?;
    let files = MemoryFileSystem::new(1 << 20);
    let mut builder = WasiCtxBuilder::new();
    let output = MemoryOutputPipe::new(1 << 16);
    let (dirs, perms) = (DirPerms::all(), FilePerms::all());
    builder
        .args(&["program", "argument"])
        .env("NAME", "value")
        .stdin(MemoryInputPipe::new(*b"input"))
        .stdout(output.clone())
        .preopened_directory(files.root(), "/", dirs, perms);
    // The system says in its own words that memory is short.
    let opened = builder.preopened_dir(folder, "/host", dirs, perms);
    opened.map(drop).map_err(|_| Exhausted)?;
    let mut linker = Linker::new(engine);
    p1::add_to_linker_sync(&mut linker, |ctx| ctx)?;
    let mut store = Store::try_new(engine, builder.build_p1())?;
    let instance = linker.instantiate(&mut store, &module)?;
    let done = calls(&mut store, instance);
    drop(store);
    done?;
    assert_eq!(files.used(), 0);
    assert_eq!(output.contents().len(), 2000);
    Ok(())
}

fn calls(store: &mut Store<WasiP1Ctx>, instance: Instance) -> Result<()> {
    let streams = instance.get_typed_func::<(), i32>(&mut *store, "streams")?;
    told(streams.call(&mut *store, ())?)?;
    let files = instance.get_typed_func::<i32, i32>(&mut *store, "files")?;
    for root in [3, 4] {
        told(files.call(&mut *store, root)?)?;
    }
    Ok(())
}

/// An empty folder that is gone with this.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let name = format!("wasmetal-wasi-lives-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).expect("there is room");
        Self(path)
    }

    /// What a life has left there that was cut off.
    fn clear(&self) {
        let link = self.0.join("link");
        let folder = self.0.join("dir");
        let _ = std::fs::remove_file(link);
        let _ = std::fs::remove_dir_all(folder);
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn main() {
    // A report takes memory.
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        HEAP.get().failures.start(usize::MAX, true);
        HEAP.get().limit.store(usize::MAX, Relaxed);
        report(panic);
    }));
    let config = Config::new(machine());
    let engine = Engine::new(&config).expect("enough memory");
    let guest = engine.precompile_module(GUEST).expect("it compiles");
    drop(engine);
    let folder = Folder::new();
    let alive = |engine: &Engine| {
        folder.clear();
        life(engine, &guest, &folder.0)
    };
    let world = World {
        books,
        print: |line| println!("{line}"),
        // Emulated, all of them would take many minutes.
        stride: if cfg!(target_env = "musl") { 41 } else { 1 },
    };
    world.walk("allocations", &config, &alive, &HEAP.get().failures);
    world.walk("mappings", &config, &alive, &machine().failures);
    world.squeeze("small heaps", &config, &alive, &|room| {
        let used = HEAP.get().bytes.load(Relaxed);
        let limit = room.map_or(usize::MAX, |room| used + room);
        HEAP.get().limit.store(limit, Relaxed);
    });
}
