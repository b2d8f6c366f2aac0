//! Structs, arrays and casts in Wasm code.

use crate::support::{check_error, config, engines, module};
use std::num::NonZeroU32;
use wasmetal::{Engine, Instance, Linker, Module, Store, Trap, WasmBacktrace};

/// Calls `run` of a module, with each kind of checks, and with a collection at every third allocation.
#[track_caller]
fn run(wat: &str) -> Vec<Result<i32, Trap>> {
    let run = |engine: &Engine| {
        let mut store = Store::new(engine, ());
        let instance = Instance::new(&mut store, &module(engine, wat), &[]).unwrap();
        let run = instance.get_typed_func::<(), i32>(&mut store, "run");
        run.unwrap()
            .call(&mut store, ())
            .map_err(|error| *error.downcast_ref::<Trap>().unwrap())
    };
    let mut config = config();
    config.gc_zeal_alloc_counter(NonZeroU32::new(3));
    let zealous = Engine::new(&config).unwrap();
    engines().iter().chain([&zealous]).map(run).collect()
}

#[track_caller]
fn check(wat: &str, expected: i32) {
    assert_eq!(run(wat), [Ok(expected); 3]);
}

#[track_caller]
fn check_trap(types: &str, body: &str, expected: Trap) {
    let wat = format!("(module {types} (func (export \"run\") (result i32) {body}))");
    assert_eq!(run(&wat), [Err(expected); 3], "{body}");
}

