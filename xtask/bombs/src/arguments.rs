//! The arguments. `xtask` has this file as a module too: it answers `--help` and mistakes before this program is built.

use std::path::PathBuf;

use wasmetal_arguments::arguments;

arguments! {
    /// Measures what bombs cost the compiler
    pub struct Bombs {
        /// Only kinds whose name contains this text
        #[arg(long)]
        pub filter: Option<String>,
        /// No limits but those that all engines have
        #[arg(long)]
        pub unlimited: bool,
        /// With the allocator of registers that works in one pass
        #[arg(long)]
        pub single_pass: bool,
        /// The size of the largest modules, in bytes
        #[arg(long, default_value_t = 4 << 20)]
        pub bytes: usize,
        /// How much memory the compiler may take, in MiB
        #[arg(long, default_value_t = 2048)]
        pub memory: usize,
        /// No larger module of a kind once one took this many seconds
        #[arg(long, default_value_t = 20)]
        pub seconds: u64,
        /// Modules to begin with, for comparison: what limits they need, and what they cost
        pub modules: Vec<PathBuf>,
    }
}
