//! The few things a place with files can do, over the network or on this machine.
//! Paths are absolute and use `/`; what a path means for a release is for the layouts to know.

use std::future::Future;
use std::path::Path;

use crate::error::Result;
use crate::manifest::Entry;

/// What is at a path; a link is not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stat {
    pub kind: FileKind,
    /// In bytes.
    pub size: u64,
    /// Seconds since 1970 by the clock of the place.
    pub modified: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FileKind {
    File,
    Folder,
    Link,
}

/// Who may look into a new folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sight {
    /// Everyone: 0755.
    Public,
    /// Its owner alone: 0700.
    Private,
}

/// A place with files. Every answer comes, or an error, within the patience of the place.
pub(crate) trait Files: Send + Sync + 'static {
    /// Sends the file `from`, whose bytes must be those of `entry`; what is at `to` is replaced,
    /// never written into, for it may be a hard link to a live file.
    fn put(&self, from: &Path, to: &str, entry: &Entry) -> impl Future<Output = Result<()>> + Send;
    /// Writes a small file over what is there.
    fn write(&self, to: &str, bytes: &[u8]) -> impl Future<Output = Result<()>> + Send;
    /// Writes a small file where none is; `false` where one is.
    fn create(&self, to: &str, bytes: &[u8]) -> impl Future<Output = Result<bool>> + Send;
    /// Reads a small file; nothing where none is.
    fn read(&self, path: &str) -> impl Future<Output = Result<Option<Vec<u8>>>> + Send;
    /// What is at `path`.
    fn stat(&self, path: &str) -> impl Future<Output = Result<Option<Stat>>> + Send;
    /// The names in a folder; none where there is no folder.
    fn list(&self, folder: &str) -> impl Future<Output = Result<Vec<(String, Stat)>>> + Send;
    /// Makes one folder, whose parent exists; one that is there already is fine.
    fn make_folder(&self, path: &str, sight: Sight) -> impl Future<Output = Result<()>> + Send;
    /// Renames over what is there, at once.
    fn rename(&self, from: &str, to: &str) -> impl Future<Output = Result<()>> + Send;
    /// Removes a file or a link; none there is fine.
    fn remove(&self, path: &str) -> impl Future<Output = Result<()>> + Send;
    /// Removes an empty folder; `false` where it is not empty or not there.
    fn remove_folder(&self, path: &str) -> impl Future<Output = Result<bool>> + Send;
    /// Makes a hard link; `false` where the place cannot.
    fn link(&self, from: &str, to: &str) -> impl Future<Output = Result<bool>> + Send;
    /// Makes a symbolic link at `at`.
    fn symlink(&self, target: &str, at: &str) -> impl Future<Output = Result<()>> + Send;
    /// Where a symbolic link points; nothing where there is none.
    fn read_link(&self, path: &str) -> impl Future<Output = Result<Option<String>>> + Send;
    /// Free bytes at `path`, where the place says.
    fn space(&self, path: &str) -> impl Future<Output = Result<Option<u64>>> + Send;
    /// How many requests may be under way at once.
    fn width(&self) -> usize;
}
