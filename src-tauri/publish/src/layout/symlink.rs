//! Releases side by side, and a symlink to the live one: the switch is one rename.
//! A file of a release is never written into once it is there, for releases share files by hard link.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use galley_engine::SitePath;

use super::many::{each, folders_of, make_folders, remove_tree};
use super::record::{self, current_after};
use super::survey::{self, Place};
use super::{lock, trial, upload};
use crate::error::{ErrorKind, LiveState, PublishError, Result};
use crate::files::{FileKind, Files, Sight};
use crate::host::{Answer, Facts, Host, Known, TestStep, Work};
use crate::manifest::{Entry, Manifest, is_id};
use crate::plan::{Live, Plan, Seen};
use crate::store::Store;

/// Releases kept on the host, the live one included.
const KEPT: usize = 5;

/// A host whose served path is a symlink. All paths are below one folder: `NAME` (the symlink),
/// `releases/ID`, and Galley's own `.galley/NAME`, which is never served.
pub(crate) struct Symlink<F> {
    files: F,
    parent: String,
    link: String,
    control: String,
}

impl<F: Files> Symlink<F> {
    /// `parent` holds the symlink called `name`.
    pub fn new(files: F, parent: &str, name: &str) -> Self {
        let parent = parent.trim_end_matches('/').to_owned();
        let (link, control) = (format!("{parent}/{name}"), format!("{parent}/.galley/{name}"));
        Self { files, parent, link, control }
    }

    fn release(&self, id: &str) -> String {
        format!("{}/releases/{id}", self.parent)
    }

    /// The link is the truth; the records say the rest.
    async fn look(&self, store: &Store) -> Result<Live> {
        let recorded = record::live(&self.files, &self.control, store).await?;
        let Some(target) = self.files.read_link(&self.link).await? else {
            return Ok(Live { generation: recorded.generation, ..Live::default() });
        };
        let target = target.strip_prefix(&format!("{}/", self.parent)).unwrap_or(&target);
        let Some(id) = target.strip_prefix("releases/").filter(|id| is_id(id)) else {
            return Ok(Live { is_occupied: true, generation: recorded.generation, ..Live::default() });
        };
        if recorded.id() == Some(id) {
            return Ok(recorded);
        }
        let manifest = record::read_manifest(&self.files, &self.control, id).await?;
        let (by, since) = manifest.as_ref().map(|made| (made.by.clone(), made.time)).unwrap_or_default();
        Ok(Live {
            is_damaged: manifest.is_none(),
            manifest,
            generation: recorded.generation,
            by,
            since,
            ..Live::default()
        })
    }

    async fn is_whole(&self, manifest: &Manifest) -> Result<bool> {
        let recorded = record::read_manifest(&self.files, &self.control, &manifest.id).await?;
        let folder = self.files.stat(&self.release(&manifest.id)).await?;
        Ok(recorded.is_some_and(|recorded| recorded.files == manifest.files)
            && folder.is_some_and(|folder| folder.kind == FileKind::Folder))
    }

    async fn bring(&self, work: &Work<'_>) -> Result<()> {
        if self.is_whole(&work.plan.manifest).await? {
            return self.make_up(work).await;
        }
        self.sweep_abandoned(work).await?;
        upload::check_space(&self.files, work, &self.parent).await?;
        let release = self.release(&work.plan.id);
        self.files.make_folder(&format!("{}/stage/{}", self.control, work.plan.id), Sight::Private).await?;
        self.files.make_folder(&format!("{}/releases", self.parent), Sight::Public).await?;
        self.files.make_folder(&release, Sight::Public).await?;
        make_folders(&self.files, &release, folders_of(work.plan.manifest.files.keys()), work.cancel).await?;
        self.link_kept(work, &release).await?;
        upload::send_all(&self.files, work, &release, None).await?;
        record::write_manifest(&self.files, &self.control, &work.plan.manifest).await
    }

