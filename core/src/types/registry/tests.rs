//! Canonical types.

use super::{TypeRegistry, in_group};
use crate::abi::TypeId;
use crate::module::{
    ArrayType, CompositeType, FieldType, FunctionType, HeapType, ReferenceType, StorageType,
    StructType, SubType, TypeIndex, ValueType,
};
use crate::oom::Watch;
use alloc::{format, vec, vec::Vec};

fn reference(heap: HeapType) -> ValueType {
    ValueType::Ref(ReferenceType {
        nullable: true,
        heap,
    })
}

fn function(params: &[ValueType], results: &[ValueType]) -> CompositeType {
    CompositeType::Func(FunctionType {
        params: params.into(),
        results: results.into(),
    })
}

fn structure(fields: &[ValueType], mutable: bool) -> CompositeType {
    let field = |ty: &ValueType| FieldType {
        storage: StorageType::Value(*ty),
        mutable,
    };
    CompositeType::Struct(StructType {
        fields: fields.iter().map(field).collect(),
    })
}

fn open(supertype: Option<TypeIndex>, composite: CompositeType) -> SubType {
    SubType {
        is_final: false,
        supertype,
        composite,
    }
}

/// A list of `value`, and a function that takes one.
fn list(value: ValueType) -> Vec<SubType> {
    let list = reference(HeapType::ConcreteStruct(in_group(0)));
    vec![
        SubType::new(structure(&[value, list], true)),
        SubType::new(function(&[list], &[])),
    ]
}

fn len(registry: &TypeRegistry) -> usize {
    let types = registry.types.read();
    let used = types.entries.iter().flatten().count();
    // 0 is no id.
    assert_eq!(1 + used + types.free.len(), types.entries.len());
    assert_eq!(
        types.groups.iter().map(|(_, g)| g.ids.len()).sum::<usize>(),
        used
    );
    used
}

#[test]
fn equal_groups_have_equal_ids_until_they_are_released() {
    let registry = TypeRegistry::default();
    let a = registry
        .register(list(ValueType::I32), Watch::now())
        .unwrap();
    let b = registry
        .register(list(ValueType::I32), Watch::now())
        .unwrap();
    let c = registry
        .register(list(ValueType::I64), Watch::now())
        .unwrap();
    assert_eq!(a, b);
    assert!(a.iter().all(|id| !c.contains(id)));
    assert_eq!(len(&registry), 4);

    // Inside, types name each other by ids.
    let list_type = registry.types.read().entry(a[1]).ty.clone();
    let expected = reference(HeapType::ConcreteStruct(a[0].as_canonical_index()));
    assert_eq!(list_type.composite, function(&[expected], &[]));

    // The same type on its own is another type.
    let alone = registry.register(vec![SubType::new(function(&[expected], &[]))], Watch::now());
    let alone = alone.unwrap();
    assert_ne!(alone[0], a[1]);

    registry.release(a[0]);
    registry.release(b[1]);
    // `alone` still refers to `a`.
    assert_eq!(len(&registry), 5);
    registry.release(alone[0]);
    assert_eq!(len(&registry), 2);
    registry.release(c[0]);
    assert_eq!(len(&registry), 0);
    // Ids are used again.
    let again = registry.register(list(ValueType::F32), Watch::now());
    assert_eq!(again.unwrap().len(), 2);
    assert_eq!(registry.types.read().entries.len(), 6);
}

#[test]
fn a_group_is_told_by_the_places_of_its_types() {
    let registry = TypeRegistry::default();
    let in_order = registry
        .register(list(ValueType::I32), Watch::now())
        .unwrap();
    let mut types = list(ValueType::I32);
    types.reverse();
    let types = types.iter().map(|ty| ty.map(|_| in_group(1)).unwrap());
    let types = types.collect();
    let reversed = registry.register(types, Watch::now()).unwrap();
    assert!(in_order.iter().all(|id| !reversed.contains(id)));
}

