//! Trampolines between the host and Wasm's calling convention (see `abi`).

use super::{Code, Generator};
use crate::abi::VALUE_SIZE;
use crate::abi::vmctx::{FUEL_IS_TOLD, header, store_context};
use crate::compile::translate::access::{self, Kind as Memory};
use crate::compile::translate::{Place, machine_type, signature};
use crate::error::Result;
use crate::error::bounded::format_err;
use crate::map::Map;
use crate::module::{FunctionType, ModuleInfo, TypeIndex, ValueType};
use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;
use cranelift_codegen::Context;
use cranelift_codegen::cursor::{Cursor as _, FuncCursor};
use cranelift_codegen::ir::{
    self, AbiParam, InstBuilder as _, StackSlotData, StackSlotKind, Value, types,
};
use cranelift_codegen::isa::CallConv;
use cranelift_entity::EntityRef;

/// Which way a trampoline goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::compile) enum Kind {
    /// Host to Wasm.
    Entry,
    /// Wasm to host.
    Host,
}

/// A trampoline to compile.
pub(in crate::compile) struct Trampoline {
    pub(in crate::compile) kind: Kind,
    /// One of the types that share it.
    pub(in crate::compile) ty: TypeIndex,
}

/// The trampolines of a module.
pub(in crate::compile) struct Trampolines {
    /// Each once for all types with the same machine signature: entry, then host trampolines.
    pub(in crate::compile) all: Vec<Trampoline>,
    /// The types that have one, by ascending index, and which of `all` it is.
    pub(in crate::compile) entries: Vec<(TypeIndex, usize)>,
    /// Likewise.
    pub(in crate::compile) hosts: Vec<(TypeIndex, usize)>,
}

impl Trampolines {
    /// What a module needs.
    pub(in crate::compile) fn of(info: &ModuleInfo) -> Self {
        let start = info.start.map(|f| info.functions[f].ty);
        let escaping = info.functions.values().filter(|f| f.func_ref.is_some());
        let entries = marked(info, escaping.map(|f| f.ty).chain(start));
        let hosts = if may_call_any(info) {
            let types = info.types.iter();
            let functions = types.filter(|(_, ty)| ty.composite.as_func().is_some());
            functions.map(|(index, _)| index).collect()
        } else {
            let imported = info.functions.values().take(info.imported_functions);
            marked(info, imported.map(|f| f.ty))
        };
        let mut all = Vec::new();
        Self {
            entries: share(info, Kind::Entry, entries, &mut all),
            hosts: share(info, Kind::Host, hosts, &mut all),
            all,
        }
    }
}

/// Whether a host function of any type may be called besides the imported ones: one from a table, or
/// one that comes as a value.
fn may_call_any(info: &ModuleInfo) -> bool {
    let is_func = |ty| matches!(ty, ValueType::Ref(ty) if ty.heap.is_func());
    let mut types = info.types.values().flat_map(|ty| ty.composite.values());
    !info.tables.is_empty()
        || types.any(is_func)
        || info.globals.values().any(|global| is_func(global.content))
}

/// The types without repetition, in order.
fn marked(info: &ModuleInfo, types: impl Iterator<Item = TypeIndex>) -> Vec<TypeIndex> {
    let mut marks = vec![false; info.types.len()];
    for ty in types {
        marks[ty.index()] = true;
    }
    info.types.keys().filter(|ty| marks[ty.index()]).collect()
}

/// Machine types of parameters and results: what a trampoline's code depends on.
type MachineSignature = (Box<[usize]>, Box<[usize]>);

fn share(
    info: &ModuleInfo,
    kind: Kind,
    types: Vec<TypeIndex>,
    all: &mut Vec<Trampoline>,
) -> Vec<(TypeIndex, usize)> {
    let mut known: Map<MachineSignature, usize> = Map::default();
    let machine = |types: &[ValueType]| {
        let types = types.iter().copied();
        types.map(|ty| machine_type(ty).index()).collect()
    };
    types
        .into_iter()
        .map(|ty| {
            let FunctionType { params, results } = info.func_type(ty);
            let signature = (machine(params), machine(results));
            if let Some(trampoline) = known.get(&signature) {
                return (ty, *trampoline);
            }
            all.push(Trampoline { kind, ty });
            known.insert(signature, all.len() - 1);
            (ty, all.len() - 1)
        })
        .collect()
}

impl Generator<'_> {
    /// Compiles a trampoline.
    pub(super) fn trampoline(&self, context: &mut Context, it: &Trampoline) -> Result<Code> {
        let ty = self.env.info.func_type(it.ty);
        let wasm = signature(ty, self.env.isa);
        let fuel = self.env.tunables.consume_fuel;
        match it.kind {
            Kind::Entry => entry(&mut context.func, ty, wasm, fuel),
            Kind::Host => host(&mut context.func, ty, wasm, fuel),
        }
        self.machine_code(context)
            .map_err(|e| format_err!("cannot compile a trampoline of type {}: {e}", it.ty.index()))
    }
}

/// A C function's signature without a result.
fn c_signature<const N: usize>() -> ir::Signature {
    let mut signature = ir::Signature::new(CallConv::SystemV);
    signature.params = vec![AbiParam::new(types::I64); N];
    signature
}

