//! What all memories, tables and instances of a store may have together, and limits of zero.

use crate::support::{check_error, engine, module};
use wasmetal::{
    Func, Instance, Memory, MemoryType, Ref, RefType, Resource, ResourceLimitExceeded, Result,
    Store, StoreLimits, StoreLimitsBuilder, Table, TableType, Trap,
};

/// Two memories, two tables, and what grows them.
const TWO: &str = r#"
    (memory $a (export "a") 1) (memory $b (export "b") 2)
    (table $s (export "s") 3 funcref) (table $t (export "t") 4 externref)
    (func (export "grow a") (param i64) (result i64)
        (i64.extend_i32_s (memory.grow $a (i32.wrap_i64 (local.get 0)))))
    (func (export "grow b") (param i64) (result i64)
        (i64.extend_i32_s (memory.grow $b (i32.wrap_i64 (local.get 0)))))
    (func (export "grow s") (param i64) (result i64)
        (i64.extend_i32_s (table.grow $s (ref.null func) (i32.wrap_i64 (local.get 0)))))
    (func (export "grow t") (param i64) (result i64)
        (i64.extend_i32_s (table.grow $t (ref.null extern) (i32.wrap_i64 (local.get 0)))))"#;

const PAGE: usize = 1 << 16;

fn limited(limits: StoreLimitsBuilder) -> Store<StoreLimits> {
    let mut store = Store::new(&engine(), limits.build());
    store.limiter(|limits| limits);
    store
}

fn instantiate(store: &mut Store<StoreLimits>, wat: &str) -> Result<Instance> {
    let module = module(&store.engine().clone(), wat);
    Instance::new(store, &module, &[])
}

fn call(store: &mut Store<StoreLimits>, instance: Instance, name: &str, by: i64) -> Result<i64> {
    instance
        .get_typed_func::<i64, i64>(&mut *store, name)
        .unwrap()
        .call(store, by)
}

/// Limit, present, wanted.
fn exceeded<T>(result: Result<T>) -> (Resource, usize, usize, usize) {
    let Err(error) = result else {
        panic!("no error")
    };
    let error = error
        .downcast_ref::<ResourceLimitExceeded>()
        .unwrap_or_else(|| panic!("{error:?}"));
    (error.resource, error.limit, error.present, error.wanted)
}

#[test]
fn growth_ends_at_the_total() {
    for trap in [false, true] {
        let mut store = limited(
            StoreLimitsBuilder::new()
                .total_memory_size(5 * PAGE)
                .total_table_elements(10)
                .trap_on_grow_failure(trap),
        );
        let instance = instantiate(&mut store, TWO).unwrap();
        let mut check = |name: &str, by: i64, expected: Result<i64, (Resource, usize, usize)>| {
            let found = call(&mut store, instance, name, by);
            match (expected, trap) {
                (Ok(old), _) => assert_eq!(found.unwrap(), old, "{name} {by}"),
                (Err(_), false) => assert_eq!(found.unwrap(), -1, "{name} {by}"),
                (Err((resource, present, wanted)), true) => {
                    let limit = if resource == Resource::MemorySize {
                        5 * PAGE
                    } else {
                        10
                    };
                    assert_eq!(exceeded(found), (resource, limit, present, wanted));
                }
            }
        };
        let memory = |present: usize, wanted: usize| {
            Err((Resource::MemorySize, present * PAGE, wanted * PAGE))
        };
        let table = |present, wanted| Err((Resource::TableElements, present, wanted));
        check("grow a", 3, memory(3, 3));
        check("grow a", 1, Ok(1));
        check("grow b", 2, memory(4, 2));
        check("grow b", 1, Ok(2));
        check("grow a", 1, memory(5, 1));
        check("grow a", 0, Ok(2));
        check("grow b", 0, Ok(3));
        check("grow a", 65_534, memory(5, 65_534));
        check("grow s", 4, table(7, 4));
        check("grow s", 2, Ok(3));
        check("grow t", 1, Ok(4));
        check("grow t", 1, table(10, 1));
        check(
            "grow t",
            i64::from(u32::MAX - 5),
            table(10, u32::MAX as usize - 5),
        );
        let used = store.resources_used();
        assert_eq!((used.instances, used.memories, used.tables), (1, 2, 2));
        assert_eq!((used.memory_size, used.table_elements), (5 * PAGE, 10));
    }
}

