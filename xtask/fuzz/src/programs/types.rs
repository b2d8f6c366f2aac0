//! The types of a program: recursion groups of structs, arrays and functions, some above others.

use fastrand::Rng;
use std::ops::Range;
use wasm_encoder::{
    AbstractHeapType as Abstract, ArrayType, CompositeInnerType, CompositeType, FieldType,
    FuncType, HeapType, RefType, StorageType, StructType, SubType, TypeSection, ValType,
};

/// What a defined type is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    Struct(Vec<FieldType>),
    Array(FieldType),
    Func(Vec<ValType>, Vec<ValType>),
}

#[derive(Clone, Debug)]
struct Def {
    kind: Kind,
    above: Option<u32>,
    is_final: bool,
}

/// The types of a module, by their indices.
///
/// Of every type there can be a value: what must not be null in a struct or array has a lower index, or is abstract
/// and has values without objects.
#[derive(Clone, Debug, Default)]
pub(super) struct Types {
    defs: Vec<Def>,
    groups: Vec<Range<usize>>,
    /// How many there are without those that [`function`](Self::function) has added since.
    named: u32,
}

/// A reference type with an abstract heap type.
pub(super) const fn reference(nullable: bool, ty: Abstract) -> RefType {
    RefType {
        nullable,
        heap_type: HeapType::Abstract { shared: false, ty },
    }
}

/// A reference to a defined type.
pub(super) const fn concrete(nullable: bool, index: u32) -> RefType {
    RefType {
        nullable,
        heap_type: HeapType::Concrete(index),
    }
}

impl Types {
    pub(super) fn len(&self) -> u32 {
        self.defs.len() as u32
    }

    pub(super) fn kind(&self, index: u32) -> &Kind {
        &self.defs[index as usize].kind
    }

    /// How many types there are that others, globals and the like may speak of.
    pub(super) fn named(&self) -> u32 {
        self.named
    }

    /// These types alone.
    pub(super) fn all_named(&self) -> Self {
        let mut types = self.clone();
        types.defs.truncate(self.named as usize);
        types
            .groups
            .retain(|group| group.end <= self.named as usize);
        types
    }

    /// The indices of all structs and arrays.
    pub(super) fn aggregates(&self) -> Vec<u32> {
        let is = |index: &u32| !matches!(self.kind(*index), Kind::Func(..));
        (0..self.named).filter(is).collect()
    }

    /// The parameters and results of a function type.
    pub(super) fn signature(&self, index: u32) -> (&[ValType], &[ValType]) {
        match self.kind(index) {
            Kind::Func(params, results) => (params, results),
            _ => unreachable!("a function has a function type"),
        }
    }

    /// The index of a final function type that is alone in its group.
    pub(super) fn function(&mut self, params: &[ValType], results: &[ValType]) -> u32 {
        let kind = Kind::Func(params.to_vec(), results.to_vec());
        for group in self.groups.iter().filter(|group| group.len() == 1) {
            let def = &self.defs[group.start];
            if def.is_final && def.above.is_none() && def.kind == kind {
                return group.start as u32;
            }
        }
        self.groups.push(self.defs.len()..self.defs.len() + 1);
        self.defs.push(Def {
            kind,
            above: None,
            is_final: true,
        });
        self.len() - 1
    }

    /// Adds some groups, at most `most`.
    pub(super) fn extend(&mut self, most: u32, rng: &mut Rng) {
        for _ in 0..rng.u32(1..=most) {
            let copied = self.groups.last().cloned();
            match copied.filter(|group| group.end == self.defs.len() && rng.u8(..6) == 0) {
                Some(group) => self.repeat(group),
                None => self.group(rng),
            }
        }
        self.named = self.len();
    }

    /// A group equal to the last: the same types, under other indices.
    fn repeat(&mut self, group: Range<usize>) {
        let by = group.len() as u32;
        let moved = |ty: RefType| match ty.heap_type {
            HeapType::Concrete(index) if group.contains(&(index as usize)) => {
                concrete(ty.nullable, index + by)
            }
            _ => ty,
        };
        let value = |ty: &ValType| match ty {
            ValType::Ref(ty) => ValType::Ref(moved(*ty)),
            other => *other,
        };
        let field = |field: &FieldType| FieldType {
            element_type: match &field.element_type {
                StorageType::Val(ty) => StorageType::Val(value(ty)),
                packed => *packed,
            },
            ..*field
        };
        for index in group.clone() {
            let def = &self.defs[index];
            let above = def
                .above
                .map(|above| match group.contains(&(above as usize)) {
                    true => above + by,
                    false => above,
                });
            let kind = match &def.kind {
                Kind::Struct(fields) => Kind::Struct(fields.iter().map(field).collect()),
                Kind::Array(element) => Kind::Array(field(element)),
                Kind::Func(params, results) => Kind::Func(
                    params.iter().map(value).collect(),
                    results.iter().map(value).collect(),
                ),
            };
            let is_final = def.is_final;
            self.defs.push(Def {
                kind,
                above,
                is_final,
            });
        }
        self.groups.push(group.end..self.defs.len());
    }

