//! Guests that want out of their directory.

use crate::support::{CREAT, DIRECTORY, Folder, Guest, PATH, READ, TRUNC, WRITE, each};
use std::fs;
use std::os::unix::fs::symlink;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};
use wasmetal_wasi::Errno;

/// What lies beside the guest's directory, and what it must never see.
const SECRET: &[u8] = b"secret";

fn folder() -> Folder {
    let folder = Folder::new();
    fs::write(folder.0.join("secret"), SECRET).unwrap();
    fs::create_dir(folder.0.join("outside")).unwrap();
    fs::write(folder.0.join("outside/secret"), SECRET).unwrap();
    folder
}

/// Nothing outside has changed.
fn unharmed(folder: &Folder) {
    let mut names: Vec<_> = fs::read_dir(&folder.0)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["inside", "outside", "secret"]);
    for path in ["secret", "outside/secret"] {
        assert_eq!(fs::read(folder.0.join(path)).unwrap(), SECRET);
    }
    assert_eq!(fs::read_dir(folder.0.join("outside")).unwrap().count(), 1);
}

/// Does everything to a path that leads outside: nothing of it works.
fn try_all(guest: &mut Guest, path: &str) {
    for flags in [0, CREAT, TRUNC, DIRECTORY] {
        for lookup in [0, 1] {
            for rights in [READ, WRITE, READ | WRITE] {
                let opened = guest.open_at(3, lookup, path, flags, rights, 0);
                assert!(opened.is_err(), "{path} {flags} {lookup} {rights}");
            }
        }
    }
    for name in [
        "path_create_directory",
        "path_unlink_file",
        "path_remove_directory",
    ] {
        assert_ne!(guest.path(name, path), 0, "{name} {path}");
    }
    for name in ["path_rename", "path_link"] {
        assert_ne!(guest.two_paths(name, path, "stolen"), 0, "{name} {path}");
        assert_ne!(guest.two_paths(name, "mine", path), 0, "{name} {path}");
    }
    assert_ne!(guest.two_paths("path_symlink", "mine", path), 0, "{path}");
    guest.put(PATH, path.as_bytes());
    let (at, len) = (u64::from(PATH), path.len() as u64);
    assert_ne!(guest.call("path_filestat_get", &[3, 1, at, len, 64]), 0);
    let times = [3, 1, at, len, 1, 1, 5];
    assert_ne!(guest.call("path_filestat_set_times", &times), 0);
}

#[test]
fn no_path_leads_outside() {
    let folder = folder();
    let mut guest = folder.guest();
    guest.make("mine", b"mine");
    assert_eq!(guest.path("path_create_directory", "dir"), 0);
    let absolute = folder.0.join("secret").display().to_string();
    for path in [
        "../secret",
        "dir/../../secret",
        "./../inside/../secret",
        "dir/../../outside/secret",
        "dir/../..",
        "..",
        "/",
        "/etc/passwd",
        "//etc/passwd",
        &absolute,
        "../outside/new",
        "../../../../../../../../etc/passwd",
    ] {
        try_all(&mut guest, path);
    }
    unharmed(&folder);
    // Not from further down either, of which the guest has a descriptor.
    let dir = guest.open("dir", DIRECTORY, READ).unwrap();
    for path in ["../mine", "..", "../../secret"] {
        let opened = guest.open_at(dir, 1, path, 0, READ, 0);
        assert_eq!(opened, Err(Errno::Perm as i32), "{path}");
    }
    assert_eq!(guest.open_at(3, 0, "dir/../mine", 0, READ, 0), Ok(dir + 1));
}

