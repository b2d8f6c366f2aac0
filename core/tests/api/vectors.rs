//! Vectors: across the API, in globals, at the end of memory; and the settings about them.

use crate::support::{check_error, config, engine, engines, instantiate, module};
use wasmetal::{
    Config, Engine, Extern, Func, FuncType, Global, GlobalType, Instance, Module, Mutability,
    Store, Trap, TypedFunc, V128, Val, ValType,
};

fn i32x4(lanes: [i32; 4]) -> V128 {
    let bits = |lane: i32| u128::from(lane.cast_unsigned());
    V128::from((0..4).fold(0, |all, i| all | bits(lanes[i]) << (32 * i)))
}

/// Every lane inverted, and every number.
fn invert(value: Val) -> Val {
    match value {
        Val::V128(value) => Val::V128(V128::from(!value.as_u128())),
        Val::I32(value) => Val::I32(!value),
        _ => unreachable!(),
    }
}

/// More than fit in registers, with others between them: from the host, between functions, to the
/// host.
#[test]
fn arguments_and_results() {
    const COUNT: usize = 12;
    let types: Vec<_> = (0..COUNT)
        .flat_map(|_| [ValType::V128, ValType::I32])
        .collect();
    let list = "v128 i32 ".repeat(COUNT);
    let values: String = (0..2 * COUNT).map(|i| format!("(local.get {i})")).collect();
    let wat = format!(
        r#"(type $t (func (param {list}) (result {list})))
        (import "" "" (func $host (type $t)))
        (table funcref (elem $host $inner))
        (func $inner (type $t) {values})
        (func (export "direct") (type $t) (call $host {values}))
        (func (export "indirect") (type $t) (call_indirect (type $t) {values} (i32.const 0)))
        (func (export "twice") (type $t)
            (call $host (call_indirect (type $t) (call $host {values}) (i32.const 1))))
        (func (export "loop") (type $t)
            {values} (loop (type $t) (br_if 0 (i32.const 0))))"#
    );
    for engine in engines() {
        let mut store = Store::new(&engine, ());
        let ty = FuncType::new(&engine, types.clone(), types.clone());
        let host = Func::new(&mut store, ty, |_, params, results| {
            for (param, result) in params.iter().zip(results) {
                *result = invert(*param);
            }
            Ok(())
        });
        let params: Vec<Val> = (0..COUNT as i32)
            .flat_map(|i| [Val::V128(i32x4([i, -i, i << 20, i * i])), Val::I32(i)])
            .collect();
        let inverted: Vec<Val> = params.iter().copied().map(invert).collect();
        let instance = Instance::new(&mut store, &module(&engine, &wat), &[host.into()]).unwrap();
        for (name, expected) in [
            ("direct", &inverted),
            ("indirect", &inverted),
            ("twice", &params),
            ("loop", &params),
        ] {
            let f = instance.get_func(&mut store, name).unwrap();
            let mut results = vec![Val::I32(0); 2 * COUNT];
            f.call(&mut store, &params, &mut results).unwrap();
            assert_eq!(format!("{results:?}"), format!("{expected:?}"), "{name}");
        }
    }
}

#[test]
fn rust_types() {
    let wat = r#"
        (import "" "" (func $host (param v128 f64) (result f64 v128)))
        (func (export "f") (param v128 f64) (result f64 v128)
            (call $host (i32x4.neg (local.get 0)) (local.get 1)))"#;
    for engine in engines() {
        let mut store = Store::new(&engine, ());
        let host = Func::wrap(&mut store, |v: V128, x: f64| (x + 1.0, v));
        let instance = Instance::new(&mut store, &module(&engine, wat), &[host.into()]).unwrap();
        let f: TypedFunc<(V128, f64), (f64, V128)> =
            instance.get_typed_func(&mut store, "f").unwrap();
        let results = f.call(&mut store, (i32x4([1, -2, 3, 0]), 1.5)).unwrap();
        assert_eq!(results, (2.5, i32x4([-1, 2, -3, 0])));
        check_error(
            instance.get_typed_func::<(i64, f64), (f64, V128)>(&mut store, "f"),
            &["type 0 is v128, expected i64"],
        );
    }
}

