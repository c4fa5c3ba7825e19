//! Files of the output that are written aside as they are made, while others are still being made.
//! It puts nothing in place: that is done by a run, after it has noted down what it will write.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ffi::{OsStr, OsString};
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use galley_engine::{Artifact, Artifacts, Content, Hash, Sink, SitePath};

use crate::inside::under;
use crate::manifest::Left;
use crate::stats::Stat;
use crate::write::rename_new;

/// What the folder that they wait in is called, before the number of the process.
const STAGE: &str = ".galley-stage-";
/// Into how many folders they go: threads that write into one folder wait for each other.
const PARTS: u64 = 16;
/// What is older than this was left behind by a run that was cut short.
const ABANDONED: Duration = Duration::from_hours(1);

/// A folder in the output folder, where files wait; it goes when this is dropped.
#[derive(Debug)]
pub struct Stage {
    folder: PathBuf,
    /// Whether the output holds nothing yet. Files then wait in the folders that they will have, and
    /// whole folders are put in place.
    is_tree: bool,
    /// What the output holds already.
    standing: HashMap<SitePath, Hash>,
    waiting: Mutex<HashMap<SitePath, Waiting>>,
    count: AtomicU64,
}

#[derive(Debug)]
struct Waiting {
    /// Its own, where it does not wait in a folder that it will have.
    number: u64,
    hash: Hash,
    stat: Stat,
}

impl Stage {
    pub(crate) fn new(out: &Path, standing: &BTreeMap<SitePath, Left>) -> io::Result<Self> {
        std::fs::create_dir_all(out)?;
        sweep(out);
        let is_tree = standing.is_empty() && is_untouched(out);
        let folder = out.join(format!("{STAGE}{}", std::process::id()));
        std::fs::create_dir(&folder)?;
        for part in (0..PARTS).filter(|_| !is_tree) {
            std::fs::create_dir(folder.join(part.to_string()))?;
        }
        let standing = standing.iter().map(|(path, left)| (path.clone(), left.hash)).collect();
        Ok(Self { folder, is_tree, standing, waiting: Mutex::default(), count: AtomicU64::new(0) })
    }

    fn place(&self, path: &SitePath, number: u64) -> PathBuf {
        if self.is_tree {
            return under(&self.folder, path);
        }
        self.folder.join((number % PARTS).to_string()).join(number.to_string())
    }

    /// Whether a file with this hash waits to be put at `path`.
    pub(crate) fn holds(&self, path: &SitePath, hash: Hash) -> bool {
        self.waiting.lock().is_ok_and(|waiting| waiting.get(path).is_some_and(|file| file.hash == hash))
    }

    /// Puts the file with this hash that waits for `path`, if there is one, in its place.
    pub(crate) fn put(&self, path: &SitePath, hash: Hash, file: &Path) -> Option<io::Result<Stat>> {
        let waiting = self.waiting.lock().ok()?.remove(path).filter(|waiting| waiting.hash == hash)?;
        Some(std::fs::rename(self.place(path, waiting.number), file).map(|()| waiting.stat))
    }

    /// Puts whole folders in their places in an output that holds nothing yet, as far as that is
    /// still so; gives the files in them, in path order. The others wait on.
    pub(crate) fn put_folders(&self, out: &Path, artifacts: &Artifacts) -> Vec<(SitePath, Left)> {
        let Some(mut waiting) = self.waiting.lock().ok().filter(|_| self.is_tree) else { return Vec::new() };
        waiting.retain(|path, file| {
            let is_wanted = artifacts.get(path).is_some_and(|artifact| artifact.hash == file.hash);
            is_wanted || std::fs::remove_file(self.place(path, file.number)).is_err()
        });
        let names = std::fs::read_dir(&self.folder).into_iter().flatten().flatten().map(|entry| entry.file_name());
        let is_moved = |name: &OsString| rename_new(&self.folder.join(name), &out.join(name)).is_ok();
        let moved: HashSet<OsString> = names.filter(is_moved).collect();
        let is_in_place = |path: &SitePath| path.parts().next().is_some_and(|first| moved.contains(OsStr::new(first)));
        let in_place = waiting.extract_if(|path, _| is_in_place(path));
        let mut files: Vec<_> =
            in_place.map(|(path, file)| (path, Left { hash: file.hash, stat: file.stat })).collect();
        files.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        files
    }

    fn write(&self, path: &SitePath, bytes: &[u8]) -> io::Result<(u64, Stat)> {
        let number = self.count.fetch_add(1, Ordering::Relaxed);
        let file = self.place(path, number);
        if let Some(folder) = file.parent().filter(|_| self.is_tree) {
            make(folder)?;
        }
        let mut new = OpenOptions::new().write(true).create_new(true).open(&file)?;
        match new.write_all(bytes).and_then(|()| new.metadata()) {
            Ok(meta) => Ok((number, Stat { changed: 0, ..Stat::of(&meta) })),
            Err(error) => {
                std::fs::remove_file(&file).ok();
                Err(error)
            }
        }
    }
}

/// Makes a folder that is seldom there, in one that most often is.
fn make(folder: &Path) -> io::Result<()> {
    match std::fs::create_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => std::fs::create_dir_all(folder),
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

impl Sink for Stage {
    /// What cannot be written aside stays in memory: the run tells of the disk.
    fn take(&self, path: &SitePath, artifact: &Artifact) -> bool {
        let Content::Bytes(bytes) = &artifact.content else { return false };
        if self.standing.get(path) == Some(&artifact.hash) {
            return true;
        }
        let Ok((number, stat)) = self.write(path, bytes) else { return false };
        let Ok(mut waiting) = self.waiting.lock() else { return false };
        waiting.insert(path.clone(), Waiting { number, hash: artifact.hash, stat });
        true
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.folder).ok();
    }
}

/// Whether an output folder holds nothing but what waits.
pub(crate) fn is_untouched(out: &Path) -> bool {
    let is_ours = |name: &OsStr| name.to_str().is_some_and(|name| name.starts_with(STAGE));
    std::fs::read_dir(out).is_ok_and(|mut all| all.all(|entry| entry.is_ok_and(|entry| is_ours(&entry.file_name()))))
}

/// Removes what runs that were cut short have left behind.
fn sweep(out: &Path) {
    let now = SystemTime::now();
    for entry in std::fs::read_dir(out).into_iter().flatten().flatten() {
        let is_ours = entry.file_name().to_str().is_some_and(|name| name.starts_with(STAGE));
        let is_old = || {
            let touched = entry.metadata().ok().filter(std::fs::Metadata::is_dir)?.modified().ok()?;
            Some(now.duration_since(touched).is_ok_and(|age| age > ABANDONED))
        };
        let is_own = || entry.file_name().to_str() == Some(&format!("{STAGE}{}", std::process::id()));
        // One with our own number is that of a dead process.
        if is_ours && (is_own() || is_old() == Some(true)) {
            std::fs::remove_dir_all(entry.path()).ok();
        }
    }
}
