//! Each rule, broken.
#![allow(
    clippy::undocumented_unsafe_blocks,
    reason = "what happens when a contract is broken is the subject"
)]

use super::{FAILURE, Fake};
use crate::conformance::{self, Outcome, Scope};
use crate::{Error, Operation, Platform, Protection};
use std::boxed::Box;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::string::{String, ToString};
use std::sync::LazyLock;
use std::thread;
use std::time::{Duration, Instant};

const PAGE: usize = 4096;

#[test]
fn conforms() {
    let fake = Fake::new();
    let scope = Scope {
        executes: false,
        // For aarch64 this mostly runs under qemu-user.
        address_space: cfg!(target_arch = "x86_64"),
        now: Some(now),
        pair: Some(pair),
    };
    conformance::run(&fake, scope, &mut |name, outcome| match outcome {
        Outcome::Passed => {}
        Outcome::Skipped(reason) => assert!(
            [
                "the platform does not execute code",
                "there is no alarm",
                "address space is not free here"
            ]
            .contains(&reason),
            "{name}: {reason}"
        ),
        Outcome::Failed(reason) => panic!("{name}: {reason}"),
    });
    assert_eq!(fake.live_reservations(), 0);
    assert_eq!(fake.committed_pages(), 0);
    assert_eq!(fake.live_images(), 0);
}

fn now() -> Duration {
    static BEGIN: LazyLock<Instant> = LazyLock::new(Instant::now);
    BEGIN.elapsed()
}

fn pair(job: &(dyn Fn(usize) + Sync)) {
    thread::scope(|scope| {
        scope.spawn(|| job(1));
        job(0);
    });
}

/// Runs `job` with a reservation of four pages, of which the first two are committed.
fn with(job: impl FnOnce(&Fake, *mut u8)) -> Result<(), String> {
    let fake = Fake::new();
    let base = fake.reserve(4 * PAGE, PAGE).unwrap();
    unsafe { fake.commit(base, 2 * PAGE).unwrap() };
    catch_unwind(AssertUnwindSafe(|| job(&fake, base))).map_err(|panic| {
        match panic.downcast::<String>() {
            Ok(message) => *message,
            Err(other) => other.downcast_ref::<&str>().unwrap_or(&"?").to_string(),
        }
    })
}

fn ignore<T>(_: T) {}

