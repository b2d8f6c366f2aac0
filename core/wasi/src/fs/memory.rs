//! A file system in memory, with a quota.

use super::path::{Kind, Place, Tree, walk};
use super::{
    Directory, Entry, File, FileType, Listing, Metadata, NewTime, Open, OpenOptions, Times,
};
use crate::{Errno, HostWallClock, heap};
use alloc::boxed::Box;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::any::Any;
use core::fmt;
use core::ops::Range;
use core::sync::atomic::{AtomicU32, Ordering};
use core::task::{Context, Poll};
use core::time::Duration;
use spin::Mutex;

/// What a node counts as, besides its content, and what a name does.
const NODE: usize = 256;
const NAME: usize = 64;

/// The number of the next file system.
static NEXT: AtomicU32 = AtomicU32::new(1);

/// A number for a file system.
pub(super) fn next_device() -> u32 {
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// A file system in memory. A clone is the same one.
///
/// Its quota bounds what guests make it grow by, in bytes: the contents of files, the lengths of names and links, 256 bytes
/// for a file or directory and 64 for a name. What would exceed it fails with [`Errno::Nospc`]. Several guests may share one.
///
/// ```
/// use wasmetal_wasi::{DirPerms, FilePerms, MemoryFileSystem, WasiCtxBuilder};
///
/// let scratch = MemoryFileSystem::new(1 << 20);
/// let mut builder = WasiCtxBuilder::new();
/// builder.preopened_directory(scratch.root(), "/tmp", DirPerms::all(), FilePerms::all());
/// let ctx = builder.build_p1();
/// ```
#[derive(Clone)]
pub struct MemoryFileSystem {
    inner: Arc<Inner>,
}

struct Inner {
    device: u32,
    clock: Option<Box<dyn HostWallClock>>,
    state: Mutex<State>,
}

/// The number of a node.
type Id = u32;
/// The number of the node that the root is.
const ROOT: Id = 0;

pub(super) struct State {
    nodes: Vec<Option<Node>>,
    free: Vec<Id>,
    inodes: u64,
    used: usize,
    /// How much of that was there from the beginning, from an archive.
    lent: usize,
    /// With what was there from the beginning.
    quota: usize,
}

struct Node {
    inode: u64,
    body: Body,
    /// How many names it has.
    links: u32,
    /// How often it is open.
    open: u32,
    times: Times,
}

enum Body {
    File(Content),
    Directory {
        /// Where its name is.
        parent: Id,
        /// By name.
        entries: Vec<(String, Id)>,
    },
    Link(String),
}

/// Bytes that lie elsewhere, in an archive.
pub(super) type Archive = Arc<dyn AsRef<[u8]> + Send + Sync>;

enum Content {
    Lent(Archive, Range<usize>),
    Own(Vec<u8>),
}

impl Content {
    fn bytes(&self) -> &[u8] {
        match self {
            Self::Lent(archive, range) => {
                (**archive).as_ref().get(range.clone()).unwrap_or_default()
            }
            Self::Own(bytes) => bytes,
        }
    }

    /// What of it counts.
    fn charge(&self) -> usize {
        match self {
            Self::Lent(..) => 0,
            Self::Own(bytes) => bytes.capacity(),
        }
    }
}

impl MemoryFileSystem {
    /// An empty one, with a quota in bytes, whose times are all 1970.
    #[must_use]
    pub fn new(quota: usize) -> Self {
        Self::of(State::new(quota), None)
    }

    pub(super) fn of(state: State, clock: Option<Box<dyn HostWallClock>>) -> Self {
        Self {
            inner: Arc::new(Inner {
                device: next_device(),
                clock,
                state: Mutex::new(state),
            }),
        }
    }

    /// Sets the clock that it takes its times from. It must not have been [opened](Self::root) yet.
    ///
    /// # Panics
    /// If it has been opened, or cloned.
    #[must_use]
    pub fn with_clock(mut self, clock: impl HostWallClock + 'static) -> Self {
        let inner = Arc::get_mut(&mut self.inner).expect("a file system that nobody uses yet");
        inner.clock = Some(Box::new(clock));
        let now = inner.now();
        for node in inner.state.get_mut().nodes.iter_mut().flatten() {
            if node.times == Times::default() {
                node.times = all(now);
            }
        }
        self
    }

    /// The directory that contains everything.
    #[must_use]
    pub fn root(&self) -> Arc<dyn Directory> {
        self.inner.state.lock().open(ROOT);
        Arc::new(MemoryDirectory(Handle {
            fs: self.inner.clone(),
            node: ROOT,
        }))
    }

    /// How many bytes of the quota are used.
    #[must_use]
    pub fn used(&self) -> usize {
        let state = self.inner.state.lock();
        state.used.saturating_sub(state.lent)
    }
}

impl fmt::Debug for MemoryFileSystem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryFileSystem").finish_non_exhaustive()
    }
}

