//! One run over the output folder: folders, files, removals, in that order.
//! It notes down what it is about to write before it writes, and removes nothing after a failure.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use galley_engine::{Artifact, Artifacts, Content, Hash, Problem, SitePath};
use rayon::prelude::*;

use crate::error::{DiskError, DiskErrorKind};
use crate::inside::under;
use crate::manifest::{Intent, Left};
use crate::output::{Fetch, Output, WRITTEN, Work, Written, all_folders, folders_of};
use crate::output_file::{copy, hash_at, put, regular};
use crate::output_stage::Stage;
use crate::stats::Stat;

/// What was written cannot be noted down.
const UNNOTED: &str = "output.unnoted";
/// How many artifacts are asked for at a time.
const BATCH: usize = 256;

/// One run over the output.
pub(crate) struct Run<'a> {
    output: &'a mut Output,
    artifacts: &'a Artifacts,
    site: &'a Path,
    stage: Option<&'a Stage>,
    pub written: Written,
    /// Folders that are known to be real ones.
    ready: BTreeSet<SitePath>,
    blocked: BTreeMap<SitePath, Problem>,
    is_full: AtomicBool,
}

impl<'a> Run<'a> {
    pub(crate) fn new(
        output: &'a mut Output,
        artifacts: &'a Artifacts,
        site: &'a Path,
        stage: Option<&'a Stage>,
    ) -> Self {
        let (written, ready, blocked) = (Written::default(), BTreeSet::new(), BTreeMap::new());
        Self { output, artifacts, site, stage, written, ready, blocked, is_full: AtomicBool::new(false) }
    }

    /// Notes down what is about to be written.
    pub(crate) fn begin(&mut self, work: &Work) {
        let files: BTreeMap<SitePath, Hash> =
            work.write.iter().map(|(path, artifact)| ((*path).clone(), artifact.hash)).collect();
        let missing = |folder: &SitePath| work.is_first || under(&self.output.out, folder).symlink_metadata().is_err();
        let mut folders: BTreeSet<SitePath> = BTreeSet::new();
        // A folder comes after the one that holds it, and nothing lies in one that is not there.
        for folder in all_folders(files.keys()) {
            let above = folder.rsplit_once('/').map_or("", |(above, _)| above);
            if folders.contains(above) || missing(&folder) {
                folders.insert(folder);
            }
        }
        // What waits for the manifest stays in the note.
        self.output.pending.files.extend(files);
        self.output.pending.folders.extend(folders);
        let noted = self.output.pending.save(&self.output.manifest_file);
        self.note(noted);
    }

    /// Whether everything that was to be written is there.
    pub(crate) fn is_whole(&self) -> bool {
        self.written.problems.iter().all(|problem| problem.code == UNNOTED)
    }

    fn note(&mut self, noted: io::Result<()>) {
        let Err(error) = noted else { return };
        let problem = unnoted(&self.output.manifest_file, &error);
        if !self.written.problems.contains(&problem) {
            self.written.problems.push(problem);
        }
    }

    pub(crate) fn adopt(&mut self, adopted: Vec<(SitePath, Left)>) {
        self.output.manifest.files.extend(adopted);
    }

    pub(crate) fn put_all(&mut self, write: &[(&SitePath, &Artifact)], fetch: Fetch<'_>) {
        let write = &self.put_folders(write)[..];
        for (path, _) in write {
            self.make_folder(&path.parent());
        }
        let (unloaded, here): (Vec<_>, Vec<_>) = write
            .iter()
            .partition(|(path, artifact)| artifact.content == Content::Unloaded && !self.waits(path, artifact));
        self.put_batch(&here, &HashMap::new());
        for batch in unloaded.chunks(BATCH) {
            if self.is_full.load(Ordering::Relaxed) {
                break;
            }
            let bytes = fetch(batch.iter().map(|(path, _)| (*path).clone()).collect());
            self.put_batch(batch, &bytes);
        }
        self.written.problems.sort_unstable();
        self.written.problems.dedup();
    }

