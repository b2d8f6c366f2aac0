//! What the sources of the API say about themselves, so that what is added is not forgotten elsewhere.

use crate::strangers::LINES;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Public types that belong to a store or an engine, or are one.
const BELONG: &str = "Store StoreContext StoreContextMut AsContext AsContextMut RootScope Caller Engine EngineWeak Module \
    ModuleExport ImportType ExportType Linker InstancePre Instance Func TypedFunc Global Table Memory SharedMemory Tag \
    Extern Export Val Ref Rooted OwnedRooted RootedGcRef AnyRef EqRef ExternRef StructRef ArrayRef ExnRef StructRefPre \
    ArrayRefPre ExnRefPre FuncType StructType ArrayType ExnType TagType GlobalType TableType RefType HeapType ValType \
    FieldType StorageType ExternType";

/// Those that don't: numbers, settings, reports, traits whose implementors are passed as what they stand for.
const DO_NOT_BELONG: &str = "WasmFeatures ValRaw HostFunc IntoFunc WasmParams WasmResults WasmRet WasmTy InPlace Loaded \
    ModuleFunction ResourcesRequired InvalidModule InvalidText ModuleLimitExceeded ModuleLimits OperatorCost OptLevel \
    RegallocAlgorithm VariableOperatorCost Strategy Config Executor WasmBacktraceDetails CacheCounts CompilationStopped \
    Precompiled Error Result LoadError WaitResult GcRef I31 MemoryAccessError V128 InterruptHandle UnknownImport \
    UnknownImportError IncompatibleImportError DEFAULT_INSTANCE_LIMIT DEFAULT_MEMORY_LIMIT DEFAULT_TABLE_LIMIT \
    GcHeapOutOfMemory Resource ResourceLimitExceeded ResourceLimiter ResourceLimiterAsync ResourcesUsed StoreLimits StoreLimitsBuilder \
    UpdateDeadline RootIndex StoreOpaque FrameInfo Trap WasmBacktrace Finality MemoryType MemoryTypeBuilder Mutability \
    Cache CacheKey Platform ThrownException Escaped Collector Inlining InstanceAllocationStrategy ModuleVersionStrategy \
    ProfilingStrategy CallHook CallHookHandler MemoryFault NoExtern NoFunc NoneRef";

/// Folders that can't be unsound by themselves, since they forbid `unsafe`, and know of no store.
const SAFE: &[&str] = &["abi", "compile", "digest.rs", "image", "module", "wire.rs"];

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$'))
        .filter(|word| !word.is_empty())
}

/// The sources of the library that may be unsound, without comments.
fn sources() -> Vec<String> {
    sources_but(SAFE)
}

/// The sources of the library, without comments, but those of these names.
fn sources_but(but: &[&str]) -> Vec<String> {
    let code = |text: String| {
        let code = text.lines().filter(|line| !line.trim().starts_with("//"));
        code.collect::<Vec<_>>().join("\n")
    };
    all_sources(but).into_iter().map(code).collect()
}

/// The sources of the library as they are, but those of these names.
fn all_sources(but: &[&str]) -> Vec<String> {
    fn collect(folder: &Path, but: &[&str], all: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            if but.contains(&name) {
                continue;
            }
            if path.is_dir() {
                collect(&path, but, all);
            } else if name.ends_with(".rs") && name != "variance.rs" {
                all.push(fs::read_to_string(&path).unwrap());
            }
        }
    }
    let mut all = Vec::new();
    collect(&root(), but, &mut all);
    assert!(all.len() > 100);
    all
}

fn root() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// What is between the first of these brackets in `text` and its partner, and what is behind.
fn between(text: &str, open: char, close: char) -> (&str, &str) {
    let start = text.find(open).unwrap();
    let mut depth = 0;
    for (at, c) in text[start..].char_indices() {
        depth += i32::from(c == open) - i32::from(c == close);
        if depth == 0 {
            return (&text[start + 1..start + at], &text[start + at + 1..]);
        }
    }
    panic!("no end of {}", &text[..80]);
}

struct Function<'a> {
    /// The type, and the name.
    name: String,
    of: &'a str,
    params: &'a str,
    body: &'a str,
}

