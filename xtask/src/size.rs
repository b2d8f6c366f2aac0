//! The arguments of `size`.

use wasmetal_arguments::arguments;

arguments! {
    /// Prints the size of the example firmware `loader` by section and by crate, with and without the
    /// compiler
    pub struct Size {
        /// Fail if a section is larger than xtask/size.toml allows
        #[arg(long)]
        pub check: bool,
        /// Print what each cargo feature adds, instead
        #[arg(long, conflicts_with = "check")]
        pub features: bool,
        /// How many crates to print
        #[arg(long, default_value_t = 20)]
        pub crates: usize,
        /// Only the firmware whose name in xtask/size.toml contains this
        #[arg(long, value_name = "NAME", default_value = "")]
        pub only: String,
    }
}
