//! `Module`: what it tells of itself, where it comes from, and images.

use crate::support::{check_error, config, engine, engines, instantiate, module};
use wasmetal::{Engine, Instance, Module, ResourcesRequired, Store};

const RICH: &str = r#"
    (module $rich
        (import "a" "f" (func $imported (param i32)))
        (import "b" "" (memory 1 4))
        (import "b" "g" (global (mut i64)))
        (import "c" "t" (table 0 externref))
        (func $named (export "named") (param f32 f64) (result i32) (i32.const 1))
        (func (export "z") (call $imported (i32.const 0)))
        (func)
        (table (export "table") 3 10 funcref)
        (global (export "global") f32 (f32.const 1.5))
        (export "memory" (memory 0))
        (export "again" (func $imported)))
"#;

#[test]
fn imports_and_exports() {
    for engine in engines() {
        let module = module(&engine, RICH);
        assert_eq!(module.name(), Some("rich"));
        assert!(Engine::same(module.engine(), &engine));
        let imports: Vec<String> = module
            .imports()
            .map(|i| format!("{}::{} {}", i.module(), i.name(), i.ty()))
            .collect();
        assert_eq!(
            imports,
            [
                "a::f (func (param i32))",
                "b:: (memory 1 4)",
                "b::g (global (mut i64))",
                "c::t (table 0 externref)",
            ]
        );
        let exports: Vec<String> = module
            .exports()
            .map(|e| format!("{} {}", e.name(), e.ty()))
            .collect();
        assert_eq!(
            exports,
            [
                "named (func (param f32 f64) (result i32))",
                "z (func)",
                "table (table 3 10 funcref)",
                "global (global f32)",
                "memory (memory 1 4)",
                "again (func (param i32))",
            ]
        );
        for export in module.exports() {
            let found = module.get_export(export.name()).unwrap();
            assert_eq!(found, export.ty());
        }
        for absent in ["", "name", "named2", "zz"] {
            assert!(
                module.get_export(absent).is_none() && module.get_export_index(absent).is_none()
            );
        }
    }
}

#[test]
fn names() {
    let engine = engine();
    assert_eq!(module(&engine, "(module)").name(), None);
    assert_eq!(module(&engine, "(module $a)").name(), Some("a"));
    let empty = module(&engine, "(module)");
    assert_eq!(
        (
            empty.imports().len(),
            empty.exports().len(),
            empty.functions().len()
        ),
        (0, 0, 0)
    );
}

#[test]
fn clones() {
    let engine = engine();
    let one = module(&engine, "(module)");
    assert!(Module::same(&one, &one.clone()));
    assert!(!Module::same(&one, &module(&engine, "(module)")));
}

#[test]
fn code() {
    for engine in engines() {
        let module = module(&engine, RICH);
        let text = module.text();
        let range = module.image_range();
        assert!(range.contains(&text.as_ptr()) && range.start < range.end);
        let functions: Vec<_> = module.functions().collect();
        let found: Vec<_> = functions.iter().map(|f| (f.index, f.name)).collect();
        assert_eq!(found, [(1, Some("named")), (2, None), (3, None)]);
        let mut end = 0;
        for (function, (offset, len)) in functions.iter().zip(module.function_locations()) {
            assert_eq!((function.offset, function.len), (offset, len));
            assert!(offset >= end && len > 0);
            end = offset + len;
        }
        assert!(end <= text.len());
        let map: Vec<_> = module.address_map().unwrap().collect();
        assert!(map.is_sorted_by_key(|(text, _)| *text));
        assert!(map.iter().all(|(offset, _)| *offset < text.len()));
        assert!(map.iter().any(|(_, wasm)| wasm.is_some()));
    }
}

#[test]
fn exports_by_index() {
    for engine in engines() {
        let wat = r#"(func (export "a")) (memory (export "b") 3)"#;
        let module = module(&engine, wat);
        let mut store = Store::new(&engine, ());
        let instance = Instance::new(&mut store, &module, &[]).unwrap();
        let index = module.get_export_index("b").unwrap();
        let memory = instance.get_module_export(&mut store, &index).unwrap();
        assert_eq!(memory.into_memory().unwrap().size(&store), 3);
        let (mut store, other) = instantiate(&engine, wat, &[]).unwrap();
        assert!(other.get_module_export(&mut store, &index).is_none());
    }
}

#[test]
fn validation() {
    let engine = engine();
    let good = wat::parse_str("(func (result i32) (i32.const 0))").unwrap();
    Module::validate(&engine, &good).unwrap();
    let bad = wat::parse_str("(func) (func $culprit (result i32) (i64.const 0))").unwrap();
    let expected = &["function 1", "culprit", "type mismatch", "offset"];
    check_error(Module::validate(&engine, &bad), expected);
    check_error(Module::new(&engine, &bad), expected);
    check_error(Module::from_binary(&engine, b"(module)"), &["magic"]);
}

