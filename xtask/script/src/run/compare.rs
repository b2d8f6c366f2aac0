//! Values in, values out, and trap messages.

use wasmetal::error::{Result, bail};
use wasmetal::{AnyRef, ExternRef, Rooted, Store, Trap, V128, Val};

use crate::{Expected, Heap, Value};

/// An argument as the engine takes it; `None` if it has no such type.
pub(super) fn argument(store: &mut Store<()>, value: &Value) -> Result<Option<Val>> {
    Ok(Some(match value {
        Value::I32(value) => Val::I32(*value),
        Value::I64(value) => Val::I64(*value),
        Value::F32(bits) => Val::F32(*bits),
        Value::F64(bits) => Val::F64(*bits),
        Value::V128(bits) => Val::V128(V128::from(*bits)),
        Value::Null(Heap::Func) => Val::FuncRef(None),
        Value::Null(Heap::Extern) => Val::ExternRef(None),
        Value::Extern(value) => Val::ExternRef(Some(ExternRef::new(store, *value)?)),
        Value::Null(Heap::Any) => Val::AnyRef(None),
        Value::Null(Heap::Exn) => Val::ExnRef(None),
        Value::Host(value) => {
            let value = ExternRef::new(&mut *store, *value)?;
            Val::AnyRef(Some(AnyRef::convert_extern(store, value)?))
        }
        Value::Null(Heap::Other(_)) => return Ok(None),
    }))
}

/// Compares results with what a script expects.
///
/// # Errors
/// They differ.
pub(super) fn all(store: &mut Store<()>, values: &[Val], expected: &[Expected]) -> Result<()> {
    let same = values.len() == expected.len()
        && values
            .iter()
            .zip(expected)
            .all(|(value, expected)| one(store, value, expected));
    if !same {
        bail!("returned {values:?}, but expected {expected:?}");
    }
    Ok(())
}

fn one(store: &mut Store<()>, value: &Val, expected: &Expected) -> bool {
    match (value, expected) {
        (_, Expected::Either(cases)) => cases.iter().any(|case| one(store, value, case)),
        (Val::I32(value), Expected::I32(expected)) => value == expected,
        (Val::I64(value), Expected::I64(expected)) => value == expected,
        (Val::F32(bits), Expected::F32(expected)) => expected.matches(*bits),
        (Val::F64(bits), Expected::F64(expected)) => expected.matches(*bits),
        (Val::V128(value), Expected::V128(expected)) => expected.matches(value.as_u128()),
        (Val::FuncRef(None), Expected::Null(None | Some(Heap::Func))) => true,
        (Val::ExternRef(None), Expected::Null(None | Some(Heap::Extern))) => true,
        (Val::FuncRef(Some(_)), Expected::Func) => true,
        (Val::ExternRef(Some(_)), Expected::Extern(None)) => true,
        (Val::ExternRef(Some(reference)), Expected::Extern(Some(expected))) => {
            is_host_value(store, reference, *expected)
        }
        (Val::AnyRef(None), Expected::Null(None | Some(Heap::Any))) => true,
        (Val::ExnRef(None), Expected::Null(None | Some(Heap::Exn))) => true,
        (Val::AnyRef(Some(reference)), Expected::Host(expected)) => {
            ExternRef::convert_any(&mut *store, *reference)
                .is_ok_and(|reference| is_host_value(store, &reference, *expected))
        }
        (Val::AnyRef(Some(reference)), Expected::Object(name)) => {
            let is_one = match name.as_str() {
                "any" => Ok(true),
                "eq" => reference.is_eqref(store),
                "array" => reference.is_array(store),
                "struct" => reference.is_struct(store),
                "i31" => reference.is_i31(store),
                _ => Ok(false),
            };
            is_one.unwrap_or(false)
        }
        _ => false,
    }
}

fn is_host_value(store: &Store<()>, reference: &Rooted<ExternRef>, expected: u32) -> bool {
    let data = reference.data(store).ok().flatten();
    data.and_then(|data| data.downcast_ref::<u32>()) == Some(&expected)
}

/// Whether a trap is the one that a script names: like the official runner, by prefix.
pub(super) fn trap(trap: Trap, expected: &str) -> bool {
    let words: &[&str] = match trap {
        Trap::StackOverflow => &["call stack exhausted"],
        Trap::MemoryOutOfBounds => &["out of bounds memory access"],
        // One code for `call_indirect` and for the table instructions, as in Wasmtime.
        Trap::TableOutOfBounds => &["undefined element", "out of bounds table access"],
        Trap::IndirectCallToNull => &["uninitialized element"],
        Trap::BadSignature => &["indirect call type mismatch"],
        Trap::IntegerOverflow => &["integer overflow"],
        Trap::IntegerDivisionByZero => &["integer divide by zero"],
        Trap::BadConversionToInteger => &["invalid conversion to integer"],
        Trap::UnreachableCodeReached => &["unreachable"],
        Trap::HeapMisaligned => &["unaligned atomic"],
        Trap::AtomicWaitNonSharedMemory => {
            &["expected shared memory", "atomic wait on non-shared memory"]
        }
        Trap::AllocationTooLarge => &["allocation size too large"],
        Trap::NullReference => &[
            "null reference",
            "null function reference",
            "null structure reference",
            "null array reference",
            "null i31 reference",
            "null exception reference",
        ],
        Trap::ArrayOutOfBounds => &["out of bounds array access"],
        Trap::CastFailure => &["cast failure"],
        _ => &[],
    };
    words
        .iter()
        .any(|words| expected.starts_with(words) || words.starts_with(expected))
}
