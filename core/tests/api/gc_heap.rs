//! The garbage-collected heap, through the host's API: random graphs, roots, limits, what is given back.

use crate::support::{Random, check_error, config, engine, instantiate};
use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::Arc;
use wasmetal::{
    AnyRef, ArrayRef, ArrayRefPre, ArrayType, AsContextMut, Config, Engine, EqRef, ExnRef,
    ExternRef, FieldType, GcHeapOutOfMemory, HeapType, I31, Mutability, OwnedRooted, RootScope,
    Rooted, StorageType, Store, StoreLimitsBuilder, StructRef, StructRefPre, StructType, Trap, Val,
    ValType,
};
use wasmetal_platform::Operation;
use wasmetal_platform::fake::Fake;

/// The configurations that differ for the heap: guard pages or not, how often it collects.
pub(crate) fn configs() -> Vec<Config> {
    let mut configs = Vec::new();
    for explicit in [false, true] {
        for reservation in [None, Some(1 << 24)] {
            for zeal in [None, NonZeroU32::new(1), NonZeroU32::new(7)] {
                let mut config = config();
                config
                    .explicit_checks(explicit)
                    .gc_heap_initial_size(1 << 14)
                    .gc_zeal_alloc_counter(zeal);
                if let Some(bytes) = reservation {
                    config.gc_heap_reservation(bytes);
                }
                configs.push(config);
            }
        }
    }
    configs
}

fn field(ty: impl Into<StorageType>) -> FieldType {
    FieldType::new(Mutability::Var, ty.into())
}

/// What a reference is to be.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Link {
    Null,
    Number(i32),
    Host(usize),
    Node(usize),
}

/// What an object is to hold.
#[derive(Clone, Debug)]
struct Node {
    links: Vec<Link>,
    is_array: bool,
}

/// A graph in a store's heap, and what it is to be.
struct Graph {
    store: Store<()>,
    random: Random,
    node: StructRefPre,
    large: StructRefPre,
    array: ArrayRefPre,
    nodes: Vec<Node>,
    /// How many there are of each host value: 1, and 1 more while the store keeps it.
    hosts: Vec<Arc<usize>>,
    roots: HashMap<usize, OwnedRooted<AnyRef>>,
}

impl Graph {
    fn new(config: &Config, seed: u64) -> Self {
        let engine = Engine::new(config).unwrap();
        let mut store = Store::new(&engine, ());
        let links = [ValType::ANYREF; 2].map(field);
        let start = [field(ValType::I64), field(StorageType::I8)];
        let ty = StructType::new(&engine, start.into_iter().chain(links)).unwrap();
        let node = StructRefPre::new(&mut store, ty);
        // So many fields that the header does not say where references are.
        let start = [field(ValType::I64)].into_iter();
        let links = (0..100).map(|_| field(ValType::ANYREF));
        let ty = StructType::new(&engine, start.chain(links)).unwrap();
        let large = StructRefPre::new(&mut store, ty);
        let ty = ArrayType::new(&engine, field(ValType::ANYREF));
        let array = ArrayRefPre::new(&mut store, ty);
        Self {
            store,
            random: Random(seed),
            node,
            large,
            array,
            nodes: Vec::new(),
            hosts: Vec::new(),
            roots: HashMap::new(),
        }
    }

    /// Something to refer to: most often what is rooted.
    fn link(&mut self) -> Link {
        match self.random.below(8) {
            0 => Link::Null,
            1 => Link::Number(self.random.below(1000) as i32 - 500),
            2 => {
                self.hosts.push(Arc::new(self.hosts.len()));
                Link::Host(self.hosts.len() - 1)
            }
            _ if self.roots.is_empty() => Link::Null,
            _ => Link::Node(self.rooted()),
        }
    }

    /// A rooted node.
    fn rooted(&mut self) -> usize {
        let mut nodes: Vec<_> = self.roots.keys().copied().collect();
        nodes.sort_unstable();
        nodes[self.random.below(nodes.len())]
    }

    /// The value for a link, rooted in the innermost scope.
    fn value(
        mut store: impl AsContextMut,
        hosts: &[Arc<usize>],
        roots: &HashMap<usize, OwnedRooted<AnyRef>>,
        link: Link,
    ) -> Val {
        match link {
            Link::Null => Val::null_any_ref(),
            Link::Number(number) => AnyRef::from_i31(store, I31::wrapping_i32(number)).into(),
            Link::Host(index) => {
                let value = ExternRef::new(&mut store, hosts[index].clone()).unwrap();
                AnyRef::convert_extern(store, value).unwrap().into()
            }
            Link::Node(node) => roots[&node].to_rooted(store).into(),
        }
    }

