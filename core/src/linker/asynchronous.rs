//! Names for asynchronous host functions, and instantiation that may wait.

use super::definition::Definition;
use super::kind::ModuleKind;
use super::{InstancePre, Linker};
use crate::error::Context as _;
use crate::handles::instantiate_async;
use crate::oom::Watch;
use crate::owner::OfEngine as _;
use crate::store::HostFunc;
use crate::types::FuncType;
use crate::{
    AsContextMut, Caller, Extern, Func, Instance, Module, Result, Val, WasmResults, WasmRet,
};
use alloc::{boxed::Box, sync::Arc};
use core::future::Future;

impl<T: 'static> Linker<T> {
    /// Defines an asynchronous host function whose type is known at run time only: see
    /// [`Func::new_async`](crate::Func::new_async).
    ///
    /// # Errors
    /// The name is taken, or `ty` is of another engine.
    pub fn func_new_async<F>(
        &mut self,
        module: &str,
        name: &str,
        ty: FuncType,
        func: F,
    ) -> Result<&mut Self>
    where
        F: for<'a> Fn(
                Caller<'a, T>,
                &'a [Val],
                &'a mut [Val],
            ) -> Box<dyn Future<Output = Result<()>> + Send + 'a>
            + Send
            + Sync
            + 'static,
    {
        ty.ensure_engine(&self.engine)?;
        let watch = Watch::start()?;
        let host = HostFunc::dynamic_async(&self.engine, ty, func)?;
        self.insert(module, name, Definition::HostFunc(Arc::new(host)), watch)
    }

    /// Defines an asynchronous host function of a closure whose type the Rust compiler knows: see
    /// [`Func::wrap_async`](crate::Func::wrap_async).
    ///
    /// # Errors
    /// The name is taken.
    pub fn func_wrap_async<F, P, R>(
        &mut self,
        module: &str,
        name: &str,
        func: F,
    ) -> Result<&mut Self>
    where
        F: for<'a> Fn(Caller<'a, T>, P) -> Box<dyn Future<Output = R> + Send + 'a>
            + Send
            + Sync
            + 'static,
        P: WasmResults,
        R: WasmRet + 'static,
    {
        let watch = Watch::start()?;
        let host = HostFunc::typed_async(&self.engine, func, watch)?;
        self.insert(module, name, Definition::HostFunc(Arc::new(host)), watch)
    }

    /// As [`instantiate`](Self::instantiate), of a module whose start function may call asynchronous host functions.
    ///
    /// # Errors
    /// As for [`instantiate`](Self::instantiate).
    pub async fn instantiate_async(
        &self,
        mut store: impl AsContextMut<Data = T>,
        module: &Module,
    ) -> Result<Instance>
    where
        T: Send,
    {
        let mut store = store.as_context_mut();
        let pre = self.pre(&mut store, module)?;
        pre.instantiate_async(store).await
    }

    /// As [`module`](Self::module): a reactor may call asynchronous host functions when it is instantiated and
    /// initialized, and a command's functions are asynchronous host functions themselves.
    ///
    /// # Errors
    /// As for [`module`](Self::module).
    pub async fn module_async(
        &mut self,
        mut store: impl AsContextMut<Data = T>,
        module_name: &str,
        module: &Module,
    ) -> Result<&mut Self>
    where
        T: Send,
    {
        let mut store = store.as_context_mut();
        store.raw.ensure_engine(&self.engine)?;
        match ModuleKind::of(module)? {
            ModuleKind::Command => {
                self.command(store, module_name, module, |store, ty, pre, export| {
                    Func::try_new_async(store, ty, move |mut caller, params, results| {
                        let (pre, export) = (pre.clone(), export.clone());
                        Box::new(async move {
                            let instance = pre.instantiate_async(&mut caller).await?;
                            let func = instance.get_func(&mut caller, &export);
                            let func = func.context("the export of a command is gone")?;
                            func.call_async(&mut caller, params, results).await
                        })
                    })
                })
            }
            ModuleKind::Reactor => {
                let instance = self.instantiate_async(&mut store, module).await?;
                if let Some(Extern::Func(func)) = instance.get_export(&mut store, "_initialize") {
                    let context = "calling the Reactor initialization function";
                    let initialize = func.typed::<(), ()>(&store).context(context)?;
                    initialize
                        .call_async(&mut store, ())
                        .await
                        .context(context)?;
                }
                self.instance(store, module_name, instance)
            }
        }
    }
}

impl<T: 'static> InstancePre<T> {
    /// As [`instantiate`](Self::instantiate), of a module whose start function may call asynchronous host functions.
    ///
    /// # Errors
    /// As for [`instantiate`](Self::instantiate).
    pub async fn instantiate_async(
        &self,
        mut store: impl AsContextMut<Data = T>,
    ) -> Result<Instance>
    where
        T: Send,
    {
        let mut store = store.as_context_mut().raw;
        let imports = self.imports(&mut store)?;
        // SAFETY: `new` has checked all but the store, whose engine is the module's.
        unsafe { instantiate_async(store, self.module(), &imports) }.await
    }
}
