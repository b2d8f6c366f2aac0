//! The [`Platform`] itself.

use core::ops::Range;
use core::sync::atomic::AtomicU32;
use core::time::Duration;

use wasmetal_platform::{
    Capabilities, Error, Operation, Platform, Protection, Result, Rights, SavedRegisters, Thread,
    TrapHook,
};

use super::arch::timer::{self, Alarm};
use super::arch::{cache, features, mmu};
use super::cores::{self, sync};
use super::memory::{MEMORY, Memory};
use super::{alarm, continued, park, trap};
use crate::frame::FRAME_SIZE;
use crate::table::Attributes;

/// Bare-metal aarch64. There is one: [`platform`].
#[derive(Debug)]
pub struct BarePlatform(());

/// The platform that this firmware runs on.
#[must_use]
pub fn platform() -> &'static BarePlatform {
    static PLATFORM: BarePlatform = BarePlatform(());
    &PLATFORM
}

impl BarePlatform {
    /// How many 4 KiB frames of RAM are free. What is reserved and committed takes frames for its
    /// contents and for page tables, and gives all of them back.
    #[must_use]
    pub fn free_frames(&self) -> usize {
        MEMORY.lock().frames.free()
    }

    /// How many bytes of the window for reservations are free.
    #[must_use]
    pub fn free_address_space(&self) -> usize {
        MEMORY.lock().window.free()
    }
}

/// What the platform works on is set up before `main`.
const STARTED: &str = "the window is open before main runs";

fn range(base: *mut u8, size: usize) -> Range<usize> {
    base as usize..base as usize + size
}

