//! The bytes of the files that a snapshot knows only by their hash, read when they are asked for.
//! Bytes whose hash is not the snapshot's are never used: what is made of a file is made of the
//! very file that the snapshot speaks of.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::io::Read;
use std::sync::Arc;

use crate::hash::{Hash, Hasher};
use crate::path::SitePath;
use crate::snapshot::{Snapshot, Source, SourceBody};

/// Where the bytes of binary files come from. An error is in the system's own words.
pub trait Files: Send + Sync + Debug {
    /// Opens the file at a path of the site, to be read from its beginning.
    fn open(&self, path: &SitePath) -> Result<Box<dyn Read>, String>;
}

/// Files held in memory.
#[derive(Debug, Clone, Default)]
pub struct MemoryFiles(BTreeMap<SitePath, Arc<[u8]>>);

impl MemoryFiles {
    /// Holds these bytes at `path`, and gives the source that stands for them in a snapshot.
    pub fn put(&mut self, path: SitePath, bytes: impl Into<Arc<[u8]>>) -> Source {
        let bytes = bytes.into();
        let source = Source { hash: Hash::of(&bytes), body: SourceBody::Binary { len: bytes.len() as u64 } };
        self.0.insert(path, bytes);
        source
    }
}

impl Files for MemoryFiles {
    fn open(&self, path: &SitePath) -> Result<Box<dyn Read>, String> {
        let bytes = self.0.get(path).ok_or_else(|| "there is no such file".to_owned())?;
        Ok(Box::new(std::io::Cursor::new(Arc::clone(bytes))))
    }
}

/// Why the bytes of a file are not to be had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unread {
    /// It is larger than what is asked for may be: its size and the bound, in bytes.
    TooLarge(u64, u64),
    /// It is not now what the snapshot says; asked again later, it may be.
    Later(String),
}

/// All bytes of a file, up to a bound.
pub(crate) fn read(snapshot: &Snapshot, path: &SitePath, limit: u64) -> Result<Arc<[u8]>, Unread> {
    let mut bytes = Vec::new();
    let source = source(snapshot, path)?;
    if let SourceBody::Binary { len } = source.body {
        if len > limit {
            return Err(Unread::TooLarge(len, limit));
        }
        bytes.reserve_exact(len as usize);
    }
    stream(snapshot, path, source, |part| bytes.extend_from_slice(part))?;
    Ok(bytes.into())
}

/// Hands out all bytes of a file in parts; whoever takes them forgets them where this fails.
pub(crate) fn parts(snapshot: &Snapshot, path: &SitePath, take: impl FnMut(&[u8])) -> Result<(), Unread> {
    stream(snapshot, path, source(snapshot, path)?, take)
}

fn source<'a>(snapshot: &'a Snapshot, path: &SitePath) -> Result<&'a Source, Unread> {
    snapshot.get(path).ok_or_else(|| Unread::Later("there is no such file".into()))
}

fn stream(snapshot: &Snapshot, path: &SitePath, source: &Source, mut take: impl FnMut(&[u8])) -> Result<(), Unread> {
    let len = match &source.body {
        SourceBody::Text(text) => {
            take(text.as_bytes());
            return Ok(());
        }
        SourceBody::Binary { len } => *len,
        SourceBody::Refused(_) => return Err(Unread::Later("it could not be read".into())),
    };
    let files = snapshot.files().ok_or_else(|| Unread::Later("its bytes are not at hand".into()))?;
    let mut from = files.open(path).map_err(Unread::Later)?.take(len + 1);
    let mut hasher = Hasher::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match from.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => {
                hasher.raw(&buffer[..count]);
                take(&buffer[..count]);
            }
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(Unread::Later(error.to_string())),
        }
    }
    if hasher.finish() == source.hash { Ok(()) } else { Err(Unread::Later("it changed while it was read".into())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> SitePath {
        SitePath::new(text).expect("a path")
    }

    #[test]
    fn bytes_that_are_not_the_snapshots_are_not_used() {
        let mut files = MemoryFiles::default();
        let mut snapshot = Snapshot::new();
        snapshot.put(path("a.png"), files.put(path("a.png"), *b"first"));
        assert_eq!(read(&snapshot, &path("a.png"), 10), Err(Unread::Later("its bytes are not at hand".into())));
        snapshot.set_files(Arc::new(files.clone()));
        assert_eq!(read(&snapshot, &path("a.png"), 10).as_deref(), Ok(&b"first"[..]));
        assert_eq!(read(&snapshot, &path("a.png"), 4), Err(Unread::TooLarge(5, 4)));
        for other in [&b"other"[..], b"longer than before", b""] {
            files.put(path("a.png"), other);
            snapshot.set_files(Arc::new(files.clone()));
            assert_eq!(read(&snapshot, &path("a.png"), 10), Err(Unread::Later("it changed while it was read".into())));
        }
    }

    #[test]
    fn edits_and_clones_keep_the_bytes_at_hand() {
        let mut files = MemoryFiles::default();
        let mut snapshot = Snapshot::new();
        snapshot.put(path("a.png"), files.put(path("a.png"), *b"first"));
        snapshot.set_files(Arc::new(files));
        let mut edited = snapshot.clone();
        edited.put(path("b.md"), Source::text("text"));
        edited.apply(crate::snapshot::Change::Remove(path("b.md")));
        assert_eq!(read(&edited, &path("a.png"), 10).as_deref(), Ok(&b"first"[..]));
        assert!(snapshot.diff(&edited).is_empty());
    }
}
