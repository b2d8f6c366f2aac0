//! Circles of imports in the core: files of which none can be read, tested or moved without the others.
//!
//! A path leads to the file that *defines* what it names, through re-exports in any number of files. Followed is every
//! path of two names or more, in `use` items, code and macros alike, that starts at `crate`, `self`, `super`, a module
//! of the file, or a name that a `use` has brought in; and each name that comes by a `*`. A re-export is itself an
//! import of the file that has it. Where a macro makes the name, the path leads to the file of its module.
//!
//! Not followed are `mod` items, tests, and calls of methods: an `impl` block far from its type is not seen.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use crate::cargo::root;

/// No circle has as many files.
const FILES: usize = 20;
/// The most folders that a circle goes through.
const MOST_FOLDERS: usize = 3;

/// What stands on what, the ground first: files import from their own floor and from those below. The longest path
/// that a file's begins with says where it stands.
const FLOORS: &[&[&str]] = &[
    &["error", "abi/traps.rs", "digest.rs", "escaped.rs", "oom.rs"],
    &["wire.rs"],
    &["module"],
    &["abi", "image"],
    &["activation"],
    &["interrupt"],
    &["map.rs"],
    &[
        "compile",
        "confine",
        "instance/mapping.rs",
        "types/displays.rs",
        "types/registry.rs",
    ],
    &["config", "config.rs"],
    &["engine", "engine.rs"],
    &["owner.rs"],
    &[
        "types",
        "store/heap_error.rs",
        "store/id.rs",
        "store/usage.rs",
        "store/limits.rs",
    ],
    &["code", "instance"],
    &["gc", "store"],
    &["service", "call", "trap"],
    &["handles", "instantiate"],
    &["linker", "hook.rs"],
    &["engine/new.rs"],
];

/// The same of platform-bare: the processor, the board's drivers, and all that is made of them, which the hardware enters
/// by boot code and vectors.
const DEVICE_FLOORS: &[&[&str]] = &[
    &[
        "frame.rs",
        "lifetimes.rs",
        "table.rs",
        "tree.rs",
        "window.rs",
    ],
    &["device/arch"],
    &["device/board"],
    &["device", "device/arch/boot.rs", "device/arch/vectors.rs"],
];

/// A module: a file, or a part of one in braces.
#[derive(Default)]
struct Module {
    /// From `core/src`.
    file: PathBuf,
    parent: Option<usize>,
    children: BTreeMap<String, usize>,
    /// What is defined here.
    items: BTreeSet<String>,
    /// Names that `use` brings in, with their paths.
    uses: BTreeMap<String, Vec<String>>,
    /// The modules and enums all of whose names are brought in.
    globs: Vec<Vec<String>>,
    /// All other paths.
    paths: BTreeSet<Vec<String>>,
    names: BTreeSet<String>,
}

/// The modules of a crate; the first is its root.
struct Crate {
    sources: PathBuf,
    /// Whether twins are read, or what they stand in for.
    twins: bool,
    modules: Vec<Module>,
    /// Macros that are the root's for other crates, with the module that defines them.
    exported: BTreeMap<String, usize>,
}

/// What a path leads to.
enum Target {
    Module(usize),
    /// Something in a module.
    Item(usize),
}

fn ident(token: Option<&TokenTree>) -> Option<String> {
    match token {
        Some(TokenTree::Ident(ident)) => Some(ident.to_string()),
        _ => None,
    }
}

fn is_punct(token: Option<&TokenTree>, char: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == char)
}

fn group(token: Option<&TokenTree>, delimiter: Delimiter) -> Option<TokenStream> {
    match token {
        Some(TokenTree::Group(group)) if group.delimiter() == delimiter => Some(group.stream()),
        _ => None,
    }
}

/// The names of a path that starts at a token, and how many tokens it has.
fn path_at(tokens: &[TokenTree]) -> (Vec<String>, usize) {
    let (mut path, mut at) = (Vec::new(), 0);
    while let Some(name) = ident(tokens.get(at)) {
        path.push(name);
        at += 1;
        let goes_on = is_punct(tokens.get(at), ':')
            && is_punct(tokens.get(at + 1), ':')
            && ident(tokens.get(at + 2)).is_some();
        if !goes_on {
            break;
        }
        at += 2;
    }
    (path, at)
}

