//! How the data in an image is encoded.
//!
//! Numbers are LEB128, signed ones zigzag; a list is its length and its elements; of an enum comes first the variant's
//! place, in a byte. What reads is small above all, since it is in every firmware: the reader goes on after
//! damage, with zeros, and finds out at the end.

use crate::digest::Digest;
use crate::oom::{self, OutOfMemory, Watch};
use alloc::{boxed::Box, string::String, vec::Vec};
use core::ops::Range;
use cranelift_entity::{EntityRef, PrimaryMap};

/// What can be encoded, in at least one byte.
pub trait Wire<'a> {
    /// A digest of how it is encoded: of names, their order, and what they stand for.
    const SHAPE: u64;

    /// Appends it.
    fn write(&self, to: &mut Vec<u8>);

    /// Takes one off the front. Whatever comes out after damage is discarded.
    fn read(from: &mut Reader<'a>) -> Self;
}

/// The digest of what consists of others.
#[must_use]
pub const fn shape(what: &str, of: &[u64]) -> u64 {
    let mut digest = Digest::EMPTY.text(what);
    let mut i = 0;
    while i < of.len() {
        digest = digest.number(of[i]);
        i += 1;
    }
    digest.get()
}

/// What can stand in a variant: references to its fields.
pub trait Fields<'a> {
    /// The digests of the fields.
    const SHAPES: &'static [u64];
}

impl Fields<'_> for () {
    const SHAPES: &'static [u64] = &[];
}

impl<'a, A: Wire<'a>> Fields<'a> for (&A,) {
    const SHAPES: &'static [u64] = &[A::SHAPE];
}

impl<'a, A: Wire<'a>, B: Wire<'a>> Fields<'a> for (&A, &B) {
    const SHAPES: &'static [u64] = &[A::SHAPE, B::SHAPE];
}

/// The digest of a field or a variant, by how it is taken out of what has it.
#[must_use]
pub const fn shape_of<'a, T, F: Fields<'a>>(name: &str, _: fn(&'a T) -> Option<F>) -> u64 {
    shape(name, F::SHAPES)
}

/// Encodes a value.
#[must_use]
pub fn encode<'a>(value: &impl Wire<'a>) -> Vec<u8> {
    let mut bytes = Vec::new();
    value.write(&mut bytes);
    bytes
}

/// Why bytes were not decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undecoded {
    /// They are not what can be encoded.
    Damaged,
    /// Memory is exhausted: it is not known what they are.
    OutOfMemory(OutOfMemory),
}

/// Decodes a value that takes up all of `bytes`. The memory it takes is at most that of one element for each byte.
///
/// # Errors
/// The bytes are damaged, or memory is exhausted.
#[inline]
pub fn decode<'a, T: Wire<'a>>(bytes: &'a [u8]) -> Result<T, Undecoded> {
    let mut from = Reader::new(bytes);
    let value = T::read(&mut from);
    match !from.damaged && from.rest.is_empty() {
        true => Ok(value),
        false => Err(match from.exhausted {
            Some(exhausted) => Undecoded::OutOfMemory(exhausted),
            None => Undecoded::Damaged,
        }),
    }
}

/// Decodes a value at the front of `bytes`, whatever follows; `None` if they are damaged.
pub fn first<'a, T: Wire<'a>>(bytes: &'a [u8]) -> Option<T> {
    let mut from = Reader::new(bytes);
    let value = T::read(&mut from);
    (!from.damaged).then_some(value)
}

/// Bytes that are being decoded.
#[derive(Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
    damaged: bool,
    watch: Watch,
    exhausted: Option<OutOfMemory>,
}

impl<'a> Reader<'a> {
    #[inline]
    fn new(bytes: &'a [u8]) -> Self {
        Self {
            rest: bytes,
            damaged: false,
            watch: Watch::now(),
            exhausted: None,
        }
    }

