//! Call hooks: what they hear of, what they can stop, and what they leave as it is.

use crate::support::{check_error, config, engine, module};
use std::time::Duration;
use wasmetal::CallHook::{self, *};
use wasmetal::{Engine, Func, Instance, Linker, Store, Trap, Val, bail, format_err};

/// What the hook of a store has heard, and what it is to fail at.
#[derive(Default)]
struct Heard {
    all: Vec<CallHook>,
    fail_at: Option<usize>,
}

fn hooked(engine: &Engine, fail_at: Option<usize>) -> Store<Heard> {
    let mut store = Store::new(
        engine,
        Heard {
            fail_at,
            ..Heard::default()
        },
    );
    store.call_hook(|mut store, what| {
        let heard = store.data_mut();
        heard.all.push(what);
        match heard.fail_at == Some(heard.all.len() - 1) {
            true => bail!("hook at {what:?}"),
            false => Ok(()),
        }
    });
    store
}

const ROUND: [CallHook; 4] = [
    CallingWasm,
    CallingHost,
    ReturningFromHost,
    ReturningFromWasm,
];

const MODULE: &str = r#"
    (module
        (import "host" "f" (func $f (param i32) (result i32)))
        (func (export "run") (param i32) (result i32) (call $f (local.get 0)))
        (func (export "trap") (drop (call $f (i32.const 1))) unreachable)
        (func (export "start") (result i32) (i32.const 7)))
"#;

fn linker(engine: &Engine) -> Linker<Heard> {
    let mut linker = Linker::new(engine);
    let f = |x: i32| match x {
        0 => Err(format_err!("host failed")),
        x => Ok(x + 1),
    };
    linker.func_wrap("host", "f", f).unwrap();
    linker
}

#[test]
fn what_is_heard() {
    let engine = engine();
    let linker = linker(&engine);
    let compiled = module(&engine, MODULE);
    let mut store = hooked(&engine, None);
    let instance = linker.instantiate(&mut store, &compiled).unwrap();
    let run = instance
        .get_typed_func::<i32, i32>(&mut store, "run")
        .unwrap();
    let trap = instance
        .get_typed_func::<(), ()>(&mut store, "trap")
        .unwrap();
    assert_eq!(run.call(&mut store, 5).unwrap(), 6);
    assert_eq!(run.call(&mut store, 6).unwrap(), 7);
    check_error(run.call(&mut store, 0), &["host failed"]);
    let error = trap.call(&mut store, ()).unwrap_err();
    assert_eq!(error.downcast_ref(), Some(&Trap::UnreachableCodeReached));
    // The host's own call of a host function, as in Wasmtime.
    let host = Func::wrap(&mut store, |x: i32| x * 2);
    let mut results = [Val::I32(0)];
    host.call(&mut store, &[Val::I32(4)], &mut results).unwrap();
    assert_eq!(results[0].unwrap_i32(), 8);
    assert_eq!(store.data().all, ROUND.repeat(5));
    assert!(CallingHost.entering_host() && CallingWasm.exiting_host());
}

/// The number of the call to the hook that fails, whether the host function was called, and how often it hears after.
#[test]
fn errors() {
    let engine = engine();
    let linker = linker(&engine);
    let compiled = module(&engine, MODULE);
    let expected: [&[CallHook]; 4] = [
        &ROUND[..1],
        &[CallingWasm, CallingHost, ReturningFromWasm],
        &ROUND,
        &ROUND,
    ];
    for (fail_at, expected) in expected.into_iter().enumerate() {
        let mut store = hooked(&engine, Some(fail_at));
        let instance = linker.instantiate(&mut store, &compiled).unwrap();
        let run = instance
            .get_typed_func::<i32, i32>(&mut store, "run")
            .unwrap();
        let what = format!("hook at {:?}", ROUND[fail_at]);
        check_error(run.call(&mut store, 5), &[&what]);
        assert_eq!(store.data().all, expected, "{fail_at}");
        // The store is as good as before.
        assert_eq!(run.call(&mut store, 5).unwrap(), 6);
        // What a host function fails with gives way to what the hook fails with after it.
        store.data_mut().all.clear();
        store.data_mut().fail_at = Some(2);
        check_error(run.call(&mut store, 0), &["hook at ReturningFromHost"]);
    }
}