    fn group(&mut self, rng: &mut Rng) {
        let start = self.len();
        // Now and then a long chain: casts then ask the runtime.
        let chain = rng.u8(..8) == 0;
        let end = start + if chain { rng.u32(7..12) } else { rng.u32(1..5) };
        for index in start..end {
            let open = |above: &u32| !self.defs[*above as usize].is_final;
            let above = if chain && index > start {
                Some(index - 1)
            } else if rng.bool() {
                let open: Vec<u32> = (0..index).filter(open).collect();
                rng.choice(open)
            } else {
                None
            };
            let kind = match above.map(|above| self.kind(above).clone()) {
                Some(above) => self.below(above, index, end, rng),
                None => match rng.u8(..if chain { 2 } else { 8 }) {
                    0..4 => Kind::Struct(self.fields(rng.usize(..4), index, end, rng)),
                    4..6 => Kind::Array(self.field(index, end, rng)),
                    _ => {
                        let values = |count, rng: &mut Rng| -> Vec<ValType> {
                            (0..count)
                                .map(|_| self.storage(index, end, rng).unpack())
                                .collect()
                        };
                        let (params, results) = (rng.usize(..3), rng.usize(..3));
                        Kind::Func(values(params, rng), values(results, rng))
                    }
                },
            };
            self.defs.push(Def {
                kind,
                above,
                is_final: !chain && rng.u8(..3) == 0,
            });
        }
        self.groups.push(start as usize..end as usize);
    }

    /// What a type below another may be.
    fn below(&self, above: Kind, index: u32, end: u32, rng: &mut Rng) -> Kind {
        match above {
            Kind::Struct(mut fields) => {
                for field in &mut fields {
                    if let StorageType::Val(ValType::Ref(ty)) = &mut field.element_type
                        && !field.mutable
                        && rng.bool()
                    {
                        ty.nullable &= !self.may_be_required(ty.heap_type, index);
                    }
                }
                if fields.len() < 8 {
                    fields.extend(self.fields(rng.usize(..3), index, end, rng));
                }
                Kind::Struct(fields)
            }
            other => other,
        }
    }

    /// Whether there is always a value of this type that is not null.
    fn may_be_required(&self, ty: HeapType, index: u32) -> bool {
        match ty {
            HeapType::Concrete(other) => other < index,
            HeapType::Abstract { ty, .. } => matches!(
                ty,
                Abstract::Any | Abstract::Eq | Abstract::I31 | Abstract::Func | Abstract::Extern
            ),
            HeapType::Exact(_) => false,
        }
    }

    fn fields(&self, count: usize, index: u32, end: u32, rng: &mut Rng) -> Vec<FieldType> {
        (0..count).map(|_| self.field(index, end, rng)).collect()
    }

    fn field(&self, index: u32, end: u32, rng: &mut Rng) -> FieldType {
        FieldType {
            element_type: self.storage(index, end, rng),
            mutable: rng.bool(),
        }
    }

    fn storage(&self, index: u32, end: u32, rng: &mut Rng) -> StorageType {
        StorageType::Val(match rng.u8(..12) {
            0 => return StorageType::I8,
            1 => return StorageType::I16,
            2 | 3 => ValType::I32,
            4 => ValType::I64,
            5 => ValType::F64,
            _ => ValType::Ref(self.reference(index, end, rng)),
        })
    }

    /// A reference type for what the type `index` of a group up to `end` contains.
    fn reference(&self, index: u32, end: u32, rng: &mut Rng) -> RefType {
        let heap_type = match rng.bool() {
            true => HeapType::Concrete(rng.u32(..end)),
            false => HeapType::Abstract {
                shared: false,
                ty: some_abstract(rng),
            },
        };
        let nullable = rng.u8(..3) > 0 || !self.may_be_required(heap_type, index);
        RefType {
            nullable,
            heap_type,
        }
    }