    /// Fault 37: sends what a release that was kept here has lost meanwhile.
    async fn make_up(&self, work: &Work<'_>) -> Result<()> {
        let release = self.release(&work.plan.id);
        let there = survey::sizes(&self.files, &release).await?;
        let lost: Vec<(&SitePath, &Entry)> =
            work.plan.manifest.files.iter().filter(|(path, entry)| there.get(*path) != Some(&entry.size)).collect();
        if let Some((path, _)) = lost.iter().find(|(_, entry)| !work.store.has(entry)) {
            return Err(PublishError::new(
                ErrorKind::NoRelease,
                format!("The release on the host has lost `{path}`, and it is not kept here either."),
                "Choose another release from the list, or publish the site as it is now.",
            ));
        }
        make_folders(&self.files, &release, folders_of(lost.iter().map(|(path, _)| *path)), work.cancel).await?;
        let release = release.as_str();
        let send = |(path, entry)| upload::send_one(&self.files, work, release, path, entry);
        each(lost, self.files.width(), work.cancel, send).await
    }

    /// Removes what publishes left that were cut short and never gone on with.
    async fn sweep_abandoned(&self, work: &Work<'_>) -> Result<()> {
        let stage = format!("{}/stage", self.control);
        for (id, _) in self.files.list(&stage).await? {
            if id == work.plan.id || !is_id(&id) || work.live.id() == Some(&id) {
                continue;
            }
            if record::read_manifest(&self.files, &self.control, &id).await?.is_none() {
                remove_tree(&self.files, &self.release(&id), work.cancel).await?;
            }
            self.files.remove_folder(&format!("{stage}/{id}")).await?;
        }
        Ok(())
    }

    /// Takes over what is unchanged by hard link; sends what cannot be linked.
    async fn link_kept(&self, work: &Work<'_>, release: &str) -> Result<()> {
        let can_link = AtomicBool::new(work.live.id().is_some());
        let link = |path| self.link_one(work, release, path, &can_link);
        each(work.plan.keep.iter().collect(), self.files.width(), work.cancel, link).await
    }

    async fn link_one(&self, work: &Work<'_>, release: &str, path: &SitePath, can_link: &AtomicBool) -> Result<()> {
        let Some(entry) = work.plan.manifest.files.get(path) else { return Ok(()) };
        if upload::arrived_before(&self.files, work, release, None, path, entry).await? {
            return Ok(());
        }
        let to = format!("{release}/{path}");
        if can_link.load(Ordering::Relaxed)
            && let Some(live) = work.live.id()
        {
            let from = format!("{}/{path}", self.release(live));
            let is_right = self.files.stat(&from).await?.is_some_and(|found| found.size == entry.size);
            let is_linked = is_right && self.link_over(&from, &to).await?;
            if is_linked {
                return work.journal.confirm(path);
            }
            // One file that was edited by hand is no reason to send all the others.
            can_link.fetch_and(!is_right, Ordering::Relaxed);
        }
        upload::send_one(&self.files, work, release, path, entry).await
    }

    async fn link_over(&self, from: &str, to: &str) -> Result<bool> {
        if self.files.link(from, to).await? {
            return Ok(true);
        }
        // A run that was cut short may have left something there.
        self.files.remove(to).await?;
        self.files.link(from, to).await
    }

    async fn repoint(&self, work: &Work<'_>) -> Result<()> {
        let beside = format!("{}/next", self.control);
        if self.files.stat(&self.link).await?.is_some_and(|found| found.kind == FileKind::Folder) {
            // Empty, or the host would have been taken for one with a real folder.
            self.files.remove_folder(&self.link).await?;
        }
        self.files.remove(&beside).await?;
        self.files.symlink(&format!("releases/{}", work.plan.id), &beside).await?;
        self.files.rename(&beside, &self.link).await.map_err(|error| {
            let state = if error.is_connection() { LiveState::Unknown } else { LiveState::Unchanged };
            error.leaving(state)
        })
    }

