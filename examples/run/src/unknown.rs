//! Imports that nobody has defined, for who wonders why.

use alloc::{string::String, vec::Vec};
use core::fmt::Write;

use wasmetal::error::{Error, format_err};
use wasmetal::{Escaped, UnknownImportError};

/// What names of modules and functions tell of where a module comes from.
///
/// The first that fits counts: a module's name, how a function's name begins, and what there is to say.
const HINTS: [(&str, &str, &str); 12] = [
    (
        "wasi",
        "thread-spawn",
        "it starts threads by wasi-threads, which is not there",
    ),
    (
        "wasi_unstable",
        "",
        "it was made for WASI before its preview 1: make it for wasm32-wasip1",
    ),
    (
        "wasi_snapshot_preview1",
        "",
        "it imports by WASI's name what WASI's preview 1 does not have",
    ),
    (
        "wbg",
        "",
        "it was made by wasm-bindgen for JavaScript: make it for wasm32-wasip1",
    ),
    (
        "__wbindgen_placeholder__",
        "",
        "it was made for wasm-bindgen: make it for wasm32-wasip1",
    ),
    (
        "gojs",
        "",
        "it was made by Go for JavaScript: make it with GOOS=wasip1",
    ),
    (
        "go",
        "",
        "it was made by Go for JavaScript: make it with GOOS=wasip1",
    ),
    (
        "env",
        "emscripten_",
        "it was made by Emscripten for JavaScript: make it with -sSTANDALONE_WASM",
    ),
    (
        "env",
        "_emscripten_",
        "it was made by Emscripten for JavaScript: make it with -sSTANDALONE_WASM",
    ),
    (
        "env",
        "__syscall_",
        "it was made by Emscripten for JavaScript: make it with -sSTANDALONE_WASM",
    ),
    (
        "env",
        "invoke_",
        "it was made by Emscripten, with exceptions by JavaScript: make it with -fwasm-exceptions",
    ),
    (
        "env",
        "",
        "`env` is where linkers look for what no library has: is one missing?",
    ),
];

/// Names all imports that have no definition, and says what their names tell.
pub(crate) fn explain(error: Error) -> Error {
    let Some(unknown) = error.downcast_ref::<UnknownImportError>() else {
        return error;
    };
    let mut text = String::from("the module imports what is not there:");
    for import in unknown.imports() {
        let (module, name) = (Escaped(import.module()), Escaped(import.name()));
        let _ = write!(text, "\n  {module}::{name}: {}", import.ty());
    }
    let imports = unknown.imports().map(|it| (it.module(), it.name()));
    if let Some(hint) = hint(&imports.collect::<Vec<_>>()) {
        let _ = write!(text, "\nhint: {hint}");
    }
    format_err!("{text}")
}

fn hint(imports: &[(&str, &str)]) -> Option<&'static str> {
    if imports
        .iter()
        .any(|(module, _)| module.starts_with("wasi:"))
    {
        return Some("it is a part of a component, or made of one: WASI's preview 2 is not there");
    }
    let mut hints = HINTS.iter();
    let found = hints.find(|(module, begin, _)| {
        let mut imports = imports.iter();
        imports.any(|(of, name)| of == module && name.starts_with(begin))
    });
    found.map(|(_, _, hint)| *hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_where_a_module_comes_from() {
        let check = |imports: &[(&str, &str)], expected: Option<&str>| {
            let found = hint(imports);
            assert_eq!(found.is_some(), expected.is_some(), "{imports:?}");
            let text = found.unwrap_or_default();
            assert!(text.contains(expected.unwrap_or_default()), "{text}");
        };
        check(&[("host", "log")], None);
        check(&[("host", "log"), ("env", "abort")], Some("library"));
        check(
            &[("env", "abort"), ("env", "invoke_vi")],
            Some("exceptions"),
        );
        check(
            &[("env", "memory"), ("env", "emscripten_resize_heap")],
            Some("STANDALONE"),
        );
        check(&[("wasi", "thread-spawn")], Some("wasi-threads"));
        check(
            &[("wasi_snapshot_preview1", "fd_dup")],
            Some("does not have"),
        );
        check(
            &[("wasi:cli/stdout@0.2.0", "get-stdout")],
            Some("preview 2"),
        );
    }
}
