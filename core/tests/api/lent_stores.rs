//! Host functions that lend their store to another thread, which calls Wasm code in it while they wait.

use crate::support::{engine, engines, module};
use std::thread;
use std::time::Duration;
use wasmetal::{
    AsContextMut, Caller, Engine, Func, Instance, Result, Store, StoreContextMut, Trap, TypedFunc,
};

const MODULE: &str = r#"
    (module
        (import "" "host" (func $host (param i32) (result i32)))
        (func (export "run") (param i32) (result i32) (call $host (local.get 0)))
        (func (export "spin") (param i32) (result i32) (loop (br 0)) (unreachable))
        (func (export "run_and_spin") (param i32) (result i32)
            (drop (call $host (local.get 0))) (loop (br 0)) (unreachable)))
"#;

/// What the host function is told, besides the number of threads that are to be passed through.
const SPIN_ELSEWHERE: i32 = -1;
const RECURSE_ELSEWHERE: i32 = -2;
const RECURSE: i32 = -3;
const SET_DEADLINE_ELSEWHERE: i32 = -4;

const SOON: Duration = Duration::from_millis(20);

fn host(mut caller: Caller<'_, ()>, number: i32) -> Result<i32> {
    let mut export = |name| -> Result<TypedFunc<i32, i32>> {
        let func = caller.get_export(name).unwrap().into_func().unwrap();
        func.typed(&caller)
    };
    let (run, spin) = (export("run")?, export("spin")?);
    let mut store: StoreContextMut<'_, ()> = caller.into();
    let mut elsewhere = |func: TypedFunc<i32, i32>, number| {
        let store = &mut store;
        thread::scope(|scope| scope.spawn(|| func.call(store, number)).join().unwrap())
    };
    match number {
        0 => Ok(7),
        SPIN_ELSEWHERE => elsewhere(spin, 0),
        RECURSE_ELSEWHERE => elsewhere(run, RECURSE),
        RECURSE => run.call(&mut store, RECURSE),
        SET_DEADLINE_ELSEWHERE => {
            let store = &mut store;
            let set = || store.as_context_mut().set_deadline(Some(SOON));
            thread::scope(|scope| scope.spawn(set).join().unwrap())?;
            Ok(0)
        }
        _ => elsewhere(run, number - 1),
    }
}

/// A store, and an instance in it.
struct Lent(Store<()>, Instance);

impl Lent {
    fn new(engine: &Engine) -> Self {
        let mut store = Store::new(engine, ());
        let host = Func::wrap(&mut store, host);
        let module = module(engine, MODULE);
        let instance = Instance::new(&mut store, &module, &[host.into()]).unwrap();
        Self(store, instance)
    }

    fn call(&mut self, name: &str, number: i32) -> Result<i32> {
        let Self(store, instance) = self;
        let func = instance.get_typed_func::<i32, i32>(&mut *store, name)?;
        func.call(store, number)
    }

    #[track_caller]
    fn check_trap(&mut self, name: &str, number: i32, expected: Trap) {
        let error = self.call(name, number).unwrap_err();
        assert_eq!(error.downcast_ref(), Some(&expected));
    }
}

/// The stacks of threads lie above each other in any order.
#[test]
fn each_thread_has_the_room_of_its_own_stack() {
    for engine in engines() {
        for interruptible in [false, true] {
            let mut lent = Lent::new(&engine);
            if interruptible {
                lent.0.interrupt_handle().unwrap();
            }
            for threads in [0, 1, 2, 20] {
                assert_eq!(lent.call("run", threads).unwrap(), 7);
            }
            // The second time, the short way in is taken.
            for number in [RECURSE, RECURSE_ELSEWHERE, RECURSE, RECURSE_ELSEWHERE] {
                lent.check_trap("run", number, Trap::StackOverflow);
                assert_eq!(lent.call("run", 3).unwrap(), 7);
            }
        }
    }
}

#[test]
fn deadlines_hold_on_each_thread() {
    let engine = engine();
    let check = |before: bool, name: &str, number| {
        let mut lent = Lent::new(&engine);
        if before {
            lent.0.set_deadline(Some(SOON)).unwrap();
        }
        lent.check_trap(name, number, Trap::Interrupt);
        lent.0.set_deadline(None).unwrap();
        assert_eq!(lent.call("run", 2).unwrap(), 7);
        lent.0.set_deadline(Some(SOON)).unwrap();
        lent.check_trap("spin", 0, Trap::Interrupt);
    };
    check(true, "run", SPIN_ELSEWHERE);
    // Back on the first thread.
    check(true, "run_and_spin", 0);
    check(true, "run_and_spin", 1);
    check(true, "run_and_spin", 5);
    check(false, "run_and_spin", SET_DEADLINE_ELSEWHERE);
}

/// An interrupt reaches the store on the thread that runs it.
#[test]
fn handles_reach_each_thread() {
    let mut lent = Lent::new(&engine());
    let handle = lent.0.interrupt_handle().unwrap();
    for (name, number) in [("run", SPIN_ELSEWHERE), ("run_and_spin", 1)] {
        let handle = handle.clone();
        let interrupter = thread::spawn(move || {
            thread::sleep(SOON);
            handle.interrupt();
        });
        lent.check_trap(name, number, Trap::Interrupt);
        interrupter.join().unwrap();
    }
}
