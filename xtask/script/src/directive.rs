//! What a script can say: every directive of the `.wast` format.

use alloc::{borrow::Cow, string::String, vec::Vec};

use serde::{Deserialize, Serialize};

use crate::{Expected, Value};

/// A module in the binary format.
pub type Wasm<'a> = Cow<'a, [u8]>;

/// A directive and where it stands.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Command<'a> {
    /// The line in the file, from 1.
    pub line: u32,
    /// What to do.
    #[serde(borrow)]
    pub directive: Directive<'a>,
}

/// A directive. A module or instance that is not named is the latest one.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Directive<'a> {
    /// Compile and instantiate.
    Module {
        /// The instance's name.
        name: Option<String>,
        /// The module.
        #[serde(borrow)]
        wasm: Wasm<'a>,
    },
    /// Compile only.
    ModuleDefinition {
        /// The module's name.
        name: Option<String>,
        /// The module.
        #[serde(borrow)]
        wasm: Wasm<'a>,
    },
    /// Instantiate a module that was defined before.
    ModuleInstance {
        /// The instance's name.
        instance: Option<String>,
        /// The module's name.
        module: Option<String>,
    },
    /// Make the exports of an instance importable.
    Register {
        /// The name to import them from.
        name: String,
        /// The instance.
        instance: Option<String>,
    },
    /// Do something that succeeds.
    Action(#[serde(borrow)] Action<'a>),
    /// Do something that returns values.
    AssertReturn {
        /// What to do.
        #[serde(borrow)]
        action: Action<'a>,
        /// What comes back.
        expected: Vec<Expected>,
    },
    /// Do something that traps.
    AssertTrap {
        /// What to do.
        #[serde(borrow)]
        action: Action<'a>,
        /// The spec's words for the trap.
        message: String,
    },
    /// Do something that exhausts the stack.
    AssertExhaustion {
        /// What to do.
        #[serde(borrow)]
        action: Action<'a>,
        /// The spec's words for it.
        message: String,
    },
    /// Do something that throws an exception.
    AssertException(#[serde(borrow)] Action<'a>),
    /// Do something that suspends without a handler.
    AssertSuspension {
        /// What to do.
        #[serde(borrow)]
        action: Action<'a>,
        /// The spec's words for it.
        message: String,
    },
    /// A module that does not compile.
    AssertRefused {
        /// At what it fails.
        refusal: Refusal,
        /// The module.
        #[serde(borrow)]
        wasm: Wasm<'a>,
        /// The spec's words for why.
        message: String,
    },
    /// A module that compiles and does not link.
    AssertUnlinkable {
        /// The module.
        #[serde(borrow)]
        wasm: Wasm<'a>,
        /// The spec's words for why.
        message: String,
    },
    /// Run commands in a new thread, which has a store, names and registered modules of its own.
    Thread {
        /// The thread's name.
        name: String,
        /// The instance whose shared memories it can name, and register.
        shared: Option<String>,
        /// What it runs.
        #[serde(borrow)]
        commands: Vec<Command<'a>>,
    },
    /// Wait for a thread to end.
    Wait {
        /// The thread's name.
        thread: String,
    },
    /// What is not tried, and why.
    Skip(String),
    /// A text that only the parser on the host can judge: `Ok` if it behaved as the script asks.
    Text(Result<(), String>),
}

/// At what a module fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refusal {
    /// Decoding.
    Malformed,
    /// Validation.
    Invalid,
    /// A custom section, at either. A runtime may ignore it.
    Custom,
}

/// What yields values or traps.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Action<'a> {
    /// Call an exported function.
    Invoke {
        /// The instance.
        instance: Option<String>,
        /// The function.
        name: String,
        /// Its arguments.
        arguments: Vec<Value>,
    },
    /// Read an exported global.
    Get {
        /// The instance.
        instance: Option<String>,
        /// The global.
        name: String,
    },
    /// Instantiate a module.
    Instantiate(#[serde(borrow)] Wasm<'a>),
}
