//! What a guest calls: arguments, and what it puts into its memory for them.

use crate::guest::{FUNCTIONS, MEMORY, VERSIONS};
use fastrand::Rng;

/// A call.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) version: &'static str,
    pub(crate) name: &'static str,
    /// The types of the arguments: `i` and `I`.
    pub(crate) types: &'static str,
    pub(crate) arguments: Vec<u64>,
    /// What is put into memory before, and where.
    pub(crate) puts: Vec<(u32, Vec<u8>)>,
}

/// Paths are put here, and there; records here.
const PATHS: [u32; 2] = [0x1000, 0x3000];
const RECORDS: u32 = 0x6000;
/// What is read and written.
const DATA: u32 = 0x8000;

/// Parts of paths: what is there, what may come, what leads out.
const NAMES: [&str; 26] = [
    "f",
    "a",
    "g",
    "b",
    "l",
    "up",
    "loop",
    "dangling",
    "out",
    "s",
    "absolute",
    "root",
    "n1",
    "n2",
    "n3",
    "d1",
    "d2",
    "..",
    ".",
    "",
    "secret",
    "secret.txt",
    "file",
    "tmp",
    "given",
    "\u{fc}",
];

/// The next call.
pub(crate) fn call(rng: &mut Rng) -> Call {
    loop {
        let version = VERSIONS[usize::from(rng.u8(..4) == 0)];
        // Half of all calls are about names.
        let about_names = rng.bool();
        let (name, types) = FUNCTIONS[rng.usize(..FUNCTIONS.len())];
        if about_names && !name.starts_with("path") {
            continue;
        }
        let ends = name == "proc_exit" && rng.u8(..64) > 0;
        if (version, name) == ("wasi_unstable", "sock_accept") || ends {
            continue;
        }
        let mut call = Call {
            version,
            name,
            types,
            arguments: Vec::new(),
            puts: Vec::new(),
        };
        call.fill(rng);
        return call;
    }
}

impl Call {
    fn fill(&mut self, rng: &mut Rng) {
        let mut all = self.sensible(rng);
        // Nothing is beyond a guest.
        if rng.u8(..8) == 0
            && let Some(one) = rng.choice(0..all.len())
        {
            all[one] = odd(rng);
        }
        if rng.u8(..64) == 0 {
            all.iter_mut().for_each(|one| *one = odd(rng));
        }
        self.arguments = all;
    }