#[test]
fn globals() {
    let wat = r#"
        (import "" "m" (global $m (mut v128)))
        (import "" "c" (global $c v128))
        (global $copy (export "copy") v128 (global.get $c))
        (global $own (export "own") (mut v128) (v128.const i32x4 1 2 3 4))
        (global $fixed v128 (v128.const i32x4 5 6 7 8))
        (func (export "f") (result v128)
            (global.set $own (i32x4.add (global.get $own) (global.get $copy)))
            (global.set $m (f32x4.neg (global.get $m)))
            (i32x4.add (global.get $own) (global.get $fixed)))"#;
    for engine in engines() {
        let mut store = Store::new(&engine, ());
        let mut global = |mutability, value| {
            let ty = GlobalType::new(ValType::V128, mutability);
            Global::new(&mut store, ty, Val::V128(value)).unwrap()
        };
        let m = global(Mutability::Var, i32x4([0, 0, 0, 1]));
        let c = global(Mutability::Const, i32x4([10, 20, 30, 40]));
        let imports = [Extern::from(m), Extern::from(c)];
        let instance = Instance::new(&mut store, &module(&engine, wat), &imports).unwrap();
        let f: TypedFunc<(), V128> = instance.get_typed_func(&mut store, "f").unwrap();
        assert_eq!(f.call(&mut store, ()).unwrap(), i32x4([16, 28, 40, 52]));
        let sign = i32::MIN;
        for (global, expected) in [
            (m, [sign, sign, sign, sign + 1]),
            (
                instance.get_global(&mut store, "own").unwrap(),
                [11, 22, 33, 44],
            ),
            (
                instance.get_global(&mut store, "copy").unwrap(),
                [10, 20, 30, 40],
            ),
        ] {
            let value = global.get(&mut store).unwrap_v128();
            assert_eq!(value, i32x4(expected));
        }
    }
}

/// Every access, up to the last byte of a memory and beyond.
#[test]
fn ends_of_memories() {
    let accesses = [
        ("v128.load", "", 16),
        ("v128.load8x8_s", "", 8),
        ("v128.load32x2_u", "", 8),
        ("v128.load8_splat", "", 1),
        ("v128.load64_splat", "", 8),
        ("v128.load32_zero", "", 4),
        ("v128.load16_lane", "7", 2),
        ("v128.store", "", 16),
        ("v128.store8_lane", "15", 1),
        ("v128.store64_lane", "1", 8),
    ];
    for engine in engines() {
        for (name, lane, size) in accesses {
            let vector = match name.contains("lane") || name.contains("store") {
                true => "(v128.const i64x2 -1 -1)",
                false => "",
            };
            let result = if name.contains("load") { "drop" } else { "" };
            for offset in [0, 1, 4096, 1 << 20] {
                let wat = format!(
                    r#"(memory 17 18) (func (export "f") (param i32)
                        ({name} offset={offset} {lane} (local.get 0) {vector}) {result})"#
                );
                let (mut store, instance) = instantiate(&engine, &wat, &[]).unwrap();
                let f = instance.get_typed_func::<i32, ()>(&mut store, "f").unwrap();
                let last = 17 * 65536 - size - offset;
                f.call(&mut store, last).unwrap();
                for address in [last + 1, last + size, last + 65536, i32::MIN, -1] {
                    let error = f.call(&mut store, address).unwrap_err();
                    let trap = error.downcast_ref::<Trap>();
                    assert_eq!(trap, Some(&Trap::MemoryOutOfBounds), "{wat} {address}");
                }
            }
        }
    }
}

