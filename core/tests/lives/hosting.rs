//! What a host does besides: functions of all kinds, limits, names of any length, roots, and objects of its own.

use super::{failed, grown};
use alloc::vec::Vec;
use wasmetal::*;
use wasmetal_wat::wat;

pub(crate) const GUEST: &[u8] = wat!(
    r#"(module
        (import "host" "typed" (func $typed (param i32 i64 f32 f64 v128) (result i64 f64)))
        (import "host" "owned" (func $owned (param externref anyref) (result externref)))
        (import "host" "big" (func $big (result i32)))
        (import "host" "fail" (func $fail))
        (import "host" "error" (tag $error (param i32)))
        (import "other" "missing" (func $missing (param i64) (result f32)))
        (memory (export "memory") 1 5)
        (table (export "table") 2 10 funcref)
        (global (export "global") (mut externref) (ref.null extern))
        (func (export "typed") (result i64)
            (call $typed (i32.const 1) (i64.const 2) (f32.const 3) (f64.const 4)
                (v128.const i64x2 5 6))
            (drop))
        (func (export "owned") (param externref anyref) (result externref)
            (global.set 0 (call $owned (local.get 0) (local.get 1)))
            (global.get 0))
        (func (export "big") (result i32) (call $big))
        (func (export "catch") (result i32)
            (block $caught (result i32)
                (try_table (catch $error $caught) (call $fail))
                (i32.const -1)))
        (func (export "missing") (drop (call $missing (i64.const 1))))
        (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
        (func (export "grow_table") (param i32) (result i32)
            (table.grow (ref.null func) (local.get 0))))"#
);

/// Calls what is in a table.
pub(crate) const CALLER: &[u8] = wat!(
    r#"(module
        (import "host" "table" (table 1 funcref))
        (func (export "call") (param i64) (result i64)
            (call_indirect (param i64) (result i64) (local.get 0) (i32.const 0))))"#
);

/// The length of the names in [`long_names`], in bytes: more than any reserve serves.
const LONG: usize = 60_000;

/// A module that imports a function of no type to speak of under names that are as long as names may be.
pub(crate) fn long_names() -> Vec<u8> {
    let mut imports = Vec::from([1]);
    for letter in [b'm', b'n'] {
        imports.extend([(LONG & 0x7f) as u8 | 0x80, (LONG >> 7 & 0x7f) as u8 | 0x80]);
        imports.push((LONG >> 14) as u8);
        imports.extend(core::iter::repeat_n(letter, LONG));
    }
    imports.extend([0, 0]);
    let size = imports.len();
    let mut module = Vec::from(*b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x02");
    module.extend([(size & 0x7f) as u8 | 0x80, (size >> 7 & 0x7f) as u8 | 0x80]);
    module.push((size >> 14) as u8);
    module.extend(imports);
    module
}

struct State {
    limits: StoreLimits,
    calls: u32,
}

fn state() -> State {
    let limits = StoreLimitsBuilder::new()
        .memory_size(3 << 16)
        .table_elements(8)
        .instances(3);
    State {
        limits: limits.build(),
        calls: 0,
    }
}

/// `guest` and `names` are images of [`GUEST`] and [`long_names`].
pub(crate) fn hosting(engine: &Engine, guest: &[u8], names: &[u8]) -> Result<()> {
    // SAFETY: what the compiler made.
    let module = unsafe { Module::deserialize_unsigned(engine, guest) }?;
    let mut store = Store::try_new(engine, state())?;
    store.limiter(|state| &mut state.limits);
    let mut linker = Linker::new(engine);
    define(&mut linker, &mut store)?;

    let missing = failed::<UnknownImportError, _>(linker.instantiate(&mut store, &module))?;
    let missing = missing.downcast_ref::<UnknownImportError>();
    assert_eq!(missing.map(UnknownImportError::name), Some("missing"));
    linker.define_unknown_imports_as_traps(&module)?;
    let pre = linker.instantiate_pre(&module)?;
    let instance = pre.instantiate(&mut store)?;
    calls(&mut store, instance)?;
    limits(&mut store, instance)?;

    let mut other = Linker::new(engine);
    other.allow_shadowing(true);
    other.define_unknown_imports_as_default_values(&mut store, &module)?;
    let second = other.instantiate(&mut store, &module)?;
    let big = second.get_typed_func::<(), i32>(&mut store, "big")?;
    assert_eq!(big.call(&mut store, ())?, 0);

    long(engine, &mut store, names)?;
    roots(&mut store)
}

/// A function of the host's that no module could call yet can be called as soon as an instance was made, whatever failed
/// before in the same store. `caller` is an image of [`CALLER`].
pub(crate) fn in_a_table(engine: &Engine, caller: &[u8]) -> Result<()> {
    // SAFETY: what the compiler made.
    let module = unsafe { Module::deserialize_unsigned(engine, caller) }?;
    let mut store = Store::try_new(engine, ())?;
    let func = Func::try_wrap(&mut store, |x: i64| x + 1)?;
    let ty = TableType::new(RefType::FUNCREF, 1, None);
    let table = Table::new(&mut store, ty, Ref::Func(Some(func)))?;
    let mut made = Instance::new(&mut store, &module, &[table.into()]);
    if made.is_err() {
        made = Instance::new(&mut store, &module, &[table.into()]);
    }
    let call = made?.get_typed_func::<i64, i64>(&mut store, "call")?;
    assert_eq!(call.call(&mut store, 41)?, 42);
    Ok(())
}

fn define(linker: &mut Linker<State>, store: &mut Store<State>) -> Result<()> {
    type Owned = Option<OwnedRooted<ExternRef>>;
    linker.func_wrap(
        "host",
        "typed",
        |mut caller: Caller<'_, State>, a: i32, b: i64, c: f32, d: f64, e: V128| {
            caller.data_mut().calls += 1;
            let sum = a as i64 + b + c as i64 + d as i64 + e.as_u128() as i64;
            Result::Ok((sum, 0.5))
        },
    )?;
    linker.func_wrap(
        "host",
        "owned",
        |value: Owned, _: Option<Rooted<AnyRef>>| value,
    )?;
    // A closure that is larger than what the reserve serves.
    let large = [3_u8; 20_000];
    linker.func_wrap("host", "big", move || i32::from(large[19_999]))?;
    let ty = ExnType::new(store.engine(), [ValType::I32])?;
    let tag = Tag::new(&mut *store, &ty.tag_type())?;
    let pre = ExnRefPre::new(&mut *store, ty);
    linker.define(&mut *store, "host", "error", tag)?;
    linker.func_wrap(
        "host",
        "fail",
        move |mut caller: Caller<'_, State>| -> Result<()> {
            let exception = ExnRef::new(&mut caller, &pre, &tag, &[Val::I32(23)])?;
            assert_eq!(exception.field(&mut caller, 0)?.unwrap_i32(), 23);
            caller.as_context_mut().throw(exception)
        },
    )?;
    Ok(())
}