    /// What a guest means.
    fn sensible(&mut self, rng: &mut Rng) -> Vec<u64> {
        let at = |rng: &mut Rng| u64::from(pointer(rng));
        match self.name {
            "args_get" | "environ_get" | "args_sizes_get" | "environ_sizes_get" => {
                vec![at(rng), at(rng)]
            }
            "clock_res_get" => vec![rng.u64(..5), at(rng)],
            "clock_time_get" => vec![rng.u64(..5), rng.u64(..), at(rng)],
            "fd_advise" => vec![fd(rng), offset(rng), offset(rng), rng.u64(..7)],
            "fd_allocate" => vec![fd(rng), offset(rng), offset(rng)],
            "fd_close" => vec![if rng.bool() { rng.u64(7..16) } else { fd(rng) }],
            "fd_datasync" | "fd_sync" => vec![fd(rng)],
            "fd_fdstat_set_flags" => vec![fd(rng), rng.u64(..40)],
            "fd_fdstat_set_rights" => vec![fd(rng), rng.u64(..), rng.u64(..)],
            "fd_filestat_set_size" => vec![fd(rng), offset(rng)],
            "fd_filestat_set_times" => vec![fd(rng), rng.u64(..), rng.u64(..), rng.u64(..20)],
            "fd_fdstat_get" | "fd_filestat_get" | "fd_prestat_get" | "fd_tell" => {
                vec![fd(rng), at(rng)]
            }
            "fd_prestat_dir_name" => vec![fd(rng), at(rng), rng.u64(..10)],
            "fd_read" | "fd_write" => {
                let count = self.buffers(rng);
                vec![fd(rng), RECORDS.into(), count, at(rng)]
            }
            "fd_pread" | "fd_pwrite" => {
                let count = self.buffers(rng);
                vec![fd(rng), RECORDS.into(), count, offset(rng), at(rng)]
            }
            "fd_readdir" => {
                let cookie = match rng.bool() {
                    true => rng.u64(..12),
                    false => offset(rng),
                };
                vec![
                    directory(rng),
                    DATA.into(),
                    rng.u64(..3000),
                    cookie,
                    at(rng),
                ]
            }
            "fd_renumber" => vec![fd(rng), fd(rng)],
            "fd_seek" => vec![fd(rng), offset(rng), rng.u64(..4), at(rng)],
            "path_create_directory" | "path_remove_directory" | "path_unlink_file" => {
                let (path, len) = self.path(rng, 0);
                vec![directory(rng), path, len]
            }
            "path_filestat_get" => {
                let (path, len) = self.path(rng, 0);
                vec![directory(rng), rng.u64(..3), path, len, at(rng)]
            }
            "path_filestat_set_times" => {
                let (path, len) = self.path(rng, 0);
                let set = rng.u64(..20);
                vec![
                    directory(rng),
                    rng.u64(..3),
                    path,
                    len,
                    rng.u64(..),
                    rng.u64(..),
                    set,
                ]
            }
            "path_link" => {
                let ((path, len), (to, to_len)) = (self.path(rng, 0), self.path(rng, 1));
                vec![
                    directory(rng),
                    rng.u64(..2),
                    path,
                    len,
                    directory(rng),
                    to,
                    to_len,
                ]
            }
            "path_open" => {
                let (path, len) = self.path(rng, 0);
                let flags = if rng.bool() { 1 } else { rng.u64(..17) };
                let rights = match rng.u8(..4) {
                    0 => rng.u64(..1 << 30),
                    1 => 1 << 1,
                    _ => (1 << 1) | (1 << 6),
                };
                let descriptor = if rng.bool() { 0 } else { rng.u64(..33) };
                let inheriting = rng.u64(..1 << 30);
                vec![
                    directory(rng),
                    rng.u64(..2),
                    path,
                    len,
                    flags,
                    rights,
                    inheriting,
                    descriptor,
                    at(rng),
                ]
            }
            "path_readlink" => {
                let (path, len) = self.path(rng, 0);
                vec![
                    directory(rng),
                    path,
                    len,
                    DATA.into(),
                    rng.u64(..200),
                    at(rng),
                ]
            }
            "path_rename" => {
                let ((path, len), (to, to_len)) = (self.path(rng, 0), self.path(rng, 1));
                vec![directory(rng), path, len, directory(rng), to, to_len]
            }
            "path_symlink" => {
                let ((path, len), (to, to_len)) = (self.path(rng, 0), self.path(rng, 1));
                vec![path, len, directory(rng), to, to_len]
            }
            "poll_oneoff" => {
                let count = self.subscriptions(rng);
                vec![RECORDS.into(), DATA.into(), count, at(rng)]
            }
            "random_get" => vec![DATA.into(), rng.u64(..0x9000)],
            _ => self.types.chars().map(|_| odd(rng)).collect(),
        }
    }

    /// Puts a path: where, and how long it is.
    fn path(&mut self, rng: &mut Rng, which: usize) -> (u64, u64) {
        let mut path = Vec::new();
        let parts = if rng.u8(..4) == 0 { 6 } else { 1 };
        for index in 0..=rng.usize(..parts) {
            if index > 0 || rng.u8(..64) == 0 {
                path.push(b'/');
            }
            path.extend_from_slice(NAMES[rng.usize(..NAMES.len())].as_bytes());
        }
        match rng.u8(..64) {
            0 => path.push(0),
            1 => path.push(0xff),
            2 => path.extend([b'n'; 300]),
            3 => path = b"a/../".repeat(rng.usize(..1000)),
            4..8 => path.push(b'/'),
            _ => {}
        }
        let (at, len) = (PATHS[which], path.len() as u64);
        self.puts.push((at, path));
        (at.into(), len)
    }

