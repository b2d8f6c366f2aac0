//! Whole lives of the runtime, from an engine to its drop, for tests that let memory run out at any point. The
//! kernel `wasm_out_of_memory` lives them on the device.
//!
//! A life that fails says why; a wrong result panics.

pub(crate) mod asking;
pub(crate) mod hosting;
pub(crate) mod sharing;
pub(crate) mod stops;
pub(crate) mod storing;
pub(crate) mod waiting;
pub(crate) mod walk;

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use wasmetal::error::OutOfMemory;
use wasmetal::*;
use wasmetal_wat::wat;

/// A life in an engine.
pub(crate) type Life<'a> = &'a dyn Fn(&Engine) -> Result<()>;

const SMALL: &[u8] = wat!(
    r#"(module
        (memory (export "memory") 1)
        (data (i32.const 8) "hello")
        (func (export "run") (param i32) (result i32)
            (i32.add (local.get 0) (i32.load8_u (i32.const 8)))))"#
);

const LARGE: &[u8] = wat!(
    r#"(module $large
        (type $cell (struct (field (mut i32)) (field (mut (ref null $cell)))))
        (type $numbers (array (mut i64)))
        (type $binary (func (param i32 i32) (result i32)))
        (import "host" "double" (func $double (param i32) (result i32)))
        (import "host" "many" (func $many (param i32 i64 f32 f64) (result f64 i32)))
        (import "host" "keep" (func $keep (param externref) (result externref)))
        (import "host" "frames" (func $frames (result i32)))
        (import "host" "shared" (memory $shared 1 3 shared))
        (import "host" "table" (table $host 2 funcref))
        (import "host" "global" (global $global (mut i32)))
        (import "host" "tag" (tag $tag (param i32)))
        (memory $own (export "memory") 1)
        (table $table (export "table") 4 funcref)
        (table $externs (export "externs") 2 externref)
        (table $cells 3 (ref null $cell))
        (global $i31 (export "i31") (ref i31) (ref.i31 (i32.const 77)))
        (global $made (ref $cell) (struct.new $cell (i32.const 5) (ref.null $cell)))
        (tag $own (param i64 externref))
        (data (memory $own) (i32.const 65530) "abcdef")
        (data $passive "passive")
        (elem (table $table) (i32.const 0) func $add $double)
        (elem $later funcref (ref.func $sub) (ref.null func))
        (elem (table $cells) (i32.const 1) (ref null $cell)
            (item (struct.new $cell (i32.const 9) (global.get $made))))
        (start $begin)
        (func $begin
            (memory.init $own $passive (i32.const 0) (i32.const 0) (i32.const 7))
            (table.init $table $later (i32.const 2) (i32.const 0) (i32.const 2))
            (elem.drop $later)
            (data.drop $passive)
            (global.set $global (i32.const 11)))
        (func $add (type $binary) (i32.add (local.get 0) (local.get 1)))
        (func $sub (type $binary) (i32.sub (local.get 0) (local.get 1)))
        (func (export "call") (param i32 i32) (result i32)
            (call_indirect $table (type $binary) (local.get 0) (local.get 1) (i32.const 2)))
        (func (export "hosts") (param i32) (result i32) (local f64 i32)
            (call $many (local.get 0) (i64.const 2) (f32.const 3) (f64.const 4))
            (local.set 2) (local.set 1)
            (i32.add (call $double (local.get 2)) (i32.trunc_f64_s (local.get 1))))
        (func (export "grow") (param i32) (result i32) (memory.grow $own (local.get 0)))
        (func (export "grow_shared") (param i32) (result i32) (memory.grow $shared (local.get 0)))
        (func (export "grow_table") (param i32) (result i32)
            (table.grow $table (ref.null func) (local.get 0)))
        (func $deep (param i32) (result i32)
            (if (i32.eqz (local.get 0)) (then unreachable))
            (i32.add (call $deep (i32.sub (local.get 0) (i32.const 1))) (i32.const 1)))
        (export "trap" (func $deep))
        (func (export "fault") (result i32) (i32.load $own (i32.const -4)))
        (func (export "frames") (result i32) (call $frames))
        (func (export "catch") (param i32) (result i32)
            (block $caught (result i32)
                (try_table (catch $tag $caught) (throw $tag (local.get 0)))
                (i32.const -1)))
        (func (export "throw") (param externref) (throw $own (i64.const 42) (local.get 0)))
        (func (export "keep") (param externref) (result externref)
            (table.set $externs (i32.const 1) (call $keep (local.get 0)))
            (table.get $externs (i32.const 1)))
        (func (export "list") (param $n i32) (result i32) (local $head (ref null $cell)) (local $sum i32)
            (local $i i32)
            (local.set $i (local.get $n))
            (loop $again
                (local.set $head (struct.new $cell (local.get $i) (local.get $head)))
                (drop (array.new $numbers (i64.const 1) (i32.const 500)))
                (local.set $i (i32.sub (local.get $i) (i32.const 1)))
                (br_if $again (local.get $i)))
            (loop $again
                (local.set $sum (i32.add (local.get $sum) (struct.get $cell 0 (local.get $head))))
                (local.set $head (struct.get $cell 1 (local.get $head)))
                (br_if $again (i32.eqz (ref.is_null (local.get $head)))))
            (i32.add (local.get $sum)
                (struct.get $cell 0 (struct.get $cell 1 (table.get $cells (i32.const 1))))))
        (func (export "make") (param i32) (result (ref $cell))
            (struct.new $cell (local.get 0) (ref.null $cell))))"#
);

