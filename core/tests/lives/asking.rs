//! Limiters and call hooks that answer later, what the host makes and grows by them, and times that pass for calls that wait.

use super::waiting::{end, pend, poll};
use super::{Exhausted, failed, grown};
use alloc::boxed::Box;
use core::future::{Future, pending};
use core::pin::Pin;
use core::time::Duration;
use wasmetal::*;
use wasmetal_wat::wat;

pub(crate) const GUEST: &[u8] = wat!(
    r#"(module
        (type $cell (struct (field i32) (field (ref null $cell))))
        (type $numbers (array (mut i64)))
        (import "host" "never" (func $never))
        (memory (export "memory") 1 9)
        (memory $shared 1 1 shared)
        (table (export "table") 2 funcref)
        (func (export "never") (param i32) (result i32) (call $never) (local.get 0))
        (func (export "same") (param i32) (result i32) (local.get 0))
        (func (export "memory_grow") (param i32) (result i32) (memory.grow (local.get 0)))
        (func (export "table_grow") (param i32) (result i32) (table.grow (ref.null func) (local.get 0)))
        (func (export "wait") (param i32) (result i32)
            (memory.atomic.wait32 $shared (i32.const 0) (i32.const 0) (i64.extend_i32_s (local.get 0))))
        (func (export "spin") (param i32) (result i32) (loop (br 0)) (unreachable))
        (func (export "list") (param $n i32) (result i32) (local $head (ref null $cell)) (local $sum i32)
            (loop $again
                (local.set $head (struct.new $cell (local.get $n) (local.get $head)))
                (drop (array.new $numbers (i64.const 1) (i32.const 500)))
                (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
            (loop $again
                (local.set $sum (i32.add (local.get $sum) (struct.get $cell 0 (local.get $head))))
                (br_if $again (i32.eqz (ref.is_null
                    (local.tee $head (struct.get $cell 1 (local.get $head)))))))
            (local.get $sum)))"#
);

/// Allows everything, later. What fails all the same ends who has asked, with the reason.
struct Quota;

type Answer<'a, R> = Pin<Box<dyn Future<Output = Result<R>> + Send + 'a>>;

impl ResourceLimiterAsync for Quota {
    fn memory_growing<'a, 'b>(
        &'a mut self,
        _: usize,
        _: usize,
        _: Option<usize>,
    ) -> Answer<'b, bool>
    where
        'a: 'b,
        Self: 'b,
    {
        Box::pin(async {
            pend(1).await;
            Ok(true)
        })
    }

    fn memory_grow_failed(&mut self, error: Error) -> Result<()> {
        Err(error)
    }

    fn table_growing<'a, 'b>(&'a mut self, _: usize, _: usize, _: Option<usize>) -> Answer<'b, bool>
    where
        'a: 'b,
        Self: 'b,
    {
        Box::pin(async {
            pend(1).await;
            Ok(true)
        })
    }

    fn table_grow_failed(&mut self, error: Error) -> Result<()> {
        Err(error)
    }
}

/// Has something rooted while it waits.
struct Hook;

impl CallHookHandler<Quota> for Hook {
    fn handle_call_event<'a, 'b, 'c>(
        &'a self,
        mut store: StoreContextMut<'b, Quota>,
        _: CallHook,
    ) -> Answer<'c, ()>
    where
        'a: 'c,
        'b: 'c,
        Self: 'c,
    {
        Box::pin(async move {
            let rooted = ExternRef::new(&mut store, 7_u64)?;
            pend(1).await;
            assert!(rooted.data(&store)?.is_some());
            Ok(())
        })
    }
}

/// `guest` is an image of [`GUEST`].
pub(crate) fn asking(engine: &Engine, guest: &[u8]) -> Result<()> {
    // SAFETY: what the compiler made.
    let module = unsafe { Module::deserialize_unsigned(engine, guest) }?;
    let mut store = Store::try_new(engine, Quota)?;
    store.limiter_async(|quota| quota);
    let mut linker = Linker::new(engine);
    linker.func_wrap_async("host", "never", |_: Caller<'_, Quota>, (): ()| {
        Box::new(pending::<()>())
    })?;
    let dropped = poll(linker.instantiate_async(&mut store, &module), 2);
    assert!(
        dropped.transpose()?.is_none(),
        "it waits for each memory and table"
    );
    let instance = end(linker.instantiate_async(&mut store, &module))?;

    growths(&mut store, instance)?;
    objects(&mut store, instance)?;
    times(&mut store, instance)?;
    store.call_hook_async(Hook);
    let same = instance.get_typed_func::<i32, i32>(&mut store, "same")?;
    for polls in 0..3 {
        poll(same.call_async(&mut store, 5), polls).transpose()?;
    }
    assert_eq!(end(same.call_async(&mut store, 5))?, 5);
    growths(&mut store, instance)?;
    times(&mut store, instance)
}

