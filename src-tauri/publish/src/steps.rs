//! What happens on a host while its lock is held: stage, switch, clean.
//! Where the answer to the switch was lost it asks again before it says anything.

use std::time::Duration;

use crate::config::Target;
use crate::error::{ErrorKind, LiveState, PublishError, Result};
use crate::host::{Host, Work};
use crate::journal::Journal;
use crate::plan::Plan;
use crate::progress::{Meter, Phase};
use crate::run::{FAREWELL, Run};
use crate::store::Store;
use crate::{hosts, time};

/// A lock older than two minutes may be broken; ours is renewed well before.
const RENEW: Duration = Duration::from_secs(30);
/// The file by which Apache is told how to serve a folder.
const HTACCESS: &str = ".htaccess";
/// How long the host may take to say what is live after a connection was lost.
const SECOND_LOOK: Duration = Duration::from_secs(3);

/// What happens under the lock, and the lock kept fresh beside it.
#[expect(clippy::too_many_arguments, reason = "the parts of one run, borrowed apart")]
pub(crate) async fn locked(
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
        if is_first_packed(plan) {
            let rules = plan.made.get(HTACCESS).map(Vec::as_slice);
            host.try_packed(&target.config.url, rules).await?;
        }
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

/// Whether this release is the first with packed files, or the first with these rules for them.
fn is_first_packed(plan: &Plan) -> bool {
    let is_packed = |path: &galley_engine::SitePath| path.ends_with(".gz");
    let puts = |wanted: &dyn Fn(&galley_engine::SitePath) -> bool| plan.put.iter().any(|put| wanted(&put.path));
    let has = plan.manifest.files.keys().any(is_packed);
    has && (puts(&|path| path.as_str() == HTACCESS) || !plan.keep.iter().any(is_packed))
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