/// The paths of a tree behind `use`, each with the name that it has here; `*` is a name.
fn use_tree(tokens: &[TokenTree], prefix: &[String], found: &mut Vec<(String, Vec<String>)>) {
    let (names, mut at) = path_at(tokens);
    let mut path = prefix.to_vec();
    path.extend(names);
    while is_punct(tokens.get(at), ':') {
        at += 1;
    }
    if let Some(group) = group(tokens.get(at), Delimiter::Brace) {
        let trees: Vec<TokenTree> = group.into_iter().collect();
        for tree in trees.split(|token| is_punct(Some(token), ',')) {
            use_tree(tree, &path, found);
        }
    } else if is_punct(tokens.get(at), '*') {
        found.push(("*".to_owned(), path));
    } else if !tokens.is_empty() {
        // `self` in braces is the module before them.
        if path.len() > 1 && path.last().is_some_and(|last| last == "self") {
            path.pop();
        }
        let name = match ident(tokens.get(at)).as_deref() {
            Some("as") => ident(tokens.get(at + 1)),
            _ => path.last().cloned(),
        };
        found.extend(name.map(|name| (name, path)));
    }
}

impl Crate {
    fn read(sources: PathBuf, twins: bool) -> Self {
        let mut this = Self {
            sources,
            twins,
            modules: Vec::new(),
            exported: BTreeMap::new(),
        };
        this.file(PathBuf::from("lib.rs"), Path::new(""), None);
        this
    }

    /// Reads a file, whose modules lie in `folder`.
    fn file(&mut self, file: PathBuf, folder: &Path, parent: Option<usize>) -> usize {
        let path = self.sources.join(&file);
        let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let tokens = text
            .parse()
            .unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        self.module(file, folder, parent, tokens)
    }

    fn module(
        &mut self,
        file: PathBuf,
        folder: &Path,
        parent: Option<usize>,
        tokens: TokenStream,
    ) -> usize {
        let id = self.modules.len();
        self.modules.push(Module {
            file,
            parent,
            ..Module::default()
        });
        self.tokens(id, folder, tokens, true);
        id
    }