/// Lists are built again and again; each time the one before is garbage.
#[test]
fn a_list() {
    check(
        r#"(module
            (type $list (struct (field $value i64) (field $next (mut (ref null $list)))))
            (func $build (param $n i32) (result (ref null $list))
                (local $list (ref null $list))
                (loop $more
                    (local.set $list (struct.new $list
                        (i64.extend_i32_u (local.get $n)) (local.get $list)))
                    (br_if $more (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
                (local.get $list))
            (func $sum (param $list (ref null $list)) (result i64)
                (local $sum i64)
                (block $end
                    (loop $more
                        (br_on_null $end (local.get $list))
                        (local.set $sum (i64.add (struct.get $list $value) (local.get $sum)))
                        (local.set $list (struct.get $list $next (local.get $list)))
                        (br $more)))
                (local.get $sum))
            (func (export "run") (result i32)
                (local $i i32) (local $kept (ref null $list))
                (local.set $i (i32.const 20))
                (local.set $kept (call $build (i32.const 1000)))
                (loop $more
                    (if (i64.ne (call $sum (call $build (i32.const 3000))) (i64.const 4501500))
                        (then unreachable))
                    (br_if $more (local.tee $i (i32.sub (local.get $i) (i32.const 1)))))
                (i32.wrap_i64 (call $sum (local.get $kept)))))"#,
        500_500,
    );
}

/// Fields and elements of every kind keep what is written to them, and nothing else changes.
#[test]
fn fields_and_elements() {
    check(
        r#"(module
            (type $f (func (result i32)))
            (type $all (struct (field (mut i8)) (field (mut i16)) (field (mut i32)) (field (mut i64))
                (field (mut f32)) (field (mut f64)) (field (mut v128)) (field (mut funcref))
                (field (mut anyref)) (field (mut i8))))
            (elem declare func $seven)
            (func $seven (type $f) (i32.const 7))
            (func (export "run") (result i32)
                (local $a (ref $all)) (local $b (ref null $all))
                (local.set $a (struct.new_default $all))
                (local.set $b (struct.new $all (i32.const -1) (i32.const -2) (i32.const -3)
                    (i64.const -4) (f32.const 5) (f64.const 6) (v128.const i64x2 8 9)
                    (ref.func $seven) (ref.i31 (i32.const -10)) (i32.const 0x1ff)))
                (struct.set $all 0 (local.get $a) (struct.get_u $all 0 (local.get $b)))
                (struct.set $all 6 (local.get $a) (struct.get $all 6 (local.get $b)))
                (struct.set $all 7 (local.get $a) (struct.get $all 7 (local.get $b)))
                (struct.set $all 8 (local.get $a) (struct.get $all 8 (local.get $b)))
                (struct.get_s $all 0 (local.get $a))                              ;; -1
                (struct.get_u $all 1 (local.get $a))                              ;; 0
                (struct.get_u $all 1 (local.get $b))                              ;; 65534
                (struct.get_s $all 1 (local.get $b))                              ;; -2
                (struct.get_u $all 9 (local.get $b))                              ;; 255
                (struct.get $all 2 (local.get $b))                                ;; -3
                (i32.wrap_i64 (struct.get $all 3 (local.get $b)))                 ;; -4
                (i32.trunc_f32_s (struct.get $all 4 (local.get $b)))              ;; 5
                (i32.trunc_f64_s (struct.get $all 5 (local.get $b)))              ;; 6
                (i32x4.extract_lane 2 (struct.get $all 6 (local.get $a)))         ;; 9
                (call_ref $f (ref.cast (ref $f) (struct.get $all 7 (local.get $a)))) ;; 7
                (i31.get_s (ref.cast i31ref (struct.get $all 8 (local.get $a))))  ;; -10
                i32.add i32.add i32.add i32.add i32.add i32.add i32.add i32.add i32.add i32.add i32.add))"#,
        -1 + 65534 - 2 + 255 - 3 - 4 + 5 + 6 + 9 + 7 - 10,
    );
    // Arrays of every size of element, filled from the middle to the end.
    for (ty, value, get, to_i32) in [
        ("i8", "(i32.const 0x1ff)", "array.get_u", ""),
        ("i16", "(i32.const 0x1ffff)", "array.get_s", ""),
        ("i32", "(i32.const 77)", "array.get", ""),
        ("i64", "(i64.const 77)", "array.get", "i32.wrap_i64"),
        ("f32", "(f32.const 77)", "array.get", "i32.trunc_f32_s"),
        ("f64", "(f64.const 77)", "array.get", "i32.trunc_f64_s"),
        (
            "v128",
            "(v128.const i32x4 1 2 77 4)",
            "array.get",
            "i32x4.extract_lane 2",
        ),
        (
            "i31ref",
            "(ref.i31 (i32.const 77))",
            "array.get",
            "(i31.get_s)",
        ),
    ] {
        let expected = match ty {
            "i8" => 0xff,
            "i16" => -1,
            _ => 77,
        };
        for length in 1..20 {
            let last = length - 1;
            let wat = format!(
                r#"(module (type $a (array (mut {ty})))
                    (func (export "run") (result i32)
                        (local $new (ref $a)) (local $filled (ref $a)) (local $behind (ref $a))
                        (local.set $filled (array.new_default $a (i32.const {length})))
                        (local.set $new (array.new $a {value} (i32.const {length})))
                        (local.set $behind (array.new_default $a (i32.const {length})))
                        (array.fill $a (local.get $filled) (i32.const {last}) {value} (i32.const 1))
                        (array.copy $a $a (local.get $filled) (i32.const 0)
                            (local.get $new) (i32.const {last}) (i32.const 1))
                        (if (i32.ne (array.len (local.get $behind)) (i32.const {length}))
                            (then unreachable))
                        ({get} $a (local.get $new) (i32.const {last})) {to_i32}
                        ({get} $a (local.get $new) (i32.const 0)) {to_i32}
                        ({get} $a (local.get $filled) (i32.const {last})) {to_i32}
                        ({get} $a (local.get $filled) (i32.const 0)) {to_i32}
                        i32.add i32.add i32.add))"#
            );
            check(&wat, 4 * expected);
        }
    }
}

