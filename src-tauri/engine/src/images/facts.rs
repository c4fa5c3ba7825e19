//! What was read of files, under the hash of their bytes: headers of images and digests.
//! A fact holds for those bytes for ever; a failure to read them is never kept.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use sha2::{Digest as _, Sha256, Sha384, Sha512};

use crate::files::{self, Unread};
use crate::hash::{Hash, Hasher};
use crate::path::SitePath;
use crate::snapshot::Snapshot;

use super::{Header, MAX_FILE};

/// A kind of digest of a file's bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Digest {
    Sha256,
    Sha384,
    Sha512,
}

impl Digest {
    /// The digest of bytes at hand.
    pub(crate) fn of(self, bytes: &[u8]) -> Arc<[u8]> {
        match self {
            Self::Sha256 => Sha256::digest(bytes).to_vec().into(),
            Self::Sha384 => Sha384::digest(bytes).to_vec().into(),
            Self::Sha512 => Sha512::digest(bytes).to_vec().into(),
        }
    }
}

type Digests = HashMap<(Hash, Digest), Arc<[u8]>>;

/// Facts by the hash of what they are of.
#[derive(Default)]
pub(crate) struct Facts {
    headers: RwLock<HashMap<Hash, Result<Arc<Header>, String>>>,
    digests: RwLock<Digests>,
}

impl Facts {
    /// The header of an image file, or in plain words what is wrong with it.
    pub(crate) fn header(&self, snapshot: &Snapshot, path: &SitePath) -> Result<Result<Arc<Header>, String>, Unread> {
        let source = snapshot.get(path).map_or(Hash::default(), |source| source.hash);
        let key = Hasher::new().hash(source).field(path.extension().unwrap_or_default()).finish();
        if let Some(known) = self.headers.read().ok().and_then(|headers| headers.get(&key).cloned()) {
            return Ok(known);
        }
        let bytes = files::read(snapshot, path, MAX_FILE)?;
        let header = Header::of(&bytes, path.extension()).map(Arc::new);
        if let Ok(mut headers) = self.headers.write() {
            headers.insert(key, header.clone());
        }
        Ok(header)
    }

    /// The digest of a file's bytes, however large it is.
    pub(crate) fn digest(&self, snapshot: &Snapshot, path: &SitePath, kind: Digest) -> Result<Arc<[u8]>, Unread> {
        let key = (snapshot.get(path).map_or(Hash::default(), |source| source.hash), kind);
        if let Some(known) = self.digests.read().ok().and_then(|digests| digests.get(&key).cloned()) {
            return Ok(known);
        }
        let digest: Arc<[u8]> = match kind {
            Digest::Sha256 => digest_of::<Sha256>(snapshot, path),
            Digest::Sha384 => digest_of::<Sha384>(snapshot, path),
            Digest::Sha512 => digest_of::<Sha512>(snapshot, path),
        }?;
        if let Ok(mut digests) = self.digests.write() {
            digests.insert(key, Arc::clone(&digest));
        }
        Ok(digest)
    }
}

fn digest_of<D: sha2::Digest>(snapshot: &Snapshot, path: &SitePath) -> Result<Arc<[u8]>, Unread> {
    let mut digest = D::new();
    files::parts(snapshot, path, |part| digest.update(part))?;
    Ok(digest.finalize().to_vec().into())
}
