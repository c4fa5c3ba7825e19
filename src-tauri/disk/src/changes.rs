//! What became of some paths since a snapshot: the watcher's news as changes.
//! A folder that cannot be read is never taken for an empty one.

use std::collections::BTreeSet;
use std::path::Path;

use galley_engine::{Cancel, Change, Problem, SitePath, Snapshot};

use crate::error::DiskError;
use crate::load::{LoadOptions, read_all};
use crate::read::read;
use crate::stats::StatCache;
use crate::walk::{Walker, What};

/// What differs between a snapshot and the folder.
#[derive(Debug, Default)]
pub struct Changes {
    /// What to apply to the snapshot, removals first, each in path order. Empty if nothing
    /// differs.
    pub changes: Vec<Change>,
    /// What could not be taken in below the folders that were looked at.
    pub problems: Vec<Problem>,
}

/// Looks at `paths` again: files, folders or what is gone. The empty path is the whole site.
pub fn changes(
    folder: &Path,
    options: &LoadOptions,
    known: &mut StatCache,
    snapshot: &Snapshot,
    paths: &[SitePath],
) -> Result<Changes, DiskError> {
    let walker = Walker::new(folder, options)?;
    let mut found = Found::default();
    for path in paths.iter().collect::<BTreeSet<_>>() {
        found.look(&walker, snapshot, path, known);
    }
    let removed = found.removed.into_iter().map(Change::Remove);
    Ok(Changes { changes: removed.chain(found.put).collect(), problems: found.problems })
}

#[derive(Default)]
struct Found {
    removed: BTreeSet<SitePath>,
    put: Vec<Change>,
    problems: Vec<Problem>,
}

impl Found {
    fn look(&mut self, walker: &Walker, snapshot: &Snapshot, path: &SitePath, known: &mut StatCache) {
        match walker.what(path) {
            Some(What::File(place)) => {
                if let Some(read) = read(&place.real, path, known) {
                    self.put(snapshot, path.clone(), read, known);
                } else {
                    self.remove(snapshot, path, known);
                }
                self.remove_below(snapshot, path, &BTreeSet::new(), known);
            }
            Some(What::Folder(_)) => self.look_into(walker, snapshot, path, known),
            None => {
                self.remove(snapshot, path, known);
                self.remove_below(snapshot, path, &BTreeSet::new(), known);
            }
        }
    }

    fn look_into(&mut self, walker: &Walker, snapshot: &Snapshot, folder: &SitePath, known: &mut StatCache) {
        let found = walker.walk(folder);
        let mut kept: BTreeSet<SitePath> =
            unread(&found.problems).flat_map(|closed| snapshot.below(closed).map(|(path, _)| path.clone())).collect();
        self.problems.extend(found.problems);
        if !folder.is_empty() {
            self.remove(snapshot, folder, known);
        }
        for (path, read) in read_all(&found.files, known, &|_, _| {}, &Cancel::new()) {
            kept.insert(path.clone());
            self.put(snapshot, path, read, known);
        }
        self.remove_below(snapshot, folder, &kept, known);
    }

    fn put(&mut self, snapshot: &Snapshot, path: SitePath, read: crate::read::ReadSource, known: &mut StatCache) {
        match read.stat {
            Some(stat) => known.put(path.clone(), stat, read.source.hash),
            None => known.remove(&path),
        }
        if snapshot.get(&path) != Some(&read.source) {
            self.put.push(Change::Put(path, read.source));
        }
    }

    fn remove(&mut self, snapshot: &Snapshot, path: &SitePath, known: &mut StatCache) {
        if snapshot.get(path).is_some() {
            known.remove(path);
            self.removed.insert(path.clone());
        }
    }

    fn remove_below(
        &mut self,
        snapshot: &Snapshot,
        folder: &SitePath,
        kept: &BTreeSet<SitePath>,
        known: &mut StatCache,
    ) {
        for (path, _) in snapshot.below(folder).filter(|(path, _)| !kept.contains(*path)) {
            self.remove(snapshot, path, known);
        }
    }
}

/// The folders that are there but could not be looked into: what they held is kept.
fn unread(problems: &[Problem]) -> impl Iterator<Item = &SitePath> {
    problems.iter().filter(|problem| problem.code == "disk.unreadable").filter_map(|problem| problem.path.as_ref())
}