/// The function's only block, to be filled, and its parameters.
fn body<'f>(func: &'f mut ir::Function, signature: ir::Signature) -> (FuncCursor<'f>, Vec<Value>) {
    let params: Vec<_> = signature.params.iter().map(|p| p.value_type).collect();
    func.signature = signature;
    let block = func.dfg.make_block();
    func.layout.append_block(block);
    let params = params
        .into_iter()
        .map(|ty| func.dfg.append_block_param(block, ty))
        .collect();
    (FuncCursor::new(func).at_bottom(block), params)
}

/// Where value `i` of an array lies.
fn slot(array: Value, i: usize) -> Place {
    // There are at most 1,000 parameters or results.
    let offset = i as i32 * VALUE_SIZE as i32;
    Place {
        base: array,
        offset,
    }
}

fn store(cursor: &mut FuncCursor<'_>, values: &[Value], array: Value) {
    for (i, value) in values.iter().enumerate() {
        access::store(cursor.ins(), Memory::Values, *value, slot(array, i));
    }
}

fn load(cursor: &mut FuncCursor<'_>, tys: &[ValueType], array: Value) -> Vec<Value> {
    let mut load = |(i, ty): (usize, &ValueType)| {
        let ty = machine_type(*ty);
        access::load(cursor.ins(), Memory::Values, ty, slot(array, i))
    };
    tys.iter().enumerate().map(&mut load).collect()
}

/// A field of what `base` points to.
fn field(cursor: &mut FuncCursor<'_>, kind: Memory, base: Value, offset: u32) -> Value {
    let offset = offset as i32;
    access::load(cursor.ins(), kind, types::I64, Place { base, offset })
}

/// Where a store's context has the fuel.
fn fuel_place(context: Value) -> Place {
    Place {
        base: context,
        offset: store_context::FUEL as i32,
    }
}

/// `(vmctx, code, values)`, C convention: calls `code`, Wasm convention. With `fuel`, the code has the store's in the fuel
/// register meanwhile, which is the host's otherwise.
fn entry(func: &mut ir::Function, ty: &FunctionType, wasm: ir::Signature, fuel: bool) {
    let (mut cursor, params) = body(func, c_signature::<3>());
    let (vmctx, code, array) = (params[0], params[1], params[2]);
    let mut args = vec![vmctx];
    args.extend(load(&mut cursor, &ty.params, array));
    let callee = cursor.func.import_signature(wasm);
    let lent = fuel.then(|| {
        let context = field(&mut cursor, Memory::Vmctx, vmctx, header::STORE);
        let left = access::load(cursor.ins(), Memory::Fuel, types::I64, fuel_place(context));
        let hosts = cursor.ins().get_pinned_reg(types::I64);
        cursor.ins().set_pinned_reg(left);
        (context, hosts)
    });
    let call = cursor.ins().call_indirect(callee, code, &args);
    let results = cursor.func.dfg.inst_results(call).to_vec();
    if let Some((context, hosts)) = lent {
        let left = cursor.ins().get_pinned_reg(types::I64);
        access::store(cursor.ins(), Memory::Fuel, left, fuel_place(context));
        cursor.ins().set_pinned_reg(hosts);
    }
    store(&mut cursor, &results, array);
    cursor.ins().return_(&[]);
}

/// Wasm convention: calls the host's `(vmctx, values, context)`, C convention. With `fuel`, the store has it meanwhile.
fn host(func: &mut ir::Function, ty: &FunctionType, wasm: ir::Signature, fuel: bool) {
    let (mut cursor, params) = body(func, wasm);
    let vmctx = params[0];
    let array = match ty.params.len().max(ty.results.len()) as u32 {
        // Not null, and aligned as an array of values: what an empty one has to be.
        0 => vmctx,
        len => {
            let slot = cursor.func.create_sized_stack_slot(StackSlotData::new(
                StackSlotKind::ExplicitSlot,
                len * VALUE_SIZE,
                VALUE_SIZE.ilog2() as u8,
            ));
            cursor.ins().stack_addr(types::I64, slot, 0)
        }
    };
    store(&mut cursor, &params[1..], array);
    let context = field(&mut cursor, Memory::Vmctx, vmctx, header::STORE);
    let code = field(
        &mut cursor,
        Memory::Engine,
        context,
        store_context::HOST_CALL,
    );
    let callee = cursor.func.import_signature(c_signature::<3>());
    if fuel {
        let left = cursor.ins().get_pinned_reg(types::I64);
        access::store(cursor.ins(), Memory::Fuel, left, fuel_place(context));
        // The callee saves the register: so it says until the last instruction that the store has the fuel.
        let told = cursor.ins().iconst(types::I64, FUEL_IS_TOLD.cast_signed());
        cursor.ins().set_pinned_reg(told);
    }
    cursor
        .ins()
        .call_indirect(callee, code, &[vmctx, array, context]);
    if fuel {
        let left = access::load(cursor.ins(), Memory::Fuel, types::I64, fuel_place(context));
        cursor.ins().set_pinned_reg(left);
    }
    let results = load(&mut cursor, &ty.results, array);
    cursor.ins().return_(&results);
}
