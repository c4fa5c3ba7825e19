//! Releases on a host that keeps files by name and has no switch: sent in order, file by file.
//! What is new and shown by nothing goes first, and nothing is deleted before the record says so.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use galley_engine::SitePath;
use tokio::sync::OnceCell;

use super::lease::Lease;
use super::many::each;
use super::record::{current_after, current_during};
use crate::error::{ErrorKind, LiveState, PublishError, Result};
use crate::host::{Answer, Facts, Host, Known, Limits, TestStep, Work};
use crate::manifest::{Current, Manifest, is_id, is_reserved, sha256};
use crate::objects::{Kept, Objects, When};
use crate::plan::{Found, Live, Plan, Put, PutKind, Seen, Turn};
use crate::progress::Phase;
use crate::store::Store;
use crate::time;

/// Records of this many releases stay on the host.
const RECORDS: usize = 10;
const CURRENT: &str = ".galley/current.json";
/// What is noted here once the host was seen to honour conditions.
const HONOURS: &str = "honours-conditions";
const MANIFESTS: &str = ".galley/manifests";
/// Said in the plan.
const FILE_BY_FILE: &str = "This host takes files one by one: for a moment, readers may see pages of both releases, never a page without its pictures and styles.";
/// Said where two writers cannot be kept apart.
const NO_LOCK: &str = "This host ignores conditions, so it has no lock: do not publish to it from two places at once.";

/// A host over anything that keeps files by name.
pub(crate) struct Ordered<O> {
    objects: O,
    limits: Limits,
    honours: OnceCell<bool>,
    /// The version of the record that this run read or wrote.
    version: Mutex<When>,
    lease: Lease,
}

impl<O: Objects> Ordered<O> {
    pub fn new(objects: O, limits: Limits) -> Self {
        let version = Mutex::new(When::Always);
        Self { objects, limits, honours: OnceCell::new(), version, lease: Lease::default() }
    }

    /// Whether conditions are honoured: asked once, and only where it matters.
    async fn honours(&self) -> Result<bool> {
        self.honours.get_or_try_init(|| self.objects.honours()).await.copied()
    }

    async fn look(&self, store: &Store) -> Result<Live> {
        let record = self.objects.read(CURRENT).await?;
        // Trying costs two requests; what was found out once is believed.
        if store.knows(HONOURS) {
            self.honours.set(true).ok();
        }
        let honours = self.honours().await?;
        if honours {
            store.note(HONOURS);
        }
        self.remember(match &record {
            _ if !honours => When::Always,
            None => When::Absent,
            Some(record) => When::Still(record.version.clone()),
        });
        let current = record.as_ref().and_then(|record| parse(&record.bytes));
        let is_damaged = record.is_some() && current.is_none();
        let mut live = match current {
            Some(current) => self.recorded(current, store).await?,
            None => Live { is_damaged, ..Live::default() },
        };
        // Without a record of what is live, what is there is looked at.
        if live.manifest.is_none() {
            let files = self.there().await?;
            live.is_occupied = !files.is_empty();
            live.found = Some(Found { id: None, files, is_whole: false });
        }
        Ok(live)
    }

    async fn recorded(&self, current: Current, store: &Store) -> Result<Live> {
        let manifest = match &current.id {
            Some(id) => match store.manifest_with(id, &current.manifest) {
                Some(manifest) => Some(manifest),
                None => self.manifest(id).await?.filter(|found| sha256(&found.to_json()) == current.manifest),
            },
            None => None,
        };
        let other = match &current.switching {
            Some(id) => match store.manifest(id) {
                Some(manifest) => Some(manifest),
                None => self.manifest(id).await?,
            },
            None => None,
        };
        Ok(Live::of(current, manifest, other.as_ref()))
    }

    async fn manifest(&self, id: &str) -> Result<Option<Manifest>> {
        let kept = self.objects.read(&format!("{MANIFESTS}/{id}.json")).await?;
        Ok(kept.and_then(|kept| Manifest::from_json(&kept.bytes)).filter(|manifest| manifest.id == id))
    }

