//! The name section. What is wrong in it is left out: a custom section never makes a module invalid.

use crate::module::FunctionIndex;
use alloc::{string::String, vec::Vec};
use wasmparser::{Name, NameSectionReader};

/// Names of functions.
#[derive(Default)]
pub(in crate::compile) struct FunctionNames<'a> {
    /// By ascending index, once finished. Until then numbers may be any, those that no index can have among them.
    names: Vec<(u32, &'a str)>,
}

impl<'a> FunctionNames<'a> {
    #[cfg(test)]
    pub(in crate::compile) fn of(names: Vec<(u32, &'a str)>) -> Self {
        Self { names }
    }

    /// The name of a function.
    pub(in crate::compile) fn get(&self, function: FunctionIndex) -> Option<&'a str> {
        let number = function.as_u32();
        let i = self.names.binary_search_by_key(&number, |n| n.0).ok()?;
        Some(self.names[i].1)
    }

    /// All names, by ascending index.
    pub(in crate::compile) fn iter(
        &self,
    ) -> impl ExactSizeIterator<Item = (FunctionIndex, &'a str)> {
        let names = self.names.iter();
        names.map(|(function, name)| (FunctionIndex::from_u32(*function), *name))
    }

    pub(super) fn read(&mut self, section: NameSectionReader<'a>, module: &mut Option<String>) {
        for name in section {
            match name {
                Ok(Name::Module { name, .. }) => *module = Some(name.into()),
                Ok(Name::Function(map)) => self.names.extend(
                    map.into_iter()
                        .map_while(Result::ok)
                        .map(|naming| (naming.index, naming.name)),
                ),
                Ok(_) => {}
                Err(_) => break,
            }
        }
    }

    /// Puts the names in order and drops those of functions that do not exist.
    pub(super) fn finish(&mut self, functions: usize) {
        self.names.retain(|name| (name.0 as usize) < functions);
        self.names.sort_by_key(|name| name.0);
        self.names.dedup_by_key(|name| name.0);
    }
}
