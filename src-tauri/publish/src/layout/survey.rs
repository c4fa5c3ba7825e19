//! Looks at what is on a host with files: which of them are not as the live release left them.
//! Sizes come with the listing; only what was written since the last publish is read and digested.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use galley_engine::{Cancel, SitePath};

use super::many::each;
use super::trial::differing;
use crate::error::Result;
use crate::files::{FileKind, Files, Stat};
use crate::manifest::{is_reserved, sha256};
use crate::plan::{Digest, Live, Plan, Seen};

/// Listings under way at once.
const WIDTH: usize = 16;

/// Where a site lies on a host, and the record that is written last by each publish.
pub(super) struct Place<'a> {
    pub root: &'a str,
    pub record: &'a str,
}

/// When the last publish ended by the host's clock, in seconds since 1970; nothing where it does not say.
async fn since<F: Files>(files: &F, place: &Place<'_>) -> Result<Option<u64>> {
    Ok(files.stat(place.record).await?.map(|record| record.modified).filter(|modified| *modified > 0))
}

/// Whether a file was written when the last publish was over, or in the same second.
fn is_suspect(stat: &Stat, since: Option<u64>) -> bool {
    since.is_some_and(|since| stat.modified >= since)
}

/// Which files that the plan replaces or deletes are missing, or are not what they were.
pub(super) async fn edited<F: Files>(files: &F, place: &Place<'_>, plan: &Plan, live: &Live) -> Result<Vec<SitePath>> {
    let Some(old) = &live.manifest else { return Ok(Vec::new()) };
    let since = since(files, place).await?;
    differing(plan, old, files.width(), |path, entry| async move {
        let at = format!("{}/{path}", place.root);
        match files.stat(&at).await? {
            Some(found) if found.size == entry.size && is_suspect(&found, since) => {
                Ok(files.read(&at).await?.is_some_and(|bytes| sha256(&bytes) == entry.sha256))
            }
            Some(found) => Ok(found.size == entry.size),
            None => Ok(false),
        }
    })
    .await
}

/// Every file of the site on the host, but for Galley's own.
pub(super) async fn survey<F: Files>(files: &F, place: &Place<'_>) -> Result<BTreeMap<SitePath, Seen>> {
    let since = since(files, place).await?;
    let found = walk(files, place.root).await?;
    let suspects: Vec<SitePath> =
        found.iter().filter(|(_, stat)| is_suspect(stat, since)).map(|(path, _)| path.clone()).collect();
    let seen = found.into_iter().map(|(path, stat)| (path, Seen { size: stat.size, ..Seen::default() })).collect();
    let seen: Mutex<BTreeMap<SitePath, Seen>> = Mutex::new(seen);
    let read = |path: SitePath| {
        let seen = &seen;
        async move {
            if let Some(bytes) = files.read(&format!("{}/{path}", place.root)).await? {
                let read = Seen { size: bytes.len() as u64, digest: Digest::Sha256(sha256(&bytes)) };
                held(seen).insert(path, read);
            }
            Ok(())
        }
    };
    each(suspects, files.width().min(WIDTH), &Cancel::new(), read).await?;
    Ok(seen.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// The size of every file below `root`.
pub(super) async fn sizes<F: Files>(files: &F, root: &str) -> Result<BTreeMap<SitePath, u64>> {
    Ok(walk(files, root).await?.into_iter().map(|(path, stat)| (path, stat.size)).collect())
}

/// Every file below `root` but for Galley's own, level by level.
async fn walk<F: Files>(files: &F, root: &str) -> Result<BTreeMap<SitePath, Stat>> {
    let (found, next): (Mutex<BTreeMap<SitePath, Stat>>, Mutex<Vec<String>>) = (Mutex::default(), Mutex::default());
    let mut level = vec![String::new()];
    while !level.is_empty() {
        let look = |folder: String| {
            let (found, next) = (&found, &next);
            async move {
                let at = if folder.is_empty() { format!("{root}/.") } else { format!("{root}/{folder}") };
                for (name, stat) in files.list(&at).await? {
                    let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
                    match (stat.kind, SitePath::new(&path)) {
                        (_, Ok(path)) if is_reserved(&path) => {}
                        (FileKind::Folder, _) => held(next).push(path),
                        (FileKind::File, Ok(path)) => drop(held(found).insert(path, stat)),
                        _ => {}
                    }
                }
                Ok(())
            }
        };
        each(level, files.width(), &Cancel::new(), look).await?;
        level = std::mem::take(&mut *held(&next));
    }
    Ok(found.into_inner().unwrap_or_else(PoisonError::into_inner))
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
