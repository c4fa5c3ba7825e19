//! What a file was in a release: from this machine, from the live site, or from the host's own copy.
//! It changes nothing, and asks the host only where nothing else has the bytes.

use galley_engine::SitePath;

use crate::config::Target;
use crate::error::Result;
use crate::hosts;
use crate::store::Store;
use crate::verify;

/// A file of a release that is kept on this machine; nothing where it is not.
#[must_use]
pub fn kept(store: &Store, release: &str, path: &SitePath) -> Option<Vec<u8>> {
    let manifest = store.manifest(release)?;
    std::fs::read(store.blob(manifest.files.get(path)?)).ok()
}

/// Whether the record of a release says that it has no such file; `false` where there is no record.
#[must_use]
pub fn lacks(store: &Store, release: &str, path: &SitePath) -> bool {
    store.manifest(release).is_some_and(|manifest| !manifest.files.contains_key(path))
}

/// The same, asked of the live site where the release is live, else of the host.
pub async fn as_it_was(
    target: &Target,
    store: &Store,
    release: &str,
    path: &SitePath,
    is_live: bool,
) -> Result<Option<Vec<u8>>> {
    if let Some(bytes) = kept(store, release, path) {
        return Ok(Some(bytes));
    }
    if lacks(store, release, path) {
        return Ok(None);
    }
    if is_live && !target.config.url.is_empty() {
        return Ok(verify::fetch(verify::address(&target.config.url, path)).await.ok());
    }
    hosts::connect(target).await?.file(release, path).await
}
