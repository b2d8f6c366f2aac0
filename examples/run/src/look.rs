//! What is left where code was left somewhere: stores must be as good as before, and machines as empty.

use alloc::vec::Vec;
use core::fmt::Write;

use wasmetal::error::{Context, Result, ensure};
use wasmetal::{Extern, Instance, Linker, Module, Ref, Store, Trap, TypedFunc};

use crate::Machine;

/// Does what makes engines and drops them, and sees that nothing of it is left.
pub(crate) fn leaves_nothing(
    machine: &Machine,
    out: &mut dyn Write,
    work: impl FnOnce(&mut dyn Write) -> Result<()>,
) -> Result<()> {
    let before = (machine.resources)();
    work(&mut *out)?;
    let after = (machine.resources)();
    ensure!(
        after == before,
        "in the end, heap, pages and address space in use are {after:?}, not {before:?}"
    );
    writeln!(
        out,
        "heap, page frames, address space: as before, to the byte"
    )?;
    Ok(())
}

/// Reads all that the instance exports, and runs something else in the same store, by functions that `linker` knows:
/// `probe` is `stops.wat` of the tool that makes the job.
pub(crate) fn look(
    linker: &Linker<()>,
    probe: &Module,
    store: &mut Store<()>,
    instance: Option<Instance>,
) -> Result<()> {
    store.set_deadline(None)?;
    let mut exports = Vec::new();
    if let Some(instance) = instance {
        exports.extend(
            instance
                .exports(&mut *store)
                .map(|export| export.into_extern()),
        );
    }
    for export in exports {
        match export {
            Extern::Memory(memory) => {
                let bytes = memory.data(&*store);
                ensure!(
                    bytes.len() as u64 == memory.size(&*store) << 16,
                    "a memory's size"
                );
                let sum = bytes
                    .iter()
                    .step_by(4096)
                    .fold(0, |sum: u32, byte| sum.wrapping_add(u32::from(*byte)));
                core::hint::black_box(sum);
            }
            Extern::Global(global) => drop(core::hint::black_box(global.get(&mut *store))),
            Extern::Table(table) => {
                for index in 0..table.size(&*store) {
                    let element = table.get(&mut *store, index).context("an element")?;
                    if let Ref::Func(Some(function)) = element {
                        core::hint::black_box(function.ty(&*store));
                    }
                }
            }
            _ => {}
        }
    }
    let probe = linker.instantiate(&mut *store, probe)?;
    let call = |store: &mut Store<()>, name: &str, argument| -> Result<u64> {
        let function: TypedFunc<u32, u64> = probe.get_typed_func(&mut *store, name)?;
        function.call(&mut *store, argument)
    };
    for argument in 1..3 {
        ensure!(call(store, "probe", argument)? == u64::from(argument) * 7 + 3);
        let trap = call(store, "trap", 0).err().context("no trap")?;
        ensure!(
            trap.downcast_ref() == Some(&Trap::UnreachableCodeReached),
            "{trap:?}"
        );
    }
    Ok(())
}
