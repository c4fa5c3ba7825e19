//! What was changed or lost on a host behind Galley's back, found by looking at every file there.
//! It changes nothing itself: what it finds becomes part of the next plan.

use crate::error::Result;
use crate::host::Host;
use crate::manifest::Entry;
use crate::plan::{Digest, Live, Seen};

/// Marks the files of the live release that are not on the host as the release left them.
pub(crate) async fn find(host: &dyn Host, live: &mut Live) -> Result<()> {
    let Some(manifest) = &live.manifest else { return Ok(()) };
    let Some(there) = host.survey().await? else { return Ok(()) };
    let drifted = manifest.files.iter().filter(|(path, entry)| !is_as_left(there.get(*path), entry));
    live.unsure.extend(drifted.map(|(path, _)| path.clone()).collect::<Vec<_>>());
    Ok(())
}

fn is_as_left(seen: Option<&Seen>, entry: &Entry) -> bool {
    let Some(seen) = seen.filter(|seen| seen.size == entry.size) else { return false };
    match &seen.digest {
        Digest::Md5(md5) => entry.md5.is_empty() || *md5 == entry.md5,
        Digest::Sha1(_) | Digest::GitBlob(_) | Digest::Unknown => true,
    }
}
