//! One script's store, its instances, and what each directive does to them.

use alloc::{
    borrow::ToOwned,
    boxed::Box,
    collections::BTreeMap,
    format,
    string::{String, ToString},
    vec,
    vec::Vec,
};

use anyhow::{Error, Result, anyhow};
use wasmetal::{
    Engine, Extern, Instance, Linker, Module, Store, ThrownException, Trap, UnknownImportError, Val,
};

use super::{compare, report::Outcome, spectest};
use crate::{Action, Directive, Refusal};

/// The state of a script.
pub(super) struct Runner {
    engine: Engine,
    store: Store<()>,
    linker: Linker<()>,
    modules: Named<Module>,
    instances: Named<Instance>,
    /// Names that nothing was registered under, because it was skipped, and why.
    unregistered: BTreeMap<Box<str>, String>,
}

/// Why a directive did not do what was expected.
enum Stop {
    /// What it needs is not supported, so it was not tried.
    Skip(String),
    /// It went wrong.
    Fail(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Fail(error)
    }
}

impl From<Stop> for Outcome {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Skip(why) => Self::Skipped(why),
            Stop::Fail(error) => Self::Failed(format!("{error:#}")),
        }
    }
}

impl Runner {
    pub(super) fn new(engine: &Engine) -> Result<Self> {
        let mut store = Store::new(engine, ());
        store.set_epoch_deadline(u64::MAX);
        // Without fuel this is an error, and of no importance.
        let _ = store.set_fuel(u64::MAX);
        let mut linker = Linker::new(engine);
        linker.allow_shadowing(true);
        spectest::define(&mut linker, &mut store)?;
        let (modules, instances) = (Named::new("module"), Named::new("instance"));
        Ok(Self {
            engine: engine.clone(),
            store,
            linker,
            modules,
            instances,
            unregistered: BTreeMap::new(),
        })
    }

    /// Runs one directive.
    pub(super) fn run(&mut self, directive: &Directive<'_>) -> Outcome {
        match self.try_run(directive) {
            Ok(()) => Outcome::Passed,
            Err(stop) => stop.into(),
        }
    }

    fn try_run(&mut self, directive: &Directive<'_>) -> Result<(), Stop> {
        match directive {
            Directive::Module { name, wasm } => {
                let instance = self
                    .compile(wasm)
                    .and_then(|module| self.instantiate(&module));
                self.instances.insert(name.as_deref(), instance)
            }
            Directive::ModuleDefinition { name, wasm } => {
                let module = self.compile(wasm);
                self.modules.insert(name.as_deref(), module)
            }
            Directive::ModuleInstance { instance, module } => {
                let module = self.modules.get(module.as_deref());
                let made = module.and_then(|module| self.instantiate(&module));
                self.instances.insert(instance.as_deref(), made)
            }
            Directive::Register { name, instance } => {
                let instance = self.instances.get(instance.as_deref());
                if let Err(Stop::Skip(why)) = &instance {
                    self.unregistered.insert(name.as_str().into(), why.clone());
                }
                Ok(self
                    .linker
                    .instance(&mut self.store, name, instance?)
                    .map(drop)?)
            }
            Directive::Action(action) => self.act(action).map(drop),
            Directive::AssertReturn { action, expected } => {
                let values = self.act(action)?;
                Ok(compare::all(&mut self.store, &values, expected)?)
            }
            Directive::AssertTrap { action, message } => {
                let outcome = self.act(action);
                self.assert_trap(outcome, message)
            }
            Directive::AssertExhaustion { action, message } => {
                let outcome = self.act(action);
                self.assert_trap(outcome, message)
            }
            Directive::AssertException(action) => match self.act(action) {
                Ok(values) => Err(anyhow!("returned {values:?}, but expected an exception").into()),
                Err(Stop::Fail(error)) if error.is::<ThrownException>() => Ok(()),
                Err(stop) => Err(stop),
            },
            Directive::AssertSuspension { .. } => Err(Stop::Skip("stack switching".to_owned())),
            Directive::AssertRefused {
                refusal,
                wasm,
                message,
            } => match (Module::new(&self.engine, wasm), refusal) {
                (Err(_), _) => Ok(()),
                (Ok(_), Refusal::Custom) => {
                    Err(Stop::Skip("custom sections are not validated".to_owned()))
                }
                (Ok(_), _) => Err(anyhow!("accepted, but expected: {message}").into()),
            },
            Directive::AssertUnlinkable { wasm, message } => {
                let module = self.compile(wasm)?;
                match self.instantiate(&module) {
                    Ok(_) => Err(anyhow!("linked, but expected: {message}").into()),
                    Err(Stop::Fail(error)) if error.is::<Trap>() => Err(error
                        .context(format!("trapped, but expected: {message}"))
                        .into()),
                    Err(Stop::Fail(_)) => Ok(()),
                    Err(skip) => Err(skip),
                }
            }
            Directive::Thread { .. } | Directive::Wait { .. } => {
                Err(Stop::Skip("threads".to_owned()))
            }
            Directive::Skip(why) => Err(Stop::Skip(why.clone())),
            Directive::Text(result) => result.clone().map_err(|how| anyhow!(how).into()),
        }
    }

