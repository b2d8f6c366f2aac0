//! Smaller programs that still make a finding.

use crate::tally::Counts;
use anyhow::Result;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};
use wasmetal_fuzz::pool::{Answer, Worker};

const PATIENCE: Duration = Duration::from_secs(20);

/// Statements of a seed's program without which there is a finding all the same: as many as are soon found.
pub(crate) fn shrink(
    seed: u64,
    statements: u32,
    worker: &mut Worker<Counts>,
) -> Result<BTreeSet<u32>> {
    let start = Instant::now();
    let mut removed = BTreeSet::new();
    let mut size = statements.div_ceil(2).max(1);
    loop {
        let mut smaller = false;
        for from in (0..statements).step_by(size as usize) {
            if start.elapsed() > PATIENCE {
                return Ok(removed);
            }
            let mut more = removed.clone();
            more.extend(from..statements.min(from + size));
            if more.len() > removed.len() && is_finding(seed, &more, worker)? {
                removed = more;
                smaller = true;
            }
        }
        match size {
            1 if !smaller => return Ok(removed),
            1 => {}
            _ => size = size.div_ceil(2),
        }
    }
}

fn is_finding(seed: u64, removed: &BTreeSet<u32>, worker: &mut Worker<Counts>) -> Result<bool> {
    let mut task = seed.to_string();
    for number in removed {
        task.push(' ');
        task.push_str(&number.to_string());
    }
    Ok(!matches!(worker.run(&task)?, Answer::Same(_)))
}