    /// Puts a list of buffers: how many.
    fn buffers(&mut self, rng: &mut Rng) -> u64 {
        let count = match rng.u8(..16) {
            0 => rng.u64(..1030),
            1 => 9,
            _ => rng.u64(..4),
        };
        let mut list = Vec::new();
        for _ in 0..count {
            let (at, len) = match rng.u8(..64) {
                0 => (odd(rng) as u32, odd(rng) as u32),
                // It lies in the list.
                1 => (RECORDS, rng.u32(..100)),
                2..6 => (DATA, rng.u32(..0x1_0000)),
                _ => (DATA + rng.u32(..0x1000), rng.u32(..200)),
            };
            list.extend(at.to_le_bytes());
            list.extend(len.to_le_bytes());
        }
        self.puts.push((RECORDS, list));
        count
    }

    /// Puts subscriptions: how many.
    fn subscriptions(&mut self, rng: &mut Rng) -> u64 {
        let count = match rng.u8(..16) {
            0 => rng.u64(..140),
            _ => rng.u64(..4),
        };
        let size = if self.version == VERSIONS[0] { 48 } else { 56 };
        let mut list = Vec::new();
        for _ in 0..count {
            let mut one = vec![0; size];
            match rng.u8(..4) {
                0 => rng.fill(&mut one),
                1 | 2 => {
                    let clock = size - 32;
                    one[clock..clock + 4].copy_from_slice(&rng.u32(..4).to_le_bytes());
                    one[clock + 8..clock + 16].copy_from_slice(&offset(rng).to_le_bytes());
                    one[clock + 24] = rng.u8(..2);
                }
                _ => one[16..20].copy_from_slice(&(fd(rng) as u32).to_le_bytes()),
            }
            let tags = if rng.u8(..16) == 0 { 5 } else { 3 };
            one[8] = rng.u8(..tags);
            list.extend(one);
        }
        self.puts.push((RECORDS, list));
        count
    }
}

/// A descriptor: mostly one that is there.
fn fd(rng: &mut Rng) -> u64 {
    match rng.u8(..64) {
        0 => odd(rng),
        1 | 2 => rng.u64(..3),
        3..24 => 3,
        24..44 => rng.u64(4..7),
        _ => rng.u64(7..12),
    }
}

/// The descriptor of a directory: mostly one that was given.
fn directory(rng: &mut Rng) -> u64 {
    match rng.u8(..16) {
        0 | 1 => fd(rng),
        2 => 6,
        _ => rng.u64(3..6),
    }
}

/// An offset or a size: mostly a small one.
fn offset(rng: &mut Rng) -> u64 {
    match rng.u8(..16) {
        0 => odd(rng),
        1 => rng.u64(..1 << 20),
        _ => rng.u64(..6000),
    }
}

/// Where a result goes: mostly where there is room for it.
fn pointer(rng: &mut Rng) -> u32 {
    match rng.u8(..64) {
        0 => odd(rng) as u32,
        1 => rng.u32(..0x1000),
        _ => rng.u32(..0x1f0) * 8,
    }
}

/// A number at some edge, or any.
fn odd(rng: &mut Rng) -> u64 {
    let edge = [
        0,
        1,
        u64::from(MEMORY),
        i32::MAX as u64,
        u64::from(u32::MAX),
        i64::MAX as u64,
        u64::MAX,
        1 << 40,
    ];
    match rng.u8(..4) {
        0 => rng.u64(..),
        _ => edge[rng.usize(..edge.len())]
            .wrapping_add(rng.u64(..20))
            .wrapping_sub(10),
    }
}
