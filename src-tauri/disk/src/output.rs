//! The output folder: receives the artifacts that differ, loses those that went.
//! It never removes what it did not write, and never writes where the site itself lies.

use std::collections::{BTreeSet, HashMap};
use std::ops::Bound;
use std::path::{Component, Path, PathBuf};
use std::time::{Duration, Instant};

use galley_engine::{Artifact, Artifacts, Hash, Problem, SitePath};
use rayon::prelude::*;

use crate::error::{DiskError, DiskErrorKind};
use crate::inside::under;
use crate::manifest::{Intent, Left, Manifest};
use crate::output_file::{TEMPORARY, Verdict, hash_at, judge, regular};
use crate::output_run::Run;
use crate::output_stage::{self, Stage};
use crate::stats::Stat;

pub(crate) const WRITTEN: &str = "was not written to the output folder";

/// Folders of a site in which no output may lie.
const SOURCES: &[&str] = &["content", "static", "templates", "themes", "sass"];

/// Brings the bytes of artifacts that are not in memory. What is missing in the answer, or has
/// another hash, is a problem.
pub type Fetch<'a> = &'a mut dyn FnMut(Vec<SitePath>) -> HashMap<SitePath, bytes::Bytes>;

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
    pub(crate) out: PathBuf,
    pub(crate) manifest_file: PathBuf,
    pub(crate) manifest: Manifest,
    /// What is written but not in the kept manifest yet: the note of what is about to be written
    /// stands for it until then.
    pub(crate) pending: Intent,
    settled: Option<Settled>,
}

/// How the folder was left.
#[derive(Debug)]
struct Settled {
    artifacts: Artifacts,
    /// When every file was last looked at.
    looked: Instant,
    /// The folder itself, which may be removed and made anew behind us.
    folder: Stat,
}

/// How long what others may have done to single files of the output goes unseen.
const LOOK_AGAIN: Duration = Duration::from_secs(30);
/// How many files may differ for a run to look at those alone, and how many may wait for the
/// manifest.
const FEW: usize = 256;

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

fn unmade(out: &Path, error: std::io::Error) -> DiskError {
    let error = DiskError::io(out, "could not be made the output folder", error);
    match error.kind {
        // Nothing that was there went, and nothing was to be replaced: the system's words say more.
        DiskErrorKind::Gone | DiskErrorKind::Exists => DiskError { kind: DiskErrorKind::Other, ..error },
        _ => error,
    }
}

impl Output {
    /// Takes up what is known of the output folder `out`, which need not exist; `manifest` is
    /// the file, outside of it, in which that is kept.
    pub fn open(out: &Path, manifest: &Path) -> Result<Self, DiskError> {
        let out = real_path(out)?;
        let (manifest_file, pending) = (manifest.to_owned(), Intent::default());
        let mut output = Self { manifest: Manifest::load(manifest, &out), manifest_file, out, pending, settled: None };
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
    /// time and no more; soon after such a run it looks only at what differs from it. Where what was written cannot be noted down, that is a problem, and the
    /// files are written all the same.
    pub fn write(&mut self, artifacts: &Artifacts, site: &Path, fetch: Fetch<'_>) -> Result<Written, DiskError> {
        self.write_staged(artifacts, site, fetch, None)
    }

    /// A place for files to wait in until [`Output::write_staged`]. None where there can be none:
    /// writing will say why.
    pub fn stage(&self) -> Option<Stage> {
        Stage::new(&self.out, &self.manifest.files).ok()
    }

    /// The same, with what was written aside while it was made.
    pub fn write_staged(
        &mut self,
        artifacts: &Artifacts,
        site: &Path,
        fetch: Fetch<'_>,
        stage: Option<&Stage>,
    ) -> Result<Written, DiskError> {
        check_output(&self.out, site)?;
        let site = real_path(site)?;
        let few = self.few(artifacts);
        std::fs::create_dir_all(&self.out).map_err(|error| unmade(&self.out, error))?;
        let looked = match (&few, self.settled.take()) {
            (Some(_), Some(settled)) => settled.looked,
            _ => Instant::now(),
        };
        let work = match &few {
            Some(paths) => self.plan_few(artifacts, paths),
            None => self.plan(artifacts),
        };
        let written =
            if work.is_nothing() { Written::default() } else { self.run(work, artifacts, &site, fetch, stage) };
        if written.problems.is_empty() {
            let folder = folder_state(&self.out);
            self.settled = folder.map(|folder| Settled { artifacts: artifacts.clone(), looked, folder });
        }
        Ok(written)
    }

    /// The digest of what was last written, if the system says that all of it is still there.
    pub fn standing(&self) -> Option<Hash> {
        let files: Vec<_> = self.manifest.files.iter().collect();
        let stands = |(path, left): &(&SitePath, &Left)| regular(&under(&self.out, path)) == Some(left.stat);
        let all = files.par_iter().all(stands);
        all.then(|| crate::load::digest(files.iter().map(|(path, left)| (*path, left.hash))))
    }

    fn run(
        &mut self,
        work: Work<'_>,
        artifacts: &Artifacts,
        site: &Path,
        fetch: Fetch<'_>,
        stage: Option<&Stage>,
    ) -> Written {
        let waits = work.obsolete.is_empty() && work.in_the_way.is_empty() && work.adopt.is_empty();
        let waits = waits && work.write.len() + self.pending.files.len() <= FEW && !self.manifest.files.is_empty();
        let mut run = Run::new(self, artifacts, site, stage);
        run.begin(&work);
        run.adopt(work.adopt);
        run.remove(work.in_the_way);
        run.put_all(&work.write, fetch);
        if run.is_whole() {
            run.remove(work.obsolete);
        }
        run.end(waits)
    }

    /// The paths that differ from how the folder was left, if they are few and that is not long ago.
    fn few(&self, artifacts: &Artifacts) -> Option<Vec<SitePath>> {
        use imbl::ordmap::DiffItem;
        let settled = self.settled.as_ref().filter(|settled| settled.looked.elapsed() < LOOK_AGAIN)?;
        if folder_state(&self.out).as_ref() != Some(&settled.folder) {
            return None;
        }
        let differs = settled.artifacts.diff(artifacts).map(|item| match item {
            DiffItem::Add(path, _) | DiffItem::Remove(path, _) | DiffItem::Update { new: (path, _), .. } => {
                path.clone()
            }
        });
        let differs: Vec<SitePath> = differs.take(FEW + 1).collect();
        (differs.len() <= FEW).then_some(differs)
    }

    fn plan_few<'a>(&self, artifacts: &'a Artifacts, paths: &[SitePath]) -> Work<'a> {
        let mut work = Work::default();
        let mut obsolete = BTreeSet::new();
        for path in paths {
            match artifacts.get_key_value(path) {
                Some((path, artifact)) => self.judge(path, artifact, &mut work),
                None if self.manifest.files.contains_key(path) => {
                    obsolete.insert(path.clone());
                }
                None => {}
            }
        }
        work.with_obsolete(&obsolete)
    }

    fn judge<'a>(&self, path: &'a SitePath, artifact: &'a Artifact, work: &mut Work<'a>) {
        match judge(&under(&self.out, path), artifact, self.manifest.files.get(path)) {
            Verdict::Keep => {}
            Verdict::Adopt(stat) => work.adopt.push((path.clone(), Left { hash: artifact.hash, stat })),
            Verdict::Write => work.write.push((path, artifact)),
        }
    }

    fn plan<'a>(&self, artifacts: &'a Artifacts) -> Work<'a> {
        let all: Vec<_> = artifacts.iter().collect();
        if self.manifest.files.is_empty() && output_stage::is_untouched(&self.out) {
            return Work { write: all, is_first: true, ..Work::default() };
        }
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
        work.with_obsolete(&obsolete)
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
pub(crate) struct Work<'a> {
    pub adopt: Vec<(SitePath, Left)>,
    /// In path order.
    pub write: Vec<(&'a SitePath, &'a Artifact)>,
    /// Whether the output folder holds nothing yet.
    pub is_first: bool,
    /// Obsolete files where a folder is needed, or in a folder where a file is needed.
    pub in_the_way: BTreeSet<SitePath>,
    pub obsolete: BTreeSet<SitePath>,
}

