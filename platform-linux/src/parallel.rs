//! Running independent jobs on all cores.
#![forbid(unsafe_code)]

use rayon::prelude::*;

/// Runs `job(0)` to `job(count - 1)`, on all cores and in any order, and returns when all are done.
///
/// The jobs run on rayon's global pool. A single job runs on the calling thread.
///
/// # Panics
/// If a job panics, with that job's panic, after those under way are done.
pub fn for_each(count: usize, job: &(dyn Fn(usize) + Sync)) {
    match count {
        0 => {}
        1 => job(0),
        // Jobs differ in cost by orders of magnitude (functions of a module): split down to one.
        _ => (0..count).into_par_iter().with_max_len(1).for_each(job),
    }
}

#[cfg(test)]
mod tests {
    use super::for_each;
    use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

    #[test]
    fn runs_every_job_once() {
        for count in [0, 1, 2, 3, 1000] {
            let runs: Vec<_> = (0..count).map(|_| AtomicUsize::new(0)).collect();
            for_each(count, &|index| {
                runs[index].fetch_add(1, Relaxed);
            });
            assert!(runs.iter().all(|runs| runs.load(Relaxed) == 1), "{count}");
        }
    }

    #[test]
    fn nests_and_passes_panics_on() {
        let panicked = std::panic::catch_unwind(|| {
            for_each(4, &|outer| {
                for_each(4, &|inner| assert!(outer + inner < 6, "last"))
            });
        });
        assert!(panicked.is_err());
    }
}
