//! How the threads were shared: turns, and how late sleepers were.

use std::{
    pin::Pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    task::{Context, Poll},
    time::{Duration, Instant},
};

use crate::guests::Kind;

/// What guests of one kind have had.
pub(crate) struct Tally {
    kind: Kind,
    guests: AtomicU64,
    /// How often one was polled.
    turns: AtomicU64,
    /// For how long, and the longest time, in nanoseconds.
    used: AtomicU64,
    longest: AtomicU64,
    /// How much later than they were due sleepers went on.
    late: Mutex<Vec<Duration>>,
}

impl Tally {
    pub(crate) fn new(kind: Kind) -> Self {
        Self {
            kind,
            guests: AtomicU64::new(0),
            turns: AtomicU64::new(0),
            used: AtomicU64::new(0),
            longest: AtomicU64::new(0),
            late: Mutex::new(Vec::new()),
        }
    }

    pub(crate) fn late(&self, by: Duration) {
        let mut late = self.late.lock().unwrap_or_else(PoisonError::into_inner);
        late.push(by);
    }
}

/// A guest whose turns are measured.
pub(crate) struct Metered<F> {
    tally: Arc<Tally>,
    guest: Pin<Box<F>>,
}

impl<F> Metered<F> {
    pub(crate) fn new(tally: Arc<Tally>, guest: F) -> Self {
        tally.guests.fetch_add(1, Relaxed);
        let guest = Box::pin(guest);
        Self { tally, guest }
    }
}

impl<F: Future> Future for Metered<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<F::Output> {
        let begin = Instant::now();
        let result = self.guest.as_mut().poll(task);
        let time = begin.elapsed().as_nanos() as u64;
        self.tally.turns.fetch_add(1, Relaxed);
        self.tally.used.fetch_add(time, Relaxed);
        self.tally.longest.fetch_max(time, Relaxed);
        result
    }
}

pub(crate) fn print(tallies: &[Arc<Tally>]) {
    let milliseconds = |nanoseconds: &AtomicU64| nanoseconds.load(Relaxed) as f64 / 1e6;
    println!(
        "\n{:<12} {:>6} {:>8} {:>12} {:>14}",
        "guests that", "", "turns", "in all", "longest turn"
    );
    for tally in tallies {
        let kind = match tally.kind {
            Kind::Sleeps => "sleep",
            Kind::Relays => "relay",
            Kind::Spins => "spin",
        };
        println!(
            "{kind:<12} {:>6} {:>8} {:>9.1} ms {:>11.2} ms",
            tally.guests.load(Relaxed),
            tally.turns.load(Relaxed),
            milliseconds(&tally.used),
            milliseconds(&tally.longest),
        );
    }
    for tally in tallies {
        let mut late = tally.late.lock().unwrap_or_else(PoisonError::into_inner);
        late.sort_unstable();
        if let Some(last) = late.len().checked_sub(1) {
            let part = |hundredths: usize| late[last * hundredths / 100].as_secs_f64() * 1e3;
            println!(
                "\n{} times a sleeper went on, later than due by {:.2} ms in the middle, {:.2} ms at 99 %, {:.2} ms at most",
                late.len(),
                part(50),
                part(99),
                part(100),
            );
        }
    }
}