/// The public functions of a file. What is unsafe takes its caller's word for what it can't check; whose its store and its
/// types are it can.
fn functions(code: &str) -> Vec<Function<'_>> {
    let mut all = Vec::new();
    let mut of = "";
    let mut in_trait = false;
    let mut at = 0;
    for line in code.split_inclusive('\n') {
        let rest = &code[at..];
        at += line.len();
        let line = line.trim();
        if line.starts_with("impl") || line.starts_with("unsafe impl") {
            let header = &rest[..rest.find('{').unwrap()];
            let header = header.trim_start().trim_start_matches("unsafe ");
            let header = match header.strip_prefix("impl<") {
                Some(_) => between(header, '<', '>').1,
                None => &header[4..],
            };
            let header = header.rsplit(" for ").next().unwrap();
            of = words(header).next().unwrap();
        }
        // What a public trait declares is public.
        for header in ["pub trait ", "pub unsafe trait "] {
            if let Some(name) = line.strip_prefix(header) {
                of = words(name).next().unwrap();
                in_trait = true;
            }
        }
        in_trait &= !rest.starts_with('}');
        let public = if in_trait { "" } else { "pub " };
        let name = line.strip_prefix(public).and_then(|line| {
            let line = line.strip_prefix("const ").unwrap_or(line);
            let line = line.strip_prefix("async ").unwrap_or(line);
            let line = line.strip_prefix("unsafe ").unwrap_or(line);
            line.strip_prefix("fn ")
        });
        if let Some(name) = name {
            let name = words(name).next().unwrap();
            let (params, rest) = between(rest, '(', ')');
            // What is given to a closure is made by the runtime.
            let params = params.split("impl Fn").next().unwrap();
            all.push(Function {
                name: format!("{of}::{name}"),
                of,
                params,
                body: between(rest, '{', '}').0,
            });
        }
    }
    all
}

/// The names that the crate's root exports.
fn exported(text: &str) -> BTreeSet<&str> {
    let mut exported = BTreeSet::new();
    for part in text.split("pub use ").skip(1) {
        let part = part.split(';').next().unwrap();
        match part.contains('{') {
            true => {
                for name in between(part, '{', '}').0.split(',') {
                    exported.extend(words(name).last());
                }
            }
            false => exported.extend(words(part).last()),
        }
    }
    exported
}

#[test]
fn every_public_name_is_known_here() {
    let text = fs::read_to_string(root().join("lib.rs")).unwrap();
    let known: BTreeSet<_> = words(BELONG).chain(words(DO_NOT_BELONG)).collect();
    assert_eq!(exported(&text), known);
}

/// Those without an example in their documentation: what is only read, and what another type's example shows.
const NO_EXAMPLE: &str = "ArrayRefPre CacheCounts Collector DEFAULT_INSTANCE_LIMIT DEFAULT_MEMORY_LIMIT DEFAULT_TABLE_LIMIT \
    Executor ExnRefPre Finality GcHeapOutOfMemory GcRef HostFunc InPlace Inlining InstanceAllocationStrategy \
    IntoFunc ModuleVersionStrategy OptLevel ProfilingStrategy RegallocAlgorithm Resource Result RootIndex \
    RootedGcRef StorageType StoreOpaque Strategy StructRefPre WaitResult WasmBacktraceDetails WasmParams \
    WasmResults WasmRet WasmTy";

/// Examples are compiled and run by `cargo test`.
#[test]
fn every_public_type_has_an_example() {
    let text = fs::read_to_string(root().join("lib.rs")).unwrap();
    let (mut with, mut defined) = (BTreeSet::new(), BTreeSet::new());
    for source in all_sources(&[]) {
        // The documentation that stands right above a line, with attributes in between.
        let mut example = false;
        for line in source.lines().map(str::trim) {
            if line.starts_with("///") {
                example |= line.starts_with("/// ```");
                continue;
            }
            let mut parts = words(line).filter(|word| *word != "unsafe");
            let name = match (parts.next(), parts.next()) {
                (Some("pub"), Some("struct" | "enum" | "union" | "trait" | "type" | "const")) => {
                    parts.next()
                }
                // What a macro defines: the name stands alone.
                (Some(name), None) if line == name => Some(name),
                _ => None,
            };
            if let Some(name) = name {
                defined.insert(name.to_owned());
                if example {
                    with.insert(name.to_owned());
                }
            }
            example &= line.starts_with("#[");
        }
    }
    let without: BTreeSet<&str> = exported(&text)
        .into_iter()
        .filter(|name| defined.contains(*name) && !with.contains(*name))
        .collect();
    assert!(with.len() > 50, "only {}", with.len());
    assert_eq!(without, words(NO_EXAMPLE).collect());
}

