//! Files on their way into a folder that nobody is served from yet.
//! What an earlier run confirmed is looked at again, and not sent again.

use galley_engine::SitePath;

use super::many::each;
use crate::error::{ErrorKind, PublishError, Result};
use crate::files::Files;
use crate::host::Work;
use crate::manifest::Entry;
use crate::plan::{Put, Turn};
use crate::progress::Phase;

/// Sends what the plan puts to `stage`, assets first. `also` is another place where a confirmed
/// file may be by now.
pub(super) async fn send_all<F: Files>(files: &F, work: &Work<'_>, stage: &str, also: Option<&str>) -> Result<()> {
    let (assets, pages): (Vec<&Put>, Vec<&Put>) = work.plan.put.iter().partition(|put| put.turn <= Turn::Assets);
    for (phase, puts) in [(Phase::Assets, assets), (Phase::Pages, pages)] {
        work.enter(phase);
        let send = |put| send(files, work, stage, also, put);
        each(puts, files.width(), work.cancel, send).await?;
    }
    Ok(())
}

async fn send<F: Files>(files: &F, work: &Work<'_>, stage: &str, also: Option<&str>, put: &Put) -> Result<()> {
    let Some(entry) = work.plan.manifest.files.get(&put.path) else { return Ok(()) };
    if !arrived_before(files, work, stage, also, &put.path, entry).await? {
        send_one(files, work, stage, &put.path, entry).await?;
    }
    work.meter.arrived(entry.size);
    Ok(())
}

/// Sends one file from the store and confirms it in the journal.
pub(super) async fn send_one<F: Files>(
    files: &F,
    work: &Work<'_>,
    stage: &str,
    path: &SitePath,
    entry: &Entry,
) -> Result<()> {
    files.put(&work.store.blob(entry), &format!("{stage}/{path}"), entry).await?;
    work.journal.confirm(path)
}

/// Whether an earlier run brought this file, and it is still there.
pub(super) async fn arrived_before<F: Files>(
    files: &F,
    work: &Work<'_>,
    stage: &str,
    also: Option<&str>,
    path: &SitePath,
    entry: &Entry,
) -> Result<bool> {
    if !work.journal.was_confirmed(path) {
        return Ok(false);
    }
    for place in std::iter::once(stage).chain(also) {
        if let Some(found) = files.stat(&format!("{place}/{path}")).await? {
            return Ok(found.size == entry.size);
        }
    }
    Ok(false)
}

/// Fault 13: refuses before the first byte where the disk cannot hold what is to be sent.
pub(super) async fn check_space<F: Files>(files: &F, work: &Work<'_>, at: &str) -> Result<()> {
    let puts = work.plan.put.iter().filter(|put| !work.journal.was_confirmed(&put.path));
    // Whole blocks are used up, so a little more than the bytes is asked for.
    let needs: u64 = puts.map(|put| put.bytes.next_multiple_of(4096)).sum();
    match files.space(at).await? {
        Some(has) if has < needs => Err(full(needs, has)),
        Some(_) | None => Ok(()),
    }
}

/// The disk of the host cannot hold it.
pub(crate) fn full(needs: u64, has: u64) -> Box<PublishError> {
    PublishError::new(
        ErrorKind::Full { needs, has },
        format!("The host's disk is full: the release needs {}, and {} are free.", size(needs), size(has)),
        "Make room on the host, then publish again.",
    )
}

fn size(bytes: u64) -> String {
    match bytes {
        0..10_000 => format!("{bytes} bytes"),
        10_000..10_000_000 => format!("{} KB", bytes / 1000),
        _ => format!("{} MB", bytes / 1_000_000),
    }
}
