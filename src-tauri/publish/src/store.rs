//! The last releases of one site on one host, kept on this machine by content.
//! Uploads read from here, so a file that changes under way cannot reach the host.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use galley_engine::{Hash, SitePath};
use sha2::{Digest, Sha256};

use crate::error::{ErrorKind, PublishError, Result};
use crate::journal::Journal;
use crate::manifest::{Entry, Manifest, hex, is_id};
use crate::source::{ReleaseSource, changed};

/// How many releases are kept here.
const RELEASES: usize = 10;

/// A folder of this machine that belongs to one site on one host.
#[derive(Debug, Clone)]
pub struct Store {
    folder: PathBuf,
}

/// A publish that was cut short and can go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfinished {
    /// The release it was to make live.
    pub id: String,
    /// When it was planned, seconds since 1970.
    pub time: u64,
    /// Files that are known to be on the host.
    pub done: usize,
    /// Files to send in all.
    pub files: usize,
}

impl Store {
    /// Opens the store in `folder`, which is made if it is missing.
    pub fn open(folder: impl Into<PathBuf>) -> Result<Self> {
        let folder = folder.into();
        for part in ["blobs", "releases"] {
            let part = folder.join(part);
            fs::create_dir_all(&part).map_err(|error| PublishError::local("make the folder", &part, &error))?;
        }
        Ok(Self { folder })
    }

    /// The publish that was cut short, if there is one.
    #[must_use]
    pub fn unfinished(&self) -> Option<Unfinished> {
        let (head, done) = Journal::peek(&self.journal_path())?;
        let manifest = self.manifest(&head.id)?;
        Some(Unfinished { id: head.id, time: manifest.time, done: done.len(), files: head.put.len() })
    }

    /// The kept releases, newest first.
    #[must_use]
    pub fn manifests(&self) -> Vec<Manifest> {
        let mut found: Vec<_> = fs::read_dir(self.folder.join("releases"))
            .into_iter()
            .flatten()
            .filter_map(|item| fs::read(item.ok()?.path()).ok())
            .filter_map(|bytes| Manifest::from_json(&bytes))
            .collect();
        found.sort_by(|a, b| (b.time, &b.id).cmp(&(a.time, &a.id)));
        found
    }

    /// One kept release.
    #[must_use]
    pub fn manifest(&self, id: &str) -> Option<Manifest> {
        is_id(id).then(|| fs::read(self.release_path(id)).ok()).flatten().and_then(|bytes| Manifest::from_json(&bytes))
    }

    /// The same, where the bytes of its record have this SHA-256.
    pub(crate) fn manifest_with(&self, id: &str, sha256: &str) -> Option<Manifest> {
        let bytes = is_id(id).then(|| fs::read(self.release_path(id)).ok()).flatten()?;
        (crate::manifest::sha256(&bytes) == sha256).then(|| Manifest::from_json(&bytes)).flatten()
    }

    /// Where the bytes of `entry` are, or would be.
    pub(crate) fn blob(&self, entry: &Entry) -> PathBuf {
        let (first, rest) = entry.sha256.split_at(2);
        self.folder.join("blobs").join(first).join(rest)
    }

    /// Copies what is not kept yet, comparing every byte with the manifest.
    /// `made` are the bytes of files that publishing itself adds.
    pub(crate) fn keep(
        &self,
        manifest: &Manifest,
        source: &ReleaseSource,
        made: &BTreeMap<SitePath, Vec<u8>>,
    ) -> Result<()> {
        for (path, entry) in &manifest.files {
            if self.has(entry) {
                continue;
            }
            if let Some(bytes) = made.get(path) {
                self.keep_bytes(entry, bytes)?;
                continue;
            }
            let blob = self.blob(entry);
            let from = source.folder.join(path.as_str());
            let digest = copy(&from, &blob).map_err(|error| match error.kind() {
                io::ErrorKind::NotFound => changed(path),
                _ => PublishError::local("copy", &from, &error),
            })?;
            if digest != entry.sha256 {
                let _ = fs::remove_file(&blob);
                return Err(changed(path));
            }
        }
        self.keep_manifest(manifest)
    }

    /// Whether the bytes of `entry` are kept.
    pub(crate) fn has(&self, entry: &Entry) -> bool {
        fs::metadata(self.blob(entry)).is_ok_and(|found| found.len() == entry.size)
    }

    /// Keeps bytes that no file of the output has.
    pub(crate) fn keep_bytes(&self, entry: &Entry, bytes: &[u8]) -> Result<()> {
        let blob = self.blob(entry);
        if let Some(parent) = blob.parent() {
            fs::create_dir_all(parent).map_err(|error| PublishError::local("make the folder", parent, &error))?;
        }
        self.write(&blob, bytes)
    }

    /// Keeps the record of a release.
    pub(crate) fn keep_manifest(&self, manifest: &Manifest) -> Result<()> {
        self.write(&self.release_path(&manifest.id), &manifest.to_json())
    }

