//! What is the program's does not run confined: its logger.

use crate::{HERE, ONE_AT_A_TIME, call, engine, nested};
use log::{LevelFilter, Log, Metadata, Record};
use std::sync::Mutex;
use wasmetal::{Config, Engine, Module};
use wasmetal_platform::confine::Logger;

/// A logger that keeps what it has allocated, under a lock.
struct Keeping(Mutex<Vec<(LevelFilter, String)>>);

static LOGGER: Logger<Keeping> = Logger::new(Keeping(Mutex::new(Vec::new())));

impl Log for Keeping {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &Record<'_>) {
        let text = format!("{}: {}", record.target(), record.args());
        let mut kept = self.0.lock().expect("no panic inside");
        kept.push((record.level().to_level_filter(), text));
    }

    fn flush(&self) {}
}

fn kept() -> Vec<(LevelFilter, String)> {
    std::mem::take(&mut LOGGER.get().0.lock().expect("no panic inside"))
}

#[test]
fn the_logger() {
    let _one = ONE_AT_A_TIME.lock();
    let small = nested(10);
    // One that would hear of the compiler, and run confined: what must be confined is refused.
    log::set_max_level(LevelFilter::Debug);
    let error = Module::new(&engine(Some(16 << 20)), &small).expect_err("a logger is in the way");
    assert!(error.to_string().contains("confine::Logger"), "{error}");
    let free = engine(None);
    let module = Module::new(&free, &small).expect("it need not be confined");
    assert_eq!(call(&free, &module), 42);

    LOGGER.install().expect("the only logger");
    log::set_max_level(LevelFilter::Trace);
    let confined = engine(Some(16 << 20));
    let mut before = None;
    for _ in 0..5 {
        let module = Module::new(&confined, nested(100)).expect("it fits");
        assert_eq!(call(&confined, &module), 42);
        drop(module);
        Module::new(&confined, b"\0asm\x01\0\0\0\x01").expect_err("cut off");
        assert_eq!(*before.get_or_insert(HERE.get()), HERE.get());
    }
    assert_eq!(kept(), []);

    // Outside it hears everything, of the compiler too where that is not confined; which says nothing at other levels.
    log::info!(target: "test", "outside");
    assert_eq!(kept(), [(LevelFilter::Info, "test: outside".into())]);
    let mut config = Config::new(wasmetal_platform_linux::platform());
    config.parallel_compilation(wasmetal_platform_linux::for_each);
    let free = Engine::new(&config).expect("an engine");
    Module::new(&free, nested(100)).expect("valid");
    let heard = kept();
    assert!(!heard.is_empty());
    for (level, text) in heard {
        assert!(level > LevelFilter::Info, "{text}");
    }
    log::set_max_level(LevelFilter::Off);
}
