//! Files and directories, the same in memory and on Linux.

use crate::support::{
    APPEND, CREAT, DATA, DIRECTORY, EXCL, Guest, LIST, PATH, READ, TRUNC, WRITE, each,
};
use wasmetal_wasi::{DirPerms, Errno, FilePerms, MemoryFileSystem, WasiCtxBuilder};

const fn errno(errno: Errno) -> i32 {
    errno as i32
}

#[test]
fn a_file_is_written_and_read() {
    each(|guest| {
        let fd = guest.open("file", CREAT | EXCL, READ | WRITE).unwrap();
        assert_eq!(fd, 4);
        assert_eq!(guest.write(fd, b"hello, world"), Ok(12));
        guest.good("fd_seek", &[fd.into(), 0_u64.wrapping_sub(5), 1, 8]);
        assert_eq!(guest.long(8), 7);
        assert_eq!(guest.read(fd, 100), Ok(b"world".to_vec()));
        assert_eq!(guest.read(fd, 100), Ok(vec![]));
        guest.good("fd_tell", &[fd.into(), 8]);
        assert_eq!(guest.long(8), 12);

        // Several buffers, some empty; somewhere else than where the position is.
        guest.buffers(&[(DATA, 0), (DATA, 3), (DATA + 100, 0), (DATA + 50, 4)]);
        guest.good("fd_pread", &[fd.into(), LIST.into(), 4, 1, 0]);
        assert_eq!(guest.word(0), 7);
        assert_eq!(guest.get(DATA, 3), b"ell");
        assert_eq!(guest.get(DATA + 50, 4), b"o, w");
        guest.put(DATA, b"HE..LL");
        guest.buffers(&[(DATA, 2), (DATA + 4, 2)]);
        guest.good("fd_pwrite", &[fd.into(), LIST.into(), 2, 0, 0]);
        guest.good("fd_tell", &[fd.into(), 8]);
        assert_eq!((guest.word(0), guest.long(8)), (4, 12));

        // Beyond the end: zeroes between.
        guest.good("fd_seek", &[fd.into(), 3, 2, 8]);
        assert_eq!(guest.write(fd, b"!"), Ok(1));
        guest.good("fd_seek", &[fd.into(), 0, 0, 8]);
        assert_eq!(guest.read(fd, 100), Ok(b"HELLo, world\0\0\0!".to_vec()));

        guest.good("fd_filestat_set_size", &[fd.into(), 5]);
        guest.good("fd_allocate", &[fd.into(), 4, 4]);
        guest.good("fd_filestat_get", &[fd.into(), 64]);
        assert_eq!(guest.long(64 + 32), 8);
        assert_eq!(guest.get(64 + 16, 1), [4]);
        guest.good("fd_sync", &[fd.into()]);
        guest.good("fd_datasync", &[fd.into()]);
        guest.good("fd_advise", &[fd.into(), 0, 4, 1]);
        guest.good("fd_close", &[fd.into()]);
        assert_eq!(guest.read(fd, 1), Err(errno(Errno::Badf)));

        let fd = guest.open("file", TRUNC, WRITE).unwrap();
        assert_eq!(guest.read(fd, 1), Err(errno(Errno::Badf)));
        guest.good("fd_close", &[fd.into()]);
        let fd = guest.open("file", 0, READ).unwrap();
        assert_eq!(guest.write(fd, b"x"), Err(errno(Errno::Badf)));
        assert_eq!(guest.read(fd, 100), Ok(vec![]));
        assert_eq!(
            guest.call("fd_filestat_set_size", &[fd.into(), 5]),
            errno(Errno::Inval)
        );
    });
}

#[test]
fn what_is_appended_goes_to_the_end() {
    each(|guest| {
        guest.make("log", b"one\n");
        let fd = guest.open_at(3, 1, "log", 0, READ | WRITE, APPEND).unwrap();
        assert_eq!(guest.write(fd, b"two\n"), Ok(4));
        guest.good("fd_seek", &[fd.into(), 0, 0, 8]);
        assert_eq!(guest.write(fd, b"three\n"), Ok(6));
        guest.good("fd_tell", &[fd.into(), 8]);
        assert_eq!(guest.long(8), 14);
        // No more.
        guest.good("fd_fdstat_set_flags", &[fd.into(), 0]);
        guest.good("fd_seek", &[fd.into(), 0, 0, 8]);
        assert_eq!(guest.write(fd, b"ONE"), Ok(3));
        guest.good("fd_seek", &[fd.into(), 0, 0, 8]);
        assert_eq!(guest.read(fd, 100), Ok(b"ONE\ntwo\nthree\n".to_vec()));
    });
}

