//! A publish from plan to *Published*.
//! The word is never said before the host has switched and what it serves was read back.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use galley_engine::{Cancel, SitePath};

use crate::config::Target;
use crate::error::{ErrorKind, LiveState, PublishError, Result};
use crate::host::cancelled;
use crate::hosts;
use crate::journal::Journal;
use crate::manifest::Manifest;
use crate::plan::{Plan, plan};
use crate::progress::{Meter, Phase, Progress};
use crate::source::ReleaseSource;
use crate::steps::locked;
use crate::store::Store;
use crate::verify::{self, Look, Seen};

/// Tokens of publishes that died before they held the lock, and of this one.
const TOKENS: usize = 8;
/// How long the lock's return may take once all else is over: a cancelled publish ends within a
/// second. A lock that is left is known for ours next time.
pub(crate) const FAREWELL: Duration = Duration::from_millis(700);

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
    /// Addresses of removed files that serve them no more.
    pub gone: usize,
    /// Addresses that still serve the earlier release: a cache in front of the host has not caught up.
    pub stale: usize,
    /// Files that had arrived damaged, and were sent once more.
    pub resent: usize,
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
///
/// What arrived damaged, and was found so by reading it back, is sent once more.
pub(crate) async fn carry_out(target: &Target, plan: &Plan, store: &Store, run: &Run<'_>) -> Result<Deployed> {
    let (deployed, seen) = once(target, plan, store, run).await?;
    let Some((_, why)) = seen.wrong.first() else {
        store.finish(&plan.manifest).map_err(|error| error.leaving(LiveState::Live))?;
        return Ok(deployed);
    };
    let is_wrong: BTreeSet<SitePath> = seen.wrong.iter().map(|(path, _)| path.clone()).collect();
    let again = resend(target, plan, is_wrong, store).await.map_err(|error| error.leaving(LiveState::Live))?;
    let Some(again) = again else { return Err(why.clone().leaving(LiveState::Live)) };
    store.keep_manifest(&again.manifest).map_err(|error| error.leaving(LiveState::Live))?;
    // What is live by now is the new release, if not yet as it should be.
    let live = |error: Box<PublishError>| match error.state {
        LiveState::Unchanged => error.leaving(LiveState::Live),
        LiveState::Partly | LiveState::Live | LiveState::Unknown => error,
    };
    let (mended, mut read) = once(target, &again, store, run).await.map_err(live)?;
    if !read.wrong.is_empty() {
        return Err(read.wrong.remove(0).1.leaving(LiveState::Live));
    }
    store.finish(&again.manifest).map_err(|error| error.leaving(LiveState::Live))?;
    Ok(Deployed {
        release: mended.release,
        verified: deployed.verified + mended.verified,
        resent: mended.sent,
        ..deployed
    })
}

/// Carries out a plan and reads back what it changed.
async fn once(target: &Target, plan: &Plan, store: &Store, run: &Run<'_>) -> Result<(Deployed, Seen)> {
    let meter = Meter::new(run.progress, plan);
    meter.enter(Phase::Connect);
    let journal = Journal::open(&store.journal_path(), plan)?;
    let host = tokio::select! {
        host = hosts::connect(target) => host?,
        stop = cancelled(run.cancel) => return Err(stop),
    };
    // Noted before it is taken: the answer may be lost, and the lock is ours all the same.
    let (token, ours) = (token(), store.last_token());
    let mut tokens: Vec<&str> = ours.iter().flat_map(|ours| ours.lines()).chain([token.as_str()]).collect();
    store.remember_token(&tokens.split_off(tokens.len().saturating_sub(TOKENS)).join("\n"))?;
    host.lock(&target.access.by, &token, ours.as_deref()).await?;
    let done = locked(target, host.as_ref(), plan, store, run, &meter, &journal, &token).await;
    if !done.as_ref().is_err_and(|error| error.is_connection()) {
        let _ = tokio::time::timeout(FAREWELL, host.unlock()).await;
    }
    let lag = host.facts().lag;
    drop(host);
    done?;
    meter.enter(Phase::Verify);
    let before = plan.base.as_deref().and_then(|id| store.manifest(id));
    let look =
        Look { url: &target.config.url, release: &plan.manifest, before: before.as_ref(), sent: &journal.put, lag };
    let seen = verify::changed(&look, run.cancel).await.map_err(|error| error.leaving(LiveState::Live))?;
    let deployed = Deployed {
        release: plan.id.clone(),
        sent: journal.put.len(),
        removed: plan.delete.len(),
        verified: seen.equal,
        gone: seen.gone,
        stale: seen.stale,
        resent: 0,
    };
    Ok((deployed, seen))
}

/// Fault 26: the plan to send again what the host itself says is not as it was sent; nothing where
/// the host has all of it, and something else is served.
async fn resend(target: &Target, sent: &Plan, is_wrong: BTreeSet<SitePath>, store: &Store) -> Result<Option<Plan>> {
    let host = hosts::connect(target).await?;
    let mut live = host.live(store).await?;
    if live.id() != Some(&sent.id) {
        return Ok(None);
    }
    // Asked of the host in the shape of a plan that replaces just these.
    let manifest = Manifest { id: format!("{}-r", sent.id), parent: Some(sent.id.clone()), ..sent.manifest.clone() };
    live.unsure.extend(is_wrong);
    let asked = plan(manifest.clone(), &live, &BTreeMap::new(), &host.facts())?;
    let damaged = host.edited(&asked, &live).await?;
    if damaged.is_empty() {
        return Ok(None);
    }
    live.unsure = damaged.into_iter().collect();
    plan(manifest, &live, &BTreeMap::new(), &host.facts()).map(Some)
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
