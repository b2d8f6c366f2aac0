//! The arguments. `xtask` has this file as a module too: it answers `--help` and mistakes before this program is built.

use std::path::PathBuf;

use wasmetal_arguments::{arguments, clap::builder::ValueParser, values};

arguments! {
    /// Which scripts are run, and how
    pub struct Scripts {
        /// Compile bounds checks into the code, as on a machine without guard pages
        #[arg(long)]
        pub explicit_checks: bool,
        /// Follow the specification's deterministic profile
        #[arg(long)]
        pub deterministic: bool,
        /// Collect garbage at every allocation
        #[arg(long)]
        pub collect_always: bool,
        /// Compile without optimisation
        #[arg(long)]
        pub no_optimisation: bool,
        /// Compile with the allocator of registers that works in one pass
        #[arg(long)]
        pub single_pass: bool,
        /// Compile code that uses fuel and looks at epochs, and give it enough of both
        #[arg(long)]
        pub metered: bool,
        /// Make every call an asynchronous one, which gives up the thread after each 100 microseconds
        #[arg(long)]
        pub slices: bool,
        /// Count what is not supported as failed instead of skipped
        #[arg(long)]
        pub complete: bool,
        /// Let an instance that has a name be imported from by that name, as if it were registered
        #[arg(long)]
        pub named_imports: bool,
        /// Define a host function that collects garbage, for scripts that import one by this name
        #[arg(long, value_name = "MODULE.NAME")]
        pub collector: Option<Qualified>,
        /// An official suite: v1, v2, v3, latest, a proposal's name, or all
        #[arg(
            long,
            value_name = "NAME",
            required_unless_present = "files",
            conflicts_with = "files"
        )]
        pub suite: Option<String>,
        /// Scripts, and folders of them
        #[arg(value_name = "FILE")]
        pub files: Vec<PathBuf>,
        /// Write the scripts to this file instead, for a device to run
        #[arg(long, value_name = "FILE", hide = true)]
        pub pack: Option<PathBuf>,
    }
}

/// A name, and that of its module.
#[derive(Clone)]
pub struct Qualified(pub String, pub String);

values! {
    Qualified: ValueParser::new(qualified),
}

/// The two names in `MODULE.NAME`.
fn qualified(text: &str) -> Result<Qualified, &'static str> {
    let (module, name) = text
        .split_once('.')
        .ok_or("a module and a name are expected, as in wasmtime.gc")?;
    Ok(Qualified(module.to_owned(), name.to_owned()))
}
