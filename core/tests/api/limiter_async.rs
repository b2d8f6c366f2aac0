//! Limiters that answer later: what waits for them, and what can't.

use crate::async_deadlines::LATER;
use crate::asynchronous::{block_on, poll_once, run, wait};
use crate::support::{config, engines, module};
use async_trait::async_trait;
use std::future::pending;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::time::Duration;
use wasmetal::{
    Engine, Func, Instance, Memory, MemoryType, Ref, RefType, ResourceLimiterAsync, Result, Store,
    Table, TableType, Trap, TypedFunc, bail,
};

/// What a limiter does after it has waited.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Then {
    Allows,
    Refuses,
    Fails,
    Panics,
    /// Never.
    Waits,
}

struct Quota {
    polls: u32,
    then: Then,
    asked: Vec<(char, usize, usize)>,
    /// What it was told of growth that it had allowed.
    failed: u32,
}

impl Quota {
    async fn answer(&mut self, what: char, current: usize, desired: usize) -> Result<bool> {
        self.asked.push((what, current, desired));
        wait(self.polls).await;
        match self.then {
            Then::Allows => Ok(true),
            Then::Refuses => Ok(false),
            Then::Fails => bail!("no quota"),
            Then::Panics => panic!("no quota"),
            Then::Waits => pending().await,
        }
    }
}

#[async_trait]
impl ResourceLimiterAsync for Quota {
    async fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        _: Option<usize>,
    ) -> Result<bool> {
        self.answer('m', current, desired).await
    }

    fn memory_grow_failed(&mut self, _: wasmetal::Error) -> Result<()> {
        self.failed += 1;
        Ok(())
    }

    async fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        _: Option<usize>,
    ) -> Result<bool> {
        self.answer('t', current, desired).await
    }

    fn instances(&self) -> usize {
        7
    }
}

/// A store, whose limiter is set.
fn limited(engine: &Engine, polls: u32, then: Then) -> Store<Quota> {
    let quota = Quota {
        polls,
        then,
        asked: Vec::new(),
        failed: 0,
    };
    let mut store = Store::new(engine, quota);
    store.limiter_async(|quota| quota);
    store
}

const GROWS: &str = r#"(module
    (memory (export "m") 1 4)
    (table (export "t") 2 9 funcref)
    (func (export "memory") (param i32) (result i32)
        (i32.add (i32.mul (i32.const 100) (memory.grow (local.get 0))) (memory.size)))
    (func (export "table") (param i32) (result i32)
        (i32.add (i32.mul (i32.const 100) (table.grow (ref.null func) (local.get 0))) (table.size))))"#;

/// The module's functions, in a store whose limiter does this from now on.
fn grows(
    engine: &Engine,
    polls: u32,
    then: Then,
) -> (Store<Quota>, Instance, [TypedFunc<i32, i32>; 2]) {
    let mut store = limited(engine, 0, Then::Allows);
    let instance = Instance::new(&mut store, &module(engine, GROWS), &[]).unwrap();
    let funcs = ["memory", "table"].map(|name| instance.get_typed_func(&mut store, name).unwrap());
    let quota = store.data_mut();
    (quota.polls, quota.then) = (polls, then);
    quota.asked.clear();
    (store, instance, funcs)
}

#[test]
fn code_waits_to_grow() {
    for engine in engines() {
        let check = |polls: u32, then, by: i32, expected: [Option<i32>; 2], failed: u32| {
            let (mut store, _, funcs) = grows(&engine, polls, then);
            for (func, expected) in funcs.iter().zip(expected) {
                let (result, polled) = block_on(func.call_async(&mut store, by));
                assert_eq!(polled, 1 + polls as usize);
                assert_eq!(result.as_ref().ok(), expected.as_ref(), "{result:?}");
                if let Err(error) = result {
                    assert_eq!(error.root_cause().to_string(), "no quota");
                }
            }
            let page = 1 << 16;
            let by = by as usize;
            let asked = [('m', page, (1 + by) * page), ('t', 2, 2 + by)];
            assert_eq!(store.data().asked, asked);
            assert_eq!(store.data().failed, failed);
            // The store goes on.
            let quota = store.data_mut();
            (quota.polls, quota.then) = (1, Then::Allows);
            assert!(run(funcs[0].call_async(&mut store, 0)).is_ok());
        };
        for polls in [0, 1, 3] {
            check(polls, Then::Allows, 2, [Some(103), Some(204)], 0);
            // More than the type allows.
            check(polls, Then::Allows, 20, [Some(-99), Some(-98)], 1);
            check(polls, Then::Refuses, 2, [Some(-99), Some(-98)], 0);
            check(polls, Then::Fails, 2, [None, None], 0);
        }
    }
}

