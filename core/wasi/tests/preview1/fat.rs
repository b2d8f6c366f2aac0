//! FAT on block devices. Images are made by another implementation.

use crate::support::{CREAT, DIRECTORY, EXCL, Guest, READ, TRUNC, WRITE};
use lamfat::{FatType, FileSystem, FormatVolumeOptions, FsOptions, StdIoWrapper, format_volume};
use std::io::{Cursor, Write as _};
use wasmetal_wasi::{
    BlockDevice, DirPerms, Directory, Errno, FatFileSystem, FilePerms, FileType, Open, OpenOptions,
    WasiCtxBuilder,
};

/// An image in memory.
struct Image(Vec<u8>);

impl BlockDevice for Image {
    fn blocks(&self) -> u64 {
        self.0.len() as u64 / 512
    }

    fn read(&mut self, first: u64, buffer: &mut [u8]) -> Result<(), Errno> {
        let start = first as usize * 512;
        let bytes = self.0.get(start..start + buffer.len()).ok_or(Errno::Io)?;
        buffer.copy_from_slice(bytes);
        Ok(())
    }
}

const LONG: &str = "A name that is longer than eleven letters, \u{fc}.text";

fn content(len: usize) -> Vec<u8> {
    (0..len).map(|at| (at * 7 + at / 300) as u8).collect()
}

/// A file system with files and directories, of a kind and size.
fn image(kind: FatType, size: usize) -> Vec<u8> {
    let mut bytes = Cursor::new(vec![0; size]);
    let options = FormatVolumeOptions::new().fat_type(kind);
    format_volume(&mut StdIoWrapper::new(&mut bytes), options).unwrap();
    let files = FileSystem::new(&mut bytes, FsOptions::new()).unwrap();
    let root = files.root_dir();
    let make = |path: &str, content: &[u8]| {
        let mut file = root.create_file(path).unwrap();
        file.write_all(content).unwrap();
    };
    make("short.txt", b"short");
    make("empty", b"");
    root.create_dir("dir").unwrap();
    root.create_dir("dir/sub").unwrap();
    make("dir/big", &content(100_000));
    for number in 0..100 {
        make(&format!("dir/sub/a file with number {number}"), b"x");
    }
    make(LONG, b"long");
    drop(root);
    files.unmount().unwrap();
    bytes.into_inner()
}

fn kinds() -> [(FatType, usize); 3] {
    [
        (FatType::Fat12, 1 << 20),
        (FatType::Fat16, 16 << 20),
        (FatType::Fat32, 64 << 20),
    ]
}

fn guest(image: Vec<u8>) -> Guest {
    let files = FatFileSystem::new(Image(image)).unwrap();
    let mut builder = WasiCtxBuilder::new();
    builder.preopened_directory(files.root(), "/", DirPerms::all(), FilePerms::all());
    Guest::new(&mut builder)
}

#[test]
fn files_are_read() {
    for (kind, size) in kinds() {
        let mut guest = guest(image(kind, size));
        let mut check = |path: &str, expected: Result<&[u8], Errno>| {
            let read = guest.open(path, 0, READ).map(|fd| {
                let mut all = Vec::new();
                while let Ok(bytes) = guest.read(fd, 30_001)
                    && !bytes.is_empty()
                {
                    all.extend(bytes);
                }
                guest.good("fd_close", &[fd.into()]);
                all
            });
            let expected = expected.map(<[u8]>::to_vec).map_err(|it| it as i32);
            assert!(read == expected, "{path}, {kind:?}");
        };
        check("short.txt", Ok(b"short"));
        check("SHORT.TXT", Ok(b"short"));
        check(LONG, Ok(b"long"));
        check("empty", Ok(b""));
        check("dir/big", Ok(&content(100_000)));
        check("./dir//sub/../big", Ok(&content(100_000)));
        check("nothing", Err(Errno::Noent));
        check("nothing/..", Err(Errno::Noent));
        check("empty/", Err(Errno::Notdir));
        check("empty/x", Err(Errno::Notdir));
        check("empty/..", Err(Errno::Notdir));
        check("..", Err(Errno::Perm));
        check("dir/../..", Err(Errno::Perm));
        check("/dir", Err(Errno::Perm));
        check(&"n".repeat(300), Err(Errno::Nametoolong));
        // From anywhere.
        let fd = guest.open("dir/big", 0, READ).unwrap();
        for at in [99_990, 0, 512, 50_001, 100_000, u64::from(u32::MAX) + 1] {
            guest.buffers(&[(crate::support::DATA, 1000)]);
            let list = crate::support::LIST.into();
            guest.good("fd_pread", &[fd.into(), list, 1, at, 0]);
            let (len, rest) = (guest.word(0), content(100_000));
            let rest = rest.get(at as usize..).unwrap_or_default();
            let rest = &rest[..rest.len().min(1000)];
            assert_eq!(guest.get(crate::support::DATA, len), rest, "{at}");
        }
    }
}

