//! The translator: the state that all operators share, and the way through a body.

use super::access;
use super::address::Memory;
use super::control::Frame;
use super::exceptions::Handlers;
use super::extents::Extents;
use super::fuel::{Fuel, FuelMark};
use super::gc::Roots;
use super::helper::Helper;
use super::runtime::Runtime;
use super::table::Table;
use super::types::{VECTOR, body_type};
use super::{Environment, Error, Facts, Result};
use crate::compile::operators::Operator;
use crate::map::Map;
use crate::module::{FunctionIndex, MemoryIndex, TableIndex, TypeIndex, ValueType};
use alloc::vec::Vec;
use core::mem;
use cranelift_codegen::ir::immediates::{Ieee32, Ieee64};
use cranelift_codegen::ir::{self, Block, BlockArg, InstBuilder, Value, types};
use cranelift_entity::EntityRef;
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext, Variable};
use wasmparser::{
    BinaryReader, FuncValidator, FunctionBody, OperatorsReader, RefType, ValidatorResources,
};

/// The state of the translation of one body.
pub(super) struct Translator<'a, 'f> {
    pub(super) env: &'a Environment<'a>,
    pub(super) builder: FunctionBuilder<'f>,
    /// The entry block.
    pub(super) entry: Block,
    /// This function's vmctx.
    pub(super) vmctx: Value,
    /// Where the current operator stands in the module.
    pub(super) offset: usize,
    /// The operand stack. A value of type `i8` stands for an `i32`: it is the result of a comparison
    /// that has not been extended, since most only decide a branch. Vectors have any lanes.
    pub(super) operands: Vec<Value>,
    /// The control stack, without what was entered in unreachable code.
    pub(super) frames: Vec<Frame>,
    /// How many of them are loops.
    pub(super) loops: u64,
    /// The type of the reference that the current operator takes, where it makes a difference.
    pub(super) reference: Option<RefType>,
    /// In unreachable code: how many blocks were entered in it.
    pub(super) unreachable: Option<u32>,
    /// What is known of the memories, tables and functions used so far.
    pub(super) memories: Vec<(MemoryIndex, Memory)>,
    pub(super) tables: Vec<(TableIndex, Table)>,
    pub(super) signatures: Map<TypeIndex, ir::SigRef>,
    pub(super) functions: Map<FunctionIndex, ir::FuncRef>,
    pub(super) helpers: [Option<ir::FuncRef>; Helper::ALL.len()],
    pub(super) extents: Extents,
    pub(super) runtime: Runtime,
    pub(super) roots: Roots,
    /// What is known of the fuel here, if code uses any.
    pub(super) fuel: Option<Fuel>,
    pub(super) fuel_marks: Vec<FuelMark>,
    /// The catch clauses in effect.
    pub(super) handlers: Handlers,
    /// Scratch for the arguments of calls and branches.
    pub(super) arguments: Vec<Value>,
    pub(super) block_arguments: Vec<BlockArg>,
}

/// See [`super::translate`].
pub(super) fn translate(
    env: &Environment<'_>,
    index: FunctionIndex,
    validator: &mut FuncValidator<ValidatorResources>,
    body: &FunctionBody<'_>,
    scratch: &mut FunctionBuilderContext,
    func: &mut ir::Function,
) -> Result<Facts> {
    let mut translator = Translator::new(env, scratch, func);
    translator.set_location(body.range().start);
    let mut reader = body.get_binary_reader();
    translator.locals(index, &mut reader, validator)?;
    translator.enter_function(index);
    translator.enter_fuel();
    translator.check_epoch();
    let bytes = reader.bytes_remaining() as u64;
    let (live_in, nesting) = translator.operators(reader, validator)?;
    let facts = Facts {
        live_in,
        nesting,
        bytes,
        fuel_marks: mem::take(&mut translator.fuel_marks),
        ..translator.runtime.facts()
    };
    translator.builder.finalize(env.isa.frontend_config());
    Ok(facts)
}

