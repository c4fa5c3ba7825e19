//! Many small requests at once, and whole trees of folders.
//! It never has more under way than the place allows, and drops all at the first failure.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;

use futures_util::stream::{FuturesUnordered, StreamExt};
use galley_engine::{Cancel, SitePath};

use crate::error::Result;
use crate::files::{FileKind, Files, Sight};
use crate::host::cancelled;
use crate::plan::folders;

/// Does `work` for every item, `width` at a time, in their order; stops at the first error and at
/// `cancel`.
pub(crate) async fn each<T, W: Future<Output = Result<()>>>(
    items: Vec<T>,
    width: usize,
    cancel: &Cancel,
    work: impl Fn(T) -> W,
) -> Result<()> {
    let mut items = items.into_iter();
    let mut under_way: FuturesUnordered<W> = items.by_ref().take(width).map(&work).collect();
    let stop = cancelled(cancel);
    tokio::pin!(stop);
    loop {
        tokio::select! {
            done = under_way.next() => match done {
                Some(done) => done?,
                None => return Ok(()),
            },
            stop = &mut stop => return Err(stop),
        }
        if let Some(item) = items.next() {
            under_way.push(work(item));
        }
    }
}

/// Every folder that holds one of `paths`.
pub(super) fn folders_of<'a>(paths: impl IntoIterator<Item = &'a SitePath>) -> BTreeSet<SitePath> {
    paths.into_iter().flat_map(folders).collect()
}

/// Makes the folders `wanted` below `root`, level by level.
pub(super) async fn make_folders<F: Files>(
    files: &F,
    root: &str,
    wanted: BTreeSet<SitePath>,
    cancel: &Cancel,
) -> Result<()> {
    let mut levels: BTreeMap<usize, Vec<SitePath>> = BTreeMap::new();
    for folder in wanted {
        levels.entry(folder.parts().count()).or_default().push(folder);
    }
    for level in levels.into_values() {
        let make =
            |folder: SitePath| async move { files.make_folder(&format!("{root}/{folder}"), Sight::Public).await };
        each(level, files.width(), cancel, make).await?;
    }
    Ok(())
}

/// Removes a folder and all that is in it; links are removed, not followed.
pub(super) async fn remove_tree<F: Files>(files: &F, root: &str, cancel: &Cancel) -> Result<()> {
    let mut levels = vec![vec![root.to_owned()]];
    while let Some(level) = levels.last().filter(|level| !level.is_empty()) {
        let mut below = Vec::new();
        let mut doomed = Vec::new();
        for folder in level {
            for (name, stat) in files.list(folder).await? {
                let path = format!("{folder}/{name}");
                match stat.kind {
                    FileKind::Folder => below.push(path),
                    FileKind::File | FileKind::Link => doomed.push(path),
                }
            }
        }
        each(doomed, files.width(), cancel, |path: String| async move { files.remove(&path).await }).await?;
        levels.push(below);
    }
    for level in levels.into_iter().rev() {
        let remove = |path: String| async move { files.remove_folder(&path).await.map(drop) };
        each(level, files.width(), cancel, remove).await?;
    }
    Ok(())
}

/// Removes those of `folders` that are empty now, deepest first.
pub(super) async fn remove_emptied<F: Files>(
    files: &F,
    root: &str,
    folders: BTreeSet<SitePath>,
    cancel: &Cancel,
) -> Result<()> {
    let mut levels: BTreeMap<usize, Vec<SitePath>> = BTreeMap::new();
    for folder in folders {
        levels.entry(folder.parts().count()).or_default().push(folder);
    }
    for level in levels.into_values().rev() {
        let remove = |folder: SitePath| async move { files.remove_folder(&format!("{root}/{folder}")).await.map(drop) };
        each(level, files.width(), cancel, remove).await?;
    }
    Ok(())
}
