//! What was read of files, under the hash of their bytes: headers of images and digests.
//! A fact holds for those bytes for ever; a failure to read them is never kept.

use crate::maps::HashMap;
use std::hash::Hash as Key;
use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest as _, Sha256, Sha384, Sha512};

use crate::files::{self, Unread};
use crate::hash::{Fields, Hash};
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

/// What takes work and is done once for each key, whoever else wants it meanwhile waits.
struct Once<K, V>(Mutex<HashMap<K, Arc<Mutex<Option<V>>>>>);

impl<K, V> Default for Once<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Key + Eq, V: Clone> Once<K, V> {
    fn get<E>(&self, key: K, make: impl FnOnce() -> Result<V, E>) -> Result<V, E> {
        let place = Arc::clone(self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(key).or_default());
        let mut place = place.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = &*place {
            return Ok(known.clone());
        }
        let value = make()?;
        *place = Some(value.clone());
        Ok(value)
    }
}

/// Facts by the hash of what they are of.
#[derive(Default)]
pub(crate) struct Facts {
    headers: Once<Hash, Result<Arc<Header>, String>>,
    digests: Once<(Hash, Digest), Arc<[u8]>>,
}

impl Facts {
    /// The header of an image file, or in plain words what is wrong with it.
    pub(crate) fn header(&self, snapshot: &Snapshot, path: &SitePath) -> Result<Result<Arc<Header>, String>, Unread> {
        let source = snapshot.get(path).map_or(Hash::default(), |source| source.hash);
        let key = Fields::new().hash(source).field(path.extension().unwrap_or_default()).finish();
        self.headers.get(key, || {
            let bytes = files::read(snapshot, path, MAX_FILE)?;
            Ok(Header::of(&bytes, path.extension()).map(Arc::new))
        })
    }

    /// The digest of a file's bytes, however large it is.
    pub(crate) fn digest(&self, snapshot: &Snapshot, path: &SitePath, kind: Digest) -> Result<Arc<[u8]>, Unread> {
        let key = (snapshot.get(path).map_or(Hash::default(), |source| source.hash), kind);
        self.digests.get(key, || match kind {
            Digest::Sha256 => digest_of::<Sha256>(snapshot, path),
            Digest::Sha384 => digest_of::<Sha384>(snapshot, path),
            Digest::Sha512 => digest_of::<Sha512>(snapshot, path),
        })
    }
}

fn digest_of<D: sha2::Digest>(snapshot: &Snapshot, path: &SitePath) -> Result<Arc<[u8]>, Unread> {
    let mut digest = D::new();
    files::parts(snapshot, path, |part| digest.update(part))?;
    Ok(digest.finalize().to_vec().into())
}