/// The bits that functions without parameters return, `i32` and others as vectors.
fn results(config: &Config, expressions: &[(&str, u128)]) {
    let engine = Engine::new(config).unwrap();
    for (expression, expected) in expressions {
        let wat = format!(r#"(func (export "f") (result v128) {expression})"#);
        let (mut store, instance) = instantiate(&engine, &wat, &[]).unwrap();
        let f: TypedFunc<(), V128> = instance.get_typed_func(&mut store, "f").unwrap();
        let found = f.call(&mut store, ()).unwrap().as_u128();
        assert_eq!(
            found, *expected,
            "{expression}: {found:#x}, expected {expected:#x}"
        );
    }
}

/// In the deterministic profile relaxed operators have one result (spec: "Relaxed Operations").
#[test]
fn relaxed_operators_are_deterministic() {
    let expressions = [
        // (1 + 2^-12)^2 - (1 + 2^-11), which is 2^-24 if the product is not rounded.
        (
            "(f32x4.relaxed_madd
                (f32x4.splat (f32.const 0x1.001p0)) (f32x4.splat (f32.const 0x1.001p0))
                (f32x4.splat (f32.const -0x1.002p0)))",
            0,
        ),
        (
            "(f64x2.relaxed_nmadd
                (f64x2.splat (f64.const 0x1.0000001p0)) (f64x2.splat (f64.const 0x1.0000001p0))
                (f64x2.splat (f64.const 0x1.0000002p0)))",
            0,
        ),
        (
            "(i8x16.relaxed_swizzle
                (i8x16.splat (i32.const 7)) (v128.const i64x2 0x807f1f1110 0))",
            0x07070707_07070707_07070700_00000000,
        ),
        (
            "(i16x8.relaxed_laneselect
                (i16x8.splat (i32.const -1)) (i16x8.splat (i32.const 0)) (v128.const i64x2 0x80017fff 0))",
            0x80017fff,
        ),
        (
            "(i8x16.relaxed_laneselect
                (i8x16.splat (i32.const -1)) (i8x16.splat (i32.const 0)) (v128.const i64x2 0x8170 0))",
            0x8170,
        ),
        (
            "(f32x4.relaxed_min (v128.const f32x4 0 -0 1 2) (v128.const f32x4 -0 0 2 1))",
            0x3f800000_3f800000_80000000_80000000,
        ),
        (
            "(f32x4.relaxed_max (v128.const f32x4 0 -0 1 2) (v128.const f32x4 -0 0 2 1))",
            0x40000000_40000000_00000000_00000000,
        ),
        (
            "(f64x2.eq
                (f64x2.relaxed_min (v128.const f64x2 nan 1) (v128.const f64x2 1 nan))
                (v128.const f64x2 1 1))",
            0,
        ),
        (
            "(i32x4.relaxed_trunc_f32x4_s (v128.const f32x4 nan 3e9 -3e9 -1.5))",
            0xffffffff_80000000_7fffffff_00000000,
        ),
        (
            "(i32x4.relaxed_trunc_f32x4_u (v128.const f32x4 nan 5e9 -1 3e9))",
            0xb2d05e00_00000000_ffffffff_00000000,
        ),
        (
            "(i32x4.relaxed_trunc_f64x2_s_zero (v128.const f64x2 nan 3e9))",
            0x7fffffff_00000000,
        ),
        (
            "(i32x4.relaxed_trunc_f64x2_u_zero (v128.const f64x2 -1 5e9))",
            0xffffffff_00000000,
        ),
        (
            "(i16x8.relaxed_q15mulr_s
                (v128.const i64x2 0x8000 0) (v128.const i64x2 0x8000 0))",
            0x7fff,
        ),
        (
            "(i16x8.relaxed_dot_i8x16_i7x16_s
                (v128.const i64x2 0x8080_7f80 0) (v128.const i64x2 0x8080_7f81 0))",
            0x7fff_7e81,
        ),
        (
            "(i32x4.relaxed_dot_i8x16_i7x16_add_s
                (v128.const i64x2 0x80808080 0) (v128.const i64x2 0x80808080 0)
                (v128.const i32x4 1 2 3 4))",
            0x00000004_00000003_00000002_0000ffff,
        ),
    ];
    for explicit in [false, true] {
        let mut config = config();
        config
            .relaxed_simd_deterministic(true)
            .explicit_checks(explicit);
        results(&config, &expressions);
    }
}

