//! The collector looks at those elements of tables that were written, no matter by what.

use crate::support::{Random, config, module};
use std::num::NonZeroU32;
use wasmetal::compile::OptLevel;
use wasmetal::{AnyRef, Config, Engine, I31, Instance, Ref, RootScope, Store, Trap};

/// More than have one mark, and not a multiple.
const SMALL: u64 = 700;
const LARGE: u64 = 6_000;

const WAT: &str = r#"
    (type $s (struct (field i32)))
    (table $a (export "a") 700 20000 anyref)
    (table $b (export "b") i64 6000 20000 anyref)
    (table $none 0 anyref)
    (elem $e anyref
        (struct.new $s (i32.const 1000)) (ref.null any) (struct.new $s (i32.const 1001))
        (ref.i31 (i32.const 3)) (struct.new $s (i32.const 1002)))
    (func (export "set_a") (param i32 i32)
        (table.set $a (local.get 0) (struct.new $s (local.get 1))))
    (func (export "set_b") (param i32 i32)
        (table.set $b (i64.extend_i32_u (local.get 0)) (struct.new $s (local.get 1))))
    (func (export "set_none") (param i32 i32)
        (table.set $none (local.get 0) (struct.new $s (local.get 1))))
    (func (export "number_a") (param i32 i32)
        (table.set $a (local.get 0) (ref.i31 (local.get 1))))
    (func (export "null_a") (param i32 i32) (table.set $a (local.get 0) (ref.null any)))
    (func (export "first_b") (param i32 i32)
        (table.set $b (i64.const 0) (struct.new $s (local.get 1))))
    (func (export "fill_a") (param i32 i32)
        (table.fill $a (local.get 0) (struct.new $s (local.get 1)) (i32.const 30)))
    (func (export "clear_b") (param i32 i32)
        (table.fill $b (i64.extend_i32_u (local.get 0)) (ref.null any) (i64.const 1000)))
    (func (export "copy_a_b") (param i32 i32)
        (table.copy $b $a (i64.extend_i32_u (local.get 0)) (local.get 1) (i32.const 600)))
    (func (export "copy_b_b") (param i32 i32)
        (table.copy $b $b
            (i64.extend_i32_u (local.get 0)) (i64.extend_i32_u (local.get 1)) (i64.const 1500)))
    (func (export "init_a") (param i32 i32)
        (table.init $a $e (local.get 0) (i32.const 0) (i32.const 5)))
    (func (export "grow_a") (param i32 i32)
        (drop (table.grow $a (struct.new $s (local.get 1)) (i32.const 7))))
"#;

/// What an element is to be.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Element {
    Null,
    Number(i32),
    Object(i32),
}

use Element::{Null, Number, Object};

/// What tables `a` and `b` are to hold.
struct Model([Vec<Element>; 2]);

impl Model {
    /// At how many indices `range` may begin.
    fn room(&self, range: Range) -> usize {
        self.0[range.table].len() + 1 - range.length
    }

    /// Does what the function of this name does.
    fn run(&mut self, name: &str, at: usize, number: i32) {
        let from = number as usize;
        let [a, b] = &mut self.0;
        match name {
            "set_a" => a[at] = Object(number),
            "set_b" => b[at] = Object(number),
            "first_b" => b[0] = Object(number),
            "number_a" => a[at] = Number(number),
            "null_a" => a[at] = Null,
            "fill_a" => a[at..at + 30].fill(Object(number)),
            "clear_b" => b[at..at + 1000].fill(Null),
            "copy_a_b" => b[at..at + 600].copy_from_slice(&a[from..from + 600]),
            "copy_b_b" => b.copy_within(from..from + 1500, at),
            "init_a" => {
                let segment = [Object(1000), Null, Object(1001), Number(3), Object(1002)];
                a[at..at + 5].copy_from_slice(&segment);
            }
            "grow_a" => a.extend([Object(number); 7]),
            _ => unreachable!("{name}"),
        }
    }
}

/// The elements from an index on that a function touches.
#[derive(Clone, Copy)]
struct Range {
    table: usize,
    length: usize,
}

const fn range(table: usize, length: usize) -> Range {
    Range { table, length }
}