const COMMAND: &[u8] = wat!(
    r#"(module
        (import "lib" "call" (func $call (param i32 i32) (result i32)))
        (func (export "_start") (drop (call $call (i32.const 1) (i32.const 2)))))"#
);

/// Whether memory that ran out may be the reason.
pub(crate) fn is_exhaustion(error: &Error) -> bool {
    error.is::<OutOfMemory>()
        || error.is::<wasmetal_platform::Error>()
        || error.is::<Exhausted>()
        || error.is::<GcHeapOutOfMemory<()>>()
        || error.is::<GcHeapOutOfMemory<u64>>()
        || error.is::<GcHeapOutOfMemory<String>>()
        || matches!(
            error.downcast_ref(),
            Some(CompilationStopped::Memory { .. })
        )
}

/// A growth did not happen, which in Wasm is no error.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Exhausted;

impl core::fmt::Display for Exhausted {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("it did not grow")
    }
}

impl core::error::Error for Exhausted {}

fn grown(old: i32, expected: i32) -> Result<()> {
    if old == -1 {
        return Err(Exhausted.into());
    }
    assert_eq!(old, expected);
    Ok(())
}

/// The error that a call is to end with, unless memory ran out.
fn failed<E: core::error::Error + Send + Sync + 'static, R>(result: Result<R>) -> Result<Error> {
    match result {
        Err(error) if error.is::<E>() => Ok(error),
        Err(error) => Err(error),
        Ok(_) => panic!("no error"),
    }
}

/// Compile, instantiate, call.
pub(crate) fn small(engine: &Engine) -> Result<()> {
    let module = Module::new(engine, SMALL)?;
    let mut store = Store::try_new(engine, ())?;
    // Where the engine counts.
    let _ = store.set_fuel(1000);
    store.set_epoch_deadline(1);
    let instance = Instance::new(&mut store, &module, &[])?;
    let run = instance.get_typed_func::<i32, i32>(&mut store, "run")?;
    assert_eq!(run.call(&mut store, 1)?, 1 + i32::from(b'h'));
    Ok(())
}

/// All that there is.
pub(crate) fn large(engine: &Engine) -> Result<()> {
    let module = Module::new(engine, LARGE)?;
    let image = module.serialize()?;
    drop(module);
    // SAFETY: just made.
    let module = unsafe { Module::deserialize_unsigned(engine, &image) }?;
    // SAFETY: the image was just made.
    let loaded = unsafe { Module::load_unsigned(engine, &image) }?;
    assert!(loaded.recompiled.is_none());
    drop((loaded, image));
    assert_eq!(module.imports().len(), 8);

    let mut store = Store::try_new(engine, 0_u32)?;
    let mut linker = Linker::new(engine);
    let shared = SharedMemory::new(engine, MemoryType::shared(1, 3))?;
    let i32 = ValType::I32;
    define(&mut linker, &mut store, &shared)?;
    let instance = linker.instantiate(&mut store, &module)?;
    assert_eq!(*store.data(), 0);

    calls(&mut store, instance)?;
    memories(&mut store, instance, &shared)?;
    errors(&mut store, instance)?;
    objects(&mut store, instance)?;

    linker.instance(&mut store, "lib", instance)?;
    linker.alias_module("lib", "other")?;
    linker.alias("lib", "call", "lib", "again")?;
    let command = Module::new(engine, COMMAND)?;
    linker.module(&mut store, "command", &command)?;
    linker
        .get_default(&mut store, "command")?
        .call(&mut store, &[], &mut [])?;
    let pre = linker.instantiate_pre(&module)?;
    let mut other = Store::new(engine, 7_u32);
    assert!(
        pre.instantiate(&mut other).is_err(),
        "it is another store's"
    );
    let second = pre.instantiate(&mut store)?;
    calls(&mut store, second)?;

    // What can't fail.
    let ty = FuncType::new(engine, [i32.clone()], [i32]);
    let negate = Func::new(&mut store, ty, |_, params, results| {
        results[0] = Val::I32(-params[0].unwrap_i32());
        Ok(())
    });
    let next = Func::wrap(&mut store, |x: i32| x + 1);
    let mut result = [Val::I32(0)];
    negate.call(&mut store, &[Val::I32(5)], &mut result)?;
    next.call(&mut store, &[result[0]], &mut result)?;
    assert_eq!(result[0].unwrap_i32(), -4);
    Ok(())
}

