//! One number for all that code, images and the runtime agree on. An image states it, so that none is taken by a
//! runtime with another agreement.
//!
//! It is a digest of tables: names and numbers, most of them made by the macro that declares what they list.
//! Each module here has some, as its `LAYOUT`. The tests find constants that no table has.

use crate::digest::Digest;
pub use crate::digest::Table;

/// Raised by hand when code and runtime agree on something new that is no constant: a calling convention, what a
/// builtin does, what a bit means.
const REVISION: u64 = 2;

/// Declares constants, and the table of them.
macro_rules! layout {
    ($($(#[$doc:meta])* pub const $name:ident: $ty:ty = $value:expr;)*) => {
        $($(#[$doc])* pub const $name: $ty = $value;)*

        /// The constants above.
        pub(super) const CONSTANTS: $crate::abi::layout::Table =
            &[$((stringify!($name), $name as u64)),*];
    };
}
pub(super) use layout;

macro_rules! modules {
    ($($name:ident)*) => {
        /// The tables of each module here.
        const MODULES: &[(&str, &[Table])] = &[$((stringify!($name), super::$name::LAYOUT)),*];

        #[cfg(test)]
        const SOURCES: &[&str] = &[$(include_str!(concat!(stringify!($name), ".rs"))),*];
    };
}

modules! { builtins cpu displays encodings features gc sections traps tunables vmctx }

/// What all of them come to.
pub const DIGEST: Digest = of(MODULES)
    .number(REVISION)
    .number(super::VALUE_SIZE as u64);

/// The digest of these tables.
const fn of(modules: &[(&str, &[Table])]) -> Digest {
    let mut digest = Digest::EMPTY;
    let mut module = 0;
    while module < modules.len() {
        let (name, tables) = modules[module];
        digest = digest.text(name);
        let mut table = 0;
        while table < tables.len() {
            digest = digest.table(tables[table]);
            table += 1;
        }
        module += 1;
    }
    digest
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    type Rows = Vec<(&'static str, u64)>;

    /// A name, a number or a place that differs, in any table, makes another digest; so does a row that goes.
    #[test]
    fn each_row_counts() {
        let digest = of(MODULES);
        let mut rows = 0;
        for (m, (module, tables)) in MODULES.iter().enumerate() {
            for (t, table) in tables.iter().enumerate() {
                assert!(!table.is_empty(), "{module}");
                for row in 0..table.len() {
                    let check = |change: &dyn Fn(&mut Rows)| {
                        let mut changed = table.to_vec();
                        change(&mut changed);
                        let mut tables = tables.to_vec();
                        tables[t] = Vec::leak(changed);
                        let mut modules = MODULES.to_vec();
                        modules[m].1 = Vec::leak(tables);
                        assert_ne!(of(&modules), digest, "{module}: {:?}", table[row]);
                    };
                    check(&|table| table[row].1 ^= 1);
                    check(&|table| table[row].0 = "another");
                    check(&|table| {
                        table.remove(row);
                    });
                    if row > 0 {
                        check(&|table| table.swap(row, row - 1));
                    }
                    rows += 1;
                }
            }
        }
        assert!(rows > 150, "{rows}");
    }

    /// Each module of `abi` is in the list, and each of its constants in a table of its own.
    #[test]
    fn nothing_is_left_out() {
        let declared = include_str!("mod.rs").lines();
        let declared = declared.filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
        let declared: Vec<_> = declared.filter(|name| *name != "layout").collect();
        let listed: Vec<_> = MODULES.iter().map(|(name, _)| *name).collect();
        assert_eq!(declared, listed);

        for ((module, tables), source) in MODULES.iter().zip(SOURCES) {
            let (source, _) = source.split_once("#[cfg(test)]").unwrap_or((source, ""));
            let mut rows: Vec<_> = tables.iter().flat_map(|table| table.iter()).collect();
            for line in source.lines() {
                let line = line.trim_start();
                let line = line.strip_prefix("pub ").unwrap_or(line);
                let Some((name, rest)) = line
                    .strip_prefix("const ")
                    .and_then(|line| line.split_once(": "))
                else {
                    continue;
                };
                let (ty, _) = rest.split_once(' ').unwrap_or((rest, ""));
                // A `SHAPE` is made of the others.
                if ["u8", "u16", "u32", "u64", "usize", "&str"].contains(&ty) && name != "SHAPE" {
                    let row = rows.iter().position(|row| row.0 == name);
                    let row = row.unwrap_or_else(|| panic!("{module}: {name} is in no table"));
                    rows.swap_remove(row);
                }
            }
        }
    }
}