    fn make(&mut self) {
        let kind = self.random.below(16);
        let links: Vec<_> = match kind {
            0 => (0..self.random.below(50)).map(|_| self.link()).collect(),
            1 => (0..100).map(|_| self.link()).collect(),
            _ => (0..2).map(|_| self.link()).collect(),
        };
        let id = self.nodes.len();
        let mut store = RootScope::new(&mut self.store);
        let values = links.iter();
        let values = values.map(|link| Self::value(&mut store, &self.hosts, &self.roots, *link));
        let mut values: Vec<_> = values.collect();
        let object: Rooted<AnyRef> = match kind {
            0 => {
                let array = ArrayRef::new_fixed(&mut store, &self.array, &values).unwrap();
                array.into()
            }
            1 => {
                values.insert(0, Val::I64(id as i64));
                StructRef::new(&mut store, &self.large, &values)
                    .unwrap()
                    .into()
            }
            _ => {
                values.splice(0..0, [Val::I64(id as i64), Val::I32(id as u8 as i32)]);
                StructRef::new(&mut store, &self.node, &values)
                    .unwrap()
                    .into()
            }
        };
        let object = object.to_owned_rooted(&mut store).unwrap();
        drop(store);
        self.roots.insert(id, object);
        self.nodes.push(Node {
            links,
            is_array: kind == 0,
        });
    }

    fn set(&mut self) {
        if self.roots.is_empty() {
            return;
        }
        let (id, link) = (self.rooted(), self.link());
        let len = self.nodes[id].links.len();
        if len == 0 {
            return;
        }
        let index = self.random.below(len);
        let mut store = RootScope::new(&mut self.store);
        let value = Self::value(&mut store, &self.hosts, &self.roots, link);
        let object = self.roots[&id].to_rooted(&mut store);
        if self.nodes[id].is_array {
            let array = object.unwrap_array(&store).unwrap();
            array.set(&mut store, index as u32, value).unwrap();
        } else {
            let object = object.unwrap_struct(&store).unwrap();
            let first = object.ty(&store).unwrap().fields().len() - len;
            let index = first + index;
            object.set_field(&mut store, index, value).unwrap();
        }
        drop(store);
        self.nodes[id].links[index] = link;
    }

    /// Compares all that is reachable with what it is to be.
    fn check(&mut self) {
        let mut found: HashMap<usize, OwnedRooted<AnyRef>> = HashMap::new();
        let mut hosts = vec![false; self.hosts.len()];
        let mut open: Vec<usize> = self.roots.keys().copied().collect();
        for (id, root) in &self.roots {
            found.insert(*id, root.clone());
        }
        while let Some(id) = open.pop() {
            let mut scope = RootScope::new(&mut self.store);
            let object = found[&id].to_rooted(&mut scope);
            let node = self.nodes[id].clone();
            let values: Vec<Val> = if node.is_array {
                let array = object.unwrap_array(&scope).unwrap();
                assert_eq!(array.len(&scope).unwrap() as usize, node.links.len());
                array.elems(&mut scope).unwrap().collect()
            } else {
                let object = object.unwrap_struct(&scope).unwrap();
                let fields: Vec<Val> = object.fields(&mut scope).unwrap().collect();
                let start = fields.len() - node.links.len();
                assert_eq!(fields[0].unwrap_i64(), id as i64);
                if start == 2 {
                    assert_eq!(fields[1].unwrap_i32(), id as u8 as i32);
                }
                fields[start..].to_vec()
            };
            assert_eq!(values.len(), node.links.len());
            for (value, link) in values.iter().zip(&node.links) {
                let value = value.unwrap_anyref().copied();
                match *link {
                    Link::Null => assert!(value.is_none()),
                    Link::Number(number) => {
                        let found = value.unwrap().unwrap_i31(&scope).unwrap();
                        assert_eq!(found.get_i32(), number);
                    }
                    Link::Host(index) => {
                        let value = ExternRef::convert_any(&mut scope, value.unwrap()).unwrap();
                        let data = value.data(&scope).unwrap().unwrap();
                        assert_eq!(**data.downcast_ref::<Arc<usize>>().unwrap(), index);
                        hosts[index] = true;
                    }
                    Link::Node(id) => {
                        let value = value.unwrap();
                        match found.get(&id) {
                            Some(known) => {
                                assert!(Rooted::ref_eq(&scope, &value, known).unwrap());
                            }
                            None => {
                                let owned = value.to_owned_rooted(&mut scope).unwrap();
                                found.insert(id, owned);
                                open.push(id);
                            }
                        }
                    }
                }
            }
        }
        drop(found);
        // What is not referred to is gone, and nothing else.
        self.store.gc(None).unwrap();
        for (index, host) in self.hosts.iter().enumerate() {
            let count = Arc::strong_count(host);
            assert_eq!(count > 1, hosts[index], "host value {index}: {count}");
        }
    }
}

