//! wasmetal's platform on bare-metal aarch64: QEMU's `virt` board, at EL1, with nothing underneath.
//!
//! A firmware depends on this crate, names its main function with `entry!`, and has from then on a
//! heap, a console (`print!`, `println!`), exit codes, a timer, further cores, tasks and the
//! [`Platform`](wasmetal_platform::Platform) (`platform()`):
//!
//! ```ignore
//! #![no_std]
//! #![no_main]
//!
//! wasmetal_platform_bare::entry!(main);
//!
//! fn main() -> i32 {
//!     wasmetal_platform_bare::println!("hello");
//!     0
//! }
//! ```
//!
//! It is built with `--target aarch64-unknown-none`, linked by the script `link.ld`, which this crate puts on the
//! linker's search path and a `build.rs` of the firmware chooses,
//!
//! ```ignore
//! fn main() {
//!     println!("cargo::rustc-link-arg-bins=-Tlink.ld");
//! }
//! ```
//!
//! and started with
//!
//! ```text
//! qemu-system-aarch64 -M virt,gic-version=3 -cpu max,pauth-impdef=on -m 512M -display none -serial stdio \
//!     -monitor none -nodefaults -semihosting-config enable=on,target=native -kernel FIRMWARE
//! ```
//!
//! # Cores
//!
//! `main` runs on the first core; the others are off until `cores::start` or `cores::join` gives one a
//! function to run (QEMU: `-smp N`, at most eight are used). All see the same memory, and a store of
//! WebAssembly may be used on any of them, by one at a time.
//!
//! - Each core has a thread stack, an exception stack and an emergency stack, with guard pages; its own
//!   timer; its own cycle counter; and the same translation, so that what is true of memory on one core
//!   is true on all.
//! - Heap, frames, page tables and console are behind spin locks. No interrupt handler takes one, so
//!   that interrupts stay on while they are held. What handlers may do is said at `timer::Handler`.
//! - Changes of the page tables reach all cores (`tlbi` for the inner-shareable domain). New code reaches
//!   them too: the core that publishes code interrupts the other cores, and goes on when each has executed an
//!   `isb`. A core that masks interrupts for long makes others wait for so long.
//! - A page that another core has committed may fault once more on a processor whose table walks are not
//!   ordered with loads; the vectors look again before they call it a fault.
//! - Whatever core faults, panics or calls `exit::exit` ends the machine; the report names the core,
//!   and the others print nothing any more.
//! - Cores wait for each other by `park` and `unpark` of the platform: `wfe`, woken by `sev`, with the
//!   timer's event stream for timeouts. A core that has nothing to do sleeps, by `wfi`, until a handler or another core
//!   wakes it (`cores::sleep_until`, `cores::wake`): that is what an executor of futures needs.
//! - A core that parks or sleeps also sees to the platform's alarm, which wakes tasks whose time has come: there is no
//!   thread for it.
//!
//! QEMU's own translator keeps code coherent by itself and does not wait in `wfe` while cores run in
//! parallel. So there the kernels in `tests` show that nothing breaks; that real processors need each
//! step is argued in the comments, from the architecture manual.
//!
//! # Tasks
//!
//! `tasks::scope` has several computations share a core, each on a stack of its own, pre-empted by the timer at any
//! instruction, WebAssembly or not. Nothing but this module knows of them; a firmware with a scheduler of its own does
//! without. A task that holds the lock of heap, frames or console is not pre-empted, so that nobody spins for a lock
//! whose holder waits for its turn.
//!
//! # Memory map
//!
//! | addresses | what | access |
//! |---|---|---|
//! | 0x0800_0000 | GICv3, PL011 | device |
//! | 0x4000_0000 | device tree, read once | none |
//! | 0x4020_0000 | the firmware: code, constants, data | RX, R, RW |
//! | then | stacks, each above a guard page | RW |
//! | then, to the end of RAM | heap, then page frames; a payload at 0x5000_0000 | RW; payload R |
//! | 0xffff_0000_0000_0000 | the window for reservations, 255 TiB; stacks of further cores | as asked |
//!
//! Nothing is ever writable and executable by the same address (`SCTLR_EL1.WXN`). RAM is also
//! writable at its physical address by the firmware itself, the frames behind code included.
//!
//! # For a kernel of your own
//!
//! Four modules hold nothing of this board, and nothing that needs the processor. They are public, because a kernel that
//! hosts the runtime, or a [`Platform`](wasmetal_platform::Platform) for another machine, needs the same:
//!
//! - [`frame`]: which page frames of RAM are free;
//! - [`table`]: page tables, over frames; the kernel says how translations are dropped ([`table::Tlb`]);
//! - [`window`]: which ranges of virtual addresses are free;
//! - [`tree`]: the device tree, which says where RAM and devices are.
//!
//! A kernel that has its own of one takes the others without it; only [`table`] builds on [`frame`].
//!
//! # Features
//!
//! `reports`, on by default: panics, and faults outside WebAssembly, are reported on the console before the machine
//! ends. Without it only the exit code tells (see `exit`), and firmware is smaller by the texts of all panics.
//!
//! `critical-section`, off by default: critical sections for crates that ask for them by the crate of that name.
//!
//! `default-platform`, off by default: what is made without a platform, `wasmetal::Engine::default()` above all, takes
//! this one.
//!
//! Only what needs the processor is left out elsewhere: the four modules for kernels build, and are tested, on any host.

#![cfg_attr(docsrs, feature(doc_cfg))]
#![no_std]

extern crate alloc;
#[cfg(test)]
extern crate std;

pub mod frame;
#[doc(hidden)]
pub mod lifetimes;
pub mod table;
pub mod tree;
pub mod window;

// Documented on any host: rustdoc looks into no function's body, and so asks for no processor.
#[cfg(any(doc, all(target_arch = "aarch64", target_os = "none")))]
mod device;
#[cfg(any(doc, all(target_arch = "aarch64", target_os = "none")))]
#[cfg_attr(docsrs, doc(cfg(all(target_arch = "aarch64", target_os = "none"))))]
pub use device::*;