/// What operators make of NaNs with another sign and another payload.
#[test]
fn nans_are_canonical() {
    const F32: u128 = 0x7fc00000_7fc00000_7fc00000_7fc00000;
    const F64: u128 = 0x7ff80000_00000000_7ff80000_00000000;
    let mut expressions = Vec::new();
    for (ty, lanes, canonical, other) in
        [("f32", "f32x4", F32, "f64"), ("f64", "f64x2", F64, "f32")]
    {
        let nan = format!("(local.get ${ty})");
        let mut add = |expression: String| expressions.push((expression, canonical));
        for op in ["sqrt", "ceil", "floor", "trunc", "nearest"] {
            add(format!("({lanes}.splat ({ty}.{op} {nan}))"));
            add(format!("({lanes}.{op} ({lanes}.splat {nan}))"));
        }
        for op in ["add", "sub", "mul", "div", "min", "max"] {
            for (x, y) in [
                (nan.clone(), format!("({ty}.const 1)")),
                (format!("({ty}.const 1)"), nan.clone()),
            ] {
                add(format!("({lanes}.splat ({ty}.{op} {x} {y}))"));
                add(format!(
                    "({lanes}.{op} ({lanes}.splat {x}) ({lanes}.splat {y}))"
                ));
            }
        }
        let madd = ["relaxed_madd", "relaxed_nmadd"];
        for op in madd {
            let x = format!("({lanes}.splat {nan})");
            add(format!("({lanes}.{op} {x} {x} {x})"));
        }
        let convert = if ty == "f32" {
            "f32.demote_f64"
        } else {
            "f64.promote_f32"
        };
        add(format!("({lanes}.splat ({convert} (local.get ${other})))"));
    }
    expressions.push((
        "(f64x2.promote_low_f32x4 (f32x4.splat (local.get $f32)))".into(),
        F64,
    ));
    expressions.push((
        "(f32x4.demote_f64x2_zero (f64x2.splat (local.get $f64)))".into(),
        F32 & u128::from(u64::MAX),
    ));
    let with_locals: Vec<_> = expressions
        .iter()
        .map(|(expression, expected)| {
            let locals = "(local $f32 f32) (local $f64 f64)
                (local.set $f32 (f32.const -nan:0x200001)) (local.set $f64 (f64.const -nan:0x4000000000001))";
            (format!("{locals} {expression}"), *expected)
        })
        .collect();
    let with_locals: Vec<_> = with_locals.iter().map(|(e, x)| (e.as_str(), *x)).collect();
    for deterministic in [false, true] {
        let mut config = config();
        config
            .cranelift_nan_canonicalization(true)
            .relaxed_simd_deterministic(deterministic);
        results(&config, &with_locals);
    }
}

/// An image's code is as deterministic as the engine promises, or more.
#[test]
fn images() {
    let strict = Engine::new(config().relaxed_simd_deterministic(true)).unwrap();
    let relaxed = engine();
    let image = |engine: &Engine| engine.precompile_module(b"(module)").unwrap();
    let load = |engine: &Engine, image: &[u8]| {
        // SAFETY: the image was made by this version.
        unsafe { Module::deserialize_unsigned(engine, image) }
    };
    load(&relaxed, &image(&strict)).unwrap();
    load(&strict, &image(&strict)).unwrap();
    check_error(
        load(&strict, &image(&relaxed)),
        &["deterministic relaxed SIMD is off in the image, on here"],
    );
}

/// x86-64 without the extensions that vectors need.
#[cfg(target_arch = "x86_64")]
#[test]
fn missing_extensions_are_named() {
    for flag in ["has_sse3", "has_ssse3", "has_sse41"] {
        let mut config = config();
        // SAFETY: code with fewer extensions runs on this machine.
        unsafe { config.cranelift_flag_set(flag, "false") };
        check_error(Engine::new(&config), &[flag]);
    }
}