impl Inner {
    fn now(&self) -> Duration {
        self.clock
            .as_ref()
            .map_or(Duration::ZERO, |clock| clock.now())
    }
}

fn all(time: Duration) -> Times {
    Times {
        accessed: time,
        modified: time,
        changed: time,
    }
}

impl State {
    pub(super) fn new(quota: usize) -> Self {
        let root = Node {
            inode: 1,
            body: Body::Directory {
                parent: ROOT,
                entries: Vec::new(),
            },
            links: 1,
            open: 0,
            times: Times::default(),
        };
        Self {
            nodes: Vec::from([Some(root)]),
            free: Vec::new(),
            inodes: 1,
            used: 0,
            lent: 0,
            quota,
        }
    }

    #[cfg(feature = "archive")]
    /// What was put in so far does not count. It does when it goes, so that what comes in its place has as much room.
    pub(super) fn begin(&mut self, quota: usize) {
        self.lent = self.used;
        self.quota = quota.saturating_add(self.used);
    }

    #[cfg(feature = "archive")]
    /// Adds a file of an archive, below directories that are made where they are not there. One of that name goes.
    ///
    /// # Errors
    /// A part of the path is no directory, or is `..`; memory is short.
    pub(super) fn add(&mut self, path: &str, new: New, time: Duration) -> Result<(), Errno> {
        let mut parts = path
            .split('/')
            .filter(|part| !matches!(*part, "" | "."))
            .peekable();
        let mut here = ROOT;
        while let Some(name) = parts.next() {
            if name == ".." {
                return Err(Errno::Perm);
            }
            let found = self.find(here, name);
            if parts.peek().is_some() {
                here = match found {
                    Some(node) => node,
                    None => self.create(here, name, New::Directory, time)?,
                };
                if !self.is_directory(here) {
                    return Err(Errno::Notdir);
                }
                continue;
            }
            match (found, &new) {
                (Some(node), New::Directory) if self.is_directory(node) => return Ok(()),
                (Some(node), _) if self.is_directory(node) => return Err(Errno::Isdir),
                (Some(_), _) => self.remove(here, name),
                (None, _) => {}
            }
            self.create(here, name, new, time)?;
            return Ok(());
        }
        Ok(())
    }

    #[cfg(feature = "archive")]
    /// Gives a file of an archive another name.
    ///
    /// # Errors
    /// As for [`add`](Self::add); there is no such file.
    pub(super) fn add_link(&mut self, path: &str, to: &str, time: Duration) -> Result<(), Errno> {
        let to = to.trim_start_matches("./");
        let node = walk(self, ROOT, to, false)?.node().ok_or(Errno::Noent)?;
        match &self.node(node).body {
            Body::File(Content::Lent(archive, range)) => {
                let content = New::Lent(archive.clone(), range.clone());
                self.add(path, content, time)
            }
            _ => Err(Errno::Noent),
        }
    }

