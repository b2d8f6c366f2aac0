//! Modules that are meant to cost a compiler more than their size: valid ones, of any size.

#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

mod encode;

use alloc::{format, vec, vec::Vec};
use encode::{Code, EMPTY, END, EXTERNREF, F64, I32, I64, Module, NOTHING, counted, name, number};

/// A kind of bomb.
#[derive(Clone, Copy)]
pub struct Bomb {
    /// What there is much of.
    pub name: &'static str,
    build: fn(usize) -> Vec<u8>,
}

impl Bomb {
    /// The module with `count` of it.
    #[must_use]
    pub fn module(&self, count: usize) -> Vec<u8> {
        (self.build)(count)
    }

    /// The smallest module of this kind that has at least `bytes` bytes; or the largest that the kind has.
    #[must_use]
    pub fn of_size(&self, bytes: usize) -> Vec<u8> {
        let mut count = 1;
        loop {
            let module = self.module(count);
            if module.len() >= bytes || count >= bytes {
                return module;
            }
            // A little short of what is likely, and no less than one more.
            let likely = (count as u64 * bytes as u64 / module.len() as u64) as usize;
            count = likely.max(count + 1 + count / 64);
        }
    }
}

/// The kind of this name.
///
/// # Panics
/// There is none.
#[must_use]
pub fn named(name: &str) -> &'static Bomb {
    let found = BOMBS.iter().find(|bomb| bomb.name == name);
    found.unwrap_or_else(|| panic!("no kind of bomb is named {name:?}"))
}

const fn bomb(name: &'static str, build: fn(usize) -> Vec<u8>) -> Bomb {
    Bomb { name, build }
}