fn growths(store: &mut Store<Quota>, instance: Instance) -> Result<()> {
    let memory = instance.get_memory(&mut *store, "memory");
    let table = instance.get_table(&mut *store, "table");
    let (memory, table) = (memory.expect("exported"), table.expect("exported"));
    for name in ["memory_grow", "table_grow"] {
        let grow = instance.get_typed_func::<i32, i32>(&mut *store, name)?;
        let old = match name {
            "memory_grow" => memory.size(&*store) as i32,
            _ => table.size(&*store) as i32,
        };
        let dropped = poll(grow.call_async(&mut *store, 1), 1);
        assert!(dropped.transpose()?.is_none(), "the limiter answers later");
        grown(end(grow.call_async(&mut *store, 1))?, old)?;
    }
    let pages = memory.size(&*store);
    let dropped = poll(memory.grow_async(&mut *store, 1), 1);
    assert!(dropped.transpose()?.is_none());
    assert_eq!(end(memory.grow_async(&mut *store, 1))?, pages);
    let elements = table.size(&*store);
    let null = || Ref::Func(None);
    assert_eq!(end(table.grow_async(&mut *store, 1000, null()))?, elements);

    let ty = MemoryType::new(1, Some(3));
    let dropped = poll(Memory::new_async(&mut *store, ty.clone()), 1);
    assert!(dropped.transpose()?.is_none());
    let own = end(Memory::new_async(&mut *store, ty))?;
    own.write(&mut *store, 60_000, b"xyz")?;
    let ty = TableType::new(RefType::FUNCREF, 3, None);
    let own = end(Table::new_async(&mut *store, ty, null()))?;
    assert_eq!(own.size(&*store), 3);
    Ok(())
}

fn objects(store: &mut Store<Quota>, instance: Instance) -> Result<()> {
    let engine = &store.engine().clone();
    let list = instance.get_typed_func::<i32, i32>(&mut *store, "list")?;
    for polls in 0..3 {
        poll(list.call_async(&mut *store, 100), polls).transpose()?;
    }
    // The dead arrays make the heap collect and grow.
    assert_eq!(end(list.call_async(&mut *store, 100))?, 5050);
    let field = || FieldType::new(Mutability::Var, ValType::I64.into());
    let ty = StructType::new(engine, [field()])?;
    let pre = StructRefPre::try_new(&mut *store, ty)?;
    let cell = end(StructRef::new_async(&mut *store, &pre, &[Val::I64(8)]))?;
    let ty = ArrayType::new(engine, field());
    let pre = ArrayRefPre::try_new(&mut *store, ty)?;
    // More than the heap has.
    let large = 50_000;
    let dropped = poll(
        ArrayRef::new_async(&mut *store, &pre, &Val::I64(1), large),
        1,
    );
    assert!(dropped.transpose()?.is_none(), "the heap is to grow");
    let array = end(ArrayRef::new_async(&mut *store, &pre, &Val::I64(3), large))?;
    let fixed = end(ArrayRef::new_fixed_async(&mut *store, &pre, &[Val::I64(5)]))?;
    let ty = ExnType::new(engine, [ValType::I32])?;
    let tag = Tag::new(&mut *store, &ty.tag_type())?;
    let pre = ExnRefPre::new(&mut *store, ty);
    let exception = end(ExnRef::new_async(&mut *store, &pre, &tag, &[Val::I32(9)]))?;
    let thing = end(ExternRef::new_async(&mut *store, 6_u64))?;
    end(store.gc_async(None))?;
    assert_eq!(cell.field(&mut *store, 0)?.unwrap_i64(), 8);
    assert_eq!(array.get(&mut *store, large - 1)?.unwrap_i64(), 3);
    assert_eq!(fixed.get(&mut *store, 0)?.unwrap_i64(), 5);
    assert_eq!(exception.field(&mut *store, 0)?.unwrap_i32(), 9);
    let data = thing.data(&*store)?.expect("not null");
    assert_eq!(data.downcast_ref(), Some(&6_u64));
    Ok(())
}

/// The end of a call whose time is over, unless memory ran out.
fn interrupted(result: Result<i32>) -> Result<()> {
    let error = failed::<Trap, _>(result)?;
    assert_eq!(error.downcast_ref(), Some(&Trap::Interrupt), "{error:?}");
    Ok(())
}

/// Deadlines, alarms and slices.
fn times(store: &mut Store<Quota>, instance: Instance) -> Result<()> {
    let mut func = |name| instance.get_typed_func::<i32, i32>(&mut *store, name);
    let (never, same, wait, spin) = (func("never")?, func("same")?, func("wait")?, func("spin")?);
    // In a shared memory: until the time is over, or until it is dropped.
    match end(wait.call_async(&mut *store, 1000)) {
        Ok(result) => assert_eq!(result, 2, "timed out"),
        Err(error) if error.downcast_ref() == Some(&Trap::CannotBlock) => {
            return Err(Exhausted.into());
        }
        Err(error) => return Err(error),
    }
    poll(wait.call_async(&mut *store, -1), 4).transpose()?;

    let soon = Some(Duration::from_micros(100));
    for slice in [None, Some(Duration::ZERO)] {
        store.set_time_slice(slice)?;
        store.set_deadline(soon)?;
        interrupted(end(never.call_async(&mut *store, 0)))?;
        store.set_deadline(soon)?;
        interrupted(end(spin.call_async(&mut *store, 0)))?;
        store.set_deadline(Some(Duration::from_secs(3600)))?;
        poll(never.call_async(&mut *store, 0), 3).transpose()?;
        store.set_deadline(None)?;
        assert_eq!(end(same.call_async(&mut *store, 3))?, 3);
    }
    store.set_time_slice(None)
}