    fn node(&self, id: Id) -> &Node {
        self.nodes[id as usize]
            .as_ref()
            .expect("a node that has a name or is open")
    }

    fn node_mut(&mut self, id: Id) -> &mut Node {
        self.nodes[id as usize]
            .as_mut()
            .expect("a node that has a name or is open")
    }

    fn open(&mut self, id: Id) {
        self.node_mut(id).open += 1;
    }

    fn close(&mut self, id: Id) {
        self.node_mut(id).open -= 1;
        self.drop_unused(id);
    }

    fn drop_unused(&mut self, id: Id) {
        let node = self.node(id);
        if node.links == 0 && node.open == 0 {
            let content = match &node.body {
                Body::File(content) => content.charge(),
                Body::Directory { .. } => 0,
                Body::Link(target) => target.len(),
            };
            self.used = self.used.saturating_sub(NODE + content);
            self.nodes[id as usize] = None;
            // There has been room for all of them since they were made.
            self.free.push(id);
        }
    }

    /// Counts what is about to be made.
    fn charge(&mut self, bytes: usize) -> Result<(), Errno> {
        heap::look()?;
        let used = self.used.checked_add(bytes);
        self.used = used
            .filter(|used| *used <= self.quota)
            .ok_or(Errno::Nospc)?;
        Ok(())
    }

    fn is_directory(&self, id: Id) -> bool {
        matches!(self.node(id).body, Body::Directory { .. })
    }

    fn entries(&self, directory: Id) -> &[(String, Id)] {
        match &self.node(directory).body {
            Body::Directory { entries, .. } => entries,
            _ => &[],
        }
    }

    fn entries_mut(&mut self, directory: Id) -> Result<&mut Vec<(String, Id)>, Errno> {
        match &mut self.node_mut(directory).body {
            Body::Directory { entries, .. } => Ok(entries),
            _ => Err(Errno::Notdir),
        }
    }

    fn position(&self, directory: Id, name: &str) -> Result<usize, usize> {
        self.entries(directory)
            .binary_search_by(|(other, _)| other.as_str().cmp(name))
    }

    /// A new name in a directory, for which there is room, and its place; it counts already.
    fn new_name(&mut self, directory: Id, name: &str) -> Result<String, Errno> {
        if self.node(directory).links == 0 {
            // It was removed, and is only open still.
            return Err(Errno::Noent);
        }
        self.charge(NAME + name.len())?;
        let made = heap::text(&[name]).and_then(|name| {
            let entries = self.entries_mut(directory)?;
            entries.try_reserve(1).map_err(|_| Errno::Nomem)?;
            Ok(name)
        });
        made.inspect_err(|_| self.used -= NAME + name.len())
    }

    /// Puts a name into a directory that has room for it, and not the name.
    fn insert(&mut self, directory: Id, name: String, node: Id) {
        let (Ok(at) | Err(at)) = self.position(directory, &name);
        if let Ok(entries) = self.entries_mut(directory) {
            entries.insert(at, (name, node));
        }
    }

    /// Takes a name out of a directory, and returns what it was of. It counts no more.
    fn take(&mut self, directory: Id, name: &str) -> Option<Id> {
        let at = self.position(directory, name).ok()?;
        let (name, node) = self.entries_mut(directory).ok()?.remove(at);
        self.used = self.used.saturating_sub(NAME + name.len());
        Some(node)
    }

    /// Removes a name.
    fn remove(&mut self, directory: Id, name: &str) {
        if let Some(node) = self.take(directory, name) {
            self.node_mut(node).links -= 1;
            self.drop_unused(node);
        }
    }

    /// Makes a node with a name.
    fn create(&mut self, parent: Id, name: &str, new: New, time: Duration) -> Result<Id, Errno> {
        let content = match &new {
            New::Link(target) => target.len(),
            _ => 0,
        };
        self.charge(NODE + content)?;
        let made = self.make(parent, name, new, time);
        made.inspect_err(|_| self.used -= NODE + content)
    }

