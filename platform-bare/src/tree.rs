//! The device tree: a view of a flattened one, whose every access is checked (Devicetree Specification 0.4,
//! chapters 2.3 and 5).
#![forbid(unsafe_code)]

const MAGIC: u32 = 0xd00d_feed;
/// The version of the format, with which later ones are to be compatible.
const VERSION: u32 = 17;

// Fields of the header, by offset.
const TOTAL_SIZE: usize = 4;
const STRUCTURE: usize = 8;
const STRINGS: usize = 12;
const LAST_COMPATIBLE: usize = 24;

/// The length of a header, in bytes.
pub const HEADER: usize = 40;

/// A flattened device tree.
#[derive(Clone, Copy, Debug)]
pub struct Tree<'a> {
    bytes: &'a [u8],
    strings: usize,
}

/// A node of a tree.
#[derive(Clone, Copy, Debug)]
pub struct Node<'a> {
    tree: Tree<'a>,
    name: &'a [u8],
    /// Where its first property is.
    start: usize,
}

enum Token<'a> {
    /// A node of this name begins.
    Begin(&'a [u8]),
    End,
    Property(&'a [u8], &'a [u8]),
}

/// The size of the tree that has this header, in bytes; `None` if it is none that can be read.
#[must_use]
pub fn size(header: &[u8; HEADER]) -> Option<usize> {
    let readable = word(header, 0)? == MAGIC && word(header, LAST_COMPATIBLE)? <= VERSION;
    readable.then(|| offset(header, TOTAL_SIZE)).flatten()
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn offset(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(word(bytes, at)?).ok()
}

/// The number at `at`, of one or two `cells`.
fn number(value: &[u8], at: usize, cells: usize) -> Option<u64> {
    let high = match cells {
        1 => 0,
        2 => word(value, at)?,
        _ => return None,
    };
    let low = word(value, at + 4 * (cells - 1))?;
    Some(u64::from(high) << 32 | u64::from(low))
}

impl<'a> Tree<'a> {
    /// The root of the tree in these bytes, which begin with a header that has a [`size`].
    #[must_use]
    pub fn root(bytes: &'a [u8]) -> Option<Node<'a>> {
        let tree = Self {
            bytes,
            strings: offset(bytes, STRINGS)?,
        };
        let mut start = offset(bytes, STRUCTURE)?;
        match tree.token(&mut start)? {
            Token::Begin(name) => Some(Node { tree, name, start }),
            _ => None,
        }
    }

    /// The text at `at`, without the zero at its end.
    fn text(&self, at: usize) -> Option<&'a [u8]> {
        self.bytes.get(at..)?.split(|byte| *byte == 0).next()
    }

    /// The token at `at`, which goes on to the next. `None` at the end, and where there is no token.
    fn token(&self, at: &mut usize) -> Option<Token<'a>> {
        loop {
            let token = word(self.bytes, *at)?;
            *at += 4;
            match token {
                1 => {
                    let name = self.text(*at)?;
                    *at = (*at + name.len() + 1).next_multiple_of(4);
                    return Some(Token::Begin(name));
                }
                2 => return Some(Token::End),
                3 => {
                    let len = offset(self.bytes, *at)?;
                    let name = offset(self.bytes, *at + 4)?.checked_add(self.strings)?;
                    let value = self.bytes.get(*at + 8..)?.get(..len)?;
                    *at = (*at + 8 + len).next_multiple_of(4);
                    return Some(Token::Property(self.text(name)?, value));
                }
                // FDT_NOP.
                4 => {}
                _ => return None,
            }
        }
    }
}

