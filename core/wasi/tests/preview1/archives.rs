//! File systems from tar archives.

use crate::support::{CREAT, DIRECTORY, Guest, READ, WRITE};
use wasmetal_wasi::{DirPerms, Errno, FilePerms, MemoryFileSystem, WasiCtxBuilder};

/// An entry of an archive in the format of POSIX.
fn entry(path: &str, ty: u8, link: &str, content: &[u8]) -> Vec<u8> {
    let mut header = [0_u8; 512];
    header[..path.len()].copy_from_slice(path.as_bytes());
    header[100..107].copy_from_slice(b"0000644");
    let size = format!("{:011o}", content.len());
    header[124..135].copy_from_slice(size.as_bytes());
    header[136..147].copy_from_slice(b"14721400000");
    header[148..156].copy_from_slice(b"        ");
    header[156] = ty;
    header[157..157 + link.len()].copy_from_slice(link.as_bytes());
    header[257..265].copy_from_slice(b"ustar\x0000");
    let sum: u32 = header.iter().map(|&byte| u32::from(byte)).sum();
    header[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
    let mut bytes = header.to_vec();
    bytes.extend(content);
    bytes.resize(bytes.len().next_multiple_of(512), 0);
    bytes
}

fn archive(entries: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = entries.concat();
    bytes.resize(bytes.len() + 1024, 0);
    bytes
}

fn good() -> Vec<u8> {
    archive(&[
        entry("./", b'5', "", b""),
        entry("./a", b'0', "", b"content of a"),
        entry("./dir/sub/b", b'0', "", &[b'b'; 1000]),
        entry("./link", b'2', "dir/sub/b", b""),
        entry("./hard", b'1', "./a", b""),
        entry("./empty/", b'5', "", b""),
        entry("./device", b'3', "", b""),
        entry("./a", b'0', "", b"newer"),
    ])
}

#[test]
fn files_of_an_archive_are_read_where_they_lie() {
    let files = MemoryFileSystem::from_tar(good(), 0).unwrap();
    let mut builder = WasiCtxBuilder::new();
    builder.preopened_directory(files.root(), "/", DirPerms::READ, FilePerms::READ);
    let mut guest = Guest::new(&mut builder);
    let mut content = |path: &str| {
        let fd = guest.open(path, 0, READ)?;
        guest.read(fd, 2000)
    };
    assert_eq!(content("a"), Ok(b"newer".to_vec()));
    assert_eq!(content("hard"), Ok(b"content of a".to_vec()));
    assert_eq!(content("link"), Ok(vec![b'b'; 1000]));
    assert_eq!(content("device"), Err(Errno::Noent as i32));
    let root = guest.open(".", DIRECTORY, READ).unwrap();
    let expected = [".", "..", "a", "dir", "empty", "hard", "link"];
    assert_eq!(guest.list(root, 1000), expected);
    let fd = guest.open("a", 0, READ).unwrap();
    guest.good("fd_filestat_get", &[fd.into(), 64]);
    assert_eq!(guest.long(64 + 48), 0o14721400000 * 1_000_000_000);
    assert_eq!(files.used(), 0);
}

#[test]
fn what_is_written_is_a_copy_that_counts() {
    let files = MemoryFileSystem::from_tar(good(), 2000).unwrap();
    let mut guest = Guest::with(files.root());
    let fd = guest.open("dir/sub/b", 0, READ | WRITE).unwrap();
    assert_eq!(guest.write(fd, b"x"), Ok(1));
    assert_eq!(guest.read(fd, 10), Ok(vec![b'b'; 10]));
    assert_eq!(files.used(), 1000);
    let fd = guest.open("new", CREAT, WRITE).unwrap();
    assert_eq!(guest.write(fd, &[0; 1000]), Err(Errno::Nospc as i32));
    // Another one of the same archive is as it was.
    assert_eq!(guest.path("path_unlink_file", "dir/sub/b"), 0);
}

#[test]
fn archives_that_are_damaged_or_hostile() {
    let check = |bytes: &[u8], expected: &str| {
        let error = MemoryFileSystem::from_tar(bytes.to_vec(), 0).unwrap_err();
        let text = error.to_string();
        assert!(text.contains(expected), "{text}");
    };
    let good = good();
    check(&[], "no data");
    check(&good[..1], "multiple of 512");
    check(&good[..512], "too short");
    check(&good[..good.len() - 1024], "two zero blocks");
    check(&good[..good.len() - 512], "two zero blocks");
    let mut damaged = good.clone();
    damaged[600] ^= 1;
    check(&damaged, "checksum");
    let one = |path, ty, link| archive(&[entry("f", b'0', "", b"x"), entry(path, ty, link, b"")]);
    check(&one("../x", b'0', ""), "not permitted");
    check(&one("a/../../x", b'0', ""), "not permitted");
    check(&one("f/x", b'0', ""), "not a directory");
    check(&one("hard", b'1', "none"), "no such file");
    check(&one("hard", b'1', "../f"), "not permitted");
    check(&one("././@LongLink", b'L', ""), "ustar");
    let record = b"30 path=a/very/long/path/indeed\n";
    check(&archive(&[entry("x", b'x', "", record)]), "ustar");
    // A size that is none, and one beyond the archive.
    for size in [&b"77777777777"[..], b"00000010000", b"xxxxxxxxxxx"] {
        let mut bytes = archive(&[entry("f", b'0', "", b"x")]);
        bytes[124..135].copy_from_slice(size);
        bytes[148..156].copy_from_slice(b"        ");
        let sum: u32 = bytes[..512].iter().map(|&byte| u32::from(byte)).sum();
        bytes[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
        assert!(MemoryFileSystem::from_tar(bytes, 0).is_err());
    }
    // What is absolute lies below the root too; where links lead is seen when somebody goes there.
    let bytes = archive(&[
        entry("/etc/f", b'0', "", b"mine"),
        entry("out", b'2', "../../etc/passwd", b""),
        entry("abs", b'2', "/etc/passwd", b""),
    ]);
    let mut guest = Guest::with(MemoryFileSystem::from_tar(bytes, 0).unwrap().root());
    assert!(guest.open("etc/f", 0, READ).is_ok());
    assert_eq!(guest.open("out", 0, READ), Err(Errno::Perm as i32));
    assert_eq!(guest.open("abs", 0, READ), Err(Errno::Perm as i32));
}

/// Each byte of the headers changed, and the archive cut off everywhere.
#[test]
fn no_archive_panics() {
    let good = good();
    for at in 0..good.len() {
        for value in [0, b'9', 0xff] {
            let mut bytes = good.clone();
            bytes[at] = value;
            let header = at / 512 * 512;
            if at % 512 < 345 {
                bytes[header + 148..header + 156].copy_from_slice(b"        ");
                let block = &bytes[header..header + 512];
                let sum: u32 = block.iter().map(|&byte| u32::from(byte)).sum();
                bytes[header + 148..header + 155]
                    .copy_from_slice(format!("{sum:06o}\0").as_bytes());
            }
            let _ = MemoryFileSystem::from_tar(bytes, 0);
        }
    }
    for len in 0..good.len() {
        let _ = MemoryFileSystem::from_tar(good[..len].to_vec(), 0);
    }
}

#[test]
fn what_goes_makes_room_for_as_much_as_it_took() {
    let entries: Vec<_> = (0..40)
        .map(|number| entry(&format!("lent{number}"), b'0', "", b"content"))
        .collect();
    let files = MemoryFileSystem::from_tar(archive(&entries), 5000).unwrap();
    let mut guest = Guest::with(files.root());
    guest.make("new", &[b'n'; 3000]);
    let used = files.used();
    assert!((3000..5000).contains(&used), "{used}");
    assert_eq!(guest.path("path_unlink_file", "lent0"), 0);
    // A file and its name count as much when they go as when they come.
    assert_eq!(files.used(), used - 256 - 64 - "lent0".len());
    for number in 1..40 {
        let path = format!("lent{number}");
        assert_eq!(guest.path("path_unlink_file", &path), 0);
    }
    assert_eq!(files.used(), 0);
    guest.make("new", &[b'n'; 4000]);
    guest.make("other", &[b'o'; 4000]);
    // What was lent and the quota are the bound.
    let fd = guest.open("third", CREAT, WRITE).unwrap();
    assert_eq!(
        guest.call("fd_allocate", &[fd.into(), 0, 15_000]),
        Errno::Nospc as i32
    );
    assert_eq!(guest.write(fd, &[b't'; 4000]), Ok(4000));
}