    fn make(&mut self, parent: Id, name: &str, new: New, time: Duration) -> Result<Id, Errno> {
        if self.free.is_empty() {
            // Room in both lists, so that nodes can go without need of any.
            let count = self.nodes.len() + 1;
            let none = |_| Errno::Nomem;
            self.nodes.try_reserve(1).map_err(none)?;
            let room = count.saturating_sub(self.free.len());
            self.free.try_reserve(room).map_err(none)?;
            if count > Id::MAX as usize {
                return Err(Errno::Nospc);
            }
        }
        let name = self.new_name(parent, name)?;
        let id = match self.free.pop() {
            Some(id) => id,
            None => {
                self.nodes.push(None);
                self.nodes.len() as Id - 1
            }
        };
        self.inodes += 1;
        let body = match new {
            New::File => Body::File(Content::Own(Vec::new())),
            New::Lent(archive, range) => Body::File(Content::Lent(archive, range)),
            New::Directory => Body::Directory {
                parent,
                entries: Vec::new(),
            },
            New::Link(target) => Body::Link(target),
        };
        self.nodes[id as usize] = Some(Node {
            inode: self.inodes,
            body,
            links: 1,
            open: 0,
            times: all(time),
        });
        self.insert(parent, name, id);
        self.touch(parent, time);
        Ok(id)
    }

    /// What is in a node was changed.
    fn touch(&mut self, id: Id, now: Duration) {
        let times = &mut self.node_mut(id).times;
        times.modified = now;
        times.changed = now;
    }

    /// Whether a directory lies in another, or is it.
    fn lies_in(&self, mut directory: Id, other: Id) -> bool {
        loop {
            if directory == other {
                return true;
            }
            match &self.node(directory).body {
                Body::Directory { parent, .. } if directory != ROOT => directory = *parent,
                _ => return false,
            }
        }
    }

    /// The content of a file, its own, with room for so many bytes.
    ///
    /// # Errors
    /// [`Errno::Nospc`], or memory is short: it is as it was.
    fn own(&mut self, id: Id, size: usize) -> Result<&mut Vec<u8>, Errno> {
        let (used, quota) = (self.used, self.quota);
        let Body::File(content) = &mut self.node_mut(id).body else {
            return Err(Errno::Isdir);
        };
        let old = content.charge();
        let others = used - old;
        let fits = |room: usize| others.checked_add(room).is_some_and(|all| all <= quota);
        match content {
            Content::Own(bytes) if bytes.capacity() >= size => {}
            _ => heap::look()?,
        }
        match content {
            Content::Own(bytes) if bytes.capacity() >= size => {}
            Content::Own(bytes) => {
                // Twice as much, so that appending stays cheap, where the quota has that.
                let twice = bytes.capacity().saturating_mul(2).max(size);
                let room = if fits(twice) { twice } else { size };
                if !fits(room) {
                    return Err(Errno::Nospc);
                }
                let more = room - bytes.len();
                bytes.try_reserve_exact(more).map_err(|_| Errno::Nomem)?;
            }
            Content::Lent(..) => {
                let room = content.bytes().len().max(size);
                if !fits(room) {
                    return Err(Errno::Nospc);
                }
                let mut bytes = Vec::new();
                bytes.try_reserve_exact(room).map_err(|_| Errno::Nomem)?;
                bytes.extend_from_slice(content.bytes());
                *content = Content::Own(bytes);
            }
        }
        let new = content.charge();
        self.used = others + new;
        match &mut self.node_mut(id).body {
            Body::File(Content::Own(bytes)) => Ok(bytes),
            _ => Err(Errno::Io),
        }
    }

    fn content(&self, id: Id) -> &[u8] {
        match &self.node(id).body {
            Body::File(content) => content.bytes(),
            _ => &[],
        }
    }

