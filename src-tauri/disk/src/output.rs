//! The output folder: receives the artifacts that differ, loses those that went.
//! It never removes what it did not write, and never writes where the site itself lies.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io;
use std::ops::Bound;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use galley_engine::{Artifact, Artifacts, Content, Hash, Problem, SitePath};
use rayon::prelude::*;

use crate::error::{DiskError, DiskErrorKind};
use crate::inside::under;
use crate::manifest::{Intent, Left, Manifest};
use crate::output_file::{TEMPORARY, Verdict, copy, hash_at, judge, put, regular};

const WRITTEN: &str = "was not written to the output folder";

/// How many artifacts are asked for at a time.
const BATCH: usize = 256;

/// Folders of a site in which no output may lie.
const SOURCES: &[&str] = &["content", "static", "templates", "themes", "sass"];

/// Brings the bytes of artifacts that are not in memory. What is missing in the answer, or has
/// another hash, is a problem.
pub type Fetch<'a> = &'a mut dyn FnMut(Vec<SitePath>) -> HashMap<SitePath, Arc<[u8]>>;

/// What a run did to the output folder.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// How many files were written.
    pub written: usize,
    /// How many files were removed.
    pub removed: usize,
    /// What was not written or not removed, in order. The next run tries again.
    pub problems: Vec<Problem>,
}

/// An output folder.
#[derive(Debug)]
pub struct Output {
    out: PathBuf,
    manifest_file: PathBuf,
    manifest: Manifest,
}

/// Refuses an output folder that is the site's, holds it, or lies among its sources.
pub fn check_output(out: &Path, site: &Path) -> Result<(), DiskError> {
    let real = real_path(out)?;
    let site = real_path(site)?;
    let among = SOURCES.iter().any(|sources| real.starts_with(site.join(sources)));
    if site.starts_with(&real) || among {
        return Err(DiskError::of(DiskErrorKind::Outside, out, "cannot be the output folder of the site"));
    }
    Ok(())
}

/// The absolute path with the links of all that exists of it resolved.
pub(crate) fn real_path(path: &Path) -> Result<PathBuf, DiskError> {
    let absolute = std::path::absolute(path).map_err(|error| DiskError::io(path, "could not be opened", error))?;
    let known = absolute.ancestors().find_map(|known| Some((known, known.canonicalize().ok()?)));
    let Some((known, mut real)) = known else { return Ok(absolute) };
    for part in absolute.components().skip(known.components().count()) {
        match part {
            // What does not exist is no link: going up from it is going back.
            Component::ParentDir => {
                real.pop();
            }
            part => real.push(part),
        }
    }
    Ok(real)
}

impl Output {
    /// Takes up what is known of the output folder `out`, which need not exist; `manifest` is
    /// the file, outside of it, in which that is kept.
    pub fn open(out: &Path, manifest: &Path) -> Result<Self, DiskError> {
        let out = real_path(out)?;
        let mut output =
            Self { manifest: Manifest::load(manifest, &out), manifest_file: manifest.to_owned(), out };
        if let Some(intent) = Intent::load(manifest) {
            output.recover(intent);
        }
        Ok(output)
    }

    /// The folder, absolute.
    pub fn folder(&self) -> &Path {
        &self.out
    }

    /// Makes the folder hold `artifacts`: writes what differs, then removes what an earlier run
    /// wrote and is no artifact any more. With nothing to do it looks at each file's size and
    /// time and no more.
    pub fn write(&mut self, artifacts: &Artifacts, site: &Path, fetch: Fetch<'_>) -> Result<Written, DiskError> {
        check_output(&self.out, site)?;
        let site = real_path(site)?;
        std::fs::create_dir_all(&self.out).map_err(|error| DiskError::io(&*self.out, WRITTEN, error))?;
        let work = self.plan(artifacts);
        let mut run = Run::new(self, artifacts, &site);
        if work.is_nothing() {
            return Ok(run.written);
        }
        run.begin(&work)?;
        run.adopt(work.adopt);
        run.remove(work.in_the_way);
        run.put_all(&work.write, fetch);
        if run.written.problems.is_empty() {
            run.remove(work.obsolete);
        }
        run.end()
    }

