//! What is known of files that were hashed before, so that big ones are not read again.
//! A file that may have changed since is never taken as known.

use std::collections::BTreeMap;
use std::fs::Metadata;
use std::time::{SystemTime, UNIX_EPOCH};

use galley_engine::{Hash, SitePath};
use serde::{Deserialize, Serialize};

/// A file changed this recently may change again without its time showing it, in nanoseconds.
const TOO_FRESH: i128 = 2_000_000_000;

/// What tells one state of a file from another without reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Stat {
    pub len: u64,
    /// Nanoseconds since 1970.
    pub modified: i128,
    /// Nanoseconds since 1970; 0 where the system does not keep it.
    pub changed: i128,
    /// 0 where the system does not have it.
    pub inode: u64,
}

impl Stat {
    pub(crate) fn of(meta: &Metadata) -> Self {
        let modified = meta.modified().map_or(0, nanoseconds);
        let (changed, inode) = system(meta);
        Self { len: meta.len(), modified, changed, inode }
    }

    /// Whether the file was last changed long enough ago for its times to be trusted.
    pub(crate) fn is_settled(&self) -> bool {
        nanoseconds(SystemTime::now()) - self.modified.max(self.changed) > TOO_FRESH
    }
}

#[cfg(unix)]
fn system(meta: &Metadata) -> (i128, u64) {
    use std::os::unix::fs::MetadataExt;
    (i128::from(meta.ctime()) * 1_000_000_000 + i128::from(meta.ctime_nsec()), meta.ino())
}

#[cfg(not(unix))]
fn system(_: &Metadata) -> (i128, u64) {
    (0, 0)
}

fn nanoseconds(time: SystemTime) -> i128 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => after.as_nanos() as i128,
        Err(before) => -(before.duration().as_nanos() as i128),
    }
}

/// The hashes of files that are copied as they are, by what the system says of them. It holds
/// no more than the files that the last load saw.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StatCache {
    known: BTreeMap<SitePath, (Stat, Hash)>,
}

const VERSION: u32 = 1;

impl StatCache {
    /// Knows nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes up what [`StatCache::save`] gave; anything else is worth nothing.
    pub fn load(bytes: &[u8]) -> Option<Self> {
        let (version, known) = postcard::from_bytes::<(u32, _)>(bytes).ok()?;
        (version == VERSION).then_some(Self { known })
    }

    /// Everything, as bytes.
    pub fn save(&self) -> Vec<u8> {
        postcard::to_stdvec(&(VERSION, &self.known)).unwrap_or_default()
    }

    pub(crate) fn get(&self, path: &SitePath, stat: &Stat) -> Option<Hash> {
        self.known.get(path).filter(|(known, _)| known == stat).map(|(_, hash)| *hash)
    }

    pub(crate) fn put(&mut self, path: SitePath, stat: Stat, hash: Hash) {
        if stat.is_settled() {
            self.known.insert(path, (stat, hash));
        }
    }

    pub(crate) fn remove(&mut self, path: &SitePath) {
        self.known.remove(path);
    }

    #[cfg(test)]
    pub(crate) fn of(path: SitePath, stat: Stat, hash: Hash) -> Self {
        Self { known: BTreeMap::from([(path, (stat, hash))]) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_was_just_changed_is_not_taken_as_known() {
        let path = SitePath::new("a.bin").expect("a path");
        let now = nanoseconds(SystemTime::now());
        let fresh = Stat { len: 1, modified: 0, changed: now, inode: 1 };
        let old = Stat { len: 1, modified: 0, changed: now - 2 * TOO_FRESH, inode: 1 };
        let mut cache = StatCache::new();
        cache.put(path.clone(), fresh, Hash::of(b"a"));
        assert_eq!(cache.get(&path, &fresh), None);
        cache.put(path.clone(), old, Hash::of(b"a"));
        assert_eq!(cache.get(&path, &old), Some(Hash::of(b"a")));
        assert_eq!(cache.get(&path, &fresh), None);
    }

    #[test]
    fn bytes_of_another_kind_are_worth_nothing() {
        assert_eq!(StatCache::load(b""), None);
        assert_eq!(StatCache::load(b"\x02\x00"), None);
        assert_eq!(StatCache::load(&StatCache::new().save()), Some(StatCache::new()));
    }
}
