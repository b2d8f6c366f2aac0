//! What the version before the snapshot has other records or numbers for.

use crate::support::{CREAT, DATA, Folder, Guest, PATH, READ, UNSTABLE, WRITE, unstable_functions};
use crate::waiting::{Event, MS, events};
use std::fs;
use std::time::{Duration, Instant};
use wasmetal_wasi::{DirPerms, Errno, FilePerms, MemoryInputPipe, WasiCtxBuilder};

const CONTENT: &[u8] = b"0123456789";

fn old(builder: &mut WasiCtxBuilder) -> Guest {
    Guest::of_version(UNSTABLE, &unstable_functions(), builder)
}

/// Guests of both versions, with the same directory, in which a file has two names.
fn both() -> (Guest, Guest, Folder) {
    let folder = Folder::new();
    let path = folder.inside().join("file");
    fs::write(&path, CONTENT).unwrap();
    fs::hard_link(path, folder.inside().join("other")).unwrap();
    let mut builder = WasiCtxBuilder::new();
    let all = (DirPerms::all(), FilePerms::all());
    builder
        .preopened_dir(folder.inside(), "/", all.0, all.1)
        .unwrap();
    (old(&mut builder), folder.guest(), folder)
}

#[test]
fn positions_are_counted_from_other_places() {
    let (mut old, mut new, _folder) = both();
    let check = |guest: &mut Guest, fd: u32, offset: i64, whence, expected: Result<u64, Errno>| {
        // As before each time: at 4.
        let start = if guest.call("fd_seek", &[fd.into(), 4, 2, 0]) == 0 && guest.long(0) == 4 {
            2
        } else {
            0
        };
        guest.good("fd_seek", &[fd.into(), 4, start, 0]);
        let result = guest.call("fd_seek", &[fd.into(), offset as u64, whence, 0]);
        match expected {
            Ok(expected) => assert_eq!((result, guest.long(0)), (0, expected), "{whence}"),
            Err(errno) => assert_eq!(result, errno as i32, "{whence}"),
        }
    };
    let fd = old.open("file", 0, READ).unwrap();
    check(&mut old, fd, 1, 0, Ok(5));
    check(&mut old, fd, -1, 1, Ok(9));
    check(&mut old, fd, 1, 2, Ok(1));
    check(&mut old, fd, 1, 3, Err(Errno::Inval));
    check(&mut old, fd, -1, 2, Err(Errno::Inval));
    let fd = new.open("file", 0, READ).unwrap();
    check(&mut new, fd, 1, 0, Ok(1));
    check(&mut new, fd, 1, 1, Ok(5));
    check(&mut new, fd, -1, 2, Ok(9));
    assert_eq!(old.call("fd_seek", &[1, 0, 0, 0]), Errno::Spipe as i32);
}

#[test]
fn records_of_files_are_shorter() {
    let (mut old, mut new, _folder) = both();
    let path = (u64::from(PATH), 4);
    let mut records = [vec![], vec![]];
    for (guest, records) in [&mut old, &mut new].into_iter().zip(&mut records) {
        let fd = guest.open("file", 0, READ).unwrap();
        let by_fd = ("fd_filestat_get", vec![fd.into(), u64::from(DATA)]);
        let by_path = (
            "path_filestat_get",
            vec![3, 1, path.0, path.1, u64::from(DATA)],
        );
        for (name, arguments) in [by_fd, by_path] {
            guest.put(DATA, &[0xaa; 72]);
            guest.good(name, &arguments);
            records.push(guest.get(DATA, 72));
        }
    }
    for (old, new) in records[0].iter().zip(&records[1]) {
        assert_eq!(old[..17], new[..17], "device, inode, type");
        assert_eq!(old[20..24], [2, 0, 0, 0], "names");
        assert_eq!(new[24..32], [2, 0, 0, 0, 0, 0, 0, 0], "names");
        assert_eq!(old[24..56], new[32..64], "size and times");
        assert_eq!(old[56..], [0xaa; 16], "nothing is written behind it");
        assert_eq!(new[64..], [0xaa; 8], "nothing is written behind it");
    }
    // The record is within the memory where it ends with it, and not beyond.
    let end = u64::from(crate::support::MEMORY);
    old.good("fd_filestat_get", &[3, end - 56]);
    old.try_call("fd_filestat_get", &[3, end - 48]).unwrap_err();
}

/// A subscription of 56 bytes.
fn subscription(userdata: u64, tag: u8, id: u32, timeout: u64, flags: u16) -> [u8; 56] {
    let mut bytes = [0; 56];
    bytes[..8].copy_from_slice(&userdata.to_le_bytes());
    bytes[8] = tag;
    if tag == 0 {
        bytes[16..24].copy_from_slice(&u64::MAX.to_le_bytes());
        bytes[24..28].copy_from_slice(&id.to_le_bytes());
        bytes[32..40].copy_from_slice(&timeout.to_le_bytes());
        bytes[40..48].copy_from_slice(&u64::MAX.to_le_bytes());
        bytes[48..50].copy_from_slice(&flags.to_le_bytes());
    } else {
        bytes[16..20].copy_from_slice(&id.to_le_bytes());
    }
    bytes
}

#[test]
fn subscriptions_are_longer() {
    let mut guest = old(WasiCtxBuilder::new().stdin(MemoryInputPipe::new(*b"x")));
    let mut check = |all: &[[u8; 56]], expected: Result<&[Event], Errno>| {
        for (index, one) in (0..).zip(all) {
            guest.put(0x100 + index * 56, one);
        }
        let arguments = [0x100, DATA.into(), all.len() as u64, 0];
        let result = guest.call("poll_oneoff", &arguments);
        match expected {
            Ok(expected) => {
                assert_eq!(result, 0);
                assert_eq!(events(&guest, guest.word(0)), expected);
            }
            Err(errno) => assert_eq!(result, errno as i32),
        }
    };
    let start = Instant::now();
    let sleep = subscription(7, 0, 1, 20 * MS, 0);
    check(&[sleep], Ok(&[(7, 0, 0, 0, 0)]));
    assert!(start.elapsed() >= Duration::from_millis(20));
    let long = subscription(8, 0, 1, 3_600_000 * MS, 0);
    let past = subscription(9, 0, 0, 1, 1);
    let input = subscription(10, 1, 0, 0, 0);
    let output = subscription(11, 2, 1, 0, 0);
    check(
        &[long, past, input, output],
        Ok(&[(9, 0, 0, 0, 0), (10, 0, 1, 1, 0), (11, 0, 2, 1, 0)]),
    );
    check(&[subscription(1, 0, 1, 1, 2)], Err(Errno::Inval));
    check(&[subscription(1, 3, 1, 1, 0)], Err(Errno::Inval));
}

#[test]
fn all_else_is_the_same() {
    let (mut old, mut new, _folder) = both();
    for guest in [&mut old, &mut new] {
        let fd = guest.open("made", CREAT, READ | WRITE).unwrap();
        assert_eq!(guest.write(fd, CONTENT), Ok(10));
        guest.good("fd_close", &[fd.into()]);
        assert_eq!(guest.path("path_unlink_file", "made"), 0);
        let mut names = guest.list(3, 100);
        names.sort();
        assert_eq!(names, [".", "..", "file", "other"]);
    }
}
