//! What to run.

use alloc::{borrow::Cow, string::String, vec::Vec};
use core::time::Duration;

use serde::{Deserialize, Serialize};

/// What to run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Job<'a> {
    /// Run the guests, and compare their output with what they computed natively.
    Guests(#[serde(borrow)] Guests<'a>),
    /// Call a function of one module.
    Call(#[serde(borrow)] Call<'a>),
    /// Run programs, and compare what they do with what they are to do.
    Programs(#[serde(borrow)] Vec<Program<'a>>),
    /// Compile modules, and compare the images with those that another machine has made.
    Images(#[serde(borrow)] Vec<Image<'a>>),
    /// Stop modules at random instructions, and see that everything is as good as before.
    Stops(#[serde(borrow)] Stops<'a>),
    /// Suspend asynchronous calls at random instructions, and see that they end as if nobody had.
    Slices(#[serde(borrow)] Stops<'a>),
    /// Run modules with fuel, and see that they use as much as on another machine.
    Fuel(#[serde(borrow)] Fuel<'a>),
}

/// Modules to run with fuel.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Fuel<'a> {
    /// The modules.
    #[serde(borrow)]
    pub modules: Vec<Stopped<'a>>,
    /// What another machine has printed, a line for each call; empty: print it.
    pub expected: Vec<String>,
}

/// Modules to stop, or to suspend.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Stops<'a> {
    /// How often.
    pub count: u32,
    /// What the times are made from.
    pub seed: u64,
    /// A module that is run after each stop, and each call: see `stops.wat` of the tool that makes the job.
    #[serde(borrow)]
    pub probe: Cow<'a, [u8]>,
    /// The modules.
    #[serde(borrow)]
    pub modules: Vec<Stopped<'a>>,
}

/// A module to stop, to suspend, or to run with fuel.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Stopped<'a> {
    /// What to call it.
    pub name: String,
    /// The module. It may import `host.echo: (i64) -> i64`, and one to suspend what `slices.wat` of the tool does.
    #[serde(borrow)]
    pub wasm: Cow<'a, [u8]>,
    /// Exports of the type `(i32) -> i64`, and an argument for each.
    pub calls: Vec<(String, u32)>,
}

/// The guests, and the seed they all start from.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Guests<'a> {
    /// What the guests make their input from.
    pub seed: u32,
    /// The guests.
    #[serde(borrow)]
    pub guests: Vec<Guest<'a>>,
    /// Those that can't be built here.
    #[serde(borrow)]
    pub recorded: Vec<Recorded<'a>>,
}

/// A guest and what it is to give back.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Guest<'a> {
    /// Its name.
    pub name: String,
    /// Its module.
    #[serde(borrow)]
    pub wasm: Cow<'a, [u8]>,
    /// Its output when it ran natively.
    #[serde(borrow)]
    pub expected: Cow<'a, [u8]>,
}

/// A guest that was built elsewhere, and what it did where it ran first. It may use a little of WASI: what it prints is
/// kept, and nothing else is there.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Recorded<'a> {
    /// Its name.
    pub name: String,
    /// Its module.
    #[serde(borrow)]
    pub wasm: Cow<'a, [u8]>,
    /// What is called, in turn.
    pub calls: Vec<RecordedCall>,
    /// What it prints meanwhile.
    pub printed: String,
}

/// A call of an exported function, with its results, as text.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RecordedCall {
    /// The function.
    pub function: String,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// Its results.
    pub results: Vec<String>,
}

/// A module and the function to call in it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Call<'a> {
    /// The module.
    #[serde(borrow)]
    pub wasm: Cow<'a, [u8]>,
    /// The exported function; `_start` or `_initialize`, if there is one, when none is given.
    pub invoke: Option<String>,
    /// Its arguments, as text.
    pub arguments: Vec<String>,
    /// Settings of the engine, as `NAME=VALUE`: see [`SETTINGS`](crate::settings::SETTINGS).
    pub settings: Vec<String>,
    /// What it is given by WASI.
    #[serde(borrow)]
    pub given: Given<'a>,
}

/// What a program is given by WASI, and its bounds.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Given<'a> {
    /// Its arguments, with its name.
    pub arguments: Vec<String>,
    /// Its environment.
    pub environment: Vec<(String, String)>,
    /// Its directories.
    #[serde(borrow)]
    pub directories: Vec<GivenDirectory<'a>>,
    /// Its input; without it, the host's own.
    #[serde(borrow)]
    pub input: Option<Cow<'a, [u8]>>,
    /// The time since 1970 when this was put together, for hosts that have no clock.
    pub now: Duration,
    /// For how long it may run.
    pub time_limit: Option<Duration>,
    /// How many bytes its memories may have.
    pub memory_limit: Option<u64>,
}

/// A directory that a program is given.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GivenDirectory<'a> {
    /// Its path for the program.
    pub path: String,
    /// What it is.
    #[serde(borrow)]
    pub directory: Directory<'a>,
}

/// What a directory is.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Directory<'a> {
    /// One of the host's system.
    Host(String),
    /// The content of a tar archive. What the program writes is lost.
    Archive(#[serde(borrow)] Cow<'a, [u8]>),
}

/// A program, and what it is to do.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Program<'a> {
    /// What to call it.
    pub name: String,
    /// The program.
    #[serde(borrow)]
    pub call: Call<'a>,
    /// How it is to exit.
    pub exit_code: i32,
    /// What it is to print, if that is to be compared.
    pub output: Option<String>,
}

/// A module and the image that another machine has made of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Image<'a> {
    /// What to call it.
    pub name: String,
    /// The module.
    #[serde(borrow)]
    pub wasm: Cow<'a, [u8]>,
    /// Whether its code checks accesses itself: `Config::explicit_checks`.
    pub explicit_checks: bool,
    /// The image.
    #[serde(borrow)]
    pub expected: Cow<'a, [u8]>,
}

impl<'a> Job<'a> {
    /// The job as bytes.
    ///
    /// # Panics
    /// Out of memory.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        postcard::to_allocvec(self).expect("every part of a job can be written")
    }

    /// The job that these bytes hold.
    ///
    /// # Errors
    /// They hold none.
    pub fn from_bytes(bytes: &'a [u8]) -> Result<Self, postcard::Error> {
        postcard::from_bytes(bytes)
    }
}

#[cfg(test)]
mod tests {
    use alloc::{string::ToString, vec};

    use super::*;

    #[test]
    fn a_job_survives_its_journey_and_its_module_is_not_copied() {
        let call = Call {
            wasm: Cow::Borrowed(&[0, 1, 2]),
            invoke: Some("f".to_string()),
            arguments: vec!["-1".to_string()],
            settings: vec!["consume-fuel".to_string()],
            given: Given::default(),
        };
        let bytes = Job::Call(call).to_bytes();
        let Ok(Job::Call(back)) = Job::from_bytes(&bytes) else {
            panic!("not a call")
        };
        assert!(matches!(back.wasm, Cow::Borrowed([0, 1, 2])));
        assert_eq!(
            (back.invoke.as_deref(), back.arguments),
            (Some("f"), vec!["-1".to_string()])
        );
        assert!(Job::from_bytes(&bytes[..bytes.len() - 1]).is_err());
    }
}
