//! What was changed or lost on a host behind Galley's back, found by looking at every file there.
//! It changes nothing itself: what it finds becomes part of the next plan.

use std::collections::BTreeMap;

use galley_engine::SitePath;

use crate::error::Result;
use crate::host::Host;
use crate::manifest::Entry;
use crate::plan::{Digest, Live, Seen, sha1};
use crate::run::blocking;
use crate::store::Store;

/// Marks the files of the live release that are not on the host as the release left them.
pub(crate) async fn find(host: &dyn Host, live: &mut Live, store: &Store) -> Result<()> {
    let Some(manifest) = &live.manifest else { return Ok(()) };
    let Some(there) = host.survey().await? else { return Ok(()) };
    let (files, keeper) = (manifest.files.clone(), store.clone());
    live.unsure.extend(blocking(move || Ok(drifted(&files, &there, &keeper))).await?);
    Ok(())
}

fn drifted(files: &BTreeMap<SitePath, Entry>, there: &BTreeMap<SitePath, Seen>, store: &Store) -> Vec<SitePath> {
    let drifted = files.iter().filter(|(path, entry)| !is_as_left(there.get(*path), entry, store));
    drifted.map(|(path, _)| path.clone()).collect()
}

fn is_as_left(seen: Option<&Seen>, entry: &Entry, store: &Store) -> bool {
    let Some(seen) = seen.filter(|seen| seen.size == entry.size) else { return false };
    // What is not kept here cannot be digested anew; its size is all there is to go by.
    let ours = |is_blob| sha1(&store.blob(entry), is_blob);
    match &seen.digest {
        Digest::Md5(md5) => entry.md5.is_empty() || *md5 == entry.md5,
        Digest::Sha256(sha256) => *sha256 == entry.sha256,
        Digest::Sha1(sha1) => ours(false).is_none_or(|ours| ours == *sha1),
        Digest::GitBlob(sha1) => ours(true).is_none_or(|ours| ours == *sha1),
        Digest::Unknown => true,
    }
}