    fn tokens(&mut self, id: usize, folder: &Path, tokens: TokenStream, is_module: bool) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let (mut at, mut twin) = (0, None);
        while at < tokens.len() {
            let rest = &tokens[at..];
            if is_punct(rest.first(), '#')
                && let Some(attribute) = group(rest.get(1), Delimiter::Bracket)
            {
                at += 2;
                let text = attribute.to_string().replace([' ', '\n'], "");
                let only = |what| {
                    text == format!("cfg({what})") || text.starts_with(&format!("cfg(all({what}"))
                };
                if only("test") || only("doctest") {
                    let is_end = |token: &TokenTree| {
                        is_punct(Some(token), ';')
                            || is_punct(Some(token), ',')
                            || group(Some(token), Delimiter::Brace).is_some()
                    };
                    let len = tokens[at..].iter().position(is_end);
                    at += len.map_or(tokens.len(), |len| len + 1);
                }
                if text.starts_with("cfg_attr(not(") {
                    let path = text
                        .split_once("path=\"")
                        .and_then(|(_, path)| path.split('"').next());
                    twin = path.map(PathBuf::from);
                }
                continue;
            }
            if ident(rest.first()).is_some_and(|name| name == "use") {
                let end = rest.iter().position(|token| is_punct(Some(token), ';'));
                let end = end.unwrap_or(rest.len());
                let mut found = Vec::new();
                use_tree(&rest[1..end], &[], &mut found);
                for (name, path) in found {
                    match name.as_str() {
                        "*" if is_module => self.modules[id].globs.push(path),
                        // In a function, it is an enum's variants: they are where the enum is.
                        "*" => drop(self.modules[id].paths.insert(path)),
                        // A trait, for its methods.
                        "_" => drop(self.modules[id].paths.insert(path)),
                        _ => drop(self.modules[id].uses.insert(name, path)),
                    }
                }
                at += end;
                continue;
            }
            if let Some(name) = ident(rest.first())
                && let Some(next) = ident(rest.get(1))
            {
                match name.as_str() {
                    "mod" => {
                        let inner = folder.join(&next);
                        let child = match group(rest.get(2), Delimiter::Brace) {
                            Some(tokens) => {
                                let file = self.modules[id].file.clone();
                                self.module(file, &inner, Some(id), tokens)
                            }
                            None => {
                                let beside = self.modules[id].file.parent().map(Path::to_owned);
                                let twin = twin.take().filter(|_| self.twins);
                                let twin = twin.map(|twin| beside.unwrap_or_default().join(twin));
                                let usual = folder.join(format!("{next}.rs"));
                                let file =
                                    twin.unwrap_or(match self.sources.join(&usual).exists() {
                                        true => usual,
                                        false => inner.join("mod.rs"),
                                    });
                                self.file(file, &inner, Some(id))
                            }
                        };
                        self.modules[id].children.insert(next, child);
                        at += 3;
                        continue;
                    }
                    "fn" | "struct" | "enum" | "union" | "trait" | "type" | "const" | "static"
                        if is_module =>
                    {
                        self.modules[id].items.insert(next);
                    }
                    _ => {}
                }
            }
            if is_module
                && ident(rest.first()).is_some_and(|name| name == "macro_rules")
                && let Some(name) = ident(rest.get(2))
            {
                let before = group(
                    at.checked_sub(1).and_then(|at| tokens.get(at)),
                    Delimiter::Bracket,
                );
                if before.is_some_and(|attribute| attribute.to_string() == "macro_export") {
                    self.exported.insert(name.clone(), id);
                }
                self.modules[id].items.insert(name);
            }
            let (path, len) = path_at(rest);
            self.modules[id].names.extend(path.iter().take(1).cloned());
            if path.len() > 1 {
                self.modules[id].paths.insert(path);
            }
            if let Some(TokenTree::Group(group)) = rest.first() {
                self.tokens(id, folder, group.stream(), false);
            }
            at += len.max(1);
        }
    }

    /// Follows a path from a module. `None`: it leads out of the crate, or to a local name.
    fn resolve(&self, from: usize, path: &[String], depth: usize) -> Option<Target> {
        let module = &self.modules[from];
        let (first, rest) = path.split_first()?;
        match first.as_str() {
            "crate" => self.walk(0, rest, depth),
            "self" => self.walk(from, rest, depth),
            "super" => self.walk(module.parent?, rest, depth),
            _ => self
                .is_here(from, first, depth)
                .then(|| self.walk(from, path, depth))?,
        }
    }

    /// Whether a name means something in a module.
    fn is_here(&self, id: usize, name: &str, depth: usize) -> bool {
        let module = &self.modules[id];
        module.children.contains_key(name)
            || module.items.contains(name)
            || module.uses.contains_key(name)
            || self.by_glob(id, name, depth).is_some()
    }

    fn by_glob(&self, id: usize, name: &str, depth: usize) -> Option<Target> {
        let depth = depth.checked_sub(1)?;
        self.modules[id].globs.iter().find_map(|glob| {
            let Target::Module(module) = self.resolve(id, glob, depth)? else {
                return None;
            };
            let is_here = self.is_here(module, name, depth);
            is_here.then(|| self.walk(module, &[name.to_owned()], depth))?
        })
    }

    fn walk(&self, id: usize, path: &[String], depth: usize) -> Option<Target> {
        let Some((first, rest)) = path.split_first() else {
            return Some(Target::Module(id));
        };
        let module = &self.modules[id];
        let less = depth.checked_sub(1)?;
        if first == "super" {
            return self.walk(module.parent?, rest, less);
        }
        if let Some(child) = module.children.get(first) {
            return self.walk(*child, rest, less);
        }
        if let Some(path) = module.uses.get(first) {
            // A name of its own path is of another crate: `use spin;`.
            let path = [path, rest].concat();
            return self.resolve(id, &path, less);
        }
        if id == 0
            && let Some(of) = self.exported.get(first)
        {
            return Some(Target::Item(*of));
        }
        if module.items.contains(first) {
            return Some(Target::Item(id));
        }
        match self.by_glob(id, first, less) {
            Some(Target::Module(module)) => self.walk(module, rest, less),
            Some(item) => Some(item),
            None => Some(Target::Item(id)),
        }
    }

    /// For each file, those that it imports from.
    fn imports(&self) -> BTreeMap<&Path, BTreeSet<&Path>> {
        const DEPTH: usize = 16;
        let mut imports: BTreeMap<&Path, BTreeSet<&Path>> = BTreeMap::new();
        for (id, module) in self.modules.iter().enumerate() {
            let to = imports.entry(&module.file).or_default();
            let mut follow = |target: Option<Target>| {
                if let Some(Target::Item(id)) = target {
                    to.insert(&self.modules[id].file);
                }
            };
            for path in module
                .uses
                .values()
                .chain(&module.paths)
                .chain(&module.globs)
            {
                follow(self.resolve(id, path, DEPTH));
            }
            for name in &module.names {
                follow(self.by_glob(id, name, DEPTH));
            }
        }
        for (from, to) in &mut imports {
            to.remove(from);
        }
        imports
    }
}

/// Sets of files that all reach each other, the largest first.
fn circles<'a>(imports: &BTreeMap<&'a Path, BTreeSet<&'a Path>>) -> Vec<BTreeSet<&'a Path>> {
    let reached = |from: &'a Path| {
        let (mut reached, mut next) = (BTreeSet::new(), vec![from]);
        while let Some(file) = next.pop() {
            next.extend(imports[file].iter().filter(|file| reached.insert(**file)));
        }
        reached
    };
    let all: BTreeMap<&Path, BTreeSet<&Path>> =
        imports.keys().map(|file| (*file, reached(file))).collect();
    let mut circles: Vec<BTreeSet<&Path>> = all
        .iter()
        .filter(|(file, to)| to.contains(*file))
        .map(|(file, to)| {
            let back = to.iter().filter(|other| all[*other].contains(file));
            back.copied().collect()
        })
        .collect();
    circles.sort();
    circles.dedup();
    circles.sort_by_key(|circle| std::cmp::Reverse(circle.len()));
    circles
}

