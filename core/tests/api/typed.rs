//! Typed functions: every Rust type, up to 16 of them, and types that do not fit.

use crate::support::{check_error, engines, instantiate};
use wasmetal::{ExternRef, Func, NoFunc, Rooted, Store, TypedFunc, WasmParams, WasmResults};
#[cfg(feature = "gc")]
use wasmetal::{NoExtern, NoneRef};

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

/// Parameters of concrete types: each call looks whether the value is of the type.
#[test]
fn concrete_types() {
    const WAT: &str = r#"
        (type $t (func (result i32)))
        (func (export "needs") (param i32 (ref $t)) (result i32)
            (i32.add (local.get 0) (call_ref $t (local.get 1))))
        (func (export "may") (param (ref null $t)) (result i32) (ref.is_null (local.get 0)))
        (func (export "gives") (result (ref null $t)) (ref.null $t))
    "#;
    for engine in engines() {
        let (mut store, instance) = instantiate(&engine, WAT, &[]).unwrap();
        let store = &mut store;
        let seven = Func::wrap(&mut *store, || 7_i32);
        let other = Func::wrap(&mut *store, || 7_i64);
        let needs = instance.get_typed_func::<(i32, Func), i32>(&mut *store, "needs");
        let needs = needs.unwrap();
        assert_eq!(needs.call(&mut *store, (1, seven)).unwrap(), 8);
        let wrong = &["argument 1", "(ref "];
        check_error(needs.call(&mut *store, (1, other)), wrong);
        assert_eq!(needs.call(&mut *store, (1, seven)).unwrap(), 8);
        let needs = instance.get_typed_func::<(i32, Option<Func>), i32>(&mut *store, "needs");
        let needs = needs.unwrap();
        assert_eq!(needs.call(&mut *store, (1, Some(seven))).unwrap(), 8);
        check_error(needs.call(&mut *store, (1, Some(other))), wrong);
        check_error(needs.call(&mut *store, (1, None)), wrong);

        let may = instance.get_typed_func::<Option<Func>, i32>(&mut *store, "may");
        let may = may.unwrap();
        assert_eq!(may.call(&mut *store, None).unwrap(), 1);
        assert_eq!(may.call(&mut *store, Some(seven)).unwrap(), 0);
        check_error(may.call(&mut *store, Some(other)), &["argument 0"]);
        let func = *may.func();
        // SAFETY: `typed` takes these types, as was just seen.
        let may = unsafe { TypedFunc::<Option<Func>, i32>::new_unchecked(&*store, func) };
        check_error(may.call(&mut *store, Some(other)), &["argument 0"]);

        // What all values of the Rust type fit, and what none does.
        let null = instance.get_typed_func::<Option<NoFunc>, i32>(&mut *store, "may");
        assert_eq!(null.unwrap().call(&mut *store, None).unwrap(), 1);
        let no = instance.get_typed_func::<Option<Rooted<ExternRef>>, i32>(&mut *store, "may");
        check_error(no, &["type mismatch with parameters", "externref"]);
        let gives = instance.get_typed_func::<(), Option<Func>>(&mut *store, "gives");
        assert!(gives.unwrap().call(&mut *store, ()).unwrap().is_none());
        let gives = instance.get_typed_func::<(), Option<NoFunc>>(&mut *store, "gives");
        check_error(gives, &["type mismatch with results"]);
    }
}

#[cfg(feature = "gc")]
#[test]
fn concrete_objects() {
    use wasmetal::{AnyRef, EqRef, I31, StructRef};
    const WAT: &str = r#"
        (type $super (sub (struct (field i32))))
        (type $sub (sub $super (struct (field i32) (field i64))))
        (type $other (struct (field f32)))
        (func (export "super") (result anyref) (struct.new $super (i32.const 1)))
        (func (export "sub") (result anyref) (struct.new $sub (i32.const 2) (i64.const 0)))
        (func (export "other") (result anyref) (struct.new $other (f32.const 0)))
        (func (export "get") (param (ref null $super)) (result i32)
            (struct.get $super 0 (local.get 0)))
    "#;
    for engine in engines() {
        let (mut store, instance) = instantiate(&engine, WAT, &[]).unwrap();
        let store = &mut store;
        let mut make = |name: &str| -> Rooted<AnyRef> {
            let f = instance.get_typed_func::<(), Option<Rooted<AnyRef>>>(&mut *store, name);
            f.unwrap().call(&mut *store, ()).unwrap().unwrap()
        };
        let (above, below, other) = (make("super"), make("sub"), make("other"));
        let get = instance.get_typed_func::<Option<Rooted<AnyRef>>, i32>(&mut *store, "get");
        let get = get.unwrap();
        assert_eq!(get.call(&mut *store, Some(above)).unwrap(), 1);
        assert_eq!(get.call(&mut *store, Some(below)).unwrap(), 2);
        check_error(get.call(&mut *store, Some(other)), &["argument 0"]);
        check_error(get.call(&mut *store, None), &["null"]);
        let get = instance.get_typed_func::<Rooted<StructRef>, i32>(&mut *store, "get");
        let below = below.unwrap_struct(&*store).unwrap();
        assert_eq!(get.unwrap().call(&mut *store, below).unwrap(), 2);
        let get = instance.get_typed_func::<Rooted<EqRef>, i32>(&mut *store, "get");
        let other = other.unwrap_eqref(&*store).unwrap();
        check_error(get.unwrap().call(&mut *store, other), &["argument 0"]);
        let get = instance.get_typed_func::<I31, i32>(&mut *store, "get");
        let seven = I31::new_u32(7).unwrap();
        check_error(get.unwrap().call(&mut *store, seven), &["argument 0"]);
    }
}

/// Types without a value but null.
#[cfg(feature = "gc")]
#[test]
fn bottoms() {
    let wat = r#"
        (func (export "f") (param (ref null nofunc) (ref null noextern) (ref null none))
            (result (ref null nofunc) (ref null noextern) (ref null none) i32)
            (local.get 0) (local.get 1) (local.get 2)
            (i32.and (ref.is_null (local.get 0))
                (i32.and (ref.is_null (local.get 1)) (ref.is_null (local.get 2)))))
    "#;
    type Nulls = (Option<NoFunc>, Option<NoExtern>, Option<NoneRef>);
    type Results = (Option<NoFunc>, Option<NoExtern>, Option<NoneRef>, i32);
    let nulls = (NoFunc::null(), NoExtern::null(), NoneRef::null());
    check::<Nulls, Results>(wat, nulls, (None, None, None, 1));
    for engine in engines() {
        let mut store = Store::new(&engine, ());
        let f = Func::wrap(&mut store, |f: Option<NoFunc>, e: Option<NoExtern>| (f, e));
        let ty = f.ty(&store).to_string();
        assert!(ty.contains("nofunc") && ty.contains("noextern"), "{ty}");
        let mut results = [NoFunc::null_val(), NoExtern::null_val()];
        let params = [NoFunc::null_val(), NoExtern::null_val()];
        f.call(&mut store, &params, &mut results).unwrap();
        assert!(results[0].unwrap_funcref().is_none());
        assert!(NoneRef::null_ref().is_null());
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
