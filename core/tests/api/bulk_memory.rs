//! `memory.copy` and `memory.fill` of every short length, against what Rust does to a vector.

use crate::support::{engines, instantiate};
use wasmetal::{Memory, Trap, WasmBacktrace};

const PAGE: usize = 1 << 16;

/// A copy and a fill whose length is a parameter, and the same for each constant length.
fn wat() -> String {
    let mut wat = String::from(
        r#"(memory (export "m") 1 1)
           (func (export "copy") (param i32 i32 i32)
             (memory.copy (local.get 0) (local.get 1) (local.get 2)))
           (func (export "fill") (param i32 i32 i32)
             (memory.fill (local.get 0) (local.get 1) (local.get 2)))"#,
    );
    for length in 0..=140 {
        wat += &format!(
            r#"(func (export "copy{length}") (param i32 i32)
                 (memory.copy (local.get 0) (local.get 1) (i32.const {length})))
               (func (export "fill{length}") (param i32 i32)
                 (memory.fill (local.get 0) (local.get 1) (i32.const {length})))
               (func (export "zero{length}") (param i32)
                 (memory.fill (local.get 0) (i32.const 0) (i32.const {length})))"#
        );
    }
    wat
}

#[test]
fn short_ranges() {
    for engine in engines() {
        let (mut store, instance) = instantiate(&engine, &wat(), &[]).unwrap();
        let memory: Memory = instance.get_memory(&mut store, "m").unwrap();
        let any = |name: &str, store: &mut _| {
            instance
                .get_typed_func::<(u32, u32, u32), ()>(store, name)
                .unwrap()
        };
        let (copy, fill) = (any("copy", &mut store), any("fill", &mut store));
        let start: Vec<u8> = (0..PAGE).map(|i| (i * 7 + (i >> 8)) as u8).collect();
        for length in 0..=140_u32 {
            let constant = |kind: &str| format!("{kind}{length}");
            let copy_constant = instance
                .get_typed_func::<(u32, u32), ()>(&mut store, &constant("copy"))
                .unwrap();
            let fill_constant = instance
                .get_typed_func::<(u32, u32), ()>(&mut store, &constant("fill"))
                .unwrap();
            let zero_constant = instance
                .get_typed_func::<u32, ()>(&mut store, &constant("zero"))
                .unwrap();
            let end = PAGE as u32 - length;
            // Apart, overlapping either way, the same, and at both ends; then out of bounds by one.
            for (dst, src) in [
                (500, 3),
                (100, 101),
                (101, 100),
                (100, 100 + length / 2),
                (77, 77),
                (0, end),
                (end, 0),
                (end, end),
                (end + 1, 0),
                (0, end + 1),
                (u32::MAX, 0),
                (0, u32::MAX),
            ] {
                let in_bounds = |at: u32| at as usize + length as usize <= PAGE;
                let mut expected = start.clone();
                let copied = in_bounds(dst) && in_bounds(src);
                if copied {
                    let src = src as usize;
                    expected.copy_within(src..src + length as usize, dst as usize);
                }
                for constant in [false, true] {
                    memory.data_mut(&mut store).copy_from_slice(&start);
                    let result = if constant {
                        copy_constant.call(&mut store, (dst, src))
                    } else {
                        copy.call(&mut store, (dst, src, length))
                    };
                    if let Err(error) = &result {
                        let trace = error.downcast_ref::<WasmBacktrace>().unwrap();
                        let first = trace.frames()[0].func_index();
                        assert_eq!(first, if constant { 2 + 3 * length } else { 0 });
                        assert_eq!(trace.frames().len(), 1);
                    }
                    let case = format!("copy {dst} {src} {length} {constant}");
                    check(result, copied, &case);
                    assert!(memory.data(&store) == expected, "{case}");
                }

                let filled = in_bounds(dst);
                for (byte, way) in [(0x1a5, 0), (0x1a5, 1), (0, 2)] {
                    let mut expected = start.clone();
                    if filled {
                        expected[dst as usize..][..length as usize].fill(byte as u8);
                    }
                    memory.data_mut(&mut store).copy_from_slice(&start);
                    let result = match way {
                        0 => fill.call(&mut store, (dst, byte, length)),
                        1 => fill_constant.call(&mut store, (dst, byte)),
                        _ => zero_constant.call(&mut store, dst),
                    };
                    let case = format!("fill {dst} {byte} {length} {way}");
                    check(result, filled, &case);
                    assert!(memory.data(&store) == expected, "{case}");
                }
            }
        }
    }
}

#[track_caller]
fn check(result: wasmetal::Result<()>, in_bounds: bool, case: &str) {
    match result {
        Ok(()) => assert!(in_bounds, "{case}"),
        Err(error) => {
            assert_eq!(
                error.downcast_ref(),
                Some(&Trap::MemoryOutOfBounds),
                "{case}: {error:?}"
            );
            assert!(!in_bounds, "{case}");
        }
    }
}