#[test]
fn traps() {
    let types = "(type $s (struct (field (mut i32)))) (type $a (array (mut i64)))
        (type $big (struct (field v128)))
        (type $open (sub (struct))) (type $sub (sub $open (struct)))
        (data $d \"12345678\") (elem $e i31ref (item (ref.i31 (i32.const 1))))
        (type $refs (array i31ref))";
    for (body, trap) in [
        ("(struct.get $s 0 (ref.null $s))", Trap::NullReference),
        (
            "(struct.set $s 0 (ref.null $s) (i32.const 1)) (i32.const 0)",
            Trap::NullReference,
        ),
        ("(array.len (ref.null $a))", Trap::NullReference),
        ("(i31.get_u (ref.null i31))", Trap::NullReference),
        (
            "(i32.wrap_i64 (array.get $a (array.new_default $a (i32.const 3)) (i32.const 3)))",
            Trap::ArrayOutOfBounds,
        ),
        (
            "(array.fill $a (array.new_default $a (i32.const 3)) (i32.const 2) (i64.const 0)
                (i32.const -1)) (i32.const 0)",
            Trap::ArrayOutOfBounds,
        ),
        (
            "(array.copy $a $a (array.new_default $a (i32.const 3)) (i32.const 0)
                (array.new_default $a (i32.const 2)) (i32.const 0) (i32.const 3)) (i32.const 0)",
            Trap::ArrayOutOfBounds,
        ),
        (
            "(array.len (array.new_data $a $d (i32.const 1) (i32.const 1)))",
            Trap::MemoryOutOfBounds,
        ),
        (
            "(array.len (array.new_elem $refs $e (i32.const 0) (i32.const 2)))",
            Trap::TableOutOfBounds,
        ),
        (
            "(i31.get_s (ref.cast (ref i31) (struct.new_default $s)))",
            Trap::CastFailure,
        ),
        (
            "(drop (ref.cast (ref $sub) (struct.new $open))) (i32.const 0)",
            Trap::CastFailure,
        ),
        (
            "(drop (ref.cast (ref $sub) (ref.null $open))) (i32.const 0)",
            Trap::CastFailure,
        ),
    ] {
        check_trap(types, body, trap);
    }
}

/// What no heap has room for is an error, and the store goes on.
#[test]
fn arrays_that_are_too_large() {
    for engine in engines() {
        let mut store = Store::new(&engine, ());
        let wat = r#"(module (type $a (array i64))
            (func (export "run") (param i32) (result i32)
                (array.len (array.new_default $a (local.get 0)))))"#;
        let instance = Instance::new(&mut store, &module(&engine, wat), &[]).unwrap();
        let run = instance.get_typed_func::<i32, i32>(&mut store, "run");
        let run = run.unwrap();
        for length in [-1, i32::MIN, 0x2000_0000, 0x1fff_fffe] {
            let error = run.call(&mut store, length).unwrap_err();
            assert_eq!(error.downcast_ref(), Some(&Trap::AllocationTooLarge));
            assert!(error.is::<WasmBacktrace>());
        }
        // With the header, 8 bytes less than 4 GiB.
        for length in [0x1fff_fffd, 0x1000_0000] {
            check_error(run.call(&mut store, length), &["no room"]);
        }
        assert_eq!(run.call(&mut store, 1000).unwrap(), 1000);
    }
}

/// Objects of constant expressions are made once for each instance, and live as long as it does.
#[test]
fn objects_of_constant_expressions() {
    check(
        r#"(module
            (type $cell (struct (field (mut i32))))
            (type $pair (struct (field (ref $cell)) (field (ref $cell))))
            (type $cells (array (mut (ref null $cell))))
            (global $one (ref $cell) (struct.new $cell (i32.const 1)))
            (global $pair (ref $pair)
                (struct.new $pair (struct.new $cell (i32.const 20)) (global.get $one)))
            (global $cells (ref $cells)
                (array.new_fixed $cells 3 (global.get $one) (ref.null $cell)
                    (struct.new $cell (i32.const 300))))
            (elem $passive (ref $cell) (item (struct.new $cell (i32.const 4000))) (item (global.get $one)))
            (table $table 2 2 (ref $cell) (struct.new $cell (i32.const 50000)))
            (type $bytes (array i8))
            (func $garbage (local i32)
                (loop $more
                    (drop (array.new_default $bytes (i32.const 100000)))
                    (local.set 0 (i32.add (local.get 0) (i32.const 1)))
                    (br_if $more (i32.lt_u (local.get 0) (i32.const 300)))))
            (func (export "run") (result i32)
                (local $a (ref $cells)) (local $b (ref $cells))
                (call $garbage)
                (local.set $a (array.new_elem $cells $passive (i32.const 0) (i32.const 2)))
                (call $garbage)
                (local.set $b (array.new_elem $cells $passive (i32.const 0) (i32.const 2)))
                (elem.drop $passive)
                (call $garbage)
                ;; The same object each time.
                (i32.eqz (ref.eq (array.get $cells (local.get $a) (i32.const 0))
                    (array.get $cells (local.get $b) (i32.const 0))))
                (if (then unreachable))
                (i32.eqz (ref.eq (table.get $table (i32.const 0)) (table.get $table (i32.const 1))))
                (if (then unreachable))
                (struct.set $cell 0 (array.get $cells (local.get $b) (i32.const 1)) (i32.const 2))
                (struct.get $cell 0 (global.get $one))
                (struct.get $cell 0 (struct.get $pair 0 (global.get $pair)))
                (struct.get $cell 0 (array.get $cells (global.get $cells) (i32.const 2)))
                (struct.get $cell 0 (array.get $cells (local.get $a) (i32.const 0)))
                (struct.get $cell 0 (table.get $table (i32.const 1)))
                i32.add i32.add i32.add i32.add))"#,
        54_322,
    );
}

