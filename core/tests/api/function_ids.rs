//! References to functions in objects: whatever a damaged object holds, what is called is a function of the right type, or
//! there is an error.

use crate::gc_heap::configs;
use crate::support::{engines, instantiate, module};
use wasmetal::{
    ArrayRef, ArrayRefPre, ArrayType, Engine, FieldType, Func, Instance, Mutability, StorageType,
    Store, StructRef, StructRefPre, StructType, Trap, TypedFunc, Val, ValType,
};

/// Functions of several types, what stores references to them, and what calls them.
const WAT: &str = r#"(module
    (import "" "host" (func $host (result i32)))
    (type $f (func (result i32)))
    (type $g (func (param i64 i64) (result i64)))
    (type $up (sub (func (result f32))))
    (type $down (sub $up (func (result f32))))
    (type $words (struct (field (mut i32))))
    (type $f_s (struct (field (mut (ref $f)))))
    (type $fn_s (struct (field (mut (ref null $f)))))
    (type $up_s (struct (field (mut (ref $up)))))
    (type $any_s (struct (field (mut (ref func)))))
    (type $none_s (struct (field (mut nullfuncref))))
    (type $f_a (array (mut (ref null $f))))
    (func $seven (type $f) (i32.const 7))
    (func $eight (type $f) (i32.const 8))
    (func $long (type $g) (i64.const 9))
    (func $upper (type $up) (f32.const 10))
    (func $lower (type $down) (f32.const 11))
    (elem declare func $seven $eight $long $upper $lower $host)
    ;; Gives each an id.
    (func (export "all")
        (drop (struct.new $f_s (ref.func $seven)))
        (drop (struct.new $f_s (ref.func $eight)))
        (drop (struct.new $any_s (ref.func $long)))
        (drop (struct.new $up_s (ref.func $upper)))
        (drop (struct.new $up_s (ref.func $lower)))
        (drop (struct.new $fn_s (ref.func $host))))
    (func (export "words") (param i32) (result (ref $words)) (struct.new $words (local.get 0)))
    (func (export "f") (param (ref $f_s)) (result i32)
        (call_ref $f (struct.get $f_s 0 (local.get 0))))
    (func (export "fn") (param (ref $fn_s)) (result i32)
        (call_ref $f (struct.get $fn_s 0 (local.get 0))))
    (func (export "up") (param (ref $up_s)) (result i32)
        (i32.trunc_f32_s (call_ref $up (struct.get $up_s 0 (local.get 0)))))
    (func (export "any") (param (ref $any_s)) (result i32)
        (call_ref $f (ref.cast (ref $f) (struct.get $any_s 0 (local.get 0)))))
    (func (export "none") (param (ref $none_s)) (result i32)
        (ref.is_null (struct.get $none_s 0 (local.get 0))))
    (func (export "copied") (param (ref $fn_s)) (result i32)
        (call_ref $f (array.get $f_a
            (array.new $f_a (struct.get $fn_s 0 (local.get 0)) (i32.const 5)) (i32.const 4)))))"#;

/// What a call in a damaged heap may come to.
const RIGHT: [(&str, &[i32]); 6] = [
    ("f", &[6, 7, 8]),
    ("fn", &[6, 7, 8]),
    ("up", &[10, 11]),
    ("any", &[6, 7, 8]),
    ("none", &[1]),
    ("copied", &[6, 7, 8]),
];