/// What a function's first parameter is an index of; and its second, where that is an index too.
type Function = (&'static str, Range, Option<Range>);

const FUNCTIONS: &[Function] = &[
    ("set_a", range(0, 1), None),
    ("set_b", range(1, 1), None),
    ("first_b", range(1, 1), None),
    ("number_a", range(0, 1), None),
    ("null_a", range(0, 1), None),
    ("fill_a", range(0, 30), None),
    ("clear_b", range(1, 1000), None),
    ("copy_a_b", range(1, 600), Some(range(0, 600))),
    ("copy_b_b", range(1, 1500), Some(range(1, 1500))),
    ("init_a", range(0, 5), None),
    ("grow_a", range(0, 1), None),
];

fn check(config: &Config, rounds: usize) {
    let engine = Engine::new(config).unwrap();
    let module = module(&engine, WAT);
    let mut store = Store::new(&engine, ());
    let instance = Instance::new(&mut store, &module, &[]).unwrap();
    let tables = ["a", "b"].map(|name| instance.get_table(&mut store, name).unwrap());
    let mut model = Model([vec![Null; SMALL as usize], vec![Null; LARGE as usize]]);
    let mut random = Random(1);
    for round in 0..rounds {
        let (name, first, second) = FUNCTIONS[random.below(FUNCTIONS.len())];
        let at = random.below(model.room(first));
        let number = match second {
            Some(second) => random.below(model.room(second)),
            None => random.below(1000),
        } as i32;
        let f = instance.get_typed_func::<(i32, i32), ()>(&mut store, name);
        f.unwrap().call(&mut store, (at as i32, number)).unwrap();
        model.run(name, at, number);
        // The host writes too.
        if round % 5 == 0 {
            let at = random.below(model.0[1].len());
            let number = AnyRef::from_i31(&mut store, I31::wrapping_i32(round as i32));
            tables[1]
                .set(&mut store, at as u64, Ref::Any(Some(number)))
                .unwrap();
            model.0[1][at] = Number(round as i32);
            let other = tables[0].get(&mut store, 0).unwrap();
            tables[1].set(&mut store, at as u64, other).unwrap();
            model.0[1][at] = model.0[0][0];
        }
        if round % 3 == 0 {
            store.gc(None).unwrap();
        }
        if round % 10 == 0 {
            store.gc(None).unwrap();
            for (table, expected) in tables.iter().zip(&model.0) {
                assert_eq!(table.size(&store), expected.len() as u64);
                for (i, expected) in expected.iter().enumerate() {
                    let mut scope = RootScope::new(&mut store);
                    let element = table.get(&mut scope, i as u64).unwrap();
                    let found = match element.unwrap_any() {
                        None => Null,
                        Some(any) => match any.as_i31(&scope).unwrap() {
                            Some(number) => Number(number.get_i32()),
                            None => {
                                let object = any.unwrap_struct(&scope).unwrap();
                                Object(object.field(&mut scope, 0).unwrap().unwrap_i32())
                            }
                        },
                    };
                    assert_eq!(found, *expected, "{name}, {round}, {i}");
                }
            }
        }
    }
    // What is out of bounds marks nothing.
    for (name, indices) in [
        ("set_a", [model.0[0].len() as i32, 1 << 30, -1]),
        ("set_b", [LARGE as i32, 1 << 30, -1]),
        ("set_none", [0, 1, -1]),
    ] {
        let f = instance.get_typed_func::<(i32, i32), ()>(&mut store, name);
        let f = f.unwrap();
        for index in indices {
            let error = f.call(&mut store, (index, 1)).unwrap_err();
            let trap = error.downcast_ref::<Trap>();
            assert_eq!(trap, Some(&Trap::TableOutOfBounds), "{name} {index}");
        }
    }
    store.gc(None).unwrap();
}

#[test]
fn elements_survive_collections() {
    for explicit in [false, true] {
        for mitigation in [false, true] {
            let mut config = config();
            config
                .explicit_checks(explicit)
                .spectre_mitigation(mitigation);
            check(&config, 400);
        }
        let mut config = config();
        config
            .explicit_checks(explicit)
            .cranelift_opt_level(OptLevel::None)
            .gc_zeal_alloc_counter(NonZeroU32::new(1));
        check(&config, 100);
    }
}