#[test]
fn what_cannot_wait_says_so() {
    for engine in engines() {
        let (mut store, instance, funcs) = grows(&engine, 0, Then::Allows);
        // It need not wait.
        assert_eq!(funcs[0].call(&mut store, 1).unwrap(), 102);
        assert_eq!(funcs[1].call(&mut store, 1).unwrap(), 203);
        store.data_mut().polls = 1;
        let memory = instance.get_memory(&mut store, "m").unwrap();
        let table = instance.get_table(&mut store, "t").unwrap();
        let mut check = |fails: &dyn Fn(&mut Store<Quota>) -> wasmetal::Error| {
            let error = format!("{:?}", fails(&mut store));
            assert!(error.contains("the store's limiter has to wait"), "{error}");
        };
        check(&|store| funcs[0].call(store, 1).unwrap_err());
        check(&|store| funcs[1].call(store, 1).unwrap_err());
        check(&|store| memory.grow(store, 1).unwrap_err());
        check(&|store| table.grow(store, 1, Ref::Func(None)).unwrap_err());
        check(&|store| Memory::new(store, MemoryType::new(1, None)).unwrap_err());
        check(&|store| Instance::new(store, &module(&engine, GROWS), &[]).unwrap_err());
        check(&|store| {
            let ty = TableType::new(RefType::FUNCREF, 1, None);
            Table::new(store, ty, Ref::Func(None)).unwrap_err()
        });
        assert_eq!((memory.size(&store), table.size(&store)), (2, 3));
        // The limiter that was set last is the store's.
        store.limiter(|_| Box::leak(Box::new(wasmetal::StoreLimits::default())));
        assert_eq!(funcs[0].call(&mut store, 1).unwrap(), 203);
    }
}

#[test]
fn the_host_waits_to_grow() {
    for engine in engines() {
        let mut store = limited(&engine, 2, Then::Allows);
        let (memory, polled) = block_on(Memory::new_async(&mut store, MemoryType::new(1, None)));
        let memory = memory.unwrap();
        assert_eq!(polled, 3);
        assert_eq!(run(memory.grow_async(&mut store, 2)).unwrap(), 1);
        let ty = TableType::new(RefType::FUNCREF, 3, None);
        let table = run(Table::new_async(&mut store, ty.clone(), Ref::Func(None))).unwrap();
        let null = || Ref::Func(None);
        assert_eq!(run(table.grow_async(&mut store, 4, null())).unwrap(), 3);
        let page = 1 << 16;
        let asked = [
            ('m', 0, page),
            ('m', page, 3 * page),
            ('t', 0, 3),
            ('t', 3, 7),
        ];
        assert_eq!(store.data().asked, asked);
        for then in [Then::Refuses, Then::Fails] {
            store.data_mut().then = then;
            assert!(run(memory.grow_async(&mut store, 2)).is_err());
            assert!(run(table.grow_async(&mut store, 2, null())).is_err());
            assert!(run(Table::new_async(&mut store, ty.clone(), null())).is_err());
            assert!(run(Memory::new_async(&mut store, MemoryType::new(1, None))).is_err());
        }
        // Dropped in the middle.
        store.data_mut().then = Then::Waits;
        poll_once(pin!(memory.grow_async(&mut store, 2)));
        poll_once(pin!(table.grow_async(&mut store, 2, null())));
        assert_eq!((memory.size(&store), table.size(&store)), (3, 7));
        store.data_mut().then = Then::Allows;
        assert_eq!(run(memory.grow_async(&mut store, 2)).unwrap(), 3);
    }
}

