//! The number of a type in its engine: what an indirect call compares, and what an object's header has.

/// The engine-wide id of a type.
///
/// Two types of one engine are equal exactly if their ids are; types in recursion groups are equal if
/// their groups are, and their places in them. An id stays taken as long as somebody holds it or
/// another of its group ([`FuncType`](crate::FuncType), `ModuleTypes`), and may stand for another
/// type later: a thing that stores a bare id keeps a holder beside it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(transparent)]
pub struct TypeId(u32);

impl TypeId {
    /// The id as generated code and the headers of objects have it.
    #[must_use]
    pub fn as_u32(self) -> u32 {
        self.0
    }

    /// The id from a header.
    #[must_use]
    pub fn from_u32(id: u32) -> Self {
        Self(id)
    }
}
