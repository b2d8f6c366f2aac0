//! Instantiation is bounded as code is: whatever a module says is to be made, it stops soon.
//!
//! The limiter, which instantiation asks first, interrupts the store. So each case is stopped at its first
//! look at the interrupts, on any machine; what is left undone tells that there was one in time.

use crate::support::{engine, module};
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use wasmetal::{
    Engine, Extern, Instance, InterruptHandle, Memory, MemoryType, Ref, RefType, ResourceLimiter,
    Result, Store, Table, TableType, Trap,
};

/// Interrupts the store whenever it wants something.
#[derive(Clone, Default)]
struct Interrupting(Arc<Mutex<Option<InterruptHandle>>>);

impl Interrupting {
    fn interrupt(&self) {
        if let Some(handle) = &*self.0.lock().unwrap() {
            handle.interrupt();
        }
    }
}

impl ResourceLimiter for Interrupting {
    fn memory_growing(&mut self, _: usize, _: usize, _: Option<usize>) -> Result<bool> {
        self.interrupt();
        Ok(true)
    }

    fn table_growing(&mut self, _: usize, _: usize, _: Option<usize>) -> Result<bool> {
        self.interrupt();
        Ok(true)
    }
}

/// A store whose limiter interrupts it once it is told to; and how it is told.
fn store(engine: &Engine) -> (Store<Interrupting>, InterruptHandle) {
    let mut store = Store::new(engine, Interrupting::default());
    store.limiter(|limiter| limiter);
    let handle = store.interrupt_handle().unwrap();
    (store, handle)
}

/// How it stops.
#[derive(Clone, Copy, Debug)]
enum By {
    /// The limiter interrupts.
    Interrupt,
    /// The deadline has passed.
    Deadline,
}