    /// Goes on as after [damage](Self::damage), if memory is exhausted.
    #[inline]
    fn check<T: Default>(&mut self, made: Result<T, OutOfMemory>) -> T {
        match made {
            Ok(made) => made,
            Err(exhausted) => {
                self.exhaust(exhausted);
                T::default()
            }
        }
    }

    #[cold]
    #[inline(never)]
    fn exhaust(&mut self, exhausted: OutOfMemory) {
        self.damage();
        self.exhausted = Some(exhausted);
    }

    /// Says that the bytes are damaged: from now on there are none, and all that is read is 0.
    #[cold]
    #[inline(never)]
    pub fn damage(&mut self) {
        (self.rest, self.damaged) = (&[], true);
    }

    /// The next byte.
    #[inline]
    pub fn byte(&mut self) -> u8 {
        match self.rest.split_first() {
            Some((byte, rest)) => {
                self.rest = rest;
                *byte
            }
            None => {
                self.damage();
                0
            }
        }
    }

    /// The next number, which is not above `max`, of at least 7 bits.
    #[inline]
    fn number(&mut self, max: u64) -> u64 {
        // Most numbers are small, and most of the time that decoding takes is spent here.
        if let Some((byte, rest)) = self.rest.split_first()
            && *byte < 0x80
        {
            self.rest = rest;
            return (*byte).into();
        }
        self.long_number(max)
    }

    /// As [`number`](Self::number), of any length.
    #[inline(never)]
    fn long_number(&mut self, max: u64) -> u64 {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte();
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                if number <= max && (shift < 63 || byte < 2) {
                    return number;
                }
                break;
            }
        }
        self.damage();
        0
    }

    /// The next `len` bytes.
    fn bytes(&mut self, len: usize) -> &'a [u8] {
        match self.rest.split_at_checked(len) {
            Some((bytes, rest)) => {
                self.rest = rest;
                bytes
            }
            None => {
                self.damage();
                &[]
            }
        }
    }
}

fn write_number(mut number: u64, to: &mut Vec<u8>) {
    while number >= 0x80 {
        to.push(number as u8 | 0x80);
        number >>= 7;
    }
    to.push(number as u8);
}

macro_rules! numbers {
    ($($ty:ty)*) => {$(
        impl Wire<'_> for $ty {
            const SHAPE: u64 = shape(stringify!($ty), &[]);

            fn write(&self, to: &mut Vec<u8>) {
                write_number(*self as u64, to);
            }

            fn read(from: &mut Reader<'_>) -> Self {
                from.number(Self::MAX as u64) as Self
            }
        }
    )*};
}

numbers!(u8 u32 u64 usize);

impl Wire<'_> for bool {
    const SHAPE: u64 = shape("bool", &[]);

    fn write(&self, to: &mut Vec<u8>) {
        to.push((*self).into());
    }

    fn read(from: &mut Reader<'_>) -> Self {
        let byte = from.byte();
        if byte > 1 {
            from.damage();
        }
        byte == 1
    }
}

impl Wire<'_> for i64 {
    const SHAPE: u64 = shape("i64", &[]);

    fn write(&self, to: &mut Vec<u8>) {
        write_number((*self << 1 ^ *self >> 63) as u64, to);
    }

    fn read(from: &mut Reader<'_>) -> Self {
        let zigzag = from.number(u64::MAX);
        (zigzag >> 1) as i64 ^ -((zigzag & 1) as i64)
    }
}

impl Wire<'_> for i32 {
    const SHAPE: u64 = shape("i32", &[]);

    fn write(&self, to: &mut Vec<u8>) {
        i64::from(*self).write(to);
    }

    fn read(from: &mut Reader<'_>) -> Self {
        i64::read(from).try_into().unwrap_or_else(|_| {
            from.damage();
            0
        })
    }
}

impl Wire<'_> for u128 {
    const SHAPE: u64 = shape("u128", &[]);

    fn write(&self, to: &mut Vec<u8>) {
        (*self as u64).write(to);
        ((*self >> 64) as u64).write(to);
    }

    fn read(from: &mut Reader<'_>) -> Self {
        u128::from(u64::read(from)) | u128::from(u64::read(from)) << 64
    }
}