#[test]
fn random_graphs() {
    for (seed, config) in configs().iter().enumerate() {
        let mut graph = Graph::new(config, 0x9e37_79b9_7f4a_7c15 + seed as u64);
        for round in 0..20 {
            for _ in 0..150 {
                match graph.random.below(10) {
                    0..6 => graph.make(),
                    6..8 => graph.set(),
                    _ if graph.roots.is_empty() => {}
                    _ => {
                        let id = graph.rooted();
                        graph.roots.remove(&id);
                    }
                }
            }
            graph.check();
            // Most of it becomes garbage now and then.
            if round % 5 == 4 {
                graph.roots.retain(|id, _| id % 16 == 0);
            }
        }
    }
}

fn cell(engine: &Engine, store: &mut Store<impl Sized + 'static>) -> StructRefPre {
    let ty = StructType::new(engine, [field(ValType::ANYREF), field(ValType::I64)]).unwrap();
    StructRefPre::new(store, ty)
}

#[test]
fn a_root_beyond_its_scope_is_an_error() {
    let engine = engine();
    let mut store = Store::new(&engine, ());
    let pre = cell(&engine, &mut store);
    let mut scope = RootScope::new(&mut store);
    let fields = [Val::null_any_ref(), Val::I64(1)];
    let late = StructRef::new(&mut scope, &pre, &fields).unwrap();
    let owned = late.to_owned_rooted(&mut scope).unwrap();
    drop(scope);
    // What comes to the same place is not what it was.
    let other = StructRef::new(&mut store, &pre, &fields).unwrap();
    const UNROOTED: &[&str] = &["unrooted"];
    check_error(late.field(&mut store, 1), UNROOTED);
    check_error(late.ty(&store), UNROOTED);
    check_error(late.to_owned_rooted(&mut store), UNROOTED);
    check_error(Rooted::ref_eq(&store, &late, &other), UNROOTED);
    check_error(Val::from(late).ty(&store), UNROOTED);
    check_error(other.set_field(&mut store, 0, late.into()), UNROOTED);
    check_error(
        StructRef::new(&mut store, &pre, &[late.into(), Val::I64(1)]),
        UNROOTED,
    );
    assert_eq!(owned.field(&mut store, 1).unwrap().unwrap_i64(), 1);
    assert!(!Rooted::ref_eq(&store, &owned, &other).unwrap());
    let anyref: OwnedRooted<AnyRef> = owned.into();
    assert!(anyref.is_struct(&store).unwrap());
}

#[test]
fn types_of_references() {
    let engine = engine();
    let mut store = Store::new(&engine, ());
    let pre = cell(&engine, &mut store);
    let fields = [Val::null_any_ref(), Val::I64(1)];
    let object = StructRef::new(&mut store, &pre, &fields).unwrap();
    let ty = object.ty(&store).unwrap();
    let any = object.to_anyref();
    assert_eq!(
        any.ty(&store).unwrap(),
        HeapType::ConcreteStruct(ty.clone())
    );
    let matches = |any: Rooted<AnyRef>, ty| any.matches_ty(&store, &ty).unwrap();
    assert!(matches(any, HeapType::Eq) && matches(any, HeapType::Struct));
    assert!(!matches(any, HeapType::Array) && !matches(any, HeapType::I31));
    assert!(any.as_array(&store).unwrap().is_none());
    assert!(any.as_i31(&store).unwrap().is_none());
    let eq: Rooted<EqRef> = any.unwrap_eqref(&store).unwrap();
    assert!(eq.is_struct(&store).unwrap());
    let host = ExternRef::new(&mut store, 1).unwrap();
    let host = AnyRef::convert_extern(&mut store, host).unwrap();
    assert!(host.as_eqref(&store).unwrap().is_none());
    assert_eq!(host.ty(&store).unwrap(), HeapType::Any);
    let raw = any.to_raw(&mut store).unwrap();
    let same = AnyRef::from_raw(&mut store, raw).unwrap();
    assert!(Rooted::ref_eq(&store, &any, &same).unwrap());
    // Numbers that stand for nothing.
    for raw in [0, 2 + (7 << 2), 4, raw + 4, raw + 8, 0xffff_fff8] {
        assert!(AnyRef::from_raw(&mut store, raw).is_none(), "{raw:#x}");
    }
}

