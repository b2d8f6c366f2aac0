//! What is in an image.

use wasmetal::Escaped;
use wasmetal::error::{Context, Result};
use wasmetal::image::{CodeRange, Part, View, names, seal};
use wasmetal::module::ModuleInfo;

use crate::{arguments::Inspect, compile::read, disassemble};

impl Inspect {
    pub(crate) fn run(&self) -> Result<()> {
        let bytes = read(&self.image)?;
        let view = View::parse(&bytes)
            .with_context(|| format!("{} is no image that can be read", self.image.display()))?;
        container(&view)?;
        let fingerprint = view.fingerprint()?;
        println!("\nversion   {}", fingerprint.version());
        println!("layout    {:016x}", fingerprint.layout());
        println!("target    {}", fingerprint.target());
        println!("features  {}", fingerprint.features.names());
        println!("flags     {}", lines(fingerprint.shared_flags()));
        println!("ISA       {}", lines(fingerprint.isa_flags()));
        println!("tunables  {:?}", fingerprint.tunables);
        let info = view.info()?;
        module(&info);
        self.functions(&view, &info)
    }

    fn functions(&self, view: &View<'_>, info: &ModuleInfo) -> Result<()> {
        let code = view.code(info)?;
        println!("\n  offset    bytes  function");
        for (defined, range) in code.functions() {
            let index = info.function_index(defined);
            let name = names::lookup(view.names(), index).unwrap_or_default();
            self.code(
                view,
                range,
                &format!("{} {}", index.as_u32(), Escaped(name)),
            );
        }
        for (ty, range) in code.entry_trampolines() {
            let what = format!("entry trampoline for type {}", ty.as_u32());
            self.code(view, range, &what);
        }
        for (ty, range) in code.host_trampolines() {
            let what = format!("host trampoline for type {}", ty.as_u32());
            self.code(view, range, &what);
        }
        Ok(())
    }

    fn code(&self, view: &View<'_>, range: CodeRange, what: &str) {
        println!("{:8x} {:8}  {}", range.start, range.len, what.trim_end());
        if self.disassemble {
            let bytes = &view.text()[range.start as usize..range.end() as usize];
            disassemble::print(view.architecture(), range.start, bytes);
        }
    }
}

/// Sections, sizes, seal.
fn container(view: &View<'_>) -> Result<()> {
    println!("{:8} bytes", view.bytes().len());
    for part in Part::ALL {
        println!("{:8} {}", view.part(*part).len(), part.name());
    }
    if let Some(wasm) = view.wasm() {
        println!("{:8} Wasm bytes", wasm.len());
    }
    let text = &view.sections().text;
    println!("{:8} code, at {:#x}", text.len(), text.start);
    println!("{:8} seal", view.seal().len());
    let digest = match seal::check_digest(view) {
        Ok(()) => "good".into(),
        Err(error) => format!("{error}"),
    };
    println!("\ndigest    {digest}");
    match seal::signer(view)? {
        None => println!("signature none"),
        Some(key) => {
            let hex: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
            let good = seal::is_signed_by(view, key)?;
            let good = if good { "good" } else { "NOT GOOD" };
            println!("signature {good}, by {hex}");
            let version = seal::security_version(view)?.unwrap_or_default();
            println!("security  version {version}");
        }
    }
    Ok(())
}

fn module(info: &ModuleInfo) {
    println!(
        "\nmodule    {}",
        Escaped(info.name.as_deref().unwrap_or("(no name)"))
    );
    println!(
        "          {} types, {} imports, {} exports, {} functions, {} tables, {} memories, {} globals",
        info.types.len(),
        info.imports.len(),
        info.exports.len(),
        info.functions.len(),
        info.tables.len(),
        info.memories.len(),
        info.globals.len()
    );
}

/// Lines as words.
fn lines(text: &str) -> String {
    text.lines().collect::<Vec<_>>().join(" ")
}
