//! Nothing outlives the compiler: no static and no thread-local, of any crate, refers to what it allocated.
//!
//! What the standard library, a crate of the compiler's or the C library keeps from its first use on would be made in
//! the arena, and gone with it.

use crate::{HEAP, ONE_AT_A_TIME, engine, nested};
use std::collections::HashMap;
use std::ffi::c_void;
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use wasmetal::{Config, Engine, Module, ModuleLimits};
use wasmetal_bombs::BOMBS;
use wasmetal_platform::confine;

/// Chunks of arenas, as long as they are [kept](keep).
pub(crate) struct Chunks {
    kept: AtomicBool,
    len: AtomicUsize,
    /// Start and size. The start is negated, so that this is not found for a reference.
    all: [[AtomicUsize; 2]; 1000],
}

impl Chunks {
    pub(crate) const fn new() -> Self {
        Self {
            kept: AtomicBool::new(false),
            len: AtomicUsize::new(0),
            all: [const { [const { AtomicUsize::new(0) }; 2] }; 1000],
        }
    }

    /// Takes note of a block, which an arena has asked for if its code is confined.
    pub(crate) fn add(&self, block: *mut u8, size: usize) {
        if self.kept.load(Relaxed) && confine::current().is_some() {
            let [start, of] = &self.all[self.len.fetch_add(1, Relaxed)];
            start.store(!block.addr(), Relaxed);
            of.store(size, Relaxed);
        }
    }

    /// Whether a block is kept: the C library, which would write its own pointers there, is not to have it back.
    pub(crate) fn keeps(&self, block: *mut u8) -> bool {
        self.kept.load(Relaxed) && self.holds(block.addr())
    }

    fn holds(&self, address: usize) -> bool {
        self.all[..self.len.load(Relaxed)]
            .iter()
            .any(|[start, size]| address.wrapping_sub(!start.load(Relaxed)) < size.load(Relaxed))
    }
}

/// The words of the writable segments of the program and of its libraries, and of the thread-locals of this thread, by
/// their addresses.
fn words() -> HashMap<usize, usize> {
    /// # Safety
    /// `info` is the C library's, `words` a map of words.
    unsafe extern "C" fn read(info: *mut libc::dl_phdr_info, _: usize, words: *mut c_void) -> i32 {
        // SAFETY: the program's segments are mapped as the headers say; nobody else runs that writes them.
        unsafe {
            let info = &*info;
            let words = &mut *words.cast::<HashMap<usize, usize>>();
            let headers = std::slice::from_raw_parts(info.dlpi_phdr, info.dlpi_phnum.into());
            for header in headers {
                let (start, size) = match header.p_type {
                    libc::PT_LOAD if header.p_flags & libc::PF_W != 0 => {
                        (info.dlpi_addr + header.p_vaddr, header.p_memsz)
                    }
                    libc::PT_TLS => (info.dlpi_tls_data.addr() as u64, header.p_memsz),
                    _ => continue,
                };
                if start == 0 {
                    continue;
                }
                let (first, end) = (start.next_multiple_of(8), start + size);
                // A part of what is relocated is read only by now, and readable still.
                for address in (first..end - end % 8).step_by(8) {
                    let address = address as usize;
                    let word = std::ptr::with_exposed_provenance::<usize>(address);
                    words.insert(address, word.read_volatile());
                }
            }
        }
        0
    }
    let mut words = HashMap::new();
    // SAFETY: the function and what it is given fit.
    unsafe { libc::dl_iterate_phdr(Some(read), (&raw mut words).cast()) };
    words
}

/// How many words that were written since `before` refer to chunks.
///
/// What was there before is none: two numbers of 32 bits beside each other look like the address of a chunk now and then.
fn references(before: &HashMap<usize, usize>) -> usize {
    let chunks = &HEAP.get().chunks;
    let found = words()
        .into_iter()
        .filter(|(address, word)| before.get(address) != Some(word) && chunks.holds(*word));
    found
        .inspect(|(address, word)| println!("{address:#x} refers to {word:#x}, in a chunk"))
        .count()
}

/// Has the compiler do all that it can, for the first time. Nothing is loaded: what is known of code says where it lay.
fn compile_everything() {
    let confined = engine(Some(64 << 20));
    for bomb in BOMBS {
        let wasm = bomb.of_size(2_000);
        let _ = confined.precompile_module(&wasm);
        let _ = confined.precompile_module(&wasm[..wasm.len() / 2]);
        let _ = Module::validate(&confined, &wasm);
    }
    for text in [
        "(module (func (export \"f\")))",
        "(module (func",
        "(module (func nonsense))",
    ] {
        let _ = confined.precompile_module(text.as_bytes());
    }
    let mut config = Config::new(wasmetal_platform_linux::platform());
    config
        .compile_memory_limit(64 << 20)
        .module_limits(ModuleLimits::firmware());
    let limited = Engine::new(&config).expect("an engine");
    assert!(limited.precompile_module(&nested(1100)).is_err());
    let small = engine(Some(1 << 20));
    assert!(small.precompile_module(&nested(4000)).is_err());
}

thread_local! {
    static PLANTED_HERE: AtomicUsize = const { AtomicUsize::new(0) };
}

#[test]
#[cfg_attr(
    target_arch = "aarch64",
    ignore = "QEMU's emulation of programs starts no others"
)]
fn nothing_refers_to_what_is_gone() {
    static PLANTED: AtomicUsize = AtomicUsize::new(0);
    const CASE: &str = "WASMETAL_STATICS";
    if std::env::var_os(CASE).is_none() {
        // In a process in which nothing has been used before.
        for backtraces in ["0", "1"] {
            let mut child = Command::new(std::env::current_exe().expect("this program"));
            child.args(["--exact", "statics::nothing_refers_to_what_is_gone"]);
            for name in ["RUST_BACKTRACE", "RUST_LIB_BACKTRACE"] {
                child.env(name, backtraces);
            }
            let output = child.env(CASE, "").output().expect("a child");
            let text = String::from_utf8_lossy(&output.stdout);
            assert!(
                output.status.success() && text.contains("1 passed"),
                "{text}"
            );
        }
        return;
    }
    let _one = ONE_AT_A_TIME.lock();
    let chunks = &HEAP.get().chunks;
    let before = words();
    chunks.kept.store(true, Relaxed);
    compile_everything();
    assert!(
        chunks.len.load(Relaxed) > 100,
        "{}",
        chunks.len.load(Relaxed)
    );
    assert_eq!(references(&before), 0);
    // It would have been found.
    let a_block = !chunks.all[5][0].load(Relaxed) + 64;
    std::hint::black_box(&PLANTED).store(a_block, Relaxed);
    assert_eq!(references(&before), 1);
    PLANTED_HERE.with(|here| std::hint::black_box(here).store(a_block, Relaxed));
    assert_eq!(references(&before), 2);
}