fn calls(store: &mut Store<State>, instance: Instance) -> Result<()> {
    let typed = instance.get_typed_func::<(), i64>(&mut *store, "typed")?;
    assert_eq!(typed.call(&mut *store, ())?, 15);
    assert_eq!(store.data().calls, 1);
    let big = instance.get_typed_func::<(), i32>(&mut *store, "big")?;
    assert_eq!(big.call(&mut *store, ())?, 3);
    let catch = instance.get_typed_func::<(), i32>(&mut *store, "catch")?;
    assert_eq!(catch.call(&mut *store, ())?, 23);
    let missing = instance.get_typed_func::<(), ()>(&mut *store, "missing")?;
    drop(failed::<UnknownImportError, _>(
        missing.call(&mut *store, ()),
    )?);

    type Params = (Option<OwnedRooted<ExternRef>>, Option<OwnedRooted<AnyRef>>);
    let owned =
        instance.get_typed_func::<Params, Option<OwnedRooted<ExternRef>>>(&mut *store, "owned")?;
    let value = ExternRef::new(&mut *store, 8_u64)?.to_owned_rooted(&mut *store)?;
    let number = I31::new_u32(9).expect("small");
    let number = AnyRef::from_i31(&mut *store, number).to_owned_rooted(&mut *store)?;
    let back = owned.call(&mut *store, (Some(value), Some(number)))?;
    let back = back.expect("not null").to_rooted(&mut *store);
    let data = back.data(&*store)?.and_then(|data| data.downcast_ref());
    assert_eq!(data, Some(&8_u64));
    let any = AnyRef::convert_extern(&mut *store, back)?;
    let back = ExternRef::convert_any(&mut *store, any)?;
    let global = instance.get_global(&mut *store, "global");
    let global = global.expect("exported");
    global.set(&mut *store, Val::ExternRef(Some(back)))?;
    let read = global.get(&mut *store).unwrap_externref().copied();
    assert!(Rooted::ref_eq(&*store, &back, &read.expect("not null"))?);

    let other = Func::try_wrap(&mut *store, {
        let large = [1_u8; 20_000];
        move |x: i32| x + i32::from(large[0])
    });
    let typed = other?.typed::<i32, i32>(&*store)?;
    assert_eq!(typed.call(&mut *store, 5)?, 6);
    Ok(())
}

