//! What was found on a host without a record, compared with the new release by the host's digests.
//! A file counts as the same only where a digest says so, never by its size alone.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::{Path, PathBuf};

use galley_engine::SitePath;
use ring::digest::{Context, SHA1_FOR_LEGACY_USE_ONLY};

use super::{Digest, Found, Live, Seen};
use crate::error::Result;
use crate::manifest::{Entry, Manifest, hex};
use crate::run::blocking;

/// Finds out which of the files found are those of `new`; `at` says where a file's bytes are.
pub(crate) async fn settle(
    live: &mut Live,
    new: &BTreeMap<SitePath, Entry>,
    at: impl Fn(&SitePath, &Entry) -> PathBuf,
) -> Result<()> {
    let Some(found) = live.found.as_ref().filter(|_| live.manifest.is_none()) else { return Ok(()) };
    let pairs = found.files.iter().filter_map(|(path, seen)| {
        let entry = new.get(path).filter(|entry| entry.size == seen.size)?;
        Some((path.clone(), seen.digest.clone(), entry.clone(), at(path, entry)))
    });
    let pairs: Vec<_> = pairs.collect();
    let same: BTreeSet<SitePath> = blocking(move || {
        let is_same = |(_, digest, entry, file): &(SitePath, Digest, Entry, PathBuf)| match digest {
            Digest::Unknown => false,
            Digest::Md5(seen) => *seen == entry.md5 && !seen.is_empty(),
            Digest::Sha256(seen) => *seen == entry.sha256,
            Digest::Sha1(seen) => sha1(file, false).is_some_and(|found| found == *seen),
            Digest::GitBlob(seen) => sha1(file, true).is_some_and(|found| found == *seen),
        };
        Ok(pairs.into_iter().filter(is_same).map(|(path, ..)| path).collect())
    })
    .await?;
    if found.is_whole {
        live.manifest = Some(as_manifest(found, new, &same, live));
    } else {
        live.same = same;
    }
    Ok(())
}

/// What was found as a release, so that what the new one lacks is seen to go.
fn as_manifest(found: &Found, new: &BTreeMap<SitePath, Entry>, same: &BTreeSet<SitePath>, live: &Live) -> Manifest {
    let entry = |path: &SitePath, seen: &Seen| match new.get(path).filter(|_| same.contains(path)) {
        Some(entry) => entry.clone(),
        None => Entry::new(path, "0".repeat(64), seen.size),
    };
    Manifest {
        id: found.id.clone().unwrap_or_default(),
        parent: None,
        time: live.since,
        by: live.by.clone(),
        note: String::new(),
        files: found.files.iter().map(|(path, seen)| (path.clone(), entry(path, seen))).collect(),
    }
}

/// SHA-1 of a file, as it is or as Git's blob; nothing where it cannot be read.
pub(crate) fn sha1(file: &Path, is_blob: bool) -> Option<String> {
    let mut file = std::fs::File::open(file).ok()?;
    let mut hash = Context::new(&SHA1_FOR_LEGACY_USE_ONLY);
    if is_blob {
        hash.update(format!("blob {}\0", file.metadata().ok()?.len()).as_bytes());
    }
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer).ok()? {
            0 => return Some(hex(hash.finish().as_ref())),
            read => hash.update(&buffer[..read]),
        }
    }
}
