//! What no good guest does.

use crate::support::{CREAT, DATA, FUNCTIONS, Guest, LIST, MEMORY, PATH, READ, WRITE, each};
use wasmetal_wasi::{Errno, I32Exit, MemoryInputPipe, MemoryOutputPipe, WasiCtxBuilder};

/// Descriptors that are closed, foreign or nonsense, in every function that takes one.
#[test]
fn descriptors_that_are_not_there() {
    each(|guest| {
        let fd = guest.open("file", CREAT, READ).unwrap();
        guest.good("fd_close", &[fd.into()]);
        for (name, parameters) in FUNCTIONS {
            let takes_one = name.starts_with("fd_") || name.starts_with("sock_");
            let takes_one = takes_one || (name.starts_with("path_") && name != "path_symlink");
            for fd in [fd, 511, 512, 1000, i32::MAX as u32, u32::MAX] {
                if takes_one {
                    let mut arguments = vec![0; parameters.len()];
                    arguments[0] = fd.into();
                    let result = guest.call(name, &arguments);
                    assert_eq!(result, Errno::Badf as i32, "{name} {fd}");
                }
            }
        }
    });
}

/// Streams where files or directories are meant, and the other way round.
#[test]
fn descriptors_of_another_kind() {
    each(|guest| {
        let badf = Errno::Badf as i32;
        let spipe = Errno::Spipe as i32;
        let notsock = Errno::Notsock as i32;
        guest.buffers(&[(DATA, 1)]);
        let list = LIST.into();
        for (name, arguments, expected) in [
            ("fd_read", vec![3, list, 1, 0], badf),
            ("fd_write", vec![3, list, 1, 0], badf),
            ("fd_read", vec![1, list, 1, 0], badf),
            ("fd_write", vec![0, list, 1, 0], badf),
            ("fd_pread", vec![0, list, 1, 0, 0], spipe),
            ("fd_pwrite", vec![1, list, 1, 0, 0], spipe),
            ("fd_seek", vec![0, 0, 0, 0], spipe),
            ("fd_seek", vec![3, 0, 0, 0], badf),
            ("fd_tell", vec![1, 0], spipe),
            ("fd_readdir", vec![0, 0, 10, 0, 100], badf),
            ("fd_sync", vec![3], badf),
            ("fd_prestat_get", vec![1, 0], badf),
            ("path_create_directory", vec![1, PATH.into(), 1], badf),
            ("sock_shutdown", vec![1, 0], notsock),
            ("sock_recv", vec![3, 0, 0, 0, 0, 0], notsock),
            ("fd_fdstat_set_rights", vec![1, 0, 0], Errno::Notsup as i32),
            ("proc_raise", vec![9], Errno::Notsup as i32),
        ] {
            assert_eq!(guest.call(name, &arguments), expected, "{name}");
        }
    });
}

/// Pointers beyond the memory and such that are not aligned, as each pointer of each function.
#[test]
fn pointers_of_no_use_end_the_guest() {
    each(|guest| {
        let fd = u64::from(guest.open("file", CREAT, READ | WRITE).unwrap());
        guest.put(PATH, b"file");
        guest.buffers(&[(DATA, 1)]);
        let (path, list, end) = (u64::from(PATH), u64::from(LIST), u64::from(MEMORY));
        let max = u64::from(u32::MAX);
        for (name, arguments, word) in [
            ("args_sizes_get", vec![end, 0], "bounds"),
            ("args_sizes_get", vec![0, end - 3], "aligned"),
            ("args_sizes_get", vec![2, 8], "aligned"),
            ("environ_sizes_get", vec![0, max], "aligned"),
            ("clock_time_get", vec![1, 0, end - 4], "aligned"),
            ("clock_time_get", vec![1, 0, end], "bounds"),
            ("clock_res_get", vec![1, end], "bounds"),
            ("fd_fdstat_get", vec![1, end - 16], "bounds"),
            ("fd_fdstat_get", vec![1, 4], "aligned"),
            ("fd_filestat_get", vec![fd, end - 56], "bounds"),
            ("fd_prestat_get", vec![3, end], "bounds"),
            ("fd_prestat_dir_name", vec![3, end, 1], "bounds"),
            ("fd_read", vec![fd, end - 4, 1, 0], "bounds"),
            ("fd_read", vec![fd, list, max, 0], "bounds"),
            ("fd_read", vec![fd, list + 1, 1, 0], "aligned"),
            ("fd_read", vec![fd, list, 1, end], "bounds"),
            ("fd_write", vec![fd, end, 1, 0], "bounds"),
            ("fd_readdir", vec![3, end - 1, 2, 0, 0], "bounds"),
            ("fd_readdir", vec![3, 0, max, 0, 0], "bounds"),
            ("fd_seek", vec![fd, 0, 0, end - 4], "aligned"),
            ("fd_tell", vec![fd, end], "bounds"),
            ("path_create_directory", vec![3, end, 1], "bounds"),
            ("path_create_directory", vec![3, path, max], "bounds"),
            ("path_filestat_get", vec![3, 0, path, 4, end], "bounds"),
            (
                "path_open",
                vec![3, 0, path, 4, 0, READ, 0, 0, end],
                "bounds",
            ),
            (
                "path_open",
                vec![3, 0, path, 4, 0, READ, 0, 0, 2],
                "aligned",
            ),
            ("poll_oneoff", vec![end, 0, 1, 0], "bounds"),
            ("poll_oneoff", vec![0, 0, max, 0], "bounds"),
            ("poll_oneoff", vec![4, 0, 1, 0], "aligned"),
            ("random_get", vec![end, 1], "bounds"),
            ("random_get", vec![0, max], "bounds"),
        ] {
            let error = guest.try_call(name, &arguments).unwrap_err();
            let text = format!("{error:#}");
            assert!(text.contains(word), "{name} {arguments:?}: {text}");
        }
        // A buffer that its list names.
        for buffer in [
            (MEMORY, 1),
            (MEMORY - 1, 2),
            (DATA, u32::MAX),
            (u32::MAX, 1),
        ] {
            guest.buffers(&[(DATA, 4), buffer]);
            guest.put(DATA, b"____");
            for name in ["fd_read", "fd_write"] {
                assert!(
                    guest.try_call(name, &[fd, list, 2, 0]).is_err(),
                    "{buffer:?}"
                );
            }
            // Nothing was done with the one before.
            assert_eq!(guest.get(DATA, 4), b"____");
        }
        // An empty one may lie anywhere within.
        guest.buffers(&[(MEMORY, 0)]);
        guest.good("fd_read", &[fd, list, 1, 0]);
    });
}