impl<'a, 'f> Translator<'a, 'f> {
    /// Starts a function whose signature is set.
    pub(super) fn new(
        env: &'a Environment<'a>,
        scratch: &'f mut FunctionBuilderContext,
        func: &'f mut ir::Function,
    ) -> Self {
        let mut builder = FunctionBuilder::new(func, scratch);
        let entry = builder.create_block();
        builder.append_block_params_for_function_params(entry);
        builder.switch_to_block(entry);
        builder.seal_block(entry);
        builder.ensure_inserted_block();
        let vmctx = builder.block_params(entry)[0];
        let mut translator = Self {
            env,
            builder,
            entry,
            vmctx,
            offset: 0,
            operands: Vec::new(),
            frames: Vec::new(),
            loops: 0,
            reference: None,
            unreachable: None,
            memories: Vec::new(),
            tables: Vec::new(),
            signatures: Map::default(),
            functions: Map::default(),
            helpers: [None; Helper::ALL.len()],
            extents: Extents::default(),
            runtime: Runtime::default(),
            roots: Roots::default(),
            fuel: None,
            fuel_marks: Vec::new(),
            handlers: Handlers::default(),
            arguments: Vec::new(),
            block_arguments: Vec::new(),
        };
        if !env.tunables.stack_faults {
            translator.check_stack();
        }
        translator
    }
}

impl Translator<'_, '_> {
    /// Declares the parameters and the locals.
    fn locals(
        &mut self,
        function: FunctionIndex,
        reader: &mut BinaryReader<'_>,
        validator: &mut FuncValidator<ValidatorResources>,
    ) -> Result<()> {
        if self.env.references {
            self.expect_references();
        }
        let params = &self.env.info.function_type(function).params;
        for (i, param) in params.iter().enumerate() {
            let value = self.builder.block_params(self.entry)[i + 1];
            let ty = self.builder.func.dfg.value_type(value);
            let variable = self.builder.declare_var(ty);
            debug_assert_eq!(variable.index(), i);
            self.declare_local(variable, ty, matches!(param, ValueType::Ref(_)));
            self.builder.def_var(variable, value);
        }
        for _ in 0..reader.read_var_u32()? {
            let offset = reader.original_position();
            let count = reader.read()?;
            let ty = reader.read()?;
            validator.define_locals(offset, count, ty)?;
            let is_reference = matches!(ty, wasmparser::ValType::Ref(_));
            let ty = body_type(self.env.info, ty, offset)?;
            let zero = self.zero(ty);
            for _ in 0..count {
                let variable = self.builder.declare_var(ty);
                self.declare_local(variable, ty, is_reference);
                self.builder.def_var(variable, zero);
            }
        }
        Ok(())
    }

    /// The value that a local starts with.
    pub(super) fn zero(&mut self, ty: ir::Type) -> Value {
        match ty {
            types::F32 => self.builder.ins().f32const(Ieee32::with_bits(0)),
            types::F64 => self.builder.ins().f64const(Ieee64::with_bits(0)),
            ty if ty.is_vector() => self.vector_constant(ty, [0; 16]),
            _ => self.builder.ins().iconst(ty, 0),
        }
    }

    /// A vector, by its bytes from the least significant.
    pub(super) fn vector_constant(&mut self, ty: ir::Type, bytes: [u8; 16]) -> Value {
        let bytes = bytes.as_slice().into();
        let bytes = self.builder.func.dfg.constants.insert(bytes);
        self.builder.ins().vconst(ty, bytes)
    }

    /// Validates and translates the operators up to the end of the body. See [`Facts::live_in`] and
    /// [`Facts::nesting`].
    fn operators(
        &mut self,
        reader: BinaryReader<'_>,
        validator: &mut FuncValidator<ValidatorResources>,
    ) -> Result<(u64, u64)> {
        let mut reader = OperatorsReader::new(reader);
        let locals = validator.len_locals() as usize;
        let (mut blocks, mut live_in, mut nesting) = (0, 0, 0);
        while !reader.eof() {
            let offset = reader.original_position();
            let read = reader.read()?;
            let operator = Operator::from(&read);
            self.note_reference(operator, validator);
            validator.op(offset, &read)?;
            self.set_location(offset);
            let before = self.progress();
            match self.unreachable {
                Some(depth) => self.unreachable_operator(operator, depth)?,
                None => {
                    self.pay(self.env.costs.cost(&read), operator);
                    self.operator(operator)?;
                }
            }
            self.mark_fuel(before);
            self.declare_operands(validator);
            let more = self.builder.func.dfg.num_blocks() - blocks;
            blocks += more;
            // And a few that are the code's own: vmctx, bases.
            live_in += (more * (locals + self.operands.len() + 4)) as u64;
            nesting += self.loops * self.loops;
            if let wasmparser::Operator::BrTable { targets } = &read {
                nesting += u64::from(targets.len()) * self.loops;
            }
        }
        reader.finish()?;
        Ok((live_in, nesting))
    }