    fn write(&mut self, id: Id, bytes: &[u8], at: Option<u64>) -> Result<usize, Errno> {
        let len = self.content(id).len();
        let start = match at {
            Some(at) => usize::try_from(at).map_err(|_| Errno::Fbig)?,
            None => len,
        };
        if bytes.is_empty() {
            return Ok(0);
        }
        let end = start.checked_add(bytes.len()).ok_or(Errno::Fbig)?;
        let content = self.own(id, end.max(len))?;
        if content.len() < end {
            content.resize(end, 0);
        }
        content[start..end].copy_from_slice(bytes);
        Ok(bytes.len())
    }

    fn set_size(&mut self, id: Id, size: u64) -> Result<(), Errno> {
        let size = usize::try_from(size).map_err(|_| Errno::Fbig)?;
        match &mut self.node_mut(id).body {
            Body::File(Content::Lent(_, range)) if size <= range.len() => {
                range.end = range.start + size;
                return Ok(());
            }
            Body::File(_) => {}
            _ => return Err(Errno::Isdir),
        }
        let content = self.own(id, size)?;
        content.resize(size, 0);
        if size < content.capacity() / 4 {
            let mut smaller = Vec::new();
            // Where there is no room for a smaller one, the larger one stays.
            if smaller.try_reserve_exact(size).is_ok() {
                smaller.extend_from_slice(content);
                let gone = content.capacity().saturating_sub(smaller.capacity());
                *content = smaller;
                self.used -= gone;
            }
        }
        Ok(())
    }

    fn metadata(&self, device: u32, id: Id) -> Metadata {
        let node = self.node(id);
        let (file_type, size) = match &node.body {
            Body::File(content) => (FileType::RegularFile, content.bytes().len()),
            Body::Directory { .. } => (FileType::Directory, 0),
            Body::Link(target) => (FileType::SymbolicLink, target.len()),
        };
        Metadata {
            device: device.into(),
            inode: node.inode,
            file_type,
            links: node.links.into(),
            size: size as u64,
            times: node.times,
        }
    }

    fn set_times(&mut self, id: Id, now: Duration, accessed: NewTime, modified: NewTime) {
        let times = &mut self.node_mut(id).times;
        for (time, new) in [
            (&mut times.accessed, accessed),
            (&mut times.modified, modified),
        ] {
            match new {
                NewTime::Keep => {}
                NewTime::Now => *time = now,
                NewTime::At(at) => *time = at,
            }
        }
        times.changed = now;
    }

    /// What a path leads to, as what must be there.
    fn existing(&self, base: Id, path: &str, follow: bool) -> Result<Id, Errno> {
        let place = walk(self, base, path, follow)?;
        let node = place.node().ok_or(Errno::Noent)?;
        match place {
            Place::Name { slash: true, .. } if !self.is_directory(node) => Err(Errno::Notdir),
            _ => Ok(node),
        }
    }
}

/// What a new node is.
pub(super) enum New {
    File,
    #[cfg_attr(
        not(feature = "archive"),
        allow(dead_code, reason = "only archives lend")
    )]
    Lent(Archive, Range<usize>),
    Directory,
    Link(String),
}

impl Tree for State {
    type Node = Id;

    fn find(&self, directory: Id, name: &str) -> Option<Id> {
        let at = self.position(directory, name).ok()?;
        Some(self.entries(directory)[at].1)
    }

    fn kind(&self, node: Id) -> Kind<'_> {
        match &self.node(node).body {
            Body::File(_) => Kind::Other,
            Body::Directory { .. } => Kind::Directory,
            Body::Link(target) => Kind::Link(target),
        }
    }
}

/// An open node.
struct Handle {
    fs: Arc<Inner>,
    node: Id,
}

impl Handle {
    /// Another node, open.
    fn other(&self, state: &mut State, node: Id) -> Self {
        state.open(node);
        Self {
            fs: self.fs.clone(),
            node,
        }
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.fs.state.lock().close(self.node);
    }
}

struct MemoryFile(Handle);

