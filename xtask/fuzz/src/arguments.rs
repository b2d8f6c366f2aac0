//! The arguments. `xtask` has this file as a module too: it answers `--help` and mistakes before the programs are built.
//! So nothing here needs the runtime.

use std::path::PathBuf;

use wasmetal_arguments::arguments;

arguments! {
    /// Runs generated modules with wasmetal and with Wasmtime, and compares what they do
    ///
    /// Results of calls, traps, memories, globals and tables must be the same, bit for bit. A seed is one
    /// module; it comes out the same each time. A module that makes a difference, or a crash, is written
    /// to target/findings and its seed is printed.
    ///
    /// With --slices, wasmetal runs each module twice: undisturbed, and by asynchronous calls in time slices of a length that
    /// the seed chooses, with host functions and a limiter that wait, and with collections between the slices. A slice is
    /// time: where each ends differs from run to run, and --only SEED tries a hundred times.
    pub struct Differential {
        /// What it has in common with others.
        #[command(flatten)]
        pub options: Options,
        /// Beside itself in time slices, instead of beside Wasmtime, which takes minutes to build
        #[arg(long)]
        pub slices: bool,
        /// With --only: have Cranelift check its intermediate code
        #[arg(long, requires = "only")]
        pub verify: bool,
    }
}

arguments! {
    /// Runs generated programs about references in several ways, and compares what they do
    ///
    /// Structs, arrays, functions and exceptions in every place that a reference can be in. Each program is compiled with
    /// and without optimisation, with each allocator of registers, and runs with collections when the heap is full, at
    /// every allocation, at every 7th, and in a heap of 4 KiB; and with Wasmtime, unless --alone says no. Results, traps,
    /// globals and tables must be the same. A program that makes a difference, or a crash, is written to target/findings,
    /// and a smaller one beside it.
    pub struct Objects {
        /// What it has in common with others.
        #[command(flatten)]
        pub options: Options,
        /// Without Wasmtime, which takes minutes to build
        #[arg(long)]
        pub alone: bool,
    }
}

arguments! {
    /// Calls all functions of WASI at random, and looks that nothing is lost and nobody gets out
    ///
    /// A seed stands for a guest, what it is given and a hundred calls, with whatever in its memory: on directories of this
    /// machine in which links lead out, on a file system in memory and on one from an archive, called synchronously or not,
    /// stopped and dropped now and then. No call panics or takes long; a secret beside the directories is not read and
    /// nothing outside is changed; quotas hold; memory and descriptors are as before. --only shows the calls of a seed.
    pub struct Wasi {
        /// What it has in common with others.
        #[command(flatten)]
        pub options: Options,
    }
}

arguments! {
    /// The options of a program that runs seeds.
    pub struct Options {
        /// How many seeds
        #[arg(long, default_value_t = 10_000)]
        pub count: u64,
        /// The first seed; the others follow it
        #[arg(long, default_value_t = 1)]
        pub seed: u64,
        /// Stop after this many seconds
        #[arg(long)]
        pub seconds: Option<u64>,
        /// How many seeds at once [default: one for each CPU]
        #[arg(long)]
        pub jobs: Option<usize>,
        /// This seed alone; prints what was seen
        #[arg(long, value_name = "SEED", conflicts_with_all = ["count", "seed", "seconds", "jobs"])]
        pub only: Option<u64>,
        /// Where goes what makes a difference
        #[arg(long, default_value = "target/findings")]
        pub findings: PathBuf,
        /// Do what standard input says
        #[arg(long, hide = true)]
        pub worker: bool,
    }
}