#[test]
fn values_of_all_types() {
    let engine = engine();
    let mut store = Store::new(&engine, ());
    let types: Vec<StorageType> = vec![
        StorageType::I8,
        ValType::F32.into(),
        StorageType::I16,
        ValType::V128.into(),
        ValType::FUNCREF.into(),
        ValType::EXTERNREF.into(),
        ValType::F64.into(),
    ];
    let func = wasmetal::Func::wrap(&mut store, || 5);
    let host = ExternRef::new(&mut store, 3).unwrap();
    let values = [
        Val::I32(0x1fe),
        Val::F32(0x7fc0_0001),
        Val::I32(0x1_ffff),
        Val::V128((1_u128 << 127 | 3).into()),
        Val::FuncRef(Some(func)),
        Val::ExternRef(Some(host)),
        Val::F64(1 << 63),
    ];
    let fields = types.iter().map(|ty| field(ty.clone()));
    let pre = StructRefPre::new(&mut store, StructType::new(&engine, fields).unwrap());
    let object = StructRef::new(&mut store, &pre, &values).unwrap();
    store.gc(None).unwrap();
    let found: Vec<Val> = object.fields(&mut store).unwrap().collect();
    assert_eq!(found[0].unwrap_i32(), 0xfe);
    assert_eq!(found[1].unwrap_f32().to_bits(), 0x7fc0_0001);
    assert_eq!(found[2].unwrap_i32(), 0xffff);
    assert_eq!(found[3].unwrap_v128().as_u128(), 1 << 127 | 3);
    let func = found[4].unwrap_funcref().unwrap();
    assert_eq!(
        func.typed::<(), i32>(&store)
            .unwrap()
            .call(&mut store, ())
            .unwrap(),
        5
    );
    let found_host = found[5].unwrap_externref().unwrap();
    assert!(Rooted::ref_eq(&store, found_host, &host).unwrap());
    assert_eq!(found[6].unwrap_f64().to_bits(), 1 << 63);
    for (ty, value) in types.iter().zip(values) {
        let ty = ArrayType::new(&engine, field(ty.clone()));
        let pre = ArrayRefPre::new(&mut store, ty);
        let array = ArrayRef::new(&mut store, &pre, &value, 5).unwrap();
        store.gc(None).unwrap();
        assert_eq!(array.elems(&mut store).unwrap().len(), 5);
        array.set(&mut store, 4, value).unwrap();
        check_error(array.set(&mut store, 5, value), &["out of bounds"]);
        check_error(array.get(&mut store, u32::MAX), &["out of bounds"]);
        check_error(array.set(&mut store, 0, Val::I64(1)), &["type mismatch"]);
    }
    let bytes = ArrayType::new(&engine, field(StorageType::I8));
    let pre = ArrayRefPre::new(&mut store, bytes);
    let array = ArrayRef::new_from_i8_slice(&mut store, &pre, b"hello").unwrap();
    let mut copy = [0; 5];
    array.copy_to_i8_slice(&mut store, &mut copy).unwrap();
    assert_eq!(&copy, b"hello");
    check_error(
        array.copy_to_i8_slice(&mut store, &mut [0; 4]),
        &["5 elements"],
    );
    check_error(object.field(&mut store, 7), &["7 fields"]);
}