/// All kinds.
pub const BOMBS: &[Bomb] = &[
    // Many of something, in a module.
    bomb("empty functions", |n| {
        let mut module = Module::new().add(1, EMPTY).repeat(3, n, &[0]);
        module = module.repeat(10, n, &[2, 0, END]);
        module.bytes()
    }),
    bomb("functions of 1,000 locals", |n| {
        let body = [&[1], &number(1000)[..], &[I64, END]].concat();
        let body = counted(body.len(), &body);
        let module = Module::new().add(1, EMPTY).repeat(3, n, &[0]);
        module.repeat(10, n, &body).bytes()
    }),
    bomb("types that are equal", |n| {
        Module::new().repeat(1, n, EMPTY).bytes()
    }),
    bomb("types that differ", |n| {
        let types = (0..n).map(|i| {
            let params: Vec<u8> = (0..20)
                .map(|bit| if i >> bit & 1 == 0 { I32 } else { I64 })
                .collect();
            encode::func_type(&params, &[])
        });
        Module::new().all(1, types).bytes()
    }),
    bomb("types of functions, each with its trampolines", |n| {
        let types = (0..n).map(|i| {
            let params: Vec<u8> = (0..16)
                .map(|bit| if i >> bit & 1 == 0 { I32 } else { I64 })
                .collect();
            encode::func_type(&params, &[])
        });
        let mut module = Module::new().all(1, types);
        for i in 0..n {
            module = module.function(i, &[], &[]);
            module = module.add(7, &[name(&format!("{i}")), vec![0], number(i)].concat());
        }
        module.bytes()
    }),
    bomb("types in one recursion group", |n| {
        // Structs that refer to the next one and the first one.
        let types: Vec<u8> = (0..n)
            .flat_map(|i| {
                let next = encode::signed(((i + 1) % n) as i64);
                [&[0x5f, 2, 0x63][..], &next, &[1, 0x63, 0, 1]].concat()
            })
            .collect();
        Module::new()
            .add(1, &[&[0x4e], &counted(n, &types)[..]].concat())
            .bytes()
    }),
    bomb("recursion groups of two", |n| {
        let groups = (0..n).map(|i| {
            let own = [
                encode::signed(2 * i as i64),
                encode::signed(2 * i as i64 + 1),
            ];
            let ty = |other: &[u8]| [&[0x5f, 1, 0x63][..], other, &[0]].concat();
            [&[0x4e, 2][..], &ty(&own[1]), &ty(&own[0])].concat()
        });
        Module::new().all(1, groups).bytes()
    }),
    bomb("subtypes, 60 deep", |n| {
        let types = (0..n).map(|i| match i % 61 {
            0 => vec![0x50, 0, 0x5f, 0],
            _ => [&[0x50, 1][..], &number(i - 1), &[0x5f, 0]].concat(),
        });
        Module::new().all(1, types).bytes()
    }),
    bomb("imports", |n| {
        let module = Module::new().add(1, EMPTY);
        module.repeat(2, n, &[1, b'a', 1, b'b', 0, 0]).bytes()
    }),
    bomb("exports", |n| {
        let exports = (0..n).map(|i| [name(&format!("{i}")), vec![0, 0]].concat());
        let module = Module::new().add(1, EMPTY).function(0, &[], &[]);
        module.all(7, exports).bytes()
    }),
    bomb("bytes of names of exports", |n| {
        let text = "x".repeat(900);
        let exports =
            (0..n.div_ceil(900)).map(|i| [name(&format!("{text}{i}")), vec![0, 0]].concat());
        let module = Module::new().add(1, EMPTY).function(0, &[], &[]);
        module.all(7, exports).bytes()
    }),
    bomb("globals", |n| {
        Module::new().repeat(6, n, &[I32, 0, 0x41, 0, END]).bytes()
    }),
    bomb("globals that take functions", |n| {
        let module = Module::new().add(1, EMPTY).function(0, &[], &[]);
        module.repeat(6, n, &[0x70, 0, 0xd2, 0, END]).bytes()
    }),
    bomb("operators of a constant expression", |n| {
        let sum = [0x41, 1, 0x6a].repeat(n);
        let global = [&[I32, 0, 0x41, 0][..], &sum, &[END]].concat();
        Module::new().add(6, &global).bytes()
    }),
    bomb("data segments", |n| {
        let module = Module::new().add(5, &[0, 1]);
        module.repeat(11, n, &[0, 0x41, 0, END, 1, 7]).bytes()
    }),
    bomb("bytes of data", |n| {
        let segment = [&[1], &counted(n, &vec![0x5a; n])[..]].concat();
        Module::new().add(11, &segment).bytes()
    }),
    bomb("element segments", |n| {
        let module = Module::new().add(4, &[0x70, 0, 1]);
        module.repeat(9, n, &[5, 0x70, 1, 0xd0, 0x70, END]).bytes()
    }),
    bomb("items of an element segment", |n| {
        let module = Module::new().add(1, EMPTY).function(0, &[], &[]);
        let items = counted(n, &vec![0; n]);
        module.add(9, &[&[1, 0], &items[..]].concat()).bytes()
    }),
    bomb("items that are expressions", |n| {
        let module = Module::new().add(4, &[0x70, 0, 1]);
        let items = counted(n, &[0xd0, 0x70, END].repeat(n));
        module.add(9, &[&[5, 0x70], &items[..]].concat()).bytes()
    }),
    // Much of something, in a function.
    bomb("operators", |n| {
        function(&[], Code::new().op(&[0x41, 1, 0x45, 0x1a].repeat(n)))
    }),
    bomb("sums of constants", |n| {
        let code = Code::new().get(0).op(&[0x41, 1, 0x6a].repeat(n)).set(0);
        function(&[(1, I32)], code)
    }),
    bomb("sums that double", |n| {
        let double = Code::new().get(0).get(0).op(&[0x6a]).set(0);
        let code = Code::new().op(&[0x41, 0, 0x28, 2, 0]).set(0);
        with_memory(&[(1, I32)], code.op(&double.0.repeat(n)).get(0).op(&[0x1a]))
    }),
    bomb("choices", |n| {
        let choice = [
            0x20, 0, 0x20, 1, 0x20, 0, 0x1b, 0x22, 1, 0x20, 0, 0x6a, 0x21, 0,
        ];
        with_memory(&[(2, I32)], loads(2).op(&choice.repeat(n)))
    }),
    bomb("masks and shifts", |n| {
        let step = [
            0x20, 0, 0x41, 0xff, 1, 0x71, 0x20, 0, 0x41, 8, 0x76, 0x73, 0x21, 0,
        ];
        with_memory(&[(1, I32)], loads(1).op(&step.repeat(n)))
    }),
    bomb("constants", |n| {
        function(
            &[],
            Code::new().each(n, |code, i| {
                code.i32((i as i32).wrapping_mul(40_503).into()).op(&[0x1a])
            }),
        )
    }),
    bomb("values on the operand stack", |n| {
        let load = [0x41, 0, 0x28, 2, 0].repeat(n);
        let drop = [0x41, 0, 0x41, 0, 0x36, 2, 0, 0x1a].repeat(n);
        with_memory(&[], Code::new().op(&load).op(&drop))
    }),
    bomb("values that live long", |n| {
        // Loaded, and stored when all are loaded: more than there are registers.
        let code = loads(n).each(n, |code, i| {
            code.op(&[0x41, 0]).get(n - 1 - i).op(&[0x36, 2, 0])
        });
        with_memory(&[(n, I32)], code)
    }),
    bomb("values that live across calls", |n| {
        let code = loads(n).each(n, |code, _| code.call(0));
        let code = code.each(n, |code, i| code.op(&[0x41, 0]).get(i).op(&[0x36, 2, 0]));
        with_memory(&[(n, I32)], code)
    }),
    bomb("loads and stores", |n| {
        let step = [0x20, 0, 0x20, 0, 0x28, 2, 0, 0x36, 2, 0];
        with_memory(&[(1, I32)], Code::new().op(&step.repeat(n)))
    }),
    bomb("loads and stores, each elsewhere", |n| {
        let code = Code::new().each(n, |code, i| {
            let address = |code: Code| code.op(&[0x20, 0]);
            let code = address(address(code))
                .indexed(0x28, 2)
                .op(&number(i * 5000));
            code.indexed(0x36, 2).op(&number(i * 7000))
        });
        with_memory(&[(1, I32)], code)
    }),
    bomb("copies", |n| {
        let step = [0x20, 0, 0x20, 1, 0x20, 2, 0xfc, 10, 0, 0];
        with_memory(&[(3, I32)], Code::new().op(&step.repeat(n)))
    }),
    bomb("fills of 64 bytes", |n| {
        let step = [0x20, 0, 0x41, 0, 0x41, 0xc0, 0, 0xfc, 11, 0];
        with_memory(&[(1, I32)], Code::new().op(&step.repeat(n)))
    }),
    bomb("locals", |n| function(&[(n.min(50_000), I64)], Code::new())),
    bomb("calls", |n| {
        function(&[], Code::new().op(&[0x10, 0].repeat(n)))
    }),
    bomb("indirect calls", |n| {
        let module = Module::new().add(1, EMPTY).add(4, &[0x70, 0, 1]);
        module
            .function(0, &[], &[0x41, 0, 0x11, 0, 0].repeat(n))
            .bytes()
    }),
    bomb("calls that pass 1,000 values", |n| passing(1000, n)),
    bomb("calls that pass 30 values", |n| passing(30, n)),
    bomb("returns of 1,000 values", |n| returning(1000, n)),
    bomb("returns of 30 values", |n| returning(30, n)),
    // Control flow.
    bomb("nested blocks", |n| nested(n, &[0x02, NOTHING], &[])),
    bomb("nested blocks, with a branch out of each", |n| {
        let open = [0x02, NOTHING].repeat(n);
        let code = Code::new()
            .op(&open)
            .each(n, |code, i| code.i32(0).indexed(0x0d, i));
        function(&[], code.op(&[END].repeat(n)))
    }),
    bomb("nested ifs", |n| nested(n, &[0x41, 1, 0x04, NOTHING], &[])),
    bomb("nested loops", |n| {
        nested(n, &[0x03, NOTHING], &[0x20, 0, 0x0d, 0])
    }),
    bomb("nested loops, with branches out of all of them", |n| {
        // To each loop, from the innermost.
        let code = Code::new().op(&[0x03, NOTHING].repeat(n)).op(&[0x20, 0]);
        let code = code
            .indexed(0x0e, n)
            .each(n + 1, |code, i| code.op(&number(i.min(n))));
        function(&[(1, I32)], code.op(&[END].repeat(n)))
    }),
    bomb("sums in nested loops", |n| {
        let depth = n.div_ceil(4).min(900);
        let sum = Code::new().get(0).get(0).op(&[0x6a]).set(0).0;
        let code = Code::new().op(&[0x03, NOTHING].repeat(depth));
        let code = code
            .op(&sum.repeat(n))
            .op(&[0x20, 0, 0x0d, 0, END].repeat(depth));
        function(&[(1, I32)], code)
    }),
    // Each function far below every limit of one: a module has many of them.
    bomb("functions of 100 nested loops", |n| {
        functions_of_loops(100, n)
    }),
    bomb("functions of 400 nested loops", |n| {
        functions_of_loops(400, n)
    }),
    bomb("functions of 300 nested ifs", |n| {
        let code = [0x20, 0, 0x04, NOTHING].repeat(300);
        functions_like(n, &[(1, I32)], &[&code[..], &[END].repeat(300)].concat())
    }),
    bomb("functions of 300 nested blocks with values", |n| {
        // Each adds to what comes out of the one in it, or takes its own.
        let open = [0x02, I32].repeat(300);
        let close = [0x20, 0, 0x20, 0, 0x0d, 0, 0x6a, END].repeat(300);
        functions_like(
            n,
            &[(1, I32)],
            &[&open[..], &[0x20, 0], &close, &[0x1a]].concat(),
        )
    }),
    bomb("functions of sums in 30 nested loops", |n| {
        functions_of_sums(30, n)
    }),
    bomb("functions of sums in 100 nested loops", |n| {
        functions_of_sums(100, n)
    }),
    bomb("functions of sums in 300 nested loops", |n| {
        functions_of_sums(300, n)
    }),
    bomb(
        "functions of 30 locals that change in 30 nested loops",
        |n| functions_of_changes(30, n),
    ),
    bomb(
        "functions of 100 locals that change in 100 nested loops",
        |n| functions_of_changes(100, n),
    ),
    bomb("nested blocks that are never reached", |n| {
        let code = Code::new().op(&[0x00]).op(&[0x02, NOTHING].repeat(n));
        function(&[], code.op(&[END].repeat(n)))
    }),
    bomb("blocks with a result", |n| {
        let step = [0x02, I32, 0x20, 0, 0x20, 0, 0x0d, 0, END, 0x21, 0];
        function(&[(1, I32)], Code::new().op(&step.repeat(n)))
    }),
    bomb("ifs in a row", |n| {
        let step = [0x20, 0, 0x04, NOTHING, 0x41, 1, 0x21, 0, END];
        function(&[(1, I32)], Code::new().op(&step.repeat(n)))
    }),
    bomb("loops in a row", |n| {
        let step = [0x03, NOTHING, 0x20, 0, 0x0d, 0, END];
        function(&[(1, I32)], Code::new().op(&step.repeat(n)))
    }),
    bomb("targets of a br_table", |n| {
        let code = Code::new().i32(0).indexed(0x0e, n).op(&vec![0; n + 1]);
        function(&[], code)
    }),
    bomb("targets of a br_table, each a block", |n| {
        let code = Code::new().op(&[0x02, NOTHING].repeat(n)).i32(0);
        let code = code
            .indexed(0x0e, n)
            .each(n + 1, |code, i| code.op(&number(i.min(n - 1))));
        function(&[], code.op(&[END].repeat(n)))
    }),
    bomb("targets of a br_table that take 1,000 values", |n| {
        table_of_values(1000, n)
    }),
    bomb("targets of a br_table that take 30 values", |n| {
        table_of_values(30, n)
    }),
    bomb("br_tables of 100 targets", |n| {
        let table = [&[0x02, NOTHING, 0x20, 0, 0x0e, 100][..], &[0; 101], &[END]].concat();
        function(&[(1, I32)], Code::new().op(&table.repeat(n.div_ceil(50))))
    }),
    // Locals with a value in each block.
    bomb("locals, and loops in a row", |n| {
        let step = [0x03, NOTHING, 0x20, 0, 0x0d, 0, END];
        let code = loads(n).op(&step.repeat(n));
        with_memory(&[(n, I32)], stores(code, n))
    }),
    bomb("locals, and ifs in a row", |n| {
        let step = [0x20, 0, 0x04, NOTHING, END];
        let code = loads(n).op(&step.repeat(n));
        with_memory(&[(n, I32)], stores(code, n))
    }),
    bomb("locals set in the last of many blocks", |n| {
        let step = [0x20, 0, 0x04, NOTHING, END];
        with_memory(&[(n, I32)], Code::new().op(&step.repeat(n)).op(&loads(n).0))
    }),
    bomb("locals that change in nested loops", |n| {
        let code = loads(n).op(&[0x03, NOTHING].repeat(n));
        let code = code.each(n, |code, i| code.get(i).op(&[0x41, 1, 0x6a]).set(i));
        let code = code.op(&[0x20, 0, 0x0d, 0, END].repeat(n));
        with_memory(&[(n, I32)], stores(code, n))
    }),
    bomb("locals that go round in a loop", |n| {
        let code = loads(n).op(&[0x03, NOTHING]).get(0);
        let code = code
            .each(n - 1, |code, i| code.get(i + 1).set(i))
            .set(n - 1);
        with_memory(&[(n, I32)], stores(code.op(&[0x20, 0, 0x0d, 0, END]), n))
    }),
    bomb("locals, one changed in each if", |n| {
        let code = loads(n).each(n, |code, i| {
            code.get(0)
                .op(&[0x04, NOTHING])
                .i32(i as i64)
                .set(i)
                .op(&[END])
        });
        with_memory(&[(n, I32)], stores(code, n))
    }),
    bomb("locals, one changed in each loop", |n| {
        let code = loads(n).each(n, |code, i| {
            let code = code.op(&[0x03, NOTHING]).get(i).op(&[0x41, 1, 0x6a]).set(i);
            code.get(i).op(&[0x0d, 0, END])
        });
        with_memory(&[(n, I32)], stores(code, n))
    }),
    bomb("5,000 locals, and branches", |n| {
        let count = 5000.min(n);
        let step = [0x20, 0, 0x0d, 0];
        let code = loads(count)
            .op(&[0x03, NOTHING])
            .op(&step.repeat(n))
            .op(&[END]);
        with_memory(&[(count, I32)], stores(code, count))
    }),
    // Values that live long once the code is optimised: addresses of imported globals, and constants.
    bomb(
        "imported globals, in the first block and the last of many",
        |n| {
            let between = [0x23, 0, 0x04, NOTHING, END].repeat(n);
            globals(n, &between)
        },
    ),
    bomb("imported globals, before and after calls", |n| {
        globals(n, &[0x10, 0].repeat(n))
    }),
    bomb("constants in a loop", |n| {
        let code = Code::new().op(&[0x03, NOTHING]);
        let code = code.each(n, |code, i| {
            let value = (i as f64 + 0.1).to_bits().to_le_bytes();
            code.get(0).op(&[0x44]).op(&value).op(&[0xa0]).set(0)
        });
        let code = code.op(&[0x41, 1, 0x0d, 0, END]);
        function(&[(1, F64)], code)
    }),
    // References, which the collector asks about at every call.
    bomb("references, and calls", |n| {
        let code = references(n).op(&[0x10, 0].repeat(n));
        with_references(n, drops(code, n))
    }),
    bomb("references, ifs and calls", |n| {
        let step = [0x10, 1, 0x04, NOTHING, 0x10, 0, END];
        let code = references(n).op(&step.repeat(n));
        with_references(n, drops(code, n))
    }),
    bomb("references, loops and calls", |n| {
        let step = [0x03, NOTHING, 0x10, 1, 0x0d, 0, END];
        let code = references(n).op(&step.repeat(n));
        with_references(n, drops(code, n))
    }),
    bomb("references that change in nested loops", |n| {
        let code = references(n)
            .op(&[0x03, NOTHING].repeat(n))
            .op(&references(n).0);
        let code = code.op(&[0x10, 1, 0x0d, 0, END].repeat(n));
        with_references(n, drops(code, n))
    }),
    bomb("references on the operand stack, and calls", |n| {
        let code = Code::new()
            .op(&[0x10, 2].repeat(n))
            .op(&[0x10, 0].repeat(n));
        with_references(0, code.op(&[0x1a].repeat(n)))
    }),
    // Garbage-collected objects.
    bomb("structs that are made", |n| {
        let module = Module::new().add(1, EMPTY).add(1, &[0x5f, 1, I32, 1]);
        module
            .function(0, &[], &[0xfb, 1, 1, 0x1a].repeat(n))
            .bytes()
    }),
    bomb("structs of 1,000 fields that are made", |n| {
        let ty = [&[0x5f], &counted(1000, &[I64, 1].repeat(1000))[..]].concat();
        let module = Module::new().add(1, EMPTY).add(1, &ty);
        module
            .function(0, &[], &[0xfb, 1, 1, 0x1a].repeat(n))
            .bytes()
    }),
    bomb("structs of 1,000 references that are made", |n| {
        let ty = [&[0x5f], &counted(1000, &[0x6e, 1].repeat(1000))[..]].concat();
        let module = Module::new().add(1, EMPTY).add(1, &ty);
        module
            .function(0, &[], &[0xfb, 1, 1, 0x1a].repeat(n))
            .bytes()
    }),
    bomb("items of an array that is made", |n| {
        let n = n.min(10_000);
        let code = [&[0x41, 1].repeat(n)[..], &[0xfb, 8, 1], &number(n), &[0x1a]].concat();
        let module = Module::new().add(1, EMPTY).add(1, &[0x5e, I32, 1]);
        module.function(0, &[], &code).bytes()
    }),
    bomb("casts", |n| {
        let test = [0x20, 0, 0xfb, 0x15, 1, 0x1a].repeat(n);
        let module = Module::new().add(1, EMPTY).add(1, &[0x50, 0, 0x5f, 0]);
        module.function(0, &[(1, 0x6e)], &test).bytes()
    }),
    // Exceptions.
    bomb("try_tables in a row", |n| {
        let step = [0x02, NOTHING, 0x1f, NOTHING, 1, 2, 0, 0x10, 0, END, END];
        function(&[], Code::new().op(&step.repeat(n)))
    }),
    bomb("nested try_tables, with calls", |n| {
        let open = [0x02, NOTHING, 0x1f, NOTHING, 1, 2, 0].repeat(n);
        let code = Code::new().op(&open).op(&[0x10, 0].repeat(n));
        function(&[], code.op(&[END, END].repeat(n)))
    }),
    bomb("catches of a try_table, with calls", |n| {
        let clauses = number(n.min(10_000));
        let open = [&[0x02, NOTHING, 0x1f, NOTHING], &clauses[..]].concat();
        let code = Code::new().op(&open).op(&[0, 0, 0].repeat(n.min(10_000)));
        let code = code.op(&[0x10, 0].repeat(n)).op(&[END, END]);
        let module = Module::new().add(1, EMPTY).add(13, &[0, 0]);
        module.function(0, &[], &code.0).bytes()
    }),
    bomb("locals, and calls in a try_table", |n| {
        let code = loads(n).op(&[0x02, NOTHING, 0x1f, NOTHING, 1, 2, 0]);
        let code = code.op(&[0x10, 0].repeat(n)).op(&[END, END]);
        with_memory(&[(n, I32)], stores(code, n))
    }),
];

