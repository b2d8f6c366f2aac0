//! The platform that a program has said it runs on.

use super::Platform;
use core::mem;
use core::ptr;
use core::sync::atomic::{AtomicPtr, Ordering};

/// Gives a platform.
type Give = fn() -> &'static dyn Platform;

/// Null, or a [`Give`].
static DEFAULT: AtomicPtr<()> = AtomicPtr::new(ptr::null_mut());

/// Makes the platform that `give` returns the program's default: what is made without a platform takes this one.
///
/// Platform crates call it when the program starts, each with its feature `default-platform`; a program on a platform
/// of its own calls it before anything else. The first call counts: returns whether this was it. It takes no lock,
/// and may be called before `main`.
///
/// ```
/// use wasmetal_platform::{Platform, set_default};
///
/// fn give() -> &'static dyn Platform {
///     my_board::platform()
/// }
/// # mod my_board {
/// #     pub fn platform() -> &'static dyn wasmetal_platform::Platform { unreachable!() }
/// # }
///
/// assert!(set_default(give));
/// assert!(!set_default(give), "there is one already");
/// ```
pub fn set_default(give: fn() -> &'static dyn Platform) -> bool {
    let give = give as *mut ();
    DEFAULT
        .compare_exchange(ptr::null_mut(), give, Ordering::Release, Ordering::Relaxed)
        .is_ok()
}

/// The program's default platform, if it has one: see [`set_default`].
#[must_use]
pub fn default_platform() -> Option<&'static dyn Platform> {
    let give = DEFAULT.load(Ordering::Acquire);
    if give.is_null() {
        return None;
    }
    // SAFETY: what is not null comes from `set_default`, which was given a function of this type.
    let give = unsafe { mem::transmute::<*mut (), Give>(give) };
    Some(give())
}

#[cfg(test)]
mod tests {
    use super::{default_platform, set_default};
    use crate::Platform;
    use crate::fake::Fake;
    use std::boxed::Box;

    #[test]
    fn the_first_counts() {
        assert!(default_platform().is_none());
        let give: fn() -> &'static dyn Platform = || Box::leak(Box::new(Fake::new()));
        assert!(set_default(give));
        assert!(!set_default(|| unreachable!()));
        assert!(default_platform().is_some());
    }
}
