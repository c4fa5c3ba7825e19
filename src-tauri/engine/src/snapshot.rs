//! All sources of a site at one moment, as a persistent map.
//! A snapshot is a value: cloning it is cheap, and no clone sees another's changes.

use std::sync::Arc;

use crate::files::Files;
use crate::hash::Hash;
use crate::path::SitePath;
use crate::remote::Remote;

/// The largest text that is taken in, in bytes: ten times the longest novel there is.
pub const TEXT_LIMIT: u64 = 16 * 1024 * 1024;

/// One file of a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Hash of the file's bytes.
    pub hash: Hash,
    /// What the engine may know of it.
    pub body: SourceBody,
}

/// What a source holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SourceBody {
    /// A text file, as it is on disk: byte order mark, line endings and all.
    Text(Arc<str>),
    /// A file that is only copied; its bytes stay on disk.
    Binary {
        /// Size in bytes.
        len: u64,
    },
    /// A file that could not be taken in; it becomes a problem, and nothing is built from it.
    Refused(Refusal),
}

/// Why a file could not be taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// A text file with a byte that is not UTF-8, at this offset.
    NotUtf8 {
        /// Byte offset of the first bad byte.
        offset: usize,
        /// Line of that byte, from 1.
        line: u32,
    },
    /// A text file larger than the engine takes.
    TooLarge {
        /// Size in bytes.
        len: u64,
        /// The bound in bytes.
        limit: u64,
    },
    /// The system refused to read it; its own words.
    Unreadable(String),
}

impl Source {
    /// A text source; one that is larger than [`TEXT_LIMIT`] is refused.
    pub fn text(text: impl Into<Arc<str>>) -> Self {
        let text = text.into();
        let (hash, len) = (Hash::of(text.as_bytes()), text.len() as u64);
        let body = if len > TEXT_LIMIT {
            SourceBody::Refused(Refusal::TooLarge { len, limit: TEXT_LIMIT })
        } else {
            SourceBody::Text(text)
        };
        Self { hash, body }
    }

    /// The text, if it is a text source.
    pub fn as_text(&self) -> Option<&Arc<str>> {
        match &self.body {
            SourceBody::Text(text) => Some(text),
            SourceBody::Binary { .. } | SourceBody::Refused(_) => None,
        }
    }
}

/// One change to a snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// The file now holds this.
    Put(SitePath, Source),
    /// The file is gone.
    Remove(SitePath),
    /// The file has moved.
    Rename {
        /// Where it was.
        from: SitePath,
        /// Where it is.
        to: SitePath,
    },
}

/// All sources, in path order. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    sources: imbl::OrdMap<SitePath, Source>,
    /// Where the bytes of binary sources are read; no part of what the snapshot says.
    files: Option<Arc<dyn Files>>,
    /// Who fetches what templates load from other sites; nobody where they may not.
    remote: Option<Arc<dyn Remote>>,
}

impl Snapshot {
    /// A site without a file.
    pub fn new() -> Self {
        Self::default()
    }

    /// The source at `path`.
    pub fn get(&self, path: &str) -> Option<&Source> {
        self.sources.get(path)
    }

    /// The text at `path`, if there is a text source.
    pub fn text(&self, path: &str) -> Option<&Arc<str>> {
        self.get(path)?.as_text()
    }

    /// Says where the bytes of binary sources are to be read; clones and edits keep it.
    pub fn set_files(&mut self, files: Arc<dyn Files>) {
        self.files = Some(files);
    }

    pub(crate) fn files(&self) -> Option<&Arc<dyn Files>> {
        self.files.as_ref()
    }

    /// Says who fetches data from other sites; clones and edits keep it. Until then none is fetched.
    pub fn set_remote(&mut self, remote: Arc<dyn Remote>) {
        self.remote = Some(remote);
    }

    pub(crate) fn remote(&self) -> Option<&Arc<dyn Remote>> {
        self.remote.as_ref()
    }

    /// Applies one change.
    pub fn apply(&mut self, change: Change) {
        match change {
            Change::Put(path, source) => {
                self.sources.insert(path, source);
            }
            Change::Remove(path) => {
                self.sources.remove(&path);
            }
            Change::Rename { from, to } => {
                if let Some(source) = self.sources.remove(&from) {
                    self.sources.insert(to, source);
                }
            }
        }
    }

    /// Puts one source.
    pub fn put(&mut self, path: SitePath, source: Source) {
        self.sources.insert(path, source);
    }

    /// All sources in path order.
    pub fn iter(&self) -> impl Iterator<Item = (&SitePath, &Source)> {
        self.sources.iter()
    }

    /// The sources below `folder` (all of them for the empty string), in path order.
    pub fn below<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = (&'a SitePath, &'a Source)> {
        let start = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        self.sources
            .range::<_, str>((std::ops::Bound::Included(start.as_str()), std::ops::Bound::Unbounded))
            .take_while(move |(path, _)| path.strip_prefix(folder).is_some())
            .collect::<Vec<_>>()
            .into_iter()
    }

    /// The paths at which two snapshots differ, in order. Cheap where they share structure.
    pub fn diff(&self, newer: &Self) -> Vec<SitePath> {
        use imbl::ordmap::DiffItem;
        self.sources
            .diff(&newer.sources)
            .map(|item| match item {
                DiffItem::Add(path, _) | DiffItem::Remove(path, _) | DiffItem::Update { new: (path, _), .. } => {
                    path.clone()
                }
            })
            .collect()
    }

    /// How many sources there are.
    pub fn len(&self) -> usize {
        self.sources.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.sources.is_empty()
    }
}
