//! How the data in an image is encoded that code and runtime share: digests, made by [`wire`](crate::wire).

use super::layout::Table;
use crate::image::CodeTable;
use crate::module::ModuleInfo;
use crate::wire::Wire;

/// Raised by hand when something in `wire` gets another encoding: the tests there have each.
const ENCODING: u64 = 1;

pub(super) const LAYOUT: &[Table] = &[&[
    ("ENCODING", ENCODING),
    ("ModuleInfo", <ModuleInfo as Wire<'_>>::SHAPE),
    ("CodeTable", <CodeTable as Wire<'_>>::SHAPE),
]];
