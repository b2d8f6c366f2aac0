//! Tables.
//!
//! An element is 8 bytes (a pointer to a `VMFuncRef`) or 4 (a handle). Who writes a handle marks where, for the collector.

use super::access::{self, Access, Kind};
use super::function::Translator;
use super::runtime::Place;
use super::types::{POINTER, index_type, machine_type};
use crate::abi::builtins::Builtin;
use crate::abi::traps::Trap;
use crate::abi::vmctx::{extent, table_marks};
use crate::module::{IndexType, TableIndex, ValueType};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{self, InstBuilder, Opcode, Value, types};

/// What a function knows of a table.
#[derive(Clone, Copy)]
pub(super) struct Table {
    pub(super) index_type: IndexType,
    /// The machine type of an element.
    element: ir::Type,
    /// Its `VMTable`.
    extent: Place,
    /// The pointer to its first element, if it stays where it is.
    base: Option<Value>,
    minimum: u64,
    /// Whether its size is always `minimum`.
    fixed: bool,
}

/// An index that was checked, and what belongs to it.
struct Checked {
    /// The address of the first element.
    base: Value,
    /// With 64 bits.
    index: Value,
    /// `None`: it can't be.
    out_of_bounds: Option<Value>,
}

impl Translator<'_, '_> {
    /// What is known of a table.
    pub(super) fn table(&mut self, index: TableIndex) -> Table {
        if let Some((_, table)) = self.tables.iter().find(|(i, _)| *i == index) {
            return *table;
        }
        let ty = &self.env.info.tables[index];
        let layout = self.env.layout;
        let extent = match self.env.info.defined_table(index) {
            Some(defined) => self.in_vmctx(layout.table(defined)),
            None => {
                let place = self.in_vmctx(layout.imported_table(index));
                let base = self.load_on_entry(Kind::Vmctx, POINTER, place);
                Place { base, offset: 0 }
            }
        };
        let fixed = ty.limits.maximum == Some(ty.limits.minimum);
        let table = Table {
            index_type: ty.index,
            element: machine_type(ValueType::Ref(ty.element)),
            extent,
            base: fixed
                .then(|| self.load_on_entry(Kind::FixedBase, POINTER, extent.plus(extent::BASE))),
            minimum: ty.limits.minimum,
            fixed,
        };
        self.tables.push((index, table));
        table
    }

    /// The number of elements, as a value of the table's index type.
    fn table_length(&mut self, table: &Table) -> Value {
        let ty = index_type(table.index_type);
        if table.fixed {
            return self.builder.ins().iconst(ty, table.minimum as i64);
        }
        // Of a table with 32-bit indices, the lower half says all: targets are little-endian.
        self.load_extent(ty, table.extent.plus(extent::LENGTH))
    }

    /// Checks an index, and traps where there is no such element, unless a guarded access does.
    fn check_index(&mut self, table: &Table, index: Value) -> Checked {
        let always = self.constant(index).is_some_and(|i| i < table.minimum);
        let out_of_bounds = if always {
            None
        } else {
            let length = self.table_length(table);
            let ins = self.builder.ins();
            Some(ins.icmp(IntCC::UnsignedGreaterThanOrEqual, index, length))
        };
        if let Some(out_of_bounds) = out_of_bounds.filter(|_| !self.null_faults()) {
            self.trap_if(out_of_bounds, Trap::TableOutOfBounds);
        }
        let base = table
            .base
            .unwrap_or_else(|| self.load_extent(POINTER, table.extent.plus(extent::BASE)));
        Checked {
            base,
            index: self.index_to_64(index, table.index_type),
            out_of_bounds,
        }
    }

    /// Whether an access to null is how code finds out that there is no such element.
    fn null_faults(&self) -> bool {
        let tunables = self.env.tunables;
        tunables.memory_faults && tunables.spectre_mitigation
    }

    /// Leave to access an address that belongs to a checked index: null, if that was out of bounds.
    fn guarded(&mut self, checked: &Checked, address: Value, kind: Kind) -> (Place, Access) {
        let mitigation = self.env.tunables.spectre_mitigation;
        let (base, trap) = match checked.out_of_bounds.filter(|_| mitigation) {
            None => (address, None),
            Some(out_of_bounds) => {
                let null = self.builder.ins().iconst(POINTER, 0);
                let ins = self.builder.ins();
                let address = ins.select_spectre_guard(out_of_bounds, null, address);
                (
                    address,
                    self.null_faults().then_some(Trap::TableOutOfBounds),
                )
            }
        };
        (Place { base, offset: 0 }, self.access(kind, trap))
    }

    /// Where an element lies, and leave to access it: it is in bounds, or traps.
    fn element(&mut self, number: TableIndex, table: &Table, checked: &Checked) -> (Place, Access) {
        let kind = Kind::of_table(self.env.info, number);
        let log2 = i64::from(table.element.bytes().trailing_zeros());
        let offset = self.builder.ins().ishl_imm_u(checked.index, log2);
        let address = self.builder.ins().iadd(checked.base, offset);
        self.guarded(checked, address, kind)
    }

