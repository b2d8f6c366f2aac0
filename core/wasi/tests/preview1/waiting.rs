//! Clocks, sleep and `poll_oneoff`, where a thread is parked.

use crate::support::{CREAT, DATA, Guest, READ, memory};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};
use wasmetal::Trap;
use wasmetal_wasi::{Errno, InputStream, MemoryOutputPipe, WasiCtxBuilder};

/// A subscription: of a clock (id, timeout, absolute), or to a descriptor.
#[derive(Clone, Copy)]
pub(crate) enum Sub {
    Clock(u32, u64, bool),
    Read(u32),
    Write(u32),
    Tag(u8),
}

impl Sub {
    pub(crate) fn bytes(self, userdata: u64) -> [u8; 48] {
        let mut bytes = [0; 48];
        bytes[..8].copy_from_slice(&userdata.to_le_bytes());
        let (tag, id) = match self {
            Self::Clock(id, ..) => (0, id),
            Self::Read(fd) => (1, fd),
            Self::Write(fd) => (2, fd),
            Self::Tag(tag) => (tag, 0),
        };
        bytes[8] = tag;
        bytes[16..20].copy_from_slice(&id.to_le_bytes());
        if let Self::Clock(_, timeout, absolute) = self {
            bytes[24..32].copy_from_slice(&timeout.to_le_bytes());
            bytes[40] = absolute.into();
        }
        bytes
    }
}

/// An event: user data, error, type, bytes, flags.
pub(crate) type Event = (u64, u16, u8, u64, u16);

pub(crate) fn events(guest: &Guest, count: u32) -> Vec<Event> {
    (0..count)
        .map(|index| {
            let at = DATA + index * 32;
            let head = guest.get(at, 32);
            let short = |at| u16::from_le_bytes([head[at], head[at + 1]]);
            (
                guest.long(at),
                short(8),
                head[10],
                guest.long(at + 16),
                short(24),
            )
        })
        .collect()
}

fn poll(guest: &mut Guest, subs: &[Sub]) -> Result<Vec<Event>, i32> {
    for (index, sub) in (0..).zip(subs) {
        guest.put(0x100 + index * 48, &sub.bytes(u64::from(index) + 100));
    }
    match guest.call("poll_oneoff", &[0x100, DATA.into(), subs.len() as u64, 0]) {
        0 => Ok(events(guest, guest.word(0))),
        errno => Err(errno),
    }
}

/// An input from which nothing ever comes.
pub(crate) struct Silent;

impl InputStream for Silent {
    fn poll_read(&mut self, _: &mut Context<'_>, _: &mut [u8]) -> Poll<Result<usize, Errno>> {
        Poll::Pending
    }

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<()> {
        Poll::Pending
    }
}

pub(crate) const MS: u64 = 1_000_000;

#[test]
fn clocks_go_on() {
    let mut guest = Guest::new(&mut WasiCtxBuilder::new());
    for clock in [0, 1] {
        guest.good("clock_res_get", &[clock, 0]);
        assert!(guest.long(0) > 0);
        guest.good("clock_time_get", &[clock, 0, 0]);
        let before = guest.long(0);
        guest.good("sched_yield", &[]);
        guest.good("clock_time_get", &[clock, 0, 0]);
        assert!(guest.long(0) >= before);
    }
    for (clock, expected) in [(2, Errno::Badf), (3, Errno::Badf), (4, Errno::Inval)] {
        assert_eq!(
            guest.call("clock_time_get", &[clock, 0, 0]),
            expected as i32
        );
        assert_eq!(guest.call("clock_res_get", &[clock, 0]), expected as i32);
    }
}

#[test]
fn sleep_takes_its_time() {
    let mut guest = Guest::new(WasiCtxBuilder::new().stdin(Silent));
    let start = Instant::now();
    let all = [
        Sub::Clock(1, 30 * MS, false),
        Sub::Clock(1, 3_600_000 * MS, false),
        Sub::Read(0),
    ];
    assert_eq!(poll(&mut guest, &all), Ok(vec![(100, 0, 0, 0, 0)]));
    assert!(start.elapsed() >= Duration::from_millis(30));
    // To a moment, of either clock.
    for clock in [0_u32, 1] {
        guest.good("clock_time_get", &[clock.into(), 0, 0]);
        let at = guest.long(0) + 20 * MS;
        let start = Instant::now();
        assert_eq!(
            poll(&mut guest, &[Sub::Clock(clock, at, true)]).map(|it| it.len()),
            Ok(1)
        );
        assert!(start.elapsed() >= Duration::from_millis(15));
        guest.good("clock_time_get", &[clock.into(), 0, 0]);
        assert!(guest.long(0) >= at);
        // One that has passed.
        assert_eq!(
            poll(&mut guest, &[Sub::Clock(clock, 1, true)]).map(|it| it.len()),
            Ok(1)
        );
    }
}

