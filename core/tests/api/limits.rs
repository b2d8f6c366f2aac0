//! `Store::limiter`: what a store may contain.

use crate::support::{check_error, engine, module};
use wasmetal::{
    Error, Instance, Memory, MemoryType, Ref, RefType, ResourceLimiter, Result, Store, StoreLimits,
    StoreLimitsBuilder, Table, TableType,
};

const GROWING: &str = r#"
    (memory (export "m") 1 10) (table (export "t") 1 10 funcref)
    (func (export "memory") (param i32) (result i32) (memory.grow (local.get 0)))
    (func (export "table") (param i32) (result i32) (table.grow (ref.null func) (local.get 0)))"#;

fn limited(limits: StoreLimitsBuilder) -> Store<StoreLimits> {
    let mut store = Store::new(&engine(), limits.build());
    store.limiter(|limits| limits);
    store
}

fn grow(store: &mut Store<StoreLimits>, instance: Instance, what: &str, by: i32) -> Result<i32> {
    instance
        .get_typed_func::<i32, i32>(&mut *store, what)
        .unwrap()
        .call(store, by)
}

#[test]
fn sizes() {
    let mut store = limited(
        StoreLimitsBuilder::new()
            .memory_size(3 << 16)
            .table_elements(3),
    );
    let growing = module(&store.engine().clone(), GROWING);
    let instance = Instance::new(&mut store, &growing, &[]).unwrap();
    for what in ["memory", "table"] {
        assert_eq!(grow(&mut store, instance, what, 2).unwrap(), 1);
        assert_eq!(grow(&mut store, instance, what, 1).unwrap(), -1);
        assert_eq!(grow(&mut store, instance, what, 0).unwrap(), 3);
    }
    let memory = instance.get_memory(&mut store, "m").unwrap();
    check_error(
        memory.grow(&mut store, 1),
        &["failed to grow memory by `1`"],
    );
    let error = Memory::new(&mut store, MemoryType::new(4, None));
    check_error(
        error,
        &["memory minimum size of 4 pages exceeds memory limits"],
    );
    let ty = TableType::new(RefType::FUNCREF, 4, None);
    let error = Table::new(&mut store, ty, Ref::Func(None));
    check_error(
        error,
        &["table minimum size of 4 elements exceeds table limits"],
    );
    let module = module(&store.engine().clone(), "(memory 4)");
    check_error(Instance::new(&mut store, &module, &[]), &["4 pages"]);
}

#[test]
fn counts() {
    let mut store = limited(StoreLimitsBuilder::new().instances(2).memories(1).tables(0));
    let empty = module(&store.engine().clone(), "(module)");
    Instance::new(&mut store, &empty, &[]).unwrap();
    Memory::new(&mut store, MemoryType::new(1, None)).unwrap();
    check_error(
        Memory::new(&mut store, MemoryType::new(1, None)),
        &["resource limit exceeded: memory count too high at 2"],
    );
    let table = module(&store.engine().clone(), "(table 1 funcref)");
    check_error(
        Instance::new(&mut store, &table, &[]),
        &["table count too high at 1"],
    );
    Instance::new(&mut store, &empty, &[]).unwrap();
    check_error(
        Instance::new(&mut store, &empty, &[]),
        &["instance count too high at 3"],
    );
}

#[test]
fn growth_that_fails_can_end_the_code() {
    let mut store = limited(
        StoreLimitsBuilder::new()
            .memory_size(2 << 16)
            .trap_on_grow_failure(true),
    );
    let growing = module(&store.engine().clone(), GROWING);
    let instance = Instance::new(&mut store, &growing, &[]).unwrap();
    check_error(
        grow(&mut store, instance, "memory", 2),
        &["forcing trap when growing memory"],
    );
    assert_eq!(grow(&mut store, instance, "memory", 1).unwrap(), 1);
    check_error(
        grow(&mut store, instance, "table", 11),
        &["forcing trap when growing table"],
    );
}

/// Writes down what it is asked, and answers from a list.
#[derive(Default)]
struct Witness {
    asked: Vec<String>,
    answers: Vec<Result<bool>>,
}

