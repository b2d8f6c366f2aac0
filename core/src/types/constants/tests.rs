//! Modules that lie about the types of their constant expressions.

use super::check;
use crate::image::View;
use crate::module::{
    ConstExpr, ConstOp, DefinedGlobalIndex, ElementItems, ElementSegment, FunctionIndex, HeapType,
    ModuleInfo, TypeIndex,
};
use crate::types::module_types::ModuleTypes;
use crate::{Config, Engine};
use alloc::{format, vec};
use cranelift_entity::EntityRef;

const MODULE: &str = r#"(module
    (type $point (sub (struct (field i32) (field (mut f64)))))
    (type $point3 (sub $point (struct (field i32) (field (mut f64)) (field (ref null $point)))))
    (type $same (func (result i32)))
    (type $get (func (result i32)))
    (type $put (func (param i32)))
    (type $bytes (array (mut i8)))
    (func $get (type $same) (i32.const 1))
    (func $put (type $put))
    (global $i31 (ref i31) (ref.i31 (i32.const 5)))
    (global $three (ref $point)
        (struct.new $point3 (i32.const 1) (f64.const 2) (ref.null none)))
    (global (ref $get) (ref.func $get))
    (global (ref $bytes) (array.new_fixed $bytes 2 (i32.const 1) (i32.const 2)))
    (global externref (extern.convert_any (global.get $i31)))
    (global i32 (i32.const 1))
    (table 2 (ref null $get))
    (elem (i32.const 0) (ref $get) (ref.func $get) (ref.func $get))
    (elem funcref (ref.func $put))
    (elem declare func $put))"#;

fn check_lie(change: impl FnOnce(&mut ModuleInfo), expected: Option<&str>) {
    let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform())).unwrap();
    let image = engine.precompile_module(&wat::parse_str(MODULE).unwrap());
    let image = image.unwrap();
    let mut info = View::parse(&image).unwrap().info().unwrap();
    let types = ModuleTypes::new(&engine, &info).unwrap();
    change(&mut info);
    match (check(engine.types(), &info, &types), expected) {
        (Ok(()), None) => {}
        (Err(error), Some(expected)) => {
            let error = format!("{error:#}");
            assert!(error.contains(expected), "{error} | {expected}");
        }
        (result, expected) => panic!("{result:?} | {expected:?}"),
    }
}

fn check_global(global: usize, ops: &[ConstOp], expected: Option<&str>) {
    check_lie(
        |i| {
            i.global_initializers[DefinedGlobalIndex::new(global)] = ConstExpr { ops: ops.to_vec() }
        },
        expected,
    );
}

#[test]
fn what_a_reference_refers_to() {
    use ConstOp::*;
    let ty = TypeIndex::from_u32;
    let (point, point3, bytes) = (ty(0), ty(1), ty(5));
    let another = Some("of another type");
    check_lie(|_| {}, None);
    check_global(0, &[RefNull(HeapType::I31)], another);
    check_global(0, &[StructNewDefault(point)], another);
    check_global(1, &[StructNewDefault(point)], None);
    check_global(1, &[StructNewDefault(point3)], None);
    check_global(1, &[I32Const(0), ArrayNewDefault(bytes)], another);
    check_global(1, &[I32Const(0), RefI31], another);
    check_global(1, &[I32Const(0), F64Const(0), StructNew(point)], None);
    check_global(1, &[I32Const(0), I32Const(0), StructNew(point)], another);
    check_global(1, &[F64Const(0), StructNew(point)], another);
    check_global(2, &[RefFunc(FunctionIndex::from_u32(1))], another);
    check_global(3, &[I32Const(1), ArrayNewFixed(bytes, 1)], None);
    check_global(3, &[F32Const(1), ArrayNewFixed(bytes, 1)], another);
    check_global(3, &[I32Const(1), ArrayNewFixed(bytes, u32::MAX)], another);
    check_global(4, &[I32Const(1), RefI31], another);
    check_global(4, &[I32Const(1), RefI31, ExternConvertAny], None);
    check_global(4, &[I32Const(1), RefI31, AnyConvertExtern], another);
}

#[test]
fn what_element_segments_hold() {
    let put = || ElementItems::Functions(vec![FunctionIndex::from_u32(1)]);
    let first = |i: &mut ModuleInfo, change: fn(&mut ElementSegment, ElementItems)| {
        change(i.elements.iter_mut().next().unwrap().1, put());
    };
    check_lie(
        |i| first(i, |segment, put| segment.items = put),
        Some("functions of another type"),
    );
    check_lie(
        |i| {
            first(i, |segment, put| {
                segment.items = put;
                segment.ty.heap = HeapType::Func;
            });
        },
        Some("a table of another type"),
    );
}