impl File for MemoryFile {
    fn poll_read(
        &mut self,
        _: &mut Context<'_>,
        buffer: &mut [u8],
        offset: u64,
    ) -> Poll<Result<usize, Errno>> {
        let state = self.0.fs.state.lock();
        let content = state.content(self.0.node);
        let from = usize::try_from(offset).unwrap_or(usize::MAX);
        let rest = content.get(from..).unwrap_or_default();
        let len = rest.len().min(buffer.len());
        buffer[..len].copy_from_slice(&rest[..len]);
        Poll::Ready(Ok(len))
    }

    fn poll_write(
        &mut self,
        _: &mut Context<'_>,
        bytes: &[u8],
        offset: Option<u64>,
    ) -> Poll<Result<usize, Errno>> {
        let now = self.0.fs.now();
        let mut state = self.0.fs.state.lock();
        let written = state.write(self.0.node, bytes, offset);
        if written.is_ok() {
            state.touch(self.0.node, now);
        }
        Poll::Ready(written)
    }

    fn metadata(&self) -> Result<Metadata, Errno> {
        let state = self.0.fs.state.lock();
        Ok(state.metadata(self.0.fs.device, self.0.node))
    }

    fn set_size(&mut self, size: u64) -> Result<(), Errno> {
        let now = self.0.fs.now();
        let mut state = self.0.fs.state.lock();
        state.set_size(self.0.node, size)?;
        state.touch(self.0.node, now);
        Ok(())
    }

    fn allocate(&mut self, offset: u64, len: u64) -> Result<(), Errno> {
        let end = offset.checked_add(len).ok_or(Errno::Fbig)?;
        let size = self.0.fs.state.lock().content(self.0.node).len() as u64;
        if end > size {
            self.set_size(end)
        } else {
            Ok(())
        }
    }

    fn set_times(&mut self, accessed: NewTime, modified: NewTime) -> Result<(), Errno> {
        let now = self.0.fs.now();
        let mut state = self.0.fs.state.lock();
        state.set_times(self.0.node, now, accessed, modified);
        Ok(())
    }
}

struct MemoryDirectory(Handle);

impl MemoryDirectory {
    fn of_same<'a>(&self, other: &'a dyn Directory) -> Result<&'a Self, Errno> {
        let other = (other as &dyn Any)
            .downcast_ref::<Self>()
            .ok_or(Errno::Xdev)?;
        match Arc::ptr_eq(&self.0.fs, &other.0.fs) {
            true => Ok(other),
            false => Err(Errno::Xdev),
        }
    }

    /// Makes a node where a path leads.
    fn make(&self, path: &str, new: New) -> Result<(), Errno> {
        let now = self.0.fs.now();
        let mut state = self.0.fs.state.lock();
        match walk(&*state, self.0.node, path, false)? {
            Place::Itself(_) | Place::Name { node: Some(_), .. } => Err(Errno::Exist),
            Place::Name { slash: true, .. } if !matches!(new, New::Directory) => Err(Errno::Noent),
            Place::Name { parent, name, .. } => {
                state.create(parent, &name, new, now)?;
                Ok(())
            }
        }
    }
}

impl Directory for MemoryDirectory {
    fn open(&self, path: &str, options: OpenOptions) -> Result<Open, Errno> {
        let now = self.0.fs.now();
        let mut state = self.0.fs.state.lock();
        let must_be_new = options.create && options.exclusive;
        let place = walk(&*state, self.0.node, path, options.follow && !must_be_new)?;
        let slash = matches!(place, Place::Name { slash: true, .. });
        let node = match (place.node(), place) {
            (Some(_), _) if must_be_new => return Err(Errno::Exist),
            (Some(node), _) => node,
            (None, Place::Name { parent, name, .. }) if options.create => {
                if slash {
                    return Err(Errno::Isdir);
                }
                state.create(parent, &name, New::File, now)?
            }
            (None, _) => return Err(Errno::Noent),
        };
        match state.kind(node) {
            Kind::Link(_) => Err(Errno::Loop),
            Kind::Directory if options.write || options.truncate || options.create => {
                Err(Errno::Isdir)
            }
            Kind::Directory => {
                let handle = self.0.other(&mut state, node);
                Ok(Open::Directory(Arc::new(Self(handle))))
            }
            Kind::Other if options.directory || slash => Err(Errno::Notdir),
            Kind::Other => {
                if options.truncate {
                    state.set_size(node, 0)?;
                    state.touch(node, now);
                }
                let handle = self.0.other(&mut state, node);
                Ok(Open::File(Box::new(MemoryFile(handle))))
            }
        }
    }