fn define(linker: &mut Linker<u32>, store: &mut Store<u32>, shared: &SharedMemory) -> Result<()> {
    let engine = &linker.engine().clone();
    linker.func_wrap("host", "double", |x: i32| x * 2)?;
    let params = [ValType::I32, ValType::I64, ValType::F32, ValType::F64];
    let many = FuncType::try_new(engine, params, [ValType::F64, ValType::I32])?;
    linker.func_new("host", "many", many, |mut caller, params, results| {
        *caller.data_mut() += 1;
        results[0] = Val::F64((params[3].unwrap_f64() + 1.0).to_bits());
        results[1] = params[0];
        Ok(())
    })?;
    let keep = |_: Caller<'_, u32>, value: Option<Rooted<ExternRef>>| value;
    linker.func_wrap("host", "keep", keep)?;
    linker.func_wrap("host", "frames", |caller: Caller<'_, u32>| {
        WasmBacktrace::force_capture(&caller).frames().len() as i32
    })?;
    linker.define(&mut *store, "host", "shared", shared.clone())?;
    let ty = TableType::new(RefType::FUNCREF, 2, None);
    let table = Table::new(&mut *store, ty, Ref::Func(None))?;
    linker.define(&mut *store, "host", "table", table)?;
    let ty = GlobalType::new(ValType::I32, Mutability::Var);
    let global = Global::new(&mut *store, ty, Val::I32(3))?;
    linker.define(&mut *store, "host", "global", global)?;
    let ty = TagType::new(FuncType::try_new(engine, [ValType::I32], [])?);
    let tag = Tag::new(&mut *store, &ty)?;
    linker.define(&mut *store, "host", "tag", tag)?;
    Ok(())
}

fn calls(store: &mut Store<u32>, instance: Instance) -> Result<()> {
    let call = instance.get_typed_func::<(i32, i32), i32>(&mut *store, "call")?;
    assert_eq!(call.call(&mut *store, (9, 4))?, 5);
    let hosts = instance.get_func(&mut *store, "hosts").expect("exported");
    let mut result = [Val::I32(0)];
    hosts.call(&mut *store, &[Val::I32(10)], &mut result)?;
    assert_eq!(result[0].unwrap_i32(), 25);
    let memory = instance
        .get_memory(&mut *store, "memory")
        .expect("exported");
    assert_eq!(memory.data(&*store)[..7], *b"passive");
    assert_eq!(memory.data(&*store)[65530..65536], *b"abcdef");
    Ok(())
}

fn memories(store: &mut Store<u32>, instance: Instance, shared: &SharedMemory) -> Result<()> {
    let grow = instance.get_typed_func::<i32, i32>(&mut *store, "grow")?;
    grown(grow.call(&mut *store, 2)?, 1)?;
    let memory = instance
        .get_memory(&mut *store, "memory")
        .expect("exported");
    assert_eq!(memory.grow(&mut *store, 1)?, 3);
    assert_eq!(memory.data_size(&*store), 4 << 16);
    assert_eq!(memory.data(&*store)[4 << 15], 0);
    let grow = instance.get_typed_func::<i32, i32>(&mut *store, "grow_shared")?;
    grown(grow.call(&mut *store, 1)?, 1)?;
    assert_eq!(shared.grow(1)?, 2);
    assert_eq!(shared.atomic_notify(8, 1)?, 0);
    let grow = instance.get_typed_func::<i32, i32>(&mut *store, "grow_table")?;
    grown(grow.call(&mut *store, 10_000)?, 4)?;
    let table = instance.get_table(&mut *store, "table").expect("exported");
    assert_eq!(table.grow(&mut *store, 20_000, Ref::Func(None))?, 10_004);
    let add = table.get(&mut *store, 0).expect("in bounds");
    assert!(add.as_func().expect("a function").is_some());
    let own = Memory::new(&mut *store, MemoryType::new(2, Some(3)))?;
    own.write(&mut *store, 100_000, b"xyz")?;
    Ok(())
}

