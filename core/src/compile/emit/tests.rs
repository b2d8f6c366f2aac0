//! The encodings that are not `wire`'s, byte for byte.

use super::{addresses::Addresses, handlers::Handlers, stack_maps::StackMaps, traps::Traps};
use crate::abi::sections;
use crate::abi::traps::Trap;
#[cfg(feature = "exceptions")]
use crate::compile::codegen::{CallSite, Clause, Tag};
use crate::compile::frontend::FunctionNames;
use crate::image::traps::TrapSite;
use alloc::{vec, vec::Vec};

/// When this fails, images have another encoding: then `sections::ENCODING` is raised, so that none of those made
/// before is taken.
#[test]
fn encodings_are_those_of_this_number() {
    let words = |words: &[u32]| words.iter().flat_map(|w| w.to_le_bytes()).collect();
    let check = |part: Vec<u8>, directory: &[u32], bytes: &[u8]| {
        let mut expected: Vec<u8> = words(directory);
        expected.extend(bytes);
        assert_eq!(part, expected);
    };
    assert_eq!(sections::ENCODING, 3);

    let mut traps = Traps::default();
    let sites = [
        (4, Trap::UnreachableCodeReached, 0),
        (300, Trap::StackOverflow, 300),
        (302, Trap::MemoryOutOfBounds, 0),
    ];
    for (offset, trap, fuel) in sites {
        traps.push(TrapSite { offset, trap, fuel });
    }
    check(
        traps.finish(),
        &[1, 4, 0],
        &[10, 0xa8, 2, 0x81, 0xac, 2, 2, 2],
    );

    let mut addresses = Addresses::default();
    addresses.push(16, &[(0, 100), (4, 98)]);
    check(addresses.finish(), &[1, 16, 100, 0], &[4, 3]);

    let mut stack_maps = StackMaps::default();
    stack_maps.push(8, &[16, 4]);
    check(stack_maps.finish(), &[1, 8, 0], &[2, 4, 1]);

    let names = FunctionNames::of(vec![(1, "a"), (3, "bc")]);
    let names = super::names(&names).expect("few names");
    check(names, &[2, 1, 0, 1, 3, 1, 2], b"abc");

    let mut handlers = Handlers::default();
    #[cfg(feature = "exceptions")]
    handlers.push(
        64,
        &[CallSite {
            return_address: 8,
            frame_size: 32,
            clauses: vec![
                Clause {
                    code: 12,
                    tag: Some(Tag { slot: 5, vmctx: 6 }),
                },
                Clause {
                    code: 16,
                    tag: None,
                },
            ],
        }],
    );
    #[cfg(not(feature = "exceptions"))]
    handlers.push(64, &[]);
    let expected: &[u32] = match cfg!(feature = "exceptions") {
        true => &[1, 72, 32, 2, 76, 5, 6, 80, 0, 0],
        false => &[],
    };
    check(handlers.finish(), expected, &[]);
}
