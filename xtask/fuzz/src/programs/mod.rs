//! Programs about references, from a seed: many types, objects in every place that there is, calls, exceptions,
//! collections. They are valid, end by themselves, and fold what they see into numbers.

mod code;
mod module;
mod numbers;
mod references;
mod statements;
mod types;

use code::{Code, Writer};
use fastrand::Rng;
use module::{Module, Segment, Table};
use std::collections::BTreeSet;
use types::{Kind, Types};
use wasm_encoder::{RefType, ValType};

/// What a seed stands for.
pub struct Program {
    /// The module that the other one imports functions, globals, tables and tags of, if there is one: as `lib`.
    pub library: Option<Vec<u8>>,
    /// The module.
    pub main: Vec<u8>,
    /// What is called.
    pub calls: Vec<Call>,
    /// How many statements can be left out, in both modules.
    pub statements: u32,
}

/// A call of the export `runN: (i32) -> i64`.
#[derive(Clone, Copy, Debug)]
pub struct Call {
    /// N.
    pub function: u32,
    /// The argument.
    pub argument: i32,
    /// Whether there is a collection before.
    pub collect: bool,
}

/// How much there is of everything. Most programs are small; what they are made of is in `run` above all, since every
/// function and every type of functions takes time to compile, however little it does.
#[derive(Clone, Copy)]
struct Size(u32);

impl Size {
    const LARGE: u32 = 4;

    fn any(rng: &mut Rng) -> Self {
        Self(match rng.u8(..8) {
            0..5 => 1,
            5 | 6 => 2,
            _ => Self::LARGE,
        })
    }

    /// Always for large programs, else at random.
    fn mostly(self, rng: &mut Rng) -> bool {
        self.0 == Self::LARGE || rng.bool()
    }

    /// A number between one for the smallest programs, roughly, and one for large ones.
    fn of(self, small: u32, large: u32) -> u32 {
        small + (large - small) * (self.0 - 1) / (Self::LARGE - 1)
    }
}

/// How many calls a call of an export may lead to: the value of the export `fuel` of each module.
pub const CALLS: i32 = 60;

/// The program of a seed, without some of its statements, by their numbers.
#[must_use]
pub fn program(seed: u64, removed: &BTreeSet<u32>) -> Program {
    let mut rng = Rng::with_seed(seed);
    let size = Size::any(&mut rng);
    let with_library = rng.u8(..6) == 0;
    let mut calls = Vec::new();
    let functions = rng.u32(1..=size.of(1, 2));
    for _ in 0..rng.u8(2..5) {
        calls.push(Call {
            function: rng.u32(..functions),
            argument: rng.i32(0..8),
            collect: rng.u8(..4) == 0,
        });
    }
    let mut types = Types::default();
    types.extend(size.of(2, 3), &mut rng);
    let mut writer = Writer::new(rng, removed);
    let library = with_library.then(|| {
        let mut library = Module::new(types.clone(), size.mostly(&mut writer.rng), None);
        fill(&mut library, 0, size, &mut writer);
        if writer.rng.bool() {
            types = library.types.all_named();
            types.extend(size.of(1, 3), &mut writer.rng);
        }
        library
    });
    let for_references = size.mostly(&mut writer.rng);
    let mut main = Module::new(types, for_references, library.as_ref());
    fill(&mut main, functions, size, &mut writer);
    // Most often not: what nobody can call from outside takes less code.
    let exports = writer.rng.u8(..4) == 0;
    Program {
        library: library.map(|library| library.encode(true)),
        main: main.encode(exports),
        calls,
        statements: writer.statements,
    }
}