#[test]
fn what_is_made_counts_and_what_fails_does_not() {
    let mut store = limited(
        StoreLimitsBuilder::new()
            .total_memory_size(5 * PAGE)
            .total_table_elements(10)
            .instances(3),
    );
    let page = |pages| MemoryType::new(pages, None);
    let elements = |count| TableType::new(RefType::FUNCREF, count, None);
    Memory::new(&mut store, page(1)).unwrap();
    Table::new(&mut store, elements(2), Ref::Func(None)).unwrap();
    instantiate(&mut store, TWO).unwrap();
    let before = store.resources_used();
    assert_eq!(
        exceeded(instantiate(&mut store, TWO)),
        (Resource::MemorySize, 5 * PAGE, 4 * PAGE, 3 * PAGE)
    );
    assert_eq!(
        exceeded(instantiate(&mut store, "(memory 1) (table 2 funcref)")),
        (Resource::TableElements, 10, 9, 2)
    );
    assert_eq!(
        exceeded(Memory::new(&mut store, page(2))),
        (Resource::MemorySize, 5 * PAGE, 4 * PAGE, 2 * PAGE)
    );
    assert_eq!(
        exceeded(Table::new(&mut store, elements(2), Ref::Func(None))),
        (Resource::TableElements, 10, 9, 2)
    );
    // More than any machine has.
    assert_eq!(
        exceeded(instantiate(
            &mut store,
            "(memory i64 0xffff_ffff_ffff) (memory i64 0xffff_ffff_ffff)"
        )),
        (Resource::MemorySize, 5 * PAGE, 4 * PAGE, usize::MAX)
    );
    assert_eq!(store.resources_used(), before);
    // Active segments that do not fit come later, but nobody has got a reference to the instance.
    let data = r#"(memory 1) (data (i32.const 65536) "x")"#;
    let error = instantiate(&mut store, data).unwrap_err();
    assert!(error.is::<Trap>(), "{error:?}");
    assert_eq!(store.resources_used(), before);
    // A start function may have given one away: the instance stays.
    let start = "(memory 1) (func $start unreachable) (start $start)";
    let error = instantiate(&mut store, start).unwrap_err();
    assert!(error.is::<Trap>(), "{error:?}");
    assert_eq!(store.resources_used().memory_size, 5 * PAGE);
    assert_eq!(store.resources_used().instances, 2);
    check_error(
        Memory::new(&mut store, page(1)),
        &[
            "total memory size in bytes too high at 393216: the limit is 327680, there are 327680, and 65536 more are wanted",
        ],
    );
}

#[test]
fn instances_that_fail_do_not_use_up_the_limit() {
    let mut store = limited(
        StoreLimitsBuilder::new()
            .instances(1)
            .total_memory_size(PAGE),
    );
    for _ in 0..100 {
        assert_eq!(
            exceeded(instantiate(&mut store, "(memory 2)")),
            (Resource::MemorySize, PAGE, 0, 2 * PAGE)
        );
    }
    instantiate(&mut store, "(memory 1)").unwrap();
    assert_eq!(
        exceeded(instantiate(&mut store, "(module)")),
        (Resource::Instances, 1, 1, 1)
    );
}

#[test]
fn limits_of_zero() {
    let none = || {
        StoreLimitsBuilder::new()
            .instances(0)
            .memories(0)
            .tables(0)
            .memory_size(0)
            .table_elements(0)
            .total_memory_size(0)
            .total_table_elements(0)
            .gc_heap_size(0)
    };
    for trap in [false, true] {
        let mut store = limited(none().trap_on_grow_failure(trap));
        // The store still is good for functions of the host.
        let double = Func::wrap(&mut store, |x: i32| x * 2);
        let double = double.typed::<i32, i32>(&store).unwrap();
        assert_eq!(double.call(&mut store, 21).unwrap(), 42);
        assert_eq!(
            exceeded(instantiate(&mut store, "(module)")),
            (Resource::Instances, 0, 0, 1)
        );
        let empty = MemoryType::new(0, None);
        assert_eq!(
            exceeded(Memory::new(&mut store, empty)),
            (Resource::Memories, 0, 0, 1)
        );
        let empty = TableType::new(RefType::FUNCREF, 0, None);
        assert_eq!(
            exceeded(Table::new(&mut store, empty, Ref::Func(None))),
            (Resource::Tables, 0, 0, 1)
        );
        assert_eq!(store.resources_used(), Default::default());

        // Empty memories and tables where only sizes are limited; they never grow.
        let mut store = limited(
            none()
                .instances(1)
                .memories(1)
                .tables(1)
                .trap_on_grow_failure(trap),
        );
        let instance = instantiate(
            &mut store,
            r#"(memory 0) (table 0 funcref)
               (func (export "memory") (param i64) (result i64)
                   (i64.extend_i32_s (memory.grow (i32.wrap_i64 (local.get 0)))))
               (func (export "table") (param i64) (result i64)
                   (i64.extend_i32_s (table.grow (ref.null func) (i32.wrap_i64 (local.get 0)))))"#,
        )
        .unwrap();
        for name in ["memory", "table"] {
            for by in [1, 65_536, i64::from(u32::MAX)] {
                match (call(&mut store, instance, name, by), trap) {
                    (Ok(-1), false) => {}
                    (Err(error), true) => check_error::<()>(Err(error), &["forcing trap"]),
                    (other, _) => panic!("{other:?}"),
                }
            }
            assert_eq!(call(&mut store, instance, name, 0).unwrap(), 0);
        }
    }
}