/// Functions that the store had before are heard of too; start functions; a store that can be interrupted.
#[test]
fn whatever_is_called() {
    let engine = engine();
    let mut store = Store::new(&engine, Heard::default());
    let before = Func::wrap(&mut store, |x: i32| x + 1);
    let compiled = module(&engine, MODULE);
    let instance = Instance::new(&mut store, &compiled, &[before.into()]).unwrap();
    let run = instance
        .get_typed_func::<i32, i32>(&mut store, "run")
        .unwrap();
    assert_eq!(run.call(&mut store, 1).unwrap(), 2);
    store.call_hook(|mut store, what| {
        store.data_mut().all.push(what);
        Ok(())
    });
    assert_eq!(run.call(&mut store, 1).unwrap(), 2);
    assert_eq!(store.data().all, ROUND);
    store.data_mut().all.clear();
    store.set_deadline(Some(Duration::from_secs(3600))).unwrap();
    assert_eq!(run.call(&mut store, 1).unwrap(), 2);
    assert_eq!(store.data().all, ROUND);
    store.data_mut().all.clear();

    let start = module(
        &engine,
        r#"(module (import "" "" (func $f)) (func $g (call $f)) (start $g))"#,
    );
    let nothing = Func::wrap(&mut store, || ());
    Instance::new(&mut store, &start, &[nothing.into()]).unwrap();
    assert_eq!(store.data().all, ROUND);
    store.data_mut().all.clear();
    let start = module(&engine, r#"(module (import "" "" (func $f)) (start $f))"#);
    Instance::new(&mut store, &start, &[nothing.into()]).unwrap();
    assert_eq!(store.data().all, ROUND);
}

#[cfg(all(feature = "gc", feature = "exceptions"))]
/// A hook that collects garbage, calls functions of the store and throws changes nothing that the calls are about.
#[test]
fn what_stays() {
    use wasmetal::{Caller, ExternRef, Module, Result, Rooted};
    let engine = engine();
    let compiled = Module::new(
        &engine,
        r#"(module
            (type $pair (struct (field i32) (field externref)))
            (import "host" "same" (func $same (param externref anyref) (result externref anyref)))
            (import "host" "fail" (func $fail))
            (import "host" "who" (func $who (result i32)))
            (tag $tag (param i32))
            (func (export "id") (result i32) (i32.const 3))
            (func (export "idle") (result i32) (call $who))
            (func (export "throw") (throw $tag (i32.const 1)))
            (func (export "throws") (result i32)
                (block $caught (result i32)
                    (try_table (catch $tag $caught) (throw $tag (i32.const 9)))
                    (i32.const 0)))
            (func (export "run") (param externref) (result externref i32)
                (local $any anyref)
                (call $same (local.get 0) (struct.new $pair (i32.const 5) (local.get 0)))
                (local.set $any)
                (struct.get $pair 0 (ref.cast (ref $pair) (local.get $any))))
            (func (export "caught") (result i32)
                (block $caught (result i32)
                    (try_table (catch $tag $caught) (call $fail))
                    (i32.const 0))))"#,
    )
    .unwrap();
    type State = Vec<Instance>;
    let mut linker = Linker::<State>::new(&engine);
    linker
        .func_wrap("host", "same", |a: Option<Rooted<ExternRef>>, b| {
            let b: Option<Rooted<wasmetal::AnyRef>> = b;
            (a, b)
        })
        .unwrap();
    linker
        .func_wrap("host", "fail", |mut caller: Caller<'_, State>| {
            let throw = caller.get_export("throw").unwrap().into_func().unwrap();
            throw.call(&mut caller, &[], &mut [])
        })
        .unwrap();
    linker
        .func_wrap("host", "who", |mut caller: Caller<'_, State>| {
            let id = caller.get_export("id").unwrap().into_func().unwrap();
            let id = id.typed::<(), i32>(&caller)?;
            id.call(&mut caller, ())
        })
        .unwrap();
    let mut store = Store::new(&engine, State::new());
    let instance = linker.instantiate(&mut store, &compiled).unwrap();
    // Of another module: a caller without exports.
    let other = module(
        &engine,
        r#"(module (import "" "" (func $f (result i32))) (func (export "f") (result i32) (call $f)))"#,
    );
    let idle = instance.get_func(&mut store, "idle").unwrap();
    let other = Instance::new(&mut store, &other, &[idle.into()]).unwrap();
    store.data_mut().extend([instance, other]);
    store.call_hook(|mut store, _| {
        let [instance, other] = store.data()[..] else {
            bail!("no instances")
        };
        let throws = instance.get_typed_func::<(), i32>(&mut store, "throws")?;
        assert_eq!(throws.call(&mut store, ())?, 9);
        let f = other.get_typed_func::<(), i32>(&mut store, "f")?;
        assert_eq!(f.call(&mut store, ())?, 3);
        store.gc(None)
    });
    let run = instance
        .get_typed_func::<Rooted<ExternRef>, (Option<Rooted<ExternRef>>, i32)>(&mut store, "run")
        .unwrap();
    for i in 0..3 {
        let value = ExternRef::new(&mut store, i).unwrap();
        let (same, five) = run.call(&mut store, value).unwrap();
        let data = same.unwrap().data(&store).unwrap().unwrap();
        assert_eq!(data.downcast_ref::<i32>(), Some(&i));
        assert_eq!(five, 5);
    }
    let call = |store: &mut Store<State>, name| -> Result<i32> {
        instance
            .get_typed_func::<(), i32>(&mut *store, name)?
            .call(store, ())
    };
    assert_eq!(call(&mut store, "caught").unwrap(), 1);
    assert_eq!(call(&mut store, "idle").unwrap(), 3);
    let throw = instance
        .get_typed_func::<(), ()>(&mut store, "throw")
        .unwrap();
    let error = throw.call(&mut store, ()).unwrap_err();
    assert!(error.is::<wasmetal::ThrownException>());
    assert!(store.take_pending_exception().is_some());
}