    /// Code from here on is of the operator at this offset.
    fn set_location(&mut self, offset: usize) {
        self.offset = offset;
        // The frontend takes no module in which it does not fit.
        self.builder.set_srcloc(ir::SourceLoc::new(offset as u32));
    }

    /// The error for something that validation let through and this compiler lacks, at the current operator.
    pub(super) fn unknown(&self, what: &'static str) -> Error {
        Error::Unknown {
            offset: self.offset,
            what,
        }
    }

    pub(super) fn push(&mut self, value: Value) {
        self.operands.push(value);
    }

    /// Pops an operand as it is.
    pub(super) fn pop_raw(&mut self) -> Value {
        self.operands.pop().expect("validated")
    }

    /// Pops an operand that may be a comparison's result of type `i8`.
    pub(super) fn pop_condition(&mut self) -> Value {
        self.pop_raw()
    }

    pub(super) fn pop(&mut self) -> Value {
        let value = self.pop_condition();
        self.extended(value)
    }

    pub(super) fn pop2(&mut self) -> (Value, Value) {
        let second = self.pop();
        (self.pop(), second)
    }

    pub(super) fn pop3(&mut self) -> (Value, Value, Value) {
        let third = self.pop();
        let second = self.pop();
        (self.pop(), second, third)
    }

    /// An operand as it leaves the operand stack: a comparison's result as an `i32`, a vector as a
    /// [`VECTOR`], others as they are.
    pub(super) fn extended(&mut self, value: Value) -> Value {
        let ty = self.builder.func.dfg.value_type(value);
        if ty == types::I8 {
            self.builder.ins().uextend(types::I32, value)
        } else if ty.is_vector() {
            self.with_lanes(value, VECTOR)
        } else {
            value
        }
    }

    /// A vector with other lanes. To the machine it is the same value.
    pub(super) fn with_lanes(&mut self, vector: Value, lanes: ir::Type) -> Value {
        let dfg = &self.builder.func.dfg;
        if dfg.value_type(vector) == lanes {
            return vector;
        }
        // The lanes may be those it had before: Cranelift sees through no pair of casts.
        if let Some(inst) = dfg.value_def(vector).inst()
            && let ir::InstructionData::LoadNoOffset {
                opcode: ir::Opcode::Bitcast,
                arg,
                ..
            } = dfg.insts[inst]
            && dfg.value_type(arg) == lanes
        {
            return arg;
        }
        access::bitcast(self.builder.ins(), lanes, vector)
    }

    /// Makes of the uppermost `count` operands what leaves the operand stack; where they begin.
    pub(super) fn extend_top(&mut self, count: usize) -> usize {
        let start = self.operands.len() - count;
        for i in start..self.operands.len() {
            self.operands[i] = self.extended(self.operands[i]);
        }
        start
    }

    /// The value of an integer that is constant here, without sign.
    pub(super) fn constant(&self, value: Value) -> Option<u64> {
        let dfg = &self.builder.func.dfg;
        match dfg.insts[dfg.value_def(value).inst()?] {
            ir::InstructionData::UnaryImm {
                opcode: ir::Opcode::Iconst,
                imm,
            } => {
                let bits = dfg.value_type(value).bits();
                Some(imm.zero_extend_from_width(bits).bits() as u64)
            }
            _ => None,
        }
    }

    pub(super) fn local_get(&mut self, index: u32) {
        let value = self.builder.use_var(Variable::from_u32(index));
        self.push(value);
    }

    pub(super) fn local_set(&mut self, index: u32) {
        let value = self.pop();
        self.builder.def_var(Variable::from_u32(index), value);
    }

    pub(super) fn local_tee(&mut self, index: u32) {
        let top = self.extend_top(1);
        let value = self.operands[top];
        self.builder.def_var(Variable::from_u32(index), value);
    }

    pub(super) fn select(&mut self) {
        let condition = self.pop_condition();
        let (if_true, if_false) = self.pop2();
        let value = self.builder.ins().select(condition, if_true, if_false);
        self.push(value);
    }
}
