//! Values, free of the engine that they are of.

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// An i32.
    I32(i32),
    /// An i64.
    I64(i64),
    /// The bits of an f32.
    F32(u32),
    /// The bits of an f64.
    F64(u64),
    /// A v128.
    V128(u128),
    /// No reference.
    Null,
    /// A reference, by its kind.
    Ref(&'static str),
    /// A host value.
    Extern(u32),
    /// An i31.
    I31(i32),
    /// A struct, by its fields.
    Struct(Vec<Value>),
    /// An array: its length, and elements.
    Array(u32, Vec<Value>),
}

/// How deep objects are looked into, and at how many parts of each.
pub const DEPTH: u32 = 3;
/// As [`DEPTH`].
pub const PARTS: usize = 8;

/// Declares `values` and `plain`, which make [`Value`]s of the values of a store with this data. One source for both
/// engines, for they share their names. Host values are `u32`s.
#[macro_export]
macro_rules! values {
    ($krate:ident, $data:ty) => {
        fn values(
            mut store: impl $krate::AsContextMut<Data = $data>,
            values: &[$krate::Val],
        ) -> Vec<$crate::Value> {
            let mut store = store.as_context_mut();
            values
                .iter()
                .map(|value| plain(&mut store, value, 0))
                .collect()
        }

        /// A value, free of the engine. `depth` is how many objects it is in, one in the other.
        fn plain(
            store: &mut $krate::StoreContextMut<'_, $data>,
            value: &$krate::Val,
            depth: u32,
        ) -> $crate::Value {
            use $crate::Value;
            use $krate::Val;
            match value {
                Val::I32(value) => Value::I32(*value),
                Val::I64(value) => Value::I64(*value),
                Val::F32(bits) => Value::F32(*bits),
                Val::F64(bits) => Value::F64(*bits),
                Val::V128(bits) => Value::V128((*bits).into()),
                Val::FuncRef(Some(_)) => Value::Ref("func"),
                Val::ExternRef(Some(it)) => match it.data(&*store).expect("it is rooted") {
                    Some(data) => Value::Extern(*data.downcast_ref().expect("a u32")),
                    None => Value::Ref("extern"),
                },
                Val::AnyRef(Some(it)) => object(store, *it, depth),
                Val::ExnRef(Some(_)) => Value::Ref("exn"),
                _ => Value::Null,
            }
        }

        fn object(
            store: &mut $krate::StoreContextMut<'_, $data>,
            it: $krate::Rooted<$krate::AnyRef>,
            depth: u32,
        ) -> $crate::Value {
            use $crate::{DEPTH, PARTS, Value};
            use $krate::{AsContextMut as _, StoreContextMut, Val};
            const ROOTED: &str = "it is rooted";
            let parts = |store: &mut StoreContextMut<'_, $data>, parts: Vec<Val>| {
                let parts = parts.iter().take(PARTS);
                parts.map(|part| plain(store, part, depth + 1)).collect()
            };
            if let Some(it) = it.as_i31(&*store).expect(ROOTED) {
                Value::I31(it.get_i32())
            } else if let Some(it) = it.as_struct(&*store).expect(ROOTED) {
                if depth == DEPTH {
                    return Value::Ref("struct");
                }
                let fields = it.fields(store.as_context_mut()).expect(ROOTED).collect();
                Value::Struct(parts(store, fields))
            } else if let Some(it) = it.as_array(&*store).expect(ROOTED) {
                let len = it.len(&*store).expect(ROOTED);
                if depth == DEPTH {
                    return Value::Array(len, Vec::new());
                }
                let elements = it.elems(store.as_context_mut()).expect(ROOTED).collect();
                Value::Array(len, parts(store, elements))
            } else {
                Value::Ref("any")
            }
        }
    };
}
