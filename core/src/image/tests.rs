//! Images that are damaged or lie.

use super::traps::TrapSite;
use super::{CpuFlags, Fingerprint, Host, LoadError, View, addresses, check, names, traps};
use crate::abi::features::Features;
use crate::compile::Compiler;
use crate::compile::tests::{AARCH64, MODULE, X86_64, compiler, module};
use crate::error::Result;
use crate::module::{
    CompositeType, ConstExpr, ConstOp, DataMode, ElementItems, EntityIndex, FieldType,
    FuncRefIndex, FunctionIndex, FunctionType, GlobalIndex, HeapType, MemoryIndex, ModuleInfo,
    ReferenceType, StorageType, StructType, TypeIndex, ValueType,
};
use crate::wire;
use alloc::{format, string::String, vec, vec::Vec};
use cranelift_entity::EntityRef;

fn image(target: &str) -> Vec<u8> {
    compiler(target).compile(&module(), None).unwrap()
}

/// Reads everything that the runtime reads.
fn read(image: &[u8]) -> Result<()> {
    let view = View::parse(image)?;
    let _ = view.fingerprint().map(|f| f.branch_protection());
    for TrapSite { offset, trap, .. } in traps::iter(view.traps()) {
        let _ = (offset, trap);
    }
    // Damaged tables may be out of order: look-ups find nothing or anything, and end.
    for offset in (0..view.text().len() as u32).step_by(7) {
        let _ = traps::lookup(view.traps(), offset);
        let _ = addresses::lookup(view.addresses(), offset);
    }
    addresses::iter(view.addresses()).count();
    let info = view.info()?;
    let code = view.code(&info)?;
    for i in info.functions.keys() {
        let _ = names::lookup(view.names(), i);
        let _ = info.function_type(i);
        if let Some(defined) = info.defined_function(i) {
            let _ = code.function(defined);
        }
    }
    for export in &info.exports {
        let _ = info.entity_type(export.item);
    }
    for segment in info.data.values() {
        let _ = &view.data()[segment.bytes.start as usize..segment.bytes.end as usize];
    }
    Ok(())
}

#[test]
fn a_truncated_image_is_an_error() {
    let image = image(AARCH64);
    read(&image).unwrap();
    for len in 0..image.len() {
        assert!(read(&image[..len]).is_err(), "{len}");
    }
}

#[test]
fn a_damaged_image_is_no_panic() {
    let mut image = image(X86_64);
    let text = View::parse(&image).unwrap().sections().text.start;
    for i in 0..text {
        let byte = image[i];
        for damaged in [0x00, 0x01, 0x7f, 0x80, 0xff, byte ^ 1, byte.wrapping_add(1)] {
            image[i] = damaged;
            let _ = read(&image);
        }
        image[i] = byte;
    }
}

#[test]
fn an_image_may_lie_at_any_address() {
    let image = image(X86_64);
    for shift in 0..8 {
        let mut shifted = vec![0; shift];
        shifted.extend(&image);
        read(&shifted[shift..]).unwrap();
    }
}

#[test]
fn tables_are_found_again() {
    for target in [X86_64, AARCH64] {
        let image = image(target);
        let view = View::parse(&image).unwrap();
        let info = view.info().unwrap();
        let code = view.code(&info).unwrap();

        let sites: Vec<_> = traps::iter(view.traps()).collect();
        assert!(
            sites.is_sorted_by(|a, b| a.offset < b.offset) && sites.len() >= 2,
            "{sites:?}"
        );
        for site in &sites {
            let offset = site.offset;
            assert_eq!(traps::lookup(view.traps(), offset), Some(*site));
            let known = sites.iter().any(|site| site.offset == offset + 1);
            assert!(known || traps::lookup(view.traps(), offset + 1).is_none());
        }

        let entries: Vec<_> = addresses::iter(view.addresses()).collect();
        assert!(
            entries.is_sorted_by(|a, b| a.0 < b.0) && entries.len() > 10,
            "{entries:?}"
        );
        for pair in entries.windows(2) {
            assert_eq!(
                addresses::lookup(view.addresses(), pair[0].0),
                Some(pair[0].1)
            );
            assert_eq!(
                addresses::lookup(view.addresses(), pair[1].0 - 1),
                Some(pair[0].1)
            );
        }
        for (_, range) in code.functions() {
            assert!(entries.iter().any(|entry| entry.0 == range.start));
        }

        // The `unreachable` in $init, by its place in the module's bytes.
        let TrapSite { offset, .. } = *sites
            .iter()
            .find(|site| site.trap == crate::abi::traps::Trap::UnreachableCodeReached)
            .unwrap();
        let function = code.function_at(offset).unwrap();
        let function = info.function_index(function);
        assert_eq!(names::lookup(view.names(), function), Some("init"));
        let wasm_offset = addresses::lookup(view.addresses(), offset).unwrap();
        assert_eq!(module()[wasm_offset as usize], 0x00);
    }
    assert!(MODULE.contains("unreachable"));
}