/// Gives a module all it is to have.
fn fill(module: &mut Module, runs: u32, size: Size, writer: &mut Writer<'_>) {
    // All functions first, since code speaks of those with higher indices.
    let run = module.types.function(&[ValType::I32], &[ValType::I64]);
    let first = module.funcs.len() as u32;
    for index in 0..runs {
        module.name(format!("run{index}"), first + index);
        module.funcs.push(run);
    }
    let rest = module.funcs.len() as u32;
    if runs == 0 || size.mostly(&mut writer.rng) {
        module.name("back".to_owned(), rest);
        module.funcs.push(run);
    } else {
        module.name("back".to_owned(), first);
    }
    let named = 0..module.types.named();
    let is_func = |index: &u32| matches!(module.types.kind(*index), Kind::Func(..));
    let types: Vec<u32> = named.filter(is_func).collect();
    for ty in &types {
        if !module.funcs.contains(ty) {
            module.funcs.push(*ty);
        }
    }
    for _ in 0..writer.rng.u32(..=size.of(0, 2)) {
        module
            .funcs
            .extend(writer.rng.choice(types.iter().copied()));
    }

    places(module, writer);
    for index in module.defined() {
        let index = index as u32;
        let (statements, depth, room) = match index < rest {
            true => (
                writer.rng.u32(size.of(2, 4)..=size.of(5, 8)),
                3,
                size.of(30, 60),
            ),
            false => (writer.rng.u32(..=size.of(1, 3)), 2, size.of(4, 12)),
        };
        let mut code = Code::function(module, writer, index, room);
        code.body(statements, depth);
        let locals: Vec<ValType> = code.locals[code.params..].iter().map(|it| it.ty).collect();
        let operators = std::mem::take(&mut code.bytes);
        module.body(&locals, &operators);
    }
}

/// The constant expression of a value.
fn constant(module: &mut Module, ty: ValType, depth: u32, writer: &mut Writer<'_>) -> Vec<u8> {
    let mut code = Code::constant(module, writer);
    code.value(ty, depth);
    code.bytes
}

/// Tables, globals, segments and tags.
fn places(module: &mut Module, writer: &mut Writer<'_>) {
    // Their constants can speak of imported globals only.
    for _ in 0..writer.rng.u8(..3) {
        let ty = match writer.rng.u8(..4) {
            0 => RefType::FUNCREF,
            1 => RefType::ANYREF,
            _ => module.types.any_reference(&mut writer.rng),
        };
        let initial = match !ty.nullable || writer.rng.bool() {
            true => Some(constant(module, ValType::Ref(ty), 2, writer)),
            false => None,
        };
        let size = writer.rng.u32(1..6);
        module.tables.push(Table::new(ty, size, initial));
    }
    for _ in 0..writer.rng.u8(1..6) {
        let ty = match writer.rng.u8(..6) {
            0 => module.types.any_value(&mut writer.rng),
            _ => ValType::Ref(module.types.any_reference(&mut writer.rng)),
        };
        let initial = constant(module, ty, 3, writer);
        module.global(ty, writer.rng.u8(..5) < 2, initial);
    }
    let number = |module: &mut Module, ty, writer: &mut Writer<'_>| {
        let initial = constant(module, ty, 0, writer);
        let index = module.global(ty, true, initial);
        module.globals[index as usize].open = false;
        index
    };
    module.fuel = number(module, ValType::I32, writer);
    module.sum = number(module, ValType::I64, writer);

    for _ in 0..writer.rng.u8(..3) {
        let tables = module.tables.iter().enumerate();
        let tables: Vec<_> = tables
            .map(|(index, table)| (index as u32, table.ty, table.minimum))
            .collect();
        let table = writer.rng.choice(tables).filter(|_| writer.rng.bool());
        let (ty, most) = match table {
            Some((_, ty, size)) => (ty, size),
            None => (module.types.any_reference(&mut writer.rng), 4),
        };
        let count = writer.rng.u32(1..=most);
        let items = (0..count).map(|_| constant(module, ValType::Ref(ty), 2, writer));
        let items = items.collect();
        module.segments.push(Segment {
            ty,
            items,
            table: table.map(|(index, _, _)| index),
        });
    }
    for _ in 0..writer.rng.u8(..3) {
        let count = writer.rng.usize(..4);
        let params: Vec<ValType> = (0..count)
            .map(|_| module.types.any_value(&mut writer.rng))
            .collect();
        let ty = module.types.function(&params, &[]);
        module.tags.push(ty);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasmparser::{Validator, WasmFeatures};

    fn check(bytes: &[u8], seed: u64) {
        let result = Validator::new_with_features(WasmFeatures::all()).validate_all(bytes);
        if let Err(error) = result {
            panic!("seed {seed}: {error}");
        }
    }

    #[test]
    fn programs_are_valid_whatever_is_left_out() {
        for seed in 0..2000 {
            let whole = program(seed, &BTreeSet::new());
            let removed =
                (0..whole.statements).filter(|number| !(number + seed as u32).is_multiple_of(3));
            for program in [&whole, &program(seed, &removed.collect())] {
                check(&program.main, seed);
                program.library.iter().for_each(|bytes| check(bytes, seed));
            }
        }
    }
}
