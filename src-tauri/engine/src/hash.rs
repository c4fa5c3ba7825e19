//! A content hash: what the engine compares instead of bytes.
//! It must never depend on the machine, the thread or the order of work.

use std::fmt;

use serde::{Deserialize, Serialize};

/// 128 bits of BLAKE3. Equal hashes are taken to mean equal content.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Hash(pub [u8; 16]);

impl Hash {
    /// Hashes one run of bytes.
    pub fn of(bytes: &[u8]) -> Self {
        let mut hasher = Hasher::new();
        hasher.raw(bytes);
        hasher.finish()
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl fmt::Display for Hash {
    /// Lower-case hexadecimal, 32 digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Hashes a sequence of fields so that no two different sequences run together.
#[derive(Default, Clone)]
pub struct Hasher(blake3::Hasher);

impl Hasher {
    /// An empty sequence.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds bytes without a length; for one run of bytes, or for parts of fixed size.
    pub fn raw(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.update(bytes);
        self
    }

    /// Adds one field, preceded by its length.
    pub fn field(&mut self, bytes: impl AsRef<[u8]>) -> &mut Self {
        let bytes = bytes.as_ref();
        self.0.update(&(bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
        self
    }

    /// Adds another hash.
    pub fn hash(&mut self, hash: Hash) -> &mut Self {
        self.raw(&hash.0)
    }

    /// The hash of all that was added.
    pub fn finish(&self) -> Hash {
        let mut out = [0; 16];
        out.copy_from_slice(&self.0.finalize().as_bytes()[..16]);
        Hash(out)
    }
}
