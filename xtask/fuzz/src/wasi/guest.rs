//! The guest: it exports each function of WASI, of both versions.

use std::fmt::Write as _;

/// Functions, and the types of what they take: `i` is an `i32`, `I` an `i64`. All but `proc_exit` return an error number.
pub(crate) const FUNCTIONS: [(&str, &str); 46] = [
    ("args_get", "ii"),
    ("args_sizes_get", "ii"),
    ("clock_res_get", "ii"),
    ("clock_time_get", "iIi"),
    ("environ_get", "ii"),
    ("environ_sizes_get", "ii"),
    ("fd_advise", "iIIi"),
    ("fd_allocate", "iII"),
    ("fd_close", "i"),
    ("fd_datasync", "i"),
    ("fd_fdstat_get", "ii"),
    ("fd_fdstat_set_flags", "ii"),
    ("fd_fdstat_set_rights", "iII"),
    ("fd_filestat_get", "ii"),
    ("fd_filestat_set_size", "iI"),
    ("fd_filestat_set_times", "iIIi"),
    ("fd_pread", "iiiIi"),
    ("fd_prestat_dir_name", "iii"),
    ("fd_prestat_get", "ii"),
    ("fd_pwrite", "iiiIi"),
    ("fd_read", "iiii"),
    ("fd_readdir", "iiiIi"),
    ("fd_renumber", "ii"),
    ("fd_seek", "iIii"),
    ("fd_sync", "i"),
    ("fd_tell", "ii"),
    ("fd_write", "iiii"),
    ("path_create_directory", "iii"),
    ("path_filestat_get", "iiiii"),
    ("path_filestat_set_times", "iiiiIIi"),
    ("path_link", "iiiiiii"),
    ("path_open", "iiiiiIIii"),
    ("path_readlink", "iiiiii"),
    ("path_remove_directory", "iii"),
    ("path_rename", "iiiiii"),
    ("path_symlink", "iiiii"),
    ("path_unlink_file", "iii"),
    ("poll_oneoff", "iiii"),
    ("proc_exit", "i"),
    ("proc_raise", "i"),
    ("random_get", "ii"),
    ("sched_yield", ""),
    ("sock_accept", "iii"),
    ("sock_recv", "iiiiii"),
    ("sock_send", "iiiii"),
    ("sock_shutdown", "ii"),
];

/// The versions.
pub(crate) const VERSIONS: [&str; 2] = ["wasi_snapshot_preview1", "wasi_unstable"];

/// How large its memory is, in bytes.
pub(crate) const MEMORY: u32 = 2 << 16;

/// The module, as text. Its exports have the names of the version and of the function, with a dot between them.
pub(crate) fn text() -> String {
    let mut imports = String::new();
    let mut exports = String::from("(memory (export \"memory\") 2)\n");
    for version in VERSIONS {
        for (name, parameters) in FUNCTIONS {
            if (version, name) == ("wasi_unstable", "sock_accept") {
                continue;
            }
            let mut ty: String = parameters
                .chars()
                .map(|it| match it {
                    'i' => "(param i32)",
                    _ => "(param i64)",
                })
                .collect();
            if name != "proc_exit" {
                ty += "(result i32)";
            }
            let gets: String = (0..parameters.len())
                .map(|index| format!("(local.get {index})"))
                .collect();
            let id = format!("${version}.{name}");
            // Writing to a string does not fail.
            let _ = writeln!(imports, "(import {version:?} {name:?} (func {id} {ty}))");
            let _ = writeln!(
                exports,
                "(func (export \"{version}.{name}\") {ty} (call {id} {gets}))"
            );
        }
    }
    format!("(module\n{imports}{exports})")
}
