//! A platform without guard pages, where nobody can wait: Linux that says so.

use std::sync::atomic::AtomicU32;
use std::time::Duration;

use crate::machine::{Like, Machine};
use crate::support::{check_error, config, module};
use wasmetal::{Config, Engine, Func, Instance, Platform as _, Store, Trap};
use wasmetal_platform::{Capabilities, Result};
use wasmetal_platform_linux::platform;

#[derive(Debug)]
pub(crate) struct NoGuards;

pub(crate) static NO_GUARDS: Like<NoGuards> = Like(NoGuards);

impl Machine for NoGuards {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            guard_pages: false,
            park: false,
            interrupts: false,
            continues: false,
            alarm: false,
            ..platform().capabilities()
        }
    }

    fn park(&self, _: &AtomicU32, _: u32, _: Option<Duration>) {
        panic!("it said that it can't");
    }

    fn unpark(&self, _: &AtomicU32) {
        panic!("it said that it can't");
    }

    fn now(&self) -> Duration {
        panic!("it said that it can't");
    }

    fn set_timer(&self, _: Option<Duration>) -> Result<()> {
        panic!("it said that it can't");
    }
}

const WAT: &str = r#"
    (import "" "host" (func $host (param i32) (result i32)))
    (memory (export "memory") 1 2)
    (func (export "load") (param i32) (result i32) (i32.load8_u (local.get 0)))
    (func (export "grow") (result i32) (memory.grow (i32.const 1)))
    (func $deep (export "deep") (param i32) (result i32)
        (call $host (call $deep (local.get 0))))
"#;

/// The code checks for itself what nobody else does.
#[test]
fn checks() {
    let engine = Engine::new(&Config::new(&NO_GUARDS)).unwrap();
    let module = module(&engine, WAT);
    let mut store = Store::new(&engine, ());
    let host = Func::wrap(&mut store, |x: i32| x);
    let instance = Instance::new(&mut store, &module, &[host.into()]).unwrap();
    let f = |store: &mut Store<()>, name| instance.get_typed_func::<i32, i32>(store, name).unwrap();
    let (load, deep) = (f(&mut store, "load"), f(&mut store, "deep"));
    let grow = instance
        .get_typed_func::<(), i32>(&mut store, "grow")
        .unwrap();
    for size in [65_536, 2 * 65_536] {
        assert_eq!(load.call(&mut store, size - 1).unwrap(), 0);
        for address in [size, i32::MIN, -1] {
            let error = load.call(&mut store, address).unwrap_err();
            assert_eq!(error.downcast_ref(), Some(&Trap::MemoryOutOfBounds));
            let error = deep.call(&mut store, 0).unwrap_err();
            assert_eq!(error.downcast_ref(), Some(&Trap::StackOverflow));
        }
        grow.call(&mut store, ()).unwrap();
    }
}

/// Code that relies on guard pages is not let in.
#[test]
fn images_that_need_guards() {
    let image = Engine::new(&config()).unwrap();
    let image = image.precompile_module(b"(module)").unwrap();
    let engine = Engine::new(&Config::new(&NO_GUARDS)).unwrap();
    // SAFETY: it does not get as far as its code.
    let module = unsafe { wasmetal::Module::deserialize_unsigned(&engine, image) };
    check_error(module, &["does not fit this engine"]);
}

#[test]
fn settings_that_need_guards() {
    let mut config = Config::new(&NO_GUARDS);
    config.memory_guard_size(4096);
    check_error(
        Engine::new(&config),
        &["memory_guard_size", "no guard pages"],
    );
}
