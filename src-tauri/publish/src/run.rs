//! A publish from plan to *Published*.
//! The word is never said before the host has switched and what it serves was read back.

use std::sync::atomic::{AtomicU8, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use galley_engine::Cancel;

use crate::config::Target;
use crate::error::{ErrorKind, LiveState, PublishError, Result};
use crate::host::{Host, Work, cancelled};
use crate::journal::Journal;
use crate::manifest::{Manifest, sha256};
use crate::plan::{Live, Plan, plan, settle};
use crate::source::ReleaseSource;
use crate::store::Store;
use crate::{drift, extras, guard, hosts};
use crate::{time, verify};

/// A lock older than two minutes may be broken; ours is renewed well before.
const RENEW: Duration = Duration::from_secs(30);
/// How long the host may take to say what is live after a connection was lost.
const SECOND_LOOK: Duration = Duration::from_secs(3);
/// How long the lock's return may take once all else is over: a cancelled publish ends within a
/// second. A lock that is left is known for ours next time.
const FAREWELL: Duration = Duration::from_millis(700);

/// Where a publish is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Reaching the host and taking its lock.
    Connect,
    /// Sending assets.
    Assets,
    /// Sending pages.
    Pages,
    /// Making the release live.
    Switch,
    /// Removing what is gone.
    Remove,
    /// Reading the site back.
    Verify,
}

impl Phase {
    const ALL: [Self; 6] = [Self::Connect, Self::Assets, Self::Pages, Self::Switch, Self::Remove, Self::Verify];

    /// Its name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::Assets => "assets",
            Self::Pages => "pages",
            Self::Switch => "switch",
            Self::Remove => "remove",
            Self::Verify => "verify",
        }
    }
}

/// How far a publish is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Where it is.
    pub phase: Phase,
    /// Files that are on the host.
    pub files: usize,
    /// Files to send in all.
    pub of_files: usize,
    /// Bytes that are on the host.
    pub bytes: u64,
    /// Bytes to send in all.
    pub of_bytes: u64,
    /// Seconds until it goes on, where the host asked for a pause; else 0.
    pub waits: u64,
}

/// What a publish, a rollback or a resumption takes besides its plan.
pub struct Run<'a> {
    /// Told of every step.
    pub progress: &'a (dyn Fn(Progress) + Send + Sync),
    /// Stops it between files, within a second.
    pub cancel: &'a Cancel,
    /// Whether the writer said yes to a large deletion.
    pub allows_large_deletion: bool,
    /// Whether the writer said yes to what should perhaps not be public.
    pub allows_leaks: bool,
}

/// A publish that ended well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deployed {
    /// The release that is live.
    pub release: String,
    /// Files that the plan sent; on a resumption, those of the earlier run included.
    pub sent: usize,
    /// Files removed.
    pub removed: usize,
    /// Addresses read back and found equal; 0 where nothing serves the host.
    pub verified: usize,
    /// Addresses that still serve the earlier release: a cache in front of the host has not caught up.
    pub stale: usize,
}

/// Counts what is on the host and tells the window.
pub(crate) struct Meter<'a> {
    tell: &'a (dyn Fn(Progress) + Send + Sync),
    phase: AtomicU8,
    files: AtomicUsize,
    bytes: AtomicU64,
    waits: AtomicU64,
    of_files: usize,
    of_bytes: u64,
}

impl<'a> Meter<'a> {
    fn new(tell: &'a (dyn Fn(Progress) + Send + Sync), plan: &Plan) -> Self {
        Self {
            tell,
            phase: AtomicU8::new(0),
            files: AtomicUsize::new(0),
            bytes: AtomicU64::new(0),
            waits: AtomicU64::new(0),
            of_files: plan.put.len(),
            of_bytes: plan.bytes(),
        }
    }

    pub fn enter(&self, phase: Phase) {
        self.phase.store(phase as u8, Ordering::Relaxed);
        self.say();
    }

    pub fn arrived(&self, bytes: u64) {
        self.files.fetch_add(1, Ordering::Relaxed);
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
        self.say();
    }

    pub fn wait(&self, seconds: u64) {
        self.waits.store(seconds, Ordering::Relaxed);
        self.say();
    }

    fn say(&self) {
        (self.tell)(Progress {
            phase: Phase::ALL[usize::from(self.phase.load(Ordering::Relaxed))],
            files: self.files.load(Ordering::Relaxed).min(self.of_files),
            of_files: self.of_files,
            bytes: self.bytes.load(Ordering::Relaxed).min(self.of_bytes),
            of_bytes: self.of_bytes,
            waits: self.waits.load(Ordering::Relaxed),
        });
    }
}

