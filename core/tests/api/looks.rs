//! Whatever instantiation does as often as the module says, it looks at the store's interrupts meanwhile, and can be
//! stopped at any look.
//!
//! The machine's clock goes on by one with each look. So a deadline says at which look the store stops, on any machine,
//! and the clock says how many there were.

use crate::machine::{Like, Machine};
use crate::support::module;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use wasmetal::{
    Config, Engine, Func, FuncType, Instance, Linker, Module, Platform as _, Result, Store, Trap,
    ValType,
};
use wasmetal_platform::Capabilities;
use wasmetal_platform_linux::platform;

/// A machine on which time passes when somebody looks.
struct Looks(AtomicU64);

impl Machine for Looks {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            commit_piece: 65_536,
            ..platform().capabilities()
        }
    }

    fn now(&self) -> Duration {
        Duration::from_nanos(self.0.fetch_add(1, Ordering::Relaxed))
    }

    /// Nothing is to come from elsewhere.
    fn set_timer(&self, _: Option<Duration>) -> wasmetal_platform::Result<()> {
        Ok(())
    }
}

type Run<'a> = &'a dyn Fn(&mut Store<()>, &Module, Option<Instance>) -> Result<()>;

/// What is made in a store, and how.
struct Case<'a> {
    what: &'a str,
    /// What is in the store before.
    prepare: &'a dyn Fn(&mut Store<()>) -> Option<Instance>,
    wat: &'a str,
    run: Run<'a>,
    /// How many steps it takes at least. There is a look after each 512, or a few more.
    steps: usize,
}

fn nothing(_: &mut Store<()>) -> Option<Instance> {
    None
}

fn instantiate(store: &mut Store<()>, module: &Module, _: Option<Instance>) -> Result<()> {
    Instance::new(store, module, &[]).map(drop)
}

impl Case<'_> {
    fn check(&self) {
        let what = self.what;
        // The trap hook serves all stores of the program by the clock of the first.
        let mut first = Store::new(&crate::support::engine(), ());
        first.interrupt_handle().unwrap();
        let looks: &'static Like<Looks> = Box::leak(Box::new(Like(Looks(AtomicU64::new(1)))));
        let time = || looks.0.0.load(Ordering::Relaxed);
        let engine = Engine::new(&Config::new(looks)).unwrap();
        let image = engine.precompile_module(self.wat.as_bytes()).unwrap();
        // What is made once for a module is made for each.
        // SAFETY: the image is what the compiler made.
        let load = || unsafe { Module::deserialize_unsigned(&engine, &image) }.unwrap();
        let new = || {
            let mut store = Store::new(&engine, ());
            let prepared = (self.prepare)(&mut store);
            (store, prepared)
        };
        let (mut store, prepared) = new();
        store.set_deadline(Some(Duration::from_secs(1))).unwrap();
        let before = time();
        (self.run)(&mut store, &load(), prepared).expect(what);
        let total = time() - before;
        assert!(
            total >= (self.steps / 520) as u64,
            "{what}: {total} looks for {} steps",
            self.steps
        );
        let (mut store, prepared) = new();
        let mut used = store.resources_used();
        for at in (1..=total).step_by(1 + total as usize / 40) {
            let due = time() + at;
            store.set_deadline(Some(Duration::from_nanos(at))).unwrap();
            let what = format!("{what}, look {at} of {total}");
            match (self.run)(&mut store, &load(), prepared) {
                // What was left of the time before saved it the rest.
                Ok(()) => assert!(at > 1 && time() <= due, "{what}"),
                Err(error) => {
                    let trap = error.downcast_ref();
                    assert_eq!(trap, Some(&Trap::Interrupt), "{what}: {error:?}");
                    let mut after = store.resources_used();
                    after.gc_heap_size = used.gc_heap_size;
                    assert_eq!(after, used, "{what}");
                }
            }
            used = store.resources_used();
        }
        store.set_deadline(None).unwrap();
        (self.run)(&mut store, &load(), prepared).expect(what);
    }
}

/// The same line many times, with its number for each `#`.
fn repeat(count: usize, line: &str) -> String {
    let mut text = String::new();
    for i in 0..count {
        writeln!(text, "{}", line.replace('#', &i.to_string())).unwrap();
    }
    text
}

const MANY: usize = 10_000;