    fn list(&self) -> Result<Box<dyn Listing>, Errno> {
        let mut state = self.0.fs.state.lock();
        Ok(Box::new(MemoryListing {
            directory: self.0.other(&mut state, self.0.node),
            last: None,
        }))
    }

    fn metadata(&self) -> Result<Metadata, Errno> {
        let state = self.0.fs.state.lock();
        Ok(state.metadata(self.0.fs.device, self.0.node))
    }

    fn set_times(&self, accessed: NewTime, modified: NewTime) -> Result<(), Errno> {
        let now = self.0.fs.now();
        let mut state = self.0.fs.state.lock();
        state.set_times(self.0.node, now, accessed, modified);
        Ok(())
    }

    fn metadata_at(&self, path: &str, follow: bool) -> Result<Metadata, Errno> {
        let state = self.0.fs.state.lock();
        let node = state.existing(self.0.node, path, follow)?;
        Ok(state.metadata(self.0.fs.device, node))
    }

    fn set_times_at(
        &self,
        path: &str,
        follow: bool,
        accessed: NewTime,
        modified: NewTime,
    ) -> Result<(), Errno> {
        let now = self.0.fs.now();
        let mut state = self.0.fs.state.lock();
        let node = state.existing(self.0.node, path, follow)?;
        state.set_times(node, now, accessed, modified);
        Ok(())
    }

    fn read_link(&self, path: &str) -> Result<String, Errno> {
        let state = self.0.fs.state.lock();
        let node = state.existing(self.0.node, path, false)?;
        match &state.node(node).body {
            Body::Link(target) => heap::text(&[target]),
            _ => Err(Errno::Inval),
        }
    }

    fn create_directory(&self, path: &str) -> Result<(), Errno> {
        self.make(path, New::Directory)
    }

    fn remove_directory(&self, path: &str) -> Result<(), Errno> {
        let now = self.0.fs.now();
        let mut state = self.0.fs.state.lock();
        let Place::Name {
            parent, name, node, ..
        } = walk(&*state, self.0.node, path, false)?
        else {
            return Err(Errno::Inval);
        };
        let node = node.ok_or(Errno::Noent)?;
        if !state.is_directory(node) {
            return Err(Errno::Notdir);
        }
        if !state.entries(node).is_empty() {
            return Err(Errno::Notempty);
        }
        state.remove(parent, &name);
        state.touch(parent, now);
        Ok(())
    }

    fn unlink(&self, path: &str) -> Result<(), Errno> {
        let now = self.0.fs.now();
        let mut state = self.0.fs.state.lock();
        let Place::Name {
            parent,
            name,
            node,
            slash,
        } = walk(&*state, self.0.node, path, false)?
        else {
            return Err(Errno::Isdir);
        };
        let node = node.ok_or(Errno::Noent)?;
        if state.is_directory(node) {
            return Err(Errno::Isdir);
        }
        if slash {
            return Err(Errno::Notdir);
        }
        state.remove(parent, &name);
        state.touch(parent, now);
        Ok(())
    }

    fn symlink(&self, target: &str, path: &str) -> Result<(), Errno> {
        match target.chars().next() {
            None => Err(Errno::Noent),
            Some('/') => Err(Errno::Perm),
            Some(_) => self.make(path, New::Link(heap::text(&[target])?)),
        }
    }

