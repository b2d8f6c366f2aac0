//! What a scope of tasks is to its lifetimes: a part of it that hosts compile too, for the tests in its documentation.

use core::marker::PhantomData;

/// Invariant in both, as `std::thread::Scope` is: no task gets what ends before it does. And neither `Send` nor `Sync`:
/// tasks do not leave their core.
///
/// ```
/// # use wasmetal_platform_bare::lifetimes::Lifetimes;
/// fn same<'scope, 'env>(it: Lifetimes<'scope, 'env>) -> Lifetimes<'scope, 'env> { it }
/// ```
///
/// What differs from this in a lifetime must not compile:
///
/// ```compile_fail
/// # use wasmetal_platform_bare::lifetimes::Lifetimes;
/// fn f<'long: 'short, 'short: 's, 's>(it: Lifetimes<'s, 'long>) -> Lifetimes<'s, 'short> { it }
/// ```
///
/// ```compile_fail
/// # use wasmetal_platform_bare::lifetimes::Lifetimes;
/// fn f<'long: 'short, 'short: 's, 's>(it: Lifetimes<'s, 'short>) -> Lifetimes<'s, 'long> { it }
/// ```
///
/// ```compile_fail
/// # use wasmetal_platform_bare::lifetimes::Lifetimes;
/// fn f<'env: 'long, 'long: 'short, 'short>(it: Lifetimes<'long, 'env>) -> Lifetimes<'short, 'env> { it }
/// ```
///
/// ```compile_fail
/// # use wasmetal_platform_bare::lifetimes::Lifetimes;
/// fn f<'env: 'long, 'long: 'short, 'short>(it: Lifetimes<'short, 'env>) -> Lifetimes<'long, 'env> { it }
/// ```
///
/// ```compile_fail
/// # use wasmetal_platform_bare::lifetimes::Lifetimes;
/// fn f(it: Lifetimes<'static, 'static>) -> impl Send { it }
/// ```
#[derive(Debug)]
pub struct Lifetimes<'scope, 'env: 'scope> {
    scope: PhantomData<*mut &'scope ()>,
    env: PhantomData<&'env mut &'env ()>,
}

impl Lifetimes<'_, '_> {
    /// There is nothing in it.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            scope: PhantomData,
            env: PhantomData,
        }
    }
}

impl Default for Lifetimes<'_, '_> {
    fn default() -> Self {
        Self::new()
    }
}
