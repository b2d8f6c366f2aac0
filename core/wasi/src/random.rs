//! Randomness, as a host gives it.

use crate::Errno;

/// Where random bytes come from.
///
/// Guests make keys of them, so nobody else may be able to tell what they are.
///
/// ```
/// use wasmetal_wasi::{Errno, Random, WasiCtxBuilder};
///
/// /// A source that is for tests only: everybody knows it.
/// struct Known(u8);
///
/// impl Random for Known {
///     fn fill(&mut self, buffer: &mut [u8]) -> Result<(), Errno> {
///         buffer.fill_with(|| {
///             self.0 = self.0.wrapping_mul(73).wrapping_add(11);
///             self.0
///         });
///         Ok(())
///     }
/// }
///
/// let ctx = WasiCtxBuilder::new().secure_random(Known(1)).build_p1();
/// ```
pub trait Random: Send {
    /// Fills the buffer.
    ///
    /// # Errors
    /// There is no randomness to be had: [`Errno::Io`], or what else fits.
    fn fill(&mut self, buffer: &mut [u8]) -> Result<(), Errno>;
}