#[test]
fn what_must_not_be_is_refused() {
    let engine = engine();
    let mut store = Store::new(&engine, ());
    let constant = FieldType::new(Mutability::Const, ValType::I32.into());
    let ty = StructType::new(&engine, [constant.clone()]).unwrap();
    let pre = StructRefPre::new(&mut store, ty);
    check_error(
        StructRef::new(&mut store, &pre, &[]),
        &["expected 1 fields, got 0"],
    );
    check_error(
        StructRef::new(&mut store, &pre, &[Val::I64(1)]),
        &["type mismatch"],
    );
    let object = StructRef::new(&mut store, &pre, &[Val::I32(1)]).unwrap();
    check_error(
        object.set_field(&mut store, 0, Val::I32(2)),
        &["not mutable"],
    );
    let pre = ArrayRefPre::new(&mut store, ArrayType::new(&engine, constant));
    let array = ArrayRef::new_fixed(&mut store, &pre, &[Val::I32(1)]).unwrap();
    check_error(array.set(&mut store, 0, Val::I32(2)), &["not mutable"]);
    let mut other = Store::new(&engine, ());
    let pre = cell(&engine, &mut other);
    check_error(
        StructRef::new(&mut other, &pre, &[object.into(), Val::I64(1)]),
        &["wrong store"],
    );
}

/// Makes a list until there is no room; how many cells it has.
fn fill(store: &mut Store<impl Sized + 'static>, pre: &StructRefPre) -> (usize, wasmetal::Error) {
    let mut list: Option<OwnedRooted<StructRef>> = None;
    for count in 0.. {
        let mut scope = RootScope::new(&mut *store);
        let next = list.as_ref().map(|cell| cell.to_rooted(&mut scope));
        let fields = [next.into(), Val::I64(count as i64)];
        match StructRef::new(&mut scope, pre, &fields) {
            Ok(cell) => list = Some(cell.to_owned_rooted(&mut scope).unwrap()),
            Err(error) => return (count, error),
        }
    }
    unreachable!()
}

#[test]
fn a_full_heap_is_an_error_and_the_store_goes_on() {
    for mut config in configs() {
        // Each allocation would copy all that is there.
        config.gc_zeal_alloc_counter(None);
        let engine = Engine::new(&config).unwrap();
        let limits = StoreLimitsBuilder::new().memory_size(1 << 20).build();
        let mut store = Store::new(&engine, limits);
        store.limiter(|limits| limits);
        let pre = cell(&engine, &mut store);
        for _ in 0..3 {
            let (count, error) = fill(&mut store, &pre);
            // A cell takes 24 bytes, and half of the heap is in use.
            assert!((1 << 20) / 2 / 24 - count < 500, "{count}");
            assert!(store.gc_heap_capacity() <= 1 << 20);
            let error = error.downcast::<GcHeapOutOfMemory<()>>().unwrap();
            assert_eq!(error.bytes_needed(), 24);
            // The list is no longer rooted.
            store.gc(Some(&error)).unwrap();
            StructRef::new(&mut store, &pre, &[Val::null_any_ref(), Val::I64(1)]).unwrap();
        }
        let large = ArrayType::new(&engine, field(ValType::I64));
        let large = ArrayRefPre::new(&mut store, large);
        let mut make = |len| ArrayRef::new(&mut store, &large, &Val::I64(0), len);
        for len in [1 << 20, (1 << 29) - 3] {
            let error = make(len).unwrap_err();
            assert!(error.is::<GcHeapOutOfMemory<()>>(), "{error:?}");
        }
        for len in [(1 << 29) - 2, u32::MAX] {
            let error = make(len).unwrap_err();
            assert_eq!(error.downcast_ref(), Some(&Trap::AllocationTooLarge));
        }
        ArrayRef::new(&mut store, &large, &Val::I64(0), 1 << 10).unwrap();
    }
}

