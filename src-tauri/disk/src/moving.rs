//! Sources that move, and texts that change with them, as one operation that outlives a crash.
//! What is to be done is on the disk before anything is; no text is written over one that is
//! neither the one before nor the one after.

use std::path::{Path, PathBuf};

use galley_engine::SitePath;
use serde::{Deserialize, Serialize};

use crate::error::DiskError;
use crate::load::{LoadOptions, load_one};
use crate::state::SiteState;
use crate::write::{make_folder, rename_source, write_atomic, write_source};

const KEPT: &str = "was not written";

/// Files and folders that get other paths, and texts that change.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moving {
    /// From and to, in the order in which they are renamed.
    pub renames: Vec<(SitePath, SitePath)>,
    /// The texts, at their paths after the renames.
    pub writes: Vec<Rewrite>,
}

/// A text that changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rewrite {
    /// Its path after the renames.
    pub path: SitePath,
    /// What it holds before.
    pub before: String,
    /// What it holds after.
    pub after: String,
}

/// What became of one text.
#[derive(Debug)]
pub enum Rewritten {
    /// The file holds the text after.
    Done,
    /// The file holds another text, which stays.
    Differs(String),
    /// There is no such file, or it is no text.
    Gone,
    /// The disk refused.
    Failed(DiskError),
}

impl Moving {
    /// The operation that takes this one back.
    #[must_use]
    pub fn inverse(&self) -> Self {
        let back = |write: &Rewrite| Rewrite {
            path: self.earlier(&write.path),
            before: write.after.clone(),
            after: write.before.clone(),
        };
        Self {
            renames: self.renames.iter().rev().map(|(from, to)| (to.clone(), from.clone())).collect(),
            writes: self.writes.iter().map(back).collect(),
        }
    }

    /// The path after the renames of what was at `path`.
    pub fn later(&self, path: &SitePath) -> SitePath {
        self.renames.iter().fold(path.clone(), |path, (from, to)| moved(&path, from, to))
    }

    /// The path before the renames of what is at `path`.
    pub fn earlier(&self, path: &SitePath) -> SitePath {
        self.renames.iter().rev().fold(path.clone(), |path, (from, to)| moved(&path, to, from))
    }

    /// Does the renames in order. Where one is refused, those before it are taken back, and
    /// nothing has changed.
    pub fn rename(&self, folder: &Path) -> Result<(), DiskError> {
        for (at, (from, to)) in self.renames.iter().enumerate() {
            if let Err(error) = rename_source(folder, from, to) {
                for (from, to) in self.renames[..at].iter().rev() {
                    // Taken back as far as the disk lets; what stays is where it was named to go.
                    rename_source(folder, to, from).ok();
                }
                return Err(error);
            }
        }
        self.renames.iter().for_each(|(from, _)| remove_empty(folder, &from.parent()));
        Ok(())
    }

    /// Goes on where a crash stopped: does the renames that are not done, then the texts.
    pub fn finish(&self, folder: &Path, load: &LoadOptions) -> Vec<(SitePath, Rewritten)> {
        for (from, to) in &self.renames {
            if folder.join(from.as_str()).symlink_metadata().is_ok() {
                // Where something stands at `to`, both stay.
                rename_source(folder, from, to).ok();
            }
        }
        self.writes.iter().map(|write| (write.path.clone(), write.put(folder, load))).collect()
    }
}

/// A folder that nothing is left in, and those above it, go: a folder is only there for its files.
fn remove_empty(folder: &Path, path: &SitePath) {
    let mut at = path.clone();
    while !at.is_empty() && at.as_str() != "content" && std::fs::remove_dir(folder.join(at.as_str())).is_ok() {
        at = at.parent();
    }
}

fn moved(path: &SitePath, from: &SitePath, to: &SitePath) -> SitePath {
    if path == from {
        return to.clone();
    }
    path.strip_prefix(from).and_then(|rest| to.join(rest).ok()).unwrap_or_else(|| path.clone())
}

impl Rewrite {
    /// Writes the text after, where the file holds the text before.
    pub fn put(&self, folder: &Path, load: &LoadOptions) -> Rewritten {
        let Some(source) = load_one(folder, load, &self.path) else { return Rewritten::Gone };
        match source.as_text() {
            Some(text) if **text == *self.after => Rewritten::Done,
            Some(text) if **text == *self.before => match write_source(folder, &self.path, self.after.as_bytes()) {
                Ok(()) => Rewritten::Done,
                Err(error) => Rewritten::Failed(error),
            },
            Some(text) => Rewritten::Differs(text.to_string()),
            None => Rewritten::Gone,
        }
    }
}

impl SiteState {
    /// Notes an operation before it is begun.
    pub fn begin_moving(&self, moving: &Moving) -> Result<(), DiskError> {
        let file = self.moving_file();
        let json = serde_json::to_vec(moving).map_err(|error| DiskError::io(&*file, KEPT, error.into()))?;
        make_folder(self.data(), KEPT)?;
        write_atomic(&file, &json)
    }

    /// The operation that was begun and not ended.
    pub fn moving(&self) -> Option<Moving> {
        serde_json::from_slice(&std::fs::read(self.moving_file()).ok()?).ok()
    }

    /// The operation is done, or was taken back.
    pub fn end_moving(&self) {
        // One that stays is found done at the next start.
        std::fs::remove_file(self.moving_file()).ok();
    }

    fn moving_file(&self) -> PathBuf {
        self.data().join("moving.json")
    }
}