/// Changes a true module; the check's error must hold `expected`.
fn check_lie(change: impl FnOnce(&mut ModuleInfo), expected: &str) {
    let image = image(AARCH64);
    let view = View::parse(&image).unwrap();
    let mut info = view.info().unwrap();
    change(&mut info);
    let error: String = match check::module(&info, view.data().len()) {
        Err(e) => format!("{e:#}"),
        Ok(()) => format!("{:#}", view.code(&info).unwrap_err()),
    };
    assert!(error.contains(expected), "{error} | {expected}");
}

#[test]
fn a_lying_image_is_an_error() {
    let expr = |op| ConstExpr { ops: vec![op] };
    let function = |i| FunctionIndex::new(i);
    let concrete = ReferenceType {
        nullable: true,
        heap: HeapType::ConcreteFunc(TypeIndex::new(99)),
    };
    check_lie(|i| i.imported_functions = 99, "99 imported functions");
    check_lie(|i| i.imported_globals = 0, "do not match");
    check_lie(|i| i.imports.truncate(1), "do not match");
    check_lie(
        |i| i.imports[0].item = EntityIndex::Function(function(3)),
        "out of order",
    );
    check_lie(
        |i| i.functions[function(2)].ty = TypeIndex::new(99),
        "function type",
    );
    check_lie(
        |i| {
            let ty = FunctionType {
                params: [ValueType::Ref(concrete)].into(),
                results: [].into(),
            };
            i.types[TypeIndex::new(0)].composite = CompositeType::Func(ty);
        },
        "unknown type",
    );
    check_lie(|i| i.rec_groups.push(7), "more types than there are");
    check_lie(|i| i.rec_groups.push(u32::MAX), "more types than there are");
    check_lie(|i| i.rec_groups.clear(), "fewer types than there are");
    let structs = || {
        CompositeType::Struct(StructType {
            fields: [FieldType {
                storage: StorageType::I8,
                mutable: true,
            }]
            .into(),
        })
    };
    check_lie(
        |i| {
            let ty = i.functions[function(0)].ty;
            i.types[ty].composite = structs();
        },
        "function type",
    );
    check_lie(
        |i| i.types[TypeIndex::new(0)].supertype = Some(TypeIndex::new(0)),
        "later supertype",
    );
    check_lie(
        |i| {
            let heap = HeapType::ConcreteStruct(TypeIndex::new(0));
            i.globals[GlobalIndex::new(0)].content = ValueType::Ref(ReferenceType {
                nullable: true,
                heap,
            });
        },
        "another kind",
    );
    // A reference to a later group.
    check_lie(
        |i| {
            let last = TypeIndex::new(i.types.len() - 1);
            let ty = FunctionType {
                params: [ValueType::Ref(ReferenceType {
                    nullable: true,
                    heap: HeapType::ConcreteFunc(last),
                })]
                .into(),
                results: [].into(),
            };
            i.types[TypeIndex::new(0)].composite = CompositeType::Func(ty);
        },
        "unknown type in a reference",
    );
    check_lie(
        |i| {
            i.tags.push(TypeIndex::new(999));
        },
        "unknown type of a tag",
    );
    check_lie(
        |i| i.exports[0].item = EntityIndex::Memory(MemoryIndex::new(9)),
        "export `memory`",
    );
    check_lie(
        |i| i.exports[1].name = "memory".into(),
        "order of their names",
    );
    check_lie(|i| i.exports_by_name.reverse(), "order of their names");
    check_lie(|i| i.exports_by_name[0] = 999, "order of their names");
    check_lie(|i| i.exports_by_name = Vec::new(), "order of their names");
    check_lie(
        |i| i.exports[0].item = EntityIndex::Function(function(5)),
        "no reference",
    );
    check_lie(|i| i.functions[function(0)].func_ref = None, "out of order");
    check_lie(
        |i| i.functions[function(5)].func_ref = Some(FuncRefIndex::new(9)),
        "out of order",
    );
    check_lie(|i| i.func_refs = usize::MAX, "out of order");
    check_lie(|i| i.start = Some(function(99)), "start function");
    check_lie(
        |i| i.memories[MemoryIndex::new(0)].page_size_log2 = 64,
        "page size",
    );
    check_lie(|i| i.global_initializers.clear(), "without initial values");
    check_lie(|i| i.table_initializers.clear(), "without initial values");
    for (op, expected) in [
        (ConstOp::I32Const(1), "is no I64"),
        (ConstOp::GlobalGet(GlobalIndex::new(1)), "unknown global"),
        (ConstOp::RefFunc(function(5)), "no reference"),
        (ConstOp::RefFunc(function(99)), "unknown function"),
        (ConstOp::I64Add, "lacks operands"),
    ] {
        check_lie(
            |i| *i.global_initializers.iter_mut().next().unwrap().1 = expr(op),
            expected,
        );
    }
    check_lie(
        |i| {
            i.global_initializers
                .iter_mut()
                .next()
                .unwrap()
                .1
                .ops
                .clear()
        },
        "is no I64",
    );
    check_lie(
        |i| i.data.iter_mut().next().unwrap().1.bytes = 0..99,
        "outside the data",
    );
    check_lie(
        #[allow(clippy::reversed_empty_ranges, reason = "what a lie looks like")]
        |i| i.data.iter_mut().next().unwrap().1.bytes = 3..2,
        "outside the data",
    );
    check_lie(
        |i| match &mut i.data.iter_mut().next().unwrap().1.mode {
            DataMode::Active { memory, .. } => *memory = MemoryIndex::new(7),
            DataMode::Passive => unreachable!(),
        },
        "unknown memory",
    );
    check_lie(
        |i| {
            i.elements.iter_mut().next().unwrap().1.items =
                ElementItems::Functions(vec![function(77)]);
        },
        "unknown function",
    );
    // The code table no longer fits.
    check_lie(
        |i| {
            i.functions.push(i.functions[function(5)].clone());
        },
        "6 function bodies, but code for 5",
    );
    check_lie(
        |i| {
            i.functions[function(5)].ty = TypeIndex::new(0);
            i.start = Some(function(5));
        },
        "no entry trampoline",
    );
}

