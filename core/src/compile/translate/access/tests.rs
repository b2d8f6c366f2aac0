//! Tests of the list of kinds, and that there is no way around it.

extern crate std;

use super::{Access, Kind, Writer};
use crate::abi::traps::Trap;
use crate::module::{DefinedGlobalIndex, DefinedMemoryIndex, DefinedTableIndex};
use alloc::vec::Vec;
use cranelift_codegen::ir::DataFlowGraph;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// Kinds that the collector, or whoever else a call reaches, writes; and such that only code writes.
fn written() -> [Kind; 23] {
    [
        Kind::StackLimit,
        Kind::FuncRef,
        Kind::Extent,
        Kind::HeapExtent,
        Kind::ConstantReference,
        Kind::Displays,
        Kind::Functions,
        Kind::Clock,
        Kind::Caller,
        Kind::Fuel,
        Kind::Allocation,
        Kind::Header,
        Kind::Field,
        Kind::Reference,
        Kind::TableMark,
        Kind::Global(DefinedGlobalIndex::from_u32(0)),
        Kind::ImportedGlobal,
        Kind::Table(DefinedTableIndex::from_u32(0)),
        Kind::ImportedTable,
        Kind::Memory(DefinedMemoryIndex::from_u32(0)),
        Kind::ImportedMemory,
        Kind::Values,
        Kind::Null,
    ]
}

#[test]
fn only_what_nobody_writes_is_a_constant() {
    let mut dfg = DataFlowGraph::new();
    for kind in written() {
        let access = Access::to(&mut dfg, kind, None);
        let flags = dfg.mem_flags[access.flags];
        assert!(!flags.readonly() && !flags.can_move(), "{kind:?}");
        assert_ne!(kind.entry().writer, Writer::Nobody, "{kind:?}");
    }
    for kind in [
        Kind::Vmctx,
        Kind::Builtins,
        Kind::Engine,
        Kind::FixedBase,
        Kind::FixedHeap,
        Kind::Literal,
    ] {
        let access = Access::to(&mut dfg, kind, None);
        let flags = dfg.mem_flags[access.flags];
        assert!(flags.readonly() && flags.can_move(), "{kind:?}");
        assert!(!access.stores, "{kind:?}");
    }
}

#[test]
fn regions_do_not_overlap() {
    let mut dfg = DataFlowGraph::new();
    let mut region = |kind| {
        let access = Access::to(&mut dfg, kind, Some(Trap::NullReference));
        dfg.mem_flags[access.flags].alias_region()
    };
    for (i, a) in written().into_iter().enumerate() {
        for b in &written()[..i] {
            let (in_a, in_b) = (region(a), region(*b));
            let together = matches!(
                (*b, a),
                (Kind::HeapExtent, Kind::Allocation)
                    | (Kind::Field, Kind::Reference)
                    | (Kind::Field | Kind::Reference, Kind::TableMark)
            );
            let either_is_anywhere = in_a.is_none() || in_b.is_none();
            assert_eq!(
                in_a == in_b,
                together || in_a.is_none() && in_b.is_none(),
                "{a:?} {b:?}"
            );
            assert!(!(together && either_is_anywhere), "{a:?} {b:?}");
        }
    }
}

/// All files with code of the compiler.
fn sources(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else {
            found.push(path);
        }
    }
}

#[test]
fn no_other_file_makes_flags() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/compile");
    let mut files = Vec::new();
    sources(&dir, &mut files);
    let own = dir.join("translate/access");
    let (own, others): (Vec<_>, Vec<_>) = files
        .into_iter()
        .partition(|path| path.with_extension("") == own || path.starts_with(&own));
    assert_eq!(own.len(), 2);
    assert!(others.len() > 50);
    for path in others {
        let text = fs::read_to_string(&path).unwrap();
        for word in ["MemFlags", "mem_flags", "AliasRegionData", "with_can_move"] {
            assert!(!text.contains(word), "{}: {word}", path.display());
        }
    }
}
