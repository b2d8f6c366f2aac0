//! Tests of the list of kinds, and that there is no way around it.

extern crate std;

use super::{Access, Kind, Writer};
use crate::abi::traps::Trap;
use crate::module::{DefinedGlobalIndex, DefinedMemoryIndex, DefinedTableIndex};
use alloc::{vec, vec::Vec};
use cranelift_codegen::ir::DataFlowGraph;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// Whether anybody writes memory of a kind while a function runs: said a second time, beside the table under test.
///
/// One pattern a kind: a kind without a line here does not compile, and from the same lines comes [`all`].
macro_rules! kinds {
    ($($variant:ident $(($index:expr, $inner:pat))? => $written:literal,)*) => {
        fn is_written(kind: Kind) -> bool {
            match kind {
                $(Kind::$variant $(($inner))? => $written,)*
            }
        }

        /// Each kind once.
        fn all() -> Vec<Kind> {
            vec![$(Kind::$variant $(($index))?,)*]
        }
    };
}

kinds! {
    Vmctx => false,
    Builtins => false,
    Engine => false,
    FixedBase => false,
    FixedHeap => false,
    Literal => false,
    StackLimit => true,
    FuncRef => true,
    Extent => true,
    HeapExtent => true,
    ConstantReference => true,
    Displays => true,
    Functions => true,
    Clock => true,
    Caller => true,
    Fuel => true,
    Allocation => true,
    Header => true,
    Field => true,
    Reference => true,
    TableMark => true,
    Global(DefinedGlobalIndex::from_u32(0), _) => true,
    ImportedGlobal => true,
    Table(DefinedTableIndex::from_u32(0), _) => true,
    ImportedTable => true,
    Memory(DefinedMemoryIndex::from_u32(0), _) => true,
    ImportedMemory => true,
    Values => true,
    Null => true,
}

#[test]
fn only_what_nobody_writes_is_a_constant() {
    let mut dfg = DataFlowGraph::new();
    for kind in all() {
        let access = Access::to(&mut dfg, kind, None);
        let flags = dfg.mem_flags[access.flags];
        let (constant, written) = ((flags.readonly(), flags.can_move()), is_written(kind));
        assert_eq!(constant, (!written, !written), "{kind:?}");
        assert_eq!(kind.entry().writer != Writer::Nobody, written, "{kind:?}");
        assert!(written || !access.stores, "{kind:?}");
    }
}

#[test]
fn regions_do_not_overlap() {
    let mut dfg = DataFlowGraph::new();
    let mut region = |kind| {
        let access = Access::to(&mut dfg, kind, Some(Trap::NullReference));
        dfg.mem_flags[access.flags].alias_region()
    };
    let written: Vec<Kind> = all().into_iter().filter(|it| is_written(*it)).collect();
    for (i, &a) in written.iter().enumerate() {
        for &b in &written[..i] {
            let (in_a, in_b) = (region(a), region(b));
            let together = matches!(
                (b, a),
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