#[test]
fn what_is_ready_is_told_with_its_errors() {
    let mut builder = WasiCtxBuilder::new();
    builder
        .stdout(MemoryOutputPipe::new(10))
        .preopened_directory(
            memory().root(),
            "/",
            wasmetal_wasi::DirPerms::all(),
            wasmetal_wasi::FilePerms::all(),
        );
    let mut guest = Guest::new(&mut builder);
    guest.make("file", b"12345");
    let fd = guest.open("file", 0, READ).unwrap();
    let empty = guest.open("empty", CREAT, READ).unwrap();
    let badf = Errno::Badf as u16;
    let all = [
        Sub::Read(0),
        Sub::Write(1),
        Sub::Read(fd),
        Sub::Write(fd),
        Sub::Read(empty),
        Sub::Read(3),
        Sub::Read(77),
        Sub::Write(0),
        Sub::Clock(1, u64::MAX, false),
        Sub::Clock(2, 0, false),
        Sub::Clock(99, 0, false),
    ];
    let expected = vec![
        (100, 0, 1, 1, 0),
        (101, 0, 2, 1, 0),
        (102, 0, 1, 5, 0),
        (103, badf, 2, 0, 0),
        (104, 0, 1, 0, 1),
        (105, badf, 1, 0, 0),
        (106, badf, 1, 0, 0),
        (107, badf, 2, 0, 0),
        (109, Errno::Inval as u16, 0, 0, 0),
        (110, Errno::Inval as u16, 0, 0, 0),
    ];
    assert_eq!(poll(&mut guest, &all), Ok(expected));
    assert_eq!(poll(&mut guest, &[]), Err(Errno::Inval as i32));
    assert_eq!(poll(&mut guest, &[Sub::Tag(3)]), Err(Errno::Inval as i32));
}

#[test]
fn a_poll_of_a_thousand_subscriptions() {
    let mut guest = Guest::new(WasiCtxBuilder::new().stdin(Silent));
    let mut all = vec![Sub::Clock(1, 3_600_000 * MS, false); 999];
    all.push(Sub::Clock(1, 5 * MS, false));
    assert_eq!(poll(&mut guest, &all), Ok(vec![(1099, 0, 0, 0, 0)]));
    // All of them at once.
    let all = vec![Sub::Read(1); 1000];
    assert_eq!(poll(&mut guest, &all).map(|all| all.len()), Ok(1000));
    // More than there is memory.
    assert!(guest.try_call("poll_oneoff", &[0, 0, 4_097, 0]).is_err());
}

#[test]
fn who_waits_for_ever_ends_with_its_store() {
    for name in ["poll_oneoff", "fd_read"] {
        let mut guest = Guest::new(WasiCtxBuilder::new().stdin(Silent));
        guest.put(0x100, &Sub::Read(0).bytes(1));
        guest.buffers(&[(DATA, 10)]);
        let arguments = match name {
            "poll_oneoff" => [0x100, DATA.into(), 1, 0],
            _ => [0, crate::support::LIST.into(), 1, 0],
        };
        guest
            .store
            .set_deadline(Some(Duration::from_millis(20)))
            .unwrap();
        let error = guest.try_call(name, &arguments).unwrap_err();
        assert_eq!(
            error.downcast_ref::<Trap>(),
            Some(&Trap::Interrupt),
            "{name}"
        );
        guest.store.set_deadline(None).unwrap();
        let handle = guest.store.interrupt_handle().unwrap();
        std::thread::scope(|scope| {
            scope.spawn(|| {
                std::thread::sleep(Duration::from_millis(10));
                handle.interrupt();
            });
            let error = guest.try_call(name, &arguments).unwrap_err();
            assert_eq!(
                error.downcast_ref::<Trap>(),
                Some(&Trap::Interrupt),
                "{name}"
            );
        });
    }
}

#[test]
fn without_a_clock_there_is_an_honest_error() {
    let mut ctx = WasiCtxBuilder::default();
    let mut guest = Guest::new(&mut ctx);
    let notsup = Errno::Notsup as i32;
    assert_eq!(guest.call("clock_time_get", &[0, 0, 0]), notsup);
    assert_eq!(guest.call("random_get", &[0, 8]), notsup);
    // Time passes all the same, by the platform's clock.
    guest.good("clock_time_get", &[1, 0, 0]);
    assert!(poll(&mut guest, &[Sub::Clock(1, 2 * MS, false)]).is_ok());
}
