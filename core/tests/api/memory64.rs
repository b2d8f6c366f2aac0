//! 64-bit memories and tables: bounds at the far end of the address space, growth, limits.

use crate::support::{check_error, config, engine, engines, instantiate};
use wasmetal::{
    Engine, Memory, MemoryType, Module, Ref, RefType, Store, Table, TableType, Trap, Val,
};

const PAGE: u64 = 1 << 16;

/// Every access is in bounds or traps, whatever index and offset add up to.
#[test]
fn bounds() {
    let wat = r#"
        (memory (export "m") i64 1 3)
        (func (export "load8") (param i64) (result i64) (i64.load8_u (local.get 0)))
        (func (export "load64") (param i64) (result i64) (i64.load (local.get 0)))
        (func (export "near") (param i64) (result i64) (i64.load offset=65528 (local.get 0)))
        (func (export "guard") (param i64) (result i64) (i64.load offset=0x1000000 (local.get 0)))
        (func (export "far") (param i64) (result i64) (i64.load offset=0xfffffffffffffff0 (local.get 0)))
        (func (export "store") (param i64) (result i64)
            (i64.store (local.get 0) (i64.const -1)) (i64.const 0))
        (func (export "fill") (param i64) (result i64)
            (memory.fill (local.get 0) (i32.const 0) (i64.const 8)) (i64.const 0))
        (func (export "short") (param i64) (result i64)
            (memory.copy (local.get 0) (i64.const 0) (i64.const 8)) (i64.const 0))
        (func (export "grow") (param i64) (result i64) (memory.grow (local.get 0)))
    "#;
    let mut configurations = vec![config(), config(), config()];
    configurations[1].explicit_checks(true);
    configurations[2].spectre_mitigation(false);
    for config in configurations {
        let engine = Engine::new(&config).unwrap();
        let (mut store, instance) = instantiate(&engine, wat, &[]).unwrap();
        let mut call = |name: &str, argument: u64| {
            let f = instance
                .get_typed_func::<i64, i64>(&mut store, name)
                .unwrap();
            f.call(&mut store, argument.cast_signed())
        };
        for size in [PAGE, 3 * PAGE] {
            for (name, offset, width) in [
                ("load8", 0_u64, 1_u64),
                ("load64", 0, 8),
                ("near", 65528, 8),
                ("guard", 0x100_0000, 8),
                ("far", 0xffff_ffff_ffff_fff0, 8),
                ("store", 0, 8),
                ("fill", 0, 8),
                ("short", 0, 8),
            ] {
                let mut indices = vec![0, 1, 8, size, size + 1, 1 << 31, 1 << 32, (1 << 32) + 8];
                indices.extend([1 << 47, 1 << 48, 1 << 63, u64::MAX - 7, u64::MAX]);
                let last = size.wrapping_sub(offset).wrapping_sub(width);
                indices.extend([last, last.wrapping_add(1), last.wrapping_sub(1)]);
                for index in indices {
                    let end = u128::from(index) + u128::from(offset) + u128::from(width);
                    let result = call(name, index);
                    match end <= u128::from(size) {
                        true => drop(result.unwrap()),
                        false => {
                            let error = result.unwrap_err();
                            let trap = error.downcast_ref::<Trap>();
                            assert_eq!(trap, Some(&Trap::MemoryOutOfBounds), "{name} {index:#x}");
                        }
                    }
                }
            }
            assert_eq!(call("grow", 1 << 48).unwrap(), -1);
            assert_eq!(call("grow", u64::MAX).unwrap(), -1);
            let grown = call("grow", 2).unwrap();
            assert_eq!(grown, if size == PAGE { 1 } else { -1 });
        }
    }
}