    /// Any reference type of which there are values.
    pub(super) fn any_reference(&self, rng: &mut Rng) -> RefType {
        self.reference(self.named, self.named, rng)
    }

    /// Any type of values.
    pub(super) fn any_value(&self, rng: &mut Rng) -> ValType {
        match rng.u8(..8) {
            0 => ValType::I32,
            1 => ValType::I64,
            _ => ValType::Ref(self.any_reference(rng)),
        }
    }

    /// Whether one reference type is the other, or below it.
    pub(super) fn fits(&self, ty: RefType, to: RefType) -> bool {
        (to.nullable || !ty.nullable) && self.heap_fits(ty.heap_type, to.heap_type)
    }

    /// Whether one type of values is the other, or below it.
    pub(super) fn value_fits(&self, ty: ValType, to: ValType) -> bool {
        match (ty, to) {
            (ValType::Ref(ty), ValType::Ref(to)) => self.fits(ty, to),
            _ => ty == to,
        }
    }

    fn heap_fits(&self, ty: HeapType, to: HeapType) -> bool {
        use Abstract::{Any, Array, Eq, Extern, Func, I31, NoExtern, NoFunc, None, Struct};
        if ty == to {
            return true;
        }
        let HeapType::Concrete(index) = ty else {
            let HeapType::Abstract { ty: low, .. } = ty else {
                return false;
            };
            return match to {
                HeapType::Concrete(_) => match self.top(to) {
                    Func => low == NoFunc,
                    _ => low == None,
                },
                HeapType::Abstract { ty: high, .. } => match high {
                    Any => matches!(low, Eq | I31 | Struct | Array | None),
                    Eq => matches!(low, I31 | Struct | Array | None),
                    I31 | Struct | Array => low == None,
                    Func => low == NoFunc,
                    Extern => low == NoExtern,
                    _ => false,
                },
                HeapType::Exact(_) => false,
            };
        };
        match to {
            HeapType::Concrete(_) => self.defs[index as usize]
                .above
                .is_some_and(|above| self.heap_fits(HeapType::Concrete(above), to)),
            HeapType::Abstract { ty: high, .. } => match self.kind(index) {
                Kind::Struct(_) => matches!(high, Struct | Eq | Any),
                Kind::Array(_) => matches!(high, Array | Eq | Any),
                Kind::Func(..) => high == Func,
            },
            HeapType::Exact(_) => false,
        }
    }

    /// The type above all others that a heap type has anything to do with.
    pub(super) fn top(&self, ty: HeapType) -> Abstract {
        use Abstract::{Any, Exn, Extern, Func, NoExtern, NoFunc};
        match ty {
            HeapType::Concrete(index) | HeapType::Exact(index) => match self.kind(index) {
                Kind::Func(..) => Func,
                _ => Any,
            },
            HeapType::Abstract { ty, .. } => match ty {
                Func | NoFunc => Func,
                Extern | NoExtern => Extern,
                Exn => Exn,
                _ => Any,
            },
        }
    }

    /// The type section.
    pub(super) fn section(&self) -> TypeSection {
        let mut section = TypeSection::new();
        for group in &self.groups {
            let defs = self.defs[group.clone()].iter().map(|def| SubType {
                is_final: def.is_final,
                supertype_idx: def.above,
                composite_type: CompositeType {
                    inner: match &def.kind {
                        Kind::Struct(fields) => CompositeInnerType::Struct(StructType {
                            fields: fields.clone().into(),
                        }),
                        Kind::Array(element) => CompositeInnerType::Array(ArrayType(*element)),
                        Kind::Func(params, results) => CompositeInnerType::Func(FuncType::new(
                            params.iter().copied(),
                            results.iter().copied(),
                        )),
                    },
                    shared: false,
                    descriptor: None,
                    describes: None,
                },
            });
            section.ty().rec(defs);
        }
        section
    }
}

fn some_abstract(rng: &mut Rng) -> Abstract {
    const SOME: [Abstract; 12] = [
        Abstract::Any,
        Abstract::Any,
        Abstract::Any,
        Abstract::Eq,
        Abstract::Eq,
        Abstract::I31,
        Abstract::Struct,
        Abstract::Array,
        Abstract::Func,
        Abstract::Func,
        Abstract::Extern,
        Abstract::Exn,
    ];
    SOME[rng.usize(..SOME.len())]
}
