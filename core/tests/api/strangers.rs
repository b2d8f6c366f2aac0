//! Handles, types and modules of another store or engine: every public function in which two such things meet, really
//! called with a stranger. `sources.rs` compares the names here with the functions that there are.

use crate::asynchronous::run;
use crate::support::{engine, module};
use std::panic::{AssertUnwindSafe, catch_unwind};
use wasmetal::*;

/// What comes of a stranger.
pub(crate) enum Outcome {
    Panics(&'static str),
    Fails(&'static str),
    /// An answer that is right.
    Gives(&'static str),
}

use Outcome::{Fails, Gives, Panics};

const STORE: &str = "object used with the wrong store";
const TYPE: &str = "type used with the wrong engine";
const MODULE: &str = "module used with the wrong engine";
const STORES_ENGINE: &str = "store used with the wrong engine";

/// All that belongs to a store.
struct Handles {
    instance: Instance,
    func: Func,
    takes: Func,
    typed: TypedFunc<(), ()>,
    global: Global,
    table: Table,
    memory: Memory,
    tag: Tag,
    item: Extern,
    any: Rooted<AnyRef>,
    eq: Rooted<EqRef>,
    structure: Rooted<StructRef>,
    array: Rooted<ArrayRef>,
    exception: Rooted<ExnRef>,
    host: Rooted<ExternRef>,
    owned: OwnedRooted<AnyRef>,
    structs: StructRefPre,
    arrays: ArrayRefPre,
    exceptions: ExnRefPre,
}

/// All that belongs to an engine.
struct Types {
    func: FuncType,
    structure: StructType,
    array: ArrayType,
    exception: ExnType,
    tag: TagType,
    heap: HeapType,
    reference: RefType,
    value: ValType,
    field: FieldType,
    module: Module,
    shared: SharedMemory,
}

pub(crate) struct World {
    engine: Engine,
    /// Another one.
    other: Engine,
    store: Store<()>,
    mine: Handles,
    mine_too: Types,
    /// Another one of the same engine.
    home: Store<()>,
    theirs: Handles,
    /// Of the other engine.
    foreign: Types,
    importer: Module,
    importer_pre: InstancePre<()>,
}

const MODULE_TEXT: &str = r#"
    (func (export "f"))
    (func (export "takes") (param funcref))
    (global (export "g") (mut funcref) (ref.null func))
    (table (export "t") 1 funcref)
    (memory (export "m") 1)
    (tag (export "e"))
"#;

impl Types {
    fn new(engine: &Engine) -> Self {
        let field = FieldType::new(Mutability::Var, StorageType::I8);
        let structure = StructType::new(engine, [field.clone()]).unwrap();
        let heap = HeapType::ConcreteStruct(structure.clone());
        let reference = RefType::new(true, heap.clone());
        let value = ValType::Ref(reference.clone());
        let exception = ExnType::new(engine, [ValType::FUNCREF]).unwrap();
        Self {
            func: FuncType::new(engine, [], []),
            array: ArrayType::new(engine, field),
            tag: exception.tag_type(),
            field: FieldType::new(Mutability::Var, value.clone().into()),
            structure,
            exception,
            heap,
            reference,
            value,
            module: module(engine, MODULE_TEXT),
            shared: SharedMemory::new(engine, MemoryType::shared(1, 1)).unwrap(),
        }
    }
}

impl Handles {
    fn new(store: &mut Store<()>, types: &Types) -> Self {
        let instance = Instance::new(&mut *store, &types.module, &[]).unwrap();
        let structs = StructRefPre::new(&mut *store, types.structure.clone());
        let arrays = ArrayRefPre::new(&mut *store, types.array.clone());
        let exceptions = ExnRefPre::new(&mut *store, types.exception.clone());
        let tag = Tag::new(&mut *store, &types.tag).unwrap();
        let structure = StructRef::new(&mut *store, &structs, &[Val::I32(1)]).unwrap();
        let array = ArrayRef::new(&mut *store, &arrays, &Val::I32(1), 3).unwrap();
        let fields = [Val::null_func_ref()];
        let func = instance.get_func(&mut *store, "f").unwrap();
        Self {
            takes: instance.get_func(&mut *store, "takes").unwrap(),
            typed: func.typed(&*store).unwrap(),
            global: instance.get_global(&mut *store, "g").unwrap(),
            table: instance.get_table(&mut *store, "t").unwrap(),
            memory: instance.get_memory(&mut *store, "m").unwrap(),
            item: func.into(),
            any: structure.to_anyref(),
            eq: structure.to_eqref(),
            exception: ExnRef::new(&mut *store, &exceptions, &tag, &fields).unwrap(),
            host: ExternRef::new(&mut *store, 5_u32).unwrap(),
            owned: structure.to_anyref().to_owned_rooted(&mut *store).unwrap(),
            instance,
            func,
            tag,
            structure,
            array,
            structs,
            arrays,
            exceptions,
        }
    }
}

impl World {
    fn new() -> Self {
        let (engine, other) = (engine(), engine());
        let (mut store, mut home) = (Store::new(&engine, ()), Store::new(&engine, ()));
        let (mine_too, foreign) = (Types::new(&engine), Types::new(&other));
        let mine = Handles::new(&mut store, &mine_too);
        let theirs = Handles::new(&mut home, &mine_too);
        let importer = module(&engine, r#"(import "" "f" (func))"#);
        let mut linker = Linker::new(&engine);
        linker.define(&home, "", "f", theirs.func).unwrap();
        Self {
            importer_pre: linker.instantiate_pre(&importer).unwrap(),
            engine,
            other,
            store,
            mine,
            mine_too,
            home,
            theirs,
            foreign,
            importer,
        }
    }

    /// Whether both stores are as usable as ever.
    fn check(&mut self) {
        self.mine.typed.call(&mut self.store, ()).unwrap();
        self.theirs.typed.call(&mut self.home, ()).unwrap();
        assert!(!self.store.has_pending_exception() && !self.home.has_pending_exception());
    }
}

fn linker(engine: &Engine) -> Linker<()> {
    Linker::new(engine)
}

/// What a host function finds that an instance calls, by an export of another module.
fn found_in_caller(w: &mut World) -> Result<bool> {
    let export = w.mine_too.module.get_export_index("f").unwrap();
    let module = module(
        &w.engine,
        r#"(import "" "f" (func $f)) (export "f" (func $f)) (start $g) (func $g (call $f))"#,
    );
    let (send, found) = std::sync::mpsc::channel();
    let send = std::sync::Mutex::new(send);
    let func = Func::wrap(&mut w.store, move |mut caller: Caller<'_, ()>| {
        let own = caller.get_export("f").is_some();
        let found = caller.get_module_export(&export).is_some();
        send.lock().unwrap().send((own, found)).unwrap();
    });
    Instance::new(&mut w.store, &module, &[func.into()])?;
    let (own, found) = found.recv().unwrap();
    assert!(own);
    Ok(found)
}

pub(crate) type Line = (&'static str, Outcome, fn(&mut World) -> Result<String>);

macro_rules! lines {
    ($w:ident; $($name:literal $outcome:ident $text:expr => $call:expr;)*) => {
        &[$((
            $name,
            $outcome($text),
            #[allow(clippy::unit_arg, clippy::let_unit_value, reason = "some functions return nothing")]
            |$w: &mut World| -> Result<String> {
                let answer = $call;
                Ok(lines!(@text $outcome answer))
            },
        )),*]
    };
    (@text Gives $answer:ident) => { format!("{:?}", $answer) };
    (@text $outcome:ident $answer:ident) => {{
        let _ = $answer;
        String::from("the stranger is taken")
    }};
}

#[rustfmt::skip]
pub(crate) const LINES: &[Line] = lines! { w;
    // References.
    "$name::$as" Panics STORE => w.theirs.any.as_struct(&w.store)?;
    "$name::$as" Panics STORE => w.theirs.eq.as_array(&w.store)?;
    "$name::$is" Panics STORE => w.theirs.any.is_struct(&w.store)?;
    "$name::$is" Panics STORE => w.theirs.owned.is_array(&w.store)?;
    "$name::$unwrap" Panics STORE => w.theirs.any.unwrap_struct(&w.store)?;
    "$name::as_i31" Panics STORE => w.theirs.any.as_i31(&w.store)?;
    "$name::is_i31" Panics STORE => w.theirs.eq.is_i31(&w.store)?;
    "$name::unwrap_i31" Panics STORE => w.theirs.any.unwrap_i31(&w.store)?;
    "$name::ty" Panics STORE => w.theirs.any.ty(&w.store)?;
    "$name::ty" Panics STORE => w.theirs.eq.ty(&w.store)?;
    "$name::matches_ty" Panics STORE => w.theirs.any.matches_ty(&w.store, &HeapType::Any)?;
    "$name::matches_ty" Panics TYPE => w.mine.any.matches_ty(&w.store, &w.foreign.heap)?;
    "$name::matches_ty" Panics TYPE => w.mine.eq.matches_ty(&w.store, &w.foreign.array.clone().into())?;
    "AnyRef::as_eqref" Panics STORE => w.theirs.any.as_eqref(&w.store)?;
    "AnyRef::is_eqref" Panics STORE => w.theirs.any.is_eqref(&w.store)?;
    "AnyRef::unwrap_eqref" Panics STORE => w.theirs.any.unwrap_eqref(&w.store)?;
    "AnyRef::to_raw" Panics STORE => w.theirs.any.to_raw(&mut w.store)?;
    "AnyRef::convert_extern" Panics STORE => AnyRef::convert_extern(&mut w.store, w.theirs.host)?;
    "ExternRef::convert_any" Panics STORE => ExternRef::convert_any(&mut w.store, w.theirs.any)?;
    "ExternRef::data" Panics STORE => w.theirs.host.data(&w.store)?;
    "ExternRef::data_mut" Panics STORE => w.theirs.host.data_mut(&mut w.store)?;
    "ExternRef::to_raw" Panics STORE => w.theirs.host.to_raw(&mut w.store)?;
    "Rooted::ref_eq" Panics STORE => Rooted::ref_eq(&w.store, &w.mine.any, &w.theirs.any)?;
    "Rooted::ref_hash" Panics STORE => w.theirs.any.ref_hash(&w.store, &mut std::hash::DefaultHasher::new())?;
    "Rooted::rooted_eq" Gives "false" => Rooted::rooted_eq(w.mine.any, w.theirs.any);
    "Rooted::to_owned_rooted" Panics STORE => w.theirs.any.to_owned_rooted(&mut w.store)?;
    "OwnedRooted::ref_eq" Panics STORE => OwnedRooted::ref_eq(&w.store, &w.mine.owned, &w.theirs.owned)?;
    "OwnedRooted::ref_hash" Panics STORE => w.theirs.owned.ref_hash(&w.store, &mut std::hash::DefaultHasher::new());
    "OwnedRooted::to_rooted" Panics STORE => w.theirs.owned.to_rooted(&mut w.store);

    // Objects.
    "StructRefPre::new" Panics TYPE => StructRefPre::new(&mut w.store, w.foreign.structure.clone());
    "StructRefPre::try_new" Panics TYPE => StructRefPre::try_new(&mut w.store, w.foreign.structure.clone())?;
    "StructRef::new" Panics STORE => StructRef::new(&mut w.store, &w.theirs.structs, &[Val::I32(1)])?;
    "StructRef::new_async" Panics STORE => run(StructRef::new_async(&mut w.store, &w.theirs.structs, &[Val::I32(1)]))?;
    "StructRef::field" Panics STORE => w.theirs.structure.field(&mut w.store, 0)?;
    "StructRef::fields" Panics STORE => w.theirs.structure.fields(&mut w.store)?.len();
    "StructRef::set_field" Panics STORE => w.theirs.structure.set_field(&mut w.store, 0, Val::I32(1))?;
    "StructRef::ty" Panics STORE => w.theirs.structure.ty(&w.store)?;
    "StructRef::matches_ty" Panics STORE => w.theirs.structure.matches_ty(&w.store, &w.mine_too.structure)?;
    "StructRef::matches_ty" Panics TYPE => w.mine.structure.matches_ty(&w.store, &w.foreign.structure)?;
    "ArrayRefPre::new" Panics TYPE => ArrayRefPre::new(&mut w.store, w.foreign.array.clone());
    "ArrayRefPre::try_new" Panics TYPE => ArrayRefPre::try_new(&mut w.store, w.foreign.array.clone())?;
    "ArrayRef::new" Panics STORE => ArrayRef::new(&mut w.store, &w.theirs.arrays, &Val::I32(1), 3)?;
    "ArrayRef::new" Fails STORE => ArrayRef::new(&mut w.store, &w.mine.arrays, &w.theirs.any.into(), 3)?;
    "ArrayRef::new_fixed" Panics STORE => ArrayRef::new_fixed(&mut w.store, &w.theirs.arrays, &[Val::I32(1)])?;
    "ArrayRef::new_fixed" Panics STORE => ArrayRef::new_fixed(&mut w.store, &w.theirs.arrays, &[])?;
    "ArrayRef::new_from_i8_slice" Panics STORE => ArrayRef::new_from_i8_slice(&mut w.store, &w.theirs.arrays, &[1])?;
    "ArrayRef::new_async" Panics STORE => run(ArrayRef::new_async(&mut w.store, &w.theirs.arrays, &Val::I32(1), 3))?;
    "ArrayRef::new_async" Fails STORE => run(ArrayRef::new_async(&mut w.store, &w.mine.arrays, &w.theirs.any.into(), 3))?;
    "ArrayRef::new_fixed_async" Panics STORE => run(ArrayRef::new_fixed_async(&mut w.store, &w.theirs.arrays, &[]))?;
    "ArrayRef::new_from_i8_slice_async" Panics STORE => run(ArrayRef::new_from_i8_slice_async(&mut w.store, &w.theirs.arrays, &[1]))?;
    "ArrayRef::copy_to_i8_slice" Panics STORE => w.theirs.array.copy_to_i8_slice(&mut w.store, &mut [0; 3])?;
    "ArrayRef::elems" Panics STORE => w.theirs.array.elems(&mut w.store)?.len();
    "ArrayRef::get" Panics STORE => w.theirs.array.get(&mut w.store, 0)?;
    "ArrayRef::set" Panics STORE => w.theirs.array.set(&mut w.store, 0, Val::I32(1))?;
    "ArrayRef::set" Fails STORE => w.mine.array.set(&mut w.store, 0, w.theirs.any.into())?;
    "ArrayRef::len" Panics STORE => w.theirs.array.len(&w.store)?;
    "ArrayRef::is_empty" Panics STORE => w.theirs.array.is_empty(&w.store)?;
    "ArrayRef::ty" Panics STORE => w.theirs.array.ty(&w.store)?;
    "ArrayRef::matches_ty" Panics STORE => w.theirs.array.matches_ty(&w.store, &w.mine_too.array)?;
    "ArrayRef::matches_ty" Panics TYPE => w.mine.array.matches_ty(&w.store, &w.foreign.array)?;
    "ExnRefPre::new" Panics TYPE => ExnRefPre::new(&mut w.store, w.foreign.exception.clone());
    "ExnRef::new" Panics STORE => ExnRef::new(&mut w.store, &w.theirs.exceptions, &w.mine.tag, &[Val::FuncRef(None)])?;
    "ExnRef::new" Panics STORE => ExnRef::new(&mut w.store, &w.mine.exceptions, &w.theirs.tag, &[Val::FuncRef(None)])?;
    "ExnRef::new" Fails STORE => ExnRef::new(&mut w.store, &w.mine.exceptions, &w.mine.tag, &[w.theirs.func.into()])?;
    "ExnRef::new_async" Panics STORE => run(ExnRef::new_async(&mut w.store, &w.theirs.exceptions, &w.mine.tag, &[Val::FuncRef(None)]))?;
    "ExnRef::new_async" Panics STORE => run(ExnRef::new_async(&mut w.store, &w.mine.exceptions, &w.theirs.tag, &[Val::FuncRef(None)]))?;
    "ExnRef::new_async" Fails STORE => run(ExnRef::new_async(&mut w.store, &w.mine.exceptions, &w.mine.tag, &[w.theirs.func.into()]))?;
    "ExnRef::field" Panics STORE => w.theirs.exception.field(&mut w.store, 0)?;
    "ExnRef::fields" Panics STORE => w.theirs.exception.fields(&mut w.store)?.len();
    "ExnRef::tag" Panics STORE => w.theirs.exception.tag(&mut w.store)?;
    "ExnRef::ty" Panics STORE => w.theirs.exception.ty(&w.store)?;
    "ExnRef::to_raw" Panics STORE => w.theirs.exception.to_raw(&mut w.store)?;
    "Store::throw" Panics STORE => w.store.throw::<()>(w.theirs.exception)?;
    "StoreContextMut::throw" Panics STORE => w.store.as_context_mut().throw::<()>(w.theirs.exception)?;

    // Types.
    "ArrayType::new" Panics TYPE => ArrayType::new(&w.engine, w.foreign.field.clone());
    "ArrayType::with_finality_and_supertype" Panics TYPE =>
        ArrayType::with_finality_and_supertype(&w.engine, Finality::Final, None, w.foreign.field.clone())?;
    "ArrayType::with_finality_and_supertype" Panics TYPE =>
        ArrayType::with_finality_and_supertype(&w.engine, Finality::Final, Some(&w.foreign.array), w.mine_too.field.clone())?;
    "ExnType::matches" Panics TYPE => w.mine_too.exception.matches(&w.foreign.exception);
    "ExnType::new" Panics TYPE => ExnType::new(&w.engine, [w.foreign.value.clone()])?;
    "StructType::new" Panics TYPE => StructType::new(&w.engine, [w.foreign.field.clone()])?;
    "StructType::with_finality_and_supertype" Panics TYPE =>
        StructType::with_finality_and_supertype(&w.engine, Finality::Final, None, [w.foreign.field.clone()])?;
    "StructType::with_finality_and_supertype" Panics TYPE =>
        StructType::with_finality_and_supertype(&w.engine, Finality::Final, Some(&w.foreign.structure), [])?;
    "FuncType::new" Panics TYPE => FuncType::new(&w.engine, [w.foreign.value.clone()], []);
    "FuncType::new" Panics TYPE => FuncType::new(&w.engine, [], [w.foreign.value.clone()]);
    "FuncType::try_new" Panics TYPE => FuncType::try_new(&w.engine, [w.foreign.value.clone()], [])?;
    "FuncType::with_finality_and_supertype" Panics TYPE =>
        FuncType::with_finality_and_supertype(&w.engine, Finality::Final, None, [w.foreign.value.clone()], [])?;
    "FuncType::with_finality_and_supertype" Panics TYPE =>
        FuncType::with_finality_and_supertype(&w.engine, Finality::Final, Some(&w.foreign.func), [], [])?;
    "$name::matches" Panics TYPE => w.mine_too.func.matches(&w.foreign.func);
    "$name::matches" Panics TYPE => w.mine_too.structure.matches(&w.foreign.structure);
    "$name::matches" Panics TYPE => w.mine_too.array.matches(&w.foreign.array);
    "FieldType::matches" Panics TYPE => w.mine_too.field.matches(&w.foreign.field);
    "StorageType::matches" Panics TYPE => w.mine_too.field.element_type().matches(w.foreign.field.element_type());
    "HeapType::matches" Panics TYPE => w.mine_too.heap.matches(&w.foreign.heap);
    "HeapType::matches" Gives "false" => w.mine_too.heap.matches(&w.foreign.func.clone().into());
    "RefType::matches" Panics TYPE => w.mine_too.reference.matches(&w.foreign.reference);
    "ValType::matches" Panics TYPE => w.mine_too.value.matches(&w.foreign.value);
    "ExternType::default_value" Fails TYPE => ExternType::from(w.foreign.func.clone()).default_value(&mut w.store)?;
    "FuncType::default_value" Fails TYPE => w.foreign.func.default_value(&mut w.store)?;
    "GlobalType::default_value" Fails TYPE =>
        GlobalType::new(w.foreign.value.clone(), Mutability::Var).default_value(&mut w.store)?;
    "TableType::default_value" Fails TYPE => TableType::new(w.foreign.reference.clone(), 1, None).default_value(&mut w.store)?;
    "TagType::default_value" Fails TYPE => w.foreign.tag.default_value(&mut w.store)?;
    "Engine::same" Gives "false" => Engine::same(&w.engine, &w.other);
    "Module::same" Gives "false" => Module::same(&w.mine_too.module, &w.foreign.module);

    // Functions.
    "Func::new" Panics TYPE => Func::new(&mut w.store, w.foreign.func.clone(), |_, _, _| Ok(()));
    "Func::try_new" Panics TYPE => Func::try_new(&mut w.store, w.foreign.func.clone(), |_, _, _| Ok(()))?;
    "Func::new_async" Panics TYPE =>
        Func::new_async(&mut w.store, w.foreign.func.clone(), |_, _, _| Box::new(async { Ok(()) }));
    "Func::try_new_async" Panics TYPE =>
        Func::try_new_async(&mut w.store, w.foreign.func.clone(), |_, _, _| Box::new(async { Ok(()) }))?;
    "Func::call_async" Fails STORE => run(w.theirs.func.call_async(&mut w.store, &[], &mut []))?;
    "Func::call_async" Fails STORE => run(w.mine.takes.call_async(&mut w.store, &[w.theirs.func.into()], &mut []))?;
    "TypedFunc::call_async" Fails STORE => run(w.theirs.typed.call_async(&mut w.store, ()))?;
    "TypedFunc::call_async" Fails STORE => {
        let takes = w.mine.takes.typed::<Option<Func>, ()>(&w.store)?;
        run(takes.call_async(&mut w.store, Some(w.theirs.func)))?
    };
    // SAFETY: it is never called.
    "Func::new_unchecked" Panics TYPE => unsafe { Func::new_unchecked(&mut w.store, w.foreign.func.clone(), |_, _| Ok(())) };
    "Func::ty" Panics STORE => w.theirs.func.ty(&w.store);
    "Func::matches_ty" Panics STORE => w.theirs.func.matches_ty(&w.store, &w.mine_too.func);
    "Func::matches_ty" Panics TYPE => w.mine.func.matches_ty(&w.store, &w.foreign.func);
    "Func::to_raw" Panics STORE => w.theirs.func.to_raw(&mut w.store);
    "Func::typed" Panics STORE => w.theirs.func.typed::<(), ()>(&w.store)?;
    "Func::call" Fails STORE => w.theirs.func.call(&mut w.store, &[], &mut [])?;
    "Func::call" Fails STORE => w.mine.takes.call(&mut w.store, &[w.theirs.func.into()], &mut [])?;
    // SAFETY: it has neither parameters nor results.
    "Func::call_unchecked" Fails STORE => unsafe { w.theirs.func.call_unchecked(&mut w.store, &mut [])? };
    // SAFETY: it is of this type.
    "TypedFunc::new_unchecked" Panics STORE => unsafe { TypedFunc::<Option<Func>, ()>::new_unchecked(&w.store, w.theirs.takes) };
    "TypedFunc::new_unchecked" Fails STORE => {
        // SAFETY: it has neither parameters nor results.
        let typed = unsafe { TypedFunc::<(), ()>::new_unchecked(&w.store, w.theirs.func) };
        typed.call(&mut w.store, ())?
    };
    "TypedFunc::call" Fails STORE => w.theirs.typed.call(&mut w.store, ())?;
    "TypedFunc::call" Fails STORE => w.mine.takes.typed::<Option<Func>, ()>(&w.store)?.call(&mut w.store, Some(w.theirs.func))?;

    // Globals, tables, memories, tags.
    "Global::new" Fails TYPE =>
        Global::new(&mut w.store, GlobalType::new(w.foreign.value.clone(), Mutability::Var), Val::null_any_ref())?;
    "Global::new" Fails STORE =>
        Global::new(&mut w.store, GlobalType::new(ValType::FUNCREF, Mutability::Var), w.theirs.func.into())?;
    "Global::get" Panics STORE => w.theirs.global.get(&mut w.store);
    "Global::set" Panics STORE => w.theirs.global.set(&mut w.store, Val::FuncRef(None))?;
    "Global::set" Fails STORE => w.mine.global.set(&mut w.store, w.theirs.func.into())?;
    "Global::ty" Panics STORE => w.theirs.global.ty(&w.store);
    "Table::new" Fails TYPE => Table::new(&mut w.store, TableType::new(w.foreign.reference.clone(), 1, None), Ref::Any(None))?;
    "Table::new" Fails STORE => Table::new(&mut w.store, TableType::new(RefType::FUNCREF, 1, None), w.theirs.func.into())?;
    "Table::new_async" Fails TYPE => run(Table::new_async(&mut w.store, TableType::new(w.foreign.reference.clone(), 1, None), Ref::Any(None)))?;
    "Table::new_async" Fails STORE => run(Table::new_async(&mut w.store, TableType::new(RefType::FUNCREF, 1, None), w.theirs.func.into()))?;
    "Table::get" Panics STORE => w.theirs.table.get(&mut w.store, 0);
    "Table::set" Panics STORE => w.theirs.table.set(&mut w.store, 0, Ref::Func(None))?;
    "Table::set" Fails STORE => w.mine.table.set(&mut w.store, 0, w.theirs.func.into())?;
    "Table::fill" Panics STORE => w.theirs.table.fill(&mut w.store, 0, Ref::Func(None), 1)?;
    "Table::fill" Fails STORE => w.mine.table.fill(&mut w.store, 0, w.theirs.func.into(), 1)?;
    "Table::grow" Panics STORE => w.theirs.table.grow(&mut w.store, 1, Ref::Func(None))?;
    "Table::grow" Fails STORE => w.mine.table.grow(&mut w.store, 1, w.theirs.func.into())?;
    "Table::grow_async" Panics STORE => run(w.theirs.table.grow_async(&mut w.store, 1, Ref::Func(None)))?;
    "Table::grow_async" Fails STORE => run(w.mine.table.grow_async(&mut w.store, 1, w.theirs.func.into()))?;
    "Table::copy" Panics STORE => Table::copy(&mut w.store, &w.theirs.table, 0, &w.mine.table, 0, 1)?;
    "Table::copy" Panics STORE => Table::copy(&mut w.store, &w.mine.table, 0, &w.theirs.table, 0, 1)?;
    "Table::size" Panics STORE => w.theirs.table.size(&w.store);
    "Table::ty" Panics STORE => w.theirs.table.ty(&w.store);
    "Memory::data" Panics STORE => w.theirs.memory.data(&w.store).len();
    "Memory::data_mut" Panics STORE => w.theirs.memory.data_mut(&mut w.store).len();
    "Memory::data_and_store_mut" Panics STORE => w.theirs.memory.data_and_store_mut(&mut w.store).0.len();
    "Memory::data_ptr" Panics STORE => w.theirs.memory.data_ptr(&w.store);
    "Memory::data_size" Panics STORE => w.theirs.memory.data_size(&w.store);
    "Memory::grow" Panics STORE => w.theirs.memory.grow(&mut w.store, 1)?;
    "Memory::grow_async" Panics STORE => run(w.theirs.memory.grow_async(&mut w.store, 1))?;
    "Memory::page_size" Panics STORE => w.theirs.memory.page_size(&w.store);
    "Memory::page_size_log2" Panics STORE => w.theirs.memory.page_size_log2(&w.store);
    "Memory::read" Panics STORE => w.theirs.memory.read(&w.store, 0, &mut [0])?;
    "Memory::write" Panics STORE => w.theirs.memory.write(&mut w.store, 0, &[0])?;
    "Memory::size" Panics STORE => w.theirs.memory.size(&w.store);
    "Memory::ty" Panics STORE => w.theirs.memory.ty(&w.store);
    "Tag::new" Fails TYPE => Tag::new(&mut w.store, &w.foreign.tag)?;
    "Tag::eq" Panics STORE => Tag::eq(&w.theirs.tag, &w.mine.tag, &w.store);
    "Tag::eq" Panics STORE => Tag::eq(&w.mine.tag, &w.theirs.tag, &w.store);
    "Tag::ty" Panics STORE => w.theirs.tag.ty(&w.store);

    // Values.
    "Val::ty" Panics STORE => Val::from(w.theirs.any).ty(&w.store)?;
    "Val::ty" Panics STORE => Val::from(w.theirs.func).ty(&w.store)?;
    // SAFETY: null is of each type that a reference may have.
    "Val::from_raw" Panics TYPE => unsafe { Val::from_raw(&mut w.store, ValRaw::i32(0), w.foreign.value.clone()) };
    "Val::to_raw" Panics STORE => Val::from(w.theirs.func).to_raw(&mut w.store)?;
    "Val::matches_ty" Panics STORE => Val::from(w.theirs.host).matches_ty(&w.store, &ValType::EXTERNREF)?;
    "Val::matches_ty" Panics TYPE => Val::I32(0).matches_ty(&w.store, &w.foreign.value)?;
    "Ref::ty" Panics STORE => Ref::from(w.theirs.exception).ty(&w.store)?;
    "Ref::matches_ty" Panics STORE => Ref::from(w.theirs.func).matches_ty(&w.store, &RefType::FUNCREF)?;
    "Ref::matches_ty" Panics TYPE => Ref::Any(None).matches_ty(&w.store, &w.foreign.reference)?;

    // Instances.
    "Instance::new" Fails MODULE => Instance::new(&mut w.store, &w.foreign.module, &[])?;
    "Instance::new" Fails STORE => Instance::new(&mut w.store, &w.importer, &[w.theirs.func.into()])?;
    "Instance::new" Fails STORE => Instance::new(&mut w.store, &w.importer, &[w.foreign.shared.clone().into()])?;
    "Instance::new_async" Fails MODULE => run(Instance::new_async(&mut w.store, &w.foreign.module, &[]))?;
    "Instance::new_async" Fails STORE => run(Instance::new_async(&mut w.store, &w.importer, &[w.theirs.func.into()]))?;
    "Instance::exports" Panics STORE => w.theirs.instance.exports(&mut w.store).len();
    "Instance::module" Panics STORE => w.theirs.instance.module(&w.store).clone();
    "Instance::get_export" Panics STORE => w.theirs.instance.get_export(&mut w.store, "f");
    "Instance::get_func" Panics STORE => w.theirs.instance.get_func(&mut w.store, "f");
    "Instance::get_typed_func" Panics STORE => w.theirs.instance.get_typed_func::<(), ()>(&mut w.store, "f")?;
    "Instance::get_global" Panics STORE => w.theirs.instance.get_global(&mut w.store, "g");
    "Instance::get_table" Panics STORE => w.theirs.instance.get_table(&mut w.store, "t");
    "Instance::get_memory" Panics STORE => w.theirs.instance.get_memory(&mut w.store, "m");
    "Instance::get_shared_memory" Panics STORE => w.theirs.instance.get_shared_memory(&mut w.store, "m");
    "Instance::get_tag" Panics STORE => w.theirs.instance.get_tag(&mut w.store, "e");
    "Instance::get_module_export" Panics STORE =>
        w.theirs.instance.get_module_export(&mut w.store, &w.mine_too.module.get_export_index("f").unwrap());
    "Instance::get_module_export" Gives "false" =>
        w.mine.instance.get_module_export(&mut w.store, &w.foreign.module.get_export_index("f").unwrap()).is_some();
    "Caller::get_module_export" Gives "false" => found_in_caller(w)?;
    "Extern::ty" Panics STORE => w.theirs.item.ty(&w.store);
    "Extern::ty" Panics STORE => Extern::from(w.foreign.shared.clone()).ty(&w.store);
    "Export::ty" Panics STORE => w.theirs.instance.exports(&mut w.home).next().unwrap().ty(&w.store);

    // Linkers.
    "Linker::define" Fails STORES_ENGINE => linker(&w.other).define(&w.store, "", "f", w.mine.func).map(|_| ())?;
    "Linker::define" Fails STORE => linker(&w.engine).define(&w.store, "", "f", w.theirs.func).map(|_| ())?;
    "Linker::define" Fails STORE => linker(&w.engine).define(&w.store, "", "f", w.foreign.shared.clone()).map(|_| ())?;
    "Linker::define_unknown_imports_as_default_values" Fails STORES_ENGINE =>
        linker(&w.other).define_unknown_imports_as_default_values(&mut w.store, &w.foreign.module)?;
    "Linker::define_unknown_imports_as_default_values" Fails MODULE =>
        linker(&w.engine).define_unknown_imports_as_default_values(&mut w.store, &w.foreign.module)?;
    "Linker::define_unknown_imports_as_traps" Fails MODULE =>
        linker(&w.engine).define_unknown_imports_as_traps(&w.foreign.module)?;
    "Linker::func_new" Fails TYPE =>
        linker(&w.engine).func_new("", "f", w.foreign.func.clone(), |_, _, _| Ok(())).map(|_| ())?;
    "Linker::func_new_async" Fails TYPE => {
        let ty = w.foreign.func.clone();
        linker(&w.engine).func_new_async("", "f", ty, |_, _, _| Box::new(async { Ok(()) })).map(|_| ())?
    };
    // SAFETY: it is never called.
    "Linker::func_new_unchecked" Fails TYPE => unsafe {
        linker(&w.engine).func_new_unchecked("", "f", w.foreign.func.clone(), |_, _| Ok(())).map(|_| ())?
    };
    "Linker::get" Panics STORES_ENGINE => linker(&w.other).get(&mut w.store, "", "f")?;
    "Linker::get_by_import" Panics STORES_ENGINE =>
        linker(&w.other).get_by_import(&mut w.store, &w.importer.imports().next().unwrap());
    // By its names only.
    "Linker::get_by_import" Gives "false" => {
        let module = module(&w.other, r#"(import "" "f" (func))"#);
        linker(&w.engine).get_by_import(&mut w.store, &module.imports().next().unwrap()).is_some()
    };
    "Linker::get_default" Panics STORES_ENGINE => linker(&w.other).get_default(&mut w.store, "")?;
    "Linker::instance" Fails STORES_ENGINE => linker(&w.other).instance(&mut w.store, "", w.mine.instance).map(|_| ())?;
    "Linker::instance" Panics STORE => linker(&w.engine).instance(&mut w.store, "", w.theirs.instance).map(|_| ())?;
    "Linker::instantiate" Fails STORES_ENGINE => linker(&w.other).instantiate(&mut w.store, &w.mine_too.module)?;
    "Linker::instantiate" Fails MODULE => linker(&w.engine).instantiate(&mut w.store, &w.foreign.module)?;
    "Linker::instantiate_async" Fails STORES_ENGINE =>
        run(linker(&w.other).instantiate_async(&mut w.store, &w.mine_too.module))?;
    "Linker::instantiate_async" Fails MODULE => run(linker(&w.engine).instantiate_async(&mut w.store, &w.foreign.module))?;
    "Linker::module_async" Fails STORES_ENGINE =>
        run(linker(&w.other).module_async(&mut w.store, "", &w.mine_too.module)).map(|_| ())?;
    "Linker::module_async" Fails MODULE =>
        run(linker(&w.engine).module_async(&mut w.store, "", &w.foreign.module)).map(|_| ())?;
    "Linker::instantiate_pre" Fails MODULE => linker(&w.engine).instantiate_pre(&w.foreign.module)?;
    "Linker::iter" Panics STORES_ENGINE => linker(&w.other).iter(&mut w.store).count();
    "Linker::module" Fails STORES_ENGINE => linker(&w.other).module(&mut w.store, "", &w.mine_too.module).map(|_| ())?;
    "Linker::module" Fails MODULE => linker(&w.engine).module(&mut w.store, "", &w.foreign.module).map(|_| ())?;
    "InstancePre::instantiate" Fails STORES_ENGINE => {
        let pre = linker(&w.other).instantiate_pre(&w.foreign.module)?;
        pre.instantiate(&mut w.store)?
    };
    "InstancePre::instantiate" Fails STORE => w.importer_pre.instantiate(&mut w.store)?;
    "InstancePre::instantiate_async" Fails STORES_ENGINE => {
        let pre = linker(&w.other).instantiate_pre(&w.foreign.module)?;
        run(pre.instantiate_async(&mut w.store))?
    };
    "InstancePre::instantiate_async" Fails STORE => run(w.importer_pre.instantiate_async(&mut w.store))?;
};

#[test]
fn strangers_are_refused() {
    let mut world = World::new();
    for (name, expected, call) in LINES {
        let found = catch_unwind(AssertUnwindSafe(|| call(&mut world)));
        match (&found, expected) {
            (Ok(Ok(answer)), Gives(right)) => assert_eq!(answer, right, "{name}"),
            (Ok(Err(error)), Fails(text)) => {
                assert!(format!("{error:#}").contains(text), "{name}: {error:#}");
            }
            (Err(payload), Panics(text)) => {
                let said = payload.downcast_ref::<String>().map(String::as_str);
                let said = said.or_else(|| payload.downcast_ref::<&str>().copied());
                assert!(
                    said.is_some_and(|said| said.contains(text)),
                    "{name}: {said:?}"
                );
            }
            _ => panic!("{name}: {found:?}"),
        }
        world.check();
    }
}
