//! Calls in time slices.

use core::{
    pin::pin,
    task::{Context, Poll, Waker},
    time::Duration,
};

/// How long a poll runs.
pub(super) const SLICE: Duration = Duration::from_micros(100);

/// Polls until it is ready: nothing waits but for its next slice.
pub(super) fn to_its_end<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut task = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut task) {
            break output;
        }
    }
}
