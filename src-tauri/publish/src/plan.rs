//! The difference between a build and what is live, and the order in which it is made.
//! Pure: no clock, no disk, no network; the same inputs give the same plan.

use std::collections::{BTreeMap, BTreeSet};

use galley_engine::SitePath;

use crate::error::{ErrorKind, PublishError, Result};
use crate::extras::Vanished;
use crate::guard::Leak;
use crate::host::Facts;
use crate::manifest::{Current, Entry, Manifest, is_reserved};

/// Deletions beyond this number need an explicit yes.
const MANY_FILES: usize = 256;
/// Names longer than this many bytes fit on no usual file system.
const LONGEST_NAME: usize = 255;
/// Paths longer than this many bytes are refused by servers.
const LONGEST_PATH: usize = 1024;

/// What is live on a host, as far as the host can say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Live {
    /// The live release; none where the host has no record of one.
    pub manifest: Option<Manifest>,
    /// Whether there is a record that cannot be read or does not match its digest.
    pub is_damaged: bool,
    /// Whether files are there that no release of Galley put there.
    pub is_occupied: bool,
    /// Counts the switches.
    pub generation: u64,
    /// Files of earlier releases whose removal was cut short.
    pub removing: Vec<SitePath>,
    /// Files that may be of this release or of one whose switch was cut short.
    pub unsure: BTreeSet<SitePath>,
    /// Who switched last.
    pub by: String,
    /// When, seconds since 1970.
    pub since: u64,
    /// What is there, where no record says which release it is.
    pub found: Option<Found>,
    /// Of what was found, the files that the new release has byte for byte.
    pub same: BTreeSet<SitePath>,
}

/// Files that are on a host, as far as the host can tell them apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// What the host calls this state, where it has a name for it.
    pub id: Option<String>,
    /// The files.
    pub files: BTreeMap<SitePath, Seen>,
    /// Whether the next release replaces all of them, those that it does not have too.
    pub is_whole: bool,
}

/// One file as a host sees it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    /// What the host knows its bytes by.
    pub digest: Digest,
    /// In bytes.
    pub size: u64,
}

/// The digests that hosts know files by, in lower-case hexadecimal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Digest {
    /// None: the size is all there is.
    #[default]
    Unknown,
    /// MD5.
    Md5(String),
    /// SHA-1.
    Sha1(String),
    /// SHA-1 of `blob SIZE\0` and the bytes.
    GitBlob(String),
}

impl Live {
    /// The id of what is live.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        let found = || self.found.as_ref()?.id.as_deref();
        self.manifest.as_ref().map(|manifest| manifest.id.as_str()).or_else(found)
    }

    /// What a host's record says, with the records of the release that is live and of the one that
    /// is being made live.
    pub(crate) fn of(current: Current, manifest: Option<Manifest>, switching: Option<&Manifest>) -> Self {
        let mut live = Self {
            is_damaged: current.id.is_some() && manifest.is_none(),
            manifest,
            generation: current.generation,
            removing: current.removing,
            by: current.by,
            since: current.time,
            ..Self::default()
        };
        live.unsure = switching.map(|other| differing(live.manifest.as_ref(), other)).unwrap_or_default();
        live
    }
}

/// The files that are not the same in both.
fn differing(one: Option<&Manifest>, other: &Manifest) -> BTreeSet<SitePath> {
    let empty = BTreeMap::new();
    let one = one.map_or(&empty, |one| &one.files);
    one.keys().chain(other.files.keys()).filter(|path| one.get(*path) != other.files.get(*path)).cloned().collect()
}

/// When a file becomes live: a page never before what it shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Turn {
    /// Assets whose names hold their hash.
    HashedAssets,
    /// Other assets.
    Assets,
    /// Pages that list no others.
    Pages,
    /// Lists, the home page, feeds, the sitemap.
    Listings,
}

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

