//! The guest's memory: every pointer and every length of a guest is checked here, once, and nowhere else.
//!
//! As the definition of preview 1 says, a pointer that is out of bounds or not aligned ends the guest.

use crate::Errno;
use crate::error::{Done, Fault};
use alloc::vec::Vec;
use core::ops::Range;
use wasmetal::error::format_err;

/// The longest path, in bytes.
const MAX_PATH: usize = 4096;
/// The most buffers of one call.
const MAX_BUFFERS: u32 = 1024;
/// Lists of buffers up to this length take no heap.
const FEW: usize = 8;

/// A guest's memory, during a call. Nothing of the guest runs meanwhile.
pub(crate) struct Guest<'a> {
    memory: &'a mut [u8],
}

/// Something with a place and an alignment in guests' memory.
pub(crate) trait Layout {
    const SIZE: u32;
    const ALIGN: u32;
}

/// What guests hand over.
pub(crate) trait Load: Layout + Sized {
    /// `bytes` are `SIZE`.
    fn load(bytes: &[u8]) -> Done<Self>;
}

/// What guests are given.
pub(crate) trait Store: Layout {
    /// `bytes` are `SIZE`, zeroes.
    fn store(&self, bytes: &mut [u8]);
}

macro_rules! integers {
    ($($ty:ty)*) => {$(
        impl Layout for $ty {
            const SIZE: u32 = size_of::<$ty>() as u32;
            const ALIGN: u32 = size_of::<$ty>() as u32;
        }

        impl Load for $ty {
            fn load(bytes: &[u8]) -> Done<Self> {
                let mut all = [0; size_of::<$ty>()];
                all.copy_from_slice(&bytes[..size_of::<$ty>()]);
                Ok(Self::from_le_bytes(all))
            }
        }

        impl Store for $ty {
            fn store(&self, bytes: &mut [u8]) {
                bytes[..size_of::<$ty>()].copy_from_slice(&self.to_le_bytes());
            }
        }
    )*};
}

integers!(u8 u16 u32 u64);

/// A field of a record.
pub(crate) fn field<T: Load>(bytes: &[u8], at: usize) -> Done<T> {
    T::load(&bytes[at..])
}

/// Sets a field of a record.
pub(crate) fn set_field<T: Store>(bytes: &mut [u8], at: usize, value: T) {
    value.store(&mut bytes[at..]);
}

/// Buffers in a guest's memory, whose places are checked.
pub(crate) struct Buffers {
    few: [(usize, usize); FEW],
    len: usize,
    /// All of them, where there are more.
    many: Vec<(usize, usize)>,
}

impl Buffers {
    pub(crate) fn iter(&self) -> impl Iterator<Item = Range<usize>> {
        let all = match self.many.is_empty() {
            true => &self.few[..self.len],
            false => &self.many[..],
        };
        all.iter().map(|&(start, end)| start..end)
    }
}

impl<'a> Guest<'a> {
    pub(crate) fn new(memory: &'a mut [u8]) -> Self {
        Self { memory }
    }

    /// The one check.
    fn region(&self, at: u32, len: u64, align: u32) -> Done<Range<usize>> {
        if !at.is_multiple_of(align) {
            return Err(Fault::End(format_err!(
                "a pointer of the guest is not aligned: {at:#x}, to {align} bytes"
            )));
        }
        let end = u64::from(at).saturating_add(len);
        if end > self.memory.len() as u64 {
            return Err(Fault::End(format_err!(
                "a pointer of the guest is out of bounds: {len} bytes at {at:#x}"
            )));
        }
        Ok(at as usize..end as usize)
    }

    /// Bytes of a range that was checked.
    pub(crate) fn checked(&self, range: Range<usize>) -> &[u8] {
        &self.memory[range]
    }

    /// As [`checked`](Self::checked), to be written.
    pub(crate) fn checked_mut(&mut self, range: Range<usize>) -> &mut [u8] {
        &mut self.memory[range]
    }

    /// So many bytes, to be written.
    pub(crate) fn bytes_mut(&mut self, at: u32, len: u32) -> Done<&mut [u8]> {
        let range = self.region(at, len.into(), 1)?;
        Ok(self.checked_mut(range))
    }

    /// A value.
    pub(crate) fn read<T: Load>(&self, at: u32) -> Done<T> {
        T::load(&self.memory[self.region(at, T::SIZE.into(), T::ALIGN)?])
    }

    /// Writes a value.
    pub(crate) fn write<T: Store>(&mut self, at: u32, value: T) -> Done {
        let range = self.region(at, T::SIZE.into(), T::ALIGN)?;
        let bytes = &mut self.memory[range];
        bytes.fill(0);
        value.store(bytes);
        Ok(())
    }

    /// Where the elements of an array lie.
    pub(crate) fn array<T: Layout>(&self, at: u32, count: u32) -> Done<Array> {
        let len = u64::from(count) * u64::from(T::SIZE);
        let range = self.region(at, len, T::ALIGN)?;
        Ok(Array {
            start: range.start as u32,
            size: T::SIZE,
        })
    }

    /// A path.
    pub(crate) fn path(&self, at: u32, len: u32) -> Done<&str> {
        let bytes = &self.memory[self.region(at, len.into(), 1)?];
        if bytes.len() > MAX_PATH {
            return Err(Errno::Nametoolong.into());
        }
        let path = core::str::from_utf8(bytes).map_err(|_| Errno::Ilseq)?;
        if path.contains('\0') {
            return Err(Errno::Inval.into());
        }
        Ok(path)
    }

    /// The buffers that a list names (`iovec_array`, `ciovec_array`). All are checked before anything is done with one, and
    /// what lies in them may be the list.
    pub(crate) fn buffers(&self, at: u32, count: u32) -> Done<Buffers> {
        let list = self.array::<Iovec>(at, count)?;
        if count > MAX_BUFFERS {
            return Err(Errno::Inval.into());
        }
        let mut buffers = Buffers {
            few: [(0, 0); FEW],
            len: count as usize,
            many: Vec::new(),
        };
        if buffers.len > FEW {
            let many = &mut buffers.many;
            many.try_reserve_exact(buffers.len)
                .map_err(|_| Errno::Nomem)?;
        }
        let mut total = 0_u32;
        for index in 0..count {
            let Iovec { at, len } = self.read(list.at(index))?;
            let range = self.region(at, len.into(), 1)?;
            total = total.checked_add(len).ok_or(Errno::Inval)?;
            let place = (range.start, range.end);
            match buffers.few.get_mut(index as usize) {
                Some(few) if buffers.len <= FEW => *few = place,
                _ => buffers.many.push(place),
            }
        }
        Ok(buffers)
    }
}

/// Where the elements of an array lie; that they are within the memory was checked.
#[derive(Clone, Copy)]
pub(crate) struct Array {
    start: u32,
    size: u32,
}

impl Array {
    /// The address of an element.
    pub(crate) fn at(self, index: u32) -> u32 {
        self.start + index * self.size
    }
}

/// `iovec`, `ciovec`.
struct Iovec {
    at: u32,
    len: u32,
}

impl Layout for Iovec {
    const SIZE: u32 = 8;
    const ALIGN: u32 = 4;
}

impl Load for Iovec {
    fn load(bytes: &[u8]) -> Done<Self> {
        Ok(Self {
            at: field(bytes, 0)?,
            len: field(bytes, 4)?,
        })
    }
}