impl<'a> Node<'a> {
    /// Whether the node has this name, unit address (what follows `@`) not counted.
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        let rest = self.name.strip_prefix(name.as_bytes());
        rest.is_some_and(|rest| matches!(rest.first(), None | Some(b'@')))
    }

    /// The value of a property.
    #[must_use]
    pub fn property(&self, name: &str) -> Option<&'a [u8]> {
        let mut at = self.start;
        while let Token::Property(found, value) = self.tree.token(&mut at)? {
            if found == name.as_bytes() {
                return Some(value);
            }
        }
        None
    }

    /// Whether a property is a list of strings that has this one.
    #[must_use]
    pub fn lists(&self, name: &str, text: &str) -> bool {
        let value = self.property(name).unwrap_or_default();
        value
            .split(|byte| *byte == 0)
            .any(|item| item == text.as_bytes())
    }

    /// Address and size in the first entry of the node's `reg`; it is below this one, which says of how many
    /// cells they are.
    #[must_use]
    pub fn reg_of(&self, node: &Node<'a>) -> Option<(u64, u64)> {
        let cells = |name, default| match self.property(name) {
            Some(value) => offset(value, 0),
            None => Some(default),
        };
        let (address, size) = (cells("#address-cells", 2)?, cells("#size-cells", 1)?);
        let value = node.property("reg")?;
        let start = number(value, 0, address)?;
        let size = match size {
            0 => 0,
            cells => number(value, 4 * address, cells)?,
        };
        Some((start, size))
    }

    /// The first node below this one that has the name.
    #[must_use]
    pub fn child(&self, name: &str) -> Option<Node<'a>> {
        self.children().find(|child| child.is(name))
    }

    /// The nodes below this one, those below them not.
    pub fn children(&self) -> impl Iterator<Item = Node<'a>> + use<'a> {
        let tree = self.tree;
        let mut at = self.start;
        let mut depth = 0_usize;
        core::iter::from_fn(move || {
            loop {
                match tree.token(&mut at)? {
                    Token::Property(..) => {}
                    Token::End => depth = depth.checked_sub(1)?,
                    Token::Begin(name) => {
                        depth += 1;
                        if depth == 1 {
                            let start = at;
                            return Some(Node { tree, name, start });
                        }
                    }
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    const STRINGS_TEXT: &[u8] =
        b"reg\0#address-cells\0#size-cells\0compatible\0method\0enable-method\0";

    /// The structure block.
    #[derive(Default)]
    struct Builder(Vec<u8>);

    impl Builder {
        fn words(mut self, words: &[u32]) -> Self {
            for word in words {
                self.0.extend(word.to_be_bytes());
            }
            self
        }

        fn padded(mut self, bytes: &[u8]) -> Self {
            self.0.extend(bytes);
            self.0.resize(self.0.len().next_multiple_of(4), 0);
            self
        }

        fn begin(self, name: &str) -> Self {
            let mut name = name.as_bytes().to_vec();
            name.push(0);
            self.words(&[1]).padded(&name)
        }

        fn end(self) -> Self {
            self.words(&[2])
        }

        fn property(self, name: &str, value: &[u8]) -> Self {
            let mut text = name.as_bytes().to_vec();
            text.push(0);
            let at = STRINGS_TEXT
                .windows(text.len())
                .position(|window| window == text)
                .expect("the name is among the strings");
            self.words(&[3, value.len() as u32, at as u32])
                .padded(value)
        }

        fn cells(self, name: &str, cells: &[u32]) -> Self {
            let value: Vec<u8> = cells.iter().flat_map(|cell| cell.to_be_bytes()).collect();
            self.property(name, &value)
        }

        fn finish(self) -> Vec<u8> {
            let structure = self.words(&[9]).0;
            let strings = (HEADER + structure.len()) as u32;
            let total = strings + STRINGS_TEXT.len() as u32;
            let words = [MAGIC, total, 40, strings, 40, 17, 16, 0, 0, 0];
            let mut all = Self::default().words(&words).0;
            all.extend(structure);
            all.extend(STRINGS_TEXT);
            all
        }
    }

    /// As QEMU's for `virt`, in what matters.
    fn board() -> Vec<u8> {
        Builder::default()
            .begin("")
            .cells("#address-cells", &[2])
            .cells("#size-cells", &[2])
            .begin("psci")
            .property("method", b"hvc\0")
            .property("compatible", b"arm,psci-1.0\0arm,psci-0.2\0arm,psci\0")
            .end()
            .words(&[4])
            .begin("memory-controller@0")
            .end()
            .begin("memory@40000000")
            .cells("reg", &[0, 0x4000_0000, 1, 0x2000_0000])
            .end()
            .begin("cpus")
            .cells("#address-cells", &[1])
            .cells("#size-cells", &[0])
            .begin("cpu-map")
            .begin("cpu")
            .end()
            .end()
            .begin("cpu@0")
            .property("enable-method", b"psci\0")
            .cells("reg", &[0])
            .end()
            .begin("cpu@1")
            .cells("reg", &[0x101])
            .end()
            .end()
            .end()
            .finish()
    }

    #[test]
    fn a_board() {
        let bytes = board();
        let size = size(bytes.first_chunk().expect("a header"));
        assert_eq!(size, Some(bytes.len()));
        let root = Tree::root(&bytes).expect("a tree");
        let memory = root.child("memory").expect("memory");
        assert_eq!(root.reg_of(&memory), Some((0x4000_0000, 0x1_2000_0000)));
        let psci = root.child("psci").expect("psci");
        assert_eq!(psci.property("method"), Some(&b"hvc\0"[..]));
        assert!(psci.lists("compatible", "arm,psci-0.2"));
        assert!(!psci.lists("compatible", "arm,psci-0."));
        assert!(!psci.lists("reg", "psci"));
        let cpus = root.child("cpus").expect("cpus");
        let found: Vec<_> = cpus
            .children()
            .filter(|node| node.is("cpu"))
            .map(|cpu| (cpus.reg_of(&cpu), cpu.lists("enable-method", "psci")))
            .collect();
        assert_eq!(found, [(Some((0, 0)), true), (Some((0x101, 0)), false)]);
        assert!(root.child("chosen").is_none());
    }

    /// Whatever is cut off or changed is never a panic.
    #[test]
    fn damaged() {
        let read = |bytes: &[u8]| {
            let Some(root) = Tree::root(bytes) else {
                return;
            };
            for node in root.children() {
                let _ = (root.reg_of(&node), node.lists("compatible", "x"));
                assert!(node.children().count() < bytes.len());
            }
        };
        let bytes = board();
        for end in 0..bytes.len() {
            read(&bytes[..end]);
        }
        for at in 0..bytes.len() {
            for value in [0, 1, 2, 3, 0x7f, 0xff] {
                let mut bytes = bytes.clone();
                bytes[at] = value;
                read(&bytes);
            }
        }
    }

    #[test]
    fn headers() {
        let bytes = board();
        let header: [u8; HEADER] = *bytes.first_chunk().expect("a header");
        let check = |at: usize, value: u8, expected: bool| {
            let mut header = header;
            header[at] = value;
            assert_eq!(size(&header).is_some(), expected, "{at}: {value}");
        };
        check(0, 0, false);
        check(LAST_COMPATIBLE + 3, 17, true);
        check(LAST_COMPATIBLE + 3, 18, false);
    }
}