#[test]
fn files() {
    let engine = engine();
    let folder = std::env::temp_dir().join(format!("wasmetal-api-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let text = write("good.wat", b"(module $text)");
    assert_eq!(
        Module::from_file(&engine, text).unwrap().name(),
        Some("text")
    );
    let binary = write("good.wasm", &wat::parse_str("(module $binary)").unwrap());
    assert_eq!(
        Module::from_file(&engine, binary).unwrap().name(),
        Some("binary")
    );
    let bad = write("bad.wasm", b"\0asm\x02\0\0\0");
    check_error(Module::from_file(&engine, bad), &["bad.wasm", "version"]);
    let bad = write("bad.wat", b"(module (fnuc))");
    check_error(Module::from_file(&engine, bad), &["bad.wat", "fnuc"]);
    check_error(
        Module::from_file(&engine, folder.join("absent")),
        &["absent", "No such file"],
    );
    check_error(Module::from_file(&engine, &folder), &["failed to read"]);

    let image = write(
        "image",
        &engine.precompile_module(b"(module $image)").unwrap(),
    );
    // SAFETY: the file is what the compiler made.
    let loaded = unsafe { Module::deserialize_file_unsigned(&engine, image) }.unwrap();
    assert_eq!(loaded.name(), Some("image"));
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn images() {
    for engine in engines() {
        let wat = r#"
            (memory 1) (data (i32.const 0) "\2a")
            (func (export "f") (result i32) (i32.load (i32.const 0)))
        "#;
        let image = engine.precompile_module(wat.as_bytes()).unwrap();
        assert_eq!(image, engine.precompile_module(wat.as_bytes()).unwrap());
        // SAFETY: the image is what the compiler made.
        let module = unsafe { Module::deserialize_unsigned(&engine, &image) }.unwrap();
        assert_eq!(module.serialize().unwrap(), image);
        assert_eq!(
            Module::new(&engine, wat).unwrap().serialize().unwrap(),
            image
        );
        let mut store = Store::new(&engine, ());
        let instance = Instance::new(&mut store, &module, &[]).unwrap();
        let f = instance.get_typed_func::<(), i32>(&mut store, "f").unwrap();
        assert_eq!(f.call(&mut store, ()).unwrap(), 42);
    }
}

#[test]
fn images_that_do_not_fit() {
    #[track_caller]
    fn check(image: &[u8], expected: &[&str]) {
        // SAFETY: none of these gets as far as its code.
        check_error(
            unsafe { Module::deserialize_unsigned(&engine(), image) },
            expected,
        );
    }
    let [_, checking] = engines();
    check(
        &checking.precompile_module(b"(module)").unwrap(),
        &["does not fit", "memory"],
    );
    let mut other = config();
    other.target("aarch64-unknown-none").unwrap();
    let other = Engine::new(&other).unwrap();
    let image = other.precompile_module(b"(module)").unwrap();
    if cfg!(target_arch = "x86_64") {
        check(&image, &["does not fit", "target", "aarch64", "x86_64"]);
    }
    check(b"", &["damaged image"]);
    check(b"\0asm\x01\0\0\0", &["damaged image"]);
    let image = engine().precompile_module(b"(module (func))").unwrap();
    for len in (0..image.len()).step_by(7) {
        check(&image[..len], &["image"]);
    }
}

/// An engine for another machine validates and compiles; it runs nothing.
#[test]
fn other_targets() {
    for target in ["aarch64-unknown-none", "aarch64-unknown-linux-gnu"] {
        let mut config = config();
        config.target(target).unwrap();
        let engine = Engine::new(&config).unwrap();
        Module::validate(&engine, &wat::parse_str("(module)").unwrap()).unwrap();
        assert!(!engine.precompile_module(b"(func)").unwrap().is_empty());
        if cfg!(target_arch = "x86_64") {
            check_error(Module::new(&engine, "(func)"), &["does not fit"]);
        }
    }
}

#[test]
fn resources_required() {
    let check = |wat: &str, memories, memory, tables, table| {
        let resources = module(&engine(), wat).resources_required();
        let expected = ResourcesRequired {
            num_memories: memories,
            max_initial_memory_size: memory,
            num_tables: tables,
            max_initial_table_size: table,
        };
        assert_eq!(resources, expected, "{wat}");
    };
    check("(module)", 0, None, 0, None);
    check(
        r#"(import "a" "b" (memory 10)) (import "a" "c" (table 9 funcref))"#,
        0,
        None,
        0,
        None,
    );
    check(
        r#"(import "a" "b" (memory 10)) (memory 1) (memory 6) (table 3 funcref) (table 2 externref)"#,
        2,
        Some(6),
        2,
        Some(3),
    );
}