/// A module of one function without parameters and results.
fn function(locals: &[(usize, u8)], code: Code) -> Vec<u8> {
    Module::new()
        .add(1, EMPTY)
        .function(0, locals, &code.0)
        .bytes()
}

/// As [`function`], with a memory.
fn with_memory(locals: &[(usize, u8)], code: Code) -> Vec<u8> {
    let module = Module::new().add(1, EMPTY).add(5, &[0, 1]);
    module.function(0, locals, &code.0).bytes()
}

/// Gives a loaded value to each of `count` locals.
fn loads(count: usize) -> Code {
    Code::new().each(count, |code, i| {
        code.op(&[0x41, 0, 0x28, 2]).op(&number(4 * i)).set(i)
    })
}

/// Stores each of `count` locals.
fn stores(code: Code, count: usize) -> Code {
    code.each(count, |code, i| {
        code.op(&[0x41, 0]).get(i).op(&[0x36, 2, 0])
    })
}

/// Imports 0, `() -> ()`; 1, `() -> i32`; 2, `() -> externref`; 3, `externref -> ()`; and a function with
/// `locals` locals of type `externref`.
fn with_references(locals: usize, code: Code) -> Vec<u8> {
    let module = Module::new()
        .ty(&[], &[])
        .ty(&[], &[I32])
        .ty(&[], &[EXTERNREF])
        .ty(&[EXTERNREF], &[]);
    let module = module.all(2, (0..4).map(|ty| vec![0, 0, 0, ty]));
    module.function(0, &[(locals, EXTERNREF)], &code.0).bytes()
}

