//! Builtins about arrays.

use super::{HostResult, instance, limited};
use crate::activation::context::VMContext;
use crate::error::Result;
use crate::instance::InstanceData;
use crate::module::{DataIndex, ElementIndex, TypeIndex};
use crate::store::StoreOpaque;

/// Runs what may fail, and may run the embedder's limiter.
///
/// # Safety
/// As for [`limited`].
unsafe fn run(
    vmctx: *mut VMContext,
    mut body: impl FnMut(&mut StoreOpaque, &InstanceData) -> Result<u32> + 'static,
) -> HostResult {
    // SAFETY: the caller's promise.
    unsafe { limited(vmctx, move |store| Ok(body(store, instance(vmctx))?.into())) }
}

// SAFETY (all functions below): as for those of the module above.

pub(super) unsafe extern "C" fn array_copy(
    vmctx: *mut VMContext,
    dst_array: u32,
    dst: u32,
    src_array: u32,
    src: u32,
    len: u32,
) -> HostResult {
    // SAFETY: see above.
    unsafe {
        run(vmctx, move |store, _| {
            store.array_copy((dst_array, dst), (src_array, src), len)?;
            Ok(0)
        })
    }
}

pub(super) unsafe extern "C" fn array_new_data(
    vmctx: *mut VMContext,
    ty: u32,
    data: u32,
    src: u32,
    len: u32,
) -> HostResult {
    let (ty, data) = (TypeIndex::from_u32(ty), DataIndex::from_u32(data));
    // SAFETY: see above.
    unsafe {
        run(vmctx, move |store, instance| {
            store.array_new_data(instance, ty, data, src, len)
        })
    }
}

pub(super) unsafe extern "C" fn array_new_elem(
    vmctx: *mut VMContext,
    ty: u32,
    element: u32,
    src: u32,
    len: u32,
) -> HostResult {
    let (ty, element) = (TypeIndex::from_u32(ty), ElementIndex::from_u32(element));
    // SAFETY: see above.
    unsafe {
        run(vmctx, move |store, instance| {
            store.array_new_elem(instance, ty, element, src, len)
        })
    }
}

pub(super) unsafe extern "C" fn array_init_data(
    vmctx: *mut VMContext,
    array: u32,
    dst: u32,
    data: u32,
    src: u32,
    len: u32,
) -> HostResult {
    let data = DataIndex::from_u32(data);
    // SAFETY: see above.
    unsafe {
        run(vmctx, move |store, instance| {
            store.array_init_data(instance, (array, dst), data, src, len)?;
            Ok(0)
        })
    }
}

pub(super) unsafe extern "C" fn array_init_elem(
    vmctx: *mut VMContext,
    array: u32,
    dst: u32,
    element: u32,
    src: u32,
    len: u32,
) -> HostResult {
    let element = ElementIndex::from_u32(element);
    // SAFETY: see above.
    unsafe {
        run(vmctx, move |store, instance| {
            store.array_init_elem(instance, (array, dst), element, src, len)?;
            Ok(0)
        })
    }
}
