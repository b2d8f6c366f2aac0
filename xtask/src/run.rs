//! `run`: the guests, or any module, on the device or on Linux.

use std::{ffi::OsString, path::PathBuf, time::Duration};

use anyhow::{Result, ensure};
use wasmetal_arguments::{arguments, clap::builder::ValueParser, values};
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
    /// results, or the trap with its backtrace. A program that uses WASI has the streams of this one, and what is said
    /// here; its exit code is this one's. On the device its input is what there is to read here, if that is no terminal.
    pub struct Run {
        /// Run on this machine (the default with FILE)
        #[arg(long, conflicts_with = "bare")]
        pub linux: bool,
        /// Run on the device under QEMU (the default without FILE and --programs)
        #[arg(long)]
        pub bare: bool,
        /// Run the smallest firmware, which has no compiler, on an image made for it
        #[arg(long, conflicts_with_all = ["linux", "file", "seed"])]
        pub loader: bool,
        /// Run the board of guests: good and hostile ones side by side under quotas, in time slices
        #[arg(long, conflicts_with_all = ["linux", "loader", "file"])]
        pub board: bool,
        /// Run guests as tasks of Embassy's, and answer the one that asks for a name
        #[arg(long, conflicts_with_all = ["linux", "loader", "board", "file", "seed"])]
        pub embassy: bool,
        /// Run guests and kernels with fuel, here and on the device: both use as much, to the unit
        #[arg(long, conflicts_with_all = ["linux", "loader", "board", "embassy", "file", "seed"])]
        pub fuel: bool,
        /// Run a program that uses all of WASI, here or on the device, and compare it with its native build
        #[arg(long, conflicts_with_all = ["loader", "board", "fuel", "file", "seed"])]
        pub programs: bool,
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
        /// A directory of this machine for the program, and its path there; as often as need be. On the device it travels as
        /// an archive, and what is written is lost
        #[arg(long = "dir", requires = "file", value_name = "HOST[::GUEST]")]
        pub directories: Vec<Mapped>,
        /// A variable of the program's environment; as often as need be
        #[arg(long = "env", requires = "file", value_name = "NAME=VALUE")]
        pub environment: Vec<Variable>,
        /// For how long it may run: seconds, or a number with ms, s or m
        #[arg(long, requires = "file", value_name = "TIME")]
        pub time_limit: Option<Time>,
        /// How much memory it may have: bytes, or a number with K, M or G
        #[arg(long, requires = "file", value_name = "SIZE")]
        pub memory_limit: Option<Size>,
        /// A setting of the engine, so that it loads an image that was made with it; as often as need be. --set help lists
        /// them
        #[arg(long = "set", requires = "file", value_name = "NAME=VALUE", value_parser = setting)]
        pub settings: Vec<String>,
        /// What the guests make their input from
        #[arg(long, default_value_t = 1, conflicts_with = "file")]
        pub seed: u32,
        /// The program's arguments
        #[arg(last = true, requires = "file", value_name = "ARGUMENT")]
        pub arguments: Vec<String>,
    }
}

impl Run {
    pub(crate) fn run(&self, sh: &Shell, typed: &[OsString]) -> Result<()> {
        self.file.as_deref().map(check_file).transpose()?;
        for Mapped { host, .. } in &self.directories {
            ensure!(host.is_dir(), "{} is no directory", host.display());
        }
        program::start(sh, JOBS, typed)
    }
}

/// A directory of this machine, and its path for a program.
#[derive(Clone)]
pub struct Mapped {
    /// Here.
    pub host: PathBuf,
    /// There.
    pub guest: String,
}

/// A variable of an environment.
#[derive(Clone)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// A time.
#[derive(Clone, Debug, PartialEq)]
pub struct Time(pub Duration);

/// A number of bytes.
#[derive(Clone, Debug, PartialEq)]
pub struct Size(pub u64);

values! {
    Mapped: ValueParser::new(directory),
    Variable: ValueParser::new(variable),
    Time: ValueParser::new(time),
    Size: ValueParser::new(size),
}

fn directory(text: &str) -> Result<Mapped, String> {
    let (host, guest) = text.split_once("::").unwrap_or((text, text));
    Ok(Mapped {
        host: host.into(),
        guest: guest.to_owned(),
    })
}

fn variable(text: &str) -> Result<Variable, String> {
    let variable = text.split_once('=');
    let (name, value) = variable.ok_or("it has no `=`")?;
    Ok(Variable {
        name: name.to_owned(),
        value: value.to_owned(),
    })
}

/// A number and its unit, of which the first is that of a number alone.
fn with_unit(text: &str, units: &[(&str, u64)]) -> Result<u64, String> {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let factor = units.iter().find(|(name, _)| *name == unit);
    let names: Vec<&str> = units.iter().map(|(name, _)| *name).collect();
    let (_, factor) = factor.ok_or(format!("its unit is none of{}", names.join(" ")))?;
    let number: u64 = number.parse().map_err(|_| "it begins with no number")?;
    let all = number.checked_mul(*factor);
    all.ok_or_else(|| "it is too large".to_owned())
}

fn time(text: &str) -> Result<Time, String> {
    let units = [("", 1000), ("ms", 1), ("s", 1000), ("m", 60_000)];
    with_unit(text, &units).map(|number| Time(Duration::from_millis(number)))
}

fn size(text: &str) -> Result<Size, String> {
    with_unit(
        text,
        &[("", 1), ("K", 1 << 10), ("M", 1 << 20), ("G", 1 << 30)],
    )
    .map(Size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_units() {
        let check = |text: &str, expected: Option<u64>| {
            assert_eq!(size(text).ok().map(|size| size.0), expected, "{text}");
        };
        check("7", Some(7));
        check("64K", Some(65_536));
        check("2G", Some(2 << 30));
        check("", None);
        check("M", None);
        check("-1", None);
        check("1.5M", None);
        check("7X", None);
        check("99999999999G", None);
        assert_eq!(time("250ms"), Ok(Time(Duration::from_millis(250))));
        assert_eq!(time("2"), Ok(Time(Duration::from_secs(2))));
        assert_eq!(time("2m"), Ok(Time(Duration::from_secs(120))));
        assert!(time("2h").is_err());
    }
}