#[test]
fn the_smaller_of_two_limits_holds() {
    for (each, total) in [(2, 5), (5, 2)] {
        let limits = StoreLimitsBuilder::new()
            .memory_size(each * PAGE)
            .total_memory_size(total * PAGE);
        let mut store = limited(limits);
        let memory = Memory::new(&mut store, MemoryType::new(0, None)).unwrap();
        memory.grow(&mut store, 2).unwrap();
        check_error(
            memory.grow(&mut store, 1),
            &["failed to grow memory by `1`"],
        );
    }
}

#[cfg(feature = "threads")]
#[test]
fn a_shared_memory_counts_where_it_is_made() {
    let mut store = limited(StoreLimitsBuilder::new().total_memory_size(5 * PAGE));
    let make = r#"(memory (export "m") 1 4 shared)
        (func (export "grow") (param i64) (result i64)
            (i64.extend_i32_s (memory.grow (i32.wrap_i64 (local.get 0)))))"#;
    let instance = instantiate(&mut store, make).unwrap();
    assert_eq!(store.resources_used().memory_size, 4 * PAGE);
    // Up to its maximum it is counted already.
    assert_eq!(call(&mut store, instance, "grow", 3).unwrap(), 1);
    assert_eq!(call(&mut store, instance, "grow", 1).unwrap(), -1);
    assert_eq!(store.resources_used().memory_size, 4 * PAGE);
    assert_eq!(
        exceeded(instantiate(&mut store, make)),
        (Resource::MemorySize, 5 * PAGE, 4 * PAGE, 4 * PAGE)
    );
    // Not where it is imported, nor where the host makes it.
    let memory = instance.get_shared_memory(&mut store, "m").unwrap();
    let engine = store.engine().clone();
    let mut other = Store::new(
        &engine,
        StoreLimitsBuilder::new().total_memory_size(0).build(),
    );
    other.limiter(|limits| limits);
    let import = module(&engine, r#"(import "" "" (memory 1 4 shared))"#);
    Instance::new(&mut other, &import, &[memory.into()]).unwrap();
    wasmetal::SharedMemory::new(&engine, MemoryType::shared(1, 4)).unwrap();
    assert_eq!(other.resources_used().memory_size, 0);
}

#[cfg(feature = "gc")]
#[test]
fn the_heap_grows_up_to_its_limit() {
    // Keeps `n` arrays of about 1 KiB alive.
    let wat = r#"
        (type $bytes (array (mut i8)))
        (type $list (struct (field (ref $bytes)) (field (ref null $list))))
        (func (export "keep") (param i64) (result i64)
            (local $list (ref null $list))
            (loop $more
                (local.set $list (struct.new $list
                    (array.new_default $bytes (i32.const 1000)) (local.get $list)))
                (br_if $more (i64.ne (i64.const 0)
                    (local.tee 0 (i64.sub (local.get 0) (i64.const 1))))))
            (i64.const 7))"#;
    for (limit, fit) in [(0, 0), (PAGE, 16), (3 << 20, 1400)] {
        for trap in [false, true] {
            let limits = StoreLimitsBuilder::new().gc_heap_size(limit);
            let mut store = limited(limits.trap_on_grow_failure(trap));
            let instance = instantiate(&mut store, wat).unwrap();
            if fit > 0 {
                assert_eq!(call(&mut store, instance, "keep", fit).unwrap(), 7);
            }
            for _ in 0..3 {
                let error = call(&mut store, instance, "keep", 1 + 2 * fit).unwrap_err();
                match error.downcast_ref::<ResourceLimitExceeded>() {
                    Some(error) => {
                        assert!(trap);
                        assert_eq!((error.resource, error.limit), (Resource::GcHeapSize, limit));
                        assert!(error.present + error.wanted > limit, "{error}");
                    }
                    None => assert!(!trap && error.is::<wasmetal::GcHeapOutOfMemory<()>>()),
                }
                let size = store.resources_used().gc_heap_size;
                assert!(size <= limit && size == store.gc_heap_capacity(), "{size}");
            }
            // What was kept is garbage now.
            if fit > 0 {
                assert_eq!(call(&mut store, instance, "keep", fit).unwrap(), 7);
            }
        }
    }
}