#[test]
fn a_file_without_a_name_is_there_until_it_is_closed() {
    each(|guest| {
        guest.make("file", b"still here");
        let fd = guest.open("file", 0, READ).unwrap();
        assert_eq!(guest.path("path_unlink_file", "file"), 0);
        assert_eq!(guest.open("file", 0, READ), Err(errno(Errno::Noent)));
        assert_eq!(guest.read(fd, 100), Ok(b"still here".to_vec()));
        guest.make("file", b"another");
        guest.good("fd_close", &[fd.into()]);
    });
}

#[test]
fn opening_says_what_is_wrong() {
    each(|guest| {
        guest.make("file", b"");
        assert_eq!(guest.path("path_create_directory", "dir"), 0);
        assert_eq!(guest.two_paths("path_symlink", "file", "link"), 0);
        assert_eq!(guest.two_paths("path_symlink", "round", "round"), 0);
        let mut check = |path: &str, flags, rights, expected: Errno| {
            let opened = guest.open(path, flags, rights);
            assert_eq!(opened, Err(errno(expected)), "{path} {flags} {rights}");
        };
        check("none", 0, READ, Errno::Noent);
        check("none/file", CREAT, WRITE, Errno::Noent);
        check("", 0, READ, Errno::Noent);
        check("file", CREAT | EXCL, WRITE, Errno::Exist);
        check("link", CREAT | EXCL, WRITE, Errno::Exist);
        check("file", DIRECTORY, READ, Errno::Notdir);
        check("file/", 0, READ, Errno::Notdir);
        check("file/x", 0, READ, Errno::Notdir);
        check("dir", 0, WRITE, Errno::Isdir);
        check("dir", CREAT, READ, Errno::Isdir);
        check("dir", DIRECTORY | CREAT, READ, Errno::Inval);
        check("round", 0, READ, Errno::Loop);
        check("x", 16, READ, Errno::Inval);
        check("x", 0, 1 << 40, Errno::Inval);
        assert_eq!(
            guest.open_at(3, 0, "link", 0, READ, 0),
            Err(errno(Errno::Loop))
        );
        let fd = guest.open("link", 0, READ).unwrap();
        let below = guest.open_at(fd, 0, "x", CREAT, READ, 0);
        assert_eq!(below, Err(errno(Errno::Notdir)));
        assert_eq!(
            guest.open_at(0, 0, "x", CREAT, READ, 0),
            Err(errno(Errno::Badf))
        );
    });
}

#[test]
fn directories_are_made_listed_and_removed() {
    each(|guest| {
        assert_eq!(guest.path("path_create_directory", "dir"), 0);
        assert_eq!(
            guest.path("path_create_directory", "dir"),
            errno(Errno::Exist)
        );
        assert_eq!(guest.path("path_create_directory", "dir/sub/"), 0);
        for number in 0..50 {
            guest.make(&format!("dir/a name of some length {number}"), b"");
        }
        assert_eq!(
            guest.path("path_remove_directory", "dir"),
            errno(Errno::Notempty)
        );
        let fd = guest.open("dir", DIRECTORY, READ).unwrap();
        // In buffers that end within entries.
        for room in [60, 100, 1000, 10_000] {
            let mut names = guest.list(fd, room);
            assert_eq!(names[..2], [".", ".."]);
            names.sort();
            names.dedup();
            assert_eq!(names.len(), 53, "{room}");
        }
        // The one that was given is listed too.
        assert_eq!(guest.list(3, 100), [".", "..", "dir"]);
        // What is removed while it is listed.
        for number in 0..50 {
            let path = format!("dir/a name of some length {number}");
            assert_eq!(guest.path("path_unlink_file", &path), 0);
        }
        assert_eq!(guest.list(fd, 100), [".", "..", "sub"]);
        assert_eq!(guest.path("path_remove_directory", "dir/sub"), 0);
        assert_eq!(guest.path("path_remove_directory", "dir"), 0);
        // It is open still, and empty for good.
        assert_eq!(guest.list(fd, 100)[..2], [".", ".."]);
        assert_eq!(
            guest.open_at(fd, 0, "new", CREAT, WRITE, 0),
            Err(errno(Errno::Noent))
        );
    });
}

