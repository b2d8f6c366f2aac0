//! Twin of `objects` for builds without the feature `gc`.

use crate::activation::ValRaw;
use crate::error::Result;
use crate::error::bounded::bail;
use crate::instance::InstanceData;
use crate::interrupt::pieces::Steps;
use crate::module::ConstExpr;
use crate::store::StoreOpaque;

/// Refuses the expression.
pub(super) fn evaluate(
    _: &ConstExpr,
    _: &mut StoreOpaque,
    _: &InstanceData,
    _: &mut Steps,
) -> Result<ValRaw> {
    bail!("this build of wasmetal has no structs and arrays")
}
