//! Cases that each run in a process of its own, whose end is judged.

/// How a process ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum End {
    Exit(i32),
    Signal(i32),
}
use End::{Exit, Signal};

/// Runs cases with their names, and checks how each ends; 0 where it returns. The process has one thread.
///
/// # Panics
/// One ends in another way. All have run then.
pub(crate) fn check_ends<N: AsRef<str>, F: FnOnce()>(
    program: &str,
    cases: impl IntoIterator<Item = (N, F, End)>,
) {
    let mut failed = 0;
    for (name, case, expected) in cases {
        let end = end_of(case);
        let verdict = if end == expected { "ok" } else { "FAILED" };
        println!("{program}: {} ... {verdict} ({end:?})", name.as_ref());
        failed += u32::from(end != expected);
    }
    assert!(failed == 0, "{failed} cases failed");
}

/// Runs `case` in a child.
fn end_of(case: impl FnOnce()) -> End {
    let mut status = 0;
    // SAFETY: the process has one thread, so the child may do anything.
    unsafe {
        let child = libc::fork();
        assert!(child >= 0);
        if child == 0 {
            // Ended where it hangs, and dead without a core.
            libc::alarm(600);
            let no_core = libc::rlimit {
                rlim_cur: 0,
                rlim_max: 0,
            };
            libc::setrlimit(libc::RLIMIT_CORE, &no_core);
            case();
            libc::_exit(0);
        }
        assert_eq!(libc::waitpid(child, &mut status, 0), child);
    }
    match libc::WIFSIGNALED(status) {
        true => Signal(libc::WTERMSIG(status)),
        false => Exit(libc::WEXITSTATUS(status)),
    }
}