/// A memory that outgrows what is reserved for it moves, and keeps what it holds.
#[test]
fn growth_beyond_the_reservation() {
    for explicit in [false, true] {
        let mut config = config();
        config
            .explicit_checks(explicit)
            .memory_reservation(2 * PAGE);
        let engine = Engine::new(&config).unwrap();
        let wat = r#"
            (memory (export "m") i64 1)
            (func (export "set") (param i64 i64) (i64.store (local.get 0) (local.get 1)))
            (func (export "get") (param i64) (result i64) (i64.load (local.get 0)))
            (func (export "grow_and_get") (param i64) (result i64)
                (drop (i64.load (local.get 0)))
                (drop (memory.grow (i64.const 1)))
                (i64.load (local.get 0)))
        "#;
        let (mut store, instance) = instantiate(&engine, wat, &[]).unwrap();
        let memory = instance.get_memory(&mut store, "m").unwrap();
        let set = instance
            .get_typed_func::<(i64, i64), ()>(&mut store, "set")
            .unwrap();
        let get = instance
            .get_typed_func::<i64, i64>(&mut store, "grow_and_get")
            .unwrap();
        set.call(&mut store, (8, 77)).unwrap();
        for pages in 1..40 {
            assert_eq!(memory.size(&store), pages);
            assert_eq!(memory.data_size(&store) as u64, pages * PAGE);
            let last = (pages * PAGE) as i64 - 8;
            set.call(&mut store, (last, 5)).unwrap();
            check_error(
                set.call(&mut store, (last + 1, 5)),
                &["out of bounds memory access"],
            );
            assert_eq!(get.call(&mut store, 8).unwrap(), 77);
        }
        assert_eq!(memory.grow(&mut store, 60).unwrap(), 40);
        assert_eq!(memory.data(&store)[8], 77);
        assert_eq!(memory.data(&store).len() as u64, 100 * PAGE);
        assert!(
            memory.data(&store)[(40 * PAGE) as usize..]
                .iter()
                .all(|b| *b == 0)
        );
    }
}

/// More than 4 GiB, where the platform gives as much: only the pages that are touched cost anything.
#[test]
fn more_than_four_gibibytes() {
    let wat = r#"
        (memory (export "m") i64 1)
        (func (export "grow") (param i64) (result i64) (memory.grow (local.get 0)))
        (func (export "set") (param i64 i64) (i64.store (local.get 0) (local.get 1)))
        (func (export "get") (param i64) (result i64) (i64.load (local.get 0)))
    "#;
    for engine in engines() {
        let (mut store, instance) = instantiate(&engine, wat, &[]).unwrap();
        let grow = instance
            .get_typed_func::<i64, i64>(&mut store, "grow")
            .unwrap();
        let set = instance
            .get_typed_func::<(i64, i64), ()>(&mut store, "set")
            .unwrap();
        let get = instance
            .get_typed_func::<i64, i64>(&mut store, "get")
            .unwrap();
        set.call(&mut store, (0, 1)).unwrap();
        // 5 GiB. A machine that overcommits nothing may say no.
        if grow.call(&mut store, 5 << 14).unwrap() == -1 {
            continue;
        }
        let last = (5 << 30) + PAGE as i64 - 8;
        set.call(&mut store, (last, 2)).unwrap();
        assert_eq!(get.call(&mut store, last).unwrap(), 2);
        assert_eq!(get.call(&mut store, 0).unwrap(), 1);
        // The lower half of the index alone would be in bounds.
        assert_eq!(get.call(&mut store, 1 << 32).unwrap(), 0);
        check_error(get.call(&mut store, last + 1), &["out of bounds"]);
    }
}

/// What no machine can give is an error that says what was asked for.
#[test]
fn minimums_that_do_not_fit() {
    for engine in engines() {
        let mut store = Store::new(&engine, ());
        for pages in [1 << 48, 1 << 40, 1 << 32] {
            let ty = MemoryType::new64(pages, None);
            check_error(Memory::new(&mut store, ty), &[&pages.to_string(), "pages"]);
            let result = instantiate(&engine, &format!("(memory i64 {pages})"), &[]);
            check_error(result, &[&pages.to_string(), "pages"]);
        }
        check_error(
            Module::new(&engine, "(module (memory i64 0x1000000000001))"),
            &["memory size"],
        );
        for elements in [u64::MAX, 1 << 60, 1 << 45] {
            let ty = TableType::new64(RefType::FUNCREF, elements, None);
            check_error(
                Table::new(&mut store, ty, Ref::Func(None)),
                &[&elements.to_string(), "elements"],
            );
            let result = instantiate(&engine, &format!("(table i64 {elements} funcref)"), &[]);
            check_error(result, &[&elements.to_string(), "elements"]);
        }
        // The store goes on.
        Memory::new(&mut store, MemoryType::new64(1, Some(1 << 48))).unwrap();
    }
}