#[test]
fn lists_of_buffers_that_are_long_or_lie_in_themselves() {
    each(|guest| {
        let fd = u64::from(guest.open("file", CREAT, READ | WRITE).unwrap());
        assert_eq!(guest.write(fd as u32, &[0xff; 64]), Ok(64));
        let list = u64::from(LIST);
        // The data is read over the list: what it said at the beginning counts.
        guest.buffers(&[(LIST, 16), (DATA, 8)]);
        guest.good("fd_pread", &[fd, list, 2, 0, 0]);
        assert_eq!(guest.word(0), 24);
        assert_eq!(guest.get(LIST, 16), [0xff; 16]);
        assert_eq!(guest.get(DATA, 8), [0xff; 8]);
        // The same buffer twice.
        guest.buffers(&[(DATA, 8), (DATA + 4, 8)]);
        guest.good("fd_pread", &[fd, list, 2, 0, 0]);
        assert_eq!(guest.word(0), 16);
        // A thousand; more than that; as many as there can be.
        guest.buffers(&vec![(DATA, 1); 500]);
        guest.good("fd_pwrite", &[fd, list, 500, 0, 0]);
        assert_eq!(guest.word(0), 500);
        let inval = Errno::Inval as i32;
        assert_eq!(guest.call("fd_write", &[fd, 0x4000, 1025, 0]), inval);
        // The whole memory, again and again.
        guest.buffers(&vec![(0, MEMORY); 400]);
        guest.good("fd_pread", &[fd, list, 400, 0, 0]);
        let many: Vec<(u32, u32)> = vec![(0, MEMORY); 1024];
        let bytes: Vec<u8> = many
            .iter()
            .flat_map(|&(at, len)| [at, len])
            .flat_map(u32::to_le_bytes)
            .collect();
        guest.put(DATA, &bytes);
        guest.good("fd_pread", &[fd, DATA.into(), 1024, 1 << 50, 0]);
    });
}

/// Paths that are none, in every function that takes one.
#[test]
fn paths_that_are_none() {
    each(|guest| {
        let long = vec![b'x'; 65_535];
        let below = "x/".repeat(2000);
        let cases: [(&[u8], &[Errno]); 9] = [
            (b"a\0b", &[Errno::Inval]),
            (b"\0", &[Errno::Inval]),
            (b"\xff\xfe", &[Errno::Ilseq]),
            (b"/", &[Errno::Perm]),
            (b"/etc/passwd", &[Errno::Perm]),
            (b"..", &[Errno::Perm]),
            (&long, &[Errno::Nametoolong]),
            (&long[..300], &[Errno::Nametoolong]),
            (below.as_bytes(), &[Errno::Noent]),
        ];
        for (path, expected) in cases {
            guest.put(PATH, path);
            let (at, len) = (u64::from(PATH), path.len() as u64);
            for (name, arguments) in [
                ("path_create_directory", vec![3, at, len]),
                ("path_filestat_get", vec![3, 0, at, len, 0]),
                ("path_filestat_set_times", vec![3, 1, at, len, 0, 0, 1]),
                ("path_link", vec![3, 0, at, len, 3, at, len]),
                ("path_open", vec![3, 0, at, len, CREAT, WRITE, 0, 0, 0]),
                ("path_open", vec![3, 1, at, len, 0, READ, 0, 0, 0]),
                ("path_readlink", vec![3, at, len, 0, 100, 200]),
                ("path_remove_directory", vec![3, at, len]),
                ("path_rename", vec![3, at, len, 3, at, len]),
                ("path_symlink", vec![at, len, 3, at, len]),
                ("path_unlink_file", vec![3, at, len]),
            ] {
                let result = guest.call(name, &arguments);
                let shown = String::from_utf8_lossy(&path[..path.len().min(20)]);
                let good = expected.iter().any(|errno| *errno as i32 == result);
                assert!(good, "{name} {shown:?}: {result}");
            }
        }
        let root = guest.open(".", 2, READ).unwrap();
        assert_eq!(guest.list(root, 1000), [".", ".."]);
    });
}

