//! Call hooks that answer later: what they hear of, wherever a call is dropped.

use crate::async_deadlines::sleep_on;
use crate::asynchronous::{block_on, poll_once, run, wait};
use crate::support::{check_error, engine, engines, module};
use async_trait::async_trait;
use std::future::pending;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;
use wasmetal::CallHook::{self, *};
use wasmetal::{
    CallHookHandler, Caller, Engine, ExternRef, Func, Instance, Result, Rooted, Store,
    StoreContextMut, Trap, TypedFunc, Val, bail,
};

/// What a hook does after it has waited.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Then {
    Fails,
    Panics,
    /// Never.
    Waits,
}

/// What a store's hook does and has heard.
#[derive(Default)]
struct Heard {
    polls: u32,
    at: Option<(CallHook, Then)>,
    /// What it was told, and what it has answered well.
    told: Vec<CallHook>,
    answered: Vec<CallHook>,
}

struct Hook;

#[async_trait]
impl CallHookHandler<Heard> for Hook {
    async fn handle_call_event(
        &self,
        mut store: StoreContextMut<'_, Heard>,
        what: CallHook,
    ) -> Result<()> {
        store.data_mut().told.push(what);
        // It collects garbage before it waits and after that, and has something rooted meanwhile.
        store.gc(None)?;
        let rooted = ExternRef::new(&mut store, 7_u8)?;
        wait(store.data().polls).await;
        store.gc(None)?;
        assert!(rooted.data(&store)?.is_some());
        match store.data().at {
            Some((at, then)) if at == what => match then {
                Then::Fails => bail!("the hook at {what:?}"),
                Then::Panics => panic!("the hook"),
                Then::Waits => pending().await,
            },
            _ => {
                store.data_mut().answered.push(what);
                Ok(())
            }
        }
    }
}

const ROUND: [CallHook; 4] = [
    CallingWasm,
    CallingHost,
    ReturningFromHost,
    ReturningFromWasm,
];

/// `wait(polls, value)` is `value`; it fails if that is -1.
fn waits(store: &mut Store<Heard>) -> Func {
    Func::wrap_async(store, |_: Caller<'_, Heard>, (polls, value): (u32, i32)| {
        Box::new(async move {
            wait(polls).await;
            match value {
                -1 => bail!("the host"),
                -2 => panic!("the host"),
                value => Ok(value),
            }
        })
    })
}

const MODULE: &str = r#"(module
    (import "" "wait" (func $wait (param i32 i32) (result i32)))
    (import "" "same" (func $same (param externref) (result externref)))
    (import "" "nested" (func $nested (param i32) (result i32)))
    (func (export "run") (param i32 i32) (result i32) (call $wait (local.get 0) (local.get 1)))
    (func (export "trap") (param i32) (drop (call $wait (local.get 0) (i32.const 0))) unreachable)
    (func (export "refs") (param externref i32) (result externref i32)
        (call $same (local.get 0)) (call $wait (local.get 1) (i32.const 5)))
    (func (export "nest") (param i32) (result i32) (call $nested (local.get 0))))"#;

type Value = Option<Rooted<ExternRef>>;

/// A store with a hook that waits so often, and the module.
fn hooked(engine: &Engine, polls: u32) -> (Store<Heard>, Instance) {
    let mut store = Store::new(engine, Heard::default());
    let wait = waits(&mut store);
    let same = Func::wrap(&mut store, |value: Value| value);
    let nested = Func::wrap_async(
        &mut store,
        |mut caller: Caller<'_, Heard>, (polls,): (u32,)| {
            Box::new(async move {
                let again = caller.get_export("run").unwrap().into_func().unwrap();
                let again = again.typed::<(u32, i32), i32>(&caller)?;
                let one = again.call_async(&mut caller, (polls, 1)).await?;
                Result::Ok(one + again.call_async(&mut caller, (polls, 2)).await?)
            })
        },
    );
    let imports = [wait.into(), same.into(), nested.into()];
    let instance = Instance::new(&mut store, &module(engine, MODULE), &imports).unwrap();
    store.data_mut().polls = polls;
    store.call_hook_async(Hook);
    (store, instance)
}

fn typed<P: wasmetal::WasmParams, R: wasmetal::WasmResults>(
    store: &mut Store<Heard>,
    instance: Instance,
    name: &str,
) -> TypedFunc<P, R> {
    instance.get_typed_func(store, name).unwrap()
}