#[test]
fn imports() {
    let wat = repeat(MANY, r#"(import "host" "f#" (func $f#))"#);
    let by_linker = |store: &mut Store<()>, module: &Module, _: Option<Instance>| {
        let mut linker = Linker::new(store.engine());
        for i in 0..MANY {
            linker.func_wrap("host", &format!("f{i}"), || {})?;
        }
        linker.instantiate(store, module).map(drop)
    };
    let by_instance = |store: &mut Store<()>, module: &Module, _: Option<Instance>| {
        let func = Func::wrap(&mut *store, || {});
        Instance::new(store, module, &vec![func.into(); MANY]).map(drop)
    };
    let case = Case {
        what: "imports by a linker",
        prepare: &nothing,
        wat: &wat,
        run: &by_linker,
        // They are looked up, seen to be up to date, compared, made functions of the store, looked at, and linked.
        steps: 6 * MANY,
    };
    case.check();
    Case {
        what: "imports by hand",
        run: &by_instance,
        steps: 3 * MANY,
        ..case
    }
    .check();
    let exported = format!("{wat} {}", repeat(MANY, r#"(export "f#" (func $f#))"#));
    Case {
        what: "imports that are exported",
        wat: &exported,
        run: &by_instance,
        steps: 4 * MANY,
        ..case
    }
    .check();
}

#[test]
fn exports() {
    let wat = repeat(MANY, r#"(func (export "f#"))"#);
    let prepare = |store: &mut Store<()>| {
        let module = module(&store.engine().clone(), &wat);
        Some(Instance::new(store, &module, &[]).unwrap())
    };
    let run = |store: &mut Store<()>, _: &Module, instance: Option<Instance>| {
        let mut linker = Linker::new(store.engine());
        linker.instance(store, "m", instance.unwrap()).map(drop)
    };
    Case {
        what: "exports that a linker takes over",
        prepare: &prepare,
        wat: "(module)",
        run: &run,
        steps: MANY,
    }
    .check();
}

#[test]
fn memories() {
    let case = |what, wat: &str, steps| {
        Case {
            what,
            prepare: &nothing,
            wat,
            run: &instantiate,
            steps,
        }
        .check();
    };
    // One look for each piece of a commit.
    case("a memory", "(memory 1000)", 512 * 999);
    #[cfg(feature = "threads")]
    case("a shared memory", "(memory 1000 1000 shared)", 512 * 999);
    // An image is zeroed, filled, and copied.
    let data = "x".repeat(1 << 20);
    case(
        "data of an image",
        &format!(r#"(memory 20) (data (i32.const 100) "{data}")"#),
        512 * (20 + 2 * 127 + 15),
    );
    // Segments are collected, measured, and copied to the image.
    let segments = repeat(MANY, r#"(data (i32.const #) "x")"#);
    case(
        "segments of an image",
        &format!("(memory 20) {segments}"),
        4 * MANY,
    );
    case(
        "segments of a small memory",
        &format!("(memory 1) {segments}"),
        MANY,
    );
    case(
        "passive segments",
        &repeat(MANY, r#"(data "x") (elem func)"#),
        2 * MANY,
    );
}

#[cfg(feature = "exceptions")]
#[test]
fn tags() {
    Case {
        what: "tags",
        prepare: &nothing,
        wat: &repeat(MANY, "(tag (param i32))"),
        run: &instantiate,
        steps: 2 * MANY,
    }
    .check();
}

/// Types of functions, each another.
fn many_types() -> String {
    let mut text = String::new();
    for i in 0_usize..3000 {
        let params = (0..12).map(|bit| match i >> bit & 1 {
            0 => "i32 ",
            _ => "i64 ",
        });
        let params: String = params.collect();
        writeln!(text, r#"(import "" "" (func (param {params})))"#).unwrap();
    }
    text
}

/// A function of the host's that no module can call yet gets its way in from the next one.
#[test]
fn trampolines() {
    let ty = |engine: &Engine, i: usize| {
        let params = (0..12).map(|bit| match i >> bit & 1 {
            0 => ValType::I32,
            _ => ValType::I64,
        });
        FuncType::new(engine, params, [])
    };
    let run = |store: &mut Store<()>, module: &Module, _: Option<Instance>| {
        let engine = store.engine().clone();
        let imports: Vec<_> = (0..3000)
            .map(|i| Func::new(&mut *store, ty(&engine, i), |_, _, _| Ok(())).into())
            .collect();
        Instance::new(store, module, &imports).map(drop)
    };
    Case {
        what: "trampolines",
        prepare: &nothing,
        wat: &many_types(),
        run: &run,
        steps: 4 * 3000,
    }
    .check();
}

/// Functions that objects may refer to have a number each.
#[cfg(feature = "gc")]
#[test]
fn function_ids() {
    const OBJECTS: &str = r#"
        (type $s (struct (field funcref)))
        (func (export "make") (result (ref $s)) (struct.new $s (ref.null func)))
    "#;
    let functions = repeat(MANY, r#"(func (export "f#"))"#);
    let prepare = |wat: &str| {
        let wat = wat.to_string();
        move |store: &mut Store<()>| {
            let module = module(&store.engine().clone(), &wat);
            Some(Instance::new(store, &module, &[]).unwrap())
        }
    };
    let case = |what, before: &str, wat: &str, steps| {
        Case {
            what,
            prepare: &prepare(before),
            wat,
            run: &instantiate,
            steps,
        }
        .check();
    };
    // There is room for 16,384, and each function gets one; the addresses of the vmctx are written besides.
    case("ids of all functions", &functions, OBJECTS, 2 * MANY);
    case("ids of new functions", OBJECTS, &functions, 3 * MANY);
}