#[test]
fn any_word_for_a_function() {
    let words = (0..40).chain((5..32).map(|bit| 1 << bit)).chain([
        u32::MAX,
        u32::MAX - 1,
        0x7fff_ffff,
        0x4141_4141,
        0xdead_beef,
    ]);
    let words: Vec<u32> = words.collect();
    for config in configs() {
        let engine = Engine::new(&config).unwrap();
        let mut store = Store::new(&engine, ());
        let host = Func::wrap(&mut store, || 6);
        let module = module(&engine, WAT);
        let instance = Instance::new(&mut store, &module, &[host.into()]).unwrap();
        let all = instance.get_typed_func::<(), ()>(&mut store, "all");
        all.unwrap().call(&mut store, ()).unwrap();
        let make = instance.get_func(&mut store, "words").unwrap();
        for (name, right) in RIGHT {
            let func = instance.get_func(&mut store, name).unwrap();
            let mut found = Vec::new();
            for word in &words {
                // SAFETY: that the types are lies is the point: no call may go elsewhere.
                let result = unsafe {
                    let make = TypedFunc::<u32, u32>::new_unchecked(&store, make);
                    let func = TypedFunc::<u32, i32>::new_unchecked(&store, func);
                    let object = make.call(&mut store, *word).unwrap();
                    func.call(&mut store, object)
                };
                match result {
                    Ok(value) => {
                        assert!(right.contains(&value), "{name} {word:#x}: {value}");
                        found.push(value);
                    }
                    Err(error) => {
                        let trap = error.downcast_ref::<Trap>();
                        let expected =
                            [Trap::GcHeapCorrupt, Trap::NullReference, Trap::CastFailure];
                        let is_expected = trap.is_some_and(|trap| expected.contains(trap));
                        assert!(is_expected, "{name} {word:#x}: {error:?}");
                    }
                }
            }
            // Each of the functions was among them.
            assert!(right.iter().all(|value| found.contains(value)), "{name}");
        }
    }
}

