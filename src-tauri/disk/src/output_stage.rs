//! Files of the output that are written aside as they are made, while others are still being made.
//! It puts nothing in place: that is done by a run, after it has noted down what it will write.

use std::collections::{BTreeMap, HashMap};
use std::ffi::OsStr;
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use galley_engine::{Artifact, Content, Hash, Sink, SitePath};

use crate::manifest::Left;
use crate::stats::Stat;

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
    /// What the output holds already.
    standing: HashMap<SitePath, Hash>,
    waiting: Mutex<HashMap<SitePath, Waiting>>,
    count: AtomicU64,
}

#[derive(Debug)]
struct Waiting {
    file: PathBuf,
    hash: Hash,
    stat: Stat,
}

impl Stage {
    pub(crate) fn new(out: &Path, standing: &BTreeMap<SitePath, Left>) -> io::Result<Self> {
        std::fs::create_dir_all(out)?;
        sweep(out);
        let folder = out.join(format!("{STAGE}{}", std::process::id()));
        std::fs::create_dir(&folder)?;
        for part in 0..PARTS {
            std::fs::create_dir(folder.join(part.to_string()))?;
        }
        let standing = standing.iter().map(|(path, left)| (path.clone(), left.hash)).collect();
        Ok(Self { folder, standing, waiting: Mutex::default(), count: AtomicU64::new(0) })
    }

    /// Whether a file with this hash waits to be put at `path`.
    pub(crate) fn holds(&self, path: &SitePath, hash: Hash) -> bool {
        self.waiting.lock().is_ok_and(|waiting| waiting.get(path).is_some_and(|file| file.hash == hash))
    }

    /// Puts the file with this hash that waits for `path`, if there is one, in its place.
    pub(crate) fn put(&self, path: &SitePath, hash: Hash, file: &Path) -> Option<io::Result<Stat>> {
        let waiting = self.waiting.lock().ok()?.remove(path).filter(|waiting| waiting.hash == hash)?;
        Some(std::fs::rename(&waiting.file, file).map(|()| waiting.stat))
    }

    fn write(&self, bytes: &[u8]) -> io::Result<(PathBuf, Stat)> {
        let count = self.count.fetch_add(1, Ordering::Relaxed);
        let file = self.folder.join((count % PARTS).to_string()).join(count.to_string());
        let written = (|| {
            let mut new = OpenOptions::new().write(true).create_new(true).open(&file)?;
            new.write_all(bytes)?;
            Ok(Stat { changed: 0, ..Stat::of(&new.metadata()?) })
        })();
        match written {
            Ok(stat) => Ok((file, stat)),
            Err(error) => {
                std::fs::remove_file(&file).ok();
                Err(error)
            }
        }
    }
}

impl Sink for Stage {
    /// What cannot be written aside stays in memory: the run tells of the disk.
    fn take(&self, path: &SitePath, artifact: &Artifact) -> bool {
        let Content::Bytes(bytes) = &artifact.content else { return false };
        if self.standing.get(path) == Some(&artifact.hash) {
            return true;
        }
        let Ok((file, stat)) = self.write(bytes) else { return false };
        let Ok(mut waiting) = self.waiting.lock() else { return false };
        waiting.insert(path.clone(), Waiting { file, hash: artifact.hash, stat });
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