fn errors(store: &mut Store<u32>, instance: Instance) -> Result<()> {
    let trap = instance.get_typed_func::<i32, i32>(&mut *store, "trap")?;
    let error = failed::<Trap, _>(trap.call(&mut *store, 5))?;
    assert_eq!(
        error.downcast_ref::<Trap>(),
        Some(&Trap::UnreachableCodeReached)
    );
    let backtrace = error.downcast_ref::<WasmBacktrace>().expect("attached");
    // Where memory is short the frames are left out.
    assert!(matches!(backtrace.frames().len(), 0 | 6));
    let text = alloc::format!("{error:?}");
    assert!(text.contains("unreachable"), "{text}");
    let fault = instance.get_typed_func::<(), i32>(&mut *store, "fault")?;
    let error = failed::<Trap, _>(fault.call(&mut *store, ()))?;
    assert_eq!(error.downcast_ref::<Trap>(), Some(&Trap::MemoryOutOfBounds));
    drop(error);
    let frames = instance.get_typed_func::<(), i32>(&mut *store, "frames")?;
    assert!(frames.call(&mut *store, ())? <= 1);
    let catch = instance.get_typed_func::<i32, i32>(&mut *store, "catch")?;
    assert_eq!(catch.call(&mut *store, 31)?, 31);
    let throw = instance.get_typed_func::<Option<Rooted<ExternRef>>, ()>(&mut *store, "throw")?;
    let value = ExternRef::new(&mut *store, 5_u64)?;
    drop(failed::<ThrownException, _>(
        throw.call(&mut *store, Some(value)),
    )?);
    let exception = store.take_pending_exception().expect("thrown");
    assert_eq!(exception.field(&mut *store, 0)?.unwrap_i64(), 42);
    let fields: Vec<Val> = exception.fields(&mut *store)?.collect();
    assert_eq!(fields.len(), 2);
    Ok(())
}

fn objects(store: &mut Store<u32>, instance: Instance) -> Result<()> {
    let engine = &store.engine().clone();
    let value = ExternRef::new(&mut *store, "kept".to_string())?;
    let owned = value.to_owned_rooted(&mut *store)?;
    type Extern = Option<Rooted<ExternRef>>;
    let externs = instance.get_typed_func::<Extern, Extern>(&mut *store, "keep")?;
    {
        let mut scope = RootScope::new(&mut *store);
        let back = externs.call(&mut scope, Some(value))?.expect("not null");
        let text = back
            .data(&scope)?
            .and_then(|data| data.downcast_ref::<String>());
        assert_eq!(text.map(String::as_str), Some("kept"));
    }
    let list = instance.get_typed_func::<i32, i32>(&mut *store, "list")?;
    // The dead arrays make the heap collect and grow.
    assert_eq!(list.call(&mut *store, 100)?, 5050 + 5);
    let make = instance.get_typed_func::<i32, Rooted<StructRef>>(&mut *store, "make")?;
    let cell = make.call(&mut *store, 8)?;
    assert_eq!(cell.field(&mut *store, 0)?.unwrap_i32(), 8);
    let field = |ty: StorageType| FieldType::new(Mutability::Var, ty);
    // Too many for the word that objects begin with.
    let fields = (0..300).map(|_| field(ValType::ANYREF.into()));
    let ty = StructType::new(engine, fields)?;
    let pre = StructRefPre::try_new(&mut *store, ty)?;
    let values = alloc::vec![Val::AnyRef(None); 300];
    let large = StructRef::new(&mut *store, &pre, &values)?;
    large.set_field(&mut *store, 299, Val::AnyRef(Some(cell.to_anyref())))?;
    let ty = ArrayType::new(engine, field(StorageType::I8));
    let pre = ArrayRefPre::try_new(&mut *store, ty)?;
    let array = ArrayRef::new_from_i8_slice(&mut *store, &pre, b"bytes")?;
    store.gc(None)?;
    let mut bytes = [0; 5];
    array.copy_to_i8_slice(&mut *store, &mut bytes)?;
    assert_eq!(bytes, *b"bytes");
    assert_eq!(large.fields(&mut *store)?.len(), 300);
    let last = large.field(&mut *store, 299)?;
    assert!(last.any_ref().expect("a reference").is_some());
    drop(owned);
    Ok(())
}