#[test]
fn names_change() {
    each(|guest| {
        guest.make("a", b"a");
        guest.make("b", b"b");
        assert_eq!(guest.path("path_create_directory", "dir"), 0);
        assert_eq!(guest.path("path_create_directory", "dir/sub"), 0);
        assert_eq!(guest.path("path_create_directory", "empty"), 0);
        let mut check = |from: &str, to: &str, expected: Option<Errno>| {
            let renamed = guest.two_paths("path_rename", from, to);
            assert_eq!(renamed, expected.map_or(0, errno), "{from} {to}");
        };
        check("a", "dir", Some(Errno::Isdir));
        check("dir", "a", Some(Errno::Notdir));
        check("dir", "dir/sub/x", Some(Errno::Inval));
        check("empty", "dir", Some(Errno::Notempty));
        check("none", "x", Some(Errno::Noent));
        check("a", "../x", Some(Errno::Perm));
        check("a", "a", None);
        check("a", "b", None);
        check("b", "dir/sub/c", None);
        check("dir", "empty", None);
        check("empty/sub", "sub", None);
        let fd = guest.open("sub/c", 0, READ).unwrap();
        assert_eq!(guest.read(fd, 10), Ok(b"a".to_vec()));
        let root = guest.open(".", DIRECTORY, READ).unwrap();
        let mut names = guest.list(root, 1000);
        names.sort();
        assert_eq!(names, [".", "..", "empty", "sub"]);
    });
}

#[test]
fn links_are_further_names() {
    each(|guest| {
        guest.make("a", b"content");
        assert_eq!(guest.two_paths("path_link", "a", "b"), 0);
        assert_eq!(guest.two_paths("path_link", "a", "b"), errno(Errno::Exist));
        let stat = |guest: &mut Guest, path: &str| {
            guest.put(PATH, path.as_bytes());
            let len = path.len() as u64;
            guest.good("path_filestat_get", &[3, 0, PATH.into(), len, 64]);
            (
                guest.long(64 + 8),
                guest.get(64 + 16, 1)[0],
                guest.long(64 + 24),
            )
        };
        assert_eq!(stat(guest, "a"), stat(guest, "b"));
        assert_eq!(stat(guest, "a").2, 2);
        assert_eq!(guest.path("path_unlink_file", "a"), 0);
        assert_eq!(stat(guest, "b").2, 1);

        assert_eq!(guest.two_paths("path_symlink", "b", "link"), 0);
        assert_eq!(stat(guest, "link").1, 7);
        guest.put(PATH, b"link");
        guest.good("path_readlink", &[3, PATH.into(), 4, DATA.into(), 100, 0]);
        assert_eq!(guest.get(DATA, guest.word(0)), b"b");
        let fd = guest.open("link", 0, READ).unwrap();
        assert_eq!(guest.read(fd, 10), Ok(b"content".to_vec()));
        // Through a link that leads to nothing, a file is made.
        assert_eq!(guest.two_paths("path_symlink", "new", "to new"), 0);
        let _ = guest.open("to new", CREAT, WRITE).unwrap();
        assert_eq!(stat(guest, "new").1, 4);
    });
}

