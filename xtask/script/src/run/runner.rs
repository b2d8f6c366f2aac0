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

use core::{fmt, mem};

use wasmetal::error::{Error, Result, format_err};
use wasmetal::{
    Caller, Engine, Extern, Instance, Linker, Module, Store, ThrownException, Trap,
    UnknownImportError, Val,
};

use super::{
    compare,
    report::Outcome,
    slices::{SLICE, to_its_end},
    spectest,
    threads::{Join, Log, Shared, Threads, work},
};
use crate::{Action, Command, Directive, Refusal};

/// What scripts may count on beyond the official ones.
#[derive(Clone)]
pub(super) struct Settings {
    /// An instance that has a name can be imported from by it.
    pub(super) named_imports: bool,
    /// The module and name of a host function that collects garbage.
    pub(super) collector: Option<(String, String)>,
    /// Whether calls are asynchronous ones, in time slices.
    pub(super) slices: bool,
    /// Who starts threads.
    pub(super) threads: &'static dyn Threads,
}

/// The state of a script.
pub(super) struct Runner {
    settings: Settings,
    engine: Engine,
    store: Store<()>,
    linker: Linker<()>,
    modules: Named<Module>,
    instances: Named<Exports>,
    /// Threads that nobody has waited for, by name.
    threads: BTreeMap<Box<str>, Join>,
    /// What became of the commands of threads that have ended, until it is reported.
    ended: Log,
    /// Names that nothing was registered under, because it was skipped, and why.
    unregistered: BTreeMap<Box<str>, String>,
}

/// What has exports to act on and to register.
#[derive(Clone)]
enum Exports {
    /// An instance of this script.
    Of(Instance),
    /// The shared memories of an instance of the thread that started this one.
    Shared(Shared),
}

/// Why a directive did not do what was expected.
enum Stop {
    /// What it needs is not supported, so it was not tried.
    Skip(String),
    /// The script is outdated there.
    Excuse(String),
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
            Stop::Excuse(why) => Self::Excused(why),
            Stop::Fail(error) => Self::Failed(format!("{error:#}")),
        }
    }
}