#[test]
fn directories_are_listed() {
    for (kind, size) in kinds() {
        let mut guest = guest(image(kind, size));
        let mut names = guest.list(3, 100);
        names.sort();
        assert_eq!(names, [".", "..", LONG, "dir", "empty", "short.txt"]);
        let fd = guest.open("dir/sub", DIRECTORY, READ).unwrap();
        for room in [100, 10_000] {
            let mut names = guest.list(fd, room);
            names.sort();
            names.dedup();
            assert_eq!(names.len(), 102, "{kind:?}");
        }
    }
}

#[test]
fn what_is_known_of_a_file() {
    let files = FatFileSystem::new(Image(image(FatType::Fat16, 16 << 20))).unwrap();
    let root = files.root();
    let big = root.metadata_at("dir/big", true).unwrap();
    assert_eq!((big.size, big.links), (100_000, 1));
    assert_eq!(big.file_type, FileType::RegularFile);
    // The other implementation has no clock.
    assert_eq!(big.times, wasmetal_wasi::Times::default());
    let short = root.metadata_at("short.txt", true).unwrap();
    assert_eq!(short.device, big.device);
    assert_ne!(short.inode, big.inode);
    let dir = root.metadata_at("dir", true).unwrap();
    assert_eq!(dir.file_type, FileType::Directory);
}

#[test]
fn nothing_is_changed() {
    let mut guest = guest(image(FatType::Fat12, 1 << 20));
    let rofs = Errno::Rofs as i32;
    for (path, flags, rights, expected) in [
        ("new", CREAT, WRITE, Errno::Rofs),
        ("short.txt", 0, WRITE, Errno::Rofs),
        ("short.txt", TRUNC, READ, Errno::Rofs),
        ("short.txt", CREAT | EXCL, WRITE, Errno::Exist),
        ("dir", 0, WRITE, Errno::Isdir),
        ("empty", DIRECTORY, READ, Errno::Notdir),
    ] {
        let opened = guest.open(path, flags, rights);
        assert_eq!(opened, Err(expected as i32), "{path}");
    }
    for (name, path, expected) in [
        ("path_create_directory", "new", rofs),
        ("path_create_directory", "dir", Errno::Exist as i32),
        ("path_remove_directory", "dir/sub", rofs),
        ("path_unlink_file", "empty", rofs),
        ("path_unlink_file", "new", Errno::Noent as i32),
    ] {
        assert_eq!(guest.path(name, path), expected, "{name} {path}");
    }
    for name in ["path_rename", "path_link", "path_symlink"] {
        assert_eq!(guest.two_paths(name, "empty", "new"), rofs, "{name}");
    }
    // What exists may be opened as if it were to be made.
    guest.open("short.txt", CREAT, READ).unwrap();
}

/// Reads all that there is, as far as it goes: how many directories and files.
fn read_all(directory: &dyn Directory, depth: u32) -> usize {
    let mut count = 1;
    let Ok(mut listing) = directory.list() else {
        return count;
    };
    // A directory of a damaged image may have any number.
    for _ in 0..150 {
        let Ok(Some(entry)) = listing.next() else {
            break;
        };
        let options = OpenOptions {
            read: true,
            ..OpenOptions::default()
        };
        count += match directory.open(&entry.name, options) {
            Ok(Open::Directory(below)) if depth < 4 => read_all(&*below, depth + 1),
            Ok(Open::File(mut file)) => {
                let mut context = std::task::Context::from_waker(std::task::Waker::noop());
                let mut buffer = [0; 5000];
                for at in [0, 4000, 99_000, u64::from(u32::MAX)] {
                    let read = file.poll_read(&mut context, &mut buffer, at);
                    assert!(read.is_ready());
                }
                1
            }
            _ => 0,
        };
    }
    count
}

#[test]
fn images_that_are_damaged_are_read_as_far_as_they_make_sense() {
    let whole = image(FatType::Fat12, 1 << 20);
    let files = FatFileSystem::new(Image(whole.clone())).unwrap();
    assert_eq!(read_all(&*files.root(), 0), 107);
    // Cut off anywhere.
    for len in (0..whole.len()).step_by(512 * 37) {
        if let Ok(files) = FatFileSystem::new(Image(whole[..len].to_vec())) {
            read_all(&*files.root(), 0);
        }
    }
    let mut random: u64 = 0x5eed;
    let mut next = |below: usize| {
        // Marsaglia's xorshift.
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random as usize % below
    };
    for _ in 0..300 {
        let mut damaged = whole.clone();
        // The beginning, with the table and the root, is where it hurts.
        for _ in 0..=next(8) {
            let bound = [64, 512, 8192, whole.len()][next(4)];
            damaged[next(bound)] = [0, 1, 2, 0x7f, 0xff, next(256) as u8][next(6)];
        }
        if let Ok(files) = FatFileSystem::new(Image(damaged)) {
            read_all(&*files.root(), 0);
        }
    }
    for bytes in [vec![], vec![0; 511], vec![0; 512], vec![0xff; 5120]] {
        assert!(FatFileSystem::new(Image(bytes)).is_err());
    }
}
