//! What a path means, in file systems that know names only: it leads to a place below the directory where it begins, or
//! nowhere.

use crate::{Errno, heap};
use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

/// The most symbolic links on the way.
const MAX_LINKS: u32 = 40;
/// The most bytes of what is still to be gone, when links are put in.
const MAX_REST: usize = 1 << 16;
/// The longest name.
const MAX_NAME: usize = 255;

/// What a node is, for the way.
pub(super) enum Kind<'a> {
    Directory,
    /// A symbolic link, and what it says.
    Link(&'a str),
    Other,
}

/// Nodes, with names in directories.
pub(super) trait Tree {
    type Node: Copy;

    /// What has this name in a directory.
    fn find(&self, directory: Self::Node, name: &str) -> Option<Self::Node>;

    /// What a node is.
    fn kind(&self, node: Self::Node) -> Kind<'_>;
}

/// Where a path leads.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Place<N> {
    /// To a directory by way of itself: `.`, `..`, the directory where it begins.
    Itself(N),
    /// To a name in a directory.
    Name {
        parent: N,
        name: String,
        /// What has the name now.
        node: Option<N>,
        /// The path ends with a slash: what has the name is to be a directory.
        slash: bool,
    },
}

impl<N: Copy> Place<N> {
    /// What is there.
    pub(super) fn node(&self) -> Option<N> {
        match self {
            Self::Itself(node) => Some(*node),
            Self::Name { node, .. } => *node,
        }
    }
}

/// Goes along a path. `follow`: if it ends in a symbolic link, on to where that leads.
///
/// # Errors
/// It leads out of `base`, through what is no directory, or round and round; memory is short.
pub(super) fn walk<T: Tree>(
    tree: &T,
    base: T::Node,
    path: &str,
    follow: bool,
) -> Result<Place<T::Node>, Errno> {
    if path.is_empty() {
        return Err(Errno::Noent);
    }
    // The way from the base, for `..`.
    let mut above: Vec<T::Node> = Vec::new();
    let mut here = base;
    // The path, or what has come in place of its beginning, and how much of that has been gone.
    let mut whole = Cow::Borrowed(path);
    let mut gone = 0;
    let mut links = 0;
    loop {
        let rest = &whole[gone..];
        if rest.starts_with('/') {
            return Err(Errno::Perm);
        }
        let end = rest.find('/').unwrap_or(rest.len());
        let name = &rest[..end];
        let after = rest[end..].trim_start_matches('/');
        let (is_last, slash) = (after.is_empty(), end < rest.len());
        match name {
            "." => {}
            ".." => here = above.pop().ok_or(Errno::Perm)?,
            _ if name.len() > MAX_NAME => return Err(Errno::Nametoolong),
            _ => {
                let node = tree.find(here, name);
                match node.map(|node| tree.kind(node)) {
                    Some(Kind::Link(target)) if !is_last || follow || slash => {
                        links += 1;
                        if links > MAX_LINKS {
                            return Err(Errno::Loop);
                        }
                        if target.is_empty() {
                            return Err(Errno::Noent);
                        }
                        if target.len() + 1 + after.len() > MAX_REST {
                            return Err(Errno::Nametoolong);
                        }
                        let end = if slash { "/" } else { "" };
                        whole = Cow::Owned(heap::text(&[target, end, after])?);
                        gone = 0;
                        continue;
                    }
                    _ if is_last => {
                        return Ok(Place::Name {
                            parent: here,
                            name: heap::text(&[name])?,
                            node,
                            slash,
                        });
                    }
                    Some(Kind::Directory) => {
                        heap::push(&mut above, here)?;
                        here = node.ok_or(Errno::Noent)?;
                    }
                    Some(_) => return Err(Errno::Notdir),
                    None => return Err(Errno::Noent),
                }
            }
        }
        if is_last {
            return Ok(Place::Itself(here));
        }
        gone = whole.len() - after.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Names of three nodes: 0 is the base, with directory 1 `a`, file 2 `f`, and links; 1 has file 3 `g`.
    struct Three;

    impl Tree for Three {
        type Node = u32;

        fn find(&self, directory: u32, name: &str) -> Option<u32> {
            Some(match (directory, name) {
                (0, "a") => 1,
                (0, "f") => 2,
                (1, "g") => 3,
                (0, "to_a") => 10,
                (0, "to_f") => 11,
                (0, "out") => 12,
                (0, "round") => 13,
                (0, "root") => 14,
                (0, "nowhere") => 15,
                (1, "up") => 16,
                (1, "up_out") => 17,
                _ => return None,
            })
        }

        fn kind(&self, node: u32) -> Kind<'_> {
            match node {
                0 | 1 => Kind::Directory,
                10 => Kind::Link("a"),
                11 => Kind::Link("a/../f"),
                12 => Kind::Link("../x"),
                13 => Kind::Link("./round"),
                14 => Kind::Link("/a"),
                15 => Kind::Link("new"),
                16 => Kind::Link("../f"),
                17 => Kind::Link("../../f"),
                _ => Kind::Other,
            }
        }
    }

    #[test]
    fn paths_lead_to_places_below_the_base() {
        let check = |path: &str, follow, expected: Result<(Option<u32>, bool), Errno>| {
            let place = walk(&Three, 0, path, follow);
            let found = place.map(|place| match place {
                Place::Itself(node) => (Some(node), true),
                Place::Name { node, .. } => (node, false),
            });
            assert_eq!(found, expected, "{path:?}, {follow}");
        };
        check("a", false, Ok((Some(1), false)));
        check("a/", false, Ok((Some(1), false)));
        check("./a//.//g", false, Ok((Some(3), false)));
        check("a/..", false, Ok((Some(0), true)));
        check("a/../a/../f", false, Ok((Some(2), false)));
        check(".", false, Ok((Some(0), true)));
        check("./", false, Ok((Some(0), true)));
        check("new", false, Ok((None, false)));
        check("new/", false, Ok((None, false)));
        check("", false, Err(Errno::Noent));
        check("new/x", false, Err(Errno::Noent));
        check("f/x", false, Err(Errno::Notdir));
        check("f/..", false, Err(Errno::Notdir));
        check("..", false, Err(Errno::Perm));
        check("a/../..", false, Err(Errno::Perm));
        check("/", false, Err(Errno::Perm));
        check("/a", false, Err(Errno::Perm));
        // Links: the last is followed on demand.
        check("to_a", false, Ok((Some(10), false)));
        check("to_a", true, Ok((Some(1), false)));
        check("to_a/", false, Ok((Some(1), false)));
        check("to_a/g", false, Ok((Some(3), false)));
        check("to_a/..", false, Ok((Some(0), true)));
        check("to_f", true, Ok((Some(2), false)));
        check("to_f/g", true, Err(Errno::Notdir));
        check("nowhere", true, Ok((None, false)));
        check("a/up", true, Ok((Some(2), false)));
        check("a/up_out", true, Err(Errno::Perm));
        check("a/up_out", false, Ok((Some(17), false)));
        check("out", true, Err(Errno::Perm));
        check("out/f", false, Err(Errno::Perm));
        check("root", true, Err(Errno::Perm));
        check("round", true, Err(Errno::Loop));
        check("round", false, Ok((Some(13), false)));
        check(&"x".repeat(256), false, Err(Errno::Nametoolong));
    }
}
