//! A folder into a snapshot.
//! Loading reads only: nothing in the folder is changed, and one bad file never stops the rest.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use galley_engine::{Cancel, Hash, Hasher, Problem, SitePath, Snapshot, Source};
use rayon::prelude::*;

use crate::bytes::SiteFiles;
use crate::error::{DiskError, DiskErrorKind};
use crate::read::{ReadSource, read};
use crate::stats::{Stat, StatCache};
use crate::walk::{Place, Walker, What};

/// What is left out of a site beyond hidden files.
#[derive(Debug, Clone, Default)]
pub struct LoadOptions {
    /// Files and folders that are no sources, such as the output folder: absolute, or relative
    /// to the site's folder.
    pub ignore: Vec<PathBuf>,
}

/// A folder as it was read.
#[derive(Debug, Default)]
pub struct Loaded {
    /// All sources.
    pub snapshot: Snapshot,
    /// What could not be taken in, in order. A file that was refused is in the snapshot.
    pub problems: Vec<Problem>,
    /// Temporary files that a crash while saving left behind; see
    /// [`remove_leftovers`](crate::remove_leftovers).
    pub leftovers: Vec<SitePath>,
}

/// Told how many of how many files were read; from any thread, about a hundred times.
pub type Progress<'a> = &'a (dyn Fn(usize, usize) + Sync);

/// Reads a whole site. An error says that the folder itself could not be read, or that it was
/// cancelled.
pub fn load(
    folder: &Path,
    options: &LoadOptions,
    known: &mut StatCache,
    progress: Progress<'_>,
    cancel: &Cancel,
) -> Result<Loaded, DiskError> {
    let walker = Walker::new(folder, options)?;
    let found = walker.walk(&site_root()?);
    let read = read_all(&found.files, known, progress, cancel);
    if cancel.is_cancelled() {
        return Err(DiskError::of(DiskErrorKind::Cancelled, folder, "was not loaded"));
    }
    let mut loaded = Loaded { snapshot: Snapshot::new(), problems: found.problems, leftovers: found.leftovers };
    loaded.snapshot.set_files(Arc::new(SiteFiles(walker.root.clone())));
    *known = StatCache::new();
    for (path, read) in read {
        if let Some(stat) = read.stat {
            known.put(path.clone(), stat, read.source.hash);
        }
        loaded.snapshot.put(path, read.source);
    }
    Ok(loaded)
}

/// How many sources a folder has and the digest of them all, if the system says that each is as it
/// was when it was last read. Nothing is read.
pub fn unread(folder: &Path, options: &LoadOptions, known: &StatCache) -> Option<(usize, Hash)> {
    let found = Walker::new(folder, options).ok()?.walk(&site_root().ok()?);
    if !found.problems.is_empty() {
        return None;
    }
    let hash_of = |place: &Place| known.get(&place.path, &Stat::of(&place.real.metadata().ok()?));
    let hashes: Vec<Hash> = found.files.par_iter().map(hash_of).collect::<Option<_>>()?;
    let mut files: Vec<_> = found.files.iter().map(|place| &place.path).zip(hashes).collect();
    files.sort_unstable();
    Some((files.len(), digest(files.into_iter())))
}

/// A digest of files by path and hash, in path order.
pub fn digest<'a>(files: impl Iterator<Item = (&'a SitePath, Hash)>) -> Hash {
    let mut hasher = Hasher::new();
    files.for_each(|(path, hash)| {
        hasher.field(path.as_str()).hash(hash);
    });
    hasher.finish()
}

/// Reads one source; none if there is no such file, or it is no source.
pub fn load_one(folder: &Path, options: &LoadOptions, path: &SitePath) -> Option<Source> {
    match Walker::new(folder, options).ok()?.what(path)? {
        What::File(place) => Some(read(&place.real, path, &StatCache::new())?.source),
        What::Folder(_) => None,
    }
}

/// Reads files in parallel, in the order given; what has vanished is left out.
pub(crate) fn read_all(
    files: &[Place],
    known: &StatCache,
    progress: Progress<'_>,
    cancel: &Cancel,
) -> Vec<(SitePath, ReadSource)> {
    let done = AtomicUsize::new(0);
    let step = (files.len() / 100).max(1);
    let read_one = |place: &Place| {
        if cancel.is_cancelled() {
            return None;
        }
        let read = read(&place.real, &place.path, known);
        let count = done.fetch_add(1, Ordering::Relaxed) + 1;
        if count.is_multiple_of(step) || count == files.len() {
            progress(count, files.len());
        }
        Some((place.path.clone(), read?))
    };
    files.par_iter().filter_map(read_one).collect()
}

pub(crate) fn site_root() -> Result<SitePath, DiskError> {
    SitePath::new("").map_err(|_| DiskError::of(DiskErrorKind::Other, Path::new(""), "could not be opened"))
}