#[test]
fn subtypes() {
    let registry = TypeRegistry::default();
    let id = |ty: SubType| registry.register(vec![ty], Watch::now()).unwrap()[0];
    let i32 = ValueType::I32;
    let top = id(open(None, structure(&[], false)));
    let one = id(open(
        Some(top.as_canonical_index()),
        structure(&[i32], false),
    ));
    let two = id(open(
        Some(one.as_canonical_index()),
        structure(&[i32, i32], false),
    ));
    let other = id(open(
        Some(top.as_canonical_index()),
        structure(&[i32, i32], false),
    ));
    assert_ne!(two, other);
    let check = |sub: TypeId, sups: &[TypeId]| {
        for sup in [top, one, two, other] {
            assert_eq!(registry.is_subtype(sub, sup), sups.contains(&sup));
        }
    };
    check(top, &[top]);
    check(one, &[top, one]);
    check(two, &[top, one, two]);
    check(other, &[top, other]);
    let mut chain = vec![];
    registry.find_up(two, |id| {
        chain.push(*id);
        None::<()>
    });
    assert_eq!(chain, [two, one, top]);

    // Ids that are no type's.
    for id in [99, u32::MAX].map(TypeId::from_u32) {
        assert!(!registry.is_subtype(id, top) && !registry.is_subtype(top, id));
    }

    // A subtype holds those above it.
    registry.release(top);
    registry.release(one);
    registry.release(other);
    assert_eq!(len(&registry), 3);
    registry.release(two);
    assert_eq!(len(&registry), 0);
    assert!(!registry.is_subtype(two, top));
}

/// Whether `sub` may have the supertype `sup`, which is not final.
fn check_match(sup: CompositeType, sub: CompositeType, expected: bool) {
    let registry = TypeRegistry::default();
    let top = registry
        .register(vec![open(None, sup.clone())], Watch::now())
        .unwrap()[0];
    let ty = open(Some(top.as_canonical_index()), sub.clone());
    match registry.register(vec![ty], Watch::now()) {
        Ok(ids) => {
            assert!(expected, "{sub:?} <: {sup:?}");
            registry.release(ids[0]);
        }
        Err(error) => {
            assert!(!expected, "{sub:?} <: {sup:?}");
            let error = format!("{error}");
            assert!(error.contains("does not match"), "{error}");
        }
    }
    registry.release(top);
    assert_eq!(len(&registry), 0);
}

#[test]
fn what_matches_a_supertype() {
    use HeapType::{Any, Eq, Exn, Extern, Func, I31, NoExtern, NoFunc, None, Struct};
    let i32 = ValueType::I32;
    check_match(structure(&[i32], true), structure(&[i32, i32], true), true);
    check_match(structure(&[i32, i32], true), structure(&[i32], true), false);
    check_match(structure(&[i32], true), structure(&[i32], false), false);
    check_match(structure(&[i32], true), function(&[i32], &[]), false);
    let array = |storage, mutable| {
        let element = FieldType { storage, mutable };
        CompositeType::Array(ArrayType { element })
    };
    let byte = array(StorageType::I8, true);
    check_match(byte.clone(), byte.clone(), true);
    check_match(byte, array(StorageType::I16, true), false);
    // A subtype may be in a field that is not mutable, in a result, and above a parameter.
    for (sub, sup, fits) in [
        (Struct, Eq, true),
        (I31, Eq, true),
        (Eq, Any, true),
        (None, I31, true),
        (None, Any, true),
        (NoFunc, Func, true),
        (NoExtern, Extern, true),
        (Any, Eq, false),
        (I31, Struct, false),
        (Struct, None, false),
        (Func, Any, false),
        (None, Extern, false),
        (Exn, Any, false),
    ] {
        let (sub, sup) = (reference(sub), reference(sup));
        check_match(structure(&[sup], false), structure(&[sub], false), fits);
        check_match(structure(&[sup], true), structure(&[sub], true), false);
        check_match(function(&[], &[sup]), function(&[], &[sub]), fits);
        check_match(function(&[sub], &[]), function(&[sup], &[]), fits);
    }
}

#[test]
fn what_can_have_no_subtypes() {
    let registry = TypeRegistry::default();
    let last = registry.register(vec![SubType::new(function(&[], &[]))], Watch::now());
    let last = last.unwrap()[0];
    let below = |id: TypeId| vec![open(Some(id.as_canonical_index()), function(&[], &[]))];
    let error = format!(
        "{}",
        registry.register(below(last), Watch::now()).unwrap_err()
    );
    assert!(error.contains("final"), "{error}");
    assert_eq!(len(&registry), 1);

    let mut id = registry
        .register(vec![open(None, function(&[], &[]))], Watch::now())
        .unwrap()[0];
    for _ in 0..63 {
        id = registry.register(below(id), Watch::now()).unwrap()[0];
    }
    let error = format!(
        "{}",
        registry.register(below(id), Watch::now()).unwrap_err()
    );
    assert!(error.contains("more than 63"), "{error}");
    assert_eq!(len(&registry), 65);
}
