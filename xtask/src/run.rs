//! `run`: the guests, or any module, on the device or on Linux.

use std::{ffi::OsString, path::PathBuf};

use anyhow::Result;
use wasmetal_arguments::arguments;
use xshell::Shell;

use crate::{
    arguments::{check_file, image::setting},
    program::{self, JOBS},
};

arguments! {
    /// Runs the guests on a device under QEMU, or any module
    ///
    /// Without FILE: builds the guests and the firmware, boots it on QEMU's virt board, compiles and
    /// runs every guest there, and compares each result with the one computed natively.
    ///
    /// With FILE, a .wasm, a .wat or an image (see `compile`): compiles or loads and instantiates it, calls a function, and prints its
    /// results, or the trap with its backtrace.
    pub struct Run {
        /// Run on this machine (the default with FILE)
        #[arg(long, conflicts_with = "bare")]
        pub linux: bool,
        /// Run on the device under QEMU (the default without FILE)
        #[arg(long)]
        pub bare: bool,
        /// Run the smallest firmware, which has no compiler, on an image made for it
        #[arg(long, conflicts_with_all = ["linux", "file", "seed"])]
        pub loader: bool,
        /// Run the board of guests: good and hostile ones side by side under quotas, for an hour of the
        /// device's time
        #[arg(long, conflicts_with_all = ["linux", "loader", "file"])]
        pub board: bool,
        /// Run guests as tasks of Embassy's, and answer the one that asks for a name
        #[arg(long, conflicts_with_all = ["linux", "loader", "board", "file", "seed"])]
        pub embassy: bool,
        /// Run guests and kernels with fuel, here and on the device: both use as much, to the unit
        #[arg(long, conflicts_with_all = ["linux", "loader", "board", "embassy", "file", "seed"])]
        pub fuel: bool,
        /// A module, as .wasm, .wat or an image
        pub file: Option<PathBuf>,
        /// The exported function to call, and its arguments [default: _start or _initialize, if there is
        /// one]
        #[arg(
            long,
            requires = "file",
            num_args = 1..,
            allow_hyphen_values = true,
            value_names = ["NAME", "ARG"],
        )]
        pub invoke: Vec<String>,
        /// A setting of the engine, so that it loads an image that was made with it; as often as need be. --set help lists
        /// them
        #[arg(long = "set", requires = "file", value_name = "NAME=VALUE", value_parser = setting)]
        pub settings: Vec<String>,
        /// What the guests make their input from
        #[arg(long, default_value_t = 1, conflicts_with = "file")]
        pub seed: u32,
    }
}

impl Run {
    pub(crate) fn run(&self, sh: &Shell, typed: &[OsString]) -> Result<()> {
        self.file.as_deref().map(check_file).transpose()?;
        program::start(sh, JOBS, typed)
    }
}
