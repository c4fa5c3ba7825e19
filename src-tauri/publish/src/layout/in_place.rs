//! Releases in one real folder: staged in it out of sight, then renamed file by file.
//! Nothing is deleted before every new file is live, but for a file that stands where a folder must be.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::atomic::{AtomicBool, Ordering};

use galley_engine::SitePath;

use super::many::{each, folders_of, make_folders, remove_emptied, remove_tree};
use super::record::{self, current_after, current_during};
use super::survey::{self, Place};
use super::{lock, trial, upload};
use crate::error::{LiveState, Result};
use crate::files::{FileKind, Files, Sight};
use crate::host::{Answer, Facts, Host, Known, TestStep, Work};
use crate::manifest::Current;
use crate::plan::{Live, Plan, Put, Seen, folders};
use crate::store::Store;

/// Records of this many releases stay on the host.
const RECORDS: usize = 10;

/// A host whose releases replace one another in one folder.
pub(crate) struct InPlace<F> {
    files: F,
    root: String,
    control: String,
    warnings: Vec<String>,
    ignores_case: bool,
}

impl<F: Files> InPlace<F> {
    /// `root` is the folder that is served. `warnings` say why the switch is file by file.
    pub fn new(files: F, root: &str, warnings: Vec<String>, ignores_case: bool) -> Self {
        let root = root.trim_end_matches('/').to_owned();
        let control = format!("{root}/.galley");
        Self { files, root, control, warnings, ignores_case }
    }

    fn stage_of(&self, id: &str) -> String {
        format!("{}/stage/{id}", self.control)
    }

    async fn look(&self, store: &Store) -> Result<Live> {
        let mut live = record::live(&self.files, &self.control, store).await?;
        if live.manifest.is_none() {
            live.is_occupied = self.files.list(&self.root).await?.iter().any(|(name, _)| name != ".galley");
        }
        Ok(live)
    }

    async fn bring(&self, work: &Work<'_>) -> Result<()> {
        let stage = self.stage_of(&work.plan.id);
        for (name, _) in self.files.list(&format!("{}/stage", self.control)).await? {
            if name != work.plan.id {
                remove_tree(&self.files, &self.stage_of(&name), work.cancel).await?;
            }
        }
        upload::check_space(&self.files, work, &self.control).await?;
        self.files.make_folder(&stage, Sight::Private).await?;
        make_folders(&self.files, &stage, folders_of(work.plan.put.iter().map(|put| &put.path)), work.cancel).await?;
        upload::send_all(&self.files, work, &stage, Some(&self.root)).await?;
        record::write_manifest(&self.files, &self.control, &work.plan.manifest).await
    }

    async fn replace(&self, work: &Work<'_>, has_begun: &AtomicBool) -> Result<()> {
        record::write_current(&self.files, &self.control, &current_during(work)).await?;
        self.clear_the_way(work, has_begun).await?;
        make_folders(&self.files, &self.root, folders_of(work.plan.put.iter().map(|put| &put.path)), work.cancel)
            .await?;
        for turn in work.plan.put.chunk_by(|a, b| a.turn == b.turn) {
            let move_in = |put| self.move_in(work, put, has_begun);
            each(turn.iter().collect(), self.files.width(), work.cancel, move_in).await?;
        }
        let removing = work.plan.delete.iter().map(|removal| removal.path.clone()).collect();
        let current = Current { removing, ..current_after(work) };
        record::write_current(&self.files, &self.control, &current).await
    }

    /// Fault 31: a file where a folder must be, or a folder where a file must be, goes first.
    async fn clear_the_way(&self, work: &Work<'_>, has_begun: &AtomicBool) -> Result<()> {
        let Some(old) = &work.live.manifest else { return Ok(()) };
        let above = folders_of(work.plan.put.iter().map(|put| &put.path));
        let put: BTreeSet<&SitePath> = work.plan.put.iter().map(|put| &put.path).collect();
        let in_the_way: Vec<&SitePath> = old
            .files
            .keys()
            .filter(|path| above.contains(*path) || folders(path).any(|folder| put.contains(&folder)))
            .collect();
        for path in &in_the_way {
            let at = format!("{}/{path}", self.root);
            // A run that was cut short may have made the folder already.
            if self.files.stat(&at).await?.is_some_and(|found| found.kind == FileKind::File) {
                has_begun.store(true, Ordering::Relaxed);
                self.files.remove(&at).await?;
            }
        }
        let inner = in_the_way.into_iter().filter(|path| folders(path).any(|folder| put.contains(&folder)));
        remove_emptied(&self.files, &self.root, folders_of(inner), work.cancel).await
    }

    async fn move_in(&self, work: &Work<'_>, put: &Put, has_begun: &AtomicBool) -> Result<()> {
        let from = format!("{}/{}", self.stage_of(&work.plan.id), put.path);
        let to = format!("{}/{}", self.root, put.path);
        has_begun.store(true, Ordering::Relaxed);
        let Err(error) = self.files.rename(&from, &to).await else { return Ok(()) };
        // Only a run that was cut short can have taken it from the stage: then it is in its place.
        let is_gone = !error.is_connection() && self.files.stat(&from).await?.is_none();
        let is_there = is_gone && self.files.stat(&to).await?.is_some_and(|found| found.size == put.bytes);
        if is_there { Ok(()) } else { Err(error) }
    }