/// What was begun well has ended, and nothing else has: each direction for itself, innermost first.
fn check_balance(store: &mut Store<Heard>) {
    let heard = store.data_mut();
    let mut open = Vec::new();
    let mut answered = heard.answered.iter().peekable();
    for &what in &heard.told {
        let well = answered.next_if_eq(&&what).is_some();
        match what {
            CallingWasm | CallingHost if well => open.push(what),
            CallingWasm | CallingHost => {}
            ReturningFromHost => assert_eq!(open.pop(), Some(CallingHost), "{:?}", heard.told),
            ReturningFromWasm => assert_eq!(open.pop(), Some(CallingWasm), "{:?}", heard.told),
        }
    }
    assert_eq!(open, [], "{:?}", heard.told);
    heard.told.clear();
    heard.answered.clear();
}

#[test]
fn a_call_waits_for_its_hook() {
    for engine in engines() {
        for (hook, host) in [(0, 0), (1, 0), (0, 2), (3, 2)] {
            let (mut store, instance) = hooked(&engine, hook);
            let func: TypedFunc<(u32, i32), i32> = typed(&mut store, instance, "run");
            let (result, polled) = block_on(func.call_async(&mut store, (host, 6)));
            assert_eq!(result.unwrap(), 6);
            assert_eq!(polled as u32, 1 + 4 * hook + host);
            assert_eq!(store.data().told, ROUND);
            check_balance(&mut store);
            for (value, what) in [(-1, "the host"), (-2, "")] {
                let call = AssertUnwindSafe(|| run(func.call_async(&mut store, (host, value))));
                match catch_unwind(call) {
                    Ok(result) => assert_eq!(result.unwrap_err().root_cause().to_string(), what),
                    Err(panic) => assert_eq!(panic.downcast_ref(), Some(&"the host")),
                }
                assert_eq!(store.data().told, ROUND);
                check_balance(&mut store);
            }
            let trap: TypedFunc<u32, ()> = typed(&mut store, instance, "trap");
            let error = run(trap.call_async(&mut store, host)).unwrap_err();
            assert_eq!(error.downcast_ref(), Some(&Trap::UnreachableCodeReached));
            assert_eq!(store.data().told, ROUND);
            check_balance(&mut store);
            // The host's own call of a host function.
            let direct = waits(&mut store);
            let mut results = [Val::I32(0)];
            let params = [Val::I32(host as i32), Val::I32(8)];
            run(direct.call_async(&mut store, &params, &mut results)).unwrap();
            assert_eq!(results[0].unwrap_i32(), 8);
            assert_eq!(store.data().told, ROUND);
            check_balance(&mut store);
            let nest: TypedFunc<u32, i32> = typed(&mut store, instance, "nest");
            let (result, polled) = block_on(nest.call_async(&mut store, host));
            assert_eq!(result.unwrap(), 3);
            assert_eq!(polled as u32, 1 + 12 * hook + 2 * host);
            assert_eq!(store.data().told.len(), 12);
            check_balance(&mut store);
        }
    }
}

/// References that are on their way are the same objects, though garbage is collected meanwhile.
#[test]
fn values_stay() {
    for engine in engines() {
        for polls in 0..3 {
            let (mut store, instance) = hooked(&engine, polls);
            let refs: TypedFunc<(Rooted<ExternRef>, u32), (Value, i32)> =
                typed(&mut store, instance, "refs");
            for i in 0..3 {
                let value = ExternRef::new(&mut store, i).unwrap();
                let (same, five) = run(refs.call_async(&mut store, (value, polls))).unwrap();
                let same = same.unwrap();
                let data = same.data(&store).unwrap().unwrap();
                assert_eq!((data.downcast_ref(), five), (Some(&i), 5));
            }
        }
    }
}

#[test]
fn dropped_wherever_it_waits() {
    for engine in engines() {
        let (mut store, instance) = hooked(&engine, 2);
        let nest: TypedFunc<u32, i32> = typed(&mut store, instance, "nest");
        let func: TypedFunc<(u32, i32), i32> = typed(&mut store, instance, "run");
        let trap: TypedFunc<u32, ()> = typed(&mut store, instance, "trap");
        let (_, all) = block_on(nest.call_async(&mut store, 2));
        store.data_mut().told.clear();
        store.data_mut().answered.clear();
        for polls in 0..all {
            let mut call = Box::pin(nest.call_async(&mut store, 2));
            for _ in 0..polls {
                poll_once(call.as_mut());
            }
            drop(call);
            check_balance(&mut store);
        }
        // Of one that fails.
        for polls in 0..1 + 8 + 2 {
            let mut call = Box::pin(trap.call_async(&mut store, 2));
            for _ in 0..polls {
                poll_once(call.as_mut());
            }
            drop(call);
            check_balance(&mut store);
        }
        assert_eq!(run(func.call_async(&mut store, (1, 4))).unwrap(), 4);
        assert_eq!(store.data().told, ROUND);
    }
}