/// Which turn a path takes, from its name and its neighbours.
fn turn(path: &SitePath, files: &BTreeMap<SitePath, Entry>) -> Turn {
    let name = path.file_name();
    match path.extension().unwrap_or_default() {
        "html" | "htm" if name == "index.html" && is_listing(path, files) => Turn::Listings,
        "html" | "htm" => Turn::Pages,
        "xml" | "txt" | "atom" | "rss" => Turn::Listings,
        _ if name.starts_with("search_index") || name == "_redirects" || name == "_headers" => Turn::Listings,
        _ if has_hash(name) => Turn::HashedAssets,
        _ => Turn::Assets,
    }
}

/// The home page, a page of a pager, or a page with pages below it.
fn is_listing(path: &SitePath, files: &BTreeMap<SitePath, Entry>) -> bool {
    let folder = path.parent();
    if folder.is_empty() || folder.parent().file_name() == "page" {
        return true;
    }
    let below = format!("{folder}/");
    files
        .range::<str, _>((std::ops::Bound::Excluded(below.as_str()), std::ops::Bound::Unbounded))
        .take_while(|(other, _)| other.starts_with(&below))
        .any(|(other, _)| *other != *path && other.file_name() == "index.html")
}

/// Whether a name holds eight or more hexadecimal digits, at least one of them a digit.
pub(crate) fn has_hash(name: &str) -> bool {
    name.split(['.', '-', '_']).any(|part| {
        part.len() >= 8
            && part.bytes().all(|byte| byte.is_ascii_hexdigit())
            && part.bytes().any(|byte| byte.is_ascii_digit())
    })
}

/// What no host may be asked to hold.
fn check(new: &Manifest, facts: &Facts) -> Result<()> {
    if new.files.is_empty() {
        return Err(PublishError::new(
            ErrorKind::EmptyOutput,
            "The site has no pages, so there is nothing to publish.",
            "Write a page, or look at the problems of the build, then publish again.",
        ));
    }
    for path in new.files.keys() {
        check_name(path)?;
    }
    limits::check(new, &facts.limits)?;
    for (path, other) in collisions(new) {
        if facts.ignores_case {
            return Err(bad(
                format!("`{path}` and `{other}` would be one file on this host."),
                "Rename one of them: the host does not tell capital and small letters apart.",
            ));
        }
    }
    let folder = new.files.keys().flat_map(folders).find(|folder| new.files.contains_key(folder.as_str()));
    match folder {
        Some(folder) => Err(bad(
            format!("`{folder}` would be a file and a folder at once."),
            "Rename the page or the file that makes one of them.",
        )),
        None => Ok(()),
    }
}

fn check_name(path: &SitePath) -> Result<()> {
    if is_reserved(path) {
        return Err(bad(
            format!("`{path}` cannot be published: the name `.galley` is Galley's own."),
            "Rename the folder.",
        ));
    }
    if path.contains(['\n', '\r']) {
        return Err(bad(format!("{path:?} has a line break in its name."), "Rename the file."));
    }
    if path.len() > LONGEST_PATH || path.parts().any(|part| part.len() > LONGEST_NAME) {
        return Err(bad(
            format!("`{path}` is too long a name for the host."),
            "Give the page a shorter slug, or the file a shorter name.",
        ));
    }
    Ok(())
}

fn bad(message: String, help: &str) -> Box<PublishError> {
    PublishError::new(ErrorKind::BadPlan, message, help)
}

pub(crate) use settle::{settle, sha1};

/// The folders that hold `path`, without the site itself.
pub(crate) fn folders(path: &SitePath) -> impl Iterator<Item = SitePath> + use<> {
    std::iter::successors(Some(path.parent()), |folder| Some(folder.parent())).take_while(|folder| !folder.is_empty())
}

/// Pairs of paths that differ only in case.
fn collisions(new: &Manifest) -> Vec<(&SitePath, &SitePath)> {
    let mut seen: BTreeMap<String, &SitePath> = BTreeMap::new();
    new.files.keys().filter_map(|path| seen.insert(path.to_lowercase(), path).map(|other| (path, other))).collect()
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
        warnings.push(format!(
            "`{path}` and `{other}` differ only in capital letters; some hosts and readers take them for one."
        ));
    }
    warnings
}

mod limits;
mod settle;
#[cfg(test)]
mod tests;