    fn rename(&self, from: &str, other: &dyn Directory, to: &str) -> Result<(), Errno> {
        let other = self.of_same(other)?;
        let now = self.0.fs.now();
        let mut state = self.0.fs.state.lock();
        let from = walk(&*state, self.0.node, from, false)?;
        let to = walk(&*state, other.0.node, to, false)?;
        let (
            Place::Name {
                parent: from,
                name: old_name,
                node,
                slash,
            },
            Place::Name {
                parent: to,
                name,
                node: victim,
                slash: to_slash,
            },
        ) = (from, to)
        else {
            return Err(Errno::Busy);
        };
        let node = node.ok_or(Errno::Noent)?;
        if state.is_directory(node) {
            if state.lies_in(to, node) {
                return Err(Errno::Inval);
            }
            match victim {
                Some(victim) if !state.is_directory(victim) => return Err(Errno::Notdir),
                Some(victim) if victim != node && !state.entries(victim).is_empty() => {
                    return Err(Errno::Notempty);
                }
                _ => {}
            }
        } else if victim.is_some_and(|victim| state.is_directory(victim)) {
            return Err(Errno::Isdir);
        } else if slash || to_slash {
            return Err(Errno::Notdir);
        }
        if victim == Some(node) {
            return Ok(());
        }
        match victim {
            // Its name is taken over, for which nothing is needed.
            Some(victim) => {
                state.take(from, &old_name);
                if let Ok(at) = state.position(to, &name) {
                    state.entries_mut(to)?[at].1 = node;
                }
                state.node_mut(victim).links -= 1;
                state.drop_unused(victim);
            }
            None => {
                let new_name = state.new_name(to, &name)?;
                state.take(from, &old_name);
                state.insert(to, new_name, node);
            }
        }
        if let Body::Directory { parent, .. } = &mut state.node_mut(node).body {
            *parent = to;
        }
        state.touch(from, now);
        state.touch(to, now);
        Ok(())
    }

    fn link(&self, from: &str, other: &dyn Directory, to: &str) -> Result<(), Errno> {
        let other = self.of_same(other)?;
        let now = self.0.fs.now();
        let mut state = self.0.fs.state.lock();
        let node = state.existing(self.0.node, from, false)?;
        if state.is_directory(node) {
            return Err(Errno::Perm);
        }
        match walk(&*state, other.0.node, to, false)? {
            Place::Itself(_) | Place::Name { node: Some(_), .. } => Err(Errno::Exist),
            Place::Name { slash: true, .. } => Err(Errno::Noent),
            Place::Name { parent, name, .. } => {
                let links = state.node(node).links.checked_add(1).ok_or(Errno::Mlink)?;
                let name = state.new_name(parent, &name)?;
                state.insert(parent, name, node);
                let linked = state.node_mut(node);
                linked.links = links;
                linked.times.changed = now;
                state.touch(parent, now);
                Ok(())
            }
        }
    }
}

/// The entries in the order of their names, from the last one on: those that come and go meanwhile do no harm.
struct MemoryListing {
    directory: Handle,
    last: Option<String>,
}

impl Listing for MemoryListing {
    fn next(&mut self) -> Result<Option<Entry>, Errno> {
        let state = self.directory.fs.state.lock();
        let at = match &self.last {
            None => 0,
            Some(last) => match state.position(self.directory.node, last) {
                Ok(at) => at + 1,
                Err(at) => at,
            },
        };
        let Some((name, node)) = state.entries(self.directory.node).get(at) else {
            return Ok(None);
        };
        let Metadata {
            inode, file_type, ..
        } = state.metadata(0, *node);
        let entry = Entry {
            name: heap::text(&[name])?,
            inode,
            file_type,
        };
        self.last = Some(heap::text(&[name])?);
        Ok(Some(entry))
    }
}