#[test]
fn every_function_in_which_two_things_meet_is_called_with_a_stranger() {
    let belong: BTreeSet<_> = words(BELONG).collect();
    let mut meeting = BTreeSet::new();
    for code in sources() {
        for function in functions(&code) {
            let of_macro = function.of.starts_with('$');
            let things = words(function.params).filter(|word| match *word {
                "self" | "Self" => of_macro || belong.contains(function.of),
                word => belong.contains(word),
            });
            if things.count() >= 2 {
                meeting.insert(function.name);
            }
        }
    }
    let called: BTreeSet<_> = LINES.iter().map(|line| line.0.to_string()).collect();
    let missing: Vec<_> = meeting.difference(&called).collect();
    let gone: Vec<_> = called.difference(&meeting).collect();
    assert!(meeting.len() > 130, "only {} functions", meeting.len());
    assert!(
        missing.is_empty() && gone.is_empty(),
        "missing: {missing:?}; gone: {gone:?}"
    );
}

/// An implementation of `AsContextMut` may give another store each time it is asked. So a function takes the store out of
/// its parameter once, or leaves that to one other function.
#[test]
fn every_function_asks_for_its_store_once() {
    let mut checked = 0;
    for code in sources() {
        for function in functions(&code) {
            for param in function.params.split(',') {
                let Some((name, ty)) = param.split_once(':') else {
                    continue;
                };
                let ty = ty.trim_start();
                let asks = ["impl AsContext", "impl Into<StoreContext"];
                if !asks.iter().any(|asks| ty.starts_with(asks)) {
                    continue;
                }
                let name = words(name).last().unwrap();
                let mut body = function.body;
                // From here on it is a store.
                for (start, _) in function.body.match_indices("let ") {
                    let end = start + function.body[start..].find(';').unwrap();
                    let (pattern, value) = function.body[start..end].split_once('=').unwrap();
                    if words(pattern).last() == Some(name) && words(value).any(|word| word == name)
                    {
                        body = &function.body[..end];
                        let before = words(&function.body[..start]).filter(|word| *word == name);
                        assert_eq!(before.count(), 0, "{}", function.name);
                        // Apart from the new name.
                        body = &body[start + pattern.len()..];
                        break;
                    }
                }
                let uses = words(body).filter(|word| *word == name).count();
                let once = uses <= 1 || ASKS_AT_EACH_USE.contains(&function.name.as_str());
                assert!(once, "{} asks {uses} times for its store", function.name);
                checked += 1;
            }
        }
    }
    assert!(checked > 100, "only {checked} parameters");
}

/// What can't ask once, and compares at each use.
const ASKS_AT_EACH_USE: &[&str] = &[
    // Its iterator keeps what gives the store.
    "Linker::iter",
    // The function that it finds is one of a store, and asks whether it is this one.
    "Instance::get_typed_func",
    // Each arm uses it once.
    "ExternType::default_value",
];

/// Types with a parameter that the documentation hides, in folders without `unsafe`: the project's tools use them.
const HIDDEN: &str = "CallSite Fields Handlers Host Progress Reader References";

/// Types that say by `PhantomData` or raw pointers what they are to their parameters.
#[test]
fn every_public_type_with_a_parameter_has_its_variance_tested() {
    let mut found = BTreeSet::new();
    for code in sources_but(&[]) {
        for line in code.lines() {
            let ty = ["pub struct ", "pub enum ", "pub union "];
            let Some(rest) = ty.iter().find_map(|ty| line.trim().strip_prefix(ty)) else {
                continue;
            };
            let name = words(rest).next().unwrap();
            if rest[name.len()..].starts_with('<') {
                found.insert(name.to_string());
            }
        }
    }
    for name in words(HIDDEN) {
        assert!(found.remove(name), "{name} is gone");
    }
    let text = fs::read_to_string(root().join("variance.rs")).unwrap();
    let tested: BTreeSet<_> = text
        .lines()
        .filter_map(|line| line.trim().split_once(": \""))
        .filter(|(name, _)| words(name).next() == Some(name))
        .map(|(name, _)| {
            name.trim_end_matches("Params")
                .trim_end_matches("Life")
                .to_string()
        })
        .collect();
    assert_eq!(found, tested);
}

/// A guest chooses keys of maps, as names and types. On bare metal a hash map has a seed that is known, so that keys can be
/// chosen which collide.
#[test]
fn no_map_hashes_what_a_guest_chooses() {
    for code in sources_but(&[]) {
        for map in ["HashMap", "HashSet", "HashTable"] {
            assert!(!words(&code).any(|word| word == map), "{map}: {code}");
        }
    }
}