#[test]
fn instantiations_wait() {
    for engine in engines() {
        let text = r#"(module (memory 1) (memory 2) (table 3 funcref) (func (export "f") (result i32) (i32.const 5))
            (data (memory 1) (i32.const 0) "x") (elem (i32.const 0) 0))"#;
        let module = module(&engine, text);
        let mut store = limited(&engine, 2, Then::Allows);
        let (instance, polled) = block_on(Instance::new_async(&mut store, &module, &[]));
        assert_eq!(polled, 1 + 3 * 2);
        let f = instance.unwrap().get_typed_func::<(), i32>(&mut store, "f");
        assert_eq!(run(f.unwrap().call_async(&mut store, ())).unwrap(), 5);
        let page = 1 << 16;
        let asked = [('m', 0, page), ('m', 0, 2 * page), ('t', 0, 3)];
        assert_eq!(store.data().asked, asked);
        let used = store.resources_used();
        for then in [Then::Refuses, Then::Fails] {
            store.data_mut().then = then;
            assert!(run(Instance::new_async(&mut store, &module, &[])).is_err());
        }
        // Dropped at each of the places where it waits.
        store.data_mut().then = Then::Allows;
        for polls in 0..6 {
            let mut instance = Box::pin(Instance::new_async(&mut store, &module, &[]));
            for _ in 0..polls {
                poll_once(instance.as_mut());
            }
        }
        assert_eq!(store.resources_used(), used);
        assert!(run(Instance::new_async(&mut store, &module, &[])).is_ok());
    }
}