impl<'a> Wire<'a> for &'a [u8] {
    const SHAPE: u64 = shape("bytes", &[]);

    fn write(&self, to: &mut Vec<u8>) {
        self.len().write(to);
        to.extend_from_slice(self);
    }

    fn read(from: &mut Reader<'a>) -> Self {
        let len = usize::read(from);
        from.bytes(len)
    }
}

impl<'a> Wire<'a> for &'a str {
    const SHAPE: u64 = String::SHAPE;

    fn write(&self, to: &mut Vec<u8>) {
        self.as_bytes().write(to);
    }

    fn read(from: &mut Reader<'a>) -> Self {
        core::str::from_utf8(Wire::read(from)).unwrap_or_else(|_| {
            from.damage();
            ""
        })
    }
}

impl Wire<'_> for String {
    const SHAPE: u64 = shape("String", &[]);

    fn write(&self, to: &mut Vec<u8>) {
        self.as_str().write(to);
    }

    fn read(from: &mut Reader<'_>) -> Self {
        let text = <&str>::read(from);
        from.check(oom::string(text))
    }
}

impl<'a, T: Wire<'a>> Wire<'a> for Option<T> {
    const SHAPE: u64 = shape("option", &[T::SHAPE]);

    fn write(&self, to: &mut Vec<u8>) {
        self.is_some().write(to);
        if let Some(value) = self {
            value.write(to);
        }
    }

    fn read(from: &mut Reader<'a>) -> Self {
        bool::read(from).then(|| T::read(from))
    }
}

impl<'a, T: Wire<'a>> Wire<'a> for Vec<T> {
    const SHAPE: u64 = shape("list", &[T::SHAPE]);

    fn write(&self, to: &mut Vec<u8>) {
        write_list(self.iter(), to);
    }

    fn read(from: &mut Reader<'a>) -> Self {
        let len = from.number(from.rest.len() as u64) as usize;
        let mut list = from.check(oom::vec(len));
        // Nothing is pushed where there was no room.
        while list.len() < len.min(list.capacity()) {
            list.push(T::read(from));
            let passed = from.watch.check();
            from.check(passed);
        }
        list
    }
}

fn write_list<'a, 'b, T: Wire<'a> + 'b>(
    list: impl ExactSizeIterator<Item = &'b T>,
    to: &mut Vec<u8>,
) {
    list.len().write(to);
    for item in list {
        item.write(to);
    }
}

impl<'a, T: Wire<'a>> Wire<'a> for Box<[T]> {
    const SHAPE: u64 = Vec::<T>::SHAPE;

    fn write(&self, to: &mut Vec<u8>) {
        write_list(self.iter(), to);
    }

    fn read(from: &mut Reader<'a>) -> Self {
        Vec::read(from).into()
    }
}

impl<'a, K: EntityRef, T: Wire<'a>> Wire<'a> for PrimaryMap<K, T> {
    const SHAPE: u64 = Vec::<T>::SHAPE;

    fn write(&self, to: &mut Vec<u8>) {
        write_list(self.values(), to);
    }

    fn read(from: &mut Reader<'a>) -> Self {
        Vec::read(from).into()
    }
}

impl<'a, A: Wire<'a>, B: Wire<'a>> Wire<'a> for (A, B) {
    const SHAPE: u64 = shape("pair", &[A::SHAPE, B::SHAPE]);

    fn write(&self, to: &mut Vec<u8>) {
        self.0.write(to);
        self.1.write(to);
    }

    fn read(from: &mut Reader<'a>) -> Self {
        (A::read(from), B::read(from))
    }
}