impl Runner {
    pub(super) fn new(engine: &Engine, settings: &Settings) -> Result<Self> {
        let mut store = Store::new(engine, ());
        store.set_epoch_deadline(u64::MAX);
        // Without fuel this is an error, and of no importance.
        let _ = store.set_fuel(u64::MAX);
        if settings.slices {
            store.set_time_slice(Some(SLICE))?;
        }
        let mut linker = Linker::new(engine);
        linker.allow_shadowing(true);
        spectest::define(&mut linker, &mut store)?;
        if let Some((module, name)) = &settings.collector {
            linker.func_wrap(module, name, |mut caller: Caller<'_, ()>| caller.gc(None))?;
        }
        let (modules, instances) = (Named::new("module"), Named::new("instance"));
        Ok(Self {
            settings: settings.clone(),
            engine: engine.clone(),
            store,
            linker,
            modules,
            instances,
            threads: BTreeMap::new(),
            ended: Log::default(),
            unregistered: BTreeMap::new(),
        })
    }

    /// Lets scripts name an instance whose shared memories are these.
    pub(super) fn share(&mut self, name: &str, shared: Shared) -> Result<()> {
        if self.settings.named_imports {
            shared.register(&mut self.linker, &mut self.store, name)?;
        }
        let _ = self
            .instances
            .insert(Some(name), Ok(Exports::Shared(shared)));
        Ok(())
    }

    /// Runs commands, waits for the threads that they leave, and hands over what became of each.
    pub(super) fn run(
        mut self,
        commands: &[Command<'_>],
        report: &mut dyn FnMut(u32, Outcome) -> fmt::Result,
    ) -> fmt::Result {
        for Command { line, directive } in commands {
            let outcome = match self.try_run(directive) {
                Ok(()) => Outcome::Passed,
                Err(stop) => stop.into(),
            };
            report(*line, outcome)?;
            mem::take(&mut self.ended).report(report)?;
        }
        let mut left = self.threads.into_values();
        left.try_for_each(|join| join().report(report))
    }

    /// Starts a thread that runs commands.
    fn start(
        &mut self,
        name: &str,
        shared: Option<&str>,
        commands: &[Command<'_>],
    ) -> Result<(), Stop> {
        let shared = match shared {
            Some(instance) => {
                let memories = match self.instances.get(Some(instance))? {
                    Exports::Of(exports) => Shared::of(exports, &mut self.store),
                    Exports::Shared(memories) => memories,
                };
                Some((instance.to_owned(), memories))
            }
            None => None,
        };
        let work = work(&self.engine, &self.settings, shared, commands)?;
        let join = self.settings.threads.start(work)?;
        self.threads.insert(name.into(), join);
        Ok(())
    }

    /// Takes in an instance, and lets it be imported from by its name where scripts may do so.
    fn insert(&mut self, name: Option<&str>, made: Result<Instance, Stop>) -> Result<(), Stop> {
        let made = made.and_then(|instance| {
            if let (Some(name), true) = (name, self.settings.named_imports) {
                self.linker.instance(&mut self.store, name, instance)?;
            }
            Ok(Exports::Of(instance))
        });
        self.instances.insert(name, made)
    }

    fn register(&mut self, name: &str, exports: Exports) -> Result<(), Stop> {
        match exports {
            Exports::Of(instance) => {
                self.linker.instance(&mut self.store, name, instance)?;
            }
            Exports::Shared(shared) => shared.register(&mut self.linker, &mut self.store, name)?,
        }
        Ok(())
    }

    /// An instance of this script's store.
    fn instance(&self, name: Option<&str>) -> Result<Instance, Stop> {
        match self.instances.get(name)? {
            Exports::Of(instance) => Ok(instance),
            Exports::Shared(_) => Err(format_err!("that instance is another thread's").into()),
        }
    }

    fn try_run(&mut self, directive: &Directive<'_>) -> Result<(), Stop> {
        match directive {
            Directive::Module { name, wasm } => {
                let made = self
                    .compile(wasm)
                    .and_then(|module| self.instantiate(&module));
                self.insert(name.as_deref(), made)
            }
            Directive::ModuleDefinition { name, wasm } => {
                let module = self.compile(wasm);
                self.modules.insert(name.as_deref(), module)
            }
            Directive::ModuleInstance { instance, module } => {
                let module = self.modules.get(module.as_deref());
                let made = module.and_then(|module| self.instantiate(&module));
                self.insert(instance.as_deref(), made)
            }
            Directive::Register { name, instance } => {
                let instance = self.instances.get(instance.as_deref());
                if let Err(Stop::Skip(why)) = &instance {
                    self.unregistered.insert(name.as_str().into(), why.clone());
                }
                self.register(name, instance?)
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
                Ok(values) => {
                    Err(format_err!("returned {values:?}, but expected an exception").into())
                }
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
                (Ok(_), _) => Err(format_err!("accepted, but expected: {message}").into()),
            },
            Directive::AssertUnlinkable { wasm, message } => {
                let module = self.compile(wasm)?;
                match self.instantiate(&module) {
                    Ok(_) => Err(format_err!("linked, but expected: {message}").into()),
                    Err(Stop::Fail(error)) if error.is::<Trap>() => Err(error
                        .context(format!("trapped, but expected: {message}"))
                        .into()),
                    Err(Stop::Fail(_)) => Ok(()),
                    Err(skip) => Err(skip),
                }
            }
            Directive::Thread {
                name,
                shared,
                commands,
            } => self.start(name, shared.as_deref(), commands),
            Directive::Wait { thread } => {
                let join = self.threads.remove(thread.as_str());
                let join = join.ok_or_else(|| format_err!("there is no thread {thread}"))?;
                self.ended.append(join());
                Ok(())
            }
            Directive::Skip(why) => Err(Stop::Excuse(why.clone())),
            Directive::Text(result) => result.clone().map_err(|how| format_err!(how).into()),
        }
    }

    fn compile(&self, wasm: &[u8]) -> Result<Module, Stop> {
        Module::new(&self.engine, wasm).map_err(unsupported)
    }

    fn instantiate(&mut self, module: &Module) -> Result<Instance, Stop> {
        let made = match self.settings.slices {
            true => to_its_end(self.linker.instantiate_async(&mut self.store, module)),
            false => self.linker.instantiate(&mut self.store, module),
        };
        made.map_err(|error| {
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
                let instance = self.instance(instance.as_deref())?;
                let function = instance
                    .get_func(&mut self.store, name)
                    .ok_or_else(|| format_err!("no function {name:?} is exported"))?;
                let arguments = arguments
                    .iter()
                    .map(|value| compare::argument(&mut self.store, value))
                    .collect::<Result<Option<Vec<Val>>>>()?
                    .ok_or_else(|| {
                        Stop::Skip("an argument of a type that is not supported".to_owned())
                    })?;
                let count = function.ty(&self.store).results().len();
                let mut results = vec![Val::I32(0); count];
                let store = &mut self.store;
                match self.settings.slices {
                    true => to_its_end(function.call_async(store, &arguments, &mut results))?,
                    false => function.call(store, &arguments, &mut results)?,
                }
                Ok(results)
            }
            Action::Get { instance, name } => {
                let instance = self.instance(instance.as_deref())?;
                match instance.get_export(&mut self.store, name) {
                    Some(Extern::Global(global)) => Ok(vec![global.get(&mut self.store)]),
                    _ => Err(format_err!("no global {name:?} is exported").into()),
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
            Ok(values) => Err(format_err!("returned {values:?}, but expected: {message}").into()),
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
            Err(Stop::Skip(why) | Stop::Excuse(why)) => Err(Some(why.clone())),
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
            Some(Err(None)) => Err(format_err!("the {} it needs failed", self.what).into()),
            None => Err(format_err!("there is no {} {}", self.what, name.unwrap_or("yet")).into()),
        }
    }
}