    /// Forgets the journal of a publish that ended, and the releases beyond the last ten.
    pub(crate) fn finish(&self, live: &Manifest) -> Result<()> {
        let _ = fs::remove_file(self.journal_path());
        // What was built for this release is noted by who knows it.
        let _ = fs::remove_file(self.folder.join("built.json"));
        self.write(&self.folder.join("live"), live.id.as_bytes())?;
        let manifests = self.manifests();
        let kept: Vec<_> = manifests
            .iter()
            .enumerate()
            .filter(|(place, manifest)| *place < RELEASES || manifest.id == live.id)
            .map(|(_, manifest)| manifest)
            .collect();
        for manifest in &manifests {
            if !kept.iter().any(|kept| kept.id == manifest.id) {
                let _ = fs::remove_file(self.release_path(&manifest.id));
            }
        }
        self.sweep(&kept);
        Ok(())
    }

    /// The release that this machine last made live.
    pub(crate) fn last_live(&self) -> Option<String> {
        fs::read_to_string(self.folder.join("live")).ok()
    }

    /// The token of the lock this machine last took on the host.
    pub(crate) fn last_token(&self) -> Option<String> {
        fs::read_to_string(self.folder.join("token")).ok()
    }

    pub(crate) fn remember_token(&self, token: &str) -> Result<()> {
        self.write(&self.folder.join("token"), token.as_bytes())
    }

    /// Notes what was built for the release that is live now, so that later builds are compared
    /// with it without reading a byte.
    pub(crate) fn keep_built(&self, source: &ReleaseSource) {
        let built: BTreeMap<&str, String> =
            source.files.iter().map(|(path, (hash, _))| (path.as_str(), hash.to_string())).collect();
        // Without the note the number of pages that differ is not told.
        let _ = self.write(&self.folder.join("built.json"), &serde_json::to_vec(&built).unwrap_or_default());
    }

    /// How many pages of a build differ from what is live, those that are gone too; nothing where
    /// that is not known.
    #[must_use]
    pub fn differing(&self, files: &BTreeMap<SitePath, Hash>) -> Option<usize> {
        let bytes = fs::read(self.folder.join("built.json")).ok()?;
        let built: BTreeMap<String, String> = serde_json::from_slice(&bytes).ok()?;
        let is_page = |path: &str| path.rsplit_once('.').is_some_and(|(_, ending)| ending == "html");
        let changed = files
            .iter()
            .filter(|(path, hash)| is_page(path) && built.get(path.as_str()) != Some(&hash.to_string()))
            .count();
        let gone = built.keys().filter(|path| is_page(path) && !files.contains_key(path.as_str())).count();
        Some(changed + gone)
    }

    /// A folder that a host may use for what it keeps on this machine.
    pub(crate) fn aside(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Whether `fact` was noted of this host.
    pub(crate) fn knows(&self, fact: &str) -> bool {
        self.folder.join(fact).exists()
    }

    /// Notes a fact of this host; without the note it is found out again.
    pub(crate) fn note(&self, fact: &str) {
        let _ = fs::write(self.folder.join(fact), b"");
    }

    pub(crate) fn journal_path(&self) -> PathBuf {
        self.folder.join("journal")
    }

    /// Held while this machine publishes, so that a second window cannot.
    pub(crate) fn lock(&self) -> Result<File> {
        let path = self.folder.join("lock");
        let fail = |error: &io::Error| PublishError::local("lock", &path, error);
        let file =
            OpenOptions::new().write(true).create(true).truncate(false).open(&path).map_err(|error| fail(&error))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => Err(PublishError::new(
                ErrorKind::Locked { by: "this computer".into(), since: crate::time::now() },
                "This site is being published by another Galley on this computer.",
                "Wait until it is done, then publish again.",
            )),
            Err(TryLockError::Error(error)) => Err(fail(&error)),
        }
    }

    fn release_path(&self, id: &str) -> PathBuf {
        self.folder.join("releases").join(format!("{id}.json"))
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> Result<()> {
        let beside = self.folder.join("next");
        File::create(&beside)
            .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
            .and_then(|()| fs::rename(&beside, path))
            .map_err(|error| PublishError::local("write", path, &error))
    }

    /// Removes the bytes that no kept release has.
    fn sweep(&self, kept: &[&Manifest]) {
        let used: BTreeSet<_> =
            kept.iter().flat_map(|manifest| manifest.files.values()).map(|entry| self.blob(entry)).collect();
        let folders = fs::read_dir(self.folder.join("blobs")).into_iter().flatten().flatten();
        for item in folders.flat_map(|folder| fs::read_dir(folder.path()).into_iter().flatten().flatten()) {
            if !used.contains(&item.path()) {
                let _ = fs::remove_file(item.path());
            }
        }
    }
}

/// Copies through a temporary file and gives the SHA-256 of what was copied.
fn copy(from: &Path, to: &Path) -> io::Result<String> {
    let mut source = File::open(from)?;
    if let Some(parent) = to.parent() {
        fs::create_dir_all(parent)?;
    }
    let beside = to.with_extension("part");
    let mut copy = File::create(&beside)?;
    let (mut sha, mut buffer) = (Sha256::new(), vec![0; 1 << 16]);
    loop {
        let read = source.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        sha.update(&buffer[..read]);
        copy.write_all(&buffer[..read])?;
    }
    fs::rename(&beside, to)?;
    Ok(hex(&sha.finalize()))
}