#[test]
fn rules() {
    type Job = Box<dyn FnOnce(&Fake, *mut u8)>;
    fn job(job: impl FnOnce(&Fake, *mut u8) + 'static) -> Job {
        Box::new(job)
    }
    use Protection::{None, Read, ReadExecute, ReadWrite};
    let broken: [(&str, Job); 24] = [
        (
            "sizes are never zero",
            job(|f, _| ignore(f.reserve(0, PAGE))),
        ),
        (
            "multiples of the page size",
            job(|f, _| ignore(f.reserve(PAGE + 1, PAGE))),
        ),
        (
            "alignment is a power of two",
            job(|f, _| ignore(f.reserve(PAGE, 3 * PAGE))),
        ),
        (
            "multiples of the page size",
            job(|f, b| unsafe { f.decommit(b.add(1), PAGE) }),
        ),
        (
            "only reserved pages are committed",
            job(|f, b| ignore(unsafe { f.commit(b, PAGE) })),
        ),
        (
            "lies in one live reservation",
            job(|f, b| ignore(unsafe { f.commit(b, 5 * PAGE) })),
        ),
        (
            "lies in a live reservation",
            job(|f, _| ignore(unsafe { f.commit(core::ptr::null_mut(), PAGE) })),
        ),
        (
            "written while it was reserved",
            job(|f, b| unsafe {
                b.add(2 * PAGE).write(1);
                ignore(f.commit(b.add(2 * PAGE), PAGE));
            }),
        ),
        (
            "written while it was reserved",
            job(|f, b| unsafe {
                f.decommit(b, PAGE);
                b.write(1);
                ignore(f.commit(b, PAGE));
            }),
        ),
        (
            "only committed pages are used",
            job(|f, b| ignore(unsafe { f.protect(b.add(PAGE), 2 * PAGE, Read) })),
        ),
        (
            "only committed pages are used",
            job(|f, b| unsafe { f.publish(b.add(2 * PAGE - 1), 2) }),
        ),
        (
            "only committed pages are used",
            job(|f, b| unsafe { f.populate(b.add(PAGE), 2 * PAGE) }),
        ),
        (
            "only writable pages are populated",
            job(|f, b| unsafe {
                f.protect(b, PAGE, Read).unwrap();
                f.populate(b, PAGE);
            }),
        ),
        (
            "goes on with what was interrupted where the platform can't",
            job(|f, _| unsafe {
                let registers = crate::SavedRegisters::default();
                f.continue_interrupted(&registers, |_| (), core::ptr::null_mut());
            }),
        ),
        (
            "nobody sets an alarm where capabilities do not say so",
            job(|f, _| ignore(f.set_alarm(core::time::Duration::ZERO, || ()))),
        ),
        (
            "published before they turn executable",
            job(|f, b| ignore(unsafe { f.protect(b, PAGE, ReadExecute) })),
        ),
        (
            "published before they turn executable",
            job(|f, b| unsafe {
                f.publish(b, PAGE);
                f.protect(b, PAGE, ReadExecute).unwrap();
                f.protect(b, PAGE, ReadWrite).unwrap();
                ignore(f.protect(b, PAGE, ReadExecute));
            }),
        ),
        (
            "between publish and execution",
            job(|f, b| unsafe {
                f.publish(b, PAGE);
                b.write(1);
                ignore(f.protect(b, PAGE, ReadExecute));
            }),
        ),
        (
            "what is published is readable",
            job(|f, b| unsafe {
                f.protect(b, PAGE, None).unwrap();
                f.publish(b, 1);
            }),
        ),
        (
            "written while its protection was Read",
            job(|f, b| unsafe {
                f.protect(b, PAGE, Read).unwrap();
                b.write(1);
                ignore(f.protect(b, PAGE, ReadWrite));
            }),
        ),
        (
            "written while its protection was ReadExecute",
            job(|f, b| unsafe {
                f.publish(b, 1);
                f.protect(b, PAGE, ReadExecute).unwrap();
                b.write(1);
                f.release(b, 4 * PAGE);
            }),
        ),
        (
            "a whole live reservation",
            job(|f, b| unsafe { f.release(b, 3 * PAGE) }),
        ),
        (
            "a whole live reservation",
            job(|f, b| unsafe {
                f.release(b, 4 * PAGE);
                f.release(b, 4 * PAGE);
            }),
        ),
        (
            "images are used while they live",
            job(|f, b| unsafe {
                let image = crate::Image { handle: 8, len: 1 };
                ignore(f.map_image(&image, b));
            }),
        ),
    ];
    for (index, (rule, job)) in broken.into_iter().enumerate() {
        let message = with(job).expect_err(rule);
        assert!(message.contains(rule), "{index}: {message}");
    }
}

#[test]
fn right_order_passes() {
    let done = with(|fake, base| unsafe {
        base.write(0xc3);
        fake.publish(base, 1);
        fake.protect(base, PAGE, Protection::ReadExecute).unwrap();
        assert_eq!(fake.committed_pages(), 2);
        fake.decommit(base.add(PAGE), 3 * PAGE);
        assert_eq!(fake.committed_pages(), 1);
        let image = fake.create_image(&[1, 2, 3], &mut || true).unwrap();
        fake.map_image(&image, base.add(PAGE)).unwrap();
        assert_eq!((fake.live_images(), fake.committed_pages()), (1, 2));
        fake.drop_image(image);
        fake.release(base, 4 * PAGE);
        assert_eq!((fake.live_images(), fake.live_reservations()), (0, 0));
    });
    assert_eq!(done, Ok(()));
}

#[test]
fn fails_on_request() {
    let done = with(|fake, base| unsafe {
        let failure = |operation| Err(Error::new(operation, FAILURE));
        fake.fail(Operation::Commit, 2);
        fake.fail(Operation::Reserve, 1);
        assert_eq!(
            fake.reserve(PAGE, PAGE),
            failure(Operation::Reserve).map(|()| base)
        );
        let third = base.add(2 * PAGE);
        assert_eq!(fake.commit(third, PAGE), Ok(()));
        assert_eq!(
            fake.commit(third.add(PAGE), PAGE),
            failure(Operation::Commit)
        );
        assert_eq!(fake.committed_pages(), 3);
        assert_eq!(fake.commit(third.add(PAGE), PAGE), Ok(()));
        fake.fail(Operation::Protect, 1);
        let protect = || fake.protect(base, PAGE, Protection::Read);
        assert_eq!(protect(), failure(Operation::Protect));
        base.write(1);
        assert_eq!(protect(), Ok(()));
    });
    assert_eq!(done, Ok(()));
}
