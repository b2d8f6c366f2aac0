//! What guests' descriptors are of.

use crate::error::Done;
use crate::fs::Sync;
use crate::{
    DirPerms, Directory, Entry, Errno, File, FilePerms, InputStream, Listing, OutputStream,
    WasiCtx, heap,
};
use alloc::boxed::Box;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

/// A directory that a guest has from the beginning.
pub(crate) struct Preopened {
    pub(crate) directory: Arc<dyn Directory>,
    pub(crate) path: String,
    pub(crate) dir_perms: DirPerms,
    pub(crate) file_perms: FilePerms,
}

pub(crate) enum Descriptor {
    Input(Box<dyn InputStream>),
    Output(Box<dyn OutputStream>),
    File(OpenFile),
    Directory(OpenDirectory),
}

/// An open file.
pub(crate) struct OpenFile {
    pub(crate) file: Box<dyn File>,
    pub(crate) position: u64,
    pub(crate) read: bool,
    pub(crate) write: bool,
    /// Writes go to the end.
    pub(crate) append: bool,
    /// The guest does not want to wait. Files answer at once; it is only kept.
    pub(crate) nonblock: bool,
    pub(crate) sync: Sync,
    /// What may be done with it by whatever descriptor.
    pub(crate) perms: FilePerms,
}

/// An open directory.
pub(crate) struct OpenDirectory {
    pub(crate) directory: Arc<dyn Directory>,
    pub(crate) dir_perms: DirPerms,
    pub(crate) file_perms: FilePerms,
    /// The path of one that the guest has from the beginning.
    pub(crate) preopened: Option<String>,
    /// Where it is being listed.
    pub(crate) listed: Option<Listed>,
}

/// Where a directory is being listed.
pub(crate) struct Listed {
    pub(crate) listing: Box<dyn Listing>,
    /// The number of the next entry.
    pub(crate) next: u64,
    /// The next entry, if it did not fit last time.
    pub(crate) kept: Option<Entry>,
}

impl OpenDirectory {
    /// Those in it may be looked at.
    pub(crate) fn readable(&self) -> Done<&dyn Directory> {
        match self.dir_perms.contains(DirPerms::READ) {
            true => Ok(&*self.directory),
            false => Err(Errno::Perm.into()),
        }
    }

    /// Those in it may be created and removed.
    pub(crate) fn mutable(&self) -> Done<&dyn Directory> {
        match self.dir_perms.contains(DirPerms::MUTATE) {
            true => Ok(&*self.directory),
            false => Err(Errno::Perm.into()),
        }
    }
}

/// The descriptors of a guest, by number.
pub(crate) struct Descriptors {
    all: Vec<Option<Descriptor>>,
    max: u32,
}

impl Descriptors {
    /// The standard streams, and directories.
    pub(crate) fn new(ctx: &mut WasiCtx) -> Self {
        let mut all = Vec::new();
        let take_output = |stream: &mut Box<dyn OutputStream>| {
            core::mem::replace(stream, Box::new(crate::streams::Nowhere))
        };
        let stdin = core::mem::replace(&mut ctx.stdin, Box::new(crate::streams::Ended));
        all.push(Some(Descriptor::Input(stdin)));
        all.push(Some(Descriptor::Output(take_output(&mut ctx.stdout))));
        all.push(Some(Descriptor::Output(take_output(&mut ctx.stderr))));
        for preopened in ctx.preopened.drain(..) {
            all.push(Some(Descriptor::Directory(OpenDirectory {
                directory: preopened.directory,
                dir_perms: preopened.dir_perms,
                file_perms: preopened.file_perms,
                preopened: Some(preopened.path),
                listed: None,
            })));
        }
        Self {
            all,
            max: ctx.max_descriptors,
        }
    }

    /// Whether there is room for one more.
    pub(crate) fn room(&mut self) -> Done {
        heap::look()?;
        if self.all.iter().any(Option::is_none) {
            return Ok(());
        }
        if self.all.len() >= self.max as usize {
            return Err(Errno::Mfile.into());
        }
        self.all.try_reserve(1).map_err(|_| Errno::Nomem)?;
        Ok(())
    }

    /// Gives a new one the smallest number that is free. There [is room](Self::room).
    pub(crate) fn insert(&mut self, descriptor: Descriptor) -> u32 {
        match self.all.iter().position(Option::is_none) {
            Some(free) => {
                self.all[free] = Some(descriptor);
                free as u32
            }
            None => {
                self.all.push(Some(descriptor));
                self.all.len() as u32 - 1
            }
        }
    }

    pub(crate) fn get(&self, fd: u32) -> Done<&Descriptor> {
        let descriptor = self.all.get(fd as usize).and_then(Option::as_ref);
        Ok(descriptor.ok_or(Errno::Badf)?)
    }

    pub(crate) fn get_mut(&mut self, fd: u32) -> Done<&mut Descriptor> {
        let descriptor = self.all.get_mut(fd as usize).and_then(Option::as_mut);
        Ok(descriptor.ok_or(Errno::Badf)?)
    }

    pub(crate) fn file(&mut self, fd: u32) -> Done<&mut OpenFile> {
        match self.get_mut(fd)? {
            Descriptor::File(file) => Ok(file),
            _ => Err(Errno::Badf.into()),
        }
    }

    /// A file with a position, which a stream has not.
    pub(crate) fn seekable(&mut self, fd: u32) -> Done<&mut OpenFile> {
        match self.get_mut(fd)? {
            Descriptor::File(file) => Ok(file),
            Descriptor::Directory(_) => Err(Errno::Badf.into()),
            Descriptor::Input(_) | Descriptor::Output(_) => Err(Errno::Spipe.into()),
        }
    }

    /// The directory where a path begins.
    pub(crate) fn directory(&self, fd: u32) -> Done<&OpenDirectory> {
        match self.get(fd)? {
            Descriptor::Directory(directory) => Ok(directory),
            Descriptor::File(_) => Err(Errno::Notdir.into()),
            _ => Err(Errno::Badf.into()),
        }
    }

    pub(crate) fn directory_mut(&mut self, fd: u32) -> Done<&mut OpenDirectory> {
        match self.get_mut(fd)? {
            Descriptor::Directory(directory) => Ok(directory),
            Descriptor::File(_) => Err(Errno::Notdir.into()),
            _ => Err(Errno::Badf.into()),
        }
    }

    pub(crate) fn close(&mut self, fd: u32) -> Done {
        let place = self.all.get_mut(fd as usize);
        let taken = place.and_then(Option::take);
        taken.map(drop).ok_or(Errno::Badf)?;
        Ok(())
    }

    /// Gives a descriptor the number of another, which is closed.
    pub(crate) fn renumber(&mut self, from: u32, to: u32) -> Done {
        self.get(from)?;
        self.get(to)?;
        if from != to {
            self.all[to as usize] = self.all[from as usize].take();
        }
        Ok(())
    }
}