// SAFETY: `Window` hands out disjoint ranges of the upper half, where nothing else lives.
// `AddressSpace` keeps frames and attributes as they were set, and its attributes have none that is
// both writable and executable (WXN forbids it besides). The vectors report faults with their pc.
unsafe impl Platform for BarePlatform {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            page_size: FRAME_SIZE,
            // Each page is cleared.
            commit_piece: 8 * FRAME_SIZE,
            guard_pages: true,
            branch_protection: features::landing_pads(),
            initial_images: false,
            park: true,
            interrupts: true,
            continues: true,
            alarm: true,
        }
    }

    fn cpu_feature(&self, name: &str) -> bool {
        features::has(name)
    }

    fn reserve(&self, size: usize, align: usize) -> Result<*mut u8> {
        let start = MEMORY.lock().window.reserve(size, align.max(FRAME_SIZE));
        start
            .map(|start| start as *mut u8)
            .ok_or(Error::new(Operation::Reserve, 0))
    }

    unsafe fn release(&self, base: *mut u8, size: usize) {
        let mut memory = MEMORY.lock();
        let Memory {
            frames,
            space,
            window,
        } = &mut *memory;
        // SAFETY: nothing refers into the reservation, by the caller's promise.
        unsafe {
            space
                .as_mut()
                .expect(STARTED)
                .decommit(frames, range(base, size))
        };
        window.release(range(base, size));
    }

    unsafe fn commit(&self, base: *mut u8, size: usize) -> Result<()> {
        let mut memory = MEMORY.lock();
        let Memory { frames, space, .. } = &mut *memory;
        let committed = space
            .as_mut()
            .expect(STARTED)
            .commit(frames, range(base, size));
        committed.map_err(|_| Error::new(Operation::Commit, 0))
    }

    unsafe fn decommit(&self, base: *mut u8, size: usize) {
        let mut memory = MEMORY.lock();
        let Memory { frames, space, .. } = &mut *memory;
        // SAFETY: nothing refers to the contents, by the caller's promise.
        unsafe {
            space
                .as_mut()
                .expect(STARTED)
                .decommit(frames, range(base, size))
        };
    }

    unsafe fn protect(&self, base: *mut u8, size: usize, protection: Protection) -> Result<()> {
        let attributes = match protection {
            Protection::None => Attributes::NONE,
            Protection::Read => Attributes::READ,
            Protection::ReadWrite => Attributes::READ_WRITE,
            // Where the CPU lacks FEAT_BTI, the bit that guards a page is ignored.
            Protection::ReadExecute => Attributes::READ_EXECUTE.guarded(),
        };
        let mut memory = MEMORY.lock();
        memory
            .space
            .as_mut()
            .expect(STARTED)
            .protect(range(base, size), attributes);
        drop(memory);
        if protection == Protection::ReadExecute {
            // Another core may have fetched ahead from these pages, and found that it may not.
            sync::synchronize();
        }
        Ok(())
    }

    unsafe fn publish(&self, base: *const u8, size: usize) {
        // SAFETY: the range can be read, by the caller's promise.
        unsafe { cache::publish(base as usize, size) };
        sync::synchronize();
    }

    unsafe fn execute_in_place(
        &self,
        code: *const u8,
        size: usize,
        _: Rights,
    ) -> Result<*const u8> {
        let refused = Error::new(Operation::Protect, 0);
        let code_size = size;
        let size = size.max(1).next_multiple_of(FRAME_SIZE);
        let start = code.addr();
        if !start.is_multiple_of(FRAME_SIZE) {
            return Err(refused);
        }
        let mut memory = MEMORY.lock();
        let Memory {
            frames,
            space,
            window,
        } = &mut *memory;
        let space = space.as_mut().expect(STARTED);
        let base = window.reserve(size, FRAME_SIZE).ok_or(refused)?;
        let attributes = Attributes::READ_EXECUTE.guarded();
        let mapped = (0..size).step_by(FRAME_SIZE).all(|offset| {
            // What the firmware can write to must not be executed, by whatever address.
            let frame = match mmu::write_address(start + offset) {
                Some(_) => None,
                None => mmu::read_address(start + offset),
            };
            let page = range((base + offset) as *mut u8, FRAME_SIZE);
            frame.is_some_and(|frame| space.alias(frames, page, frame, attributes).is_ok())
        });
        if !mapped {
            let range = base..base + size;
            // SAFETY: nobody knows the range yet.
            unsafe { space.end_alias(frames, range.clone()) };
            window.release(range);
            return Err(refused);
        }
        drop(memory);
        // SAFETY: the range can be read, by the caller's promise.
        unsafe { cache::publish(base, code_size) };
        sync::synchronize();
        Ok(base as *const u8)
    }

    unsafe fn end_in_place(&self, code: *const u8, size: usize) {
        let size = size.max(1).next_multiple_of(FRAME_SIZE);
        let range = code.addr()..code.addr() + size;
        let mut memory = MEMORY.lock();
        let Memory {
            frames,
            space,
            window,
        } = &mut *memory;
        // SAFETY: nothing executes there, by the caller's promise.
        unsafe {
            space
                .as_mut()
                .expect(STARTED)
                .end_alias(frames, range.clone())
        };
        window.release(range);
    }

    unsafe fn set_trap_hook(&self, hook: TrapHook) -> Result<()> {
        trap::set(hook)
    }

    fn park(&self, word: &AtomicU32, expected: u32, timeout: Option<Duration>) {
        park::park(word, expected, timeout);
    }

    fn unpark(&self, word: &AtomicU32) {
        park::unpark(word);
    }

    fn now(&self) -> Duration {
        timer::duration(timer::now())
    }

    fn current_thread(&self) -> Thread {
        cores::thread()
    }

    fn interrupt(&self, thread: Thread) {
        cores::interrupt(thread);
    }

    unsafe fn continue_interrupted(
        &self,
        registers: &SavedRegisters,
        begin: unsafe fn(*mut ()),
        data: *mut (),
    ) -> ! {
        // SAFETY: the caller's promise.
        unsafe { continued::continue_interrupted(registers, begin, data) }
    }

    fn set_timer(&self, after: Option<Duration>) -> Result<()> {
        timer::set_alarm(after.map_or(Alarm::NONE, Alarm::after));
        Ok(())
    }

    fn set_alarm(&self, at: Duration, ring: fn()) -> Result<()> {
        alarm::set(at, ring);
        Ok(())
    }
}