/// The folder of a file in the sources, or the name of one that lies beside the folders.
fn folder(file: &Path) -> String {
    let first = file.components().next().expect("a path has a name");
    Path::new(first.as_os_str())
        .with_extension("")
        .display()
        .to_string()
}

#[test]
fn circles_are_small() {
    for twins in [false, true] {
        let core = Crate::read(root().join("core").join("src"), twins);
        let imports = core.imports();
        let edges: usize = imports.values().map(BTreeSet::len).sum();
        assert!(
            imports.len() > 180 && edges > 900,
            "{} files, {edges} imports",
            imports.len()
        );
        for circle in circles(&imports) {
            let folders: BTreeSet<String> = circle.iter().map(|file| folder(file)).collect();
            let mut text = format!("{} files in {folders:?}\n", circle.len());
            for file in &circle {
                let to: Vec<_> = imports[file].intersection(&circle).collect();
                text += &format!("  {} <- {to:?}\n", file.display());
            }
            println!("{text}");
            assert!(
                circle.len() < FILES && folders.len() <= MOST_FOLDERS,
                "{text}"
            );
        }
    }
}

/// Finds what a crate imports from above.
fn check_floors(sources: &Path, floors: &[&[&str]]) {
    let floor = |file: &Path| {
        let floors = floors.iter().enumerate();
        let paths = floors.flat_map(|(floor, paths)| paths.iter().map(move |path| (floor, path)));
        let (floor, _) = paths
            .filter(|(_, path)| file.starts_with(path))
            .max_by_key(|(_, path)| path.len())
            .unwrap_or_else(|| panic!("{} stands on no floor", file.display()));
        floor
    };
    for twins in [false, true] {
        let all = Crate::read(sources.to_owned(), twins);
        let mut problems = Vec::new();
        for (from, to) in all.imports() {
            // It names what is public.
            if from == Path::new("lib.rs") {
                continue;
            }
            let above = to.into_iter().filter(|to| floor(to) > floor(from));
            problems.extend(
                above.map(|to| format!("{} imports from {}", from.display(), to.display())),
            );
        }
        assert!(problems.is_empty(), "{}", problems.join("\n"));
    }
}

#[test]
fn nothing_imports_from_above() {
    check_floors(&root().join("core").join("src"), FLOORS);
}

#[test]
fn drivers_know_nothing_above() {
    check_floors(&root().join("platform-bare").join("src"), DEVICE_FLOORS);
}

/// Paths in a small crate, each with the file that it leads to.
#[test]
fn paths_lead_to_definitions() {
    let folder = std::env::temp_dir().join(format!("circles-{}", std::process::id()));
    fs::create_dir_all(folder.join("a")).expect("a folder can be made");
    let write = |name: &str, text: &str| fs::write(folder.join(name), text).expect("it is written");
    write(
        "lib.rs",
        "mod a; #[cfg_attr(not(x), path = \"twin.rs\")] mod b; pub use {a::Far};",
    );
    write(
        "a/mod.rs",
        "mod far; pub use far::*; pub struct Near; made!(Made); #[cfg(test)] use crate::b::test;",
    );
    write(
        "a/far.rs",
        "use super::Near; pub struct Far; fn f() { let _ = crate::b::g::<Near>; }",
    );
    write(
        "b.rs",
        "use crate::a; #[cfg(test)] mod tests { use a::Near; } fn g() { m!(a::Far::new()) }",
    );
    write(
        "twin.rs",
        "use crate::a::{Made, Far as F}; fn g(_: spin::Mutex<F>) {}",
    );
    let check = |twins, file: &str, expected: &[&str]| {
        let read = Crate::read(folder.clone(), twins);
        let expected: BTreeSet<&Path> = expected.iter().map(Path::new).collect();
        assert_eq!(read.imports()[Path::new(file)], expected, "{file}");
    };
    check(false, "lib.rs", &["a/far.rs"]);
    check(false, "a/mod.rs", &[]);
    check(false, "a/far.rs", &["a/mod.rs", "b.rs"]);
    check(true, "a/far.rs", &["a/mod.rs", "twin.rs"]);
    check(false, "b.rs", &["a/far.rs"]);
    check(true, "twin.rs", &["a/far.rs", "a/mod.rs"]);
    let read = Crate::read(folder.clone(), false);
    let imports = read.imports();
    let circle: BTreeSet<&Path> = ["a/far.rs", "b.rs"].map(Path::new).into();
    assert_eq!(circles(&imports), [circle]);
    fs::remove_dir_all(folder).expect("the folder is there");
}