impl Work<'_> {
    fn with_obsolete(mut self, obsolete: &BTreeSet<SitePath>) -> Self {
        self.in_the_way = self.write.iter().flat_map(|(path, _)| in_the_way(path, obsolete)).collect();
        self.obsolete = obsolete.difference(&self.in_the_way).cloned().collect();
        self
    }

    fn is_nothing(&self) -> bool {
        self.adopt.is_empty() && self.write.is_empty() && self.in_the_way.is_empty() && self.obsolete.is_empty()
    }
}

fn in_the_way(path: &SitePath, obsolete: &BTreeSet<SitePath>) -> Vec<SitePath> {
    let above = folders_of(path).into_iter().filter(|folder| obsolete.contains(folder));
    let start = format!("{path}/");
    let below = obsolete
        .range::<str, _>((Bound::Included(&*start), Bound::Unbounded))
        .take_while(|other| other.starts_with(&start))
        .cloned();
    above.chain(below).collect()
}

/// The folders that hold `path`, the innermost first.
pub(crate) fn folders_of(path: &SitePath) -> Vec<SitePath> {
    let above = std::iter::successors(Some(path.parent()), |folder| Some(folder.parent()));
    above.take_while(|folder| !folder.is_empty()).collect()
}

/// The folders that hold these files, which come in path order.
pub(crate) fn all_folders<'a>(files: impl Iterator<Item = &'a SitePath>) -> BTreeSet<SitePath> {
    let mut folders: Vec<SitePath> = Vec::new();
    let mut last = "";
    for file in files {
        let mut rest = file.as_str();
        while let Some((folder, _)) = rest.rsplit_once('/') {
            // What lies in one folder stands together.
            if last.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/')) {
                break;
            }
            folders.extend(SitePath::new(folder));
            rest = folder;
        }
        last = file;
    }
    folders.into_iter().collect()
}

/// The output folder itself, without its times, which every file in it moves.
fn folder_state(out: &Path) -> Option<Stat> {
    let meta = out.metadata().ok().filter(std::fs::Metadata::is_dir)?;
    Some(Stat { len: 0, modified: 0, changed: 0, ..Stat::of(&meta) })
}

fn sweep(folder: &Path) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let is_ours = entry.file_name().to_str().is_some_and(|name| name.starts_with(TEMPORARY));
        if is_ours && entry.file_type().is_ok_and(|kind| kind.is_file()) {
            std::fs::remove_file(entry.path()).ok();
        }
    }
}