#[test]
fn types() {
    let check = |minimum, maximum, log2, valid: bool| {
        let ty = MemoryType::builder()
            .memory64(true)
            .min(minimum)
            .max(maximum)
            .page_size_log2(log2)
            .build();
        assert_eq!(ty.is_ok(), valid, "{minimum} {maximum:?} {log2}: {ty:?}");
    };
    check(1 << 48, Some(1 << 48), 16, true);
    check((1 << 48) + 1, None, 16, false);
    check(0, Some((1 << 48) + 1), 16, false);
    check(2, Some(1), 16, false);
    check(u64::MAX, None, 0, true);
    check(0, None, 3, false);

    let mut store = Store::new(&engine(), ());
    let ty = MemoryType::new64(1, Some(1 << 20));
    let memory = Memory::new(&mut store, ty).unwrap();
    assert!(memory.ty(&store).is_64());
    assert_eq!(memory.ty(&store).maximum(), Some(1 << 20));
    assert_eq!(memory.size(&store), 1);
    assert_eq!(memory.grow(&mut store, 2).unwrap(), 1);
    check_error(memory.grow(&mut store, 1 << 20), &["failed to grow memory"]);
    check_error(
        memory.grow(&mut store, u64::MAX),
        &["failed to grow memory"],
    );
}

#[test]
fn tables() {
    let wat = r#"
        (table $t (export "t") i64 2 10 externref)
        (table $f i64 2 2 funcref)
        (elem (table $f) (i64.const 1) func $seven)
        (func $seven (result i32) (i32.const 7))
        (func (export "get") (param i64) (result externref) (table.get $t (local.get 0)))
        (func (export "size") (result i64) (table.size $t))
        (func (export "grow") (param i64) (result i64) (table.grow $t (ref.null extern) (local.get 0)))
        (func (export "fill") (param i64 i64) (table.fill $t (local.get 0) (ref.null extern) (local.get 1)))
        (func (export "call") (param i64) (result i32) (call_indirect $f (result i32) (local.get 0)))
    "#;
    for engine in engines() {
        let (mut store, instance) = instantiate(&engine, wat, &[]).unwrap();
        let mut call = |name: &str, arguments: &[i64]| {
            let f = instance.get_func(&mut store, name).unwrap();
            let arguments: Vec<_> = arguments.iter().map(|a| Val::I64(*a)).collect();
            let mut results = vec![Val::I32(0); f.ty(&store).results().len()];
            f.call(&mut store, &arguments, &mut results)?;
            wasmetal::error::Ok(results.pop())
        };
        assert_eq!(call("size", &[]).unwrap().unwrap().i64(), Some(2));
        assert_eq!(call("grow", &[3]).unwrap().unwrap().i64(), Some(2));
        for delta in [6, 1 << 32, i64::MAX, -1] {
            assert_eq!(call("grow", &[delta]).unwrap().unwrap().i64(), Some(-1));
        }
        assert_eq!(call("size", &[]).unwrap().unwrap().i64(), Some(5));
        call("get", &[4]).unwrap();
        call("fill", &[0, 5]).unwrap();
        for index in [5, 1 << 32, (1 << 32) + 1, i64::MIN, -1] {
            check_error(call("get", &[index]), &["table"]);
            check_error(call("fill", &[index, 1]), &["table"]);
            check_error(call("fill", &[1, index]), &["table"]);
        }
        assert_eq!(call("call", &[1]).unwrap().unwrap().i32(), Some(7));
        check_error(call("call", &[0]), &["uninitialized element"]);
        for index in [2, (1 << 32) + 1, -1, i64::MIN + 1] {
            check_error(call("call", &[index]), &["undefined element"]);
        }
    }
}

/// Where memories may not move, none does, whoever chose what it is like.
#[test]
fn memories_that_stay() {
    for wat in [
        r#"(memory (export "m") i64 1)"#,
        r#"(memory (export "m") 1 (pagesize 1))"#,
        r#"(memory (export "m") i64 1 (pagesize 1))"#,
    ] {
        let mut config = config();
        config.memory_reservation(2 * PAGE).memory_may_move(false);
        let engine = Engine::new(&config).unwrap();
        let (mut store, instance) = instantiate(&engine, wat, &[]).unwrap();
        let memory = instance.get_memory(&mut store, "m").unwrap();
        let first = memory.data_ptr(&store);
        let pages = 2 * PAGE / memory.page_size(&store) - memory.size(&store);
        // As far as there is room for it; with pages of one byte there may be none.
        let _ = memory.grow(&mut store, pages);
        assert_eq!(memory.data_ptr(&store), first, "{wat}");
        check_error(
            memory.grow(&mut store, 4 * PAGE),
            &["memory reservation exceeded"],
        );
        assert_eq!(memory.data_ptr(&store), first, "{wat}");
    }
}