/// Gives a reference to each of `count` locals.
fn references(count: usize) -> Code {
    Code::new().each(count, |code, i| code.call(2).set(i))
}

/// Hands each of `count` locals to a function.
fn drops(code: Code, count: usize) -> Code {
    code.each(count, |code, i| code.get(i).call(3))
}

/// A function that uses each of `n` imported globals (up to 900), does something else, and uses them again.
fn globals(n: usize, between: &[u8]) -> Vec<u8> {
    let count = n.min(900);
    let module = Module::new().add(1, EMPTY);
    let module = module.repeat(2, count, &[1, b'a', 1, b'b', 3, I32, 1]);
    let uses = Code::new().each(count, |code, i| {
        code.indexed(0x23, i).indexed(0x24, (i + 1) % count)
    });
    let code = Code::new().op(&uses.0).op(between).op(&uses.0);
    module.function(0, &[], &code.0).bytes()
}

/// A function that calls itself `n` times, with `count` parameters and results.
fn passing(count: usize, n: usize) -> Vec<u8> {
    let values = vec![I64; count];
    let code = Code::new().each(count, Code::get).op(&[0x10, 0].repeat(n));
    Module::new()
        .ty(&values, &values)
        .function(0, &[], &code.0)
        .bytes()
}

/// A function that returns `count` values at `n` places.
fn returning(count: usize, n: usize) -> Vec<u8> {
    let values = vec![I64; count];
    let code = Code::new()
        .each(count, Code::get)
        .op(&[0x41, 0, 0x0d, 0].repeat(n));
    Module::new()
        .ty(&values, &values)
        .function(0, &[], &code.0)
        .bytes()
}

