//! Typed functions: every Rust type, up to 16 of them, and types that do not fit.

use crate::support::{check_error, engines, instantiate};
use wasmetal::{ExternRef, Func, Rooted, Store, TypedFunc, WasmParams, WasmResults};

#[track_caller]
fn check<P, R>(wat: &str, params: P, expected: R)
where
    P: WasmParams + Copy,
    R: WasmResults + PartialEq + std::fmt::Debug,
{
    for engine in engines() {
        let (mut store, instance) = instantiate(&engine, wat, &[]).unwrap();
        let f: TypedFunc<P, R> = instance.get_typed_func(&mut store, "f").unwrap();
        for _ in 0..2 {
            assert_eq!(f.call(&mut store, params).unwrap(), expected, "{wat}");
        }
    }
}

#[test]
fn values_of_each_type() {
    check(r#"(func (export "f"))"#, (), ());
    let identity =
        |ty: &str| format!(r#"(func (export "f") (param {ty}) (result {ty}) local.get 0)"#);
    check(&identity("i32"), -1_i32, -1_i32);
    check(&identity("i32"), u32::MAX, u32::MAX);
    check(&identity("i32"), (i32::MIN,), (i32::MIN,));
    check(&identity("i64"), i64::MIN, i64::MIN);
    check(&identity("i64"), u64::MAX, u64::MAX);
    check(&identity("f32"), 1.5_f32, 1.5_f32);
    check(&identity("f64"), -2.5_f64, -2.5_f64);
}

#[test]
fn many_values() {
    check(
        r#"(func (export "f") (param i32 i64 f32 f64) (result f64 f32 i64 i32)
            local.get 3 local.get 2 local.get 1 local.get 0)"#,
        (1_i32, 2_i64, 3_f32, 4_f64),
        (4_f64, 3_f32, 2_i64, 1_i32),
    );
}

#[test]
fn sixteen_values() {
    type Values = (
        i64,
        i64,
        i64,
        i64,
        i64,
        i64,
        i64,
        i64,
        i64,
        i64,
        i64,
        i64,
        i64,
        i64,
        i64,
        i64,
    );
    let wat = format!(
        r#"(func (export "f") (param {0}) (result {0}) {1})"#,
        "i64 ".repeat(16),
        (0..16)
            .rev()
            .map(|i| format!("local.get {i} "))
            .collect::<String>()
    );
    for engine in engines() {
        let (mut store, instance) = instantiate(&engine, &wat, &[]).unwrap();
        let f = instance
            .get_typed_func::<Values, Values>(&mut store, "f")
            .unwrap();
        let params = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16);
        let (a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p) = f.call(&mut store, params).unwrap();
        let results = [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p];
        assert_eq!(
            results,
            [16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]
        );
    }
}

const REFERENCES: &str = r#"
    (func (export "func") (param funcref) (result funcref) local.get 0)
    (func (export "extern") (param externref) (result externref) local.get 0)
"#;

#[test]
fn references() {
    for engine in engines() {
        let (mut store, instance) = instantiate(&engine, REFERENCES, &[]).unwrap();
        let func = Func::wrap(&mut store, || 7_i32);
        let f = instance
            .get_typed_func::<Option<Func>, Option<Func>>(&mut store, "func")
            .unwrap();
        assert!(f.call(&mut store, None).unwrap().is_none());
        let func = f.call(&mut store, Some(func)).unwrap().unwrap();
        let func = func.typed::<(), i32>(&store).unwrap();
        assert_eq!(func.call(&mut store, ()).unwrap(), 7);

        type Extern = Option<Rooted<ExternRef>>;
        let e = instance
            .get_typed_func::<Extern, Extern>(&mut store, "extern")
            .unwrap();
        assert!(e.call(&mut store, None).unwrap().is_none());
        let value = ExternRef::new(&mut store, "hello").unwrap();
        let value = e.call(&mut store, Some(value)).unwrap().unwrap();
        let data = value.data(&store).unwrap().unwrap();
        assert_eq!(data.downcast_ref::<&str>(), Some(&"hello"));
        // A parameter's type may be narrower than the function's.
        let narrow = instance.get_typed_func::<Rooted<ExternRef>, Extern>(&mut store, "extern");
        assert!(narrow.unwrap().call(&mut store, value).unwrap().is_some());
    }
}

#[test]
fn types_that_do_not_fit() {
    #[track_caller]
    fn check<P: WasmParams, R: WasmResults>(expected: &[&str]) {
        for engine in engines() {
            let wat = r#"(func (export "f") (param i32 i64) (result f32) f32.const 0)"#;
            let (mut store, instance) = instantiate(&engine, wat, &[]).unwrap();
            check_error(instance.get_typed_func::<P, R>(&mut store, "f"), expected);
        }
    }
    check::<(), f32>(&["parameters", "expected 0 types, found 2"]);
    check::<(i32, i64, i64), f32>(&["parameters", "expected 3 types, found 2"]);
    check::<(i32, f64), f32>(&["parameters", "type 1", "i64", "f64"]);
    check::<(i32, i64), ()>(&["results", "expected 0 types, found 1"]);
    check::<(i32, i64), i32>(&["results", "type 0", "f32", "i32"]);
}

#[test]
fn narrower_results_do_not_fit() {
    for engine in engines() {
        let (mut store, instance) = instantiate(&engine, REFERENCES, &[]).unwrap();
        let f = instance.get_typed_func::<Option<Func>, Func>(&mut store, "func");
        check_error(f, &["results", "funcref", "(ref func)"]);
    }
}

#[test]
fn missing_export() {
    for engine in engines() {
        let (mut store, instance) =
            instantiate(&engine, r#"(memory (export "m") 1)"#, &[]).unwrap();
        check_error(
            instance.get_typed_func::<(), ()>(&mut store, "absent"),
            &["absent"],
        );
        check_error(instance.get_typed_func::<(), ()>(&mut store, "m"), &["m"]);
    }
}

#[test]
fn another_store() {
    for engine in engines() {
        let (mut store, instance) = instantiate(&engine, REFERENCES, &[]).unwrap();
        let mut other = Store::new(&engine, ());
        let f = instance
            .get_typed_func::<Option<Func>, Option<Func>>(&mut store, "func")
            .unwrap();
        check_error(f.call(&mut other, None), &["wrong store"]);
        let foreign = Func::wrap(&mut other, || {});
        check_error(f.call(&mut store, Some(foreign)), &["wrong store"]);
        let e = instance
            .get_typed_func::<Option<Rooted<ExternRef>>, Option<Rooted<ExternRef>>>(
                &mut store, "extern",
            )
            .unwrap();
        let foreign = ExternRef::new(&mut other, 1_i32).unwrap();
        check_error(e.call(&mut store, Some(foreign)), &["wrong store"]);
        // All is as before.
        assert!(f.call(&mut store, None).unwrap().is_none());
    }
}