impl ResourceLimiter for Witness {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> Result<bool> {
        self.asked
            .push(format!("memory {current} {desired} {maximum:?}"));
        self.answers.pop().unwrap_or(Ok(true))
    }

    fn memory_grow_failed(&mut self, error: Error) -> Result<()> {
        self.asked.push(format!("memory failed: {error}"));
        Ok(())
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> Result<bool> {
        self.asked
            .push(format!("table {current} {desired} {maximum:?}"));
        self.answers.pop().unwrap_or(Ok(true))
    }

    fn table_grow_failed(&mut self, error: Error) -> Result<()> {
        self.asked.push(format!("table failed: {error}"));
        Ok(())
    }
}

#[test]
fn what_a_limiter_hears() {
    let mut store = Store::new(&engine(), Witness::default());
    store.limiter(|witness| witness);
    let growing = module(&store.engine().clone(), GROWING);
    let instance = Instance::new(&mut store, &growing, &[]).unwrap();
    let mut check = |what: &str,
                     by: i32,
                     answer: Option<Result<bool>>,
                     expected: Result<i32, &str>,
                     heard: &[&str]| {
        store.data_mut().asked.clear();
        store.data_mut().answers = answer.into_iter().collect();
        let f = instance
            .get_typed_func::<i32, i32>(&mut store, what)
            .unwrap();
        match (f.call(&mut store, by), expected) {
            (Ok(found), Ok(expected)) => assert_eq!(found, expected),
            (found, Err(part)) => check_error(found, &[part]),
            (Err(error), Ok(_)) => panic!("{error:?}"),
        }
        assert_eq!(store.data().asked, heard);
    };
    check("memory", 0, None, Ok(1), &[]);
    check(
        "memory",
        1,
        None,
        Ok(1),
        &["memory 65536 131072 Some(655360)"],
    );
    check(
        "memory",
        1,
        Some(Ok(false)),
        Ok(-1),
        &["memory 131072 196608 Some(655360)"],
    );
    let refuse = || Some(Err(wasmetal::format_err!("not now")));
    check(
        "memory",
        1,
        refuse(),
        Err("not now"),
        &["memory 131072 196608 Some(655360)"],
    );
    check(
        "memory",
        9,
        None,
        Ok(-1),
        &[
            "memory 131072 720896 Some(655360)",
            "memory failed: memory maximum size exceeded",
        ],
    );
    check("table", 2, None, Ok(1), &["table 1 3 Some(10)"]);
    check(
        "table",
        2,
        refuse(),
        Err("not now"),
        &["table 3 5 Some(10)"],
    );
    check(
        "table",
        8,
        None,
        Ok(-1),
        &[
            "table 3 11 Some(10)",
            "table failed: table maximum size exceeded",
        ],
    );
}

#[test]
fn ten_thousand_by_default() {
    let mut store = Store::new(&engine(), ());
    let empty = module(&store.engine().clone(), "(module)");
    for _ in 0..10_000 {
        Instance::new(&mut store, &empty, &[]).unwrap();
    }
    check_error(
        Instance::new(&mut store, &empty, &[]),
        &["instance count too high at 10001"],
    );
}

#[test]
fn a_limiter_that_panics_stays() {
    let mut store = Store::new(&engine(), Fussy(0));
    store.limiter(|fussy| fussy);
    let growing = module(&store.engine().clone(), GROWING);
    let instance = Instance::new(&mut store, &growing, &[]).unwrap();
    let memory = instance.get_memory(&mut store, "m").unwrap();
    let f = instance
        .get_typed_func::<i32, i32>(&mut store, "memory")
        .unwrap();
    crate::support::check_panic("not with me", || f.call(&mut store, 1));
    crate::support::check_panic("not with me", || memory.grow(&mut store, 1));
    assert_eq!((memory.size(&store), store.data().0), (1, 2));
}

/// Panics whenever something grows, and counts.
struct Fussy(u32);

impl ResourceLimiter for Fussy {
    fn memory_growing(&mut self, current: usize, _: usize, _: Option<usize>) -> Result<bool> {
        if current > 0 {
            self.0 += 1;
            panic!("not with me");
        }
        Ok(true)
    }

    fn table_growing(&mut self, _: usize, _: usize, _: Option<usize>) -> Result<bool> {
        Ok(true)
    }
}
