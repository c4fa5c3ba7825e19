//! What was written to an output folder, as it was written.
//! It lies in the cache, never in the output; without it nothing is known to be ours.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use galley_engine::{Hash, SitePath};
use serde::{Deserialize, Serialize};

use crate::stats::Stat;

const VERSION: u32 = 1;

/// One file as we left it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Left {
    pub hash: Hash,
    pub stat: Stat,
}

/// Everything that we left in an output folder.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    pub files: BTreeMap<SitePath, Left>,
    /// The folders that we made.
    pub folders: BTreeSet<SitePath>,
}

/// What a run is about to write, so that a run cut short leaves nothing that nobody owns.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Intent {
    pub files: BTreeMap<SitePath, Hash>,
    pub folders: BTreeSet<SitePath>,
}

impl Manifest {
    /// The manifest of the output folder `out`; an empty one if there is none that can be read.
    pub(crate) fn load(file: &Path, out: &Path) -> Self {
        let read = std::fs::read(file).ok();
        let manifest = read.and_then(|bytes| postcard::from_bytes::<(u32, String, Self)>(&bytes).ok());
        match manifest {
            Some((VERSION, of, manifest)) if of == out.to_string_lossy() => manifest,
            _ => Self::default(),
        }
    }

    pub(crate) fn save(&self, file: &Path, out: &Path) -> io::Result<()> {
        put(file, &postcard::to_stdvec(&(VERSION, out.to_string_lossy(), self)).map_err(io::Error::other)?)
    }
}

impl Intent {
    /// What a run that was cut short was about to write.
    pub(crate) fn load(manifest: &Path) -> Option<Self> {
        let bytes = std::fs::read(beside(manifest)).ok()?;
        Some(postcard::from_bytes(&bytes).unwrap_or_default())
    }

    pub(crate) fn save(&self, manifest: &Path) -> io::Result<()> {
        put(&beside(manifest), &postcard::to_stdvec(self).map_err(io::Error::other)?)
    }

    pub(crate) fn remove(manifest: &Path) {
        std::fs::remove_file(beside(manifest)).ok();
    }
}

fn beside(manifest: &Path) -> PathBuf {
    let mut name = manifest.as_os_str().to_owned();
    name.push(".writing");
    name.into()
}

/// Replaces a file whole. It is not flushed: after a power cut, sizes and times that do not
/// match make every file be compared again.
fn put(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = file.parent().unwrap_or(Path::new(""));
    std::fs::create_dir_all(folder)?;
    let mut temporary = tempfile::NamedTempFile::new_in(folder)?;
    temporary.write_all(bytes)?;
    temporary.persist(file).map_err(|error| error.error)?;
    Ok(())
}