#[test]
#[cfg(feature = "gc")]
fn objects_wait_for_the_heap() {
    let text = r#"(module
        (type $node (struct (field i32) (field (ref null $node))))
        (type $bytes (array i8))
        (data $data "0123456789abcdef")
        (global $first (ref $node) (struct.new $node (i32.const 7) (ref.null $node)))
        (func (export "f") (param $n i32) (result i32) (local $list (ref null $node)) (local $sum i32)
            (local.set $list (global.get $first))
            (loop
                (drop (array.new_data $bytes $data (i32.const 3) (i32.const 5)))
                (local.set $list (struct.new $node (local.get $n) (local.get $list)))
                (br_if 0 (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
            (loop
                (local.set $sum (i32.add (local.get $sum) (struct.get $node 0 (local.get $list))))
                (br_on_null 1 (local.tee $list (struct.get $node 1 (local.get $list))))
                (drop) (br 0))
            (local.get $sum)))"#;
    let text = text.replace(
        "(br_on_null 1 (local.tee $list (struct.get $node 1 (local.get $list))))\n                (drop) (br 0))",
        "(local.set $list (struct.get $node 1 (local.get $list)))\n                (br_if 0 (i32.eqz (ref.is_null (local.get $list)))))",
    );
    for explicit in [false, true] {
        let mut config = config();
        config.explicit_checks(explicit).consume_fuel(true);
        config.gc_heap_initial_size(1 << 16);
        let engine = Engine::new(&config).unwrap();
        let module = module(&engine, &text);
        let (n, sum) = (20_000, 7 + 20_000 * 20_001 / 2);
        // As if the answers came at once, fuel included.
        let lives = |polls| {
            let mut store = limited(&engine, polls, Then::Allows);
            store.set_fuel(10_000_000).unwrap();
            let instance = run(Instance::new_async(&mut store, &module, &[])).unwrap();
            let asked = store.data().asked.len();
            let f = instance
                .get_typed_func::<i32, i32>(&mut store, "f")
                .unwrap();
            let (result, polled) = block_on(f.call_async(&mut store, n));
            assert_eq!(result.unwrap(), sum);
            let asked = store.data().asked.len() - asked;
            assert!(asked > 0);
            assert_eq!(polled, 1 + asked * polls as usize);
            run(store.gc_async(None)).unwrap();
            store.get_fuel().unwrap()
        };
        assert_eq!(lives(0), lives(2));
        // Ended while it waits.
        let check = |then: Then| {
            let mut store = limited(&engine, 1, Then::Allows);
            store.set_fuel(10_000_000).unwrap();
            let instance = run(Instance::new_async(&mut store, &module, &[])).unwrap();
            let f = instance
                .get_typed_func::<i32, i32>(&mut store, "f")
                .unwrap();
            store.data_mut().then = then;
            {
                let mut call = pin!(f.call_async(&mut store, n));
                poll_once(call.as_mut());
                if then != Then::Waits {
                    assert!(run(call).is_err());
                }
            }
            store.data_mut().then = Then::Allows;
            assert_eq!(run(f.call_async(&mut store, n)).unwrap(), sum);
        };
        check(Then::Fails);
        check(Then::Refuses);
        check(Then::Waits);
        // What the host makes can't wait, but by the functions that may.
        let mut store = limited(&engine, 1, Then::Allows);
        store.set_fuel(10_000_000).unwrap();
        let instance = Instance::new(&mut store, &module, &[]);
        let error = format!("{:?}", instance.unwrap_err());
        assert!(error.contains("limiter has to wait"), "{error}");
    }
}

#[test]
fn growth_that_is_dropped_or_ends_otherwise() {
    for engine in engines() {
        for which in 0..2 {
            let (mut store, _, funcs) = grows(&engine, 1, Then::Waits);
            let func = &funcs[which];
            for polls in 0..3 {
                let mut call = Box::pin(func.call_async(&mut store, 1));
                for _ in 0..polls {
                    poll_once(call.as_mut());
                }
            }
            // The deadline passes.
            store.set_deadline(Some(Duration::ZERO)).unwrap();
            store.set_deadline(Some(LATER)).unwrap();
            let mut call = Box::pin(func.call_async(&mut store, 1));
            poll_once(call.as_mut());
            std::thread::sleep(2 * LATER);
            let error = run(call).unwrap_err();
            assert_eq!(error.downcast_ref(), Some(&Trap::Interrupt));
            store.set_deadline(None).unwrap();
            // It panics.
            store.data_mut().then = Then::Panics;
            let mut call = Box::pin(func.call_async(&mut store, 1));
            poll_once(call.as_mut());
            assert!(catch_unwind(AssertUnwindSafe(|| run(call.as_mut()))).is_err());
            drop(call);
            let quota = store.data_mut();
            quota.then = Then::Allows;
            let expected = [102, 203][which];
            assert_eq!(run(func.call_async(&mut store, 1)).unwrap(), expected);
        }
    }
}

#[test]
fn the_limiter_of_a_call_in_a_call() {
    for engine in engines() {
        let (mut store, _, funcs) = grows(&engine, 2, Then::Allows);
        let [memory, table] = funcs;
        let both = Func::wrap_async(
            &mut store,
            move |mut caller: wasmetal::Caller<'_, Quota>, ()| {
                Box::new(async move {
                    let first = memory.call_async(&mut caller, 1).await?;
                    wait(1).await;
                    Ok::<_, wasmetal::Error>(first + table.call_async(&mut caller, 1).await?)
                })
            },
        );
        let text = r#"(module (import "" "" (func $f (result i32))) (memory 1)
            (func (export "f") (result i32) (i32.add (call $f) (memory.grow (i32.const 3)))))"#;
        let outer = run(Instance::new_async(
            &mut store,
            &module(&engine, text),
            &[both.into()],
        ));
        let outer = outer
            .unwrap()
            .get_typed_func::<(), i32>(&mut store, "f")
            .unwrap();
        let (result, polled) = block_on(outer.call_async(&mut store, ()));
        assert_eq!(
            (result.unwrap(), polled),
            (102 + 203 + 1, 1 + 2 + 1 + 2 + 2)
        );
    }
}