    fn plan<'a>(&self, artifacts: &'a Artifacts) -> Work<'a> {
        let all: Vec<_> = artifacts.iter().collect();
        let judge = |(path, artifact): &(&'a SitePath, &'a Artifact)| {
            let verdict = judge(&under(&self.out, path), artifact, self.manifest.files.get(*path));
            (verdict != Verdict::Keep).then_some((*path, *artifact, verdict))
        };
        let mut work = Work::default();
        for (path, artifact, verdict) in all.par_iter().filter_map(judge).collect::<Vec<_>>() {
            match verdict {
                Verdict::Keep => {}
                Verdict::Adopt(stat) => work.adopt.push((path.clone(), Left { hash: artifact.hash, stat })),
                Verdict::Write => work.write.push((path, artifact)),
            }
        }
        let obsolete: BTreeSet<_> =
            self.manifest.files.keys().filter(|path| !artifacts.contains_key(*path)).cloned().collect();
        work.in_the_way = work.write.iter().flat_map(|(path, _)| in_the_way(path, &obsolete)).collect();
        work.obsolete = obsolete.difference(&work.in_the_way).cloned().collect();
        work
    }

    /// After a run that was cut short: what it wrote is ours, and its temporary files go.
    fn recover(&mut self, intent: Intent) {
        for (path, hash) in intent.files {
            let file = under(&self.out, &path);
            if let Some(folder) = file.parent() {
                sweep(folder);
            }
            if let Some(stat) = regular(&file).filter(|_| hash_at(&file) == Some(hash)) {
                self.manifest.files.insert(path, Left { hash, stat });
            }
        }
        self.manifest.folders.extend(intent.folders);
    }
}

#[derive(Default)]
struct Work<'a> {
    adopt: Vec<(SitePath, Left)>,
    write: Vec<(&'a SitePath, &'a Artifact)>,
    /// Obsolete files where a folder is needed, or in a folder where a file is needed.
    in_the_way: BTreeSet<SitePath>,
    obsolete: BTreeSet<SitePath>,
}

impl Work<'_> {
    fn is_nothing(&self) -> bool {
        self.adopt.is_empty() && self.write.is_empty() && self.in_the_way.is_empty() && self.obsolete.is_empty()
    }
}

fn in_the_way(path: &SitePath, obsolete: &BTreeSet<SitePath>) -> Vec<SitePath> {
    let above = folders_of(path).into_iter().filter(|folder| obsolete.contains(folder));
    let start = format!("{path}/");
    let below = obsolete.range::<str, _>((Bound::Included(&*start), Bound::Unbounded)).take_while(|other| other.starts_with(&start)).cloned();
    above.chain(below).collect()
}

/// The folders that hold `path`, the innermost first.
fn folders_of(path: &SitePath) -> Vec<SitePath> {
    let above = std::iter::successors(Some(path.parent()), |folder| Some(folder.parent()));
    above.take_while(|folder| !folder.is_empty()).collect()
}

fn sweep(folder: &Path) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let is_ours = entry.file_name().to_str().is_some_and(|name| name.starts_with(TEMPORARY));
        if is_ours && entry.file_type().is_ok_and(|kind| kind.is_file()) {
            std::fs::remove_file(entry.path()).ok();
        }
    }
}

/// One run over the output.
struct Run<'a> {
    output: &'a mut Output,
    artifacts: &'a Artifacts,
    site: &'a Path,
    written: Written,
    /// Folders that are known to be real ones.
    ready: BTreeSet<SitePath>,
    blocked: BTreeMap<SitePath, Problem>,
    is_full: AtomicBool,
}

impl<'a> Run<'a> {
    fn new(output: &'a mut Output, artifacts: &'a Artifacts, site: &'a Path) -> Self {
        let (ready, blocked) = (BTreeSet::new(), BTreeMap::new());
        Self { output, artifacts, site, written: Written::default(), ready, blocked, is_full: AtomicBool::new(false) }
    }