#[test]
fn times_are_set() {
    each(|guest| {
        guest.make("file", b"");
        let fd = guest.open("file", 0, READ | WRITE).unwrap();
        guest.good(
            "fd_filestat_set_times",
            &[fd.into(), 5_000_000_007, 9_000_000_011, 5],
        );
        guest.good("fd_filestat_get", &[fd.into(), 64]);
        assert_eq!(
            (guest.long(104), guest.long(112)),
            (5_000_000_007, 9_000_000_011)
        );
        guest.put(PATH, b"file");
        let mut all = [3, 0, PATH.into(), 4, 1_000, 0, 1];
        guest.good("path_filestat_set_times", &all);
        guest.good("fd_filestat_get", &[fd.into(), 64]);
        assert_eq!((guest.long(104), guest.long(112)), (1_000, 9_000_000_011));
        // Now; both; none of those that there are.
        all[6] = 8;
        guest.good("path_filestat_set_times", &all);
        guest.good("fd_filestat_get", &[fd.into(), 64]);
        assert!(guest.long(112) > 1_000_000_000_000_000_000);
        for set in [3, 12, 16] {
            all[6] = set;
            let result = guest.call("path_filestat_set_times", &all);
            assert_eq!(result, errno(Errno::Inval));
        }
    });
}

#[test]
fn descriptors_have_the_smallest_number_that_is_free() {
    each(|guest| {
        guest.make("file", b"content");
        let [a, b, c] = [(); 3].map(|()| guest.open("file", 0, READ).unwrap());
        assert_eq!([a, b, c], [4, 5, 6]);
        guest.good("fd_close", &[b.into()]);
        assert_eq!(guest.open("file", 0, READ), Ok(5));
        guest.good("fd_renumber", &[c.into(), 0]);
        assert_eq!(guest.read(0, 100), Ok(b"content".to_vec()));
        for (from, to) in [(c, 4), (4, c), (4, 1000)] {
            let result = guest.call("fd_renumber", &[from.into(), to.into()]);
            assert_eq!(result, errno(Errno::Badf));
        }
        guest.good("fd_renumber", &[4, 4]);
        // What was given from the beginning can be given up.
        guest.good("fd_prestat_get", &[3, 0]);
        assert_eq!((guest.get(0, 1), guest.word(4)), (vec![0], 1));
        guest.good("fd_prestat_dir_name", &[3, 8, 1]);
        assert_eq!(guest.get(8, 1), b"/");
        let short = guest.call("fd_prestat_dir_name", &[3, 8, 0]);
        assert_eq!(short, errno(Errno::Nametoolong));
        guest.good("fd_close", &[3]);
        assert_eq!(guest.call("fd_prestat_get", &[3, 0]), errno(Errno::Badf));
    });
}

#[test]
fn what_is_not_permitted_is_not_done() {
    let files = MemoryFileSystem::new(1 << 16);
    let mut maker = Guest::with(files.root());
    maker.make("file", b"content");
    let given = |dirs, files: FilePerms, root| {
        Guest::new(WasiCtxBuilder::new().preopened_directory(root, "/", dirs, files))
    };
    let perm = Err(errno(Errno::Perm));

    let mut reader = given(DirPerms::READ, FilePerms::READ, files.root());
    let fd = reader.open("file", 0, READ).unwrap();
    assert_eq!(reader.read(fd, 100), Ok(b"content".to_vec()));
    assert_eq!(reader.open("file", 0, WRITE), perm);
    assert_eq!(reader.open("file", TRUNC, READ), perm);
    assert_eq!(reader.open("new", CREAT, READ), perm);
    for (name, path) in [
        ("path_create_directory", "new"),
        ("path_unlink_file", "file"),
        ("path_remove_directory", "file"),
    ] {
        assert_eq!(reader.path(name, path), errno(Errno::Perm), "{name}");
    }
    for name in ["path_rename", "path_link", "path_symlink"] {
        let result = reader.two_paths(name, "file", "new");
        assert_eq!(result, errno(Errno::Perm), "{name}");
    }
    let times = reader.call("fd_filestat_set_times", &[fd.into(), 1, 1, 5]);
    assert_eq!(times, errno(Errno::Perm));
    let root = reader.open(".", DIRECTORY, READ).unwrap();
    assert_eq!(reader.list(root, 1000), [".", "..", "file"]);
    // What is opened below has no more.
    assert_eq!(reader.open_at(root, 0, "file", 0, WRITE, 0), perm);

    let mut writer = given(DirPerms::all(), FilePerms::WRITE, files.root());
    assert_eq!(writer.open("file", 0, READ), perm);
    assert!(writer.open("file", 0, WRITE).is_ok());
    let mut blind = given(DirPerms::empty(), FilePerms::all(), files.root());
    assert_eq!(blind.open("file", 0, READ), perm);
    let list = blind.call("fd_readdir", &[3, 0, 100, 0, 200]);
    assert_eq!(list, errno(Errno::Perm));
}

