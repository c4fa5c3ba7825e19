//! The difference between a build and what is live, and the order in which it is made.
//! Pure: no clock, no disk, no network; the same inputs give the same plan.

use std::collections::{BTreeMap, BTreeSet};

use galley_engine::SitePath;

use crate::error::Result;
use crate::extras::Vanished;
use crate::guard::Leak;
use crate::host::Facts;
use crate::manifest::{Entry, Manifest, is_reserved};

mod check;
mod limits;
mod live;
mod settle;
#[cfg(test)]
mod tests;
mod turn;

use check::{alike, check, collisions};
pub use live::{Digest, Found, Live, Seen};
pub(crate) use settle::{settle, sha1};
pub use turn::Turn;
pub(crate) use turn::has_hash;
use turn::turn;

/// Deletions beyond this number need an explicit yes.
const MANY_FILES: usize = 256;

/// Whether a file is new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PutKind {
    /// Not in the live release.
    Added,
    /// In the live release with other bytes.
    Changed,
}

/// One file to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Put {
    /// Its path.
    pub path: SitePath,
    /// New or changed.
    pub kind: PutKind,
    /// Why, in words.
    pub reason: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// When it becomes live.
    pub turn: Turn,
}

/// One file to delete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removal {
    /// Its path.
    pub path: SitePath,
    /// Its size in bytes, as far as known.
    pub bytes: u64,
}

/// What a publish would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The id of the release it makes.
    pub id: String,
    /// The release it makes.
    pub manifest: Manifest,
    /// The release it replaces: at publish time this must still be live.
    pub base: Option<String>,
    /// What is sent, in the order in which it becomes live.
    pub put: Vec<Put>,
    /// What stays as it is.
    pub keep: Vec<SitePath>,
    /// What goes.
    pub delete: Vec<Removal>,
    /// What the writer should know before pressing the button.
    pub warnings: Vec<String>,
    /// Whether so much is deleted that the yes must be explicit.
    pub is_large_deletion: bool,
    /// What should perhaps not be public: the yes must be explicit.
    pub leaks: Vec<Leak>,
    /// Addresses that were live and would be gone.
    pub vanished: Vec<Vanished>,
    /// Bytes of files that publishing adds to the site's own.
    pub made: BTreeMap<SitePath, Vec<u8>>,
}

impl Plan {
    /// Bytes to send.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.put.iter().map(|put| put.bytes).sum()
    }

    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.put.is_empty() && self.delete.is_empty()
    }
}

/// Compares `new` with what is live.
pub fn plan(new: Manifest, live: &Live, reasons: &BTreeMap<SitePath, String>, facts: &Facts) -> Result<Plan> {
    check(&new, facts)?;
    let empty = BTreeMap::new();
    let old = live.manifest.as_ref().map_or(&empty, |manifest| &manifest.files);
    let stays = |path: &SitePath, entry: &Entry| {
        (old.get(path) == Some(entry) || live.same.contains(path)) && !live.unsure.contains(path)
    };
    let mut put: Vec<_> = new
        .files
        .iter()
        .filter(|(path, entry)| !stays(path, entry))
        .map(|(path, entry)| put_of(path, entry, &new, live, reasons))
        .collect();
    put.sort_by(|a, b| (a.turn, &a.path).cmp(&(b.turn, &b.path)));
    let keep = new.files.iter().filter(|(path, entry)| stays(path, entry)).map(|(path, _)| path.clone());
    let delete = removals(&new, live, old);
    Ok(Plan {
        id: new.id.clone(),
        base: live.id().map(str::to_owned),
        is_large_deletion: delete.len() > MANY_FILES || delete.len() * 4 > old.len().max(1),
        keep: keep.collect(),
        warnings: warnings(&new, live, old, facts),
        leaks: Vec::new(),
        vanished: Vec::new(),
        made: BTreeMap::new(),
        put,
        delete,
        manifest: new,
    })
}

fn put_of(path: &SitePath, entry: &Entry, new: &Manifest, live: &Live, reasons: &BTreeMap<SitePath, String>) -> Put {
    let was_live = live.manifest.as_ref().is_some_and(|old| old.files.contains_key(path));
    let was_there = was_live || live.found.as_ref().is_some_and(|found| found.files.contains_key(path));
    // What a publish left half done may be there, whatever the record says.
    let kind = if was_there || live.unsure.contains(path) { PutKind::Changed } else { PutKind::Added };
    let default = match kind {
        PutKind::Added => "new",
        PutKind::Changed => "differs from the live release",
    };
    Put {
        path: path.clone(),
        kind,
        reason: reasons.get(path).map_or(default, String::as_str).to_owned(),
        bytes: entry.size,
        turn: turn(path, &new.files),
    }
}

/// Files of the live release, or left over from an earlier one, that the new one does not have.
fn removals(new: &Manifest, live: &Live, old: &BTreeMap<SitePath, Entry>) -> Vec<Removal> {
    let gone: BTreeSet<_> =
        old.keys().chain(&live.removing).chain(&live.unsure).filter(|path| !new.files.contains_key(*path)).collect();
    gone.into_iter()
        .filter(|path| !path.is_empty() && !is_reserved(path))
        .map(|path| Removal { path: path.clone(), bytes: old.get(path).map_or(0, |entry| entry.size) })
        .collect()
}

/// The folders that hold `path`, without the site itself.
pub(crate) fn folders(path: &SitePath) -> impl Iterator<Item = SitePath> + use<> {
    std::iter::successors(Some(path.parent()), |folder| Some(folder.parent())).take_while(|folder| !folder.is_empty())
}

fn warnings(new: &Manifest, live: &Live, old: &BTreeMap<SitePath, Entry>, facts: &Facts) -> Vec<String> {
    let mut warnings = facts.warnings.clone();
    if live.is_damaged {
        warnings.push(
            "The host's record of the live release is damaged or missing, so every file is sent and nothing is deleted.".into(),
        );
    } else if live.is_occupied {
        warnings.push("The host holds files that Galley did not put there; those that are not replaced stay.".into());
    }
    if !live.unsure.is_empty() {
        warnings.push(
            "An earlier publish was cut short while files were being replaced; this one makes the site whole again."
                .into(),
        );
    }
    if !live.removing.is_empty() {
        warnings.push("An earlier publish was cut short before it removed old files; they are removed now.".into());
    }
    if !new.files.contains_key("index.html") {
        let more = if old.contains_key("index.html") { " The live site has one, which would go." } else { "" };
        warnings.push(format!("The site has no home page (`index.html`).{more}"));
    }
    for (path, other) in collisions(new) {
        warnings.push(alike(path, other));
    }
    warnings
}