    /// Notes down what is about to be written.
    fn begin(&self, work: &Work) -> Result<(), DiskError> {
        let files: BTreeMap<SitePath, Hash> =
            work.write.iter().map(|(path, artifact)| ((*path).clone(), artifact.hash)).collect();
        let missing = |folder: &SitePath| under(&self.output.out, folder).symlink_metadata().is_err();
        let needed: BTreeSet<SitePath> = files.keys().map(SitePath::parent).collect();
        let needed: BTreeSet<SitePath> =
            needed.iter().flat_map(|folder| folders_of(folder).into_iter().chain([folder.clone()])).collect();
        let folders = needed.into_iter().filter(|folder| !folder.is_empty() && missing(folder)).collect();
        let manifest = &self.output.manifest_file;
        Intent { files, folders }.save(manifest).map_err(|error| DiskError::io(&**manifest, WRITTEN, error))
    }

    fn adopt(&mut self, adopted: Vec<(SitePath, Left)>) {
        self.output.manifest.files.extend(adopted);
    }

    fn put_all(&mut self, write: &[(&SitePath, &Artifact)], fetch: Fetch<'_>) {
        for (path, _) in write {
            self.make_folder(&path.parent());
        }
        let (unloaded, here): (Vec<_>, Vec<_>) =
            write.iter().partition(|(_, artifact)| artifact.content == Content::Unloaded);
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

    fn put_batch(&mut self, batch: &[(&SitePath, &Artifact)], fetched: &HashMap<SitePath, Arc<[u8]>>) {
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
        fetched: &HashMap<SitePath, Arc<[u8]>>,
    ) -> Option<Result<crate::stats::Stat, Problem>> {
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
            Content::Unloaded => match fetched.get(path).filter(|bytes| Hash::of(bytes) == artifact.hash) {
                Some(bytes) => put(&file, bytes),
                None => return Some(Err(not_made(path))),
            },
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
    fn remove(&mut self, paths: BTreeSet<SitePath>) {
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

    fn end(mut self) -> Result<Written, DiskError> {
        let Output { out, manifest_file, manifest } = self.output;
        manifest.save(manifest_file, out).map_err(|error| DiskError::io(&**manifest_file, WRITTEN, error))?;
        Intent::remove(manifest_file);
        self.written.problems.sort_unstable();
        Ok(self.written)
    }
}

/// Makes sure that `folder`, whose parent is there, is a folder in `out`; says whether it is new.
fn make_real_folder(out: &Path, folder: &SitePath) -> Result<bool, Problem> {
    let at = under(out, folder);
    match at.symlink_metadata() {
        Ok(meta) if meta.is_dir() => Ok(false),
        Ok(meta) if meta.is_symlink() => match at.canonicalize() {
            Ok(real) if real.starts_with(out) && real.is_dir() => Ok(false),
            _ => Err(blocked(folder, "a link that leads out of the output folder")),
        },
        Ok(_) => Err(blocked(folder, "a file")),
        Err(_) => std::fs::create_dir(&at).map(|()| true).map_err(|error| problem(&DiskError::io(folder, WRITTEN, error))),
    }
}

/// Says whether there was a file to remove.
fn remove_file(out: &Path, path: &SitePath, left: &Left) -> Result<bool, Problem> {
    let file = under(out, path);
    let is_inside = file.parent().and_then(|folder| folder.canonicalize().ok()).is_some_and(|real| real.starts_with(out));
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
    Problem::error("output.missing", format!("`{path}` changed while it was made: it {WRITTEN}"))
        .help("Build again.")
}

fn blocked(folder: &SitePath, by: &str) -> Problem {
    Problem::error("output.blocked", format!("the folder `{folder}` {WRITTEN}: there is {by} of that name"))
        .help("Move it away from the output folder, and build again.")
}

fn foreign(path: &SitePath) -> Problem {
    Problem::warning("output.foreign", format!("`{path}` in the output folder was changed by another program"))
        .help("It is no longer part of the site and was left as it is; delete it if you do not need it.")
}
