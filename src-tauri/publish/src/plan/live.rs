//! What is on a host, as far as it can say: its record of a release, or the files that were found.
//! Only what is known is said; what is not sure is marked so.

use std::collections::{BTreeMap, BTreeSet};

use galley_engine::SitePath;

use crate::manifest::{Current, Manifest};

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
    /// SHA-256: what was read there and digested here.
    Sha256(String),
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
