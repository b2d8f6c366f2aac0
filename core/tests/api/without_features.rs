//! The API that every build has, whatever cargo features it lacks: errors where one is needed, and right answers where
//! none is.

use crate::support::{check_error, engines};
use wasmetal::{
    ArrayRef, ArrayRefPre, ArrayType, FieldType, Func, FuncType, Global, GlobalType, Memory,
    MemoryType, Mutability, Ref, RefType, StorageType, Store, StructRef, StructRefPre, StructType,
    Table, TableType, Tag, TagType, Val, ValType,
};

/// Host values need no feature, and nor does what may be null.
#[test]
fn values() {
    for engine in engines() {
        let mut store = Store::new(&engine, ());
        for (ty, value) in [
            (ValType::V128, Val::V128(5_u128.into())),
            (ValType::ANYREF, Val::AnyRef(None)),
            (ValType::EXNREF, Val::ExnRef(None)),
            (ValType::EXTERNREF, Val::ExternRef(None)),
        ] {
            let global = GlobalType::new(ty.clone(), Mutability::Var);
            let global = Global::new(&mut store, global, value).unwrap();
            let ty = FuncType::new(&engine, [ty.clone()], [ty]);
            let same = Func::new(&mut store, ty, |_, parameters, results| {
                results[0] = parameters[0];
                Ok(())
            });
            let mut results = [Val::I32(0)];
            same.call(&mut store, &[value], &mut results).unwrap();
            for found in [global.get(&mut store), results[0]] {
                assert_eq!(format!("{found:?}"), format!("{value:?}"));
            }
        }
        let table = TableType::new(RefType::I31REF, 3, None);
        let table = Table::new(&mut store, table, Ref::Any(None)).unwrap();
        assert!(table.get(&mut store, 2).unwrap().is_null());
        let tag = TagType::new(FuncType::new(&engine, [ValType::I32], []));
        Tag::new(&mut store, &tag).unwrap();
        check_error(
            Memory::new(&mut store, MemoryType::shared(1, 1)),
            &["SharedMemory::new"],
        );
    }
}

/// There are types of objects without the feature `gc`, and no objects.
#[test]
fn objects() {
    for engine in engines() {
        let mut store = Store::new(&engine, ());
        let field = FieldType::new(Mutability::Var, StorageType::I8);
        let ty = StructType::new(&engine, [field.clone()]).unwrap();
        let pre = StructRefPre::new(&mut store, ty);
        let object = StructRef::new(&mut store, &pre, &[Val::I32(1)]).map(drop);
        let pre = ArrayRefPre::new(&mut store, ArrayType::new(&engine, field));
        let array = ArrayRef::new(&mut store, &pre, &Val::I32(1), 4).map(drop);
        for result in [object, array] {
            match cfg!(feature = "gc") {
                true => result.unwrap(),
                false => check_error(result, &["no garbage-collected heap"]),
            }
        }
        store.gc(None).unwrap();
    }
}