/// A panic in a hook goes on in the host; after it the store has none.
#[test]
fn panics() {
    let engine = Engine::new(&config()).unwrap();
    let mut store = Store::new(&engine, ());
    let compiled = module(&engine, MODULE);
    let f = Func::wrap(&mut store, |x: i32| x);
    let instance = Instance::new(&mut store, &compiled, &[f.into()]).unwrap();
    let run = instance
        .get_typed_func::<i32, i32>(&mut store, "run")
        .unwrap();
    store.call_hook(|_, what| match what {
        CallingHost => panic!("in a hook"),
        _ => Ok(()),
    });
    let call = std::panic::AssertUnwindSafe(|| run.call(&mut store, 1));
    let panic = std::panic::catch_unwind(call).unwrap_err();
    assert_eq!(panic.downcast_ref::<&str>(), Some(&"in a hook"));
    assert_eq!(run.call(&mut store, 1).unwrap(), 1);
}

/// What a call panics with, if it does.
fn panic_of(call: impl FnOnce()) -> Option<&'static str> {
    let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(call)).err()?;
    panic.downcast_ref::<&str>().copied()
}

/// A host function's panic goes on whatever the hook does when it hears of it: nothing, fail, or panic.
#[test]
fn panics_of_host_functions() {
    let engine = engine();
    let compiled = module(&engine, MODULE);
    for what_it_does in ["nothing", "fails", "panics"] {
        let mut store = Store::new(&engine, Vec::new());
        let f = |x: i32| match x {
            0 => panic!("in the function"),
            x => x,
        };
        let f = Func::wrap(&mut store, f);
        let instance = Instance::new(&mut store, &compiled, &[f.into()]).unwrap();
        let run = instance
            .get_typed_func::<i32, i32>(&mut store, "run")
            .unwrap();
        store.call_hook(move |mut store, what| {
            store.data_mut().push(what);
            match what_it_does {
                "fails" if [ReturningFromHost, ReturningFromWasm].contains(&what) => {
                    bail!("in the hook")
                }
                "panics" if what == ReturningFromHost => panic!("in the hook"),
                _ => Ok(()),
            }
        });
        let panic = panic_of(|| drop(run.call(&mut store, 0)));
        assert_eq!(panic, Some("in the function"), "{what_it_does}");
        // A hook that panicked is the store's no more.
        let heard = match what_it_does {
            "panics" => 3,
            _ => 4,
        };
        assert_eq!(store.data(), &ROUND[..heard], "{what_it_does}");
        // The host's own call of a host function.
        store.data_mut().clear();
        let panic = panic_of(|| drop(f.call(&mut store, &[Val::I32(0)], &mut [Val::I32(0)])));
        assert_eq!(panic, Some("in the function"), "{what_it_does}");
        let heard = match what_it_does {
            "panics" => &[][..],
            _ => &ROUND,
        };
        assert_eq!(store.data(), heard, "{what_it_does}");
    }
}

/// What a hook has rooted is gone when it has ended, by a panic too; what the host had rooted before is not.
#[cfg(feature = "gc")]
#[test]
fn panics_leave_no_scope() {
    use wasmetal::ExternRef;
    let engine = engine();
    let compiled = module(&engine, MODULE);
    for at in ROUND {
        let mut store = Store::new(&engine, None);
        let f = Func::wrap(&mut store, |x: i32| x);
        let instance = Instance::new(&mut store, &compiled, &[f.into()]).unwrap();
        let run = instance
            .get_typed_func::<i32, i32>(&mut store, "run")
            .unwrap();
        let kept = ExternRef::new(&mut store, 5).unwrap();
        store.call_hook(move |mut store, what| {
            let rooted = ExternRef::new(&mut store, 6)?;
            if what == at {
                *store.data_mut() = Some(rooted);
                panic!("in a hook");
            }
            Ok(())
        });
        let panic = panic_of(|| drop(run.call(&mut store, 1)));
        assert_eq!(panic, Some("in a hook"), "{at:?}");
        let rooted = store.data().unwrap();
        check_error(rooted.data(&store).map(drop), &["has been unrooted"]);
        let data = kept.data(&store).unwrap().unwrap();
        assert_eq!(data.downcast_ref::<i32>(), Some(&5));
    }
}