#[test]
fn what_does_not_fit_the_host_is_named() {
    let settings = compiler(X86_64).settings().clone();
    let image = image(X86_64);
    let fingerprint = View::parse(&image).unwrap().fingerprint().unwrap();
    let has = |f: &str| f.starts_with('s');
    let host = || Host {
        target: &settings.target,
        tunables: &settings.tunables,
        features: settings.features,
        nan_canonicalization: false,
        cpu: CpuFlags::new(settings.target.architecture, false, has),
    };
    fingerprint.check(&host()).unwrap();
    let refused = |result: Result<()>, expected: LoadError, parts: &[&str]| {
        let error = result.unwrap_err();
        assert_eq!(error.downcast_ref(), Some(&expected));
        let text = format!("{error}");
        assert!(parts.iter().all(|part| text.contains(part)), "{text}");
    };
    let check = |host: Host<'_>, expected: LoadError, parts: &[&str]| {
        refused(fingerprint.check(&host), expected, parts);
    };
    let arm = AARCH64.parse().unwrap();
    check(
        Host {
            target: &arm,
            ..host()
        },
        LoadError::Target {
            image: X86_64.into(),
            engine: "aarch64".into(),
        },
        &["target", X86_64, "aarch64 here"],
    );
    let has_no_sse41 = |f: &str| f != "sse4.1";
    check(
        Host {
            cpu: CpuFlags::new(settings.target.architecture, false, has_no_sse41),
            ..host()
        },
        LoadError::CpuFeature {
            feature: "sse4.1",
            flag: "has_sse41",
        },
        &["\"sse4.1\"", "has_sse41 is true"],
    );
    let setting = LoadError::setting;
    check(
        Host {
            nan_canonicalization: true,
            ..host()
        },
        setting("enable_nan_canonicalization", &false, &true),
        &["enable_nan_canonicalization is false", "true here"],
    );
    let mut features = settings.features;
    features.set(Features::BULK_MEMORY, false);
    let missing = Features::BULK_MEMORY;
    check(
        Host { features, ..host() },
        LoadError::Proposals { missing },
        &["bulk-memory"],
    );
    let mut tunables = settings.tunables;
    tunables.memory_guard_size = 7;
    check(
        Host {
            tunables: &tunables,
            ..host()
        },
        setting("memory guard size", &33_554_432, &7),
        &["memory guard size is 33554432", "7 here"],
    );
    let version = || LoadError::Version {
        image: "0.0.0".into(),
        engine: env!("CARGO_PKG_VERSION"),
    };
    let layout = || LoadError::Layout {
        image: fingerprint.layout ^ 1,
        engine: fingerprint.layout,
    };
    let mut other = fingerprint.clone();
    other.version = b"0.0.0";
    refused(other.check(&host()), version(), &["version is 0.0.0"]);
    // Another layout is refused, whatever else such an image has in its fingerprint.
    let mut other = fingerprint.clone();
    other.layout ^= 1;
    refused(other.check(&host()), layout(), &["the layout of what"]);
    let check_start = |start: (&[u8], u64), expected: LoadError, part: &str| {
        let section = wire::encode(&start);
        refused(Fingerprint::parse(&section).map(drop), expected, &[part]);
    };
    let ours = (fingerprint.version, fingerprint.layout);
    check_start(
        (b"0.0.0", ours.1),
        version(),
        "version is 0.0.0 in the image",
    );
    check_start((ours.0, ours.1 ^ 1), layout(), "the layout of what");
    check_start(
        ours,
        LoadError::damaged("fingerprint"),
        "damaged image: bad fingerprint",
    );
    let check = |shared: &str, isa: &str, expected: LoadError, part: &str| {
        let target = (fingerprint.target(), settings.target.architecture);
        let (tunables, features) = (settings.tunables, settings.features);
        let other = Fingerprint::new(target, shared, isa, tunables, features);
        refused(other.check(&host()), expected, &[part]);
    };
    let (shared, isa) = (fingerprint.shared_flags(), fingerprint.isa_flags());
    check(
        &shared.replace("preserve_frame_pointers\n", ""),
        isa,
        setting("preserve_frame_pointers", &false, &true),
        "preserve_frame_pointers is false in the image, true here",
    );
    check(
        &format!("{shared}tls_model=elf_gd\n"),
        isa,
        setting("tls_model", &"elf_gd", &"none"),
        "tls_model is elf_gd in the image, none here",
    );
    check(
        shared,
        "has_apx\n",
        setting("the ISA", &"has_apx\n", &"without one of these flags"),
        "the ISA is has_apx",
    );
}

