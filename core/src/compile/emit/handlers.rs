//! The handler table's encoder. Layout: see `image::handlers`.

use crate::compile::codegen::CallSite;
use alloc::vec::Vec;

/// Collects calls with catch clauses.
#[derive(Default)]
pub(super) struct Handlers {
    return_addresses: Vec<u8>,
    sites: Vec<u8>,
    clauses: Vec<u8>,
    /// How many clauses there are.
    count: u32,
}

impl Handlers {
    /// Adds the calls of a function that lies at `base`, behind those before.
    pub(super) fn push(&mut self, base: u32, calls: &[CallSite]) {
        for call in calls {
            put(&mut self.return_addresses, [base + call.return_address]);
            for clause in &call.clauses {
                let (slot, vmctx) = match &clause.tag {
                    Some(tag) => (tag.slot, tag.vmctx),
                    None => (0, 0),
                };
                put(&mut self.clauses, [base + clause.code, slot, vmctx]);
            }
            // Each clause is an entry of an exception table, whose number the translator limits.
            self.count += call.clauses.len() as u32;
            put(&mut self.sites, [call.frame_size, self.count]);
        }
    }

    pub(super) fn finish(self) -> Vec<u8> {
        let calls = (self.return_addresses.len() / 4) as u32;
        if calls == 0 {
            return Vec::new();
        }
        let mut section = calls.to_le_bytes().to_vec();
        for part in [self.return_addresses, self.sites, self.clauses] {
            section.extend(part);
        }
        section
    }
}

fn put<const N: usize>(part: &mut Vec<u8>, words: [u32; N]) {
    part.extend(words.map(u32::to_le_bytes).as_flattened());
}