/// Objects that the host makes wait for the heap; dropped meanwhile, they leave nothing.
#[test]
#[cfg(feature = "gc")]
fn objects_of_the_host_wait() {
    use wasmetal::{
        ArrayRef, ArrayRefPre, ArrayType, ExternRef, FieldType, Mutability, StorageType, StructRef,
        StructRefPre, StructType, Val, ValType,
    };
    for engine in engines() {
        let mut store = limited(&engine, 2, Then::Allows);
        let field = |ty| FieldType::new(Mutability::Var, ty);
        let number = || field(StorageType::ValType(ValType::I64));
        let pair = StructType::new(&engine, [number(), number()]).unwrap();
        let pair = StructRefPre::new(&mut store, pair);
        let numbers = ArrayRefPre::new(&mut store, ArrayType::new(&engine, number()));
        let bytes = ArrayType::new(&engine, field(StorageType::I8));
        let bytes = ArrayRefPre::new(&mut store, bytes);
        let value = run(ExternRef::new_async(&mut store, 5_u8)).unwrap();
        assert!(value.data(&store).unwrap().is_some());
        assert_eq!(store.data().asked, []);
        let fields = [Val::I64(1), Val::I64(2)];
        let object = run(StructRef::new_async(&mut store, &pair, &fields)).unwrap();
        assert_eq!(store.data().asked.len(), 1);
        // Each takes more than there is room for: as much as both halves of the heap.
        let many = |store: &Store<Quota>| store.gc_heap_capacity() as u32 / 8;
        let mut asked = 1;
        for what in 0..3 {
            let many = many(&store);
            let (bytes_of, elems) = (vec![7; 8 * many as usize], vec![Val::I64(3); many as usize]);
            let make = |store: &mut Store<Quota>, polls: Option<u32>| {
                let elem = Val::I64(4);
                let mut array: std::pin::Pin<Box<dyn Future<Output = Result<_>> + Send>> =
                    match what {
                        0 => Box::pin(ArrayRef::new_async(store, &numbers, &elem, many)),
                        1 => Box::pin(ArrayRef::new_fixed_async(store, &numbers, &elems)),
                        _ => Box::pin(ArrayRef::new_from_i8_slice_async(store, &bytes, &bytes_of)),
                    };
                match polls {
                    None => {
                        let (array, polled) = block_on(array);
                        assert!(polled > 2);
                        Some(array)
                    }
                    Some(polls) => {
                        for _ in 0..polls {
                            poll_once(array.as_mut());
                        }
                        None
                    }
                }
            };
            // Dropped where it waits.
            let capacity = store.gc_heap_capacity();
            for polls in 0..3 {
                make(&mut store, Some(polls));
            }
            assert_eq!(store.gc_heap_capacity(), capacity);
            for then in [Then::Refuses, Then::Fails] {
                store.data_mut().then = then;
                assert!(make(&mut store, None).unwrap().is_err());
            }
            store.data_mut().then = Then::Allows;
            let array = make(&mut store, None).unwrap().unwrap();
            let last = array.len(&store).unwrap() - 1;
            let expected = [4, 3, 7][what];
            let last = array.get(&mut store, last).unwrap();
            assert_eq!(last.i64().or(last.i32().map(i64::from)), Some(expected));
            assert!(store.data().asked.len() > asked);
            asked = store.data().asked.len();
        }
        assert_eq!(object.field(&mut store, 1).unwrap().unwrap_i64(), 2);
    }
}

#[test]
#[cfg(feature = "exceptions")]
fn exceptions_of_the_host_wait() {
    use wasmetal::{ExnRef, ExnRefPre, ExnType, FuncType, Tag, TagType, Val, ValType};
    let engine = crate::support::engine();
    let mut store = limited(&engine, 2, Then::Allows);
    let ty = TagType::new(FuncType::new(&engine, [ValType::I32], []));
    let tag = Tag::new(&mut store, &ty).unwrap();
    let pre = ExnRefPre::new(&mut store, ExnType::from_tag_type(&ty).unwrap());
    poll_once(pin!(ExnRef::new_async(
        &mut store,
        &pre,
        &tag,
        &[Val::I32(5)]
    )));
    let (exception, polled) = block_on(ExnRef::new_async(&mut store, &pre, &tag, &[Val::I32(5)]));
    assert_eq!(polled, 3);
    let exception = exception.unwrap();
    assert_eq!(exception.field(&mut store, 0).unwrap().unwrap_i32(), 5);
}