/// A host without a collector has no use for stack maps; one that has wants them.
#[test]
fn stack_maps_are_for_a_collector() {
    let settings = compiler(X86_64).settings().clone();
    let image = image(X86_64);
    let mut fingerprint = View::parse(&image).unwrap().fingerprint().unwrap();
    for (maps, collector) in [(true, true), (true, false), (false, false), (false, true)] {
        let mut tunables = settings.tunables;
        (fingerprint.tunables.stack_maps, tunables.stack_maps) = (maps, collector);
        let checked = fingerprint.check(&Host {
            target: &settings.target,
            tunables: &tunables,
            features: settings.features,
            nan_canonicalization: false,
            cpu: CpuFlags::new(settings.target.architecture, false, |_| true),
        });
        assert_eq!(checked.is_ok(), maps || !collector, "{maps} {collector}");
    }
}

/// Code without landing pads does not run in guarded pages.
#[test]
fn branch_protection_is_checked() {
    let mut settings = compiler(AARCH64).settings().clone();
    for (pads, guarded, fits) in [
        (true, true, true),
        (true, false, true),
        (false, false, true),
        (false, true, false),
    ] {
        settings.isa_flags = vec![("use_bti".into(), pads)];
        let image = Compiler::new(&settings)
            .unwrap()
            .compile(&module(), None)
            .unwrap();
        let checked = View::parse(&image)
            .unwrap()
            .fingerprint()
            .unwrap()
            .check(&Host {
                target: &settings.target,
                tunables: &settings.tunables,
                features: settings.features,
                nan_canonicalization: false,
                cpu: CpuFlags::new(settings.target.architecture, guarded, |_| true),
            });
        assert_eq!(checked.is_ok(), fits);
        if let Err(error) = checked {
            assert!(format!("{error}").contains("use_bti is false in the image, true here"));
        }
    }
}