/// Instantiates what must not get to its end; the store is none the worse for it.
fn check(wat: &str, imports: impl Fn(&mut Store<Interrupting>) -> Vec<Extern>) {
    let engine = engine();
    let endless = module(&engine, wat);
    let quick = module(&engine, "(table 1 externref) (func $start) (start $start)");
    for by in [By::Interrupt, By::Deadline] {
        let what = &wat[..wat.len().min(300)];
        let (mut store, handle) = store(&engine);
        let imports = imports(&mut store);
        let before = store.resources_used();
        for _ in 0..3 {
            match by {
                By::Interrupt => *store.data().0.lock().unwrap() = Some(handle.clone()),
                By::Deadline => store.set_deadline(Some(Duration::ZERO)).unwrap(),
            }
            let error = Instance::new(&mut store, &endless, &imports).expect_err(what);
            assert_eq!(
                error.downcast_ref(),
                Some(&Trap::Interrupt),
                "{by:?} {what}: {error:?}"
            );
            *store.data().0.lock().unwrap() = None;
            store.set_deadline(None).unwrap();
            // The interrupt is used up, and what was made has been given back.
            assert!(!store.take_interrupt(), "{by:?} {what}");
            let mut after = store.resources_used();
            after.gc_heap_size = before.gc_heap_size;
            assert_eq!(after, before, "{by:?} {what}");
        }
        Instance::new(&mut store, &quick, &[]).unwrap();
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

fn nothing(_: &mut Store<Interrupting>) -> Vec<Extern> {
    Vec::new()
}

#[test]
fn tables() {
    // One that takes long to clear, one that takes long to fill, and many in the instance itself.
    check("(table 10000000 externref)", nothing);
    check(
        "(table 4000 funcref (ref.func $f)) (table 1000000 funcref (ref.func $f)) (func $f)",
        nothing,
    );
    check(&repeat(90, "(table 4096 funcref)"), nothing);
}

#[test]
fn segments() {
    let memory = |store: &mut Store<Interrupting>| -> Vec<Extern> {
        vec![
            Memory::new(store, MemoryType::new(100, None))
                .unwrap()
                .into(),
        ]
    };
    let data = "x".repeat(100_000);
    check(
        &format!(r#"(import "" "m" (memory 1)) (table 1 funcref) (data (i32.const 0) "{data}")"#),
        memory,
    );
    check(
        &format!(
            r#"(import "" "m" (memory 1)) (table 1 funcref) {}"#,
            repeat(20_000, r#"(data (i32.const #) "x")"#)
        ),
        memory,
    );
    let functions = "$f ".repeat(10_000);
    check(
        &format!("(table 10000 funcref) (func $f) (elem (i32.const 0) func {functions})"),
        nothing,
    );
    check(
        &format!(
            "(table 10000 funcref) (func $f) {}",
            repeat(10_000, "(elem (i32.const #) func $f)")
        ),
        nothing,
    );
}

#[cfg(feature = "gc")]
#[test]
fn numbers() {
    // Long expressions, and many.
    let long = "(i32.const 1) (i32.const 1) i32.add ";
    let long = format!("{long} {}", "(i32.const 1) i32.add ".repeat(10_000));
    check(
        &format!(
            r#"(table 1 funcref) (global $a i32 (i32.const 1)) (global i32 (global.get $a) {long} i32.add)"#
        ),
        nothing,
    );
    check(
        &format!(
            "(table 1 funcref) (global $a i32 (i32.const 1)) {}",
            repeat(10_000, "(global i32 (global.get $a))")
        ),
        nothing,
    );
}

#[cfg(feature = "gc")]
#[test]
fn objects() {
    const TYPES: &str = r#"
        (table 1 funcref)
        (type $a (array (mut i64)))
        (type $b (array i8))
        (type $s (struct (field (ref null $s)) (field i64)))
        (type $r (array (ref null $s)))
    "#;
    let check = |wat: &str| check(&format!("{TYPES} {wat}"), nothing);
    check("(global (ref $a) (array.new $a (i64.const 7) (i32.const 10000000)))");
    check("(global (ref $a) (array.new_default $a (i32.const 10000000)))");
    check(&repeat(
        2_000,
        "(global (ref $a) (array.new_default $a (i32.const 1000)))",
    ));
    // Deep, and wide.
    let deep = "(struct.new $s ".repeat(3_000) + "(ref.null $s)" + &"(i64.const 1))".repeat(3_000);
    check(&format!("(global (ref $s) {deep})"));
    let wide = "(struct.new_default $s) ".repeat(5_000);
    check(&format!(
        "(global (ref $r) (array.new_fixed $r 5000 {wide}))"
    ));
    // In tables and segments.
    check("(table 10 (ref $a) (array.new_default $a (i32.const 10000000)))");
    check(&format!("(elem (ref null $s) {wide})"));
    check(&repeat(
        5_000,
        "(elem (ref null $s) (struct.new_default $s))",
    ));
}

/// What others may have got a reference to stays; what nobody has is gone.
#[test]
fn what_is_reached_stays() {
    let engine = engine();
    for (elements, instances) in [("(elem (i32.const 0) func $f)", 1), ("", 0)] {
        let (mut store, _) = store(&engine);
        let ty = TableType::new(RefType::FUNCREF, 1, None);
        let table = Table::new(&mut store, ty, Ref::Func(None)).unwrap();
        let module = module(
            &engine,
            &format!(
                r#"(import "" "t" (table 1 funcref)) (memory 1)
                   (func $f (export "f") (result i32) (i32.load (i32.const 0)))
                   {elements}
                   (data (i32.const 65536) "x")"#
            ),
        );
        for times in 1..4 {
            let error = Instance::new(&mut store, &module, &[table.into()]).unwrap_err();
            assert_eq!(error.downcast_ref(), Some(&Trap::MemoryOutOfBounds));
            assert_eq!(store.resources_used().instances, instances * times);
            if instances > 0 {
                let f = table.get(&mut store, 0).unwrap();
                let f = *f.unwrap_func().unwrap();
                let f = f.typed::<(), i32>(&store).unwrap();
                assert_eq!(f.call(&mut store, ()).unwrap(), 0);
            }
        }
    }
}