    /// Puts the folders in place that are written aside as a whole; gives what is still to be
    /// written.
    fn put_folders<'w>(&mut self, write: &[(&'w SitePath, &'w Artifact)]) -> Vec<(&'w SitePath, &'w Artifact)> {
        let in_place = self.stage.map(|stage| stage.put_folders(&self.output.out, self.artifacts)).unwrap_or_default();
        let mut next = in_place.iter().peekable();
        let is_left = |(path, _): &&(&SitePath, &Artifact)| next.next_if(|(there, _)| there == *path).is_none();
        let left = write.iter().filter(is_left).copied().collect();
        self.written.written += in_place.len();
        self.output.manifest.folders.append(&mut all_folders(in_place.iter().map(|(path, _)| path)));
        self.output.manifest.files.append(&mut in_place.into_iter().collect());
        left
    }

    /// Whether the file was written aside.
    fn waits(&self, path: &SitePath, artifact: &Artifact) -> bool {
        self.stage.is_some_and(|stage| stage.holds(path, artifact.hash))
    }

    fn put_batch(&mut self, batch: &[(&SitePath, &Artifact)], fetched: &HashMap<SitePath, bytes::Bytes>) {
        let put = |(path, artifact): &(&SitePath, &Artifact)| {
            let outcome = self.put_one(path, artifact, fetched)?;
            Some(((*path).clone(), artifact.hash, outcome))
        };
        for (path, hash, outcome) in batch.par_iter().filter_map(put).collect::<Vec<_>>() {
            match outcome {
                Ok(stat) => {
                    self.output.manifest.files.insert(path, Left { hash, stat });
                    self.written.written += 1;
                }
                Err(problem) => self.written.problems.push(problem),
            }
        }
    }

    /// None where the disk is full already: one problem says so.
    fn put_one(
        &self,
        path: &SitePath,
        artifact: &Artifact,
        fetched: &HashMap<SitePath, bytes::Bytes>,
    ) -> Option<Result<Stat, Problem>> {
        if self.is_full.load(Ordering::Relaxed) {
            return None;
        }
        if let Some(problem) = folders_of(path).iter().find_map(|folder| self.blocked.get(folder)) {
            return Some(Err(problem.clone()));
        }
        let file = under(&self.output.out, path);
        let done = match &artifact.content {
            Content::Bytes(bytes) => put(&file, bytes),
            Content::Copy(from) => match copy(&file, self.site, from, artifact.hash) {
                Ok(Some(stat)) => Ok(stat),
                Ok(None) => return Some(Err(changed(path, from))),
                Err(error) => Err(error),
            },
            Content::Unloaded => {
                let fetched = || fetched.get(path).filter(|bytes| Hash::of(bytes) == artifact.hash);
                let aside = self.stage.and_then(|stage| stage.put(path, artifact.hash, &file));
                match aside.or_else(|| fetched().map(|bytes| put(&file, bytes))) {
                    Some(done) => done,
                    None => return Some(Err(not_made(path))),
                }
            }
        };
        Some(done.map_err(|error| {
            let error = DiskError::io(path, WRITTEN, error);
            self.is_full.fetch_or(error.kind == DiskErrorKind::NoSpace, Ordering::Relaxed);
            problem(&error)
        }))
    }

    fn make_folder(&mut self, folder: &SitePath) {
        if folder.is_empty() || self.ready.contains(folder) || self.blocked.contains_key(folder) {
            return;
        }
        let parent = folder.parent();
        self.make_folder(&parent);
        if folders_of(folder).iter().any(|above| self.blocked.contains_key(above)) {
            return;
        }
        match make_real_folder(&self.output.out, folder) {
            Ok(is_new) => {
                if is_new {
                    self.output.manifest.folders.insert(folder.clone());
                }
                self.ready.insert(folder.clone());
            }
            Err(problem) => {
                self.blocked.insert(folder.clone(), problem);
            }
        }
    }

    /// Removes files that are still as we left them, then the folders we made that are empty.
    pub(crate) fn remove(&mut self, paths: BTreeSet<SitePath>) {
        if paths.is_empty() {
            return;
        }
        for path in paths {
            let Some(left) = self.output.manifest.files.get(&path).copied() else { continue };
            match remove_file(&self.output.out, &path, &left) {
                Ok(is_gone) => self.written.removed += usize::from(is_gone),
                Err(problem) => self.written.problems.push(problem),
            }
            self.output.manifest.files.remove(&path);
        }
        self.remove_folders();
    }

    fn remove_folders(&mut self) {
        let needed: BTreeSet<SitePath> = self.artifacts.keys().flat_map(folders_of).collect();
        let folders = &mut self.output.manifest.folders;
        // The innermost first.
        let unneeded: Vec<_> = folders.iter().rev().filter(|folder| !needed.contains(*folder)).cloned().collect();
        for folder in unneeded {
            match std::fs::remove_dir(under(&self.output.out, &folder)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {}
                _ => {
                    folders.remove(&folder);
                }
            }
        }
    }

    /// Keeps the manifest, unless that `waits`: the note of what was about to be written says the
    /// same of a few files at less cost.
    pub(crate) fn end(mut self, waits: bool) -> Written {
        if !(waits && self.written.problems.is_empty()) {
            let Output { out, manifest_file, manifest, .. } = &*self.output;
            let noted = manifest.save(manifest_file, out);
            if noted.is_ok() {
                Intent::remove(manifest_file);
                self.output.pending = Intent::default();
            }
            self.note(noted);
        }
        self.written.problems.sort_unstable();
        self.written
    }
}

