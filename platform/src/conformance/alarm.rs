//! Checks of the alarm.

use core::sync::atomic::{AtomicU32, Ordering};
use core::time::Duration;

use super::{Miss, Pair, ensure, park::NO_PAIR};
use crate::Platform;

/// Longer than any alarm is late, on a machine that is busy and emulated.
const LONG: Duration = Duration::from_secs(5);

/// How often it has rung.
static RUNG: AtomicU32 = AtomicU32::new(0);

fn ring() {
    RUNG.fetch_add(1, Ordering::SeqCst);
}

/// Waits until it has rung more often than this, or a time has come; how often it has then.
fn wait(platform: &dyn Platform, before: u32, end: Duration) -> u32 {
    loop {
        let rung = RUNG.load(Ordering::SeqCst);
        if rung != before || platform.now() > end {
            return rung;
        }
        pause(platform, before);
    }
}

/// Where there are no threads, a core that waits rings.
fn pause(platform: &dyn Platform, before: u32) {
    match platform.capabilities().park {
        true => platform.park(&RUNG, before, Some(Duration::from_millis(1))),
        false => core::hint::spin_loop(),
    }
}

fn set(platform: &dyn Platform, after: Duration) -> Result<Duration, Miss> {
    let at = platform.now().saturating_add(after);
    let set = platform.set_alarm(at, ring);
    ensure!(set.is_ok(), "there is no alarm");
    Ok(at)
}

/// It rings when its time has come, and the earliest of several counts.
pub(super) fn rings(platform: &dyn Platform) -> Result<(), Miss> {
    for microseconds in [0, 1, 50, 1_000, 20_000] {
        for later in [false, true] {
            let before = RUNG.load(Ordering::SeqCst);
            if later {
                set(platform, Duration::from_secs(3600))?;
            }
            let at = set(platform, Duration::from_micros(microseconds))?;
            if later {
                set(platform, Duration::MAX)?;
            }
            let rung = wait(platform, before, platform.now() + LONG);
            ensure!(rung != before, "it did not ring");
            ensure!(platform.now() >= at, "it rang before its time");
        }
    }
    Ok(())
}

/// Two threads set it at once: each hears it after its own time.
pub(super) fn shared(platform: &dyn Platform, pair: Option<Pair>) -> Result<(), Miss> {
    const ROUNDS: u32 = 300;
    let pair = pair.ok_or(NO_PAIR)?;
    let lost = AtomicU32::new(0);
    pair(&|me| {
        for round in 0..ROUNDS {
            let at =
                platform.now() + Duration::from_micros(u64::from(round % 7) * 20 * (1 + me as u64));
            // Who finds that it has rung too early for itself sets it again, as whoever rings does.
            let end = at + LONG;
            let mut before = RUNG.load(Ordering::SeqCst);
            let mut set = platform.set_alarm(at, ring).is_ok();
            while set && platform.now() < end {
                let rung = wait(platform, before, end);
                if platform.now() >= at {
                    break;
                }
                before = rung;
                set = platform.set_alarm(at, ring).is_ok();
            }
            let heard = set && platform.now() < end;
            lost.fetch_or(u32::from(!heard), Ordering::SeqCst);
        }
    });
    ensure!(lost.into_inner() == 0, "an alarm was lost");
    Ok(())
}