/// Compares a build with what is live. Nothing is sent.
///
/// `now` is seconds since 1970. Where an earlier publish of the same files was cut short, the plan
/// has its id, and publishing it goes on where that one stopped.
pub async fn prepare(target: &Target, source: &ReleaseSource, store: &Store, now: u64) -> Result<Plan> {
    let reading = source.clone();
    let mut files = blocking(move || reading.read()).await?;
    let host = hosts::connect(target).await?;
    let mut live = host.live(store).await?;
    let facts = host.facts();
    let made = extras::add(&source.extras, &facts.limits, &source.folder, &mut files);
    if source.repairs {
        drift::find(host.as_ref(), &mut live).await?;
    }
    settle(&mut live, &files, |path, _| source.folder.join(path.as_str())).await?;
    let mut new = Manifest {
        id: String::new(),
        parent: live.id().map(str::to_owned),
        time: now,
        by: target.access.by.clone(),
        files,
    };
    let content = new.content_hash();
    let digest = sha256(format!("{content}{}", facts.place).as_bytes());
    new.id = format!("{}-{}", time::stamp(now), &digest[..8]);
    let resumed = resumable(store, &content, &live);
    if let Some(earlier) = &resumed {
        (new.id, new.time) = (earlier.id.clone(), earlier.time);
    }
    let mut plan = plan(new, &live, &source.reasons, &facts)?;
    plan.vanished = extras::vanished(&plan.manifest, live.manifest.as_ref(), &source.extras.redirects);
    plan.made = made;
    let (folder, puts, files) = (source.folder.clone(), plan.put.clone(), plan.manifest.files.clone());
    plan.leaks = blocking(move || Ok(guard::leaks(&folder, &puts, &files))).await?;
    if let Some(warning) = elsewhere(store, &live) {
        plan.warnings.push(warning);
    }
    if source.repairs && !live.unsure.is_empty() {
        // Said in the place of the words for a publish that was cut short.
        plan.warnings.retain(|warning| !warning.starts_with("An earlier publish was cut short while"));
        plan.warnings.push(format!(
            "{} files are not on the host as the last publish left them; this one puts them right.",
            live.unsure.len()
        ));
    }
    if resumed.is_none() && live.unsure.is_empty() {
        plan.warnings.extend(edited(host.as_ref(), &plan, &live).await?);
    }
    Ok(plan)
}

/// The publish that was cut short, if it was of the same files onto the same release.
fn resumable(store: &Store, content: &str, live: &Live) -> Option<Manifest> {
    let (head, _) = Journal::peek(&store.journal_path())?;
    let is_same = head.content == content && (head.base.as_deref() == live.id() || live.id() == Some(&head.id));
    is_same.then(|| store.manifest(&head.id)).flatten()
}

/// Says so where another machine published last.
fn elsewhere(store: &Store, live: &Live) -> Option<String> {
    let ours = store.last_live()?;
    let id = live.id()?;
    (ours != id && store.manifest(id).is_none()).then(|| {
        format!("The live release was published by {} on {}, not from here.", live.by, time::rfc3339(live.since))
    })
}

/// Fault 18: says which of the files that go or change were edited on the host.
async fn edited(host: &dyn Host, plan: &Plan, live: &Live) -> Result<Option<String>> {
    let edited = host.edited(plan, live).await?;
    let Some(first) = edited.first() else { return Ok(None) };
    let more = match edited.len() {
        1 => String::new(),
        count => format!(" and {} more", count - 1),
    };
    Ok(Some(format!("`{first}`{more} changed on the host since the last publish; publishing replaces that.")))
}

/// Carries out `plan`.
///
/// The lock of the host is held from start to end. What was confirmed by an earlier run of the same
/// plan is not sent again.
pub async fn publish(
    target: &Target,
    plan: &Plan,
    source: &ReleaseSource,
    store: &Store,
    run: &Run<'_>,
) -> Result<Deployed> {
    if plan.is_large_deletion && !run.allows_large_deletion {
        return Err(PublishError::new(
            ErrorKind::LargeDeletion { files: plan.delete.len() },
            format!("This would delete {} files of the live site.", plan.delete.len()),
            "Look at the list, and confirm the deletion if it is meant.",
        ));
    }
    if let Some(first) = plan.leaks.first().filter(|_| !run.allows_leaks) {
        return Err(PublishError::new(
            ErrorKind::Leaks { files: plan.leaks.len() },
            format!("`{}` is {}.", first.path, first.what),
            "Look at the list. Take out what is not for everyone, or say that it is.",
        ));
    }
    let _held = store.lock()?;
    let (keeper, manifest, reading, made) = (store.clone(), plan.manifest.clone(), source.clone(), plan.made.clone());
    blocking(move || keeper.keep(&manifest, &reading, &made)).await?;
    let deployed = carry_out(target, plan, store, run).await?;
    store.keep_built(source);
    Ok(deployed)
}

