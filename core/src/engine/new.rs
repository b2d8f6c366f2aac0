//! Making an engine: what stands above it, and is called from below, is plugged in here.

use super::compiler::EngineCompiler;
use super::{Engine, EngineInner};
use crate::activation::stack::StackPool;
use crate::activation::{Epochs, Upcalls};
use crate::call::libcalls;
use crate::config::STACK_GUARD_SIZE;
use crate::error::Context as _;
use crate::image::CpuFlags;
#[cfg(feature = "exceptions")]
use crate::trap;
use crate::types::registry::TypeRegistry;
use crate::{Config, Result, hook, oom};
use alloc::sync::Arc;
use target_lexicon::Triple;

impl Engine {
    /// Makes an engine, and installs the platform's trap hook if this is the first.
    ///
    /// # Errors
    /// Names the setting that does not fit: the CPU lacks an extension that a flag asks for, the target
    /// is none that can be compiled for, a proposal is not in this build, a size does not fit the address
    /// space. Or another runtime has taken the platform's trap hook, or memory is exhausted.
    pub fn new(config: &Config) -> Result<Self> {
        oom::watched(|| Self::make(config))
    }

    fn make(config: &Config) -> Result<Self> {
        let platform = config.platform;
        let mut config = config.clone();
        config.settle_features().context("invalid configuration")?;
        let tunables = config.tunables().context("invalid configuration")?;
        let compiler = EngineCompiler::new(&config, tunables).context("invalid configuration")?;
        let stacks = StackPool::new(platform, config.max_wasm_stack, STACK_GUARD_SIZE)
            .context("invalid configuration: max_wasm_stack is larger than the address space")?;
        // SAFETY: the hook decides by pc alone whether a fault is in published code, and keeps to what
        // `TrapHook` asks, for ever.
        unsafe { platform.set_trap_hook(hook::hook) }
            .context("cannot take over the platform's traps")?;
        let target = Triple::host();
        let pads = platform.capabilities().branch_protection;
        let cpu = CpuFlags::new(target.architecture, pads, |name| platform.cpu_feature(name));
        Ok(Self {
            inner: Arc::new(EngineInner {
                config,
                tunables,
                target,
                cpu,
                compiler,
                types: TypeRegistry::default(),
                stacks: Arc::new(stacks),
                memories: Arc::default(),
                thread_init: platform.thread_init(),
                upcalls: Upcalls {
                    asked: libcalls::asked,
                    #[cfg(feature = "exceptions")]
                    find_handler: trap::find_handler,
                },
                epochs: Epochs::new(),
            }),
        })
    }
}

impl Default for Engine {
    /// An engine with the [default settings](Config::default), on the program's default platform.
    ///
    /// # Panics
    /// There is no such platform, or [`Engine::new`] fails.
    fn default() -> Self {
        match Self::new(&Config::default()) {
            Ok(engine) => engine,
            Err(error) => panic!("no default engine: {error:#}"),
        }
    }
}
