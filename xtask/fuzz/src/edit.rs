//! Small changes to a valid module, in its bytes.

use wasmparser::{BinaryReader, FunctionBody, Operator};

const EXPORT: u8 = 7;
const CODE: u8 = 10;
const GLOBAL_KIND: u8 = 3;
/// What precedes the first section: magic and version.
const HEADER: usize = 8;

/// Exports a global.
pub(crate) fn export_global(wasm: &[u8], name: &str, index: u32) -> Vec<u8> {
    let mut export = Vec::new();
    number(&mut export, name.len() as u32);
    export.extend(name.as_bytes());
    export.push(GLOBAL_KIND);
    number(&mut export, index);

    let mut out = wasm[..HEADER].to_vec();
    let mut added = false;
    for (id, content) in Sections(&wasm[HEADER..]) {
        if id == EXPORT {
            let (count, rest) = read(content);
            let mut content = Vec::new();
            number(&mut content, count + 1);
            content.extend([rest, &export].concat());
            section(&mut out, EXPORT, &content);
            added = true;
            continue;
        }
        // Start, elements, code, data and their count are what may follow.
        if !added && id > EXPORT && id <= 12 {
            section(&mut out, EXPORT, &[&[1], &export[..]].concat());
            added = true;
        }
        section(&mut out, id, content);
    }
    if !added {
        section(&mut out, EXPORT, &[&[1], &export[..]].concat());
    }
    out
}

/// Makes every `memory.atomic.wait` one that waits for no time at all.
pub(crate) fn wait_no_time(wasm: &[u8]) -> Vec<u8> {
    /// `drop`, `i64.const 0`: another time to wait.
    const NO_TIME: [u8; 3] = [0x1a, 0x42, 0];

    let mut out = wasm[..HEADER].to_vec();
    for (id, content) in Sections(&wasm[HEADER..]) {
        if id != CODE {
            section(&mut out, id, content);
            continue;
        }
        let (count, mut rest) = read(content);
        let mut bodies = Vec::new();
        number(&mut bodies, count);
        for _ in 0..count {
            let (size, after) = read(rest);
            let (body, after) = after.split_at(size as usize);
            rest = after;
            let mut edited = Vec::new();
            let mut done = 0;
            for at in waits(body) {
                edited.extend(&body[done..at]);
                edited.extend(NO_TIME);
                done = at;
            }
            edited.extend(&body[done..]);
            number(&mut bodies, edited.len() as u32);
            bodies.extend(edited);
        }
        section(&mut out, CODE, &bodies);
    }
    out
}

/// Whether a module multiplies and adds in a way that may round once or twice.
pub(crate) fn may_fuse(wasm: &[u8]) -> bool {
    Sections(&wasm[HEADER..]).any(|(id, content)| {
        let (count, mut rest) = if id == CODE {
            read(content)
        } else {
            (0, content)
        };
        (0..count).any(|_| {
            let (size, after) = read(rest);
            let (body, after) = after.split_at(size as usize);
            rest = after;
            let fused = |operator: &Operator<'_>| {
                matches!(
                    operator,
                    Operator::F32x4RelaxedMadd
                        | Operator::F32x4RelaxedNmadd
                        | Operator::F64x2RelaxedMadd
                        | Operator::F64x2RelaxedNmadd
                )
            };
            !places(body, fused).is_empty()
        })
    })
}

/// Where a body waits.
fn waits(body: &[u8]) -> Vec<usize> {
    let wait = |operator: &Operator<'_>| {
        matches!(
            operator,
            Operator::MemoryAtomicWait32 { .. } | Operator::MemoryAtomicWait64 { .. }
        )
    };
    places(body, wait)
}

/// Where a body has such operators.
fn places(body: &[u8], wanted: impl Fn(&Operator<'_>) -> bool) -> Vec<usize> {
    let operators = FunctionBody::new(BinaryReader::new(body, 0)).get_operators_reader();
    let operators = operators
        .into_iter()
        .flat_map(|o| o.into_iter_with_offsets());
    operators
        .filter_map(|operator| operator.ok().filter(|(op, _)| wanted(op)))
        .map(|(_, at)| at)
        .collect()
}

/// The sections of a module: id and content.
struct Sections<'a>(&'a [u8]);

impl<'a> Iterator for Sections<'a> {
    type Item = (u8, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (id, rest) = self.0.split_first()?;
        let (size, rest) = read(rest);
        let (content, rest) = rest.split_at(size as usize);
        self.0 = rest;
        Some((*id, content))
    }
}

fn section(out: &mut Vec<u8>, id: u8, content: &[u8]) {
    out.push(id);
    number(out, content.len() as u32);
    out.extend(content);
}

/// Writes a number as LEB128.
fn number(out: &mut Vec<u8>, mut value: u32) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Reads a number in LEB128; returns it and what follows.
fn read(bytes: &[u8]) -> (u32, &[u8]) {
    let mut reader = BinaryReader::new(bytes, 0);
    let value = reader.read_var_u32().expect("the module is valid");
    (value, &bytes[reader.original_position()..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasmparser::{Validator, WasmFeatures};

    fn parse(text: &str) -> Vec<u8> {
        wat::parse_str(text).expect("a module")
    }

    #[test]
    fn a_global_is_exported() {
        for (before, after) in [
            (
                "(module (global (mut i32) (i32.const 1)))",
                r#"(module (global (export "f") (mut i32) (i32.const 1)))"#,
            ),
            (
                r#"(module (global (mut i32) (i32.const 1)) (func (export "a")) (data ""))"#,
                r#"(module (global (mut i32) (i32.const 1)) (func) (export "a" (func 0)) (export "f" (global 0)) (data ""))"#,
            ),
            (
                "(module (func) (global (mut i32) (i32.const 1)) (start 0))",
                r#"(module (func) (global (export "f") (mut i32) (i32.const 1)) (start 0))"#,
            ),
        ] {
            assert_eq!(
                export_global(&parse(before), "f", 0),
                parse(after),
                "{before}"
            );
        }
    }

    #[test]
    fn fused_operators_are_found() {
        for (operator, expected) in [
            ("f32x4.relaxed_madd", true),
            ("f64x2.relaxed_nmadd", true),
            ("v128.bitselect", false),
        ] {
            let text = format!(
                "(module (func) (func (param v128 v128 v128) (result v128)
                    ({operator} (local.get 0) (local.get 1) (local.get 2))))"
            );
            assert_eq!(may_fuse(&parse(&text)), expected, "{operator}");
        }
    }

    #[test]
    fn waits_take_no_time() {
        let wait = r#"(module (memory 1 1 shared) (func (result i32 i32)
            (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1))
            (memory.atomic.wait64 (i32.const 0) (i64.const 0) (i64.const -1))))"#;
        let edited = wait_no_time(&parse(wait));
        let no_time = wait.replace("(i64.const -1)", "(i64.const -1) (drop) (i64.const 0)");
        assert_eq!(edited, parse(&no_time));
        let mut validator = Validator::new_with_features(WasmFeatures::all());
        validator.validate_all(&edited).expect("it is valid");
    }
}