    /// Says that a reference is written to an element: see [`table_marks`].
    fn mark_element(&mut self, checked: &Checked) {
        let log2 = i64::from(table_marks::ELEMENTS_LOG2);
        let number = self.builder.ins().ushr_imm_u(checked.index, log2);
        // -1 - number
        let offset = self.builder.ins().bnot(number);
        let address = self.builder.ins().iadd(checked.base, offset);
        let (place, access) = self.guarded(checked, address, Kind::TableMark);
        let mark = self.builder.ins().iconst(types::I8, 1);
        access::store_by(self.builder.ins(), Opcode::Store, access, mark, place);
    }

    /// Loads an element, in bounds.
    pub(super) fn load_element(&mut self, number: TableIndex, index: Value) -> Value {
        let table = self.table(number);
        let checked = self.check_index(&table, index);
        let (place, access) = self.element(number, &table, &checked);
        let ins = self.builder.ins();
        access::load_by(ins, Opcode::Load, access, table.element, place)
    }

    pub(super) fn table_get(&mut self, table: u32) {
        let index = self.pop();
        let value = self.load_element(TableIndex::from_u32(table), index);
        self.push(value);
    }

    pub(super) fn table_set(&mut self, number: u32) {
        let number = TableIndex::from_u32(number);
        let table = self.table(number);
        let (index, value) = self.pop2();
        let checked = self.check_index(&table, index);
        let is_null = self.constant(value) == Some(0);
        if table.element != POINTER && !is_null {
            self.mark_element(&checked);
        }
        let (place, access) = self.element(number, &table, &checked);
        access::store_by(self.builder.ins(), Opcode::Store, access, value, place);
    }

    pub(super) fn table_size(&mut self, table: u32) {
        let table = self.table(TableIndex::from_u32(table));
        let length = self.table_length(&table);
        self.push(length);
    }

    pub(super) fn table_grow(&mut self, number: u32) {
        let table = self.table(TableIndex::from_u32(number));
        let (value, delta) = self.pop2();
        let value = self.reference_to_64(value);
        let delta = self.index_to_64(delta, table.index_type);
        let number = self.builtin_index(number);
        self.extents_may_change();
        let old = self.call_builtin(Builtin::table_grow, &[number, delta, value]);
        let old = self.index_from_64(old.expect("it has a result"), table.index_type);
        self.push(old);
    }

    pub(super) fn table_fill(&mut self, number: u32) {
        let table = self.table(TableIndex::from_u32(number));
        let (dst, value, length) = self.pop3();
        let dst = self.index_to_64(dst, table.index_type);
        let value = self.reference_to_64(value);
        let length = self.index_to_64(length, table.index_type);
        let number = self.builtin_index(number);
        self.call_builtin(Builtin::table_fill, &[number, dst, value, length]);
    }

    pub(super) fn table_copy(&mut self, dst_number: u32, src_number: u32) {
        let dst_table = self.table(TableIndex::from_u32(dst_number));
        let src_table = self.table(TableIndex::from_u32(src_number));
        let (dst, src, length) = self.pop3();
        let dst = self.index_to_64(dst, dst_table.index_type);
        let src = self.index_to_64(src, src_table.index_type);
        let length_type = match (dst_table.index_type, src_table.index_type) {
            (IndexType::I64, IndexType::I64) => IndexType::I64,
            _ => IndexType::I32,
        };
        let length = self.index_to_64(length, length_type);
        let dst_number = self.builtin_index(dst_number);
        let src_number = self.builtin_index(src_number);
        let arguments = [dst_number, dst, src_number, src, length];
        self.call_builtin(Builtin::table_copy, &arguments);
    }

    pub(super) fn table_init(&mut self, number: u32, element: u32) {
        let table = self.table(TableIndex::from_u32(number));
        let (dst, src, length) = self.pop3();
        let dst = self.index_to_64(dst, table.index_type);
        let src = self.index_to_64(src, IndexType::I32);
        let length = self.index_to_64(length, IndexType::I32);
        let number = self.builtin_index(number);
        let element = self.builtin_index(element);
        self.call_builtin(Builtin::table_init, &[number, element, dst, src, length]);
    }

    pub(super) fn elem_drop(&mut self, element: u32) {
        let element = self.builtin_index(element);
        self.call_builtin(Builtin::elem_drop, &[element]);
    }

    /// A reference as a builtin takes it.
    fn reference_to_64(&mut self, value: Value) -> Value {
        if self.builder.func.dfg.value_type(value) == POINTER {
            value
        } else {
            self.builder.ins().uextend(types::I64, value)
        }
    }
}