#[test]
fn no_link_leads_outside() {
    let folder = folder();
    let inside = folder.inside();
    symlink("../secret", inside.join("up")).unwrap();
    symlink(folder.0.join("secret"), inside.join("absolute")).unwrap();
    symlink("../outside", inside.join("dir")).unwrap();
    symlink("dir", inside.join("through")).unwrap();
    symlink("/", inside.join("root")).unwrap();
    symlink("/proc/self/root/etc", inside.join("proc")).unwrap();
    let mut guest = folder.guest();
    guest.make("mine", b"mine");
    for path in [
        "up",
        "absolute",
        "dir/secret",
        "dir/new",
        "through/secret",
        "root/etc/passwd",
        "proc/passwd",
    ] {
        let opened = guest.open(path, 0, READ);
        assert!(opened.is_err(), "{path}");
        for (flags, rights) in [
            (CREAT, WRITE),
            (TRUNC, WRITE),
            (0, WRITE),
            (DIRECTORY, READ),
        ] {
            assert!(guest.open(path, flags, rights).is_err(), "{path}");
        }
    }
    for path in ["dir/secret", "dir/new", "through/secret", "root/etc/passwd"] {
        try_all(&mut guest, path);
    }
    unharmed(&folder);
    // A link itself may be looked at and removed; what it leads to stays.
    for link in ["up", "dir", "absolute"] {
        assert_eq!(guest.path("path_unlink_file", link), 0);
    }
    unharmed(&folder);
    // Links that the guest makes: absolute ones not at all, others lead nowhere.
    let perm = Errno::Perm as i32;
    assert_eq!(guest.two_paths("path_symlink", "/etc/passwd", "x"), perm);
    assert_eq!(guest.two_paths("path_symlink", "../secret", "x"), 0);
    assert_eq!(guest.open("x", 0, READ), Err(perm));
    assert_eq!(guest.open("x", CREAT | TRUNC, WRITE), Err(perm));
    unharmed(&folder);
}

#[test]
fn links_the_guest_makes_lead_nowhere_on_any_file_system() {
    each(|guest| {
        guest.make("mine", b"mine");
        assert_eq!(guest.path("path_create_directory", "dir"), 0);
        assert_eq!(guest.two_paths("path_symlink", "../../x", "dir/out"), 0);
        assert_eq!(guest.two_paths("path_symlink", "dir/out", "far"), 0);
        assert_eq!(guest.two_paths("path_symlink", "../mine", "dir/in"), 0);
        for path in ["dir/out", "far", "dir/out/y", "far/y"] {
            assert_eq!(
                guest.open(path, CREAT, WRITE),
                Err(Errno::Perm as i32),
                "{path}"
            );
        }
        assert!(guest.open("dir/in", 0, READ).is_ok());
    });
}

/// A directory is exchanged for a link to the outside, again and again, while the guest opens what is in it.
#[test]
fn no_race_leads_outside() {
    let folder = folder();
    let inside = folder.inside();
    fs::create_dir(inside.join("real")).unwrap();
    fs::write(inside.join("real/secret"), "harmless").unwrap();
    symlink("../outside", inside.join("trap")).unwrap();
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            // `dir` is now the one, now the other.
            let dir = inside.join("dir");
            while !done.load(Ordering::Relaxed) {
                let _ = fs::rename(inside.join("real"), &dir);
                let _ = fs::rename(&dir, inside.join("real"));
                let _ = fs::rename(inside.join("trap"), &dir);
                let _ = fs::rename(&dir, inside.join("trap"));
            }
        });
        let mut guest = folder.guest();
        let (mut opened, mut refused) = (0_u32, 0_u32);
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(10) && (opened < 100 || refused < 100) {
            match guest.open("dir/secret", 0, READ) {
                Ok(fd) => {
                    assert_eq!(guest.read(fd, 100), Ok(b"harmless".to_vec()));
                    guest.good("fd_close", &[fd.into()]);
                    opened += 1;
                }
                Err(_) => refused += 1,
            }
            if let Ok(fd) = guest.open("dir/new", CREAT, WRITE) {
                guest.good("fd_close", &[fd.into()]);
            }
            let _ = guest.path("path_create_directory", "dir/d");
            let _ = guest.two_paths("path_rename", "dir/new", "dir/newer");
        }
        done.store(true, Ordering::Relaxed);
    });
    unharmed(&folder);
}
