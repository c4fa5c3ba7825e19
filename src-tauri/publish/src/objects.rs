//! The few things a place can do that keeps files by name and cannot rename them.
//! Paths are those of the site; what a path means to the protocol is for the hosts to know.

use std::collections::BTreeMap;
use std::path::Path;

use crate::error::Result;
use crate::manifest::Entry;
use crate::plan::Seen;

/// When a record may be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum When {
    /// Whatever is there.
    Always,
    /// Only where nothing is there.
    Absent,
    /// Only where this version is there.
    Still(String),
}

/// A record and its version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Kept {
    pub bytes: Vec<u8>,
    /// What a condition names it by; empty where the place has no versions.
    pub version: String,
    /// Seconds since it was written, by the clock of the place.
    pub age: Option<u64>,
}

/// Where a release lies whose place has no switch.
pub(crate) trait Objects: Send + Sync + 'static {
    /// Publishes the file `from` at `path` and looks whether every byte arrived.
    fn put(&self, from: &Path, path: &str, entry: &Entry) -> impl Future<Output = Result<()>> + Send;
    /// Whether `path` is there as `entry` says.
    fn has(&self, path: &str, entry: &Entry) -> impl Future<Output = Result<bool>> + Send;
    /// Removes a file; none there is fine.
    fn remove(&self, path: &str) -> impl Future<Output = Result<()>> + Send;
    /// Writes a record; its new version, or nothing where the condition does not hold.
    fn write(&self, path: &str, bytes: Vec<u8>, when: When) -> impl Future<Output = Result<Option<String>>> + Send;
    /// Reads a record; nothing where none is.
    fn read(&self, path: &str) -> impl Future<Output = Result<Option<Kept>>> + Send;
    /// The names below a folder of records.
    fn names(&self, folder: &str) -> impl Future<Output = Result<Vec<String>>> + Send;
    /// Every file of the site that is there.
    fn all(&self) -> impl Future<Output = Result<BTreeMap<String, Seen>>> + Send;
    /// Whether conditions are honoured; found out by trying.
    fn honours(&self) -> impl Future<Output = Result<bool>> + Send;
    /// How many requests may be under way at once.
    fn width(&self) -> usize;
    /// What names the place.
    fn place(&self) -> String;
    /// What the writer should know of it beforehand.
    fn warnings(&self) -> Vec<String>;
    /// Seconds until requests go on.
    fn waiting(&self) -> u64;
}