/// Carries out a plan whose files are all in the store or on the host. The store is locked.
pub(crate) async fn carry_out(target: &Target, plan: &Plan, store: &Store, run: &Run<'_>) -> Result<Deployed> {
    let meter = Meter::new(run.progress, plan);
    meter.enter(Phase::Connect);
    let journal = Journal::open(&store.journal_path(), plan)?;
    let host = tokio::select! {
        host = hosts::connect(target) => host?,
        stop = cancelled(run.cancel) => return Err(stop),
    };
    let token = token();
    host.lock(&target.access.by, &token, store.last_token().as_deref()).await?;
    let done = locked(target, host.as_ref(), plan, store, run, &meter, &journal, &token).await;
    if !done.as_ref().is_err_and(|error| error.is_connection()) {
        let _ = tokio::time::timeout(FAREWELL, host.unlock()).await;
    }
    let lag = host.facts().lag;
    drop(host);
    done?;
    meter.enter(Phase::Verify);
    let before = plan.base.as_deref().and_then(|id| store.manifest(id));
    let releases = (&plan.manifest, before.as_ref());
    let read = verify::changed(&target.config.url, releases, &journal.put, lag, run.cancel)
        .await
        .map_err(|error| error.leaving(LiveState::Live))?;
    let sent = journal.put.len();
    drop(journal);
    store.finish(&plan.manifest).map_err(|error| error.leaving(LiveState::Live))?;
    let (verified, stale) = (read.equal, read.stale);
    Ok(Deployed { release: plan.id.clone(), sent, removed: plan.delete.len(), verified, stale })
}

/// What happens under the lock, and the lock kept fresh beside it.
#[expect(clippy::too_many_arguments, reason = "the parts of one run, borrowed apart")]
async fn locked(
    target: &Target,
    host: &dyn Host,
    plan: &Plan,
    store: &Store,
    run: &Run<'_>,
    meter: &Meter<'_>,
    journal: &Journal,
    token: &str,
) -> Result<()> {
    store.remember_token(token)?;
    let by = target.access.by.as_str();
    let live = host.live(store).await?;
    let work = Work { plan, live: &live, store, journal, meter, cancel: run.cancel, by, now: time::now() };
    tokio::select! {
        done = steps(target, host, &work) => done,
        error = keep_lock(host, by, token) => Err(error),
        error = tell_waits(host, meter) => Err(error),
    }
}

async fn steps(target: &Target, host: &dyn Host, work: &Work<'_>) -> Result<()> {
    let (plan, live) = (work.plan, work.live);
    if live.id() != Some(&plan.id) {
        if live.id() != plan.base.as_deref() {
            return Err(PublishError::new(
                ErrorKind::Moved { by: live.by.clone(), since: live.since },
                format!("The site was published by {} at {} meanwhile.", live.by, time::rfc3339(live.since)),
                "Look at the new plan, then publish again.",
            ));
        }
        host.stage(work).await?;
        // All is there and nothing is switched: the last point at which a cancel leaves no trace.
        if work.cancel.is_cancelled() {
            return Err(PublishError::cancelled());
        }
        work.enter(Phase::Switch);
        if let Err(error) = host.switch(work).await {
            let host = look_again(target, plan, work.store, error).await?;
            let done = remove(host.as_ref(), work).await;
            let _ = tokio::time::timeout(FAREWELL, host.unlock()).await;
            return done;
        }
    }
    remove(host, work).await
}

async fn remove(host: &dyn Host, work: &Work<'_>) -> Result<()> {
    work.enter(Phase::Remove);
    host.clean(work).await.map_err(|error| error.leaving(LiveState::Live))
}

/// Fault 4: where the answer to the switch was lost, asks over a new connection what is live.
async fn look_again(target: &Target, plan: &Plan, store: &Store, error: Box<PublishError>) -> Result<Box<dyn Host>> {
    if !error.is_connection() {
        return Err(error);
    }
    let asking = async {
        let host = hosts::connect(target).await?;
        let live = host.live(store).await?;
        Ok::<_, Box<PublishError>>((host, live))
    };
    // Who was silent a moment ago is not waited for a second time.
    let Ok(Ok((host, live))) = tokio::time::timeout(SECOND_LOOK, asking).await else { return Err(error) };
    if live.id() == Some(&plan.id) {
        return Ok(host);
    }
    Err(error.leaving(if live.unsure.is_empty() { LiveState::Unchanged } else { LiveState::Partly }))
}

/// Renews the lock until it fails; never ends well.
async fn keep_lock(host: &dyn Host, by: &str, token: &str) -> Box<PublishError> {
    loop {
        tokio::time::sleep(RENEW).await;
        if let Err(error) = host.renew(by, token).await {
            return error;
        }
    }
}

/// Tells how long the host asked to wait, while it does; never ends.
async fn tell_waits(host: &dyn Host, meter: &Meter<'_>) -> Box<PublishError> {
    let mut said = 0;
    loop {
        tokio::time::sleep(Duration::from_millis(250)).await;
        let seconds = host.waiting();
        if seconds != said {
            said = seconds;
            meter.wait(seconds);
        }
    }
}

/// Unlike any other lock's.
pub(crate) fn token() -> String {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    format!("{}-{}", std::process::id(), since.as_nanos())
}

/// Runs what reads or copies many files off the threads that answer.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| {
        Err(PublishError::new(
            ErrorKind::Local,
            format!("Reading the output failed: {error}."),
            "Publish again; if it happens again, restart Galley.",
        ))
    })
}