#[test]
fn everything_is_given_back() {
    for explicit in [false, true] {
        for operation in [Operation::Reserve, Operation::Commit] {
            for nth in 1..30 {
                let fake: &Fake =
                    Box::leak(Box::new(Fake::over(wasmetal_platform_linux::platform())));
                let mut config = Config::new(fake);
                config
                    .explicit_checks(explicit)
                    .gc_heap_initial_size(1 << 14);
                let engine = Engine::new(&config).unwrap();
                fake.fail(operation, nth);
                let mut store = Store::new(&engine, ());
                let pre = cell(&engine, &mut store);
                let mut list: Option<OwnedRooted<StructRef>> = None;
                let mut failures = 0;
                for i in 0..20_000 {
                    let mut scope = RootScope::new(&mut store);
                    let next = list.as_ref().map(|cell| cell.to_rooted(&mut scope));
                    match StructRef::new(&mut scope, &pre, &[next.into(), Val::I64(i)]) {
                        Ok(cell) => list = Some(cell.to_owned_rooted(&mut scope).unwrap()),
                        Err(error) => {
                            assert!(error.is::<GcHeapOutOfMemory<()>>(), "{error:?}");
                            failures += 1;
                        }
                    }
                }
                assert!(failures <= 1, "{operation:?} {nth}: {failures}");
                drop(store);
                drop(engine);
                let left = (fake.live_reservations(), fake.committed_pages());
                assert_eq!(left, (0, 0), "{operation:?} {nth}");
            }
        }
    }
}

#[test]
fn unused_heaps_cost_nothing() {
    let fake: &Fake = Box::leak(Box::new(Fake::over(wasmetal_platform_linux::platform())));
    let engine = Engine::new(&Config::new(fake)).unwrap();
    let store = Store::new(&engine, ());
    assert_eq!((fake.live_reservations(), store.gc_heap_capacity()), (0, 0));
}

/// Numbers of references that the host was never told are not believed, whatever lies there in the heap.
#[test]
fn forged_references() {
    let (mut store, instance) = instantiate(
        &engine(),
        r#"
            (type $secret (struct (field i64)))
            (type $longs (array (mut i64)))
            (func (export "secret") (result anyref) (struct.new $secret (i64.const 5)))
            (func (export "copy") (param anyref) (result anyref) (local.get 0))
            (func (export "longs") (result arrayref) (array.new $longs (i64.const 0) (i32.const 16)))
        "#,
        &[],
    )
    .unwrap();
    let mut call = |name: &str| {
        let func = instance.get_func(&mut store, name).unwrap();
        let mut result = [Val::I32(0)];
        func.call(&mut store, &[], &mut result).unwrap();
        *result[0].unwrap_any_ref().unwrap()
    };
    let (secret, longs) = (call("secret"), call("longs"));
    let longs = longs.unwrap_array(&store).unwrap();
    let raw = longs.to_anyref().to_raw(&mut store).unwrap();
    assert!(AnyRef::from_raw(&mut store, raw).is_some());
    // The header of an object, as elements of the array: every shape of a small struct, and every type.
    let mut forged = 0;
    for ty in 0..64_u64 {
        for shape in (1..1 << 14_u64).step_by(8) {
            longs
                .set(&mut store, 0, Val::I64((ty << 32 | shape).cast_signed()))
                .unwrap();
            let inside = (raw..raw + 32).step_by(8);
            forged += inside
                .filter_map(|raw| AnyRef::from_raw(&mut store, raw))
                .count();
        }
    }
    assert_eq!(forged, 64 * (1 << 14) / 8, "only the array itself");
    assert!(ExternRef::from_raw(&mut store, raw + 16).is_none());
    assert!(ExnRef::from_raw(&mut store, raw).is_none());
    // Told by another function of that name.
    let number = Val::from(secret).to_raw(&mut store).unwrap().get_i32() as u32;
    let same = AnyRef::from_raw(&mut store, number).unwrap();
    assert!(Rooted::ref_eq(&store, &secret, &same).unwrap());
    // After a collection objects have other numbers.
    store.gc(None).unwrap();
    assert!(AnyRef::from_raw(&mut store, number).is_none());
    let number = secret.to_raw(&mut store).unwrap();
    assert!(AnyRef::from_raw(&mut store, number).is_some());
}

/// A `Rooted` made of an owned reference lasts as long as that, and is never null.
#[test]
fn a_part_of_an_owned_reference_ends_with_it() {
    let engine = engine();
    let mut store = Store::new(&engine, ());
    let pre = cell(&engine, &mut store);
    let part = {
        let mut scope = RootScope::new(&mut store);
        let fields = [Val::null_any_ref(), Val::I64(1)];
        let object = StructRef::new(&mut scope, &pre, &fields).unwrap();
        let owned = object.to_anyref().to_owned_rooted(&mut scope).unwrap();
        owned.unwrap_struct(&scope).unwrap()
    };
    store.gc(None).unwrap();
    check_error(part.to_anyref().ty(&store), &["unrooted"]);
    check_error(Val::from(part).ty(&store), &["unrooted"]);
}