/// Functions that the host puts into objects, before and after there is code that does: each is what it was.
#[test]
fn functions_of_the_host() {
    for engine in engines() {
        let mut store = Store::new(&engine, ());
        let field = FieldType::new(Mutability::Var, StorageType::ValType(ValType::FUNCREF));
        let ty = StructType::new(&engine, [field.clone()]).unwrap();
        let structs = StructRefPre::new(&mut store, ty);
        let arrays = ArrayRefPre::new(&mut store, ArrayType::new(&engine, field));
        let check = |store: &mut Store<()>, func: Func, expected: i32| {
            let value = Val::FuncRef(Some(func));
            let object = StructRef::new(&mut *store, &structs, &[value]).unwrap();
            let array = ArrayRef::new_fixed(&mut *store, &arrays, &[Val::null_func_ref(), value]);
            let array = array.unwrap();
            store.gc(None).unwrap();
            assert!(
                array
                    .get(&mut *store, 0)
                    .unwrap()
                    .unwrap_funcref()
                    .is_none()
            );
            for found in [object.field(&mut *store, 0), array.get(&mut *store, 1)] {
                let found = *found.unwrap().unwrap_funcref().unwrap();
                let found = found.typed::<(), i32>(&*store).unwrap();
                assert_eq!(found.call(&mut *store, ()).unwrap(), expected);
            }
        };
        let early: Vec<_> = (0..40).map(|i| Func::wrap(&mut store, move || i)).collect();
        for (i, func) in early.iter().enumerate().step_by(3) {
            check(&mut store, *func, i as i32);
        }
        let module = module(
            &engine,
            "(module
                (type $f (func (result i32)))
                (type $s (struct (field (ref null $f))))
                (func $own (export \"own\") (result i32) (i32.const 100))
                (func (export \"through\") (param (ref null $f)) (result (ref null $f))
                    (struct.get $s 0 (struct.new $s (local.get 0)))))",
        );
        for _ in 0..20 {
            let instance = Instance::new(&mut store, &module, &[]).unwrap();
            let own = instance.get_func(&mut store, "own").unwrap();
            check(&mut store, own, 100);
            let late = Func::wrap(&mut store, || 200);
            check(&mut store, late, 200);
            let through = instance.get_func(&mut store, "through").unwrap();
            let mut pass = |func: Option<Func>| {
                let mut result = [Val::I32(0)];
                through
                    .call(&mut store, &[Val::FuncRef(func)], &mut result)
                    .unwrap();
                result[0].unwrap_funcref().copied()
            };
            assert!(pass(None).is_none());
            let passed: Vec<_> = (early.iter().copied().enumerate())
                .chain([(100, own), (200, late)])
                .map(|(i, func)| (i, pass(Some(func)).unwrap()))
                .collect();
            for (i, func) in passed {
                let func = func.typed::<(), i32>(&store).unwrap();
                assert_eq!(func.call(&mut store, ()).unwrap(), i as i32);
            }
        }
    }
}

/// All operators that write or read functions in objects, and exceptions.
#[test]
fn operators() {
    let wat = r#"(module
        (type $f (func (result i32)))
        (type $s (struct (field i8) (field (mut (ref null $f))) (field (mut funcref))))
        (type $a (array (mut (ref null $f))))
        (func $one (type $f) (i32.const 1))
        (func $two (type $f) (i32.const 2))
        (table $t 4 (ref null $f))
        (elem $e (ref null $f) (ref.func $one) (ref.null $f) (ref.func $two))
        (global $g (ref $s) (struct.new $s (i32.const 0) (ref.func $two) (ref.func $one)))
        (func $call (param (ref null $f)) (result i32)
            (if (ref.is_null (local.get 0)) (then (return (i32.const 0))))
            (call_ref $f (local.get 0)))
        ;; Digits: what each element comes to.
        (func $digits (param $a (ref $a)) (result i32) (local $i i32) (local $sum i32)
            (loop $l
                (local.set $sum (i32.add (i32.mul (local.get $sum) (i32.const 10))
                    (call $call (array.get $a (local.get $a) (local.get $i)))))
                (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1)))
                    (array.len (local.get $a)))))
            (local.get $sum))
        (func (export "structs") (result i32) (local $s (ref $s))
            (local.set $s (struct.new $s (i32.const -1) (ref.func $one) (ref.null func)))
            (struct.set $s 2 (local.get $s) (struct.get $s 1 (local.get $s)))
            (struct.set $s 1 (local.get $s) (ref.func $two))
            (i32.add
                (call $call (struct.get $s 1 (local.get $s)))
                (i32.mul (i32.const 10) (call $call
                    (ref.cast (ref $f) (struct.get $s 2 (local.get $s)))))))
        (func (export "default") (result i32)
            (ref.is_null (struct.get $s 2 (struct.new_default $s))))
        (func (export "global") (result i32) (call $call (struct.get $s 1 (global.get $g))))
        (func (export "new") (result i32)
            (call $digits (array.new $a (ref.func $two) (i32.const 5))))
        (func (export "new_null") (result i32)
            (call $digits (array.new $a (ref.null $f) (i32.const 5))))
        (func (export "new_default") (result i32)
            (call $digits (array.new_default $a (i32.const 3))))
        (func (export "new_fixed") (result i32)
            (call $digits (array.new_fixed $a 3 (ref.func $one) (ref.null $f) (ref.func $two))))
        (func (export "new_elem") (result i32)
            (call $digits (array.new_elem $a $e (i32.const 0) (i32.const 3))))
        (func (export "init_elem") (result i32) (local $a (ref $a))
            (local.set $a (array.new $a (ref.func $two) (i32.const 4)))
            (array.init_elem $a $e (local.get $a) (i32.const 1) (i32.const 0) (i32.const 2))
            (call $digits (local.get $a)))
        (func (export "fill") (result i32) (local $a (ref $a))
            (local.set $a (array.new $a (ref.func $two) (i32.const 5)))
            (array.fill $a (local.get $a) (i32.const 1) (ref.func $one) (i32.const 3))
            (call $digits (local.get $a)))
        (func (export "copy") (result i32) (local $a (ref $a))
            (local.set $a (array.new_elem $a $e (i32.const 0) (i32.const 3)))
            (array.copy $a $a (local.get $a) (i32.const 1) (local.get $a) (i32.const 0) (i32.const 2))
            (array.set $a (local.get $a) (i32.const 0) (ref.func $two))
            (call $digits (local.get $a))))"#;
    for engine in engines() {
        let (mut store, instance) = instantiate(&engine, wat, &[]).unwrap();
        for (name, expected) in [
            ("structs", 12),
            ("default", 1),
            ("global", 2),
            ("new", 22222),
            ("new_null", 0),
            ("new_default", 0),
            ("new_fixed", 102),
            ("new_elem", 102),
            ("init_elem", 2102),
            ("fill", 21112),
            ("copy", 210),
        ] {
            let run = instance
                .get_typed_func::<(), i32>(&mut store, name)
                .unwrap();
            assert_eq!(run.call(&mut store, ()).unwrap(), expected, "{name}");
        }
    }
}
