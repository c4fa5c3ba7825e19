//! A content hash: what the engine compares instead of bytes.
//! It must never depend on the machine, the thread or the order of work.

use std::fmt;

use serde::{Deserialize, Serialize};
use twox_hash::XxHash3_128;

/// 128 bits: of BLAKE3 where it stands for bytes that are read or published, of XXH3 where it
/// stands for the answer to a question. Equal hashes are taken to mean equal content.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Hash(pub [u8; 16]);

impl Hash {
    /// Hashes one run of bytes, with BLAKE3.
    pub fn of(bytes: &[u8]) -> Self {
        let mut hasher = Hasher::new();
        hasher.raw(bytes);
        hasher.finish()
    }

    /// The hash that 32 hexadecimal digits spell.
    pub fn parse(digits: &str) -> Option<Self> {
        let mut bytes = [0; 16];
        if digits.len() != 32 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        for (at, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&digits[at * 2..at * 2 + 2], 16).ok()?;
        }
        Some(Self(bytes))
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

/// BLAKE3 of a sequence of fields, so that no two different sequences run together.
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

/// The same with XXH3, many times as fast: for what is only ever compared with what this engine
/// hashed before, and never with bytes from elsewhere.
#[derive(Default, Clone)]
pub(crate) struct Fields(Vec<u8>);

/// What is longer goes in by its hash.
const LONG: usize = 512;

impl Fields {
    /// An empty sequence.
    pub(crate) fn new() -> Self {
        Self(Vec::with_capacity(256))
    }

    /// Adds bytes without a length, for parts of fixed size.
    pub(crate) fn raw(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.extend_from_slice(bytes);
        self
    }

    /// Adds one field, preceded by its length.
    pub(crate) fn field(&mut self, bytes: impl AsRef<[u8]>) -> &mut Self {
        let bytes = bytes.as_ref();
        self.0.extend_from_slice(&(bytes.len() as u64).to_le_bytes());
        if bytes.len() > LONG {
            self.0.extend_from_slice(&XxHash3_128::oneshot(bytes).to_le_bytes());
        } else {
            self.0.extend_from_slice(bytes);
        }
        self
    }

    /// Adds another hash.
    pub(crate) fn hash(&mut self, hash: Hash) -> &mut Self {
        self.raw(&hash.0)
    }

    /// The hash of all that was added.
    pub(crate) fn finish(&self) -> Hash {
        Hash(XxHash3_128::oneshot(&self.0).to_le_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_hashes_are_blake3() {
        // From the test vectors of BLAKE3: the empty input.
        assert_eq!(Hash::of(b"").to_string(), "af1349b9f5f9a1a6a0404dea36dcc949");
        assert_eq!(Hash::parse("af1349b9f5f9a1a6a0404dea36dcc949"), Some(Hash::of(b"")));
        for none in ["", "af", "+f1349b9f5f9a1a6a0404dea36dcc949", "zz1349b9f5f9a1a6a0404dea36dcc949"] {
            assert_eq!(Hash::parse(none), None, "{none}");
        }
    }

    #[test]
    fn fields_do_not_run_together() {
        let of = |fields: &[&str]| {
            fields
                .iter()
                .fold(Fields::new(), |mut all, field| {
                    all.field(field);
                    all
                })
                .finish()
        };
        let long = "x".repeat(LONG + 1);
        let all = [of(&[]), of(&[""]), of(&["ab"]), of(&["a", "b"]), of(&["b", "a"]), of(&[&long]), of(&[&long, ""])];
        for (at, one) in all.iter().enumerate() {
            assert!(all[at + 1..].iter().all(|other| other != one), "{at}");
        }
    }
}
