//! Clocks.

use super::Call;
use super::types::timestamp;
use crate::error::Done;
use crate::{Errno, HostWallClock};
#[cfg(feature = "async")]
use core::{task::Waker, time::Duration};

/// `clockid`.
pub(super) const REALTIME: u32 = 0;
pub(super) const MONOTONIC: u32 = 1;
const LAST: u32 = 3;

impl Call<'_> {
    /// The time that only goes on, in nanoseconds.
    pub(super) fn monotonic(&self) -> Done<u64> {
        match &self.ctx.monotonic_clock {
            Some(clock) => Ok(clock.now()),
            None => {
                let capabilities = self.platform.capabilities();
                match capabilities.interrupts || capabilities.alarm {
                    true => Ok(timestamp(self.platform.now())),
                    false => Err(Errno::Notsup.into()),
                }
            }
        }
    }

    fn wall(&self) -> Done<&dyn HostWallClock> {
        Ok(self.ctx.wall_clock.as_deref().ok_or(Errno::Notsup)?)
    }

    /// The time of day, in nanoseconds.
    pub(super) fn realtime(&self) -> Done<u64> {
        Ok(timestamp(self.wall()?.now()))
    }

    /// Has a task woken after this time, or before.
    #[cfg(feature = "async")]
    pub(super) fn wake_after(&self, time: Duration, waker: &Waker) {
        match (&self.ctx.monotonic_clock, self.monotonic()) {
            (Some(clock), Ok(now)) => clock.wake_at(now.saturating_add(timestamp(time)), waker),
            _ => waker.wake_by_ref(),
        }
    }
}

/// Those of processes and threads are not there.
fn other(id: u32) -> Done<u64> {
    Err(if id <= LAST {
        Errno::Badf
    } else {
        Errno::Inval
    }
    .into())
}

pub(super) fn clock_res_get(call: &mut Call<'_>, id: u32, resolution: u32) -> Done {
    let nanoseconds = match id {
        REALTIME => timestamp(call.wall()?.resolution()),
        MONOTONIC => {
            call.monotonic()?;
            let clock = call.ctx.monotonic_clock.as_ref();
            clock.map_or(1, |clock| clock.resolution())
        }
        id => other(id)?,
    };
    call.guest.write(resolution, nanoseconds)
}

pub(super) fn clock_time_get(call: &mut Call<'_>, id: u32, _precision: u64, time: u32) -> Done {
    let now = match id {
        REALTIME => call.realtime()?,
        MONOTONIC => call.monotonic()?,
        id => other(id)?,
    };
    call.guest.write(time, now)
}