#[test]
fn a_hook_that_ends_otherwise() {
    for engine in engines() {
        for polls in [0, 2] {
            for what in ROUND {
                let (mut store, instance) = hooked(&engine, polls);
                let func: TypedFunc<(u32, i32), i32> = typed(&mut store, instance, "run");
                store.data_mut().at = Some((what, Then::Fails));
                let error = run(func.call_async(&mut store, (polls, 4))).unwrap_err();
                assert_eq!(
                    error.root_cause().to_string(),
                    format!("the hook at {what:?}")
                );
                check_balance(&mut store);
                // A host function's panic goes on whatever the hook does after it.
                let fails = AssertUnwindSafe(|| run(func.call_async(&mut store, (polls, -2))));
                match catch_unwind(fails) {
                    Ok(result) => check_error(result, &["the hook at Calling"]),
                    Err(panic) => assert_eq!(panic.downcast_ref(), Some(&"the host")),
                }
                check_balance(&mut store);
                // It never answers, and the deadline passes.
                store.data_mut().at = Some((what, Then::Waits));
                store.set_deadline(Some(Duration::from_millis(20))).unwrap();
                let error = sleep_on(func.call_async(&mut store, (0, 4))).unwrap_err();
                assert_eq!(error.downcast_ref(), Some(&Trap::Interrupt), "{what:?}");
                store.set_deadline(None).unwrap();
                store.data_mut().told.clear();
                store.data_mut().answered.clear();
                store.data_mut().at = None;
                assert_eq!(run(func.call_async(&mut store, (0, 4))).unwrap(), 4);
                assert_eq!(store.data().told, ROUND);
                check_balance(&mut store);
                // After a panic the store has no hook.
                store.data_mut().at = Some((what, Then::Panics));
                let panics = AssertUnwindSafe(|| run(func.call_async(&mut store, (polls, 4))));
                let panic = catch_unwind(panics).unwrap_err();
                assert_eq!(panic.downcast_ref(), Some(&"the hook"));
                store.data_mut().told.clear();
                assert_eq!(run(func.call_async(&mut store, (0, 4))).unwrap(), 4);
                assert_eq!(store.data().told, []);
            }
        }
    }
}

#[test]
fn a_call_that_cannot_wait() {
    for engine in engines() {
        let (mut store, instance) = hooked(&engine, 0);
        let func: TypedFunc<(u32, i32), i32> = typed(&mut store, instance, "run");
        assert_eq!(func.call(&mut store, (0, 4)).unwrap(), 4);
        assert_eq!(store.data().told, ROUND);
        check_balance(&mut store);
        check_error(
            func.call(&mut store, (1, 4)),
            &["a host function has to wait"],
        );
        assert_eq!(store.data().told, ROUND);
        check_balance(&mut store);
        for what in ROUND {
            store.data_mut().at = Some((what, Then::Waits));
            check_error(
                func.call(&mut store, (0, 4)),
                &["the store's call hook has to wait"],
            );
            check_balance(&mut store);
        }
        // So it is with a hook that answers at once.
        store.call_hook(|mut store, what| {
            store.data_mut().told.push(what);
            store.data_mut().answered.push(what);
            Ok(())
        });
        check_error(
            func.call(&mut store, (1, 4)),
            &["a host function has to wait"],
        );
        assert_eq!(store.data().told, ROUND);
    }
}

#[test]
fn futures_are_send() {
    fn is_send<T: Send>(value: T) -> T {
        value
    }
    let engine = engine();
    let (mut store, instance) = hooked(&engine, 1);
    let func: TypedFunc<(u32, i32), i32> = typed(&mut store, instance, "run");
    let mut call = Box::pin(is_send(func.call_async(&mut store, (1, 4))));
    // Each poll is another thread's.
    for _ in 0..5 {
        std::thread::scope(|scope| scope.spawn(|| poll_once(call.as_mut())).join().unwrap());
    }
    assert_eq!(run(call).unwrap(), 4);
}