impl<'a, T: Wire<'a>> Wire<'a> for Range<T> {
    const SHAPE: u64 = shape("range", &[T::SHAPE]);

    fn write(&self, to: &mut Vec<u8>) {
        self.start.write(to);
        self.end.write(to);
    }

    fn read(from: &mut Reader<'a>) -> Self {
        T::read(from)..T::read(from)
    }
}

/// Encodes and decodes a type, whose fields or variants are listed in order. A `sparse struct` is one most of whose fields
/// are empty in most cases: it is the set of those that are not, a `u32`, and these.
macro_rules! wire {
    (struct $name:ident { $($field:ident),* $(,)? }) => {
        impl<'a> $crate::wire::Wire<'a> for $name {
            const SHAPE: u64 = $crate::wire::shape("struct", &[$(
                $crate::wire::shape_of(stringify!($field), |this: &Self| Some((&this.$field,)))
            ),*]);

            fn write(&self, to: &mut ::alloc::vec::Vec<u8>) {
                let Self { $($field),* } = self;
                $($crate::wire::Wire::write($field, to);)*
            }

            fn read(from: &mut $crate::wire::Reader<'a>) -> Self {
                $(let $field = $crate::wire::Wire::read(from);)*
                Self { $($field),* }
            }
        }
    };
    (struct $name:ident(_)) => {
        impl<'a> $crate::wire::Wire<'a> for $name {
            const SHAPE: u64 = $crate::wire::shape_of("", |this: &Self| Some((&this.0,)));

            fn write(&self, to: &mut ::alloc::vec::Vec<u8>) {
                $crate::wire::Wire::write(&self.0, to);
            }

            fn read(from: &mut $crate::wire::Reader<'a>) -> Self {
                Self($crate::wire::Wire::read(from))
            }
        }
    };
    (sparse struct $name:ident { $($field:ident),* $(,)? }) => {
        impl<'a> $crate::wire::Wire<'a> for $name {
            const SHAPE: u64 = $crate::wire::shape("sparse struct", &[$(
                $crate::wire::shape_of(stringify!($field), |this: &Self| Some((&this.$field,)))
            ),*]);

            fn write(&self, to: &mut ::alloc::vec::Vec<u8>) {
                let empty = Self::default();
                let Self { $($field),* } = self;
                let there = [$(*$field != empty.$field),*];
                let set = there.iter().rev().fold(0, |set, there| set << 1 | u32::from(*there));
                $crate::wire::Wire::write(&set, to);
                $(
                    if *$field != empty.$field {
                        $crate::wire::Wire::write($field, to);
                    }
                )*
            }

            fn read(from: &mut $crate::wire::Reader<'a>) -> Self {
                let mut set: u32 = $crate::wire::Wire::read(from);
                let mut this = Self::default();
                $(
                    if set & 1 != 0 {
                        this.$field = $crate::wire::Wire::read(from);
                    }
                    set >>= 1;
                )*
                if set != 0 {
                    from.damage();
                }
                this
            }
        }
    };
    (enum $name:ident {
        $($variant:ident $(($($field:ident),*))? $({ $($named:ident),* })?),* $(,)?
    }) => {
        const _: () = {
            enum Place { $($variant,)* }

            impl<'a> $crate::wire::Wire<'a> for $name {
                const SHAPE: u64 = $crate::wire::shape("enum", &[$(
                    $crate::wire::shape_of(stringify!($variant), |this: &Self| match this {
                        Self::$variant $(($($field),*))? $({ $($named),* })? => {
                            Some(($($($field,)*)? $($($named,)*)?))
                        }
                        #[allow(unreachable_patterns, reason = "an enum may have one variant")]
                        _ => None,
                    })
                ),*]);

                fn write(&self, to: &mut ::alloc::vec::Vec<u8>) {
                    match self {
                        $(Self::$variant $(($($field),*))? $({ $($named),* })? => {
                            to.push(Place::$variant as u8);
                            $($($crate::wire::Wire::write($field, to);)*)?
                            $($($crate::wire::Wire::write($named, to);)*)?
                        })*
                    }
                }

                fn read(from: &mut $crate::wire::Reader<'a>) -> Self {
                    let place = from.byte();
                    $(
                        if place == Place::$variant as u8 {
                            $($(let $field = $crate::wire::Wire::read(from);)*)?
                            $($(let $named = $crate::wire::Wire::read(from);)*)?
                            return Self::$variant $(($($field),*))? $({ $($named),* })?;
                        }
                    )*
                    // Which makes it the first.
                    from.damage();
                    Self::read(from)
                }
            }
        };
    };
}