/// What the limiter allows, and what not.
fn limits(store: &mut Store<State>, instance: Instance) -> Result<()> {
    let memory = instance.get_memory(&mut *store, "memory");
    let memory = memory.expect("exported");
    grew(memory.grow(&mut *store, 1), 1)?;
    let grow = instance.get_typed_func::<i32, i32>(&mut *store, "grow")?;
    grown(grow.call(&mut *store, 1)?, 2)?;
    assert_eq!(grow.call(&mut *store, 1)?, -1, "it is over the limit");
    assert!(memory.grow(&mut *store, 1).is_err(), "it is over the limit");
    let table = instance.get_table(&mut *store, "table");
    let table = table.expect("exported");
    grew(table.grow(&mut *store, 5, Ref::Func(None)), 2)?;
    let grow = instance.get_typed_func::<i32, i32>(&mut *store, "grow_table")?;
    grown(grow.call(&mut *store, 1)?, 7)?;
    assert_eq!(grow.call(&mut *store, 1)?, -1, "it is over the limit");
    let big = Memory::new(&mut *store, MemoryType::new(4, None));
    assert!(big.is_err(), "it is over the limit");
    let ty = TableType::new(RefType::EXTERNREF, 3, Some(5));
    let table = Table::new(&mut *store, ty, Ref::Extern(None))?;
    let value = ExternRef::new(&mut *store, 1_u64)?;
    table.fill(&mut *store, 0, Ref::Extern(Some(value)), 3)?;
    grew(table.grow(&mut *store, 2, Ref::Extern(Some(value))), 3)
}

/// What a growth by the host came to: the limiter hears why there was none, and nobody else.
fn grew(result: Result<u64>, old: i32) -> Result<()> {
    grown(result.map_or(-1, |old| old as i32), old)
}

/// Errors about names that are longer than what the reserve serves.
fn long(engine: &Engine, store: &mut Store<State>, names: &[u8]) -> Result<()> {
    // SAFETY: what the compiler made.
    let module = unsafe { Module::deserialize_unsigned(engine, names) }?;
    let import = module.imports().next().expect("one import");
    let (from, name) = (import.module(), import.name());
    assert_eq!((from.len(), name.len()), (LONG, LONG));
    let mut linker = Linker::new(engine);
    let error = failed::<UnknownImportError, _>(linker.instantiate(&mut *store, &module))?;
    let unknown = error.downcast_ref::<UnknownImportError>();
    assert_eq!(unknown.map(UnknownImportError::name), Some(name));
    linker.func_wrap(from, name, |x: i32| x)?;
    short(linker.instantiate(&mut *store, &module))?;
    short(linker.func_wrap(from, name, || ()).map(drop))?;
    short(linker.alias(name, from, "x", "y").map(drop))?;
    short(linker.get(&mut *store, name, from))?;
    Ok(())
}

/// An error with a text that is cut off, unless memory ran out.
pub(crate) fn short<R>(result: Result<R>) -> Result<()> {
    let Err(error) = result else {
        panic!("no error")
    };
    if super::is_exhaustion(&error) {
        return Err(error);
    }
    let mut length = Length(0);
    let _ = core::fmt::write(&mut length, format_args!("{error:#}"));
    assert!((100..5000).contains(&length.0), "{}", length.0);
    Ok(())
}

struct Length(usize);

impl core::fmt::Write for Length {
    fn write_str(&mut self, text: &str) -> core::fmt::Result {
        self.0 += text.len();
        Ok(())
    }
}

/// So many roots that they need more than what the reserve serves.
fn roots(store: &mut Store<State>) -> Result<()> {
    const COUNT: u32 = 5000;
    let number = |i| I31::new_u32(i).expect("small");
    let mut scope = RootScope::new(&mut *store);
    for i in 0..COUNT {
        let any = AnyRef::from_i31(&mut scope, number(i));
        assert_eq!(any.unwrap_i31(&scope)?.get_u32(), i);
    }
    scope.try_reserve(10_000)?;
    drop(scope);
    let any = AnyRef::from_i31(&mut *store, number(1));
    let owned: OwnedRooted<AnyRef> = any.to_owned_rooted(&mut *store)?;
    let again = owned.to_rooted(&mut *store);
    assert_eq!(again.unwrap_i31(&*store)?.get_u32(), 1);
    Ok(())
}