    async fn there(&self) -> Result<std::collections::BTreeMap<SitePath, Seen>> {
        let all = self.objects.all().await?;
        let paths = all.into_iter().filter_map(|(path, seen)| Some((SitePath::new(&path).ok()?, seen)));
        Ok(paths.filter(|(path, _)| !path.is_empty() && !is_reserved(path)).collect())
    }

    fn remember(&self, version: When) {
        *self.version.lock().unwrap_or_else(PoisonError::into_inner) = version;
    }

    /// Writes the record of what is live, unless another did meanwhile.
    async fn write_current(&self, current: &Current) -> Result<()> {
        let when = self.version.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let bytes = serde_json::to_vec(current).unwrap_or_default();
        match self.objects.write(CURRENT, bytes.clone(), when.clone()).await? {
            Some(version) => {
                let is_conditional = when != When::Always && !version.is_empty();
                self.remember(if is_conditional { When::Still(version) } else { When::Always });
                Ok(())
            }
            None => self.overtaken(&bytes).await,
        }
    }

    /// The condition did not hold: either our own write arrived and its answer did not, or another
    /// publish came between.
    async fn overtaken(&self, ours: &[u8]) -> Result<()> {
        let found = self.objects.read(CURRENT).await?;
        match found {
            Some(Kept { bytes, version, .. }) if bytes == ours => {
                self.remember(When::Still(version));
                Ok(())
            }
            found => {
                let by = found.and_then(|found| parse(&found.bytes));
                let (by, since) = by.map_or(("somebody".to_owned(), 0), |current| (current.by, current.time));
                Err(PublishError::new(
                    ErrorKind::Moved { by: by.clone(), since },
                    format!("The site was published by {by} at {} meanwhile.", time::rfc3339(since)),
                    "Look at the new plan, then publish again.",
                ))
            }
        }
    }

    /// Sends the files of one phase that an earlier run did not bring.
    async fn send(&self, work: &Work<'_>, puts: Vec<&Put>, has_begun: Option<&AtomicBool>) -> Result<()> {
        let send = |put: &Put| {
            let path = put.path.clone();
            async move {
                let Some(entry) = work.plan.manifest.files.get(&path) else { return Ok(()) };
                let was_sent = work.journal.was_confirmed(&path) && self.objects.has(&path, entry).await?;
                if !was_sent {
                    if let Some(has_begun) = has_begun {
                        has_begun.store(true, Ordering::Relaxed);
                    }
                    self.objects.put(&work.store.blob(entry), &path, entry).await?;
                    work.journal.confirm(&path)?;
                }
                work.meter.arrived(entry.size);
                Ok(())
            }
        };
        each(puts, self.objects.width(), work.cancel, send).await
    }

    async fn bring(&self, work: &Work<'_>) -> Result<()> {
        work.enter(Phase::Assets);
        self.send(work, work.plan.put.iter().filter(|put| is_aside(put)).collect(), None).await?;
        let path = format!("{MANIFESTS}/{}.json", work.plan.id);
        self.objects.write(&path, work.plan.manifest.to_json(), When::Always).await.map(drop)
    }

    async fn replace(&self, work: &Work<'_>, has_begun: &AtomicBool) -> Result<()> {
        self.write_current(&current_during(work)).await?;
        work.enter(Phase::Pages);
        let rest: Vec<&Put> = work.plan.put.iter().filter(|put| !is_aside(put)).collect();
        for turn in rest.chunk_by(|a, b| a.turn == b.turn) {
            self.send(work, turn.to_vec(), Some(has_begun)).await?;
        }
        work.enter(Phase::Switch);
        let removing = work.plan.delete.iter().map(|removal| removal.path.clone()).collect();
        self.write_current(&Current { removing, ..current_after(work) }).await
    }