    fn compile(&self, wasm: &[u8]) -> Result<Module, Stop> {
        Module::new(&self.engine, wasm).map_err(unsupported)
    }

    fn instantiate(&mut self, module: &Module) -> Result<Instance, Stop> {
        self.linker
            .instantiate(&mut self.store, module)
            .map_err(|error| {
                let unknown = error.downcast_ref::<UnknownImportError>();
                match unknown.and_then(|unknown| self.unregistered.get(unknown.module())) {
                    Some(why) => Stop::Skip(why.clone()),
                    None => Stop::Fail(error),
                }
            })
    }

    fn act(&mut self, action: &Action<'_>) -> Result<Vec<Val>, Stop> {
        match action {
            Action::Invoke {
                instance,
                name,
                arguments,
            } => {
                let instance = self.instances.get(instance.as_deref())?;
                let function = instance
                    .get_func(&mut self.store, name)
                    .ok_or_else(|| anyhow!("no function {name:?} is exported"))?;
                let arguments = arguments
                    .iter()
                    .map(|value| compare::argument(&mut self.store, value))
                    .collect::<Result<Option<Vec<Val>>>>()?
                    .ok_or_else(|| {
                        Stop::Skip("an argument of a type that is not supported".to_owned())
                    })?;
                let count = function.ty(&self.store).results().len();
                let mut results = vec![Val::I32(0); count];
                function.call(&mut self.store, &arguments, &mut results)?;
                Ok(results)
            }
            Action::Get { instance, name } => {
                let instance = self.instances.get(instance.as_deref())?;
                match instance.get_export(&mut self.store, name) {
                    Some(Extern::Global(global)) => Ok(vec![global.get(&mut self.store)]),
                    _ => Err(anyhow!("no global {name:?} is exported").into()),
                }
            }
            Action::Instantiate(wasm) => {
                let module = self.compile(wasm)?;
                self.instantiate(&module).map(|_| Vec::new())
            }
        }
    }

    fn assert_trap(&self, outcome: Result<Vec<Val>, Stop>, message: &str) -> Result<(), Stop> {
        match outcome {
            Ok(values) => Err(anyhow!("returned {values:?}, but expected: {message}").into()),
            Err(Stop::Fail(error)) => match error.downcast_ref::<Trap>() {
                Some(trap) if compare::trap(*trap, message) => Ok(()),
                _ => Err(error.context(format!("expected: {message}")).into()),
            },
            Err(skip) => Err(skip),
        }
    }
}

/// A module that needs a feature which is off is skipped, not failed.
fn unsupported(error: Error) -> Stop {
    let text = format!("{error:#}");
    let needs = [
        "not enabled",
        "must be enabled",
        "not supported",
        "unsupported",
        "required for",
    ];
    if needs.iter().any(|need| text.contains(need)) {
        let reason = text.split(" (at offset").next().unwrap_or(&text);
        return Stop::Skip(reason.to_owned());
    }
    Stop::Fail(error)
}

/// Things by name, and the latest; what could not be made is remembered with the reason.
struct Named<T> {
    what: &'static str,
    latest: Option<Slot<T>>,
    by_name: BTreeMap<Box<str>, Slot<T>>,
}

/// What was made, or why it was skipped (`Some`) or failed (`None`).
type Slot<T> = Result<T, Option<String>>;

impl<T: Clone> Named<T> {
    fn new(what: &'static str) -> Self {
        Self {
            what,
            latest: None,
            by_name: BTreeMap::new(),
        }
    }

    /// Takes in what was made, and passes on why it was not.
    fn insert(&mut self, name: Option<&str>, made: Result<T, Stop>) -> Result<(), Stop> {
        let slot = match &made {
            Ok(thing) => Ok(thing.clone()),
            Err(Stop::Skip(why)) => Err(Some(why.clone())),
            Err(Stop::Fail(_)) => Err(None),
        };
        if let Some(name) = name {
            self.by_name.insert(name.into(), slot.clone());
        }
        self.latest = Some(slot);
        made.map(drop)
    }

    fn get(&self, name: Option<&str>) -> Result<T, Stop> {
        let slot = match name {
            Some(name) => self.by_name.get(name),
            None => self.latest.as_ref(),
        };
        match slot {
            Some(Ok(thing)) => Ok(thing.clone()),
            Some(Err(Some(why))) => Err(Stop::Skip(why.to_string())),
            Some(Err(None)) => Err(anyhow!("the {} it needs failed", self.what).into()),
            None => Err(anyhow!("there is no {} {}", self.what, name.unwrap_or("yet")).into()),
        }
    }
}