/// Casts to types with many subtypes, in this module and in another.
#[test]
fn casts() {
    let classes = |n: usize| -> String {
        let class = |i| {
            format!(
                "(type $c{i} (sub $base (struct (field i32) (field i{}))))",
                32 + 32 * (i % 2)
            )
        };
        (0..n).map(class).collect()
    };
    for engine in engines() {
        let mut store = Store::new(&engine, ());
        let mut linker = Linker::new(&engine);
        // Here `$base` has one subtype, there ten.
        let user = r#"(module
            (type $base (sub (struct (field i32))))
            (func (export "is_base") (param anyref) (result i32)
                (ref.test (ref $base) (local.get 0)))
            (func (export "value") (param anyref) (result i32)
                (block $no (result anyref)
                    (return (struct.get $base 0
                        (br_on_cast_fail $no anyref (ref $base) (local.get 0)))))
                drop (i32.const -1)))"#;
        let instance = Instance::new(&mut store, &module(&engine, user), &[]).unwrap();
        linker.instance(&mut store, "user", instance).unwrap();
        let maker = format!(
            r#"(module
                (type $base (sub (struct (field i32))))
                {}
                (type $other (sub (struct (field i32))))
                (type $final (struct (field i32)))
                (import "user" "is_base" (func $is_base (param anyref) (result i32)))
                (import "user" "value" (func $value (param anyref) (result i32)))
                (func (export "run") (result i32)
                    (call $value (struct.new $base (i32.const 1)))
                    (call $value (struct.new $c8 (i32.const 20) (i32.const 0)))
                    (call $value (struct.new $c1 (i32.const 300) (i64.const 0)))
                    (call $value (struct.new $final (i32.const 5)))                ;; -1
                    (call $value (ref.i31 (i32.const 6)))                          ;; -1
                    (call $value (ref.null none))                                  ;; -1
                    ;; Equal types are the same, whatever their names.
                    (call $is_base (struct.new $other (i32.const 1)))              ;; 1
                    (ref.test (ref $base) (struct.new $c8 (i32.const 0) (i32.const 0))) ;; 1
                    (ref.test (ref $c1) (struct.new $c8 (i32.const 0) (i32.const 0))) ;; 0
                    i32.add i32.add i32.add i32.add i32.add i32.add i32.add i32.add))"#,
            classes(10)
        );
        let module = Module::new(&engine, maker).unwrap();
        let instance = linker.instantiate(&mut store, &module).unwrap();
        let run = instance.get_typed_func::<(), i32>(&mut store, "run");
        assert_eq!(run.unwrap().call(&mut store, ()).unwrap(), 321 - 3 + 2);
    }
}

/// Recursion groups of two modules are the same if they are equal.
#[test]
fn recursion_groups_of_two_modules() {
    let engine = Engine::new(&config()).unwrap();
    let group = |value: &str| {
        format!(
            "(rec (type $list (struct (field {value}) (field (ref null $list)))) (type $f (func (param (ref $list)))))"
        )
    };
    let mut store = Store::new(&engine, ());
    let provider = format!("(module {} (func (export \"f\") (type $f)))", group("i32"));
    let provider = Instance::new(&mut store, &module(&engine, &provider), &[]).unwrap();
    let f = provider.get_func(&mut store, "f").unwrap();
    for (types, fits) in [
        (format!("(type (func)) {}", group("i32")), true),
        (group("i64"), false),
        // Not in a group of its own: the same fields, another type.
        (
            "(type $list (struct (field i32) (field (ref null $list)))) (type $f (func (param (ref $list))))".to_owned(),
            false,
        ),
    ] {
        let user = format!("(module {types} (import \"\" \"f\" (func (type $f))))");
        let result = Instance::new(&mut store, &module(&engine, &user), &[f.into()]);
        match fits {
            true => drop(result.unwrap()),
            false => check_error(result, &["incompatible import type"]),
        }
    }
}