    async fn prune(&self, work: &Work<'_>) -> Result<()> {
        let (current, _) = record::read_current(&self.files, &self.control).await?;
        if current.and_then(|current| current.id).as_deref() != Some(&work.plan.id) {
            record::write_current(&self.files, &self.control, &current_after(work)).await?;
        }
        self.files.remove_folder(&format!("{}/stage/{}", self.control, work.plan.id)).await?;
        let old = record::ids(&self.files, &self.control).await?.into_iter();
        for old in old.filter(|id| *id != work.plan.id).skip(KEPT - 1) {
            record::forget_manifest(&self.files, &self.control, &old).await?;
            remove_tree(&self.files, &self.release(&old), work.cancel).await?;
        }
        Ok(())
    }
}

impl<F: Files> Host for Symlink<F> {
    fn facts(&self) -> Facts {
        Facts { is_atomic: true, takes_packed: true, place: self.link.clone(), ..Facts::default() }
    }

    fn live<'a>(&'a self, store: &'a Store) -> Answer<'a, Live> {
        Box::pin(self.look(store))
    }

    fn lock<'a>(&'a self, by: &'a str, token: &'a str, ours: Option<&'a str>) -> Answer<'a, ()> {
        Box::pin(async move {
            self.files.make_folder(&format!("{}/.galley", self.parent), Sight::Private).await?;
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

    fn holds<'a>(&'a self, _: &'a str, manifest: Option<&'a Manifest>) -> Answer<'a, bool> {
        Box::pin(async move {
            match manifest {
                Some(manifest) => self.is_whole(manifest).await,
                None => Ok(false),
            }
        })
    }

    fn stage<'a>(&'a self, work: &'a Work<'a>) -> Answer<'a, ()> {
        Box::pin(self.bring(work))
    }

    fn switch<'a>(&'a self, work: &'a Work<'a>) -> Answer<'a, ()> {
        Box::pin(self.repoint(work))
    }

    fn clean<'a>(&'a self, work: &'a Work<'a>) -> Answer<'a, ()> {
        Box::pin(self.prune(work))
    }

    fn releases<'a>(&'a self, store: &'a Store) -> Answer<'a, Vec<Known>> {
        Box::pin(record::known(&self.files, &self.control, store))
    }

    fn file<'a>(&'a self, id: &'a str, path: &'a SitePath) -> Answer<'a, Option<Vec<u8>>> {
        Box::pin(async move {
            if !is_id(id) {
                return Ok(None);
            }
            self.files.read(&format!("{}/{path}", self.release(id))).await
        })
    }

    fn edited<'a>(&'a self, plan: &'a Plan, live: &'a Live) -> Answer<'a, Vec<SitePath>> {
        Box::pin(async move {
            let record = format!("{}/current.json", self.control);
            survey::edited(&self.files, &Place { root: &self.link, record: &record }, plan, live).await
        })
    }

    fn survey(&self) -> Answer<'_, Option<BTreeMap<SitePath, Seen>>> {
        Box::pin(async move {
            let record = format!("{}/current.json", self.control);
            survey::survey(&self.files, &Place { root: &self.link, record: &record }).await.map(Some)
        })
    }

    fn try_packed<'a>(&'a self, url: &'a str, rules: Option<&'a [u8]>) -> Answer<'a, ()> {
        Box::pin(trial::packed(&self.files, &self.link, url, rules))
    }

    fn test<'a>(&'a self, url: &'a str) -> Answer<'a, Vec<TestStep>> {
        Box::pin(async move {
            // Before the first publish nothing is served yet.
            let is_served = self.files.read_link(&self.link).await?.is_some();
            let (folder, url) = if is_served { (&self.link, url) } else { (&self.parent, "") };
            Ok(trial::run(&self.files, folder, url).await)
        })
    }
}
