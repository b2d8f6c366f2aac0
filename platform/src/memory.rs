//! Page protections, what is known of pages that others have mapped, and images that are mapped copy-on-write.

/// What may be done with a committed page. There is no value for write and execute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protection {
    /// Committed and its contents kept, but any access faults.
    None,
    /// Loads only.
    Read,
    /// Loads and stores.
    ReadWrite,
    /// Loads and instruction fetch.
    ReadExecute,
}

/// What the caller of [`Platform::execute_in_place`](crate::Platform::execute_in_place) knows of the pages that it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rights {
    /// Nothing: the platform finds out.
    Unknown,
    /// All of them can be read, and neither written nor executed but by uses of the platform's: the caller has mapped
    /// them like that, and nobody changes it as long as a use lasts.
    ReadOnly,
}

/// An initial image, made by [`Platform::create_image`](crate::Platform::create_image).
///
/// A plain handle: its holder gives it back with
/// [`Platform::drop_image`](crate::Platform::drop_image).
#[derive(Debug, PartialEq, Eq)]
pub struct Image {
    /// Whatever the platform needs to find the image again (a file descriptor, an address).
    pub handle: usize,
    /// The image's size in bytes, as given; it takes up whole pages.
    pub len: usize,
}