    async fn remove_old(&self, work: &Work<'_>) -> Result<()> {
        let gone: std::collections::BTreeSet<&SitePath> =
            work.plan.delete.iter().map(|removal| &removal.path).chain(&work.live.removing).collect();
        let gone: Vec<&SitePath> =
            gone.into_iter().filter(|path| !work.plan.manifest.files.contains_key(*path)).collect();
        let is_idle = gone.is_empty();
        let remove = |path: &SitePath| {
            let path = path.clone();
            async move { self.objects.remove(&path).await }
        };
        each(gone, self.objects.width(), work.cancel, remove).await?;
        if !is_idle {
            self.write_current(&current_after(work)).await?;
        }
        let mut ids = self.ids().await?;
        ids.sort();
        for old in ids.iter().rev().skip(RECORDS).filter(|id| **id != work.plan.id) {
            self.objects.remove(&format!("{MANIFESTS}/{old}.json")).await?;
        }
        Ok(())
    }

    /// The ids of the releases with a record; they sort by time.
    async fn ids(&self) -> Result<Vec<String>> {
        let names = self.objects.names(MANIFESTS).await?;
        let ids = names.iter().filter_map(|name| name.rsplit('/').next()?.strip_suffix(".json"));
        Ok(ids.filter(|id| is_id(id)).map(str::to_owned).collect())
    }
}

fn parse(bytes: &[u8]) -> Option<Current> {
    let current: Current = serde_json::from_slice(bytes).ok()?;
    current.id.iter().chain(&current.switching).all(|id| is_id(id)).then_some(current)
}

/// Whether a file can be sent before the switch: no page of the live release shows it.
fn is_aside(put: &Put) -> bool {
    put.kind == PutKind::Added && put.turn <= Turn::Assets
}

impl<O: Objects> Host for Ordered<O> {
    fn facts(&self) -> Facts {
        let mut warnings = self.objects.warnings();
        warnings.push(FILE_BY_FILE.to_owned());
        if self.honours.get() == Some(&false) {
            warnings.push(NO_LOCK.to_owned());
        }
        Facts { warnings, place: self.objects.place(), limits: self.limits.clone(), ..Facts::default() }
    }

    fn live<'a>(&'a self, store: &'a Store) -> Answer<'a, Live> {
        Box::pin(self.look(store))
    }

    fn lock<'a>(&'a self, by: &'a str, token: &'a str, ours: Option<&'a str>) -> Answer<'a, ()> {
        Box::pin(async move {
            let honours = self.honours().await?;
            self.lease.take(&self.objects, honours, by, token, ours).await
        })
    }

    fn renew<'a>(&'a self, by: &'a str, token: &'a str) -> Answer<'a, ()> {
        Box::pin(self.lease.renew(&self.objects, by, token))
    }

    fn unlock(&self) -> Answer<'_, ()> {
        Box::pin(self.lease.give_back(&self.objects))
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
        Box::pin(async move {
            let mut found = Vec::new();
            for id in self.ids().await? {
                let manifest = match store.manifest(&id) {
                    Some(manifest) => Some(manifest),
                    None => self.manifest(&id).await?,
                };
                found.extend(manifest.map(Known::of));
            }
            Ok(found)
        })
    }

    fn edited<'a>(&'a self, plan: &'a Plan, live: &'a Live) -> Answer<'a, Vec<SitePath>> {
        Box::pin(async move {
            let Some(old) = &live.manifest else { return Ok(Vec::new()) };
            super::trial::differing(plan, old, self.objects.width(), |path, entry| async move {
                self.objects.has(&path, &entry).await
            })
            .await
        })
    }

    fn survey(&self) -> Answer<'_, Option<std::collections::BTreeMap<SitePath, Seen>>> {
        Box::pin(async move { self.there().await.map(Some) })
    }

    fn test<'a>(&'a self, url: &'a str) -> Answer<'a, Vec<TestStep>> {
        Box::pin(async move { Ok(super::trial::run_objects(&self.objects, self.honours().await, url).await) })
    }

    fn waiting(&self) -> u64 {
        self.objects.waiting()
    }
}
