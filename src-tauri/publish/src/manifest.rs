//! A release as data: its files, and the records that a host keeps of it.
//! What a host hands back is checked before any of it is used as a path.

use std::collections::BTreeMap;

use galley_engine::{SitePath, content_type};
use md5::Md5;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// One file of a release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Lower-case hexadecimal, 64 digits.
    pub sha256: String,
    /// In bytes.
    pub size: u64,
    /// The content type it is served with.
    pub content_type: String,
    /// Lower-case hexadecimal, 32 digits: what object stores know a file by.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub md5: String,
    /// How long readers may keep it, for hosts that can be told.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub cache_control: String,
}

/// For names that hold the hash of their bytes: never asked for again.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// For all others: kept, and asked about before it is shown.
const ASK_FIRST: &str = "public, max-age=0, must-revalidate";

impl Entry {
    /// The entry of a file whose digest and size are known.
    #[must_use]
    pub fn new(path: &str, sha256: String, size: u64) -> Self {
        let name = path.rsplit('/').next().unwrap_or(path);
        let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase();
        let is_page = matches!(ending.as_str(), "html" | "htm");
        let cache_control = if !is_page && crate::plan::has_hash(name) { FOR_EVER } else { ASK_FIRST };
        Self {
            sha256,
            size,
            content_type: content_type(path).to_owned(),
            md5: String::new(),
            cache_control: cache_control.to_owned(),
        }
    }
}

/// A release: what was, is or will be live.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Sorts by time; letters, digits and `-`.
    pub id: String,
    /// The release that was live before it.
    pub parent: Option<String>,
    /// When it was planned, seconds since 1970.
    pub time: u64,
    /// Who made it.
    pub by: String,
    /// What the writer noted of it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Its files by path.
    pub files: BTreeMap<SitePath, Entry>,
}

impl Manifest {
    /// The digest of the files alone: equal for equal sites, whatever their ids and times.
    #[must_use]
    pub fn content_hash(&self) -> String {
        let mut hasher = Sha256::new();
        for (path, entry) in &self.files {
            let Entry { sha256, size, content_type, cache_control, .. } = entry;
            hasher.update(format!("{path}\0{sha256}\0{size}\0{content_type}\0{cache_control}\n"));
        }
        hex(&hasher.finalize())
    }

    /// Its bytes on disk and on the host.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Reads one back; nothing where it is damaged or its id is no id.
    #[must_use]
    pub fn from_json(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok().filter(|manifest: &Self| is_id(&manifest.id) && manifest.is_sane())
    }

    /// Whether every path may be used on the host.
    fn is_sane(&self) -> bool {
        self.files.iter().all(|(path, entry)| !path.is_empty() && !is_reserved(path) && entry.sha256.len() == 64)
    }

    /// Bytes of all files.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.files.values().map(|entry| entry.size).sum()
    }
}

/// What a host says is live: `.galley/current.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Current {
    /// The live release; none while the first one is made live file by file.
    pub id: Option<String>,
    /// Counts the switches of this host.
    pub generation: u64,
    /// SHA-256 of the manifest's file.
    pub manifest: String,
    /// Who switched.
    pub by: String,
    /// When, seconds since 1970.
    pub time: u64,
    /// Files of earlier releases that are still to be removed: not empty only between a switch
    /// and the end of the deletions, or where those were cut short.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub removing: Vec<SitePath>,
    /// The release that is being made live file by file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub switching: Option<String>,
}

/// Whether `path` belongs to Galley's own folder on the host.
pub(crate) fn is_reserved(path: &str) -> bool {
    path.split('/').next().is_some_and(|first| first.eq_ignore_ascii_case(".galley"))
}

/// Whether `id` may be a file name on the host and here.
pub(crate) fn is_id(id: &str) -> bool {
    !id.is_empty() && id.len() <= 80 && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// SHA-256 in lower-case hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// MD5 in lower-case hexadecimal: what object stores know a file by; it protects nothing.
pub(crate) fn md5(bytes: &[u8]) -> String {
    hex(&Md5::digest(bytes))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_manifest_is_refused() {
        let digest = "0".repeat(64);
        let json = |id: &str, path: &str| {
            format!(
                r#"{{"id":"{id}","parent":null,"time":1,"by":"me","files":{{"{path}":{{"sha256":"{digest}","size":1,"content_type":"text/html"}}}}}}"#
            )
        };
        assert!(Manifest::from_json(json("a-1", "index.html").as_bytes()).is_some());
        for (id, path) in [
            ("../a", "index.html"),
            ("a", "../../etc/passwd"),
            ("a", ".galley/lock"),
            ("", "x"),
            ("a", "/x"),
            ("a", ""),
        ] {
            assert!(Manifest::from_json(json(id, path).as_bytes()).is_none(), "{id} {path}");
        }
    }

    #[test]
    fn digests_are_those_of_the_standard() {
        // FIPS 180-2, appendix B.1.
        assert_eq!(sha256(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