pub(crate) use wire;

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;
    use core::fmt::Debug;

    #[derive(Debug, Default, PartialEq)]
    struct Sparse {
        a: u32,
        b: Vec<u32>,
    }

    wire!(sparse struct Sparse { a, b });

    #[derive(Debug, PartialEq)]
    enum Variants {
        Unit,
        Tuple(u32, bool),
        Named { x: i64 },
    }

    wire!(enum Variants { Unit, Tuple(a, b), Named { x } });

    #[test]
    fn what_is_written_is_read() {
        fn check<T: for<'a> Wire<'a> + Debug + PartialEq>(value: T, expected: &[u8]) {
            let bytes = encode(&value);
            assert_eq!(bytes, expected, "{value:?}");
            assert_eq!(decode::<T>(&bytes).as_ref(), Ok(&value));
            for len in 0..bytes.len() {
                assert_eq!(
                    decode::<T>(&bytes[..len]),
                    Err(Undecoded::Damaged),
                    "{value:?} cut to {len}"
                );
            }
            let longer = [&bytes[..], &[0]].concat();
            assert_eq!(
                decode::<T>(&longer),
                Err(Undecoded::Damaged),
                "{value:?} and more"
            );
        }
        check(0_u32, &[0]);
        check(300_u32, &[0xac, 2]);
        check(u32::MAX, &[0xff, 0xff, 0xff, 0xff, 0xf]);
        check(
            u64::MAX,
            &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1],
        );
        check(-1_i32, &[1]);
        check(i32::MIN, &[0xff, 0xff, 0xff, 0xff, 0xf]);
        check(
            i64::MIN,
            &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1],
        );
        check(1_u128 << 64 | 2, &[2, 1]);
        check(String::from("hé"), &[3, b'h', 0xc3, 0xa9]);
        check(vec![(1_u32, true), (2, false)], &[2, 1, 1, 2, 0]);
        check(Some(Box::<[u8]>::from([7])), &[1, 1, 7]);
        check(None::<u32>, &[0]);
        check(3_u32..4, &[3, 4]);
        check(Sparse::default(), &[0]);
        check(Sparse { a: 0, b: vec![5] }, &[2, 1, 5]);
        check(Variants::Unit, &[0]);
        check(Variants::Tuple(1, true), &[1, 1, 1]);
        check(Variants::Named { x: -2 }, &[2, 3]);
    }

    #[test]
    fn damage_is_found() {
        fn check<T: for<'a> Wire<'a> + Debug>(bytes: &[u8]) {
            assert!(decode::<T>(bytes).is_err(), "{bytes:x?}");
        }
        check::<u8>(&[0x80, 2]);
        check::<u32>(&[0xff, 0xff, 0xff, 0xff, 0x1f]);
        check::<u64>(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2]);
        check::<u64>(&[0x80; 20]);
        check::<i32>(&[0xff, 0xff, 0xff, 0xff, 0x1f]);
        check::<bool>(&[2]);
        check::<String>(&[1, 0xff]);
        check::<String>(&[0xff, 0xff, 0xff, 0xff, 0xf]);
        check::<Vec<u64>>(&[0xff, 0xff, 0xff, 0xff, 0xf, 0]);
        check::<Vec<Vec<u8>>>(&[2, 1, 0]);
        check::<Variants>(&[3]);
        check::<Variants>(&[0xff, 0, 0]);
        check::<Sparse>(&[4]);
    }
}