/// Makes sure that `folder`, whose parent is there, is a folder in `out`; says whether it is new.
fn make_real_folder(out: &Path, folder: &SitePath) -> Result<bool, Problem> {
    let at = under(out, folder);
    let made = std::fs::create_dir(&at);
    if made.is_ok() {
        return Ok(true);
    }
    match at.symlink_metadata() {
        Ok(meta) if meta.is_dir() => Ok(false),
        Ok(meta) if meta.is_symlink() => match at.canonicalize() {
            Ok(real) if real.starts_with(out) && real.is_dir() => Ok(false),
            _ => Err(blocked(folder, "a link that leads out of the output folder")),
        },
        Ok(_) => Err(blocked(folder, "a file")),
        Err(_) => made.map(|()| true).map_err(|error| problem(&DiskError::io(folder, WRITTEN, error))),
    }
}

/// Says whether there was a file to remove.
fn remove_file(out: &Path, path: &SitePath, left: &Left) -> Result<bool, Problem> {
    let file = under(out, path);
    let is_inside =
        file.parent().and_then(|folder| folder.canonicalize().ok()).is_some_and(|real| real.starts_with(out));
    let Some(stat) = regular(&file).filter(|_| is_inside) else { return Ok(false) };
    if stat != left.stat && hash_at(&file) != Some(left.hash) {
        return Err(foreign(path));
    }
    std::fs::remove_file(&file)
        .map(|()| true)
        .map_err(|error| problem(&DiskError::io(path, "was not removed from the output folder", error)))
}

fn problem(error: &DiskError) -> Problem {
    let code = if error.kind == DiskErrorKind::NoSpace { "output.full" } else { "output.failed" };
    Problem::error(code, error.message()).help(error.help())
}

fn changed(path: &SitePath, from: &SitePath) -> Problem {
    Problem::error("output.changed", format!("`{from}` changed while it was copied: `{path}` {WRITTEN}"))
        .path(from)
        .help("It is copied with the next build.")
}

fn not_made(path: &SitePath) -> Problem {
    Problem::error("output.missing", format!("`{path}` {WRITTEN}: its last version is gone, and no new one was made"))
        .help("Mend what keeps it from being made, if a problem names it; then build again.")
}

fn blocked(folder: &SitePath, by: &str) -> Problem {
    Problem::error("output.blocked", format!("the folder `{folder}` {WRITTEN}: there is {by} of that name"))
        .help("Move it away from the output folder, and build again.")
}

fn unnoted(manifest: &Path, error: &io::Error) -> Problem {
    let folder = manifest.parent().unwrap_or(manifest).display();
    Problem::warning(UNNOTED, format!("what was written cannot be noted down in `{folder}`: {error}"))
        .help("The output is whole. Pages that go from the site stay in the output folder until Galley's cache can be written to.")
}

fn foreign(path: &SitePath) -> Problem {
    Problem::warning("output.foreign", format!("`{path}` in the output folder was changed by another program"))
        .help("It is no longer part of the site and was left as it is; delete it if you do not need it.")
}