    async fn remove_old(&self, work: &Work<'_>) -> Result<()> {
        let gone: BTreeSet<&SitePath> =
            work.plan.delete.iter().map(|removal| &removal.path).chain(&work.live.removing).collect();
        let gone: Vec<SitePath> = gone.into_iter().filter(|path| !is_now(work, path)).cloned().collect();
        let emptied = folders_of(&gone);
        let remove = |path: SitePath| async move { self.files.remove(&format!("{}/{path}", self.root)).await };
        each(gone, self.files.width(), work.cancel, remove).await?;
        remove_emptied(&self.files, &self.root, emptied, work.cancel).await?;
        remove_tree(&self.files, &self.stage_of(&work.plan.id), work.cancel).await?;
        let (current, _) = record::read_current(&self.files, &self.control).await?;
        if let Some(current) = current.filter(|current| !current.removing.is_empty()) {
            let current = Current { removing: Vec::new(), ..current };
            record::write_current(&self.files, &self.control, &current).await?;
        }
        for old in record::ids(&self.files, &self.control).await?.into_iter().skip(RECORDS) {
            if old != work.plan.id {
                record::forget_manifest(&self.files, &self.control, &old).await?;
            }
        }
        Ok(())
    }
}

/// Whether the new release has a file there, or a folder.
fn is_now(work: &Work<'_>, path: &SitePath) -> bool {
    let (files, below) = (&work.plan.manifest.files, format!("{path}/"));
    let first = files.range::<str, _>((Bound::Included(below.as_str()), Bound::Unbounded)).next();
    files.contains_key(path) || first.is_some_and(|(file, _)| file.starts_with(&below))
}

impl<F: Files> Host for InPlace<F> {
    fn facts(&self) -> Facts {
        Facts {
            is_atomic: false,
            takes_packed: true,
            ignores_case: self.ignores_case,
            warnings: self.warnings.clone(),
            place: self.root.clone(),
            ..Facts::default()
        }
    }

    fn live<'a>(&'a self, store: &'a Store) -> Answer<'a, Live> {
        Box::pin(self.look(store))
    }

    fn lock<'a>(&'a self, by: &'a str, token: &'a str, ours: Option<&'a str>) -> Answer<'a, ()> {
        Box::pin(async move {
            self.files.make_folder(&self.root, Sight::Public).await?;
            record::make_control(&self.files, &self.control).await?;
            lock::take(&self.files, &self.control, by, token, ours).await
        })
    }

    fn renew<'a>(&'a self, by: &'a str, token: &'a str) -> Answer<'a, ()> {
        Box::pin(lock::renew(&self.files, &self.control, by, token))
    }

    fn unlock(&self) -> Answer<'_, ()> {
        Box::pin(async move { self.files.remove(&format!("{}/lock", self.control)).await })
    }

    fn stage<'a>(&'a self, work: &'a Work<'a>) -> Answer<'a, ()> {
        Box::pin(self.bring(work))
    }

    fn switch<'a>(&'a self, work: &'a Work<'a>) -> Answer<'a, ()> {
        Box::pin(async move {
            let has_begun = AtomicBool::new(!work.live.unsure.is_empty());
            self.replace(work, &has_begun).await.map_err(|error| {
                let has_begun = has_begun.load(Ordering::Relaxed);
                error.leaving(if has_begun { LiveState::Partly } else { LiveState::Unchanged })
            })
        })
    }

    fn clean<'a>(&'a self, work: &'a Work<'a>) -> Answer<'a, ()> {
        Box::pin(self.remove_old(work))
    }

    fn releases<'a>(&'a self, store: &'a Store) -> Answer<'a, Vec<Known>> {
        Box::pin(record::known(&self.files, &self.control, store))
    }

    fn edited<'a>(&'a self, plan: &'a Plan, live: &'a Live) -> Answer<'a, Vec<SitePath>> {
        Box::pin(async move {
            let record = format!("{}/current.json", self.control);
            survey::edited(&self.files, &Place { root: &self.root, record: &record }, plan, live).await
        })
    }

    fn survey(&self) -> Answer<'_, Option<BTreeMap<SitePath, Seen>>> {
        Box::pin(async move {
            let record = format!("{}/current.json", self.control);
            survey::survey(&self.files, &Place { root: &self.root, record: &record }).await.map(Some)
        })
    }

    fn try_packed<'a>(&'a self, url: &'a str, rules: Option<&'a [u8]>) -> Answer<'a, ()> {
        Box::pin(trial::packed(&self.files, &self.root, url, rules))
    }

    fn test<'a>(&'a self, url: &'a str) -> Answer<'a, Vec<TestStep>> {
        Box::pin(async move {
            // Publishing makes the folder; the test does too, and leaves everything as it was.
            let is_new = self.files.stat(&self.root).await?.is_none();
            if is_new {
                self.files.make_folder(&self.root, Sight::Public).await?;
            }
            let mut steps = trial::run(&self.files, &self.root, url).await;
            if is_new {
                self.files.remove_folder(&self.root).await?;
                let said = format!("`{}` does not exist yet; it can be made, and publishing makes it.", self.root);
                steps.insert(0, trial::step("Make the folder", Ok(said)));
            }
            Ok(steps)
        })
    }
}