#[test]
fn a_name_elsewhere_is_no_way_around_what_is_forbidden() {
    let files = MemoryFileSystem::new(1 << 16);
    let mut maker = Guest::with(files.root());
    maker.make("file", b"content");
    // The same directory twice: once to be read only.
    let mut guest = Guest::new(
        WasiCtxBuilder::new()
            .preopened_directory(files.root(), "/r", DirPerms::all(), FilePerms::READ)
            .preopened_directory(files.root(), "/w", DirPerms::all(), FilePerms::all()),
    );
    guest.put(PATH, b"file");
    guest.put(PATH + 100, b"other");
    let (path, other) = (PATH.into(), u64::from(PATH) + 100);
    let link = guest.call("path_link", &[3, 0, path, 4, 4, other, 5]);
    assert_eq!(link, errno(Errno::Perm));
    let rename = guest.call("path_rename", &[3, path, 4, 4, other, 5]);
    assert_eq!(rename, errno(Errno::Perm));
    guest.good("path_link", &[4, 0, path, 4, 3, other, 5]);
}

#[test]
fn a_full_file_system_says_so_and_is_as_it_was() {
    let files = MemoryFileSystem::new(10_000);
    let mut guest = Guest::with(files.root());
    let fd = guest.open("file", CREAT, READ | WRITE).unwrap();
    let full = errno(Errno::Nospc);
    let mut written = 0;
    // It writes for ever.
    let end = loop {
        match guest.write(fd, &[7; 100]) {
            Ok(len) => written += len,
            Err(errno) => break errno,
        }
    };
    assert_eq!(end, full);
    assert!((9_000..10_000).contains(&written), "{written}");
    assert_eq!(
        guest.call("fd_filestat_set_size", &[fd.into(), 1 << 40]),
        full
    );
    assert_eq!(guest.call("fd_allocate", &[fd.into(), 0, 1 << 40]), full);
    assert_eq!(guest.call("fd_seek", &[fd.into(), 1 << 40, 0, 8]), 0);
    assert_eq!(guest.write(fd, b"x"), Err(full));
    let mut names = 0;
    while guest.path("path_create_directory", &format!("d{names}")) == 0 {
        names += 1;
    }
    assert_eq!(guest.two_paths("path_symlink", &"x".repeat(500), "s"), full);
    assert!(files.used() <= 10_000);
    guest.good("fd_filestat_get", &[fd.into(), 64]);
    assert_eq!(guest.long(64 + 32), u64::from(written));
    // Everything comes back.
    for name in 0..names {
        let path = format!("d{name}");
        assert_eq!(guest.path("path_remove_directory", &path), 0);
    }
    assert_eq!(guest.path("path_unlink_file", "file"), 0);
    assert!(files.used() > 9_000);
    guest.good("fd_close", &[fd.into()]);
    assert_eq!(files.used(), 0);
}

#[test]
fn so_many_descriptors_and_no_more() {
    let files = MemoryFileSystem::new(1 << 16);
    let mut builder = WasiCtxBuilder::new();
    builder
        .preopened_directory(files.root(), "/", DirPerms::all(), FilePerms::all())
        .max_descriptors(10);
    let mut guest = Guest::new(&mut builder);
    for fd in 4..10 {
        assert_eq!(guest.open("file", CREAT, WRITE), Ok(fd));
    }
    assert_eq!(guest.open("file", 0, READ), Err(errno(Errno::Mfile)));
    // Nothing is made for a descriptor that there is not.
    assert_eq!(guest.open("new", CREAT, READ), Err(errno(Errno::Mfile)));
    guest.good("fd_close", &[5]);
    assert_eq!(guest.open("new", 0, READ), Err(errno(Errno::Noent)));
    assert_eq!(guest.open("file", 0, READ), Ok(5));
}