#[test]
fn arguments_of_megabytes() {
    let long = "x".repeat(3 << 20);
    let mut builder = WasiCtxBuilder::new();
    builder.arg("program").arg(&long).env("NAME", &long);
    let mut guest = Guest::new(&mut builder);
    guest.good("args_sizes_get", &[0, 4]);
    assert_eq!((guest.word(0), guest.word(4)), (2, 8 + (3 << 20) + 1));
    guest.good("environ_sizes_get", &[0, 4]);
    assert_eq!((guest.word(0), guest.word(4)), (1, 5 + (3 << 20) + 1));
    // They do not fit into the guest's memory.
    let error = guest.try_call("args_get", &[0, 64]).unwrap_err();
    assert!(format!("{error:#}").contains("bounds"), "{error:?}");

    let mut builder = WasiCtxBuilder::new();
    builder
        .args(&["program", "an argument", "ünïcode"])
        .env("A", "b");
    let mut guest = Guest::new(&mut builder);
    guest.good("args_get", &[0, 64]);
    assert_eq!(
        guest.get(64, 30),
        "program\0an argument\0ünïcode\0".as_bytes()
    );
    let addresses = [0, 4, 8].map(|at| guest.word(at));
    assert_eq!(addresses, [64, 72, 84]);
    guest.good("environ_get", &[0, 64]);
    assert_eq!((guest.word(0), guest.get(64, 4)), (64, b"A=b\0".to_vec()));
}

#[test]
fn exit_codes() {
    for code in [0, 1, 125] {
        let mut guest = Guest::new(&mut WasiCtxBuilder::new());
        let error = guest.try_call("proc_exit", &[code]).unwrap_err();
        let exit = error.downcast_ref::<I32Exit>();
        assert_eq!(exit, Some(&I32Exit(code as i32)));
    }
    for code in [126, 255, 256, u64::from(u32::MAX)] {
        let mut guest = Guest::new(&mut WasiCtxBuilder::new());
        let error = guest.try_call("proc_exit", &[code]).unwrap_err();
        assert!(error.downcast_ref::<I32Exit>().is_none(), "{code}");
        assert!(
            format!("{error:#}").contains("outside of [0..126)"),
            "{error:?}"
        );
    }
}

/// Calls with numbers of all sizes, by a generator: nothing panics, and the guest goes on.
#[test]
fn random_calls() {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let files = wasmetal_wasi::MemoryFileSystem::new(1 << 18);
    let mut answered = 0;
    for _ in 0..40 {
        let mut builder = WasiCtxBuilder::new();
        builder
            .args(&["a", "bc"])
            .stdin(MemoryInputPipe::new(*b"some input"))
            .stdout(MemoryOutputPipe::new(1000))
            .preopened_directory(
                files.root(),
                "/",
                wasmetal_wasi::DirPerms::all(),
                wasmetal_wasi::FilePerms::all(),
            );
        let mut guest = Guest::new(&mut builder);
        for at in (0..MEMORY).step_by(8) {
            // Small numbers, so that lists and records mean something.
            let value = (random() % 64) << (random() % 20);
            guest.put(at, &value.to_le_bytes());
        }
        for _ in 0..300 {
            guest.put(
                PATH,
                [&b"a"[..], b"a/b", b"../a", b"./c/"][random() as usize % 4],
            );
            let (name, parameters) = FUNCTIONS[random() as usize % FUNCTIONS.len()];
            if name == "poll_oneoff" {
                // It may well wait for ever.
                continue;
            }
            let arguments: Vec<u64> = (0..parameters.len())
                .map(|index| match (random() % 8, index) {
                    (0..=2, 0) => random() % 8,
                    (0, _) => random(),
                    (1, _) => u64::from(MEMORY) - random() % 64,
                    (2 | 3, _) => PATH.into(),
                    (4, _) => LIST.into(),
                    _ => random() % 32,
                })
                .collect();
            answered += u32::from(guest.try_call(name, &arguments).is_ok());
        }
    }
    assert!(answered > 3_000, "{answered}");
    assert!(files.used() <= 1 << 18);
}

/// A directory is listed from where no entry is, or ever can be.
#[test]
fn listings_from_beyond() {
    each(|guest| {
        for cookie in [3, 1000, i64::MAX as u64, u64::MAX - 1, u64::MAX] {
            guest.good("fd_readdir", &[3, DATA.into(), 1000, cookie, 0]);
            assert_eq!(guest.word(0), 0, "{cookie}");
        }
    });
}