/// A `br_table` of `n` targets, which take `count` values.
fn table_of_values(count: usize, n: usize) -> Vec<u8> {
    let values = vec![I64; count];
    let code = Code::new().each(count, Code::get).i32(0);
    let code = code.indexed(0x0e, n).op(&vec![0; n + 1]);
    Module::new()
        .ty(&values, &values)
        .function(0, &[], &code.0)
        .bytes()
}

/// `n` nested blocks: how each begins, and what stands before its `end`. There is one local.
fn nested(n: usize, begin: &[u8], last: &[u8]) -> Vec<u8> {
    let end = [last, &[END]].concat();
    function(
        &[(1, I32)],
        Code::new().op(&begin.repeat(n)).op(&end.repeat(n)),
    )
}

/// `n` functions that are equal.
fn functions_like(n: usize, locals: &[(usize, u8)], code: &[u8]) -> Vec<u8> {
    let mut module = Module::new().add(1, EMPTY);
    for _ in 0..n {
        module = module.function(0, locals, code);
    }
    module.bytes()
}

/// `n` functions of `depth` nested loops, each with a branch back.
fn functions_of_loops(depth: usize, n: usize) -> Vec<u8> {
    let open = [0x03, NOTHING].repeat(depth);
    let close = [0x20, 0, 0x0d, 0, END].repeat(depth);
    functions_like(n, &[(1, I32)], &[open, close].concat())
}

/// `n` functions of `depth` nested loops, and as many sums in the innermost.
fn functions_of_sums(depth: usize, n: usize) -> Vec<u8> {
    let open = [0x03, NOTHING].repeat(depth);
    let sums = [0x20, 0, 0x20, 0, 0x6a, 0x21, 0].repeat(depth);
    let close = [0x20, 0, 0x0d, 0, END].repeat(depth);
    functions_like(n, &[(1, I32)], &[open, sums, close].concat())
}

/// `n` functions of `depth` nested loops, in the innermost of which as many locals change.
fn functions_of_changes(depth: usize, n: usize) -> Vec<u8> {
    let open = [0x03, NOTHING].repeat(depth);
    let changes = Code::new().each(depth, |code, i| code.get(i).op(&[0x41, 1, 0x6a]).set(i));
    let close = [0x20, 0, 0x0d, 0, END].repeat(depth);
    functions_like(n, &[(depth, I32)], &[open, changes.0, close].concat())
}
