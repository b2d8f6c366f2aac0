//! Where the methods of a type stand: in the folder of its type, so that a reader who looks for them finds all.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use crate::cargo::root;

/// What may have methods in a folder that is not its own. Floors above add to the public API of types below, under
/// the names that the API has; what is private to them are functions.
const ELSEWHERE: &[(&str, &[&str])] = &[
    // One floor: the heap of a store is a subject like the others, and large.
    ("gc", &["StoreOpaque"]),
    // Compiling: `Module::new`, `Store::compile` ...
    ("service", &["Engine", "Module", "Store", "StoreContextMut"]),
    // `Store::call_hook`.
    ("call", &["Store"]),
    // Exceptions, host functions of Rust types, what an instance exports, and `default_value` of types.
    (
        "handles",
        &[
            "Store",
            "StoreContextMut",
            "HostFunc",
            "InstanceData",
            "ExternType",
            "FuncType",
            "GlobalType",
            "MemoryType",
            "RefType",
            "TableType",
            "TagType",
            "ValType",
        ],
    ),
    // An id as a reference inside a type.
    ("types", &["TypeId"]),
];

/// What a file says of types.
#[derive(Default)]
struct Found {
    /// Those that it defines.
    types: BTreeSet<String>,
    /// Those that it gives methods to, without a trait.
    impls: BTreeSet<String>,
}

fn is_ident(token: Option<&TokenTree>, name: &str) -> bool {
    matches!(token, Some(TokenTree::Ident(ident)) if ident == name)
}

fn is_punct(token: Option<&TokenTree>, char: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == char)
}

/// The type that an `impl` is for, of the tokens after it; `None` if it is one of a trait.
fn type_of(tokens: &[TokenTree]) -> Option<String> {
    let (mut depth, mut name) = (0, None);
    for (at, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Punct(punct) if punct.as_char() == '<' => depth += 1,
            // Not that of an arrow.
            TokenTree::Punct(punct) if punct.as_char() == '>' => {
                depth -= i32::from(!is_punct(at.checked_sub(1).map(|at| &tokens[at]), '-'));
            }
            TokenTree::Ident(ident) if depth == 0 && ident == "for" => return None,
            TokenTree::Ident(ident) if depth == 0 && ident == "where" => break,
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => break,
            TokenTree::Ident(ident) if depth == 0 => name = Some(ident.to_string()),
            _ => {}
        }
    }
    name
}

fn read(tokens: TokenStream, found: &mut Found) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (at, token) in tokens.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| &tokens[at]);
        let is_item = match before {
            None => true,
            Some(TokenTree::Group(group)) => group.delimiter() != Delimiter::None,
            Some(TokenTree::Ident(ident)) => ident == "pub" || ident == "unsafe",
            _ => is_punct(before, ';'),
        };
        if !is_item {
            continue;
        }
        match (token, tokens.get(at + 1)) {
            (TokenTree::Ident(ident), Some(TokenTree::Ident(name)))
                if ["struct", "enum", "union"].iter().any(|word| ident == word) =>
            {
                found.types.insert(name.to_string());
            }
            (TokenTree::Ident(ident), Some(_)) if ident == "mod" => {
                if let Some(TokenTree::Group(group)) = tokens.get(at + 2) {
                    read(group.stream(), found);
                }
            }
            (token, _) if is_ident(Some(token), "impl") => {
                found.impls.extend(type_of(&tokens[at + 1..]));
            }
            _ => {}
        }
    }
}

fn found_in(text: &str) -> Found {
    let mut found = Found::default();
    read(text.parse().expect("Rust"), &mut found);
    found
}

fn files(folder: &Path, all: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files(&path, all);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            all.push(path);
        }
    }
}

#[test]
fn methods_stand_where_a_reader_looks_for_them() {
    let sources = root().join("core").join("src");
    let mut all = Vec::new();
    files(&sources, &mut all);
    let mut folders: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut impls = Vec::new();
    for file in &all {
        let path = file.strip_prefix(&sources).expect("it lies there");
        // A file beside the folders counts as the folder of its name.
        let first = path.components().next().expect("a path has a name");
        let folder = Path::new(first.as_os_str()).with_extension("");
        let folder = folder.display().to_string();
        let found = found_in(&fs::read_to_string(file).expect("a file"));
        for name in found.types {
            folders.entry(name).or_default().insert(folder.clone());
        }
        let impls_here = found.impls.into_iter();
        impls.extend(impls_here.map(|name| (name, folder.clone(), path.to_owned())));
    }
    assert!(folders.len() > 300 && impls.len() > 300);
    let mut allowed: BTreeSet<(&str, &str)> = BTreeSet::new();
    for (folder, names) in ELSEWHERE {
        allowed.extend(names.iter().map(|name| (*folder, *name)));
    }
    let mut used = BTreeSet::new();
    let mut problems = Vec::new();
    for (name, folder, path) in &impls {
        // One without a definition is made by a macro.
        let of = folders
            .get(name)
            .filter(|folders| !folders.contains(folder));
        let Some(own) = of else { continue };
        match allowed.get(&(folder.as_str(), name.as_str())) {
            Some(pair) => drop(used.insert(*pair)),
            None => problems.push(format!(
                "{}: methods of `{name}`, which is in {own:?}",
                path.display()
            )),
        }
    }
    let unused = allowed.difference(&used);
    problems.extend(unused.map(|pair| format!("{pair:?} is not needed in `ELSEWHERE`")));
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn impls_are_told_from_others() {
    let check = |text: &str, types: &[&str], impls: &[&str]| {
        let found = found_in(text);
        assert!(found.types.iter().eq(types), "{text}: {:?}", found.types);
        assert!(found.impls.iter().eq(impls), "{text}: {:?}", found.impls);
    };
    check("struct A; impl A { fn f() {} }", &["A"], &["A"]);
    check(
        "impl Clone for A {} unsafe impl<T> Send for B<T> {}",
        &[],
        &[],
    );
    check(
        "impl<F: Fn() -> u8> a::b::C<F> where for<'a> F: D<'a> {}",
        &[],
        &["C"],
    );
    check(
        "#[x] pub(crate) enum E {} fn f() -> impl Fn() { g() }",
        &["E"],
        &[],
    );
    check(
        "mod m { pub union U { a: u8 } impl<'a> U<'a> {} }",
        &["U"],
        &["U"],
    );
    check("fn f(a: impl A) { struct Inner; impl Inner {} }", &[], &[]);
}
